//! Secrets and keys: secrets, their rotation and policies, replica keys, aliases.

use super::reader::{Found, Reader, find, flag, not_literal};
use super::{Record, ResourceType, declared, policy, regions};
use crate::model::entity::{Origin, Read, Test, bool, long, read, string};
use crate::model::{EntityType, Verb};
use crate::syntax::{Unknown, UnknownKind};

/// The types of this file.
pub(super) const TYPES: &[ResourceType] = &[
    ResourceType::read_by(&[&SECRET], secret),
    ResourceType::read_by(&[&ROTATION], rotation),
    ResourceType::read_by(&[&SECRET_POLICY], secret_policy),
    ResourceType::read_by(&[&REPLICA], replica),
    ResourceType::read_by(&[&ALIAS], alias),
];

const SECRET: EntityType = EntityType {
    name: "AWS::SecretsManager::Secret",
    verb: Verb::Deploy,
    about: "A secret (defaults: AWS CloudFormation Template Reference, AWS::SecretsManager::Secret, 2026-12).",
    attributes: &[
        read(
            "encryption.manager",
            Origin::Key("KmsKeyId", "aws"),
            "`aws` (the key `aws/secretsmanager`, the default) or `customer`.",
        ),
        read(
            "replicas.regions",
            Origin::Each("ReplicaRegions", "Region"),
            "The regions that it is replicated to; none by default.",
        ),
        bool("rotated", "Whether the project has a rotation schedule for it."),
        read("value.written", Origin::Check("SecretString", Test::Written), "Whether its value is written out."),
        read(
            "value.generated",
            Origin::Check("GenerateSecretString", Test::Given),
            "Whether Secrets Manager makes its value up.",
        ),
    ],
};

const ROTATION: EntityType = EntityType {
    name: "AWS::SecretsManager::RotationSchedule",
    verb: Verb::Deploy,
    about: "When a secret gets a new value (defaults: AWS CloudFormation Template Reference, \
            AWS::SecretsManager::RotationSchedule, 2026-12).",
    attributes: &[
        long(
            "interval.days",
            "Every how many days, rounded up; not known of a cron expression, 0 where it never does.",
        ),
        read(
            "immediate",
            Origin::Check("RotateImmediatelyOnUpdate", Test::On(true)),
            "Whether it gets one when the schedule is written; so by default.",
        ),
    ],
};

const SECRET_POLICY: EntityType = EntityType {
    name: "AWS::SecretsManager::ResourcePolicy",
    verb: Verb::Deploy,
    about: "The policy of a secret (defaults: AWS CloudFormation Template Reference, \
            AWS::SecretsManager::ResourcePolicy, 2026-12).",
    attributes: &[
        bool("public", "Whether it lets in anyone."),
        read(
            "public.blocked",
            Origin::Check("BlockPublicPolicy", Test::On(true)),
            "Whether Secrets Manager turns away a policy that does; so by default.",
        ),
    ],
};

const REPLICA: EntityType = EntityType {
    name: "AWS::KMS::ReplicaKey",
    verb: Verb::Deploy,
    about: "A copy of a key of another region (defaults: AWS CloudFormation Template Reference, AWS::KMS::ReplicaKey, \
            2026-12).",
    attributes: &[
        read("enabled", Origin::Check("Enabled", Test::On(true)), "On by default."),
        string("primary.region", "The region in its primary key's ARN; empty where that is a resource of the project."),
        bool("public", "Whether its policy lets in anyone."),
        read("deletion.days", Origin::Number("PendingWindowInDays", 30), "How long it waits; 30 by default."),
    ],
};

const ALIAS: EntityType = EntityType {
    name: "AWS::KMS::Alias",
    verb: Verb::Deploy,
    about: "A name of a key.",
    attributes: &[bool(
        "key.enabled",
        "Whether the key that it names is enabled; not known of a key outside of the project.",
    )],
};

fn secret(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &SECRET);
    entity.put("rotated", rotated(reader));
    vec![Record::new(reader, entity)]
}

/// Whether a schedule of the project names the secret; one that names what is not known may.
fn rotated(reader: &Reader<'_>) -> Read<bool> {
    let mut unknown = None;
    for schedule in reader.project.of_kind(ROTATION.name) {
        let Some(node) = schedule.property("SecretId") else { continue };
        match (reader.project.named_of(node, |kind| kind == SECRET.name), node.as_unknown()) {
            (Some(secret), _) if secret.id == reader.resource.id => return Read::at(true, node.span),
            (None, Some(reason)) => unknown = Some(Read::unknown(reason.clone(), Some(node.span))),
            _ => {}
        }
    }
    unknown.unwrap_or(Read::default(false))
}

fn rotation(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &ROTATION);
    let expression = reader.text("RotationRules.ScheduleExpression");
    let days = match &expression.value {
        Ok(None) => declared::number(reader.find("RotationRules.AutomaticallyAfterDays"), 0),
        Ok(Some(text)) => match rate(text) {
            Some(days) => expression.map(|_| days),
            None => Read::unknown(Unknown::new(UnknownKind::Other, "a cron expression"), expression.span),
        },
        Err(reason) => Read::unknown(reason.clone(), expression.span),
    };
    entity.put("interval.days", days);
    vec![Record::new(reader, entity)]
}

/// The days of `rate(10 days)` or `rate(36 hours)`.
fn rate(expression: &str) -> Option<i64> {
    let inner = expression.trim().strip_prefix("rate(")?.strip_suffix(')')?;
    let (number, unit) = inner.trim().split_once(' ')?;
    let number: i64 = number.trim().parse().ok()?;
    match unit.trim() {
        "day" | "days" => Some(number),
        "hour" | "hours" => Some(number.saturating_add(23) / 24),
        _ => None,
    }
}

fn secret_policy(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &SECRET_POLICY);
    entity.put("public", policy::lets_in_anyone(reader.find("ResourcePolicy")));
    vec![Record::new(reader, entity)]
}

fn replica(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &REPLICA);
    entity.put("primary.region", regions::of_arn(reader, "PrimaryKeyArn"));
    entity.put("public", policy::lets_in_anyone(reader.find("KeyPolicy")));
    vec![Record::new(reader, entity)]
}

fn alias(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &ALIAS);
    let enabled = match reader.find("TargetKeyId") {
        Found::Absent => Read::unknown(declared::depends(), None),
        Found::Unknown(reason, span) => Read::unknown(reason, span),
        Found::Written(node) => {
            let is_key = |kind: &str| kind == "AWS::KMS::Key" || kind == REPLICA.name;
            match reader.project.named_of(node, is_key) {
                Some(key) => flag(find(&key.properties, "Enabled"), true),
                None => Read::unknown(not_literal(node), Some(node.span)),
            }
        }
    };
    entity.put("key.enabled", enabled);
    vec![Record::new(reader, entity)]
}

#[cfg(test)]
mod tests {
    use super::rate;

    #[test]
    fn rates_are_days_rounded_up() {
        assert_eq!(rate("rate(30 days)"), Some(30));
        assert_eq!(rate("rate(36 hours)"), Some(2));
        assert_eq!(rate("rate(1 day)"), Some(1));
        assert_eq!(rate("cron(0 16 1,15 * ? *)"), None);
    }
}
