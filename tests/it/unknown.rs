//! What is not known is neither a pass nor a finding: conditions, parameters and imports between a resource and what
//! decides about it.

use crate::scan::{scan, scan_with, today};
use leastwise::config::Config;
use leastwise::finding::{Confidence, Finding, Status};
use leastwise::flow::{self, Setup};
use leastwise::infra::Options;
use leastwise::rule::RuleSource;
use leastwise::source::Sources;
use leastwise::{engine, fact};

const HEAD: &str = "Parameters:
  Env: {Type: String}
  Given: {Type: String}
Conditions:
  Prod: !Equals [!Ref Env, prod]
Resources:
";

const CODE: &str = "import boto3
table = boto3.client('dynamodb')
def handler(event, context):
    table.put_item(TableName='x', Item={})
";

/// `status rule resource` of every finding; `possible` is a violation that is not certain.
fn told(resources: &str) -> Vec<String> {
    let trust = "{Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}]}";
    let code = "Runtime: python3.13, Handler: app.handler, Code: src";
    let put = "{PolicyName: put, PolicyDocument: {Statement: [{Effect: Allow, Action: 'dynamodb:PutItem', Resource: 'arn:aws:dynamodb:eu-west-1:111122223333:table/x'}]}}";
    let text = format!("{HEAD}{resources}").replace("TRUST", trust).replace("CODE", code).replace("PUT", put);
    let (_, outcome) = scan(&[("template.yaml".to_owned(), text), ("src/app.py".to_owned(), CODE.to_owned())]);
    assert!(outcome.problems.is_empty(), "{:?}", outcome.problems);
    outcome.findings.iter().map(line).collect()
}

fn line(finding: &Finding) -> String {
    let status = match (finding.status, finding.confidence) {
        (Status::Violated, Confidence::Definite) => "violated",
        (Status::Violated, Confidence::Possible) => "possible",
        (Status::Review, _) => "review",
        (Status::Unknown, _) => "unknown",
    };
    format!("{status} {} {}", finding.rule, finding.resource.name)
}

/// The lines of one rule.
fn of(rule: &str, resources: &str) -> Vec<String> {
    let part = format!(" {rule} ");
    told(resources).into_iter().filter(|line| line.contains(&part)).collect()
}

#[test]
fn policies_behind_a_condition_are_read() {
    let role = |policies: &str| {
        format!(
            "  Role: {{Type: AWS::IAM::Role, Properties: {{AssumeRolePolicyDocument: TRUST, Policies: {policies}}}}}
  Put: {{Type: AWS::Lambda::Function, Properties: {{CODE, Role: !GetAtt Role.Arn}}}}
"
        )
    };
    let all = "{PolicyName: all, PolicyDocument: {Statement: [{Effect: Allow, Action: '*', Resource: '*'}]}}";
    assert_eq!(of("XL002", &role("[PUT]")), [""; 0]);
    assert_eq!(of("XL002", &role("[]")), ["violated XL002 Put"]);
    assert_eq!(of("XL002", &role("!If [Prod, [PUT], !Ref 'AWS::NoValue']")), ["unknown XL002 Put"]);
    assert_eq!(of("XL002", &role("[!If [Prod, PUT, !Ref 'AWS::NoValue']]")), ["unknown XL002 Put"]);
    assert_eq!(of("LP001", &role(&format!("!If [Prod, [{all}], [PUT]]"))), ["possible LP001 Role"]);
}

