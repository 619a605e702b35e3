//! `AWS::Serverless::GraphQLApi`: the API with its schema, keys, data sources and their roles, functions, resolvers.

use super::connector;
use super::output::{Origin, Output, Source};
use super::policies::managed_arn;
use super::shape::{Object, assume, fill, present, tag_list, text};
use crate::model::Resource;
use crate::syntax::{Entry, Node, Value};
use std::sync::Arc;

/// The properties that keep their name and shape.
const KEPT: &[&str] =
    &["XrayEnabled", "Visibility", "OwnerContact", "IntrospectionConfig", "QueryDepthLimit", "ResolverCountLimit"];

/// Adds everything that a GraphQL API becomes.
pub(super) fn lower(out: &mut Output<'_>, source: &Source) {
    let span = source.origin.span;
    let id = &source.origin.id;
    let name = source.get("Name").cloned().unwrap_or_else(|| Node::string(source.origin.name.clone(), span));
    let auth = source.get("Auth");
    let more: Vec<Node> = auth
        .and_then(|auth| present(auth, "Additional"))
        .map(|all| all.items().iter().map(provider).collect())
        .unwrap_or_default();
    let mut api = Object::new(source.properties().span).put("Name", name).copy(source.properties(), KEPT).node();
    for entry in auth.map(provider).iter().flat_map(Node::entries) {
        api.set(entry.key.clone(), entry.key_span, entry.value.clone());
    }
    if !more.is_empty() {
        api.set("AdditionalAuthenticationProviders", span, Node::list(more, span));
    }
    if let Some(logging) = logging(out, source) {
        api.set("LogConfig", span, logging);
    }
    if let Some(tags) = tag_list(source.get("Tags"), Some(("graphqlapi:createdBy", "SAM")), span) {
        api.set("Tags", span, tags);
    }
    out.lower(source, "AWS::AppSync::GraphQLApi", api);
    authorizers(out, source);
    let schema = owned(source, span)
        .maybe("Definition", source.get("SchemaInline").cloned())
        .maybe("DefinitionS3Location", source.get("SchemaUri").cloned())
        .node();
    out.generate(&source.origin, "AWS::AppSync::GraphQLSchema", format!("{id}Schema"), schema);
    for entry in listed(source, "ApiKeys") {
        let key = owned(source, entry.key_span)
            .copy(&entry.value, &["ApiKeyId", "Description"])
            .maybe("Expires", present(&entry.value, "ExpiresOn").cloned())
            .node();
        out.generate(&source.origin.at(entry.key_span), "AWS::AppSync::ApiKey", format!("{id}{}", entry.key), key);
    }
    if let Some(cache) = source.get("Cache") {
        let kept = ["ApiCachingBehavior", "Type", "Ttl", "AtRestEncryptionEnabled", "TransitEncryptionEnabled"];
        let cache = owned(source, cache.span).copy(cache, &kept).node();
        out.generate(&source.origin, "AWS::AppSync::ApiCache", format!("{id}ApiCache"), cache);
    }
    if let Some(domain) = source.get("DomainName") {
        let origin = source.origin.at(domain.span);
        let name = Object::new(domain.span).copy(domain, &["CertificateArn", "DomainName", "Description"]).node();
        out.generate(&origin, "AWS::AppSync::DomainName", format!("{id}DomainName"), name);
        let reference = Node::reference(format!("{id}DomainName"), "DomainName", domain.span);
        let link = owned(source, domain.span).put("DomainName", reference).node();
        out.generate(&origin, "AWS::AppSync::DomainNameApiAssociation", format!("{id}DomainNameApiAssociation"), link);
    }
    for kind in ["DynamoDb", "Lambda"] {
        let listed = source.get("DataSources").and_then(|all| present(all, kind)).map(Node::entries);
        listed.unwrap_or_default().iter().for_each(|entry| data_source(out, source, kind, entry));
    }
    functions(out, source);
    resolvers(out, source);
}

fn listed<'a>(source: &'a Source, key: &str) -> &'a [Entry] {
    source.get(key).map(Node::entries).unwrap_or_default()
}

/// Properties that begin with the API's id.
fn owned(source: &Source, span: crate::source::Span) -> Object {
    Object::new(span).put("ApiId", Node::reference(source.origin.id.clone(), "ApiId", span))
}

/// One way to tell callers apart.
fn provider(auth: &Node) -> Node {
    Object::new(auth.span)
        .maybe("AuthenticationType", present(auth, "Type").cloned())
        .maybe("LambdaAuthorizerConfig", present(auth, "LambdaAuthorizer").cloned())
        .maybe("OpenIDConnectConfig", present(auth, "OpenIDConnect").cloned())
        .maybe("UserPoolConfig", present(auth, "UserPool").cloned())
        .node()
}

