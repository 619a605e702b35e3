//! The account export of `aws iam get-account-authorization-details`: roles, users, groups and policies as resources.

use super::Context;
use crate::model::{Format, Project, Resource};
use crate::source::{DETAILS_ACTION, Problem, ProblemKind, SourceFile, Span};
use crate::syntax::{Node, UnknownKind, Value, json};
use std::borrow::Cow;
use std::sync::Arc;

/// The lists of the answer, which also tell an export from other JSON
/// (API reference of IAM, GetAccountAuthorizationDetails, read 2026-11).
const LISTS: [&str; 4] = ["UserDetailList", "GroupDetailList", "RoleDetailList", "Policies"];

/// What marks policies and roles that are AWS's own: kept so that roles can be resolved, never judged.
pub const AWS_OWN: &str = "AWS";

/// The walked JSON files whose text speaks of all lists of an export; [`read`] decides.
pub fn roots(context: &Context<'_>) -> Vec<String> {
    let finders = LISTS.map(|list| memchr::memmem::Finder::new(list).into_owned());
    let walked = context.sources.walked_under("");
    let names = walked.iter().map(|(path, _)| path).filter(|path| path.ends_with(".json"));
    names
        .filter(|path| {
            context
                .sources
                .open(path)
                .is_ok_and(|file| finders.iter().all(|finder| finder.find(file.text.as_bytes()).is_some()))
        })
        .map(|path| path.to_string())
        .collect()
}

/// Reads an export. `None` without a problem where the file is other JSON that only mentions the lists;
/// with one where it cannot be read.
///
/// Ids are ARNs; names are those of roles, users and groups, and the ARN for policies. What is AWS's own has
/// `generated_from` = [`AWS_OWN`].
pub fn read(context: &Context<'_>, root: &str) -> (Option<Project>, Vec<Problem>) {
    let path: Arc<str> = root.into();
    let file = match context.sources.open(root) {
        Ok(file) => file,
        Err(error) => return (None, vec![Problem::of_file(ProblemKind::Io, &path, error.to_string())]),
    };
    let (parsed, mut problems) = json::parse(&file);
    let Some(export) = parsed else {
        return (None, problems);
    };
    if !LISTS.iter().any(|list| export.get(list).is_some_and(|value| matches!(value.value, Value::List(_)))) {
        return (None, problems);
    }
    let mut lowering = Lowering { file: &file, problems: Vec::new() };
    let mut resources = Vec::new();
    for list in LISTS {
        for detail in export.get(list).map(Node::items).unwrap_or_default() {
            match lowering.entry(list, detail) {
                Some(resource) => resources.push(resource),
                None => lowering.problem(detail.span, format!("an entry of {list} has no Arn and was left out")),
            }
        }
    }
    problems.append(&mut lowering.problems);
    problems.extend(cut_short(&file, &export));
    let region = Node::unknown(UnknownKind::Pseudo, "AWS::Region", Span::start_of(file.id));
    (Some(Project::new(file.path.clone(), Format::Account, resources, region)), problems)
}

/// An export that ends before the last page: it says so, or names where the next page begins.
///
/// A saved account that is named on the command line has a manifest, which says why; this is for what a walk met.
fn cut_short(file: &SourceFile, export: &Node) -> Option<Problem> {
    let truncated = export.entry("IsTruncated").filter(|entry| entry.value.as_bool() == Some(true));
    let next =
        || ["NextToken", "Marker"].into_iter().find_map(|key| export.entry(key)).filter(|e| !e.value.is_absent());
    let at = truncated.or_else(next)?;
    let message =
        "the export ends before the last page: export it without --max-items; nothing is concluded from what is absent";
    let place = file.location(at.key_span);
    Some(Problem { action: Some(DETAILS_ACTION.into()), ..Problem::at(ProblemKind::Coverage, &place, message) })
}

/// One export being lowered.
struct Lowering<'a> {
    file: &'a SourceFile,
    problems: Vec<Problem>,
}

