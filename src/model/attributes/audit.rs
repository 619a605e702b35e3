//! What watches an account: CloudTrail, Config, GuardDuty, Security Hub, Macie and Access Analyzer.

use super::reader::{Found, Reader, find, flag, given, text};
use super::{Record, ResourceType, declared, policy};
use crate::model::entity::{AttributeKind, DEPENDS, DEPENDS_NUMBER, Declared, Origin, Read, Test, bool, long, read};
use crate::model::{EntityType, Known, Verb};
use crate::syntax::{Node, Unknown};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The types of this file.
pub(super) const TYPES: &[ResourceType] = &[
    ResourceType::read_by(&[&TRAIL], trail),
    ResourceType::read_by(&[&STORE], store),
    ResourceType::read_by(&[&RECORDER], recorder),
    ResourceType::declared(&[&CHANNEL]),
    ResourceType::declared(&[&CHECK]),
    ResourceType::read_by(&[&AGGREGATOR], aggregator),
    ResourceType::read_by(&[&DETECTOR], detector),
    ResourceType::declared(&[&HUB]),
    ResourceType::declared(&[&MACIE]),
    ResourceType::declared(&[&ANALYZER]),
];

const TRAIL: EntityType = EntityType {
    name: "AWS::CloudTrail::Trail",
    verb: Verb::Deploy,
    about: "A trail (defaults: AWS CloudFormation Template Reference, AWS::CloudTrail::Trail, 2026-12).",
    attributes: &[
        read("multiRegion", Origin::Check("IsMultiRegionTrail", Test::On(false)), "Off by default."),
        read("validation.enabled", Origin::Check("EnableLogFileValidation", Test::On(false)), "Off by default."),
        read("organization", Origin::Check("IsOrganizationTrail", Test::On(false)), "Off by default."),
        read("logging.enabled", Origin::Check("IsLogging", Test::Stated), "Whether it is on; it has to be said."),
        read(
            "events.global",
            Origin::Check("IncludeGlobalServiceEvents", Test::Stated),
            "Whether it has the events of global services; the default is not published, on in Terraform.",
        ),
        bool("events.management", "Whether all reading and writing management events are logged; by default they are."),
        bool("events.data", "Whether any data events are logged; none are by default."),
        Declared {
            path: "events.dataTypes",
            kind: AttributeKind::Strings,
            about: "Of what types of resources, `AWS::S3::Object`, `AWS::Lambda::Function` …",
            from: None,
        },
        read("insights", Origin::Count("InsightSelectors"), "Number of kinds of insights that it has."),
        read(
            "encryption.manager",
            Origin::Key("KMSKeyId", "provider"),
            "`provider` (a key of S3, the default: AWS CloudTrail User Guide, \"Encrypting CloudTrail log files\", 2026-12), \
             `aws` or `customer`.",
        ),
        read(
            "logGroup.given",
            Origin::Check("CloudWatchLogsLogGroupArn", Test::Given),
            "Whether its events go to a log group.",
        ),
        read("topic.given", Origin::Check("SnsTopicName", Test::Given), "Whether deliveries are told to a topic."),
    ],
};

const STORE: EntityType = EntityType {
    name: "AWS::CloudTrail::EventDataStore",
    verb: Verb::Deploy,
    about: "A store of CloudTrail Lake (defaults: AWS CloudFormation Template Reference, 2026-12).",
    attributes: &[
        read(
            "multiRegion",
            Origin::Check("MultiRegionEnabled", Test::Stated),
            "The default is not published, on in Terraform.",
        ),
        read(
            "organization",
            Origin::Check("OrganizationEnabled", Test::Stated),
            "The default is not published, off in Terraform.",
        ),
        read(
            "deletionProtection",
            Origin::Check("TerminationProtectionEnabled", Test::Stated),
            "The default is not published, on in Terraform.",
        ),
        read("ingestion.enabled", Origin::Check("IngestionEnabled", Test::On(true)), "On by default."),
        read("federation.enabled", Origin::Check("FederationEnabled", Test::On(false)), "Off by default."),
        long("retention.days", "366 by default, 2557 with fixed pricing, 2555 in Terraform."),
        read(
            "encryption.manager",
            Origin::Key("KmsKeyId", "none"),
            "`customer` or `aws` where it names a key; `none` leaves it to CloudTrail.",
        ),
    ],
};

