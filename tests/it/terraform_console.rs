//! Expressions evaluated by us and by `terraform console`, which needs no provider for them.

use leastwise::infra::{self, Options};
use leastwise::source::Sources;
use leastwise::syntax::{Node, Value};
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// What the expressions refer to.
const CONFIGURATION: &str = r#"
variable "name" {
  default = "orders"
}
variable "config" {
  type    = object({ size = optional(number, 5), tags = optional(map(string), {}), note = optional(string) })
  default = { tags = { b = "2", a = "1" } }
}
locals {
  list  = ["b", "a", "b", ""]
  map   = { z = 1, y = [1, 2, { k = "v" }], "with space" = true }
  users = [{ name = "ann", admin = true }, { name = "bob", admin = false }]
}
"#;

/// One expression a line.
const EXPRESSIONS: &str = r##"
1 + 2 * 3 - 4 / 8
(7 % 4) + -2
10 / 4
1 == 1.0
"1" == 1
true && !false || false
5 > 4 && 4 >= 4 && 3 < 4 && 3 <= 2
"a-${var.name}-${1 + 1}-${true}"
"$${literal} %%{literal} \"q\" \u00e9 \t"
var.name == "orders" ? "yes" : "no"
var.config.size
var.config.note == null
var.config.tags
local.map["with space"]
local.map.y[2].k
local.list[0]
local.users[*].name
local.users.*.admin
[for s in local.list : upper(s) if s != ""]
{ for i, s in local.list : "${i}${s}" => i }
{ for u in local.users : u.admin => u.name... }
[for k, v in { b = 1, a = 2 } : "${k}${v}"]
{ "${var.name}" = 1, (var.name == "x" ? "p" : "q") = 2 }
abs(-3.5)
ceil(1.2)
floor(-1.2)
max(1, 5, 3)
min(1, 5, 3)
pow(2, 10)
signum(-4)
log(8, 2)
parseint("ff", 16)
parseint("-101", 2)
sum([1, 2.5, 3])
range(3)
range(1, 4)
range(4, 1)
range(0, 1, 0.25)
chomp("a\n\n")
endswith("abc", "bc")
startswith("abc", "bc")
format("%s is %d of %v, %05.2f|%-5s|%5s|%q|%%|%t|%x|%+d", "a", 3, 1.5, 3.14159, "l", "r", "q\"", true, 255, 7)
format("%v %v", [1, "a"], { b = 2 })
formatlist("%s-%d", ["a", "b"], [1, 2])
formatlist("x-%s", ["a", "b"])
indent(2, "a\nb\nc")
join(", ", ["a", "b"])
join("-", ["a"], ["b", "c"])
lower("ABC É")
upper("abc é")
title("hello world")
regex("[a-z]+", "12abc34")
regex("(\\d+)-(\\d+)", "a 10-20")
regex("(?P<a>\\d+)-(?P<b>\\d+)", "10-20")
regexall("[a-z]", "a1b2")
replace("a.b.c", ".", "-")
replace("a1b22", "/[0-9]+/", "#")
replace("ab", "/(a)(b)/", "$2$1")
split(",", "a,b,,c")
split(",", "")
strcontains("hello", "ell")
strrev("abc")
substr("hello", 1, 3)
substr("hello", -3, -1)
trim("?!hello?!", "!?")
trimprefix("helloworld", "hello")
trimsuffix("helloworld", "world")
trimspace("  a b  ")
alltrue([true, "true"])
anytrue([false])
chunklist(["a", "b", "c"], 2)
coalesce("", null, "c")
coalescelist([], ["a"])
compact(local.list)
concat(["a"], ["b"], [])
contains(local.list, "a")
contains([1, 2], "1")
distinct(local.list)
element(["a", "b", "c"], 4)
flatten([["a", ["b"]], [], ["c"]])
index(["a", "b"], "b")
keys(local.map)
length(local.list)
length("héllo")
length(local.map)
lookup({ a = 1 }, "a", 0)
lookup({ a = 1 }, "b", 0)
matchkeys(["i-1", "i-2"], ["a", "b"], ["b"])
merge({ a = 1, b = 2 }, { b = 3 }, null)
one(["a"])
one([])
reverse([1, 2, 3])
setintersection(["a", "b"], ["b", "c"])
setproduct(["a", "b"], ["1", "2"])
setsubtract(["a", "b"], ["b"])
setunion(["b"], ["a", "b"])
slice(["a", "b", "c"], 1, 2)
sort(["b", "a", "c"])
transpose({ a = ["1", "2"], b = ["2"] })
values({ b = 1, a = 2 })
zipmap(["a", "b"], [1, 2])
toset(["b", "a", "b"])
tolist(["a"])
tomap({ a = 1 })
tostring(12.5)
tostring(true)
tonumber("42")
tobool("true")
try(local.map.missing, local.list[9], "fallback")
can(local.map.missing)
can(local.map.z)
try(tonumber("x"), 7)
base64encode("héllo")
base64decode("aGVsbG8=")
jsonencode({ b = [1, true, null], a = "<&>\"" })
jsondecode("{\"a\": [1, 2.5, null, \"x\"]}").a
urlencode("a b&c/d~")
sha256("x")
base64sha256("x")
sha512("x")
basename("a/b/c.txt")
dirname("a/b/c.txt")
cidrsubnet("10.1.0.0/16", 8, 3)
cidrhost("10.1.2.0/24", 5)
cidrhost("10.1.2.0/24", -2)
cidrnetmask("10.0.0.0/12")
"%{ for s in ["a", "b"] }${s};%{ endfor }"
"%{ if var.name == "orders" }yes%{ else }no%{ endif }"
"a %{ if true ~} b %{~ endif } c"
nonsensitive("x")
[1, 2, 3][1]
{ a = { b = [10, 20] } }.a.b[1]
max([1, 4, 2]...)
merge([{ a = 1 }, { b = 2 }]...)
length(null == null ? [1] : [])
!contains(["a"], "b")
-(1 + 2)
"${[1, 2][0]}"
"${{ a = 1 }.a}x"
local.list == ["b", "a", "b", ""]
{ a = 1 } == { a = 1 }
null
1000000 * 1000000
0.1
1e3
"${yamlencode({ a = "x", b = [1, { c = null, d = [] }], e = {}, "f g" = true, m = "l1\nl2\n", n = "l1\nl2", z = [[1, 2], []], t = "yes", u = 1.5 })}."
yamldecode("a: yes\nb: on\nc: 0x10\nd: 1.5\ne: ~\nf: 'x'\nh: [1, {x: z}]\ni: |\n  t\n  u\nk: 010\np: No\nq: Off")
yamldecode("- 1\n- two")
yamldecode("{\"a\": [1]}")
csvdecode("a,b\n1,\"x,\"\"y\"\n3,4\n")
formatdate("DD MMM YYYY hh:mm ZZZ", "2018-01-02T23:12:01Z")
formatdate("EEEE, DD-MMM-YY hh:mm:ss ZZZ", "2018-01-02T23:12:01-08:00")
formatdate("h'h'mm AA aa HH H D M MMMM MM EEE s Z ZZZZ ZZZZZ YY", "2018-01-02T03:02:01-08:00")
timeadd("2017-11-22T00:00:00Z", "10m")
timeadd("2017-11-22T00:00:00Z", "-36h1.5s")
timeadd("2017-11-22T00:00:00+02:00", "10m")
timecmp("2017-11-22T00:00:00Z", "2017-11-22T01:00:00+01:00")
timecmp("2017-11-22T00:00:00Z", "2017-11-22T01:00:00Z")
uuidv5("dns", "www.terraform.io")
uuidv5("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "x")
textencodebase64("Hello", "UTF-16LE")
textdecodebase64("SABlAGwAbABvAA==", "UTF-16LE")
base64sha512("x")
cidrsubnets("10.1.0.0/16", 4, 4, 8, 4)
cidrsubnet("fd00:fd12:3456:7890::/56", 16, 162)
cidrhost("fd00:fd12:3456:7890:00a2::/72", 34)
cidrsubnets("fd00:fd12:3456:7890::/56", 16, 16, 16, 32)
md5("x")
sha1("x")
0.1 + 0.2
1 / 3 * 3 == 1
9007199254740993
tostring(1e21)
"${1.0}-${1e6}-${0.000001}"
-5 % 3
5 % -3
tolist(toset([3, 1, 2]))
toset([true, false])
tomap({ a = 1, b = "x" })
tolist([1, "a", true])
concat([1], ["a"])
[for x in toset(["b", "a"]) : x]
[for i, x in toset(["b", "a"]) : i]
{ for k, v in { a = 1 } : v => k }
try({ for v in ["a", "a"] : v => 1 }, "duplicate")
keys({ b = 1, a = 2 })
merge({ a = { b = 1 } }, { a = { c = 2 } })
lookup({ a = "x" }, "b", null)
try(lookup({ a = 1 }, "b"), "none")
element(["a", "b"], -1)
try(element([], 0), "empty")
coalesce(null, 1)
coalesce("a", 1)
try(coalesce("", ""), "none")
try(coalesce([], ["a"]), "list")
contains(["1", "2"], 1)
index([1, 2, 3], 3)
distinct([1, "1", true, "true"])
flatten(["a", ["b", ["c", []]], toset(["d"])])
compact(["a", "", null, "b"])
slice(["a", "b"], 0, 0)
sort([3, 1, 10, 2])
reverse("abc" == "abc" ? ["x", "y"] : [])
setproduct(["a"], ["b"], ["c", "d"])
setproduct([], ["a"])
zipmap([], [])
values({ b = { x = 1 }, a = { x = 2 } })[*].x
length(toset(["a", "a"]))
length({ a = 1 })
try(length(5), "number")
alltrue([])
anytrue([])
alltrue([true, false])
sum([1, "2"])
max("3", 2)
try(parseint("12", 36), 0)
range(0)
range(5, 1, -2)
floor("5.7")
format("%s %s", "a", true)
format("%03d|%3d|%-3d|", 5, 5, 5)
format("%.2f", 1.005)
format("%e", 12345.678)
format("%g", 0.00001)
format("%g", 100000)
format("%s", [1, "a"])
format("%#v", "x")
format("%[2]s %[1]s", "a", "b")
formatlist("%s=%s", ["a", "b"], ["c", "d"])
formatlist("%s", [])
join(",", [1, 2, true])
join("", [])
split("", "abc")
substr("abc", 1, -1)
substr("abc", 5, 1)
substr("", 0, 1)
title("hello wORLD foo_bar foo-bar")
replace("a.b.c", "/\\./", "-")
replace("abc", "", "-")
replace("a/b", "/", "_")
trim("  a ", " ")
trimspace("\t a\n")
chomp("a\r\n")
indent(4, "a\n\nb")
regex("a(b)?", "a")
regexall("(\\w)(\\d)", "a1 b2")
try(regex("x", "a"), "no")
upper("ß")
startswith("", "")
jsonencode("a<b>&\u2028")
jsonencode({ b = 1.50, a = [true, null, "é"] })
jsondecode("[1, {\"a\": null}]")
try(jsondecode("{"), "bad")
base64decode(base64encode("a\n"))
urlencode("a=b&c d+é")
basename("")
dirname("")
dirname("/a")
basename("/a/b/")
dirname("a/b/")
tobool(null) == null
try(tobool("yes"), "no bool")
try(tonumber("0x1"), "no number")
tostring(null) == null
tonumber(true ? "1.50" : "0")
can(tonumber("x"))
can(jsondecode("{}"))
null == ""
[] == []
{} == {}
[1] == ["1"]
toset(["a"]) == toset(["a"])
"a" != "b"
!true
1 < 2 ? "a" : 1
true ? { a = 1 } : {}
false ? null : "x"
"%{ if false }x%{ endif }"
"%{ for i, v in ["a", "b"] }${i}=${v},%{ endfor }"
"%{ for k, v in { b = 1, a = 2 } }${k}${v} %{ endfor }"
"a%{ if true }\n  b\n%{ endif }c"
"${"nested ${"deep"}"}"
"$${a} $$ %% $ %"
"\\ \" \n \r \t \u00e9 \U0001F600"
local.users[*]["name"]
local.users[0]["name"]
local.users[length(local.users) - 1].name
local.map.y[2]["k"]
null[*]
"x"[*]
[for u in local.users : u.name if u.admin]
{ for u in local.users : u.name => u if !u.admin }
[for k, v in local.map : k if can(tonumber(v))]
[for i, x in ["a", "b"] : { index = i, value = x }]
[for x in [[1, 2], [3]] : [for y in x : y * 2]]
try(var.config.missing, "none")
var.config.tags["a"]
try(var.config["size"], 0)
lookup(var.config.tags, "zzz", "d")
merge(var.config.tags, { c = 3 })
{ "a.b" = 1 }["a.b"]
{ (var.name) = { x = 1 } }
{ "${var.name}-x" : 1, y : 2 }
[1, 2, 3,]
(((1 + 2)) * 3)
1 + 2 == 3 && "a" == "a" || false
"##;

#[test]
fn expressions_are_worth_what_terraform_says() {
    let guarded: Vec<String> = EXPRESSIONS.trim().lines().map(guarded).collect();
    let expressions: Vec<&str> = guarded.iter().map(String::as_str).collect();
    let Some(theirs) = console(&expressions) else {
        println!("terraform is not installed: its expressions were not compared");
        return;
    };
    let ours = evaluated(&expressions);
    let mut wrong = Vec::new();
    for (expression, (ours, theirs)) in expressions.iter().zip(ours.iter().zip(&theirs)) {
        if !same(ours, theirs) {
            wrong.push(format!("{expression}\n    terraform: {theirs}\n    leastwise: {ours}"));
        }
    }
    assert_eq!(ours.len(), theirs.len());
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), expressions.len(), wrong.join("\n"));
}

