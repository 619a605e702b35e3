//! Java expressions.

use super::{Java, Place};
use crate::code::lower::positional;
use crate::code::unit::{Arg, Binding, Class, Expr, ExprId, ScopeId, Sym, index};
use tree_sitter::Node;

/// Methods by which collections and the like take their last argument.
const ADDS: &[&str] = &["add", "addFirst", "addLast", "complete", "offer", "push", "put", "putIfAbsent", "set"];

/// Methods by which they take what another one holds.
const ADDS_ALL: &[&str] = &["addAll", "putAll"];

/// Methods by which a client's builder is changed as it stands.
const CHANGES: &[&str] = &[
    "credentialsProvider",
    "region",
    "setCredentials",
    "setRegion",
    "withCredentials",
    "withCredentialsProvider",
    "withRegion",
];

impl<'t> Java<'t> {
    /// An expression; literals in it are given to `name`.
    pub(super) fn expr(&mut self, node: Node<'t>, name: Option<Sym>) -> ExprId {
        self.deep(node, |this| this.expression(node, name))
    }

    fn expression(&mut self, node: Node<'t>, name: Option<Sym>) -> ExprId {
        match node.kind() {
            "identifier" => self.name(node),
            "type_identifier" | "scoped_type_identifier" | "generic_type" | "array_type" => self.type_expr(node),
            "this" => {
                let this = self.class.map_or(Expr::Unknown, Expr::This);
                self.add(this, node)
            }
            "super" => self.parent(node),
            "string_literal" => self.string(node, name),
            "true" => self.add(Expr::Bool(true), node),
            "false" => self.add(Expr::Bool(false), node),
            "decimal_integer_literal" => {
                let text = self.text(node).into();
                self.add(Expr::Number(text), node)
            }
            "field_access" | "scoped_identifier" => {
                let object = node.child_by_field_name("object").or_else(|| node.child_by_field_name("scope"));
                let field = node.child_by_field_name("field").or_else(|| node.child_by_field_name("name"));
                let (Some(object), Some(field)) = (object, field) else { return self.add(Expr::Unknown, node) };
                let object = self.expr(object, None);
                let field = self.sym(field);
                self.add(Expr::Member(object, field), node)
            }
            "method_invocation" => self.invocation(node, name),
            "object_creation_expression" => self.creation(node, name),
            "lambda_expression" => self.lambda(node),
            "method_reference" => self.method_reference(node),
            "array_access" => {
                let (object, at) = (node.child_by_field_name("array"), node.child_by_field_name("index"));
                let (Some(object), Some(at)) = (object, at) else { return self.add(Expr::Unknown, node) };
                let (object, at) = (self.expr(object, None), self.expr(at, None));
                self.add(Expr::Index(object, at), node)
            }
            "array_initializer" | "element_value_array_initializer" => {
                let items: Vec<ExprId> =
                    self.children(node).into_iter().map(|(_, item)| self.expr(item, name)).collect();
                self.add(Expr::List(items.into()), node)
            }
            "array_creation_expression" => match node.child_by_field_name("value") {
                Some(value) => self.expr(value, name),
                None => self.add(Expr::Unknown, node),
            },
            "parenthesized_expression" => match self.children(node).first() {
                Some((_, inner)) => self.expr(*inner, name),
                None => self.add(Expr::Unknown, node),
            },
            "cast_expression" => {
                let (of, value) = (node.child_by_field_name("type"), node.child_by_field_name("value"));
                let (Some(of), Some(value)) = (of, value) else { return self.add(Expr::Unknown, node) };
                let value = self.expr(value, name);
                let annotation = self.type_expr(of);
                let typed = self.add(Expr::Typed(annotation), of);
                self.add(Expr::OneOf(Box::new([value, typed])), node)
            }
            "instanceof_expression" => self.instance_of(node),
            "binary_expression" => self.binary(node, name),
            "ternary_expression" => {
                if let Some(condition) = node.child_by_field_name("condition") {
                    self.expr(condition, None);
                }
                let sides = ["consequence", "alternative"].map(|side| node.child_by_field_name(side));
                let sides: Vec<ExprId> = sides.into_iter().flatten().map(|side| self.expr(side, name)).collect();
                self.add(Expr::OneOf(sides.into()), node)
            }
            "switch_expression" => self.switch(node),
            "assignment_expression" => self.assignment(node),
            // `Orders.class` is handed to frameworks; what is asked of it itself leads nowhere.
            "class_literal" => match node.named_child(0) {
                Some(of) if node.parent().is_some_and(|parent| parent.kind() == "argument_list") => self.type_expr(of),
                _ => self.add(Expr::Unknown, node),
            },
            "null_literal" | "character_literal" => self.add(Expr::Unknown, node),
            _ => {
                for (_, child) in self.children(node) {
                    self.statement(child);
                }
                self.add(Expr::Unknown, node)
            }
        }
    }

