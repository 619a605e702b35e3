//! The custom domain of an API: its name, the mapping of paths, and the records in Route 53.

use super::id;
use super::output::{Output, Source};
use super::shape::{Object, append, present, text};
use crate::source::Span;
use crate::syntax::{Node, Value};

/// Adds the domain of a REST API.
pub(super) fn rest(out: &mut Output<'_>, source: &Source) {
    let Some(domain) = source.get("Domain").filter(|domain| matches!(domain.value, Value::Map(_))) else { return };
    let Some(name) = present(domain, "DomainName") else { return };
    let span = domain.span;
    let origin = source.origin.at(span);
    let private = text(domain, "EndpointConfiguration") == Some("PRIVATE");
    let (kind, mapping) = match private {
        true => ("AWS::ApiGateway::DomainNameV2", "AWS::ApiGateway::BasePathMappingV2"),
        false => ("AWS::ApiGateway::DomainName", "AWS::ApiGateway::BasePathMapping"),
    };
    let prefix = if private { "ApiGatewayDomainNameV2" } else { "ApiGatewayDomainName" };
    let id = id::of_node(prefix, name);
    let endpoint = present(domain, "EndpointConfiguration").cloned();
    let endpoint = endpoint.unwrap_or_else(|| Node::string("REGIONAL", span));
    let regional = endpoint.as_text() == Some("REGIONAL");
    let certificate = if regional { "RegionalCertificateArn" } else { "CertificateArn" };
    let types = Object::new(span).put("Types", Node::list(vec![endpoint], span)).copy(domain, &["IpAddressType"]);
    let kept = ["SecurityPolicy", "EndpointAccessMode", "Policy", "OwnershipVerificationCertificateArn"];
    let properties = Object::new(span)
        .put("DomainName", name.clone())
        .maybe(certificate, present(domain, "CertificateArn").cloned())
        .put("EndpointConfiguration", types.node())
        .copy(domain, &["MutualTlsAuthentication"])
        .copy(domain, &kept)
        .node();
    out.generate(&origin, kind, id.clone(), properties);
    let part = if private { "DomainNameV2" } else { "DomainName" };
    out.names.insert(format!("{}.{part}", origin.id), id.as_str().into());
    for (path, key) in paths(domain) {
        let kept: String = path.chars().filter(|c| c.is_alphanumeric()).collect();
        let normalized = present(domain, "NormalizeBasePath").and_then(Node::as_bool) != Some(false);
        let key = key.map(|node| if normalized { Node::string(kept.as_str(), node.span) } else { node });
        let domain_key = if private { "DomainNameArn" } else { "DomainName" };
        let properties = Object::new(span)
            .put(domain_key, Node::reference(id.as_str(), "", span))
            .put("RestApiId", Node::reference(origin.id.clone(), "", span))
            .put("Stage", Node::reference(format!("{}.Stage", origin.id), "", span))
            .maybe("BasePath", key)
            .node();
        out.generate(&origin, mapping, format!("{}{kept}BasePathMapping", origin.id), properties);
    }
    if let Some(access) = present(domain, "AccessAssociation").filter(|_| private) {
        let endpoint = present(access, "VpcEndpointId").cloned().unwrap_or_else(|| access.clone());
        let basis = Node::list(vec![endpoint.clone(), Node::string(id.as_str(), span)], span);
        let properties = Object::new(access.span)
            .put("DomainNameArn", Node::reference(id.as_str(), "", span))
            .text("AccessAssociationSourceType", "VPCE")
            .put("AccessAssociationSource", endpoint)
            .node();
        let association = id::of_node("DomainNameAccessAssociation", &basis);
        out.generate(&origin, "AWS::ApiGateway::DomainNameAccessAssociation", association, properties);
    }
    records(out, source, domain, &id);
}

