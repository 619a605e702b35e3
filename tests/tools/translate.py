"""Prints what SAM's own translator makes of each template named on the command line: {path: template or error}."""

import json
import logging
import os
import sys

import yaml

logging.disable(logging.CRITICAL)
os.environ.setdefault("AWS_DEFAULT_REGION", "eu-central-1")

from samtranslator.parser.parser import Parser  # noqa: E402
from samtranslator.translator.translator import Translator  # noqa: E402


class Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short forms."""


def short_form(loader, tag, node):
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    if tag == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {tag if tag in ("Ref", "Condition") else "Fn::" + tag: value}


Loader.add_multi_constructor("!", short_form)


def translate(path):
    with open(path, encoding="utf-8") as file:
        template = yaml.load(file, Loader)
    try:
        return Translator({}, Parser()).translate(template, {})
    except Exception as error:  # what the translator refuses is an answer, too
        return {"error": getattr(error, "message", None) or str(error)}


if __name__ == "__main__":
    json.dump({path: translate(path) for path in sys.argv[1:]}, sys.stdout)
