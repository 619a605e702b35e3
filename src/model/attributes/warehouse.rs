//! Warehouses and queries: Redshift, Redshift Serverless, Athena, Glue.

use super::reader::{Found, Reader, find, flag};
use super::{Record, ResourceType, declared, keys};
use crate::model::entity::{DEPENDS, Origin, Read, Test, bool, read, string};
use crate::model::{EntityType, Verb};
use crate::syntax::{Node, Unknown, UnknownKind};

/// The types of this file.
pub(super) const TYPES: &[ResourceType] = &[
    ResourceType::read_by(&[&CLUSTER], cluster),
    ResourceType::declared(&[&PARAMETERS]),
    ResourceType::declared(&[&NAMESPACE]),
    ResourceType::declared(&[&WORKGROUP]),
    ResourceType::read_by(&[&QUERIES], queries),
    ResourceType::declared(&[&CATALOG]),
    ResourceType::declared(&[&JOB]),
    ResourceType::declared(&[&SECURITY]),
    ResourceType::declared(&[&SETTINGS]),
];

/// Where a parameter group says whether TLS is required.
const REQUIRE_SSL: Origin = Origin::Check("Parameters[ParameterName=require_ssl].ParameterValue", Test::Stated);

const CLUSTER: EntityType = EntityType {
    name: "AWS::Redshift::Cluster",
    verb: Verb::Deploy,
    about: "A cluster of Redshift (defaults: Amazon Redshift API Reference, CreateCluster, and AWS CloudFormation \
            Template Reference, AWS::Redshift::Cluster, 2026-12).",
    attributes: &[
        string(
            "encryption.manager",
            "`none`, `provider` (a key of AWS, in the account or not; the default), `aws` or `customer`.",
        ),
        read(
            "public",
            Origin::Check("PubliclyAccessible", Test::On(false)),
            "Whether it has a public address; not by default.",
        ),
        bool(
            "tls.required",
            "Whether its parameter group, where the project has it, turns away connections without TLS.",
        ),
        read(
            "vpcRouting",
            Origin::Check("EnhancedVpcRouting", Test::On(false)),
            "Whether what it copies stays in its network; not by default.",
        ),
        read(
            "logging.enabled",
            Origin::Check("LoggingProperties", Test::Given),
            "Whether its audit log goes anywhere.",
        ),
        read("backups.days", Origin::Number("AutomatedSnapshotRetentionPeriod", 1), "1 by default."),
        read(
            "backups.region",
            Origin::Word("DestinationRegion", ""),
            "The region that its snapshots are copied to; none by default.",
        ),
        read("multiAz", Origin::Check("MultiAZ", Test::On(false)), "Whether it spans zones; not by default."),
        read("upgrades.automatic", Origin::Check("AllowVersionUpgrade", Test::On(true)), "On by default."),
        read(
            "password.managed",
            Origin::Check("ManageMasterPassword", Test::On(false)),
            "Whether Secrets Manager holds the password of the master user; not by default.",
        ),
        read(
            "password.written",
            Origin::Check("MasterUserPassword", Test::Written),
            "Whether the password of the master user is written out.",
        ),
        read("user", Origin::Word("MasterUsername", DEPENDS), "The name of the master user."),
        read("database", Origin::Word("DBName", "dev"), "The name of the first database; `dev` by default."),
        read("port", Origin::Number("Port", 5439), "5439 by default."),
    ],
};

const PARAMETERS: EntityType = EntityType {
    name: "AWS::Redshift::ClusterParameterGroup",
    verb: Verb::Deploy,
    about: "Parameters of a cluster of Redshift.",
    attributes: &[
        read("tls.required", REQUIRE_SSL, "Whether connections without TLS are turned away."),
        read(
            "activityLogged",
            Origin::Check("Parameters[ParameterName=enable_user_activity_logging].ParameterValue", Test::Stated),
            "Whether statements of users are logged.",
        ),
    ],
};

