//! Go expressions.

use crate::code::lower::{Lowering, positional};
use crate::code::unit::{Arg, Expr, ExprId, Pair, Sym};
use std::sync::Arc;
use tree_sitter::Node;

impl<'t> Lowering<'t> {
    /// An expression; literals and functions in it are given to `name`.
    pub(super) fn go(&mut self, node: Node<'t>, name: Option<Sym>) -> ExprId {
        self.deeper(node, |this| this.go_expression(node, name))
    }

    fn go_expression(&mut self, node: Node<'t>, name: Option<Sym>) -> ExprId {
        match node.kind() {
            "identifier" => {
                let sym = self.sym(node);
                self.add(Expr::Name(sym, self.scope), node)
            }
            "interpreted_string_literal" | "raw_string_literal" => self.go_string(node, name),
            "true" => self.add(Expr::Bool(true), node),
            "false" => self.add(Expr::Bool(false), node),
            "int_literal" | "float_literal" => {
                let text = self.text(node).into();
                self.add(Expr::Number(text), node)
            }
            "selector_expression" => {
                let (object, field) = (node.child_by_field_name("operand"), node.child_by_field_name("field"));
                let (Some(object), Some(field)) = (object, field) else { return self.add(Expr::Unknown, node) };
                let object = self.go(object, None);
                let field = self.sym(field);
                self.add(Expr::Member(object, field), node)
            }
            "index_expression" => {
                let (object, at) = (node.child_by_field_name("operand"), node.child_by_field_name("index"));
                let (Some(object), Some(at)) = (object, at) else { return self.add(Expr::Unknown, node) };
                let (object, at) = (self.go(object, None), self.go(at, None));
                self.add(Expr::Index(object, at), node)
            }
            "call_expression" => self.go_call(node, name),
            "composite_literal" => self.go_composite(node),
            "literal_value" => self.go_literal_value(node),
            "func_literal" => {
                let text: Arc<str> = match name {
                    Some(name) => self.unit.name(name).clone(),
                    None => self.unit.functions[self.owner as usize].name.clone(),
                };
                let id = self.go_function(node, text, None);
                self.unit.functions[id as usize].inline = name.is_none();
                self.add(Expr::Function(id), node)
            }
            "parenthesized_expression" | "variadic_argument" | "literal_element" | "expression_list" => {
                match self.children(node).first() {
                    Some((_, inner)) => self.go(*inner, name),
                    None => self.add(Expr::Unknown, node),
                }
            }
            "unary_expression" => self.go_unary(node, name),
            "slice_expression" => match node.child_by_field_name("operand") {
                Some(operand) => self.go(operand, None),
                None => self.add(Expr::Unknown, node),
            },
            "type_assertion_expression" => self.go_assertion(node),
            // `Save[Order](x)` and `handlers[name](x)` look alike.
            "type_conversion_expression"
                if node.child_by_field_name("type").is_some_and(|of| of.kind() == "generic_type") =>
            {
                self.go_generic_call(node)
            }
            "type_conversion_expression" => match node.child_by_field_name("operand") {
                Some(operand) => self.go(operand, name),
                None => self.add(Expr::Unknown, node),
            },
            "type_instantiation_expression" => match node.child_by_field_name("type") {
                Some(of) => self.go_type(of),
                None => self.add(Expr::Unknown, node),
            },
            "binary_expression" => self.go_binary(node, name),
            "nil" | "iota" | "rune_literal" | "imaginary_literal" | "comment" => self.add(Expr::Unknown, node),
            "type_identifier" | "qualified_type" | "pointer_type" | "slice_type" | "array_type" | "map_type"
            | "generic_type" | "channel_type" | "struct_type" | "interface_type" | "function_type"
            | "parenthesized_type" => self.go_type(node),
            _ => {
                for (_, child) in self.children(node) {
                    self.go(child, None);
                }
                self.add(Expr::Unknown, node)
            }
        }
    }

