//! What builds and delivers: CodeBuild, CodePipeline, CodeDeploy, CodeArtifact, CodeCommit, Amplify; Transfer servers.

use super::reader::{Found, Reader, find, given, text, written};
use super::{Record, ResourceType, declared, keys, policy};
use crate::model::entity::{AttributeKind, DEPENDS, Declared, Origin, Read, Test, bool, long, read, string};
use crate::model::{Entity, EntityType, Known, Verb, judge_node};
use crate::syntax::{Node, Unknown};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The types of this file.
pub(super) const TYPES: &[ResourceType] = &[
    ResourceType::read_by(&[&PROJECT, &VARIABLE], project),
    ResourceType::read_by(&[&PIPELINE], pipeline),
    ResourceType::declared(&[&DEPLOYMENT_GROUP]),
    ResourceType::read_by(&[&DOMAIN], domain),
    ResourceType::read_by(&[&PACKAGES], packages),
    ResourceType::declared(&[&REPOSITORY]),
    ResourceType::read_by(&[&APP], app),
    ResourceType::read_by(&[&SERVER], server),
];

const PROJECT: EntityType = EntityType {
    name: "AWS::CodeBuild::Project",
    verb: Verb::Deploy,
    about: "A build (defaults: AWS CloudFormation Template Reference, AWS::CodeBuild::Project, 2026-12).",
    attributes: &[
        read("privileged", Origin::Check("Environment.PrivilegedMode", Test::On(false)), "Not by default."),
        read(
            "encryption.manager",
            Origin::Key("EncryptionKey", "aws"),
            "Of what it builds: `aws` (S3's own, the default) or `customer`.",
        ),
        read(
            "encryption.disabled",
            Origin::Check("Artifacts.EncryptionDisabled", Test::On(false)),
            "Whether what it builds is not encrypted by it; it has to be said.",
        ),
        bool("logging.enabled", "Whether it logs to CloudWatch, as it does by default, or to S3."),
        read(
            "logging.plain",
            Origin::Check("LogsConfig.S3Logs.EncryptionDisabled", Test::On(false)),
            "Whether its logs in S3 are not encrypted by it; not by default.",
        ),
        read("source.kind", Origin::Word("Source.Type", ""), "`GITHUB`, `CODEPIPELINE`, `S3`, `NO_SOURCE` …"),
        bool("source.credentials", "Whether the address of its source holds a credential."),
        read(
            "source.unchecked",
            Origin::Check("Source.InsecureSsl", Test::On(false)),
            "Whether certificates of its source are not checked; they are by default.",
        ),
        bool("webhook.enabled", "Whether each change is built; not by default."),
        bool("webhook.filtered", "Whether only what some people change, or what somebody approves, is built."),
        read(
            "public",
            Origin::Check("Visibility", Test::Is("PUBLIC_READ", false)),
            "Whether anyone sees its builds; it has to be said.",
        ),
        read("timeout.minutes", Origin::Number("TimeoutInMinutes", 60), "60 by default."),
        read(
            "network.given",
            Origin::Check("VpcConfig.VpcId", Test::Given),
            "Whether it is in a network of one's own.",
        ),
        read("variables", Origin::Count("Environment.EnvironmentVariables"), "Number of its variables."),
    ],
};

const VARIABLE: EntityType = EntityType {
    name: "AWS::CodeBuild::Project::Variable",
    verb: Verb::Deploy,
    about: "A variable of a build.",
    attributes: &[
        string("project", "The build's name."),
        read(
            "plain",
            Origin::Check("Type", Test::Is("PLAINTEXT", true)),
            "Whether its value is written with it and not looked up; by default (AWS CloudFormation Template Reference, \
             2026-12).",
        ),
        bool("secret", "Whether its value is a credential written out."),
        string("kind", "What kind of credential, or empty."),
        string("redacted", "The value's kind and length, safe to print."),
    ],
};

const PIPELINE: EntityType = EntityType {
    name: "AWS::CodePipeline::Pipeline",
    verb: Verb::Deploy,
    about: "A pipeline (defaults: AWS CloudFormation Template Reference, AWS::CodePipeline::Pipeline, 2026-12).",
    attributes: &[
        string(
            "encryption.manager",
            "Of its store, the weakest of several: `aws` (S3's own, the default) or `customer`.",
        ),
        read("kind", Origin::Word("PipelineType", DEPENDS), "`V1` or `V2`; the default is not published."),
        long("stages", "Number of its stages."),
        long("actions", "Number of its actions."),
        bool("approval", "Whether a person approves."),
        bool("test", "Whether an action of it tests."),
        bool("deploy", "Whether an action of it deploys."),
        Declared {
            path: "regions",
            kind: AttributeKind::Strings,
            about: "The other regions that its stores and actions name.",
            from: None,
        },
    ],
};

