//! Cognito: user pools and their clients, identity pools and their roles.

use super::reader::{Found, Reader, begins, flag};
use super::{Record, ResourceType, declared, firewall};
use crate::model::entity::{DEPENDS_NUMBER, Origin, Read, Test, bool, long, read};
use crate::model::{EntityType, Verb};
use crate::syntax::Node;

/// The types of this file.
pub(super) const TYPES: &[ResourceType] = &[
    ResourceType::read_by(&[&USER_POOL], user_pool),
    ResourceType::read_by(&[&CLIENT], client),
    ResourceType::declared(&[&IDENTITY_POOL]),
    ResourceType::declared(&[&ROLES]),
];

const USER_POOL: EntityType = EntityType {
    name: "AWS::Cognito::UserPool",
    verb: Verb::Deploy,
    about: "A user pool (defaults: AWS CLI Reference, create-user-pool, the minimally configured pool, 2026-12).",
    attributes: &[
        read("mfa", Origin::Word("MfaConfiguration", "OFF"), "`OFF` (the default), `OPTIONAL` or `ON`."),
        long("password.minimumLength", "8 by default; not known where a policy is written without it."),
        bool("password.lowercase", "Asked for by default, and not where a policy is written without it."),
        bool("password.uppercase", "As lowercase."),
        bool("password.numbers", "As lowercase."),
        bool("password.symbols", "As lowercase."),
        read(
            "password.temporaryDays",
            Origin::Number("Policies.PasswordPolicy.TemporaryPasswordValidityDays", 7),
            "7 by default (Amazon Cognito User Pools API Reference, PasswordPolicyType, 2026-12).",
        ),
        read(
            "threatProtection",
            Origin::Word("UserPoolAddOns.AdvancedSecurityMode", "OFF"),
            "`OFF` where it is not given, `AUDIT` or `ENFORCED`.",
        ),
        read(
            "deletionProtection",
            Origin::Check("DeletionProtection", Test::Is("ACTIVE", false)),
            "Off by default (Terraform AWS provider, aws_cognito_user_pool, 2026-12).",
        ),
        read(
            "signUp.closed",
            Origin::Check("AdminCreateUserConfig.AllowAdminCreateUserOnly", Test::On(false)),
            "Whether only administrators make users; everyone may sign up by default.",
        ),
        read(
            "sms.region",
            Origin::Word("SmsConfiguration.SnsRegion", ""),
            "Empty: the pool's own, or the one that the service prescribes for it.",
        ),
        bool("firewall", "Whether a web ACL of the project is associated with it."),
    ],
};

const CLIENT: EntityType = EntityType {
    name: "AWS::Cognito::UserPoolClient",
    verb: Verb::Deploy,
    about: "A client of a user pool (defaults: Amazon Cognito User Pools API Reference, CreateUserPoolClient, 2026-12).",
    attributes: &[
        read("flows.implicit", Origin::Any("AllowedOAuthFlows", "", Test::Is("implicit", false)), "Off by default."),
        read(
            "flows.password",
            Origin::Any("ExplicitAuthFlows", "", Test::Is("ALLOW_USER_PASSWORD_AUTH|USER_PASSWORD_AUTH", false)),
            "Whether USER_PASSWORD_AUTH sends it passwords themselves; not by default.",
        ),
        bool("callback.plain", "Whether any callback is plain HTTP to another machine."),
        bool("callback.wildcard", "Whether any callback has a wildcard."),
        read("secret.generated", Origin::Check("GenerateSecret", Test::On(false)), "Off by default."),
        long("tokens.accessMinutes", "60 by default."),
        long("tokens.refreshMinutes", "43200, 30 days, by default."),
        read("revocation.enabled", Origin::Check("EnableTokenRevocation", Test::On(true)), "On by default."),
        read(
            "enumeration.prevented",
            Origin::Check("PreventUserExistenceErrors", Test::Is("ENABLED", false)),
            "Whether it hides which users there are; `LEGACY`, no, by default.",
        ),
    ],
};

