//! IAM: roles, users, groups, their policies and credentials, and identity providers.

use super::reader::Reader;
use super::{Record, ResourceType, declared, policy};
use crate::iam::document;
use crate::iam::statement::PrincipalKind;
use crate::model::entity::{AttributeKind, DEPENDS, Declared, Origin, Read, Test, bool, read};
use crate::model::{EntityType, Verb};
use crate::syntax::Node;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The types of this file.
pub(super) const TYPES: &[ResourceType] = &[
    ResourceType::read_by(&[&ROLE], role),
    ResourceType::declared(&[&USER]),
    ResourceType::declared(&[&GROUP]),
    ResourceType::declared(&[&POLICY]),
    ResourceType::declared(&[&MANAGED_POLICY]),
    ResourceType::declared(&[&ACCESS_KEY]),
    ResourceType::declared(&[&PROFILE]),
    ResourceType::declared(&[&OIDC]),
    ResourceType::declared(&[&SAML]),
    ResourceType::declared(&[&CERTIFICATE]),
    ResourceType::declared(&[&SERVICE_ROLE]),
    ResourceType::declared(&[&MEMBERS]),
];

const PATH: Declared = read("path", Origin::Word("Path", "/"), "Its path; `/` by default.");
const INLINE: Declared =
    read("policies.inline", Origin::Count("Policies"), "Number of inline policies written with it.");
const MANAGED: Declared =
    read("policies.managed", Origin::Count("ManagedPolicyArns"), "Number of managed policies written with it.");
const BOUNDARY: Declared =
    read("boundary.given", Origin::Check("PermissionsBoundary", Test::Given), "Whether a boundary limits it.");
const STATEMENTS: Declared = read("statements", Origin::Count("PolicyDocument.Statement"), "Number of statements.");
const ROLES: Declared = read("attached.roles", Origin::Count("Roles"), "Number of roles that it is attached to here.");
const USERS: Declared = read("attached.users", Origin::Count("Users"), "Number of users.");
const GROUPS: Declared = read("attached.groups", Origin::Count("Groups"), "Number of groups.");

const ROLE: EntityType = EntityType {
    name: "AWS::IAM::Role",
    verb: Verb::Deploy,
    about: "A role (defaults: AWS CloudFormation Template Reference, AWS::IAM::Role, 2026-12).",
    attributes: &[
        PATH,
        BOUNDARY,
        INLINE,
        MANAGED,
        read("described", Origin::Check("Description", Test::Given), "Whether it says what it is for."),
        read(
            "session.maximumSeconds",
            Origin::Number("MaxSessionDuration", 3600),
            "How long a session may last; an hour by default.",
        ),
        read(
            "trust.statements",
            Origin::Count("AssumeRolePolicyDocument.Statement"),
            "Number of statements that say who may assume it.",
        ),
        bool("trust.anyone", "Whether anyone may assume it."),
        bool("trust.federated", "Whether an identity provider's users may assume it."),
        Declared {
            path: "trust.services",
            kind: AttributeKind::Strings,
            about: "The services that may assume it, `lambda.amazonaws.com`.",
            from: None,
        },
    ],
};

const USER: EntityType = EntityType {
    name: "AWS::IAM::User",
    verb: Verb::Deploy,
    about: "A user (defaults: AWS CloudFormation Template Reference, AWS::IAM::User, 2026-12).",
    attributes: &[
        PATH,
        BOUNDARY,
        INLINE,
        MANAGED,
        read("groups", Origin::Count("Groups"), "Number of groups that it is put into with it."),
        read(
            "password.given",
            Origin::Check("LoginProfile", Test::Given),
            "Whether it may sign in to the console; not by default.",
        ),
        read(
            "password.written",
            Origin::Check("LoginProfile.Password", Test::Written),
            "Whether the password is written out.",
        ),
        read(
            "password.reset",
            Origin::Check("LoginProfile.PasswordResetRequired", Test::Stated),
            "Whether it has to be changed at the first sign-in; the default is not published.",
        ),
    ],
};

const GROUP: EntityType = EntityType {
    name: "AWS::IAM::Group",
    verb: Verb::Deploy,
    about: "A group (defaults: AWS CloudFormation Template Reference, AWS::IAM::Group, 2026-12).",
    attributes: &[PATH, INLINE, MANAGED],
};

const POLICY: EntityType = EntityType {
    name: "AWS::IAM::Policy",
    verb: Verb::Deploy,
    about: "An inline policy of roles, users or groups; what its statements give is a `Leastwise::Grant` each.",
    attributes: &[STATEMENTS, ROLES, USERS, GROUPS],
};

const MANAGED_POLICY: EntityType = EntityType {
    name: "AWS::IAM::ManagedPolicy",
    verb: Verb::Deploy,
    about: "A managed policy of one's own; what its statements give is a `Leastwise::Grant` each (defaults: AWS \
            CloudFormation Template Reference, AWS::IAM::ManagedPolicy, 2026-12).",
    attributes: &[
        PATH,
        STATEMENTS,
        ROLES,
        USERS,
        GROUPS,
        read("described", Origin::Check("Description", Test::Given), "Whether it says what it is for."),
    ],
};

