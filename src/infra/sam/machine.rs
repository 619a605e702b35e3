//! `AWS::Serverless::StateMachine`: the state machine, its role, version and alias, and what its events need.

use super::api::Apis;
use super::api_event;
use super::event::event;
use super::function::s3_location;
use super::output::{Output, Source, Target};
use super::policies::{self, Role, managed_arn};
use super::schedule;
use super::shape::{Object, assume, present, tag_list, text};
use crate::syntax::Node;

/// Adds everything that a state machine becomes.
pub(super) fn lower(out: &mut Output<'_>, apis: &mut Apis, source: &Source) {
    let span = source.origin.span;
    let id = &source.origin.id;
    let tags = tag_list(source.get("Tags"), Some(("stateMachine:createdBy", "SAM")), span);
    let role = match source.get("Role") {
        Some(role) => role.clone(),
        None => {
            let own = Role {
                trust: assume("states.amazonaws.com", span),
                managed: tracing(source),
                inline: Vec::new(),
                tags: tags.clone(),
            };
            let role = policies::role(out, source, own);
            out.generate(&source.origin, "AWS::IAM::Role", format!("{id}Role"), role);
            Node::reference(format!("{id}Role"), "Arn", span)
        }
    };
    let location = source.get("DefinitionUri").map(|uri| s3_location(uri, ["Bucket", "Key", "Version"]));
    let machine = Object::new(source.properties().span)
        .copy(source.properties(), &["Definition", "DefinitionSubstitutions"])
        .maybe("DefinitionS3Location", location)
        .put("RoleArn", role)
        .maybe("StateMachineName", source.get("Name").cloned())
        .maybe("StateMachineType", source.get("Type").cloned())
        .maybe("LoggingConfiguration", source.get("Logging").cloned())
        .maybe("TracingConfiguration", source.get("Tracing").cloned())
        .maybe("Tags", tags)
        .node();
    out.lower(source, "AWS::StepFunctions::StateMachine", machine);
    let alias = publish(out, source);
    let through = source.get("UseAliasAsEventTarget").and_then(Node::as_bool) == Some(true);
    let target = match alias.filter(|_| through) {
        Some(alias) => Target { id: alias.into(), arn: "", machine: true },
        None => Target { id: id.clone(), arn: "", machine: true },
    };
    events(out, apis, source, &target);
}

fn events(out: &mut Output<'_>, apis: &mut Apis, source: &Source, target: &Target) {
    let boundary = source.get("PermissionsBoundary");
    for entry in source.get("Events").map(Node::entries).unwrap_or_default() {
        let Some(kind) = text(&entry.value, "Type") else {
            out.refuse(entry.key_span, format!("the event {} of {} has no Type", entry.key, source.origin.name));
            continue;
        };
        let empty = Object::new(entry.key_span).node();
        let event = event(source, entry, target, present(&entry.value, "Properties").unwrap_or(&empty));
        match kind {
            "Api" => api_event::machine(out, apis, &event, boundary),
            "Schedule" | "CloudWatchEvent" | "EventBridgeRule" => schedule::start(out, &event, boundary),
            "ScheduleV2" => schedule::scheduler(out, &event),
            _ => {
                let message = format!("the event {} of {} has an unknown Type {kind}", entry.key, source.origin.name);
                out.refuse(entry.key_span, message);
            }
        }
    }
}

/// The managed policy for traces, where the state machine writes them.
fn tracing(source: &Source) -> Vec<Node> {
    let enabled = source.get("Tracing").and_then(|tracing| tracing.get("Enabled")).and_then(Node::as_bool);
    match enabled {
        Some(true) => vec![Node::string(managed_arn("AWSXrayWriteOnlyAccess"), source.origin.span)],
        _ => Vec::new(),
    }
}

/// Adds a version and an alias; the alias's id.
fn publish(out: &mut Output<'_>, source: &Source) -> Option<String> {
    let name = source.get("AutoPublishAlias")?;
    let origin = source.origin.at(name.span);
    let id = &origin.id;
    let version = Object::new(name.span)
        .put("StateMachineArn", Node::reference(id.clone(), "", name.span))
        .put("StateMachineRevisionId", Node::reference(id.clone(), "StateMachineRevisionId", name.span));
    out.generate(&origin, "AWS::StepFunctions::StateMachineVersion", format!("{id}Version"), version.node());
    let mut preference = match source.get("DeploymentPreference") {
        Some(preference) => preference.clone(),
        None => Object::new(name.span).text("Type", "ALL_AT_ONCE").node(),
    };
    preference.set("StateMachineVersionArn", name.span, Node::reference(format!("{id}Version"), "", name.span));
    let alias = Object::new(name.span).put("Name", name.clone()).put("DeploymentPreference", preference);
    let alias_id = format!("{id}Alias{name}");
    out.generate(&origin, "AWS::StepFunctions::StateMachineAlias", alias_id.clone(), alias.node());
    Some(alias_id)
}