impl Lowering<'_> {
    fn entry(&mut self, list: &str, detail: &Node) -> Option<Resource> {
        match list {
            "RoleDetailList" => self.role(detail),
            "UserDetailList" => self.user(detail),
            "GroupDetailList" => self.group(detail),
            _ => self.policy(detail),
        }
    }

    fn role(&mut self, detail: &Node) -> Option<Resource> {
        let mut properties = self.principal(detail, &["RoleName", "Path", "Description"], "RolePolicyList");
        if let Some(trust) = detail.entry("AssumeRolePolicyDocument") {
            let document = self.document(&trust.value);
            properties.set("AssumeRolePolicyDocument", trust.key_span, document);
        }
        copy(detail, "Tags", "Tags", &mut properties);
        let mut role = resource("AWS::IAM::Role", detail, "RoleName", properties)?;
        if detail.get("Path").and_then(Node::as_text).is_some_and(|path| path.starts_with("/aws-service-role/")) {
            role.generated_from = Some(AWS_OWN.into());
        }
        Some(role)
    }

    fn user(&mut self, detail: &Node) -> Option<Resource> {
        let mut properties = self.principal(detail, &["UserName", "Path"], "UserPolicyList");
        copy(detail, "GroupList", "Groups", &mut properties);
        copy(detail, "Tags", "Tags", &mut properties);
        resource("AWS::IAM::User", detail, "UserName", properties)
    }

    fn group(&mut self, detail: &Node) -> Option<Resource> {
        let properties = self.principal(detail, &["GroupName", "Path"], "GroupPolicyList");
        resource("AWS::IAM::Group", detail, "GroupName", properties)
    }

    /// A managed policy with the document of its default version, the only one that is in force; and those that may be
    /// made it, under a key of ours.
    fn policy(&mut self, detail: &Node) -> Option<Resource> {
        let mut properties = Node::new(Value::Map(Vec::new()), detail.span);
        copy(detail, "PolicyName", "ManagedPolicyName", &mut properties);
        copy(detail, "Path", "Path", &mut properties);
        copy(detail, "Description", "Description", &mut properties);
        let versions = detail.get("PolicyVersionList").map(Node::items).unwrap_or_default();
        let wanted = detail.get("DefaultVersionId").and_then(Node::as_text);
        let is_default = |version: &&Node| {
            let id = version.get("VersionId").and_then(Node::as_text);
            version.get("IsDefaultVersion").and_then(Node::as_bool) == Some(true) || (id.is_some() && id == wanted)
        };
        let (key_span, document) = match versions.iter().find(is_default).and_then(|version| version.entry("Document"))
        {
            Some(entry) => (entry.key_span, self.document(&entry.value)),
            None => {
                let what = "the default version of the policy";
                (detail.span, Node::unknown(UnknownKind::Lookup, what, detail.span))
            }
        };
        properties.set("PolicyDocument", key_span, document);
        let others =
            versions.iter().filter(|version| !is_default(version)).filter_map(|version| version.entry("Document"));
        let others: Vec<Node> = others.map(|entry| self.document(&entry.value)).collect();
        if !others.is_empty() {
            properties.set("__Versions", key_span, Node::list(others, detail.span));
        }
        let mut policy = resource("AWS::IAM::ManagedPolicy", detail, "Arn", properties)?;
        if is_aws_policy(&policy.id) {
            policy.generated_from = Some(AWS_OWN.into());
        }
        Some(policy)
    }

    /// What roles, users and groups have in common: names, inline and attached policies, the boundary.
    fn principal(&mut self, detail: &Node, keys: &[&str], inline: &str) -> Node {
        let mut properties = Node::new(Value::Map(Vec::new()), detail.span);
        for key in keys {
            copy(detail, key, key, &mut properties);
        }
        if let Some(list) = detail.entry(inline) {
            let policies = list.value.items().iter().map(|policy| self.inline_policy(policy)).collect();
            properties.set("Policies", list.key_span, Node::list(policies, list.value.span));
        }
        if let Some(attached) = detail.entry("AttachedManagedPolicies") {
            let arns = attached.value.items().iter().filter_map(|policy| policy.get("PolicyArn").cloned()).collect();
            properties.set("ManagedPolicyArns", attached.key_span, Node::list(arns, attached.value.span));
        }
        if let Some(arn) =
            detail.get("PermissionsBoundary").and_then(|boundary| boundary.entry("PermissionsBoundaryArn"))
        {
            properties.set("PermissionsBoundary", arn.key_span, arn.value.clone());
        }
        properties
    }

    fn inline_policy(&mut self, policy: &Node) -> Node {
        let mut lowered = policy.clone();
        if let Some(entry) = policy.entry("PolicyDocument") {
            let document = self.document(&entry.value);
            lowered.set("PolicyDocument", entry.key_span, document);
        }
        lowered
    }

    /// A policy document: a map as the AWS CLI writes it, or a string, percent-encoded as the API answers
    /// (RFC 3986; API reference of IAM, PolicyDetail) or plain; all of a string's nodes have the string's span.
    fn document(&mut self, node: &Node) -> Node {
        let Value::String(text) = &node.value else {
            return node.clone();
        };
        let plain = if text.trim_start().starts_with('{') {
            Cow::Borrowed(&**text)
        } else {
            percent_encoding::percent_decode_str(text).decode_utf8_lossy()
        };
        let (document, faults) = json::parse_within(&plain, node.span);
        for fault in faults {
            self.problem(node.span, format!("a policy document is not JSON as it should be: {}", fault.message));
        }
        document
            .unwrap_or_else(|| Node::unknown(UnknownKind::Expression, "a policy document that is not JSON", node.span))
    }

    fn problem(&mut self, span: Span, message: String) {
        self.problems.push(Problem::at(ProblemKind::Parse, &self.file.location(span), message));
    }
}

