//! `cloudFront` events: one distribution for all functions of the service that run at the edge.
//!
//! The distribution invokes the version that a deployment publishes; here that is the function itself.

use super::super::naming::normalized;
use super::super::output::{Output, allow};
use super::super::service::{Event, Function, text};
use super::super::template::{Shape, arn, reference};
use crate::source::Span;
use crate::syntax::{Node, Value};

const DISTRIBUTION: &str = "CloudFrontDistribution";

/// AWS' own policy CachingOptimized, which the framework takes where an event says nothing of caching
/// (Serverless Framework documentation, CloudFront, read 2026-11).
const CACHING_OPTIMIZED: &str = "658327ea-f89d-4fab-a63d-7e88639e58f6";

/// The framework's defaults for functions at the edge (documentation, CloudFront, read 2026-11): 128 MB, 5 seconds.
const MEMORY: &str = "128";
const TIMEOUT: &str = "5";

/// The distribution being put together.
#[derive(Default)]
struct Edge {
    origins: Vec<Node>,
    behaviors: Vec<Node>,
    default_origin: Option<Node>,
}

/// Lowers every `cloudFront` event.
pub(super) fn lower(out: &mut Output<'_>) {
    let service = out.service;
    let Some((_, first)) = service.events("cloudFront").next() else {
        return;
    };
    let span = first.span;
    policies(out);
    let mut edge = Edge::default();
    for (function, event) in service.events("cloudFront") {
        edge.add(function, event);
        at_the_edge(out, function);
        let source = arn(
            "arn:AWS::Partition:cloudfront::AWS::AccountId:distribution/{}",
            &[reference(DISTRIBUTION, event.span)],
            event.span,
        );
        let properties = Shape::at(event.span)
            .with("FunctionName", function.target(event.span))
            .text("Action", "lambda:InvokeFunction")
            .text("Principal", "edgelambda.amazonaws.com")
            .with("SourceArn", source);
        let id = format!("{}InvokePermission", function.id());
        out.template.make("AWS::Lambda::Permission", id, &function.owner(event.span), properties.done());
    }
    if let Some(role) = &mut out.role {
        role.trusted.push(Node::string("edgelambda.amazonaws.com", span));
        // Logs are written in the region where the function runs.
        let groups = arn("arn:AWS::Partition:logs:*:*:*", &[], span);
        role.statements.push(allow(
            &["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents", "logs:TagResource"],
            vec![groups],
            span,
        ));
    }
    let mut config = edge.config(span);
    let comment = text(&[&service.name, &Node::string(" ", span), &service.stage], span);
    config.set("Comment", span, comment);
    let properties = Node::map([("DistributionConfig", config)], span);
    out.template.make(
        "AWS::CloudFront::Distribution",
        DISTRIBUTION,
        &service.owner("provider.cloudFront", span),
        properties,
    );
}

/// `provider.cloudFront.cachePolicies`.
fn policies(out: &mut Output<'_>) {
    let service = out.service;
    for entry in service.provider("cloudFront.cachePolicies").map(Node::entries).unwrap_or_default() {
        let span = entry.key_span;
        let mut config = entry.value.clone();
        config.set("Name", span, service.prefixed(&format!("-{}", entry.key), span));
        let owner = service.owner("provider.cloudFront", span);
        let properties = Node::map([("CachePolicyConfig", config)], span);
        out.template.make("AWS::CloudFront::CachePolicy", policy_id(&entry.key), &owner, properties);
    }
}

fn policy_id(name: &str) -> String {
    format!("CloudFrontCachePolicy{}", normalized(name))
}

/// A function at the edge has neither a network nor variables, and smaller defaults.
fn at_the_edge(out: &mut Output<'_>, function: &Function) {
    let Some(draft) = out.template.get_mut(&function.id()) else { return };
    if let Value::Map(entries) = &mut draft.properties.value {
        entries.retain(|entry| !matches!(&*entry.key, "VpcConfig" | "Environment"));
    }
    for (ours, theirs, default) in [("MemorySize", "memorySize", MEMORY), ("Timeout", "timeout", TIMEOUT)] {
        if function.get(theirs).is_none() {
            draft.properties.set(ours, function.span, Node::new(Value::Number(default.into()), function.span));
        }
    }
}

