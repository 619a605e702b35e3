//! Modules that stand inside a Rust file: their names in scopes of their own, and paths that lead through them.

use super::item::is_test_module;
use super::{RustLowering, place};
use crate::code::unit::{Binding, Class, Expr, ExprId, Function, ScopeId, Sym, index};
use proc_macro2::Ident;
use syn::Item;

impl RustLowering {
    /// Makes the scope and class of a module, and the classes of its types.
    pub(super) fn declare_module(&mut self, item: &syn::ItemMod) {
        let Some((_, items)) = item.content.as_ref().filter(|_| !is_test_module(item)) else { return };
        let (scope, class) = (self.unit.scope(self.home), index(self.unit.classes.len()));
        self.unit.classes.push(Class::default());
        let name = self.ident(&item.ident);
        self.unit.bind(self.home, name, Binding::Class(class));
        self.modules.by_name.insert((self.home, item.ident.to_string()), (scope, class));
        self.modules.around.insert(scope, self.home);
        let before = (self.home, self.scope);
        (self.home, self.scope) = (scope, scope);
        self.declare(items);
        (self.home, self.scope) = before;
    }

    /// Reads what a module holds.
    pub(super) fn module(&mut self, item: &syn::ItemMod, items: &[Item]) {
        let key = (self.home, item.ident.to_string());
        if !self.modules.by_name.contains_key(&key) {
            self.declare_module(item);
        }
        let Some((scope, _)) = self.modules.by_name.get(&key).copied() else { return };
        let before = (self.home, self.scope);
        (self.home, self.scope) = (scope, scope);
        self.items(items);
        (self.home, self.scope) = before;
    }

    /// The class of a type that a name may mean in the module that is read: its own, else one of a module around it.
    pub(super) fn class_in_sight(&self, name: &str) -> Option<u32> {
        let mut home = Some(self.home);
        while let Some(at) = home {
            if let Some(class) = self.classes.get(&(at, name.to_owned())) {
                return Some(*class);
            }
            home = self.modules.around.get(&at).copied();
        }
        None
    }

    /// The scope of a module inside the file that a path names.
    fn inline(&self, path: &[String]) -> Option<ScopeId> {
        let (first, rest) = path.split_first()?;
        let file = &*self.unit.path;
        let is_root = file.ends_with("main.rs") || file.ends_with("lib.rs") || file.contains("/bin/");
        let (mut at, mut found) = match first.as_str() {
            "self" => (self.home, self.home != 0),
            "crate" if is_root => (0, false),
            "super" => (self.modules.around.get(&self.home).copied()?, true),
            name => (self.modules.by_name.get(&(self.home, name.to_owned()))?.0, true),
        };
        for name in rest {
            at = match name.as_str() {
                "super" => self.modules.around.get(&at).copied()?,
                name => self.modules.by_name.get(&(at, name.to_owned()))?.0,
            };
            found = true;
        }
        found.then_some(at)
    }

    /// The scope that a path from `crate`, `self` or `super` leads to inside the file, and how many segments lead there.
    pub(super) fn inline_path(&self, segments: &[&Ident]) -> Option<(ScopeId, usize)> {
        let names: Vec<String> = segments.iter().take(64).map(ToString::to_string).collect();
        let is_path = names.first().is_some_and(|first| matches!(first.as_str(), "crate" | "super" | "self"));
        let counts = (1..names.len()).rev().filter(|_| is_path);
        counts.filter_map(|count| Some((self.inline(names.get(..count)?)?, count))).next()
    }

    /// `use db::put`, where `db` stands in the file: the name is another one of the module's.
    pub(super) fn uses_inline(&mut self, before: &[String], name: &Ident, alias: &Ident) -> bool {
        let module = if before.is_empty() { Some(self.home) } else { self.inline(before) };
        let Some(module) = module else { return false };
        let (text, alias) = (name.to_string(), self.ident(alias));
        let whole = if text == "self" {
            self.modules.by_name.values().find(|(scope, _)| *scope == module)
        } else {
            self.modules.by_name.get(&(module, text))
        };
        if let Some((_, class)) = whole.copied() {
            let is_bound =
                self.unit.scopes.get(self.scope as usize).is_some_and(|scope| scope.names.contains_key(&alias));
            if !is_bound {
                self.unit.bind(self.scope, alias, Binding::Class(class));
            }
            return true;
        }
        if before.is_empty() {
            return false;
        }
        let member = self.ident(name);
        let value = self.given(member, module, place(name.span()));
        self.unit.bind(self.scope, alias, Binding::Value(value));
        true
    }

    /// `use db::*`, where `db` stands in the file.
    pub(super) fn uses_all_of_inline(&mut self, before: &[String]) -> bool {
        let Some(module) = self.inline(before) else { return false };
        self.modules.globs.push((self.scope, module));
        true
    }

    /// Gives the classes of modules what these hold as fields, and those who take all of it its names.
    pub(super) fn given_out(&mut self) {
        let mut modules: Vec<(ScopeId, u32)> = self.modules.by_name.values().copied().collect();
        modules.sort_unstable();
        for (scope, class) in modules {
            for name in self.names_in(scope) {
                let value = self.given(name, scope, (0, 0));
                self.unit.classes[class as usize].fields.entry(name).or_default().push(value);
            }
        }
        for (into, module) in std::mem::take(&mut self.modules.globs) {
            for name in self.names_in(module) {
                let here = &self.unit.scopes[into as usize];
                if into != module && !here.names.contains_key(&name) {
                    let value = self.given(name, module, (0, 0));
                    self.unit.bind(into, name, Binding::Value(value));
                }
            }
        }
    }

    fn names_in(&self, scope: ScopeId) -> Vec<Sym> {
        let names = self.unit.scopes.get(scope as usize).into_iter().flat_map(|scope| scope.names.keys());
        let mut names: Vec<Sym> = names.copied().collect();
        names.sort_unstable();
        names
    }

    /// A name of a module as a value that nothing uses by standing there.
    fn given(&mut self, name: Sym, scope: ScopeId, span: (u32, u32)) -> ExprId {
        let nobody = match self.modules.nobody {
            Some(nobody) => nobody,
            None => {
                self.unit.functions.push(Function { name: "use".into(), ..Function::default() });
                index(self.unit.functions.len() - 1)
            }
        };
        self.modules.nobody = Some(nobody);
        self.unit.add(Expr::Name(name, scope), span, nobody)
    }
}