/// Whether an ARN names a policy that AWS wrote: the account field is `aws`.
pub fn is_aws_policy(arn: &str) -> bool {
    let mut fields = arn.split(':').skip(2);
    fields.next() == Some("iam") && fields.nth(1) == Some("aws")
}

fn copy(from: &Node, key: &str, to: &str, properties: &mut Node) {
    if let Some(entry) = from.entry(key) {
        properties.set(to, entry.key_span, entry.value.clone());
    }
}

fn resource(kind: &str, detail: &Node, name_key: &str, properties: Node) -> Option<Resource> {
    let arn = detail.get("Arn")?.as_text()?;
    let name = detail.entry(name_key);
    let span = name.map_or(detail.span, |entry| entry.key_span.to(entry.value.span));
    let mut resource = Resource::new(kind, arn, properties, span);
    if let Some(name) = name.and_then(|entry| entry.value.as_text()) {
        resource.name = name.into();
    }
    Some(resource)
}

#[cfg(test)]
mod tests {
    use super::{AWS_OWN, is_aws_policy, read, roots};
    use crate::infra::{Context, Options};
    use crate::model::Format;
    use crate::source::{ProblemKind, Sources};
    use std::fmt::Write;

    const EXPORT: &str = r#"{
  "UserDetailList": [
    {"Path": "/", "UserName": "ann", "Arn": "arn:aws:iam::1:user/ann", "GroupList": ["admins"],
     "AttachedManagedPolicies": [], "Tags": [{"Key": "team", "Value": "a"}],
     "PermissionsBoundary": {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": "arn:aws:iam::1:policy/b"}}
  ],
  "GroupDetailList": [
    {"Path": "/", "GroupName": "admins", "Arn": "arn:aws:iam::1:group/admins", "GroupPolicyList": [],
     "AttachedManagedPolicies": [{"PolicyName": "A", "PolicyArn": "arn:aws:iam::aws:policy/A"}]}
  ],
  "RoleDetailList": [
    {"Path": "/", "RoleName": "app", "Arn": "arn:aws:iam::1:role/app",
     "AssumeRolePolicyDocument": "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%7D%5D%7D",
     "RolePolicyList": [
       {"PolicyName": "inline", "PolicyDocument": {"Statement": [
         {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
       ]}}
     ]},
    {"Path": "/aws-service-role/x.amazonaws.com/", "RoleName": "AWSServiceRoleForX", "Arn": "arn:aws:iam::1:role/s/x"},
    {"RoleName": "without"}
  ],
  "Policies": [
    {"PolicyName": "own", "Arn": "arn:aws:iam::1:policy/own", "Path": "/", "DefaultVersionId": "v2", "PolicyVersionList": [
      {"VersionId": "v1", "IsDefaultVersion": false, "Document": {"Statement": "old"}},
      {"VersionId": "v2", "IsDefaultVersion": true, "Document": {"Statement": "new"}}
    ]},
    {"PolicyName": "A", "Arn": "arn:aws:iam::aws:policy/A", "DefaultVersionId": "v1", "PolicyVersionList": []}
  ]
}"#;

    #[test]
    fn an_export_becomes_resources() {
        let sources = Sources::in_memory([("live/iam.json", EXPORT), ("b.json", r#"{"Policies": "RoleDetailList"}"#)]);
        let options = Options::default();
        let context = Context { sources: &sources, options: &options };
        assert_eq!(roots(&context), ["live/iam.json"]);
        let (project, problems) = read(&context, "live/iam.json");
        let project = project.unwrap();
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert_eq!(problems[0].line, Some(20));
        assert_eq!(project.format, Format::Account);
        assert!(project.region.as_unknown().is_some());

        let role = project.resource("arn:aws:iam::1:role/app").unwrap();
        assert_eq!((&*role.kind, &*role.name), ("AWS::IAM::Role", "app"));
        let trust = role.property("AssumeRolePolicyDocument.Statement").unwrap();
        assert_eq!(trust.items()[0].get("Effect").unwrap().as_text(), Some("Allow"));
        let statement =
            &role.property("Policies").unwrap().items()[0].at("PolicyDocument.Statement").unwrap().items()[0];
        assert_eq!(sources.location(statement.span).start_line, 16);
        assert_eq!(sources.location(role.span).start_line, 12);

        let user = project.resource("arn:aws:iam::1:user/ann").unwrap();
        assert_eq!(user.property("Groups").unwrap().items()[0].as_text(), Some("admins"));
        assert_eq!(user.property("PermissionsBoundary").unwrap().as_text(), Some("arn:aws:iam::1:policy/b"));
        let group = project.resource("arn:aws:iam::1:group/admins").unwrap();
        assert_eq!(
            group.property("ManagedPolicyArns").unwrap().items()[0].as_text(),
            Some("arn:aws:iam::aws:policy/A")
        );

        let own = project.resource("arn:aws:iam::1:policy/own").unwrap();
        assert_eq!((&*own.name, own.generated_from.as_deref()), ("arn:aws:iam::1:policy/own", None));
        assert_eq!(own.property("PolicyDocument.Statement").unwrap().as_text(), Some("new"));
        let aws = project.resource("arn:aws:iam::aws:policy/A").unwrap();
        assert_eq!(aws.generated_from.as_deref(), Some(AWS_OWN));
        assert!(aws.property("PolicyDocument").unwrap().as_unknown().is_some());
        let service = project.resource("arn:aws:iam::1:role/s/x").unwrap();
        assert_eq!(service.generated_from.as_deref(), Some(AWS_OWN));
    }

    #[test]
    fn an_export_that_ends_early_says_so() {
        let of = |rest: &str| {
            let text = EXPORT.replacen('{', &format!("{{\n{rest}"), 1);
            let sources = Sources::in_memory([("iam.json", text.as_str())]);
            let options = Options::default();
            let problems = read(&Context { sources: &sources, options: &options }, "iam.json").1;
            let cut = problems.into_iter().filter(|problem| problem.kind == ProblemKind::Coverage);
            cut.map(|problem| (problem.line, problem.action.as_deref().map(str::to_owned))).collect::<Vec<_>>()
        };
        let said = vec![(Some(2), Some("iam:GetAccountAuthorizationDetails".to_owned()))];
        assert_eq!(of(r#""IsTruncated": true,"#), said);
        assert_eq!(of(r#""NextToken": "abc","#), said);
        assert_eq!(of(r#""IsTruncated": false, "Marker": null,"#), []);
    }

    #[test]
    fn aws_policies_are_known_in_every_partition() {
        assert!(is_aws_policy("arn:aws-cn:iam::aws:policy/job-function/Billing"));
        assert!(!is_aws_policy("arn:aws:iam::123456789012:policy/aws"));
        assert!(!is_aws_policy("AdministratorAccess"));
    }

    #[test]
    fn other_json_and_broken_documents() {
        let broken = EXPORT.replace("%7D%5D%7D\"", "\"");
        let other = r#"{"a": ["UserDetailList", "GroupDetailList", "RoleDetailList", "Policies"]}"#;
        let sources = Sources::in_memory([("broken.json", broken.as_str()), ("other.json", other)]);
        let options = Options::default();
        let context = Context { sources: &sources, options: &options };
        let (none, problems) = read(&context, "other.json");
        assert!(none.is_none() && problems.is_empty());
        let (project, problems) = read(&context, "broken.json");
        assert_eq!(problems.len(), 2);
        let project = project.unwrap();
        let role = project.resource("arn:aws:iam::1:role/app").unwrap();
        assert!(role.property("AssumeRolePolicyDocument").unwrap().as_unknown().is_some());
        assert_eq!(read(&context, "missing.json").1.len(), 1);
    }

    #[test]
    fn six_thousand_entries_are_read_at_once() {
        let mut text = String::from("{\"UserDetailList\": [], \"GroupDetailList\": [], \"RoleDetailList\": [");
        for role in 0..1_000 {
            let comma = if role == 0 { "" } else { "," };
            let _ = write!(text, "{comma}{{\"RoleName\": \"r{role}\", \"Arn\": \"arn:aws:iam::1:role/r{role}\"}}");
        }
        text.push_str("], \"Policies\": [");
        for policy in 0..5_000 {
            let comma = if policy == 0 { "" } else { "," };
            let statement = "{\"Effect\": \"Allow\", \"Action\": [\"s3:Get*\", \"s3:List*\"], \"Resource\": \"*\"}";
            let _ = write!(
                text,
                "{comma}{{\"Arn\": \"arn:aws:iam::1:policy/p{policy}\", \"PolicyVersionList\": [{{\"IsDefaultVersion\": true, \
                 \"Document\": {{\"Statement\": [{statement}, {statement}, {statement}]}}}}]}}"
            );
        }
        text.push_str("]}");
        let sources = Sources::in_memory([("a.json", text.as_str())]);
        let options = Options::default();
        let started = std::time::Instant::now();
        let (project, _) = read(&Context { sources: &sources, options: &options }, "a.json");
        assert_eq!(project.unwrap().resources.len(), 6_000);
        println!("{} KB in {:?}", text.len() / 1_000, started.elapsed());
    }
}
