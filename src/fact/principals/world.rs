//! Who there is in a project, and what holds for each.

use super::found::{Gains, May, Relevant, Trusting};
use super::settle::{self, Settled};
use crate::fact::link::{Holder, Links, MANAGED_POLICY, Policy};
use crate::iam::arn::Arn;
use crate::iam::document::{self, Document};
use crate::iam::evaluate::{Caller, CallerKind};
use crate::iam::statement::Statement;
use crate::iam::text::Text;
use crate::iam::{escalation, glob, grant, managed};
use crate::model::{Format, Presence, Project, Resource};
use crate::source::Span;
use crate::syntax::{Node, Part, Reference};
use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;

/// The principals of one project, with what holds for each.
pub(in crate::fact) struct World<'a> {
    pub(super) project: &'a Project,
    pub(super) settled: Settled<'a>,
    /// Texts of policies that are about the project's account only by a guess, and why that is not certain.
    pub(super) guessed: HashMap<Span, Arc<str>>,
    pub(in crate::fact) principals: Vec<Principal<'a>>,
    by_id: BTreeMap<&'a str, usize>,
    pub(super) by_name: HashMap<String, usize>,
    /// The ARNs of what the project holds, as they compare with themselves, and how they end.
    own: OnceCell<HashSet<String>>,
    /// Whether every principal of the account is among them: it is an account's export.
    pub(super) whole: bool,
    pub(super) gains: Gains,
    /// What is about an action, by principal.
    pub(super) relevant: RefCell<HashMap<(usize, String), Rc<Relevant>>>,
    /// The policies of the project that give everything, by ARN.
    pub(super) administrators: OnceCell<Vec<String>>,
    pub(super) assume_any: RefCell<HashMap<usize, Option<May>>>,
    pub(super) assumers: OnceCell<Vec<Vec<(usize, May)>>>,
    pub(super) trusting: OnceCell<BTreeMap<String, Vec<Trusting>>>,
}

/// A role, user or group; or whoever holds a policy that nobody of the project holds.
pub(in crate::fact) struct Principal<'a> {
    /// The role, user, group or policy.
    pub(in crate::fact) resource: &'a Resource,
    /// What reports call it.
    pub(in crate::fact) title: String,
    pub(in crate::fact) kind: Kind,
    /// The functions that execute with it.
    pub(in crate::fact) functions: Vec<&'a Resource>,
    /// Whether another rule has said that it is, or is as good as, an administrator.
    pub(in crate::fact) wide: bool,
    pub(super) caller: Caller,
    /// Its ARN; of a group, a member's.
    pub(super) arn: Text,
    /// What its policies say, those of its groups among them.
    pub(super) held: Vec<Held<'a>>,
    pub(super) boundary: Boundary,
    /// What of its policies is not known.
    pub(in crate::fact) unknown: Option<String>,
    pub(super) trust: Document,
    /// The groups that it is in.
    pub(in crate::fact) groups: Vec<usize>,
    /// The actions of known ways that one of its statements may allow, by number.
    mask: Vec<bool>,
}

/// The kinds of principal that hold policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::fact) enum Kind {
    Role,
    User,
    /// Asked about as one of its members.
    Group,
    /// Whoever holds a policy: a user or a role.
    Bearer,
}

/// A policy that is held.
pub(super) struct Held<'a> {
    pub(super) document: Document,
    /// The resource that it is written in; `None` for one of AWS's.
    pub(super) written_in: Option<&'a Resource>,
    /// Where it is attached, if it is one that AWS made for one service's own use.
    pub(super) of_service: Option<Span>,
}

/// The permissions boundary of a principal.
pub(super) enum Boundary {
    None,
    Known(Document),
    /// There is one, and why it is not known.
    Unknown(String),
}

