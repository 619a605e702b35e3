"""Writes data/aws/schemas.*: the properties of every resource type that AWS publishes, and tests/words.tsv.

Usage: python3 tools/aws/schemas.py FOLDER (the pinned package is brought there first, with pip).

The schemas are those of the CloudFormation registry as packed in cfn-lint (MIT-0), the variants of all regions merged.
Names, shapes, what is required and what is read-only are kept; prose and patterns are not. Written are

    schemas.tsv   one line a type: name, first byte, length; sorted by name
    schemas.zst   one zstd frame a type, made with the dictionary
    schemas.dict  the dictionary
    words.tsv     for the tests: type, record, property, the words that it may be (separated by `|`) and its default

A slice is text. Its first block holds the properties of the type, each further one, behind a line `#Name`, those of a
record. A line is a property: `!` where it is required, `=` where it is read-only, its name, a blank, its shape:

    s string, i whole number, n number, b truth value, j a document of any shape
    oName a record, qName a record or a string, lSHAPE a list, mSHAPE a map
"""

import json
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

VERSION = "1.58.0"
ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "data" / "aws"
# Types of a macro, which is expanded before anything else reads the template.
MACRO = "AWS::Serverless::"
SCALARS = {"string": "s", "integer": "i", "number": "n", "boolean": "b"}
DICTIONARY_BYTES = 65536


def bring(folder: Path) -> Path:
    """The folder of the schemas, downloaded where it is not there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    unpacked = folder / f"cfn-lint-{VERSION}"
    if not unpacked.exists():
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(folder), f"cfn-lint=={VERSION}"]
        subprocess.run(command, check=True)
        zipfile.ZipFile(next(folder.glob(f"cfn_lint-{VERSION}-*.whl"))).extractall(unpacked)
    return unpacked / "cfnlint" / "data" / "schemas"


def published(data: Path) -> dict[str, list[dict]]:
    """Every type and its schemas, the variants of all regions."""
    files: dict[str, dict[str, None]] = {}
    regions = sorted((data / "providers").glob("*.json"), key=lambda file: (file.stem != "us-east-1", file.stem))
    for region in regions:
        for name, file in json.loads(region.read_text()).items():
            if name.startswith("AWS::") and not name.startswith(MACRO):
                files.setdefault(name, {})[file] = None
    read = lambda file: json.loads((data / "resources" / f"{file}.json").read_text())
    return {name: [read(file) for file in files[name]] for name in sorted(files)}


class Slice:
    """One type: its records by name, the type's own properties under the empty name."""

    def __init__(self, schemas: list[dict]) -> None:
        self.records: dict[str, dict[str, tuple[str, str]]] = {}
        self.uses: dict[str, int] = {}
        self.names: dict[tuple, str] = {}
        self.words: dict[tuple[str, str], tuple[dict[str, None], str]] = {}
        self.taken = {name for schema in schemas for name in schema.get("definitions", {})}
        for variant, schema in enumerate(schemas):
            self.schema, self.variant = schema, variant
            self.record("", schema)
            for path in schema.get("readOnlyProperties", []):
                self.read_only(path.split("/")[2:])

    def resolve(self, part: dict) -> tuple[dict, str]:
        """A part behind its references, and the name of the last definition on the way."""
        name = ""
        for _ in range(20):
            if "$ref" not in part:
                break
            steps = [step.replace("~1", "/") for step in part["$ref"].removeprefix("#/").split("/")]
            name = steps[1] if len(steps) == 2 and steps[0] == "definitions" else ""
            target = self.schema
            for step in steps:
                target = target[step]
            part = target
        return part, name

    def fields(self, part: dict, depth: int = 0) -> dict[str, dict]:
        """The properties of a part, those of its alternatives too."""
        found = dict(part.get("properties", {}))
        for word in ("oneOf", "anyOf", "allOf"):
            for choice in part.get(word, []) if depth < 8 else []:
                for name, value in self.fields(self.resolve(choice)[0], depth + 1).items():
                    found.setdefault(name, value)
        return found

    def record(self, name: str, part: dict) -> None:
        into = self.records.setdefault(name, {})
        required = part.get("required", [])
        for field, child in self.fields(part).items():
            known = into.get(field)
            flag = "!" if field in required and (known is None and self.variant == 0 or known and known[0] == "!") else ""
            shape = self.shape(child, name, field)
            # Where the variants of two regions differ, the first one's shape holds.
            into[field] = (flag, known[1] if known else shape)
            self.keep_words(name, field, child)

    def keep_words(self, record: str, field: str, part: dict) -> None:
        """Keeps the words that a property, or an item of its list, may be, and its default where that is one value."""
        words, default = self.words.setdefault((record, field), ({}, ""))
        for _ in range(4):
            if isinstance(part.get("default"), str | int | bool):
                default = json.dumps(part["default"]).strip('"')
            words.update((word, None) for word in part.get("enum", []) if isinstance(word, str))
            if "$ref" not in part and "items" not in part:
                break
            part = self.resolve(part)[0] if "$ref" in part else part["items"]
        self.words[record, field] = (words, default)

    def shape(self, part: dict, holder: str, field: str, listed: str = "") -> str:
        """The shape of a part; `listed` is the name of the list whose items it describes."""
        part, name = self.resolve(part)
        kinds = part.get("type", [])
        kinds = [kinds] if isinstance(kinds, str) else [kind for kind in kinds if kind != "null"]
        if "array" in kinds and len(kinds) == 1 or not kinds and "items" in part:
            return "l" + self.shape(part.get("items", {}), holder, field, name or listed)
        lists = [choice for choice in part.get("oneOf", []) if self.resolve(choice)[0].get("type") == "array"]
        if not kinds and len(lists) == 1:
            return self.shape(lists[0], holder, field)
        if self.fields(part):
            name = self.named(part, name or listed, holder, field)
            return ("q" if "string" in kinds else "o") + name
        if part.get("patternProperties") and "string" not in kinds:
            return "m" + self.shape(next(iter(part["patternProperties"].values())), holder, field)
        if len(kinds) == 1 and kinds[0] in SCALARS:
            return SCALARS[kinds[0]]
        if kinds and all(kind in SCALARS for kind in kinds):
            return "s"
        if not kinds:
            return self.alternatives(part, holder, field)
        return "j"

    def alternatives(self, part: dict, holder: str, field: str) -> str:
        """The shape that all alternatives share."""
        choices = [choice for word in ("oneOf", "anyOf", "allOf") for choice in part.get(word, [])]
        shapes = {self.shape(choice, holder, field) for choice in choices if choice.keys() & {"type", "$ref", "items"}}
        if len(shapes) == 1:
            return shapes.pop()
        return "s" if shapes and all(shape in SCALARS.values() for shape in shapes) else "j"

    def named(self, part: dict, name: str, holder: str, field: str) -> str:
        """The name of a record, which is read when it is met first."""
        key = (self.variant, name) if name else (holder, field)
        if key not in self.names:
            if not name:
                plain = re.sub(r"\W", "", field)
                plain = plain[:1].upper() + plain[1:]
                name = next(one for one in (plain, holder + plain, *(f"{plain}{n}" for n in range(2, 99))) if one not in self.taken)
                self.taken.add(name)
            self.names[key] = re.sub(r"\W", "", name)
            self.record(self.names[key], part)
        self.uses[self.names[key]] = self.uses.get(self.names[key], 0) + 1
        return self.names[key]

    def read_only(self, steps: list[str]) -> None:
        """Marks a property; inside of a record only where nothing else uses the record."""
        record = ""
        for step in steps[:-1]:
            if step == "*":
                continue
            shape = self.records[record].get(step, ("", "s"))[1].lstrip("lm")
            if shape[0] not in "oq" or self.uses.get(shape[1:]) != 1:
                return
            record = shape[1:]
        if steps and steps[-1] in self.records[record]:
            self.records[record][steps[-1]] = ("=", self.records[record][steps[-1]][1])

    def text(self) -> str:
        lines = []
        for name, fields in sorted(self.records.items()):
            lines += [f"#{name}"] if name else []
            lines += [f"{flag}{field} {shape}" for field, (flag, shape) in sorted(fields.items())]
        return "".join(line + "\n" for line in lines)


