//! Who makes a request, and by which of his names a statement names him.

use super::context::Context;
use super::truth::Truth;
use crate::iam::arn::Arn;
use crate::iam::glob;
use crate::iam::pattern::{self, Glob};
use crate::iam::statement::{PrincipalKind, Principals, Statement};
use crate::iam::text::Text;
use crate::syntax::{Unknown, UnknownKind};
use std::sync::Arc;

/// Who makes a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// As it was given.
    pub name: Arc<str>,
    /// Of which kind.
    pub kind: CallerKind,
    /// The account; `None` for a caller without one.
    pub account: Option<Arc<str>>,
}

/// The kinds of caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallerKind {
    /// Nobody who has signed in.
    Anonymous,
    /// The root user of an account.
    Root,
    /// An IAM user.
    User,
    /// A role, in a session of which the name is not given.
    Role,
    /// A session of a role: `arn:aws:sts::123456789012:assumed-role/Role/session`.
    Session,
    /// A session that `GetFederationToken` made.
    FederatedUser,
    /// A service of AWS.
    Service,
    /// An identity of a provider (SAML, OpenID Connect).
    Federated,
}

/// By which of the caller's names a resource policy names him; each weighs differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    /// The user, the session, the service themselves.
    pub(super) direct: Truth,
    /// The role of a session, or everyone.
    pub(super) role: Truth,
    /// The account, which leaves it to its administrators.
    pub(super) account: Truth,
}

impl Caller {
    /// Reads an ARN, an account, a service's name, an identity provider, or `*` for anyone who has not signed in.
    pub fn parse(name: &str) -> Result<Self, String> {
        let caller = |kind, account: Option<&str>| Self { name: name.into(), kind, account: account.map(Into::into) };
        if name == "*" {
            return Ok(caller(CallerKind::Anonymous, None));
        }
        if is_account(name) {
            let arn = format!("arn:aws:iam::{name}:root");
            return Ok(Self { name: arn.into(), kind: CallerKind::Root, account: Some(name.into()) });
        }
        let Some(arn) = Arn::parse(name) else {
            let service = name.ends_with(".amazonaws.com") || name.ends_with(".amazonaws.com.cn");
            return match service && name != "cognito-identity.amazonaws.com" {
                true => Ok(caller(CallerKind::Service, None)),
                false if name.contains('.') && !name.contains(char::is_whitespace) => {
                    Ok(caller(CallerKind::Federated, None))
                }
                false => Err(format!("`{name}` is no principal: an ARN, an account or a service's name is expected")),
            };
        };
        let kind = match (arn.service, arn.resource.split('/').next().unwrap_or_default()) {
            ("iam", "root") => CallerKind::Root,
            ("iam", "user") => CallerKind::User,
            ("iam", "role") => CallerKind::Role,
            ("sts", "assumed-role") => CallerKind::Session,
            ("sts", "federated-user") => CallerKind::FederatedUser,
            ("iam", "saml-provider" | "oidc-provider") => return Ok(caller(CallerKind::Federated, None)),
            _ => return Err(format!("`{name}` is the ARN of no principal: of a user, a role, a session, a root user")),
        };
        let plain = arn.names_account() && !glob::has_wildcard(name);
        let parts = arn.resource.split('/').filter(|part| !part.is_empty()).count();
        let enough = match kind {
            CallerKind::Root => 1,
            CallerKind::Session => 3,
            _ => 2,
        };
        if !plain || parts < enough {
            return Err(format!("`{name}` is not the ARN of one principal"));
        }
        Ok(caller(kind, Some(arn.account)))
    }

    /// Whether service control policies hold for him: for users, roles and root users, service-linked roles apart
    /// (Organizations User Guide, "Service control policies: Tasks and entities not restricted by SCPs", 2026-11).
    pub(super) fn is_under_service_control(&self) -> bool {
        let linked = [":role/aws-service-role/", ":assumed-role/AWSServiceRoleFor"];
        self.account.is_some() && !linked.iter().any(|linked| self.name.contains(linked))
    }

