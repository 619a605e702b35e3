//! What expressions stand for: names followed through scopes, fields, parameters, returns and files.

use super::inline::HOLE;
use super::memo::{Memo, Question};
use super::program::{Link, Method, Program};
use super::unit::{Arg, Binding, Expr, ExprId, FunctionId, ScopeId, Sym};
use super::value::{Object, UnitId, Value, mixed, settled};
use crate::model::{Language, Text};
use std::collections::HashSet;
use std::rc::Rc;
use std::sync::Arc;

/// How far a value is followed.
pub(super) const MAX_DEPTH: u32 = 60;
/// How many things an expression may stand for; where types tell what it is, many of them say that nobody knows.
const MAX_VALUES: usize = 32;
const MAX_VALUES_TYPED: usize = 12;
/// How many of them that can do something: tables of handlers are long.
const MAX_ACTING: usize = 512;

/// CommonJS's name of the module itself, which is bound nowhere.
const MODULE: &str = "builtins.module";

/// A call as it is asked about: its unit, the expression, its arguments.
pub(super) type Asked<'a> = (UnitId, ExprId, &'a [Arg]);

/// What the packages outside the repository mean: given from above, because they ask the evaluator in turn.
pub(super) struct Outside {
    /// What calling a value gives.
    pub(super) call: fn(&mut Evaluator<'_>, Asked<'_>, &Value) -> Vec<Value>,
    /// What `package.name` stands for.
    pub(super) member: fn(&Arc<str>, &Arc<str>) -> Vec<Value>,
    /// What `object.name` stands for.
    pub(super) object_member: fn(&Arc<Object>, &Arc<str>) -> Vec<Value>,
    /// An element of a thing that is iterated.
    pub(super) element: fn(&Object) -> Option<Value>,
    /// A value of an outside type.
    pub(super) of_type: fn(&str) -> Option<Value>,
    /// The client whose interface has a method of this name with a request of an outside type.
    pub(super) client_by_request: fn(&str, &str) -> Option<Value>,
    /// Whether a path is the environment's variables.
    pub(super) is_environment: fn(&str) -> bool,
    /// Whether a method of things of packages gives the thing itself, for what is asked here (Rust).
    pub(super) gives_itself: fn(&str) -> bool,
    /// Whether a module is commonly installed.
    pub(super) is_known_module: fn(&str) -> bool,
}

/// Evaluates the expressions of a program, remembering what it found.
pub(super) struct Evaluator<'p> {
    pub(super) program: &'p Program,
    pub(super) outside: &'static Outside,
    pub(super) memo: Memo,
    /// The only calls of some functions that are asked about.
    pub(super) within: Vec<(Method, (UnitId, ExprId))>,
    /// A field is asked for, not a method of its name (Java).
    pub(super) as_field: bool,
    pub(super) depth: u32,
}

impl<'p> Evaluator<'p> {
    /// An evaluator that knows nothing yet.
    pub(super) fn new(program: &'p Program, outside: &'static Outside) -> Self {
        Self { program, outside, memo: Memo::new(), within: Vec::new(), as_field: false, depth: 0 }
    }

    /// What an expression may stand for; empty where nothing is known.
    pub(super) fn eval(&mut self, unit: UnitId, expr: ExprId) -> Rc<[Value]> {
        self.remember(Question::Expr(unit, expr), 1, |this| {
            let as_field = std::mem::take(&mut this.as_field);
            let values = this.compute(unit, expr);
            this.as_field = as_field;
            this.few(unit, values)
        })
    }

    /// The answer to a question: what is known of it, else what is found now, so many levels deeper.
    pub(super) fn remember(
        &mut self,
        question: Question,
        levels: u32,
        find: impl FnOnce(&mut Self) -> Rc<[Value]>,
    ) -> Rc<[Value]> {
        if let Some(known) = self.memo.known(&question) {
            return known;
        }
        if self.depth + levels > MAX_DEPTH {
            self.memo.cut();
            return Rc::default();
        }
        let frame = self.memo.begin(question.clone());
        self.depth += levels;
        let values = find(self);
        self.depth -= levels;
        self.memo.end(question, &frame, values.clone());
        values
    }

