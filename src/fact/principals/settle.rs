//! Names and ARNs of a project put into one form, so that the same resource reads the same wherever it is named.

use crate::fact::target::{self, Own};
use crate::iam::arn::{self, Arn};
use crate::iam::document::Document;
use crate::iam::statement::Statement;
use crate::iam::text::Text;
use crate::iam::{escalation, glob};
use crate::model::{Format, Project, Resource};
use crate::source::Span;
use crate::syntax::{Node, Part, Reference, Unknown, UnknownKind};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What stands for the account where nothing in the project names it: an account's number that AWS does not give.
const NOBODYS: &str = "000000000000";

/// What stands for the region where nothing in the project names it.
const NOWHERE: &str = "region-0";

/// The attribute that stands for a name which is not written: for some types a plain reference is the ARN.
const NAME: &str = "(name)";

/// How far names may be made of other resources' names.
const MAX_DEPTH: usize = 4;

/// How long a text may become by what is put out in it; an ARN has at most 2,048 characters.
const MAX_LENGTH: usize = 16_384;

/// The types of IAM whose ARNs are put together here: the property of the name, and how the ARN's end begins.
const OF_IAM: &[(&str, &str, &str)] = &[
    ("AWS::IAM::Role", "RoleName", "role"),
    ("AWS::IAM::User", "UserName", "user"),
    ("AWS::IAM::Group", "GroupName", "group"),
    ("AWS::IAM::ManagedPolicy", "ManagedPolicyName", "policy"),
];

/// One account's and one region's view of a project.
pub(super) struct Settled<'a> {
    project: &'a Project,
    pub(super) account: Arc<str>,
    region: Arc<str>,
    pub(super) partition: Arc<str>,
    /// Whether the account is one that policies name and that may be another's.
    guessed: bool,
}

impl<'a> Settled<'a> {
    /// Takes for the project's account the one that its policies name most often in ARNs of IAM: rights on principals
    /// of another account come to nothing, but for that of assuming a role. Where they name none, it is a guess: the
    /// one that they name most often otherwise. Where nothing says the region or the partition, they are those that
    /// they name most often.
    pub(super) fn of(project: &'a Project, documents: &[&Document]) -> Self {
        let (mut accounts, mut others) = (BTreeMap::new(), BTreeMap::new());
        let (mut regions, mut partitions) = (BTreeMap::new(), BTreeMap::new());
        let principals = project.resources.iter().filter(|resource| resource.kind.starts_with("AWS::IAM::"));
        let own = principals.filter_map(|resource| Arn::parse(&resource.id)).find(Arn::names_account);
        let statements = documents.iter().flat_map(|document| &document.statements);
        let texts = statements.flat_map(|statement| {
            let assumes = |text: &Text| text.as_literal().is_some_and(|action| action.starts_with("sts:"));
            let assumes = statement.actions.iter().all(assumes);
            statement.resources.iter().filter_map(Text::as_literal).map(move |text| (text, assumes))
        });
        for (arn, assumes) in texts.filter_map(|(text, assumes)| Some((Arn::parse(text)?, assumes))) {
            if arn.names_account() {
                let own = arn.service == "iam" && !assumes;
                *(if own { &mut accounts } else { &mut others }).entry(arn.account).or_default() += 1;
            }
            if !glob::has_wildcard(arn.partition) {
                *partitions.entry(arn.partition).or_default() += 1;
            }
            if !arn.region.is_empty() && !glob::has_wildcard(arn.region) {
                *regions.entry(arn.region).or_default() += 1;
            }
        }
        let partition = own.map(|arn| arn.partition).or_else(|| project.region.as_text().map(arn::partition_of));
        let partition = partition.or_else(|| most(&partitions)).unwrap_or("aws");
        let known = own.map(|arn| arn.account).or_else(|| most(&accounts));
        let account = known.or_else(|| most(&others)).unwrap_or(NOBODYS);
        let region = project.region.as_text().or_else(|| most(&regions)).unwrap_or(NOWHERE);
        Self {
            project,
            account: account.into(),
            region: region.into(),
            partition: partition.into(),
            guessed: known.is_none(),
        }
    }

    /// An ARN of IAM in the account, by how it ends.
    pub(super) fn of_iam(&self, end: &str) -> String {
        format!("arn:{}:iam::{}:{end}", self.partition, self.account)
    }

