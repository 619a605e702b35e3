//! Module instances and the state of one evaluation: what is memoised, what is counted, what was met.

use super::super::Context;
use super::module::{self, Module};
use super::value::{Kind, MapEntry, Value};
use crate::model::Presence;
use crate::source::{Problem, ProblemKind, Span};
use crate::syntax::UnknownKind;
use crate::syntax::hcl::{Block, Expr};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

/// The number of evaluation steps of one project.
const MAX_STEPS: u32 = 1_000_000;

/// How deep evaluation goes, through expressions, variables, locals and modules together.
const MAX_DEPTH: u32 = 160;

/// One evaluation of a root module and everything that it calls.
pub(super) struct World<'a> {
    pub(super) context: Context<'a>,
    /// The root module's folder.
    pub(super) root: Arc<str>,
    /// Evaluates an expression; held here so that what an expression refers to can be evaluated by those who find it.
    evaluate: Evaluate,
    /// Values for the root's variables, from files beside it.
    pub(super) values: HashMap<Arc<str>, Arc<Expr>>,
    /// The folders of downloaded modules, by the path of their calls.
    pub(super) downloaded: HashMap<String, String>,
    modules: RefCell<HashMap<String, Option<Rc<Module>>>>,
    problems: RefCell<Vec<Problem>>,
    steps: Cell<u32>,
    remote: RefCell<Vec<(Span, Arc<str>)>>,
}

/// The function that gives an expression's value.
pub(super) type Evaluate = for<'w> fn(&Expr, &Scope<'w>) -> Value;

/// What an expression can see.
#[derive(Clone)]
pub(super) struct Scope<'w> {
    pub(super) world: &'w World<'w>,
    pub(super) instance: Rc<Instance>,
    pub(super) frame: Frame,
    /// Whether a template is being filled, which may hold no other.
    pub(super) template: bool,
    depth: u32,
}

/// One module as it is called from one place.
pub(super) struct Instance {
    pub(super) module: Rc<Module>,
    /// What stands before the addresses of its resources: `module.x["k"].`; empty for the root.
    pub(super) prefix: Arc<str>,
    /// The names of the calls that led here, `a.b`; empty for the root.
    pub(super) path: String,
    /// The call that it comes from.
    pub(super) caller: Option<Caller>,
    pub(super) presence: Presence,
    /// The calls that led here, outermost first.
    pub(super) calls: Vec<(Span, String)>,
    /// Values that were computed; `None` while one is being computed.
    pub(super) memo: RefCell<HashMap<String, Option<Value>>>,
    /// The copies of each resource.
    pub(super) copies: RefCell<HashMap<String, Rc<Copies>>>,
    /// The instances of each module call, in the order of its copies.
    pub(super) children: RefCell<HashMap<Arc<str>, Children>>,
}

/// The instances of one module call, in the order of its copies.
pub(super) type Children = Rc<Vec<Rc<Instance>>>;

/// Where a module is called.
pub(super) struct Caller {
    pub(super) instance: Rc<Instance>,
    pub(super) block: Arc<Block>,
    pub(super) frame: Frame,
}

/// The names that stand before variables and resources: loop variables, `each`, `count`.
#[derive(Clone, Default)]
pub(super) struct Frame(Option<Rc<Link>>);

struct Link {
    name: Arc<str>,
    value: Value,
    next: Frame,
}

/// What `count` or `for_each` makes of a block.
#[derive(Debug, Default)]
pub(super) struct Copies {
    pub(super) shape: Shape,
    pub(super) items: Vec<Copy>,
}

/// How the copies are addressed.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) enum Shape {
    /// No `count` and no `for_each`.
    #[default]
    Single,
    /// By number.
    Count,
    /// By key.
    Each,
    /// The number or the keys are not known: one copy stands for all.
    Symbolic,
}

/// One copy.
#[derive(Debug)]
pub(super) struct Copy {
    /// `[0]`, `["k"]` or nothing.
    pub(super) suffix: String,
    /// The key of a copy by `for_each`.
    pub(super) key: Arc<str>,
    /// `count` or `each` and its value.
    pub(super) binding: Option<(Arc<str>, Value)>,
    pub(super) presence: Presence,
}

impl<'a> World<'a> {
    pub(super) fn new(context: Context<'a>, root: &str, evaluate: Evaluate) -> Self {
        let (values, problems) = module::values(&context, root);
        Self {
            context,
            root: root.into(),
            evaluate,
            values,
            downloaded: module::downloaded(&context, root),
            modules: RefCell::default(),
            problems: RefCell::new(problems),
            steps: Cell::new(0),
            remote: RefCell::default(),
        }
    }

    /// Counts one step; `false` once the bound is reached, which is one problem.
    pub(super) fn step(&self) -> bool {
        let steps = self.steps.get().saturating_add(1);
        self.steps.set(steps);
        if steps == MAX_STEPS {
            let message = "evaluation stopped after a million steps; what comes after is unknown";
            self.problem(Problem::of_file(ProblemKind::Limit, &self.root, message));
        }
        steps < MAX_STEPS
    }

    pub(super) fn problem(&self, problem: Problem) {
        self.problems.borrow_mut().push(problem);
    }

    /// Notes a module whose source lies outside the repository.
    pub(super) fn note_remote(&self, span: Span, source: &str) {
        let mut remote = self.remote.borrow_mut();
        if !remote.iter().any(|(known, _)| *known == span) {
            remote.push((span, source.into()));
        }
    }

    /// Everything that was met, each once, in the order of path and line.
    pub(super) fn into_problems(self) -> Vec<Problem> {
        let mut problems = self.problems.into_inner();
        for (span, source) in self.remote.into_inner() {
            let message = format!(
                "module `{source}` lies outside the repository and is not downloaded (`terraform init`); what it holds was not read"
            );
            problems.push(Problem::at(ProblemKind::Coverage, &self.context.sources.location(span), message));
        }
        problems.sort();
        problems.dedup();
        problems
    }