const IDENTITY_POOL: EntityType = EntityType {
    name: "AWS::Cognito::IdentityPool",
    verb: Verb::Deploy,
    about: "An identity pool; what is not switched on is off.",
    attributes: &[
        read("guests", Origin::Check("AllowUnauthenticatedIdentities", Test::On(false)), "Whether guests get rights."),
        read("classicFlow", Origin::Check("AllowClassicFlow", Test::On(false)), "Off by default."),
        read(
            "tokens.checked",
            Origin::All("CognitoIdentityProviders", "ServerSideTokenCheck", Test::On(false)),
            "Whether revoked users are refused by every user pool; not by default.",
        ),
    ],
};

const ROLES: EntityType = EntityType {
    name: "AWS::Cognito::IdentityPoolRoleAttachment",
    verb: Verb::Deploy,
    about: "The roles of an identity pool's users.",
    attributes: &[
        read("guests", Origin::Check("Roles.unauthenticated", Test::Given), "Whether guests have a role."),
        read("mapped", Origin::Check("RoleMappings", Test::Given), "Whether claims choose the role."),
    ],
};

fn user_pool(reader: &Reader<'_>) -> Vec<Record> {
    const POLICY: &str = "Policies.PasswordPolicy";
    let mut entity = declared::entity(reader, &USER_POOL);
    let by_default = matches!(reader.find(POLICY), Found::Absent);
    let demanded = |name: &str| flag(reader.find(&format!("{POLICY}.{name}")), by_default);
    let length = if by_default { 8 } else { DEPENDS_NUMBER };
    entity.put("password.minimumLength", declared::number(reader.find(&format!("{POLICY}.MinimumLength")), length));
    entity.put("password.lowercase", demanded("RequireLowercase"));
    entity.put("password.uppercase", demanded("RequireUppercase"));
    entity.put("password.numbers", demanded("RequireNumbers"));
    entity.put("password.symbols", demanded("RequireSymbols"));
    entity.put("firewall", firewall::guards(reader));
    vec![Record::new(reader, entity)]
}

fn client(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &CLIENT);
    entity.put(
        "callback.plain",
        callbacks(reader, |callback| {
            match begins(Found::of(callback), "http://localhost|http://127.0.0.1|http://[::1]") {
                Read { value: Ok(true), span } => Read { value: Ok(false), span },
                _ => begins(Found::of(callback), "http://"),
            }
        }),
    );
    let wildcard = |callback: &Node| match callback.as_text() {
        Some(text) => Read::at(text.contains('*'), callback.span),
        None => Read::unknown(super::reader::not_literal(callback), Some(callback.span)),
    };
    entity.put("callback.wildcard", callbacks(reader, wildcard));
    entity.put("tokens.accessMinutes", minutes(reader, "AccessToken", "hours", 60));
    entity.put("tokens.refreshMinutes", minutes(reader, "RefreshToken", "days", 30 * 24 * 60));
    vec![Record::new(reader, entity)]
}

/// Whether a test holds for any callback.
fn callbacks(reader: &Reader<'_>, test: impl Fn(&Node) -> Read<bool>) -> Read<bool> {
    let callbacks = match reader.find("CallbackURLs") {
        Found::Absent => return Read::default(false),
        Found::Unknown(reason, span) => return Read::unknown(reason, span),
        Found::Written(node) => node,
    };
    let mut found = Read::at(false, callbacks.span);
    for callback in callbacks.items_or_self() {
        match test(callback) {
            read if read.value == Ok(true) => return read,
            read if read.value.is_err() => found = read,
            _ => {}
        }
    }
    found
}

/// How long a token lives; where it is not written, `otherwise`.
fn minutes(reader: &Reader<'_>, token: &str, unit: &str, otherwise: i64) -> Read<i64> {
    let validity = declared::number(reader.find(&format!("{token}Validity")), 0);
    let unit = reader.text(&format!("TokenValidityUnits.{token}")).map(|word| word.unwrap_or_else(|| unit.into()));
    let value = match (validity.value, unit.value) {
        (Ok(0), _) => Ok(otherwise),
        (Ok(count), Ok(unit)) => Ok(match &*unit {
            "seconds" => count / 60,
            "minutes" => count,
            "days" => count.saturating_mul(24 * 60),
            _ => count.saturating_mul(60),
        }),
        (Err(reason), _) | (_, Err(reason)) => Err(reason),
    };
    Read { value, span: validity.span }
}
