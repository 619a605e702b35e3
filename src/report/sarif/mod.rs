//! SARIF 2.1.0 as GitHub code scanning reads it: one run, each result built and written by itself.

mod descriptor;
mod line_hash;
mod place;
mod result;
mod selection;

use super::content::Report;
use super::phrase::number;
use crate::source::{Problem, ProblemKind, Sources};
use descriptor::Descriptors;
use place::{message, of_file};
use result::Results;
use selection::Selection;
use serde::Serialize;
use serde_json::json;
use serde_sarif::sarif::{
    Location, MultiformatMessageString, Notification, ReportingDescriptor, ReportingDescriptorReference,
    RunAutomationDetails, Tool, ToolComponent,
};
use std::io::{self, Write};

/// Where the schema is published; consumers take it as a name.
const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// Writes the log. Findings outside the repository and those beyond GitHub's limit are left out; they are counted
/// in a notification and in the problems that are returned.
pub(super) fn write(
    report: &Report,
    sources: &Sources,
    category: &str,
    out: &mut dyn Write,
) -> io::Result<Vec<Problem>> {
    let descriptors = Descriptors::of(report);
    let mut selection = Selection::of(report);
    let left_out = left_out(&selection);
    write!(out, "{{\"$schema\":\"{SCHEMA}\",\"version\":\"2.1.0\",\"runs\":[{{\n\"tool\":")?;
    serde_json::to_writer(&mut *out, &tool(&descriptors))?;
    out.write_all(b",\n\"automationDetails\":")?;
    let id = format!("leastwise/{category}/");
    serde_json::to_writer(&mut *out, &RunAutomationDetails::builder().id(id).build())?;
    out.write_all(b",\n\"columnKind\":\"unicodeCodePoints\"")?;
    if !report.doubts.is_empty() {
        out.write_all(b",\n\"properties\":")?;
        serde_json::to_writer(&mut *out, &json!({ "doubts": report.doubts }))?;
    }
    let successful = !report.failed;
    write!(out, ",\n\"invocations\":[{{\"executionSuccessful\":{successful},\"toolExecutionNotifications\":[")?;
    let problems = report.problems.iter().chain(&left_out).map(|problem| notification(report, problem));
    write_lines(problems, out)?;
    out.write_all(b"]}],\n\"results\":[")?;
    let mut results = Results::new(report, sources, &descriptors);
    let chosen = (0..report.findings.len()).filter(|index| selection.takes(report, *index));
    write_lines(chosen.filter_map(|index| results.build(index)), out)?;
    out.write_all(b"]\n}]}\n")?;
    Ok(left_out)
}

fn write_lines<T: Serialize>(records: impl Iterator<Item = T>, out: &mut dyn Write) -> io::Result<()> {
    for (index, record) in records.enumerate() {
        out.write_all(if index == 0 { b"\n" } else { b",\n" })?;
        serde_json::to_writer(&mut *out, &record)?;
    }
    Ok(())
}

fn left_out(selection: &Selection) -> Vec<Problem> {
    let mut problems = Vec::new();
    if selection.outside > 0 {
        let text = format!(
            "{} about the account left out of the SARIF log, because no file of the repository holds what they are \
             about; the other formats show them",
            number(selection.outside, "finding")
        );
        problems.push(Problem::new(ProblemKind::Limit, text));
    }
    if selection.beyond > 0 {
        let text = format!(
            "{} left out of the SARIF log, the least severe ones: code scanning takes at most {} results; the other \
             formats show all",
            number(selection.beyond, "finding"),
            selection::MOST_RESULTS
        );
        problems.push(Problem::new(ProblemKind::Limit, text));
    }
    problems
}

fn tool(descriptors: &Descriptors) -> Tool {
    let mut driver = ToolComponent::builder()
        .name("leastwise")
        .semantic_version(env!("CARGO_PKG_VERSION"))
        .rules(descriptors.rules.clone())
        .notifications(ProblemKind::ALL.map(described).to_vec())
        .build();
    let repository = env!("CARGO_PKG_REPOSITORY");
    driver.information_uri = (!repository.is_empty()).then(|| repository.to_owned());
    Tool::builder().driver(driver).build()
}

/// What a kind of problem means, as a descriptor for the notifications.
fn described(kind: ProblemKind) -> ReportingDescriptor {
    let (name, text) = match kind {
        ProblemKind::Parse => ("file-not-parsed", "A file is not what its format says."),
        ProblemKind::Io => ("file-not-read", "A file could not be read."),
        ProblemKind::Limit => ("bound-reached", "A bound was reached; what lies beyond it was not judged or written."),
        ProblemKind::Coverage => ("part-not-covered", "A part of an account or a project is not covered."),
        ProblemKind::Rule => ("rule-not-evaluated", "A rule could not be evaluated as it is written."),
        ProblemKind::Config => ("setting-not-understood", "A setting or label is not understood."),
    };
    let text = MultiformatMessageString::builder().text(text).build();
    ReportingDescriptor::builder()
        .id(kind.as_str())
        .name(name)
        .short_description(text.clone())
        .full_description(text.clone())
        .help(text)
        .build()
}

fn notification(report: &Report, problem: &Problem) -> Notification {
    let index = ProblemKind::ALL.iter().position(|kind| *kind == problem.kind).unwrap_or(0);
    let text = match &problem.action {
        Some(action) => format!("{action}: {}", problem.message),
        None => problem.message.clone(),
    };
    let mut notification = Notification::builder()
        .descriptor(
            ReportingDescriptorReference::builder()
                .id(problem.kind.as_str())
                .index(i64::try_from(index).unwrap_or(0))
                .build(),
        )
        .level(json!("warning"))
        .message(message(descriptor::sentence(&text)))
        .build();
    if let Some(path) = problem.path.as_ref().filter(|path| !report.is_outside(path)) {
        let location = Location::builder().physical_location(of_file(path, problem.line)).build();
        notification.locations = Some(vec![location]);
    }
    notification
}
