//! JavaScript expressions.

use crate::code::lower::{Lowering, positional};
use crate::code::unit::{Arg, Binding, Expr, ExprId, Pair, Sym};
use std::sync::Arc;
use tree_sitter::Node;

impl<'t> Lowering<'t> {
    /// An expression that is given to nothing.
    pub(super) fn js(&mut self, node: Node<'t>) -> ExprId {
        self.js_named(node, None)
    }

    /// An expression; literals and functions in it are given to `name`.
    pub(super) fn js_named(&mut self, node: Node<'t>, name: Option<Sym>) -> ExprId {
        self.deeper(node, |this| this.js_expression(node, name))
    }

    fn js_expression(&mut self, node: Node<'t>, name: Option<Sym>) -> ExprId {
        match node.kind() {
            "identifier" | "shorthand_property_identifier" => {
                let sym = self.sym(node);
                self.add(Expr::Name(sym, self.scope), node)
            }
            "this" => {
                // Outside of classes it is what a CommonJS module gives out.
                let exports = self.unit.sym("exports");
                let this = self.class.map_or(Expr::Name(exports, 0), Expr::This);
                self.add(this, node)
            }
            "string" => self.js_string(node, name),
            "template_string" => self.template_string(node, name),
            "true" => self.add(Expr::Bool(true), node),
            "false" => self.add(Expr::Bool(false), node),
            "number" => {
                let text = self.text(node).into();
                self.add(Expr::Number(text), node)
            }
            "member_expression" => self.js_member(node),
            "subscript_expression" => {
                let (object, index) = (self.field(node, "object"), self.field(node, "index"));
                let object = object.map(|object| self.js(object));
                let index = index.map(|index| self.js(index));
                match (object, index) {
                    (Some(object), Some(index)) => self.add(Expr::Index(object, index), node),
                    _ => self.add(Expr::Unknown, node),
                }
            }
            "call_expression" => self.js_call(node, name),
            "new_expression" => self.new_expression(node),
            "object" => self.object(node),
            "array" => {
                let items: Vec<ExprId> =
                    self.children(node).into_iter().map(|(_, item)| self.js_named(item, name)).collect();
                self.add(Expr::List(items.into()), node)
            }
            "parenthesized_expression"
            | "await_expression"
            | "as_expression"
            | "satisfies_expression"
            | "yield_expression"
            | "non_null_expression"
            | "spread_element" => match self.children(node).first() {
                Some((_, inner)) => self.js_named(*inner, name),
                None => self.add(Expr::Unknown, node),
            },
            "type_assertion" => match self.children(node).last() {
                Some((_, inner)) => self.js_named(*inner, name),
                None => self.add(Expr::Unknown, node),
            },
            "binary_expression" => self.js_binary(node, name),
            "ternary_expression" => {
                if let Some(condition) = self.field(node, "condition") {
                    self.js(condition);
                }
                let sides = [self.field(node, "consequence"), self.field(node, "alternative")];
                let sides: Vec<ExprId> = sides.into_iter().flatten().map(|side| self.js_named(side, name)).collect();
                self.add(Expr::OneOf(sides.into()), node)
            }
            "arrow_function" | "function_expression" | "generator_function" | "function" => {
                self.function_value(node, name)
            }
            "class" => {
                let class = self.js_class(node);
                self.add(Expr::Class(class), node)
            }
            "assignment_expression" => self.js_assignment(node),
            "augmented_assignment_expression" => {
                let right = self.field(node, "right").map(|right| self.js(right));
                if let (Some(left), Some(right)) =
                    (self.field(node, "left").filter(|left| left.kind() == "identifier"), right)
                {
                    self.assign_name(left, right);
                }
                self.add(Expr::Unknown, node)
            }
            "sequence_expression" => {
                let parts: Vec<ExprId> = self.children(node).into_iter().map(|(_, part)| self.js(part)).collect();
                parts.last().copied().unwrap_or_else(|| self.add(Expr::Unknown, node))
            }
            "regex" | "comment" | "type_arguments" | "type_annotation" | "property_identifier" | "jsx_text" => {
                self.add(Expr::Unknown, node)
            }
            "statement_block" => {
                self.block(node);
                self.add(Expr::Unknown, node)
            }
            _ => {
                for (_, child) in self.children(node) {
                    self.js(child);
                }
                self.add(Expr::Unknown, node)
            }
        }
    }

