//! What the parts of the lowering write to: the template, the statements of the shared role, and problems.

use super::service::{Function, Service};
use super::template::{Shape, Template, reference};
use crate::source::{ProblemKind, Span};
use crate::syntax::Node;

/// The key that marks a statement which the framework wrote, not the user; `show` leaves keys with `__` out.
pub(super) const FRAMEWORK_MARK: &str = "__Framework";

/// A service being lowered.
#[derive(Debug)]
pub(super) struct Output<'a> {
    /// What is lowered.
    pub(super) service: &'a Service,
    /// What it becomes.
    pub(super) template: Template,
    /// The shared role's parts; `None` where no function uses it.
    pub(super) role: Option<SharedRole>,
    /// What could not be read, with its place.
    pub(super) problems: Vec<(Span, ProblemKind, String)>,
}

/// The parts of the role that functions without a role of their own share.
#[derive(Debug, Default)]
pub(super) struct SharedRole {
    /// The statements of its one policy.
    pub(super) statements: Vec<Node>,
    /// The managed policies attached to it.
    pub(super) managed: Vec<Node>,
    /// The services that may assume it beside Lambda.
    pub(super) trusted: Vec<Node>,
}

impl<'a> Output<'a> {
    /// An empty template for a service.
    pub(super) fn new(service: &'a Service) -> Self {
        Self { service, template: Template::default(), role: None, problems: Vec::new() }
    }

    /// Gives the shared role, where there is one, what the framework grants it for an event or a setting; once.
    pub(super) fn allow(&mut self, actions: &[&str], resources: Vec<Node>, span: Span) {
        if let Some(role) = &mut self.role {
            let statement = allow(actions, resources, span);
            if !role.statements.contains(&statement) {
                role.statements.push(statement);
            }
        }
    }

    /// A permission for a service to invoke a function.
    pub(super) fn permit(
        &mut self,
        id: String,
        function: &Function,
        principal: &str,
        source: Option<Node>,
        span: Span,
    ) {
        let properties = Shape::at(span)
            .with("FunctionName", function.target(span))
            .text("Action", "lambda:InvokeFunction")
            .text("Principal", principal)
            .maybe("SourceArn", source);
        self.template.make("AWS::Lambda::Permission", id, &function.owner(span), properties.done());
    }

    /// A log group that the framework makes for an API, with the service's retention.
    pub(super) fn api_log_group(&mut self, id: &str, name: Node, section: &str, span: Span) {
        let properties = Shape::at(span)
            .with("LogGroupName", name)
            .copy("RetentionInDays", &self.service.provider, "logRetentionInDays")
            .copy("DataProtectionPolicy", &self.service.provider, "logDataProtectionPolicy");
        self.template.make("AWS::Logs::LogGroup", id, &self.service.owner(section, span), properties.done());
    }

    /// Notes what could not be read.
    pub(super) fn problem(&mut self, span: Span, kind: ProblemKind, message: impl Into<String>) {
        self.problems.push((span, kind, message.into()));
    }
}

/// A statement that the framework writes.
pub(super) fn allow(actions: &[&str], resources: Vec<Node>, span: Span) -> Node {
    let actions = actions.iter().map(|action| Node::string(*action, span)).collect();
    Shape::at(span)
        .text("Effect", "Allow")
        .with("Action", Node::list(actions, span))
        .with("Resource", Node::list(resources, span))
        .with(FRAMEWORK_MARK, Node::bool(true, span))
        .done()
}

/// The REST, HTTP or WebSocket API that routes belong to: an existing one that the provider section names, or the
/// one of this stack.
pub(super) fn api_of(existing: Option<&Node>, id: &str, span: Span) -> Node {
    existing.cloned().unwrap_or_else(|| reference(id, span))
}
