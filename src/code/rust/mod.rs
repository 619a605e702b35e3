//! Rust files lowered to units.

mod expression;
mod guard;
mod item;
mod macros;
mod module;
mod types;

use super::lower::{MAX_DEPTH, TOO_DEEP, Unread};
use super::unit::{Binding, Class, Expr, ExprId, FunctionId, Import, ScopeId, Sym, Unit, index};
use proc_macro2::{Ident, Span};
use std::collections::{BTreeMap, HashMap};

/// Lowers a Rust file. The error says why it was not parsed.
pub(super) fn lower(unit: Unit, text: &str) -> Result<Unit, Unread> {
    guard::check(text).map_err(|(reason, at)| Unread { reason: reason.to_owned(), at, limit: true })?;
    let parsed = syn::parse_file(text);
    let result = match parsed {
        Ok(file) => {
            let mut lowering = RustLowering {
                unit,
                scope: 0,
                owner: 0,
                class: None,
                depth: 0,
                home: 0,
                classes: HashMap::new(),
                modules: Modules::default(),
                roots: BTreeMap::new(),
            };
            lowering.declare(&file.items);
            lowering.items(&file.items);
            lowering.given_out();
            lowering.crates();
            Ok(lowering.unit)
        }
        Err(error) => Err(Unread {
            reason: format!("is no Rust that is understood: {error}"),
            at: error.span().byte_range().start,
            limit: false,
        }),
    };
    // Spans of parsed text are kept by the thread until it is told that nobody asks for them any more.
    proc_macro2::extra::invalidate_current_thread_spans();
    result
}

/// The modules that a file holds.
#[derive(Debug, Default)]
struct Modules {
    /// The scope and the class of each, by the scope that it stands in and its name.
    by_name: HashMap<(ScopeId, String), (ScopeId, u32)>,
    /// The scopes that modules stand in.
    around: HashMap<ScopeId, ScopeId>,
    /// Scopes that take all names of modules: `use db::*`.
    globs: Vec<(ScopeId, ScopeId)>,
    /// The function that names stand in which modules give out; nobody calls it.
    nobody: Option<FunctionId>,
}

/// A file on its way from syntax to unit.
struct RustLowering {
    unit: Unit,
    scope: ScopeId,
    owner: FunctionId,
    class: Option<u32>,
    depth: u32,
    /// The scope of the module that is read: the file's, or that of a module in it.
    home: ScopeId,
    /// Types of the file by module and name.
    classes: HashMap<(ScopeId, String), u32>,
    /// The modules that the file holds.
    modules: Modules,
    /// The names that paths begin with.
    roots: BTreeMap<Sym, (u32, u32)>,
}

impl RustLowering {
    fn add(&mut self, expr: Expr, span: (u32, u32)) -> ExprId {
        self.unit.add(expr, span, self.owner)
    }

    fn span_of(&self, expr: ExprId) -> (u32, u32) {
        self.unit.spans.get(expr as usize).copied().unwrap_or_default()
    }

    fn ident(&mut self, ident: &Ident) -> Sym {
        let text = ident.to_string();
        self.unit.sym(text.strip_prefix("r#").unwrap_or(&text))
    }

    fn bind(&mut self, name: Sym, value: ExprId) {
        self.unit.bind(self.scope, name, Binding::Value(value));
    }

    /// The class of a type of this file, made where it is new.
    fn class_of(&mut self, name: &str) -> u32 {
        self.class_in_sight(name).unwrap_or_else(|| self.own_class(name))
    }

    /// The class of a type of the module that is read.
    fn own_class(&mut self, name: &str) -> u32 {
        if let Some(class) = self.classes.get(&(self.home, name.to_owned())) {
            return *class;
        }
        let sym = self.unit.sym(name);
        let class = index(self.unit.classes.len());
        self.unit.classes.push(Class { name: Some(sym), ..Class::default() });
        self.classes.insert((self.home, name.to_owned()), class);
        self.unit.bind(self.home, sym, Binding::Class(class));
        class
    }

    fn request(&mut self, module: String, span: (u32, u32)) -> u32 {
        self.unit.imports.push(Import { module: module.into(), member: None, span, all: false, perhaps: false });
        index(self.unit.imports.len() - 1)
    }

    /// Asks for the crates that paths begin with and no `use` names: `shared::load()`.
    fn crates(&mut self) {
        let mut named = std::mem::take(&mut self.roots);
        let is_import = |binding: &Binding| matches!(binding, Binding::Import(..) | Binding::Class(_));
        named.retain(|name, _| {
            let mut scopes = self.unit.scopes.iter().enumerate();
            let is_bound = scopes.any(|(at, scope)| {
                scope.names.get(name).is_some_and(|bindings| at == 0 || bindings.iter().any(is_import))
            });
            !is_bound
        });
        for (name, span) in named {
            let module = self.unit.name(name).to_string();
            let import = self.request(module, span);
            self.unit.bind(0, name, Binding::Import(import, None));
        }
    }

    /// Goes one level deeper; nothing is read below the bound.
    fn deeper(&mut self, read: impl FnOnce(&mut Self) -> ExprId) -> ExprId {
        if self.depth >= MAX_DEPTH {
            if !self.unit.opaque.iter().any(|(reason, _)| &**reason == TOO_DEEP) {
                self.unit.opaque.push((TOO_DEEP.into(), (0, 0)));
            }
            return self.add(Expr::Unknown, (0, 0));
        }
        self.depth += 1;
        let id = read(self);
        self.depth -= 1;
        id
    }
}

/// A token's place in bytes.
fn place(span: Span) -> (u32, u32) {
    let range = span.byte_range();
    (index(range.start), index(range.end))
}
