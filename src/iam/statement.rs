//! One statement of a policy, the same for every kind of policy and every format it is written in.

use super::action::{self, ActionSet};
use super::condition::Condition;
use super::text::Text;
use crate::source::Span;
use crate::syntax::Unknown;
use std::fmt;
use std::sync::Arc;

/// One statement.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// Its id.
    pub sid: Option<Arc<str>>,
    /// Whether it allows or denies.
    pub effect: Effect,
    /// What it is about, or everything but that.
    pub actions: Vec<Text>,
    /// Written as `NotAction`.
    pub not_action: bool,
    /// On what; empty where it says nothing of resources, as a trust policy.
    pub resources: Vec<Text>,
    /// Written as `NotResource`.
    pub not_resource: bool,
    /// For whom; `None` where it says nothing of principals, as an identity policy.
    pub principals: Option<Principals>,
    /// Written as `NotPrincipal`.
    pub not_principal: bool,
    /// Under which conditions; they hold together.
    pub conditions: Vec<Condition>,
    /// Why its conditions are not known in full.
    pub unknown_conditions: Option<Unknown>,
    /// Its first line.
    pub span: Span,
    /// The condition that it hangs on, where the template decides only at deployment whether it is there.
    pub possible: Option<Arc<str>>,
    /// Marks that a transform has left, keys that begin with two underscores: `__Framework`.
    pub marks: Vec<Arc<str>>,
}

/// What a statement does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// It allows.
    Allow,
    /// It denies.
    Deny,
    /// Not known.
    Unknown(Unknown),
}

/// For whom a statement is.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Principals {
    /// Where it names everyone: `"*"` or `{"AWS": "*"}`.
    pub any: Option<Text>,
    /// Those that it names.
    pub listed: Vec<Principal>,
}

/// One principal.
#[derive(Debug, Clone, PartialEq)]
pub struct Principal {
    /// Of which kind.
    pub kind: PrincipalKind,
    /// Its name: an ARN, an account, a service's host name, a provider.
    pub value: Text,
}

/// The kinds of principal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PrincipalKind {
    /// Accounts, users, roles, sessions.
    Aws,
    /// A service of AWS, `lambda.amazonaws.com`.
    Service,
    /// An identity provider.
    Federated,
    /// A canonical user id of S3.
    CanonicalUser,
    /// A key that AWS does not know.
    Other(Arc<str>),
}

/// What a statement's element covers for certain, and what at most.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounds {
    /// For certain.
    pub lower: ActionSet,
    /// At most.
    pub upper: ActionSet,
}

impl Statement {
    /// A statement of an identity's policy that says these things and nothing else.
    pub fn plain(effect: Effect, actions: Vec<Text>, resources: Vec<Text>, span: Span) -> Self {
        Self {
            sid: None,
            effect,
            actions,
            not_action: false,
            resources,
            not_resource: false,
            principals: None,
            not_principal: false,
            conditions: Vec::new(),
            unknown_conditions: None,
            span,
            possible: None,
            marks: Vec::new(),
        }
    }

    /// Whether it allows for certain.
    pub fn allows(&self) -> bool {
        self.effect == Effect::Allow
    }

    /// Whether it denies for certain.
    pub fn denies(&self) -> bool {
        self.effect == Effect::Deny
    }

    /// Whether it has the mark of a transform: `__Framework`.
    pub fn has_mark(&self, mark: &str) -> bool {
        self.marks.iter().any(|own| &**own == mark)
    }

    /// The actions that its `Action` or `NotAction` covers.
    pub fn actions(&self) -> Bounds {
        let (mut lower, mut upper) = (ActionSet::empty(), ActionSet::empty());
        for text in &self.actions {
            let at_most = action::expand(&text.upper());
            if text.lower().is_some() {
                lower.add(&at_most);
            }
            upper.add(&at_most);
        }
        if self.not_action {
            Bounds { lower: upper.complement(), upper: lower.complement() }
        } else {
            Bounds { lower, upper }
        }
    }

    /// Whether anything decides if it applies: a condition in the policy, or one of the template.
    pub fn is_conditional(&self) -> bool {
        self.possible.is_some() || !self.conditions.is_empty() || self.unknown_conditions.is_some()
    }

    /// What tells the statement from others of its policy: its Sid, or its content in a fixed order.
    pub fn detail(&self) -> String {
        if let Some(sid) = self.sid.as_ref().filter(|sid| !sid.is_empty()) {
            return sid.to_string();
        }
        let join = |texts: &[Text]| {
            let mut words: Vec<String> = texts.iter().map(ToString::to_string).collect();
            words.sort_unstable();
            words.join(",")
        };
        let not = |negated: bool| if negated { "not " } else { "" };
        let mut detail = format!("{} {}{}", self.effect, not(self.not_action), join(&self.actions));
        if !self.resources.is_empty() {
            detail += &format!(" on {}{}", not(self.not_resource), join(&self.resources));
        }
        if let Some(principals) = &self.principals {
            let mut names: Vec<Text> = principals.listed.iter().map(|principal| principal.value.clone()).collect();
            names.extend(principals.any.clone());
            detail += &format!(" for {}{}", not(self.not_principal), join(&names));
        }
        let mut conditions: Vec<String> = self
            .conditions
            .iter()
            .map(|one| format!(" if {} {}", one.key.to_ascii_lowercase(), join(&one.values)))
            .collect();
        conditions.sort_unstable();
        detail + &conditions.concat()
    }
}

impl Principals {
    /// The principals of a kind.
    pub fn of(&self, kind: &PrincipalKind) -> impl Iterator<Item = &Text> {
        self.listed.iter().filter(move |principal| principal.kind == *kind).map(|principal| &principal.value)
    }
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Allow => "Allow",
            Self::Deny => "Deny",
            Self::Unknown(_) => "Unknown",
        })
    }
}
