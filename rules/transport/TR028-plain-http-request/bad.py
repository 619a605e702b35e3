import urllib.request

import httpx
import requests

BASE = "http://api.partner.test/v1"


def handler(event, context):
    requests.get("http://rates.bank.test/eur", timeout=5)  # leastwise: TR028
    requests.post(
        f"http://shop.partner.test/orders/{event['id']}",  # leastwise: TR028
        json={},
        timeout=5,
    )
    urllib.request.urlopen("http://feeds.partner.test/all")  # leastwise: TR028
    with httpx.Client() as client:
        client.get("http://rates.bank.test/usd")  # leastwise: TR028
    return {"statusCode": 200}