/// An expression whose refusal by Terraform is a value that can be compared too.
pub(crate) fn guarded(expression: &str) -> String {
    format!("try([{expression}], \"refused\")")
}

/// What `terraform console` prints for a list of all expressions; `None` where there is no such program.
fn console(expressions: &[&str]) -> Option<Vec<serde_json::Value>> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("terraform-console");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("main.tf"), CONFIGURATION).unwrap();
    let mut child = Command::new("terraform")
        .arg("console")
        .current_dir(&folder)
        .env("CHECKPOINT_DISABLE", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .ok()?;
    let line = format!("jsonencode([{}])\n", expressions.join(", "));
    child.stdin.take().unwrap().write_all(line.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let inner: String = serde_json::from_str(text.trim())
        .unwrap_or_else(|_| panic!("{text}\n{}", String::from_utf8_lossy(&output.stderr)));
    Some(serde_json::from_str(&inner).unwrap())
}

/// The same list as the property of a resource that we lower.
fn evaluated(expressions: &[&str]) -> Vec<serde_json::Value> {
    let items: Vec<String> = expressions.iter().map(|expression| format!("    {expression},\n")).collect();
    let text = format!("{CONFIGURATION}\nresource \"aws_own\" \"all\" {{\n  values = [\n{}  ]\n}}\n", items.concat());
    let sources = Sources::in_memory([("main.tf", text.as_str())]);
    let (projects, problems) = infra::read(&sources, &Options::default());
    assert!(problems.is_empty(), "{problems:?}");
    let all = projects[0].resource("aws_own.all").unwrap();
    all.properties.get("Values").unwrap().items().iter().map(json).collect()
}

pub(crate) fn json(node: &Node) -> serde_json::Value {
    match &node.value {
        Value::Null | Value::Absent => serde_json::Value::Null,
        Value::Bool(value) => (*value).into(),
        Value::Number(text) => serde_json::from_str(text).unwrap(),
        Value::String(text) => text.to_string().into(),
        Value::List(items) => items.iter().map(json).collect(),
        Value::Map(entries) => entries.iter().map(|entry| (entry.key.to_string(), json(&entry.value))).collect(),
        _ => format!("unknown: {node}").into(),
    }
}

/// Equal, where text that is JSON counts as what it holds: a document keeps its tree.
pub(crate) fn same(ours: &serde_json::Value, theirs: &serde_json::Value) -> bool {
    let number = |value: &serde_json::Value| value.as_f64();
    if let (Some(ours), Some(theirs)) = (number(ours), number(theirs)) {
        return (ours - theirs).abs() < 1e-9;
    }
    match (ours, theirs) {
        (serde_json::Value::Array(ours), serde_json::Value::Array(theirs)) => {
            ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(ours, theirs)| same(ours, theirs))
        }
        (serde_json::Value::Object(ours), serde_json::Value::Object(theirs)) => {
            ours.len() == theirs.len()
                && ours.iter().all(|(key, value)| theirs.get(key).is_some_and(|theirs| same(value, theirs)))
        }
        (serde_json::Value::Object(_) | serde_json::Value::Array(_), serde_json::Value::String(text)) => {
            serde_json::from_str(text).is_ok_and(|theirs| same(ours, &theirs))
        }
        _ => ours == theirs,
    }
}