const NAMESPACE: EntityType = EntityType {
    name: "AWS::RedshiftServerless::Namespace",
    verb: Verb::Deploy,
    about: "The data of Redshift Serverless (Amazon Redshift Serverless API Reference, CreateNamespace, 2026-12).",
    attributes: &[
        read(
            "encryption.manager",
            Origin::Key("KmsKeyId", "provider"),
            "`provider` (a key of AWS, in the account or not; where none is given), `aws` or `customer`.",
        ),
        read("logs", Origin::Words("LogExports"), "The logs that it exports; none where nothing is written."),
        read(
            "password.managed",
            Origin::Check("ManageAdminPassword", Test::On(false)),
            "Whether Secrets Manager holds the password of the admin; not by default.",
        ),
        read(
            "password.written",
            Origin::Check("AdminUserPassword", Test::Written),
            "Whether the password of the admin is written out.",
        ),
        read("user", Origin::Word("AdminUsername", DEPENDS), "The name of the admin."),
        read(
            "backups.regions",
            Origin::Each("SnapshotCopyConfigurations", "DestinationRegion"),
            "The regions that its snapshots are copied to.",
        ),
    ],
};

const WORKGROUP: EntityType = EntityType {
    name: "AWS::RedshiftServerless::Workgroup",
    verb: Verb::Deploy,
    about: "The compute of Redshift Serverless (defaults: AWS CloudFormation Template Reference, \
            AWS::RedshiftServerless::Workgroup, 2026-12).",
    attributes: &[
        read("public", Origin::Check("PubliclyAccessible", Test::On(false)), "Not by default."),
        read(
            "vpcRouting",
            Origin::Check("EnhancedVpcRouting", Test::On(false)),
            "Whether what it copies stays in its network; not by default.",
        ),
        read(
            "tls.required",
            Origin::Check("ConfigParameters[ParameterKey=require_ssl].ParameterValue", Test::Stated),
            "Whether connections without TLS are turned away.",
        ),
        read("port", Origin::Number("Port", 5439), "5439 by default."),
    ],
};

const QUERIES: EntityType = EntityType {
    name: "AWS::Athena::WorkGroup",
    verb: Verb::Deploy,
    about: "A workgroup of Athena (AWS CloudFormation Template Reference, AWS::Athena::WorkGroup, and Terraform AWS \
            provider, athena_workgroup, 2026-12).",
    attributes: &[
        string(
            "encryption.manager",
            "Of results: `bucket` (as their bucket says, where nothing is written), `provider`, `aws` or `customer`.",
        ),
        read(
            "enforced",
            Origin::Check("WorkGroupConfiguration.EnforceWorkGroupConfiguration", Test::Stated),
            "Whether clients may not choose otherwise; in Terraform so where its configuration is written.",
        ),
        read(
            "logging.metrics",
            Origin::Check("WorkGroupConfiguration.PublishCloudWatchMetricsEnabled", Test::Stated),
            "Whether it has metrics; in Terraform so where its configuration is written.",
        ),
        read(
            "results.managed",
            Origin::Check("WorkGroupConfiguration.ManagedQueryResultsConfiguration.Enabled", Test::On(false)),
            "Whether Athena keeps the results; not by default.",
        ),
        read(
            "results.location",
            Origin::Word("WorkGroupConfiguration.ResultConfiguration.OutputLocation", ""),
            "Where.",
        ),
    ],
};

const CATALOG: EntityType = EntityType {
    name: "AWS::Glue::Database",
    verb: Verb::Deploy,
    about: "A database of the data catalogue.",
    attributes: &[
        read(
            "access.everyone",
            Origin::Any(
                "DatabaseInput.CreateTableDefaultPermissions",
                "Principal.DataLakePrincipalIdentifier",
                Test::Is("IAM_ALLOWED_PRINCIPALS", false),
            ),
            "Whether everyone with rights in IAM may use its new tables.",
        ),
        read(
            "linked",
            Origin::Check("DatabaseInput.TargetDatabase.DatabaseName", Test::Given),
            "Whether it stands for a database elsewhere.",
        ),
        read("linked.region", Origin::Word("DatabaseInput.TargetDatabase.Region", ""), "The region of that one."),
    ],
};

const JOB: EntityType = EntityType {
    name: "AWS::Glue::Job",
    verb: Verb::Deploy,
    about: "A job of Glue (AWS CloudFormation Template Reference, AWS::Glue::Job, 2026-12).",
    attributes: &[
        read(
            "encryption.given",
            Origin::Check("SecurityConfiguration", Test::Given),
            "Whether a security configuration says how its logs, bookmarks and results are encrypted.",
        ),
        read("version", Origin::Word("GlueVersion", DEPENDS), "The version of Glue."),
        read(
            "logging.continuous",
            Origin::Check("DefaultArguments.--enable-continuous-cloudwatch-log", Test::Stated),
            "Whether its logs go to CloudWatch while it runs.",
        ),
        read("timeout.minutes", Origin::Number("Timeout", 2880), "2880 by default."),
    ],
};

