import ssl
import urllib.request

import jwt
import requests


def handler(event, context):
    requests.get("https://erp.partner.test/orders", verify=True, timeout=5)
    requests.get("https://erp.partner.test/items", verify="/opt/partner-ca.pem", timeout=5)
    # Not the certificate of a connection: the signature of a token that an authorizer has checked before.
    claims = jwt.decode(event["token"], verify=False)
    strict = ssl.create_default_context(cafile="/opt/partner-ca.pem")
    urllib.request.urlopen("https://erp.partner.test/", context=strict)
    return claims
