//! JavaScript and TypeScript files lowered to units.

mod expression;
mod module;
mod pattern;
mod prototype;

use super::lower::{Lowering, Unread};
use super::unit::{Binding, Class, Expr, ExprId, Function, FunctionId, Sym, Unit, index};
use crate::syntax::tree::{self, Grammar};
use std::sync::Arc;
use tree_sitter::Node;

/// Lowers a JavaScript or TypeScript file; its name says which.
pub(super) fn lower(unit: Unit, text: &str) -> Result<Unit, Unread> {
    let grammar = match unit.path.rsplit('.').next().unwrap_or_default() {
        "ts" | "mts" | "cts" => Grammar::TypeScript,
        "tsx" => Grammar::Tsx,
        _ => Grammar::JavaScript,
    };
    let tree = tree::parse(text, grammar)?;
    let root = tree.root_node();
    let mut lowering = Lowering::new(unit, text, root);
    lowering.block(root);
    Ok(lowering.unit)
}

impl<'t> Lowering<'t> {
    fn block(&mut self, node: Node<'t>) {
        for (_, child) in self.children(node) {
            self.deeper(child, |this| {
                this.js_statement(child);
                0
            });
        }
    }

    fn js_statement(&mut self, node: Node<'t>) {
        match node.kind() {
            "import_statement" => self.es_import(node),
            "export_statement" => self.es_export(node),
            "function_declaration" | "generator_function_declaration" => {
                if let Some(name) = self.field(node, "name") {
                    let sym = self.sym(name);
                    let text = self.text(name);
                    if self.is_constructor(node, text) {
                        let class = self.constructor(node, sym);
                        return self.bind(sym, Binding::Class(class));
                    }
                    let id = self.js_function(node, text.into(), None);
                    self.bind(sym, Binding::Function(id));
                }
            }
            "class_declaration" | "abstract_class_declaration" => {
                let name = self.field(node, "name").map(|name| self.sym(name));
                let class = self.js_class(node);
                if let Some(name) = name {
                    self.bind(name, Binding::Class(class));
                }
            }
            "lexical_declaration" | "variable_declaration" => self.declaration(node),
            "expression_statement" => {
                for (_, child) in self.children(node) {
                    if child.kind() != "string" {
                        self.js(child);
                    }
                }
            }
            "return_statement" => {
                for (_, child) in self.children(node) {
                    let value = self.js(child);
                    self.unit.functions[self.owner as usize].returns.push(value);
                }
            }
            "for_in_statement" => self.for_in(node),
            "statement_block"
            | "if_statement"
            | "else_clause"
            | "for_statement"
            | "while_statement"
            | "do_statement"
            | "try_statement"
            | "catch_clause"
            | "finally_clause"
            | "switch_statement"
            | "switch_body"
            | "switch_case"
            | "switch_default"
            | "labeled_statement"
            | "throw_statement"
            | "ERROR"
            | "ambient_declaration"
            | "internal_module"
            | "module" => self.block(node),
            "interface_declaration"
            | "type_alias_declaration"
            | "empty_statement"
            | "break_statement"
            | "continue_statement"
            | "function_signature"
            | "identifier"
            | "statement_identifier"
            | "hash_bang_line"
            | "string_fragment" => {}
            _ => {
                self.js(node);
            }
        }
    }

