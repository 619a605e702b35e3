//! Containers: ECS clusters, services and task definitions, ECR repositories and their replicas.

use super::reader::{Reader, find};
use super::{Record, ResourceType, declared, keys, policy};
use crate::model::entity::{Origin, Read, Test, bool, read, string};
use crate::model::{Entity, EntityType, Verb, judge_node};
use crate::syntax::Node;

/// The types of this file.
pub(super) const TYPES: &[ResourceType] = &[
    ResourceType::declared(&[&CLUSTER]),
    ResourceType::read_by(&[&SERVICE], service),
    ResourceType::read_by(&[&TASK, &CONTAINER], task),
    ResourceType::read_by(&[&REPOSITORY], repository),
    ResourceType::read_by(&[&REPLICATION, &COPY], replication),
];

const CLUSTER: EntityType = EntityType {
    name: "AWS::ECS::Cluster",
    verb: Verb::Deploy,
    about: "A cluster.",
    attributes: &[
        read(
            "insights",
            Origin::Word("ClusterSettings[Name=containerInsights].Value", crate::model::entity::DEPENDS),
            "Container Insights: `enabled`, `enhanced` or `disabled`; the account's setting where none is given (Amazon \
             ECS API Reference, ClusterSetting, 2026-12).",
        ),
        read(
            "exec.logging",
            Origin::Word("Configuration.ExecuteCommandConfiguration.Logging", "DEFAULT"),
            "Of ECS Exec: `DEFAULT` (the default: Amazon ECS API Reference, ExecuteCommandConfiguration, 2026-12), `NONE` or \
             `OVERRIDE`.",
        ),
        read(
            "exec.encryption.manager",
            Origin::Key("Configuration.ExecuteCommandConfiguration.KmsKeyId", "none"),
            "Of ECS Exec's sessions beside TLS: `none` (the default), `aws` or `customer`.",
        ),
    ],
};

const SERVICE: EntityType = EntityType {
    name: "AWS::ECS::Service",
    verb: Verb::Deploy,
    about: "A service (defaults: Amazon ECS API Reference, CreateService and AwsVpcConfiguration, 2026-12).",
    attributes: &[
        read(
            "public",
            Origin::Check("NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp", Test::Is("ENABLED", false)),
            "Whether its tasks have public addresses; not by default.",
        ),
        read("exec.enabled", Origin::Check("EnableExecuteCommand", Test::On(false)), "Off by default."),
        bool(
            "rollback",
            "Whether a failed deployment is rolled back, by its circuit breaker or by alarms; not where neither is on.",
        ),
        read(
            "launch",
            Origin::Word("LaunchType", crate::model::entity::DEPENDS),
            "`EC2`, `FARGATE` or `EXTERNAL`; not known where none is given, for capacity providers decide then.",
        ),
    ],
};

const TASK: EntityType = EntityType {
    name: "AWS::ECS::TaskDefinition",
    verb: Verb::Deploy,
    about: "A task definition (defaults: Amazon ECS API Reference, RegisterTaskDefinition, 2026-12).",
    attributes: &[
        read("network", Origin::Word("NetworkMode", "bridge"), "`bridge` (the default on Linux), `awsvpc`, `host` …"),
        read("host.processes", Origin::Check("PidMode", Test::Is("host", false)), "Whether it sees the host's."),
        read("role.given", Origin::Check("TaskRoleArn", Test::Given), "Whether it has a role of its own."),
    ],
};

const CONTAINER: EntityType = EntityType {
    name: "AWS::ECS::TaskDefinition::Container",
    verb: Verb::Deploy,
    about: "A container of a task definition (defaults: Amazon ECS API Reference, ContainerDefinition, 2026-12).",
    attributes: &[
        string("task", "The task definition's name."),
        read("image", Origin::Word("Image", ""), "The image as written."),
        read("privileged", Origin::Check("Privileged", Test::On(false)), "Off by default."),
        read("readOnly", Origin::Check("ReadonlyRootFilesystem", Test::On(false)), "Its root; off by default."),
        read("user.given", Origin::Check("User", Test::Given), "Whether it names its user."),
        read("logging.enabled", Origin::Check("LogConfiguration.LogDriver", Test::Given), "Not by default."),
        string("secrets", "Environment variables whose values are credentials written out, or empty."),
    ],
};

