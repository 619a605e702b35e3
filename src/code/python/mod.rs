//! Python files lowered to units.

mod expression;
mod import;

use super::lower::{Lowering, Unread, positional, span};
use super::unit::{Binding, Class, Expr, ExprId, Function, FunctionId, Param, Unit, index};
use crate::syntax::tree::{self, Grammar};
use tree_sitter::Node;

/// Lowers a Python file.
pub(super) fn lower(unit: Unit, text: &str) -> Result<Unit, Unread> {
    let tree = tree::parse(text, Grammar::Python)?;
    let root = tree.root_node();
    let mut lowering = Lowering::new(unit, text, root);
    lowering.statements(root);
    Ok(lowering.unit)
}

impl<'t> Lowering<'t> {
    fn statements(&mut self, node: Node<'t>) {
        for (_, child) in self.children(node) {
            self.deeper(child, |this| {
                this.statement(child);
                0
            });
        }
    }

    fn statement(&mut self, node: Node<'t>) {
        match node.kind() {
            "import_statement" | "import_from_statement" => self.import(node),
            "function_definition" => {
                self.function(node, Vec::new());
            }
            "class_definition" => drop(self.class(node)),
            "decorated_definition" => self.decorated(node),
            "assignment" => {
                self.assignment(node);
            }
            "augmented_assignment" => self.augmented(node),
            "expression_statement" => self.expression_statement(node),
            "return_statement" => {
                for (_, child) in self.children(node) {
                    let value = self.python(child);
                    self.unit.functions[self.owner as usize].returns.push(value);
                }
            }
            "if_statement" => self.if_statement(node),
            "for_statement" => self.for_statement(node),
            "global_statement" | "nonlocal_statement" => self.outer(node),
            "except_clause" | "with_clause" | "case_clause" | "match_statement" | "while_statement"
            | "try_statement" | "with_statement" | "with_item" | "else_clause" | "elif_clause" | "finally_clause"
            | "block" | "raise_statement" | "assert_statement" | "delete_statement" | "print_statement" | "ERROR" => {
                self.statements(node);
            }
            "comment" | "pass_statement" | "break_statement" | "continue_statement" | "future_import_statement" => {}
            _ => {
                self.python(node);
            }
        }
    }

    /// A string alone is documentation; everything else is an expression.
    fn expression_statement(&mut self, node: Node<'t>) {
        for (_, child) in self.children(node) {
            if !matches!(child.kind(), "string" | "concatenated_string") {
                self.statement(child);
            }
        }
    }

    fn if_statement(&mut self, node: Node<'t>) {
        let children = self.children(node);
        let condition =
            children.iter().find(|(field, _)| *field == "condition").map_or("", |(_, node)| self.text(*node));
        if self.owner == 0 && condition.contains("__name__") && condition.contains("__main__") {
            // What stands here runs on a developer's machine only: a function that nobody calls.
            let function = self.next_function();
            self.unit.functions.push(Function { name: "__main__".into(), ..Function::default() });
            let scope = self.scope;
            return self.inside(function, scope, |this| this.statements(node));
        }
        self.statements(node);
    }

    fn for_statement(&mut self, node: Node<'t>) {
        let children = self.children(node);
        let left = children.iter().find(|(field, _)| *field == "left").map(|(_, node)| *node);
        if let Some((_, right)) = children.iter().find(|(field, _)| *field == "right") {
            let value = self.python(*right);
            let element = self.add(Expr::Element(value), *right);
            if let Some(left) = left {
                self.target(left, element);
            }
        }
        for (field, child) in children {
            if matches!(field, "body" | "alternative") {
                self.statements(child);
            }
        }
    }

    /// `global x`: assignments here are the module's.
    fn outer(&mut self, node: Node<'t>) {
        for (_, child) in self.children(node) {
            let name = self.sym(child);
            let outer =
                if node.kind() == "global_statement" { Some(0) } else { self.unit.scopes[self.scope as usize].parent };
            if let Some(outer) = outer {
                self.unit.scopes[self.scope as usize].outer.insert(name, outer);
            }
        }
    }

    fn decorated(&mut self, node: Node<'t>) {
        let mut decorators = Vec::new();
        for (field, child) in self.children(node) {
            match (field, child.kind()) {
                (_, "decorator") => {
                    for (_, inner) in self.children(child) {
                        decorators.push(self.python(inner));
                    }
                }
                (_, "function_definition") => {
                    self.function(child, std::mem::take(&mut decorators));
                }
                (_, "class_definition") => {
                    let class = self.class(child);
                    self.decorate(class, &decorators, child);
                }
                _ => {}
            }
        }
    }

    /// What decorates a class is called with it: a registry keeps it, a library makes more of it.
    fn decorate(&mut self, class: Option<u32>, decorators: &[ExprId], node: Node<'t>) {
        let Some(class) = class else { return };
        for decorator in decorators {
            let class = self.add(Expr::Class(class), node);
            let args = Box::new([positional(class)]);
            self.add(Expr::Call { callee: *decorator, args, new: false }, node);
        }
    }