const RECORDER: EntityType = EntityType {
    name: "AWS::Config::ConfigurationRecorder",
    verb: Verb::Deploy,
    about: "What records the configuration of resources (defaults: AWS CloudFormation Template Reference, \
            AWS::Config::ConfigurationRecorder, 2026-12).",
    attributes: &[
        read(
            "recording",
            Origin::Check("StartedOnCreate", Test::On(true)),
            "Whether it is on; by default, and in Terraform only where its status is a resource.",
        ),
        bool("allTypes", "Whether all types of resources are recorded; by default they are."),
        read(
            "globalTypes",
            Origin::Check("RecordingGroup.IncludeGlobalResourceTypes", Test::On(false)),
            "Whether those of IAM are, too; not by default.",
        ),
        read(
            "frequency",
            Origin::Word("RecordingMode.RecordingFrequency", DEPENDS),
            "`CONTINUOUS` or `DAILY`; the default is not published.",
        ),
    ],
};

const CHANNEL: EntityType = EntityType {
    name: "AWS::Config::DeliveryChannel",
    verb: Verb::Deploy,
    about: "Where Config delivers to.",
    attributes: &[
        read(
            "encryption.manager",
            Origin::Key("S3KmsKeyArn", "none"),
            "`customer` or `aws` where it names a key; `none` leaves it to the bucket.",
        ),
        read("topic.given", Origin::Check("SnsTopicARN", Test::Given), "Whether changes are told to a topic."),
        read(
            "frequency",
            Origin::Word("ConfigSnapshotDeliveryProperties.DeliveryFrequency", DEPENDS),
            "Of snapshots, `TwentyFour_Hours`; the default is not published.",
        ),
    ],
};

const CHECK: EntityType = EntityType {
    name: "AWS::Config::ConfigRule",
    verb: Verb::Deploy,
    about: "A rule of Config.",
    attributes: &[
        read("owner", Origin::Word("Source.Owner", ""), "`AWS`, `CUSTOM_LAMBDA` or `CUSTOM_POLICY`."),
        read(
            "identifier",
            Origin::Word("Source.SourceIdentifier", ""),
            "The managed rule, `ROOT_ACCOUNT_MFA_ENABLED`.",
        ),
        read("scope.given", Origin::Check("Scope", Test::Given), "Whether it is limited to some resources."),
    ],
};

const AGGREGATOR: EntityType = EntityType {
    name: "AWS::Config::ConfigurationAggregator",
    verb: Verb::Deploy,
    about: "What brings together the records of several accounts and regions.",
    attributes: &[
        read(
            "organization",
            Origin::Check("OrganizationAggregationSource", Test::Given),
            "Whether it is of the whole organization.",
        ),
        bool("allRegions", "Whether it is of all regions; the default is not published."),
    ],
};

const DETECTOR: EntityType = EntityType {
    name: "AWS::GuardDuty::Detector",
    verb: Verb::Deploy,
    about: "What detects threats (defaults: Amazon GuardDuty API Reference, CreateDetector, 2026-12): all but the \
            runtime's features are on where they are not named.",
    attributes: &[
        read("enabled", Origin::Check("Enable", Test::Stated), "Whether it is on; it has to be said."),
        read(
            "frequency",
            Origin::Word("FindingPublishingFrequency", DEPENDS),
            "Of updates, `SIX_HOURS`; the default is not published.",
        ),
        bool("features.buckets", "Events of S3 objects."),
        bool("features.kubernetes", "Audit logs of EKS."),
        bool("features.malware", "Malware on volumes."),
        read("features.functions", feature("Features[Name=LAMBDA_NETWORK_LOGS].Status", true), "Traffic of functions."),
        read("features.databases", feature("Features[Name=RDS_LOGIN_EVENTS].Status", true), "Sign-ins to databases."),
        read("features.runtime", feature("Features[Name=RUNTIME_MONITORING].Status", false), "Off by default."),
    ],
};

const HUB: EntityType = EntityType {
    name: "AWS::SecurityHub::Hub",
    verb: Verb::Deploy,
    about: "Security Hub (defaults: AWS CloudFormation Template Reference, AWS::SecurityHub::Hub, 2026-12).",
    attributes: &[
        read("standards.default", Origin::Check("EnableDefaultStandards", Test::On(true)), "On by default."),
        read("controls.automatic", Origin::Check("AutoEnableControls", Test::On(true)), "On by default."),
        read(
            "findings.generator",
            Origin::Word("ControlFindingGenerator", DEPENDS),
            "`SECURITY_CONTROL` or `STANDARD_CONTROL`; the default depends on the account.",
        ),
    ],
};

