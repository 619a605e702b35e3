//! Go files lowered to units: packages, declarations and types.

mod expression;
mod statement;

use super::lower::{Lowering, Unread, span};
use super::unit::{
    Binding, Class, ClassId, Expr, ExprId, Function, FunctionId, Import, Param, ScopeId, Sym, Unit, index,
};
use crate::syntax::tree::{self, Grammar};
use std::sync::Arc;
use tree_sitter::Node;

/// The import by which a file sees the other files of its package.
pub(super) const PACKAGE: &str = ".";

/// The file's own scope with its imports, inside the package's, which is scope 0.
///
/// Source: The Go Programming Language Specification, "Declarations and scope", read 2026-11.
const FILE: ScopeId = 1;

/// Around all: names of imported packages that their paths let one guess.
const GUESSED: ScopeId = 2;

/// Lowers a Go file.
pub(super) fn lower(mut unit: Unit, text: &str) -> Result<Unit, Unread> {
    let tree = tree::parse(text, Grammar::Go)?;
    let root = tree.root_node();
    unit.scope(0);
    unit.scope(0);
    unit.scopes[0].parent = Some(GUESSED);
    unit.scopes[GUESSED as usize].parent = None;
    unit.imports.push(Import { module: PACKAGE.into(), member: None, span: (0, 0), all: true, perhaps: false });
    let mut lowering = Lowering::new(unit, text, root);
    lowering.scope = FILE;
    lowering.go_file(root);
    Ok(lowering.unit)
}

impl<'t> Lowering<'t> {
    fn go_file(&mut self, root: Node<'t>) {
        let children = self.children(root);
        for (_, child) in &children {
            if child.kind() == "import_declaration" {
                self.go_imports(*child);
            }
        }
        for (_, child) in children {
            self.deeper(child, |this| {
                this.go_declaration(child);
                0
            });
        }
    }

    fn go_declaration(&mut self, node: Node<'t>) {
        match node.kind() {
            "function_declaration" => self.go_named_function(node),
            "method_declaration" => self.go_method(node),
            "package_clause" | "import_declaration" => {}
            _ => self.go_statement(node),
        }
    }

    fn go_imports(&mut self, node: Node<'t>) {
        for (_, child) in self.children(node) {
            match child.kind() {
                "import_spec_list" => self.go_imports(child),
                "import_spec" => self.go_import(child),
                _ => {}
            }
        }
    }

    fn go_import(&mut self, node: Node<'t>) {
        let Some(path) = node.child_by_field_name("path") else { return };
        let module = self.text(path).trim_matches(['"', '`']);
        let alias = node.child_by_field_name("name").map(|name| self.text(name));
        let all = alias == Some(".");
        let import = index(self.unit.imports.len());
        self.unit.imports.push(Import { module: module.into(), member: None, span: span(path), all, perhaps: false });
        match alias {
            Some("." | "_") => {}
            Some(alias) => {
                let name = self.unit.sym(alias);
                self.unit.bind(FILE, name, Binding::Import(import, None));
            }
            None => {
                let (name, guesses) = package_names(module);
                let name = self.unit.sym(&name);
                self.unit.bind(FILE, name, Binding::Import(import, None));
                for guess in guesses {
                    let guess = self.unit.sym(&guess);
                    self.unit.bind(GUESSED, guess, Binding::Import(import, None));
                }
            }
        }
    }

    fn go_named_function(&mut self, node: Node<'t>) {
        let Some(name) = node.child_by_field_name("name") else { return };
        let sym = self.sym(name);
        let text: Arc<str> = self.text(name).into();
        let id = self.go_function(node, text, None);
        self.unit.bind(0, sym, Binding::Function(id));
    }

    fn go_method(&mut self, node: Node<'t>) {
        let (Some(receiver), Some(name)) = (node.child_by_field_name("receiver"), node.child_by_field_name("name"))
        else {
            return;
        };
        let Some((_, receiver)) = self.children(receiver).into_iter().next() else { return };
        let Some(of) = receiver.child_by_field_name("type").and_then(base_type) else { return };
        let of = self.sym(of);
        let class = self.go_class(of);
        let this = receiver.child_by_field_name("name").map(|name| self.sym(name));
        let (sym, text) = (self.sym(name), self.text(name).into());
        let before = self.class.replace(class);
        let id = self.go_function(node, text, Some((class, this)));
        self.class = before;
        self.unit.classes[class as usize].methods.entry(sym).or_default().push(id);
    }

    /// The class of a type's name, made where it is new: a method may stand before its type, or in another file.
    fn go_class(&mut self, name: Sym) -> ClassId {
        let bound = self.unit.scopes[0].names.get(&name).into_iter().flatten();
        let known = bound.filter_map(|binding| match binding {
            Binding::Class(class) => Some(*class),
            _ => None,
        });
        if let Some(class) = known.max() {
            return class;
        }
        let class = index(self.unit.classes.len());
        self.unit.classes.push(Class { name: Some(name), ..Class::default() });
        self.unit.bind(0, name, Binding::Class(class));
        class
    }

