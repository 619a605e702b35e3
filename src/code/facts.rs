//! What the calls of one unit do, and which functions they lead to.

use super::evaluate::Evaluator;
use super::library::{self, Fact, OUTSIDE, Opens, Outsider, Site};
use super::program::{ClassKey, Method, Program};
use super::unit::{Arg, Expr, ExprId, FunctionId, index};
use super::value::{Object, UnitId, Value, text};
use crate::model::{Call, CallKind, Language, judge};
use crate::source::Span;
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

/// What is said of a package that calls AWS in ways that are not followed.
pub(super) const BY_ITSELF: &str = "calls AWS by itself";

/// What is said of a module that is the project's own and was not found, such as one that a layer brings.
pub(super) const NOT_FOUND: &str = "is not in the repository";

/// What is said of code of which evaluating came to no end.
const TOO_TANGLED: &str = "code is too tangled to be followed";

/// The facts of one unit.
#[derive(Debug, Default)]
pub(super) struct UnitFacts {
    /// What it does, in the order of the source, with the function that each stands in.
    pub(super) calls: Vec<(Call, FunctionId)>,
    /// What hides something, with the function that it stands in.
    pub(super) opaque: Vec<(Arc<str>, Span, FunctionId)>,
    /// Which function leads to which.
    pub(super) edges: BTreeSet<(FunctionId, (UnitId, FunctionId))>,
    /// Which function leads from a parameter to which, where some code that runs names the other.
    pub(super) handed: BTreeSet<(FunctionId, (UnitId, FunctionId))>,
    /// Which functions at the top of a file it names.
    pub(super) holds: BTreeSet<(FunctionId, (UnitId, FunctionId))>,
    /// Which functions it gives back.
    pub(super) given: BTreeSet<(FunctionId, (UnitId, FunctionId))>,
    /// Of which classes it holds objects, or the class itself.
    pub(super) alive: BTreeSet<(FunctionId, ClassKey)>,
    /// Which functions it puts into objects, by the names that they have there.
    pub(super) stored: BTreeSet<(FunctionId, Arc<str>, (UnitId, FunctionId))>,
    /// Which methods it calls on objects whose class is not known for certain.
    pub(super) asked: BTreeSet<(FunctionId, Asked)>,
    /// Of which classes it makes objects.
    pub(super) made: BTreeSet<(FunctionId, ClassKey)>,
    /// Of which classes it declares collections (Java).
    pub(super) collected: BTreeSet<ClassKey>,
    /// Of which classes it has a framework make objects (Java).
    pub(super) registered: BTreeSet<ClassKey>,
    /// Which leads to which where an object of the other's class is made.
    pub(super) heirs: BTreeSet<(FunctionId, (UnitId, FunctionId))>,
    /// Which may lead to which, call by call: one of several classes stands behind an interface.
    pub(super) perhaps: BTreeSet<(FunctionId, ExprId, (UnitId, FunctionId))>,
    /// Which calls methods through traits.
    pub(super) through: BTreeSet<(FunctionId, Through)>,
}

/// A call through a trait: the types that may stand behind it, each with its method.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Through {
    pub(super) candidates: Vec<(ClassKey, Method)>,
}

/// A method's name that is called on something.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Asked {
    /// Nothing is known of it but what it is called: any object that has such a method may be meant.
    OfAny(Arc<str>, Arc<str>),
    /// It is the object whose method calls, which may be of a class that extends the one that is read.
    OfHeirs(Arc<str>),
    /// Nothing is known of it, and it is called with so many arguments (Rust).
    Unknown(Arc<str>, u32),
}

/// Collects the facts of a unit.
pub(super) fn collect(program: &Program, unit: UnitId) -> UnitFacts {
    let of = Evaluator::new(program, &OUTSIDE);
    let mut collector = Collector { of, unit, foreign: HashSet::new(), asked: 0, facts: UnitFacts::default() };
    collector.sent_by_others();
    collector.calls();
    collector.attributes();
    collector.stores();
    collector.decorators();
    collector.models();
    collector.maps();
    collector.credentials();
    collector.opaque();
    collector.edges();
    collector.collections();
    collector.returns();
    collector.spent();
    let mut facts = collector.facts;
    facts.calls.sort_by_key(|(call, _)| (call.span.start, call.span.end));
    facts
}