impl Edge {
    fn add(&mut self, function: &Function, event: &Event) {
        let span = event.span;
        let config = &event.config;
        let origin = origin(config, span);
        let target = origin.get("Id").cloned().unwrap_or_else(|| origin.clone());
        if config.get("isDefaultOrigin").and_then(Node::as_bool) == Some(true) {
            self.default_origin = Some(target.clone());
        }
        if self.origins.iter().all(|known| known.get("Id").map(Node::to_string) != Some(target.to_string())) {
            self.origins.push(origin);
        }
        let association = Shape::at(span)
            .copy("EventType", config, "eventType")
            .with("LambdaFunctionARN", function.target(span))
            .copy("IncludeBody", config, "includeBody")
            .done();
        let pattern = config.get("pathPattern").cloned();
        let same = |known: &&mut Node| {
            known.get("PathPattern").map(Node::to_string) == pattern.as_ref().map(Node::to_string)
                && known.get("TargetOriginId").map(Node::to_string) == Some(target.to_string())
        };
        if let Some(known) = self.behaviors.iter_mut().find(same) {
            let mut all = known.get("LambdaFunctionAssociations").map(|all| all.items().to_vec()).unwrap_or_default();
            all.push(association);
            known.set("LambdaFunctionAssociations", span, Node::list(all, span));
            return;
        }
        let mut behavior = Shape::at(span).text("ViewerProtocolPolicy", "allow-all").done();
        let given = config.get("behavior");
        for entry in given.map(Node::entries).unwrap_or_default() {
            behavior.set(entry.key.clone(), entry.key_span, entry.value.clone());
        }
        let policy = config.get("cachePolicy");
        let named = policy.and_then(|policy| {
            let by_name = policy.get("name").map(|name| reference(&policy_id(&name.to_string()), name.span));
            policy.get("id").cloned().or(by_name)
        });
        let says = ["CachePolicyId", "ForwardedValues", "MaxTTL", "MinTTL", "DefaultTTL"];
        let says = given.is_some_and(|given| says.iter().any(|key| given.get(key).is_some()));
        if let Some(named) = named {
            behavior.set("CachePolicyId", span, named);
        } else if !says {
            behavior.set("CachePolicyId", span, Node::string(CACHING_OPTIMIZED, span));
        }
        behavior.set("TargetOriginId", span, target);
        behavior.set("LambdaFunctionAssociations", span, Node::list(vec![association], span));
        if let Some(pattern) = pattern {
            behavior.set("PathPattern", pattern.span, pattern);
        }
        self.behaviors.push(behavior);
    }

    /// The behavior without a pattern is the default; without one, the first is, for every path and no function.
    fn config(mut self, span: Span) -> Node {
        self.behaviors.sort_by_key(|behavior| behavior.get("PathPattern").is_some());
        let first = self.behaviors.first().cloned().unwrap_or_else(|| Node::new(Value::Map(Vec::new()), span));
        let default = if first.get("PathPattern").is_some() {
            let mut default = first;
            if let Value::Map(entries) = &mut default.value {
                entries.retain(|entry| !matches!(&*entry.key, "PathPattern" | "LambdaFunctionAssociations"));
            }
            let target = self.default_origin.or_else(|| self.origins.first().and_then(|one| one.get("Id")).cloned());
            if let Some(target) = target {
                default.set("TargetOriginId", span, target);
            }
            default
        } else {
            self.behaviors.remove(0)
        };
        let others = (!self.behaviors.is_empty()).then(|| Node::list(self.behaviors, span));
        Shape::at(span)
            .with("Enabled", Node::bool(true, span))
            .with("DefaultCacheBehavior", default)
            .maybe("CacheBehaviors", others)
            .with("Origins", Node::list(self.origins, span))
            .done()
    }
}

/// An origin with its id: written out, or a URL, where `s3:` stands for a bucket.
fn origin(config: &Node, span: Span) -> Node {
    let Some(given) = config.get("origin") else {
        return Node::new(Value::Map(Vec::new()), span);
    };
    let mut origin = match given.as_text().and_then(|url| url.split_once("://")) {
        Some((scheme, rest)) => {
            let (host, path) = rest.find('/').map_or((rest, ""), |slash| rest.split_at(slash));
            let shape = Shape::at(given.span).text("DomainName", host);
            let shape = if path.len() > 1 { shape.text("OriginPath", path) } else { shape };
            match scheme {
                "s3" => shape.with("S3OriginConfig", Node::new(Value::Map(Vec::new()), given.span)).done(),
                _ => {
                    let policy = Shape::at(given.span).text("OriginProtocolPolicy", "match-viewer").done();
                    shape.with("CustomOriginConfig", policy).done()
                }
            }
        }
        None => given.clone(),
    };
    let Value::Map(_) = origin.value else { return origin };
    let text = |key: &str| origin.get(key).map(Node::to_string).unwrap_or_default();
    let kind = if origin.get("S3OriginConfig").is_some() { "s3" } else { "custom" };
    let id = format!("{kind}/{}{}", text("DomainName"), text("OriginPath"));
    origin.set("Id", given.span, Node::string(id, given.span));
    origin
}
