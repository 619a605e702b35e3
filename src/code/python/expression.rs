//! Python expressions.

use crate::code::lower::{Lowering, positional};
use crate::code::unit::{Arg, Binding, Expr, ExprId, Function, Pair, Param, Sym, index};
use std::borrow::Cow;
use std::sync::Arc;
use tree_sitter::Node;

impl<'t> Lowering<'t> {
    /// An expression that is given to nothing.
    pub(super) fn python(&mut self, node: Node<'t>) -> ExprId {
        self.python_named(node, None)
    }

    /// An expression; literals in it are given to `name`.
    pub(super) fn python_named(&mut self, node: Node<'t>, name: Option<Sym>) -> ExprId {
        self.deeper(node, |this| this.python_expression(node, name))
    }

    fn python_expression(&mut self, node: Node<'t>, name: Option<Sym>) -> ExprId {
        match node.kind() {
            "identifier" => {
                let sym = self.sym(node);
                self.add(Expr::Name(sym, self.scope), node)
            }
            "string" => self.string(node, name),
            "concatenated_string" => {
                let parts: Vec<ExprId> =
                    self.children(node).into_iter().map(|(_, part)| self.string(part, name)).collect();
                self.add(Expr::Join(parts.into()), node)
            }
            "true" => self.add(Expr::Bool(true), node),
            "false" => self.add(Expr::Bool(false), node),
            "integer" | "float" => {
                let text = self.text(node).into();
                self.add(Expr::Number(text), node)
            }
            "attribute" => self.attribute(node, name),
            "subscript" => self.subscript(node),
            "call" => self.call(node, name),
            "dictionary" => self.dictionary(node),
            "list" | "tuple" | "set" | "expression_list" => {
                let items: Vec<ExprId> =
                    self.children(node).into_iter().map(|(_, item)| self.python_named(item, name)).collect();
                self.add(Expr::List(items.into()), node)
            }
            "parenthesized_expression" | "await" | "list_splat" | "dictionary_splat" | "yield" => {
                let inner = self.children(node).first().map(|(_, inner)| *inner);
                let value = match inner {
                    Some(inner) => self.python_named(inner, name),
                    None => self.add(Expr::Unknown, node),
                };
                if node.kind() == "yield" && self.is_context_manager() {
                    self.unit.functions[self.owner as usize].returns.push(value);
                }
                value
            }
            "binary_operator" => self.binary(node, name),
            "boolean_operator" => {
                let sides: Vec<ExprId> =
                    self.children(node).into_iter().map(|(_, side)| self.python_named(side, name)).collect();
                self.add(Expr::OneOf(sides.into()), node)
            }
            "conditional_expression" => {
                let sides: Vec<ExprId> =
                    self.children(node).into_iter().map(|(_, side)| self.python_named(side, name)).collect();
                let chosen = [sides.first(), sides.get(2)].into_iter().flatten().copied().collect();
                self.add(Expr::OneOf(chosen), node)
            }
            "named_expression" => self.walrus(node),
            "as_pattern" => self.as_pattern(node),
            "lambda" => self.lambda(node),
            "list_comprehension" | "set_comprehension" | "generator_expression" | "dictionary_comprehension" => {
                self.comprehension(node)
            }
            "assignment" => self.assignment(node),
            _ => {
                for (_, child) in self.children(node) {
                    self.python(child);
                }
                self.add(Expr::Unknown, node)
            }
        }
    }

    fn attribute(&mut self, node: Node<'t>, name: Option<Sym>) -> ExprId {
        let mut object = None;
        let mut member = None;
        for (field, child) in self.children(node) {
            match field {
                "object" => object = Some(self.python_named(child, name)),
                "attribute" => member = Some(self.sym(child)),
                _ => {}
            }
        }
        match (object, member) {
            (Some(object), Some(member)) => self.add(Expr::Member(object, member), node),
            _ => self.add(Expr::Unknown, node),
        }
    }

    fn subscript(&mut self, node: Node<'t>) -> ExprId {
        let mut value = None;
        let mut index = None;
        for (field, child) in self.children(node) {
            let expr = self.python(child);
            match field {
                "value" => value = Some(expr),
                _ => index = Some(expr),
            }
        }
        match (value, index) {
            (Some(value), Some(index)) => self.add(Expr::Index(value, index), node),
            _ => self.add(Expr::Unknown, node),
        }
    }

    fn call(&mut self, node: Node<'t>, name: Option<Sym>) -> ExprId {
        let children = self.children(node);
        let Some((_, function)) = children.iter().find(|(field, _)| *field == "function") else {
            return self.add(Expr::Unknown, node);
        };
        let callee = self.python_named(*function, name);
        let default_of = self.takes_default(callee).then_some(name).flatten();
        let mut args: Vec<Arg> = Vec::new();
        if let Some((_, arguments)) = children.iter().find(|(field, _)| *field == "arguments") {
            if arguments.kind() == "generator_expression" {
                let value = self.python(*arguments);
                args.push(positional(value));
            } else {
                for (_, argument) in self.children(*arguments) {
                    let arg = self.argument(argument, default_of);
                    args.extend(arg);
                }
            }
        }
        if let Some(joined) = self.formatted(callee, &args, node) {
            return joined;
        }
        if let Some(class) = self.class.filter(|_| self.is_builtin(callee, "super")) {
            return self.add(Expr::Super(class), node);
        }
        if let Some(import) = self.imported_by_call(callee, &args, node) {
            return self.add(Expr::Import(import), node);
        }
        if let Some(module) = self.run_here(callee, &args) {
            self.request(&module, None, node, true);
        }
        self.add(Expr::Call { callee, args: args.into(), new: false }, node)
    }

