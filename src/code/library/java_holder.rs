//! What holds others in Java: collections, maps, streams, optionals, futures, suppliers.

use super::site::{Outcome, Site};
use crate::code::evaluate::Evaluator;
use crate::code::unit::{Expr, ExprId};
use crate::code::value::{Object, Value};

/// Packages whose collections, streams and futures are known.
const PACKAGES: &[&str] =
    &["java.util.", "com.google.common.collect.", "com.google.common.base.", "io.vavr.", "reactor."];

/// Methods that give one of what is held.
const ONE: &[&str] = &[
    "apply",
    "await",
    "block",
    "blockFirst",
    "blockLast",
    "build",
    "call",
    "create",
    "element",
    "first",
    "firstElement",
    "get",
    "getFirst",
    "getIfAvailable",
    "getIfPresent",
    "getLast",
    "getNow",
    "getObject",
    "getOrDefault",
    "getOrElse",
    "getPlain",
    "getUnchecked",
    "getValue",
    "join",
    "last",
    "lastElement",
    "next",
    "orElse",
    "orElseGet",
    "orElseThrow",
    "orNull",
    "pollFirst",
    "pollLast",
    "pop",
    "previous",
    "remove",
    "resultNow",
    "single",
    "take",
];

/// Methods whose function gives what is held from then on.
const MAPPED: &[&str] = &[
    "flatMap",
    "handle",
    "handleAsync",
    "map",
    "mapToObj",
    "thenApply",
    "thenApplyAsync",
    "thenCompose",
    "thenComposeAsync",
    "transform",
];

/// Methods and functions that put what they are given to what is held.
const ADDED: &[&str] = &["add", "addAll", "compute", "computeIfAbsent", "merge", "or", "put", "putAll", "putIfAbsent"];

/// A method of something that holds others.
pub(super) fn call(of: &mut Evaluator<'_>, site: &Site<'_>, held: &[Value], method: &str) -> Outcome {
    let last = site.args.last().map(|arg| arg.value);
    let mut held = held.to_vec();
    // A queue's `peek` and `poll` give an element, a stream's `peek` takes a function and gives the stream.
    if ONE.contains(&method) || matches!((method, last), ("peek" | "poll", None)) {
        let other = last.filter(|_| method.contains("Else") || method.ends_with("Default"));
        if let Some(other) = other {
            let given = of.given_back(site.unit, other);
            held.extend(if given.is_empty() { of.eval(site.unit, other).to_vec() } else { given });
        }
        return Outcome::of(held, Vec::new());
    }
    if let Some(function) = last.filter(|_| MAPPED.contains(&method)) {
        let given = of.given_back(site.unit, function);
        let is_flat = method.contains("flat") || method.starts_with("thenCompose");
        let inside = |value: &Value| match value {
            Value::Object(object) if is_flat => match &**object {
                Object::Holder(held) => Some(held.to_vec()),
                _ => None,
            },
            _ => None,
        };
        let given = given.into_iter().flat_map(|value| inside(&value).unwrap_or_else(|| vec![value])).collect();
        return Outcome::of(vec![Value::holder(given)], Vec::new());
    }
    match method {
        "entrySet" => return Outcome::of(vec![Value::holder(vec![Value::holder(held)])], Vec::new()),
        "keySet" | "size" | "isEmpty" | "isPresent" | "contains" | "containsKey" | "count" | "hasNext" | "forEach" => {
            return Outcome::of(Vec::new(), Vec::new());
        }
        "collect" => held = last.and_then(|last| collected(of, site, last)).unwrap_or(held),
        _ if ADDED.contains(&method) => {
            if let Some(last) = last {
                let given = of.given_back(site.unit, last);
                let given = if given.is_empty() { flat(of, site, last) } else { given };
                // What a map gives for a key is what is put there.
                if method == "computeIfAbsent" {
                    held.extend(given);
                    return Outcome::of(held, Vec::new());
                }
                held.extend(given);
            }
        }
        _ => {}
    }
    Outcome::of(vec![Value::holder(held)], Vec::new())
}

/// What `Collectors.toMap(key, value)` puts into a map, where its second function is known.
fn collected(of: &mut Evaluator<'_>, site: &Site<'_>, collector: ExprId) -> Option<Vec<Value>> {
    let here = of.program.unit(site.unit);
    let Expr::Call { args, .. } = here.expr(collector) else { return None };
    let written = of.program.source(site.unit, collector);
    let value = args.get(1).filter(|_| written.contains("toMap(") || written.contains("toUnmodifiableMap("))?;
    let given = of.given_back(site.unit, value.value);
    (!given.is_empty()).then_some(given)
}

/// What something that is not followed gives for a class is an object of it: `context.getBean(Orders.class)`.
pub(super) fn of_class(of: &mut Evaluator<'_>, site: &Site<'_>, mut outcome: Outcome) -> Outcome {
    if !matches!(&*outcome.values, [Value::Object(made)] if matches!(**made, Object::Made(_))) {
        return outcome;
    }
    for arg in site.args {
        if let [Value::Class(unit, class)] = *of.eval(site.unit, arg.value) {
            outcome.values.push(Value::Instance(unit, class));
        }
    }
    outcome
}

