//! AppSync: GraphQL APIs, their keys, caches, data sources and resolvers.

use super::reader::Reader;
use super::{Record, ResourceType, declared, firewall};
use crate::model::entity::{Origin, Test, bool, read};
use crate::model::{EntityType, Verb};

/// The types of this file.
pub(super) const TYPES: &[ResourceType] = &[
    ResourceType::read_by(&[&API], api),
    ResourceType::declared(&[&KEY]),
    ResourceType::declared(&[&CACHE]),
    ResourceType::declared(&[&DATA_SOURCE]),
    ResourceType::declared(&[&RESOLVER]),
];

const API: EntityType = EntityType {
    name: "AWS::AppSync::GraphQLApi",
    verb: Verb::Deploy,
    about: "A GraphQL API (defaults: AWS AppSync API Reference, GraphqlApi, 2026-12).",
    attributes: &[
        read("authentication.kind", Origin::Word("AuthenticationType", ""), "`API_KEY`, `AWS_IAM` and so on."),
        read(
            "authentication.additional",
            Origin::Count("AdditionalAuthenticationProviders"),
            "Number of other ways to authenticate.",
        ),
        read("private", Origin::Check("Visibility", Test::Is("PRIVATE", false)), "Public by default."),
        read("logging.enabled", Origin::Check("LogConfig", Test::Given), "Whether it logs requests; not without this."),
        read("logging.level", Origin::Word("LogConfig.FieldLogLevel", "NONE"), "Of fields: `NONE` without logs."),
        read(
            "tracing.enabled",
            Origin::Check("XrayEnabled", Test::On(false)),
            "X-Ray; off by default (Terraform AWS provider, 2026-12).",
        ),
        read(
            "introspection.enabled",
            Origin::Check("IntrospectionConfig", Test::Is("ENABLED", true)),
            "On by default.",
        ),
        read("limits.depth", Origin::Number("QueryDepthLimit", 0), "Depth of queries; 0, no limit, by default."),
        read(
            "limits.resolvers",
            Origin::Number("ResolverCountLimit", 0),
            "Resolvers of a query; 0, 10000, by default.",
        ),
        bool("firewall", "Whether a web ACL of the project is associated with it."),
    ],
};

const KEY: EntityType = EntityType {
    name: "AWS::AppSync::ApiKey",
    verb: Verb::Deploy,
    about: "An API key of a GraphQL API.",
    attributes: &[read(
        "expires.given",
        Origin::Check("Expires", Test::Given),
        "Whether its end is given; 7 days after its making by default (AWS AppSync API Reference, CreateApiKey, 2026-12).",
    )],
};

const CACHE: EntityType = EntityType {
    name: "AWS::AppSync::ApiCache",
    verb: Verb::Deploy,
    about: "The cache of a GraphQL API; a flag that is not given is off.",
    attributes: &[
        read("encryption.enabled", Origin::Check("AtRestEncryptionEnabled", Test::On(false)), "Off by default."),
        read("transport.encrypted", Origin::Check("TransitEncryptionEnabled", Test::On(false)), "Off by default."),
        read("cache.kind", Origin::Word("ApiCachingBehavior", ""), "`FULL_REQUEST_CACHING` and so on."),
    ],
};

const DATA_SOURCE: EntityType = EntityType {
    name: "AWS::AppSync::DataSource",
    verb: Verb::Deploy,
    about: "Where a GraphQL API has its data from.",
    attributes: &[
        read("kind", Origin::Word("Type", ""), "`AWS_LAMBDA`, `AMAZON_DYNAMODB`, `HTTP` and so on."),
        read(
            "transport.plain",
            Origin::Check("HttpConfig.Endpoint", Test::Begins("http://")),
            "Whether it is reached over plain HTTP.",
        ),
        read("authorized", Origin::Check("HttpConfig.AuthorizationConfig", Test::Given), "Whether it signs requests."),
    ],
};

const RESOLVER: EntityType = EntityType {
    name: "AWS::AppSync::Resolver",
    verb: Verb::Deploy,
    about: "What answers a field of a GraphQL API.",
    attributes: &[
        read(
            "kind",
            Origin::Word("Kind", "UNIT"),
            "`UNIT` (the default: AWS AppSync API Reference, CreateResolver, 2026-12), `PIPELINE`.",
        ),
        read("cache.enabled", Origin::Check("CachingConfig.Ttl", Test::Given), "Whether its answers are cached."),
        read("cache.keyed", Origin::Check("CachingConfig.CachingKeys.0", Test::Given), "Whether the cache has keys."),
    ],
};

fn api(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &API);
    entity.put("firewall", firewall::guards(reader));
    vec![Record::new(reader, entity)]
}