#[test]
fn a_policy_that_may_be_the_roles_lets_no_right_be_missing() {
    let policy = |roles: &str| {
        format!(
            "  Role: {{Type: AWS::IAM::Role, Properties: {{AssumeRolePolicyDocument: TRUST}}}}
  Other: {{Type: AWS::IAM::Role, Properties: {{AssumeRolePolicyDocument: TRUST}}}}
  Policy:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: put
      Roles: {roles}
      PolicyDocument: {{Statement: [{{Effect: Allow, Action: 'dynamodb:PutItem', Resource: 'arn:aws:dynamodb:eu-west-1:111122223333:table/x'}}]}}
  Put: {{Type: AWS::Lambda::Function, Properties: {{CODE, Role: !GetAtt Role.Arn}}}}
"
        )
    };
    assert_eq!(of("XL002", &policy("[!Ref Role]")), [""; 0]);
    assert_eq!(of("XL002", &policy("[!Ref Other]")), ["violated XL002 Put"]);
    assert_eq!(of("XL002", &policy("[!If [Prod, !Ref Role, !Ref Other]]")), ["unknown XL002 Put"]);
}

#[test]
fn a_function_whose_role_is_not_known_is_asked_about() {
    let function = |role: &str| {
        format!(
            "  Role: {{Type: AWS::IAM::Role, Properties: {{AssumeRolePolicyDocument: TRUST}}}}
  Other: {{Type: AWS::IAM::Role, Properties: {{AssumeRolePolicyDocument: TRUST, Policies: [PUT]}}}}
  Put: {{Type: AWS::Lambda::Function, Properties: {{CODE, Role: {role}}}}}
"
        )
    };
    assert_eq!(of("XL002", &function("!Ref Given")), ["unknown XL002 Put"]);
    assert_eq!(of("XL002", &function("!ImportValue role")), ["unknown XL002 Put"]);
    assert_eq!(of("XL002", &function("!If [Prod, !GetAtt Role.Arn, !GetAtt Other.Arn]")), ["possible XL002 Put"]);
    // What it uses under the condition is not unused.
    assert_eq!(of("XL001", &function("!If [Prod, !GetAtt Role.Arn, !GetAtt Other.Arn]")), [""; 0]);
}

#[test]
fn an_action_that_is_not_known_is_not_used() {
    let statement = |action: &str| {
        format!(
            "  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: TRUST
      Policies: [PUT, {{PolicyName: own, PolicyDocument: {{Statement: [{{Effect: Allow, Action: {action}, Resource: 'arn:aws:sqs:eu-west-1:111122223333:x'}}]}}}}]
  Put: {{Type: AWS::Lambda::Function, Properties: {{CODE, Role: !GetAtt Role.Arn}}}}
"
        )
    };
    assert_eq!(of("XL001", &statement("'sqs:SendMessage'")), ["violated XL001 Role"]);
    assert_eq!(of("XL001", &statement("!Ref Given")), ["unknown XL001 Role"]);
    assert_eq!(of("XL001", &statement("['sqs:SendMessage', !Ref Given]")), ["violated XL001 Role"]);
}

#[test]
fn names_are_told_apart_by_type_and_hold_with_unknown_parts() {
    let bucket = |before: &str, name: &str, of: &str| {
        format!(
            "{before}  Data: {{Type: AWS::S3::Bucket, Properties: {{BucketName: {name}}}}}
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: {of}
      PolicyDocument: {{Statement: [{{Effect: Deny, Principal: '*', Action: 's3:*', Resource: '*', Condition: {{Bool: {{'aws:SecureTransport': false}}}}}}]}}
"
        )
    };
    let queue = "  Queue: {Type: AWS::SQS::Queue, Properties: {QueueName: data}}\n";
    let other = "  Other: {Type: AWS::S3::Bucket}\n";
    let plain = |text: String| of("TR001", &text).into_iter().filter(|line| line.ends_with("Data")).collect::<Vec<_>>();
    assert_eq!(plain(bucket("", "data", "elsewhere")), ["violated TR001 Data"]);
    assert_eq!(plain(bucket(queue, "data", "data")), [""; 0]);
    assert_eq!(plain(bucket("", "!Sub '${Env}-data'", "!Sub '${Env}-data'")), [""; 0]);
    assert_eq!(plain(bucket("", "!Sub '${Env}-data'", "!Sub '${Given}-data'")), ["unknown TR001 Data"]);
    assert_eq!(plain(bucket(other, "data", "!If [Prod, !Ref Data, !Ref Other]")), ["unknown TR001 Data"]);
}

