#!/usr/bin/env python3
"""Writes data/runtimes.tsv: the AWS Lambda runtime calendar, from the PyPI package cfn-lint (MIT-0).

Usage: python3 tools/runtimes.py FOLDER, where FOLDER holds the unpacked package.
"""

import json
import pathlib
import re
import sys

package = pathlib.Path(sys.argv[1])
version = re.search(r'cfn_lint-([0-9.]+)\.dist-info', " ".join(p.name for p in package.iterdir())).group(1)
calendar = json.loads((package / "cfnlint/data/AdditionalSpecs/LmbdRuntimeLifecycle.json").read_text())
target = pathlib.Path(__file__).resolve().parent.parent / "data" / "runtimes.tsv"
rows = [f"# as_of: cfn-lint {version}; source: PyPI cfn-lint (MIT-0), LmbdRuntimeLifecycle; written by tools/runtimes.py"]
rows.append("runtime\tdeprecated\tcreate_block\tupdate_block\tsuccessor")
for name, row in sorted(calendar.items()):
    fields = (row["deprecated"], row["create-block"], row["update-block"], row["successor"])
    rows.append("\t".join([name, *(field or "" for field in fields)]))
target.write_text("\n".join(rows) + "\n")