    /// The module whose text `exec(open('./x/y.py').read())` runs in this scope: all its names are then had here.
    fn run_here(&self, callee: ExprId, args: &[Arg]) -> Option<String> {
        let named = |expr: ExprId, name: &str| matches!(self.unit.expr(expr), Expr::Name(sym, _) if &**self.unit.name(*sym) == name);
        let Expr::Call { callee: read, .. } = self.unit.expr(args.first().filter(|_| named(callee, "exec"))?.value)
        else {
            return None;
        };
        let Expr::Member(opened, _) = self.unit.expr(*read) else { return None };
        let Expr::Call { callee: open, args, .. } = self.unit.expr(*opened) else { return None };
        let Expr::Text(path) = self.unit.expr(args.first().filter(|_| named(*open, "open"))?.value) else {
            return None;
        };
        let stem = path.trim_start_matches("./").strip_suffix(".py")?;
        (!stem.contains(['.', ' '])).then(|| stem.replace('/', "."))
    }

    /// Whether what the function yields is what `with` names.
    fn is_context_manager(&self) -> bool {
        let decorators = &self.unit.functions[self.owner as usize].decorators;
        decorators.iter().any(|decorator| match self.unit.expr(*decorator) {
            Expr::Name(name, _) | Expr::Member(_, name) => {
                matches!(&**self.unit.name(*name), "contextmanager" | "asynccontextmanager")
            }
            _ => false,
        })
    }

    /// Whether an expression is a name that the language gives a meaning to.
    fn is_builtin(&self, expr: ExprId, name: &str) -> bool {
        matches!(self.unit.expr(expr), Expr::Name(sym, _) if &**self.unit.name(*sym) == name)
    }

    /// `os.getenv(name, default)` and `mapping.get(key, default)` give their literals to the target.
    fn takes_default(&self, callee: ExprId) -> bool {
        match self.unit.expr(callee) {
            Expr::Member(_, member) => matches!(&**self.unit.name(*member), "get" | "getenv"),
            _ => false,
        }
    }

    fn argument(&mut self, node: Node<'t>, name: Option<Sym>) -> Option<Arg> {
        let arg = match node.kind() {
            "keyword_argument" => {
                let children = self.children(node);
                let key = children.iter().find(|(field, _)| *field == "name").map(|(_, key)| self.sym(*key));
                let value = children.iter().find(|(field, _)| *field == "value").map(|(_, value)| *value)?;
                Arg { name: key, value: self.python_named(value, key), spread: false }
            }
            "list_splat" | "dictionary_splat" => Arg { name: None, value: self.python(node), spread: true },
            _ => positional(self.python_named(node, name)),
        };
        Some(arg)
    }

    /// `"…{}…".format(x)` as its known beginning and its arguments.
    fn formatted(&mut self, callee: ExprId, args: &[Arg], node: Node<'t>) -> Option<ExprId> {
        let Expr::Member(object, member) = *self.unit.expr(callee) else {
            return None;
        };
        if &**self.unit.name(member) != "format" {
            return None;
        }
        let Expr::Text(text) = self.unit.expr(object).clone() else {
            return None;
        };
        Some(self.template(&text, '{', args.iter().map(|arg| arg.value).collect(), node))
    }

    fn template(&mut self, text: &str, mark: char, values: Vec<ExprId>, node: Node<'t>) -> ExprId {
        let prefix = text.split(mark).next().unwrap_or_default();
        let mut parts = vec![self.add(Expr::Text(prefix.into()), node), self.add(Expr::Unknown, node)];
        parts.extend(values);
        self.add(Expr::Join(parts.into()), node)
    }

    fn binary(&mut self, node: Node<'t>, name: Option<Sym>) -> ExprId {
        let children = self.children(node);
        let operator = node.child_by_field_name("operator").map_or("", |operator| operator.kind());
        let sides: Vec<ExprId> = children.into_iter().map(|(_, side)| self.python_named(side, name)).collect();
        let [left, right] = sides.as_slice() else {
            return self.add(Expr::Unknown, node);
        };
        match (operator, self.unit.expr(*left).clone()) {
            ("%", Expr::Text(text)) => {
                let values = match self.unit.expr(*right) {
                    Expr::List(items) => items.to_vec(),
                    _ => vec![*right],
                };
                self.template(&text, '%', values, node)
            }
            ("+", _) => self.add(Expr::Join(Box::new([*left, *right])), node),
            ("|", _) => self.add(Expr::OneOf(Box::new([*left, *right])), node),
            _ => self.add(Expr::Unknown, node),
        }
    }

