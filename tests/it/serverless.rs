//! Services of tests/it/serverless against what `serverless package` (3.40) makes of them.

use crate::files::{entries, name, root};
use crate::tools;
use leastwise::infra::{Context, Options, serverless};
use leastwise::model::Project;
use leastwise::source::Sources;
use leastwise::syntax::{Node, Part, Value as Tree};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Types that are artefacts of a deployment: they are not lowered.
pub(crate) const ARTEFACTS: [&str; 4] = [
    "AWS::Lambda::Version",
    "AWS::ApiGateway::Deployment",
    "AWS::ApiGatewayV2::Deployment",
    "AWS::ApiGateway::UsagePlanKey",
];

/// Resources that one side has on purpose: the deployment bucket and custom resources' helpers on the framework's, the
/// stage that it sets by the API on ours.
pub(crate) const ONE_SIDED: [&str; 6] = [
    "ServerlessDeploymentBucket",
    "ServerlessDeploymentBucketPolicy",
    "CustomDashresourceDashapigwDashcwDashroleLambdaFunction",
    "IamRoleCustomResourcesLambdaExecution",
    "CustomApiGatewayAccountCloudWatchRole",
    "ApiGatewayStage",
];

/// Properties that are not compared, and why.
pub(crate) const NOT_COMPARED: &[(&str, &str, &str)] = &[
    ("*", "Tags", "stack tags are added to every resource, as CloudFormation does at deployment"),
    ("AWS::IAM::Role", "Policies", "compared grant by grant"),
    ("AWS::Lambda::Function", "Code", "where the archive is uploaded to"),
    ("AWS::Lambda::Alias", "FunctionVersion", "published at deployment"),
    ("AWS::ApiGateway::Method", "MethodResponses", "the shape of answers"),
    ("AWS::ApiGateway::Method", "RequestParameters", "an empty map is not written"),
    ("AWS::ApiGateway::Method", "Integration", "templates of answers are not lowered"),
    ("AWS::ApiGateway::RestApi", "Policy", "an empty text stands for no policy"),
    ("AWS::ApiGateway::RequestValidator", "Name", "a description"),
    ("AWS::ApiGateway::UsagePlan", "UsagePlanName", "a description"),
    ("AWS::ApiGateway::UsagePlan", "Description", "a description"),
    ("AWS::ApiGatewayV2::Api", "Description", "a description"),
    ("AWS::ApiGatewayV2::Api", "CorsConfiguration", "the order of methods differs"),
    ("AWS::ApiGatewayV2::Authorizer", "IdentitySource", "an empty list is not written"),
    ("AWS::ApiGatewayV2::Stage", "AccessLogSettings", "the default format of a line is not lowered"),
    ("AWS::ApiGatewayV2::Stage", "DeploymentId", "made at deployment"),
    ("AWS::ApiGatewayV2::Stage", "Description", "a description"),
    ("AWS::ElasticLoadBalancingV2::TargetGroup", "Name", "a hash"),
    ("AWS::Events::Rule", "Targets", "the input stays a tree where the framework writes text"),
    ("AWS::IoT::ProvisioningTemplate", "TemplateBody", "the template stays a tree where the framework writes text"),
    ("AWS::SQS::QueuePolicy", "PolicyDocument", "the framework leaves the topic's ARN out of the condition"),
];