    /// A call with one argument of what stands before square brackets, in which one or more types or an index stand.
    fn go_generic_call(&mut self, node: Node<'t>) -> ExprId {
        let of = node.child_by_field_name("type");
        let name = of.and_then(|of| of.child_by_field_name("type"));
        let inside = of.and_then(|of| of.child_by_field_name("type_arguments"));
        let first = inside.and_then(|inside| inside.named_child(0));
        let first = first.map(|first| first.named_child(0).filter(|_| first.kind() == "type_elem").unwrap_or(first));
        let (Some(name), Some(first), Some(operand)) = (name, first, node.child_by_field_name("operand")) else {
            return self.add(Expr::Unknown, node);
        };
        let (name, first) = (self.go_type(name), self.go_type(first));
        let callee = self.add(Expr::Index(name, first), node);
        let operand = self.go(operand, None);
        self.add(Expr::Call { callee, args: Box::new([positional(operand)]), new: false }, node)
    }

    fn go_unary(&mut self, node: Node<'t>, name: Option<Sym>) -> ExprId {
        let operator = node.child_by_field_name("operator").map_or("", |operator| operator.kind());
        let Some(operand) = node.child_by_field_name("operand") else { return self.add(Expr::Unknown, node) };
        let value = self.go(operand, name);
        match operator {
            // A pointer stands for what it points to.
            "&" | "*" => value,
            "<-" => self.add(Expr::Element(value), node),
            _ => self.add(Expr::Unknown, node),
        }
    }

    /// `x.(T)`: what x is, and a value of T where nothing is known of x.
    fn go_assertion(&mut self, node: Node<'t>) -> ExprId {
        let (operand, of) = (node.child_by_field_name("operand"), node.child_by_field_name("type"));
        let (Some(operand), Some(of)) = (operand, of) else { return self.add(Expr::Unknown, node) };
        let value = self.go(operand, None);
        let annotation = self.go_type(of);
        let typed = self.add(Expr::Typed(annotation), of);
        self.add(Expr::OneOf(Box::new([value, typed])), node)
    }