#[test]
fn a_block_behind_a_condition_decides_nothing() {
    let bucket = |block: &str| {
        format!(
            "  Data: {{Type: AWS::S3::Bucket, Properties: {{PublicAccessBlockConfiguration: {block}}}}}
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Data
      PolicyDocument: {{Statement: [{{Effect: Allow, Principal: '*', Action: 's3:GetObject', Resource: '*'}}]}}
"
        )
    };
    assert_eq!(of("EX004", &bucket("{RestrictPublicBuckets: false}")).len(), 1);
    assert_eq!(of("EX004", &bucket("{RestrictPublicBuckets: true}")), [""; 0]);
    assert_eq!(of("EX004", &bucket("{RestrictPublicBuckets: !Ref Given}")), ["unknown EX004 Policy"]);
    let behind = "!If [Prod, {RestrictPublicBuckets: true}, !Ref 'AWS::NoValue']";
    assert_eq!(of("EX004", &bucket(behind)), ["unknown EX004 Policy"]);
}

#[test]
fn whether_an_api_is_private_may_not_be_known() {
    let method = |api: &str, types: &str| {
        format!(
            "  Api: {{Type: AWS::ApiGateway::RestApi, Properties: {{Name: a, EndpointConfiguration: {{Types: [{types}]}}}}}}
  Get: {{Type: AWS::ApiGateway::Method, Properties: {{RestApiId: {api}, HttpMethod: GET, AuthorizationType: NONE, ResourceId: !GetAtt Api.RootResourceId}}}}
"
        )
    };
    assert_eq!(of("AU001", &method("!Ref Api", "REGIONAL")), ["violated AU001 Get"]);
    assert_eq!(of("AU001", &method("!Ref Api", "PRIVATE")), [""; 0]);
    assert_eq!(of("AU001", &method("!Ref Api", "!Ref Given")), ["unknown AU001 Get"]);
    assert_eq!(of("AU001", &method("!Ref Api", "!If [Prod, PRIVATE, REGIONAL]")), ["unknown AU001 Get"]);
    assert_eq!(of("AU001", &method("!ImportValue api", "REGIONAL")), ["unknown AU001 Get"]);
}

#[test]
fn the_weakest_key_of_a_replica_decides() {
    let table = |first: &str, second: &str| {
        let replica = |region: &str, key: &str| {
            format!(
                "{{Region: {region}, SSESpecification: {{KMSMasterKeyId: {key}}}, Tags: [{{Key: DataClassification, Value: phi}}]}}"
            )
        };
        format!(
            "  Records:
    Type: AWS::DynamoDB::GlobalTable
    Properties:
      SSESpecification: {{SSEEnabled: true, SSEType: KMS}}
      Replicas: [{}, {}]
",
            replica("eu-central-1", first),
            replica("eu-west-1", second)
        )
    };
    assert_eq!(of("EN003", &table("alias/own", "alias/own")), [""; 0]);
    assert_eq!(of("EN003", &table("alias/own", "alias/aws/dynamodb")), ["violated EN003 Records"]);
    assert_eq!(of("EN003", &table("alias/own", "!Ref Given")), ["unknown EN003 Records"]);
    assert_eq!(of("EN003", &table("alias/aws/dynamodb", "!Ref Given")), ["violated EN003 Records"]);
}

#[test]
fn a_credential_in_a_text_with_references_is_one() {
    let function = |url: &str| {
        format!(
            "  Orders: {{Type: AWS::DynamoDB::Table}}
  Put: {{Type: AWS::Lambda::Function, Properties: {{CODE, Role: !Ref Given, Environment: {{Variables: {{DATABASE: {url}}}}}}}}}
"
        )
    };
    let url = |password: &str| format!("!Sub 'postgres://app:{password}@${{Orders}}.internal/x'");
    assert_eq!(of("SE001", &function(&url("s3cr3tP4ss"))), ["violated SE001 Put"]);
    assert_eq!(of("SE001", &function(&url("${Given}"))), [""; 0]);
}

