//! What questions about IAM policies cost: `cargo bench --bench iam`.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a program for developers")]

use leastwise::iam::document::{self, Document};
use leastwise::iam::evaluate::{Caller, Policies, Request, decide};
use leastwise::iam::inclusion::new_access;
use leastwise::iam::{managed, pattern};
use leastwise::source::Sources;
use leastwise::syntax::json;
use std::hint::black_box;
use std::time::Instant;

fn main() {
    let sources = Sources::in_memory([]);
    let read = |text: &str| {
        let file = sources.add(&sources.len().to_string(), text.to_owned());
        document::read(&json::parse(&file).0.unwrap()).0
    };
    patterns();
    decisions(&read(managed::document("PowerUserAccess").unwrap()));
    comparisons(&|name: &str| read(managed::document(name).unwrap()));
}

/// Questions as a scan asks them: one pattern of resources against a few.
fn patterns() {
    let outer = ["arn:aws:s3:::app-*/*", "arn:aws:dynamodb:*:123456789012:table/orders*", "arn:aws:sqs:*:*:jobs-?"];
    let inner = [
        "arn:aws:s3:::app-data/in/*",
        "arn:aws:s3:::ap*/x",
        "arn:aws:dynamodb:eu-west-1:123456789012:table/orders/index/*",
        "arn:aws:dynamodb:*:*:table/*",
        "arn:aws:sqs:eu-west-1:123456789012:jobs-1",
    ];
    time("inclusion of one ARN in three patterns", 10_000, |round| {
        pattern::includes(&outer, &[inner[round % inner.len()]]).is_ok()
    });
    let many: Vec<String> = (0..40).map(|number| format!("arn:aws:s3:::b{number}-*/in/*")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    time("40 patterns in 40", 200, |_| pattern::witness(&[&many], &many).is_ok());
    time("an adversarial one, to its bound", 3, |_| {
        pattern::includes(&["*a????????????????????b"], &["*a????????????????????b*"]).is_err()
    });
}

fn decisions(power: &Document) {
    let policies = Policies { identity: vec![power], ..Policies::default() };
    let caller = Caller::parse("arn:aws:iam::123456789012:role/r").unwrap();
    let resources: Vec<String> = (0..100).map(|number| format!("arn:aws:s3:::bucket-{number}/key")).collect();
    time("a decision under PowerUserAccess", 10_000, |round| {
        let request = Request::new(caller.clone(), "s3:GetObject", &resources[round % resources.len()]);
        decide(&policies, &request).statements.len() == 1
    });
}

fn comparisons(managed: &dyn Fn(&str) -> Document) {
    for (old, new) in [
        ("AmazonS3FullAccess", "AmazonS3ReadOnlyAccess"),
        ("PowerUserAccess", "ReadOnlyAccess"),
        ("AWSLambda_FullAccess", "AWSLambda_ReadOnlyAccess"),
        ("AdministratorAccess", "PowerUserAccess"),
    ] {
        let (before, after) = (managed(old), managed(new));
        time(&format!("no new access from {old} to {new}"), 20, |_| {
            black_box(new_access(&after, &before));
            true
        });
    }
}

/// Prints the mean time of a question; each must answer as it is expected to.
fn time(what: &str, count: usize, ask: impl Fn(usize) -> bool) {
    assert!(ask(0));
    let start = Instant::now();
    for round in 0..count {
        assert!(black_box(ask(round)));
    }
    println!("{what}: {:.1} µs", start.elapsed().as_secs_f64() * 1e6 / f64::from(u32::try_from(count).unwrap()));
}