const ACCESS_KEY: EntityType = EntityType {
    name: "AWS::IAM::AccessKey",
    verb: Verb::Deploy,
    about: "A long-lived access key of a user.",
    attributes: &[read(
        "active",
        Origin::Check("Status", Test::Is("Active", true)),
        "Active by default (AWS Identity and Access Management API Reference, CreateAccessKey, 2026-12).",
    )],
};

const PROFILE: EntityType = EntityType {
    name: "AWS::IAM::InstanceProfile",
    verb: Verb::Deploy,
    about: "What gives a role to instances (defaults: AWS CloudFormation Template Reference, 2026-12).",
    attributes: &[PATH, read("roles", Origin::Count("Roles"), "Number of roles, at most one.")],
};

const OIDC: EntityType = EntityType {
    name: "AWS::IAM::OIDCProvider",
    verb: Verb::Deploy,
    about: "An OpenID Connect provider.",
    attributes: &[
        read("url", Origin::Word("Url", ""), "Its issuer."),
        read("audiences", Origin::Words("ClientIdList"), "The audiences that its tokens may be for."),
        read("thumbprints", Origin::Count("ThumbprintList"), "Number of thumbprints of certificates that are pinned."),
    ],
};

const SAML: EntityType = EntityType {
    name: "AWS::IAM::SAMLProvider",
    verb: Verb::Deploy,
    about: "A SAML provider.",
    attributes: &[
        read(
            "encryption.mode",
            Origin::Word("AssertionEncryptionMode", DEPENDS),
            "Whether assertions are encrypted: `Required` or `Allowed`; the default is not published.",
        ),
        read("keys", Origin::Count("PrivateKeyList"), "Number of keys that decrypt assertions."),
    ],
};

const CERTIFICATE: EntityType = EntityType {
    name: "AWS::IAM::ServerCertificate",
    verb: Verb::Deploy,
    about: "A certificate kept in IAM (defaults: AWS CloudFormation Template Reference, 2026-12).",
    attributes: &[
        PATH,
        read("chain.given", Origin::Check("CertificateChain", Test::Given), "Whether it has its chain."),
        read("key.written", Origin::Check("PrivateKey", Test::Written), "Whether the private key is written out."),
    ],
};

const SERVICE_ROLE: EntityType = EntityType {
    name: "AWS::IAM::ServiceLinkedRole",
    verb: Verb::Deploy,
    about: "A role that a service defines and uses.",
    attributes: &[
        read("service", Origin::Word("AWSServiceName", ""), "The service, `autoscaling.amazonaws.com`."),
        read("suffix.given", Origin::Check("CustomSuffix", Test::Given), "Whether there is more than one."),
    ],
};

const MEMBERS: EntityType = EntityType {
    name: "AWS::IAM::UserToGroupAddition",
    verb: Verb::Deploy,
    about: "The users of a group.",
    attributes: &[read("users", Origin::Count("Users"), "Number of users.")],
};

/// A role with whom its trust policy lets in.
fn role(reader: &Reader<'_>) -> Vec<Record> {
    const TRUST: &str = "AssumeRolePolicyDocument";
    let mut entity = declared::entity(reader, &ROLE);
    entity.put("trust.anyone", policy::lets_in_anyone(reader.find(TRUST)));
    let trust = reader.resource.property(TRUST);
    entity.put("trust.federated", trusted(trust, &PrincipalKind::Federated).map(|names| !names.is_empty()));
    let services = trusted(trust, &PrincipalKind::Service);
    let services = services.map(|names| names.into_iter().collect::<Vec<_>>());
    entity.put("trust.services", services.map(crate::model::Known::Strings));
    vec![Record::new(reader, entity)]
}

/// The principals of a kind that a trust policy lets in, by name.
fn trusted(trust: Option<&Node>, kind: &PrincipalKind) -> Read<BTreeSet<Arc<str>>> {
    let Some(node) = trust else { return Read::default(BTreeSet::new()) };
    let policy = document::read(node).0;
    if let Some((reason, _)) = policy.unknown.first() {
        return Read::unknown(reason.clone(), Some(node.span));
    }
    let mut names = BTreeSet::new();
    for principals in policy.statements.iter().filter(|one| !one.denies()).filter_map(|one| one.principals.as_ref()) {
        for name in principals.of(kind) {
            match name.as_literal() {
                Some(text) => drop(names.insert(text.into())),
                // A provider of the project, or one whose name is not known, is one all the same.
                None if *kind == PrincipalKind::Federated => drop(names.insert(name.to_string().into())),
                None => {
                    let reason = name.unknown().unwrap_or_else(declared::depends);
                    return Read::unknown(reason, Some(name.span));
                }
            }
        }
    }
    Read::at(names, node.span)
}
