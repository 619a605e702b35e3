//! What was understood, for people: a tree of values with their lines and the reasons of what is not known.

use super::value::{self, entries};
use crate::finding::{Doubt, Understood};
use crate::iam::managed;
use crate::model::links::{self, Link, Target};
use crate::model::{CodeSource, Presence, Project, Resource};
use crate::source::Sources;
use crate::syntax::{Node, Value};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Prints every project.
pub(super) fn print(projects: &[Project], doubts: &[Doubt], sources: &Sources) -> String {
    let mut text = String::new();
    for project in projects {
        let format = format!("{:?}", project.format);
        let _ = writeln!(text, "{} ({format}, region {})", project.path, project.region);
        let links = Links::of(project);
        for resource in &project.resources {
            of_resource(&mut text, resource, doubts, sources);
            links.print(&mut text, resource, sources);
        }
        text.push('\n');
    }
    text
}

/// The links of a project, by both their ends.
struct Links<'a> {
    from: BTreeMap<&'a str, Vec<Link<'a>>>,
    to: BTreeMap<&'a str, Vec<Link<'a>>>,
}

impl<'a> Links<'a> {
    fn of(project: &'a Project) -> Self {
        let (mut from, mut to) = (BTreeMap::<&str, Vec<_>>::new(), BTreeMap::<&str, Vec<_>>::new());
        for link in links::links(project) {
            if let Target::Resource(id) = link.to {
                to.entry(id).or_default().push(link.clone());
            }
            from.entry(&link.from.id).or_default().push(link);
        }
        Self { from, to }
    }

    fn print(&self, text: &mut String, resource: &Resource, sources: &Sources) {
        for link in self.from.get(&*resource.id).into_iter().flatten() {
            let end = match &link.to {
                Target::Resource(id) => id.to_string(),
                Target::Managed(arn) if managed::document(arn).is_some() => format!("{arn} (managed by AWS)"),
                Target::Managed(arn) => format!("{arn} (managed by AWS, not known here)"),
            };
            let number = sources.location(link.span).start_line;
            let _ = writeln!(text, "    -> {end}  by {}  :{number}", link.path);
        }
        for link in self.to.get(&*resource.id).into_iter().flatten() {
            let _ = writeln!(text, "    <- {}  by {}", link.from.id, link.path);
        }
    }
}

fn of_resource(text: &mut String, resource: &Resource, doubts: &[Doubt], sources: &Sources) {
    let place = sources.location(resource.span);
    let _ = writeln!(text, "\n  {}  {}  {}:{}", resource.id, resource.kind, place.path, place.start_line);
    if let Some(from) = &resource.generated_from {
        let _ = writeln!(text, "    made from {from}");
    }
    if let Presence::Possible(reason) = &resource.presence {
        let _ = writeln!(text, "    there only if: {reason}");
    }
    match &resource.code {
        CodeSource::None => {}
        CodeSource::Local { path, .. } => drop(writeln!(text, "    code in {path}")),
        CodeSource::Inline(_) => drop(writeln!(text, "    code in the template")),
        // Said below, for a function; other resources have code nowhere.
        CodeSource::Elsewhere(_) | CodeSource::Unknown(_) if &*resource.kind == "AWS::Lambda::Function" => {}
        CodeSource::Elsewhere(why) | CodeSource::Unknown(why) => drop(writeln!(text, "    code not read: {why}")),
    }
    for doubt in doubts.iter().filter(|doubt| doubt.is_about(&resource.kind, &resource.name, &place)) {
        of_doubt(text, doubt);
    }
    tree(text, "", &resource.properties, 2, sources);
}

/// What of a function's code is not understood, each reason with its first place.
fn of_doubt(text: &mut String, doubt: &Doubt) {
    let how = match doubt.understood {
        Understood::Partly => "code understood in part",
        Understood::Not => "code not understood",
    };
    for reason in &doubt.reasons {
        let at = doubt.places.iter().find(|place| place.text == *reason);
        let at = at.map(|place| format!("  {}:{}", place.location.path, place.location.start_line));
        let _ = writeln!(text, "    {how}: {reason}{}", at.unwrap_or_default());
    }
}

fn tree(text: &mut String, key: &str, node: &Node, depth: usize, sources: &Sources) {
    let indent = "  ".repeat(depth);
    match &node.value {
        Value::Map(_) => {
            for entry in entries(node) {
                line(text, &indent, &entry.key, &entry.key, &entry.value, depth, sources);
            }
        }
        Value::List(items) => {
            for item in items {
                line(text, &indent, "-", key, item, depth, sources);
            }
        }
        _ => {}
    }
}

fn line(text: &mut String, indent: &str, shown: &str, key: &str, node: &Node, depth: usize, sources: &Sources) {
    let colon = if shown == "-" { "" } else { ":" };
    let number = sources.location(node.span).start_line;
    match &node.value {
        Value::Map(entries) if !entries.is_empty() => {
            let _ = writeln!(text, "{indent}{shown}{colon}");
            tree(text, key, node, depth + 1, sources);
        }
        Value::List(items) if !items.is_empty() => {
            let _ = writeln!(text, "{indent}{shown}{colon}");
            tree(text, key, node, depth + 1, sources);
        }
        Value::Unknown(reason) => drop(writeln!(text, "{indent}{shown}{colon} ? ({reason})  :{number}")),
        _ => {
            let value = value::shown(key, node);
            let _ = writeln!(text, "{indent}{shown}{colon} {value}  :{number}");
        }
    }
}
