//! Our own JSON, version 1: every finding and problem on a line of its own, written one at a time.

use super::content::{Report, Summary};
use crate::finding::{Confidence, Finding, Related, Status, Subject};
use crate::rule::Severity;
use crate::source::{Location, Sources};
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::Arc;

/// Writes the report; nothing but the record in hand is held in memory.
pub(super) fn write(report: &Report, sources: &Sources, out: &mut dyn Write) -> io::Result<()> {
    let base = match report.paths_base.as_str() {
        "" => sources.root().to_string_lossy().replace('\\', "/"),
        named => named.to_owned(),
    };
    out.write_all(b"{\"version\":1,\"paths_base\":")?;
    serde_json::to_writer(&mut *out, &base)?;
    out.write_all(b",\n\"findings\":[")?;
    write_lines(report.findings.iter().map(Record::of), out)?;
    out.write_all(b"],\n\"problems\":[")?;
    write_lines(report.problems.iter(), out)?;
    out.write_all(b"],\n\"doubts\":[")?;
    write_lines(report.doubts.iter(), out)?;
    out.write_all(b"],\n\"summary\":")?;
    serde_json::to_writer(&mut *out, &Counts::of(&report.summary))?;
    out.write_all(b"}\n")
}

fn write_lines<T: Serialize>(records: impl Iterator<Item = T>, out: &mut dyn Write) -> io::Result<()> {
    for (index, record) in records.enumerate() {
        out.write_all(if index == 0 { b"\n" } else { b",\n" })?;
        serde_json::to_writer(&mut *out, &record)?;
    }
    Ok(())
}

/// A finding in the order of keys that version 1 has.
#[derive(Serialize)]
struct Record<'a> {
    rule: &'a str,
    name: &'a str,
    severity: Severity,
    status: Status,
    confidence: Confidence,
    message: &'a str,
    help: &'a str,
    profiles: &'a [Arc<str>],
    resource: &'a Subject,
    location: &'a Location,
    related: &'a [Related],
    flow: &'a [Related],
    fingerprint: &'a str,
}

impl<'a> Record<'a> {
    fn of(finding: &'a Finding) -> Self {
        Self {
            rule: &finding.rule,
            name: &finding.name,
            severity: finding.severity,
            status: finding.status,
            confidence: finding.confidence,
            message: &finding.message,
            help: &finding.help,
            profiles: &finding.profiles,
            resource: &finding.resource,
            location: &finding.location,
            related: &finding.related,
            flow: &finding.flow,
            fingerprint: &finding.fingerprint,
        }
    }
}

/// The counts, with every severity named, also those that were not met.
#[derive(Serialize)]
struct Counts<'a> {
    files: usize,
    resources: usize,
    functions: usize,
    understood_partly: usize,
    not_understood: usize,
    skipped: usize,
    #[serde(serialize_with = "every_severity")]
    by_severity: &'a BTreeMap<Severity, usize>,
    review: usize,
    unknown: &'a BTreeMap<Arc<str>, usize>,
    problems: usize,
}

impl<'a> Counts<'a> {
    fn of(summary: &'a Summary) -> Self {
        Self {
            files: summary.files,
            resources: summary.resources,
            functions: summary.functions,
            understood_partly: summary.understood_partly,
            not_understood: summary.not_understood,
            skipped: summary.skipped,
            by_severity: &summary.by_severity,
            review: summary.review,
            unknown: &summary.unknown,
            problems: summary.problems,
        }
    }
}

fn every_severity<S: Serializer>(counts: &&BTreeMap<Severity, usize>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(Severity::ALL.map(|severity| (severity, counts.get(&severity).copied().unwrap_or(0))))
}
