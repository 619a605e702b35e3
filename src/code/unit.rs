//! A code file in one shape for all languages: expressions, scopes, functions and classes, without its tree.

use crate::model::Language;
use crate::source::FileId;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// An interned name of one unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Sym(pub(super) u32);

/// Index of an expression in its unit.
pub(super) type ExprId = u32;
/// Index of a scope in its unit; 0 is the module's.
pub(super) type ScopeId = u32;
/// Index of a function in its unit; 0 is the module's top level.
pub(super) type FunctionId = u32;
/// Index of a class in its unit.
pub(super) type ClassId = u32;
/// Index of an import in its unit.
pub(super) type ImportId = u32;

/// No expression, no parent.
pub(super) const NONE: u32 = u32::MAX;

/// An expression; what it evaluates to is asked for later, when all files are known.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Expr {
    /// Nothing that is understood.
    Unknown,
    /// A string literal.
    Text(Arc<str>),
    /// A truth value.
    Bool(bool),
    /// A number, as written.
    Number(Arc<str>),
    /// An identifier in a scope.
    Name(Sym, ScopeId),
    /// The object that a method belongs to.
    This(ClassId),
    /// `object.name`
    Member(ExprId, Sym),
    /// `object[index]`
    Index(ExprId, ExprId),
    /// A call or construction.
    Call {
        callee: ExprId,
        args: Box<[Arg]>,
        /// It stands behind `new`.
        new: bool,
    },
    /// A dictionary, object literal or struct literal.
    Map(Box<[Pair]>),
    /// A list or tuple.
    List(Box<[ExprId]>),
    /// A string put together from parts.
    Join(Box<[ExprId]>),
    /// One of several values.
    OneOf(Box<[ExprId]>),
    /// A function, lambda or closure as a value.
    Function(FunctionId),
    /// A class as a value.
    Class(ClassId),
    /// An element of a sequence.
    Element(ExprId),
    /// A channel of a type of elements (Go).
    Channel(ExprId),
    /// An element of what it is if that is a channel: the only name that ranges over it (Go).
    Received(ExprId),
    /// A value of a type.
    Typed(ExprId),
    /// A literal of a named type: the type, and its fields as a map.
    Struct(ExprId, ExprId),
    /// One of the values that a call gives at once, by its place.
    Part(ExprId, u32),
    /// A module as a value.
    Import(ImportId),
}

/// An argument of a call.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Arg {
    /// Its keyword.
    pub(super) name: Option<Sym>,
    pub(super) value: ExprId,
    /// `*args`, `**kwargs`, `...rest`.
    pub(super) spread: bool,
}

/// An entry of a map.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Pair {
    /// The key where it is a literal; none for a spread and for computed keys.
    pub(super) key: Option<Sym>,
    /// A computed key.
    pub(super) computed: Option<ExprId>,
    pub(super) value: ExprId,
    pub(super) spread: bool,
}

/// What gives a name its value.
#[derive(Debug, Clone)]
pub(super) enum Binding {
    Value(ExprId),
    /// An import, or one member of it.
    Import(ImportId, Option<Sym>),
    Function(FunctionId),
    Class(ClassId),
    Param(FunctionId, u32),
    /// `self` of a method.
    This(ClassId),
    Unknown,
}

/// Names and the scope around them.
#[derive(Debug, Default)]
pub(super) struct Scope {
    pub(super) parent: Option<ScopeId>,
    pub(super) names: HashMap<Sym, Vec<Binding>>,
    /// Names that are bound in another scope (`global x`).
    pub(super) outer: HashMap<Sym, ScopeId>,
    /// It is the body of a class: its names are not seen from methods.
    pub(super) is_class: bool,
}

/// A parameter.
#[derive(Debug, Clone)]
pub(super) struct Param {
    pub(super) name: Option<Sym>,
    pub(super) default: Option<ExprId>,
    /// Its type annotation, as an expression.
    pub(super) annotation: Option<ExprId>,
    /// It takes all the rest.
    pub(super) rest: bool,
}

/// A function, method, lambda, or the top level of a module.
#[derive(Debug, Default)]
pub(super) struct Function {
    pub(super) name: Arc<str>,
    /// The class it is a method of.
    pub(super) class: Option<ClassId>,
    /// Parameters without the object itself.
    pub(super) params: Vec<Param>,
    pub(super) returns: Vec<ExprId>,
    pub(super) decorators: Vec<ExprId>,
    /// The function around it.
    pub(super) parent: FunctionId,
    /// It has no name: where it stands, something will call it.
    pub(super) inline: bool,
    /// It is only declared: a method of an interface, or one that heirs must bring.
    pub(super) bodyless: bool,
    /// Its annotations let a framework call it for what it gives back (Java).
    pub(super) provides: bool,
    /// It says that it stands in the place of a method from above (Java).
    pub(super) overrides: bool,
    /// Its annotations have a framework call it: a route, a listener (Java).
    pub(super) is_entered: bool,
    /// It needs no object (Java).
    pub(super) is_static: bool,
    /// It is private or static: nothing calls it in another's place (Java).
    pub(super) is_own: bool,
    /// The call that it is handed to (a lambda of Java).
    pub(super) handed: Option<ExprId>,
    /// The trait whose method it is (Rust).
    pub(super) of_trait: Option<ExprId>,
}

