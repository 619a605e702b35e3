//! Rules as SARIF's reporting descriptors: one for each rule and severity, because a consumer takes the severity
//! from the rule and not from the result.

use super::super::content::{Report, RuleText};
use crate::finding::{Finding, Status};
use crate::rule::Severity;
use serde_json::{Value, json};
use serde_sarif::sarif::{MultiformatMessageString, PropertyBag, ReportingConfiguration, ReportingDescriptor};
use std::collections::BTreeMap;

/// GitHub's limits: characters of a name and of a description, tags of a rule.
const LONGEST_NAME: usize = 255;
const LONGEST_DESCRIPTION: usize = 1_024;
const MOST_TAGS: usize = 20;

/// The descriptors of all rules that were asked, in order, and where each is found.
pub(super) struct Descriptors {
    /// The descriptors.
    pub(super) rules: Vec<ReportingDescriptor>,
    index: BTreeMap<(String, Grade), usize>,
}

/// What a descriptor of a rule stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Grade {
    Severity(Severity),
    Review,
}

impl Descriptors {
    /// Describes the report's rules, and those of its findings that have no text.
    pub(super) fn of(report: &Report) -> Self {
        let mut descriptors = Self { rules: Vec::new(), index: BTreeMap::new() };
        for text in &report.rules {
            let severities = text.severities.iter().map(|severity| Grade::Severity(*severity));
            for grade in severities.chain(text.review.then_some(Grade::Review)) {
                descriptors.add(text, grade);
            }
        }
        for finding in &report.findings {
            if descriptors.index_of(finding).is_none() {
                descriptors.add(&text_of(finding, &report.rules), grade(finding));
            }
        }
        descriptors
    }

    /// Id and index of a finding's descriptor.
    pub(super) fn find(&self, finding: &Finding) -> Option<(&str, usize)> {
        let index = self.index_of(finding)?;
        Some((self.rules.get(index)?.id.as_str(), index))
    }

    fn index_of(&self, finding: &Finding) -> Option<usize> {
        self.index.get(&(finding.rule.to_string(), grade(finding))).copied()
    }

    fn add(&mut self, text: &RuleText, grade: Grade) {
        let key = (text.id.to_string(), grade);
        if self.index.contains_key(&key) {
            return;
        }
        let id = match grade {
            Grade::Review => format!("{}/review", text.id),
            Grade::Severity(severity) if text.severities.first().is_none_or(|first| *first == severity) => {
                text.id.to_string()
            }
            Grade::Severity(severity) => format!("{}/{severity}", text.id),
        };
        self.index.insert(key, self.rules.len());
        self.rules.push(describe(text, id, grade));
    }
}

fn grade(finding: &Finding) -> Grade {
    match finding.status {
        Status::Review => Grade::Review,
        Status::Violated | Status::Unknown => Grade::Severity(finding.severity),
    }
}

fn text_of(finding: &Finding, texts: &[RuleText]) -> RuleText {
    texts.iter().find(|text| text.id == finding.rule).cloned().unwrap_or_else(|| RuleText {
        id: finding.rule.clone(),
        name: finding.name.clone(),
        title: finding.name.clone(),
        severities: vec![finding.severity],
        review: false,
        page: "".into(),
        category: "rule".into(),
    })
}

fn describe(text: &RuleText, id: String, grade: Grade) -> ReportingDescriptor {
    let title = cut(&sentence(&text.title), LONGEST_DESCRIPTION);
    let about =
        cut(&first_paragraph(&text.page).map_or_else(|| title.clone(), |text| sentence(&text)), LONGEST_DESCRIPTION);
    let page = if text.page.trim().is_empty() { title.as_str() } else { text.page.trim() };
    let help = MultiformatMessageString::builder().text(page).markdown(page).build();
    let level = match grade {
        Grade::Severity(severity) => level(severity),
        Grade::Review => "none",
    };
    ReportingDescriptor::builder()
        .id(id)
        .name(cut(&text.name, LONGEST_NAME))
        .short_description(MultiformatMessageString::builder().text(title).build())
        .full_description(MultiformatMessageString::builder().text(about).build())
        .help(help)
        .default_configuration(ReportingConfiguration::builder().level(json!(level)).build())
        .properties(properties(text, grade))
        .build()
}

