//! What SDK operations need: from `client.put_item(…)` to `dynamodb:PutItem`.
//!
//! Two sets for each operation. **must**: without it the call fails; a missing grant is judged by it. **may**: it can
//! be made use of; an action in it is never called unused. See `tools/iam/operations.py` for where they come from.

use super::catalogue::{self, Action};
use crate::syntax::table::{Row, row, rows, unpack};
use std::collections::HashMap;
use std::sync::OnceLock;

/// Operations of every service; see `tools/iam/operations.py`.
static PACKED: &[u8] = include_bytes!("../../data/iam/operations.zst");

/// A service as its SDK clients name it.
#[derive(Debug)]
pub struct Service {
    /// boto3's name, `stepfunctions`.
    pub boto3: &'static str,
    /// The service id that the other SDKs make their names from, `SFN`, `Cognito Identity Provider`.
    pub sdk_id: &'static str,
    /// The IAM prefix of most of its actions, `states`.
    pub prefix: &'static str,
    /// The client's class in version 2 of the JavaScript SDK where it differs from the id, `StepFunctions`; else empty.
    pub javascript_v2: &'static str,
    lines: &'static str,
    operations: OnceLock<Vec<Operation>>,
}

/// One operation of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operation {
    /// boto3's name of its service.
    pub service: &'static str,
    /// Its API name, `PutItem`.
    pub name: &'static str,
    prefix: &'static str,
    must: &'static str,
    may: &'static str,
}

/// A right without which a call fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// One of these actions is enough; most often there is only one.
    pub any_of: Vec<Action>,
    /// When it is needed.
    pub when: When,
}

/// On what a need hangs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// On nothing.
    Always,
    /// It is needed only where this parameter is given.
    Given(&'static str),
    /// It is needed only where this parameter is not given.
    NotGiven(&'static str),
}

/// The service of a boto3 name: `s3`, `stepfunctions`, `cognito-idp`.
pub fn service_by_boto3(name: &str) -> Option<&'static Service> {
    let table = table();
    table.by_boto3.get(name).and_then(|index| table.services.get(*index))
}

/// The service of a name that any SDK gives it, compared by letters and digits only: boto3's, `SFN`, `sfn`,
/// `DynamoDB`, `api-gateway` (of `@aws-sdk/client-api-gateway`), `CognitoIdentityProvider` (of its client class),
/// `cognitoidentityprovider` (of the Rust crate), `StepFunctions` (JavaScript, version 2).
pub fn service_named(name: &str) -> Option<&'static Service> {
    let table = table();
    table.by_name.get(plain(name).as_str()).and_then(|index| table.services.get(*index))
}

/// The only service that has an operation of this method's name; none where several have.
pub fn only_service_with(method: &str) -> Option<&'static Service> {
    static OWNERS: OnceLock<HashMap<String, Option<usize>>> = OnceLock::new();
    let owners = OWNERS.get_or_init(|| {
        let mut owners = HashMap::new();
        for (index, service) in services().iter().enumerate() {
            for operation in service.operations() {
                owners.entry(plain(operation.name)).and_modify(|owner| *owner = None).or_insert(Some(index));
            }
        }
        owners
    });
    services().get((*owners.get(plain(method).as_str())?)?)
}

/// All services, by boto3's name.
pub fn services() -> &'static [Service] {
    &table().services
}

/// The operation of an API name in a boto3 service: `PutItem`, exactly as written.
pub fn operation(service: &str, name: &str) -> Option<Operation> {
    let operations = service_by_boto3(service)?.operations();
    let index = operations.binary_search_by(|operation| operation.name.cmp(name)).ok()?;
    operations.get(index).copied()
}

impl Service {
    /// Its operations, by name.
    pub fn operations(&'static self) -> &'static [Operation] {
        self.operations.get_or_init(|| {
            let read = |mut row: Row<'static>| {
                let [name, must, may] = row.cells();
                Operation { service: self.boto3, prefix: self.prefix, name, must, may }
            };
            rows(self.lines).map(read).collect()
        })
    }

