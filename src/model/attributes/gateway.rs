//! API Gateway beside methods and routes: APIs, stages, authorizers, domains, integrations, keys and plans.

use super::reader::{Found, Reader, find, text};
use super::{Record, ResourceType, declared, firewall, variables};
use crate::model::entity::{DEPENDS, Origin, Read, Test, bool, read, string};
use crate::model::{EntityType, Verb};
use crate::syntax::{Node, Unknown, UnknownKind};
use std::sync::Arc;

/// The types of this file.
pub(super) const TYPES: &[ResourceType] = &[
    ResourceType::read_by(&[&REST_API], api),
    ResourceType::read_by(&[&REST_STAGE, &REST_SETTING, &REST_VARIABLE], rest_stage),
    ResourceType::declared(&[&DEPLOYMENT]),
    ResourceType::declared(&[&REST_AUTHORIZER]),
    ResourceType::declared(&[&REST_DOMAIN]),
    ResourceType::declared(&[&VALIDATOR]),
    ResourceType::declared(&[&PLAN]),
    ResourceType::declared(&[&KEY]),
    ResourceType::declared(&[&ACCOUNT]),
    ResourceType::read_by(&[&RESPONSE], response),
    ResourceType::read_by(&[&HTTP_API], api),
    ResourceType::read_by(&[&HTTP_STAGE, &HTTP_VARIABLE], http_stage),
    ResourceType::declared(&[&INTEGRATION]),
    ResourceType::declared(&[&HTTP_AUTHORIZER]),
    ResourceType::declared(&[&HTTP_DOMAIN]),
    ResourceType::declared(&[&VPC_LINK]),
];

const REST_API: EntityType = EntityType {
    name: "AWS::ApiGateway::RestApi",
    verb: Verb::Deploy,
    about: "A REST API.",
    attributes: &[
        read(
            "executeApi.disabled",
            Origin::Check("DisableExecuteApiEndpoint", Test::On(false)),
            "Whether the execute-api endpoint is off; on by default (API Gateway API Reference, RestApi, 2026-12).",
        ),
        read(
            "private",
            Origin::Any("EndpointConfiguration.Types", "", Test::Is("PRIVATE", false)),
            "Whether it is reached inside a VPC only; edge-optimized by default (API Gateway API Reference, ImportRestApi, 2026-12).",
        ),
        read(
            "vpcEndpoint.given",
            Origin::Check("EndpointConfiguration.VpcEndpointIds.0", Test::Given),
            "Whether it names its VPC endpoints.",
        ),
        read("policy.given", Origin::Check("Policy", Test::Given), "Whether it has a resource policy."),
        bool("customDomain", "Whether the project maps a domain of its own to it."),
    ],
};

const REST_STAGE: EntityType = EntityType {
    name: "AWS::ApiGateway::Stage",
    verb: Verb::Deploy,
    about: "A stage of a REST API; what is not switched on is off (X-Ray too: Terraform AWS provider, 2026-12).",
    attributes: &[
        read("logging.access", Origin::Check("AccessLogSetting.DestinationArn", Test::Given), "Access logs."),
        read("logging.json", Origin::Check("AccessLogSetting.Format", Test::Begins("{")), "Access logs as JSON."),
        read(
            "logging.execution",
            Origin::Any("MethodSettings", "LoggingLevel", Test::Is("INFO|ERROR", false)),
            "Whether any method logs its executions.",
        ),
        read(
            "logging.payloads",
            Origin::Any("MethodSettings", "DataTraceEnabled", Test::On(false)),
            "Whether any method logs whole requests and responses.",
        ),
        read("tracing.enabled", Origin::Check("TracingEnabled", Test::On(false)), "X-Ray."),
        read("cache.enabled", Origin::Check("CacheClusterEnabled", Test::On(false)), "Its cache."),
        read(
            "cache.unencrypted",
            Origin::Any("MethodSettings", "CacheDataEncrypted", Test::Is("false", true)),
            "Whether any method's settings leave cached responses unencrypted, the default.",
        ),
        read("clientCertificate", Origin::Check("ClientCertificateId", Test::Given), "Shown to its backends."),
        read(
            "throttled",
            Origin::Any("MethodSettings", "ThrottlingRateLimit", Test::Given),
            "Whether any method has a rate limit of its own; the account's holds by default.",
        ),
        bool("usagePlan", "Whether a usage plan of the project names its API."),
        bool("firewall", "Whether a web ACL of the project is associated with it."),
    ],
};

