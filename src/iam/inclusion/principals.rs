//! The principals that resource policies tell apart.

use crate::iam::arn::Arn;
use crate::iam::statement::{PrincipalKind, Statement};
use std::fmt;

/// A principal, or all of a kind that no statement tells apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Who {
    /// Whoever holds the identity policy.
    Holder,
    /// Anyone whom no statement names.
    Anyone,
    /// Someone of an account whom no statement names.
    OfAccount(String),
    /// One whom a statement names, and whether policies of his own allow it too: what a policy gives his account he
    /// has only by them.
    Named { kind: PrincipalKind, name: String, backed: bool },
}

/// Everyone whom the statements tell apart.
pub(super) fn everyone<'a>(statements: impl Iterator<Item = &'a Statement>) -> Vec<Who> {
    let mut all = Vec::new();
    let mut add = |who: Who| {
        if !all.contains(&who) {
            all.push(who);
        }
    };
    for statement in statements {
        let Some(principals) = &statement.principals else {
            add(Who::Holder);
            continue;
        };
        if principals.any.is_some() || statement.not_principal {
            add(Who::Anyone);
        }
        for principal in &principals.listed {
            let name = principal.value.as_literal().unwrap_or_default();
            match (&principal.kind, account_of(name)) {
                (PrincipalKind::Aws, Some(account)) => {
                    add(Who::OfAccount(account.to_owned()));
                    for backed in [true, false].into_iter().filter(|_| !is_whole_account(name)) {
                        add(Who::Named { kind: PrincipalKind::Aws, name: name.to_owned(), backed });
                    }
                }
                (kind, _) => add(Who::Named { kind: kind.clone(), name: name.to_owned(), backed: true }),
            }
        }
    }
    all
}

/// Whether a statement is for him. `NotPrincipal` leaves out those whom it names, and an account is there only the
/// account's own root user (IAM User Guide, "IAM JSON policy elements: NotPrincipal", 2026-11).
pub(super) fn is_for(statement: &Statement, who: &Who) -> bool {
    let Some(principals) = &statement.principals else {
        return true;
    };
    let named = principals.listed.iter().any(|principal| {
        let name = principal.value.as_literal().unwrap_or_default();
        match who {
            Who::Holder | Who::Anyone => false,
            Who::OfAccount(account) => !statement.not_principal && is_whole(name, account),
            Who::Named { kind, name: own, backed } if *kind == principal.kind => {
                let reaches =
                    *kind == PrincipalKind::Aws && (*backed || !statement.allows()) && !statement.not_principal;
                let of_account = || reaches && account_of(own).is_some_and(|it| is_whole(name, it));
                own == name || is_role_of_session(name, own) || of_account()
            }
            Who::Named { .. } => false,
        }
    });
    (named || principals.any.is_some()) != statement.not_principal
}

fn account_of(name: &str) -> Option<&str> {
    match Arn::parse(name) {
        Some(arn) => arn.names_account().then_some(arn.account),
        None => (name.len() == 12 && name.bytes().all(|byte| byte.is_ascii_digit())).then_some(name),
    }
}

fn is_whole_account(name: &str) -> bool {
    Arn::parse(name).is_none_or(|arn| arn.resource == "root")
}

fn is_whole(name: &str, account: &str) -> bool {
    is_whole_account(name) && account_of(name) == Some(account)
}

fn is_role_of_session(role: &str, session: &str) -> bool {
    let Some((role, session)) = Arn::parse(role).zip(Arn::parse(session)) else {
        return false;
    };
    let name = session.resource.strip_prefix("assumed-role/").and_then(|rest| rest.split('/').next());
    let path = role.resource.strip_prefix("role/").and_then(|path| path.rsplit('/').next());
    session.service == "sts" && name.is_some() && name == path && role.account == session.account
}

impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Holder => f.write_str("the policy's holder"),
            Self::Anyone => f.write_str("anyone"),
            Self::OfAccount(account) => write!(f, "arn:aws:iam::{account}:root"),
            Self::Named { name, .. } => f.write_str(name),
        }
    }
}
