//! A function's own address, its asynchronous invocation, and how its new versions take over.

use super::output::{Origin, Output, Source, Target};
use super::policies::managed_arn;
use super::shape::{Object, allow, append, assume, fill, inline_policy, json, literal, parts_of, present, text};
use crate::model::Presence;
use crate::syntax::{Node, Value};
use serde_json::json;

/// The CodeDeploy application that all functions with a deployment preference share.
const APPLICATION: &str = "ServerlessDeploymentApplication";
/// The role of that application.
const SERVICE_ROLE: &str = "CodeDeployServiceRole";

/// Adds the function's address (`FunctionUrlConfig`) and, where anybody may call it, the permissions for that.
pub(super) fn url(out: &mut Output<'_>, source: &Source, target: &Target) {
    let Some(config) = source.get("FunctionUrlConfig") else { return };
    let origin = source.origin.at(config.span);
    let id = &origin.id;
    let named = target.name(config.span);
    let url = Object::new(config.span)
        .copy(config, &["Cors", "AuthType"])
        .put("TargetFunctionArn", named.clone())
        .copy(config, &["InvokeMode"])
        .node();
    out.generate(&origin, "AWS::Lambda::Url", format!("{id}Url"), url);
    // SAM compares what is written: behind a parameter it adds no permission.
    let open = |auth: &&Node| auth.as_text() == Some("NONE") && out.is_written(auth);
    let Some(auth) = config.get("AuthType").filter(open) else { return };
    let origin = origin.at(auth.span);
    let permission = |action: &str| Object::new(auth.span).text("Action", action).put("FunctionName", named.clone());
    let open = permission("lambda:InvokeFunctionUrl").text("Principal", "*").text("FunctionUrlAuthType", "NONE");
    out.generate(&origin, "AWS::Lambda::Permission", format!("{id}UrlPublicPermissions"), open.node());
    let invoke = permission("lambda:InvokeFunction").text("Principal", "*");
    let invoke = invoke.put("InvokedViaFunctionUrl", Node::bool(true, auth.span));
    out.generate(&origin, "AWS::Lambda::Permission", format!("{id}URLInvokeAllowPublicAccess"), invoke.node());
}

/// Adds the `EventInvokeConfig`, with the queues and topics that it makes; the policies that the role needs for it.
pub(super) fn configuration(out: &mut Output<'_>, source: &Source, alias: Option<&str>) -> Vec<Node> {
    let Some(config) = source.get("EventInvokeConfig") else { return Vec::new() };
    let origin = source.origin.at(config.span);
    let id = format!("{}EventInvokeConfig", origin.id);
    let mut policies = Vec::new();
    let mut destinations = Object::new(config.span);
    for name in ["OnSuccess", "OnFailure"] {
        let Some(wanted) = config.at("DestinationConfig").and_then(|all| present(all, name)) else { continue };
        let destination = destination(out, &origin.at(wanted.span), wanted, &format!("{id}{name}"));
        if let Some(destination) = destination {
            policies.extend(sending(wanted, &destination, &format!("{id}{name}")));
            destinations = destinations.put(name, Object::new(wanted.span).put("Destination", destination).node());
        }
    }
    let qualifier = match alias {
        Some(_) => source.get("AutoPublishAlias").cloned(),
        None => Some(Node::string("$LATEST", config.span)),
    };
    let properties = Object::new(config.span)
        .put("FunctionName", Node::reference(origin.id.clone(), "", config.span))
        .maybe("Qualifier", qualifier)
        .put("DestinationConfig", destinations.node())
        .copy(config, &["MaximumEventAgeInSeconds", "MaximumRetryAttempts"])
        .node();
    out.generate(&origin, "AWS::Lambda::EventInvokeConfig", id, properties);
    policies
}

