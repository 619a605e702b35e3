//! `iam no-new-access`: a new version of a policy against the old one.

use super::super::Exit;
use super::super::word::ListView;
use super::policy::{Kind, Policies};
use super::witness;
use crate::iam::document::Document;
use crate::iam::inclusion;
use clap::Args;

#[derive(Debug, Args)]
pub(super) struct NoNewAccess {
    /// The policy as it was: a file, or the ARN of a policy that AWS manages.
    #[arg(long, value_name = "FILE")]
    old: String,
    /// The policy as it shall be.
    #[arg(long, value_name = "FILE")]
    new: String,
    /// How it is printed: text or json.
    #[arg(short, long = "output", value_name = "FORMAT", default_value = "text")]
    output: ListView,
}

/// Prints whether there is new access, with a witness.
pub(super) fn run(line: &NoNewAccess) -> Result<Exit, String> {
    let files = Policies::none();
    let (old, new) = (files.read(&line.old, Kind::Any)?, files.read(&line.new, Kind::Any)?);
    let of_resource = |document: &Document| document.statements.first().map(|it| it.principals.is_some());
    if of_resource(&old).zip(of_resource(&new)).is_some_and(|(old, new)| old != new) {
        return Err("one policy has principals and the other has none: they cannot be compared".to_owned());
    }
    let access = inclusion::new_access(&new, &old);
    witness::answer(&access, ["no new access", "new access"], line.output, &files)
}
