//! Python import statements.

use crate::code::lower::{Lowering, span};
use crate::code::unit::{Binding, Expr, Import, Sym, index};
use tree_sitter::Node;

impl<'t> Lowering<'t> {
    /// `import a.b`, `import a as b`, `from .a import b as c`, `from a import *`.
    pub(super) fn import(&mut self, node: Node<'t>) {
        let children = self.children(node);
        let from = children.iter().find(|(field, _)| *field == "module_name").map(|(_, module)| self.text(*module));
        for (field, child) in children {
            match (from, field) {
                (_, "module_name") => {}
                (Some(module), "name") => {
                    let (name, alias) = self.aliased(child);
                    let import = self.request(module, Some(name), child, false);
                    let member = self.unit.sym(name);
                    self.bind(alias, Binding::Import(import, Some(member)));
                }
                (Some(module), _) if child.kind() == "wildcard_import" => {
                    self.request(module, None, child, true);
                }
                (None, "name") => self.whole(child),
                _ => {}
            }
        }
    }

    /// `import a.b.c` binds `a`; `import a.b.c as d` binds the module itself.
    fn whole(&mut self, node: Node<'t>) {
        let (name, alias) = self.aliased(node);
        let import = self.request(name, None, node, false);
        if node.kind() == "aliased_import" {
            return self.bind(alias, Binding::Import(import, None));
        }
        let Some((first, _)) = name.split_once('.') else {
            return self.bind(alias, Binding::Import(import, None));
        };
        let top = self.request(first, None, node, false);
        let sym = self.unit.sym(first);
        self.bind(sym, Binding::Import(top, None));
        // The module is asked for under its full name too, so that its file is read.
        let value = self.add(Expr::Import(import), node);
        self.unit.stores.push((value, value));
    }

    fn aliased(&mut self, node: Node<'t>) -> (&'t str, Sym) {
        let mut name = self.text(node);
        let mut alias = None;
        if node.kind() == "aliased_import" {
            for (field, child) in self.children(node) {
                match field {
                    "name" => name = self.text(child),
                    _ => alias = Some(self.sym(child)),
                }
            }
        }
        let alias = alias.unwrap_or_else(|| self.unit.sym(name));
        (name, alias)
    }

    pub(super) fn request(&mut self, module: &str, member: Option<&str>, node: Node<'t>, all: bool) -> u32 {
        let import =
            Import { module: module.into(), member: member.map(Into::into), span: span(node), all, perhaps: false };
        self.unit.imports.push(import);
        index(self.unit.imports.len() - 1)
    }
}