    /// A function of any form: its parameters, results and body; a method with its class and receiver.
    fn go_function(&mut self, node: Node<'t>, name: Arc<str>, method: Option<(ClassId, Option<Sym>)>) -> FunctionId {
        let id = self.next_function();
        let class = method.map(|(class, _)| class);
        self.unit.functions.push(Function { name, class, parent: self.owner, ..Function::default() });
        let scope = self.unit.scope(self.scope);
        self.inside(id, scope, |this| {
            if let Some((class, Some(receiver))) = method {
                this.bind(receiver, Binding::This(class));
            }
            if let Some(parameters) = node.child_by_field_name("parameters") {
                this.go_parameters(parameters, id);
            }
            if let Some(result) = node.child_by_field_name("result") {
                this.go_results(result, id);
            }
            if let Some(body) = node.child_by_field_name("body") {
                this.go_statement(body);
            }
        });
        id
    }

    fn go_parameters(&mut self, node: Node<'t>, function: FunctionId) {
        for (_, declared) in self.children(node) {
            let Some(of) = declared.child_by_field_name("type") else { continue };
            let rest = declared.kind() == "variadic_parameter_declaration";
            let mut annotation = self.go_type(of);
            if rest {
                let typed = self.add(Expr::Typed(annotation), of);
                annotation = self.add(Expr::List(Box::new([typed])), of);
            }
            let names: Vec<Option<Sym>> = match self.named(declared, "name").as_slice() {
                [] => vec![None],
                names => names.iter().map(|name| Some(self.sym(*name))).collect(),
            };
            for name in names {
                let params = &mut self.unit.functions[function as usize].params;
                let at = index(params.len());
                params.push(Param { name, default: None, annotation: Some(annotation), rest });
                if let Some(name) = name {
                    self.bind(name, Binding::Param(function, at));
                }
            }
        }
    }

    /// What a function gives back by its types, and the names that a bare `return` gives back.
    fn go_results(&mut self, node: Node<'t>, function: FunctionId) {
        if node.kind() != "parameter_list" {
            let of = self.go_type(node);
            let typed = self.add(Expr::Typed(of), node);
            return self.unit.functions[function as usize].returns.push(typed);
        }
        let mut values = Vec::new();
        let mut names = Vec::new();
        for (_, declared) in self.children(node) {
            let Some(of) = declared.child_by_field_name("type") else { continue };
            let annotation = self.go_type(of);
            let typed = self.add(Expr::Typed(annotation), of);
            let declared = self.named(declared, "name");
            if declared.is_empty() {
                values.push(typed);
            }
            for name in declared {
                let sym = self.sym(name);
                self.bind(sym, Binding::Value(typed));
                let value = self.add(Expr::Name(sym, self.scope), name);
                values.push(value);
                names.push(value);
            }
        }
        let whole = match values.as_slice() {
            [only] => *only,
            _ => self.add(Expr::List(values.into()), node),
        };
        self.unit.functions[function as usize].returns.push(whole);
    }

