//! Which functions lead to which: by names, by references, by what is made, and by what stands behind interfaces.

use super::closures::{Places, is_free};
use super::facts::{Asked, Collector};
use super::heirs::{class_of, heirs};
use super::program::ClassKey;
use super::sites::takes;
use super::unit::{Arg, Binding, Expr, ExprId, FunctionId, Sym, Unit, index};
use super::value::{Object, UnitId, Value, text};
use crate::model::{Language, Text};
use std::collections::HashSet;
use std::rc::Rc;

impl Collector<'_> {
    pub(super) fn edges(&mut self) {
        let program = self.of.program;
        let here = program.unit(self.unit);
        let mut wrapped = self.wrapped();
        self.stored(&mut wrapped);
        for (at, _) in here.classes.iter().enumerate().filter(|(_, class)| class.is_read) {
            self.facts.alive.insert((0, program.whole((self.unit, index(at)))));
        }
        let renamed = renamed(here);
        let mut places = Places::of(here);
        places.kept.extend(here.functions.iter().flat_map(|function| &function.decorators));
        for (at, expr) in here.exprs.iter().enumerate() {
            let id = index(at);
            self.makes(id, expr);
            match expr {
                Expr::Name(..) | Expr::Member(..) | Expr::This(_) if program.is_rust(self.unit) => self.mentioned(id),
                Expr::Struct(of, _) if program.is_rust(self.unit) => self.makes_type(id, *of),
                Expr::Name(..) if wrapped.contains(&id) => self.holds_all(id),
                Expr::Function(_) if wrapped.contains(&id) => self.holds_all(id),
                // Where every value has a type, what is handed over is named where that is done.
                Expr::Name(name, scope) if here.is_parameter(*name, *scope) && program.is_typed(self.unit) => {}
                Expr::Name(name, scope) if here.is_parameter(*name, *scope) => {
                    for value in self.of.eval(self.unit, id).iter() {
                        match value {
                            Value::Function(..) if places.given_back.contains(&id) => {}
                            Value::Function(unit, function) => self.handed_over(id, (*unit, *function)),
                            value => self.edge(id, value),
                        }
                    }
                }
                _ if renamed.contains(&id) => {}
                // A static import calls nothing.
                Expr::Member(object, _) if here.is_hidden_name(*object) => {}
                Expr::Name(..) | Expr::Member(..) | Expr::This(_) => {
                    self.named(id, &places);
                    if here.language == Language::Java {
                        match expr {
                            Expr::Name(name, _) => self.imported_constant(id, *name),
                            Expr::Member(object, _) => self.uses_class(id, *object),
                            _ => {}
                        }
                    }
                    if let Expr::Member(object, name) = expr {
                        self.member_of(id, *object, here.name(*name));
                        self.heirs_of(id, *object, here.name(*name));
                        self.inherited(id, *object);
                    }
                }
                Expr::Function(_) if places.given_back.contains(&id) => {}
                Expr::Function(function) if here.functions.get(*function as usize).is_some_and(|f| f.inline) => {
                    self.edge(id, &Value::Function(self.unit, *function));
                    self.passed(id, (self.unit, *function));
                    self.holds(id, &Value::Function(self.unit, *function));
                }
                Expr::Function(_) if places.bound.contains(&id) => {}
                Expr::Function(function) => self.holds(id, &Value::Function(self.unit, *function)),
                Expr::Struct(of, map) if here.language == Language::Go => self.outside_fields(*of, *map),
                // What decorates a class is handed it.
                Expr::Class(class) if here.language == Language::Python => {
                    self.edge(id, &Value::Class(self.unit, *class));
                }
                Expr::Index(object, key) => self.chosen(id, *object, *key),
                Expr::Call { callee, .. } if program.is_rust(self.unit) => self.makes_type(id, *callee),
                Expr::Call { callee, args, .. } => {
                    let callees = self.of.eval(self.unit, *callee);
                    if callees.is_empty() {
                        self.asked_by_name(*callee);
                    }
                    for value in callees.iter() {
                        // A name or member leads to functions by itself, as far as it does.
                        let is_named = matches!(here.expr(*callee), Expr::Name(..) | Expr::Member(..));
                        if !matches!(value, Value::Function(..)) || !is_named {
                            self.edge(*callee, value);
                        }
                        self.constructs(*callee, value);
                    }
                    match self.called_for(*callee) {
                        Some(known) => known.iter().for_each(|value| self.constructs(*callee, value)),
                        None => self.given_away(*callee, &callees, args),
                    }
                    self.gives(id, &places);
                }
                _ => {}
            }
        }
        self.registered_by_base();
        if here.language == Language::Java {
            self.initializers();
        }
        for (at, function) in here.functions.iter().enumerate() {
            function.decorators.iter().for_each(|decorator| self.decorates(*decorator, index(at)));
            // What decorates a method hardly ever hands it to somebody.
            let registers =
                function.class.is_none() && function.decorators.iter().any(|decorator| self.hands_on(*decorator));
            // Go runs `init` by itself.
            let by_itself = here.language == Language::Go && function.class.is_none() && &*function.name == "init";
            let is_component = |class: u32| here.classes.get(class as usize).is_some_and(|class| class.by_framework);
            let is_entered = function.is_entered && function.class.is_some_and(is_component);
            if registers || by_itself || is_entered {
                self.facts.edges.insert((function.parent, (self.unit, index(at))));
            }
            if let (Language::Java, Some(class)) = (here.language, function.class) {
                self.initializes(index(at), (self.unit, class), !function.is_static);
            }
            if let (Language::Java, "constructor", Some(class)) = (here.language, &*function.name, function.class) {
                self.constructs_above(index(at), (self.unit, class));
            }
        }
    }

    /// Functions in the fields of a package's struct: the package calls them (Go).
    fn outside_fields(&mut self, of: ExprId, map: ExprId) {
        let here = self.of.program.unit(self.unit);
        let Expr::Map(pairs) = here.expr(map) else { return };
        let inside = pairs.iter().filter(|pair| matches!(here.expr(pair.value), Expr::Function(_)));
        let inside: Vec<ExprId> = inside.map(|pair| pair.value).collect();
        let is_own = |value: &Value| matches!(value, Value::Class(..) | Value::Literal(..));
        if inside.is_empty() || self.of.eval(self.unit, of).iter().any(is_own) {
            return;
        }
        for function in inside {
            for value in self.of.eval(self.unit, function).iter() {
                self.edge(map, value);
            }
        }
    }

    /// What `Base.call(this, …)` calls for an object.
    fn called_for(&mut self, callee: ExprId) -> Option<Rc<[Value]>> {
        let here = self.of.program.unit(self.unit);
        let Expr::Member(object, name) = here.expr(callee) else { return None };
        if here.language != Language::JavaScript || !matches!(&**here.name(*name), "apply" | "bind" | "call") {
            return None;
        }
        let known = self.of.eval(self.unit, *object);
        known.iter().any(|value| matches!(value, Value::Class(..) | Value::Function(..))).then_some(known)
    }

    /// A name or member that leads to what it stands for, where that is not only kept or given back.
    fn named(&mut self, id: ExprId, places: &Places) {
        let program = self.of.program;
        let count = self.argument_count(id);
        let values = self.of.eval(self.unit, id);
        let follows = matches!(program.unit(self.unit).language, Language::JavaScript | Language::Python);
        let is_handed =
            follows && values.iter().any(|value| matches!(value, Value::Function(..))) && self.is_handed(id, 0);
        for value in values.iter() {
            let Value::Function(unit, function) = value else {
                self.edge(id, value);
                continue;
            };
            let function = (*unit, *function);
            if count.is_some_and(|count| !takes(program, function, count)) {
                continue;
            }
            let is_free = is_free(program, function);
            if !is_handed {
                self.holds(id, value);
            }
            if places.given_back.contains(&id) {
                continue;
            }
            if is_handed && is_free && !self.is_of_module(id) {
                self.handed_over(id, function);
                continue;
            }
            self.edge(id, value);
            if count.is_none() && !places.kept.contains(&id) {
                self.passed(id, function);
            }
        }
    }

    /// Whether a member is asked of a module, which names all that it gives out.
    fn is_of_module(&mut self, id: ExprId) -> bool {
        match self.of.program.unit(self.unit).expr(id) {
            Expr::Member(object, _) => self
                .of
                .eval(self.unit, *object)
                .iter()
                .any(|value| matches!(value, Value::Module(_) | Value::Package(_))),
            _ => false,
        }
    }

    /// `container.resolve(kind, 'name')()` calls what is kept under that name, where nothing else is known of it.
    fn asked_by_name(&mut self, callee: ExprId) {
        let program = self.of.program;
        let here = program.unit(self.unit);
        let Expr::Call { args, .. } = here.expr(callee) else { return };
        if program.is_typed(self.unit) {
            return;
        }
        let owner = self.owner(callee);
        for arg in args {
            if let Expr::Text(name) = here.expr(arg.value) {
                self.facts.asked.insert((owner, Asked::OfAny(name.clone(), "".into())));
            }
        }
    }

    /// Functions that an object holds under a name are reached where it is asked for them; `aside` takes the places that only
    /// store them.
    fn stored(&mut self, aside: &mut HashSet<ExprId>) {
        let program = self.of.program;
        let here = program.unit(self.unit);
        if here.language != Language::JavaScript {
            return;
        }
        for (at, expr) in here.exprs.iter().enumerate() {
            let Expr::Map(pairs) = expr else { continue };
            let owner = self.owner(index(at));
            for (key, value) in pairs.iter().filter_map(|pair| Some((pair.key?, pair.value))) {
                match here.expr(value) {
                    Expr::Name(..) => aside.insert(value),
                    Expr::Function(_) | Expr::Call { .. } => false,
                    _ => continue,
                };
                for value in self.of.eval(self.unit, value).iter() {
                    if let Value::Function(unit, function) = value {
                        self.facts.stored.insert((owner, here.name(key).clone(), (*unit, *function)));
                    }
                }
            }
        }
    }

    /// A method of an object that is chosen at run time and called: any of them may be.
    fn chosen(&mut self, at: ExprId, object: ExprId, key: ExprId) {
        let program = self.of.program;
        let here = program.unit(self.unit);
        let is_called = |parent: ExprId| matches!(here.expr(parent), Expr::Call { callee, .. } if *callee == at);
        if program.is_typed(self.unit) || !here.parent(at).is_some_and(is_called) {
            return;
        }
        if matches!(text(&self.of.eval(self.unit, key)), Text::Literal(_)) {
            return;
        }
        let owner = self.owner(at);
        for value in self.of.eval(self.unit, object).iter().filter(|value| matches!(value, Value::Instance(..))) {
            self.all_methods(owner, value);
        }
    }

    /// How many arguments what is named is called with, where it is.
    fn argument_count(&self, id: ExprId) -> Option<usize> {
        let here = self.of.program.unit(self.unit);
        match here.expr(here.parent(id)?) {
            Expr::Call { callee, args, .. } if *callee == id => Some(args.len()),
            _ => None,
        }
    }

    /// Functions that middy and other wrappers are handed: they run where its result is called, and what they give back
    /// is called then, too.
    fn wrapped(&mut self) -> HashSet<ExprId> {
        let program = self.of.program;
        let here = program.unit(self.unit);
        let mut found = HashSet::new();
        let knows = here.imports.iter().any(|import| matches!(&*import.module, "@middy/core" | "middy"));
        let wraps = |value: &Value| matches!(value, Value::Outside(path) if matches!(path.split('.').next(), Some("@middy/core" | "middy")));
        for call in &here.calls {
            let Expr::Call { callee, args, .. } = here.expr(*call) else { continue };
            let is_handler = program.wrapping.contains(&(self.unit, *call));
            if !(is_handler || knows && self.of.eval(self.unit, *callee).iter().any(wraps)) {
                continue;
            }
            for arg in args {
                found.insert(arg.value);
                for value in self.of.eval(self.unit, arg.value).iter().filter(|_| is_handler) {
                    let Value::Function(unit, function) = value else { continue };
                    let given = self.given_by((*unit, *function));
                    let of = if *unit == self.unit { *function } else { self.owner(*call) };
                    self.facts.edges.extend(given.into_iter().map(|given| (of, given)));
                }
            }
        }
        found
    }

    pub(super) fn edge(&mut self, from: ExprId, to: &Value) {
        let owner = self.owner(from);
        let program = self.of.program;
        match to {
            Value::Function(unit, function) if self.is_left_to_heir(from, (*unit, *function)) => {}
            Value::Function(unit, function) => {
                let edges =
                    if self.of_heir(from, (*unit, *function)) { &mut self.facts.heirs } else { &mut self.facts.edges };
                edges.insert((owner, (*unit, *function)));
                self.declared_only(from, (*unit, *function));
            }
            Value::Class(unit, class) | Value::Instance(unit, class) if !program.is_typed(self.unit) => {
                self.facts.alive.insert((owner, (*unit, *class)));
                if self.extends_outside((*unit, *class)) {
                    self.all_methods(owner, to);
                }
            }
            _ => {}
        }
    }

    /// A method that a class from outside brings: it calls what its heirs put in the place of its other methods (Java).
    fn inherited(&mut self, member: ExprId, object: ExprId) {
        let program = self.of.program;
        let is_java = program.is_java(self.unit);
        if !is_java || self.of.is_field(self.unit, member) || !self.of.eval(self.unit, member).is_empty() {
            return;
        }
        for value in self.of.eval(self.unit, object).iter() {
            self.calls_back(member, value);
        }
    }

    /// What is handed to code outside of the project, which may call what stands in the place of its own methods (Java).
    pub(super) fn calls_back(&mut self, at: ExprId, value: &Value) {
        let owner = self.owner(at);
        match value {
            Value::Instance(unit, class) => {
                let methods = self.of.called_back((*unit, *class));
                self.facts.edges.extend(methods.into_iter().map(|method| (owner, method)));
            }
            Value::Object(object) => {
                if let Object::Holder(held) = &**object {
                    held.iter().filter(|value| !value.is_holder()).for_each(|value| self.calls_back(at, value));
                }
            }
            _ => {}
        }
    }

    /// A method of an interface that is not known to stand for one: whoever calls it calls what is not seen.
    fn declared_only(&mut self, from: ExprId, (unit, function): (UnitId, FunctionId)) {
        let program = self.of.program;
        let there = program.unit(unit);
        let Some(declared) = there.functions.get(function as usize).filter(|function| function.bodyless) else {
            return;
        };
        let Some(class) = declared.class.filter(|_| !self.leads_on(from, &declared.name)) else { return };
        // A component of Dagger is made of what it declares.
        if program.class((unit, class)).is_some_and(|class| class.is_interface && class.by_framework) {
            return;
        }
        let behind = program.behind.get(&(unit, class)).map_or(&[][..], Vec::as_slice);
        if behind.is_empty() {
            let name = program.class((unit, class)).and_then(|class| class.name).map(|name| there.name(name).clone());
            let name = name.unwrap_or_default();
            return self.hide(format!("what stands behind the interface {name} is not in the project").into(), from);
        }
        let owner = self.owner(from);
        for (unit, class) in behind {
            for value in self.of.class_member(*unit, *class, &declared.name) {
                if let Value::Function(unit, function) = value {
                    self.facts.perhaps.insert((owner, from, (unit, function)));
                }
            }
        }
    }

    /// Whether a method's name leads to one that has a body.
    fn leads_on(&mut self, from: ExprId, name: &str) -> bool {
        let program = self.of.program;
        self.of.eval(self.unit, from).iter().any(|value| match value {
            Value::Function(unit, function) => {
                let function = program.unit(*unit).functions.get(*function as usize);
                function.is_some_and(|function| !function.bodyless && &*function.name == name)
            }
            _ => false,
        })
    }

    /// Whether a method that a name leads to is of a class below the one that it is asked of: it is called where an object
    /// of that class is about.
    fn is_left_to_heir(&mut self, from: ExprId, to: (UnitId, FunctionId)) -> bool {
        let program = self.of.program;
        let Expr::Member(object, _) = program.unit(self.unit).expr(from) else { return false };
        let Some(class) = class_of(program, to).filter(|_| !program.is_typed(self.unit)) else { return false };
        let objects = self.of.eval(self.unit, *object);
        let mut above = objects.iter().filter_map(|value| match value {
            Value::Instance(unit, class) | Value::Class(unit, class) => Some((*unit, *class)),
            _ => None,
        });
        // It may be asked of several at once, of which one has it.
        let below = heirs(program, class);
        let leads = |of: ClassKey| of == class || below.contains(&of);
        let asked: Vec<ClassKey> = above.by_ref().collect();
        !asked.iter().any(|of| leads(*of)) && asked.iter().any(|of| heirs(program, *of).contains(&class))
    }

    /// Making an instance of a class runs its constructors.
    pub(super) fn constructs(&mut self, from: ExprId, of: &Value) {
        let Value::Class(unit, class) = of else { return };
        let there = self.of.program.unit(*unit);
        if there.language == Language::JavaScript {
            let made = self.of.constructors_of((*unit, *class)).into_iter();
            let owner = self.owner(from);
            return self.facts.edges.extend(made.map(|method| (owner, method)));
        }
        let methods = there.find("constructor").and_then(|name| there.classes.get(*class as usize)?.methods.get(&name));
        let owner = self.owner(from);
        self.facts.edges.extend(methods.into_iter().flatten().map(|method| (owner, (*unit, *method))));
        self.initializes(owner, (*unit, *class), true);
        if methods.is_none() && there.language == Language::Java {
            self.constructs_above(owner, (*unit, *class));
        }
    }

    /// Classes that a framework is handed to make objects of, and to call their methods: resources of JAX-RS, factories
    /// and bindings of HK2 and Guice.
    pub(super) fn registered(&mut self, callee: ExprId, args: &[Arg]) {
        const CALLED: &[&str] = &["bindFactory", "register", "registerClasses", "toProvider"];
        const MADE: &[&str] = &["bind", "bindAsContract", "to", "getInstance", "getBean"];
        let program = self.of.program;
        let here = program.unit(self.unit);
        let Expr::Member(_, name) = here.expr(callee) else { return };
        let name = &**here.name(*name);
        let is_called = CALLED.contains(&name);
        if !is_called && !MADE.contains(&name) {
            return;
        }
        let is_own = |value: &Value| matches!(value, Value::Function(..));
        if self.of.eval(self.unit, callee).iter().any(is_own) {
            return;
        }
        let owner = self.owner(callee);
        for arg in args {
            for value in self.of.eval(self.unit, arg.value).iter() {
                let Value::Class(unit, class) = value else { continue };
                self.facts.made.insert((owner, program.whole((*unit, *class))));
                self.facts.registered.insert(program.whole((*unit, *class)));
                self.constructs(callee, value);
                if is_called {
                    self.all_methods(owner, value);
                }
            }
        }
    }

    /// Leads to all methods of a class or an instance; in Go to those that others can name.
    pub(super) fn all_methods(&mut self, owner: FunctionId, of: &Value) {
        let (Value::Class(unit, class) | Value::Instance(unit, class)) = of else { return };
        let program = self.of.program;
        for key in program.parts_of((*unit, *class)) {
            let (Some(class), there) = (program.class(key), program.unit(key.0)) else { continue };
            let is_hidden =
                |name: &Sym| there.language == Language::Go && there.name(*name).starts_with(char::is_lowercase);
            let methods = class.methods.iter().filter(|(name, _)| !is_hidden(name)).flat_map(|(_, methods)| methods);
            self.facts.edges.extend(methods.map(|method| (owner, (key.0, *method))));
        }
    }

    /// Objects whose methods are looked up by name when it runs (Go).
    pub(super) fn reflected(&mut self, callees: &[Value], args: &[Arg]) {
        const LOOKED_UP: &[&str] = &["MethodByName", "NumMethod"];
        let here = self.of.program.unit(self.unit);
        let reflects = |value: &Value| matches!(value, Value::Outside(path) if &**path == "reflect.ValueOf");
        if here.language != Language::Go
            || !callees.iter().any(reflects)
            || !LOOKED_UP.iter().any(|name| here.find(name).is_some())
        {
            return;
        }
        for arg in args {
            for value in self.of.eval(self.unit, arg.value).iter().filter(|value| matches!(value, Value::Instance(..)))
            {
                self.all_methods(self.owner(arg.value), value);
            }
        }
    }

    /// Whether a decorator hands the function to something that calls it: a route, a task, an event.
    pub(super) fn registers(&self, decorator: ExprId) -> bool {
        const TRANSPARENT: &[&str] = &[
            "inject_lambda_context",
            "capture_lambda_handler",
            "capture_method",
            "log_metrics",
            "staticmethod",
            "classmethod",
            "property",
            "lru_cache",
            "cache",
            "wraps",
            "idempotent",
            "event_source",
            "event_parser",
            "logger_inject_lambda_context",
            "validator",
            "metric_scope",
            "on_exception",
            "on_predicate",
            "retry",
            "contextmanager",
            "overload",
            "injectLambdaContext",
            "Logging",
        ];
        let here = self.of.program.unit(self.unit);
        let named = match here.expr(decorator) {
            Expr::Call { callee, .. } => here.expr(*callee),
            other => other,
        };
        match named {
            Expr::Member(_, name) | Expr::Name(name, _) => !TRANSPARENT.contains(&&**here.name(*name)),
            _ => true,
        }
    }
}

/// Functions that a variable of a Go package is another name of: they are called where it is (`var load = fetch`).
fn renamed(here: &Unit) -> HashSet<ExprId> {
    let top = here.scopes.first().filter(|_| here.language == Language::Go);
    let bindings = top.into_iter().flat_map(|scope| scope.names.values()).flatten();
    let value = |binding: &Binding| match binding {
        Binding::Value(value) => Some(*value),
        _ => None,
    };
    bindings.filter_map(value).filter(|value| matches!(here.expr(*value), Expr::Name(..) | Expr::Member(..))).collect()
}
