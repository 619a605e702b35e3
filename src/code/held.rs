//! What is inside of others: elements and keys of literals, what holders of Java hold, and what lambdas that go to them
//! are handed.

use super::evaluate::Evaluator;
use super::program::ClassKey;
use super::unit::{Expr, ExprId, Sym};
use super::value::{Object, UnitId, Value, texts};
use crate::model::{Language, Text};
use std::collections::HashSet;

impl Evaluator<'_> {
    /// What `object[index]` stands for.
    pub(super) fn index(&mut self, unit: UnitId, object: ExprId, index: ExprId) -> Vec<Value> {
        let keys = texts(&self.eval(unit, index));
        let objects = self.eval(unit, object);
        let mut found = Vec::new();
        if self.program.unit(unit).language == Language::Go {
            for key in &keys {
                found.extend(self.looked_up(&objects, key));
            }
        }
        for (value, key) in objects.iter().flat_map(|value| keys.iter().map(move |key| (value, key))) {
            match (value, key) {
                (Value::Outside(path), Text::Literal(key)) if (self.outside.is_environment)(path) => {
                    found.push(Value::Text(Text::Environment(key.clone())));
                }
                (Value::Literal(unit, _), _) if self.program.unit(*unit).language == Language::Go => {}
                // Type arguments: `Save[Order]`.
                (Value::Function(unit, _) | Value::Class(unit, _), _)
                    if self.program.unit(*unit).language == Language::Go =>
                {
                    found.push(value.clone());
                }
                // `new lib['GetItemCommand']()`
                (Value::Outside(_), Text::Literal(key)) if self.program.unit(unit).language == Language::JavaScript => {
                    found.extend(self.member(value, key));
                }
                (Value::Literal(unit, expr), Text::Literal(key)) => match self.program.unit(*unit).expr(*expr) {
                    Expr::List(items) => {
                        let item = key.parse::<usize>().ok().and_then(|at| items.get(at));
                        found.extend(item.into_iter().flat_map(|item| self.eval(*unit, *item).to_vec()));
                    }
                    _ => found.extend(self.key(*unit, *expr, key)),
                },
                (Value::Object(object), _) if matches!(**object, Object::Holder(_)) => {
                    found.extend(self.element(value))
                }
                (Value::Literal(unit, expr), _) if self.program.unit(*unit).language == Language::Rust => {
                    found.extend(self.element(&Value::Literal(*unit, *expr)));
                }
                // A registry: which entry is meant is known only when it runs.
                (Value::Literal(unit, expr), Text::Unknown | Text::Environment(_) | Text::Prefix(_))
                    if !self.program.is_typed(*unit) =>
                {
                    let Expr::Map(pairs) = self.program.unit(*unit).expr(*expr) else { continue };
                    let put = self.program.kept.get(&(*unit, *expr)).into_iter().flatten().map(|(_, value)| *value);
                    let written = pairs.iter().filter(|pair| !pair.spread).map(|pair| (*unit, pair.value));
                    for (unit, value) in written.chain(put).collect::<Vec<_>>() {
                        let values = self.eval(unit, value);
                        let mut acting: Vec<Value> =
                            values.iter().filter(|value| value.can_act() || value.is_client()).cloned().collect();
                        // `require` gives what a module exports as a whole, which says more than the module.
                        if acting.iter().any(|value| !matches!(value, Value::Module(_))) {
                            acting.retain(|value| !matches!(value, Value::Module(_)));
                        }
                        found.extend(acting);
                    }
                }
                (Value::Module(module), Text::Unknown | Text::Environment(_)) if !self.program.is_typed(*module) => {
                    found.extend(self.all_exports(*module));
                }
                (Value::Module(module), Text::Prefix(begin)) if !self.program.is_typed(*module) => {
                    let all = self.all_exports(*module);
                    found.extend(all.into_iter().filter(|value| self.is_named(value, begin)));
                }
                (Value::Instance(..) | Value::Module(_), Text::Literal(key)) => found.extend(self.member(value, key)),
                (Value::Object(object), Text::Literal(key)) if matches!(**object, Object::Client { .. }) => {
                    found.extend(self.member(value, key));
                }
                _ => {}
            }
        }
        found
    }

    /// What lists and maps hold at an index or key, or all that may be meant (Go).
    pub(super) fn looked_up(&mut self, objects: &[Value], key: &Text) -> Vec<Value> {
        let mut found = Vec::new();
        for value in objects {
            let Value::Literal(unit, literal) = value else { continue };
            let here = self.program.unit(*unit);
            let (known, others): (Vec<ExprId>, Vec<ExprId>) = match here.expr(*literal) {
                Expr::List(items) => {
                    let at = if let Text::Literal(key) = key { key.parse::<usize>().ok() } else { None };
                    (at.and_then(|at| items.get(at)).copied().into_iter().collect(), items.to_vec())
                }
                Expr::Map(pairs) => {
                    let means = |sym: Sym| matches!(key, Text::Literal(key) if key == here.name(sym));
                    let known = pairs.iter().filter(|pair| pair.key.is_some_and(means)).map(|pair| pair.value);
                    let is_known = matches!(key, Text::Literal(_));
                    let others = pairs.iter().filter(|pair| !is_known || pair.key.is_none());
                    (known.collect(), others.map(|pair| pair.value).collect())
                }
                _ => continue,
            };
            self.memo.spend(others.len() / 8);
            let meant = if known.is_empty() { others } else { known };
            found.extend(meant.into_iter().map(|expr| (*unit, expr)));
        }
        self.all_of(&found)
    }

    /// What the only name that ranges over something is: an element of a channel, else an index or key (Go).
    pub(super) fn received(&mut self, unit: UnitId, of: ExprId) -> Vec<Value> {
        let mut elements = Vec::new();
        for value in self.eval(unit, of).iter() {
            if let Value::Literal(unit, literal) = value
                && let Expr::Channel(element) = self.program.unit(*unit).expr(*literal)
            {
                elements.push((*unit, *element));
            }
        }
        elements.into_iter().flat_map(|(unit, element)| self.eval(unit, element).to_vec()).collect()
    }

    /// All that a module gives out and that can do something.
    pub(super) fn all_exports(&mut self, module: UnitId) -> Vec<Value> {
        let there = self.program.unit(module);
        if there.language == Language::Python {
            return self.declared(module);
        }
        let mut values: Vec<ExprId> = there.exports.values().flatten().copied().collect();
        values.sort_unstable();
        let mut found: Vec<Value> = values.iter().flat_map(|value| self.eval(module, *value).to_vec()).collect();
        for whole in &there.export_all {
            for value in self.eval(module, *whole).iter() {
                if let Value::Literal(unit, map) = value
                    && let Expr::Map(pairs) = self.program.unit(*unit).expr(*map)
                {
                    let pairs = pairs.iter().filter(|pair| !pair.spread);
                    found.extend(pairs.flat_map(|pair| self.eval(*unit, pair.value).to_vec()));
                }
            }
        }
        found.retain(Value::can_act);
        found
    }

    /// What a thing gives one by one.
    pub(super) fn element(&mut self, value: &Value) -> Vec<Value> {
        match value {
            Value::Literal(unit, expr) => match self.program.unit(*unit).expr(*expr) {
                Expr::List(items) => items.iter().flat_map(|item| self.eval(*unit, *item).to_vec()).collect(),
                Expr::Call { .. } => self.elements_of_call(*unit, *expr),
                Expr::Channel(of) => self.eval(*unit, *of).to_vec(),
                Expr::Map(pairs) if self.program.unit(*unit).language == Language::Go => {
                    pairs.iter().flat_map(|pair| self.eval(*unit, pair.value).to_vec()).collect()
                }
                Expr::Map(pairs) => pairs
                    .iter()
                    .filter_map(|pair| pair.key)
                    .map(|key| Value::Text(Text::Literal(self.program.unit(*unit).name(key).clone())))
                    .collect(),
                _ => Vec::new(),
            },
            Value::Object(object) => match &**object {
                Object::Holder(held) => held.to_vec(),
                object => (self.outside.element)(object).into_iter().collect(),
            },
            // The values of a map are not told apart from the sequence of them.
            Value::Class(unit, _) | Value::Instance(unit, _) | Value::Function(unit, _)
                if !self.program.is_typed(*unit) =>
            {
                vec![value.clone()]
            }
            // What sequences are mapped to is not told apart from its elements.
            Value::Instance(unit, _) if self.program.unit(*unit).language == Language::Rust => vec![value.clone()],
            _ => Vec::new(),
        }
    }

    /// What is in the list of a call's arguments; what `append` is given first is a list itself, and so is what it is given
    /// with dots.
    fn elements_of_call(&mut self, unit: UnitId, call: ExprId) -> Vec<Value> {
        let program = self.program;
        let mut found = Vec::new();
        let mut open = vec![(unit, call)];
        let mut seen = HashSet::new();
        while let Some((unit, list)) = open.pop() {
            if !seen.insert((unit, list)) {
                continue;
            }
            let Expr::Call { callee, args, .. } = program.unit(unit).expr(list) else {
                if let Expr::List(items) = program.unit(unit).expr(list) {
                    found.extend(items.iter().flat_map(|item| self.eval(unit, *item).to_vec()));
                }
                continue;
            };
            let appends = matches!(&*self.eval(unit, *callee), [Value::Outside(path)] if &**path == "builtins.append");
            for arg in args.iter().skip(usize::from(appends)) {
                for value in self.eval(unit, arg.value).iter() {
                    match value {
                        Value::Literal(unit, list) if arg.spread => open.push((*unit, *list)),
                        value => found.push(value.clone()),
                    }
                }
            }
        }
        found
    }

    /// What something holds, where it holds others (Java).
    pub(super) fn held(&mut self, value: &Value) -> Option<Vec<Value>> {
        match value {
            Value::Object(object) => match &**object {
                Object::Holder(held) => Some(held.to_vec()),
                _ => None,
            },
            // The arguments that a parameter takes as a whole.
            Value::Literal(unit, _) if self.program.is_java(*unit) => Some(self.element(value)),
            _ => None,
        }
    }

    /// What a lambda is handed by the holder whose method takes it: `orders.forEach(order -> …)`.
    pub(super) fn handed_on(&mut self, unit: UnitId, call: ExprId) -> Vec<Value> {
        let here = self.program.unit(unit);
        let Expr::Call { callee, .. } = here.expr(call) else { return Vec::new() };
        let Expr::Member(object, _) = here.expr(*callee) else { return Vec::new() };
        let objects = self.eval(unit, *object);
        objects.iter().filter_map(|object| self.held(object)).flatten().collect()
    }

    /// What a function that is given as an argument gives back.
    pub(super) fn given_back(&mut self, unit: UnitId, function: ExprId) -> Vec<Value> {
        let functions = self.eval(unit, function);
        let mut found = Vec::new();
        for value in functions.iter() {
            found.extend(match value {
                Value::Function(unit, function) => self.returned(*unit, *function),
                Value::Class(unit, class) => vec![Value::Instance(*unit, *class)],
                Value::Method(..) => (self.outside.call)(self, (unit, function, &[]), value),
                _ => Vec::new(),
            });
        }
        found
    }

    /// Whether a member is read as a field, not called or passed on as a method (Java).
    pub(super) fn is_field(&self, unit: UnitId, member: ExprId) -> bool {
        let here = self.program.unit(unit);
        if here.language != Language::Java || self.program.source(unit, member).contains("::") {
            return false;
        }
        let is_called = |parent: ExprId| matches!(here.expr(parent), Expr::Call { callee, .. } if *callee == member);
        !here.parent(member).is_some_and(is_called)
    }

    /// The class inside another that a name means (`Outer.Inner` of Java).
    pub(super) fn inner_class(&mut self, unit: UnitId, name: &str) -> Vec<Value> {
        if !self.program.is_java(unit) || !name.starts_with(|one: char| one.is_ascii_uppercase()) {
            return Vec::new();
        }
        let mut found = self.export(unit, name);
        found.retain(|value| matches!(value, Value::Class(..)));
        found
    }

    /// What a class that is generated for one of the project's gives: whatever is asked of it in between, in the end an
    /// object of that one. Dagger makes `DaggerShop` of the component `Shop`, Immutables `ImmutableShop`.
    pub(super) fn generated(&mut self, module: UnitId, name: &str) -> Vec<Value> {
        if !self.program.is_java(module) {
            return Vec::new();
        }
        let Some(of) = generated_for(name) else { return Vec::new() };
        let classes = self.export(module, of);
        let made = classes.iter().filter_map(|class| match class {
            Value::Class(unit, class) => Some(Value::Instance(*unit, *class)),
            _ => None,
        });
        made.map(|made| Value::holder(vec![made])).collect()
    }

    /// The methods of a class that stand in the place of methods from outside of the project, which may call them (Java).
    pub(super) fn called_back(&mut self, class: ClassKey) -> Vec<(UnitId, u32)> {
        let program = self.program;
        let mut chain = Vec::new();
        if !self.chain(class, 0, &mut chain) {
            return Vec::new();
        }
        let is_declared = |at: usize, name: &str, count: usize| {
            chain.iter().skip(at + 1).any(|above| {
                program.unit(above.0).find(name).and_then(|sym| program.class(*above)?.methods.get(&sym)).is_some_and(
                    |methods| {
                        let mut same =
                            methods.iter().filter_map(|one| program.unit(above.0).functions.get(*one as usize));
                        same.any(|one| one.params.len() == count && !one.overrides)
                    },
                )
            })
        };
        let mut found = Vec::new();
        for (at, (unit, class)) in chain.iter().enumerate() {
            let there = program.unit(*unit);
            let methods: Vec<u32> = program
                .class((*unit, *class))
                .into_iter()
                .flat_map(|class| class.methods.values().flatten())
                .copied()
                .collect();
            let says_so = methods.iter().any(|method| there.functions[*method as usize].overrides);
            for method in methods {
                let function = &there.functions[method as usize];
                let may =
                    if says_so { function.overrides } else { !function.is_own && &*function.name != "constructor" };
                if may && !function.bodyless && !is_declared(at, &function.name, function.params.len()) {
                    found.push((*unit, method));
                }
            }
        }
        found
    }

    /// The class from outside of the project that one extends.
    pub(super) fn outside_base(&mut self, class: ClassKey) -> Option<std::sync::Arc<str>> {
        self.above(class).outside.iter().find_map(|value| match value {
            Value::Outside(path) => Some(path.clone()),
            _ => None,
        })
    }

    /// A class and those above it, nearest first; whether one of them is not the project's.
    fn chain(&mut self, class: ClassKey, depth: u32, found: &mut Vec<ClassKey>) -> bool {
        let program = self.program;
        if depth > 8 || found.contains(&class) {
            return false;
        }
        found.push(class);
        let mut leaves = false;
        for base in program.class(class).map_or(&[][..], |class| &class.bases) {
            let values = self.eval(class.0, *base);
            leaves |= values.is_empty();
            for value in values.iter() {
                leaves |= match value {
                    Value::Class(unit, class) => self.chain((*unit, *class), depth + 1, found),
                    Value::Outside(path) => &**path != "java.io.Serializable",
                    _ => false,
                };
            }
        }
        leaves
    }
}

/// The class that another is generated for, by its name.
pub(super) fn generated_for(name: &str) -> Option<&str> {
    let of = ["Dagger", "Immutable"].iter().find_map(|prefix| name.strip_prefix(prefix))?;
    let of = of.rsplit('_').next().unwrap_or(of);
    of.starts_with(|first: char| first.is_ascii_uppercase()).then_some(of)
}