    /// The children of a field that a node may have several of.
    fn named(&mut self, node: Node<'t>, field: &str) -> Vec<Node<'t>> {
        self.children(node).into_iter().filter(|(name, _)| *name == field).map(|(_, child)| child).collect()
    }

    /// `type Name …`: a struct, an interface, or another name for a type.
    fn go_type_spec(&mut self, node: Node<'t>) {
        let (Some(name), Some(of)) = (node.child_by_field_name("name"), node.child_by_field_name("type")) else {
            return;
        };
        let name = self.sym(name);
        match of.kind() {
            "struct_type" | "interface_type" => {
                let class = if self.scope == FILE {
                    self.go_class(name)
                } else {
                    let class = index(self.unit.classes.len());
                    self.unit.classes.push(Class { name: Some(name), ..Class::default() });
                    self.bind(name, Binding::Class(class));
                    class
                };
                let before = self.class.replace(class);
                if of.kind() == "struct_type" {
                    self.go_struct(of, class);
                } else {
                    self.go_interface(of, class);
                }
                self.class = before;
            }
            _ => {
                let value = self.go_type(of);
                let scope = if self.scope == FILE { 0 } else { self.scope };
                self.unit.bind(scope, name, Binding::Value(value));
                // A type with methods of its own is more than another name.
                if self.scope == FILE && node.kind() == "type_spec" {
                    self.go_class(name);
                }
            }
        }
    }

    fn go_struct(&mut self, node: Node<'t>, class: ClassId) {
        let Some((_, list)) = self.children(node).into_iter().next() else { return };
        for (_, field) in self.children(list) {
            let Some(of) = field.child_by_field_name("type") else { continue };
            let annotation = self.go_type(of);
            let typed = self.add(Expr::Typed(annotation), of);
            let names = self.named(field, "name");
            let embedded = names.is_empty();
            let syms: Vec<Sym> = match base_type(of).filter(|_| embedded) {
                Some(name) => vec![self.sym(name)],
                None => names.into_iter().map(|name| self.sym(name)).collect(),
            };
            for name in syms {
                let this = self.add(Expr::This(class), of);
                let here = &mut self.unit.classes[class as usize];
                here.fields.entry(name).or_default().push(typed);
                here.order.push(name);
                if embedded {
                    let base = self.add(Expr::Member(this, name), of);
                    self.unit.classes[class as usize].bases.push(base);
                }
            }
        }
    }

    fn go_interface(&mut self, node: Node<'t>, class: ClassId) {
        self.unit.classes[class as usize].is_interface = true;
        for (_, element) in self.children(node) {
            match (element.kind(), element.child_by_field_name("name")) {
                ("method_elem", Some(name)) => {
                    let (sym, text) = (self.sym(name), self.text(name).into());
                    let id = self.go_function(element, text, Some((class, None)));
                    self.unit.functions[id as usize].bodyless = true;
                    self.unit.classes[class as usize].methods.entry(sym).or_default().push(id);
                }
                ("type_elem", _) => {
                    let parts = self.children(element);
                    if let [(_, only)] = parts.as_slice() {
                        let base = self.go_type(*only);
                        self.unit.classes[class as usize].bases.push(base);
                    }
                }
                _ => {}
            }
        }
    }

    /// A type as an expression; a pointer is what it points to, a slice or map a list of its elements.
    fn go_type(&mut self, node: Node<'t>) -> ExprId {
        self.deeper(node, |this| match node.kind() {
            "type_identifier" | "identifier" | "package_identifier" => {
                let name = this.sym(node);
                this.add(Expr::Name(name, this.scope), node)
            }
            "qualified_type" => {
                let (package, name) = (node.child_by_field_name("package"), node.child_by_field_name("name"));
                match (package, name) {
                    (Some(package), Some(name)) => {
                        let package = this.go_type(package);
                        let name = this.sym(name);
                        this.add(Expr::Member(package, name), node)
                    }
                    _ => this.add(Expr::Unknown, node),
                }
            }
            "pointer_type" | "parenthesized_type" => match this.children(node).first() {
                Some((_, inner)) => this.go_type(*inner),
                None => this.add(Expr::Unknown, node),
            },
            "generic_type" => match node.child_by_field_name("type") {
                Some(inner) => this.go_type(inner),
                None => this.add(Expr::Unknown, node),
            },
            "channel_type" => {
                let Some(of) = node.child_by_field_name("value") else { return this.add(Expr::Unknown, node) };
                let inner = this.go_type(of);
                let typed = this.add(Expr::Typed(inner), of);
                this.add(Expr::Channel(typed), node)
            }
            "slice_type" | "array_type" | "implicit_length_array_type" | "map_type" => {
                let element = node.child_by_field_name("element").or_else(|| node.child_by_field_name("value"));
                let Some(element) = element else { return this.add(Expr::Unknown, node) };
                let inner = this.go_type(element);
                let typed = this.add(Expr::Typed(inner), element);
                this.add(Expr::List(Box::new([typed])), node)
            }
            "struct_type" => {
                let class = index(this.unit.classes.len());
                this.unit.classes.push(Class::default());
                this.go_struct(node, class);
                this.add(Expr::Class(class), node)
            }
            _ => this.add(Expr::Unknown, node),
        })
    }
}

/// The name of a type without what stands around it: `*Store[T]` is `Store`.
fn base_type(mut node: Node<'_>) -> Option<Node<'_>> {
    for _ in 0..8 {
        node = match node.kind() {
            "type_identifier" | "identifier" => return Some(node),
            "pointer_type" | "parenthesized_type" => node.named_child(0)?,
            "generic_type" => node.child_by_field_name("type")?,
            "qualified_type" => node.child_by_field_name("name")?,
            _ => return None,
        };
    }
    None
}

/// The name that a package most likely has by its path, and others that it may have.
fn package_names(path: &str) -> (String, Vec<String>) {
    let is_version = |part: &str| part.strip_prefix('v').is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()));
    let mut parts = path.rsplit('/').filter(|part| !part.is_empty());
    let mut last = parts.next().unwrap_or_default();
    if is_version(last) && last.len() > 1 {
        last = parts.next().unwrap_or(last);
    }
    // gopkg.in/yaml.v3
    let name = last.rsplit_once('.').filter(|(_, end)| is_version(end)).map_or(last, |(name, _)| name);
    let bare = name.strip_prefix("go-").or_else(|| name.strip_suffix("-go")).or_else(|| name.strip_suffix(".go"));
    let mut guesses: Vec<String> = bare.map(str::to_owned).into_iter().collect();
    if name.contains(['-', '.']) {
        guesses.push(name.replace(['-', '.'], ""));
        guesses.push(name.replace(['-', '.'], "_"));
        guesses.extend(name.rsplit(['-', '.']).next().map(str::to_owned));
        guesses.extend(name.split(['-', '.']).next().map(str::to_owned));
    }
    (name.to_owned(), guesses)
}