    /// The scope in which a name is bound.
    fn bound(&self, name: Sym) -> Option<ScopeId> {
        let mut scope = Some(self.scope);
        while let Some(at) = scope {
            let here = self.unit.scopes.get(at as usize)?;
            if here.names.contains_key(&name) {
                return Some(at);
            }
            scope = here.parent;
        }
        None
    }

    /// A variable, a field, or the name of a type.
    fn name(&mut self, node: Node<'t>) -> ExprId {
        let text = self.text(node);
        let sym = self.sym(node);
        let is_type = text.starts_with(|letter: char| letter.is_ascii_uppercase());
        if self.bound(sym).is_none() && !self.is_of_wildcard(node, sym, false) {
            // What is declared nowhere here is a field that a class above brings.
            let heir = self.class.filter(|class| !self.unit.classes[*class as usize].bases.is_empty());
            if let Some(class) = heir.filter(|_| !is_type) {
                let this = self.add(Expr::This(class), node);
                return self.add(Expr::Member(this, sym), node);
            }
            if is_type {
                self.used.insert(text);
            }
        }
        let scope = self.scope;
        self.add(Expr::Name(sym, scope), node)
    }

    /// The class above, as an object.
    fn parent(&mut self, node: Node<'t>) -> ExprId {
        let base = self.class.and_then(|class| self.unit.classes[class as usize].bases.first().copied());
        match base {
            Some(base) => self.add(Expr::Typed(base), node),
            None => self.add(Expr::Unknown, node),
        }
    }

    fn invocation(&mut self, node: Node<'t>, name: Option<Sym>) -> ExprId {
        let Some(method) = node.child_by_field_name("name") else { return self.add(Expr::Unknown, node) };
        let sym = self.sym(method);
        let object = node.child_by_field_name("object").map(|object| self.expr(object, name));
        let start = node.start_byte();
        let callee = match object {
            Some(object) => {
                let place = (index(start), index(method.end_byte()));
                let owner = self.owner;
                self.unit.add(Expr::Member(object, sym), place, owner)
            }
            None => self.own_method(method, sym),
        };
        let args = node.child_by_field_name("arguments").map(|args| self.arguments(args)).unwrap_or_default();
        if let Some(object) = object {
            self.added_to(object, self.text(method), &args, node);
        }
        let given: Vec<ExprId> = args.iter().map(|arg| arg.value).collect();
        let call = self.add(Expr::Call { callee, args: args.into(), new: false }, node);
        self.handed(call, &given);
        if let Some(object) = object.filter(|_| CHANGES.contains(&self.text(method))) {
            self.changed(object, sym, &given, node);
        }
        call
    }

    /// A builder that is changed as it stands is from then on what the call gives of what it was.
    fn changed(&mut self, object: ExprId, method: Sym, given: &[ExprId], node: Node<'t>) {
        let Some((place, name)) = self.place_of(object) else { return };
        let before: Vec<ExprId> = match place {
            Place::Field(class) => self.unit.classes[class as usize].fields.get(&name).cloned().unwrap_or_default(),
            Place::Scope(scope) => {
                let bound = self.unit.scopes[scope as usize].names.get(&name).into_iter().flatten();
                bound.filter_map(|one| if let Binding::Value(value) = one { Some(*value) } else { None }).collect()
            }
        };
        if before.is_empty() || before.len() > 8 {
            return;
        }
        let was = self.add(Expr::OneOf(before.into()), node);
        let callee = self.add(Expr::Member(was, method), node);
        let args: Vec<Arg> = given.iter().map(|arg| positional(*arg)).collect();
        let call = self.add(Expr::Call { callee, args: args.into(), new: false }, node);
        // What it does is noted where it is written.
        self.unit.calls.retain(|one| *one != call);
        self.put(object, call);
    }

