//! What a scan does not ask for is not read: each scan runs in a process of its own, since what is read stays read.

use crate::scan::scan;
use leastwise::iam::action::catalogue_is_read;
use std::process::Command;

const BUCKET: &str = "Resources:\n  Data:\n    Type: AWS::S3::Bucket\n  Jobs:\n    Type: AWS::SQS::Queue\n";
const CODE: &str = "import json\n\ndef handler(event, context):\n    return json.dumps(event)\n";
const POLICY: &str = "  Read:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Statement:\n          - {Effect: Allow, Action: 's3:Get*', Resource: '*'}\n";

#[test]
fn a_scan_without_policies_does_not_read_the_catalogue() {
    assert_eq!(said_of(BUCKET), "the catalogue is not read");
    assert_eq!(said_of(&format!("{BUCKET}{POLICY}")), "the catalogue is read");
}

/// What a process of its own says after it has scanned a template.
fn said_of(template: &str) -> String {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "lazy::a_scan_of_its_own", "--ignored", "--nocapture"])
        .env("LEASTWISE_TEST_TEMPLATE", template)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let line = said.lines().find(|line| line.contains("the catalogue"));
    line.unwrap_or_else(|| panic!("{said}")).to_owned()
}

#[test]
#[ignore = "run by another test, in a process of its own"]
fn a_scan_of_its_own() {
    let template = std::env::var("LEASTWISE_TEST_TEMPLATE").unwrap();
    scan(&[("template.yaml".to_owned(), template), ("src/app.py".to_owned(), CODE.to_owned())]);
    println!("the catalogue is {}read", if catalogue_is_read() { "" } else { "not " });
}
