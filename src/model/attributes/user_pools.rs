//! Cognito: what belongs to a user pool, its domain, groups, resource servers and replicas.

use super::ResourceType;
use crate::model::entity::{DEPENDS_NUMBER, Origin, Test, read};
use crate::model::{EntityType, Verb};

/// The types of this file.
pub(super) const TYPES: &[ResourceType] = &[
    ResourceType::declared(&[&DOMAIN]),
    ResourceType::declared(&[&GROUP]),
    ResourceType::declared(&[&SERVER]),
    ResourceType::declared(&[&REPLICA]),
];

const DOMAIN: EntityType = EntityType {
    name: "AWS::Cognito::UserPoolDomain",
    verb: Verb::Deploy,
    about: "Where the pages of a user pool are.",
    attributes: &[
        read(
            "own",
            Origin::Check("CustomDomainConfig.CertificateArn", Test::Given),
            "Whether it is a domain of one's own.",
        ),
        read(
            "pages.version",
            Origin::Number("ManagedLoginVersion", DEPENDS_NUMBER),
            "`1` of the classic pages, `2` of managed login; the default is not published.",
        ),
    ],
};

const GROUP: EntityType = EntityType {
    name: "AWS::Cognito::UserPoolGroup",
    verb: Verb::Deploy,
    about: "A group of users.",
    attributes: &[read("role.given", Origin::Check("RoleArn", Test::Given), "Whether its users get a role.")],
};

const SERVER: EntityType = EntityType {
    name: "AWS::Cognito::UserPoolResourceServer",
    verb: Verb::Deploy,
    about: "An API that tokens are for.",
    attributes: &[
        read("scopes", Origin::Count("Scopes"), "Number of scopes."),
        read("identifier", Origin::Word("Identifier", ""), "What tokens call it."),
    ],
};

const REPLICA: EntityType = EntityType {
    name: "AWS::Cognito::UserPoolReplica",
    verb: Verb::Deploy,
    about: "A copy of a user pool in another region.",
    attributes: &[read("region", Origin::Word("RegionName", ""), "The region of the copy.")],
};