/// The level of a violation of a severity.
pub(super) fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}

/// What GitHub sorts and filters by. `security-severity` is a string there, and the middle of the range of its
/// level; information and what a person has to judge have none.
fn properties(text: &RuleText, grade: Grade) -> PropertyBag {
    let score = match grade {
        Grade::Severity(Severity::Critical) => Some("9.5"),
        Grade::Severity(Severity::High) => Some("8.0"),
        Grade::Severity(Severity::Medium) => Some("5.5"),
        Grade::Severity(Severity::Low) => Some("2.5"),
        Grade::Severity(Severity::Info) | Grade::Review => None,
    };
    let problem = match grade {
        Grade::Severity(Severity::Critical | Severity::High) => "error",
        Grade::Severity(Severity::Medium) => "warning",
        Grade::Severity(Severity::Low | Severity::Info) | Grade::Review => "recommendation",
    };
    let precision = if grade == Grade::Review { "low" } else { "high" };
    let mut bag: BTreeMap<String, Value> = BTreeMap::new();
    bag.insert("precision".into(), json!(precision));
    bag.insert("problem.severity".into(), json!(problem));
    if let Some(score) = score {
        bag.insert("security-severity".into(), json!(score));
    }
    PropertyBag::builder().tags(tags(text)).additional_properties(bag).build()
}

/// `security`, the category and the weaknesses (CWE) that the page names.
fn tags(text: &RuleText) -> Vec<String> {
    let mut tags = vec!["security".to_owned()];
    if !text.category.is_empty() && &*text.category != "security" {
        tags.push(text.category.to_string());
    }
    for (at, _) in text.page.match_indices("CWE-") {
        let digits: String = text.page[at + 4..].chars().take_while(char::is_ascii_digit).take(5).collect();
        let tag = format!("external/cwe/cwe-{digits:0>3}");
        if !digits.is_empty() && !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    tags.truncate(MOST_TAGS);
    tags
}

/// The first paragraph of a Markdown page that is text and not a heading, on one line.
fn first_paragraph(page: &str) -> Option<String> {
    let mut words: Vec<&str> = Vec::new();
    for line in page.lines().map(str::trim) {
        match line {
            "" if words.is_empty() => {}
            "" => break,
            heading if heading.starts_with('#') && words.is_empty() => {}
            heading if heading.starts_with('#') => break,
            text => words.extend(text.split_whitespace()),
        }
    }
    (!words.is_empty()).then(|| words.join(" "))
}

/// The text with a full stop at its end.
pub(super) fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.ends_with(['.', '!', '?']) { text.to_owned() } else { format!("{text}.") }
}

fn cut(text: &str, longest: usize) -> String {
    if text.chars().count() <= longest {
        return text.to_owned();
    }
    text.chars().take(longest - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::{cut, first_paragraph, tags};
    use crate::report::RuleText;

    #[test]
    fn a_page_gives_its_first_paragraph() {
        assert_eq!(first_paragraph("# T\n\nOne\ntwo.\n\nThree").as_deref(), Some("One two."));
        assert_eq!(first_paragraph("# T\n\n## U\n"), None);
        assert_eq!(cut(&"é".repeat(9), 4), "ééé…");
    }

    #[test]
    fn weaknesses_become_tags_and_never_more_than_twenty() {
        let page: String = (1..40).map(|number| format!("CWE-{number} ")).collect();
        let text = RuleText {
            id: "EN001".into(),
            name: "n".into(),
            title: "t".into(),
            severities: Vec::new(),
            review: false,
            page: format!("CWE- {page}").into(),
            category: "encryption".into(),
        };
        let tags = tags(&text);
        assert_eq!(tags[..3], ["security", "encryption", "external/cwe/cwe-001"]);
        assert_eq!(tags.len(), 20);
    }
}