    fn go_binary(&mut self, node: Node<'t>, name: Option<Sym>) -> ExprId {
        let operator = node.child_by_field_name("operator").map_or("", |operator| operator.kind());
        let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right")) else {
            return self.add(Expr::Unknown, node);
        };
        let given = name.filter(|_| operator == "+");
        let (left, right) = (self.go(left, given), self.go(right, given));
        let joined = if operator == "+" { Expr::Join(Box::new([left, right])) } else { Expr::Unknown };
        self.add(joined, node)
    }

    fn go_call(&mut self, node: Node<'t>, name: Option<Sym>) -> ExprId {
        let Some(function) = node.child_by_field_name("function") else { return self.add(Expr::Unknown, node) };
        let arguments = node.child_by_field_name("arguments");
        if matches!(self.text(function), "new" | "make") {
            let first = arguments.and_then(|arguments| arguments.named_child(0));
            if let Some(of) = first {
                let annotation = self.go_type(of);
                return self.add(Expr::Typed(annotation), node);
            }
        }
        let callee = self.go(function, None);
        let mut args = Vec::new();
        for (_, argument) in arguments.map(|arguments| self.children(arguments)).unwrap_or_default() {
            // `Password: aws.String("…")`
            let given = name.filter(|_| matches!(self.text(function), "string" | "aws.String"));
            let value = self.go(argument, given);
            args.push(Arg { spread: argument.kind() == "variadic_argument", ..positional(value) });
        }
        self.add(Expr::Call { callee, args: args.into(), new: false }, node)
    }

    /// `T{…}`: a map or list by its type's form, else a struct.
    fn go_composite(&mut self, node: Node<'t>) -> ExprId {
        let (Some(of), Some(body)) = (node.child_by_field_name("type"), node.child_by_field_name("body")) else {
            return self.add(Expr::Unknown, node);
        };
        match of.kind() {
            // What is put into an empty one later is of its type.
            "map_type" | "slice_type" if body.named_child_count() == 0 => self.go_type(of),
            "map_type" => self.go_map(body, false, of.child_by_field_name("value")),
            "slice_type" | "array_type" | "implicit_length_array_type" => {
                let element = of.child_by_field_name("element");
                self.go_elements(body, element)
            }
            _ => {
                let annotation = self.go_type(of);
                let map = self.go_map(body, true, None);
                self.add(Expr::Struct(annotation, map), node)
            }
        }
    }

    /// The elements of a slice; where their type is left out they are of the slice's.
    fn go_elements(&mut self, body: Node<'t>, element: Option<Node<'t>>) -> ExprId {
        let mut items = Vec::new();
        for (_, child) in self.children(body) {
            let value = child.child_by_field_name("value").unwrap_or(child);
            let inner = value.named_child(0).filter(|inner| inner.kind() == "literal_value");
            items.push(match (inner, element) {
                (Some(inner), Some(of)) if !matches!(of.kind(), "map_type" | "slice_type" | "array_type") => {
                    let annotation = self.go_type(of);
                    let map = self.go_map(inner, true, None);
                    self.add(Expr::Struct(annotation, map), inner)
                }
                _ => self.go(value, None),
            });
        }
        self.add(Expr::List(items.into()), body)
    }

    /// A literal whose type stands elsewhere.
    fn go_literal_value(&mut self, node: Node<'t>) -> ExprId {
        let keyed = node.named_child(0).is_some_and(|first| first.kind() == "keyed_element");
        if keyed { self.go_map(node, true, None) } else { self.go_elements(node, None) }
    }

    /// Keys and values; in a struct a plain name is a field, in a map a variable.
    fn go_map(&mut self, body: Node<'t>, is_struct: bool, of: Option<Node<'t>>) -> ExprId {
        let mut pairs = Vec::new();
        for (_, child) in self.children(body) {
            if child.kind() != "keyed_element" {
                let value = self.go(child, None);
                pairs.push(Pair { key: None, computed: None, value, spread: false });
                continue;
            }
            let (Some(key), Some(value)) = (child.child_by_field_name("key"), child.child_by_field_name("value"))
            else {
                continue;
            };
            let key = key.named_child(0).filter(|_| key.kind() == "literal_element").unwrap_or(key);
            let (key, computed) = match key.kind() {
                "identifier" | "field_identifier" if is_struct => (Some(self.sym(key)), None),
                "interpreted_string_literal" | "raw_string_literal" => {
                    let text = self.text(key).trim_matches(['"', '`']);
                    (Some(self.unit.sym(text)), None)
                }
                _ => (None, Some(self.go(key, None))),
            };
            let literal = value.named_child(0).filter(|_| value.kind() == "literal_element").unwrap_or(value);
            // What a map holds under a key is called where that is looked up, which others may do.
            let is_called = !is_struct && literal.kind() == "func_literal";
            let is_plain = |of: &Node<'_>| !matches!(of.kind(), "map_type" | "slice_type" | "array_type");
            // Where the type of a value is left out it is the map's.
            let value = match of.filter(|of| literal.kind() == "literal_value" && is_plain(of)) {
                Some(of) => {
                    let annotation = self.go_type(of);
                    let map = self.go_map(literal, true, None);
                    self.add(Expr::Struct(annotation, map), literal)
                }
                None => self.go(value, key.filter(|_| !is_called)),
            };
            pairs.push(Pair { key, computed, value, spread: false });
        }
        self.add(Expr::Map(pairs.into()), body)
    }

    fn go_string(&mut self, node: Node<'t>, name: Option<Sym>) -> ExprId {
        let mut text = String::new();
        for (_, part) in self.children(node) {
            match (part.kind(), self.text(part)) {
                (_, "\\n") => text.push('\n'),
                (_, "\\t") => text.push('\t'),
                ("escape_sequence", escape) => text.push_str(escape.strip_prefix('\\').unwrap_or(escape)),
                (_, plain) => text.push_str(plain),
            }
        }
        self.literal(text.into(), name, node)
    }
}