#[test]
fn a_client_is_asked_about_for_every_label() {
    let store = |name: &str, label: &str| {
        format!(
            "  {name}: {{Type: AWS::S3::Bucket, Properties: {{Tags: [{{Key: DataClassification, Value: {label}}}]}}}}\n"
        )
    };
    let pinned = "import boto3\ns3 = boto3.client('s3', region_name='eu-central-1')\ndef handler(event, context):\n    s3.list_buckets()\n";
    let outside = |labels: [&str; 2]| {
        let function = "  List: {Type: AWS::Lambda::Function, Properties: {Runtime: python3.13, Handler: app.handler, Code: src, Role: !Ref Given}}\n";
        let text = format!("{HEAD}{}{}{function}", store("One", labels[0]), store("Two", labels[1]));
        let config = "[areas]\npersonal = ['DE']\nphi = ['FR']\npci = ['DE', 'FR']\n";
        let files = [("template.yaml", text.as_str()), ("src/app.py", pinned), ("leastwise.toml", config)];
        let (_, outcome) = scan(&files.map(|(path, text)| (path.to_owned(), text.to_owned())));
        let of_code = outcome.findings.iter().filter(|finding| &*finding.location.path == "src/app.py");
        of_code.filter(|finding| finding.rule.starts_with("RG")).map(line).collect::<Vec<_>>()
    };
    assert_eq!(outside(["personal", "pci"]), [""; 0]);
    assert_eq!(outside(["phi", "pci"]).len(), 1);
    for labels in [["personal", "phi"], ["phi", "personal"]] {
        let found = outside(labels);
        assert!(found.len() == 1 && !found[0].starts_with("unknown"), "{found:?}");
    }
    let found = outside(["personal", "!Ref Given"]);
    assert!(found.len() == 1 && found[0].starts_with("unknown"), "{found:?}");
}

#[test]
fn a_rule_that_asks_for_a_class_cannot_tell_without_a_label() {
    let bucket = "Parameters:\n  Given: {Type: String}\nResources:\n  Data: {Type: AWS::S3::Bucket, Properties: {Tags: [{Key: DataClassification, Value: !Ref Given}]}}\n";
    let head = "@id(\"OWN1\") @name(\"own\") @severity(\"low\") @message(\"a {resource.name}, in\")";
    for scope in [
        "(principal, action == Action::\"deploy\", resource is AWS::S3::Bucket in Leastwise::DataClass::\"sensitive\");",
        "(principal, action == Action::\"deploy\", resource is AWS::S3::Bucket)\nunless { !(resource in Leastwise::DataClass::\"sensitive\") } when { true };",
        "(principal, action == Action::\"deploy\", resource is AWS::S3::Bucket) // don't\nwhen { resource in Leastwise::DataClass::\"sensitive\" };",
    ] {
        let source = RuleSource {
            path: "own/rule.cedar".into(),
            category: "own".into(),
            cedar: format!("{head}\nforbid {scope}").into(),
            page: "".into(),
        };
        let rules = engine::load(&[source], usize::MAX, &fact::entity_types()).unwrap();
        let sources = Sources::in_memory([("template.yaml", bucket)]);
        let setup = Setup::new(&rules, &Config::default(), &[], Options::default(), today());
        let findings = flow::judge(&sources, &setup, &mut |_| {}).findings;
        assert_eq!(findings.iter().map(line).collect::<Vec<_>>(), ["unknown OWN1 Data"], "{scope}");
    }
}