const REPOSITORY: EntityType = EntityType {
    name: "AWS::ECR::Repository",
    verb: Verb::Deploy,
    about: "A repository of images (defaults: Amazon ECR API Reference, CreateRepository and EncryptionConfiguration, 2026-12).",
    attributes: &[
        read("scanOnPush", Origin::Check("ImageScanningConfiguration.ScanOnPush", Test::On(false)), "Off by default."),
        read(
            "immutable",
            Origin::Check("ImageTagMutability", Test::Is("IMMUTABLE|IMMUTABLE_WITH_EXCLUSION", false)),
            "Whether tags stay; `MUTABLE` by default.",
        ),
        string("encryption.manager", "`provider` (AES256, the default), `aws` or `customer`."),
        read("lifecycle.given", Origin::Check("LifecyclePolicy.LifecyclePolicyText", Test::Given), "None by default."),
        bool("public", "Whether its policy lets in anyone; nobody by default."),
    ],
};

const REPLICATION: EntityType = EntityType {
    name: "AWS::ECR::ReplicationConfiguration",
    verb: Verb::Deploy,
    about: "Where an account's images are copied to.",
    attributes: &[read("rules", Origin::Count("ReplicationConfiguration.Rules"), "Number of its rules.")],
};

const COPY: EntityType = EntityType {
    name: "AWS::ECR::ReplicationConfiguration::Copy",
    verb: Verb::Deploy,
    about: "A region that images are copied to.",
    attributes: &[
        read("region", Origin::Word("Region", ""), "The region."),
        read("account", Origin::Word("RegistryId", ""), "The account."),
    ],
};

/// A service. A circuit breaker or alarms that are off roll nothing back.
fn service(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &SERVICE);
    let rolled = ["DeploymentCircuitBreaker", "Alarms"].map(|name| {
        let on = |flag: &str| reader.flag(&format!("DeploymentConfiguration.{name}.{flag}"), false);
        policy::all([on("Enable"), on("Rollback")])
    });
    entity.put("rollback", policy::any(rolled));
    vec![Record::new(reader, entity)]
}

/// A task definition and its containers.
fn task(reader: &Reader<'_>) -> Vec<Record> {
    let mut records = vec![Record::new(reader, declared::entity(reader, &TASK))];
    let containers = reader.resource.property("ContainerDefinitions").map(Node::items_or_self).unwrap_or_default();
    for container in containers {
        let name = container.get("Name").map(Node::to_string).unwrap_or_default();
        let mut entity = Entity::new(&CONTAINER, reader.resource.name.clone());
        entity.put("task", Read::default(reader.resource.name.clone()));
        let variables = container.get("Environment").map(Node::items_or_self).unwrap_or_default();
        let secrets: Vec<&str> = variables.iter().filter_map(secret).collect();
        entity.put("secrets", Read::default(secrets.join(", ")));
        let mut record = Record::new(reader, declared::fill(entity, &CONTAINER, container));
        record.detail = format!("container {name}");
        record.span = container.span;
        records.push(record);
    }
    records
}

/// The name of an environment variable whose value is a credential written out.
fn secret(variable: &Node) -> Option<&str> {
    let name = variable.get("Name").and_then(Node::as_text)?;
    judge_node(name, variable.get("Value")?).map(|_| name)
}

fn repository(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &REPOSITORY);
    let kind = reader.text("EncryptionConfiguration.EncryptionType");
    let manager = match &kind.value {
        Ok(Some(kind)) if kind.starts_with("KMS") => {
            keys::manager(reader.find("EncryptionConfiguration.KmsKey"), "aws")
        }
        Ok(_) => Read { value: Ok("provider"), span: kind.span },
        Err(reason) => Read::unknown(reason.clone(), kind.span),
    };
    entity.put("encryption.manager", manager);
    entity.put("public", policy::lets_in_anyone(reader.find("RepositoryPolicyText")));
    vec![Record::new(reader, entity)]
}

/// The rules, and each region that they copy to.
fn replication(reader: &Reader<'_>) -> Vec<Record> {
    let mut records = vec![Record::new(reader, declared::entity(reader, &REPLICATION))];
    let rules = reader.resource.property("ReplicationConfiguration.Rules").map(Node::items_or_self);
    for rule in rules.unwrap_or_default() {
        let filters = rule.get("RepositoryFilters").map(Node::items_or_self).unwrap_or_default();
        let filters: Vec<String> = filters.iter().filter_map(|one| one.get("Filter")).map(Node::to_string).collect();
        for destination in rule.get("Destinations").map(Node::items_or_self).unwrap_or_default() {
            let entity = Entity::new(&COPY, reader.resource.name.clone());
            let mut record = Record::new(reader, declared::fill(entity, &COPY, destination));
            let told = |key| super::reader::text(find(destination, key)).value.ok().flatten().unwrap_or_default();
            record.detail = format!("{} {} {}", told("Region"), told("RegistryId"), filters.join(","));
            record.span = destination.span;
            records.push(record);
        }
    }
    records
}
