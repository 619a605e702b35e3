//! Functions of libraries that give back what they are handed, made to be called in another way.

use super::site::{Outcome, Site};
use crate::code::evaluate::Evaluator;
use crate::code::value::Value;

/// Packages with such functions; `-` before a name says that it is handed the function last.
const WRAPPERS: &[(&str, &str)] = &[
    ("ramda", "curry -curryN once memoize -memoizeWith unary binary nAry flip tap"),
    ("lodash", "curry memoize once debounce throttle unary ary flip rearg bind partial partialRight"),
    ("underscore", "memoize once debounce throttle bind partial"),
    ("util", "promisify callbackify deprecate"),
    ("node:util", "promisify callbackify deprecate"),
    ("bluebird", "promisify method coroutine"),
    ("memoizee", ""),
    ("mem", ""),
    ("p-memoize", ""),
    ("p-limit", ""),
    ("fast-memoize", ""),
    ("moize", ""),
    ("express-async-handler", ""),
    ("functools", "lru_cache cache singledispatch"),
    ("cachetools", "cached"),
];

/// What such a function gives: the function itself.
pub(super) fn outside_call(of: &mut Evaluator<'_>, site: &Site<'_>, path: &str) -> Option<Outcome> {
    // What stands before a client is taken for it.
    if path == "builtins.Proxy" {
        let of = of.eval(site.unit, site.args.first()?.value);
        return of.iter().any(Value::is_client).then(|| Outcome::of(of.to_vec(), Vec::new()));
    }
    if path == "builtins.Object.assign" || path == "builtins.Object.freeze" {
        let values = site.args.iter().flat_map(|arg| of.eval(site.unit, arg.value).to_vec());
        let values: Vec<Value> = values
            .filter(|value| matches!(value, Value::Literal(..) | Value::Module(_) | Value::Instance(..)))
            .collect();
        return (!values.is_empty()).then(|| Outcome::of(values, Vec::new()));
    }
    if path == "builtins.globals" {
        return Some(Outcome::of(vec![Value::Module(site.unit)], Vec::new()));
    }
    let (package, name) = match path.rsplit_once('.') {
        Some((package, "default")) => (package, ""),
        Some(parts) => parts,
        None => (path, ""),
    };
    // `lodash/memoize`, `lodash.memoize`
    let (package, name) = match package.split_once('/') {
        Some((top, inside)) if !top.starts_with('@') => (top, if name.is_empty() { inside } else { name }),
        _ => (package, name),
    };
    let (_, names) = WRAPPERS.iter().find(|(known, _)| *known == package)?;
    let is_last = names.split_whitespace().any(|known| known.strip_prefix('-') == Some(name));
    let is_known = names.split_whitespace().any(|known| known == name) || names.is_empty() && name.is_empty();
    if !is_last && !is_known {
        return None;
    }
    let arg = if is_last { site.args.last() } else { site.args.first() }?;
    let values = of.eval(site.unit, arg.value);
    let wrapped: Vec<Value> =
        values.iter().filter(|value| matches!(value, Value::Function(..) | Value::Method(..))).cloned().collect();
    (!wrapped.is_empty()).then(|| Outcome { understood: true, ..Outcome::of(wrapped, Vec::new()) })
}