    /// Why it is not certain that a text of a policy is about the project's account; `None` where nothing hangs on that.
    pub(super) fn doubt(&self, written: &Text) -> Option<Arc<str>> {
        let text = written.as_literal().filter(|_| self.guessed)?;
        let named = Arn::parse(text).map_or(text, |arn| arn.account);
        (named == &*self.account).then(|| format!("whether {named} is the project's own account").into())
    }

    /// The ARN of a resource; its name stands for itself where it is not written. `None` for a type whose ARN is not known.
    pub(super) fn arn(&self, resource: &Resource) -> Option<Text> {
        Some(text(self.parts(&self.raw_arn(resource)?), resource.span))
    }

    /// A text with references to ARNs and names of the project's resources put out, and the account's own words put in.
    pub(super) fn text(&self, given: &Text) -> Text {
        if given.as_literal().is_some() {
            return given.clone();
        }
        let parts = self.parts(&given.parts).into_iter().map(|part| self.stands_for_itself(part)).collect();
        Text { possible: given.possible.clone(), ..text(parts, given.span) }
    }

    /// The name of a resource of the project, where it is not written, as a name that no other has.
    fn stands_for_itself(&self, part: Part) -> Part {
        match &part {
            Part::Reference(reference)
                if matches!(&*reference.attribute, "" | NAME)
                    && self.project.resource(&reference.resource).is_some() =>
            {
                stand_in(reference)
            }
            _ => part,
        }
    }

    /// A document with all its texts so.
    pub(super) fn document(&self, document: &Document) -> Document {
        let mut settled = document.clone();
        if self.project.format != Format::Account {
            settled.statements.iter_mut().for_each(|statement| self.statement(statement));
        }
        settled
    }

    fn statement(&self, statement: &mut Statement) {
        let settle = |text: &mut Text| *text = self.text(text);
        statement.resources.iter_mut().for_each(settle);
        statement.conditions.iter_mut().flat_map(|condition| &mut condition.values).for_each(settle);
        // Principals are compared as they are written and hold no wildcards.
        for principal in statement.principals.iter_mut().flat_map(|principals| &mut principals.listed) {
            let (settled, doubt) = (self.text(&principal.value), self.doubt(&principal.value));
            principal.value = if settled.unknown().is_none() { literal(&settled) } else { settled };
            if principal.value.possible.is_none() {
                principal.value.possible = doubt;
            }
        }
    }

    fn raw_arn(&self, resource: &Resource) -> Option<Vec<Part>> {
        if resource.id.starts_with("arn:") {
            return Some(vec![Part::Literal(resource.id.clone())]);
        }
        if let Some((_, name, end)) = OF_IAM.iter().find(|(kind, ..)| *kind == &*resource.kind) {
            let path = resource.property("Path").and_then(Node::as_text).filter(|path| path.ends_with('/'));
            let start = self.of_iam(&format!("{end}{}", path.unwrap_or("/")));
            return Some([vec![Part::Literal(start.into())], name_of(resource, name)].concat());
        }
        match escalation::workload(&resource.kind) {
            Some(workload) => {
                let region = target::pseudo("AWS::Region");
                Some(target::fill(workload.arn, &region, &|_| match workload.name {
                    "" => vec![own_name(resource)],
                    name => name_of(resource, name),
                }))
            }
            None => {
                let composed = target::composed_arn(resource)?;
                let is_own = |part: &Part| matches!(part, Part::Reference(named) if named.resource == resource.id);
                let named = |part: Part| if is_own(&part) { own_name(resource) } else { part };
                Some(composed.into_iter().map(named).collect())
            }
        }
    }

    fn parts(&self, parts: &[Part]) -> Vec<Part> {
        let (mut settled, mut room) = (Vec::with_capacity(parts.len()), MAX_LENGTH);
        self.put_out(parts, &mut Vec::new(), &mut room, &mut settled);
        settled
    }