const MACIE: EntityType = EntityType {
    name: "AWS::Macie::Session",
    verb: Verb::Deploy,
    about: "Macie.",
    attributes: &[
        read(
            "enabled",
            Origin::Check("Status", Test::Is("ENABLED", true)),
            "On by default (AWS CloudFormation Template Reference, AWS::Macie::Session, 2026-12).",
        ),
        read(
            "frequency",
            Origin::Word("FindingPublishingFrequency", DEPENDS),
            "`SIX_HOURS` …; the default depends on how it is made.",
        ),
    ],
};

const ANALYZER: EntityType = EntityType {
    name: "AWS::AccessAnalyzer::Analyzer",
    verb: Verb::Deploy,
    about: "What finds access from outside, or rights that nobody uses.",
    attributes: &[
        read(
            "zone",
            Origin::Word("Type", ""),
            "`ACCOUNT` (the default in Terraform), `ORGANIZATION`, `ACCOUNT_UNUSED_ACCESS` …",
        ),
        read("archiveRules", Origin::Count("ArchiveRules"), "Number of rules that archive findings."),
        read(
            "unused.days",
            Origin::Number("AnalyzerConfiguration.UnusedAccessConfiguration.UnusedAccessAge", DEPENDS_NUMBER),
            "After how many days a right counts as unused; the default is not published.",
        ),
    ],
};

const fn feature(path: &'static str, default: bool) -> Origin {
    Origin::Check(path, Test::Is("ENABLED", default))
}

fn trail(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &TRAIL);
    let chosen = selectors(reader);
    let span = ["EventSelectors", "AdvancedEventSelectors"].iter().find_map(|name| reader.resource.property(name));
    let span = span.map(|node| node.span);
    let whole = chosen.clone().map(|selectors| selectors.is_empty() || selectors.iter().any(Selector::is_whole));
    entity.put("events.management", Read { value: whole, span });
    let types = chosen.map(|selectors| {
        let known = selectors.iter().flat_map(|one| one.types.iter().flatten().cloned()).collect::<BTreeSet<_>>();
        let unknown = selectors.into_iter().find_map(|one| one.types.err());
        (known, unknown)
    });
    let any = types.clone().and_then(|(known, unknown)| match unknown {
        Some(reason) if known.is_empty() => Err(reason),
        _ => Ok(!known.is_empty()),
    });
    entity.put("events.data", Read { value: any, span });
    let types = types.and_then(|(known, unknown)| unknown.map_or(Ok(known), Err));
    let types = types.map(|types| Known::Strings(types.into_iter().collect()));
    entity.put("events.dataTypes", Read { value: types, span });
    vec![Record::new(reader, entity)]
}

/// What one selector of events takes in.
#[derive(Debug, Clone)]
struct Selector {
    /// Whether management events are.
    management: bool,
    /// Whether only those that read, or only those that write.
    partial: bool,
    /// The types of resources whose data events are.
    types: Result<Vec<Arc<str>>, Unknown>,
}

impl Selector {
    /// Whether all management events are.
    fn is_whole(&self) -> bool {
        self.management && !self.partial
    }
}

type Selectors = Result<Vec<Selector>, Unknown>;

/// The selectors of a trail, of both kinds; not known where one of them is not.
fn selectors(reader: &Reader<'_>) -> Selectors {
    let items = |list: &str| match reader.find(list) {
        Found::Absent => Ok(Vec::new()),
        Found::Unknown(reason, _) => Err(reason),
        Found::Written(node) => Ok(node.items_or_self().to_vec()),
    };
    let basic = items("EventSelectors")?.iter().map(basic).collect::<Selectors>()?;
    let advanced = items("AdvancedEventSelectors")?.iter().map(advanced).collect::<Selectors>()?;
    Ok(basic.into_iter().chain(advanced).collect())
}