    /// Each value once, and no more than are followed.
    fn few(&mut self, unit: UnitId, mut values: Vec<Value>) -> Rc<[Value]> {
        let mut seen = HashSet::new();
        values.retain(|value| seen.insert(value.clone()));
        let most = if self.program.is_typed(unit) { MAX_VALUES_TYPED } else { MAX_VALUES };
        if values.len() > most {
            let mut at = 0;
            let mut acting = 0;
            values.retain(|value| {
                at += 1;
                let acts = value.can_act() || value.is_client();
                acting += usize::from(acts);
                at <= most || acts && acting <= MAX_ACTING
            });
            if acting > MAX_ACTING {
                self.memo.spill();
            }
        }
        values.into()
    }

    fn compute(&mut self, unit: UnitId, expr: ExprId) -> Vec<Value> {
        let program = self.program;
        match program.unit(unit).expr(expr) {
            Expr::Unknown => Vec::new(),
            Expr::Bool(value) => vec![Value::Text(Text::Literal(if *value { "true" } else { "false" }.into()))],
            Expr::Text(text) => vec![Value::Text(match text.split_once(HOLE) {
                None => Text::Literal(text.clone()),
                Some(("", _)) => Text::Unknown,
                Some((known, _)) => Text::Prefix(known.into()),
            })],
            Expr::Number(text) => vec![Value::Text(Text::Literal(text.clone()))],
            Expr::Name(name, scope) => self.name(unit, *name, *scope),
            Expr::This(class) => vec![Value::Instance(unit, *class)],
            Expr::Super(class) => self.as_above(unit, *class),
            Expr::Member(object, name) => {
                let name = program.unit(unit).name(*name);
                if let Expr::Super(class) = program.unit(unit).expr(*object) {
                    return self.member_above(unit, *class, name);
                }
                let objects = self.eval(unit, *object);
                if &**name == "exports"
                    && objects.iter().any(|one| matches!(one, Value::Outside(path) if &**path == MODULE))
                {
                    return vec![Value::Module(unit)];
                }
                self.as_field = self.is_field(unit, expr);
                let found = self.member_of_all(&objects, name);
                self.as_field = false;
                found
            }
            Expr::Index(object, index) => self.index(unit, *object, *index),
            Expr::Call { callee, args, .. } => {
                let callees = self.eval(unit, *callee);
                let mut found: Vec<Value> =
                    callees.iter().flat_map(|callee| self.call(unit, expr, callee, args)).collect();
                if program.wrapping.contains(&(unit, expr)) {
                    for arg in args {
                        let values = self.eval(unit, arg.value);
                        found.extend(values.iter().filter(|value| matches!(value, Value::Function(..))).cloned());
                    }
                }
                if found.is_empty() && !program.is_typed(unit) {
                    found = self.taken(unit, *callee, args);
                }
                if program.is_rust(unit) && !callees.iter().any(|callee| matches!(callee, Value::Function(..))) {
                    found.extend(self.without_method(unit, *callee));
                }
                found
            }
            Expr::List(items) if program.is_java(unit) => {
                vec![Value::holder(items.iter().flat_map(|item| self.eval(unit, *item).to_vec()).collect())]
            }
            Expr::Map(_) | Expr::List(_) | Expr::Channel(_) => vec![Value::Literal(unit, expr)],
            Expr::Join(parts) => self.join(unit, parts),
            Expr::OneOf(sides) => sides.iter().flat_map(|side| self.eval(unit, *side).to_vec()).collect(),
            Expr::Function(function) => vec![Value::Function(unit, *function)],
            Expr::Class(class) => vec![Value::Class(unit, *class)],
            Expr::Element(of) => {
                let of = self.eval(unit, *of);
                of.iter().flat_map(|value| self.element(value)).collect()
            }
            Expr::Received(of) => self.received(unit, *of),
            Expr::Struct(of, map) => self.literal(unit, *of, *map),
            Expr::Part(of, at) => self.part(unit, *of, *at),
            Expr::Typed(of) => self.eval(unit, *of).iter().filter_map(|value| self.of_type(unit, value)).collect(),
            Expr::Import(import) => self.import(unit, *import, None),
        }
    }

