//! All units of a scan, linked: what each import leads to.

use super::unit::{Class, ClassId, ExprId, FunctionId, ImportId, Unit};
use super::value::UnitId;
use crate::model::Language;
use crate::source::SourceFile;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// What an import leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Link {
    /// A module of the repository.
    Unit(UnitId),
    /// One of several modules of the repository: which one is known only when it runs.
    Several(Vec<UnitId>),
    /// A folder of modules of the repository without a file of its own.
    Folder(Arc<str>),
    /// The member that is imported is itself a module.
    Member(UnitId),
    /// A package whose files share one scope (Go), by its folder.
    Package(Arc<str>),
    /// A package outside the repository.
    Outside,
    /// Nowhere: a guess that was wrong.
    Nowhere,
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
    /// The folder of the module that it is part of (Go: where its go.mod lies; Java: its source root).
    pub(super) module: Arc<str>,
}

/// A function of a program.
pub(super) type Method = (UnitId, FunctionId);

/// A class of a program.
pub(super) type ClassKey = (UnitId, ClassId);

/// The values that fields of a class are given anywhere, by the field's name.
pub(super) type Fields = HashMap<Arc<str>, Vec<(UnitId, ExprId)>>;

/// What is put into a map: the key where it is known, and the value.
pub(super) type Kept = (Option<Arc<str>>, (UnitId, ExprId));

/// All units of a scan.
#[derive(Debug, Default)]
pub(super) struct Program {
    pub(super) members: Vec<Member>,
    pub(super) by_path: HashMap<Arc<str>, UnitId>,
    /// Functions that are given an event.
    pub(super) handlers: HashSet<(UnitId, FunctionId)>,
    /// Calls of what is not the project's that are handed a handler: what they give calls it.
    pub(super) wrapping: HashSet<(UnitId, ExprId)>,
    /// The classes of which Lambda makes an object, because a handler names them (Java).
    pub(super) handler_classes: HashSet<ClassKey>,
    /// For each function the calls of it.
    pub(super) sites: CallSites,
    /// The functions that call what a parameter says, with the calls in them.
    pub(super) forwards: HashMap<Method, Vec<ExprId>>,
    /// The units of a package whose files share one scope (Go), by its folder.
    pub(super) packages: HashMap<Arc<str>, Vec<UnitId>>,
    /// Main files beside which others lie in the same folder: each is a program of its own with what all share.
    pub(super) alone: HashMap<UnitId, Vec<UnitId>>,
    /// All parts of a class that several files hold parts of; each part names all.
    pub(super) parts: HashMap<ClassKey, Arc<[ClassKey]>>,
    /// What fields are given outside their own file, by literals and assignments.
    pub(super) fields: HashMap<ClassKey, Fields>,
    /// What is put into maps after they are written, by the key where it is known (Python, JavaScript).
    pub(super) kept: HashMap<(UnitId, ExprId), Vec<Kept>>,
    /// For a file whose text others run in their own scope (Python's `exec`): those.
    pub(super) run_by: HashMap<UnitId, Vec<UnitId>>,
    /// The classes that may stand behind an interface or a class that others extend.
    pub(super) behind: HashMap<ClassKey, Vec<ClassKey>>,
    /// The classes that say they extend a class, where no types are (Python, JavaScript).
    pub(super) below: HashMap<ClassKey, Vec<ClassKey>>,
    /// The methods of a class that belong to traits from outside the project (Rust).
    pub(super) foreign: HashMap<ClassKey, Vec<Method>>,
    /// The methods that the project gives to types from outside, by name (Rust).
    pub(super) given: HashMap<Arc<str>, Vec<Method>>,
}

/// For each function the calls of it: unit and call.
pub(super) type CallSites = HashMap<(UnitId, FunctionId), Vec<(UnitId, ExprId)>>;

impl Program {
    /// The unit of an id.
    pub(super) fn unit(&self, id: UnitId) -> &Unit {
        &self.members[id].unit
    }

    /// Whether a unit's language says of every value what type it has.
    pub(super) fn is_typed(&self, unit: UnitId) -> bool {
        matches!(self.unit(unit).language, Language::Go | Language::Java | Language::Rust)
    }

    /// Whether a unit is written in Rust.
    pub(super) fn is_rust(&self, unit: UnitId) -> bool {
        self.unit(unit).language == Language::Rust
    }

    /// Whether a unit is in Java.
    pub(super) fn is_java(&self, unit: UnitId) -> bool {
        self.unit(unit).language == Language::Java
    }

    /// A class.
    pub(super) fn class(&self, (unit, class): ClassKey) -> Option<&Class> {
        self.unit(unit).classes.get(class as usize)
    }

    /// The part of a class that stands for all of it.
    pub(super) fn whole(&self, class: ClassKey) -> ClassKey {
        self.parts.get(&class).and_then(|parts| parts.first()).copied().unwrap_or(class)
    }

    /// A class with its parts in other files, itself first.
    pub(super) fn parts_of(&self, class: ClassKey) -> impl Iterator<Item = ClassKey> + '_ {
        let others = self.parts.get(&class).map_or(&[][..], |parts| parts);
        std::iter::once(class).chain(others.iter().copied().filter(move |other| *other != class))
    }

    /// The other units that share a unit's scope, and itself; none where its language has no such packages.
    pub(super) fn package_of(&self, unit: UnitId) -> &[UnitId] {
        let here = self.unit(unit);
        if here.language != Language::Go {
            return &[];
        }
        if let Some(own) = self.alone.get(&unit) {
            return own;
        }
        let folder = here.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        self.packages.get(folder).map_or(&[], Vec::as_slice)
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