const REST_SETTING: EntityType = EntityType {
    name: "AWS::ApiGateway::Stage::Settings",
    verb: Verb::Deploy,
    about: "The settings of some methods of a stage; what is not switched on is off.",
    attributes: &[
        string("stage", "The stage's name."),
        read("method", Origin::Word("HttpMethod", "*"), "The HTTP method, or `*`."),
        string("path", "The path, `/*` for all."),
        read("cache.enabled", Origin::Check("CachingEnabled", Test::On(false)), "Off by default."),
        read("cache.encrypted", Origin::Check("CacheDataEncrypted", Test::On(false)), "Off by default."),
        read("logging.level", Origin::Word("LoggingLevel", "OFF"), "`OFF` where it is not given, `ERROR` or `INFO`."),
        read("logging.payloads", Origin::Check("DataTraceEnabled", Test::On(false)), "Off by default."),
        read("throttled", Origin::Check("ThrottlingRateLimit", Test::Given), "The account's limit by default."),
    ],
};

const REST_VARIABLE: EntityType = variables::declared("AWS::ApiGateway::Stage::Variable", "One variable of a stage.");
const HTTP_VARIABLE: EntityType = variables::declared("AWS::ApiGatewayV2::Stage::Variable", "One variable of a stage.");

const DEPLOYMENT: EntityType = EntityType {
    name: "AWS::ApiGateway::Deployment",
    verb: Verb::Deploy,
    about: "A deployment of a REST API, with the stage that it makes; what is not switched on is off.",
    attributes: &[
        read("stage", Origin::Word("StageName", ""), "The stage that it makes, or empty."),
        read("logging.access", Origin::Check("StageDescription.AccessLogSetting.DestinationArn", Test::Given), "Off."),
        read(
            "logging.payloads",
            Origin::Check("StageDescription.DataTraceEnabled", Test::On(false)),
            "Whether whole requests and responses are logged; off by default.",
        ),
        read("tracing.enabled", Origin::Check("StageDescription.TracingEnabled", Test::On(false)), "Off by default."),
        read(
            "cache.enabled",
            Origin::Check("StageDescription.CacheClusterEnabled", Test::On(false)),
            "Off by default.",
        ),
        read(
            "cache.encrypted",
            Origin::Check("StageDescription.CacheDataEncrypted", Test::On(false)),
            "Off by default.",
        ),
    ],
};

const REST_AUTHORIZER: EntityType = EntityType {
    name: "AWS::ApiGateway::Authorizer",
    verb: Verb::Deploy,
    about: "An authorizer of a REST API.",
    attributes: &[
        read("kind", Origin::Word("Type", ""), "`TOKEN`, `REQUEST` or `COGNITO_USER_POOLS`."),
        read(
            "cache.seconds",
            Origin::Number("AuthorizerResultTtlInSeconds", 300),
            "300 by default (API Gateway API Reference, CreateAuthorizer, 2026-12).",
        ),
        read("identitySource.given", Origin::Check("IdentitySource", Test::Given), "What the cache is keyed by."),
    ],
};

const REST_DOMAIN: EntityType = EntityType {
    name: "AWS::ApiGateway::DomainName",
    verb: Verb::Deploy,
    about: "A domain of REST APIs.",
    attributes: &[
        read(
            "transport.minimumTls",
            Origin::Tls("SecurityPolicy", DEPENDS),
            "`1.0` to `1.3`; not known where none is given, for the default depends on the endpoint and the day (API \
             Gateway Developer Guide, 2026-11).",
        ),
        read(
            "transport.clientCertificate",
            Origin::Check("MutualTlsAuthentication.TruststoreUri", Test::Given),
            "Mutual TLS; off without a trust store.",
        ),
    ],
};