    fn name(&mut self, unit: UnitId, name: Sym, scope: ScopeId) -> Vec<Value> {
        let program = self.program;
        let here = program.unit(unit);
        let mut next = Some(scope);
        while let Some(at) = next {
            let Some(scope) = here.scopes.get(at as usize) else { break };
            let shared = if at == 0 { program.package_of(unit) } else { &[] };
            if !shared.is_empty() {
                let found = self.shared(shared, here.name(name));
                if !found.is_empty() {
                    return found;
                }
            } else if let Some(bindings) = scope.names.get(&name) {
                return self.bound(unit, bindings);
            }
            next = scope.parent;
        }
        let mut found = Vec::new();
        for (at, import) in here.imports.iter().enumerate().filter(|(_, import)| import.all) {
            if let Some(Link::Unit(other)) = program.members[unit].links.get(at) {
                found.extend(self.export(*other, here.name(name)));
            } else if (self.outside.is_known_module)(&import.module) {
                found.push(Value::Outside(format!("{}.{}", import.module, here.name(name)).into()));
            }
        }
        // What is run in another file's scope has that one's names; it runs nothing of its own accord.
        for by in program.run_by.get(&unit).into_iter().flatten() {
            let there = program.unit(*by);
            let bound = there.find(here.name(name)).zip(there.scopes.first());
            if found.is_empty() && bound.is_some_and(|(sym, scope)| scope.names.contains_key(&sym)) {
                found = self.export(*by, here.name(name));
            }
        }
        if found.is_empty() {
            // What Rust does not find in scope is a crate or of the prelude.
            let name = here.name(name);
            if here.language == Language::JavaScript && &**name == "exports" {
                return vec![Value::Module(unit)];
            }
            found.push(Value::Outside(match here.language {
                Language::Rust | Language::Java => name.clone(),
                _ => format!("builtins.{name}").into(),
            }));
        }
        found
    }

    /// What all that a name is given stands for.
    fn bound(&mut self, unit: UnitId, bindings: &[Binding]) -> Vec<Value> {
        let (mut declared, mut given) = (Vec::new(), Vec::new());
        let is_java = self.program.is_java(unit);
        for binding in bindings {
            let is_type = matches!(binding, Binding::Value(value) if matches!(self.program.unit(unit).expr(*value), Expr::Typed(_)));
            let values = self.binding(unit, binding);
            if is_type { declared.extend(values) } else { given.push(values) }
        }
        settled(declared, if is_java { mixed(given) } else { given.concat() })
    }

    pub(super) fn binding(&mut self, unit: UnitId, binding: &Binding) -> Vec<Value> {
        match binding {
            Binding::Value(value) => self.eval(unit, *value).to_vec(),
            Binding::Import(import, member) => self.import(unit, *import, *member),
            Binding::Function(function) => vec![Value::Function(unit, *function)],
            Binding::Class(class) => {
                let (unit, class) = self.program.whole((unit, *class));
                vec![Value::Class(unit, class)]
            }
            Binding::Param(function, at) => self.param(unit, *function, *at),
            Binding::This(class) => {
                let (unit, class) = self.program.whole((unit, *class));
                vec![Value::Instance(unit, class)]
            }
            Binding::Unknown => Vec::new(),
        }
    }

    fn import(&mut self, unit: UnitId, import: u32, member: Option<Sym>) -> Vec<Value> {
        let program = self.program;
        let here = program.unit(unit);
        let member = member.map(|member| here.name(member));
        match program.link(unit, import) {
            Link::Member(module) => vec![Value::Module(*module)],
            Link::Unit(module) => match member {
                Some(member) => match self.export(*module, member) {
                    found if found.is_empty() => self.generated(*module, member),
                    found => found,
                },
                None => self.whole(*module),
            },
            Link::Several(modules) => modules.iter().flat_map(|module| self.whole(*module)).collect(),
            Link::Package(folder) => {
                let package = Value::Shared(folder.clone());
                match member {
                    Some(member) => self.member(&package, member),
                    None => vec![package],
                }
            }
            Link::Folder(folder) => match member {
                Some(member) => self.member(&Value::Package(folder.clone()), member),
                None => vec![Value::Package(folder.clone())],
            },
            Link::Outside => {
                let Some(import) = here.imports.get(import as usize) else { return Vec::new() };
                let module = Value::Outside(import.module.clone());
                match member {
                    Some(member) => self.member(&module, member),
                    None => vec![module],
                }
            }
            Link::Missing | Link::Nowhere => Vec::new(),
        }
    }