#[test]
fn services_are_lowered_as_the_framework_packages_them() {
    let Some(modules) = tools::node_modules() else { return };
    let root = root().join("tests/it/serverless");
    let names: Vec<String> = entries(&root).iter().map(|path| name(path)).collect();
    assert!(names.len() >= 7, "{names:?}");
    let mut differences = Vec::new();
    // Two at a time: each run is a process of its own that takes a core.
    for pair in names.chunks(2) {
        std::thread::scope(|scope| {
            let (root, modules) = (&root, &modules);
            let run = |name| scope.spawn(move || compare(&root.join(name), name, modules));
            let runs: Vec<_> = pair.iter().map(String::as_str).map(run).collect();
            differences.extend(runs.into_iter().flat_map(|run| run.join().unwrap()));
        });
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn lines_inserted_on_top_move_every_line() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/serverless");
    for name in ["apis", "edge", "events", "messaging", "names", "roles", "sockets"] {
        let text = fs::read_to_string(root.join(name).join("serverless.yml")).unwrap();
        let moved = format!("{}{text}", "# one\n".repeat(7));
        let places = |text: &str| {
            let sources = Sources::in_memory([("serverless.yml", text)]);
            let options = Options::default();
            let (project, problems) =
                serverless::read(&Context { sources: &sources, options: &options }, "serverless.yml");
            assert_eq!(problems, [], "{name}");
            let mut places = Vec::new();
            for resource in &project.unwrap().resources {
                places.push((resource.id.clone(), sources.location(resource.span).start_line));
                resource.properties.visit(&mut |node| {
                    places.push((resource.id.clone(), sources.location(node.span).start_line));
                });
            }
            places
        };
        let before: Vec<_> = places(&text).into_iter().map(|(id, line)| (id, line + 7)).collect();
        assert_eq!(before, places(&moved), "{name}");
    }
}

/// What differs between the framework's template of a service and ours, a line each.
fn compare(service: &Path, name: &str, modules: &Path) -> Vec<String> {
    let theirs = packaged(service, name, modules);
    let (ours, region) = lowered(service);
    let mut differences = Vec::new();
    let mut say = |id: &str, what: String| differences.push(format!("{name} {id}: {what}"));
    let resources = |template: &Map<String, Value>| -> BTreeSet<(String, String)> {
        let kept = |(id, resource): (&String, &Value)| {
            let kind = resource["Type"].as_str().unwrap().to_owned();
            let left_out = ARTEFACTS.contains(&&*kind) || ONE_SIDED.contains(&id.as_str());
            (!left_out).then(|| (id.clone(), kind))
        };
        template.iter().filter_map(kept).collect()
    };
    let (expected, found) = (resources(&theirs), resources(&ours));
    expected.difference(&found).for_each(|(id, kind)| say(id, format!("{kind} is missing")));
    found.difference(&expected).for_each(|(id, kind)| say(id, format!("{kind} is not in the package")));
    for (id, kind) in expected.intersection(&found) {
        let expected = comparable(&theirs[id]["Properties"], &region);
        let found = comparable(&ours[id]["Properties"], &region);
        if kind == "AWS::IAM::Role" {
            let (expected, found) = (grants(&expected), grants(&found));
            expected.difference(&found).for_each(|grant| say(id, format!("lacks {grant}")));
            found.difference(&expected).for_each(|grant| say(id, format!("also has {grant}")));
        }
        let empty = Map::new();
        let keys =
            |value: &Value| -> BTreeSet<String> { value.as_object().unwrap_or(&empty).keys().cloned().collect() };
        for key in keys(&expected).union(&keys(&found)) {
            let skipped = NOT_COMPARED.iter().any(|(of, property, _)| (*of == "*" || of == kind) && property == key);
            if !skipped && expected.get(key) != found.get(key) {
                say(id, format!("{key}: {:?} expected, {:?} found", expected.get(key), found.get(key)));
            }
        }
    }
    differences
}

/// The resources that the framework packages.
fn packaged(service: &Path, name: &str, modules: &Path) -> Map<String, Value> {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("serverless").join(name);
    let text = package(service, &folder, modules, &[], &|_| {}).unwrap_or_else(|error| panic!("{error}"));
    let template: Value = serde_json::from_str(&text).unwrap();
    template["Resources"].as_object().unwrap().clone()
}

/// The template that the framework packages of a copy of a service in `folder`, or what it says instead; `prepare`
/// changes the copy first.
pub(crate) fn package(
    service: &Path,
    folder: &Path,
    modules: &Path,
    arguments: &[&str],
    prepare: &dyn Fn(&Path),
) -> Result<String, String> {
    let _ = fs::remove_dir_all(folder);
    copy(service, folder);
    prepare(folder);
    // A package must hold a file beside the configuration.
    fs::write(folder.join("content.txt"), "content").unwrap();
    let output = Command::new("node")
        .arg(modules.join("serverless/bin/serverless.js"))
        .arg("package")
        .args(arguments)
        .current_dir(folder)
        .env("NODE_PATH", modules)
        .env("AWS_ACCESS_KEY_ID", "none")
        .env("AWS_SECRET_ACCESS_KEY", "none")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("SLS_TELEMETRY_DISABLED", "1")
        .env("SLS_NOTIFICATIONS_MODE", "off")
        .env("SLS_INTERACTIVE_SETUP_ENABLE", "0")
        .output()
        .unwrap();
    let template = folder.join(".serverless/cloudformation-template-update-stack.json");
    fs::read_to_string(template).map_err(|_| String::from_utf8_lossy(&output.stderr).into_owned())
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Our resources and the region.
fn lowered(service: &Path) -> (Map<String, Value>, String) {
    let sources = Sources::new(service);
    let options = Options::default();
    let (project, problems) = serverless::read(&Context { sources: &sources, options: &options }, "serverless.yml");
    assert_eq!(problems, []);
    let project: Project = project.unwrap();
    let mut resources = Map::new();
    for resource in &project.resources {
        let written = json!({ "Type": &*resource.kind, "Properties": plain(&resource.properties) });
        resources.insert(resource.id.to_string(), written);
    }
    (resources, project.region.as_text().unwrap().to_owned())
}

fn plain(node: &Node) -> Value {
    match &node.value {
        Tree::Null | Tree::Absent => Value::Null,
        Tree::List(items) => items.iter().map(plain).collect(),
        Tree::Map(entries) => entries
            .iter()
            .filter(|entry| !entry.key.starts_with("__"))
            .map(|entry| (entry.key.to_string(), plain(&entry.value)))
            .collect(),
        Tree::Template(parts) => parts.iter().map(Part::to_string).collect::<String>().into(),
        _ => node.to_string().into(),
    }
}

/// Values in one form: functions as text, scalars as text, the partition as `aws`.
fn comparable(value: &Value, region: &str) -> Value {
    match value {
        Value::Object(map) => match map.iter().collect::<Vec<_>>().as_slice() {
            [(key, argument)] if *key == "Ref" || key.starts_with("Fn::") => function(key, argument, region).into(),
            _ => map
                .iter()
                .filter(|(_, value)| !value.is_null())
                .map(|(key, value)| (key.clone(), comparable(value, region)))
                .collect(),
        },
        Value::Array(items) => items.iter().map(|item| comparable(item, region)).collect(),
        Value::String(text) => text.replace("${AWS::Partition}", "aws").into(),
        other => other.to_string().into(),
    }
}

fn function(name: &str, argument: &Value, region: &str) -> String {
    let text = |value: &Value| comparable(value, region).as_str().unwrap_or_default().to_owned();
    match (name, argument) {
        ("Ref", Value::String(id)) if id == "AWS::Region" => region.to_owned(),
        ("Ref", Value::String(id)) if id == "AWS::Partition" => "aws".to_owned(),
        // A version of the function, whose id hangs on a hash of the archive.
        ("Ref", Value::String(id)) if id.contains("LambdaVersion") => {
            format!("${{{}LambdaFunction.Arn}}", id.split("LambdaVersion").next().unwrap())
        }
        ("Ref", id) => format!("${{{}}}", text(id)),
        ("Fn::GetAtt", Value::Array(parts)) => format!("${{{}}}", parts.iter().map(text).collect::<Vec<_>>().join(".")),
        ("Fn::Join", Value::Array(parts)) => {
            let joined = parts[1].as_array().unwrap().iter().map(text).collect::<Vec<_>>();
            joined.join(parts[0].as_str().unwrap())
        }
        ("Fn::Sub", Value::String(text)) => text.replace("${AWS::Partition}", "aws").replace("${AWS::Region}", region),
        _ => panic!("{name} {argument}"),
    }
}

/// What the policies of a role grant: effect, action, resource and condition, each by itself.
fn grants(properties: &Value) -> BTreeSet<String> {
    let many = |value: &Value| value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
    let mut grants = BTreeSet::new();
    for policy in properties["Policies"].as_array().into_iter().flatten() {
        for statement in many(&policy["PolicyDocument"]["Statement"]) {
            for action in many(&statement["Action"]) {
                for resource in many(&statement["Resource"]) {
                    grants.insert(format!("{} {action} on {resource} {}", statement["Effect"], statement["Condition"]));
                }
            }
        }
    }
    grants
}
