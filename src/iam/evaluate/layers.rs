//! The policies that hold for a request, layer by layer, and how their answers are put together.

use super::applies;
use super::caller::{Caller, CallerKind};
use super::context::{Context, Given};
use super::truth::Truth;
use crate::iam::arn::Arn;
use crate::iam::document::Document;
use crate::iam::statement::{Effect, Statement};
use crate::syntax::{Unknown, UnknownKind};
use std::fmt;

/// The policies that may hold for a request.
#[derive(Debug, Clone, Default)]
pub struct Policies<'a> {
    /// The identity policies of the caller and his groups: each may allow.
    pub identity: Vec<&'a Document>,
    /// The permissions boundary.
    pub boundary: Option<&'a Document>,
    /// The session policies: one of them must allow, where there are any.
    pub session: Vec<&'a Document>,
    /// The service control policies, one a level: each must allow.
    pub scp: Vec<&'a Document>,
    /// The policy of the resource: of a bucket, a key; the trust policy of a role.
    pub resource: Option<&'a Document>,
}

/// One request.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    /// Who asks.
    pub caller: Caller,
    /// For what, `s3:GetObject`.
    pub action: &'a str,
    /// On what: an ARN, or `*` for an action that is on no resource.
    pub resource: &'a str,
    /// The context keys that are known, those that the caller and the resource imply among them.
    pub context: Context,
}

/// A kind of policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// Of the caller.
    Identity,
    /// The permissions boundary.
    Boundary,
    /// Of the session.
    Session,
    /// Service control policy, of the level of this number.
    ServiceControl(usize),
    /// Of the resource.
    Resource,
}

/// Whether each layer allows, and one of them denies.
pub(super) struct Answers {
    pub(super) denied: Truth,
    pub(super) identity: Truth,
    pub(super) boundary: Truth,
    pub(super) session: Truth,
    pub(super) scp: Truth,
    pub(super) direct: Truth,
    pub(super) role: Truth,
    pub(super) account: Truth,
}

/// Where the caller stands to the resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// In the same account.
    Inside,
    /// In the same account, on a resource whose own policy must allow too: KMS keys, roles to be assumed.
    InsideByGrant,
    /// In another account.
    Outside,
    /// In no account: a service, an identity provider's user, anyone.
    Stranger,
}

impl<'a> Request<'a> {
    /// A request of which nothing else is known.
    pub fn new(caller: Caller, action: &'a str, resource: &'a str) -> Self {
        Self::within(caller, action, resource, Context::default())
    }

    /// A request with the context keys that are given; those that the caller and the resource decide are added.
    pub fn within(caller: Caller, action: &'a str, resource: &'a str, mut context: Context) -> Self {
        caller.imply(&mut context);
        if let Some(account) = account_of(resource) {
            context.imply("aws:ResourceAccount", vec![account.into()]);
        }
        Self { caller, action, resource, context }
    }
}

impl Policies<'_> {
    /// Every policy, each with its layer.
    pub fn all(&self) -> impl Iterator<Item = (Layer, &Document)> {
        let identity = self.identity.iter().map(|document| (Layer::Identity, *document));
        let boundary = self.boundary.iter().map(|document| (Layer::Boundary, *document));
        let session = self.session.iter().map(|document| (Layer::Session, *document));
        let scp = self.scp.iter().enumerate().map(|(level, document)| (Layer::ServiceControl(level), *document));
        let resource = self.resource.iter().map(|document| (Layer::Resource, *document));
        identity.chain(boundary).chain(session).chain(scp).chain(resource)
    }
}

impl Layer {
    /// Whether the layer says anything of this caller.
    pub(super) fn holds_for(self, caller: &Caller) -> bool {
        match self {
            Self::Resource => true,
            Self::ServiceControl(_) => caller.is_under_service_control(),
            // Identity policies do not hold for root users.
            Self::Identity | Self::Boundary | Self::Session => {
                caller.account.is_some() && caller.kind != CallerKind::Root
            }
        }
    }
}

impl Standing {
    /// Where the caller stands. A resource whose ARN names no account, and of which `aws:ResourceAccount` is not
    /// given, is taken for one of the caller's account.
    pub(super) fn of(caller: &Caller, action: &str, resource: &str, context: &Context) -> Self {
        let Some(own) = &caller.account else {
            return Self::Stranger;
        };
        let given = match context.get("aws:ResourceAccount") {
            Given::Values([account]) => Some(&**account),
            _ => account_of(resource),
        };
        match given {
            Some(account) if account != &**own => Self::Outside,
            _ if needs_grant(action, resource) => Self::InsideByGrant,
            _ => Self::Inside,
        }
    }
}

