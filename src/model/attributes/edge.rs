//! CloudFront: distributions with their behaviours and origins, functions, access control, and policies.

use super::reader::{Found, Reader, find, given, text};
use super::{Record, ResourceType, declared, policy, tls};
use crate::model::entity::{Origin, Read, Test, bool, read, string};
use crate::model::{Entity, EntityType, Verb};
use crate::syntax::Node;

/// The types of this file.
pub(super) const TYPES: &[ResourceType] = &[
    ResourceType::read_by(&[&DISTRIBUTION, &BEHAVIOUR, &SOURCE], distribution),
    ResourceType::declared(&[&FUNCTION]),
    ResourceType::declared(&[&ACCESS_CONTROL]),
    ResourceType::declared(&[&CACHE_POLICY]),
    ResourceType::declared(&[&HEADERS_POLICY]),
];

const DISTRIBUTION: EntityType = EntityType {
    name: "AWS::CloudFront::Distribution",
    verb: Verb::Deploy,
    about: "A distribution (defaults: CloudFormation registry, AWS::CloudFront::Distribution, 2026-12).",
    attributes: &[
        read(
            "logging.enabled",
            Origin::Check("DistributionConfig.Logging.Bucket", Test::Given),
            "Whether it has standard logs of the first kind; off by default.",
        ),
        read("firewall", Origin::Check("DistributionConfig.WebACLId", Test::Given), "Whether it has a web ACL."),
        string(
            "transport.minimumTls",
            "Of viewers; `1.0` with CloudFront's own certificate, the default, whatever is asked for (Amazon CloudFront API \
             Reference, ViewerCertificate, 2026-12); not known where another certificate comes without a version.",
        ),
        bool("certificate.own", "Whether it has a certificate of its own domain; not by default."),
        read(
            "geo.restricted",
            Origin::Check(
                "DistributionConfig.Restrictions.GeoRestriction.RestrictionType",
                Test::Is("whitelist|blacklist", false),
            ),
            "Whether countries are let in or kept out; not by default.",
        ),
        read(
            "priceClass",
            Origin::Word("DistributionConfig.PriceClass", "PriceClass_All"),
            "Where its edge locations are; everywhere by default.",
        ),
        read("rootObject", Origin::Check("DistributionConfig.DefaultRootObject", Test::Given), "None by default."),
    ],
};

const BEHAVIOUR: EntityType = EntityType {
    name: "AWS::CloudFront::Distribution::Behaviour",
    verb: Verb::Deploy,
    about: "A cache behaviour of a distribution.",
    attributes: &[
        string("distribution", "The distribution's name."),
        string("path", "The path pattern; `*` for the default behaviour."),
        read(
            "transport.plain",
            Origin::Check("ViewerProtocolPolicy", Test::Is("allow-all", false)),
            "Whether viewers may use plain HTTP.",
        ),
        read("cachePolicy.given", Origin::Check("CachePolicyId", Test::Given), "Whether it names a cache policy."),
        read("headersPolicy.given", Origin::Check("ResponseHeadersPolicyId", Test::Given), "Or one of headers."),
        bool("edge", "Whether code runs at the edge."),
    ],
};

const SOURCE: EntityType = EntityType {
    name: "AWS::CloudFront::Distribution::Source",
    verb: Verb::Deploy,
    about: "An origin of a distribution.",
    attributes: &[
        string("distribution", "The distribution's name."),
        bool("bucket", "Whether it is an S3 bucket, not its website."),
        bool("accessControlled", "Whether CloudFront identifies itself, so that the bucket can refuse all others."),
        read(
            "transport.plain",
            Origin::Check("CustomOriginConfig.OriginProtocolPolicy", Test::Is("http-only|match-viewer", false)),
            "Whether it may be reached over plain HTTP.",
        ),
        bool(
            "transport.outdated",
            "Whether versions of TLS before 1.2 are used; they are where a custom origin that is reached over HTTPS lists \
             none (CloudFormation registry, AWS::CloudFront::Distribution, 2026-12).",
        ),
    ],
};

