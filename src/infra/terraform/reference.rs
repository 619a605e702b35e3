//! Names in expressions: variables, locals, paths, modules, data sources and resources, and the steps after them.

use super::copies::copies;
use super::data;
use super::instance::{Caller, Children, Copies, Frame, Instance, Scope, Shape};
use super::module::{attribute, local_source, plain};
use super::operator::deep_reason;
use super::table;
use super::typed;
use super::value::{Handle, Kind, MapEntry, Value};
use crate::model::Presence;
use crate::source::{Problem, ProblemKind, Span};
use crate::syntax::UnknownKind;
use crate::syntax::hcl::{self, Block, Expr, ExprKind, Step};
use std::rc::Rc;
use std::sync::Arc;

/// The number of module calls inside each other.
const MAX_MODULE_DEPTH: usize = 32;

/// The value of `base` after the steps.
pub(super) fn traversal(base: &Expr, steps: &[Step], span: Span, scope: &Scope<'_>) -> Value {
    let ExprKind::Variable(name) = &base.kind else {
        return apply(scope.eval(base), steps, span, scope);
    };
    if let Some(value) = scope.frame.get(name) {
        return apply(value.clone(), steps, span, scope);
    }
    let (first, rest) = match steps.split_first() {
        Some((Step::Attribute(first), rest)) => (first, rest),
        _ => return Value::invalid(scope.world.excerpt(span), span),
    };
    match &**name {
        "var" => apply(variable(first, span, scope), rest, span, scope),
        "local" => apply(local(first, span, scope), rest, span, scope),
        "path" => apply(path(first, span, scope), rest, span, scope),
        "module" => module(first, rest, span, scope),
        "data" => match rest.split_first() {
            Some((Step::Attribute(second), rest)) => data_source(first, second, rest, span, scope),
            _ => Value::invalid(scope.world.excerpt(span), span),
        },
        "terraform" => Value::unknown(UnknownKind::Parameter, format!("terraform.{first}"), span),
        "each" | "count" | "self" => Value::unknown(UnknownKind::Computed, format!("{name}.{first}"), span),
        _ => resource(name, first, rest, span, scope),
    }
}

fn variable(name: &Arc<str>, span: Span, scope: &Scope<'_>) -> Value {
    let instance = &scope.instance;
    let Some(block) = instance.module.variables.get(name) else {
        return Value::unknown(UnknownKind::Parameter, format!("var.{name}"), span);
    };
    scope
        .memoised(format!("var.{name}"), span, || {
            let inner = scope.inside(instance.clone(), Frame::default());
            let given = match &instance.caller {
                Some(caller) => attribute(&caller.block, name)
                    .map(|expr| scope.inside(caller.instance.clone(), caller.frame.clone()).eval(expr)),
                None => {
                    given(name, block, &inner).or_else(|| scope.world.values.get(name).map(|expr| inner.eval(expr)))
                }
            };
            let nullable = attribute(block, "nullable").and_then(|expr| inner.eval(expr).as_bool()) != Some(false);
            let given = given.filter(|value| nullable || !value.is_null());
            let value = given.or_else(|| attribute(block, "default").map(|expr| inner.eval(expr)));
            let Some(value) = value else {
                return Value::unknown(UnknownKind::Parameter, format!("var.{name}"), span);
            };
            match attribute(block, "type") {
                Some(wanted) => typed::convert(value, wanted, &inner),
                None => value,
            }
        })
        .at(span)
}

/// The value that the command line or leastwise.toml gives: literal text, or an expression where the variable's type is
/// neither missing nor `string` (Terraform's documentation, "Variables on the Command Line").
fn given(name: &Arc<str>, block: &Block, scope: &Scope<'_>) -> Option<Value> {
    let text = scope.world.context.options.parameters.get(name)?;
    let literal = match attribute(block, "type").map(|wanted| &wanted.kind) {
        None => true,
        Some(ExprKind::Variable(name)) => matches!(&**name, "string" | "number" | "bool" | "any"),
        Some(_) => false,
    };
    let parsed = if literal { None } else { hcl::parse_expression(text, block.header) };
    Some(parsed.map_or_else(|| Value::string(text.clone(), block.header), |expr| scope.eval(&expr)))
}

