//! The evaluation of IAM requests: written answers, and a program of others that answers the same questions.

use crate::tools;
use leastwise::iam::document::{self, Document};
use leastwise::iam::evaluate::{Caller, Context, Outcome, Policies, Request, decide};
use leastwise::source::{SourceFile, Sources};
use leastwise::syntax::json as reader;
use serde_json::{Value, json};
use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::Arc;

/// Groups of questions: what stands in a group holds for its questions unless they say otherwise. A policy is a list of
/// statements, in version 2012-10-17, or a whole document. `oracle` says why the other program answers otherwise.
const QUESTIONS: &str = include_str!("../iam/questions.json");

#[test]
fn requests_are_decided_as_documented() {
    let mut wrong = Vec::new();
    for question in questions() {
        let found = ours(&question);
        if found != question["is"] {
            wrong.push(format!("{found}, not {}: {question}", question["is"]));
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn there_are_enough_questions_and_each_says_where_it_is_from() {
    let questions = questions();
    let of_documents = questions.iter().filter(|question| question["source"] != "own").count();
    assert!(questions.len() >= 400 && of_documents >= 200, "{} and {of_documents}", questions.len());
    let text = QUESTIONS.to_ascii_lowercase();
    for operator in OPERATORS {
        assert!(text.contains(&format!("\"{}\"", operator.to_ascii_lowercase())), "no question asks {operator}");
    }
}

/// The condition operators of the IAM User Guide; the binary one is asked in unit tests.
const OPERATORS: [&str; 26] = [
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringLike",
    "StringNotLike",
    "NumericEquals",
    "NumericNotEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
    "DateEquals",
    "DateNotEquals",
    "DateLessThan",
    "DateLessThanEquals",
    "DateGreaterThan",
    "DateGreaterThanEquals",
    "Bool",
    "IpAddress",
    "NotIpAddress",
    "ArnEquals",
    "ArnLike",
    "ArnNotEquals",
    "ArnNotLike",
    "Null",
];

#[test]
fn another_program_decides_the_same() {
    let Some(modules) = tools::node_modules() else { return };
    let questions = questions();
    let program = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tools/simulate.cjs");
    let mut child = Command::new("node")
        .arg(program)
        .env("NODE_PATH", modules)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let asked: Vec<Value> = questions.iter().map(theirs).collect();
    child.stdin.take().unwrap().write_all(Value::from(asked).to_string().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let answers: Vec<String> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answers.len(), questions.len());
    let mut wrong = Vec::new();
    for (question, answer) in questions.iter().zip(&answers) {
        let same = question["is"] == answer.as_str();
        match question.get("oracle") {
            None if !same => wrong.push(format!("it says {answer}: {question}")),
            Some(_) if same => wrong.push(format!("a reason without need: {question}")),
            _ => {}
        }
    }
    assert!(wrong.is_empty(), "{} differ\n{}", wrong.len(), wrong.join("\n"));
}

/// Every question with what its group gives.
fn questions() -> Vec<Value> {
    let groups: Vec<Value> = serde_json::from_str(QUESTIONS).unwrap();
    let mut all = Vec::new();
    for group in groups {
        for ask in group["asks"].as_array().unwrap() {
            let mut question = group.as_object().unwrap().clone();
            question.remove("asks");
            question.extend(ask.as_object().unwrap().clone());
            all.push(Value::from(question));
        }
    }
    all
}

fn ours(question: &Value) -> &'static str {
    let sources = Sources::in_memory([]);
    let read = |policy: &Value| {
        let file: Arc<SourceFile> = sources.add(&sources.len().to_string(), policy.to_string());
        let (document, faults) = document::read(&reader::parse(&file).0.unwrap());
        assert!(faults.is_empty() || question.get("faults").is_some(), "{faults:?}: {question}");
        document
    };
    let all = |name: &str| list(question, name).iter().map(read).collect::<Vec<Document>>();
    let one = |name: &str| given(question, name).map(|policy| read(&policy));
    let (identity, scp) = (all("policy"), all("scp"));
    let (boundary, session, resource) = (one("boundary"), one("session"), one("resource_policy"));
    let policies = Policies {
        identity: identity.iter().collect(),
        boundary: boundary.as_ref(),
        session: session.iter().collect(),
        scp: scp.iter().collect(),
        resource: resource.as_ref(),
    };
    let mut context = Context::default();
    for (key, values) in question["context"].as_object().into_iter().flatten() {
        context.set(key, values.as_array().unwrap().iter().map(|value| value.as_str().unwrap().into()).collect());
    }
    let text = |name: &str| question[name].as_str().unwrap_or_else(|| panic!("no {name}: {question}"));
    let caller = Caller::parse(text("principal")).unwrap();
    match decide(&policies, &Request::within(caller, text("action"), text("resource"), context)).outcome {
        Outcome::Allowed => "allowed",
        Outcome::Denied => "denied",
        Outcome::Conditional => "conditional",
        Outcome::Unknown => "unknown",
    }
}

/// The question as the other program takes it: keys that are absent are left out.
fn theirs(question: &Value) -> Value {
    let context: serde_json::Map<String, Value> = question["context"]
        .as_object()
        .into_iter()
        .flatten()
        .filter_map(|(key, values)| {
            let values = values.as_array().unwrap();
            let value = if let [value] = values.as_slice() { value.clone() } else { values.clone().into() };
            (!values.is_empty()).then(|| (key.clone(), value))
        })
        .collect();
    let account = |arn: &Value| arn.as_str().and_then(|arn| arn.split(':').nth(4)).unwrap_or_default().to_owned();
    let given_account = context.get("aws:ResourceAccount").and_then(Value::as_str).map(str::to_owned);
    let places = [given_account, Some(account(&question["resource"])), Some(account(&question["principal"]))];
    let account = places.into_iter().flatten().find(|account| !account.is_empty());
    json!({
        "principal": question["principal"],
        "action": question["action"],
        "resource": question["resource"],
        "account": account.unwrap_or_else(|| "123456789012".to_owned()),
        "context": context,
        "policy": list(question, "policy"),
        "scp": list(question, "scp"),
        "session": given(question, "session"),
        "boundary": given(question, "boundary"),
        "resource_policy": given(question, "resource_policy"),
    })
}

fn list(question: &Value, name: &str) -> Vec<Value> {
    question[name].as_array().into_iter().flatten().map(whole).collect()
}

fn given(question: &Value, name: &str) -> Option<Value> {
    question.get(name).filter(|policy| !policy.is_null()).map(whole)
}

fn whole(policy: &Value) -> Value {
    if policy.is_array() { json!({"Version": "2012-10-17", "Statement": policy}) } else { policy.clone() }
}
