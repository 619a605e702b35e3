//! Twins: one thing written in CloudFormation, SAM, Terraform and serverless.yml is understood and judged alike.

use crate::files::{entries, name};
use crate::rules::{Example, examples, rule_folders};
use crate::scan::scan;
use leastwise::finding::{Finding, Status};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The four ways to write it.
const FORMATS: [&str; 4] = ["cloudformation.yaml", "sam.yaml", "main.tf", "serverless.yml"];

/// Twins of templates, and the types of resources that are compared; the others are the format's own.
const TWINS: &[(&str, &[&str])] = &[
    ("bucket", &["AWS::KMS::Key", "AWS::S3::Bucket", "AWS::S3::BucketPolicy"]),
    ("table", &["AWS::KMS::Key", "AWS::DynamoDB::Table"]),
    ("queue", &["AWS::KMS::Key", "AWS::SQS::Queue", "AWS::SQS::QueuePolicy"]),
    ("topic", &["AWS::KMS::Key", "AWS::SNS::Topic", "AWS::SNS::TopicPolicy", "AWS::SNS::Subscription"]),
    ("function", &["AWS::Lambda::Function", "AWS::DynamoDB::Table", "AWS::SQS::Queue", "AWS::Logs::LogGroup"]),
    ("api", &["AWS::Lambda::Function", "AWS::Lambda::Permission", "AWS::ApiGatewayV2::Route"]),
    ("role", &["AWS::IAM::Role", "AWS::DynamoDB::Table"]),
];

