//! API documents in files of their own: `DefinitionUri` and `BodyS3Location` that name a file beside the template.

use super::recognise::parse;
use crate::infra::Context;
use crate::infra::cloudformation::beside;
use crate::model::Resource;
use crate::source::{Problem, ProblemKind};
use crate::syntax::{Node, Value};

/// The property that says where a document lies; the transform of SAM writes it from `DefinitionUri`.
const LOCATION: &str = "BodyS3Location";

/// Puts documents that lie in the repository in the place of where they lie, as if they were written inline: `aws
/// cloudformation package` uploads them as they are, so that nothing in them is evaluated.
pub(super) fn read(context: &Context<'_>, template: &str, resources: &mut [Resource]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for resource in resources {
        if !matches!(&*resource.kind, "AWS::ApiGateway::RestApi" | "AWS::ApiGatewayV2::Api") {
            continue;
        }
        let location = resource.property(LOCATION).filter(|_| resource.property("Body").is_none()).cloned();
        let Some(path) = location.as_ref().and_then(Node::as_text).and_then(|text| beside(template, text)) else {
            continue;
        };
        let span = location.map_or(resource.span, |location| location.span);
        match context.sources.open(&path) {
            Ok(file) => {
                let (document, mut met) = parse(&file);
                problems.append(&mut met);
                let Some(document) = document else { continue };
                resource.properties.set("Body", span, document);
                if let Value::Map(entries) = &mut resource.properties.value {
                    entries.retain(|entry| &*entry.key != LOCATION);
                }
            }
            Err(error) => {
                let place = context.sources.location(span);
                let message = format!("the API's document {path} {error}; its routes were not read");
                problems.push(Problem::at(ProblemKind::Io, &place, message));
            }
        }
    }
    problems
}