const DEPLOYMENT_GROUP: EntityType = EntityType {
    name: "AWS::CodeDeploy::DeploymentGroup",
    verb: Verb::Deploy,
    about: "Where and how something is deployed.",
    attributes: &[
        read(
            "rollback.enabled",
            Origin::Check("AutoRollbackConfiguration.Enabled", Test::On(false)),
            "Whether a failure is rolled back; not where nothing is said.",
        ),
        read(
            "rollback.onAlarm",
            Origin::Any("AutoRollbackConfiguration.Events", "", Test::Is("DEPLOYMENT_STOP_ON_ALARM", false)),
            "Whether an alarm is, too.",
        ),
        read(
            "alarms.enabled",
            Origin::Check("AlarmConfiguration.Enabled", Test::On(false)),
            "Whether alarms stop it; not where nothing is said.",
        ),
        read("alarms.count", Origin::Count("AlarmConfiguration.Alarms"), "Number of alarms."),
        read(
            "configuration",
            Origin::Word("DeploymentConfigName", DEPENDS),
            "`CodeDeployDefault.LambdaCanary10Percent5Minutes` …; the default depends on what is deployed to.",
        ),
        read(
            "blueGreen",
            Origin::Check("DeploymentStyle.DeploymentType", Test::Is("BLUE_GREEN", false)),
            "Whether it is deployed beside what runs.",
        ),
    ],
};

const DOMAIN: EntityType = EntityType {
    name: "AWS::CodeArtifact::Domain",
    verb: Verb::Deploy,
    about: "A domain of packages.",
    attributes: &[bool("public", "Whether a policy written with it lets in anyone; none does by default.")],
};

const PACKAGES: EntityType = EntityType {
    name: "AWS::CodeArtifact::Repository",
    verb: Verb::Deploy,
    about: "A repository of packages.",
    attributes: &[
        bool("public", "Whether a policy written with it lets in anyone; none does by default."),
        read(
            "external",
            Origin::Words("ExternalConnections"),
            "Public repositories that it takes from, `public:npmjs`.",
        ),
        read("upstreams", Origin::Count("Upstreams"), "Number of repositories that it takes from."),
    ],
};

const REPOSITORY: EntityType = EntityType {
    name: "AWS::CodeCommit::Repository",
    verb: Verb::Deploy,
    about: "A repository of code.",
    attributes: &[
        read(
            "encryption.manager",
            Origin::Key("KmsKeyId", "aws"),
            "`aws` by default (AWS CodeCommit API Reference, CreateRepository, 2026-12), or `customer`.",
        ),
        read("triggers", Origin::Count("Triggers"), "Number of things that its changes set off."),
    ],
};

const APP: EntityType = EntityType {
    name: "AWS::Amplify::App",
    verb: Verb::Deploy,
    about: "An app of Amplify.",
    attributes: &[
        read(
            "password.enabled",
            Origin::Check("BasicAuthConfig.EnableBasicAuth", Test::On(false)),
            "Whether it asks for a password; not where none is written.",
        ),
        read(
            "password.written",
            Origin::Check("BasicAuthConfig.Password", Test::Written),
            "Whether the password is written out.",
        ),
        bool("token.written", "Whether a token for its repository is written out."),
        read("platform", Origin::Word("Platform", DEPENDS), "`WEB` (the default in Terraform), `WEB_COMPUTE` …"),
        read(
            "previews",
            Origin::Check("AutoBranchCreationConfig.EnablePullRequestPreview", Test::On(false)),
            "Whether pull requests of branches made by themselves are deployed; not where nothing is said.",
        ),
    ],
};

const SERVER: EntityType = EntityType {
    name: "AWS::Transfer::Server",
    verb: Verb::Deploy,
    about: "A server for files (defaults: AWS CloudFormation Template Reference, AWS::Transfer::Server, 2026-12).",
    attributes: &[
        read(
            "endpoint",
            Origin::Word("EndpointType", DEPENDS),
            "`PUBLIC` (the default in Terraform; not published else), `VPC` or `VPC_ENDPOINT`.",
        ),
        read("plainFtp", Origin::Any("Protocols", "", Test::Is("FTP", false)), "Whether it speaks FTP without TLS."),
        read(
            "securityPolicy",
            Origin::Word("SecurityPolicyName", DEPENDS),
            "`TransferSecurityPolicy-2024-01` …; the default is not published, in Terraform that of 2018-11.",
        ),
        read(
            "identity",
            Origin::Word("IdentityProviderType", "SERVICE_MANAGED"),
            "Who knows its users; the service by default.",
        ),
        read("storage", Origin::Word("Domain", "S3"), "`S3` (the default) or `EFS`."),
        bool("logging.enabled", "Whether it logs, through a role or to log groups; not where nothing is said."),
    ],
};

