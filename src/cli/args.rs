//! The arguments of every command.

use super::iam::IamLine;
use super::word::{ListView, pair};
use crate::place;
use crate::report::Format;
use crate::rule::Severity;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;
use std::str::FromStr;

/// A security and compliance scanner that judges function code, infrastructure templates and live IAM together.
#[derive(Debug, Parser)]
#[command(name = "leastwise", version, propagate_version = true, arg_required_else_help = true)]
pub(super) struct Line {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Scan code, templates and accounts.
    Scan(Scan),
    /// Scan the live account and nothing else; the snapshot can be kept.
    Audit(Audit),
    /// Print what was understood: resources, values, unknowns, links.
    Show(Show),
    /// Write the smallest policy that a function needs.
    Policy(Policy),
    /// Print the page of a rule.
    Explain(Explain),
    /// List rules, or check rules of your own.
    Rules(Rules),
    /// Answer questions about IAM policies in files, offline.
    Iam(IamLine),
}

#[derive(Debug, Args)]
pub(super) struct Scan {
    /// Files and folders [default: the current folder, unless --account or --live is given].
    pub(super) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) accounts: Accounts,
    #[command(flatten)]
    pub(super) judging: Judging,
    #[command(flatten)]
    pub(super) deployment: Deployment,
}

#[derive(Debug, Args)]
pub(super) struct Audit {
    /// Keep the snapshot of the account in this folder.
    #[arg(long, value_name = "DIR")]
    pub(super) save: Option<PathBuf>,
    #[command(flatten)]
    pub(super) judging: Judging,
}

#[derive(Debug, Args, Default)]
pub(super) struct Accounts {
    /// A saved account: a snapshot's folder, or the output of `aws iam get-account-authorization-details`.
    #[arg(long = "account", value_name = "FILE|DIR")]
    pub(super) saved: Vec<PathBuf>,
    /// Read the live account, with AWS's default credential chain.
    #[arg(long)]
    pub(super) live: bool,
}

#[derive(Debug, Args, Default)]
pub(super) struct Deployment {
    /// The region of stacks whose template does not say.
    #[arg(long, value_name = "REGION", value_parser = region)]
    pub(super) region: Option<String>,
    /// The value of a parameter of a template, or file://PATH of a parameter file of the AWS CLI; the last one wins.
    #[arg(long = "parameter", value_name = "KEY=VALUE")]
    pub(super) parameters: Vec<Given>,
    /// The value of a Terraform variable.
    #[arg(long = "var", value_name = "KEY=VALUE", value_parser = pair)]
    pub(super) variables: Vec<(String, String)>,
    /// The stage of a serverless.yml.
    #[arg(long, value_name = "NAME")]
    pub(super) stage: Option<String>,
}

#[derive(Debug, Args, Default)]
pub(super) struct Judging {
    /// Judge by a framework: gdpr, hipaa, or a file.
    #[arg(long = "profile", value_name = "NAME")]
    pub(super) profiles: Vec<String>,
    /// More rules, in Cedar: a file, or a folder of rule folders.
    #[arg(long = "rules", value_name = "PATH")]
    pub(super) rules: Vec<PathBuf>,
    /// Where the report goes and how it looks: text, concise, json or sarif.
    #[arg(short, long = "output", value_name = "FORMAT[=FILE]")]
    pub(super) outputs: Vec<Output>,
    /// Fail from this severity on: critical, high, medium, low, info, never [default: medium].
    #[arg(long, value_name = "SEVERITY")]
    pub(super) fail_on: Option<Threshold>,
    /// Fail where a person has to judge.
    #[arg(long)]
    pub(super) fail_on_review: bool,
    /// Fail where a rule cannot tell.
    #[arg(long)]
    pub(super) fail_on_unknown: bool,
    /// A problem is exit code 2.
    #[arg(long)]
    pub(super) strict: bool,
    /// List what the rules could not tell.
    #[arg(long)]
    pub(super) show_unknown: bool,
    /// Print CPU and wall time of each stage to stderr.
    #[arg(long)]
    pub(super) timings: bool,
}

