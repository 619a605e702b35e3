//! Time and memory of each format over 100,000 findings in 1,000 files of 400 lines.
//!
//! `cargo bench --bench report`; memory is the growth of the process's peak (Linux alone), the findings and files
//! themselves not counted.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a program for developers")]

use leastwise::finding::{Confidence, Finding, Related, Status, Subject, fingerprint};
use leastwise::report::{Format, Options, Report, RuleText, write};
use leastwise::rule::Severity;
use leastwise::source::{Location, Sources};
use std::io::Write;
use std::time::Instant;

const FILES: u32 = 1_000;
const LINES: u32 = 400;
const FINDINGS_PER_FILE: u32 = 100;
const RULES: usize = 320;

fn main() {
    let sources = sources();
    let report = report();
    println!("{} findings, {} rules", report.findings.len(), report.rules.len());
    for format in [Format::Json, Format::Sarif, Format::Concise, Format::Text] {
        let before = peak();
        let start = Instant::now();
        let mut out = Counted(0);
        let left_out = write(&report, &sources, format, Options::default(), &mut out).unwrap();
        let (took, grown) = (start.elapsed(), peak().saturating_sub(before));
        let left_out = left_out.first().map_or(String::new(), |problem| format!("; {}", problem.message));
        println!("{format}: {took:.2?}, {} MB written, peak grew by {grown} KB{left_out}", out.0 / 1_000_000);
    }
}

/// A sink that counts.
struct Counted(usize);

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The largest resident size so far, in KB; 0 where the system does not tell.
fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|number| number.parse().ok()).unwrap_or(0)
}

fn path(file: u32) -> String {
    format!("services/{:04}/template.yaml", file)
}

fn sources() -> Sources {
    let line = |number: u32| {
        format!("      Resource{number}: {{Type: AWS::S3::Bucket, Properties: {{Name: bucket-{number}}}}}\n")
    };
    let text: String = (0..LINES).map(line).collect();
    let paths: Vec<String> = (0..FILES).map(path).collect();
    Sources::in_memory(paths.iter().map(|path| (path.as_str(), text.as_str())))
}

fn report() -> Report {
    let rule = |index: usize| RuleText {
        id: format!("XX{index:03}").into(),
        name: format!("rule-number-{index}").into(),
        title: "Bucket is not as it should be".into(),
        severities: vec![Severity::ALL[index % 4]],
        review: false,
        page: "# Title\n\nWhat it is.\n\n".to_owned().repeat(60).into(),
        category: "encryption".into(),
    };
    let rules: Vec<RuleText> = (0..RULES).map(rule).collect();
    let numbers = (0..FILES).flat_map(|file| (0..FINDINGS_PER_FILE).map(move |number| (file, number)));
    let findings = numbers.map(|(file, number)| finding(file, number, &rules)).collect();
    Report { findings, rules, ..Report::default() }
}

fn finding(file: u32, number: u32, rules: &[RuleText]) -> Finding {
    let rule = &rules[usize::try_from(file * 7 + number).unwrap() % rules.len()];
    let line = 1 + number * LINES / FINDINGS_PER_FILE;
    let place =
        |line| Location { path: path(file).into(), start_line: line, start_column: 7, end_line: line, end_column: 18 };
    let resource = Subject::new("AWS::S3::Bucket", format!("Resource{number}"));
    Finding {
        location: place(line),
        rule: rule.id.clone(),
        name: rule.name.clone(),
        severity: rule.severities[0],
        status: Status::Violated,
        confidence: Confidence::Definite,
        message: format!(
            "bucket Resource{number} holds personal data and is not encrypted with a customer-managed key"
        ),
        help: "Set SSE-KMS with a key of your own.".into(),
        profiles: vec!["gdpr".into()],
        fingerprint: fingerprint(&rule.id, &resource, "encryption.manager"),
        resource,
        related: vec![Related { location: place(1), text: "the label stands here".into() }],
        flow: Vec::new(),
    }
}
