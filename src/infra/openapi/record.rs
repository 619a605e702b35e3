//! The records that a document gives rules to judge: methods or routes, and what they hang on.

use super::authorizer::authorizers;
use super::base;
use super::integration;
use super::route::{Route, routes};
use super::shape::{ApiKind, DERIVED, INTEGRATION, PATH, renamed};
use crate::model::{Presence, Resource};
use crate::source::Span;
use crate::syntax::{Entry, Node, Part, Reference};
use std::sync::Arc;

/// The authorizers, validators and answers of an API and then its routes, an integration of a route behind it; with the
/// route that a record is of.
///
/// They are linked as the resources of a template would be: a route names its authorizer and its integration.
pub fn derived(body: &Node, kind: ApiKind, api: &Resource) -> Vec<(Option<Route>, Resource)> {
    let maker = Maker { body, kind, api };
    let mut made: Vec<(Option<Route>, Resource)> = maker.authorizers().into_iter().map(|one| (None, one)).collect();
    if kind == ApiKind::Rest {
        made.extend(maker.validators().into_iter().chain(maker.answers()).map(|one| (None, one)));
    }
    // A base path that is not known changes what the routes are called and nothing of what they do.
    let before = base::of(body, kind, api).unwrap_or_default();
    for mut route in routes(body) {
        if !before.is_empty() && route.path.starts_with('/') {
            route.path = format!("{before}{}", route.path).into();
        }
        let (record, integration) = maker.route(&route);
        made.push((Some(route.clone()), record));
        made.extend(integration.map(|one| (Some(route), one)));
    }
    made
}

struct Maker<'a> {
    body: &'a Node,
    kind: ApiKind,
    api: &'a Resource,
}

