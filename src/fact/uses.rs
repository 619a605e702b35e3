//! What the code of a role's functions uses a right for, and on what: the words for what to write instead of a wider
//! statement, and the way from the call to the statement.

use super::link::Holder;
use super::listed::{some, spaced};
use super::needs::Needs;
use super::smallest::{behind, needed};
use super::target::{Asked, Finder, pseudo};
use super::words::Words;
use crate::iam::action::Action;
use crate::iam::statement::Statement;
use crate::iam::text::Text as PolicyText;
use crate::model::{Call, CallKind, Project, Remark, Resource};
use crate::syntax::{Node, Part};

/// How many of what the code names a message lists before it counts.
const NAMED: usize = 3;

/// How many functions of a role a way begins at.
pub(super) const FUNCTIONS: usize = 5;

/// A call of a role's function, and what it needs an action on.
#[derive(Debug)]
pub(super) struct Use<'a> {
    /// The action that it needs.
    pub(super) action: Action,
    /// The call.
    pub(super) call: &'a Call,
    /// The function.
    pub(super) function: &'a Resource,
    /// The ARNs.
    pub(super) on: Vec<Node>,
}

/// What the functions of one role use.
#[derive(Clone, Copy)]
pub(super) struct Uses<'a> {
    /// The project.
    pub(super) project: &'a Project,
    /// What each function of the role needs.
    pub(super) needs: &'a [Needs<'a>],
}

impl<'a> Uses<'a> {
    /// The calls that need an action of which something holds, in the order of functions and code.
    pub(super) fn of(&self, wanted: impl Fn(Action) -> bool) -> Vec<Use<'a>> {
        let mut found = Vec::new();
        let region = pseudo("AWS::Region");
        for needs in self.needs {
            let finder = Finder { project: self.project, function: needs.function };
            for (call, operation) in needs.calls.iter().chain(&needs.guessed) {
                let CallKind::Sdk { targets, .. } = &call.kind else { continue };
                for need in needed(*operation, targets) {
                    let Some(action) = need.any_of.into_iter().find(|action| wanted(*action)) else { continue };
                    let asked = Asked { operation: operation.name, targets, region: &region };
                    let on = finder.resources(asked, action);
                    found.push(Use { action, call, function: needs.function, on });
                }
            }
        }
        found
    }

    /// What the calls name, as the project would write it: `!GetAtt Orders.Arn, !Ref Placed`; empty where the code of
    /// a function is not known, or one of the calls does not say on what it is done.
    pub(super) fn named(&self, uses: &[&Use<'_>]) -> String {
        if self.is_open() || !uses.iter().all(|one| one.is_named()) {
            return String::new();
        }
        let mut names: Vec<String> = Vec::new();
        for one in uses {
            for word in self.written(one) {
                if !names.contains(&word) {
                    names.push(word);
                }
            }
        }
        counted(&names)
    }

    /// What the calls need, `dynamodb:PutItem on !GetAtt Orders.Arn`; empty where the code of a function is not known.
    pub(super) fn needed(&self, uses: &[&Use<'_>]) -> String {
        if self.is_open() {
            return String::new();
        }
        let mut rights: Vec<String> = Vec::new();
        for one in uses {
            let on = if one.is_named() { format!(" on {}", self.written(one).join(" and ")) } else { String::new() };
            let right = format!("{}{on}", one.action);
            if !rights.contains(&right) {
                rights.push(right);
            }
        }
        counted(&rights)
    }

    /// The actions that the calls need; empty where the code of a function is not known.
    pub(super) fn called(&self, uses: &[&Use<'_>]) -> String {
        let mut actions: Vec<String> = Vec::new();
        for one in uses.iter().map(|one| one.action.to_string()) {
            if !actions.contains(&one) {
                actions.push(one);
            }
        }
        if self.is_open() { String::new() } else { some(&actions) }
    }

    /// What one call names, as the project would write it.
    pub(super) fn written(&self, one: &Use<'_>) -> Vec<String> {
        let behind = behind(self.project, one.function);
        let words = Words { project: self.project, function: one.function, behind: &behind };
        one.on.iter().map(|node| words.written(node)).collect()
    }

    /// Whether something of the functions' code is not known.
    fn is_open(&self) -> bool {
        self.needs.iter().any(|needs| needs.unread.is_some() || needs.open.is_some())
    }

    /// The way to a statement or attachment of the role: from the first call that names what it is done to, over its
    /// function and that resource, to the role and what it holds. Without such a call it begins at the functions.
    pub(super) fn way(&self, holder: &Holder<'_>, uses: &[&Use<'_>], end: Remark) -> Vec<Remark> {
        let first = uses.iter().find(|one| one.resource(self.project).is_some()).or(uses.first()).copied();
        let mut way = match first {
            Some(one) => self.start(one),
            None => self.needs.iter().take(FUNCTIONS).map(|needs| function(needs.function)).collect(),
        };
        if way.is_empty() {
            return way;
        }
        if self.project.resource(&holder.resource.id).is_some() {
            way.push(Remark { span: holder.resource.span, text: holder.title() });
        }
        way.push(end);
        way
    }

    /// From a call over its function to what it is done to.
    pub(super) fn start(&self, one: &Use<'_>) -> Vec<Remark> {
        let mut way = vec![needs(one.call, one.action), function(one.function)];
        way.extend(one.resource(self.project).map(target));
        way
    }
}

impl Use<'_> {
    /// The resource of the project that the call names.
    pub(super) fn resource<'p>(&self, project: &'p Project) -> Option<&'p Resource> {
        let node = self.on.iter().find_map(|node| node.references().into_iter().next())?;
        project.resource(&node.resource)
    }

    /// Whether the call says on what it is done.
    pub(super) fn is_named(&self) -> bool {
        !self.on.is_empty() && self.on.iter().all(is_named)
    }
}