#[derive(Debug, Args)]
pub(super) struct Show {
    /// File or folder [default: the current folder].
    pub(super) path: Option<PathBuf>,
    /// How it is printed.
    #[arg(short, long = "output", value_name = "FORMAT", default_value = "text")]
    pub(super) output: View,
    /// Print the principals instead: who may become whom, by which statements, and how far each comes; text or json.
    #[arg(long)]
    pub(super) principals: bool,
    #[command(flatten)]
    pub(super) deployment: Deployment,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum View {
    /// For people.
    Text,
    /// For programs.
    Json,
    /// The lowered template.
    Cloudformation,
}

#[derive(Debug, Args)]
pub(super) struct Policy {
    /// The function: its logical id, Terraform address, key under `functions`, or name.
    pub(super) function: String,
    /// Where its project lies: a folder or file [default: the current folder].
    #[arg(long, value_name = "DIR")]
    pub(super) path: Option<PathBuf>,
    /// How it is written.
    #[arg(short, long = "output", value_name = "FORMAT", default_value = "json")]
    pub(super) output: PolicyView,
    #[command(flatten)]
    pub(super) deployment: Deployment,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum PolicyView {
    /// A policy document, as IAM takes it.
    Json,
    /// For people: each action, its resource, and the calls that need it.
    Text,
    /// An item for the function's `Policies`.
    Sam,
    /// An item for the role's `Policies`; for a serverless.yml the items of `provider.iam.role.statements`.
    Cloudformation,
    /// An `aws_iam_policy_document` data source.
    Terraform,
}

#[derive(Debug, Args)]
pub(super) struct Explain {
    /// The rule's id or name.
    pub(super) rule: String,
}

#[derive(Debug, Args)]
pub(super) struct Rules {
    #[command(subcommand)]
    pub(super) command: RulesCommand,
}

#[derive(Debug, Subcommand)]
pub(super) enum RulesCommand {
    /// One line a rule.
    List {
        /// How it is printed: text or json.
        #[arg(short, long = "output", value_name = "FORMAT", default_value = "text")]
        output: ListView,
        /// More rules.
        #[arg(long = "rules", value_name = "PATH")]
        rules: Vec<PathBuf>,
    },
    /// The Cedar text of a rule, or what rules can read of a resource type.
    Show {
        /// The rule's id or name, or the type: AWS::EC2::SecurityGroup.
        rule: String,
    },
    /// Check rules of your own against the schema.
    Check {
        /// A file, or a folder of rule folders.
        path: PathBuf,
    },
}

/// One `--output`.
#[derive(Debug, Clone)]
pub(super) struct Output {
    pub(super) format: Format,
    /// Standard output where there is none.
    pub(super) file: Option<PathBuf>,
}

impl FromStr for Output {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (format, file) = match text.split_once('=') {
            Some((_, "")) => return Err("a file's name is expected after `=`".to_owned()),
            Some((format, file)) => (format, Some(file.into())),
            None => (text, None),
        };
        Ok(Self { format: format.parse()?, file })
    }
}

/// The severity from which a run fails; `None` is never.
#[derive(Debug, Clone, Copy)]
pub(super) struct Threshold(pub(super) Option<Severity>);

impl FromStr for Threshold {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        if word == "never" {
            return Ok(Self(None));
        }
        word.parse().map(|severity| Self(Some(severity))).map_err(|error: String| format!("{error}, never"))
    }
}

/// One `--parameter`.
#[derive(Debug, Clone)]
pub(super) enum Given {
    /// A value.
    Pair(String, String),
    /// A file with values.
    File(PathBuf),
}

impl FromStr for Given {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(path) = text.strip_prefix("file://") {
            return Ok(Self::File(path.into()));
        }
        let (key, value) = text.split_once('=').ok_or("expected KEY=VALUE or file://PATH")?;
        Ok(Self::Pair(key.to_owned(), value.to_owned()))
    }
}

fn region(name: &str) -> Result<String, String> {
    place::check_region(name).map(|()| name.to_owned())
}
