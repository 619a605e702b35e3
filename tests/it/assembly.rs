//! Cloud assemblies through the whole flow: the three that tools/cdk makes from our own constructs.

use crate::cloudformation::scanned;
use crate::files::{entries, root};
use crate::scan::rules;
use leastwise::finding::{Finding, Status};
use leastwise::flow::Outcome;
use leastwise::report::{self, Format, Report};
use leastwise::source::{Sources, collect};

fn fixture(name: &str) -> (Sources, Outcome) {
    let folder = root().join("fixtures").join(name);
    let (collected, problems) = collect(&folder, std::slice::from_ref(&folder), &[]);
    assert_eq!(problems, []);
    let walked = collected.sources.walked_under("");
    let files: Vec<_> = walked.iter().map(|(path, _)| (path, collected.sources.open(path).unwrap())).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, file)| (&***path, file.text.as_str())).collect();
    scanned(&files)
}

fn of<'a>(outcome: &'a Outcome, rule: &str) -> Vec<&'a Finding> {
    let told = outcome.findings.iter().filter(|finding| finding.status == Status::Violated);
    told.filter(|finding| &*finding.rule == rule).collect()
}

#[test]
fn code_is_found_in_assets_and_compared_with_roles_of_other_stacks() {
    let (_, outcome) = fixture("cdk-orders");
    assert_eq!(outcome.problems, []);
    assert_eq!(
        outcome.projects.len(),
        1,
        "{:?}",
        outcome.projects.iter().map(|project| &project.path).collect::<Vec<_>>()
    );
    let unused = of(&outcome, "XL001");
    assert!(unused.len() == 1 && unused[0].message.contains("dynamodb:DeleteTable"), "{unused:?}");
    let missing = of(&outcome, "XL002");
    assert!(missing.len() == 1 && missing[0].message.contains("sns:Publish"), "{missing:?}");
    assert!(missing[0].location.path.ends_with("/app.py"), "{missing:?}");
    assert_eq!(missing[0].resource.construct.as_deref(), Some("OrdersApi/Place/Resource"));
    assert!(missing[0].resource.name.starts_with("Place"));
}

#[test]
fn a_nested_stack_is_found_by_its_asset_and_its_constructs_are_named() {
    let (_, outcome) = fixture("cdk-nested");
    assert_eq!(outcome.problems, []);
    let unused = of(&outcome, "XL001");
    assert!(unused.len() == 1 && unused[0].message.contains("s3:PutObject"), "{unused:?}");
    let role = unused[0].resource.construct.as_deref().unwrap_or_default();
    assert!(role.starts_with("Shop/Notifications/Notify/"), "{role}");
    let topic = of(&outcome, "EN006");
    let [topic] = topic.as_slice() else { panic!("{topic:?}") };
    assert_eq!(topic.resource.construct.as_deref(), Some("Shop/Notifications/Shipped/Resource"));
    assert!(topic.location.path.ends_with(".nested.template.json"));
    assert_eq!(&*topic.related[0].location.path, "cdk.out/Shop.template.json");
    // What the nested stack hands back is the topic itself.
    let project = &outcome.projects[0];
    let policy = project.of_kind("AWS::SQS::QueuePolicy").next().unwrap();
    let shown = format!("{:?}", policy.properties.references());
    assert!(shown.contains("Shipped"), "{shown}");
}

#[test]
fn stages_are_projects_of_their_own_that_share_an_asset() {
    let (_, outcome) = fixture("cdk-stages");
    assert_eq!(outcome.problems, []);
    let regions: Vec<String> = outcome.projects.iter().map(|project| project.region.to_string()).collect();
    assert_eq!(regions, ["us-east-1", "eu-west-1"]);
    let constructs: Vec<&str> =
        of(&outcome, "EN006").iter().filter_map(|finding| finding.resource.construct.as_deref()).collect();
    assert_eq!(constructs, ["Prod/Orders/Placed/Resource", "Test/Orders/Placed/Resource"]);
    // BatchWriteItem and the rest of what grantWriteData gives is never used, in both stages.
    assert_eq!(of(&outcome, "XL001").len(), 2, "{:?}", of(&outcome, "XL001"));
    assert!(of(&outcome, "XL002").is_empty());
}

#[test]
fn every_report_names_the_construct() {
    for name in entries(&root().join("fixtures")).iter().filter_map(|path| path.file_name()?.to_str()) {
        if !name.starts_with("cdk-") {
            continue;
        }
        let (sources, outcome) = fixture(name);
        let topic = of(&outcome, "EN006")[0].clone();
        let construct = topic.resource.construct.clone().unwrap();
        let report = Report { paths_base: ".".to_owned(), ..outcome.report(rules(), &sources, 0, false) };
        let written = |format| {
            let mut out = Vec::new();
            report::write(&report, &sources, format, report::Options::default(), &mut out).unwrap();
            String::from_utf8(out).unwrap()
        };
        assert!(written(Format::Text).contains(&format!("= construct: {construct}")), "{}", written(Format::Text));
        let json: serde_json::Value = serde_json::from_str(&written(Format::Json)).unwrap();
        let found = json["findings"].as_array().unwrap().iter().find(|one| one["rule"] == "EN006").unwrap();
        assert_eq!(found["resource"]["name"], *topic.resource.name);
        assert_eq!(found["resource"]["construct"], *construct);
        let sarif: serde_json::Value = serde_json::from_str(&written(Format::Sarif)).unwrap();
        let results = sarif["runs"][0]["results"].as_array().unwrap();
        let of_rule = |one: &&serde_json::Value| one["ruleId"].as_str().unwrap().starts_with("EN006");
        let place = &results.iter().find(of_rule).unwrap()["locations"][0]["logicalLocations"][0];
        assert_eq!((&place["fullyQualifiedName"], &place["kind"]), (&(&*construct).into(), &"resource".into()));
    }
}