    /// Puts into the context what the caller alone decides (IAM User Guide, "AWS global condition context keys:
    /// Properties of the principal", 2026-11), where it is not given.
    pub(super) fn imply(&self, context: &mut Context) {
        let kind = match self.kind {
            CallerKind::Anonymous => "Anonymous",
            CallerKind::Root => "Account",
            CallerKind::User => "User",
            CallerKind::Role | CallerKind::Session => "AssumedRole",
            CallerKind::FederatedUser => "FederatedUser",
            CallerKind::Service | CallerKind::Federated => "",
        };
        if !kind.is_empty() {
            context.imply("aws:PrincipalType", vec![kind.into()]);
        }
        if let Some(account) = &self.account {
            context.imply("aws:PrincipalAccount", vec![account.clone()]);
            // The path of a session's role is not known; `Caller::role_arns`.
            if self.kind != CallerKind::Session {
                context.imply("aws:PrincipalArn", vec![self.name.clone()]);
            }
        }
        context.imply(
            "aws:PrincipalIsAWSService",
            vec![Truth::of(self.kind == CallerKind::Service).is_yes().to_string().into()],
        );
        match self.kind {
            CallerKind::User => {
                let user = self.name.rsplit('/').next().unwrap_or_default();
                context.imply("aws:username", vec![user.into()]);
            }
            CallerKind::Service => {
                context.imply("aws:PrincipalServiceName", vec![self.name.clone()]);
                context.imply("aws:username", Vec::new());
            }
            CallerKind::Federated => {}
            CallerKind::Anonymous => {
                for key in [
                    "aws:PrincipalArn",
                    "aws:PrincipalAccount",
                    "aws:PrincipalOrgID",
                    "aws:PrincipalOrgPaths",
                    "aws:username",
                    "aws:userid",
                ] {
                    context.imply(key, Vec::new());
                }
            }
            _ => context.imply("aws:username", Vec::new()),
        }
    }

    /// What the ARN of a session's role may be: the usual one, which has no path unless AWS gives it one, and for each
    /// of the patterns one that it matches, if there is such a path. Empty for another caller.
    pub(super) fn role_arns(&self, patterns: &[Glob]) -> Vec<Arc<str>> {
        let session = Arn::parse(&self.name).filter(|_| self.kind == CallerKind::Session);
        let role = session.and_then(|arn| Some((arn, arn.resource.split('/').nth(1)?)));
        let Some((arn, role)) = role else { return Vec::new() };
        // Roles of Identity Center stand below its name and mostly their region, service-linked ones below the service.
        let (usual, path) = match role {
            _ if role.starts_with("AWSReservedSSO_") => {
                ("aws-reserved/sso.amazonaws.com/", "aws-reserved/sso.amazonaws.com/*/")
            }
            _ if role.starts_with("AWSServiceRoleFor") => {
                ("aws-service-role/service.amazonaws.com/", "aws-service-role/*/")
            }
            _ => ("", "*/"),
        };
        let of = |path: &str| format!("arn:{}:iam::{}:role/{path}{role}", arn.partition, arn.account);
        let mut found: Vec<Arc<str>> = vec![of(usual).into()];
        let any = [Glob::pattern(&of(path))];
        for glob in patterns {
            if let Ok(Some(text)) = pattern::search(&[&any, std::slice::from_ref(glob)], &[])
                && !found.iter().any(|known| **known == *text)
            {
                found.push(text.into());
            }
        }
        found
    }

    /// How a statement of a resource policy names him. A statement without principals names nobody.
    pub(super) fn named_by(&self, statement: &Statement, bounded: bool) -> Named {
        let nobody = Named { direct: Truth::No, role: Truth::No, account: Truth::No };
        let Some(principals) = &statement.principals else {
            return nobody;
        };
        let named = self.named_among(principals);
        if !statement.not_principal {
            let everyone = principals.any.as_ref().map_or(Truth::No, certainty);
            return match self.account {
                Some(_) => Named { role: named.role.or(everyone), ..named },
                None => Named { direct: named.direct.or(everyone), ..named },
            };
        }
        let left = if statement.denies() { self.denied_though_unnamed(&named, bounded) } else { self.left_by(&named) };
        match self.account {
            Some(_) => Named { role: left, ..nobody },
            None => Named { direct: left, ..nobody },
        }
    }

