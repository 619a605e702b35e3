#!/usr/bin/env python3
"""Writes data/code/resources.zst: the waiters of the AWS SDKs and the types of boto3's resource layer.

Source: the service models in the PyPI packages botocore and boto3 (Apache-2.0). Run with both installed and
`zstd` on the path:  python3 tools/code/resources.py data/code/resources.zst

One record a line, fields between tabs; the operations themselves stand in data/iam/operations.zst:
  #  versions of the packages
  W  boto3 name, waiter=operation ...
  R  boto3 name, resource type ("" is the service itself), identifier=parameter ..., method=operation[:type] ...,
     collection=operation:type[,batch method=operation ...] ..., sub-resource=type ...
"""

import json
import subprocess
import sys

import boto3
import botocore
import botocore.session


def main(target):
    session = botocore.session.get_session()
    loader = session.get_component("data_loader")
    lines = [f"#\tbotocore {botocore.__version__}\tboto3 {boto3.__version__}"]
    for name in sorted(session.get_available_services()):
        try:
            waiters = loader.load_service_model(name, "waiters-2")["waiters"]
        except botocore.exceptions.UnknownServiceError:
            waiters = {}
        if waiters:
            pairs = " ".join(f"{key}={value['operation']}" for key, value in sorted(waiters.items()))
            lines.append(f"W\t{name}\t{pairs}")
    boto = boto3.session.Session()
    for name in sorted(boto.get_available_resources()):
        versions = sorted(boto._loader.list_api_versions(name, "resources-1"))
        model = boto._loader.load_service_model(name, "resources-1", versions[-1])
        kinds = model["resources"]
        lines.append(resource(name, "", model["service"], kinds))
        for kind, shape in sorted(kinds.items()):
            lines.append(resource(name, kind, shape, kinds))
    text = "\n".join(lines) + "\n"
    done = subprocess.run(["zstd", "-19", "-c"], input=text.encode(), stdout=subprocess.PIPE, check=True)
    with open(target, "wb") as out:
        out.write(done.stdout)


def resource(service, kind, shape, kinds):
    actions = dict(sorted(shape.get("actions", {}).items()))
    if "load" in shape:
        actions["Load"] = actions["Reload"] = {"request": shape["load"]["request"]}
    methods, parameters = [], {}
    for name, action in actions.items():
        request = action["request"]
        made = action.get("resource", {}).get("type")
        methods.append(f"{name}={request['operation']}" + (f":{made}" if made else ""))
        for parameter in request.get("params", []):
            if parameter.get("source") == "identifier" and parameter["target"].isalnum():
                parameters.setdefault(parameter["name"], parameter["target"])
    collections = []
    for name, many in sorted(shape.get("hasMany", {}).items()):
        batch = "".join(
            f",{key}={action['request']['operation']}"
            for key, action in sorted(kinds[many["resource"]["type"]].get("batchActions", {}).items())
        )
        collections.append(f"{name}={many['request']['operation']}:{many['resource']['type']}{batch}")
    identifiers = [
        f"{item['name']}={parameters.get(item['name'], item['name'])}" for item in shape.get("identifiers", [])
    ]
    subs = [f"{name}={has['resource']['type']}" for name, has in sorted(shape.get("has", {}).items())]
    return "\t".join(["R", service, kind, " ".join(identifiers), " ".join(methods), " ".join(collections), " ".join(subs)])


if __name__ == "__main__":
    main(sys.argv[1])
