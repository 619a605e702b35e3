//! What judging an account costs by its number of roles, where principals can become each other and where they cannot:
//! `cargo bench --bench account -- ROLES…`.

#![allow(missing_docs, unreachable_pub, clippy::print_stdout, clippy::unwrap_used, reason = "a program for people")]

#[expect(dead_code, reason = "the clock is for the other programs")]
mod cost;
mod run;

use cost::milliseconds;
use run::Run;
use serde_json::{Value, json};
use std::fs;
use std::path::PathBuf;

const ACCOUNT: &str = "123456789012";

/// Managed policies that each role has of its own.
const POLICIES: usize = 5;

/// Roles of one team, whose names begin alike.
const TEAM: usize = 20;

/// What functions and services are given every day, by service: the actions, and the resource.
const DAILY: &[(&[&str], &str)] = &[
    (&["s3:GetObject", "s3:PutObject"], "arn:aws:s3:::data-NUMBER/*"),
    (&["s3:ListBucket"], "arn:aws:s3:::data-NUMBER"),
    (&["dynamodb:GetItem", "dynamodb:Query", "dynamodb:PutItem"], "arn:aws:dynamodb:eu-west-1:ACCOUNT:table/t-NUMBER"),
    (&["sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage"], "arn:aws:sqs:eu-west-1:ACCOUNT:jobs-NUMBER"),
    (&["kms:Decrypt", "kms:GenerateDataKey"], "arn:aws:kms:eu-west-1:ACCOUNT:key/NUMBER"),
    (&["logs:CreateLogStream", "logs:PutLogEvents"], "*"),
    (&["sns:Publish"], "arn:aws:sns:eu-west-1:ACCOUNT:news-NUMBER"),
    (&["ssm:GetParameter*"], "arn:aws:ssm:eu-west-1:ACCOUNT:parameter/team-GROUP/*"),
    (&["secretsmanager:GetSecretValue"], "arn:aws:secretsmanager:eu-west-1:ACCOUNT:secret:team-GROUP/*"),
    (&["ec2:Describe*", "cloudwatch:Get*", "cloudwatch:List*"], "*"),
];

/// What leads from one principal to another.
const LEADING: &[(&[&str], &str)] = &[
    (&["sts:AssumeRole"], "arn:aws:iam::ACCOUNT:role/team-GROUP-*"),
    (&["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"], "*"),
    (&["iam:PassRole", "ec2:RunInstances"], "*"),
    (&["iam:PassRole"], "arn:aws:iam::ACCOUNT:role/team-GROUP-*"),
    (&["lambda:*"], "*"),
    (&["lambda:UpdateFunctionCode", "lambda:InvokeFunction"], "arn:aws:lambda:eu-west-1:ACCOUNT:function:f-*"),
    (&["iam:CreateAccessKey"], "arn:aws:iam::ACCOUNT:user/u-GROUP"),
    (&["iam:UpdateAssumeRolePolicy", "sts:AssumeRole"], "arn:aws:iam::ACCOUNT:role/team-GROUP-*"),
    (&["iam:PutRolePolicy"], "arn:aws:iam::ACCOUNT:role/team-GROUP-1*"),
    (&["cloudformation:*", "glue:*", "codebuild:*"], "*"),
    (&["ssm:SendCommand", "ssm:StartSession"], "*"),
    (&["ecs:RunTask", "ecs:RegisterTaskDefinition", "iam:PassRole"], "*"),
];

fn main() {
    let mut sizes: Vec<usize> = std::env::args().skip(1).filter_map(|word| word.parse().ok()).collect();
    if sizes.is_empty() {
        sizes = vec![100, 1_000];
    }
    for roles in sizes {
        for (name, leading) in [("plain", 0), ("tangled", 4)] {
            let root = write(roles, leading);
            let Run { wall, cpu, memory, findings } = run::scan(&root);
            let (wall, cpu) = (milliseconds(Some(wall)), milliseconds(cpu));
            println!(
                "{roles} roles, {name}: wall {wall} ms, CPU {cpu} ms, peak memory {memory} KB, {findings} findings"
            );
            fs::remove_dir_all(root).unwrap();
        }
    }
}