    /// A module, and what `module.exports = x` makes it.
    fn whole(&mut self, module: UnitId) -> Vec<Value> {
        let whole = self.program.unit(module).export_all.iter();
        let mut found: Vec<Value> = whole.flat_map(|value| self.eval(module, *value).to_vec()).collect();
        found.push(Value::Module(module));
        found
    }

    /// What a module gives out under a name.
    pub(super) fn export(&mut self, unit: UnitId, name: &str) -> Vec<Value> {
        let found = self.remember(Question::Export(unit, name.into()), 1, |this| {
            let found = this.find_export(unit, name);
            this.few(unit, found)
        });
        found.to_vec()
    }

    fn find_export(&mut self, unit: UnitId, name: &str) -> Vec<Value> {
        let program = self.program;
        let there = program.unit(unit);
        let mut found = Vec::new();
        if let Some(sym) = there.find(name) {
            if let Some(values) = there.exports.get(&sym) {
                found.extend(values.iter().flat_map(|value| self.eval(unit, *value).to_vec()));
            }
            if let Some(bindings) = there.scopes.first().and_then(|scope| scope.names.get(&sym)) {
                found.extend(bindings.iter().flat_map(|binding| self.binding(unit, binding)));
            }
        }
        if found.is_empty() {
            for value in &there.export_all {
                for value in self.eval(unit, *value).iter() {
                    found.extend(if name == "default" {
                        vec![value.clone()]
                    } else {
                        self.member(value, &name.into())
                    });
                }
            }
            for (at, _) in there.imports.iter().enumerate().filter(|(_, import)| import.all) {
                if let Some(Link::Unit(other)) = program.members[unit].links.get(at) {
                    found.extend(self.export(*other, name));
                }
            }
        }
        if found.is_empty() {
            let folder = there.path.rsplit_once('/').map_or("", |(folder, _)| folder);
            if there.language == Language::Python && there.path.ends_with("__init__.py") {
                found.extend(self.member(&Value::Package(folder.into()), &name.into()));
            } else if name == "default" {
                found.push(Value::Module(unit));
            }
        }
        found
    }

    /// What `object.name` stands for.
    pub(super) fn member(&mut self, object: &Value, name: &Arc<str>) -> Vec<Value> {
        if name.starts_with(|first: char| first.is_ascii_digit()) {
            return self.numbered(object, name);
        }
        match object {
            Value::Outside(path) => (self.outside.member)(path, name),
            Value::Module(unit) => self.export(*unit, name),
            Value::Shared(folder) => {
                let program = self.program;
                program.packages.get(folder).map(|units| self.shared(units, name)).unwrap_or_default()
            }
            Value::Package(folder) => {
                let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
                let module = [format!("{prefix}{name}.py"), format!("{prefix}{name}/__init__.py")];
                match module.iter().find_map(|path| self.program.by_path.get(path.as_str())) {
                    Some(unit) => vec![Value::Module(*unit)],
                    None => vec![Value::Package(format!("{prefix}{name}").into())],
                }
            }
            Value::Instance(unit, class) | Value::Class(unit, class) => {
                let found = self.class_member(*unit, *class, name);
                if found.is_empty() { self.passed_on((*unit, *class), name) } else { found }
            }
            Value::Literal(unit, expr) => self.key(*unit, *expr, name),
            Value::Object(object) => (self.outside.object_member)(object, name),
            Value::Text(text) => vec![Value::Method(Arc::new(Object::Text(text.clone())), name.clone())],
            // The payload of a LambdaEvent is all that the caller sent.
            Value::Event if &**name == "payload" => vec![Value::Event],
            Value::Event if &**name == "toString" => {
                vec![Value::Method(Arc::new(Object::Made("event".into())), name.clone())]
            }
            // Whatever the method of a functional interface is called, it calls the function.
            Value::Function(unit, _) if self.program.is_java(*unit) && !is_combinator(name) => {
                vec![object.clone()]
            }
            Value::Function(..) | Value::Event | Value::Method(..) => Vec::new(),
        }
    }