/// An argument, or what it holds.
fn flat(of: &mut Evaluator<'_>, site: &Site<'_>, arg: ExprId) -> Vec<Value> {
    let values = of.eval(site.unit, arg);
    values.iter().flat_map(|value| of.held(value).unwrap_or_else(|| vec![value.clone()])).collect()
}

/// A constructor or static method that makes a holder.
pub(super) fn made(of: &mut Evaluator<'_>, site: &Site<'_>, path: &str) -> Option<Outcome> {
    if !PACKAGES.iter().any(|package| path.starts_with(package)) {
        return None;
    }
    let (class, last) = path.rsplit_once('.')?;
    let class = class.rsplit('.').next().unwrap_or_default();
    let new = matches!(of.program.unit(site.unit).expr(site.call), Expr::Call { new: true, .. });
    let held = if new {
        holds(last).then(|| site.args.iter().flat_map(|arg| held_only(of, site, arg.value)).collect())?
    } else {
        match (class, last) {
            ("Map" | "ImmutableMap", "of") => {
                let values = site.args.iter().skip(1).step_by(2);
                values.flat_map(|arg| of.eval(site.unit, arg.value).to_vec()).collect()
            }
            ("Map", "entry") | ("Collections", "singletonMap") => {
                site.args.last().map(|arg| of.eval(site.unit, arg.value).to_vec()).unwrap_or_default()
            }
            (
                _,
                "supplyAsync" | "generate" | "iterate" | "memoize" | "fromCallable" | "withInitial" | "fromSupplier",
            ) => site.args.first().map(|arg| of.given_back(site.unit, arg.value)).unwrap_or_default(),
            (
                _,
                "of"
                | "ofNullable"
                | "fromNullable"
                | "asList"
                | "singletonList"
                | "singleton"
                | "ofEntries"
                | "copyOf"
                | "concat"
                | "completedFuture"
                | "completedStage"
                | "just"
                | "justOrEmpty"
                | "newArrayList"
                | "newHashMap"
                | "newLinkedList"
                | "newHashSet"
                | "newLinkedHashMap"
                | "newConcurrentMap"
                | "empty"
                | "emptyList"
                | "emptyMap"
                | "emptySet"
                | "absent"
                | "stream"
                | "synchronizedList"
                | "synchronizedMap"
                | "unmodifiableCollection"
                | "unmodifiableList"
                | "unmodifiableMap"
                | "unmodifiableSet"
                | "builder",
            ) if holds(class) || matches!(class, "Arrays" | "Collections" | "Lists" | "Maps" | "Sets") => {
                // What is given one by one is held as it is, what is copied or wrapped by what it holds.
                let one_by_one = matches!(last, "of" | "ofNullable" | "fromNullable" | "just" | "completedFuture");
                let is_list = last == "asList" && site.args.len() > 1;
                site.args
                    .iter()
                    .flat_map(|arg| match one_by_one || is_list {
                        true => of.eval(site.unit, arg.value).to_vec(),
                        false => flat(of, site, arg.value),
                    })
                    .collect()
            }
            _ => return None,
        }
    };
    Some(Outcome { understood: true, ..Outcome::value(Value::holder(held)) })
}

fn held_only(of: &mut Evaluator<'_>, site: &Site<'_>, arg: ExprId) -> Vec<Value> {
    let values = of.eval(site.unit, arg);
    let mut found: Vec<Value> = values.iter().filter_map(|value| of.held(value)).flatten().collect();
    // `new AtomicReference<>(client)`, `new FutureTask<>(() -> …)`
    if found.is_empty() {
        found = of.given_back(site.unit, arg);
        found.extend(values.iter().filter(|value| value.is_client() || matches!(value, Value::Instance(..))).cloned());
    }
    found
}

/// Whether a type of these packages, by its simple name, holds the last of its parameters.
pub(in crate::code) fn holds(name: &str) -> bool {
    const WHOLE: &[&str] = &[
        "AtomicReference",
        "BiFunction",
        "BinaryOperator",
        "Callable",
        "CompletableFuture",
        "CompletionStage",
        "Entry",
        "Flux",
        "Function",
        "Future",
        "FutureTask",
        "Instance",
        "Iterable",
        "Iterator",
        "Lazy",
        "ListIterator",
        "ListenableFuture",
        "Mono",
        "Multi",
        "ObjectProvider",
        "Optional",
        "Provider",
        "Reference",
        "SoftReference",
        "Stack",
        "Stream",
        "Supplier",
        "ThreadLocal",
        "Try",
        "UnaryOperator",
        "Uni",
        "Vector",
        "WeakReference",
    ];
    const ENDS: &[&str] = &["List", "Map", "Set", "Queue", "Deque", "Collection", "Multimap"];
    WHOLE.contains(&name) || ENDS.iter().any(|end| name.ends_with(end))
}

/// Whether what holds others may call methods of what it is given: `stream.map(new Mapper())`, but not `list.add(order)`.
pub(in crate::code) fn calls_what_it_takes(callee: &Value) -> bool {
    let Value::Method(object, name) = callee else { return false };
    matches!(**object, Object::Holder(_)) && (!ADDED.contains(&&**name) || &**name == "computeIfAbsent")
}