/// The name of the function that exported values stand in and that nobody calls (JavaScript).
pub(super) const EXPORTS: &str = "module.exports";

/// A class, struct or interface.
#[derive(Debug, Default)]
pub(super) struct Class {
    /// Its name, where other files may hold parts of it or stand behind it.
    pub(super) name: Option<Sym>,
    pub(super) bases: Vec<ExprId>,
    pub(super) fields: HashMap<Sym, Vec<ExprId>>,
    /// Its fields in the order of the source, where literals give values without names.
    pub(super) order: Vec<Sym>,
    /// Methods by name; several where a language tells them apart by their parameters.
    pub(super) methods: HashMap<Sym, Vec<FunctionId>>,
    /// It is an interface: what is called stands behind it.
    pub(super) is_interface: bool,
    /// Its annotations ask a framework to make its objects (Java).
    pub(super) by_framework: bool,
    /// No object is of it alone (Java).
    pub(super) is_abstract: bool,
    /// What runs where an object is made, beside its constructors, and what runs where the class is first used (Java).
    pub(super) initial: Option<FunctionId>,
    pub(super) at_load: Option<FunctionId>,
    /// The class around it (Java).
    pub(super) around: Option<ClassId>,
    /// Generated code puts its objects together, field by field (Java).
    pub(super) has_builder: bool,
    /// Classes that its body holds (Python).
    pub(super) inner: HashMap<Sym, ClassId>,
    /// Methods that are read like fields.
    pub(super) properties: HashSet<Sym>,
    /// The type that it gives methods to, where another file or a package declares it (Rust).
    pub(super) part_of: Option<ExprId>,
    /// Its name is its only value (Rust).
    pub(super) is_unit: bool,
    /// Derived code makes it of data (Rust).
    pub(super) is_read: bool,
}

/// A module that a unit asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Import {
    /// As written: `boto3`, `..pkg.mod`, `./x`.
    pub(super) module: Arc<str>,
    /// The member, which may be a module itself (`from pkg import module`).
    pub(super) member: Option<Arc<str>>,
    pub(super) span: (u32, u32),
    /// All names of it are taken (`from x import *`).
    pub(super) all: bool,
    /// It is a guess where a type may lie: that nothing is there says nothing.
    pub(super) perhaps: bool,
}

/// A code file in one shape for all languages.
#[derive(Debug)]
pub(super) struct Unit {
    pub(super) file: FileId,
    pub(super) path: Arc<str>,
    pub(super) language: Language,
    pub(super) names: Vec<Arc<str>>,
    by_name: HashMap<Arc<str>, Sym>,
    pub(super) exprs: Vec<Expr>,
    /// Start and end of each expression in bytes.
    pub(super) spans: Vec<(u32, u32)>,
    /// The expression that each one is the object or callee of; of a struct's fields the struct.
    pub(super) parents: Vec<ExprId>,
    /// The function that each expression stands in.
    pub(super) owners: Vec<FunctionId>,
    pub(super) scopes: Vec<Scope>,
    pub(super) functions: Vec<Function>,
    pub(super) classes: Vec<Class>,
    /// All calls, in the order of the source.
    pub(super) calls: Vec<ExprId>,
    /// Assignments to members and elements: target and value.
    pub(super) stores: Vec<(ExprId, ExprId)>,
    /// Types that are given parameters: the type, and what each of them is (Rust).
    pub(super) applied: Vec<(ExprId, Vec<ExprId>)>,
    /// String literals with the name that each is given to.
    pub(super) literals: Vec<(Option<Sym>, ExprId)>,
    pub(super) imports: Vec<Import>,
    /// What the module gives out under another name or by assignment (JavaScript).
    pub(super) exports: HashMap<Sym, Vec<ExprId>>,
    /// Whole values that the module gives out (`module.exports = x`, `export * from`).
    pub(super) export_all: Vec<ExprId>,
    /// Methods that are handed to calls by their names: the name and the call (Java).
    pub(super) handed: Vec<(ExprId, ExprId)>,
    /// Packages in which a framework looks for classes that ask for it (Java).
    pub(super) scanned: Vec<Arc<str>>,
    /// What could not be understood and may hide calls.
    pub(super) opaque: Vec<(Arc<str>, (u32, u32))>,
    /// Whether nothing of it was read; `opaque` says why.
    pub(super) hidden: bool,
}

