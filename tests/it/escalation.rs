//! The known ways from some rights to more: for each a case in which a principal has it, and cases in which something
//! blocks it, put through the whole flow.

use crate::files::{entries, name, root};
use crate::scan::scan;
use leastwise::fact::{Graph, graph};
use leastwise::finding::{Confidence, Finding, Status};
use leastwise::iam::escalation::techniques;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

/// One case: what is judged lies in a folder of its own.
struct Case {
    technique: String,
    /// What it says of itself, in the line before it: `a way of Dev`, `perhaps a way of Dev`, `blocked by a denial`.
    said: String,
    path: String,
    text: String,
    /// The line that a finding points at, where one is marked.
    line: Option<usize>,
}

#[test]
fn every_way_is_found_and_is_not_found_where_something_blocks_it() {
    let cases = cases();
    let files: Vec<(String, String)> = cases.iter().map(|case| (case.path.clone(), case.text.clone())).collect();
    let (_, outcome) = scan(&files);
    assert_eq!(outcome.projects.len(), cases.len());
    let mut faults = Vec::new();
    let mut blocks: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut ways: BTreeSet<&str> = BTreeSet::new();
    for case in &cases {
        let of_case = |finding: &&Finding| &*finding.rule == "LP007" && *finding.location.path == *case.path;
        let findings: Vec<&Finding> = outcome.findings.iter().filter(of_case).collect();
        let fault = match case.said.strip_prefix("blocked by ") {
            Some(what) => {
                blocks.entry(&case.technique).or_default().insert(what);
                blocked(case, &findings)
            }
            None => {
                ways.insert(&case.technique);
                found(case, &findings)
            }
        };
        faults.extend(fault.map(|fault| format!("{}, {}: {fault}", case.path, case.said)));
    }
    for technique in techniques() {
        if !ways.contains(technique.name) || blocks.get(technique.name).is_none_or(|blocks| blocks.len() < 2) {
            faults.push(format!("{}: a case that has it and two that block it are needed", technique.name));
        }
    }
    assert!(faults.is_empty(), "{} wrong\n{}", faults.len(), faults.join("\n"));
}

/// The cases of all files: documents, each behind a line that says its form and what it is.
fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for path in entries(&root().join("tests/iam/escalation")) {
        let text = fs::read_to_string(&path).unwrap();
        let (title, _) = text.split_once('\n').unwrap();
        let technique = title.trim_start_matches("# ").rsplit_once(": ").unwrap().0.to_owned();
        let file = technique.replace(':', "-");
        assert_eq!(name(&path), format!("{file}.yaml"));
        for (number, part) in text.split("--- # ").skip(1).enumerate() {
            let (title, body) = part.split_once('\n').unwrap();
            let (form, said) = title.split_once(": ").unwrap();
            let name = if form == "account" { "account.json" } else { "template.yaml" };
            let marked = body.lines().position(|line| line.ends_with("# <- LP007"));
            cases.push(Case {
                technique: technique.clone(),
                said: said.to_owned(),
                path: format!("{file}/{number}/{name}"),
                text: body.to_owned(),
                line: marked.map(|line| line + 1),
            });
        }
    }
    cases
}

/// What is wrong with the finding of a way.
fn found(case: &Case, findings: &[&Finding]) -> Option<String> {
    let who = case.said.rsplit(' ').next().unwrap();
    let confidence = if case.said.starts_with("perhaps") { Confidence::Possible } else { Confidence::Definite };
    let own: Vec<&&Finding> = findings.iter().filter(|finding| &*finding.resource.name == who).collect();
    let [finding] = own.as_slice() else { return Some(format!("{} findings of {who}: {findings:#?}", own.len())) };
    let said = finding.message.rsplit_once(" (possible").map_or(&*finding.message, |(said, _)| said);
    let names = said.rsplit_once(" (").map_or("", |(_, names)| names).trim_end_matches(')');
    if finding.status != Status::Violated || finding.confidence != confidence {
        return Some(format!("not {confidence:?}: {}", finding.message));
    }
    if !names.split(", ").any(|name| name == case.technique) {
        return Some(format!("it is not named: {}", finding.message));
    }
    if case.line.is_some_and(|line| line != finding.location.start_line as usize) {
        return Some(format!("at line {}, not {:?}", finding.location.start_line, case.line));
    }
    let path: Vec<&str> = finding.flow.iter().map(|place| place.text.as_str()).collect();
    let whole = path.len() >= 2 && path[1].starts_with("it allows ");
    (!whole).then(|| format!("the path says {path:?}"))
}

