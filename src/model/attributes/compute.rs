//! Machines and what runs on them: EC2 instances and volumes, Batch jobs, App Runner, SageMaker.

use super::reader::{Found, Reader, find};
use super::{Record, ResourceType, declared};
use crate::model::entity::{DEPENDS, DEPENDS_NUMBER, Declared, Origin, Read, Test, bool, read};
use crate::model::{Entity, EntityType, Verb};
use crate::syntax::Node;

/// The types of this file.
pub(super) const TYPES: &[ResourceType] = &[
    ResourceType::read_by(&[&INSTANCE], instance),
    ResourceType::read_by(&[&TEMPLATE], template),
    ResourceType::declared(&[&VOLUME]),
    ResourceType::declared(&[&SNAPSHOTS]),
    ResourceType::declared(&[&JOB]),
    ResourceType::declared(&[&SERVICE]),
    ResourceType::declared(&[&NOTEBOOK]),
    ResourceType::declared(&[&ENDPOINT]),
];

const PUBLIC: Declared = bool(
    "publicAddress",
    "Whether it has a public address; where nothing is said, the subnet decides, which is not known.",
);
const ENCRYPTED: Declared = bool(
    "volumes.encrypted",
    "Whether all volumes that are written are encrypted; where nothing is said, the account's setting decides.",
);

const INSTANCE: EntityType = EntityType {
    name: "AWS::EC2::Instance",
    verb: Verb::Deploy,
    about: "A machine (defaults: AWS CloudFormation Template Reference, AWS::EC2::Instance, 2026-12).",
    attributes: &[
        read(
            "metadata.tokens",
            Origin::Word("MetadataOptions.HttpTokens", DEPENDS),
            "`required` or `optional`; the default depends on the image and the account.",
        ),
        read(
            "metadata.enabled",
            Origin::Check("MetadataOptions.HttpEndpoint", Test::Is("enabled", true)),
            "On by default.",
        ),
        read(
            "metadata.hops",
            Origin::Number("MetadataOptions.HttpPutResponseHopLimit", DEPENDS_NUMBER),
            "How far an answer goes; the default depends on the image.",
        ),
        PUBLIC,
        ENCRYPTED,
        read("monitoring", Origin::Check("Monitoring", Test::On(false)), "In detail; off by default."),
        read("deletionProtection", Origin::Check("DisableApiTermination", Test::On(false)), "Off by default."),
        read("ebsOptimized", Origin::Check("EbsOptimized", Test::On(false)), "Off by default."),
        read("profile.given", Origin::Check("IamInstanceProfile", Test::Given), "Whether it has a role."),
        read("key.given", Origin::Check("KeyName", Test::Given), "Whether one may sign in with a key pair."),
    ],
};

const TEMPLATE: EntityType = EntityType {
    name: "AWS::EC2::LaunchTemplate",
    verb: Verb::Deploy,
    about: "A template of machines (defaults: AWS CloudFormation Template Reference, AWS::EC2::LaunchTemplate, \
            2026-12).",
    attributes: &[
        read(
            "metadata.tokens",
            Origin::Word("LaunchTemplateData.MetadataOptions.HttpTokens", DEPENDS),
            "`required` or `optional`; the default depends on the image and the account.",
        ),
        read(
            "metadata.enabled",
            Origin::Check("LaunchTemplateData.MetadataOptions.HttpEndpoint", Test::Is("enabled", true)),
            "On by default.",
        ),
        read(
            "metadata.hops",
            Origin::Number("LaunchTemplateData.MetadataOptions.HttpPutResponseHopLimit", DEPENDS_NUMBER),
            "How far an answer goes; the default depends on the image.",
        ),
        PUBLIC,
        ENCRYPTED,
        read("monitoring", Origin::Check("LaunchTemplateData.Monitoring.Enabled", Test::On(false)), "Off by default."),
        read(
            "profile.given",
            Origin::Check("LaunchTemplateData.IamInstanceProfile", Test::Given),
            "Whether its machines have a role.",
        ),
    ],
};

const VOLUME: EntityType = EntityType {
    name: "AWS::EC2::Volume",
    verb: Verb::Deploy,
    about: "A volume.",
    attributes: &[
        read(
            "encrypted",
            Origin::Check("Encrypted", Test::Stated),
            "Where nothing is said, the account's setting or the snapshot decides.",
        ),
        read("key.given", Origin::Check("KmsKeyId", Test::Given), "Whether it names a key."),
        read("snapshot.given", Origin::Check("SnapshotId", Test::Given), "Whether it is made of a snapshot."),
        read("kind", Origin::Word("VolumeType", DEPENDS), "`gp3` …; the default is not published."),
    ],
};

const SNAPSHOTS: EntityType = EntityType {
    name: "AWS::EC2::SnapshotBlockPublicAccess",
    verb: Verb::Deploy,
    about: "Whether snapshots may be made public in a region.",
    attributes: &[read("state", Origin::Word("State", ""), "`block-all-sharing` or `block-new-sharing`.")],
};

const JOB: EntityType = EntityType {
    name: "AWS::Batch::JobDefinition",
    verb: Verb::Deploy,
    about: "A job of Batch (defaults: AWS CloudFormation Template Reference, AWS::Batch::JobDefinition, 2026-12).",
    attributes: &[
        read("privileged", Origin::Check("ContainerProperties.Privileged", Test::On(false)), "Not by default."),
        read(
            "root.readOnly",
            Origin::Check("ContainerProperties.ReadonlyRootFilesystem", Test::Stated),
            "The default is not published.",
        ),
        read("user.given", Origin::Check("ContainerProperties.User", Test::Given), "Whether it names a user."),
        read("role.given", Origin::Check("ContainerProperties.JobRoleArn", Test::Given), "Whether it has a role."),
        read("timeout.given", Origin::Check("Timeout.AttemptDurationSeconds", Test::Given), "Whether it ends in time."),
        read("platforms", Origin::Words("PlatformCapabilities"), "`EC2`, `FARGATE`; none is EC2."),
    ],
};

