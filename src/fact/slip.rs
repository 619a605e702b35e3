//! Questions about slips in policies: conditions that cannot do what they were written for, actions that come to nothing.

use super::listed::some;
use super::statement::{Asked, arn_service};
use super::types::{IDLE_ACTION, IDLE_CONDITION};
use crate::iam::document::Document;
use crate::iam::statement::Statement;
use crate::iam::text::Text;
use crate::iam::{guard, misfit};
use crate::model::{Entity, Presence, Project, Question, Read};
use crate::source::Span;
use crate::syntax::Part;

/// The questions about every statement of a policy, those that deny too.
pub(super) fn questions(
    asked: &Asked<'_>,
    project: &Project,
    document: &Document,
    source: &str,
    presence: &Presence,
) -> Vec<Question> {
    let mut questions = Vec::new();
    for statement in document.statements.iter().filter(|statement| !statement.has_mark("__Framework")) {
        let mut put = |entity: Entity, span: Span, about: &str| {
            let question = asked.about(project, statement, source, presence, entity);
            questions.push(Question { span, detail: format!("{}:{about}", question.detail), ..question });
        };
        for fault in guard::faults(statement) {
            let mut entity = Entity::new(&IDLE_CONDITION, asked.title.clone());
            entity.put("holder", Read::default(asked.title.clone()));
            entity.put("effect", Read::default(statement.effect.to_string()));
            entity.put("key", Read::default(fault.key.clone()));
            entity.put("fault", Read::default(fault.what));
            entity.put("opens", Read::default(fault.opens));
            put(entity, fault.span, &fault.key);
        }
        let misfits = misfit::of(statement, &|text| upper(project, text));
        for (kind, found) in [("unknown", misfits.unknown), ("idle", misfits.idle)] {
            let Some((_, span)) = found.first() else { continue };
            let names: Vec<String> = found.iter().map(|(name, _)| name.clone()).collect();
            let mut entity = Entity::new(&IDLE_ACTION, asked.title.clone());
            entity.put("holder", Read::default(asked.title.clone()));
            entity.put("effect", Read::default(statement.effect.to_string()));
            entity.put("kind", Read::default(kind));
            entity.put("actions", Read::default(some(&names)));
            entity.put("resources", Read::default(resources(statement)));
            put(entity, *span, kind);
        }
    }
    questions
}

fn resources(statement: &Statement) -> String {
    some(&statement.resources.iter().map(ToString::to_string).collect::<Vec<_>>())
}

/// A pattern of at least what a resource's text stands for: a reference to a resource's ARN is one of its service's,
/// and a bucket's has no slash.
fn upper(project: &Project, text: &Text) -> String {
    let Some(Part::Reference(reference)) = text.parts.first() else { return text.upper() };
    if &*reference.attribute != "Arn" {
        return text.upper();
    }
    let Some(service) = arn_service(project, text) else { return text.upper() };
    let bucket = project.resource(&reference.resource).is_some_and(|resource| &*resource.kind == "AWS::S3::Bucket");
    let own = if bucket { "arn:aws:s3:::bucket".to_owned() } else { format!("arn:*:{service}:*") };
    let rest = Text { parts: text.parts.iter().skip(1).cloned().collect(), ..text.clone() };
    own + &rest.upper()
}