    fn dictionary(&mut self, node: Node<'t>) -> ExprId {
        let mut pairs = Vec::new();
        for (_, child) in self.children(node) {
            if child.kind() != "pair" {
                let value = self.python(child);
                pairs.push(Pair { key: None, computed: None, value, spread: true });
                continue;
            }
            let mut key = None;
            let mut computed = None;
            for (field, part) in self.children(child) {
                if field == "key" {
                    let plain = self.text(part).trim_matches(['"', '\'']);
                    if part.kind() == "string" {
                        key = Some(self.unit.sym(plain));
                    } else {
                        computed = Some(self.python(part));
                    }
                } else {
                    let value = self.python_named(part, key);
                    pairs.push(Pair { key, computed, value, spread: false });
                }
            }
        }
        self.add(Expr::Map(pairs.into()), node)
    }

    fn walrus(&mut self, node: Node<'t>) -> ExprId {
        let children = self.children(node);
        let name = children.iter().find(|(field, _)| *field == "name").map(|(_, name)| self.sym(*name));
        let value = children.iter().find(|(field, _)| *field == "value").map(|(_, value)| *value);
        let Some(value) = value else {
            return self.add(Expr::Unknown, node);
        };
        let value = self.python_named(value, name);
        if let Some(name) = name {
            self.bind(name, Binding::Value(value));
        }
        value
    }

    /// `with x as y`, `except X as y`: the name stands for the value.
    fn as_pattern(&mut self, node: Node<'t>) -> ExprId {
        let mut value = None;
        for (field, child) in self.children(node) {
            match (field, value) {
                ("alias", Some(value)) => self.target(child, value),
                ("alias", None) => {}
                _ => value = Some(self.python(child)),
            }
        }
        value.unwrap_or_else(|| self.add(Expr::Unknown, node))
    }

    fn lambda(&mut self, node: Node<'t>) -> ExprId {
        let id = self.next_function();
        let around = self.unit.functions[self.owner as usize].name.clone();
        self.unit.functions.push(Function { name: around, parent: self.owner, inline: true, ..Function::default() });
        let scope = self.unit.scope(self.scope);
        for (field, child) in self.children(node) {
            if field == "parameters" {
                for (at, (_, param)) in self.children(child).into_iter().enumerate() {
                    let name = self.sym(param);
                    let param = Param { name: Some(name), default: None, annotation: None, rest: false };
                    self.unit.functions[id as usize].params.push(param);
                    self.unit.bind(scope, name, Binding::Param(id, index(at)));
                }
            } else {
                self.inside(id, scope, |this| {
                    let value = this.python(child);
                    this.unit.functions[id as usize].returns.push(value);
                });
            }
        }
        self.add(Expr::Function(id), node)
    }

    fn comprehension(&mut self, node: Node<'t>) -> ExprId {
        let children = self.children(node);
        for (_, child) in &children {
            if child.kind() == "for_in_clause" {
                let parts = self.children(*child);
                let right: Vec<ExprId> =
                    parts.iter().filter(|(field, _)| *field == "right").map(|(_, part)| self.python(*part)).collect();
                let left = parts.iter().find(|(field, _)| *field == "left").map(|(_, part)| *part);
                if let (Some(left), Some(right)) = (left, right.first()) {
                    let element = self.add(Expr::Element(*right), *child);
                    self.target(left, element);
                }
            }
        }
        let mut items = Vec::new();
        for (field, child) in children {
            match (field, child.kind()) {
                ("body", _) => items.push(self.python(child)),
                (_, "if_clause") => {
                    self.python(child);
                }
                _ => {}
            }
        }
        self.add(Expr::List(items.into()), node)
    }

    /// A string; one with interpolations is a join.
    fn string(&mut self, node: Node<'t>, name: Option<Sym>) -> ExprId {
        let children = self.children(node);
        let opening = children.first().map_or("", |(_, start)| self.text(*start)).to_ascii_lowercase();
        let raw = opening.contains('r');
        let mut parts: Vec<ExprId> = Vec::new();
        let mut interpolated = false;
        for (_, child) in &children {
            match child.kind() {
                "string_content" => {
                    let text = self.text(*child);
                    let text: Arc<str> = if raw { text.into() } else { unescape(text).into() };
                    parts.push(self.literal(text, name, *child));
                }
                "interpolation" => {
                    interpolated = true;
                    let inner = self.children(*child);
                    match inner.first() {
                        Some((_, expression)) => parts.push(self.python(*expression)),
                        None => parts.push(self.add(Expr::Unknown, *child)),
                    }
                }
                _ => {}
            }
        }
        match (parts.as_slice(), interpolated) {
            ([], _) => self.add(Expr::Text("".into()), node),
            ([only], false) => *only,
            _ => self.add(Expr::Join(parts.into()), node),
        }
    }
}

/// Resolves the escapes that matter for names and URLs; others stay as they are written.
fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some('\n') | None => {}
            Some(c @ ('\\' | '\'' | '"' | '/')) => out.push(c),
            Some(other) => {
                out.push('\\');
                out.push(other);
            }
        }
    }
    Cow::Owned(out)
}
