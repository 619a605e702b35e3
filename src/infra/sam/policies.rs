//! The role that SAM makes for a function or state machine, from its `Policies`.

use super::output::{Origin, Output, Source};
use super::shape::{Object, append, equal, inline_policy};
use super::template::{ORIGIN, expand};
use crate::syntax::table::lines;
use crate::syntax::{Node, Value};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// AWS managed policies that lie under a path; source and date stand in the file.
const MANAGED: &str = include_str!("../../../data/sam/managed_policies.txt");

/// What of a role does not come from `Policies`.
pub(super) struct Role {
    /// The trust policy.
    pub(super) trust: Node,
    /// Managed policies that SAM attaches by itself, by ARN.
    pub(super) managed: Vec<Node>,
    /// Inline policies that SAM adds by itself.
    pub(super) inline: Vec<Node>,
    /// Its tags.
    pub(super) tags: Option<Node>,
}

/// The properties of the execution role `<id>Role`.
pub(super) fn role(out: &mut Output<'_>, source: &Source, own: Role) -> Node {
    let span = source.origin.span;
    let name = format!("{}Role", source.origin.id);
    let mut managed = own.managed;
    let mut inline = own.inline;
    for (index, policy) in listed(source.get("Policies")).into_iter().enumerate() {
        match entry(out, &source.origin, &policy, &format!("{name}Policy{index}"), 0) {
            Policy::Managed(arn) if managed.iter().any(|known| known.value == arn.value) => {}
            Policy::Managed(arn) => managed.push(arn),
            Policy::Inline(policy) => inline.push(policy),
            Policy::Nothing => {}
        }
    }
    let managed_span = source.get("Policies").map_or(span, |policies| policies.span);
    let mut properties = Object::new(span)
        .put("AssumeRolePolicyDocument", source.get("AssumeRolePolicyDocument").cloned().unwrap_or(own.trust))
        .put("ManagedPolicyArns", Node::list(managed, managed_span));
    if !inline.is_empty() {
        properties = properties.put("Policies", Node::list(inline, managed_span));
    }
    properties
        .maybe("Path", source.get("RolePath").cloned())
        .maybe("PermissionsBoundary", source.get("PermissionsBoundary").cloned())
        .maybe("Tags", own.tags)
        .node()
}

/// Adds a managed policy to a role that was made before, once.
pub(super) fn attach(role: &mut Node, arn: Node) {
    let has = role.get("ManagedPolicyArns").is_some_and(|list| list.items().iter().any(|one| one.value == arn.value));
    if !has {
        append(role, "ManagedPolicyArns", arn);
    }
}

/// Adds an inline policy to a role that was made before, unless it has the same document already.
pub(super) fn embed(role: &mut Node, policy: Node) {
    let document = |policy: &Node| policy.get("PolicyDocument").map(|document| document.to_owned());
    let same = |one: &Node| match (document(one), document(&policy)) {
        (Some(known), Some(new)) => equal(&known, &new),
        _ => false,
    };
    let has = role.get("Policies").is_some_and(|list| list.items().iter().any(same));
    if !has {
        append(role, "Policies", policy);
    }
}

/// The ARN of a policy that AWS manages, from its name or path.
pub(super) fn managed_arn(name: &str) -> String {
    if name.starts_with("arn:") {
        return name.to_owned();
    }
    let path = paths().get(name).copied().unwrap_or(name);
    format!("arn:aws:iam::aws:policy/{path}")
}

enum Policy {
    Managed(Node),
    Inline(Node),
    Nothing,
}