/// Writes an account's export; one of `leading` policies of each role leads to others where that is not 0.
fn write(roles: usize, leading: usize) -> PathBuf {
    let root = std::env::temp_dir().join(format!("leastwise-account-{roles}-{leading}"));
    if root.exists() {
        fs::remove_dir_all(&root).unwrap();
    }
    fs::create_dir_all(root.join(".git")).unwrap();
    let export = json!({
        "UserDetailList": (0..roles / 5).map(|number| user(number, roles)).collect::<Vec<_>>(),
        "GroupDetailList": (0..roles.div_ceil(TEAM)).map(group).collect::<Vec<_>>(),
        "RoleDetailList": (0..roles).map(|number| role(number, roles)).collect::<Vec<_>>(),
        "Policies": (0..roles * POLICIES).map(|number| policy(number, leading)).collect::<Vec<_>>(),
    });
    fs::write(root.join("account.json"), serde_json::to_string_pretty(&export).unwrap()).unwrap();
    root
}

fn role(number: usize, roles: usize) -> Value {
    let service = |name: &str| json!({"Service": format!("{name}.amazonaws.com")});
    let principal = match number % 10 {
        0..4 => service("lambda"),
        4 => service("ec2"),
        5 => service("ecs-tasks"),
        6 => service(["glue", "codebuild", "cloudformation"][number / 10 % 3]),
        7 | 8 => json!({"AWS": format!("arn:aws:iam::{ACCOUNT}:root")}),
        _ => json!({"AWS": format!("arn:aws:iam::{ACCOUNT}:role/{}", role_name((number * 7 + 3) % roles))}),
    };
    let attached: Vec<Value> = (0..POLICIES).map(|own| attached(number * POLICIES + own)).collect();
    let mut role = json!({
        "Path": "/",
        "RoleName": role_name(number),
        "RoleId": format!("AROA{number:017}"),
        "Arn": format!("arn:aws:iam::{ACCOUNT}:role/{}", role_name(number)),
        "AssumeRolePolicyDocument": document(json!({
            "Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"
        })),
        "AttachedManagedPolicies": attached,
        "RolePolicyList": [],
        "InstanceProfileList": [],
        "Tags": [],
    });
    if number % 10 == 3 {
        let arn = "arn:aws:iam::aws:policy/PowerUserAccess";
        role["PermissionsBoundary"] = json!({"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": arn});
    }
    role
}

fn user(number: usize, roles: usize) -> Value {
    let groups = roles.div_ceil(TEAM);
    json!({
        "Path": "/",
        "UserName": format!("u-{number}"),
        "UserId": format!("AIDA{number:017}"),
        "Arn": format!("arn:aws:iam::{ACCOUNT}:user/u-{number}"),
        "GroupList": [format!("g-{}", number % groups)],
        "AttachedManagedPolicies": [attached(number * 11 % (roles * POLICIES))],
        "Tags": [],
    })
}

fn group(number: usize) -> Value {
    let statement = json!({
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Resource": format!("arn:aws:iam::{ACCOUNT}:role/team-{number}-*"),
        "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
    });
    json!({
        "Path": "/",
        "GroupName": format!("g-{number}"),
        "GroupId": format!("AGPA{number:017}"),
        "Arn": format!("arn:aws:iam::{ACCOUNT}:group/g-{number}"),
        "GroupPolicyList": [{"PolicyName": "own", "PolicyDocument": document(statement)}],
        "AttachedManagedPolicies": [],
    })
}

fn policy(number: usize, leading: usize) -> Value {
    let owner = number / POLICIES;
    let leads = leading > 0 && number.is_multiple_of(POLICIES) && owner.is_multiple_of(leading);
    let list = if leads { LEADING } else { DAILY };
    let (actions, resource) = list[(number / leading.max(1) + number / 3) % list.len()];
    let group = (owner / TEAM + number % 3).to_string();
    let resource = resource.replace("NUMBER", &owner.to_string()).replace("GROUP", &group).replace("ACCOUNT", ACCOUNT);
    let effect = if number.is_multiple_of(97) { "Deny" } else { "Allow" };
    json!({
        "PolicyName": format!("p-{number}"),
        "PolicyId": format!("ANPA{number:017}"),
        "Arn": format!("arn:aws:iam::{ACCOUNT}:policy/p-{number}"),
        "Path": "/",
        "DefaultVersionId": "v1",
        "AttachmentCount": 1,
        "PermissionsBoundaryUsageCount": 0,
        "IsAttachable": true,
        "PolicyVersionList": [{
            "VersionId": "v1",
            "IsDefaultVersion": true,
            "Document": document(json!({"Effect": effect, "Action": actions, "Resource": resource})),
        }],
    })
}

fn role_name(number: usize) -> String {
    format!("team-{}-{number}", number / TEAM)
}

fn attached(policy: usize) -> Value {
    json!({"PolicyName": format!("p-{policy}"), "PolicyArn": format!("arn:aws:iam::{ACCOUNT}:policy/p-{policy}")})
}

fn document(statement: Value) -> Value {
    json!({"Version": "2012-10-17", "Statement": [statement]})
}