impl<'a> World<'a> {
    /// The principals of a project.
    pub(in crate::fact) fn of(project: &'a Project, links: &Links<'a>) -> Self {
        let documents: Vec<&Document> = links
            .holders
            .iter()
            .flat_map(|holder| &holder.policies)
            .chain(&links.loose)
            .map(|policy| &policy.document)
            .collect();
        let settled = Settled::of(project, &documents);
        let whole = project.format == Format::Account;
        let mut read: HashMap<Arc<str>, Option<Document>> = HashMap::new();
        let mut principals: Vec<Principal<'a>> =
            links.holders.iter().filter_map(|holder| Principal::of(project, &settled, holder, &mut read)).collect();
        if !whole {
            let loose = links.loose.iter().filter(|policy| policy.holders == 0);
            principals.extend(loose.filter_map(|policy| Principal::bearer(&settled, policy)));
        }
        let statements = documents.iter().flat_map(|document| &document.statements);
        let texts = statements.flat_map(|statement| &statement.resources);
        let guessed = texts.filter_map(|text| Some((text.span, settled.doubt(text)?))).collect();
        let mut world = Self {
            project,
            guessed,
            by_id: principals.iter().enumerate().map(|(index, one)| (&*one.resource.id, index)).collect(),
            by_name: principals.iter().enumerate().map(|(index, one)| (one.caller.name.to_string(), index)).collect(),
            own: OnceCell::new(),
            gains: Gains::of(principals.len()),
            principals,
            settled,
            whole,
            relevant: RefCell::default(),
            administrators: OnceCell::new(),
            assume_any: RefCell::default(),
            assumers: OnceCell::new(),
            trusting: OnceCell::new(),
        };
        world.join_groups();
        world.principals.iter_mut().for_each(Principal::find_mask);
        world
    }

    /// The ARN of a resource of the project.
    pub(in crate::fact) fn arn(&self, resource: &Resource) -> Option<Text> {
        self.settled.arn(resource)
    }

    /// Whether an ARN is one of something that the project holds; of what lies in any region the name says enough.
    pub(super) fn holds(&self, arn: &str) -> bool {
        let end = |arn: &str| Arn::parse(arn).map(|arn| arn.resource.to_owned());
        let own = self.own.get_or_init(|| {
            let arns = self.project.resources.iter().filter_map(|resource| self.settled.arn(resource));
            arns.map(|arn| settle::name(&arn)).flat_map(|arn| [end(&arn), Some(arn)]).flatten().collect()
        });
        own.contains(arn) || end(arn).is_some_and(|end| own.contains(&end))
    }

    /// The principal that a resource is.
    pub(in crate::fact) fn index_of(&self, resource: &Resource) -> Option<usize> {
        self.by_id.get(&*resource.id).copied()
    }

    /// Gives users the policies of their groups.
    fn join_groups(&mut self) {
        let mut joined: Vec<(usize, usize)> = Vec::new();
        let group = |node: &Node| {
            let group = self.project.named_of(node, |kind| kind == "AWS::IAM::Group")?;
            self.index_of(group)
        };
        for (index, user) in self.principals.iter().enumerate().filter(|(_, one)| one.kind == Kind::User) {
            let groups = user.resource.property("Groups").map(Node::items_or_self).unwrap_or_default();
            joined.extend(groups.iter().filter_map(group).map(|group| (index, group)));
        }
        for addition in self.project.of_kind("AWS::IAM::UserToGroupAddition") {
            let Some(group) = addition.property("GroupName").and_then(group) else { continue };
            let users = addition.property("Users").map(Node::items_or_self).unwrap_or_default();
            let named = users.iter().filter_map(|user| self.project.named_of(user, |kind| kind == "AWS::IAM::User"));
            joined.extend(named.filter_map(|user| self.index_of(user)).map(|user| (user, group)));
        }
        joined.sort_unstable();
        joined.dedup();
        for (user, group) in joined {
            let held: Vec<Held<'a>> = match self.principals.get(group) {
                Some(group) => group.held.iter().map(Held::again).collect(),
                None => Vec::new(),
            };
            if let Some(user) = self.principals.get_mut(user) {
                user.groups.push(group);
                user.held.extend(held);
            }
        }
    }
}