/// The entries of `Policies`: a list, one entry, or a list behind a condition.
fn listed(policies: Option<&Node>) -> Vec<Node> {
    match policies.map(|policies| &policies.value) {
        Some(Value::Either { condition, then, otherwise }) => {
            let absent = |span| Node::new(Value::Absent, span);
            let either = |span, then: Node, otherwise: Node| {
                let (then, otherwise) = (Box::new(then), Box::new(otherwise));
                Node::new(Value::Either { condition: condition.clone(), then, otherwise }, span)
            };
            let first = then.items_or_self().iter().map(|one| either(one.span, one.clone(), absent(one.span)));
            let second = otherwise.items_or_self().iter().map(|one| either(one.span, absent(one.span), one.clone()));
            first.chain(second).collect()
        }
        Some(_) => policies.map(|policies| policies.items_or_self().to_vec()).unwrap_or_default(),
        None => Vec::new(),
    }
}

fn entry(out: &mut Output<'_>, origin: &Origin, policy: &Node, name: &str, depth: usize) -> Policy {
    match &policy.value {
        Value::Null | Value::Absent => Policy::Nothing,
        Value::String(text) => Policy::Managed(Node::string(managed_arn(text), policy.span)),
        Value::Map(_) if policy.get("Statement").is_some() => Policy::Inline(inline_policy(name, policy.clone())),
        Value::Map(entries) => match entries.as_slice() {
            [only] => {
                let Some((document, missing)) = expand(&only.key, &only.value, only.key_span) else {
                    out.refuse(only.key_span, format!("{} has an unknown policy template {}", origin.name, only.key));
                    return Policy::Nothing;
                };
                if !missing.is_empty() {
                    let message = format!("{} does not give {} to {}", origin.name, missing.join(", "), only.key);
                    out.refuse(only.key_span, message);
                }
                let mut policy = inline_policy(name, document);
                policy.set(ORIGIN, only.key_span, Node::string(only.key.clone(), only.key_span));
                Policy::Inline(policy)
            }
            _ => {
                out.refuse(policy.span, format!("an entry of the Policies of {} is not understood", origin.name));
                Policy::Nothing
            }
        },
        Value::Either { condition, then, otherwise } if depth < 8 => {
            let then = entry(out, origin, then, name, depth + 1);
            let otherwise = entry(out, origin, otherwise, name, depth + 1);
            let either = |then: Node, otherwise: Node| {
                let (then, otherwise) = (Box::new(then), Box::new(otherwise));
                Node::new(Value::Either { condition: condition.clone(), then, otherwise }, policy.span)
            };
            let absent = || Node::new(Value::Absent, policy.span);
            match (then, otherwise) {
                (Policy::Nothing, Policy::Nothing) => Policy::Nothing,
                (Policy::Managed(then), Policy::Managed(otherwise)) => Policy::Managed(either(then, otherwise)),
                (Policy::Managed(then), _) => Policy::Managed(either(then, absent())),
                (_, Policy::Managed(otherwise)) => Policy::Managed(either(absent(), otherwise)),
                (Policy::Inline(then), Policy::Inline(otherwise)) => Policy::Inline(either(then, otherwise)),
                (Policy::Inline(then), Policy::Nothing) => Policy::Inline(either(then, absent())),
                (Policy::Nothing, Policy::Inline(otherwise)) => Policy::Inline(either(absent(), otherwise)),
            }
        }
        _ => Policy::Managed(policy.clone()),
    }
}

fn paths() -> &'static BTreeMap<&'static str, &'static str> {
    static PATHS: OnceLock<BTreeMap<&'static str, &'static str>> = OnceLock::new();
    PATHS
        .get_or_init(|| lines(MANAGED).filter_map(|path| path.rsplit_once('/').map(|(_, name)| (name, path))).collect())
}

#[cfg(test)]
mod tests {
    use super::managed_arn;

    #[test]
    fn names_of_managed_policies_find_their_path() {
        let arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole";
        assert_eq!(managed_arn("AWSLambdaVPCAccessExecutionRole"), arn);
        assert_eq!(managed_arn("service-role/AWSLambdaVPCAccessExecutionRole"), arn);
        assert_eq!(managed_arn("AmazonS3FullAccess"), "arn:aws:iam::aws:policy/AmazonS3FullAccess");
        assert_eq!(managed_arn("arn:aws:iam::1:policy/own"), "arn:aws:iam::1:policy/own");
    }
}