#[test]
fn twins_lower_to_the_same_template() {
    let mut faults = Vec::new();
    for (name, types) in TWINS {
        let lowered = FORMATS.map(|format| lowered(name, format, types));
        for (format, other) in FORMATS.iter().zip(&lowered).skip(1) {
            for (id, first) in &lowered[0] {
                let second = other.get(id).unwrap_or(&Value::Null);
                if first != second {
                    faults.push(format!("{name}/{format}: {id}\n  {}: {first:#}\n  {format}: {second:#}", FORMATS[0]));
                }
            }
            let more: Vec<_> = other.keys().filter(|id| !lowered[0].contains_key(*id)).collect();
            if !more.is_empty() {
                faults.push(format!("{name}/{format} has {more:?} besides"));
            }
        }
        let least = types.iter().filter(|kind| !lowered[0].keys().any(|id| id.starts_with(**kind)));
        faults.extend(least.map(|kind| format!("{name} has no {kind}")));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn twins_lead_to_the_same_code() {
    for (name, expected) in [("function", "tests/it/twins/function"), ("api", "tests/it/twins/api")] {
        for format in FORMATS {
            let read = show(name, format, "json");
            let resources = read["projects"][0]["resources"].as_array().unwrap();
            let function = resources.iter().find(|resource| resource["type"] == "AWS::Lambda::Function").unwrap();
            assert_eq!(function["code"], expected, "{name}/{format}");
        }
    }
}

/// Whole weak projects: every finding is marked, and the same in each format.
#[test]
fn twins_have_the_same_findings() {
    let mut rules = BTreeSet::new();
    let mut faults = Vec::new();
    for theme in ["stores", "functions", "rights"] {
        let found = FORMATS.map(|format| of_project(theme, format, &mut faults));
        rules.extend(found[0].keys().map(|(rule, ..)| rule.clone()));
        for (format, other) in FORMATS.iter().zip(&found).skip(1) {
            for key in found[0].keys().chain(other.keys()).collect::<BTreeSet<_>>() {
                let count = |found: &Found| found.get(key).copied().unwrap_or_default();
                if count(&found[0]) != count(other) {
                    faults.push(format!(
                        "{theme}: {key:?} is found {} times in {} and {} times in {format}",
                        count(&found[0]),
                        FORMATS[0],
                        count(other)
                    ));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(rules.len() >= 20, "only {rules:?}");
}

/// The examples beside the rules: where all four formats have one, at least one finding is the same in all of them.
#[test]
fn examples_of_a_rule_say_the_same_in_each_format() {
    let mut count = 0;
    let mut faults = Vec::new();
    for folder in rule_folders() {
        let id = folder.file_name().unwrap().to_string_lossy().split('-').next().unwrap().to_owned();
        let written: Vec<Example> = examples(&folder).into_iter().filter(|example| example.bad).collect();
        let named = |ending: &str| written.iter().find(|example| example.name.ends_with(ending));
        let four = ["/bad.cfn.yaml", "/bad.sam.yaml", "/bad.tf", "/bad.serverless.yml"].map(named);
        let [Some(a), Some(b), Some(c), Some(d)] = four else { continue };
        count += 1;
        let told = [a, b, c, d].map(|example| {
            let (_, outcome) = scan(&example.files);
            let own = outcome.findings.iter().filter(|finding| *finding.rule == *id && told(finding));
            own.map(|finding| (finding.status, finding.resource.kind.to_string())).collect::<BTreeSet<_>>()
        });
        // The SAM example of RG004 is of a region that is not known, which is for a person to judge.
        let told =
            if id == "RG004" { [told[0].clone(), told[2].clone(), told[3].clone(), told[0].clone()] } else { told };
        if !told[0].iter().any(|first| told.iter().all(|other| other.contains(first))) {
            faults.push(format!("{id}: {told:?}"));
        }
    }
    assert!(count >= 14, "only {count} rules have examples in four formats");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Findings by rule, severity, status and shape of the message, with their number.
type Found = BTreeMap<(String, String, String, String), usize>;

fn of_project(theme: &str, format: &str, faults: &mut Vec<String>) -> Found {
    let folder = folder().join("findings").join(theme);
    let text = fs::read_to_string(folder.join(format)).unwrap();
    let path = if format.ends_with(".yaml") { "template.yaml" } else { format };
    let mut files = vec![(path.to_owned(), text.clone())];
    for name in entries(&folder).iter().map(|path| name(path)) {
        if !FORMATS.contains(&name.as_str()) {
            files.push((name.clone(), fs::read_to_string(folder.join(&name)).unwrap()));
        }
    }
    let (_, outcome) = scan(&files);
    faults.extend(outcome.problems.iter().map(|problem| format!("{theme}/{format}: {problem:?}")));
    let mut lines: BTreeMap<(usize, String), usize> = BTreeMap::new();
    let mut found = Found::new();
    for finding in outcome.findings.iter().filter(|finding| told(finding)) {
        *lines.entry((finding.location.start_line as usize, finding.rule.to_string())).or_default() += 1;
        let (rule, message) = shape(finding);
        let severity = format!("{:?}", finding.severity);
        *found.entry((rule, severity, format!("{:?}", finding.status), message)).or_default() += 1;
    }
    let marked: BTreeMap<(usize, String), usize> = marks(&text);
    if lines != marked {
        let differs = |a: &BTreeMap<(usize, String), usize>, b: &BTreeMap<(usize, String), usize>| {
            a.iter().filter(|(key, count)| b.get(key) != Some(count)).map(|(key, _)| format!("{key:?}")).collect()
        };
        let (more, less): (Vec<String>, Vec<String>) = (differs(&lines, &marked), differs(&marked, &lines));
        faults.push(format!("{theme}/{format}: found and not marked {more:?}; marked and not found {less:?}"));
    }
    found
}

/// The lines of a text that end in `# leastwise: ID ID`, with the number of findings of each rule.
fn marks(text: &str) -> BTreeMap<(usize, String), usize> {
    let mut marks = BTreeMap::new();
    for (index, line) in text.lines().enumerate() {
        let ids = line.split("# leastwise: ").nth(1).unwrap_or_default();
        for id in ids.split_whitespace() {
            *marks.entry((index + 1, id.to_owned())).or_default() += 1;
        }
    }
    marks
}

fn told(finding: &Finding) -> bool {
    finding.status != Status::Unknown
}

/// The rule and message of a finding without what each format calls by its own names.
///
/// LP026 and LP027 are what LP018 and XL001 are called in a serverless.yml and for a SAM policy template.
fn shape(finding: &Finding) -> (String, String) {
    let rule = match &*finding.rule {
        "LP026" => "LP018",
        "LP027" => "XL001",
        other => other,
    };
    // LG001 says of the framework's functions that their own log group has no retention.
    if matches!(rule, "LP018" | "XL001" | "LG001") {
        return (rule.to_owned(), String::new());
    }
    // The things of the three projects are called alike but for case, the type before and the suffix behind.
    let names = ["letters", "patients", "jobs", "results", "key", "place", "read", "nightly", "role"];
    // The framework's role has no name of its own in the file.
    let message = finding.message.replace("the role of provider.iam", "role Role");
    let words = message.split_whitespace().map(|word| {
        let (bare, comma) = word.strip_suffix([':', ',']).map_or((word, ""), |bare| (bare, &word[bare.len()..]));
        let lower = bare.to_lowercase();
        let generated = ["lambdafunction", "logs", "loggroup", "url", "role"];
        let last = lower.rsplit('.').next().unwrap_or_default();
        let stem = generated.iter().find_map(|end| last.strip_suffix(end)).filter(|stem| !stem.is_empty());
        let stem = stem.unwrap_or(last);
        if names.contains(&stem) { format!("<{stem}>{comma}") } else { word.to_owned() }
    });
    (rule.to_owned(), words.collect::<Vec<_>>().join(" "))
}

/// The resources of the types that are compared, by type and number, without what the format adds of its own.
fn lowered(name: &str, format: &str, types: &[&str]) -> BTreeMap<String, Value> {
    let template = show(name, format, "cloudformation");
    let resources = template["Resources"].as_object().unwrap();
    let names = numbered(resources);
    let mut plain: Vec<(String, String, Map<String, Value>)> = Vec::new();
    for (id, resource) in resources {
        let kind = resource["Type"].as_str().unwrap().to_owned();
        let mut properties = resource["Properties"].clone();
        rename(&mut properties, &names);
        let mut properties = properties.as_object().unwrap().clone();
        without_extras(format, &kind, &mut properties);
        plain.push((names[id].clone(), kind, properties));
    }
    let mut made: BTreeMap<String, Value> = BTreeMap::new();
    let mut routes = Vec::new();
    let mut permissions = BTreeSet::new();
    for (id, kind, properties) in &plain {
        match kind.as_str() {
            "AWS::ApiGatewayV2::Route" => routes.push(route(properties, &plain)),
            "AWS::ApiGatewayV2::Api" if properties.contains_key("Body") => routes.extend(of_body(&properties["Body"])),
            // How narrow the source is differs; that there is one does not.
            "AWS::Lambda::Permission" => {
                let bounded = properties.contains_key("SourceArn");
                let function = text_of(&properties["FunctionName"]);
                let told = json!([properties["Action"], properties["Principal"], function, bounded]);
                permissions.insert(told.to_string());
            }
            "AWS::IAM::Role" => drop(made.insert(id.clone(), role(id, properties, &plain))),
            _ => drop(made.insert(id.clone(), Value::Object(properties.clone()))),
        }
    }
    routes.sort_by_key(Value::to_string);
    made.extend(routes.into_iter().enumerate().map(|(at, route)| (format!("AWS::ApiGatewayV2::Route {at}"), route)));
    let permissions = permissions.into_iter().enumerate();
    made.extend(permissions.map(|(at, told)| (format!("AWS::Lambda::Permission {at}"), json!(told))));
    made.retain(|id, _| types.iter().any(|kind| id.strip_prefix(kind).is_some_and(|rest| rest.starts_with(' '))));
    made
}

/// `Type N` for each id: the order of a type's resources is the same in each format.
fn numbered(resources: &Map<String, Value>) -> BTreeMap<String, String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut names = BTreeMap::new();
    for (id, resource) in resources {
        let kind = resource["Type"].as_str().unwrap();
        let count = counts.entry(kind).or_default();
        names.insert(id.clone(), format!("{kind} {count}"));
        *count += 1;
    }
    names
}

/// Every reference by its new name; an `Fn::Sub` of nothing but one reference is that reference.
fn rename(value: &mut Value, names: &BTreeMap<String, String>) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| rename(item, names)),
        Value::Object(entries) => {
            for (key, inner) in entries.iter_mut() {
                match (key.as_str(), inner.as_str()) {
                    ("Ref", Some(id)) => *inner = json!(names.get(id).map_or(id, String::as_str)),
                    ("Fn::Sub", Some(text)) => {
                        let mut text = text.to_owned();
                        for (id, name) in names {
                            text = text.replace(&format!("${{{id}}}"), &format!("${{{name}}}"));
                            text = text.replace(&format!("${{{id}."), &format!("${{{name}."));
                        }
                        *inner = json!(text);
                    }
                    ("Fn::GetAtt", None) => {
                        let id = inner[0].as_str().unwrap().to_owned();
                        inner[0] = json!(names[&id]);
                    }
                    _ => rename(inner, names),
                }
            }
        }
        _ => {}
    }
}

/// Takes away what a format adds by itself, each with its one value or form.
fn without_extras(format: &str, kind: &str, properties: &mut Map<String, Value>) {
    let mut drop_if = |name: &str, is: &dyn Fn(&Value) -> bool| {
        if properties.get(name).is_some_and(is) {
            properties.remove(name);
        }
    };
    match (format, kind) {
        // Where the code lies is compared by the JSON view, for the Terraform provider and the framework say it elsewhere.
        ("cloudformation.yaml" | "sam.yaml", "AWS::Lambda::Function") => drop_if("Code", &|code| code == "."),
        ("serverless.yml", "AWS::Lambda::Function") => {
            drop_if("MemorySize", &|size| size == 1024);
            drop_if("Timeout", &|timeout| timeout == 6);
        }
        ("serverless.yml", "AWS::IAM::Role") => {
            drop_if("Path", &|path| path == "/");
            drop_if("RoleName", &|name| name == "twins-dev-eu-central-1-lambdaRole");
        }
        ("main.tf", "AWS::IAM::Role") => drop_if("RoleName", &|name| name == "place"),
        _ => {}
    }
    if format == "sam.yaml"
        && let Some(tags) = properties.get_mut("Tags").and_then(Value::as_array_mut)
    {
        tags.retain(|tag| tag["Key"] != "lambda:createdBy");
        if tags.is_empty() {
            properties.remove("Tags");
        }
    }
    for document in ["PolicyDocument", "AssumeRolePolicyDocument"] {
        if let Some(document) = properties.get_mut(document) {
            *document = Value::Array(statements(document));
        }
    }
}

/// The statements of a document, with one-item lists as their item and without the resource's region.
fn statements(document: &Value) -> Vec<Value> {
    let statements = match &document["Statement"] {
        Value::Array(items) => items.clone(),
        one => vec![one.clone()],
    };
    statements.iter().map(single).collect()
}

/// A list of one item is that item, as IAM reads it.
fn single(value: &Value) -> Value {
    match value {
        Value::Array(items) if items.len() == 1 => single(&items[0]),
        Value::Array(items) => Value::Array(items.iter().map(single).collect()),
        Value::Object(entries) if entries.contains_key("Fn::GetAtt") => value.clone(),
        Value::Object(entries) => {
            Value::Object(entries.iter().map(|(key, value)| (key.clone(), single(value))).collect())
        }
        Value::String(text) => json!(text.replace(":eu-central-1:", ":${AWS::Region}:")),
        other => other.clone(),
    }
}

/// A role's trust, managed policies and statements, wherever they were written; names of policies left out.
fn role(id: &str, properties: &Map<String, Value>, all: &[(String, String, Map<String, Value>)]) -> Value {
    let own = properties.get("Policies").and_then(Value::as_array).into_iter().flatten();
    let mut granted: Vec<Value> = own.flat_map(|policy| statements(&policy["PolicyDocument"])).collect();
    for (_, kind, policy) in all {
        if kind == "AWS::IAM::Policy" && policy["Roles"] == json!([{ "Ref": id }]) {
            granted.extend(policy["PolicyDocument"].as_array().unwrap().iter().map(single));
        }
    }
    // The framework lets its functions log by statements, the others by the managed policy.
    granted.retain(|statement| !statement["Action"].to_string().contains("logs:"));
    granted.sort_by_key(Value::to_string);
    let mut managed: Vec<&Value> = properties["ManagedPolicyArns"].as_array().unwrap().iter().collect();
    managed.sort_by_key(|arn| arn.to_string());
    let mut rest = properties.clone();
    for name in ["Policies", "ManagedPolicyArns"] {
        rest.remove(name);
    }
    rest.insert("ManagedPolicyArns".to_owned(), json!(managed));
    rest.insert("Statements".to_owned(), json!(granted));
    Value::Object(rest)
}

/// A route: its key, its authorizer, the function behind it.
fn route(route: &Map<String, Value>, all: &[(String, String, Map<String, Value>)]) -> Value {
    let named = |reference: &str| all.iter().find(|(id, ..)| id == reference).map(|(_, _, properties)| properties);
    let authorizer = route.get("AuthorizerId").map(|id| {
        let found = named(id["Ref"].as_str().unwrap()).unwrap();
        json!([
            found["AuthorizerType"],
            found["JwtConfiguration"]["Issuer"],
            found["JwtConfiguration"]["Audience"],
            found["IdentitySource"][0]
        ])
    });
    let kind = route.get("AuthorizationType").filter(|kind| *kind != "NONE").cloned();
    assert_eq!(kind.is_some(), authorizer.is_some(), "{route:?}");
    let target = route["Target"]["Fn::Sub"].as_str().unwrap();
    let integration = target.trim_start_matches("integrations/${").trim_end_matches('}');
    let function = text_of(&named(integration).unwrap()["IntegrationUri"]);
    json!({ "key": route["RouteKey"], "authorizer": authorizer, "function": function })
}

/// The routes of a body as SAM writes it.
fn of_body(body: &Value) -> Vec<Value> {
    let mut routes = Vec::new();
    for (path, methods) in body["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let scheme = operation["security"][0].as_object().map(|security| security.keys().next().unwrap());
            let authorizer = scheme.map(|scheme| {
                let found = &body["components"]["securitySchemes"][scheme]["x-amazon-apigateway-authorizer"];
                let kind = found["type"].as_str().unwrap().to_uppercase();
                let tokens = &found["jwtConfiguration"];
                json!([kind, tokens["issuer"], tokens["audience"], found["identitySource"]])
            });
            let uri = operation["x-amazon-apigateway-integration"]["uri"]["Fn::Sub"].as_str().unwrap();
            let function = uri.split("/functions/${").nth(1).unwrap().split(".Arn}").next().unwrap();
            let key = format!("{} {path}", method.to_uppercase());
            routes.push(json!({ "key": key, "authorizer": authorizer, "function": function }));
        }
    }
    routes
}

/// The resource that a value names, by `Ref` or by its ARN.
fn text_of(value: &Value) -> String {
    value["Ref"].as_str().or(value["Fn::GetAtt"][0].as_str()).unwrap().to_owned()
}

fn show(name: &str, format: &str, view: &str) -> Value {
    let path = folder().join(name).join(format);
    let shown =
        Command::new(env!("CARGO_BIN_EXE_leastwise")).arg("show").arg(path).args(["-o", view]).output().unwrap();
    assert!(shown.status.success() && shown.stderr.is_empty(), "{name}/{format}: {shown:?}");
    serde_json::from_slice(&shown.stdout).unwrap()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/twins")
}
