//! The SAM resources that become one resource: tables, layers, nested applications, capacity providers.

use super::function::{located, s3_location};
use super::id;
use super::output::{Output, Source};
use super::policies::managed_arn;
use super::shape::{Object, assume, present, tag_list};
use crate::syntax::{Node, Value};

/// `AWS::Serverless::SimpleTable`: a table with one key.
pub(super) fn table(out: &mut Output<'_>, source: &Source) {
    let span = source.properties().span;
    let key = source.get("PrimaryKey");
    let name = key.and_then(|key| present(key, "Name")).cloned().unwrap_or_else(|| Node::string("id", span));
    let kind = match key.and_then(|key| present(key, "Type")) {
        None => Node::string("S", span),
        Some(kind) => match kind.as_text() {
            Some(text) => Node::string(text.chars().take(1).collect::<String>(), kind.span),
            None => kind.clone(),
        },
    };
    let definition = Object::new(span).put("AttributeName", name.clone()).put("AttributeType", kind).node();
    let schema = Object::new(span).put("AttributeName", name).text("KeyType", "HASH").node();
    let throughput = source.get("ProvisionedThroughput").cloned();
    let on_demand = throughput.is_none().then(|| Node::string("PAY_PER_REQUEST", span));
    let properties = Object::new(span)
        .put("AttributeDefinitions", Node::list(vec![definition], span))
        .put("KeySchema", Node::list(vec![schema], span))
        .copy(source.properties(), &["PointInTimeRecoverySpecification"])
        .maybe("ProvisionedThroughput", throughput)
        .maybe("BillingMode", on_demand)
        .copy(source.properties(), &["SSESpecification", "TableName"])
        .maybe("Tags", tag_list(source.get("Tags"), None, span))
        .node();
    out.lower(source, "AWS::DynamoDB::Table", properties);
}

/// `AWS::Serverless::LayerVersion`: a layer under an id that changes with it.
pub(super) fn layer(out: &mut Output<'_>, source: &Source) {
    let span = source.properties().span;
    let whole = Object::new(span).text("Type", &source.resource.kind).put("Properties", source.properties().clone());
    let basis = Object::new(span).put(source.origin.name.clone(), whole.node()).node();
    let layer_id: std::sync::Arc<str> = id::of_node(&source.origin.id, &basis).into();
    let content = source.get("ContentUri");
    let name = source.get("LayerName").cloned().unwrap_or_else(|| Node::string(source.origin.name.clone(), span));
    let properties = Object::new(span)
        .put("LayerName", name)
        .copy(source.properties(), &["Description"])
        .maybe("Content", content.map(|uri| s3_location(uri, ["S3Bucket", "S3Key", "S3ObjectVersion"])))
        .copy(source.properties(), &["CompatibleArchitectures", "CompatibleRuntimes", "LicenseInfo"])
        .node();
    let mut resource = source.resource.clone();
    resource.kind = "AWS::Lambda::LayerVersion".into();
    resource.id = layer_id.clone();
    resource.properties = properties;
    if let Some(uri) = content {
        resource.code = located(out, uri);
    }
    out.renamed.insert(source.origin.id.clone(), layer_id);
    out.add(source.origin.position, resource);
}

/// `AWS::Serverless::Application`: a nested stack.
pub(super) fn application(out: &mut Output<'_>, source: &Source) {
    let span = source.properties().span;
    let location = source.get("Location");
    let url = location.filter(|location| !matches!(location.value, Value::Map(_))).cloned();
    let mut tags = vec![tag("lambda:createdBy", Node::string("SAM", span))];
    for (key, name) in
        [("ApplicationId", "serverlessrepo:applicationId"), ("SemanticVersion", "serverlessrepo:semanticVersion")]
    {
        tags.extend(location.and_then(|location| present(location, key)).map(|value| tag(name, value.clone())));
    }
    let own = tag_list(source.get("Tags"), None, span);
    tags.extend(own.iter().flat_map(Node::items).cloned());
    let properties = Object::new(span)
        .maybe("TemplateURL", url)
        .copy(source.properties(), &["Parameters", "NotificationARNs", "TimeoutInMinutes"])
        .put("Tags", Node::list(tags, span))
        .node();
    out.lower(source, "AWS::CloudFormation::Stack", properties);
}

fn tag(key: &str, value: Node) -> Node {
    Object::new(value.span).text("Key", key).put("Value", value).node()
}

/// `AWS::Serverless::CapacityProvider`: a capacity provider, and the role that runs its instances.
pub(super) fn capacity_provider(out: &mut Output<'_>, source: &Source) {
    let span = source.properties().span;
    let id = format!("{}OperatorRole", source.origin.id);
    let role = source.get("OperatorRole").cloned().unwrap_or_else(|| {
        let arn = Node::string(managed_arn("AWSLambdaManagedEC2ResourceOperator"), span);
        let role = Object::new(span)
            .put("AssumeRolePolicyDocument", assume("lambda.amazonaws.com", span))
            .put("ManagedPolicyArns", Node::list(vec![arn], span))
            .maybe("Tags", tag_list(None, Some(("lambda:createdBy", "SAM")), span))
            .node();
        out.generate(&source.origin, "AWS::IAM::Role", id.clone(), role);
        Node::reference(id, "Arn", source.origin.span)
    });
    let requirements = source.get("InstanceRequirements").map(|all| {
        Object::new(all.span)
            .copy(all, &["Architectures"])
            .maybe("AllowedInstanceTypes", present(all, "AllowedTypes").cloned())
            .maybe("ExcludedInstanceTypes", present(all, "ExcludedTypes").cloned())
            .node()
    });
    let scaling = source.get("ScalingConfig").map(|config| {
        let target = present(config, "AverageCPUUtilization").map(|target| {
            let metric = Object::new(target.span)
                .text("PredefinedMetricType", "LambdaCapacityProviderAverageCPUUtilization")
                .put("TargetValue", target.clone());
            Node::list(vec![metric.node()], target.span)
        });
        let mode = if target.is_some() { "Manual" } else { "Auto" };
        let object = Object::new(config.span).copy(config, &["MaxVCpuCount"]).text("ScalingMode", mode);
        object.maybe("ScalingPolicies", target).node()
    });
    let properties = Object::new(span)
        .copy(source.properties(), &["CapacityProviderName", "VpcConfig"])
        .put("PermissionsConfig", Object::new(span).put("CapacityProviderOperatorRoleArn", role).node())
        .maybe("Tags", tag_list(source.get("Tags"), Some(("lambda:createdBy", "SAM")), span))
        .maybe("InstanceRequirements", requirements)
        .maybe("CapacityProviderScalingConfig", scaling)
        .copy(source.properties(), &["KmsKeyArn"])
        .node();
    out.lower(source, "AWS::Lambda::CapacityProvider", properties);
}

/// A SAM type that is not known: left as it is, and said so.
pub(super) fn unknown(out: &mut Output<'_>, source: &Source) {
    let kind = source.resource.kind.clone();
    let message = format!("{} is of the SAM type {kind}, which is not known; it was not judged", source.origin.name);
    out.refuse(source.origin.span, message);
    out.add(source.origin.position, source.resource.clone());
}