    fn function(&mut self, node: Node<'t>, decorators: Vec<ExprId>) -> Option<FunctionId> {
        let children = self.children(node);
        let name = children.iter().find(|(field, _)| *field == "name").map(|(_, node)| *node)?;
        let id = self.next_function();
        let text = self.text(name);
        let sym = self.unit.sym(text);
        let is_static = decorators.iter().any(|decorator| self.is_named(*decorator, "staticmethod"));
        let is_property =
            decorators.iter().any(|d| self.is_named(*d, "property") || self.is_named(*d, "cached_property"));
        // A method belongs to the class only where its body holds it, not where a function in a method does.
        let class = self.class.filter(|_| self.in_class_body());
        self.unit.functions.push(Function {
            name: text.into(),
            class,
            decorators,
            parent: self.owner,
            ..Function::default()
        });
        match class {
            Some(class) => {
                self.unit.classes[class as usize].methods.insert(sym, vec![id]);
                if is_property {
                    self.unit.classes[class as usize].properties.insert(sym);
                }
            }
            None => self.bind(sym, Binding::Function(id)),
        }
        let outer =
            if class.is_some() { self.unit.scopes[self.scope as usize].parent.unwrap_or(0) } else { self.scope };
        let scope = self.unit.scope(outer);
        let parameters = children.iter().find(|(field, _)| *field == "parameters").map(|(_, node)| *node);
        if let Some(parameters) = parameters {
            self.parameters(parameters, id, scope, class.filter(|_| !is_static));
        }
        let body = children.iter().find(|(field, _)| *field == "body").map(|(_, node)| *node);
        if let Some(body) = body {
            self.inside(id, scope, |this| this.statements(body));
        }
        Some(id)
    }

    fn in_class_body(&self) -> bool {
        self.unit.scopes[self.scope as usize].is_class
    }

    fn is_named(&self, expr: ExprId, name: &str) -> bool {
        match self.unit.expr(expr) {
            Expr::Name(sym, _) | Expr::Member(_, sym) => &**self.unit.name(*sym) == name,
            _ => false,
        }
    }

    /// Parameters; the first one of a method is the object itself.
    fn parameters(&mut self, node: Node<'t>, function: FunctionId, scope: u32, mut this: Option<u32>) {
        for (_, child) in self.children(node) {
            let mut param = Param { name: None, default: None, annotation: None, rest: false };
            match child.kind() {
                "identifier" => param.name = Some(self.sym(child)),
                "list_splat_pattern" | "dictionary_splat_pattern" => {
                    param.rest = true;
                    param.name = self.children(child).first().map(|(_, name)| *name).map(|name| self.sym(name));
                }
                "default_parameter" | "typed_parameter" | "typed_default_parameter" => {
                    for (field, part) in self.children(child) {
                        match field {
                            "value" => param.default = Some(self.python_named(part, param.name)),
                            "type" => param.annotation = Some(self.annotation(part)),
                            _ if part.kind() == "identifier" => param.name = Some(self.sym(part)),
                            _ => param.rest = true,
                        }
                    }
                }
                _ => continue,
            }
            let Some(name) = param.name else { continue };
            if let Some(class) = this.take() {
                self.unit.bind(scope, name, Binding::This(class));
                continue;
            }
            let at = index(self.unit.functions[function as usize].params.len());
            self.unit.functions[function as usize].params.push(param);
            self.unit.bind(scope, name, Binding::Param(function, at));
        }
    }

    /// A type annotation; `"S3Client"` in quotes is the same as without.
    fn annotation(&mut self, node: Node<'t>) -> ExprId {
        let children = self.children(node);
        match children.as_slice() {
            [(_, inner)] if inner.kind() == "string" => {
                let name = self.text(*inner).trim_matches(['"', '\'']);
                let sym = self.unit.sym(name);
                self.add(Expr::Name(sym, 0), *inner)
            }
            [(_, inner)] => self.python(*inner),
            _ => self.add(Expr::Unknown, node),
        }
    }

    fn class(&mut self, node: Node<'t>) -> Option<u32> {
        let children = self.children(node);
        let (_, name) = children.iter().find(|(field, _)| *field == "name")?;
        let text = self.text(*name);
        let sym = self.unit.sym(text);
        let mut bases = Vec::new();
        if let Some((_, superclasses)) = children.iter().find(|(field, _)| *field == "superclasses") {
            for (_, base) in self.children(*superclasses) {
                if base.kind() != "keyword_argument" {
                    bases.push(self.python(base));
                }
            }
        }
        let id = index(self.unit.classes.len());
        self.unit.classes.push(Class { name: Some(sym), bases, ..Class::default() });
        self.bind(sym, Binding::Class(id));
        if let Some(outer) = self.class.filter(|_| self.in_class_body()) {
            self.unit.classes[outer as usize].inner.insert(sym, id);
        }
        let scope = self.unit.scope(self.scope);
        self.unit.scopes[scope as usize].is_class = true;
        let before = self.class.replace(id);
        if let Some((_, body)) = children.iter().find(|(field, _)| *field == "body") {
            let owner = self.owner;
            self.inside(owner, scope, |this| this.statements(*body));
        }
        self.class = before;
        Some(id)
    }