    /// `NotPrincipal` with `Deny` spares who is named together with his account; whether it spares him without it
    /// depends on the service, and it spares nobody who has a boundary (IAM User Guide, "IAM JSON policy elements:
    /// NotPrincipal", 2026-11).
    fn denied_though_unnamed(&self, named: &Named, bounded: bool) -> Truth {
        let own = named.direct.clone().or(named.role.clone());
        match self.kind {
            CallerKind::Root => named.account.clone().negated(),
            _ if self.account.is_none() => own.negated(),
            _ if bounded => Truth::Yes,
            _ => {
                let lacking = Unknown::new(
                    UnknownKind::Other,
                    "NotPrincipal names the principal and not its account: whether that is denied depends on the service",
                );
                let account = match &named.account {
                    Truth::Yes => Truth::Yes,
                    _ => Truth::unknown(lacking),
                };
                own.and(account).negated()
            }
        }
    }

    fn left_by(&self, named: &Named) -> Truth {
        Truth::any([named.direct.clone(), named.role.clone(), named.account.clone()]).negated()
    }

    fn named_among(&self, principals: &Principals) -> Named {
        let mut named = Named { direct: Truth::No, role: Truth::No, account: Truth::No };
        for principal in &principals.listed {
            let text = &principal.value;
            match (&principal.kind, self.kind) {
                (PrincipalKind::Service, CallerKind::Service) => {
                    named.direct = named.direct.or(is(text, &self.name.to_ascii_lowercase()));
                }
                (PrincipalKind::Federated, CallerKind::Federated) => {
                    named.direct = named.direct.or(is(text, &self.name))
                }
                (PrincipalKind::CanonicalUser, _) if self.account.is_some() => {
                    let unknown = Unknown::new(UnknownKind::Other, "whose account a canonical user id stands for");
                    named.account = named.account.or(Truth::unknown(unknown));
                }
                (PrincipalKind::Aws, _) if self.account.is_some() => self.add_aws(text, &mut named),
                _ => {}
            }
        }
        named
    }

    fn add_aws(&self, text: &Text, named: &mut Named) {
        let Some((arn, account)) = Arn::parse(&self.name).zip(self.account.as_deref()) else {
            return;
        };
        let root = format!("arn:{}:iam::{account}:root", arn.partition);
        let of_account = is(text, account).or(is(text, &root));
        named.account = named.account.clone().or(of_account);
        match self.kind {
            CallerKind::User | CallerKind::FederatedUser => {
                named.direct = named.direct.clone().or(is(text, &self.name))
            }
            CallerKind::Role => {
                named.role = named.role.clone().or(is(text, &self.name));
                let role = arn.resource.rsplit('/').next().unwrap_or_default();
                let session = format!("arn:{}:sts::{account}:assumed-role/{role}/", arn.partition);
                if text.as_literal().is_some_and(|text| text.starts_with(&session)) {
                    let unknown = Unknown::new(UnknownKind::Other, "the name of the role's session");
                    named.direct = named.direct.clone().or(Truth::unknown(unknown));
                }
            }
            CallerKind::Session => {
                named.direct = named.direct.clone().or(is(text, &self.name));
                named.role = named.role.clone().or(self.is_role_of_session(text, &arn));
            }
            _ => {}
        }
    }

    /// Whether the text is the ARN of the role, with whatever path.
    fn is_role_of_session(&self, text: &Text, session: &Arn<'_>) -> Truth {
        let role = session.resource.split('/').nth(1).unwrap_or_default();
        match text.as_literal() {
            Some(literal) => {
                let same = Arn::parse(literal).is_some_and(|arn| {
                    let name = arn.resource.strip_prefix("role/").and_then(|path| path.rsplit('/').next());
                    arn.service == "iam" && arn.account == session.account && name == Some(role)
                });
                Truth::of(same).and(certainty(text))
            }
            None => is(text, &format!("arn:{}:iam::{}:role/{role}", session.partition, session.account)),
        }
    }
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a principal's text is this name; wildcards in it match nothing but themselves.
fn is(text: &Text, name: &str) -> Truth {
    match text.as_literal() {
        Some(literal) => Truth::of(literal == name).and(certainty(text)),
        None if glob::matches(&text.upper(), name) => {
            let reason = || Unknown::new(UnknownKind::Computed, text.to_string());
            Truth::unknown(text.unknown().unwrap_or_else(reason))
        }
        None => Truth::No,
    }
}

/// `Yes`, or open where the template decides only at deployment whether the text is there.
fn certainty(text: &Text) -> Truth {
    text.unknown().map_or(Truth::Yes, Truth::unknown)
}
