//! Ways to more rights, and openings, that rest on what is not known: they are said as possible, or that it cannot be
//! told, and not left out.

use crate::scan::scan;
use leastwise::fact::graph;
use leastwise::finding::{Confidence, Finding, Status};

/// The findings of a rule.
fn told(files: &[(&str, String)], rule: &str) -> Vec<Finding> {
    let files: Vec<(String, String)> = files.iter().map(|(path, text)| ((*path).to_owned(), text.clone())).collect();
    let (_, outcome) = scan(&files);
    assert_eq!(outcome.projects.is_empty(), false);
    outcome.findings.into_iter().filter(|finding| &*finding.rule == rule).collect()
}

/// `definite`, `possible`, `unknown`, or nothing, for the findings of a rule on a template.
fn said(template: &str, rule: &str) -> String {
    shown(&told(&[("template.yaml", template.to_owned())], rule))
}

fn shown(findings: &[Finding]) -> String {
    let words = findings.iter().map(|finding| match (finding.status, finding.confidence) {
        (Status::Unknown, _) => "unknown",
        (_, Confidence::Definite) => "definite",
        _ => "possible",
    });
    words.collect::<Vec<_>>().join(" ")
}

/// A user who passes a role to a new function: what of the role's ARN and of the functions' the policy says.
fn deployer(partition: &str, account: &str, more: &str) -> String {
    format!(
        r#"
Parameters: {{Guard: {{Type: String}}}}
Resources:
  Admin:
    Type: AWS::IAM::Role
    Properties:
      RoleName: admin
      AssumeRolePolicyDocument:
        Statement: [{{Effect: Allow, Principal: {{Service: lambda.amazonaws.com}}, Action: sts:AssumeRole}}]
      Policies:
        - PolicyName: own
          PolicyDocument: {{Statement: [{{Effect: Allow, Action: "s3:*", Resource: "*"}}]}}
  Deployer:
    Type: AWS::IAM::User
    Properties:
      UserName: deployer
      Policies:
        - PolicyName: own
          PolicyDocument:
            Statement:
              - {{Effect: Allow, Action: iam:PassRole, Resource: "arn:{partition}:iam::{account}:role/admin"}}
              - Effect: Allow
                Action: [lambda:CreateFunction, lambda:InvokeFunction]
                Resource: "arn:{partition}:lambda:*:{account}:function:*"
{more}
"#
    )
}

#[test]
fn every_partition_is_one() {
    for partition in ["aws", "aws-us-gov", "aws-cn", "aws-eusc", "*"] {
        assert_eq!(said(&deployer(partition, "111111111111", ""), "LP007"), "definite", "{partition}");
    }
}

#[test]
fn a_policy_that_is_not_known_may_deny_or_allow() {
    let guard = "      ManagedPolicyArns: [!Ref Guard]";
    assert_eq!(said(&deployer("aws", "111111111111", guard), "LP007"), "possible");
    let only = "Parameters: {P: {Type: String}}\nResources:\n  U:\n    Type: AWS::IAM::User\n    Properties: {ManagedPolicyArns: [!Ref P]}\n";
    assert_eq!(said(only, "LP007"), "unknown");
}

/// Two functions, one of which may change the other, by what its policy says.
fn functions(statements: &str) -> String {
    let role = |name: &str, statements: &str| {
        format!(
            r#"
  {name}:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{{Effect: Allow, Principal: {{Service: lambda.amazonaws.com}}, Action: sts:AssumeRole}}]
      Policies:
        - PolicyName: own
          PolicyDocument: {{Statement: [{statements}]}}
"#
        )
    };
    let function = |name: &str, role: &str| {
        format!(
            "  {name}: {{Type: AWS::Lambda::Function, Properties: {{FunctionName: {}, Role: !GetAtt {role}.Arn, Runtime: python3.12, Handler: index.handler, Code: {{ZipFile: \"def handler(e, c): pass\"}}}}}}\n",
            name.to_lowercase()
        )
    };
    let strong = r#"{Effect: Allow, Action: "s3:PutObject", Resource: "arn:aws:s3:::x/*"}"#;
    let functions = [("W", "Weak"), ("One", "Strong"), ("Two", "Strong")].map(|(name, role)| function(name, role));
    format!("Resources:{}{}{}", role("Weak", statements), role("Strong", strong), functions.concat())
}

const MAY_CHANGE: &str = "{Effect: Allow, Action: lambda:UpdateFunctionCode, Resource: \"arn:aws:lambda:eu-west-1:111111111111:function:one\"}";

#[test]
fn an_account_that_only_others_than_iam_name_is_a_guess() {
    assert_eq!(said(&functions(MAY_CHANGE), "XL010"), "possible");
    let passes = "{Effect: Allow, Action: iam:PassRole, Resource: \"arn:aws:iam::111111111111:role/none\"}";
    assert_eq!(said(&functions(&format!("{MAY_CHANGE}, {passes}")), "XL010"), "definite");
    let any = MAY_CHANGE.replace("111111111111", "*");
    assert_eq!(said(&functions(&any), "XL010"), "definite");
}

#[test]
fn what_is_certain_is_said_without_what_is_not() {
    let other = "{Effect: Allow, Action: lambda:UpdateFunctionCode, Resource: !GetAtt Two.Arn, Condition: {StringEquals: {\"aws:PrincipalTag/x\": a}}}";
    let plain = MAY_CHANGE.replace("111111111111", "*");
    for both in [format!("{plain}, {other}"), format!("{other}, {plain}")] {
        let findings = told(&[("template.yaml", functions(&both))], "XL010");
        assert_eq!(shown(&findings), "definite", "{both}");
        let message = &findings[0].message;
        assert!(message.to_lowercase().contains("one") && !message.to_lowercase().contains("two"), "{message}");
    }
}