impl<'a> Principal<'a> {
    fn of(
        project: &Project,
        settled: &Settled<'_>,
        holder: &Holder<'a>,
        read: &mut HashMap<Arc<str>, Option<Document>>,
    ) -> Option<Self> {
        let resource = holder.resource;
        let kind = match &*resource.kind {
            "AWS::IAM::Role" => Kind::Role,
            "AWS::IAM::User" => Kind::User,
            _ => Kind::Group,
        };
        let mut unknown = holder.unknown.first().map(ToString::to_string);
        let mut held: Vec<Held<'a>> =
            holder.policies.iter().map(|policy| Held::written(settled, policy, resource)).collect();
        for (name, span) in &holder.managed {
            match of_aws(name, read) {
                Some(document) => held.push(Held {
                    document: at(document, *span),
                    written_in: None,
                    of_service: name.contains("service-role/").then_some(*span),
                }),
                None => unknown = unknown.or_else(|| Some(format!("the policy {name} is not known"))),
            }
        }
        let member = Part::Reference(Reference { resource: resource.id.clone(), attribute: "member".into() });
        let arn = match kind {
            Kind::Group => {
                let start = settled.of_iam("user/");
                settle::text(vec![Part::Literal(start.into()), member], resource.span)
            }
            _ => settled.arn(resource)?,
        };
        let workload = holder.is_workload() == Ok(true);
        let administrators = ["AdministratorAccess", "PowerUserAccess", "IAMFullAccess"];
        let attached = |(name, _): &(Arc<str>, Span)| {
            let name = name.rsplit('/').next().unwrap_or(name);
            administrators.contains(&name) && (workload || name == "AdministratorAccess")
        };
        let everything = held.iter().flat_map(|held| &held.document.statements).any(gives_everything);
        Some(Self {
            resource,
            title: holder.title(),
            kind,
            functions: holder.functions.clone(),
            wide: everything || holder.managed.iter().any(attached),
            caller: caller(&arn, if kind == Kind::Role { CallerKind::Role } else { CallerKind::User }, settled),
            arn,
            held,
            boundary: Boundary::of(project, settled, resource, read),
            unknown,
            trust: settled.document(&holder.trust),
            groups: Vec::new(),
            mask: Vec::new(),
        })
    }

    /// Whoever holds a policy.
    fn bearer(settled: &Settled<'_>, policy: &Policy<'a>) -> Option<Self> {
        let resource = policy.resource;
        let start = settled.of_iam("user/");
        let holder = Part::Reference(Reference { resource: resource.id.clone(), attribute: "holder".into() });
        let arn = settle::text(vec![Part::Literal(start.into()), holder], resource.span);
        let held = Held::written(settled, policy, resource);
        Some(Self {
            resource,
            title: format!("whoever holds policy {}", resource.name),
            kind: Kind::Bearer,
            functions: Vec::new(),
            wide: held.document.statements.iter().any(gives_everything),
            caller: caller(&arn, CallerKind::User, settled),
            arn,
            held: vec![held],
            boundary: Boundary::None,
            unknown: None,
            trust: Document::default(),
            groups: Vec::new(),
            mask: Vec::new(),
        })
    }

    /// The statements of its policies that may allow something.
    pub(super) fn allowing(&self) -> impl Iterator<Item = (&Held<'a>, &Statement)> {
        let statements = |held| Held::statements(held).map(move |statement| (held, statement));
        self.held.iter().flat_map(statements).filter(|(_, statement)| !statement.denies())
    }

    /// Whether a place is the attachment of a policy that AWS made for one service's own use.
    pub(in crate::fact) fn is_of_service(&self, span: Span) -> bool {
        self.held.iter().any(|held| held.of_service == Some(span))
    }