/// A build and its variables.
fn project(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &PROJECT);
    let cloud = is_enabled(reader, "LogsConfig.CloudWatchLogs.Status", true);
    let logs = policy::any([cloud, is_enabled(reader, "LogsConfig.S3Logs.Status", false)]);
    entity.put("logging.enabled", logs);
    let credentials = reader.text("Source.Location").map(|address| {
        let address = address.unwrap_or_default();
        let authority = address.split_once("://").map_or("", |(_, rest)| rest.split('/').next().unwrap_or_default());
        authority.contains('@')
    });
    entity.put("source.credentials", credentials);
    let by_filter = filtered(reader);
    entity.put("webhook.enabled", reader.flag("Triggers.Webhook", false));
    entity.put("webhook.filtered", by_filter);
    let mut records = vec![Record::new(reader, entity)];
    let variables = reader.resource.property("Environment.EnvironmentVariables").map(Node::items_or_self);
    records.extend(variables.unwrap_or_default().iter().map(|one| variable(reader, one)));
    records
}

fn is_enabled(reader: &Reader<'_>, path: &str, default: bool) -> Read<bool> {
    reader.text(path).map(|word| word.map_or(default, |word| word.eq_ignore_ascii_case("ENABLED")))
}

/// Whether each group of filters names those whose changes are built, or comments approve pull requests.
fn filtered(reader: &Reader<'_>) -> Read<bool> {
    let approval = reader.text("Triggers.PullRequestBuildPolicy.RequiresCommentApproval");
    if let Ok(Some(word)) = &approval.value
        && !word.eq_ignore_ascii_case("DISABLED")
    {
        return approval.map(|_| true);
    }
    let groups = match reader.find("Triggers.FilterGroups") {
        Found::Absent => return Read::default(false),
        Found::Unknown(reason, span) => return Read::unknown(reason, span),
        Found::Written(node) => node,
    };
    let mut all = Read::at(!groups.items_or_self().is_empty(), groups.span);
    for group in groups.items_or_self() {
        // Terraform's block around the filters of a group keeps its name.
        let filters = group.get("Filter").unwrap_or(group).items_or_self();
        let by_actor = filters.iter().map(|filter| {
            text(find(filter, "Type"))
                .map(|kind| kind.is_some_and(|kind| kind.eq_ignore_ascii_case("ACTOR_ACCOUNT_ID")))
        });
        match by_actor.reduce(|known, read| if known.value == Ok(true) { known } else { read }) {
            Some(Read { value: Ok(true), .. }) => {}
            Some(Read { value: Err(reason), span }) => all = Read::unknown(reason, span),
            _ => return Read::at(false, group.span),
        }
    }
    all
}

fn variable(reader: &Reader<'_>, from: &Node) -> Record {
    let name = from.get("Name").map(Node::to_string).unwrap_or_default();
    let mut entity = Entity::new(&VARIABLE, name.as_str());
    entity.put("project", Read::default(reader.resource.name.clone()));
    let plain = text(find(from, "Type")).map(|kind| kind.is_none_or(|kind| kind.eq_ignore_ascii_case("PLAINTEXT")));
    let value = from.get("Value").filter(|_| plain.value == Ok(true));
    let secret = value.and_then(|value| judge_node(&name, value));
    let (what, redacted) = secret.map_or(("", "".into()), |secret| (secret.what, secret.redacted));
    let span = value.map_or(from.span, |value| value.span);
    entity.put("secret", Read::at(!what.is_empty(), span));
    entity.put("kind", Read::at(what, span));
    entity.put("redacted", Read::at(redacted, span));
    Record::of(declared::fill(entity, &VARIABLE, from), format!("variable {name}"), from.span)
}

fn pipeline(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &PIPELINE);
    entity.put("encryption.manager", store_manager(reader));
    let steps = steps(reader);
    let span = reader.resource.property("Stages").map(|stages| stages.span);
    let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let stages = match reader.find("Stages") {
        Found::Unknown(reason, span) => Read::unknown(reason, span),
        Found::Written(node) => Read::at(count(node.items_or_self().len()), node.span),
        Found::Absent => Read::default(0),
    };
    entity.put("stages", stages);
    entity.put("actions", Read { value: steps.as_ref().map(|steps| count(steps.len())).map_err(Clone::clone), span });
    for (path, category) in [("approval", "Approval"), ("test", "Test"), ("deploy", "Deploy")] {
        entity.put(path, any_of(&steps, category, span));
    }
    entity.put("regions", regions(reader, &steps));
    vec![Record::new(reader, entity)]
}

