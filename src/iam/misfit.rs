//! Actions that a statement cannot give: those that nobody knows, and those that work on none of its resources.

use super::action::{self, Action};
use super::arn::Arn;
use super::pattern::witness;
use super::statement::Statement;
use super::text::Text;
use super::{glob, managed};
use crate::source::Span;

/// Actions that work on * alone. The catalogue has more without a resource type, but some of these do take an ARN: AWS's
/// own policies name one for 300 of them.
const WITHOUT_RESOURCE: &[&str] = &[
    "cloudwatch:PutMetricData",
    "ec2:DescribeNetworkInterfaces",
    "ecr:GetAuthorizationToken",
    "s3:ListAllMyBuckets",
    "textract:AnalyzeDocument",
    "textract:DetectDocumentText",
    "xray:PutTelemetryRecords",
    "xray:PutTraceSegments",
];

/// An action that does not exist and that SNS itself writes into the policies of topics.
const RECEIVE: &str = "sns:Receive";

/// The actions of a statement that come to nothing, as written, each with its place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Misfits {
    /// The catalogue and AWS's own policies know no such action.
    pub unknown: Vec<(String, Span)>,
    /// They work on none of the resources.
    pub idle: Vec<(String, Span)>,
}

/// Finds them. `upper` gives for a resource's text a pattern of at least what it can stand for.
pub fn of(statement: &Statement, upper: &dyn Fn(&Text) -> String) -> Misfits {
    let mut misfits = Misfits::default();
    let resources: Vec<String> = statement.resources.iter().map(upper).collect();
    // What is no ARN stands for one that is put in before the policy is used.
    let open = |text: &String| glob::is_all(text) || !text.starts_with("arn:") && !text.starts_with('*');
    let anything = resources.is_empty() || statement.not_resource || resources.iter().any(open);
    for text in &statement.actions {
        let Some(pattern) = text.lower().filter(|pattern| !glob::is_all(pattern)) else { continue };
        let set = action::expand(&pattern);
        if set.is_empty() {
            if is_unknown(&pattern) {
                misfits.unknown.push((text.to_string(), text.span));
            }
        } else if !anything && !statement.not_action && set.iter().all(|action| is_idle(action, &resources)) {
            misfits.idle.push((text.to_string(), text.span));
        }
    }
    misfits
}

/// Whether neither the catalogue nor AWS's own policies know the action, or the service where the name is a pattern:
/// one that fits no action yet is written for those to come.
fn is_unknown(pattern: &str) -> bool {
    match pattern.split_once(':') {
        Some((service, _)) if glob::has_wildcard(service) => false,
        Some((service, name)) if glob::has_wildcard(name) => {
            !action::has_service(service) && !managed::name_service(service)
        }
        Some(_) => !managed::name(pattern) && !pattern.eq_ignore_ascii_case(RECEIVE),
        None => true,
    }
}

/// Whether the action works on none of the resources.
fn is_idle(action: Action, resources: &[String]) -> bool {
    if action.is_stand_in() {
        return false;
    }
    let types = action.resource_types();
    if types.is_empty() {
        // An ARN that is open at its end has been taken for * in AWS's own guides.
        let open = |text: &String| Arn::parse(text).is_none_or(|arn| glob::is_all(arn.resource));
        return WITHOUT_RESOURCE.contains(&action.to_string().as_str()) && !resources.iter().any(open);
    }
    let mut forms = types.iter().flat_map(|(kind, _)| kind.arn.split(", "));
    !forms.any(|form| resources.iter().any(|resource| fits(form, resource)))
}

/// Whether an ARN of the form may be one that the pattern matches.
///
/// A star of the pattern may reach over several segments, a value of the form may not: its region and account are
/// those of the pattern, or a word where that has a star.
fn fits(form: &str, resource: &str) -> bool {
    let opened = opened(form);
    let (Some(form), Some(written)) = (Arn::parse(&opened), Arn::parse(resource)) else {
        return meet(&opened, resource, &[]);
    };
    let given = |form: &str, written: &str| match (form, written) {
        ("*", "*") => "x".to_owned(),
        ("*", written) => written.to_owned(),
        (form, _) => form.to_owned(),
    };
    let [partition, region, account] =
        [(form.partition, written.partition), (form.region, written.region), (form.account, written.account)]
            .map(|(form, written)| given(form, written));
    let concrete = format!("arn:{partition}:{}:{region}:{account}:{}", form.service, form.resource);
    // Names of buckets have no slash.
    let outside: &[&str] = if form.service == "s3" && form.resource == "*" { &["arn:*:s3:::*/*"] } else { &[] };
    meet(&concrete, resource, outside)
}

/// Whether a text matches both patterns and none of those outside.
fn meet(form: &str, resource: &str, outside: &[&str]) -> bool {
    // A pattern matches its own text.
    let own = glob::matches(form, resource) && !outside.iter().any(|pattern| glob::matches(pattern, resource));
    own || witness(&[&[form], &[resource]], outside).map_or(true, |found| found.is_some())
}

/// The form with a star for each value.
fn opened(form: &str) -> String {
    let mut text = String::new();
    let mut rest = form;
    while let Some((before, after)) = rest.split_once("${") {
        text.push_str(before);
        text.push('*');
        rest = after.split_once('}').map_or("", |(_, behind)| behind);
    }
    text + rest
}

#[cfg(test)]
mod tests;