    /// The operation that a method or class calls, in any SDK's spelling: `put_item` (Python, Rust), `putItem`
    /// (JavaScript), `PutItem` (a command's class without its ending).
    pub fn called(&'static self, name: &str) -> Option<&'static Operation> {
        let wanted = plain(name);
        self.operations().iter().find(|operation| operation.name.eq_ignore_ascii_case(&wanted))
    }
}

impl Operation {
    /// Whether it is known what the operation needs; where it is not, nothing may be concluded from it.
    pub fn is_known(&self) -> bool {
        self.must != "?"
    }

    /// The rights without which the call fails; none where it needs none or they are not known.
    pub fn must(&self) -> Vec<Need> {
        match self.must {
            "-" | "?" => Vec::new(),
            "" => self.need(self.name).into_iter().collect(),
            needs => needs.split(',').filter_map(|need| self.need(need)).collect(),
        }
    }

    /// The rights of which the call needs one whatever its parameters: those that hang on nothing, and those that are
    /// needed without a parameter, each with those that are needed in its place with it (`s3:GetObject`, and
    /// `s3:GetObjectVersion` where a `VersionId` is given).
    pub fn must_always(&self) -> Vec<Vec<Action>> {
        let needs = self.must();
        let instead = |parameter: &'static str| {
            let given = needs.iter().filter(|need| need.when == When::Given(parameter));
            given.flat_map(|need| need.any_of.iter().copied()).collect::<Vec<_>>()
        };
        let always = needs.iter().filter_map(|need| match need.when {
            When::Always => Some(need.any_of.clone()),
            When::NotGiven(parameter) => Some([need.any_of.clone(), instead(parameter)].concat()),
            When::Given(_) => None,
        });
        always.collect()
    }

    /// Every action that the call can make use of, those of [`Operation::must`] included.
    pub fn may(&self) -> Vec<Action> {
        let needs = self.must().into_iter().flat_map(|need| need.any_of);
        let others = self.may.split(',').filter_map(|action| self.action(action));
        let mut actions: Vec<Action> = needs.chain(others).collect();
        actions.sort_unstable();
        actions.dedup();
        actions
    }

    fn need(&self, text: &'static str) -> Option<Need> {
        let (actions, when) = if let Some((actions, parameter)) = text.split_once('?') {
            (actions, When::Given(parameter))
        } else if let Some((actions, parameter)) = text.split_once('!') {
            (actions, When::NotGiven(parameter))
        } else {
            (text, When::Always)
        };
        let any_of: Vec<Action> = actions.split('|').filter_map(|action| self.action(action)).collect();
        (!any_of.is_empty()).then_some(Need { any_of, when })
    }

    fn action(&self, name: &str) -> Option<Action> {
        if name.contains(':') { catalogue::named(name) } else { catalogue::named(&format!("{}:{name}", self.prefix)) }
    }
}

struct Table {
    services: Vec<Service>,
    by_boto3: HashMap<&'static str, usize>,
    by_name: HashMap<String, usize>,
}

fn table() -> &'static Table {
    static TEXT: OnceLock<String> = OnceLock::new();
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| parse(TEXT.get_or_init(|| unpack(PACKED))))
}