#[test]
fn a_role_that_trusts_a_written_account_is_reached_from_the_own_one_by_a_guess() {
    let template = r#"
Resources:
  B:
    Type: AWS::IAM::Role
    Properties:
      RoleName: b
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {AWS: "arn:aws:iam::999999999999:root"}, Action: sts:AssumeRole}]
  A:
    Type: AWS::IAM::User
    Properties:
      UserName: a
      Policies:
        - PolicyName: own
          PolicyDocument: {Statement: [{Effect: Allow, Action: "sts:AssumeRole", Resource: "arn:aws:iam::999999999999:role/*"}]}
"#;
    let (_, outcome) = scan(&[("template.yaml".to_owned(), template.to_owned())]);
    let graph = graph(&outcome.projects[0]);
    let index = |name: &str| graph.members.iter().position(|member| member.name == name).unwrap();
    let from = index("user A");
    let edge = graph.edges.iter().find(|edge| edge.from == from).unwrap();
    let doubt = edge.by[0].doubt.clone().unwrap_or_default();
    assert!(doubt.contains("whether 999999999999 is the project's own account"), "{doubt:?}");
    assert!(graph.reach[from].members.iter().any(|(to, _, sure)| *to == index("role B") && !sure));
}

#[test]
fn a_right_under_a_condition_of_the_template_is_no_proof_that_nothing_is_gained() {
    let own = |resource: &str| {
        let more = format!("              - {{Effect: Allow, Action: \"s3:*\", Resource: [{resource}]}}");
        let template = deployer("aws", "111111111111", &more);
        format!("{template}\nConditions: {{C: !Equals [!Ref Guard, x]}}\n")
    };
    assert_eq!(said(&own("\"*\""), "LP007"), "");
    assert_ne!(said(&own("!If [C, \"*\", \"arn:aws:s3:::x/*\"]"), "LP007"), "");
}

#[test]
fn what_is_not_known_in_two_modules_is_not_the_same() {
    let module = |right: &str| {
        format!(
            r#"
variable "name" {{}}
data "external" "x" {{ program = ["x"] }}
data "external" "y" {{ program = ["y"] }}
resource "aws_iam_role" "r" {{
  name = var.name
  assume_role_policy = jsonencode({{Statement=[{{Effect="Allow", Action="sts:AssumeRole", Principal={{Service="lambda.amazonaws.com"}}}}]}})
}}
resource "aws_iam_role_policy" "r" {{
  role   = aws_iam_role.r.name
  policy = jsonencode({{Statement=[{{Effect="Allow", Action="s3:GetObject", Resource=data.external.x.result.arn}}]}})
}}
resource "aws_iam_user" "u" {{ name = "u-${{var.name}}" }}
resource "aws_iam_user_policy" "own" {{
  user   = aws_iam_user.u.name
  policy = jsonencode({{Statement=[{{Effect="Allow", Action="s3:GetObject", Resource={right}}}]}})
}}
output "user" {{ value = aws_iam_user.u.name }}
"#
        )
    };
    let passes = |role: &str| {
        format!(
            r#"
module "a" {{
  source = "./m"
  name   = "a"
}}
module "b" {{
  source = "./m"
  name   = "b"
}}
resource "aws_iam_user_policy" "u" {{
  user   = module.b.user
  policy = jsonencode({{Statement=[
    {{Effect="Allow", Action="iam:PassRole", Resource="arn:aws:iam::111111111111:role/{role}"}},
    {{Effect="Allow", Action=["lambda:CreateFunction","lambda:InvokeFunction"], Resource="*"}}]}})
}}
"#
        )
    };
    let asked = |role: &str, right: &str| {
        let files = [("main.tf", passes(role)), ("m/main.tf", module(right))];
        shown(&told(&files, "LP007"))
    };
    assert_eq!(asked("b", "data.external.x.result.arn"), "");
    assert_eq!(asked("b", "data.external.y.result.arn"), "unknown");
    assert_eq!(asked("a", "data.external.x.result.arn"), "unknown");
}

#[test]
fn whether_an_effect_allows_is_asked_of_every_opening() {
    let role = |name: &str, statement: &str| {
        format!(
            "  {name}:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument:\n        Statement: [{statement}]\n"
        )
    };
    let hub = "arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com";
    let template = |effect: &str| {
        let outside = format!(
            "{{Effect: {effect}, Principal: {{AWS: \"arn:aws:iam::444455556666:root\"}}, Action: sts:AssumeRole}}"
        );
        let federated =
            format!("{{Effect: {effect}, Principal: {{Federated: \"{hub}\"}}, Action: sts:AssumeRoleWithWebIdentity}}");
        let service =
            format!("{{Effect: {effect}, Principal: {{Service: scheduler.amazonaws.com}}, Action: sts:AssumeRole}}");
        format!(
            "Parameters: {{P: {{Type: String}}}}\nConditions: {{C: !Equals [!Ref P, x]}}\nResources:\n{}{}{}",
            role("Outside", &outside),
            role("Federated", &federated),
            role("Service", &service)
        )
    };
    for rule in ["LP015", "LP017"] {
        assert_eq!(said(&template("Allow"), rule), "definite", "{rule}");
        assert_eq!(said(&template("!If [C, Allow, Deny]"), rule), "unknown", "{rule}");
        assert_eq!(said(&template("!Ref P"), rule), "unknown", "{rule}");
    }
}