const VALIDATOR: EntityType = EntityType {
    name: "AWS::ApiGateway::RequestValidator",
    verb: Verb::Deploy,
    about: "What is checked of requests; nothing by default (Terraform AWS provider, aws_api_gateway_request_validator, 2026-12).",
    attributes: &[
        read("body", Origin::Check("ValidateRequestBody", Test::On(false)), "The body."),
        read("parameters", Origin::Check("ValidateRequestParameters", Test::On(false)), "The parameters."),
    ],
};

const PLAN: EntityType = EntityType {
    name: "AWS::ApiGateway::UsagePlan",
    verb: Verb::Deploy,
    about: "A usage plan; without limits where none is written.",
    attributes: &[
        read("throttled", Origin::Check("Throttle.RateLimit", Test::Given), "Whether it limits the rate."),
        read("quota", Origin::Check("Quota.Limit", Test::Given), "Whether it limits the number of requests."),
        read("stages", Origin::Count("ApiStages"), "Number of stages that it is about."),
    ],
};

const KEY: EntityType = EntityType {
    name: "AWS::ApiGateway::ApiKey",
    verb: Verb::Deploy,
    about: "An API key.",
    attributes: &[
        read(
            "enabled",
            Origin::Check("Enabled", Test::On(false)),
            "Off by default (CloudFormation registry, AWS::ApiGateway::ApiKey, 2026-12); Terraform's is on.",
        ),
        read("value.written", Origin::Check("Value", Test::Written), "Whether its value is written out."),
    ],
};

const ACCOUNT: EntityType = EntityType {
    name: "AWS::ApiGateway::Account",
    verb: Verb::Deploy,
    about: "What API Gateway does in the whole region of an account.",
    attributes: &[read("logging.role", Origin::Check("CloudWatchRoleArn", Test::Given), "The role that it logs with.")],
};

const RESPONSE: EntityType = EntityType {
    name: "AWS::ApiGateway::GatewayResponse",
    verb: Verb::Deploy,
    about: "What a REST API answers by itself, an error as a rule.",
    attributes: &[
        read("kind", Origin::Word("ResponseType", ""), "`DEFAULT_4XX`, `UNAUTHORIZED` and so on."),
        bool("cors.anyOrigin", "Whether it allows every origin."),
        bool("transport.strict", "Whether it has a Strict-Transport-Security header."),
    ],
};

const HTTP_API: EntityType = EntityType {
    name: "AWS::ApiGatewayV2::Api",
    verb: Verb::Deploy,
    about: "An HTTP or WebSocket API.",
    attributes: &[
        read("protocol", Origin::Word("ProtocolType", ""), "`HTTP` or `WEBSOCKET`; empty where its document says it."),
        read(
            "executeApi.disabled",
            Origin::Check("DisableExecuteApiEndpoint", Test::On(false)),
            "Whether the execute-api endpoint is off; on by default (API Gateway V2 API Reference, CreateApi, 2026-12).",
        ),
        read(
            "cors.anyOrigin",
            Origin::Any("CorsConfiguration.AllowOrigins", "", Test::Is("*", false)),
            "Whether it allows every origin; no other one without CORS.",
        ),
        read(
            "cors.credentials",
            Origin::Check("CorsConfiguration.AllowCredentials", Test::On(false)),
            "Whether browsers send credentials; not where it is not given.",
        ),
        bool("customDomain", "Whether the project maps a domain of its own to it."),
    ],
};

const HTTP_STAGE: EntityType = EntityType {
    name: "AWS::ApiGatewayV2::Stage",
    verb: Verb::Deploy,
    about: "A stage of an HTTP or WebSocket API; what is not switched on is off (levels and data too: Terraform AWS \
            provider, aws_apigatewayv2_stage, 2026-12).",
    attributes: &[
        string("protocol", "Its API's, `HTTP` or `WEBSOCKET`; not known where the API is not in the project."),
        read("logging.access", Origin::Check("AccessLogSettings.DestinationArn", Test::Given), "Access logs."),
        read("logging.json", Origin::Check("AccessLogSettings.Format", Test::Begins("{")), "Access logs as JSON."),
        read(
            "logging.execution",
            Origin::Check("DefaultRouteSettings.LoggingLevel", Test::Is("INFO|ERROR", false)),
            "Whether executions are logged; WebSocket APIs only.",
        ),
        read(
            "logging.payloads",
            Origin::Check("DefaultRouteSettings.DataTraceEnabled", Test::On(false)),
            "Whether whole requests and responses are logged; WebSocket APIs only.",
        ),
        read(
            "throttled",
            Origin::Check("DefaultRouteSettings.ThrottlingRateLimit", Test::Given),
            "Whether routes have a rate limit; the account's holds by default.",
        ),
    ],
};

