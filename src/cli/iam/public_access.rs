//! `iam public-access`: whether a policy lets in anyone.

use super::super::Exit;
use super::super::word::ListView;
use super::policy::{Kind, Policies};
use super::print;
use crate::iam::exposure::{self, Exposure};
use clap::Args;
use serde_json::json;

#[derive(Debug, Args)]
pub(super) struct PublicAccess {
    /// The policy of the resource, or the trust policy of the role.
    #[arg(long, value_name = "FILE")]
    policy: String,
    /// The type of the resource: AWS::S3::Bucket; AWS::IAM::AssumeRolePolicyDocument for a trust policy.
    #[arg(long = "type", value_name = "TYPE", value_parser = kind)]
    kind: Option<String>,
    /// How it is printed: text or json.
    #[arg(short, long = "output", value_name = "FORMAT", default_value = "text")]
    output: ListView,
}

/// Prints whether it is public, with a principal that it lets in.
pub(super) fn run(line: &PublicAccess) -> Result<Exit, String> {
    let files = Policies::none();
    let policy = files.read(&line.policy, Kind::OfResource)?;
    let exposure = exposure::of(&policy, line.kind.as_deref());
    let (text, json) = match &exposure {
        Exposure::None => ("not public\n".to_owned(), json!({"version": 1, "result": "none"})),
        Exposure::Unknown(reason) => {
            let reason = reason.to_string();
            (format!("unknown because {reason}\n"), json!({"version": 1, "result": "unknown", "reason": reason}))
        }
        Exposure::Public { statement, principal, why } => {
            let place = files.location(statement);
            let actions: Vec<String> = statement.actions.iter().map(ToString::to_string).collect();
            let not = if statement.not_action { "everything but " } else { "" };
            let sid = statement.sid.as_ref().map_or(String::new(), |sid| format!(" {sid}"));
            let text = format!(
                "public: {principal} may {not}{}\n  {why}\n  by Allow{sid} ({}:{})\n",
                actions.join(", "),
                place.path,
                place.start_line
            );
            let statement = json!({"path": place.path, "line": place.start_line, "sid": statement.sid});
            let json =
                json!({"version": 1, "result": "public", "principal": principal, "why": why, "statement": statement});
            (text, json)
        }
    };
    print(line.output, &text, &json)?;
    Ok(if matches!(exposure, Exposure::None) { Exit::Clean } else { Exit::Found })
}

/// `AWS::Service::Type`.
fn kind(name: &str) -> Result<String, String> {
    let parts: Vec<&str> = name.split("::").collect();
    match parts.as_slice() {
        ["AWS", service, kind] if !service.is_empty() && !kind.is_empty() => Ok(name.to_owned()),
        _ => Err("a resource type is expected, as AWS::S3::Bucket".to_owned()),
    }
}
