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
"##;

#[test]
fn expressions_are_worth_what_terraform_says() {
    let expressions: Vec<&str> = EXPRESSIONS.trim().lines().collect();
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
    let text = format!("{CONFIGURATION}\nresource \"aws_vpc\" \"all\" {{\n  values = [\n{}  ]\n}}\n", items.concat());
    let sources = Sources::in_memory([("main.tf", text.as_str())]);
    let (projects, problems) = infra::read(&sources, &Options::default());
    assert!(problems.is_empty(), "{problems:?}");
    let all = projects[0].resource("aws_vpc.all").unwrap();
    all.properties.get("Values").unwrap().items().iter().map(json).collect()
}

fn json(node: &Node) -> serde_json::Value {
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
fn same(ours: &serde_json::Value, theirs: &serde_json::Value) -> bool {
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
        (serde_json::Value::Object(_), serde_json::Value::String(text)) => {
            serde_json::from_str(text).is_ok_and(|theirs| same(ours, &theirs))
        }
        _ => ours == theirs,
    }
}