const INTEGRATION: EntityType = EntityType {
    name: "AWS::ApiGatewayV2::Integration",
    verb: Verb::Deploy,
    about: "What an HTTP or WebSocket API sends requests to.",
    attributes: &[
        read("kind", Origin::Word("IntegrationType", ""), "`AWS_PROXY`, `HTTP_PROXY` and so on."),
        read(
            "transport.plain",
            Origin::Check("IntegrationUri", Test::Begins("http://")),
            "Whether it calls its backend over plain HTTP.",
        ),
        read(
            "privateLink",
            Origin::Check("ConnectionType", Test::Is("VPC_LINK", false)),
            "Whether it goes through a VPC link; over the internet by default (API Gateway V2 API Reference, \
             CreateIntegration, 2026-12).",
        ),
        read("transport.verified", Origin::Check("TlsConfig.ServerNameToVerify", Test::Given), "Over a VPC link."),
        read(
            "timeoutMilliseconds",
            Origin::Number("TimeoutInMillis", 0),
            "0 for the default, 30 seconds of HTTP APIs and 29 of WebSocket APIs (as above).",
        ),
    ],
};

const HTTP_AUTHORIZER: EntityType = EntityType {
    name: "AWS::ApiGatewayV2::Authorizer",
    verb: Verb::Deploy,
    about: "An authorizer of an HTTP or WebSocket API.",
    attributes: &[
        read("kind", Origin::Word("AuthorizerType", ""), "`JWT` or `REQUEST`."),
        read("token.issuer", Origin::Check("JwtConfiguration.Issuer", Test::Given), "Whether it names an issuer."),
        read("token.httpsIssuer", Origin::Check("JwtConfiguration.Issuer", Test::Begins("https://")), "And by https."),
        read("token.audiences", Origin::Count("JwtConfiguration.Audience"), "Number of audiences that it accepts."),
        read(
            "cache.seconds",
            Origin::Number("AuthorizerResultTtlInSeconds", crate::model::entity::DEPENDS_NUMBER),
            "Not known where it is not given: the reference names no default (API Gateway V2 API Reference, \
             CreateAuthorizer, 2026-12).",
        ),
        read("identitySource.given", Origin::Check("IdentitySource.0", Test::Given), "What the cache is keyed by."),
    ],
};

const HTTP_DOMAIN: EntityType = EntityType {
    name: "AWS::ApiGatewayV2::DomainName",
    verb: Verb::Deploy,
    about: "A domain of HTTP and WebSocket APIs.",
    attributes: &[
        read(
            "transport.minimumTls",
            Origin::Tls("DomainNameConfigurations.0.SecurityPolicy", DEPENDS),
            "`1.0` to `1.3`; not known where none is given (API Gateway Developer Guide, 2026-11).",
        ),
        read(
            "transport.clientCertificate",
            Origin::Check("MutualTlsAuthentication.TruststoreUri", Test::Given),
            "Mutual TLS; off without a trust store.",
        ),
    ],
};

const VPC_LINK: EntityType = EntityType {
    name: "AWS::ApiGatewayV2::VpcLink",
    verb: Verb::Deploy,
    about: "A way from an API into a VPC.",
    attributes: &[
        read("securityGroups", Origin::Count("SecurityGroupIds"), "Number of security groups that guard it."),
        read("subnets", Origin::Count("SubnetIds"), "Number of subnets that it is in."),
    ],
};

/// A REST, HTTP or WebSocket API.
fn api(reader: &Reader<'_>) -> Vec<Record> {
    let kind = if &*reader.resource.kind == REST_API.name { &REST_API } else { &HTTP_API };
    let mut entity = declared::entity(reader, kind);
    let mappings = [("AWS::ApiGateway::BasePathMapping", "RestApiId"), ("AWS::ApiGatewayV2::ApiMapping", "ApiId")];
    let mapped = mappings.iter().any(|(kind, property)| names(reader, kind, property, &reader.resource.id));
    entity.put("customDomain", Read::default(mapped));
    vec![Record::new(reader, entity)]
}