/// The permissions to call authorizers that are functions.
fn authorizers(out: &mut Output<'_>, source: &Source) {
    let Some(auth) = source.get("Auth") else { return };
    let more = present(auth, "Additional").map(Node::items).unwrap_or_default();
    let functions = std::iter::once(auth)
        .chain(more)
        .filter_map(|one| present(one, "LambdaAuthorizer").and_then(|function| present(function, "AuthorizerUri")));
    for (index, function) in functions.cloned().collect::<Vec<_>>().iter().enumerate() {
        let span = function.span;
        let from = Object::new(span)
            .text("Type", "AWS::AppSync::GraphQLApi")
            .put("Arn", Node::reference(source.origin.id.clone(), "", span))
            .put("ResourceId", Node::reference(source.origin.id.clone(), "ApiId", span));
        let to = Object::new(span).text("Type", "AWS::Lambda::Function").put("Arn", function.clone());
        let id = format!("{}ToLambdaAuthConnector{}", source.origin.id, index + 1);
        connect(out, source, id, from.node(), to.node(), &["Write"], span);
    }
}

fn connect(
    out: &mut Output<'_>,
    source: &Source,
    id: String,
    from: Node,
    to: Node,
    permissions: &[&str],
    span: crate::source::Span,
) {
    let permissions = permissions.iter().map(|one| Node::string(*one, span)).collect();
    let properties = Object::new(span).put("Source", from).put("Destination", to);
    let properties = properties.put("Permissions", Node::list(permissions, span)).node();
    let id: Arc<str> = id.into();
    let resource = Resource::new("AWS::Serverless::Connector", id.clone(), properties, span);
    let origin = Origin { id, ..source.origin.at(span) };
    connector::lower(out, &Source { origin, resource });
}

/// Where the API writes its logs: unless it is switched off, with a role of its own where none is given.
fn logging(out: &mut Output<'_>, source: &Source) -> Option<Node> {
    let given = source.get("Logging");
    if given.and_then(Node::as_bool) == Some(false) {
        return None;
    }
    let span = given.map_or(source.origin.span, |given| given.span);
    let empty = Object::new(span).node();
    let config = given.filter(|given| matches!(given.value, Value::Map(_))).unwrap_or(&empty);
    let level = present(config, "FieldLogLevel").cloned().unwrap_or_else(|| Node::string("ALL", span));
    let role = present(config, "CloudWatchLogsRoleArn").cloned().unwrap_or_else(|| {
        let id = format!("{}CloudWatchRole", source.origin.id);
        let arn = managed_arn("service-role/AWSAppSyncPushToCloudWatchLogs");
        let role = Object::new(span)
            .put("AssumeRolePolicyDocument", assume("appsync.amazonaws.com", span))
            .put("ManagedPolicyArns", Node::list(vec![Node::string(arn, span)], span))
            .node();
        out.generate(&source.origin, "AWS::IAM::Role", id.clone(), role);
        Node::reference(id, "Arn", span)
    });
    let object = Object::new(span).copy(config, &["ExcludeVerboseContent"]).put("FieldLogLevel", level);
    Some(object.put("CloudWatchLogsRoleArn", role).node())
}

/// A data source, and the role that reads and writes it.
fn data_source(out: &mut Output<'_>, source: &Source, kind: &str, entry: &Entry) {
    let span = entry.key_span;
    let origin = source.origin.at(span);
    let table = kind == "DynamoDb";
    let id = format!("{}{}{}DataSource", origin.id, entry.key, if table { "DynamoDB" } else { "Lambda" });
    let role = present(&entry.value, "ServiceRoleArn").cloned().unwrap_or_else(|| {
        let role = Object::new(span).put("AssumeRolePolicyDocument", assume("appsync.amazonaws.com", span)).node();
        out.generate(&origin, "AWS::IAM::Role", format!("{id}Role"), role);
        let from = Object::new(span)
            .text("Type", "AWS::AppSync::DataSource")
            .put("Arn", Node::reference(id.as_str(), "DataSourceArn", span))
            .put("RoleName", Node::reference(format!("{id}Role"), "", span))
            .node();
        let (connector, to, both) = match table {
            true => ("ToTableConnector", table_end(&entry.value, span), present(&entry.value, "Permissions")),
            false => ("ToLambdaConnector", function_end(&entry.value, span), None),
        };
        let given: Vec<&str> = both.map(Node::items).unwrap_or_default().iter().filter_map(Node::as_text).collect();
        let permissions: &[&str] = match (table, given.is_empty()) {
            (false, _) => &["Write"],
            (true, true) => &["Read", "Write"],
            (true, false) => &given,
        };
        connect(out, source, format!("{id}{connector}"), from, to, permissions, span);
        Node::reference(format!("{id}Role"), "Arn", span)
    });
    let region = present(&entry.value, "Region").cloned().unwrap_or_else(|| fill("${AWS::Region}", span, &|_| None));
    let config = match table {
        true => Object::new(span)
            .put("AwsRegion", region)
            .copy(&entry.value, &["TableName", "UseCallerCredentials", "Versioned"])
            .maybe("DeltaSyncConfig", present(&entry.value, "DeltaSync").cloned()),
        false => Object::new(span).maybe("LambdaFunctionArn", present(&entry.value, "FunctionArn").cloned()),
    };
    let name = present(&entry.value, "Name").cloned().unwrap_or_else(|| Node::string(entry.key.clone(), span));
    let properties = owned(source, span)
        .put("Name", name)
        .text("Type", if table { "AMAZON_DYNAMODB" } else { "AWS_LAMBDA" })
        .copy(&entry.value, &["Description"])
        .put(if table { "DynamoDBConfig" } else { "LambdaConfig" }, config.node())
        .put("ServiceRoleArn", role)
        .node();
    out.generate(&origin, "AWS::AppSync::DataSource", id, properties);
}