    fn js_member(&mut self, node: Node<'t>) -> ExprId {
        let (Some(object), Some(property)) = (self.field(node, "object"), self.field(node, "property")) else {
            return self.add(Expr::Unknown, node);
        };
        let object = self.js(object);
        let property = self.sym(property);
        self.add(Expr::Member(object, property), node)
    }

    fn js_call(&mut self, node: Node<'t>, name: Option<Sym>) -> ExprId {
        let Some(function) = self.field(node, "function") else {
            return self.add(Expr::Unknown, node);
        };
        let arguments = self.field(node, "arguments").filter(|arguments| arguments.kind() == "arguments");
        if function.kind() == "import" || self.text(function) == "require" {
            let first = arguments.and_then(|arguments| self.children(arguments).into_iter().next());
            if let Some((_, source)) = first.filter(|(_, source)| source.kind() == "string") {
                let import = self.ask(source, false);
                return self.add(Expr::Import(import), node);
            }
        }
        // `rfr('lib/x')` asks for a module from the project's root, as `~/lib/x` does for bundlers.
        if self.text(function) == "rfr"
            && let Some((_, source)) = arguments.and_then(|arguments| self.children(arguments).into_iter().next())
            && source.kind() == "string"
        {
            let module = format!("~/{}", self.text(source).trim_matches(['"', '\'', '/']));
            let import = self.ask_for(module.into(), source, false);
            return self.add(Expr::Import(import), node);
        }
        let callee = self.js(function);
        let args = arguments.map(|arguments| self.js_arguments(arguments, name)).unwrap_or_default();
        self.add(Expr::Call { callee, args: args.into(), new: false }, node)
    }

    fn js_arguments(&mut self, node: Node<'t>, name: Option<Sym>) -> Vec<Arg> {
        let mut args = Vec::new();
        for (_, argument) in self.children(node) {
            // A wrapped function keeps the name that the wrapper's result is given.
            let value = match argument.kind() {
                "arrow_function" | "function_expression" => self.wrapped_function(argument, name),
                _ => self.js(argument),
            };
            args.push(Arg { spread: argument.kind() == "spread_element", ..positional(value) });
        }
        args
    }

    fn new_expression(&mut self, node: Node<'t>) -> ExprId {
        let Some(constructor) = self.field(node, "constructor") else {
            return self.add(Expr::Unknown, node);
        };
        let callee = self.js(constructor);
        let arguments = self.field(node, "arguments");
        let args = arguments.map(|arguments| self.js_arguments(arguments, None)).unwrap_or_default();
        self.add(Expr::Call { callee, args: args.into(), new: true }, node)
    }

    fn object(&mut self, node: Node<'t>) -> ExprId {
        let mut pairs = Vec::new();
        for (_, child) in self.children(node) {
            match child.kind() {
                "pair" => {
                    let Some(key_node) = self.field(child, "key") else { continue };
                    let mut computed = None;
                    let mut key = None;
                    if key_node.kind() == "computed_property_name" {
                        computed = self.children(key_node).first().map(|(_, inner)| *inner).map(|inner| self.js(inner));
                    } else {
                        let text = self.text(key_node).trim_matches(['"', '\'']);
                        key = Some(self.unit.sym(text));
                    }
                    let Some(value) = self.field(child, "value") else { continue };
                    let value = self.js_named(value, key);
                    pairs.push(Pair { key, computed, value, spread: false });
                }
                "shorthand_property_identifier" => {
                    let key = Some(self.sym(child));
                    let value = self.js(child);
                    pairs.push(Pair { key, computed: None, value, spread: false });
                }
                "spread_element" => {
                    let value = self.js(child);
                    pairs.push(Pair { key: None, computed: None, value, spread: true });
                }
                "method_definition" => {
                    let Some(name) = self.field(child, "name") else { continue };
                    let text = self.text(name);
                    let key = Some(self.unit.sym(text));
                    let id = self.js_function(child, text.into(), None);
                    let value = self.add(Expr::Function(id), child);
                    pairs.push(Pair { key, computed: None, value, spread: false });
                }
                _ => {}
            }
        }
        self.add(Expr::Map(pairs.into()), node)
    }