    /// The module in a folder, read once.
    pub(super) fn module(&self, folder: &str) -> Option<Rc<Module>> {
        if let Some(known) = self.modules.borrow().get(folder) {
            return known.clone();
        }
        let (module, problems) = module::load(&self.context, folder);
        self.problems.borrow_mut().extend(problems);
        let module = module.map(Rc::new);
        self.modules.borrow_mut().insert(folder.to_owned(), module.clone());
        module
    }

    /// The text of a span, on one line and cut after 80 characters, for reasons.
    pub(super) fn excerpt(&self, span: Span) -> Arc<str> {
        let file = self.context.sources.get(span.file);
        let text = file.text.get(span.range()).unwrap_or_default();
        let words: Vec<&str> = text.split_whitespace().collect();
        let line = words.join(" ");
        match line.char_indices().nth(80) {
            Some((at, _)) => format!("{}…", &line[..at]).into(),
            None => line.into(),
        }
    }
}

impl<'w> Scope<'w> {
    /// What a module's own expressions see.
    pub(super) fn new(world: &'w World<'w>, instance: Rc<Instance>) -> Self {
        Self { world, instance, frame: Frame::default(), template: false, depth: 0 }
    }

    /// The value of an expression; unknown where a bound is reached.
    pub(super) fn eval(&self, expr: &Expr) -> Value {
        if self.depth >= MAX_DEPTH || !self.world.step() {
            return Value::unknown(UnknownKind::Limit, self.world.excerpt(expr.span), expr.span);
        }
        let deeper = Self { depth: self.depth + 1, ..self.clone() };
        (self.world.evaluate)(expr, &deeper)
    }

    /// The same with another frame.
    #[must_use]
    pub(super) fn with_frame(&self, frame: Frame) -> Self {
        Self { frame, ..self.clone() }
    }

    /// What a template sees that is given the names of a frame.
    pub(super) fn in_template(&self, frame: Frame) -> Self {
        Self { frame, template: true, ..self.clone() }
    }

    /// The same with one more name.
    #[must_use]
    pub(super) fn with(&self, name: Arc<str>, value: Value) -> Self {
        self.with_frame(self.frame.with(name, value))
    }

    /// What another instance's expressions see, as deep as here.
    #[must_use]
    pub(super) fn inside(&self, instance: Rc<Instance>, frame: Frame) -> Self {
        Self { world: self.world, instance, frame, template: false, depth: self.depth + 1 }
    }

    /// The memoised value under a key, computed on first use; a value that needs itself is a cycle.
    pub(super) fn memoised(&self, key: String, span: Span, compute: impl FnOnce() -> Value) -> Value {
        if let Some(known) = self.instance.memo.borrow().get(&key) {
            return known.clone().unwrap_or_else(|| Value::unknown(UnknownKind::Cycle, key.as_str(), span));
        }
        self.instance.memo.borrow_mut().insert(key.clone(), None);
        let value = compute();
        self.instance.memo.borrow_mut().insert(key, Some(value.clone()));
        value
    }
}

impl Instance {
    pub(super) fn new(module: Rc<Module>, prefix: Arc<str>) -> Self {
        Self {
            module,
            prefix,
            path: String::new(),
            caller: None,
            presence: Presence::Always,
            calls: Vec::new(),
            memo: RefCell::default(),
            copies: RefCell::default(),
            children: RefCell::default(),
        }
    }

    /// The number of calls between the root and here.
    pub(super) fn depth(&self) -> usize {
        self.calls.len()
    }

    /// Whether this module or one that led to it lies in a folder: Terraform refuses a module that holds itself.
    pub(super) fn is_inside(&self, folder: &str) -> bool {
        let outer = self.caller.as_ref().map(|caller| &caller.instance);
        *self.module.folder == *folder || outer.is_some_and(|instance| instance.is_inside(folder))
    }
}

impl Frame {
    #[must_use]
    pub(super) fn with(&self, name: Arc<str>, value: Value) -> Self {
        Self(Some(Rc::new(Link { name, value, next: self.clone() })))
    }

    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        let mut link = self.0.as_deref();
        while let Some(Link { name: known, value, next }) = link {
            if &**known == name {
                return Some(value);
            }
            link = next.0.as_deref();
        }
        None
    }
}

impl Copies {
    /// The only copy of a block without `count` and `for_each`.
    pub(super) fn single() -> Self {
        let copy = Copy { suffix: String::new(), key: "".into(), binding: None, presence: Presence::Always };
        Self { shape: Shape::Single, items: vec![copy] }
    }
}

impl Copy {
    /// The frame that the block is evaluated in.
    pub(super) fn frame(&self, outer: &Frame) -> Frame {
        match &self.binding {
            Some((name, value)) => outer.with(name.clone(), value.clone()),
            None => outer.clone(),
        }
    }
}

/// `each` or a `dynamic` block's iterator.
pub(super) fn iterator(key: Value, value: Value, span: Span) -> Value {
    let entry = |name: &str, value: Value| MapEntry { key: name.into(), span, value };
    Value::map(vec![entry("key", key), entry("value", value)], None, span)
}

/// An object with one attribute.
pub(super) fn single(name: &str, value: Value, span: Span) -> Value {
    Value::map(vec![MapEntry { key: name.into(), span, value }], None, span)
}

/// The value of `each` or an iterator where the collection is not known.
pub(super) fn symbolic_iterator(collection: &Value) -> Value {
    let unknown = || Value::new(Kind::Unknown(collection.why()), collection.span);
    iterator(unknown(), unknown(), collection.span)
}
