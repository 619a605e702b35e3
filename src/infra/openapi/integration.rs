//! What an operation is served by, in the shape of CloudFormation
//! (API Gateway Developer Guide, x-amazon-apigateway-integration object, 2026-11).

use super::shape::{ApiKind, each, renamed, upper};
use crate::syntax::{Entry, Node};

/// The integration of a REST method or an HTTP API's route.
pub(super) fn lowered(written: &Node, kind: ApiKind) -> Node {
    each(written, &mut |written| match kind {
        ApiKind::Rest => rest(written),
        ApiKind::Http => http(written),
    })
}

fn rest(written: &Node) -> Node {
    let mut made = renamed(
        written,
        &[
            ("type", "Type"),
            ("httpMethod", "IntegrationHttpMethod"),
            ("uri", "Uri"),
            ("connectionType", "ConnectionType"),
            ("connectionId", "ConnectionId"),
            ("integrationTarget", "IntegrationTarget"),
            ("credentials", "Credentials"),
            ("passthroughBehavior", "PassthroughBehavior"),
            ("contentHandling", "ContentHandling"),
            ("timeoutInMillis", "TimeoutInMillis"),
            ("responseTransferMode", "ResponseTransferMode"),
            ("requestParameters", "RequestParameters"),
            ("requestTemplates", "RequestTemplates"),
            ("cacheNamespace", "CacheNamespace"),
            ("cacheKeyParameters", "CacheKeyParameters"),
        ],
    );
    capital(&mut made, &["Type", "IntegrationHttpMethod", "PassthroughBehavior", "ConnectionType"]);
    tls(written, &mut made, ("insecureSkipVerification", "InsecureSkipVerification"));
    if let Some(responses) = written.get("responses").filter(|responses| !responses.is_absent()) {
        made.set("IntegrationResponses", responses.span, each(responses, &mut answers));
    }
    made
}

/// The answers by the pattern that selects them, as a list.
fn answers(responses: &Node) -> Node {
    let names = [
        ("statusCode", "StatusCode"),
        ("responseParameters", "ResponseParameters"),
        ("responseTemplates", "ResponseTemplates"),
        ("contentHandling", "ContentHandling"),
    ];
    let answer = |entry: &Entry| {
        let mut made = renamed(&entry.value, &names);
        if &*entry.key != "default" {
            made.set("SelectionPattern", entry.key_span, Node::string(entry.key.clone(), entry.key_span));
        }
        made
    };
    Node::list(responses.entries().iter().map(answer).collect(), responses.span)
}

fn http(written: &Node) -> Node {
    let mut made = renamed(
        written,
        &[
            ("type", "IntegrationType"),
            ("integrationSubtype", "IntegrationSubtype"),
            ("httpMethod", "IntegrationMethod"),
            ("uri", "IntegrationUri"),
            ("connectionType", "ConnectionType"),
            ("connectionId", "ConnectionId"),
            ("credentials", "CredentialsArn"),
            ("payloadFormatVersion", "PayloadFormatVersion"),
            ("timeoutInMillis", "TimeoutInMillis"),
            ("requestParameters", "RequestParameters"),
            ("responseParameters", "ResponseParameters"),
        ],
    );
    capital(&mut made, &["IntegrationType", "IntegrationMethod", "ConnectionType"]);
    tls(written, &mut made, ("serverNameToVerify", "ServerNameToVerify"));
    made
}

fn capital(made: &mut Node, keys: &[&str]) {
    for key in keys {
        if let Some(entry) = made.entry(key).cloned() {
            made.set(*key, entry.key_span, upper(&entry.value));
        }
    }
}

fn tls(written: &Node, made: &mut Node, name: (&str, &str)) {
    if let Some(entry) = written.entry("tlsConfig").filter(|entry| !entry.value.is_absent()) {
        made.set("TlsConfig", entry.key_span, each(&entry.value, &mut |config| renamed(config, &[name])));
    }
}