    /// Notes which call lambdas are handed to.
    fn handed(&mut self, call: ExprId, given: &[ExprId]) {
        for arg in given {
            match *self.unit.expr(*arg) {
                Expr::Function(function) => self.unit.functions[function as usize].handed = Some(call),
                Expr::Member(..) => self.unit.handed.push((*arg, call)),
                _ => {}
            }
        }
    }

    /// What is added to a collection is held by its variable or field.
    fn added_to(&mut self, object: ExprId, method: &str, args: &[Arg], node: Node<'t>) {
        let Some(last) = args.last().filter(|_| ADDS.contains(&method) || ADDS_ALL.contains(&method)) else { return };
        if ADDS_ALL.contains(&method) {
            return self.put(object, last.value);
        }
        let Some((place, name)) = self.place_of(object) else {
            let list = self.add(Expr::List(Box::new([last.value])), node);
            return self.unit.stores.push((object, list));
        };
        if let Some(list) = self.added.get(&(place, name)).copied() {
            if let Expr::List(items) = &mut self.unit.exprs[list as usize] {
                let all: Vec<ExprId> = items.iter().copied().chain([last.value]).collect();
                *items = all.into();
            }
            return;
        }
        let list = self.add(Expr::List(Box::new([last.value])), node);
        self.added.insert((place, name), list);
        self.put(object, list);
    }

    /// Gives a value to what a variable or a field stands for.
    fn put(&mut self, object: ExprId, value: ExprId) {
        match self.place_of(object) {
            Some((Place::Field(class), name)) => self.set_field(class, name, value),
            Some((Place::Scope(scope), name)) => self.unit.bind(scope, name, Binding::Value(value)),
            None if matches!(self.unit.expr(object), Expr::Member(..)) => self.unit.stores.push((object, value)),
            None => {}
        }
    }

