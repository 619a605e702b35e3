//! Who may become whom: principals, the steps between them with the statements that give them, and how far each comes.

use crate::fact::{Edge, Graph, Means, Member, MemberKind, graph};
use crate::model::Project;
use crate::source::{Sources, Span};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// How many names a line of text lists before it counts.
const LISTED: usize = 10;

/// For people: each principal with its steps.
pub(super) fn text(projects: &[Project], sources: &Sources) -> String {
    let mut text = String::new();
    for project in projects {
        let graph = graph(project);
        if graph.members.is_empty() {
            continue;
        }
        let _ = writeln!(text, "{} ({:?}): {} principals", project.path, project.format, graph.members.len());
        for (index, member) in graph.members.iter().enumerate() {
            of_member(&mut text, &graph, index, member, sources);
        }
        text.push('\n');
    }
    text
}

/// `{"version":1,"projects":[…]}`; principals are numbered within their project.
pub(super) fn json(projects: &[Project], sources: &Sources) -> Value {
    let projects: Vec<Value> = projects.iter().map(|project| of_project(project, sources)).collect();
    json!({ "version": 1, "projects": projects })
}

fn of_member(text: &mut String, graph: &Graph, index: usize, member: &Member, sources: &Sources) {
    let place = member.span.map(|span| format!("  {}", line(span, sources))).unwrap_or_default();
    let _ = writeln!(text, "\n  {}{place}", title(member));
    for (what, names) in [("executes", &member.functions), ("is in", &member.groups)] {
        if !names.is_empty() {
            let _ = writeln!(text, "    {what} {}", some(names.iter().cloned()));
        }
    }
    if let Some(reason) = &member.possible {
        let _ = writeln!(text, "    there only if: {reason}");
    }
    if member.administrator {
        let _ = writeln!(text, "    may do everything");
    }
    for edge in graph.edges.iter().filter(|edge| edge.from == index) {
        of_edge(text, graph, edge, sources);
    }
    for (technique, reason) in &member.unknown {
        let _ = writeln!(text, "    cannot tell: {technique}: {reason}");
    }
    let reach = &graph.reach[index];
    if let Some(everyone) = reach.everyone.filter(|_| !member.administrator) {
        let (path, certain) = path(graph, index, everyone);
        let _ = writeln!(text, "    comes to everyone{}: {}", perhaps(certain), steps(graph, &path));
    } else if !reach.members.is_empty() {
        let far = reach.members.iter().map(|(to, ..)| {
            let (path, certain) = path(graph, index, *to);
            let through =
                if path.len() > 2 { format!(" by {}", steps(graph, &path[1..path.len() - 1])) } else { String::new() };
            format!("{}{through}{}", graph.members[*to].name, perhaps(certain))
        });
        let _ = writeln!(text, "    comes to {}: {}", reach.members.len(), some(far));
    }
}

fn of_edge(text: &mut String, graph: &Graph, edge: &Edge, sources: &Sources) {
    let to = edge.to.iter().map(|(to, _)| graph.members[*to].name.clone());
    let _ = writeln!(text, "    -> {}", some(to));
    for means in &edge.by {
        let doubt = means.doubt.as_ref().map(|reason| format!(" (possible: {reason})")).unwrap_or_default();
        let _ = writeln!(text, "       {}: {}{doubt}", means.name, means.how);
        for (span, said) in &means.statements {
            let _ = writeln!(text, "         {}  {said}", line(*span, sources));
        }
    }
    for (_, over) in edge.to.iter().take(LISTED) {
        if let Some((span, said)) = over {
            let _ = writeln!(text, "         {}  {said}", line(*span, sources));
        }
    }
}