def word_lines(name: str, kept: Slice) -> list[str]:
    """The lines of tests/words.tsv for a type; a word or default that a line cannot hold is left out."""
    plain = lambda word: word.isprintable() and not set(word) & set("|\\")
    rows = ((*key, "|".join(filter(plain, words)), default if plain(default) else "") for key, (words, default) in sorted(kept.words.items()))
    return ["\t".join((name, *row)) for row in rows if row[2] or row[3]]


def zstd(*arguments: str, text: bytes = b"") -> bytes:
    return subprocess.run(["zstd", "-q", *arguments], input=text, capture_output=True, check=True).stdout


def main() -> None:
    data = bring(Path(sys.argv[1]))
    date = json.loads((data / "version.json").read_text())["schema_date"][:10]
    types = {name: Slice(schemas) for name, schemas in published(data).items()}
    slices = {name: kept.text() for name, kept in types.items()}
    DATA.mkdir(parents=True, exist_ok=True)
    dictionary = DATA / "schemas.dict"
    with tempfile.TemporaryDirectory() as folder:
        samples = []
        for number, text in enumerate(slices.values()):
            sample = Path(folder) / f"{number:05}"
            sample.write_text(text)
            samples.append(str(sample))
        zstd("--train", *samples, f"--maxdict={DICTIONARY_BYTES}", "-o", str(dictionary), "-f")
    packed = bytearray()
    index = [f"# as_of {date}; CloudFormation registry schemas, packed in cfn-lint {VERSION} (MIT-0); tools/aws/schemas.py"]
    for name, text in slices.items():
        frame = zstd("-19", "--ultra", "--no-check", "-D", str(dictionary), "-c", text=text.encode())
        index.append(f"{name}\t{len(packed)}\t{len(frame)}")
        packed += frame
    (DATA / "schemas.zst").write_bytes(packed)
    (DATA / "schemas.tsv").write_text("\n".join(index) + "\n")
    source = index[0].replace("CloudFormation", "what properties may be, and their defaults; CloudFormation", 1)
    lines = [line for name, kept in types.items() for line in word_lines(name, kept)]
    (ROOT / "tests" / "words.tsv").write_text("\n".join([source, *lines]) + "\n")
    sizes = [f"{file.name} {file.stat().st_size:,}" for file in sorted(DATA.glob("schemas.*"))]
    print(len(slices), "types,", sum(map(len, slices.values())), "bytes of text;", ", ".join(sizes))


if __name__ == "__main__":
    main()