/// What was found though it is blocked, or cannot be told of the way though all that it takes is known.
fn blocked(case: &Case, findings: &[&Finding]) -> Option<String> {
    let names = format!("({}: ", case.technique);
    let wrong = |finding: &&&Finding| finding.status != Status::Unknown || finding.message.contains(&names);
    findings.iter().find(wrong).map(|finding| finding.message.clone())
}

/// A user may assume a role, which may put code into a function whose role writes its own policies; another user may
/// only under a condition; a third reaches for functions that are not in the project.
const CHAIN: &str = r#"
Resources:
  Ann:
    Type: AWS::IAM::User
    Properties:
      Policies:
        - PolicyName: own
          PolicyDocument:
            Version: "2012-10-17"
            Statement: [{Effect: Allow, Action: sts:AssumeRole, Resource: !GetAtt Release.Arn}]
  Ben:
    Type: AWS::IAM::User
    Properties:
      Policies:
        - PolicyName: own
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - Effect: Allow
                Action: sts:AssumeRole
                Resource: !GetAtt Release.Arn
                Condition: {Bool: {"aws:MultiFactorAuthPresent": "true"}}
  Cid:
    Type: AWS::IAM::User
    Properties:
      Policies:
        - PolicyName: own
          PolicyDocument:
            Version: "2012-10-17"
            Statement: [{Effect: Allow, Action: lambda:UpdateFunctionCode, Resource: "arn:aws:lambda:*:*:function:other-*"}]
  Release:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {AWS: !Sub "arn:aws:iam::${AWS::AccountId}:root"}
            Action: sts:AssumeRole
          - Effect: Allow
            Principal: {AWS: "arn:aws:iam::444455556666:root"}
            Action: sts:AssumeRole
      Policies:
        - PolicyName: own
          PolicyDocument:
            Version: "2012-10-17"
            Statement: [{Effect: Allow, Action: lambda:UpdateFunctionCode, Resource: !GetAtt Admin.Arn}]
  Admin:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: admin
      Runtime: python3.13
      Handler: index.handler
      Code: {ZipFile: "def handler(event, context): pass"}
      Role: !GetAtt AdminRole.Arn
  AdminRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]
      Policies:
        - PolicyName: own
          PolicyDocument:
            Version: "2012-10-17"
            Statement: [{Effect: Allow, Action: iam:PutRolePolicy, Resource: "*"}]
"#;