/// Where results go: the destination given, or a queue or topic that is made for it.
fn destination(out: &mut Output<'_>, origin: &Origin, wanted: &Node, id: &str) -> Option<Node> {
    let (kind, made, part, attribute) = match text(wanted, "Type") {
        Some("SQS") => ("AWS::SQS::Queue", format!("{id}Queue"), "DestinationQueue", "Arn"),
        Some("SNS") => ("AWS::SNS::Topic", format!("{id}Topic"), "DestinationTopic", ""),
        _ => return present(wanted, "Destination").cloned(),
    };
    let reference = Node::reference(made.clone(), attribute, wanted.span);
    let (presence, value) = match present(wanted, "Destination") {
        None => (Presence::Always, reference),
        Some(given) => match &given.value {
            Value::Either { condition, then, otherwise } if then.is_absent() != otherwise.is_absent() => {
                let pick = |node: &Node| Box::new(if node.is_absent() { reference.clone() } else { node.clone() });
                let (then, otherwise) = (pick(then), pick(otherwise));
                let value = Value::Either { condition: condition.clone(), then, otherwise };
                (Presence::Possible(condition.clone()), Node::new(value, given.span))
            }
            _ => return Some(given.clone()),
        },
    };
    let origin = Origin { presence: origin.presence.and(&presence), ..origin.clone() };
    out.names.insert(format!("{}.{part}", origin.id), made.as_str().into());
    out.generate(&origin, kind, made, Object::new(wanted.span).node());
    Some(value)
}

/// The inline policy that lets a role send to a destination of this kind.
fn sending(wanted: &Node, destination: &Node, id: &str) -> Option<Node> {
    let (suffix, action) = match text(wanted, "Type")? {
        "SQS" => ("SQSPolicy", "sqs:SendMessage"),
        "SNS" => ("SNSPolicy", "sns:publish"),
        "EventBridge" => ("EventBridgePolicy", "events:PutEvents"),
        "Lambda" => ("LambdaPolicy", "lambda:InvokeFunction"),
        "S3Bucket" => return Some(bucket_policy(destination, id)),
        _ => return None,
    };
    let document = allow(json!(action), destination.clone(), wanted.span);
    Some(inline_policy(&format!("{id}{suffix}"), document))
}

/// The inline policy that lets a role put objects into a bucket.
pub(super) fn bucket_policy(bucket: &Node, id: &str) -> Node {
    let mut inside = parts_of(bucket);
    inside.push(literal("/*"));
    let mut document = allow(json!("s3:PutObject"), Node::template(inside, bucket.span), bucket.span);
    let list = Object::new(bucket.span).text("Action", "s3:ListBucket").text("Effect", "Allow");
    append(&mut document, "Statement", list.put("Resource", bucket.clone()).node());
    inline_policy(&format!("{id}S3Policy"), document)
}