/// Collects the facts of one unit.
pub(super) struct Collector<'p> {
    pub(super) of: Evaluator<'p>,
    pub(super) unit: UnitId,
    /// Calls that make what somebody else sends.
    foreign: HashSet<ExprId>,
    /// How many calls were asked about for one of their callers only.
    pub(super) asked: usize,
    pub(super) facts: UnitFacts,
}

impl Collector<'_> {
    pub(super) fn span(&self, expr: ExprId) -> Span {
        let here = self.of.program.unit(self.unit);
        let (start, end) = here.spans.get(expr as usize).copied().unwrap_or_default();
        Span::new(here.file, start as usize, end as usize)
    }

    pub(super) fn owner(&self, expr: ExprId) -> FunctionId {
        self.of.program.unit(self.unit).owners.get(expr as usize).copied().unwrap_or_default()
    }

    pub(super) fn push(&mut self, kind: CallKind, callee: Arc<str>, span: Span, at: ExprId) {
        let owner = self.owner(at);
        let within = self.of.program.unit(self.unit).functions.get(owner as usize).map(|f| f.name.clone());
        let call = Call { kind, callee, within: within.unwrap_or_default(), span };
        self.facts.calls.push((call, owner));
    }

    pub(super) fn hide(&mut self, reason: Arc<str>, at: ExprId) {
        let (span, owner) = (self.span(at), self.owner(at));
        if !self.facts.opaque.iter().any(|(known, place, _)| *known == reason && *place == span) {
            self.facts.opaque.push((reason, span, owner));
        }
    }

    /// Commands that are made where a client of another identity sends them.
    fn sent_by_others(&mut self) {
        let program = self.of.program;
        let here = program.unit(self.unit);
        for call in here.calls.iter().filter(|_| here.language == Language::JavaScript) {
            let Expr::Call { callee, args, .. } = here.expr(*call) else { continue };
            let Expr::Member(client, name) = here.expr(*callee) else { continue };
            let clients = if &**here.name(*name) == "send" { self.of.eval(self.unit, *client) } else { continue };
            let is_foreign =
                |value: &Value| matches!(value, Value::Object(object) if matches!(**object, Object::Foreign));
            if !clients.is_empty() && clients.iter().all(is_foreign) {
                self.foreign.extend(args.iter().map(|arg| arg.value));
            }
        }
    }

    fn calls(&mut self) {
        let program = self.of.program;
        let here = program.unit(self.unit);
        for call in &here.calls {
            if let Expr::Call { callee, args, .. } = here.expr(*call) {
                self.call(*call, *callee, args);
            }
        }
    }

    fn call(&mut self, call: ExprId, callee: ExprId, args: &[Arg]) {
        let program = self.of.program;
        let unit = self.unit;
        let site = Site { unit, call, args };
        let callees = self.of.eval(unit, callee);
        let written = shorten(program.source(unit, callee));
        let mut seen = HashSet::new();
        let is_foreign = self.foreign.contains(&call);
        let (mut facts, mut hidden, mut acting) = (Vec::new(), Vec::new(), 0);
        for value in callees.iter() {
            let outcome = library::apply(&mut self.of, &site, value);
            acting += usize::from(outcome.facts.iter().any(Fact::is_call));
            facts.extend(outcome.facts.into_iter().filter(|_| !is_foreign));
            hidden.extend(outcome.opaque);
            if !outcome.understood {
                self.handed(call, value, args);
            } else if library::calls_what_it_takes(value) {
                self.come_back(call, args);
            }
        }
        // What hangs on who calls the function around it is done there.
        if self.is_forwarded(call) && !Fact::tell_one(acting, &facts) {
            facts.retain(|fact| !fact.is_call());
            hidden.clear();
        }
        for mut fact in facts {
            library::note_filter(program, &site, &mut fact.kind);
            let span = fact.span.unwrap_or_else(|| self.span(call));
            if seen.insert(format!("{:?}{span:?}", fact.kind)) {
                self.push(fact.kind, written.clone(), span, call);
            }
        }
        // What asks for a method of any name is asked for each of them where it is used.
        if program.unit(unit).functions.get(self.owner(call) as usize).is_some_and(|of| &*of.name == "__getattr__") {
            hidden.clear();
        }
        hidden.into_iter().for_each(|reason| self.hide(reason, call));
        if callees.is_empty() && !self.by_request(&site, callee, &written) {
            self.guess(call, callee, &written);
            if program.is_java(unit) {
                self.unwritten(call, callee);
            }
        }
        if !self.forwarded(call, &callees, &written) {
            self.references(call, args, &callees);
        }
        self.reflected(&callees, args);
        self.commands(call, &callees, args);
        if let Some(object) = library::logs_event(&mut self.of, unit, callee, args) {
            let span = self.span(call);
            self.push(CallKind::LogsEvent { object }, written.clone(), span, call);
        }
        match library::opens_log(&mut self.of, &site) {
            Some(Opens::Always(at, value)) => {
                let span = if at == unit { self.span(value) } else { self.span(call) };
                self.push(CallKind::LogsEvent { object: "event".into() }, written.clone(), span, call);
            }
            Some(Opens::ByEnvironment) => self.may_log(written.clone(), call),
            None => {}
        }
        if program.is_java(unit) {
            self.registered(callee, args);
            for fact in library::insecure(&mut self.of, &site) {
                let span = self.span(call);
                self.push(fact.kind, written.clone(), span, call);
            }
        }
        if let Some(switch) = self.certificate_method(callee, args) {
            let span = self.span(call);
            self.push(CallKind::TlsOff { switch }, written, span, call);
        }
    }

    /// Attributes of boto3's resources, which are fetched when they are first read.
    ///
    /// Source: Boto3 documentation, "Resources", identifiers and attributes, read 2026-12.
    fn attributes(&mut self) {
        let program = self.of.program;
        let here = program.unit(self.unit);
        if here.language != Language::Python {
            return;
        }
        for (at, expr) in here.exprs.iter().enumerate() {
            let (id, Expr::Member(object, name)) = (index(at), expr) else { continue };
            let is_called = |parent: ExprId| matches!(here.expr(parent), Expr::Call { callee, .. } if *callee == id);
            if here.parent(id).is_some_and(is_called) {
                continue;
            }
            for value in self.of.eval(self.unit, *object).iter() {
                if let Some(kind) = library::fetched(value, here.name(*name)) {
                    let (written, span) = (shorten(program.source(self.unit, id)), self.span(id));
                    self.push(kind, written, span, id);
                }
            }
        }
    }

    fn may_log(&mut self, written: Arc<str>, at: ExprId) {
        let span = self.span(at);
        self.push(CallKind::MayLogEvent { variable: library::EVENT_VARIABLE.into() }, written, span, at);
    }

    /// Decorators that are not called and yet log.
    fn decorators(&mut self) {
        let program = self.of.program;
        for decorator in program.unit(self.unit).functions.iter().flat_map(|function| &function.decorators) {
            if library::is_bare_opener(&self.of, self.unit, *decorator) {
                self.may_log(shorten(program.source(self.unit, *decorator)), *decorator);
            }
        }
    }

    /// PynamoDB's models: the region that a model's inner class `Meta` names is its client's.
    fn models(&mut self) {
        let program = self.of.program;
        let here = program.unit(self.unit);
        let (Some(meta), Some(region)) = (here.find("Meta"), here.find("region")) else { return };
        for (at, class) in here.classes.iter().enumerate() {
            let fields = class.inner.get(&meta).and_then(|meta| here.classes.get(*meta as usize));
            let Some(value) = fields.and_then(|meta| meta.fields.get(&region)).and_then(|values| values.last()) else {
                continue;
            };
            if !self.is_model((self.unit, index(at))) {
                continue;
            }
            let region = Some((text(&self.of.eval(self.unit, *value)), self.span(*value)));
            let kind = CallKind::Client { service: "dynamodb".into(), region, credentials: false };
            self.push(kind, "Meta.region".into(), self.span(*value), *value);
        }
    }

    fn is_model(&mut self, class: ClassKey) -> bool {
        self.of.above(class).outside.iter().any(|value| match value {
            Value::Outside(path) => matches!(&**path, "pynamodb.models.Model" | "pynamodb.Model"),
            _ => false,
        })
    }

    /// reqwest's and its relatives' methods, whose names say what they do.
    fn certificate_method(&self, callee: ExprId, args: &[Arg]) -> Option<Arc<str>> {
        const METHODS: &[&str] =
            &["danger_accept_invalid_certs", "danger_accept_invalid_hostnames", "tls_danger_accept_invalid_certs"];
        let here = self.of.program.unit(self.unit);
        let Expr::Member(_, name) = here.expr(callee) else { return None };
        let name = here.name(*name);
        let on = args.first().is_some_and(|arg| *here.expr(arg.value) == Expr::Bool(true));
        (METHODS.contains(&&**name) && on).then(|| format!("{name}(true)").into())
    }

    /// A client or the event that goes to a package that is not known.
    fn handed(&mut self, call: ExprId, callee: &Value, args: &[Arg]) {
        let program = self.of.program;
        let path = match callee {
            Value::Outside(path) => path.clone(),
            Value::Method(object, _) => match &**object {
                Object::Made(path) => path.clone(),
                _ => return,
            },
            _ => return,
        };
        let language = program.unit(self.unit).language;
        let kind = library::outsider(language, &path);
        let package = library::package(language, &path);
        if kind != Outsider::Harmless || !library::only_writes(language, &path) {
            self.escapes(call, args);
        }
        self.come_back(call, args);
        if kind == Outsider::CallsAws {
            return self.hide(format!("{package} {BY_ITSELF}").into(), call);
        }
        if kind == Outsider::Harmless {
            return;
        }
        for arg in args {
            let values = self.of.eval(self.unit, arg.value);
            if values.iter().any(Value::is_client) {
                return self.hide(format!("a client is handed to {package}").into(), call);
            }
            if values.contains(&Value::Event) {
                return self.hide(format!("the event is handed to {package}").into(), call);
            }
        }
    }

    /// Objects that go to a library, which calls what stands in the place of its own methods (Java).
    fn come_back(&mut self, call: ExprId, args: &[Arg]) {
        if !self.of.program.is_java(self.unit) {
            return;
        }
        for arg in args {
            for value in self.of.eval(self.unit, arg.value).iter() {
                self.calls_back(call, value);
            }
        }
    }

    /// Instances that go to a package: it may call any of their methods.
    fn escapes(&mut self, call: ExprId, args: &[Arg]) {
        if !self.of.program.is_typed(self.unit) || self.of.program.is_rust(self.unit) {
            return;
        }
        for arg in args {
            for value in self.of.eval(self.unit, arg.value).iter() {
                if matches!(value, Value::Instance(..)) {
                    self.all_methods(self.owner(call), value);
                }
            }
        }
    }

    /// Methods of clients that are passed on without being called: whoever gets them calls them.
    fn references(&mut self, call: ExprId, args: &[Arg], callees: &[Value]) {
        if matches!(callees, [Value::Method(object, _)] if matches!(**object, Object::Client { .. })) {
            return;
        }
        let program = self.of.program;
        for arg in args {
            if !matches!(program.unit(self.unit).expr(arg.value), Expr::Member(..)) {
                continue;
            }
            for value in self.of.eval(self.unit, arg.value).iter() {
                let Value::Method(object, _) = value else { continue };
                if !matches!(**object, Object::Client { .. } | Object::Resource { .. }) {
                    continue;
                }
                let site = Site { unit: self.unit, call: arg.value, args: &[] };
                for fact in library::apply(&mut self.of, &site, value).facts {
                    let (written, span) = (shorten(program.source(self.unit, arg.value)), self.span(arg.value));
                    self.push(fact.kind, written, span, call);
                }
            }
        }
    }

    /// A method of something that leads nowhere but is given the request of an SDK's operation.
    fn by_request(&mut self, site: &Site<'_>, callee: ExprId, written: &Arc<str>) -> bool {
        let here = self.of.program.unit(self.unit);
        let Expr::Member(_, method) = here.expr(callee) else { return false };
        let Some(method) = library::by_request(&mut self.of, site, here.name(*method)) else { return false };
        for fact in library::apply(&mut self.of, site, &method).facts {
            let span = self.span(site.call);
            self.push(fact.kind, written.clone(), span, site.call);
        }
        true
    }

    /// A method of something that leads nowhere but is named like a client.
    fn guess(&mut self, call: ExprId, callee: ExprId, written: &Arc<str>) {
        let program = self.of.program;
        let here = program.unit(self.unit);
        let Expr::Member(object, method) = here.expr(callee) else { return };
        // Where every value has a type, a name says nothing more.
        let by_name = !program.is_typed(self.unit) || program.is_rust(self.unit);
        if !by_name || !self.of.eval(self.unit, *object).is_empty() {
            return;
        }
        let receiver = match here.expr(*object) {
            Expr::Name(name, _) | Expr::Member(_, name) => here.name(*name),
            _ => return,
        };
        if let Some((service, operation)) = library::guess(receiver, here.name(*method)) {
            let kind = CallKind::Sdk { service, operation, targets: Vec::new(), certain: false };
            let span = self.span(call);
            self.push(kind, written.clone(), span, call);
        }
    }

    /// The AWS command line, run as a process.
    fn commands(&mut self, call: ExprId, callees: &[Value], args: &[Arg]) {
        const RUNNERS: &[&str] = &[
            "subprocess.",
            "os.system",
            "os.popen",
            "child_process.",
            "node:child_process.",
            "std.process.Command.new",
        ];
        let runs = callees.iter().any(|value| match value {
            Value::Outside(path) => RUNNERS.iter().any(|runner| path.starts_with(runner)),
            _ => false,
        });
        if !runs {
            return;
        }
        let program = self.of.program;
        let Some(arg) = args.first() else { return };
        let text = program.source(self.unit, arg.value).trim_start_matches(['[', '(', 'f', '"', '\'', '`', ' ', '\n']);
        if text == "aws" || text.starts_with("aws ") || text.starts_with("aws\"") || text.starts_with("aws'") {
            self.hide("the AWS command line is run".into(), call);
        }
    }

    fn stores(&mut self) {
        let program = self.of.program;
        for (target, value) in &program.unit(self.unit).stores {
            if let Some(switch) = library::tls_store(&mut self.of, self.unit, *target, *value) {
                let (target_span, value_span) = (self.span(*target), self.span(*value));
                let written = shorten(program.source(self.unit, *target));
                self.push(CallKind::TlsOff { switch }, written, target_span.to(value_span), *target);
            }
            if let Some(kind) = library::region_store(&mut self.of, self.unit, *target, *value) {
                let (written, span) = (shorten(program.source(self.unit, *target)), self.span(*value));
                self.push(kind, written, span, *target);
            }
        }
    }

    /// `rejectUnauthorized: false` takes effect wherever the object goes.
    fn maps(&mut self) {
        let program = self.of.program;
        let here = program.unit(self.unit);
        let (name, off) = match here.language {
            Language::Go => ("InsecureSkipVerify", true),
            _ => ("rejectUnauthorized", false),
        };
        let Some(option) = here.find(name) else { return };
        for (at, expr) in here.exprs.iter().enumerate() {
            let Expr::Map(pairs) = expr else { continue };
            for pair in pairs.iter().filter(|pair| pair.key == Some(option)) {
                if *here.expr(pair.value) == Expr::Bool(off) {
                    let span = library::named_place(&self.of, self.unit, pair.value, name);
                    let switch = format!("{name}: {off}").into();
                    self.push(CallKind::TlsOff { switch }, name.into(), span, index(at));
                }
            }
        }
    }

    fn credentials(&mut self) {
        let program = self.of.program;
        let here = program.unit(self.unit);
        for (name, literal) in &here.literals {
            let Expr::Text(text) = here.expr(*literal) else { continue };
            let name = name.map(|name| here.name(name).clone()).unwrap_or_default();
            if let Some(secret) = judge(&name, text) {
                let kind =
                    CallKind::Credential { what: secret.what.into(), name: name.clone(), redacted: secret.redacted };
                let span = self.span(*literal);
                self.push(kind, name, span, *literal);
            }
        }
    }

    /// What lowering did not understand, and modules that are not there.
    fn opaque(&mut self) {
        let program = self.of.program;
        let here = program.unit(self.unit);
        for (reason, (start, end)) in &here.opaque {
            let span = Span::new(here.file, *start as usize, *end as usize);
            self.facts.opaque.push((reason.clone(), span, 0));
        }
        for (at, import) in here.imports.iter().enumerate() {
            if *program.link(self.unit, index(at)) == super::program::Link::Missing {
                let (start, end) = import.span;
                let span = Span::new(here.file, start as usize, end as usize);
                let reason = format!("module {} {NOT_FOUND}", import.module);
                self.facts.opaque.push((reason.into(), span, 0));
            }
        }
    }

    /// Whether evaluating ended before it was done; asked when all else is.
    fn spent(&mut self) {
        if self.of.memo.is_spilt() {
            let start = Span::new(self.of.program.unit(self.unit).file, 0, 0);
            self.facts.opaque.push((TOO_TANGLED.into(), start, 0));
        }
    }
}

/// The callee as written, on one line and of bounded length.
fn shorten(text: &str) -> Arc<str> {
    let mut out = String::new();
    for word in text.split_whitespace() {
        if out.len() > 80 {
            out.push('…');
            break;
        }
        out.push_str(word);
    }
    if out.len() > 120 {
        let end = (0..=120).rev().find(|at| out.is_char_boundary(*at)).unwrap_or(0);
        out.truncate(end);
        out.push('…');
    }
    out.into()
}
