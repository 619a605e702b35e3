//! `cognitoUserPool`, `alexaSkill` and `alexaSmartHome` events.

use super::super::naming::alphanumeric;
use super::super::output::Output;
use super::super::service::{Event, Function};
use super::super::template::{Owner, Shape, arn_of};
use crate::syntax::{Node, Value};

/// Lowers every `cognitoUserPool` event: pools of the stack, and triggers of pools that exist.
pub(super) fn lower(out: &mut Output<'_>) {
    let service = out.service;
    for (function, event) in service.events("cognitoUserPool") {
        if event.config.get("existing").and_then(Node::as_bool) == Some(true) {
            existing(out, function, event);
        } else {
            lower_new(out, function, event);
        }
    }
}

fn lower_new(out: &mut Output<'_>, function: &Function, event: &Event) {
    let span = event.span;
    let config = &event.config;
    let (Some(pool), Some(trigger)) = (config.get("pool"), config.get("trigger").and_then(Node::as_text)) else {
        return;
    };
    let stem = alphanumeric(&pool.to_string());
    let id = format!("CognitoUserPool{stem}");
    if !out.template.contains(&id) {
        let triggers = Node::new(Value::Map(Vec::new()), span);
        let properties = Shape::at(span).with("UserPoolName", pool.clone()).with("LambdaConfig", triggers).done();
        // The pool has a name of its own, which the user wrote in the event.
        let owner = Owner { name: pool.to_string().into(), ..function.owner(span) };
        out.template.make("AWS::Cognito::UserPool", id.clone(), &owner, properties);
    }
    if let Some(draft) = out.template.get_mut(&id) {
        let mut triggers = draft.properties.get("LambdaConfig").cloned().unwrap_or_else(|| config.clone());
        let target = function.target(span);
        if matches!(trigger, "CustomSMSSender" | "CustomEmailSender") {
            let version = config.get("lambdaVersion").cloned().unwrap_or_else(|| Node::string("V1_0", span));
            let sender = Shape::at(span).with("LambdaArn", target).with("LambdaVersion", version).done();
            triggers.set(trigger, span, sender);
            if let Some(key) = config.entry("kmsKeyId") {
                triggers.set("KMSKeyID", key.key_span, key.value.clone());
            }
        } else {
            triggers.set(trigger, span, target);
        }
        draft.properties.set("LambdaConfig", span, triggers);
    }
    let trigger = alphanumeric(trigger);
    let permission = format!("{}LambdaPermissionCognitoUserPool{stem}TriggerSource{trigger}", function.normalized());
    out.permit(permission, function, "cognito-idp.amazonaws.com", Some(arn_of(&id, span)), span);
}

/// A pool outside the stack: the framework sets its trigger with a custom resource at deployment.
fn existing(out: &mut Output<'_>, function: &Function, event: &Event) {
    let span = event.span;
    let id = format!("{}CustomCognitoUserPool1", function.normalized());
    let config = Shape::at(span).copy("Trigger", &event.config, "trigger").done();
    if let Some(draft) = out.template.get_mut(&id) {
        let mut all = draft.properties.get("UserPoolConfigs").map(|list| list.items().to_vec()).unwrap_or_default();
        all.push(config);
        draft.properties.set("UserPoolConfigs", span, Node::list(all, span));
        return;
    }
    let properties = Shape::at(span)
        .with("FunctionName", function.name.clone())
        .copy("UserPoolName", &event.config, "pool")
        .with("UserPoolConfigs", Node::list(vec![config], span));
    out.template.make("Custom::CognitoUserPool", id, &function.owner(span), properties.done());
}

/// Lowers every `alexaSkill` event.
pub(super) fn lower_alexa_skill(out: &mut Output<'_>) {
    alexa(out, "alexaSkill", "AlexaSkill", "alexa-appkit.amazon.com");
}

/// Lowers every `alexaSmartHome` event.
pub(super) fn lower_alexa_home(out: &mut Output<'_>) {
    alexa(out, "alexaSmartHome", "AlexaSmartHome", "alexa-connectedhome.amazon.com");
}

/// The skill's id stands between the function and every other skill; without it any skill may invoke it.
fn alexa(out: &mut Output<'_>, kind: &str, stem: &str, principal: &str) {
    let service = out.service;
    for function in &service.functions {
        let events = function.events.iter().filter(|event| &*event.kind == kind);
        for (number, event) in (1..).zip(events) {
            let span = event.span;
            let token = match &event.config.value {
                Value::Map(_) => event.config.get("appId").cloned(),
                Value::Null | Value::Bool(_) => None,
                _ => Some(event.config.clone()),
            };
            let off = event.config.get("enabled").and_then(Node::as_bool) == Some(false);
            let properties = Shape::at(span)
                .with("FunctionName", function.target(span))
                .text("Action", if off { "lambda:DisableInvokeFunction" } else { "lambda:InvokeFunction" })
                .text("Principal", principal)
                .maybe("EventSourceToken", token);
            let id = format!("{}LambdaPermission{stem}{number}", function.normalized());
            out.template.make("AWS::Lambda::Permission", id, &function.owner(span), properties.done());
        }
    }
}
