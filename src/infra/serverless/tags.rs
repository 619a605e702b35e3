//! Stack tags: CloudFormation hands them on to every resource of the stack that can have tags.

use super::template::{Draft, Template, tag_list};
use crate::syntax::{Node, Value};
use std::collections::BTreeSet;

/// Types whose tags are a list of `Key` and `Value` under `Tags` (CloudFormation resource reference, read 2026-11).
const LISTED: &[&str] = &[
    "AWS::ApiGateway::RestApi",
    "AWS::ApiGateway::Stage",
    "AWS::ApiGateway::ApiKey",
    "AWS::ApiGateway::UsagePlan",
    "AWS::CloudFront::Distribution",
    "AWS::CloudTrail::Trail",
    "AWS::CodeBuild::Project",
    "AWS::DynamoDB::Table",
    "AWS::EC2::Instance",
    "AWS::EC2::SecurityGroup",
    "AWS::EC2::Subnet",
    "AWS::EC2::VPC",
    "AWS::EC2::Volume",
    "AWS::ECR::Repository",
    "AWS::ECS::Cluster",
    "AWS::EFS::FileSystem",
    "AWS::EKS::Cluster",
    "AWS::ElastiCache::CacheCluster",
    "AWS::ElastiCache::ReplicationGroup",
    "AWS::ElasticLoadBalancingV2::LoadBalancer",
    "AWS::ElasticLoadBalancingV2::TargetGroup",
    "AWS::Elasticsearch::Domain",
    "AWS::Events::EventBus",
    "AWS::IAM::Role",
    "AWS::IAM::User",
    "AWS::KMS::Key",
    "AWS::Kinesis::Stream",
    "AWS::KinesisFirehose::DeliveryStream",
    "AWS::Lambda::Function",
    "AWS::Logs::LogGroup",
    "AWS::OpenSearchService::Domain",
    "AWS::RDS::DBCluster",
    "AWS::RDS::DBInstance",
    "AWS::Redshift::Cluster",
    "AWS::S3::Bucket",
    "AWS::SNS::Topic",
    "AWS::SQS::Queue",
    "AWS::SecretsManager::Secret",
    "AWS::StepFunctions::StateMachine",
];

/// Types whose tags are a map, and the property that holds it.
const MAPPED: &[(&str, &str)] = &[
    ("AWS::ApiGatewayV2::Api", "Tags"),
    ("AWS::ApiGatewayV2::Stage", "Tags"),
    ("AWS::Cognito::UserPool", "UserPoolTags"),
    ("AWS::MSK::Cluster", "Tags"),
    ("AWS::SSM::Parameter", "Tags"),
];

/// Adds `provider.stackTags` to every resource that can have tags; a resource's own tag of the same key stays.
pub(super) fn apply(template: &mut Template, stack_tags: Option<&Node>) {
    let Some(tags) = stack_tags.filter(|tags| !tags.is_absent()) else {
        return;
    };
    for draft in &mut template.drafts {
        let kind = draft.kind.as_text().unwrap_or_default().to_owned();
        if LISTED.contains(&kind.as_str()) {
            add_listed(draft, tags);
        } else if let Some((_, key)) = MAPPED.iter().find(|(mapped, _)| *mapped == kind) {
            add_mapped(draft, key, tags);
        }
    }
}

fn add_listed(draft: &mut Draft, tags: &Node) {
    if tags.as_unknown().is_some() {
        return unknown(draft, "Tags", tags);
    }
    let mut all = match draft.properties.get("Tags").map(|tags| &tags.value) {
        Some(Value::List(own)) => own.clone(),
        None | Some(Value::Null) => Vec::new(),
        Some(_) => return,
    };
    let own: BTreeSet<String> = all.iter().filter_map(|tag| tag.get("Key")).map(Node::to_string).collect();
    let inherited = tag_list(tags);
    let news = |tag: &&Node| tag.get("Key").is_some_and(|key| !own.contains(&key.to_string()));
    all.extend(inherited.items().iter().filter(news).cloned());
    draft.properties.set("Tags", tags.span, Node::list(all, tags.span));
}

fn add_mapped(draft: &mut Draft, key: &str, tags: &Node) {
    if tags.as_unknown().is_some() {
        return unknown(draft, key, tags);
    }
    let mut all = match draft.properties.get(key) {
        Some(own) if matches!(own.value, Value::Map(_)) => own.clone(),
        None => Node::new(Value::Map(Vec::new()), tags.span),
        Some(_) => return,
    };
    for entry in tags.entries() {
        if all.get(&entry.key).is_none() {
            all.set(entry.key.clone(), entry.key_span, entry.value.clone());
        }
    }
    draft.properties.set(key, tags.span, all);
}

/// Tags that cannot be known may hold any key, so that what the resource lacks is not known either.
fn unknown(draft: &mut Draft, key: &str, tags: &Node) {
    if draft.properties.get(key).is_none() {
        draft.properties.set(key, tags.span, tags.clone());
    }
}