fn basic(from: &Node) -> Result<Selector, Unknown> {
    if let Found::Unknown(reason, _) = Found::of(from) {
        return Err(reason);
    }
    let management = flag(find(from, "IncludeManagementEvents"), true).value?;
    let kind = text(find(from, "ReadWriteType")).value?;
    let partial = kind.is_some_and(|kind| !kind.eq_ignore_ascii_case("All"))
        || given(find(from, "ExcludeManagementEventSources.0")).value?;
    let types = match find(from, "DataResources") {
        Found::Absent => Ok(Vec::new()),
        Found::Unknown(reason, _) => Err(reason),
        Found::Written(node) => node.items_or_self().iter().map(|resource| word(find(resource, "Type"))).collect(),
    };
    Ok(Selector { management, partial, types })
}

fn word(found: Found<'_>) -> Result<Arc<str>, Unknown> {
    text(found).value.map(Option::unwrap_or_default)
}

/// A selector by fields: `eventCategory`, `resources.type`, `readOnly` …
fn advanced(from: &Node) -> Result<Selector, Unknown> {
    let mut selector = Selector { management: false, partial: false, types: Ok(Vec::new()) };
    if let Found::Unknown(reason, _) = find(from, "FieldSelectors") {
        return Err(reason);
    }
    for field in from.get("FieldSelectors").map(Node::items_or_self).unwrap_or_default() {
        let values = field.get("Equals").map(Node::items_or_self).unwrap_or_default();
        let values: Result<Vec<_>, _> = values.iter().map(|value| word(Found::of(value))).collect();
        match &*word(find(field, "Field"))? {
            "eventCategory" => selector.management = values?.iter().any(|value| &**value == "Management"),
            "resources.type" => selector.types = values,
            _ => selector.partial = true,
        }
    }
    Ok(selector)
}

fn store(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &STORE);
    let fixed = reader.text("BillingMode").map(|mode| mode.as_deref() == Some("FIXED_RETENTION_PRICING"));
    let days = match fixed.value {
        Ok(fixed) => declared::number(reader.find("RetentionPeriod"), if fixed { 2557 } else { 366 }),
        Err(reason) if reader.resource.property("RetentionPeriod").is_none() => Read::unknown(reason, fixed.span),
        Err(_) => declared::number(reader.find("RetentionPeriod"), DEPENDS_NUMBER),
    };
    entity.put("retention.days", days);
    vec![Record::new(reader, entity)]
}

fn recorder(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &RECORDER);
    let some = ["RecordingGroup.ResourceTypes.0", "RecordingGroup.ExclusionByResourceTypes"];
    let some = policy::any(some.map(|path| reader.given(path)));
    let all = match (reader.find("RecordingGroup.AllSupported"), some.value) {
        (Found::Absent, Ok(some)) => Read { value: Ok(!some), span: some_span(some, reader) },
        (Found::Absent, Err(reason)) => Read::unknown(reason, None),
        (found, _) => flag(found, true),
    };
    entity.put("allTypes", all);
    vec![Record::new(reader, entity)]
}

fn some_span(some: bool, reader: &Reader<'_>) -> Option<crate::source::Span> {
    reader.resource.property("RecordingGroup").filter(|_| some).map(|group| group.span)
}

fn aggregator(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &AGGREGATOR);
    let organization = declared::stated(reader.find("OrganizationAggregationSource.AllAwsRegions"));
    let accounts = declared::stated(reader.find("AccountAggregationSources.0.AllAwsRegions"));
    let all = if organization.span.is_some() { organization } else { accounts };
    entity.put("allRegions", all);
    vec![Record::new(reader, entity)]
}

/// A detector, whose features may also be written as sources of data, the older form.
fn detector(reader: &Reader<'_>) -> Vec<Record> {
    const FEATURES: [(&str, &str, &str); 3] = [
        ("features.buckets", "S3_DATA_EVENTS", "S3Logs.Enable"),
        ("features.kubernetes", "EKS_AUDIT_LOGS", "Kubernetes.AuditLogs.Enable"),
        ("features.malware", "EBS_MALWARE_PROTECTION", "MalwareProtection.ScanEc2InstanceWithFindings.EbsVolumes"),
    ];
    let mut entity = declared::entity(reader, &DETECTOR);
    for (path, name, source) in FEATURES {
        let status = reader.text(&format!("Features[Name={name}].Status"));
        let on = match &status.value {
            Ok(None) => reader.flag(&format!("DataSources.{source}"), true),
            _ => status.map(|word| word.as_deref() == Some("ENABLED")),
        };
        entity.put(path, on);
    }
    vec![Record::new(reader, entity)]
}
