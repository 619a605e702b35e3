//! Known ways from some rights to more: which actions together, what each is done to, and what must be there.

use super::action::{self, Action};
use crate::syntax::table::rows;
use std::collections::HashMap;
use std::sync::OnceLock;

static TECHNIQUES: &str = include_str!("../../data/iam/escalation.tsv");
static WORKLOADS: &str = include_str!("../../data/iam/workloads.tsv");

/// One way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Technique {
    /// Its name, as the collections of such ways call it.
    pub name: &'static str,
    /// What it leads over.
    pub target: Target,
    /// What is done; all of it is needed.
    pub steps: Vec<Step>,
    /// How it is done, in one sentence without a subject.
    pub how: &'static str,
    /// Where that is documented.
    pub source: &'static str,
}

/// What a way leads over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// A role that is passed to a service which trusts it: one of these, parted by `|`.
    Pass(&'static str),
    /// Something that is there and runs with a role.
    On(&'static Workload),
    /// The same where no resource says the role, by the service that the role trusts.
    Behind(&'static str),
    /// Something whose rights are one's own.
    Grant(Kind),
    /// A role that one may assume: itself, a policy that it holds, or its boundary.
    Assumed(Kind),
    /// Any role that is given rights, itself or by a policy that it holds, and whose trust is changed.
    Trusted(Kind),
    /// A role with more rights, whose trust is changed.
    TrustRole,
    /// Any other user, who is given rights.
    KeyedUser,
    /// A user with more rights; with a password, of which may not be known whether there is one.
    AsUser {
        /// Whether it is about a password: `Some(true)` where there must be one, `Some(false)` where there must be none.
        password: Option<bool>,
    },
    /// A group with more rights.
    JoinGroup,
    /// Oneself, where a boundary takes something away.
    UnboundUser,
    /// A permission set of Identity Center: one's own, or a new one.
    PermissionSet {
        /// Whether it is made.
        new: bool,
    },
    /// Whichever of these the actions give.
    AllIam,
}

/// What rights are changed of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A user.
    User,
    /// A group.
    Group,
    /// A role.
    Role,
    /// A managed policy of the account.
    Policy,
    /// An older version of such a policy.
    Version,
    /// A permissions boundary.
    Boundary,
}

/// One action of a way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// The action, or a pattern of actions (`iam:*`).
    pub action: &'static str,
    /// What it is done to.
    pub on: On,
}

/// What an action of a way is done to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum On {
    /// Anything that the action can be done to.
    Any,
    /// The target.
    Target,
    /// A policy of the target.
    Policy,
    /// A thing that is made; the same one for all steps of one mark.
    Made(char),
    /// Something of a CloudFormation type that is there already.
    There(&'static str),
}

/// A type of resource that runs with a role and can be made to run something else.
#[derive(Debug, PartialEq, Eq)]
pub struct Workload {
    /// Its CloudFormation type.
    pub kind: &'static str,
    /// The properties that name the role, the first that is there; `A>B`: A names a resource, whose property B does.
    pub roles: Vec<&'static str>,
    /// The principal that the role trusts.
    pub service: &'static str,
    /// Its ARN, `arn:${Partition}:lambda:${Region}:${Account}:function:${FunctionName}`.
    pub arn: &'static str,
    /// The property of its name; empty where the provider makes it.
    pub name: &'static str,
}

/// Every way that is known, in the order of the table.
pub fn techniques() -> &'static [Technique] {
    static TABLE: OnceLock<Vec<Technique>> = OnceLock::new();
    TABLE.get_or_init(|| rows(TECHNIQUES).filter_map(|mut row| technique(row.cells())).collect())
}

/// The workload of a CloudFormation type.
pub fn workload(kind: &str) -> Option<&'static Workload> {
    workloads().iter().find(|workload| workload.kind == kind)
}

/// The numbers of the steps, counted through all ways, that a pattern of a policy's `Action` names at least in part.
///
/// A number stands for an action wherever it occurs: [`number_of`].
pub fn named_by(pattern: &str) -> Vec<u16> {
    let (service, _) = pattern.split_once(':').unwrap_or((pattern, ""));
    let names = names();
    let matches = |number: &u16| {
        let own = names.list.get(usize::from(*number)).copied().unwrap_or_default();
        super::glob::is_all(pattern) || super::glob::matches_ignoring_case(pattern, own) || within(own, pattern)
    };
    if super::glob::has_wildcard(service) {
        return (0..u16::try_from(names.list.len()).unwrap_or(u16::MAX)).filter(matches).collect();
    }
    let of_service = names.by_service.get(service.to_ascii_lowercase().as_str());
    of_service.into_iter().flatten().copied().filter(matches).collect()
}

/// The number of a step's action.
pub fn number_of(action: &str) -> Option<u16> {
    names().numbers.get(action).copied()
}

/// How many actions the ways know.
pub fn numbers() -> usize {
    names().list.len()
}

/// Whether a step that is itself a pattern (`iam:Put*`) has an action that the policy's pattern names.
fn within(step: &str, pattern: &str) -> bool {
    super::glob::has_wildcard(step) && action::expand(step).intersects(&action::expand(pattern))
}

impl Step {
    /// The actions of the catalogue that it stands for.
    pub fn actions(&self) -> Vec<Action> {
        action::expand(self.action).iter().filter(|action| !action.is_stand_in()).collect()
    }
}

struct Names {
    list: Vec<&'static str>,
    numbers: HashMap<&'static str, u16>,
    by_service: HashMap<&'static str, Vec<u16>>,
}