/// Whether a property of any resource of a type names the resource of an id.
fn names(reader: &Reader<'_>, kind: &str, property: &str, id: &str) -> bool {
    reader.project.of_kind(kind).any(|resource| {
        let named = resource
            .property(property)
            .and_then(|node| reader.project.named_of(node, |kind| kind == &*reader.resource.kind));
        named.is_some_and(|target| *target.id == *id)
    })
}

/// A stage of a REST API, the settings of its methods and its variables.
fn rest_stage(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &REST_STAGE);
    entity.put("usagePlan", Read::default(planned(reader)));
    entity.put("firewall", firewall::guards(reader));
    let mut records = vec![Record::new(reader, entity)];
    let settings = reader.resource.property("MethodSettings").map(Node::items_or_self).unwrap_or_default();
    for setting in settings {
        let mut entity = crate::model::Entity::new(&REST_SETTING, reader.resource.name.clone());
        entity.put("stage", Read::default(reader.resource.name.clone()));
        let mut record = Record::new(reader, declared::fill(entity, &REST_SETTING, setting));
        let path = text(find(setting, "ResourcePath")).map(|path| path.unwrap_or_else(|| "*".into()));
        record.entity.put("path", path.map(|path| format!("/{}", path.trim_start_matches('/'))));
        let said = |property: &str| match text(find(setting, property)).value {
            Ok(text) => text.unwrap_or_else(|| "*".into()),
            Err(reason) => format!("${{{}}}", reason.what).into(),
        };
        let (method, path) = (said("HttpMethod"), said("ResourcePath"));
        record.detail = format!("{method} /{}", path.trim_start_matches('/'));
        record.span = setting.span;
        records.push(record);
    }
    records.extend(variables::records(reader, "Variables", &REST_VARIABLE));
    records
}

/// Whether a usage plan of the project names the API of a stage.
fn planned(reader: &Reader<'_>) -> bool {
    let Some(api) = reader.target("RestApiId", REST_API.name) else { return false };
    reader.project.of_kind(PLAN.name).any(|plan| {
        let stages = plan.property("ApiStages").map(Node::items_or_self).unwrap_or_default();
        let mut apis = stages
            .iter()
            .filter_map(|stage| reader.project.named_of(stage.get("ApiId")?, |kind| kind == REST_API.name));
        apis.any(|named| named.id == api.id)
    })
}

/// A stage of an HTTP or WebSocket API and its variables.
fn http_stage(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &HTTP_STAGE);
    entity.put("protocol", protocol(reader));
    let mut records = vec![Record::new(reader, entity)];
    records.extend(variables::records(reader, "StageVariables", &HTTP_VARIABLE));
    records
}

fn protocol(reader: &Reader<'_>) -> Read<Arc<str>> {
    match reader.target("ApiId", HTTP_API.name) {
        Some(api) => match text(find(&api.properties, "ProtocolType")) {
            Read { value: Ok(text), span } => Read { value: Ok(text.unwrap_or_else(|| "HTTP".into())), span },
            Read { value: Err(reason), span } => Read::unknown(reason, span),
        },
        None => Read::unknown(Unknown::new(UnknownKind::Other, "the API is not in the project"), None),
    }
}

fn response(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &RESPONSE);
    let header = |name: &str| match reader.find("ResponseParameters") {
        Found::Written(parameters) => {
            let is_it = |key: &str| key.to_ascii_lowercase() == format!("gatewayresponse.header.{name}");
            let entry = parameters.entries().iter().find(|entry| is_it(&entry.key));
            entry.map_or(Read::default(None), |entry| text(Found::of(&entry.value)))
        }
        Found::Absent => Read::default(None),
        Found::Unknown(reason, span) => Read::unknown(reason, span),
    };
    let origin = header("access-control-allow-origin");
    entity.put("cors.anyOrigin", origin.map(|origin| origin.is_some_and(|origin| origin.trim_matches('\'') == "*")));
    entity.put("transport.strict", header("strict-transport-security").map(|header| header.is_some()));
    vec![Record::new(reader, entity)]
}
