//! Parameters and destructuring.

use crate::code::lower::Lowering;
use crate::code::unit::{Binding, Expr, ExprId, FunctionId, Param, index};
use tree_sitter::Node;

impl<'t> Lowering<'t> {
    /// A parameter: a name, a pattern, with a type or a default.
    pub(super) fn js_parameter(&mut self, node: Node<'t>, function: FunctionId) {
        if matches!(node.kind(), "decorator" | "accessibility_modifier") {
            return;
        }
        let mut param = Param { name: None, default: None, annotation: None, rest: false };
        let mut pattern = node;
        let mut is_field = false;
        match node.kind() {
            "required_parameter" | "optional_parameter" => {
                is_field = self.children(node).iter().any(|(_, child)| child.kind() == "accessibility_modifier");
                pattern = self.field(node, "pattern").unwrap_or(node);
                param.annotation = self.field(node, "type").map(|annotation| self.js_type(annotation));
                let name = (pattern.kind() == "identifier").then(|| self.sym(pattern));
                param.default = self.field(node, "value").map(|value| self.js_named(value, name));
            }
            "assignment_pattern" => {
                pattern = self.field(node, "left").unwrap_or(node);
                let name = (pattern.kind() == "identifier").then(|| self.sym(pattern));
                param.default = self.field(node, "right").map(|value| self.js_named(value, name));
            }
            _ => {}
        }
        if pattern.kind() == "this" {
            return;
        }
        param.rest = pattern.kind() == "rest_pattern";
        let at = self.unit.functions[function as usize].params.len();
        let name = match pattern.kind() {
            "identifier" => self.sym(pattern),
            _ => self.unit.sym(&format!("%{at}")),
        };
        param.name = Some(name);
        self.unit.functions[function as usize].params.push(param);
        self.bind(name, Binding::Param(function, index(at)));
        let value = self.add(Expr::Name(name, self.scope), pattern);
        if pattern.kind() != "identifier" {
            self.destructure(pattern, value);
        } else if let (true, Some(class)) = (is_field, self.class) {
            self.set_field(class, name, value);
        }
    }

    /// Gives a value to a pattern's names.
    pub(super) fn destructure(&mut self, pattern: Node<'t>, value: ExprId) {
        self.deeper(pattern, |this| {
            this.destructure_one(pattern, value);
            0
        });
    }

    fn destructure_one(&mut self, pattern: Node<'t>, value: ExprId) {
        match pattern.kind() {
            "identifier" | "shorthand_property_identifier_pattern" => {
                let name = self.sym(pattern);
                self.bind(name, Binding::Value(value));
            }
            "object_pattern" => {
                for (_, part) in self.children(pattern) {
                    self.object_part(part, value);
                }
            }
            "array_pattern" => {
                for (at, (_, part)) in self.children(pattern).into_iter().enumerate() {
                    let number = self.add(Expr::Number(at.to_string().into()), part);
                    let item = self.add(Expr::Index(value, number), part);
                    self.destructure(part, item);
                }
            }
            "assignment_pattern" => {
                let default = self.field(pattern, "right").map(|right| self.js(right));
                let either =
                    default.map_or(value, |default| self.add(Expr::OneOf(Box::new([value, default])), pattern));
                if let Some(left) = self.field(pattern, "left") {
                    self.destructure(left, either);
                }
            }
            "rest_pattern" => {
                for (_, part) in self.children(pattern) {
                    self.destructure(part, value);
                }
            }
            _ => {}
        }
    }

    fn object_part(&mut self, part: Node<'t>, value: ExprId) {
        match part.kind() {
            "shorthand_property_identifier_pattern" => {
                let name = self.sym(part);
                let member = self.add(Expr::Member(value, name), part);
                self.bind(name, Binding::Value(member));
            }
            "pair_pattern" => {
                let (Some(key), Some(inner)) = (self.field(part, "key"), self.field(part, "value")) else { return };
                let name = self.text(key).trim_matches(['"', '\'']);
                let name = self.unit.sym(name);
                let member = self.add(Expr::Member(value, name), part);
                self.destructure(inner, member);
            }
            "object_assignment_pattern" => {
                let (Some(left), Some(right)) = (self.field(part, "left"), self.field(part, "right")) else { return };
                let name = self.sym(left);
                let member = self.add(Expr::Member(value, name), left);
                let default = self.js_named(right, Some(name));
                let either = self.add(Expr::OneOf(Box::new([member, default])), part);
                self.bind(name, Binding::Value(either));
            }
            _ => self.destructure(part, value),
        }
    }
}
