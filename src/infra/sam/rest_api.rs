//! `AWS::Serverless::Api`: the REST API with its document, deployment, stage, domain, authorizers and usage plan.

use super::api::{Api, tags};
use super::auth;
use super::body;
use super::domain;
use super::function::s3_location;
use super::id;
use super::output::{Origin, Output, Source};
use super::shape::{Object, append, json, present, tag_list, text};
use crate::infra::openapi::ApiKind;
use crate::syntax::{Node, Value};
use serde_json::json;

/// The properties that keep their name and shape.
const KEPT: &[&str] = &[
    "BinaryMediaTypes",
    "MinimumCompressionSize",
    "FailOnWarnings",
    "Name",
    "Description",
    "Mode",
    "ApiKeySourceType",
    "Policy",
    "SecurityPolicy",
    "EndpointAccessMode",
];

/// The properties of the stage that keep their name and shape.
const STAGE: &[&str] = &[
    "StageName",
    "CacheClusterEnabled",
    "CacheClusterSize",
    "Variables",
    "MethodSettings",
    "AccessLogSetting",
    "CanarySetting",
    "TracingEnabled",
];

/// Adds everything that a REST API becomes, and finishes its document.
pub(super) fn lower(out: &mut Output<'_>, api: &mut Api, plans: &mut Plans) {
    let source = &api.source;
    let span = source.origin.span;
    if let Some(document) = &mut api.body {
        finish(document, source);
    }
    let location = source.get("DefinitionUri").map(|uri| s3_location(uri, ["Bucket", "Key", "Version"]));
    let endpoint = source.get("EndpointConfiguration");
    let properties = Object::new(source.properties().span)
        .maybe("Body", api.body.clone())
        .maybe("BodyS3Location", location.clone())
        .copy(source.properties(), KEPT)
        .maybe("EndpointConfiguration", endpoint.map(endpoints))
        .maybe("DisableExecuteApiEndpoint", source.get("DisableExecuteApiEndpoint").cloned())
        .node();
    out.lower(source, "AWS::ApiGateway::RestApi", properties);
    let id = source.origin.id.clone();
    domain::rest(out, source);
    let basis = api.body.as_ref().or(location.as_ref());
    let deployment_id = match basis {
        Some(basis) => id::of_node(&format!("{id}Deployment"), &Node::list(vec![basis.clone()], span)),
        None => format!("{id}Deployment"),
    };
    let reference = Node::reference(id.clone(), "", span);
    let deployment = Object::new(span).put("RestApiId", reference.clone());
    let deployment = match source.get("OpenApiVersion") {
        Some(_) => deployment,
        None => deployment.text("StageName", "Stage"),
    };
    out.generate(&source.origin, "AWS::ApiGateway::Deployment", deployment_id.clone(), deployment.node());
    let stage_id =
        match source.get("StageName").filter(|name| api.implicit || out.is_written(name)).and_then(Node::as_text) {
            Some(name) if name.chars().all(char::is_alphanumeric) => format!("{id}{name}Stage"),
            Some(name) => id::hashed(&format!("{id}Stage"), name),
            None => format!("{id}Stage"),
        };
    let stage = Object::new(span)
        .put("RestApiId", reference)
        .put("DeploymentId", Node::reference(deployment_id.clone(), "", span))
        .copy(source.properties(), STAGE)
        .maybe("Tags", tag_list(tags(source), None, span))
        .node();
    out.generate(&source.origin, "AWS::ApiGateway::Stage", stage_id.clone(), stage);
    out.names.insert(format!("{id}.Deployment"), deployment_id.into());
    out.names.insert(format!("{id}.Stage"), stage_id.as_str().into());
    auth::permit(out, source, ApiKind::Rest);
    plans.add(out, source, &stage_id);
}

/// Writes into the document what the API's properties say of all its operations.
fn finish(document: &mut Node, source: &Source) {
    let known = matches!(document.value, Value::Map(_));
    if !known {
        return;
    }
    if let Some(cors) = source.get("Cors") {
        body::preflight(document, cors);
    }
    let none = Object::new(source.origin.span).node();
    auth::of_api(document, source.get("Auth").unwrap_or(&none), ApiKind::Rest);
    if let Some(policy) = source.get("Auth").and_then(|auth| present(auth, "ResourcePolicy")) {
        let stage = source.get("StageName").cloned().unwrap_or_else(|| Node::string("*", policy.span));
        auth::resource_policy(document, policy, &stage);
    }
    if let Some(types) = source.get("BinaryMediaTypes") {
        document.set("x-amazon-apigateway-binary-media-types", types.span, types.clone());
    }
    for (property, key) in [("GatewayResponses", "x-amazon-apigateway-gateway-responses"), ("Models", "definitions")] {
        if let Some(value) = source.get(property) {
            document.set(key, value.span, value.clone());
        }
    }
}

