//! SAM's policy templates: a name and parameters, expanded to the statements that SAM writes into the role.

use super::shape::fill;
use crate::source::Span;
use crate::syntax::{Node, UnknownKind, Value};
use serde::Deserialize;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// The templates; source and date stand in the file.
const DATA: &str = include_str!("../../../data/sam/policy_templates.json");

/// The key beside an inline policy's name and document that holds the policy template it was made from.
pub(super) const ORIGIN: &str = "__SamPolicyTemplate";

#[derive(Deserialize)]
struct Data {
    templates: BTreeMap<String, Template>,
}

#[derive(Deserialize)]
struct Template {
    parameters: Vec<String>,
    statements: Vec<Json>,
}

/// The policy document of a template, every value of it at `span`; `None` where SAM has no such template.
///
/// A parameter that is not given is an unknown value, and its name is in the second part.
pub(super) fn expand(name: &str, parameters: &Node, span: Span) -> Option<(Node, Vec<String>)> {
    let template = templates().get(name)?;
    let given = |parameter: &str| parameters.get(parameter).filter(|value| !value.is_absent());
    let missing: Vec<String> = template.parameters.iter().filter(|one| given(one).is_none()).cloned().collect();
    let value = |parameter: &str| {
        let known = template.parameters.iter().any(|one| one == parameter);
        known.then(|| match given(parameter) {
            Some(value) => Node::new(value.value.clone(), span),
            None => Node::unknown(UnknownKind::Parameter, parameter, span),
        })
    };
    let statements = template.statements.iter().map(|statement| filled(statement, span, &value)).collect();
    let document = Node::map([("Statement", Node::list(statements, span))], span);
    Some((document, missing))
}

fn filled(value: &Json, span: Span, parameter: &dyn Fn(&str) -> Option<Node>) -> Node {
    match value {
        Json::String(text) => fill(text, span, parameter),
        Json::Array(items) => Node::list(items.iter().map(|item| filled(item, span, parameter)).collect(), span),
        Json::Object(entries) => {
            Node::map(entries.iter().map(|(key, value)| (key.as_str(), filled(value, span, parameter))), span)
        }
        Json::Bool(value) => Node::bool(*value, span),
        other => Node::new(Value::String(other.to_string().into()), span),
    }
}

fn templates() -> &'static BTreeMap<String, Template> {
    static TEMPLATES: OnceLock<BTreeMap<String, Template>> = OnceLock::new();
    TEMPLATES.get_or_init(|| serde_json::from_str::<Data>(DATA).map(|data| data.templates).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::{expand, templates};
    use crate::source::{Sources, Span};
    use crate::syntax::Node;

    #[test]
    fn every_template_is_read_and_expands() {
        let sources = Sources::in_memory([("t", "x")]);
        let span = Span::start_of(sources.open("t").unwrap().id);
        assert!(templates().len() > 75);
        for (name, template) in templates() {
            let given = template.parameters.iter().map(|one| (one.as_str(), Node::string("v", span)));
            let (document, missing) = expand(name, &Node::map(given, span), span).unwrap();
            assert!(missing.is_empty() && !document.at("Statement").unwrap().items().is_empty(), "{name}");
        }
    }

    #[test]
    fn parameters_fill_the_arns() {
        let sources = Sources::in_memory([("t", "x")]);
        let span = Span::start_of(sources.open("t").unwrap().id);
        let table = Node::map([("TableName", Node::reference("Table", "", span))], span);
        let (document, _) = expand("DynamoDBReadPolicy", &table, span).unwrap();
        let resource = &document.get("Statement").unwrap().items()[0].get("Resource").unwrap().items()[0];
        assert_eq!(resource.to_string(), "arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Table}");
        let (_, missing) = expand("SSMParameterReadPolicy", &table, span).unwrap();
        assert_eq!(missing, ["ParameterName"]);
        assert!(expand("NoSuchPolicy", &table, span).is_none());
    }
}
