"""Draws a seeded random sample of findings per rule from JSON reports and prints each with its source lines.

Usage: sample.py --seed 20261121 --size 10 [--rule ID]... NAME=CHECKOUT=REPORT.json...

NAME is the repository's name, CHECKOUT the folder that was scanned, REPORT.json what `leastwise scan -o json`
wrote. Each rule has a generator of its own, so that sampling one rule again leaves the others as they are.
"""

import argparse
import json
import pathlib
import random


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seed", type=int, required=True)
    arguments.add_argument("--size", type=int, default=10)
    arguments.add_argument("--context", type=int, default=4, help="source lines printed before and after")
    arguments.add_argument("--rule", action="append", default=[])
    arguments.add_argument("reports", nargs="+", metavar="NAME=CHECKOUT=REPORT")
    given = arguments.parse_args()
    by_rule = {}
    for triple in given.reports:
        name, checkout, report = triple.split("=")
        for finding in json.loads(pathlib.Path(report).read_text())["findings"]:
            by_rule.setdefault(finding["rule"], []).append((name, checkout, finding))
    for rule in sorted(given.rule or by_rule):
        found = by_rule.get(rule, [])
        found.sort(key=order)
        chosen = random.Random(f"{given.seed}{rule}").sample(found, min(given.size, len(found)))
        print(f"##### {rule}: {len(chosen)} of {len(found)}")
        for name, checkout, finding in sorted(chosen, key=order):
            show(name, pathlib.Path(checkout), finding, given.context)


def order(item):
    name, _, finding = item
    place = finding["location"]
    return name, place["path"], place["start_line"], place["start_column"], finding["message"]


def show(name, checkout, finding, context):
    place = finding["location"]
    first, last = place["start_line"], place["end_line"]
    print(f"--- {name}\t{place['path']}\t{first}\t{finding['rule']}\t{finding['status']} {finding.get('confidence')}")
    print(f"    {finding['message']}")
    for step in finding.get("flow", []):
        at = step["location"]
        print(f"    > {at['path']}:{at['start_line']} {step['text']}")
    lines = (checkout / place["path"]).read_text(errors="replace").splitlines()
    last = min(last, first + 8)
    for number in range(max(1, first - context), min(len(lines), last + context) + 1):
        mark = "*" if first <= number <= last else " "
        print(f"  {mark}{number}: {lines[number - 1][:180]}")


if __name__ == "__main__":
    main()