const SECURITY: EntityType = EntityType {
    name: "AWS::Glue::SecurityConfiguration",
    verb: Verb::Deploy,
    about: "How jobs, crawlers and endpoints of Glue encrypt (defaults: Terraform AWS provider, \
            glue_security_configuration, 2026-12).",
    attributes: &[
        read(
            "logs",
            Origin::Word("EncryptionConfiguration.CloudWatchEncryption.CloudWatchEncryptionMode", "DISABLED"),
            "`DISABLED` (the default) or `SSE-KMS`.",
        ),
        read(
            "bookmarks",
            Origin::Word("EncryptionConfiguration.JobBookmarksEncryption.JobBookmarksEncryptionMode", "DISABLED"),
            "`DISABLED` (the default) or `CSE-KMS`.",
        ),
        read(
            "results",
            Origin::Word("EncryptionConfiguration.S3Encryptions.0.S3EncryptionMode", "DISABLED"),
            "`DISABLED` (the default), `SSE-S3` or `SSE-KMS`.",
        ),
    ],
};

const SETTINGS: EntityType = EntityType {
    name: "AWS::Glue::DataCatalogEncryptionSettings",
    verb: Verb::Deploy,
    about: "How the data catalogue is encrypted (AWS publishes no default).",
    attributes: &[
        read(
            "catalog",
            Origin::Word("DataCatalogEncryptionSettings.EncryptionAtRest.CatalogEncryptionMode", DEPENDS),
            "`DISABLED`, `SSE-KMS` or `SSE-KMS-WITH-SERVICE-ROLE`.",
        ),
        read(
            "passwords",
            Origin::Check(
                "DataCatalogEncryptionSettings.ConnectionPasswordEncryption.ReturnConnectionPasswordEncrypted",
                Test::Stated,
            ),
            "Whether passwords of connections are encrypted.",
        ),
    ],
};

fn cluster(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &CLUSTER);
    let encrypted = flag(reader.find("Encrypted"), true);
    let manager = match encrypted.value {
        Ok(true) => {
            let key = keys::manager(reader.find("KmsKeyId"), "provider");
            Read { span: key.span.or(encrypted.span), value: key.value }
        }
        Ok(false) => encrypted.map(|_| "none"),
        Err(reason) => Read::unknown(reason, encrypted.span),
    };
    entity.put("encryption.manager", manager);
    entity.put("tls.required", tls_required(reader));
    vec![Record::new(reader, entity)]
}

fn tls_required(reader: &Reader<'_>) -> Read<bool> {
    let node = match reader.find("ClusterParameterGroupName") {
        Found::Absent => return Read::unknown(declared::depends(), None),
        Found::Unknown(reason, span) => return Read::unknown(reason, span),
        Found::Written(node) => node,
    };
    match reader.project.named_of(node, |kind| kind == PARAMETERS.name) {
        Some(group) => declared::truth(&group.properties, REQUIRE_SSL),
        None => {
            Read::unknown(Unknown::new(UnknownKind::Other, format!("{node} is not in the project")), Some(node.span))
        }
    }
}

fn queries(reader: &Reader<'_>) -> Vec<Record> {
    const RESULTS: &str = "WorkGroupConfiguration.ResultConfiguration.EncryptionConfiguration";
    let mut entity = declared::entity(reader, &QUERIES);
    let option = reader.text(&format!("{RESULTS}.EncryptionOption"));
    let manager = match &option.value {
        Ok(None) => Read::default("bucket"),
        Ok(Some(word)) if &**word == "SSE_S3" => option.map(|_| "provider"),
        Ok(Some(_)) => {
            let path = format!("{RESULTS}.KmsKey");
            let properties: &Node = &reader.resource.properties;
            let key = keys::manager(find(properties, &path), "aws");
            Read { span: key.span.or(option.span), value: key.value }
        }
        Err(reason) => Read::unknown(reason.clone(), option.span),
    };
    entity.put("encryption.manager", manager);
    vec![Record::new(reader, entity)]
}
