//! Systems Manager and CloudFormation: parameters, documents, maintenance windows, stacks.

use super::reader::{Found, Reader};
use super::{Record, ResourceType, declared, keys};
use crate::model::entity::{DEPENDS, DEPENDS_NUMBER, Origin, Read, Test, bool, read, string};
use crate::model::{EntityType, Verb, judge_node};

/// The types of this file.
pub(super) const TYPES: &[ResourceType] = &[
    ResourceType::read_by(&[&PARAMETER], parameter),
    ResourceType::read_by(&[&DOCUMENT], document),
    ResourceType::declared(&[&WINDOW]),
    ResourceType::read_by(&[&SYNC], sync),
    ResourceType::declared(&[&STACK]),
    ResourceType::declared(&[&STACK_SET]),
];

const PARAMETER: EntityType = EntityType {
    name: "AWS::SSM::Parameter",
    verb: Verb::Deploy,
    about: "A parameter; CloudFormation makes no `SecureString` (AWS CloudFormation Template Reference, \
            AWS::SSM::Parameter, 2026-12).",
    attributes: &[
        read("kind", Origin::Word("Type", ""), "`String`, `StringList` or `SecureString`."),
        read("tier", Origin::Word("Tier", DEPENDS), "`Standard` …; the default depends on the account's setting."),
        string(
            "encryption.manager",
            "`none` but of a `SecureString`, where `aws` is the default (AWS Systems Manager API Reference, \
             PutParameter, 2026-12), or `customer`.",
        ),
        read("value.written", Origin::Check("Value", Test::Written), "Whether its value is written out."),
        bool("secret", "Whether that is a credential."),
        read("limited", Origin::Check("AllowedPattern", Test::Given), "Whether values are limited by a pattern."),
    ],
};

const DOCUMENT: EntityType = EntityType {
    name: "AWS::SSM::Document",
    verb: Verb::Deploy,
    about: "A document (defaults: AWS CloudFormation Template Reference, AWS::SSM::Document, 2026-12).",
    attributes: &[
        read("kind", Origin::Word("DocumentType", DEPENDS), "`Command`, `Session` …; the default is not published."),
        read("format", Origin::Word("DocumentFormat", "JSON"), "`JSON` (the default), `YAML` or `TEXT`."),
        bool("public", "Whether everyone may use it; CloudFormation cannot share it."),
        read(
            "session.key",
            Origin::Check("Content.inputs.kmsKeyId", Test::Given),
            "Whether sessions are encrypted with a key of one's own.",
        ),
        read(
            "session.logged",
            Origin::Any("Content.inputs", "s3BucketName", Test::Given),
            "Whether what is done in sessions is kept in a bucket.",
        ),
    ],
};

const WINDOW: EntityType = EntityType {
    name: "AWS::SSM::MaintenanceWindow",
    verb: Verb::Deploy,
    about: "A maintenance window.",
    attributes: &[
        read(
            "unassociatedTargets",
            Origin::Check("AllowUnassociatedTargets", Test::Stated),
            "Whether tasks may run on machines that are not registered with it; it has to be said.",
        ),
        read("hours", Origin::Number("Duration", DEPENDS_NUMBER), "How long it is; it has to be said."),
        read("cutoffHours", Origin::Number("Cutoff", DEPENDS_NUMBER), "How long before its end no task begins."),
    ],
};

const SYNC: EntityType = EntityType {
    name: "AWS::SSM::ResourceDataSync",
    verb: Verb::Deploy,
    about: "What copies an inventory to a bucket.",
    attributes: &[
        string("encryption.manager", "`customer` or `aws` where it names a key; `none` leaves it to the bucket."),
        string("bucket.region", "The bucket's region; empty where it copies from other accounts."),
    ],
};

const STACK: EntityType = EntityType {
    name: "AWS::CloudFormation::Stack",
    verb: Verb::Deploy,
    about: "A nested stack.",
    attributes: &[
        read("notified", Origin::Count("NotificationARNs"), "Number of topics that its events are told to."),
        read(
            "template.plain",
            Origin::Check("TemplateURL", Test::Begins("http://")),
            "Whether its template is fetched over plain HTTP.",
        ),
    ],
};

const STACK_SET: EntityType = EntityType {
    name: "AWS::CloudFormation::StackSet",
    verb: Verb::Deploy,
    about: "A stack in several accounts and regions.",
    attributes: &[
        read(
            "permissions",
            Origin::Word("PermissionModel", ""),
            "`SERVICE_MANAGED` or `SELF_MANAGED` (the default in Terraform).",
        ),
        read(
            "automatic",
            Origin::Check("AutoDeployment.Enabled", Test::On(false)),
            "Whether new accounts get it; not where nothing is said.",
        ),
        read("capabilities", Origin::Words("Capabilities"), "`CAPABILITY_NAMED_IAM` where it may make roles."),
        read(
            "concurrent",
            Origin::Check("ManagedExecution.Active", Test::On(false)),
            "Off by default (AWS CloudFormation Template Reference, AWS::CloudFormation::StackSet, 2026-12).",
        ),
    ],
};

fn parameter(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &PARAMETER);
    let secure = reader.text("Type").map(|kind| kind.as_deref() == Some("SecureString"));
    let manager = match secure.value {
        Ok(true) => keys::manager(reader.find("__KeyId"), "aws"),
        Ok(false) => Read::default("none"),
        Err(reason) => Read::unknown(reason, secure.span),
    };
    entity.put("encryption.manager", manager);
    let name = reader.text("Name").value.ok().flatten().unwrap_or_else(|| reader.resource.name.clone());
    // The last part of a path says what it is.
    let name = name.rsplit('/').next().unwrap_or_default();
    let secret = match reader.find("Value") {
        Found::Written(node) => Read::at(judge_node(name, node).is_some(), node.span),
        // What is not written out is no credential that is.
        _ => Read::default(false),
    };
    entity.put("secret", secret);
    vec![Record::new(reader, entity)]
}

/// A document, and whom Terraform shares it with.
fn document(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &DOCUMENT);
    let accounts = reader.text("__Permissions.0.AccountIds");
    entity.put("public", accounts.map(|accounts| accounts.is_some_and(|one| one.eq_ignore_ascii_case("All"))));
    vec![Record::new(reader, entity)]
}

/// A sync, whose bucket may be said in two ways.
fn sync(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &SYNC);
    let holder = if reader.resource.property("S3Destination").is_some() { "S3Destination." } else { "" };
    entity.put("encryption.manager", keys::manager(reader.find(&format!("{holder}KMSKeyArn")), "none"));
    let region = reader.text(&format!("{holder}BucketRegion")).map(Option::unwrap_or_default);
    entity.put("bucket.region", region);
    vec![Record::new(reader, entity)]
}
