import ssl
import urllib.request

import requests
import urllib3


def handler(event, context):
    requests.get("https://erp.partner.test/orders", verify=False, timeout=5)  # leastwise: TR029
    session = requests.Session()
    session.verify = False  # leastwise: TR029
    session.get("https://erp.partner.test/items", timeout=5)
    pool = urllib3.PoolManager(cert_reqs="CERT_NONE")  # leastwise: TR029
    pool.request("GET", "https://erp.partner.test/")
    loose = ssl._create_unverified_context()  # leastwise: TR029
    return urllib.request.urlopen("https://erp.partner.test/", context=loose).read()
