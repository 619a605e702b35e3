//! Imports and exports, of ECMAScript and of CommonJS.

use crate::code::lower::{Lowering, span};
use crate::code::unit::{Binding, EXPORTS, Expr, ExprId, Function, Import, index};
use std::sync::Arc;
use tree_sitter::Node;

impl<'t> Lowering<'t> {
    /// `import a, { b as c }, * as d from 'x'`.
    pub(super) fn es_import(&mut self, node: Node<'t>) {
        let children = self.children(node);
        let source = children.iter().find(|(field, _)| *field == "source").map(|(_, source)| *source);
        for (_, child) in &children {
            match child.kind() {
                "import_clause" => {
                    if let Some(source) = source {
                        self.clause(*child, source);
                    }
                }
                "import_require_clause" => {
                    let Some(source) = self.field(*child, "source") else { continue };
                    let import = self.ask(source, false);
                    if let Some((_, name)) = self.children(*child).first() {
                        let name = self.sym(*name);
                        self.bind(name, Binding::Import(import, None));
                    }
                }
                _ => {}
            }
        }
        if let (Some(source), false) = (source, children.iter().any(|(_, child)| child.kind() == "import_clause")) {
            self.ask(source, false);
        }
    }

    fn clause(&mut self, clause: Node<'t>, source: Node<'t>) {
        let import = self.ask(source, false);
        for (_, part) in self.children(clause) {
            match part.kind() {
                "identifier" => {
                    let name = self.sym(part);
                    let default = self.unit.sym("default");
                    self.bind(name, Binding::Import(import, Some(default)));
                }
                "namespace_import" => {
                    if let Some((_, name)) = self.children(part).first() {
                        let name = self.sym(*name);
                        self.bind(name, Binding::Import(import, None));
                    }
                }
                "named_imports" => {
                    for (_, specifier) in self.children(part) {
                        let Some(name) = self.field(specifier, "name") else { continue };
                        let alias = self.field(specifier, "alias").unwrap_or(name);
                        let (name, alias) = (self.sym(name), self.sym(alias));
                        self.bind(alias, Binding::Import(import, Some(name)));
                    }
                }
                _ => {}
            }
        }
    }

    /// Asks for the module that a string names.
    pub(super) fn ask(&mut self, source: Node<'t>, all: bool) -> u32 {
        self.ask_for(self.text(source).trim_matches(['"', '\'', '`']).into(), source, all)
    }

    /// Asks for a module of a name, at the place that says it.
    pub(super) fn ask_for(&mut self, module: Arc<str>, source: Node<'t>, all: bool) -> u32 {
        self.unit.imports.push(Import { module, member: None, span: span(source), all, perhaps: false });
        index(self.unit.imports.len() - 1)
    }

    /// `export const …`, `export default …`, `export { a as b } from 'x'`, `export * from 'x'`.
    pub(super) fn es_export(&mut self, node: Node<'t>) {
        if let Some(declaration) = self.field(node, "declaration") {
            let default = node.child(1).is_some_and(|child| child.kind() == "default");
            self.js_statement(declaration);
            self.declared_aside(declaration);
            if let (true, Some(name)) = (default, self.field(declaration, "name")) {
                let value = self.exported(name);
                let default = self.unit.sym("default");
                self.unit.exports.entry(default).or_default().push(value);
            }
            return;
        }
        if let Some(value) = self.field(node, "value") {
            let value = self.exported(value);
            let default = self.unit.sym("default");
            self.unit.exports.entry(default).or_default().push(value);
            return;
        }
        let source = self.field(node, "source");
        let clauses: Vec<Node<'t>> = self
            .children(node)
            .into_iter()
            .map(|(_, child)| child)
            .filter(|child| child.kind() == "export_clause")
            .collect();
        let namespace = self.children(node).iter().any(|(_, child)| child.kind() == "namespace_export");
        let import = source.map(|source| self.ask(source, clauses.is_empty() && !namespace));
        for clause in clauses {
            for (_, specifier) in self.children(clause) {
                let Some(name) = self.field(specifier, "name") else { continue };
                let alias = self.field(specifier, "alias").unwrap_or(name);
                let value = match import {
                    Some(import) => {
                        let module = self.add(Expr::Import(import), name);
                        let name_sym = self.sym(name);
                        let value = self.add(Expr::Member(module, name_sym), name);
                        let id = self.exports();
                        self.unit.owners[value as usize] = id;
                        value
                    }
                    None => self.exported(name),
                };
                let alias = self.sym(alias);
                self.unit.exports.entry(alias).or_default().push(value);
            }
        }
    }

    /// A value that is given out. Naming a function here does not call it: it stands in a function that nobody calls.
    pub(super) fn exported(&mut self, node: Node<'t>) -> ExprId {
        let plain = matches!(
            node.kind(),
            "identifier" | "object" | "arrow_function" | "function_expression" | "type_identifier"
        );
        if !plain {
            let value = self.js(node);
            self.set_aside(value, 0);
            return value;
        }
        let id = self.exports();
        let mut value = 0;
        let scope = self.scope;
        self.inside(id, scope, |this| {
            value = if node.kind() == "type_identifier" { this.js_type(node) } else { this.js(node) }
        });
        value
    }