    /// Whether the statements at a place name what they are about in full.
    pub(in crate::fact) fn names_in_full(&self, span: Span) -> bool {
        let full = |text: &Text| text.has_known_shape() && !glob::has_wildcard(&text.shape());
        let mut at =
            self.allowing().map(|(_, statement)| statement).filter(|statement| statement.span == span).peekable();
        at.peek().is_some() && at.all(|one| !one.not_resource && one.resources.iter().all(full))
    }

    /// Whether one of its statements may allow a step's action.
    pub(in crate::fact) fn may_name(&self, action: &str) -> bool {
        escalation::number_of(action).is_some_and(|number| self.mask.get(usize::from(number)) == Some(&true))
    }

    fn find_mask(&mut self) {
        let mut mask = vec![false; escalation::numbers()];
        for (_, statement) in self.allowing() {
            if statement.not_action {
                mask.iter_mut().for_each(|slot| *slot = true);
                continue;
            }
            for number in statement.actions.iter().flat_map(|text| escalation::named_by(&text.upper())) {
                if let Some(slot) = mask.get_mut(usize::from(number)) {
                    *slot = true;
                }
            }
        }
        self.mask = mask;
    }
}

impl<'a> Held<'a> {
    fn written(settled: &Settled<'_>, policy: &Policy<'a>, holder: &Resource) -> Self {
        let mut document = settled.document(&policy.document);
        if let Presence::Possible(reason) = &policy.presence
            && policy.presence != holder.presence
        {
            for statement in &mut document.statements {
                statement.possible.get_or_insert_with(|| reason.clone());
            }
        }
        Self { document, written_in: Some(policy.resource), of_service: None }
    }

    fn again(&self) -> Self {
        Self { document: self.document.clone(), ..*self }
    }

    fn statements(&self) -> impl Iterator<Item = &Statement> {
        self.document.statements.iter()
    }
}

impl Boundary {
    fn of(
        project: &Project,
        settled: &Settled<'_>,
        resource: &Resource,
        read: &mut HashMap<Arc<str>, Option<Document>>,
    ) -> Self {
        let Some(named) = resource.property("PermissionsBoundary") else { return Self::None };
        let own = project.named_of(named, |kind| kind == MANAGED_POLICY).filter(|own| own.generated_from.is_none());
        if let Some(document) = own.and_then(|policy| policy.property("PolicyDocument")) {
            return Self::Known(settled.document(&document::read(document).0));
        }
        let of_aws = named.as_text().and_then(|name| self::of_aws(&name.into(), read));
        of_aws.map_or_else(|| Self::Unknown(format!("the boundary {named} is not known")), Self::Known)
    }

    pub(super) fn document(&self) -> Option<&Document> {
        match self {
            Self::Known(document) => Some(document),
            _ => None,
        }
    }
}

/// The document of a policy of AWS, each read once.
fn of_aws(name: &Arc<str>, read: &mut HashMap<Arc<str>, Option<Document>>) -> Option<Document> {
    let parse = || {
        let text = managed::document(name)?;
        Some(document::read(&Node::string(text, Span::start_of(crate::source::FileId(0)))).0)
    };
    read.entry(name.clone()).or_insert_with(parse).clone()
}

/// The document with its statements where the policy is attached.
fn at(mut document: Document, span: Span) -> Document {
    document.statements.iter_mut().for_each(|statement| statement.span = span);
    document
}

fn caller(arn: &Text, kind: CallerKind, settled: &Settled<'_>) -> Caller {
    Caller { name: settle::name(arn).into(), kind, account: Some(settled.account.clone()) }
}

/// Whether the statement is every action on every resource.
pub(super) fn gives_everything(statement: &Statement) -> bool {
    statement.allows()
        && grant::allows_all_actions(statement) == Ok(true)
        && grant::allows_all_resources(statement) == Ok(true)
}
