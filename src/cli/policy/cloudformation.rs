//! The policy in CloudFormation's own words, for a SAM function, a role or a serverless.yml.

use super::{Asked, json, yaml};
use crate::fact::local_id;
use crate::syntax::Node;
use serde_json::json;

/// Where the policy is to stand.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Among the `Policies` of a SAM function.
    Function,
    /// Among the `Policies` of a role.
    Role,
    /// Among the statements of a serverless.yml.
    Statements,
}

/// A list of one item, or of statements; in JSON where the template is JSON.
pub(super) fn print(asked: &Asked<'_>, place: Place) -> String {
    let words = asked.words();
    let word = |node: &Node| words.cloudformation(node);
    let items = match place {
        Place::Function => json!([json::document(asked.statements, &word)]),
        Place::Role => {
            let id = local_id(asked.project, asked.function);
            let name: String = id.chars().filter(|c| c.is_ascii_alphanumeric() || "+=,.@_-".contains(*c)).collect();
            json!([{ "PolicyName": name, "PolicyDocument": json::document(asked.statements, &word) }])
        }
        Place::Statements => asked.statements.iter().map(|one| json::statement(one, &word)).collect(),
    };
    let path = asked.sources.location(asked.function.span).path;
    if path.ends_with(".json") || path.ends_with(".template") { format!("{items:#}\n") } else { yaml::print(&items) }
}