impl Unit {
    /// An empty unit.
    pub(super) fn new(file: FileId, path: Arc<str>, language: Language) -> Self {
        Self {
            file,
            path,
            language,
            names: Vec::new(),
            by_name: HashMap::new(),
            exprs: Vec::new(),
            spans: Vec::new(),
            parents: Vec::new(),
            owners: Vec::new(),
            scopes: vec![Scope::default()],
            functions: vec![Function::default()],
            classes: Vec::new(),
            calls: Vec::new(),
            stores: Vec::new(),
            applied: Vec::new(),
            literals: Vec::new(),
            imports: Vec::new(),
            exports: HashMap::new(),
            export_all: Vec::new(),
            handed: Vec::new(),
            scanned: Vec::new(),
            opaque: Vec::new(),
            hidden: false,
        }
    }

    /// A unit of which nothing is read.
    pub(super) fn hidden(file: FileId, path: Arc<str>, language: Language, reason: Arc<str>, at: u32) -> Self {
        Self { opaque: vec![(reason, (at, at))], hidden: true, ..Self::new(file, path, language) }
    }

    /// The symbol of a name, made where it is new.
    pub(super) fn sym(&mut self, name: &str) -> Sym {
        if let Some(sym) = self.by_name.get(name) {
            return *sym;
        }
        let sym = Sym(index(self.names.len()));
        let name: Arc<str> = name.into();
        self.names.push(name.clone());
        self.by_name.insert(name, sym);
        sym
    }

    /// The symbol of a name that the unit uses.
    pub(super) fn find(&self, name: &str) -> Option<Sym> {
        self.by_name.get(name).copied()
    }

    /// The text of a symbol.
    pub(super) fn name(&self, sym: Sym) -> &Arc<str> {
        &self.names[sym.0 as usize]
    }

    /// Whether a name means a parameter where it stands.
    pub(super) fn is_parameter(&self, name: Sym, scope: ScopeId) -> bool {
        let mut next = Some(scope);
        while let Some(scope) = next.and_then(|at| self.scopes.get(at as usize)) {
            if let Some(bindings) = scope.names.get(&name) {
                return bindings.iter().any(|binding| matches!(binding, Binding::Param(..)));
            }
            next = scope.parent;
        }
        false
    }

    /// The expression of an id.
    pub(super) fn expr(&self, id: ExprId) -> &Expr {
        self.exprs.get(id as usize).unwrap_or(&Expr::Unknown)
    }

    /// Adds an expression that stands in a function.
    pub(super) fn add(&mut self, expr: Expr, span: (u32, u32), owner: FunctionId) -> ExprId {
        let id = index(self.exprs.len());
        match &expr {
            Expr::Member(object, _) | Expr::Index(object, _) => self.set_parent(*object, id),
            Expr::Call { callee, .. } => self.set_parent(*callee, id),
            Expr::Struct(_, map) => self.set_parent(*map, id),
            _ => {}
        }
        if matches!(expr, Expr::Call { .. }) {
            self.calls.push(id);
        }
        self.exprs.push(expr);
        self.spans.push(span);
        self.parents.push(NONE);
        self.owners.push(owner);
        id
    }

    fn set_parent(&mut self, child: ExprId, parent: ExprId) {
        if let Some(slot) = self.parents.get_mut(child as usize) {
            *slot = parent;
        }
    }

    /// Binds a name in a scope.
    pub(super) fn bind(&mut self, scope: ScopeId, name: Sym, binding: Binding) {
        let bindings = self.scopes[scope as usize].names.entry(name).or_default();
        // A name bound a thousand times says nothing more than one bound a few dozen times.
        if bindings.len() < 32 {
            bindings.push(binding);
        }
    }

    /// A new scope inside another.
    pub(super) fn scope(&mut self, parent: ScopeId) -> ScopeId {
        self.scopes.push(Scope { parent: Some(parent), ..Scope::default() });
        index(self.scopes.len() - 1)
    }

    /// Whether an expression is the name under which a static import keeps its class (Java).
    pub(super) fn is_hidden_name(&self, id: ExprId) -> bool {
        matches!(self.expr(id), Expr::Name(name, 0) if self.name(*name).starts_with('%'))
    }

    /// Whether the value of an expression is the object or callee of another expression.
    pub(super) fn parent(&self, id: ExprId) -> Option<ExprId> {
        self.parents.get(id as usize).copied().filter(|parent| *parent != NONE)
    }
}

/// A length as an index; a unit has at most 2 MB of text, so nothing is lost.
pub(super) fn index(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX - 1)
}