fn table_end(table: &Node, span: crate::source::Span) -> Node {
    let arn = present(table, "TableArn").cloned().unwrap_or_else(|| {
        let text = "arn:${AWS::Partition}:dynamodb:${Region}:${AWS::AccountId}:table/${Table}";
        fill(text, span, &|name| match name {
            "Region" => {
                Some(present(table, "Region").cloned().unwrap_or_else(|| fill("${AWS::Region}", span, &|_| None)))
            }
            "Table" => present(table, "TableName").cloned(),
            _ => None,
        })
    });
    Object::new(span).text("Type", "AWS::DynamoDB::Table").put("Arn", arn).node()
}

fn function_end(function: &Node, span: crate::source::Span) -> Node {
    let arn = present(function, "FunctionArn").cloned();
    Object::new(span).text("Type", "AWS::Lambda::Function").maybe("Arn", arn).node()
}

/// The functions of pipelines, and the empty data source that some of them use.
fn functions(out: &mut Output<'_>, source: &Source) {
    let id = &source.origin.id;
    for entry in listed(source, "Functions") {
        let span = entry.key_span;
        if present(&entry.value, "Id").is_some() {
            continue;
        }
        let wanted = text(&entry.value, "DataSource").map(str::to_owned);
        let data = match wanted.as_deref() {
            Some(name) if name.eq_ignore_ascii_case("none") => {
                let none = format!("{id}NoneDataSource");
                let properties = owned(source, span).text("Name", &none).text("Type", "NONE").node();
                out.generate(&source.origin, "AWS::AppSync::DataSource", none.clone(), properties);
                Some(Node::reference(none, "Name", span))
            }
            Some(name) => {
                let known = |kind: &str| source.get("DataSources").and_then(|all| all.get(kind)?.get(name)).is_some();
                let kind = if known("DynamoDb") { "DynamoDB" } else { "Lambda" };
                Some(Node::reference(format!("{id}{name}{kind}DataSource"), "Name", span))
            }
            None => present(&entry.value, "DataSource").cloned(),
        };
        let name = present(&entry.value, "Name").cloned().unwrap_or_else(|| Node::string(entry.key.clone(), span));
        let properties = owned(source, span)
            .put("Name", name)
            .maybe("Code", present(&entry.value, "InlineCode").cloned())
            .maybe("CodeS3Location", present(&entry.value, "CodeUri").cloned())
            .maybe("DataSourceName", data)
            .copy(&entry.value, &["MaxBatchSize", "Description", "Runtime"])
            .maybe("SyncConfig", present(&entry.value, "Sync").cloned())
            .node();
        let kind = "AWS::AppSync::FunctionConfiguration";
        out.generate(&source.origin.at(span), kind, format!("{id}{}", entry.key), properties);
    }
}

fn resolvers(out: &mut Output<'_>, source: &Source) {
    let id = &source.origin.id;
    for kind in listed(source, "Resolvers") {
        for entry in kind.value.entries() {
            let span = entry.key_span;
            let field = present(&entry.value, "FieldName").cloned();
            let stages = present(&entry.value, "Pipeline").map(|stages| {
                let functions = stages.items().iter().map(|one| match one.as_text() {
                    Some(name) => match source.get("Functions").and_then(|all| all.get(name)?.get("Id")) {
                        Some(id) => id.clone(),
                        None => Node::reference(format!("{id}{name}"), "FunctionId", one.span),
                    },
                    None => one.clone(),
                });
                Object::new(stages.span).put("Functions", Node::list(functions.collect(), stages.span)).node()
            });
            let properties = owned(source, span)
                .put("FieldName", field.unwrap_or_else(|| Node::string(entry.key.clone(), span)))
                .put("TypeName", Node::string(kind.key.clone(), span))
                .text("Kind", "PIPELINE")
                .maybe("PipelineConfig", stages)
                .maybe("Code", present(&entry.value, "InlineCode").cloned())
                .maybe("CodeS3Location", present(&entry.value, "CodeUri").cloned())
                .copy(&entry.value, &["Runtime", "MaxBatchSize"])
                .maybe("CachingConfig", present(&entry.value, "Caching").cloned())
                .node();
            let resolver = format!("{id}{}{}", kind.key, entry.key);
            out.generate(&source.origin.at(span), "AWS::AppSync::Resolver", resolver, properties);
        }
    }
}