const FUNCTION: EntityType = EntityType {
    name: "AWS::CloudFront::Function",
    verb: Verb::Deploy,
    about: "A CloudFront function.",
    attributes: &[
        read("runtime", Origin::Word("FunctionConfig.Runtime", ""), "`cloudfront-js-1.0` or `cloudfront-js-2.0`."),
        read(
            "published",
            Origin::Check("AutoPublish", Test::On(false)),
            "Whether it goes live when it is deployed; off by default (CloudFormation Template Reference, \
             AWS::CloudFront::Function, 2026-12).",
        ),
    ],
};

const ACCESS_CONTROL: EntityType = EntityType {
    name: "AWS::CloudFront::OriginAccessControl",
    verb: Verb::Deploy,
    about: "How CloudFront identifies itself to an origin.",
    attributes: &[
        read("kind", Origin::Word("OriginAccessControlConfig.OriginAccessControlOriginType", ""), "`s3`, `lambda` …"),
        read(
            "signing",
            Origin::Word("OriginAccessControlConfig.SigningBehavior", ""),
            "`always`, `never` or `no-override`.",
        ),
    ],
};

const CACHE_POLICY: EntityType = EntityType {
    name: "AWS::CloudFront::CachePolicy",
    verb: Verb::Deploy,
    about: "What is cached, for how long and by what key.",
    attributes: &[
        read(
            "ttl.maximumSeconds",
            Origin::Number("CachePolicyConfig.MaxTTL", 31_536_000),
            "A year by default (Amazon CloudFront API Reference, CachePolicyConfig, 2026-12).",
        ),
        read(
            "key.authorization",
            Origin::Any(
                "CachePolicyConfig.ParametersInCacheKeyAndForwardedToOrigin.HeadersConfig.Headers",
                "",
                Test::Is("Authorization", false),
            ),
            "Whether answers are kept apart by who asks.",
        ),
        read(
            "key.cookies",
            Origin::Word(
                "CachePolicyConfig.ParametersInCacheKeyAndForwardedToOrigin.CookiesConfig.CookieBehavior",
                "none",
            ),
            "`none`, `whitelist`, `allExcept` or `all`.",
        ),
    ],
};

const HEADERS_POLICY: EntityType = EntityType {
    name: "AWS::CloudFront::ResponseHeadersPolicy",
    verb: Verb::Deploy,
    about: "Headers that CloudFront adds to responses; none that is not written.",
    attributes: &[
        read(
            "transport.strictSeconds",
            Origin::Number(
                "ResponseHeadersPolicyConfig.SecurityHeadersConfig.StrictTransportSecurity.AccessControlMaxAgeSec",
                0,
            ),
            "How long browsers keep to HTTPS; 0 without the header.",
        ),
        read(
            "contentPolicy.given",
            Origin::Check("ResponseHeadersPolicyConfig.SecurityHeadersConfig.ContentSecurityPolicy", Test::Given),
            "Whether there is a Content-Security-Policy.",
        ),
        read(
            "cors.anyOrigin",
            Origin::Any(
                "ResponseHeadersPolicyConfig.CorsConfig.AccessControlAllowOrigins.Items",
                "",
                Test::Is("*", false),
            ),
            "Whether every origin is allowed.",
        ),
        read(
            "cors.credentials",
            Origin::Check("ResponseHeadersPolicyConfig.CorsConfig.AccessControlAllowCredentials", Test::On(false)),
            "Whether browsers send credentials.",
        ),
    ],
};

/// A distribution, its behaviours and its origins.
fn distribution(reader: &Reader<'_>) -> Vec<Record> {
    const CERTIFICATE: &str = "DistributionConfig.ViewerCertificate";
    let mut entity = declared::entity(reader, &DISTRIBUTION);
    let own = ["AcmCertificateArn", "IamCertificateId"].map(|name| reader.given(&format!("{CERTIFICATE}.{name}")));
    let own = policy::any(own);
    entity.put("transport.minimumTls", minimum(reader, &own));
    entity.put("certificate.own", own);
    let mut records = vec![Record::new(reader, entity)];
    if let Found::Written(default) = reader.find("DistributionConfig.DefaultCacheBehavior") {
        records.push(behaviour(reader, default, "*"));
    }
    for item in list(reader, "DistributionConfig.CacheBehaviors") {
        let path = item.get("PathPattern").map(Node::to_string).unwrap_or_default();
        records.push(behaviour(reader, item, &path));
    }
    records.extend(list(reader, "DistributionConfig.Origins").iter().map(|origin| source(reader, origin)));
    records
}