    /// A function as a value; where it is given a name it is not called by standing there.
    fn function_value(&mut self, node: Node<'t>, name: Option<Sym>) -> ExprId {
        let text: Arc<str> = match name {
            Some(name) => self.unit.name(name).clone(),
            None => self.unit.functions[self.owner as usize].name.clone(),
        };
        let id = self.js_function(node, text, None);
        self.unit.functions[id as usize].inline = name.is_none();
        self.add(Expr::Function(id), node)
    }

    fn wrapped_function(&mut self, node: Node<'t>, name: Option<Sym>) -> ExprId {
        let value = self.function_value(node, name);
        if let Expr::Function(id) = *self.unit.expr(value) {
            // Inside a function the call that it is handed to runs it: `const sent = batches.map((b) => …)`.
            self.unit.functions[id as usize].inline = name.is_none() || self.owner != 0;
        }
        value
    }

    fn js_binary(&mut self, node: Node<'t>, name: Option<Sym>) -> ExprId {
        let operator = self.field(node, "operator").map_or("", |operator| operator.kind());
        let (Some(left), Some(right)) = (self.field(node, "left"), self.field(node, "right")) else {
            return self.add(Expr::Unknown, node);
        };
        let given = matches!(operator, "+" | "||" | "??" | "&&").then_some(name).flatten();
        let left = self.js_named(left, given);
        let right = self.js_named(right, given);
        match operator {
            "+" => self.add(Expr::Join(Box::new([left, right])), node),
            "||" | "??" => self.add(Expr::OneOf(Box::new([left, right])), node),
            "&&" => right,
            _ => self.add(Expr::Unknown, node),
        }
    }

    fn js_assignment(&mut self, node: Node<'t>) -> ExprId {
        let (Some(left), Some(right)) = (self.field(node, "left"), self.field(node, "right")) else {
            return self.add(Expr::Unknown, node);
        };
        if left.kind() == "member_expression" && self.commonjs(left, right) {
            return self.add(Expr::Unknown, node);
        }
        match left.kind() {
            "identifier" => {
                let name = self.sym(left);
                let value = self.js_named(right, Some(name));
                self.assign_name(left, value);
                value
            }
            "member_expression" | "subscript_expression" => {
                let name = self.field(left, "property").map(|property| self.sym(property));
                let value = self.js_named(right, name);
                let target = self.js(left);
                self.unit.stores.push((target, value));
                if let Expr::Member(object, name) = *self.unit.expr(target)
                    && let Expr::This(class) = *self.unit.expr(object)
                {
                    self.set_field(class, name, value);
                }
                value
            }
            _ => {
                let value = self.js(right);
                self.destructure(left, value);
                value
            }
        }
    }

    /// Assigns to the variable where it is declared, else to one of the module.
    fn assign_name(&mut self, left: Node<'t>, value: ExprId) {
        let name = self.sym(left);
        let mut scope = Some(self.scope);
        while let Some(at) = scope {
            if self.unit.scopes[at as usize].names.contains_key(&name) {
                break;
            }
            scope = self.unit.scopes[at as usize].parent;
        }
        self.unit.bind(scope.unwrap_or(0), name, Binding::Value(value));
    }

    fn js_string(&mut self, node: Node<'t>, name: Option<Sym>) -> ExprId {
        let mut text = String::new();
        for (_, part) in self.children(node) {
            match (part.kind(), self.text(part)) {
                (_, "\\n") => text.push('\n'),
                ("escape_sequence", escape) => text.push_str(escape.strip_prefix('\\').unwrap_or(escape)),
                (_, plain) => text.push_str(plain),
            }
        }
        self.literal(text.into(), name, node)
    }

    fn template_string(&mut self, node: Node<'t>, name: Option<Sym>) -> ExprId {
        let mut parts = Vec::new();
        for (_, part) in self.children(node) {
            match part.kind() {
                "template_substitution" => match self.children(part).first() {
                    Some((_, inner)) => parts.push(self.js(*inner)),
                    None => parts.push(self.add(Expr::Unknown, part)),
                },
                _ => {
                    let text = self.text(part).into();
                    parts.push(self.literal(text, name, part));
                }
            }
        }
        match parts.as_slice() {
            [only] if matches!(self.unit.expr(*only), Expr::Text(_)) => *only,
            _ => self.add(Expr::Join(parts.into()), node),
        }
    }
}