impl Standing {
    /// Whether a resource's own policy, one that every resource of its kind has, must allow it.
    pub(super) fn asks_the_resource(self, action: &str, resource: &str) -> bool {
        match self {
            Self::InsideByGrant => true,
            Self::Outside => needs_grant(action, resource),
            Self::Inside | Self::Stranger => false,
        }
    }
}

impl Answers {
    /// The answers as they are before any statement is asked.
    pub(super) fn none(policies: &Policies<'_>, request: &Request<'_>, standing: Standing) -> Self {
        let caller = &request.caller;
        let absent = |there: bool| if there { Truth::No } else { Truth::Yes };
        let under_control = caller.is_under_service_control() && !policies.scp.is_empty();
        let ungiven = policies.resource.is_none() && standing.asks_the_resource(request.action, request.resource);
        let reason = Unknown::new(UnknownKind::Other, "the policy of the resource, which must allow it, is not given");
        Self {
            denied: Truth::No,
            identity: Truth::of(caller.kind == CallerKind::Root),
            boundary: absent(policies.boundary.is_some() && Layer::Boundary.holds_for(caller)),
            session: absent(!policies.session.is_empty() && Layer::Session.holds_for(caller)),
            scp: absent(under_control),
            direct: Truth::No,
            role: Truth::No,
            account: if ungiven { Truth::unknown(reason) } else { Truth::No },
        }
    }

    /// Whether they allow together. A user, a session or a federated user whom the resource's policy names is not
    /// limited by what boundary and session policy leave out, a role is.
    pub(super) fn allowed(&self, standing: Standing) -> Truth {
        let limits = self.boundary.clone().and(self.session.clone());
        let own = self.identity.clone().and(limits.clone());
        let named = self.direct.clone().or(self.role.clone().and(limits));
        let granted = match standing {
            Standing::Inside => own.or(named),
            Standing::InsideByGrant => named.or(self.account.clone().and(own)),
            Standing::Outside => own.and(Truth::any([self.direct.clone(), self.role.clone(), self.account.clone()])),
            Standing::Stranger => self.direct.clone(),
        };
        granted.and(self.scp.clone()).and(self.denied.clone().negated())
    }
}

/// Whether the statement applies, its resources left aside.
pub(super) fn applies_to(statement: &Statement, document: &Document, action: &str, context: &Context) -> Truth {
    applies::covers_action(statement, action).and(applies::conditions_hold(statement, document.version, context))
}

/// Whether the effect is this one.
pub(super) fn is_effect(statement: &Statement, effect: &Effect) -> Truth {
    match &statement.effect {
        Effect::Unknown(unknown) => Truth::unknown(unknown.clone()),
        own => Truth::of(own == effect),
    }
}

/// The account that an ARN names.
pub(super) fn account_of(resource: &str) -> Option<&str> {
    Arn::parse(resource).filter(Arn::names_account).map(|arn| arn.account)
}

/// Whether the resource's own policy must allow the action in its own account too: KMS keys (KMS Developer Guide,
/// "Key policies in AWS KMS") and roles that are assumed (IAM User Guide, "IAM roles: trust policy"; both 2026-11).
fn needs_grant(action: &str, resource: &str) -> bool {
    let Some((arn, (service, name))) = Arn::parse(resource).zip(action.split_once(':')) else {
        return false;
    };
    let key = service.eq_ignore_ascii_case("kms") && arn.service == "kms" && arn.resource.starts_with("key/");
    let assumes = ["AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity", "TagSession", "SetSourceIdentity"];
    let role = service.eq_ignore_ascii_case("sts") && arn.service == "iam" && arn.resource.starts_with("role/");
    key || role && assumes.iter().any(|known| known.eq_ignore_ascii_case(name))
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Identity => f.write_str("identity policy"),
            Self::Boundary => f.write_str("permissions boundary"),
            Self::Session => f.write_str("session policy"),
            Self::ServiceControl(level) => write!(f, "service control policy {}", level + 1),
            Self::Resource => f.write_str("resource policy"),
        }
    }
}

/// Why a document is not known in full.
pub(super) fn unknown_in(document: &Document) -> Option<Unknown> {
    document.unknown.first().map(|(unknown, _)| unknown.clone())
}
