//! Security schemes as the authorizers that they are to API Gateway.

use super::shape::{ApiKind, each, renamed, upper};
use crate::syntax::{Entry, Node};

/// The key of an authorizer (API Gateway Developer Guide, x-amazon-apigateway-authorizer, 2026-11).
const AUTHORIZER: &str = "x-amazon-apigateway-authorizer";

/// What a security scheme of the document is to API Gateway; `None` where it is not defined there.
pub(super) fn scheme_type(body: &Node, name: &str) -> Option<&'static str> {
    if name == "NONE" || name == "api_key_false" {
        return Some("OFF");
    }
    let scheme = schemes(body).find(|entry| &*entry.key == name).map(|entry| &entry.value)?;
    let authorizer = scheme.get(AUTHORIZER);
    let text = |node: Option<&Node>, key: &str| {
        node.and_then(|node| node.get(key)).and_then(Node::as_text).map(str::to_ascii_lowercase)
    };
    let auth_type = text(Some(scheme), "x-amazon-apigateway-authtype");
    match (auth_type.as_deref(), text(authorizer, "type").as_deref()) {
        (Some("awssigv4"), _) => Some("AWS_IAM"),
        (_, Some("cognito_user_pools")) | (Some("cognito_user_pools"), _) => Some("COGNITO_USER_POOLS"),
        (_, Some("jwt")) => Some("JWT"),
        (_, Some("request" | "token")) | (Some("custom"), _) => Some("CUSTOM"),
        (None, None) => match text(Some(scheme), "type").as_deref() {
            Some("apikey") if text(Some(scheme), "name").as_deref() == Some("x-api-key") => Some("API_KEY"),
            // A scheme that names no authorizer is documentation only: API Gateway lets everybody in.
            Some(_) if authorizer.is_none() => Some("OFF"),
            _ => None,
        },
        _ => None,
    }
}

/// The authorizers that a document defines: the scheme's name and the properties that it has in CloudFormation.
pub(super) fn authorizers(body: &Node, kind: ApiKind) -> Vec<(&Entry, Node)> {
    let authorizer = |entry: &Entry| {
        let written = entry.value.get(AUTHORIZER).filter(|written| !written.is_absent())?;
        let mut made = match kind {
            ApiKind::Rest => rest(written, &entry.value),
            ApiKind::Http => http(written),
        };
        made.set("Name", entry.key_span, Node::string(entry.key.clone(), entry.key_span));
        Some(made)
    };
    schemes(body).filter_map(|entry| Some((entry, authorizer(entry)?))).collect()
}

/// The security schemes in the place of either version.
fn schemes(body: &Node) -> impl Iterator<Item = &Entry> {
    let of = |path: &str| body.at(path).map(Node::entries).unwrap_or_default();
    of("securityDefinitions").iter().chain(of("components.securitySchemes"))
}

fn rest(written: &Node, scheme: &Node) -> Node {
    let mut made = renamed(
        written,
        &[
            ("type", "Type"),
            ("authorizerUri", "AuthorizerUri"),
            ("authorizerCredentials", "AuthorizerCredentials"),
            ("identitySource", "IdentitySource"),
            ("identityValidationExpression", "IdentityValidationExpression"),
            ("authorizerResultTtlInSeconds", "AuthorizerResultTtlInSeconds"),
            ("providerARNs", "ProviderARNs"),
        ],
    );
    if let Some(kind) = written.get("type") {
        made.set("Type", kind.span, upper(kind));
    }
    // Of a token it is the header that the scheme names.
    let is_token = made.get("Type").and_then(Node::as_text).is_some_and(|kind| kind != "REQUEST");
    if let (true, None, Some(header)) =
        (is_token, made.get("IdentitySource"), scheme.get("name").filter(|name| name.as_text().is_some()))
    {
        let source = format!("method.request.header.{header}");
        made.set("IdentitySource", header.span, Node::string(source, header.span));
    }
    made
}

fn http(written: &Node) -> Node {
    let mut made = renamed(
        written,
        &[
            ("type", "AuthorizerType"),
            ("authorizerUri", "AuthorizerUri"),
            ("authorizerCredentials", "AuthorizerCredentialsArn"),
            ("authorizerPayloadFormatVersion", "AuthorizerPayloadFormatVersion"),
            ("authorizerResultTtlInSeconds", "AuthorizerResultTtlInSeconds"),
            ("enableSimpleResponses", "EnableSimpleResponses"),
        ],
    );
    if let Some(kind) = written.get("type") {
        made.set("AuthorizerType", kind.span, upper(kind));
    }
    if let Some(source) = written.get("identitySource").filter(|source| !source.is_absent()) {
        // One text, with commas between several sources.
        let list = each(source, &mut |source| match source.as_text() {
            Some(text) => {
                Node::list(text.split(',').map(|one| Node::string(one.trim(), source.span)).collect(), source.span)
            }
            None => source.clone(),
        });
        made.set("IdentitySource", source.span, list);
    }
    if let Some(jwt) = written.get("jwtConfiguration").filter(|jwt| !jwt.is_absent()) {
        let names = [("issuer", "Issuer"), ("audience", "Audience")];
        made.set("JwtConfiguration", jwt.span, each(jwt, &mut |jwt| renamed(jwt, &names)));
    }
    made
}
