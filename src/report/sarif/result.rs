//! Findings as SARIF's results, built one at a time.

use super::super::content::Report;
use super::descriptor::{Descriptors, level, sentence};
use super::line_hash::line_hashes;
use super::place::{message, physical};
use crate::finding::{Confidence, Finding, Related, Status};
use crate::source::Sources;
use serde_json::{Value, json};
use serde_sarif::sarif::{
    CodeFlow, Location, LogicalLocation, PropertyBag, Result, ResultKind, ResultLevel, ThreadFlow, ThreadFlowLocation,
};
use std::collections::BTreeMap;
use std::sync::Arc;

/// GitHub's limit of locations in a result.
const MOST_LOCATIONS: usize = 1_000;

/// Builds results; it keeps the line hashes of one file, since findings come file by file.
pub(super) struct Results<'a> {
    report: &'a Report,
    sources: &'a Sources,
    descriptors: &'a Descriptors,
    hashed: Option<(Arc<str>, BTreeMap<u32, String>)>,
}

impl<'a> Results<'a> {
    /// A builder for the findings of a report.
    pub(super) fn new(report: &'a Report, sources: &'a Sources, descriptors: &'a Descriptors) -> Self {
        Self { report, sources, descriptors, hashed: None }
    }

    /// The result of the finding at an index of the report; `None` past the end.
    pub(super) fn build(&mut self, index: usize) -> Option<Result> {
        let finding = self.report.findings.get(index)?;
        let (rule, rule_index) = self.descriptors.find(finding)?;
        let (kind, level) = match finding.status {
            Status::Violated => (ResultKind::Fail, result_level(level(finding.severity))),
            Status::Review => (ResultKind::Review, ResultLevel::None),
            Status::Unknown => (ResultKind::Open, ResultLevel::None),
        };
        let linked: Vec<&Related> = self.inside(&finding.related).take(MOST_LOCATIONS - 1).collect();
        let mut result = Result::builder()
            .rule_id(rule)
            .rule_index(i64::try_from(rule_index).unwrap_or(-1))
            .kind(kind)
            .level(level)
            .message(message(self.text(finding, &linked)))
            .locations(vec![self.location(finding)])
            .partial_fingerprints(self.fingerprints(index, finding))
            .properties(properties(finding))
            .build();
        if !linked.is_empty() {
            result.related_locations = Some(self.related(&linked));
        }
        if !finding.flow.is_empty() {
            result.code_flows = Some(vec![self.flow(finding)]);
        }
        Some(result)
    }

    fn inside<'r>(&self, places: &'r [Related]) -> impl Iterator<Item = &'r Related> + use<'r, 'a> {
        let report = self.report;
        places.iter().filter(move |place| !report.is_outside(&place.location.path))
    }

    /// The message as sentences; GitHub takes the first for the title. Related places are linked, because it shows
    /// only those that are.
    fn text(&self, finding: &Finding, linked: &[&Related]) -> String {
        let mut text = escaped(&sentence(&finding.message), finding.message.contains("]("));
        if (finding.status, finding.confidence) == (Status::Violated, Confidence::Possible) {
            text.push_str(" This is possible, not certain: it hangs on something that could not be resolved.");
        }
        if !finding.help.is_empty() {
            text.push(' ');
            text.push_str(&escaped(&sentence(&finding.help), finding.help.contains("](")));
        }
        let links =
            linked.iter().enumerate().map(|(index, place)| format!("[{}]({})", escaped(&place.text, true), index + 1));
        let links: Vec<String> = links.collect();
        if !links.is_empty() {
            text.push_str(&format!(" See: {}.", links.join("; ")));
        }
        for place in finding.related.iter().filter(|place| self.report.is_outside(&place.location.path)) {
            text.push_str(&format!(" Also: {}.", outside_text(place)));
        }
        text
    }

    /// Where it is: in a file, and in the tree of constructs where there is one.
    fn location(&self, finding: &Finding) -> Location {
        let mut location = Location::builder().physical_location(physical(&finding.location, self.sources)).build();
        if let Some(construct) = &finding.resource.construct {
            let logical = LogicalLocation::builder()
                .name(finding.resource.name.to_string())
                .fully_qualified_name(construct.to_string())
                .kind("resource".to_owned());
            location.logical_locations = Some(vec![logical.build()]);
        }
        location
    }

    fn related(&self, places: &[&Related]) -> Vec<Location> {
        let location = |(index, place): (usize, &&Related)| {
            Location::builder()
                .id(i64::try_from(index + 1).unwrap_or(-1))
                .physical_location(physical(&place.location, self.sources))
                .message(message(escaped(&place.text, false)))
                .build()
        };
        places.iter().enumerate().map(location).collect()
    }

    /// The path from cause to effect. A step outside the repository has no file to point at: it stands at the
    /// finding's own place and names where it is.
    fn flow(&self, finding: &Finding) -> CodeFlow {
        let step = |place: &Related| {
            let (at, text) = if self.report.is_outside(&place.location.path) {
                (&finding.location, outside_text(place))
            } else {
                (&place.location, escaped(&place.text, false))
            };
            let location =
                Location::builder().physical_location(physical(at, self.sources)).message(message(text)).build();
            ThreadFlowLocation::builder().location(location).build()
        };
        let steps: Vec<ThreadFlowLocation> = finding.flow.iter().take(MOST_LOCATIONS).map(step).collect();
        CodeFlow::builder().thread_flows(vec![ThreadFlow::builder().locations(steps).build()]).build()
    }

    fn fingerprints(&mut self, index: usize, finding: &Finding) -> BTreeMap<String, String> {
        let mut fingerprints = BTreeMap::from([("leastwise/v1".to_owned(), finding.fingerprint.to_string())]);
        let path = &finding.location.path;
        if self.hashed.as_ref().is_none_or(|(known, _)| known != path) {
            self.hashed = Some((path.clone(), self.hash_file(index, path)));
        }
        if let Some(hash) = self.hashed.as_ref().and_then(|(_, hashes)| hashes.get(&finding.location.start_line)) {
            fingerprints.insert("primaryLocationLineHash".into(), hash.clone());
        }
        fingerprints
    }

    /// The hashes of the lines that this and the following findings of the same file point at.
    fn hash_file(&self, index: usize, path: &Arc<str>) -> BTreeMap<u32, String> {
        let Ok(file) = self.sources.open(path) else {
            return BTreeMap::new();
        };
        let findings = self.report.findings.iter().skip(index).take_while(|finding| finding.location.path == *path);
        line_hashes(&file.text, &findings.map(|finding| finding.location.start_line).collect())
    }
}

fn outside_text(place: &Related) -> String {
    let at = &place.location;
    escaped(&format!("{} ({}, line {})", place.text, at.path, at.start_line), false)
}

/// In SARIF's messages `[text](1)` is a link; brackets that are none get a backslash.
fn escaped(text: &str, brackets: bool) -> String {
    if brackets { text.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]") } else { text.to_owned() }
}

fn result_level(word: &str) -> ResultLevel {
    match word {
        "error" => ResultLevel::Error,
        "warning" => ResultLevel::Warning,
        _ => ResultLevel::Note,
    }
}

fn properties(finding: &Finding) -> PropertyBag {
    let bag: BTreeMap<String, Value> = BTreeMap::from([
        ("confidence".to_owned(), json!(finding.confidence)),
        ("profiles".to_owned(), json!(finding.profiles)),
        ("resource".to_owned(), json!(finding.resource)),
        ("severity".to_owned(), json!(finding.severity)),
    ]);
    PropertyBag::builder().additional_properties(bag).build()
}
