"""Writes data/terraform/properties.tsv: the property names of the CloudFormation types that Terraform is lowered to.

Usage: pip download cfn-lint==1.58.0 --no-deps && unzip cfn_lint-*.whl -d DIR && python3 tools/cloudformation_properties.py DIR

The schemas are those of the CloudFormation registry as packed in cfn-lint (MIT-0). Only names and shapes are kept.
Shapes: s scalar, o object, l list of scalars, a list of objects, m map or document of any shape.
"""

import json
import pathlib
import sys

# The types that a row `TYPE = CLOUDFORMATION_TYPE` of data/terraform/*.tsv names.
HERE = pathlib.Path(__file__).resolve().parent.parent
DEPTH = 7


def wanted():
    types = set()
    for table in sorted((HERE / "data/terraform").glob("*.tsv")):
        if table.name == "properties.tsv":
            continue
        for line in table.read_text().splitlines():
            cells = line.split("\t")
            if len(cells) > 2 and cells[1] == "=":
                types.add(cells[2])
    types.add("AWS::DynamoDB::GlobalTable")
    return sorted(types)


def resolve(schema, part):
    seen = 0
    while "$ref" in part and seen < 20:
        node = schema
        for step in part["$ref"].removeprefix("#/").split("/"):
            node = node[step.replace("~1", "/")]
        part, seen = node, seen + 1
    return part


def fields(schema, part):
    """The properties of a schema part, those of its alternatives too."""
    found = dict(part.get("properties", {}))
    for word in ("oneOf", "anyOf", "allOf"):
        for choice in part.get(word, []):
            for name, value in fields(schema, resolve(schema, choice)).items():
                found.setdefault(name, value)
    return found


def kinds(part):
    kind = part.get("type", [])
    return [kind] if isinstance(kind, str) else kind


def walk(schema, part, path, depth, rows):
    for name, child in sorted(fields(schema, part).items()):
        child = resolve(schema, child)
        here = f"{path}.{name}" if path else name
        if "array" in kinds(child) or "items" in child:
            item = resolve(schema, child.get("items", {}))
            nested = fields(schema, item)
            rows.append((here, "a" if nested else "l"))
            if nested and depth < DEPTH:
                walk(schema, item, here, depth + 1, rows)
        elif fields(schema, child):
            rows.append((here, "o"))
            if depth < DEPTH:
                walk(schema, child, here, depth + 1, rows)
        elif "object" in kinds(child) or "patternProperties" in child:
            rows.append((here, "m"))
        else:
            rows.append((here, "s"))


def main():
    data = pathlib.Path(sys.argv[1]) / "cfnlint/data/schemas"
    index = json.loads((data / "providers/us-east-1.json").read_text())
    date = json.loads((data / "version.json").read_text())["schema_date"][:10]
    lines = [
        f"# as_of {date}; source: CloudFormation registry schemas of us-east-1, packed in cfn-lint 1.58.0 (MIT-0);"
        " written by tools/cloudformation_properties.py",
        "# type\tproperty\tshape (s scalar, o object, l list of scalars, a list of objects, m map or document)",
    ]
    for name in wanted():
        if name not in index:
            print("no schema:", name, file=sys.stderr)
            continue
        schema = json.loads((data / f"resources/{index[name]}.json").read_text())
        rows = []
        walk(schema, schema, "", 0, rows)
        lines += [f"{name}\t{path}\t{shape}" for path, shape in rows]
    (HERE / "data/terraform/properties.tsv").write_text("\n".join(lines) + "\n")


main()
