//! Python import statements.

use crate::code::lower::{Lowering, span};
use crate::code::unit::{Arg, Binding, Expr, ExprId, Import, Sym, index};
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

    /// `importlib.import_module(…)`: a module by its name, one of those whose names begin so, or one of its neighbours.
    pub(super) fn imported_by_call(&mut self, callee: ExprId, args: &[Arg], node: Node<'t>) -> Option<u32> {
        let name = match self.unit.expr(callee) {
            Expr::Name(name, _) | Expr::Member(_, name) => self.unit.name(*name),
            _ => return None,
        };
        if !matches!(&**name, "import_module" | "__import__") {
            return None;
        }
        let asked = args.first()?.value;
        let package = args.get(1).map(|package| package.value);
        match self.known_beginning(asked) {
            Beginning::Whole(module) if module.starts_with('.') => {
                let package = package.map(|package| self.known_beginning(package));
                let module = match package {
                    Some(Beginning::Whole(package)) if !package.is_empty() => format!("{package}{module}"),
                    _ => module,
                };
                Some(self.request(&module, None, node, false))
            }
            Beginning::Whole(module) => Some(self.request(&module, None, node, false)),
            Beginning::Part(begin) => Some(self.request(&format!("{begin}*"), None, node, false)),
            Beginning::Nothing if self.lists_neighbours() => Some(self.request(".*", None, node, false)),
            Beginning::Nothing => {
                self.unit.opaque.push((NAMED_LATE.into(), span(node)));
                None
            }
        }
    }

    /// What is known of the text that an expression gives.
    fn known_beginning(&self, expr: ExprId) -> Beginning {
        match self.unit.expr(expr) {
            Expr::Text(text) => Beginning::Whole(text.to_string()),
            // The package that the file lies in.
            Expr::Name(name, _) if matches!(&**self.unit.name(*name), "__package__" | "__name__") => {
                Beginning::Whole(String::new())
            }
            Expr::Join(parts) => {
                let mut known = String::new();
                for part in parts {
                    match self.known_beginning(*part) {
                        Beginning::Whole(text) => known.push_str(&text),
                        Beginning::Part(text) => {
                            known.push_str(&text);
                            return Beginning::Part(known);
                        }
                        Beginning::Nothing if known.is_empty() => return Beginning::Nothing,
                        Beginning::Nothing => return Beginning::Part(known),
                    }
                }
                Beginning::Whole(known)
            }
            _ => Beginning::Nothing,
        }
    }

    /// Whether a file looks for the files beside itself.
    fn lists_neighbours(&self) -> bool {
        const LISTS: &[&str] = &["listdir", "iter_modules", "walk_packages", "glob", "scandir", "iterdir"];
        let here = ["__file__", "__path__"].iter().any(|name| self.text.contains(name));
        here && LISTS.iter().any(|name| self.text.contains(name))
    }
}

/// Why a module that is imported is not read.
const NAMED_LATE: &str = "a module is imported whose name is known only when it runs";

/// What is known of a text.
enum Beginning {
    Whole(String),
    Part(String),
    Nothing,
}
