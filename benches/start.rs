//! What a start costs with many rules of which a scan asks few: `cargo bench --bench start`.

#![allow(missing_docs, clippy::print_stdout, clippy::unwrap_used, reason = "a program for people")]

use leastwise::config::Config;
use leastwise::engine;
use leastwise::fact;
use leastwise::flow::{self, Setup};
use leastwise::infra::Options;
use leastwise::rule::{RuleSource, built_in};
use leastwise::source::Sources;
use std::time::Instant;

const RUNS: u32 = 50;

fn main() {
    let template = "Resources:\n  B:\n    Type: AWS::S3::Bucket\n  Q:\n    Type: AWS::SQS::Queue\n";
    for count in [38, 100, 300, 1_000] {
        let rules = rules(count);
        let started = Instant::now();
        let mut findings = 0;
        for _ in 0..RUNS {
            let rules = engine::load(&rules, usize::MAX, &fact::entity_types()).unwrap();
            let today = "2026-11-21".parse().unwrap();
            let setup = Setup::new(&rules, &Config::default(), &[], Options::default(), today);
            let sources = Sources::in_memory([("template.yaml", template)]);
            findings = flow::judge(&sources, &setup, &mut |_| {}).findings.len();
        }
        println!("{count:>5} rules: {:?} a scan of two resources, {findings} findings", started.elapsed() / RUNS);
    }
}

/// The built-in rules again and again: the first time as they are, then for types of other names.
fn rules(count: usize) -> Vec<RuleSource> {
    let built_in = built_in();
    let copy = |number: usize| {
        let rule = &built_in[number % built_in.len()];
        let round = number / built_in.len();
        if round == 0 {
            return rule.clone();
        }
        let cedar = rule.cedar.replace("@id(\"", &format!("@id(\"C{round}"));
        let cedar = cedar.replace("resource is ", &format!("resource is C{round}::"));
        RuleSource { path: format!("{round}/{}", rule.path).into(), cedar: cedar.into(), ..rule.clone() }
    };
    (0..count).map(copy).collect()
}