    /// The value of a key of a map literal.
    pub(super) fn key(&mut self, unit: UnitId, expr: ExprId, key: &str) -> Vec<Value> {
        self.key_below(unit, expr, key, 0)
    }

    fn key_below(&mut self, unit: UnitId, expr: ExprId, key: &str, levels: u32) -> Vec<Value> {
        let found = self.remember(Question::Key(unit, expr, key.into()), levels, |this| {
            let found = this.find_key(unit, expr, key);
            this.few(unit, found)
        });
        found.to_vec()
    }

    fn find_key(&mut self, unit: UnitId, expr: ExprId, key: &str) -> Vec<Value> {
        let program = self.program;
        let pairs = match program.unit(unit).expr(expr) {
            Expr::Map(pairs) => pairs,
            // What `**kwargs` of a call holds.
            Expr::Call { args, .. } => return self.keyword(unit, args, key),
            _ => return Vec::new(),
        };
        self.memo.spend(pairs.len() / 8);
        let mut found = Vec::new();
        for pair in pairs {
            if pair.spread {
                for value in self.eval(unit, pair.value).iter() {
                    match value {
                        Value::Literal(unit, expr) => found.extend(self.key_below(*unit, *expr, key, 1)),
                        Value::Module(module) => found.extend(self.export(*module, key)),
                        _ => {}
                    }
                }
            } else if pair.key.is_some_and(|sym| &**program.unit(unit).name(sym) == key) {
                found.extend(self.eval(unit, pair.value).iter().cloned());
            }
        }
        let kept = program.kept.get(&(unit, expr)).into_iter().flatten();
        for (_, (unit, value)) in kept.filter(|(name, _)| name.as_deref().is_none_or(|name| name == key)) {
            found.extend(self.eval(*unit, *value).iter().cloned());
        }
        found
    }

    fn call(&mut self, unit: UnitId, call: ExprId, callee: &Value, args: &[Arg]) -> Vec<Value> {
        match callee {
            Value::Function(there, function) => self.returned_to(unit, call, (*there, *function)),
            Value::Class(unit, class) => self.made_of(*unit, *class),
            Value::Instance(unit, class) if !self.program.is_typed(*unit) => self.called_instance(*unit, *class),
            Value::Outside(_) | Value::Method(..) | Value::Object(_) => {
                (self.outside.call)(self, (unit, call, args), callee)
            }
            _ => Vec::new(),
        }
    }

    pub(super) fn returned(&mut self, unit: UnitId, function: FunctionId) -> Vec<Value> {
        let Some(function) = self.program.unit(unit).functions.get(function as usize) else { return Vec::new() };
        let returns: Vec<(UnitId, ExprId)> = function.returns.iter().map(|value| (unit, *value)).collect();
        if !self.program.is_java(unit) {
            return self.all_of(&returns);
        }
        let (mut declared, mut given) = (Vec::new(), Vec::new());
        for (unit, expr) in returns {
            let is_type = matches!(self.program.unit(unit).expr(expr), Expr::Typed(_));
            let values = self.eval(unit, expr).to_vec();
            if is_type { declared.extend(values) } else { given.push(values) }
        }
        settled(declared, mixed(given))
    }

    /// A value of a type.
    pub(super) fn instance(&self, of: &Value) -> Option<Value> {
        match of {
            Value::Class(unit, class) => Some(Value::Instance(*unit, *class)),
            Value::Outside(path) => (self.outside.of_type)(path),
            Value::Literal(..) => Some(of.clone()),
            of if of.is_holder() => Some(of.clone()),
            _ => None,
        }
    }
}

/// Methods that functional interfaces have beside their own.
fn is_combinator(name: &str) -> bool {
    matches!(name, "andThen" | "compose" | "negate" | "and" | "or" | "equals" | "hashCode" | "toString" | "reversed")
}
