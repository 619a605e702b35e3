"""Prints what moto's CloudFormation makes of each template named on the command line.

{path: {"resources": {id: {"Type", "Properties"}}} or {"error": text}}. A resource that another one names stands as
`<<id>>` or `<<id.attribute>>`; a parameter without default is given the value that LEASTWISE_GIVEN (a map from path to a
map of parameters) says. Base64 is left out on both sides, and so is what stands in a parameter store.
"""

import datetime
import json
import logging
import os
import sys

import yaml

logging.disable(logging.CRITICAL)
os.environ.setdefault("AWS_DEFAULT_REGION", "eu-west-1")

from moto.cloudformation import parsing  # noqa: E402
from translate import Loader  # noqa: E402

ENVIRONMENT = {"region_name": "eu-west-1", "account_id": "123456789012"}


class Named:
    """A resource of the template that is only named."""

    def __init__(self, name):
        self.physical_resource_id = f"<<{name}>>"
        self.name = name

    def get_cfn_attribute(self, attribute):
        return f"<<{self.name}.{attribute}>>"


class Map(parsing.ResourceMap):
    """Parameters, conditions and mappings are moto's; resources are not made."""

    def __getitem__(self, key):
        if key in self._parsed_resources:
            return self._parsed_resources[key]
        if key in self._resource_json_map:
            return Named(key)
        raise KeyError(key)

    def parse_ssm_parameter(self, value, value_type):
        return "<<ssm>>"


def plain(node):
    """The tree with text for dates, one string for an attribute's path, and without Base64."""
    if isinstance(node, dict):
        if set(node) == {"Fn::Base64"}:
            return plain(node["Fn::Base64"])
        if set(node) == {"Fn::GetAtt"}:
            value = node["Fn::GetAtt"]
            parts = value.split(".", 1) if isinstance(value, str) else [value[0], ".".join(map(str, value[1:]))]
            return {"Fn::GetAtt": parts}
        return {str(key): plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [plain(item) for item in node]
    return str(node) if isinstance(node, (datetime.date, datetime.datetime)) else node


def resolve(path, given):
    with open(path, encoding="utf-8") as file:
        template = plain(yaml.load(file, Loader))
    template.pop("Outputs", None)
    parameters = {}
    for name, slot in (template.get("Parameters") or {}).items():
        value = given.get(name, slot.get("Default"))
        text = str(value).lower() if isinstance(value, bool) else str(value)
        slot["Default"] = parameters[name] = text
    found = Map("<<stack>>", "stack", parameters, {}, template=template, cross_stack_resources={}, **ENVIRONMENT)
    found.load()
    resources = {}
    for name, resource in template["Resources"].items():
        condition = resource.get("Condition")
        if condition and not found.lazy_condition_map[condition]:
            continue
        try:
            properties = parsing.clean_json(resource.get("Properties") or {}, found)
        except Exception as error:
            properties = {"<<error>>": f"{type(error).__name__}: {error}"}
        resources[name] = {"Type": resource["Type"], "Properties": properties}
    return {"resources": resources}


def main():
    given = json.loads(os.environ.get("LEASTWISE_GIVEN", "{}"))
    out = {}
    for path in sys.argv[1:]:
        try:
            out[path] = resolve(path, given.get(path, {}))
        except Exception as error:
            out[path] = {"error": f"{type(error).__name__}: {error}"}
    json.dump(out, sys.stdout, default=str)


if __name__ == "__main__":
    main()