/// The lowest version of TLS for viewers: CloudFront's own certificate goes with 1.0, whatever is written.
fn minimum(reader: &Reader<'_>, own: &Read<bool>) -> Read<&'static str> {
    let version = reader.text("DistributionConfig.ViewerCertificate.MinimumProtocolVersion");
    match (&own.value, &version.value) {
        (Ok(false), _) => Read { value: Ok("1.0"), span: version.span },
        (Ok(true), Ok(None)) => Read::unknown(declared::depends(), own.span),
        (Ok(true), _) => tls::minimum(version, "1.0"),
        (Err(reason), _) => Read::unknown(reason.clone(), own.span),
    }
}

fn list<'a>(reader: &Reader<'a>, path: &str) -> &'a [Node] {
    reader.resource.property(path).map(Node::items_or_self).unwrap_or_default()
}

fn behaviour(reader: &Reader<'_>, from: &Node, path: &str) -> Record {
    let mut entity = Entity::new(&BEHAVIOUR, reader.resource.name.clone());
    entity.put("distribution", Read::default(reader.resource.name.clone()));
    entity.put("path", Read::default(path));
    let edge = ["LambdaFunctionAssociations.0", "FunctionAssociations.0"].map(|path| given(find(from, path)));
    entity.put("edge", policy::any(edge));
    let mut record = Record::new(reader, declared::fill(entity, &BEHAVIOUR, from));
    record.detail = format!("behaviour {path}");
    record.span = from.span;
    record
}

fn source(reader: &Reader<'_>, from: &Node) -> Record {
    let mut entity = Entity::new(&SOURCE, reader.resource.name.clone());
    entity.put("distribution", Read::default(reader.resource.name.clone()));
    entity.put("bucket", bucket(reader, from));
    entity.put("transport.outdated", outdated(from));
    let controlled = ["OriginAccessControlId", "S3OriginConfig.OriginAccessIdentity"];
    entity.put("accessControlled", policy::any(controlled.map(|path| given(find(from, path)))));
    let mut record = Record::new(reader, declared::fill(entity, &SOURCE, from));
    record.detail = format!("origin {}", from.get("Id").map(Node::to_string).unwrap_or_default());
    record.span = from.span;
    record
}

/// Whether an origin is reached with versions of TLS before 1.2.
fn outdated(from: &Node) -> Read<bool> {
    const PROTOCOLS: &str = "CustomOriginConfig.OriginSSLProtocols";
    let custom = given(find(from, "CustomOriginConfig"));
    match find(from, PROTOCOLS) {
        Found::Absent => {
            let policy = text(find(from, "CustomOriginConfig.OriginProtocolPolicy"));
            policy::all([custom, policy.map(|policy| policy.as_deref() != Some("http-only"))])
        }
        _ => declared::each(from, PROTOCOLS, "", Test::Is("SSLv3|TLSv1|TLSv1.1", false), true),
    }
}

/// Whether an origin is a bucket: said so, named, or by its domain.
fn bucket(reader: &Reader<'_>, from: &Node) -> Read<bool> {
    if from.get("CustomOriginConfig").is_some_and(|config| !config.is_absent()) {
        return Read::default(false);
    }
    if given(find(from, "S3OriginConfig")).value == Ok(true) {
        return Read::at(true, from.span);
    }
    let domain = find(from, "DomainName");
    if let Found::Written(node) = domain
        && reader.project.named_of(node, |kind| kind == "AWS::S3::Bucket").is_some()
    {
        return Read::at(true, node.span);
    }
    text(domain).map(|name| name.is_some_and(|name| name.contains(".s3.") || name.contains(".s3-")))
}
