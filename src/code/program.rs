//! All units of a scan, linked: what each import leads to.

use super::unit::{ExprId, FunctionId, ImportId, Unit};
use super::value::UnitId;
use crate::source::SourceFile;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// What an import leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Link {
    /// A module of the repository.
    Unit(UnitId),
    /// A folder of modules of the repository without a file of its own.
    Folder(Arc<str>),
    /// The member that is imported is itself a module.
    Member(UnitId),
    /// A package outside the repository.
    Outside,
    /// A module that should be in the repository or beside it, and is not.
    Missing,
}

/// The text that a unit's spans point into.
#[derive(Debug, Clone)]
pub(super) enum UnitText {
    /// A file.
    File(Arc<SourceFile>),
    /// Code inside a template.
    Inline(Arc<str>),
}

impl UnitText {
    /// The text.
    pub(super) fn as_str(&self) -> &str {
        match self {
            Self::File(file) => &file.text,
            Self::Inline(text) => text,
        }
    }
}

/// A unit with its text and links.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) unit: Unit,
    pub(super) text: UnitText,
    /// By import id.
    pub(super) links: Vec<Link>,
}

/// All units of a scan.
#[derive(Debug, Default)]
pub(super) struct Program {
    pub(super) members: Vec<Member>,
    pub(super) by_path: HashMap<Arc<str>, UnitId>,
    /// Functions that are given an event.
    pub(super) handlers: HashSet<(UnitId, FunctionId)>,
    /// For each function the calls of it.
    pub(super) sites: CallSites,
}

/// For each function the calls of it: unit and call.
pub(super) type CallSites = HashMap<(UnitId, FunctionId), Vec<(UnitId, ExprId)>>;

impl Program {
    /// The unit of an id.
    pub(super) fn unit(&self, id: UnitId) -> &Unit {
        &self.members[id].unit
    }

    /// What an import leads to.
    pub(super) fn link(&self, unit: UnitId, import: ImportId) -> &Link {
        self.members[unit].links.get(import as usize).unwrap_or(&Link::Missing)
    }

    /// The source text of an expression.
    pub(super) fn source(&self, unit: UnitId, expr: ExprId) -> &str {
        let member = &self.members[unit];
        let (start, end) = member.unit.spans.get(expr as usize).copied().unwrap_or_default();
        member.text.as_str().get(start as usize..end as usize).unwrap_or_default()
    }
}