    /// Adds the parts with what their references say; `within` are the references that they stand in. What holds itself
    /// or has no room left is not known.
    fn put_out(&self, parts: &[Part], within: &mut Vec<Reference>, room: &mut usize, settled: &mut Vec<Part>) {
        for part in parts {
            match part {
                Part::Unknown(unknown) if unknown.kind == UnknownKind::Pseudo => settled.push(match &*unknown.what {
                    "AWS::AccountId" => Part::Literal(self.account.clone()),
                    "AWS::Partition" => Part::Literal(self.partition.clone()),
                    "AWS::Region" => Part::Literal(self.region.clone()),
                    _ => part.clone(),
                }),
                Part::Reference(reference) => {
                    if *room == 0 || within.len() > MAX_DEPTH || within.contains(reference) {
                        settled.push(Part::Unknown(Unknown::new(UnknownKind::Limit, reference.to_string())));
                        continue;
                    }
                    let Some(named) = self.named(reference) else {
                        settled.push(part.clone());
                        continue;
                    };
                    let Some(left) = room.checked_sub(named.iter().map(length).sum()) else {
                        *room = 0;
                        settled.push(Part::Unknown(Unknown::new(UnknownKind::Limit, reference.to_string())));
                        continue;
                    };
                    *room = left;
                    within.push(reference.clone());
                    self.put_out(&named, within, room, settled);
                    within.pop();
                }
                other => settled.push(other.clone()),
            }
        }
    }

    /// What a reference says, where that is a resource's ARN or its written name.
    fn named(&self, reference: &Reference) -> Option<Vec<Part>> {
        let resource = self.project.resource(&reference.resource)?;
        let is_ref = resource.kind.ends_with("::ManagedPolicy") || target::own(&resource.kind) == Some(Own::Ref);
        match &*reference.attribute {
            "Arn" => self.raw_arn(resource),
            "" if is_ref => self.raw_arn(resource),
            "" => {
                let of_iam = OF_IAM.iter().find(|(kind, ..)| *kind == &*resource.kind).map(|(_, name, _)| *name);
                let workload = escalation::workload(&resource.kind).map(|workload| workload.name);
                let name = of_iam.or(workload).filter(|name| !name.is_empty());
                let written = name.and_then(|name| resource.property(name)).and_then(Node::as_text);
                let written = written.or_else(|| target::own_name(resource)).map(|name| Part::Literal(name.into()));
                Some(vec![written.unwrap_or_else(|| own_name(resource))])
            }
            _ => None,
        }
    }
}

/// The text with names of the project's resources that are not written as names that no other has.
pub(super) fn itself(given: &Text) -> Text {
    let part = |part: &Part| match part {
        Part::Reference(reference) => stand_in(reference),
        other => other.clone(),
    };
    Text { possible: given.possible.clone(), ..text(given.parts.iter().map(part).collect(), given.span) }
}

/// A name that occurs in no policy, for one that is not written; without what patterns and variables are made of.
pub(super) fn stand_in(reference: &Reference) -> Part {
    let name = format!("name {} {}", reference.resource, reference.attribute);
    let plain = name.replace(['*', '?', ':', '/', '$', '{', '}'], "\u{2}");
    Part::Literal(format!("\u{1}{plain:\u{2}<64}\u{1}").into())
}

/// The text as it compares with itself.
pub(super) fn literal(text: &Text) -> Text {
    Text { possible: text.possible.clone(), ..Text::literal(itself(text).opaque(), text.span) }
}

/// The text by which something is known.
pub(super) fn name(arn: &Text) -> String {
    itself(arn).opaque()
}

/// A text of parts.
pub(super) fn text(parts: Vec<Part>, span: Span) -> Text {
    Text { parts: Node::template(parts, span).parts().unwrap_or_default(), span, possible: None }
}

fn name_of(resource: &Resource, property: &str) -> Vec<Part> {
    let written = resource.property(property).and_then(Node::parts);
    written.filter(|parts| !parts.is_empty()).unwrap_or_else(|| vec![own_name(resource)])
}

fn own_name(resource: &Resource) -> Part {
    Part::Reference(Reference { resource: resource.id.clone(), attribute: NAME.into() })
}

/// How much room a part takes; one that is no text takes some too, so that there is an end to them.
fn length(part: &Part) -> usize {
    match part {
        Part::Literal(text) => text.len() + 1,
        _ => 16,
    }
}

/// What occurs most often, the first in order of those that do.
fn most<'t>(counts: &BTreeMap<&'t str, usize>) -> Option<&'t str> {
    counts.iter().max_by_key(|(name, count)| (**count, std::cmp::Reverse(**name))).map(|(name, _)| *name)
}