    /// Where a variable or a field of the class itself is.
    fn place_of(&self, object: ExprId) -> Option<(Place, Sym)> {
        match *self.unit.expr(object) {
            Expr::Name(name, _) => {
                let scope = self.bound(name)?;
                let class = self.scopes.get(&scope).copied();
                Some((class.map_or(Place::Scope(scope), Place::Field), name))
            }
            Expr::Member(of, name) => match *self.unit.expr(of) {
                Expr::This(class) if self.unit.classes[class as usize].fields.contains_key(&name) => {
                    Some((Place::Field(class), name))
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// What the branches of a `switch` give.
    fn switch(&mut self, node: Node<'t>) -> ExprId {
        let mut given = Vec::new();
        let Some(body) = node.child_by_field_name("body") else { return self.add(Expr::Unknown, node) };
        let value = node.child_by_field_name("condition").map(|condition| self.expr(condition, None));
        for (_, branch) in self.children(body) {
            for (_, part) in self.children(branch) {
                match (part.kind(), self.children(part).first()) {
                    ("switch_label", _) => self.label(part, value),
                    ("expression_statement", Some((_, value))) if branch.kind() == "switch_rule" => {
                        given.push(self.expr(*value, None));
                    }
                    _ => {
                        let before = std::mem::take(&mut self.yields);
                        self.statement(part);
                        given.append(&mut self.yields);
                        self.yields = before;
                    }
                }
            }
        }
        self.add(Expr::OneOf(given.into()), node)
    }

    /// A method that is named alone: of the innermost class that declares one, by a static import, or of a class above.
    fn own_method(&mut self, node: Node<'t>, sym: Sym) -> ExprId {
        let text = self.text(node);
        let declares = |class: &u32| self.methods.get(class).is_some_and(|methods| methods.contains(text));
        let class = self.around.iter().rev().copied().find(|class| declares(class));
        if class.is_none() && (self.unit.scopes[0].names.contains_key(&sym) || self.is_of_wildcard(node, sym, true)) {
            return self.add(Expr::Name(sym, 0), node);
        }
        let Some(class) = class.or(self.class) else { return self.add(Expr::Unknown, node) };
        let this = self.add(Expr::This(class), node);
        self.add(Expr::Member(this, sym), node)
    }

    /// Whether a name that is declared nowhere may be one that `import static a.B.*` brings; then it is bound so.
    fn is_of_wildcard(&mut self, node: Node<'t>, sym: Sym, is_method: bool) -> bool {
        let text = self.text(node);
        // A name that looks like a type's is one.
        let is_type = text.starts_with(char::is_uppercase) && text.contains(char::is_lowercase);
        if self.static_wildcards.is_empty() || is_type && !is_method {
            return false;
        }
        for hidden in self.static_wildcards.clone() {
            let object = self.add(Expr::Name(hidden, 0), node);
            let value = self.add(Expr::Member(object, sym), node);
            self.unit.bind(0, sym, Binding::Value(value));
        }
        // A class above may have it too.
        let heir = self.class.filter(|class| !self.unit.classes[*class as usize].bases.is_empty());
        if let Some(class) = heir {
            let this = self.add(Expr::This(class), node);
            let value = self.add(Expr::Member(this, sym), node);
            self.unit.bind(0, sym, Binding::Value(value));
        }
        true
    }

    /// `case Circle circle when test(circle)`
    fn label(&mut self, node: Node<'t>, value: Option<ExprId>) {
        for (_, part) in self.children(node) {
            match part.kind() {
                "pattern" => {
                    let pattern = self.children(part).into_iter().find(|(_, one)| one.kind() == "type_pattern");
                    let parts = pattern.map(|(_, pattern)| self.children(pattern)).unwrap_or_default();
                    if let [(_, of), (_, name)] = parts.as_slice() {
                        let annotation = self.type_expr(*of);
                        let typed = self.add(Expr::Typed(annotation), *of);
                        let name = self.sym(*name);
                        for value in value.into_iter().chain([typed]) {
                            self.bind(name, Binding::Value(value));
                        }
                    }
                }
                "guard" => self.statement(part),
                _ => {}
            }
        }
    }

    pub(super) fn arguments(&mut self, node: Node<'t>) -> Vec<Arg> {
        self.children(node).into_iter().map(|(_, argument)| positional(self.expr(argument, None))).collect()
    }

    /// The arguments of an annotation: `logEvent = true`.
    pub(super) fn pairs(&mut self, node: Node<'t>) -> Vec<Arg> {
        let mut args = Vec::new();
        for (_, pair) in self.children(node) {
            let (key, value) = (pair.child_by_field_name("key"), pair.child_by_field_name("value"));
            let (Some(key), Some(value)) = (key, value) else { continue };
            let name = Some(self.sym(key));
            let value = self.expr(value, name);
            args.push(Arg { name, value, spread: false });
        }
        args
    }

    /// `new T(…)`, also with a body: then what it holds runs where it stands.
    fn creation(&mut self, node: Node<'t>, name: Option<Sym>) -> ExprId {
        let Some(of) = node.child_by_field_name("type") else { return self.add(Expr::Unknown, node) };
        let callee = self.class_expr(of);
        let given = name.filter(|_| matches!(self.text(of), "String" | "BasicAWSCredentials"));
        let mut args = Vec::new();
        if let Some(arguments) = node.child_by_field_name("arguments") {
            for (_, argument) in self.children(arguments) {
                args.push(positional(self.expr(argument, given)));
            }
        }
        let given: Vec<ExprId> = args.iter().map(|arg| arg.value).collect();
        let made = self.add(Expr::Call { callee, args: args.into(), new: true }, node);
        self.handed(made, &given);
        let body = self.children(node).into_iter().find(|(_, child)| child.kind() == "class_body");
        match body {
            Some((_, body)) => self.anonymous(body, callee, node),
            None => made,
        }
    }

    /// The object of a class without a name; what it holds runs where it stands.
    pub(super) fn anonymous(&mut self, body: Node<'t>, callee: ExprId, node: Node<'t>) -> ExprId {
        let class = index(self.unit.classes.len());
        self.unit.classes.push(Class { bases: vec![callee], ..Class::default() });
        self.note_methods(body, class);
        self.class_body(body, class, None);
        let methods: Vec<u32> = self.unit.classes[class as usize].methods.values().flatten().copied().collect();
        for method in methods {
            self.unit.functions[method as usize].inline = true;
            self.add(Expr::Function(method), node);
        }
        let class = self.add(Expr::Class(class), node);
        self.add(Expr::Typed(class), node)
    }

    fn lambda(&mut self, node: Node<'t>) -> ExprId {
        let owner = self.owner;
        let name = self.unit.functions[owner as usize].name.clone();
        let id = self.function_of(name, None);
        self.unit.functions[id as usize].inline = true;
        let before = (self.owner, self.scope);
        let scope = self.unit.scope(before.1);
        (self.base.owner, self.base.scope) = (id, scope);
        if let Some(parameters) = node.child_by_field_name("parameters") {
            if parameters.kind() == "identifier" {
                let name = self.sym(parameters);
                let param = crate::code::unit::Param { name: Some(name), default: None, annotation: None, rest: false };
                self.unit.functions[id as usize].params.push(param);
                self.bind(name, Binding::Param(id, 0));
            } else {
                self.parameters(parameters, id);
            }
        }
        if let Some(body) = node.child_by_field_name("body") {
            if body.kind() == "block" {
                self.statement(body);
            } else {
                let value = self.expr(body, None);
                self.unit.functions[id as usize].returns.push(value);
            }
        }
        (self.base.owner, self.base.scope) = before;
        self.add(Expr::Function(id), node)
    }

    /// `this::find`, `Orders::find`, `Orders::new`.
    fn method_reference(&mut self, node: Node<'t>) -> ExprId {
        let parts = self.children(node);
        let Some((_, first)) = parts.first() else { return self.add(Expr::Unknown, node) };
        let object = self.expr(*first, None);
        match parts.last().filter(|(_, last)| parts.len() > 1 && last.kind() == "identifier") {
            Some((_, name)) => {
                let name = self.sym(*name);
                self.add(Expr::Member(object, name), node)
            }
            None => {
                self.add(Expr::Call { callee: object, args: Box::new([]), new: true }, node);
                object
            }
        }
    }

    fn instance_of(&mut self, node: Node<'t>) -> ExprId {
        let value = node.child_by_field_name("left").map(|left| self.expr(left, None));
        if let (Some(name), Some(of)) = (node.child_by_field_name("name"), node.child_by_field_name("right")) {
            let annotation = self.type_expr(of);
            let typed = self.add(Expr::Typed(annotation), of);
            let name = self.sym(name);
            for value in value.into_iter().chain([typed]) {
                self.bind(name, Binding::Value(value));
            }
        }
        self.add(Expr::Unknown, node)
    }

    fn binary(&mut self, node: Node<'t>, name: Option<Sym>) -> ExprId {
        let operator = node.child_by_field_name("operator").map_or("", |operator| operator.kind());
        let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right")) else {
            return self.add(Expr::Unknown, node);
        };
        let given = name.filter(|_| operator == "+");
        let (left, right) = (self.expr(left, given), self.expr(right, given));
        let joined = if operator == "+" { Expr::Join(Box::new([left, right])) } else { Expr::Unknown };
        self.add(joined, node)
    }

    fn assignment(&mut self, node: Node<'t>) -> ExprId {
        let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right")) else {
            return self.add(Expr::Unknown, node);
        };
        let named = if left.kind() == "identifier" { Some(left) } else { left.child_by_field_name("field") };
        let name = named.map(|name| self.sym(name));
        let value = self.expr(right, name);
        if let (Some(name), "identifier") = (name, left.kind()) {
            let scope = self.bound(name);
            match scope.and_then(|scope| self.scopes.get(&scope).copied()) {
                Some(class) => self.set_field(class, name, value),
                None => match (scope, self.class) {
                    (Some(scope), _) => self.unit.bind(scope, name, Binding::Value(value)),
                    (None, Some(class)) => self.set_field(class, name, value),
                    (None, None) => {}
                },
            }
            return value;
        }
        let target = self.expr(left, None);
        self.unit.stores.push((target, value));
        if let Expr::Member(object, name) = *self.unit.expr(target)
            && let Expr::This(class) = *self.unit.expr(object)
        {
            self.set_field(class, name, value);
        }
        value
    }

    fn string(&mut self, node: Node<'t>, name: Option<Sym>) -> ExprId {
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
}