/// The step of a call.
pub(super) fn needs(call: &Call, action: Action) -> Remark {
    Remark { span: call.span, text: format!("{} needs {action}", call.callee) }
}

/// The step of a function.
pub(super) fn function(function: &Resource) -> Remark {
    Remark { span: function.span, text: format!("function {}", function.name) }
}

/// The step of what a call is done to: `table Orders`.
pub(super) fn target(resource: &Resource) -> Remark {
    let kind = resource.kind.rsplit("::").next().unwrap_or_default();
    Remark { span: resource.span, text: format!("{} {}", spaced(kind), resource.name) }
}

/// The step of a statement.
pub(super) fn allows(statement: &Statement) -> Remark {
    let not = if statement.not_action { "everything but " } else { "" };
    let text = format!("the statement allows {not}{}", super::listed::list(&statement.actions));
    Remark { span: statement.span, text }
}

/// The resources of the project that a statement is on.
pub(super) fn on<'p>(project: &'p Project, statement: &Statement) -> Vec<&'p Resource> {
    let mut found: Vec<&Resource> = Vec::new();
    let referred = |text: &'_ PolicyText| {
        text.parts.iter().find_map(|part| match part {
            Part::Reference(reference) => project.resource(&reference.resource),
            _ => None,
        })
    };
    for resource in statement.resources.iter().filter_map(referred) {
        if !found.iter().any(|known| known.id == resource.id) {
            found.push(resource);
        }
    }
    found
}

/// Whether an ARN names something of its kind: where the name would stand there is more than `*`.
fn is_named(arn: &Node) -> bool {
    let Some(parts) = arn.parts() else { return false };
    if let Some(Part::Reference(_)) = parts.first() {
        return true;
    }
    let shape: String =
        parts.iter().map(|part| if let Part::Literal(text) = part { &**text } else { "\u{3}" }).collect();
    let mut fields = shape.splitn(6, ':').skip(2);
    let (Some(service), Some(tail)) = (fields.next(), fields.nth(2)) else { return false };
    let mut segments = tail.split([':', '/']);
    let first = segments.next().unwrap_or_default();
    // `table/Orders`, but `Orders` of a queue, and `inbox/*` of a bucket's objects.
    let word = service != "s3" && first.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-');
    let name = segments.next().filter(|_| word).unwrap_or(first);
    !matches!(name, "*" | "")
}

/// The first few, then how many more there are.
fn counted(names: &[String]) -> String {
    let listed = names.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(NAMED) {
        0 => listed,
        more => format!("{listed} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::is_named;
    use crate::source::{FileId, Span};
    use crate::syntax::Node;

    #[test]
    fn an_arn_names_something_where_its_name_is_more_than_a_star() {
        let named = |text: &str| is_named(&Node::string(text, Span::start_of(FileId(0))));
        for text in [
            "arn:aws:sqs:eu-west-1:1:orders",
            "arn:aws:dynamodb:eu-west-1:1:table/orders",
            "arn:aws:s3:::inbox/*",
            "arn:aws:ssm:*:*:parameter/orders/*",
            "arn:aws:secretsmanager:*:*:secret:db-??????",
            "arn:aws:s3:::inbox",
        ] {
            assert!(named(text), "{text}");
        }
        for text in [
            "*",
            "arn:aws:sqs:*:*:*",
            "arn:aws:dynamodb:*:*:table/*",
            "arn:aws:s3:::*/*",
            "arn:aws:logs:*:*:log-group:*:*",
        ] {
            assert!(!named(text), "{text}");
        }
    }
}