/// Cuts the text into services; an operation's line is read only when its service is asked.
fn parse(text: &'static str) -> Table {
    let mut table = Table { services: Vec::new(), by_boto3: HashMap::new(), by_name: HashMap::new() };
    for block in text.split("\nS\t").skip(1) {
        let (header, lines) = block.split_once('\n').unwrap_or((block, ""));
        let [boto3, sdk_id, prefix, javascript_v2] = row(header).cells();
        table.by_boto3.insert(boto3, table.services.len());
        table.services.push(Service { boto3, sdk_id, prefix, javascript_v2, lines, operations: OnceLock::new() });
    }
    let names: [fn(&Service) -> &'static str; 3] = [|of| of.boto3, |of| of.sdk_id, |of| of.javascript_v2];
    for name in names {
        for (index, service) in table.services.iter().enumerate().filter(|(_, service)| !name(service).is_empty()) {
            table.by_name.entry(plain(name(service))).or_insert(index);
        }
    }
    // Crates of the SDK for Rust leave out of the service's id what says that it is a service.
    for (index, service) in table.services.iter().enumerate() {
        let id = plain(service.sdk_id);
        if let Some(name) = id.strip_suffix("service").or_else(|| id.strip_suffix("api")) {
            table.by_name.entry(name.into()).or_insert(index);
        }
    }
    table
}

/// Letters and digits only, in lower case: `list_objects_v2`, `listObjectsV2` and `ListObjectsV2` are one.
pub fn plain(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::{When, only_service_with, operation, service_by_boto3, service_named, services};

    fn must(service: &str, name: &str) -> String {
        let operation = operation(service, name).unwrap_or_else(|| panic!("{service} {name}"));
        if !operation.is_known() {
            return "?".into();
        }
        let shown = operation.must().into_iter().map(|need| {
            let actions: Vec<String> = need.any_of.iter().map(ToString::to_string).collect();
            let when = match need.when {
                When::Always => String::new(),
                When::Given(parameter) => format!("?{parameter}"),
                When::NotGiven(parameter) => format!("!{parameter}"),
            };
            actions.join("|") + &when
        });
        shown.collect::<Vec<_>>().join(",")
    }

    #[test]
    fn operations_need_what_the_documentation_says() {
        let cases = [
            ("dynamodb", "PutItem", "dynamodb:PutItem"),
            ("dynamodb", "TransactGetItems", "dynamodb:GetItem"),
            ("s3", "ListObjectsV2", "s3:ListBucket"),
            ("s3", "HeadObject", "s3:GetObject!VersionId,s3:GetObjectVersion?VersionId"),
            ("s3", "DeleteObjects", "s3:DeleteObject|s3:DeleteObjectVersion"),
            ("s3", "GetBucketCors", "s3:GetBucketCORS"),
            ("lambda", "Invoke", "lambda:InvokeFunction"),
            ("lambda", "CreateFunction", "lambda:CreateFunction,iam:PassRole,lambda:TagResource?Tags"),
            ("lambda", "UpdateFunctionConfiguration", "lambda:UpdateFunctionConfiguration,iam:PassRole?Role"),
            ("stepfunctions", "CreateStateMachine", "states:CreateStateMachine,iam:PassRole,states:TagResource?tags"),
            ("stepfunctions", "StartExecution", "states:StartExecution"),
            ("sqs", "SendMessageBatch", "sqs:SendMessage"),
            ("sns", "PublishBatch", "sns:Publish"),
            ("kms", "ReEncrypt", "kms:ReEncryptFrom,kms:ReEncryptTo"),
            ("apigateway", "GetRestApis", "apigateway:GET"),
            ("apigatewayv2", "CreateApi", "apigateway:POST"),
            ("apigatewaymanagementapi", "PostToConnection", "execute-api:ManageConnections"),
            ("bedrock-runtime", "Converse", "bedrock:InvokeModel"),
            ("events", "PutEvents", "events:PutEvents"),
            ("sts", "GetCallerIdentity", ""),
            ("cognito-idp", "SignUp", ""),
            ("cognito-idp", "AdminCreateUser", "cognito-idp:AdminCreateUser"),
            ("iot-data", "Publish", "iot:Publish"),
            ("resourcegroupstaggingapi", "GetResources", "tag:GetResources"),
            ("cloudcontrol", "GetResource", "cloudformation:GetResource"),
            ("budgets", "DescribeBudgets", "budgets:ViewBudget"),
            ("cloudwatch", "PutMetricData", "cloudwatch:PutMetricData"),
            ("iotthingsgraph", "CreateFlowTemplate", "?"),
            // What botocore leaves out.
            ("rds", "GenerateDBAuthToken", "rds-db:connect"),
            ("transcribe-streaming", "StartStreamTranscription", "transcribe:StartStreamTranscription"),
        ];
        for (service, name, expected) in cases {
            assert_eq!(must(service, name), expected, "{service} {name}");
        }
    }

    #[test]
    fn one_of_two_rights_is_needed_with_and_without_a_parameter() {
        let always = |service, name| {
            let operation = operation(service, name).unwrap_or_else(|| panic!("{service} {name}"));
            let shown = operation.must_always().into_iter();
            let shown = shown.map(|any_of| any_of.iter().map(ToString::to_string).collect::<Vec<_>>().join("|"));
            shown.collect::<Vec<_>>().join(",")
        };
        for (service, name, expected) in [
            ("s3", "GetObject", "s3:GetObject|s3:GetObjectVersion"),
            ("s3", "PutObject", "s3:PutObject"),
            // Who began an upload may end it.
            ("s3", "AbortMultipartUpload", "s3:AbortMultipartUpload|s3:PutObject"),
            ("lambda", "UpdateFunctionConfiguration", "lambda:UpdateFunctionConfiguration"),
        ] {
            assert_eq!(always(service, name), expected, "{service} {name}");
        }
    }

    #[test]
    fn every_action_of_the_table_is_in_the_catalogue() {
        let mut count = 0;
        for operation in services().iter().flat_map(super::Service::operations) {
            count += 1;
            let needs = match operation.must {
                "" => 1,
                "-" | "?" => 0,
                needs => needs.split([',', '|']).count(),
            };
            let found: usize = operation.must().iter().map(|need| need.any_of.len()).sum();
            assert_eq!(found, needs, "{operation:?}");
            for action in operation.may.split(',').filter(|action| !action.is_empty()) {
                assert!(operation.action(action).is_some(), "{action} of {operation:?}");
            }
        }
        assert_eq!((services().len(), count), (440, 19_802));
    }

    #[test]
    fn sdks_name_services_and_methods_in_their_own_ways() {
        for (id, boto3) in [
            ("SFN", "stepfunctions"),
            ("StepFunctions", "stepfunctions"),
            ("dynamodb", "dynamodb"),
            ("api-gateway", "apigateway"),
            ("CognitoIdentityProvider", "cognito-idp"),
            ("CognitoIdentityServiceProvider", "cognito-idp"),
            ("CloudWatchEvents", "events"),
            ("eventbridge", "events"),
            ("cloudwatch-logs", "logs"),
            ("bedrock-runtime", "bedrock-runtime"),
            ("RDSDataService", "rds-data"),
            ("TranscribeService", "transcribe"),
            ("S3", "s3"),
            ("cognito_idp", "cognito-idp"),
            ("secrets-manager", "secretsmanager"),
            ("ApiGatewayManagementApi", "apigatewaymanagementapi"),
            ("apigatewaymanagement", "apigatewaymanagementapi"),
            ("databasemigration", "dms"),
        ] {
            assert_eq!(service_named(id).map(|service| service.boto3), Some(boto3), "{id}");
        }
        for service in services() {
            assert_eq!(service_named(service.boto3).map(|found| found.boto3), Some(service.boto3));
        }
        assert!(service_named("nothing").is_none() && service_by_boto3("sfn").is_none());
        let name = |service, method| service_by_boto3(service)?.called(method).map(|operation| operation.name);
        for method in ["put_item", "putItem", "PutItem"] {
            assert_eq!(name("dynamodb", method), Some("PutItem"));
        }
        assert_eq!(name("s3", "list_objects_v2"), Some("ListObjectsV2"));
        assert_eq!(name("rds", "describe_db_instances"), Some("DescribeDBInstances"));
        assert_eq!(name("s3", "upload_file"), None);
    }

    #[test]
    fn a_shared_operation_name_decides_nothing() {
        let only = |method| only_service_with(method).map(|service| service.boto3);
        assert_eq!(only("put_item"), Some("dynamodb"));
        assert_eq!(only("putRecordBatch"), Some("firehose"));
        assert_eq!((only("tag_resource"), only("no_such_method")), (None, None));
    }
}
