//! Rights as the statements of a policy: what is about the same resource stands together.

use crate::fact::{Reason, Right, Smallest};
use crate::iam::action::Action;
use crate::model::Project;
use crate::syntax::{Node, Part};
use std::collections::{BTreeMap, BTreeSet};

/// One statement.
pub(super) struct Statement {
    /// Its id: letters and digits.
    pub(super) sid: String,
    /// The actions, in the order of their names.
    pub(super) actions: Vec<Action>,
    /// The resources, in the order of their names.
    pub(super) resources: Vec<Node>,
    /// Under which condition.
    pub(super) condition: Option<Node>,
}

/// A Sid that is longer says no more.
const MAX_SID: usize = 60;

/// What rights have in common that stand in one statement: reason, service, condition.
type Common = (Reason, &'static str, String);

/// The statements of the rights: for each service those on the same resource, and on several resources where the
/// actions are the same.
pub(super) fn group(project: &Project, needs: &Smallest) -> Vec<Statement> {
    let mut by_resource: BTreeMap<(Common, String), Vec<&Right>> = BTreeMap::new();
    for right in &needs.rights {
        let condition = right.condition.as_ref().map(|node| format!("{:?}", plain(node))).unwrap_or_default();
        let common = (right.reason, right.action.service(), condition);
        by_resource.entry((common, right.resource.to_string())).or_default().push(right);
    }
    let mut by_actions: BTreeMap<(Common, Vec<String>), Vec<Vec<&Right>>> = BTreeMap::new();
    for ((common, _), rights) in by_resource {
        let names: BTreeSet<String> = rights.iter().map(|right| right.action.to_string()).collect();
        by_actions.entry((common, names.into_iter().collect())).or_default().push(rights);
    }
    let mut sids: BTreeMap<String, usize> = BTreeMap::new();
    let mut statements = Vec::new();
    for ((common, _), groups) in by_actions {
        let Some(first) = groups.first().and_then(|rights| rights.first()) else { continue };
        let actions: BTreeSet<(String, Action)> =
            groups[0].iter().map(|right| (right.action.to_string(), right.action)).collect();
        let resources: Vec<Node> =
            groups.iter().filter_map(|rights| rights.first()).map(|right| right.resource.clone()).collect();
        let sid = sid(project, &common, &resources);
        let count = sids.entry(sid.clone()).or_default();
        *count += 1;
        statements.push(Statement {
            sid: if *count == 1 { sid } else { format!("{sid}{count}") },
            actions: actions.into_iter().map(|(_, action)| action).collect(),
            resources,
            condition: first.condition.clone(),
        });
    }
    statements
}

/// The value without its place, to compare by.
fn plain(node: &Node) -> Vec<String> {
    let mut words = Vec::new();
    node.visit(&mut |node| {
        words.push(node.to_string());
        words.extend(node.entries().iter().map(|entry| entry.key.to_string()));
    });
    words
}

/// `DynamodbOrders`, `RuntimeLogs`.
fn sid(project: &Project, (reason, service, _): &Common, resources: &[Node]) -> String {
    let start = match reason {
        Reason::Call => pascal(service),
        Reason::PassRole => "PassRole".to_owned(),
        Reason::Key => "Key".to_owned(),
        Reason::Polling => format!("EventSource{}", pascal(service)),
        Reason::Destination => format!("Destination{}", pascal(service)),
        Reason::Logs => return "RuntimeLogs".to_owned(),
        Reason::Traces => return "RuntimeTraces".to_owned(),
        Reason::Durable => return "RuntimeDurable".to_owned(),
        Reason::Network if *service == "ec2" => return "RuntimeNetwork".to_owned(),
        Reason::Network => "RuntimeFiles".to_owned(),
    };
    let mut sid = start;
    if let [only] = resources {
        sid += &subject(project, only);
    }
    sid.chars().take(MAX_SID).collect()
}

/// What a resource is called: the resource of the project that is named first, or the last word of its ARN.
fn subject(project: &Project, resource: &Node) -> String {
    let parts = resource.parts().unwrap_or_default();
    let named = parts.iter().find_map(|part| match part {
        Part::Reference(reference) => project.resource(&reference.resource),
        _ => None,
    });
    if let Some(named) = named {
        let end = if named.id.contains("aws_") { '.' } else { '/' };
        return pascal(named.id.rsplit(end).next().unwrap_or(&named.id));
    }
    let text: String = parts.iter().map(|part| if let Part::Literal(text) = part { &**text } else { "" }).collect();
    let mut segments = text.splitn(6, ':').skip(2);
    let (service, tail) = (segments.next().unwrap_or_default(), segments.nth(2).unwrap_or_default());
    if service == "s3" {
        return pascal(tail.split(['/', '*']).next().unwrap_or_default());
    }
    let tail = tail.trim_end_matches("-??????");
    // What stands before the last separator is the type; of all resources of a type there is no name.
    let name = tail.rsplit([':', '/']).next().unwrap_or_default();
    if name.contains('*') { String::new() } else { pascal(name) }
}

/// The letters and digits of a name, each word with a capital.
fn pascal(name: &str) -> String {
    let mut out = String::new();
    let mut start = true;
    for c in name.chars() {
        if !c.is_ascii_alphanumeric() {
            start = true;
        } else if start {
            out.push(c.to_ascii_uppercase());
            start = false;
        } else {
            out.push(c);
        }
    }
    out
}