    /// The child of a field.
    fn field(&mut self, node: Node<'t>, name: &str) -> Option<Node<'t>> {
        node.child_by_field_name(name)
    }

    fn declaration(&mut self, node: Node<'t>) {
        for (_, declarator) in self.children(node) {
            let Some(name) = self.field(declarator, "name") else { continue };
            let annotation = self.field(declarator, "type").map(|annotation| self.js_type(annotation));
            let mut value = None;
            if let Some(given) = self.field(declarator, "value") {
                let sym = (name.kind() == "identifier").then(|| self.sym(name));
                value = Some(self.js_named(given, sym));
            }
            if let Some(annotation) = annotation {
                let typed = self.add(Expr::Typed(annotation), name);
                self.destructure(name, typed);
            }
            match value {
                Some(value) => self.destructure(name, value),
                None if annotation.is_none() && name.kind() == "identifier" => {
                    // Declared here, given a value later: assignments find this scope.
                    let sym = self.sym(name);
                    self.unit.scopes[self.scope as usize].names.entry(sym).or_default();
                }
                None => {}
            }
        }
    }

    fn for_in(&mut self, node: Node<'t>) {
        let (left, right) = (self.field(node, "left"), self.field(node, "right"));
        if let Some(right) = right {
            let value = self.js(right);
            let element = self.add(Expr::Element(value), right);
            if let Some(left) = left {
                self.destructure(left, element);
            }
        }
        if let Some(body) = self.field(node, "body") {
            self.js_statement(body);
        }
    }

    /// A function of any form; its parameters and body. `class` is set for methods.
    fn js_function(&mut self, node: Node<'t>, name: Arc<str>, class: Option<u32>) -> FunctionId {
        let id = self.next_function();
        self.unit.functions.push(Function { name, class, parent: self.owner, ..Function::default() });
        let scope = self.unit.scope(self.scope);
        self.inside(id, scope, |this| {
            if let Some(parameter) = this.field(node, "parameter") {
                this.js_parameter(parameter, id);
            }
            if let Some(parameters) = this.field(node, "parameters") {
                for (_, parameter) in this.children(parameters) {
                    this.js_parameter(parameter, id);
                }
            }
            let Some(body) = this.field(node, "body") else { return };
            if body.kind() == "statement_block" {
                this.block(body);
            } else {
                let value = this.js(body);
                this.unit.functions[id as usize].returns.push(value);
            }
        });
        id
    }

    fn js_class(&mut self, node: Node<'t>) -> u32 {
        let id = index(self.unit.classes.len());
        let mut bases = Vec::new();
        for (_, child) in self.children(node) {
            if child.kind() == "class_heritage" {
                for (_, base) in self.children(child) {
                    let base = if base.kind() == "extends_clause" { self.field(base, "value") } else { Some(base) };
                    bases.extend(base.filter(|base| base.kind() != "implements_clause").map(|base| self.js(base)));
                }
            }
        }
        let name = self.field(node, "name").map(|name| self.sym(name));
        self.unit.classes.push(Class { name, bases, ..Class::default() });
        let before = self.class.replace(id);
        if let Some(body) = self.field(node, "body") {
            for (_, member) in self.children(body) {
                self.class_member(member, id);
            }
        }
        self.class = before;
        id
    }

    fn class_member(&mut self, node: Node<'t>, class: u32) {
        let name = self.field(node, "name").or_else(|| self.field(node, "property"));
        match (node.kind(), name) {
            ("method_definition", Some(name)) => {
                let text = self.text(name);
                let sym = self.unit.sym(text);
                let getter = self.text(node).trim_start_matches("static ").starts_with("get ");
                let id = self.js_function(node, text.into(), Some(class));
                self.unit.classes[class as usize].methods.insert(sym, vec![id]);
                if getter {
                    self.unit.classes[class as usize].properties.insert(sym);
                }
            }
            ("public_field_definition" | "field_definition", Some(name)) => {
                let sym = self.sym(name);
                if let Some(annotation) = self.field(node, "type") {
                    let annotation = self.js_type(annotation);
                    let typed = self.add(Expr::Typed(annotation), name);
                    self.set_field(class, sym, typed);
                }
                if let Some(value) = self.field(node, "value") {
                    let value = self.js_named(value, Some(sym));
                    self.set_field(class, sym, value);
                }
            }
            ("class_static_block", _) => self.block(node),
            ("decorator", _) => {
                self.js(node);
            }
            _ => {}
        }
    }

    fn set_field(&mut self, class: u32, name: Sym, value: ExprId) {
        self.unit.classes[class as usize].fields.entry(name).or_default().push(value);
    }

    /// The type of an annotation, as an expression.
    fn js_type(&mut self, node: Node<'t>) -> ExprId {
        match node.kind() {
            "type_annotation" | "parenthesized_type" | "readonly_type" => match self.children(node).first() {
                Some((_, inner)) => self.deeper(*inner, |this| this.js_type(*inner)),
                None => self.add(Expr::Unknown, node),
            },
            "type_identifier" | "identifier" => {
                let sym = self.sym(node);
                self.add(Expr::Name(sym, self.scope), node)
            }
            "generic_type" => match self.field(node, "name") {
                Some(name) => self.js_type(name),
                None => self.add(Expr::Unknown, node),
            },
            "nested_type_identifier" | "nested_identifier" => {
                let object = self.field(node, "module").or_else(|| self.field(node, "object"));
                let name = self.field(node, "name").or_else(|| self.field(node, "property"));
                match (object, name) {
                    (Some(object), Some(name)) => {
                        let object = self.deeper(object, |this| this.js_type(object));
                        let name = self.sym(name);
                        self.add(Expr::Member(object, name), node)
                    }
                    _ => self.add(Expr::Unknown, node),
                }
            }
            _ => self.add(Expr::Unknown, node),
        }
    }
}