    fn assignment(&mut self, node: Node<'t>) -> ExprId {
        let children = self.children(node);
        let left = children.iter().find(|(field, _)| *field == "left").map(|(_, node)| *node);
        let annotation = children.iter().find(|(field, _)| *field == "type").map(|(_, node)| *node);
        let right = children.iter().find(|(field, _)| *field == "right").map(|(_, node)| *node);
        let Some(left) = left else {
            return self.add(Expr::Unknown, node);
        };
        let Some(right) = right else {
            if let Some(annotation) = annotation {
                let inner = self.annotation(annotation);
                let typed = self.add(Expr::Typed(inner), left);
                self.target(left, typed);
                self.in_order(left);
            }
            return self.add(Expr::Unknown, node);
        };
        if annotation.is_some() {
            self.in_order(left);
        }
        let name = self.target_name(left);
        let value = match right.kind() {
            "assignment" => self.assignment(right),
            _ => self.python_named(right, name),
        };
        self.target(left, value);
        value
    }

    /// Notes a field that a class declares: those are what a data class is made of, in their order.
    fn in_order(&mut self, left: Node<'t>) {
        if let (Some(class), true, "identifier") = (self.class, self.in_class_body(), left.kind()) {
            let name = self.sym(left);
            self.unit.classes[class as usize].order.push(name);
        }
    }

    fn augmented(&mut self, node: Node<'t>) {
        for (field, child) in self.children(node) {
            match field {
                "left" if child.kind() == "identifier" => {
                    let name = self.sym(child);
                    self.bind(name, Binding::Unknown);
                }
                _ => {
                    self.python(child);
                }
            }
        }
    }

    /// The name that a literal on the right is given to.
    fn target_name(&mut self, left: Node<'t>) -> Option<super::unit::Sym> {
        match left.kind() {
            "identifier" => Some(self.sym(left)),
            "attribute" => {
                let attribute = self.children(left).into_iter().find(|(field, _)| *field == "attribute")?.1;
                Some(self.sym(attribute))
            }
            "subscript" => {
                let key = self.children(left).into_iter().find(|(field, _)| *field == "subscript")?.1;
                let text = self.text(key).trim_matches(['"', '\'']);
                (key.kind() == "string").then(|| self.unit.sym(text))
            }
            _ => None,
        }
    }

    /// Gives a value to a target: a name, a member, an element, or several of them.
    fn target(&mut self, left: Node<'t>, value: ExprId) {
        match left.kind() {
            "identifier" => {
                let name = self.sym(left);
                let scope = self.unit.scopes[self.scope as usize].outer.get(&name).copied().unwrap_or(self.scope);
                self.unit.bind(scope, name, Binding::Value(value));
                if let (Some(class), true) = (self.class, self.in_class_body()) {
                    self.unit.classes[class as usize].fields.entry(name).or_default().push(value);
                }
            }
            "attribute" | "subscript" => self.member_target(left, value),
            "pattern_list" | "tuple_pattern" | "list_pattern" | "expression_list" | "tuple" => {
                let parts = match self.unit.expr(value) {
                    Expr::List(parts) => parts.to_vec(),
                    _ => Vec::new(),
                };
                for (at, (_, child)) in self.children(left).into_iter().enumerate() {
                    let part = parts.get(at).copied();
                    let part =
                        part.unwrap_or_else(|| self.unit.add(Expr::Part(value, index(at)), span(child), self.owner));
                    self.target(child, part);
                }
            }
            "as_pattern_target" | "list_splat_pattern" | "parenthesized_expression" => {
                for (_, child) in self.children(left) {
                    self.target(child, value);
                }
            }
            _ => {}
        }
    }

    fn member_target(&mut self, left: Node<'t>, value: ExprId) {
        let target = self.python(left);
        self.unit.stores.push((target, value));
        if let Expr::Member(object, name) = *self.unit.expr(target) {
            let class = match self.unit.expr(object) {
                Expr::This(class) => Some(*class),
                Expr::Name(sym, scope) => self.this_class(*sym, *scope),
                _ => None,
            };
            if let Some(class) = class {
                self.unit.classes[class as usize].fields.entry(name).or_default().push(value);
            }
        }
    }

    fn this_class(&self, name: super::unit::Sym, mut scope: u32) -> Option<u32> {
        loop {
            let here = &self.unit.scopes[scope as usize];
            if let Some(bindings) = here.names.get(&name) {
                return bindings.iter().find_map(|binding| match binding {
                    Binding::This(class) => Some(*class),
                    _ => None,
                });
            }
            scope = here.parent?;
        }
    }
}