#[test]
fn a_permission_for_an_unknown_service_may_be_for_one_that_calls_asynchronously() {
    let permission = |principal: &str| {
        format!(
            "  Role: {{Type: AWS::IAM::Role, Properties: {{AssumeRolePolicyDocument: TRUST, Policies: [PUT]}}}}
  Put: {{Type: AWS::Lambda::Function, Properties: {{CODE, Role: !GetAtt Role.Arn}}}}
  May: {{Type: AWS::Lambda::Permission, Properties: {{Action: 'lambda:InvokeFunction', FunctionName: !Ref Put, Principal: {principal}}}}}
"
        )
    };
    assert_eq!(of("RS001", &permission("sns.amazonaws.com")), ["violated RS001 Put"]);
    assert_eq!(of("RS001", &permission("!Ref Given")), ["unknown RS001 Put"]);
    assert_eq!(of("RS001", &permission("apigateway.amazonaws.com")), [""; 0]);
}

#[test]
fn an_environment_that_is_not_known_may_hold_a_credential() {
    let template = "Parameters: {All: {Type: String}}
Resources:
  F:
    Type: AWS::Lambda::Function
    Properties:
      Code: {S3Bucket: b, S3Key: k}
      Role: arn:aws:iam::123456789012:role/r
      Environment: {Variables: VALUE}
";
    for (value, said) in [("!Ref All", true), ("{A: b}", false)] {
        let text = template.replace("VALUE", value);
        let findings = scan_with(crate::scan::rules(), &[("template.yaml", &text)]).findings;
        for rule in ["SE001", "TR031"] {
            let of_rule = findings.iter().filter(|finding| &*finding.rule == rule);
            let told: Vec<_> = of_rule.map(|finding| (finding.status, finding.location.start_line)).collect();
            let expected = if said { vec![(Status::Unknown, 8)] } else { Vec::new() };
            assert_eq!(told, expected, "{rule} {value}");
        }
    }
}

/// Whether a role is a workload's hangs on its trust: where that is not known, what is asked of workloads is not lost.
#[test]
fn a_trust_that_is_not_known_makes_no_role_harmless() {
    for (effect, status) in [("Allow", Status::Violated), ("!Ref Effect", Status::Unknown)] {
        let template = format!(
            "Parameters:\n  Effect: {{Type: String}}\nResources:\n  Role:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument:\n        Statement: [{{Effect: {effect}, Action: 'sts:AssumeRole', Principal: {{Service: ec2.amazonaws.com}}}}]\n      Policies:\n        - PolicyName: p\n          PolicyDocument:\n            Statement: [{{Effect: Allow, Action: 's3:*', Resource: 'arn:aws:s3:::x/*'}}]\n"
        );
        let (_, outcome) = scan(&[("template.yaml".to_owned(), template)]);
        let told: Vec<_> = outcome.findings.iter().filter(|finding| &*finding.rule == "LP002").collect();
        assert!(matches!(told.as_slice(), [finding] if finding.status == status), "{effect}: {told:#?}");
    }
}

/// A role is a state machine's by whom its trust names, also where the trust's effect is not known.
#[test]
fn a_trust_that_is_not_known_still_says_whose_the_role_is() {
    for effect in ["Allow", "!Ref Effect"] {
        let template = format!(
            "Parameters:\n  Effect: {{Type: String}}\nResources:\n  Role:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument:\n        Statement: [{{Effect: {effect}, Action: 'sts:AssumeRole', Principal: {{Service: states.amazonaws.com}}}}]\n      Policies:\n        - PolicyName: p\n          PolicyDocument:\n            Statement: [{{Effect: Allow, Action: 'lambda:InvokeFunction', Resource: '*'}}]\n"
        );
        let (_, outcome) = scan(&[("template.yaml".to_owned(), template)]);
        assert!(outcome.findings.iter().any(|finding| &*finding.rule == "LP028"), "{effect}: {:#?}", outcome.findings);
    }
}