/// Adds the CodeDeploy resources of a `DeploymentPreference`.
pub(super) fn deployment(out: &mut Output<'_>, source: &Source, alias: Option<&str>) {
    let Some(preference) = source.get("DeploymentPreference") else { return };
    if preference.get("Enabled").and_then(Node::as_bool) == Some(false) || alias.is_none() {
        return;
    }
    let origin = source.origin.at(preference.span);
    let shared = shared(&origin);
    let (application_id, role_id) = (out.own_id(APPLICATION), out.own_id(SERVICE_ROLE));
    if out.find(&application_id).is_none() {
        let application = Object::new(preference.span).text("ComputePlatform", "Lambda").node();
        out.generate(&shared, "AWS::CodeDeploy::Application", application_id.as_str(), application);
    }
    let role = present(preference, "Role").cloned().unwrap_or_else(|| {
        if out.find(&role_id).is_none() {
            let arn = managed_arn("service-role/AWSCodeDeployRoleForLambda");
            let role = Object::new(preference.span)
                .put("AssumeRolePolicyDocument", assume("codedeploy.amazonaws.com", preference.span))
                .put("ManagedPolicyArns", Node::list(vec![Node::string(arn, preference.span)], preference.span));
            out.generate(&shared, "AWS::IAM::Role", role_id.as_str(), role.node());
        }
        Node::reference(role_id.as_str(), "Arn", preference.span)
    });
    let alarms = present(preference, "Alarms").map(|alarms| {
        let names = alarms.items().iter().map(|alarm| Object::new(alarm.span).put("Name", alarm.clone()).node());
        let object = Object::new(alarms.span).put("Enabled", Node::bool(true, alarms.span));
        object.put("Alarms", Node::list(names.collect(), alarms.span)).node()
    });
    let events = json!(["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"]);
    let group = Object::new(preference.span)
        .maybe("AlarmConfiguration", alarms)
        .put("ApplicationName", Node::reference(application_id, "", preference.span))
        .put("AutoRollbackConfiguration", json(&json!({"Enabled": true, "Events": events}), preference.span))
        .maybe("DeploymentConfigName", present(preference, "Type").map(traffic))
        .put("ServiceRoleArn", role)
        .maybe("TriggerConfigurations", present(preference, "TriggerConfigurations").cloned())
        .node();
    out.generate(&origin, "AWS::CodeDeploy::DeploymentGroup", format!("{}DeploymentGroup", origin.id), group);
}

/// What several functions share is there for certain only where one of them is; the first one stands for it.
fn shared(origin: &Origin) -> Origin {
    Origin { position: usize::MAX, ..origin.clone() }
}

/// The name of a predefined way to shift traffic, in full.
fn traffic(kind: &Node) -> Node {
    let known = ["Canary10Percent", "Linear10Percent", "AllAtOnce"];
    match kind.as_text() {
        Some(text) if known.iter().any(|one| text.starts_with(one)) => {
            fill(&format!("CodeDeployDefault.Lambda{text}"), kind.span, &|_| None)
        }
        _ => kind.clone(),
    }
}

/// The dead-letter queue of a rule or schedule: its ARN, given or of a queue that is made for it.
pub(super) fn rule_queue(out: &mut Output<'_>, origin: &Origin, config: &Node, id: &str, rule: bool) -> Option<Node> {
    if let Some(arn) = present(config, "Arn") {
        return Some(arn.clone());
    }
    let queue = text(config, "QueueLogicalId").map_or_else(|| format!("{id}Queue"), str::to_owned);
    let origin = origin.at(config.span);
    out.generate(&origin, "AWS::SQS::Queue", queue.clone(), Object::new(config.span).node());
    let arn = Node::reference(queue.clone(), "Arn", config.span);
    if rule {
        let statement = Object::new(config.span)
            .text("Effect", "Allow")
            .put("Principal", json(&json!({"Service": "events.amazonaws.com"}), config.span))
            .text("Action", "sqs:SendMessage")
            .put("Resource", arn.clone())
            .put("Condition", arn_equals(Node::reference(id, "Arn", config.span)))
            .node();
        queue_policy(out, &origin, &format!("{id}QueuePolicy"), statement, Node::reference(queue, "", config.span));
    }
    Some(arn)
}

/// Adds a policy of one statement to a queue, which is given by its address.
pub(super) fn queue_policy(out: &mut Output<'_>, origin: &Origin, id: &str, statement: Node, queue: Node) {
    let span = origin.span;
    let document = Object::new(span).text("Version", "2012-10-17").put("Statement", Node::list(vec![statement], span));
    let properties = Object::new(span).put("PolicyDocument", document.node());
    let properties = properties.put("Queues", Node::list(vec![queue], span)).node();
    out.generate(origin, "AWS::SQS::QueuePolicy", id.to_owned(), properties);
}

/// The condition that a request comes from a resource.
pub(super) fn arn_equals(source: Node) -> Node {
    let span = source.span;
    Object::new(span).put("ArnEquals", Object::new(span).put("aws:SourceArn", source).node()).node()
}
