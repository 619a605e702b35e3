//! What limits a right to a resource: which actions can be limited by an ARN, and which conditions do as much.

use super::action::{AccessLevel, Action};
use super::condition::Condition;
use super::glob;
use super::keys;
use super::text::{Answer, Text};

/// Actions whose resource types are all optional and that work without any of them, so that a right on `*` is what
/// they need (Service Authorization Reference, resource types without `*` mark, read with the API references, 2026-11).
const WITHOUT_RESOURCE: [&str; 7] = [
    // It answers one request by its token; S3's own guide and managed policy grant it on *.
    "s3-object-lambda:WriteGetObjectResponse",
    "translate:TranslateText",
    "translate:StartTextTranslationJob",
    "mediaconvert:CreateJob",
    "mediaconvert:CreateJobTemplate",
    "cloudformation:GetTemplateSummary",
    "ssm:UpdateInstanceInformation",
];

/// Actions with one optional resource type that they are always used with.
const WITH_RESOURCE: [&str; 7] = [
    "es:ESHttpDelete",
    "es:ESHttpGet",
    "es:ESHttpHead",
    "es:ESHttpPatch",
    "es:ESHttpPost",
    "es:ESHttpPut",
    "cloudfront:PutResourcePolicy",
];

/// Actions on network interfaces that Lambda makes by itself, whose ids nobody knows when the policy is written
/// (Lambda Developer Guide, "Giving Lambda functions access to resources in an Amazon VPC", 2026-11).
const MADE_BY_LAMBDA: [&str; 4] = [
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:AssignPrivateIpAddresses",
    "ec2:UnassignPrivateIpAddresses",
];

/// The partition keys that a request to DynamoDB is about.
const LEADING_KEYS: &str = "dynamodb:LeadingKeys";

/// Keys whose values name the resource itself or the part of it that is reached, with what is below them (`/key`).
///
/// Not among them: keys that say who asks, from where or through what (`aws:SourceIp`, `kms:ViaService`,
/// `iam:PassedToService`), and `s3:prefix`, which names no bucket.
const NAMING: [&str; 22] = [
    "aws:ResourceTag",
    LEADING_KEYS,
    "ecs:cluster",
    "ecs:service",
    "ecs:task",
    "lambda:FunctionArn",
    "kms:ResourceAliases",
    "kms:RequestAlias",
    "kms:EncryptionContext",
    "secretsmanager:SecretId",
    "s3:ExistingObjectTag",
    "s3:BucketTag",
    "s3:DataAccessPointArn",
    "elasticfilesystem:AccessPointArn",
    "rds:db-tag",
    "rds:cluster-tag",
    "rds:pg-tag",
    "ec2:Vpc",
    "ec2:Subnet",
    "ec2:InstanceID",
    "cloudwatch:namespace",
    "execute-api:viaDomainArn",
];

/// Whether a right on `*` gives the action more than it needs: it works on a resource that an ARN can name.
///
/// An action that has no resource type works on `*` only. One whose resource types are all optional counts where it
/// has alternatives of which one is always meant (`s3:GetObject`: object or object of an access point), unless it
/// lists.
pub fn is_bound_to_resource(action: Action) -> bool {
    let types = action.resource_types();
    let name = action.to_string();
    if types.is_empty() || MADE_BY_LAMBDA.contains(&name.as_str()) || WITHOUT_RESOURCE.contains(&name.as_str()) {
        return false;
    }
    let required = types.iter().any(|(_, required)| *required);
    let lists = action.access_level() == AccessLevel::List && action.name() != "ListBucket";
    required || types.len() > 1 && !lists || WITH_RESOURCE.contains(&name.as_str())
}

/// Whether the condition limits a statement on `*` to resources that it names.
///
/// It does where it compares positively, does not hold for a request without the key (`IfExists`, `ForAllValues:`),
/// and none of its values is open at its start.
pub fn names_resource(condition: &Condition) -> Answer {
    names(condition, false)
}

/// The same for one action: `dynamodb:LeadingKeys` limits with `ForAllValues:` too, as the DynamoDB Developer Guide
/// writes it ("Using IAM policy conditions for fine-grained access control", 2026-11), the actions whose requests carry
/// the key, and no others: `Scan` has none.
pub fn names_resource_of(condition: &Condition, action: Action) -> Answer {
    names(condition, condition.is_on(LEADING_KEYS) && keys::is_filled_by(action, LEADING_KEYS))
}

/// Whether a condition limits an action to items of the partition keys that it names.
pub fn keeps_to_keys(condition: &Condition, action: Action) -> bool {
    let operator = &condition.operator;
    condition.is_on(LEADING_KEYS)
        && !operator.negated
        && (!operator.holds_without_key() || keys::is_filled_by(action, LEADING_KEYS))
}

fn names(condition: &Condition, always_there: bool) -> Answer {
    let operator = &condition.operator;
    let service_tag = condition
        .key
        .split('/')
        .next()
        .is_some_and(|key| key.split_once(':').is_some_and(|(_, name)| name.eq_ignore_ascii_case("ResourceTag")));
    let key = service_tag
        || NAMING.iter().any(|key| condition.is_on_or_below(key))
        || condition.key.to_ascii_lowercase().starts_with("kms:encryptioncontext:");
    if !key || !operator.compares_text() || operator.negated || operator.holds_without_key() && !always_there {
        return Ok(false);
    }
    all_fixed(&condition.values, |text| operator.takes_patterns() && text.starts_with(['*', '?']))
}

/// Whether there are values and none of them is open; a value that is not known may be.
pub(super) fn all_fixed(values: &[Text], open: impl Fn(&str) -> bool) -> Answer {
    let mut unknown = None;
    for value in values {
        if open(&value.shape()) {
            match value.unknown() {
                Some(reason) if !value.as_literal().is_some_and(&open) => unknown = Some(reason),
                _ => return Ok(false),
            }
        } else if value.shape().is_empty() {
            return Ok(false);
        }
    }
    match unknown {
        Some(reason) => Err(reason),
        None => Ok(!values.is_empty()),
    }
}

/// Whether the pattern, seen as words of an action list, is one star or more.
pub(super) fn is_every_action(pattern: &str) -> bool {
    glob::is_all(pattern)
        || pattern.split_once(':').is_some_and(|(service, name)| glob::is_all(service) && glob::is_all(name))
}