impl Maker<'_> {
    /// A record of the API that stands at a place.
    fn record(&self, kind: &str, id: &str, mut properties: Node, span: Span, presence: &Presence) -> Resource {
        let api = Node::reference(self.api.id.clone(), "", span);
        properties.set(if self.kind == ApiKind::Rest { "RestApiId" } else { "ApiId" }, span, api);
        properties.set(DERIVED, span, Node::bool(true, span));
        let mut record = Resource::new(kind, self.id(id), properties, span);
        record.generated_from = Some(self.api.name.clone());
        record.presence = self.api.presence.and(presence);
        record.region = self.api.region.clone();
        record.calls = self.api.calls.clone();
        record
    }

    fn id(&self, id: &str) -> String {
        format!("{}/{id}", self.api.id)
    }

    fn authorizers(&self) -> Vec<Resource> {
        let kind = match self.kind {
            ApiKind::Rest => "AWS::ApiGateway::Authorizer",
            ApiKind::Http => "AWS::ApiGatewayV2::Authorizer",
        };
        let record = |(entry, properties): (&Entry, Node)| {
            let id = format!("authorizers/{}", entry.key);
            self.record(kind, &id, properties, entry.key_span, &Presence::Always)
        };
        authorizers(self.body, self.kind).into_iter().map(record).collect()
    }

    fn validators(&self) -> Vec<Resource> {
        let names = [
            ("validateRequestBody", "ValidateRequestBody"),
            ("validateRequestParameters", "ValidateRequestParameters"),
        ];
        let record = |entry: &Entry| {
            let mut properties = renamed(&entry.value, &names);
            properties.set("Name", entry.key_span, Node::string(entry.key.clone(), entry.key_span));
            let id = format!("validators/{}", entry.key);
            self.record("AWS::ApiGateway::RequestValidator", &id, properties, entry.key_span, &Presence::Always)
        };
        self.listed("x-amazon-apigateway-request-validators").iter().map(record).collect()
    }

    fn answers(&self) -> Vec<Resource> {
        let names = [
            ("statusCode", "StatusCode"),
            ("responseParameters", "ResponseParameters"),
            ("responseTemplates", "ResponseTemplates"),
        ];
        let record = |entry: &Entry| {
            let mut properties = renamed(&entry.value, &names);
            properties.set("ResponseType", entry.key_span, Node::string(entry.key.clone(), entry.key_span));
            let id = format!("responses/{}", entry.key);
            self.record("AWS::ApiGateway::GatewayResponse", &id, properties, entry.key_span, &Presence::Always)
        };
        self.listed("x-amazon-apigateway-gateway-responses").iter().map(record).collect()
    }

    fn listed(&self, key: &str) -> &[Entry] {
        self.body.get(key).map(Node::entries).unwrap_or_default()
    }

    /// The record of a route, and the one of its integration where that is a resource of its own.
    fn route(&self, route: &Route) -> (Resource, Option<Resource>) {
        let span = route.span;
        let id = format!("{}/{}", route.method, route.path);
        let mut properties = Node::map([("AuthorizationType", route.authorization.clone())], span);
        if let Some((scheme, scopes)) = &route.scheme {
            let authorizer = |entry: &&(&Entry, Node)| entry.0.key == *scheme;
            if authorizers(self.body, self.kind).iter().any(|entry| authorizer(&entry)) {
                let id = self.id(&format!("authorizers/{scheme}"));
                properties.set("AuthorizerId", route.authorization.span, Node::reference(id, "", span));
            }
            if !scopes.items().is_empty() {
                properties.set("AuthorizationScopes", scopes.span, scopes.clone());
            }
        }
        if let Some(name) = route.operation.get("operationId").filter(|name| name.as_text().is_some()) {
            properties.set("OperationName", name.span, name.clone());
        }
        let written = route.operation.entry(INTEGRATION).filter(|entry| !entry.value.is_absent());
        let lowered = written.map(|entry| (entry.key_span, integration::lowered(&entry.value, self.kind)));
        match self.kind {
            ApiKind::Rest => {
                self.method(route, &mut properties);
                if let Some((key_span, integration)) = lowered {
                    properties.set("Integration", key_span, integration);
                }
                (self.record("AWS::ApiGateway::Method", &id, properties, span, &route.presence), None)
            }
            ApiKind::Http => {
                properties.set("RouteKey", span, Node::string(key(&route.method, &route.path), span));
                let integration = lowered.map(|(key_span, integration)| {
                    let id = format!("integrations/{id}");
                    let target: Arc<str> = self.id(&id).into();
                    let parts = vec![
                        Part::Literal("integrations/".into()),
                        Part::Reference(Reference { resource: target, attribute: "".into() }),
                    ];
                    properties.set("Target", key_span, Node::template(parts, key_span));
                    self.record("AWS::ApiGatewayV2::Integration", &id, integration, key_span, &route.presence)
                });
                (self.record("AWS::ApiGatewayV2::Route", &id, properties, span, &route.presence), integration)
            }
        }
    }

    /// What a method of a REST API has besides.
    fn method(&self, route: &Route, properties: &mut Node) {
        let span = route.span;
        properties.set("HttpMethod", span, Node::string(route.method.clone(), span));
        properties.set("ApiKeyRequired", span, route.api_key.clone().unwrap_or_else(|| Node::bool(false, span)));
        properties.set(PATH, span, Node::string(route.path.clone(), span));
        let of = |node: &Node| node.get("x-amazon-apigateway-request-validator").cloned();
        if let Some(name) = of(&route.operation).or_else(|| of(self.body)) {
            let validator = match name.as_text() {
                Some(text) => Node::reference(self.id(&format!("validators/{text}")), "", name.span),
                None => name,
            };
            properties.set("RequestValidatorId", validator.span, validator);
        }
    }
}

/// The key of a route of an HTTP API.
fn key(method: &str, path: &str) -> String {
    match (method, path) {
        ("ANY", "$default" | "/$default") => "$default".to_owned(),
        (method, path) => format!("{method} {path}"),
    }
}