#[test]
fn the_graph_leads_from_one_principal_over_others_to_every_right() {
    let (sources, outcome) = scan(&[("template.yaml".to_owned(), CHAIN.to_owned())]);
    let graph = graph(&outcome.projects[0]);
    let edge = |from: &str, to: &str| {
        let (from, to) = (member(&graph, from), member(&graph, to));
        graph.edges.iter().find(|edge| edge.from == from && edge.to.iter().any(|(target, _)| *target == to))
    };
    let means = &edge("user Ann", "role Release").unwrap().by;
    assert_eq!((means[0].name, &means[0].doubt), ("sts:AssumeRole", &None));
    let lines: Vec<u32> = means[0].statements.iter().map(|(span, _)| sources.location(*span).start_line).collect();
    assert_eq!(lines, [10], "the user's own statement; the role's trust is where it leads over");
    let doubt = edge("user Ben", "role Release").unwrap().by[0].doubt.clone();
    assert!(doubt.unwrap().contains("aws:MultiFactorAuthPresent"));
    assert_eq!(edge("role Release", "role AdminRole").unwrap().by[0].name, "lambda:UpdateFunctionCode");
    assert_eq!(edge("role AdminRole", "every right").unwrap().by[0].name, "iam:PutRolePolicy");
    assert_eq!(edge("lambda.amazonaws.com", "role AdminRole").unwrap().by[0].name, "sts:AssumeRole");
    assert!(edge("arn:aws:iam::444455556666:root", "role Release").is_some());
    assert!(edge("user Cid", "role AdminRole").is_none());
    let cid = &graph.members[member(&graph, "user Cid")];
    assert_eq!(cid.unknown.iter().map(|(name, _)| *name).collect::<Vec<_>>(), ["lambda:UpdateFunctionCode"]);
    assert_eq!(graph.members[member(&graph, "role AdminRole")].functions, ["Admin"]);
}

#[test]
fn how_far_a_principal_comes_is_said_by_the_shortest_way() {
    let (_, outcome) = scan(&[("template.yaml".to_owned(), CHAIN.to_owned())]);
    let graph = graph(&outcome.projects[0]);
    let far = |from: &str| {
        let members = &graph.reach[member(&graph, from)].members;
        let said = members.iter().map(|(to, before, certain)| {
            format!("{} by {}{}", graph.members[*to].name, graph.members[*before].name, if *certain { "" } else { "?" })
        });
        said.collect::<Vec<String>>()
    };
    let whole = ["role Release by user Ann", "role AdminRole by role Release", "every right by role AdminRole"];
    assert_eq!(far("user Ann"), whole);
    assert_eq!(graph.reach[member(&graph, "user Ann")].everyone, Some(member(&graph, "every right")));
    assert_eq!(far("user Ben"), whole.map(|step| format!("{}?", step.replace("Ann", "Ben"))));
    assert!(far("user Cid").is_empty());
}

#[test]
fn of_ways_as_long_as_each_other_a_certain_one_is_shown() {
    let root = "!Sub \"arn:aws:iam::${AWS::AccountId}:root\"";
    let role = |name: &str, statements: &str| {
        format!(
            "  {name}:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument:\n        Statement: [{{Effect: Allow, Principal: {{AWS: {root}}}, Action: sts:AssumeRole}}]\n      Policies:\n        - PolicyName: own\n          PolicyDocument: {{Statement: [{statements}]}}\n"
        )
    };
    let user = "  U:\n    Type: AWS::IAM::User\n    Properties:\n      Policies:\n        - PolicyName: own\n          PolicyDocument: {Statement: [{Effect: Allow, Action: sts:AssumeRole, Resource: [!GetAtt A.Arn, !GetAtt B.Arn]}]}\n";
    let assume = "{Effect: Allow, Action: sts:AssumeRole, Resource: !GetAtt X.Arn";
    let template = format!(
        "Resources:\n{}{}{}{user}",
        role("A", &format!("{assume}, Condition: {{StringEquals: {{\"aws:PrincipalTag/t\": a}}}}}}")),
        role("B", &format!("{assume}}}")),
        role("X", "{Effect: Allow, Action: \"s3:*\", Resource: \"*\"}")
    );
    let (_, outcome) = scan(&[("template.yaml".to_owned(), template)]);
    let graph = graph(&outcome.projects[0]);
    let [user, b, x] = ["user U", "role B", "role X"].map(|name| member(&graph, name));
    assert!(graph.reach[user].members.contains(&(x, b, true)), "{:?}", graph.reach[user]);
}

fn member(graph: &Graph, name: &str) -> usize {
    graph.members.iter().position(|member| member.name == name).unwrap()
}