fn of_project(project: &Project, sources: &Sources) -> Value {
    let graph = graph(project);
    let principals = graph.members.iter().enumerate().map(|(index, member)| principal(&graph, index, member, sources));
    let principals: Vec<Value> = principals.collect();
    let edges: Vec<Value> = graph.edges.iter().map(|edge| edge_json(edge, sources)).collect();
    json!({
        "path": project.path,
        "format": format!("{:?}", project.format).to_lowercase(),
        "principals": principals,
        "edges": edges,
    })
}

fn principal(graph: &Graph, index: usize, member: &Member, sources: &Sources) -> Value {
    let reach = &graph.reach[index];
    let unknown: Vec<Value> =
        member.unknown.iter().map(|(technique, reason)| json!({ "technique": technique, "reason": reason })).collect();
    let far = reach.members.iter().map(|(to, ..)| {
        let (path, certain) = path(graph, index, *to);
        json!({ "to": to, "certain": certain, "path": path })
    });
    json!({
        "id": index,
        "kind": word(member.kind),
        "name": member.name,
        "location": member.span.map(|span| sources.location(span)),
        "functions": member.functions,
        "groups": member.groups,
        "administrator": member.administrator,
        "possible": member.possible,
        "cannot_tell": unknown,
        "everyone_by": reach.everyone,
        "reaches": far.collect::<Vec<Value>>(),
    })
}

fn edge_json(edge: &Edge, sources: &Sources) -> Value {
    let site = |(span, said): &(Span, String)| json!({ "location": sources.location(*span), "text": said });
    let to = edge.to.iter().map(|(to, over)| json!({ "id": to, "over": over.as_ref().map(site) }));
    let means = |means: &Means| {
        json!({
            "technique": means.name,
            "how": means.how,
            "certain": means.doubt.is_none(),
            "reason": means.doubt,
            "statements": means.statements.iter().map(site).collect::<Vec<Value>>(),
        })
    };
    json!({
        "from": edge.from,
        "to": to.collect::<Vec<Value>>(),
        "by": edge.by.iter().map(means).collect::<Vec<Value>>(),
    })
}

/// The shortest path from one principal to another, both with it, and whether each step is certain.
fn path(graph: &Graph, from: usize, to: usize) -> (Vec<usize>, bool) {
    let reach = &graph.reach[from].members;
    let mut path = vec![to];
    let mut certain = true;
    while let Some(last) = path.last().copied().filter(|last| *last != from) {
        let Some((_, before, sure)) = reach.iter().find(|(member, ..)| *member == last) else { break };
        certain &= sure;
        path.push(*before);
    }
    path.reverse();
    (path, certain)
}

fn steps(graph: &Graph, path: &[usize]) -> String {
    path.iter().map(|member| graph.members[*member].name.as_str()).collect::<Vec<_>>().join(" -> ")
}

fn perhaps(certain: bool) -> &'static str {
    if certain { "" } else { " (possible)" }
}

/// What a principal is called, with its kind where the name does not say it.
fn title(member: &Member) -> String {
    match member.kind {
        MemberKind::Service | MemberKind::Outside | MemberKind::Federated => {
            format!("{} {}", word(member.kind), member.name)
        }
        _ => member.name.clone(),
    }
}

fn word(kind: MemberKind) -> &'static str {
    match kind {
        MemberKind::Role => "role",
        MemberKind::User => "user",
        MemberKind::Group => "group",
        MemberKind::Bearer => "policy-holder",
        MemberKind::Service => "service",
        MemberKind::Outside => "outside",
        MemberKind::Federated => "federated",
        MemberKind::Anyone => "anyone",
        MemberKind::EveryRight => "every-right",
    }
}

fn line(span: Span, sources: &Sources) -> String {
    let place = sources.location(span);
    format!("{}:{}", place.path, place.start_line)
}

/// The first names, then how many more there are.
fn some(names: impl Iterator<Item = String>) -> String {
    let names: Vec<String> = names.collect();
    let listed = names.iter().take(LISTED).cloned().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(LISTED) {
        0 => listed,
        more => format!("{listed} and {more} more"),
    }
}