const SERVICE: EntityType = EntityType {
    name: "AWS::AppRunner::Service",
    verb: Verb::Deploy,
    about: "A service of App Runner.",
    attributes: &[
        read(
            "public",
            Origin::Check("NetworkConfiguration.IngressConfiguration.IsPubliclyAccessible", Test::On(true)),
            "Public by default (AWS App Runner Developer Guide, \"Setting up network configuration for incoming \
             traffic\", 2026-12).",
        ),
        read(
            "network",
            Origin::Check("NetworkConfiguration.EgressConfiguration.EgressType", Test::Is("VPC", false)),
            "Whether what it sends goes through a network of one's own.",
        ),
        read(
            "encryption.manager",
            Origin::Key("EncryptionConfiguration.KmsKey", "aws"),
            "`aws` by default (AWS App Runner API Reference, CreateService, 2026-12), or `customer`.",
        ),
        read(
            "tracing.enabled",
            Origin::Check("ObservabilityConfiguration.ObservabilityEnabled", Test::On(false)),
            "Whether it has a configuration of observability; not where none is written.",
        ),
        read(
            "deployments.automatic",
            Origin::Check("SourceConfiguration.AutoDeploymentsEnabled", Test::Stated),
            "Where nothing is said, where its image lies decides.",
        ),
        read(
            "role.given",
            Origin::Check("InstanceConfiguration.InstanceRoleArn", Test::Given),
            "Whether it has a role.",
        ),
    ],
};

const NOTEBOOK: EntityType = EntityType {
    name: "AWS::SageMaker::NotebookInstance",
    verb: Verb::Deploy,
    about: "A notebook (defaults: AWS CloudFormation Template Reference, AWS::SageMaker::NotebookInstance, 2026-12).",
    attributes: &[
        read(
            "internet",
            Origin::Check("DirectInternetAccess", Test::Is("Enabled", true)),
            "Whether it reaches the internet by itself; by default (Amazon SageMaker AI Developer Guide, \"Notebook \
             Instances Are Internet-Enabled by Default\", 2026-12).",
        ),
        read("root", Origin::Check("RootAccess", Test::Is("Enabled", true)), "Whether users are root; by default."),
        read("key.given", Origin::Check("KmsKeyId", Test::Given), "Whether its volume has a key of one's own."),
        read("network.given", Origin::Check("SubnetId", Test::Given), "Whether it is in a network of one's own."),
        read(
            "metadata.version",
            Origin::Word("InstanceMetadataServiceConfiguration.MinimumInstanceMetadataServiceVersion", "1"),
            "The lowest version of the metadata service, `1` (the default) or `2`.",
        ),
    ],
};

const ENDPOINT: EntityType = EntityType {
    name: "AWS::SageMaker::EndpointConfig",
    verb: Verb::Deploy,
    about: "How a model is served.",
    attributes: &[
        read("key.given", Origin::Check("KmsKeyId", Test::Given), "Whether its volumes have a key of one's own."),
        read(
            "isolated",
            Origin::Check("EnableNetworkIsolation", Test::Stated),
            "Whether its containers reach no network; the default is not published.",
        ),
        read(
            "capture.given",
            Origin::Check("DataCaptureConfig.DestinationS3Uri", Test::Given),
            "Whether what is asked and answered is kept.",
        ),
        read("capture.key", Origin::Check("DataCaptureConfig.KmsKeyId", Test::Given), "With a key of one's own."),
        read("variants", Origin::Count("ProductionVariants"), "Number of models behind it."),
    ],
};

fn instance(reader: &Reader<'_>) -> Vec<Record> {
    machine(reader, declared::entity(reader, &INSTANCE), &reader.resource.properties)
}

fn template(reader: &Reader<'_>) -> Vec<Record> {
    let empty = Node::map::<&str>([], reader.resource.span);
    let data = reader.resource.property("LaunchTemplateData").unwrap_or(&empty);
    machine(reader, declared::entity(reader, &TEMPLATE), data)
}

fn machine(reader: &Reader<'_>, mut entity: Entity, from: &Node) -> Vec<Record> {
    entity.put("publicAddress", each(from, "NetworkInterfaces", "AssociatePublicIpAddress", true));
    entity.put("volumes.encrypted", each(from, "BlockDeviceMappings", "Ebs.Encrypted", false));
    vec![Record::new(reader, entity)]
}

/// Whether something holds of any item of a list (`wanted`), or of all of them; not known where there is no item, or one
/// does not say it.
fn each(from: &Node, list: &str, path: &str, wanted: bool) -> Read<bool> {
    let items = match find(from, list) {
        Found::Absent => return Read::unknown(declared::depends(), None),
        Found::Unknown(reason, span) => return Read::unknown(reason, span),
        Found::Written(node) => node,
    };
    let mut read = Read { value: Err(declared::depends()), span: Some(items.span) };
    let mut open = false;
    for item in items.items_or_self() {
        match declared::stated(find(item, path)) {
            Read { value: Ok(value), span } if value == wanted => return Read { value: Ok(value), span },
            Read { value: Ok(value), span } if !open => read = Read { value: Ok(value), span },
            Read { value: Ok(_), .. } => {}
            unknown => (read, open) = (unknown, true),
        }
    }
    read
}
