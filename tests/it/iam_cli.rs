//! `leastwise iam` as a user meets it: exit codes, first words, errors with their line.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const READ: &str = r#"{"Version": "2012-10-17", "Statement": [
  {"Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"},
  {"Sid": "Near", "Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::b/*",
   "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}},
  {"Sid": "Never", "Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::b/private/*"}]}"#;
const WIDE: &str =
    r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}}"#;
const BUCKET: &str = r#"{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}]}"#;
const CLOSED: &str = r#"{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*",
   "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}}]}"#;
const HARD: &str = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*a????????????????????b"}}"#;
const HARDER: &str = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*a????????????????????b*"}}"#;
const WRONG: &str = "{\"Version\": \"2012-10-17\", \"Statement\": [\n  {\"Effect\": \"Allow\", \"Action\": \"s3:*\", \"Resource\": \"*\",\n   \"Condition\": {\"StringEqual\": {\"a:b\": \"c\"}}}]}";

fn folder() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("iam-cli");
    fs::create_dir_all(&folder).unwrap();
    let files = [
        ("read.json", READ),
        ("wide.json", WIDE),
        ("bucket.json", BUCKET),
        ("closed.json", CLOSED),
        ("hard.json", HARD),
        ("harder.json", HARDER),
        ("wrong.json", WRONG),
        ("broken.json", "{\n  \"Statement\": ["),
    ];
    for (name, text) in files {
        let path = folder.join(name);
        if fs::read_to_string(&path).ok().as_deref() != Some(text) {
            fs::write(path, text).unwrap();
        }
    }
    folder
}

fn run(words: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_leastwise"))
        .arg("iam")
        .args(words.split_whitespace())
        .current_dir(folder())
        .output()
        .unwrap()
}

/// The exit code and the first word of the standard output.
fn answer(words: &str) -> (i32, String) {
    let output = run(words);
    let text = String::from_utf8(output.stdout).unwrap();
    (output.status.code().unwrap(), text.split_whitespace().next().unwrap_or_default().to_owned())
}

#[test]
fn can_says_it_in_one_word() {
    let ask =
        |rest: &str| answer(&format!("can --policy read.json --principal arn:aws:iam::123456789012:user/ann {rest}"));
    let put = "--action s3:PutObject --resource arn:aws:s3:::b/k";
    assert_eq!(ask("--action s3:GetObject --resource arn:aws:s3:::b/k"), (0, "allowed".to_owned()));
    assert_eq!(ask("--action s3:GetObject --resource arn:aws:s3:::b/private/k"), (1, "denied".to_owned()));
    assert_eq!(ask("--action s3:DeleteObject --resource arn:aws:s3:::b/k"), (1, "denied".to_owned()));
    assert_eq!(ask(put), (1, "conditional".to_owned()));
    assert_eq!(ask(&format!("{put} --context aws:SourceIp=10.1.2.3")), (0, "allowed".to_owned()));
    assert_eq!(ask(&format!("{put} --context aws:SourceIp=8.8.8.8")), (1, "denied".to_owned()));
    assert_eq!(ask(&format!("{put} --context aws:SourceIp=10.1.2.3 --boundary wide.json")), (1, "denied".to_owned()));
    assert_eq!(
        ask(
            "--action kms:Decrypt --resource arn:aws:kms:eu-west-1:123456789012:key/1 --policy arn:aws:iam::aws:policy/AdministratorAccess"
        ),
        (1, "unknown".to_owned())
    );
    assert_eq!(
        answer("can --resource-policy bucket.json --principal * --action s3:GetObject --resource arn:aws:s3:::b/k"),
        (0, "allowed".to_owned())
    );
    let text =
        String::from_utf8(run(&format!("can --policy read.json --principal 123456789012 {put}")).stdout).unwrap();
    assert_eq!(text, "allowed\n", "a root user needs no policy");
}

#[test]
fn can_names_the_keys_and_the_statements() {
    let ask = "can --policy read.json --principal arn:aws:iam::123456789012:user/ann --resource arn:aws:s3:::b/k";
    let text = String::from_utf8(run(&format!("{ask} --action s3:PutObject")).stdout).unwrap();
    assert_eq!(text, "conditional on aws:sourceip\n  Allow Near of the identity policy, perhaps (read.json:3)\n");
    let output = run(&format!("{ask} --action s3:GetObject -o json"));
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&json["outcome"], &json["version"]), (&"allowed".into(), &1.into()));
    assert_eq!(json["statements"][0]["sid"], "Read");
    assert_eq!(json["statements"][0]["line"], 2);
}

#[test]
fn comparisons_are_gates() {
    for (words, code) in [
        ("no-new-access --old read.json --new read.json", 0),
        ("no-new-access --old wide.json --new read.json", 1),
        ("no-new-access --old read.json --new wide.json", 1),
        ("no-new-access --old bucket.json --new closed.json", 0),
        ("no-new-access --old closed.json --new bucket.json", 1),
        ("no-new-access --old hard.json --new harder.json", 1),
        ("no-new-access --old read.json --new bucket.json", 2),
        ("no-new-access --old read.json --new missing.json", 2),
        ("access-not-granted --policy read.json --action s3:DeleteObject iam:*", 0),
        ("access-not-granted --policy read.json --action s3:PutObject", 1),
        ("access-not-granted --policy read.json --action s3:GetObject --resource arn:aws:s3:::b/private/*", 0),
        ("access-not-granted --policy read.json --action s3:GetObjct", 2),
        ("access-not-granted --policy read.json", 2),
        ("public-access --policy bucket.json", 1),
        ("public-access --policy bucket.json --type AWS::S3::Bucket", 1),
        ("public-access --policy closed.json --type AWS::S3::Bucket", 0),
        ("public-access --policy bucket.json --type bucket", 2),
        ("public-access --policy read.json", 2),
        ("can --policy read.json --principal nobody --action s3:GetObject --resource *", 2),
        ("can --policy read.json --principal 123456789012 --action s3:* --resource *", 2),
        ("can --policy broken.json --principal 123456789012 --action s3:GetObject --resource *", 2),
        ("can --policy read.json --principal 123456789012 --action s3:GetObject", 2),
        ("", 2),
    ] {
        let output = run(words);
        let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{words}: {said}");
        for format in ["text", "json"] {
            if code != 2 {
                assert_eq!(run(&format!("{words} -o {format}")).status.code(), Some(code), "{words}");
            }
        }
    }
    assert_eq!(answer("no-new-access --old hard.json --new harder.json").1, "unknown");
    let found = String::from_utf8(run("no-new-access --old read.json --new wide.json").stdout).unwrap();
    assert!(found.starts_with("new access: s3:Get"), "{found}");
    let output = run("no-new-access --old closed.json --new bucket.json -o json");
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["witness"]["principal"], "anyone");
    assert_eq!(json["witness"]["context"]["aws:principalorgid"], serde_json::json!([]));
}

#[test]
fn what_is_wrong_is_said_with_its_line() {
    let output = run("can --policy wrong.json --principal 123456789012 --action s3:GetObject --resource *");
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("wrong.json:3: there is no condition operator `StringEqual`"), "{said}");
    let said = String::from_utf8(run("access-not-granted --policy read.json --action s3:GetObjct").stderr).unwrap();
    assert!(said.contains("did you mean s3:GetObject?"), "{said}");
}
