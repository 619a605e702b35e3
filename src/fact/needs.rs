//! What the code of one function needs.

use super::implied::{implied, in_callers_name, passes_roles, reads_extension};
use crate::iam::action::ActionSet;
use crate::iam::operation::{self, Operation};
use crate::model::{Call, CallKind, Code, CodeState, Project, Resource, Text};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What the code of one function needs.
pub(super) struct Needs<'a> {
    /// The function.
    pub(super) function: &'a Resource,
    /// Every action that it can make use of.
    pub(super) may: ActionSet,
    /// The calls that need actions for certain.
    pub(super) calls: Vec<(&'a Call, Operation)>,
    /// The calls that may need actions: whose they are is guessed from names, they are perhaps not reached, or they are
    /// made only after a failure.
    pub(super) guessed: Vec<(&'a Call, Operation)>,
    /// Requests to extensions on the function's own machine that ask AWS for it.
    pub(super) extensions: Vec<(&'a Call, &'a str)>,
    /// The clients that are made, each with the region that it is pinned to.
    pub(super) clients: Vec<(&'a str, Option<&'a Text>)>,
    /// The services of which a client is given credentials that are not the role's.
    pub(super) strangers: BTreeSet<Arc<str>>,
    /// Why nothing can be said: code that was not read.
    pub(super) unread: Option<Arc<str>>,
    /// Why it may need more than its calls say.
    pub(super) open: Option<Arc<str>>,
    /// Why what is said is only possible.
    pub(super) partly: Option<Arc<str>>,
}

impl<'a> Needs<'a> {
    /// What a function of a project needs; `index` is the project's among all.
    pub(super) fn of(project: &Project, index: usize, function: &'a Resource, code: &'a Code) -> Self {
        let mut needs = Self {
            function,
            may: implied(project, function),
            calls: Vec::new(),
            guessed: Vec::new(),
            extensions: Vec::new(),
            clients: Vec::new(),
            strangers: BTreeSet::new(),
            unread: None,
            open: None,
            partly: None,
        };
        let Some(own) = code.functions.get(&(index, function.id.clone())) else {
            needs.unread = Some("its code was not looked for".into());
            return needs;
        };
        match &own.state {
            CodeState::Read => {}
            CodeState::Partly(reason) => needs.partly = Some(reason.clone()),
            CodeState::Open(reason) => needs.open = Some(reason.clone()),
            CodeState::Unread(reason) => needs.unread = Some(reason.clone()),
        }
        for (path, index) in &own.calls {
            let call = code.files.get(path).and_then(|file| file.calls.get(*index as usize));
            call.into_iter().for_each(|call| needs.add(call));
        }
        let certain = needs.calls.len();
        for (path, index) in &own.perhaps {
            let call = code.files.get(path).and_then(|file| file.calls.get(*index as usize));
            call.into_iter().for_each(|call| needs.add(call));
        }
        let perhaps = needs.calls.split_off(certain);
        needs.guessed.extend(perhaps);
        needs
    }

    /// The calls that may be none of the function's, and why each is doubted. An upload that fails is given up: that is
    /// certain enough.
    pub(super) fn uncertain(&self) -> impl Iterator<Item = (&'a Call, String)> + '_ {
        let given_up = |operation: &Operation| operation.name == "AbortMultipartUpload";
        self.guessed.iter().filter(move |(_, operation)| !given_up(operation)).map(|(call, operation)| {
            let what = format!("{}.{}", operation.service, operation.name);
            (*call, format!("it is not certain that the function calls {what} by {}", call.callee))
        })
    }

    fn add(&mut self, call: &'a Call) {
        match &call.kind {
            CallKind::Http { url: Text::Literal(url) | Text::Prefix(url) } => {
                let read = reads_extension(url);
                if !read.is_empty() {
                    self.may.add(&read);
                    self.extensions.push((call, url));
                }
            }
            CallKind::Client { service, region, credentials } => {
                self.clients.push((service, region.as_ref().map(|(region, _)| region)));
                if *credentials {
                    self.strangers.insert(service.clone());
                }
            }
            CallKind::Sdk { service, operation, certain, .. } => {
                self.may.add(&passes_roles(operation));
                self.may.add(&in_callers_name(service));
                let Some(known) = operation::operation(service, operation).filter(Operation::is_known) else {
                    self.partly.get_or_insert_with(|| format!("what {service}.{operation} needs is not known").into());
                    return;
                };
                known.may().into_iter().for_each(|action| self.may.insert(action));
                if *certain { &mut self.calls } else { &mut self.guessed }.push((call, known));
            }
            _ => {}
        }
    }
}