/// Where the API can be reached.
fn endpoints(endpoint: &Node) -> Node {
    let object = Object::new(endpoint.span);
    match endpoint.value {
        Value::Map(_) => {
            let kind = present(endpoint, "Type").cloned();
            let ids = present(endpoint, "VPCEndpointIds").or_else(|| present(endpoint, "VpcEndpointIds")).cloned();
            object
                .maybe("Types", kind.map(|kind| Node::list(vec![kind], endpoint.span)))
                .maybe("VpcEndpointIds", ids)
                .copy(endpoint, &["IpAddressType"])
                .node()
        }
        _ => object.put("Types", Node::list(vec![endpoint.clone()], endpoint.span)).node(),
    }
}

/// The usage plan that several APIs share, under construction.
#[derive(Default)]
pub(super) struct Plans {
    shared: Option<(Origin, Node, Node)>,
}

impl Plans {
    /// Adds the usage plan, key and their link that `Auth.UsagePlan` asks for.
    fn add(&mut self, out: &mut Output<'_>, source: &Source, stage: &str) {
        let Some(plan) = source.get("Auth").and_then(|auth| present(auth, "UsagePlan")) else { return };
        let origin = source.origin.at(plan.span);
        let id = &origin.id;
        let own = |key: &str, stage_key: &str| {
            let api = Object::new(plan.span).put(key, Node::reference(id.clone(), "", plan.span));
            api.put(stage_key, Node::reference(stage, "", plan.span)).node()
        };
        let settings =
            |from| Object::new(plan.span).copy(from, &["UsagePlanName", "Description", "Quota", "Tags", "Throttle"]);
        let enabled = || Object::new(plan.span).put("Enabled", json(&json!(true), plan.span)).node();
        match text(plan, "CreateUsagePlan") {
            Some("PER_API") => {
                let (mut stages, mut key) = (settings(plan).node(), enabled());
                append(&mut stages, "ApiStages", own("ApiId", "Stage"));
                append(&mut key, "StageKeys", own("RestApiId", "StageName"));
                let names = [format!("{id}UsagePlan"), format!("{id}ApiKey"), format!("{id}UsagePlanKey")];
                generate(out, &origin, &names, stages, key);
                name(out, id, &names);
            }
            Some("SHARED") => {
                let fresh = || (Origin { position: usize::MAX, ..origin.clone() }, settings(plan).node(), enabled());
                let (_, stages, key) = self.shared.get_or_insert_with(fresh);
                append(stages, "ApiStages", own("ApiId", "Stage"));
                append(key, "StageKeys", own("RestApiId", "StageName"));
                let names = shared_names(out);
                name(out, id, &names);
            }
            _ => {}
        }
    }

    /// Adds the shared usage plan.
    pub(super) fn finish(self, out: &mut Output<'_>) {
        if let Some((origin, stages, key)) = self.shared {
            let names = shared_names(out);
            generate(out, &origin, &names, stages, key);
        }
    }
}

fn shared_names(out: &Output<'_>) -> [String; 3] {
    ["ServerlessUsagePlan", "ServerlessApiKey", "ServerlessUsagePlanKey"].map(|id| out.own_id(id))
}

fn name(out: &mut Output<'_>, id: &str, names: &[String; 3]) {
    for (part, name) in ["UsagePlan", "ApiKey", "UsagePlanKey"].into_iter().zip(names) {
        out.names.insert(format!("{id}.{part}"), name.as_str().into());
    }
}

fn generate(out: &mut Output<'_>, origin: &Origin, names: &[String; 3], plan: Node, key: Node) {
    let [plan_id, key_id, link_id] = names;
    out.generate(origin, "AWS::ApiGateway::UsagePlan", plan_id.clone(), plan);
    out.generate(origin, "AWS::ApiGateway::ApiKey", key_id.clone(), key);
    let link = Object::new(origin.span)
        .put("KeyId", Node::reference(key_id.clone(), "", origin.span))
        .text("KeyType", "API_KEY")
        .put("UsagePlanId", Node::reference(plan_id.clone(), "", origin.span))
        .node();
    out.generate(origin, "AWS::ApiGateway::UsagePlanKey", link_id.clone(), link);
}
