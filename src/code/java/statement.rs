//! Java statements.

use super::Java;
use crate::code::unit::{Binding, Class, Expr, ExprId, index};
use tree_sitter::Node;

impl<'t> Java<'t> {
    /// A statement, a declaration, or an expression that stands as one.
    pub(super) fn statement(&mut self, node: Node<'t>) {
        self.deep(node, |this| {
            this.one_statement(node);
            0
        });
    }

    fn scoped(&mut self, read: impl FnOnce(&mut Self)) {
        let before = self.scope;
        self.base.scope = self.unit.scope(before);
        read(self);
        self.base.scope = before;
    }

    fn statements(&mut self, node: Node<'t>) {
        for (_, child) in self.children(node) {
            self.statement(child);
        }
    }

    fn one_statement(&mut self, node: Node<'t>) {
        match node.kind() {
            "class_declaration" | "interface_declaration" | "enum_declaration" | "record_declaration" => {
                if !self.declared.contains_key(&node.id()) {
                    self.local_class(node);
                }
                self.class(node);
            }
            "package_declaration"
            | "import_declaration"
            | "modifiers"
            | "annotation_type_declaration"
            | "break_statement"
            | "continue_statement"
            | "switch_label" => {}
            "block"
            | "constructor_body"
            | "for_statement"
            | "try_with_resources_statement"
            | "catch_clause"
            | "switch_block"
            | "switch_block_statement_group"
            | "switch_rule" => {
                self.scoped(|this| this.statements(node));
            }
            "if_statement"
            | "while_statement"
            | "do_statement"
            | "try_statement"
            | "finally_clause"
            | "labeled_statement"
            | "synchronized_statement"
            | "resource_specification"
            | "expression_statement"
            | "throw_statement"
            | "assert_statement"
            | "ERROR"
            | "program" => self.statements(node),
            "local_variable_declaration" => self.local(node),
            "resource" => self.resource(node),
            "enhanced_for_statement" => self.scoped(|this| this.each(node)),
            "return_statement" => {
                if let Some((_, value)) = self.children(node).into_iter().next() {
                    let value = self.expr(value, None);
                    let owner = self.owner;
                    self.unit.functions[owner as usize].returns.push(value);
                }
            }
            "yield_statement" => {
                if let Some((_, value)) = self.children(node).into_iter().next() {
                    let value = self.expr(value, None);
                    self.yields.push(value);
                }
            }
            "explicit_constructor_invocation" => self.other_constructor(node),
            _ => {
                self.expr(node, None);
            }
        }
    }

    /// A class inside a method.
    fn local_class(&mut self, node: Node<'t>) {
        let Some(name) = node.child_by_field_name("name").map(|name| self.sym(name)) else { return };
        let class = index(self.unit.classes.len());
        let is_interface = node.kind() == "interface_declaration";
        self.unit.classes.push(Class { name: Some(name), is_interface, ..Class::default() });
        self.bind(name, Binding::Class(class));
        self.declared.insert(node.id(), class);
        if let Some(body) = node.child_by_field_name("body") {
            self.note_methods(body, class);
            self.declare(body, 1);
        }
    }

    fn local(&mut self, node: Node<'t>) {
        let of = node.child_by_field_name("type").filter(|of| self.text(*of) != "var");
        let typed = of.map(|of| {
            let annotation = self.type_expr(of);
            self.add(Expr::Typed(annotation), of)
        });
        for (field, declarator) in self.children(node) {
            let Some(name) = declarator.child_by_field_name("name").filter(|_| field == "declarator") else { continue };
            let sym = self.sym(name);
            let value = declarator.child_by_field_name("value").map(|value| self.expr(value, Some(sym)));
            self.give(sym, typed, value);
        }
    }

    /// Binds a name to a value and to one of its type.
    fn give(&mut self, name: crate::code::unit::Sym, typed: Option<ExprId>, value: Option<ExprId>) {
        let scope = self.scope;
        self.unit.scopes[scope as usize].names.entry(name).or_default();
        for value in typed.into_iter().chain(value) {
            self.bind(name, Binding::Value(value));
        }
    }

    fn resource(&mut self, node: Node<'t>) {
        let of = node.child_by_field_name("type").filter(|of| self.text(*of) != "var");
        let typed = of.map(|of| {
            let annotation = self.type_expr(of);
            self.add(Expr::Typed(annotation), of)
        });
        let value = node.child_by_field_name("value").map(|value| self.expr(value, None));
        if let Some(name) = node.child_by_field_name("name") {
            let sym = self.sym(name);
            self.give(sym, typed, value);
        }
    }

    fn each(&mut self, node: Node<'t>) {
        let (Some(value), Some(name)) = (node.child_by_field_name("value"), node.child_by_field_name("name")) else {
            return;
        };
        let of = node.child_by_field_name("type").filter(|of| self.text(*of) != "var");
        let typed = of.map(|of| {
            let annotation = self.type_expr(of);
            self.add(Expr::Typed(annotation), of)
        });
        let value = self.expr(value, None);
        let element = self.add(Expr::Element(value), node);
        let sym = self.sym(name);
        self.give(sym, typed, Some(element));
        if let Some(body) = node.child_by_field_name("body") {
            self.statement(body);
        }
    }

    /// `this(…)` and `super(…)`.
    fn other_constructor(&mut self, node: Node<'t>) {
        let args = node.child_by_field_name("arguments").map(|args| self.arguments(args)).unwrap_or_default();
        let Some(class) = self.class else { return };
        let own = node.child_by_field_name("constructor").is_some_and(|which| which.kind() == "this");
        let callee = match self.unit.classes[class as usize].bases.first().copied().filter(|_| !own) {
            Some(base) => base,
            None => self.add(Expr::Class(class), node),
        };
        self.add(Expr::Call { callee, args: args.into(), new: true }, node);
    }
}