fn names() -> &'static Names {
    static NAMES: OnceLock<Names> = OnceLock::new();
    NAMES.get_or_init(|| {
        let mut list: Vec<&'static str> =
            techniques().iter().flat_map(|technique| &technique.steps).map(|step| step.action).collect();
        list.sort_unstable();
        list.dedup();
        let mut by_service: HashMap<&'static str, Vec<u16>> = HashMap::new();
        for (number, name) in (0..).zip(&list) {
            by_service.entry(name.split(':').next().unwrap_or_default()).or_default().push(number);
        }
        let numbers = list.iter().copied().zip(0..).collect();
        Names { list, numbers, by_service }
    })
}

fn workloads() -> &'static [Workload] {
    static TABLE: OnceLock<Vec<Workload>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let read = rows(WORKLOADS).map(|mut row| {
            let [kind, roles, service, prefix, of_iam, name] = row.cells();
            let arn = arn_of(prefix, of_iam).unwrap_or_default();
            Workload { kind, roles: roles.split(',').collect(), service, arn, name }
        });
        read.collect()
    })
}

/// The ARN of a type of IAM's.
fn arn_of(service: &str, of_iam: &str) -> Option<&'static str> {
    let actions = action::expand(&format!("{service}:*"));
    let types = actions.iter().flat_map(Action::resource_types).map(|(kind, _)| kind);
    types.into_iter().find(|kind| kind.name.eq_ignore_ascii_case(of_iam)).map(|kind| kind.arn)
}

fn technique([name, target, steps, how, source]: [&'static str; 5]) -> Option<Technique> {
    let steps = steps.split(' ').map(step).collect();
    Some(Technique { name, target: self::target(target)?, steps, how, source })
}

fn target(text: &'static str) -> Option<Target> {
    let (word, rest) = text.split_once(' ')?;
    let kind = || match rest {
        "user" => Some(Kind::User),
        "group" => Some(Kind::Group),
        "role" => Some(Kind::Role),
        "policy" => Some(Kind::Policy),
        "version" => Some(Kind::Version),
        "boundary" => Some(Kind::Boundary),
        _ => None,
    };
    match (word, rest) {
        ("pass", services) => Some(Target::Pass(services)),
        ("on", kind) => match kind.strip_prefix('-') {
            Some(service) => Some(Target::Behind(service)),
            None => workload(kind).map(Target::On),
        },
        ("grant", _) => kind().map(Target::Grant),
        ("assumed", _) => kind().map(Target::Assumed),
        ("trusted", _) => kind().map(Target::Trusted),
        ("trust", "role") => Some(Target::TrustRole),
        ("keyed", "user") => Some(Target::KeyedUser),
        ("as", "user") => Some(Target::AsUser { password: None }),
        ("new-password", "user") => Some(Target::AsUser { password: Some(false) }),
        ("password", "user") => Some(Target::AsUser { password: Some(true) }),
        ("join", "group") => Some(Target::JoinGroup),
        ("unbound", "user") => Some(Target::UnboundUser),
        ("own", "permission-set") => Some(Target::PermissionSet { new: false }),
        ("new", "permission-set") => Some(Target::PermissionSet { new: true }),
        ("all", "iam") => Some(Target::AllIam),
        _ => None,
    }
}

fn step(text: &'static str) -> Step {
    let (action, mark) = text.split_once('@').unwrap_or((text, ""));
    let on = match mark {
        "" => On::Any,
        "t" => On::Target,
        "p" => On::Policy,
        mark => match mark.strip_prefix("have=") {
            Some(kind) => On::There(kind),
            None => On::Made(mark.chars().next().unwrap_or('m')),
        },
    };
    Step { action, on }
}

#[cfg(test)]
mod tests {
    use super::{On, Target, named_by, number_of, techniques, workloads};
    use crate::iam::glob;
    use crate::syntax::table::rows;
    use std::collections::BTreeSet;

    #[test]
    fn the_table_is_read_whole() {
        assert_eq!(techniques().len(), rows(super::TECHNIQUES).count());
        assert_eq!(techniques().len(), 104);
        let names: BTreeSet<&str> = techniques().iter().map(|technique| technique.name).collect();
        assert_eq!(names.len(), 104);
        for technique in techniques() {
            assert!(!technique.how.is_empty() && !technique.source.is_empty(), "{}", technique.name);
            // A target is acted on, and what acts on a target has one.
            let acts = technique.steps.iter().any(|step| matches!(step.on, On::Target | On::Policy));
            let has = !matches!(technique.target, Target::Behind(_) | Target::PermissionSet { .. } | Target::AllIam);
            assert_eq!(acts, has, "{}", technique.name);
        }
    }

    #[test]
    fn every_action_is_one_of_the_catalogue() {
        let steps = techniques().iter().flat_map(|technique| &technique.steps);
        let unknown: BTreeSet<&str> = steps.filter(|step| step.actions().is_empty()).map(|step| step.action).collect();
        // CodeStar is no longer documented.
        assert_eq!(unknown, BTreeSet::from(["codestar:CreateProject"]));
        for workload in workloads() {
            assert!(workload.arn.starts_with("arn:${Partition}:"), "{}", workload.kind);
        }
    }

    #[test]
    fn patterns_name_steps() {
        let number = number_of("iam:PassRole").unwrap();
        for pattern in ["*", "iam:*", "IAM:passrole", "i*:Pass*"] {
            assert!(named_by(pattern).contains(&number), "{pattern}");
        }
        assert!(named_by("s3:Put*").is_empty());
        assert!(named_by("iam:PutUser*").contains(&number_of("iam:Put*").unwrap()));
        assert!(glob::has_wildcard("iam:Put*"));
    }
}