    /// The same for what `export const a = wrap(b)` declares.
    fn declared_aside(&mut self, declaration: Node<'t>) {
        if declaration.kind() != "lexical_declaration" && declaration.kind() != "variable_declaration" {
            return;
        }
        for (_, declarator) in self.children(declaration) {
            let Some(name) = self.field(declarator, "name").filter(|name| name.kind() == "identifier") else {
                continue;
            };
            let sym = self.sym(name);
            let bound = self.unit.scopes[self.scope as usize].names.get(&sym).into_iter().flatten();
            let values: Vec<ExprId> = bound
                .filter_map(|binding| match binding {
                    Binding::Value(value) => Some(*value),
                    _ => None,
                })
                .collect();
            values.into_iter().for_each(|value| self.set_aside(value, 0));
        }
    }

    /// Functions that a call at the top is handed and whose result is given out are wrapped there and called later: they
    /// too stand in the function that nobody calls.
    pub(super) fn set_aside(&mut self, value: ExprId, depth: u32) {
        if self.owner != 0 || depth > 4 {
            return;
        }
        let Expr::Call { callee, args, .. } = self.unit.expr(value) else { return };
        let (callee, args): (ExprId, Vec<ExprId>) = (*callee, args.iter().map(|arg| arg.value).collect());
        let id = self.exports();
        // `middy(handler).use(…)`: what wraps stands before what is called on it.
        if let Expr::Member(object, _) = *self.unit.expr(callee) {
            self.set_aside(object, depth + 1);
        }
        for arg in args {
            let within: Vec<ExprId> = match self.unit.expr(arg) {
                Expr::Name(..) | Expr::Function(_) => vec![arg],
                Expr::Map(pairs) => pairs.iter().map(|pair| pair.value).collect(),
                Expr::Call { .. } => {
                    self.set_aside(arg, depth + 1);
                    continue;
                }
                _ => continue,
            };
            for expr in within {
                if matches!(self.unit.expr(expr), Expr::Name(..) | Expr::Function(_)) {
                    self.unit.owners[expr as usize] = id;
                }
            }
        }
    }

    /// The function that nobody calls.
    pub(super) fn exports(&mut self) -> u32 {
        match self.unit.functions.iter().position(|function| &*function.name == EXPORTS) {
            Some(at) => index(at),
            None => {
                self.unit.functions.push(Function { name: EXPORTS.into(), ..Function::default() });
                self.next_function() - 1
            }
        }
    }

    /// `exports.a = …`, `module.exports.a = …` and `module.exports = …`; false where the target is another.
    pub(super) fn commonjs(&mut self, left: Node<'t>, right: Node<'t>) -> bool {
        let target = self.text(left);
        if target == "module.exports" || target == "exports" {
            let value = self.exported(right);
            self.unit.export_all.push(value);
            return true;
        }
        let name = target.strip_prefix("module.exports.").or_else(|| target.strip_prefix("exports."));
        let Some(name) = name.filter(|name| !name.contains(['.', '[', '('])) else { return false };
        let name = self.unit.sym(name);
        // A chain `exports.a = exports.b = …` gives the value to both.
        let value = match right.kind() {
            "assignment_expression" => self.js(right),
            _ => self.exported_as(right, name),
        };
        self.unit.exports.entry(name).or_default().push(value);
        true
    }

    fn exported_as(&mut self, node: Node<'t>, name: crate::code::unit::Sym) -> ExprId {
        let value = self.exported(node);
        if let Expr::Function(function) = *self.unit.expr(value) {
            self.unit.functions[function as usize].name = self.unit.name(name).clone();
        }
        value
    }

    /// `require(`./actions/${name}`)`, `import(path.join(__dirname, name))`: one of the files whose names fit.
    pub(super) fn required_late(&mut self, source: Node<'t>, node: Node<'t>) -> ExprId {
        let asked = self.js(source);
        let mut name = String::new();
        let is_whole = self.beginning(asked, &mut name);
        if matches!(&*name, "" | "./") && self.lists_files() {
            name = "./".into();
        }
        let module = match is_whole {
            true if !name.is_empty() => name,
            false if name.starts_with('.') => format!("{name}*"),
            _ => {
                self.unit.opaque.push((NAMED_LATE.into(), span(node)));
                return self.add(Expr::Unknown, node);
            }
        };
        let import = self.ask_for(module.into(), source, false);
        self.add(Expr::Import(import), node)
    }

    /// Writes what is known of the beginning of a text; whether that is all of it.
    fn beginning(&mut self, expr: ExprId, known: &mut String) -> bool {
        match self.unit.expr(expr).clone() {
            Expr::Text(text) => {
                known.push_str(if known.ends_with('/') { text.trim_start_matches('/') } else { &text });
                true
            }
            Expr::Name(name, _) if &**self.unit.name(name) == "__dirname" => {
                known.push('.');
                true
            }
            Expr::Join(parts) => parts.iter().all(|part| self.beginning(*part, known)),
            Expr::Call { callee, args, .. } => {
                let is_path = matches!(self.unit.expr(callee), Expr::Member(_, name) | Expr::Name(name, _) if matches!(&**self.unit.name(*name), "join" | "resolve"));
                is_path
                    && args.iter().enumerate().all(|(at, arg)| {
                        if at > 0 && !known.ends_with('/') {
                            known.push('/');
                        }
                        self.beginning(arg.value, known)
                    })
            }
            _ => false,
        }
    }

    /// Whether a file looks for the files beside itself.
    fn lists_files(&self) -> bool {
        const LISTS: &[&str] = &["readdirSync", "readdir", "glob"];
        self.text.contains("__dirname") && LISTS.iter().any(|name| self.text.contains(name))
    }
}

/// Why a module that is asked for is not read.
const NAMED_LATE: &str = "a module is asked for whose name is known only when it runs";
