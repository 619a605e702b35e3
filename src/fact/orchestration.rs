//! Roles that run other resources: those of state machines, pipes, rules and schedules.

use super::link::Holder;
use super::listed::{some, spaced};
use crate::iam::public;
use crate::model::{Project, Remark, Resource};
use crate::syntax::Node;

/// Services whose roles run other resources: the name of the service principal, and the type that names the role with the
/// property that does.
const ORCHESTRATORS: &[(&str, &str, &str)] = &[
    ("states", "AWS::StepFunctions::StateMachine", "RoleArn"),
    ("pipes", "AWS::Pipes::Pipe", "RoleArn"),
    ("scheduler", "AWS::Scheduler::Schedule", "Target.RoleArn"),
    ("events", "AWS::Events::Rule", "RoleArn"),
];

/// What a role runs, where it is the role of a state machine, pipe, rule or schedule, and the places that name it.
pub(super) fn of(project: &Project, holder: &Holder<'_>) -> (String, Vec<Remark>) {
    let mut names = Vec::new();
    let mut users = Vec::new();
    for (service, kind, path) in ORCHESTRATORS {
        // A statement whose effect is not known names for whom the role is all the same.
        let statements = holder.trust.statements.iter().filter(|statement| !statement.denies());
        if !statements.flat_map(public::services).any(|text| public::is_service(text, service)) {
            continue;
        }
        let of_kind = kind.rsplit("::").next().unwrap_or(kind);
        for user in project.of_kind(kind) {
            let mut roles = user.property(path).into_iter().chain(targets(user));
            let named = roles.find(|role| {
                project
                    .named_of(role, |kind| kind == "AWS::IAM::Role")
                    .is_some_and(|role| role.id == holder.resource.id)
            });
            if let Some(role) = named {
                names.push(format!("{} {}", spaced(of_kind), user.name));
                users.push(Remark { span: role.span, text: format!("{} takes the role", user.name) });
            }
        }
        if users.is_empty() {
            let article = if spaced(of_kind).starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
            names.push(format!("{article} {}", spaced(of_kind)));
        }
    }
    (some(&names), users)
}

/// The roles that the targets of a rule name.
fn targets(rule: &Resource) -> impl Iterator<Item = &Node> {
    let targets = rule.property("Targets").map_or(&[][..], Node::items_or_self);
    targets.iter().filter_map(|target| target.get("RoleArn"))
}
