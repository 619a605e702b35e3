"""Writes data/sam/ from the PyPI package aws-sam-translator: its policy templates, connector profiles and managed policies.

Usage: python3 tools/sam/generate.py [as-of date]   (with aws-sam-translator installed)

Only facts are taken: names, parameters, actions and ARN shapes. Descriptions are left out.
"""

import datetime
import json
import pathlib
import re
import sys

import samtranslator

PACKAGE = pathlib.Path(samtranslator.__file__).parent
OUT = pathlib.Path(__file__).resolve().parents[2] / "data" / "sam"


def flatten(value):
    """Turns Ref and Fn::Sub into one string in which ${Name} is a parameter and ${AWS::X} a pseudo parameter."""
    if isinstance(value, dict):
        if set(value) == {"Ref"}:
            return "${%s}" % value["Ref"]
        if set(value) == {"Fn::Sub"}:
            sub = value["Fn::Sub"]
            text, names = (sub, {}) if isinstance(sub, str) else sub
            return re.sub(r"\$\{(\w+)\}", lambda m: flatten(names[m[1]]) if m[1] in names else m[0], text)
        return {key: flatten(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [flatten(inner) for inner in value]
    return value


def without_comments(value):
    if isinstance(value, dict):
        return {key: without_comments(inner) for key, inner in value.items() if not key.startswith("_")}
    return [without_comments(inner) for inner in value] if isinstance(value, list) else value


def header(as_of, what):
    return {"what": what, "source": f"PyPI aws-sam-translator {samtranslator.__version__}", "as_of": as_of}


def lines(head, sections):
    """JSON with one line for each entry, so that a diff shows what changed."""
    out = ["{"] + [f" {json.dumps(key)}: {json.dumps(value)}," for key, value in head.items()]
    for index, (name, entries) in enumerate(sections.items()):
        body = [f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in entries.items()]
        out.append(f" {json.dumps(name)}: {{\n" + ",\n".join(body) + "\n }" + ("," if index + 1 < len(sections) else ""))
    return "\n".join(out + ["}"]) + "\n"


def policy_templates(as_of):
    read = json.loads((PACKAGE / "policy_templates_data" / "policy_templates.json").read_text())
    templates = {
        name: {"parameters": sorted(one["Parameters"]), "statements": flatten(one["Definition"]["Statement"])}
        for name, one in sorted(read["Templates"].items())
    }
    return lines(header(as_of, "SAM policy templates: parameters and statements"), {"templates": templates})


def connectors(as_of):
    read = json.loads((PACKAGE / "model" / "connector_profiles" / "profiles.json").read_text())
    profiles = {
        f"{source} {destination}": without_comments(json.loads(json.dumps(profile).replace("%{", "${")))
        for source, destinations in sorted(read["Permissions"].items())
        for destination, profile in sorted(destinations.items())
    }
    types = {name: attributes(one) for name, one in sorted(read["CfnResourceProperties"].items())}
    return lines(header(as_of, "SAM connectors: what each pair of types is given"), {"profiles": profiles, "types": types})


def attributes(one):
    """What a resource is referred to by: for each name the GetAtt attribute ("" is Ref), and its role's property."""
    outputs = {name: value.get("Fn::GetAtt", ["", ""])[1] for name, value in one["Outputs"].items() if isinstance(value, dict)}
    role = one.get("Inputs", {}).get("Role")
    return outputs | ({"Role": role} if isinstance(role, str) else {})


def managed_policies(as_of):
    read = json.loads((PACKAGE / "internal" / "data" / "aws_managed_policies.json").read_text())["aws"]
    prefix = "arn:aws:iam::aws:policy/"
    rows = [arn.removeprefix(prefix) for name, arn in sorted(read.items()) if arn.startswith(prefix) and arn != prefix + name]
    head = header(as_of, "AWS managed policies that lie under a path, which SAM resolves from the bare name")
    return "".join(f"# {key}: {value}\n" for key, value in head.items()) + "\n".join(rows) + "\n"


if __name__ == "__main__":
    as_of = sys.argv[1] if len(sys.argv) > 1 else datetime.date.today().isoformat()
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / "policy_templates.json").write_text(policy_templates(as_of))
    (OUT / "connectors.json").write_text(connectors(as_of))
    (OUT / "managed_policies.txt").write_text(managed_policies(as_of))
