//! `iam access-not-granted`: actions that a policy must not allow.

use super::super::Exit;
use super::super::word::ListView;
use super::policy::{Kind, Policies};
use super::witness;
use crate::iam::{action, glob, inclusion};
use crate::source::likest;
use clap::Args;

#[derive(Debug, Args)]
pub(super) struct AccessNotGranted {
    /// The policy: a file, or the ARN of a policy that AWS manages.
    #[arg(long, value_name = "FILE")]
    policy: String,
    /// Actions that it must not allow; patterns are taken too.
    #[arg(long = "action", value_name = "ACTION", num_args = 1.., required = true, value_parser = known)]
    actions: Vec<String>,
    /// On these resources only, ARNs and patterns.
    #[arg(long = "resource", value_name = "ARN", num_args = 1..)]
    resources: Vec<String>,
    /// How it is printed: text or json.
    #[arg(short, long = "output", value_name = "FORMAT", default_value = "text")]
    output: ListView,
}

/// Prints whether one of them is allowed, with a witness.
pub(super) fn run(line: &AccessNotGranted) -> Result<Exit, String> {
    let files = Policies::none();
    let policy = files.read(&line.policy, Kind::Any)?;
    let access = inclusion::granted(&policy, &line.actions, &line.resources);
    witness::answer(&access, ["access not granted", "access granted"], line.output, &files)
}

/// An action, or a pattern of some, that AWS has: a slip would be a gate that lets everything through.
fn known(name: &str) -> Result<String, String> {
    if !action::expand(name).is_empty() {
        return Ok(name.to_owned());
    }
    let (service, _) = name.split_once(':').ok_or("an action is expected, as s3:GetObject")?;
    if !action::has_service(service) && !glob::has_wildcard(service) {
        let near = likest(service, action::services());
        let near = near.map_or(String::new(), |near| format!("; did you mean {near}?"));
        return Err(format!("there is no service `{service}`{near}"));
    }
    let names: Vec<String> = action::of_service(service).iter().map(|action| action.to_string()).collect();
    let near = likest(name, names.iter().map(String::as_str));
    let near = near.map_or(String::new(), |near| format!("; did you mean {near}?"));
    Err(format!("there is no action `{name}`{near}"))
}
