import os
import xml.etree.ElementTree as ET

import requests

NAMESPACE = "http://www.w3.org/2005/Atom"
SVG = {"svg": "http://www.w3.org/2000/svg"}
# The documentation is at http://docs.partner.test/


def handler(event, context):
    feed = ET.fromstring(event["body"])
    feed.find(f"{{{NAMESPACE}}}entry")
    requests.get("https://rates.bank.test/eur", timeout=5)
    requests.get("http://localhost:2773/secretsmanager/get?secretId=x", timeout=5)
    requests.get("http://169.254.170.2/v2/credentials", timeout=5)
    api = os.environ["AWS_LAMBDA_RUNTIME_API"]
    requests.get(f"http://{api}/2018-06-01/runtime/invocation/next", timeout=5)
    requests.get(os.environ["PARTNER_URL"], timeout=5)
    return {"schema": "http://json-schema.org/draft-07/schema#"}
