//! Condition keys: which there are, and what kind of value each has.

use super::action::Action;
use super::catalogue;
use std::collections::HashMap;
use std::sync::OnceLock;

/// What the values of a key are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyKind {
    /// Of which type.
    pub value: ValueKind,
    /// Whether a request may have several.
    pub several: bool,
}

/// The types of values (Service Authorization Reference, "Condition keys").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueKind {
    /// Text.
    String,
    /// An ARN.
    Arn,
    /// `true` or `false`.
    Bool,
    /// A number.
    Numeric,
    /// A time.
    Date,
    /// An address.
    Ip,
}

/// The global keys (IAM User Guide, "AWS global condition context keys", read 2026-11), and keys of services that
/// requests to other services carry.
const GLOBAL: &[(&str, ValueKind, bool)] = {
    use ValueKind::{Arn, Bool, Date, Ip, Numeric, String};
    &[
        ("aws:AssumedRoot", Bool, false),
        ("aws:CalledVia", String, true),
        ("aws:CalledViaFirst", String, false),
        ("aws:CalledViaLast", String, false),
        ("aws:ChatbotSourceArn", Arn, false),
        ("aws:CurrentTime", Date, false),
        ("aws:Ec2InstanceSourcePrivateIPv4", Ip, false),
        ("aws:Ec2InstanceSourceVpc", String, false),
        ("aws:EpochTime", Date, false),
        ("aws:FederatedProvider", String, false),
        ("aws:MultiFactorAuthAge", Numeric, false),
        ("aws:MultiFactorAuthPresent", Bool, false),
        ("aws:PrincipalAccount", String, false),
        ("aws:PrincipalArn", Arn, false),
        ("aws:PrincipalIsAWSService", Bool, false),
        ("aws:PrincipalOrgID", String, false),
        ("aws:PrincipalOrgPaths", String, true),
        ("aws:PrincipalServiceName", String, false),
        ("aws:PrincipalServiceNamesList", String, true),
        ("aws:PrincipalTag", String, false),
        ("aws:PrincipalType", String, false),
        ("aws:referer", String, false),
        ("aws:RequestTag", String, false),
        ("aws:RequestedRegion", String, false),
        ("aws:ResourceAccount", String, false),
        ("aws:ResourceOrgID", String, false),
        ("aws:ResourceOrgPaths", String, true),
        ("aws:ResourceTag", String, false),
        ("aws:SecureTransport", Bool, false),
        ("aws:SourceAccount", String, false),
        ("aws:SourceArn", Arn, false),
        ("aws:SourceIdentity", String, false),
        ("aws:SourceIp", Ip, false),
        ("aws:SourceOrgID", String, false),
        ("aws:SourceOrgPaths", String, true),
        ("aws:SourceOwner", String, false),
        ("aws:SourceVpc", String, false),
        ("aws:SourceVpcArn", Arn, false),
        ("aws:SourceVpce", String, false),
        ("aws:TagKeys", String, true),
        ("aws:TokenIssueTime", Date, false),
        ("aws:UserAgent", String, false),
        ("aws:userid", String, false),
        ("aws:username", String, false),
        ("aws:ViaAWSService", Bool, false),
        ("aws:VpcSourceIp", Ip, false),
        ("aws:VpceAccount", String, false),
        ("aws:VpceOrgID", String, false),
        ("aws:VpceOrgPaths", String, true),
    ]
};

/// What is known of a key, without regard to case; what is behind a slash is a part of it (`aws:RequestTag/team`).
/// `None` for a key that neither the global ones nor the catalogue has.
pub fn kind(key: &str) -> Option<KeyKind> {
    let lower = base(key);
    let listed = GLOBAL.iter().find(|(name, ..)| name.eq_ignore_ascii_case(&lower));
    listed
        .map(|(_, value, several)| KeyKind { value: *value, several: *several })
        .or_else(|| catalogued().get(lower.as_str()).copied())
}

/// The global key that a misspelt one was meant to be: one that differs by a letter or two.
pub fn meant(key: &str) -> Option<&'static str> {
    let lower = base(key);
    if !lower.starts_with("aws:") || kind(key).is_some() {
        return None;
    }
    GLOBAL.iter().map(|(name, ..)| *name).find(|name| strsim::levenshtein(&name.to_ascii_lowercase(), &lower) <= 2)
}

/// Whether the key is one of a service that the catalogue knows, and that service has no key like it.
pub fn is_unknown_to_its_service(key: &str) -> bool {
    let lower = base(key);
    let Some((service, _)) = lower.split_once(':') else { return false };
    let has_keys = || catalogued().keys().any(|known| known.split_once(':').is_some_and(|(own, _)| own == service));
    !lower.starts_with("aws:") && kind(key).is_none() && catalogue::has_service(service) && has_keys()
}

/// Whether requests of the action carry the key.
pub fn is_filled_by(action: Action, key: &str) -> bool {
    let lower = base(key);
    action.condition_keys().iter().any(|known| base(known) == lower)
}

/// Whether the key is followed by text of the user's own: the encryption context of KMS.
pub fn is_free_text(key: &str) -> bool {
    key.to_ascii_lowercase().starts_with("kms:encryptioncontext")
}

/// The key without what is behind a slash or a template's mark, in lower case.
fn base(key: &str) -> String {
    if is_free_text(key) {
        return key.split(':').take(2).collect::<Vec<_>>().join(":").to_ascii_lowercase();
    }
    key.split('/').next().unwrap_or(key).to_ascii_lowercase()
}

/// The keys of the catalogue by their names without what is behind a slash.
fn catalogued() -> &'static HashMap<String, KeyKind> {
    static KEYS: OnceLock<HashMap<String, KeyKind>> = OnceLock::new();
    KEYS.get_or_init(|| {
        let kind = |text: &str| {
            let (several, text) = match text.strip_prefix("ArrayOf") {
                Some(one) => (true, one),
                None => (false, text),
            };
            let value = match text {
                "ARN" => ValueKind::Arn,
                "Bool" => ValueKind::Bool,
                "Numeric" => ValueKind::Numeric,
                "Date" => ValueKind::Date,
                "IPAddress" => ValueKind::Ip,
                _ => ValueKind::String,
            };
            KeyKind { value, several }
        };
        catalogue::keys().map(|(key, text)| (base(key), kind(text))).collect()
    })
}