fn local(name: &Arc<str>, span: Span, scope: &Scope<'_>) -> Value {
    let Some(expr) = scope.instance.module.locals.get(name) else {
        return Value::invalid(format!("local.{name}"), span);
    };
    let inner = scope.inside(scope.instance.clone(), Frame::default());
    scope.memoised(format!("local.{name}"), span, || inner.eval(expr)).at(span)
}

/// `path.module` and the others, relative to the repository's root.
fn path(name: &str, span: Span, scope: &Scope<'_>) -> Value {
    let folder = if name == "module" { &scope.instance.module.folder } else { &scope.world.root };
    if folder.is_empty() { Value::string(".", span) } else { Value::string(folder.clone(), span) }
}

/// A block's copies after the steps that choose among them.
enum Chosen<'a> {
    /// The copy with this index, and the steps left.
    One(usize, &'a [Step]),
    /// Each of the copies, and the steps left.
    All(&'a [Step]),
    /// No such copy, or not known which.
    None(Value),
}

fn choose<'a>(copies: &Copies, steps: &'a [Step], span: Span, scope: &Scope<'_>) -> Chosen<'a> {
    let first = steps.first();
    match (&copies.shape, first) {
        (Shape::Single, Some(Step::Index(_))) | (Shape::Symbolic, Some(Step::Index(_))) => Chosen::One(0, &steps[1..]),
        (_, Some(Step::FullSplat | Step::AttributeSplat)) => Chosen::All(&steps[1..]),
        (Shape::Single | Shape::Symbolic, _) => Chosen::One(0, steps),
        (shape, Some(Step::Index(index))) => {
            let index = scope.eval(index);
            let found = match shape {
                Shape::Count => index.as_index(),
                _ => index.text().and_then(|key| copies.items.iter().position(|copy| copy.key == key)),
            };
            match found.filter(|at| *at < copies.items.len()) {
                Some(at) => Chosen::One(at, &steps[1..]),
                None if index.is_whole() => Chosen::None(Value::invalid("no such instance", span)),
                None => Chosen::None(Value::new(Kind::Unknown(deep_reason(&index)), span)),
            }
        }
        (Shape::Count, Some(Step::Attribute(_))) if copies.items.len() == 1 => Chosen::One(0, steps),
        _ => Chosen::All(steps),
    }
}

/// What `read` gives of the copies that the first steps choose, handed the steps that are left.
fn of_copies(
    copies: &Copies,
    steps: &[Step],
    span: Span,
    scope: &Scope<'_>,
    read: impl Fn(usize, &[Step]) -> Value,
) -> Value {
    match choose(copies, steps, span, scope) {
        Chosen::One(at, rest) => read(at, rest),
        Chosen::All(rest) => {
            let splat = matches!(steps.first(), Some(Step::FullSplat | Step::AttributeSplat));
            gather(copies, |at| read(at, rest), splat, span)
        }
        Chosen::None(value) => value,
    }
}

/// The values of all copies: a map by key after `for_each`, else a list; a splat always gives a list.
fn gather(copies: &Copies, value: impl Fn(usize) -> Value, splat: bool, span: Span) -> Value {
    let present = |at: usize, value: Value| match &copies.items[at].presence {
        Presence::Possible(condition) if copies.shape != Shape::Symbolic => {
            Value::either(condition.clone(), value, Value::null(span), span)
        }
        _ => value,
    };
    let values = (0..copies.items.len()).map(|at| (at, value(at)));
    if copies.shape == Shape::Each && !splat {
        let entry = |(at, value): (usize, Value)| MapEntry { key: copies.items[at].key.clone(), span, value };
        return Value::map(values.map(entry).collect(), None, span);
    }
    Value::list(values.map(|(at, value)| present(at, value)).collect(), span)
}

fn resource(kind: &Arc<str>, name: &Arc<str>, steps: &[Step], span: Span, scope: &Scope<'_>) -> Value {
    let key = format!("{kind}.{name}");
    let Some(block) = scope.instance.module.by_name.get(&key) else {
        return Value::invalid(format!("{key} is not declared"), span);
    };
    let copies = copies(&key, block, scope);
    let handle = |at: usize| {
        let address = format!("{}{key}{}", scope.instance.prefix, copies.items[at].suffix);
        Value::new(Kind::Resource(Arc::new(Handle { kind: kind.clone(), address: address.into() })), span)
    };
    let read = |at: usize, rest: &[Step]| match rest.first() {
        Some(Step::Attribute(written)) if !kind.starts_with("aws_") => {
            let inner = scope.inside(scope.instance.clone(), copies.items[at].frame(&Frame::default()));
            let value = attribute(block, written).map(|expr| {
                scope.memoised(format!("{key}{}.{written}", copies.items[at].suffix), span, || inner.eval(expr))
            });
            let computed = || Value::unknown(UnknownKind::Computed, format!("{key}.{written}"), span);
            apply(value.unwrap_or_else(computed), &rest[1..], span, scope)
        }
        _ => apply(handle(at), rest, span, scope),
    };
    of_copies(&copies, steps, span, scope, read)
}

fn data_source(kind: &Arc<str>, name: &Arc<str>, steps: &[Step], span: Span, scope: &Scope<'_>) -> Value {
    let key = format!("data.{kind}.{name}");
    let Some(block) = scope.instance.module.by_name.get(&key) else {
        return Value::invalid(format!("{key} is not declared"), span);
    };
    let copies = copies(&key, block, scope);
    let read = |at: usize, rest: &[Step]| {
        let Some((Step::Attribute(wanted), rest)) = rest.split_first() else {
            return Value::unknown(UnknownKind::Lookup, key.as_str(), span);
        };
        let copy = &copies.items[at];
        let inner = scope.inside(scope.instance.clone(), copy.frame(&Frame::default()));
        let value = scope.memoised(format!("{key}{}.{wanted}", copy.suffix), span, || {
            data::attribute(kind, &key, block, wanted, span, &inner)
        });
        apply(value.at(span), rest, span, scope)
    };
    of_copies(&copies, steps, span, scope, read)
}

fn module(name: &Arc<str>, steps: &[Step], span: Span, scope: &Scope<'_>) -> Value {
    let Some(block) = scope.instance.module.calls.get(name) else {
        return Value::invalid(format!("module.{name} is not declared"), span);
    };
    let copies = copies(&format!("module.{name}"), block, scope);
    let children = children(name, block, scope);
    let read = |at: usize, rest: &[Step]| {
        let imported = |what: &str| Value::unknown(UnknownKind::Import, format!("module.{name}{what}"), span);
        let (Some(child), Some((Step::Attribute(wanted), rest))) = (children.get(at), rest.split_first()) else {
            return match rest.first() {
                Some(Step::Attribute(wanted)) => imported(&format!(".{wanted}")),
                _ => imported(""),
            };
        };
        let value = child.module.outputs.get(wanted).and_then(|output| attribute(output, "value")).map(|expr| {
            let inner = scope.inside(child.clone(), Frame::default());
            inner.memoised(format!("output.{wanted}"), span, || inner.eval(expr)).at(span)
        });
        let missing = || Value::invalid(format!("module.{name} has no output {wanted}"), span);
        apply(value.unwrap_or_else(missing), rest, span, scope)
    };
    of_copies(&copies, steps, span, scope, read)
}

/// The instances that a module call makes, one a copy; none where its source is not in the repository.
pub(super) fn children(name: &Arc<str>, block: &Arc<Block>, scope: &Scope<'_>) -> Children {
    let parent = &scope.instance;
    if let Some(known) = parent.children.borrow().get(name) {
        return known.clone();
    }
    let source = plain(block, "source").unwrap_or_default();
    let path = if parent.path.is_empty() { name.to_string() } else { format!("{}.{name}", parent.path) };
    let folder = local_source(&parent.module.folder, source);
    let folder = folder.or_else(|| scope.world.downloaded.get(&path).cloned());
    let fits = |folder: &String| parent.depth() < MAX_MODULE_DEPTH && !parent.is_inside(folder);
    let module = folder.filter(fits).and_then(|folder| scope.world.module(&folder));
    let mut made = Vec::new();
    if let Some(module) = module {
        let copies = copies(&format!("module.{name}"), block, scope);
        for copy in &copies.items {
            let prefix = format!("{}module.{name}{}.", parent.prefix, copy.suffix);
            let mut child = Instance::new(module.clone(), prefix.into());
            let frame = copy.frame(&Frame::default());
            child.path.clone_from(&path);
            child.caller = Some(Caller { instance: parent.clone(), block: block.clone(), frame });
            child.presence = parent.presence.and(&copy.presence);
            child.calls.clone_from(&parent.calls);
            child.calls.push((block.header, format!("called as {}module.{name}{}", parent.prefix, copy.suffix)));
            made.push(Rc::new(child));
        }
    } else {
        note_unread(source, block, scope);
    }
    let made = Rc::new(made);
    parent.children.borrow_mut().insert(name.clone(), made.clone());
    made
}

fn note_unread(source: &str, block: &Block, scope: &Scope<'_>) {
    let folder = local_source(&scope.instance.module.folder, source);
    let local = folder.is_some() || source.starts_with('.');
    if !local {
        scope.world.note_remote(block.header, source);
        return;
    }
    let location = scope.world.context.sources.location(block.header);
    let (kind, message) = if folder.is_some_and(|folder| scope.instance.is_inside(&folder)) {
        (ProblemKind::Parse, format!("module `{source}` calls itself, directly or through others; not read again"))
    } else if scope.instance.depth() >= MAX_MODULE_DEPTH {
        (ProblemKind::Limit, format!("module `{source}` is called more than {MAX_MODULE_DEPTH} levels deep; not read"))
    } else {
        (ProblemKind::Io, format!("module `{source}` has no .tf file in this repository"))
    };
    scope.world.problem(Problem::at(kind, &location, message));
}

/// The value after the steps.
fn apply(value: Value, steps: &[Step], span: Span, scope: &Scope<'_>) -> Value {
    let Some((step, rest)) = steps.split_first() else {
        return value;
    };
    if let Kind::Either(either) = &value.kind {
        let then = apply(either.then.clone(), steps, span, scope);
        let otherwise = apply(either.otherwise.clone(), steps, span, scope);
        return Value::either(either.condition.clone(), then, otherwise, span);
    }
    if value.as_unknown().is_some() {
        return value.at(span);
    }
    if let Kind::Resource(handle) = &value.kind {
        return match step {
            Step::Attribute(_) => table::reference(&handle.kind, &handle.address, &names(steps), span),
            Step::Index(_) => apply(value, rest, span, scope),
            _ => Value::list(vec![apply(value, rest, span, scope)], span),
        };
    }
    match step {
        Step::Attribute(name) => apply(value.member(name, span), rest, span, scope),
        Step::Index(index) => {
            let index = scope.eval(index);
            let item = super::operator::distribute(&[value, index], span, &|values| match values {
                [value, index] => value.item(index, span),
                _ => Value::null(span),
            });
            apply(item, rest, span, scope)
        }
        Step::FullSplat => splat(&value, rest, &[], span, scope),
        Step::AttributeSplat => {
            let names = rest.iter().take_while(|step| matches!(step, Step::Attribute(_))).count();
            let (inner, outer) = rest.split_at(names);
            splat(&value, inner, outer, span, scope)
        }
    }
}

fn names(steps: &[Step]) -> Vec<&str> {
    steps
        .iter()
        .filter_map(|step| match step {
            Step::Attribute(name) => Some(&**name),
            _ => None,
        })
        .collect()
}

fn splat(value: &Value, inner: &[Step], outer: &[Step], span: Span, scope: &Scope<'_>) -> Value {
    let items = match &value.kind {
        Kind::Null => Vec::new(),
        Kind::List(items) => items.iter().map(|item| apply(item.clone(), inner, span, scope)).collect(),
        _ => vec![apply(value.clone(), inner, span, scope)],
    };
    apply(Value::list(items, span), outer, span, scope)
}