/// Adds the domain of an HTTP or WebSocket API.
pub(super) fn http(out: &mut Output<'_>, source: &Source) {
    let Some(domain) = source.get("Domain").filter(|domain| matches!(domain.value, Value::Map(_))) else { return };
    let Some(name) = present(domain, "DomainName") else { return };
    let span = domain.span;
    let origin = source.origin.at(span);
    let id = id::of_node("ApiGatewayDomainNameV2", name);
    let endpoint = present(domain, "EndpointConfiguration").cloned();
    let config = Object::new(span)
        .copy(domain, &["CertificateArn"])
        .put("EndpointType", endpoint.unwrap_or_else(|| Node::string("REGIONAL", span)))
        .copy(domain, &["OwnershipVerificationCertificateArn", "SecurityPolicy"])
        .node();
    let properties = Object::new(span)
        .put("DomainName", name.clone())
        .put("DomainNameConfigurations", Node::list(vec![config], span))
        .copy(domain, &["MutualTlsAuthentication"])
        .node();
    out.generate(&origin, "AWS::ApiGatewayV2::DomainName", id.clone(), properties);
    out.names.insert(format!("{}.DomainName", origin.id), id.as_str().into());
    for (path, key) in paths(domain) {
        let kept: String = path.chars().filter(|c| !matches!(c, '-' | '_' | '/')).collect();
        let key = key.map(|node| Node::string(path.trim_matches('/'), node.span));
        let properties = Object::new(span)
            .put("DomainName", Node::reference(id.as_str(), "", span))
            .put("ApiId", Node::reference(origin.id.clone(), "", span))
            .put("Stage", Node::reference(format!("{}.Stage", origin.id), "", span))
            .maybe("ApiMappingKey", key)
            .node();
        out.generate(&origin, "AWS::ApiGatewayV2::ApiMapping", format!("{}{kept}ApiMapping", origin.id), properties);
    }
    records(out, source, domain, &id);
}

/// The paths that the domain serves; one empty path where it says nothing of paths.
fn paths(domain: &Node) -> Vec<(String, Option<Node>)> {
    let listed: Vec<Node> = present(domain, "BasePath").map(|node| node.items_or_self().to_vec()).unwrap_or_default();
    if listed.is_empty() {
        return vec![(String::new(), None)];
    }
    listed.into_iter().map(|node| (node.to_string(), Some(node))).collect()
}

/// Adds the records that point at the domain, in one group a zone.
fn records(out: &mut Output<'_>, source: &Source, domain: &Node, id: &str) {
    let Some(route) = present(domain, "Route53").filter(|route| matches!(route.value, Value::Map(_))) else { return };
    let Some(zone) = present(route, "HostedZoneId").or_else(|| present(route, "HostedZoneName")) else { return };
    let origin = source.origin.at(route.span);
    let separate = route.get("SeparateRecordSetGroup").and_then(Node::as_bool) == Some(true);
    let group = match (separate, present(domain, "DomainName")) {
        (true, Some(name)) => id::of_node("RecordSetGroup", &Node::list(vec![zone.clone(), name.clone()], zone.span)),
        _ => id::of_node("RecordSetGroup", zone),
    };
    if out.find(&group).is_none() {
        let properties = Object::new(route.span).copy(route, &["HostedZoneId", "HostedZoneName"]).node();
        out.generate(&origin, "AWS::Route53::RecordSetGroup", group.clone(), properties);
    }
    let six = route.get("IpV6").and_then(Node::as_bool) == Some(true);
    let types: &[&str] = if six { &["A", "AAAA"] } else { &["A"] };
    let Some(group) = out.find_mut(&group) else { return };
    for kind in types {
        let record = Object::new(route.span)
            .maybe("Name", present(domain, "DomainName").cloned())
            .text("Type", kind)
            .put("AliasTarget", alias(domain, route, id, route.span))
            .copy(route, &["Region", "SetIdentifier"])
            .node();
        append(&mut group.properties, "RecordSets", record);
    }
}

fn alias(domain: &Node, route: &Node, id: &str, span: Span) -> Node {
    let target = Object::new(span).copy(route, &["EvaluateTargetHealth"]);
    match text(domain, "EndpointConfiguration") {
        None | Some("REGIONAL") => target
            .put("HostedZoneId", Node::reference(id, "RegionalHostedZoneId", span))
            .put("DNSName", Node::reference(id, "RegionalDomainName", span))
            .node(),
        Some("EDGE") => {
            let given = present(route, "DistributionDomainName").cloned();
            target
                // The zone of every CloudFront distribution (Route 53 API reference, AliasTarget, 2026-11).
                .text("HostedZoneId", "Z2FDTNDATAQYW2")
                .put("DNSName", given.unwrap_or_else(|| Node::reference(id, "DistributionDomainName", span)))
                .node()
        }
        Some(_) => target
            .maybe("HostedZoneId", present(route, "VpcEndpointHostedZoneId").cloned())
            .maybe("DNSName", present(route, "VpcEndpointDomainName").cloned())
            .node(),
    }
}