/// The key of the pipeline's store; of several stores, that of one without a key of one's own.
fn store_manager(reader: &Reader<'_>) -> Read<&'static str> {
    const KEY: &str = "EncryptionKey.Id";
    let stores = match reader.find("ArtifactStores") {
        Found::Absent => return keys::manager(reader.find(&format!("ArtifactStore.{KEY}")), "aws"),
        Found::Unknown(reason, span) => return Read::unknown(reason, span),
        Found::Written(node) => node,
    };
    let managers = stores.items_or_self().iter().map(|store| {
        let read = keys::manager(find(store, &format!("ArtifactStore.{KEY}")), "aws");
        Read { span: read.span.or(Some(store.span)), value: read.value }
    });
    let weakest = managers.reduce(|known, read| match (&known.value, &read.value) {
        (Ok("aws"), _) => known,
        (_, Ok("aws")) | (Ok(_), Err(_)) => read,
        _ => known,
    });
    weakest.unwrap_or(Read::default("aws"))
}

/// The actions of all stages.
fn steps(reader: &Reader<'_>) -> Result<Vec<Node>, Unknown> {
    let stages = match reader.find("Stages") {
        Found::Absent => return Ok(Vec::new()),
        Found::Unknown(reason, _) => return Err(reason),
        Found::Written(node) => node.items_or_self(),
    };
    let mut steps = Vec::new();
    for stage in stages {
        match find(stage, "Actions") {
            Found::Absent => {}
            Found::Unknown(reason, _) => return Err(reason),
            Found::Written(node) => steps.extend(node.items_or_self().iter().cloned()),
        }
    }
    Ok(steps)
}

/// Whether any action is of a category.
fn any_of(steps: &Result<Vec<Node>, Unknown>, category: &str, span: Option<crate::source::Span>) -> Read<bool> {
    let steps = match steps {
        Ok(steps) => steps,
        Err(reason) => return Read::unknown(reason.clone(), span),
    };
    let mut any = Read { value: Ok(false), span };
    for step in steps {
        match text(find(step, "ActionTypeId.Category")) {
            Read { value: Ok(Some(word)), .. } if word.eq_ignore_ascii_case(category) => {
                return Read::at(true, step.span);
            }
            Read { value: Err(reason), span } => any = Read::unknown(reason, span),
            Read { .. } => {}
        }
    }
    any
}

/// The regions that stores and actions name.
fn regions(reader: &Reader<'_>, steps: &Result<Vec<Node>, Unknown>) -> Read<Known> {
    let stores = match reader.find("ArtifactStores") {
        Found::Absent => Vec::new(),
        Found::Unknown(reason, span) => return Read::unknown(reason, span),
        Found::Written(node) => node.items_or_self().to_vec(),
    };
    let steps = match steps {
        Ok(steps) => steps,
        Err(reason) => return Read::unknown(reason.clone(), None),
    };
    let mut regions: BTreeSet<Arc<str>> = BTreeSet::new();
    let mut first = None;
    for named in stores.iter().chain(steps) {
        let region = text(find(named, "Region"));
        match region.value {
            Ok(Some(word)) => {
                first = first.or(region.span);
                regions.insert(word);
            }
            Ok(None) => {}
            Err(reason) => return Read::unknown(reason, region.span),
        }
    }
    Read { value: Ok(Known::Strings(regions.into_iter().collect())), span: first }
}

fn domain(reader: &Reader<'_>) -> Vec<Record> {
    with_policy(reader, &DOMAIN)
}

fn packages(reader: &Reader<'_>) -> Vec<Record> {
    with_policy(reader, &PACKAGES)
}

fn with_policy(reader: &Reader<'_>, kind: &'static EntityType) -> Vec<Record> {
    let mut entity = declared::entity(reader, kind);
    entity.put("public", policy::lets_in_anyone(reader.find("PermissionsPolicyDocument")));
    vec![Record::new(reader, entity)]
}

fn app(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &APP);
    entity.put("token.written", policy::any(["AccessToken", "OauthToken"].map(|name| written(reader.find(name)))));
    vec![Record::new(reader, entity)]
}

fn server(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &SERVER);
    let logs = ["LoggingRole", "StructuredLogDestinations.0"].map(|path| given(reader.find(path)));
    entity.put("logging.enabled", policy::any(logs));
    vec![Record::new(reader, entity)]
}
