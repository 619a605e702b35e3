//! Functions over numbers.

use super::super::value::Value;
use super::given::{Found, Given};

pub(super) fn call(name: &str, given: &Given<'_>) -> Option<Found> {
    let one = |compute: fn(f64) -> f64| given.number(0).map(|number| Value::number(compute(number), given.span));
    let value = match name {
        "max" => fold(given, f64::max),
        "min" => fold(given, f64::min),
        "sum" => sum(given),
        "abs" => one(f64::abs),
        "ceil" => one(f64::ceil),
        "floor" => one(f64::floor),
        "signum" => one(|number| if number == 0.0 { 0.0 } else { number.signum() }),
        "log" => given.number(0).zip(given.number(1)).map(|(a, b)| Value::number(a.ln() / b.ln(), given.span)),
        "pow" => given.number(0).zip(given.number(1)).map(|(a, b)| Value::number(a.powf(b), given.span)),
        "parseint" => parse_int(given),
        "range" => range(given),
        "tonumber" => convert(given, |value, given| value.as_number().map(|number| Value::number(number, given.span))),
        "tobool" => convert(given, |value, given| value.as_bool().map(|value| given.bool(value))),
        _ => return None,
    };
    Some(value.into())
}

fn fold(given: &Given<'_>, compute: fn(f64, f64) -> f64) -> Option<Value> {
    let numbers = given.values.iter().map(Value::as_number).collect::<Option<Vec<f64>>>()?;
    numbers.into_iter().reduce(compute).map(|number| Value::number(number, given.span))
}

fn sum(given: &Given<'_>) -> Option<Value> {
    let numbers = given.items(0)?.iter().map(Value::as_number).collect::<Option<Vec<f64>>>()?;
    Some(Value::number(numbers.iter().sum(), given.span))
}

fn parse_int(given: &Given<'_>) -> Option<Value> {
    let base =
        given.at(1)?.as_index().and_then(|base| u32::try_from(base).ok()).filter(|base| (2..=36).contains(base))?;
    let number = i64::from_str_radix(&given.text(0)?, base).ok()?;
    number.to_string().parse().ok().map(|number| Value::number(number, given.span))
}

fn range(given: &Given<'_>) -> Option<Value> {
    let (start, end, step) = match given.values.len() {
        1 => (0.0, given.number(0)?, 1.0),
        2 => (given.number(0)?, given.number(1)?, 1.0),
        _ => (given.number(0)?, given.number(1)?, given.number(2)?),
    };
    let step = if given.values.len() < 3 && end < start { -1.0 } else { step };
    if step == 0.0 {
        return Some(given.invalid("range() with step 0"));
    }
    let mut items = Vec::new();
    let mut at = start;
    while (step > 0.0 && at < end) || (step < 0.0 && at > end) {
        if items.len() >= 1024 {
            return Some(given.invalid("range() of more than 1024 items"));
        }
        items.push(Value::number(at, given.span));
        at += step;
    }
    Some(given.list(items))
}

fn convert(given: &Given<'_>, to: fn(&Value, &Given<'_>) -> Option<Value>) -> Option<Value> {
    let value = given.at(0)?;
    match to(value, given) {
        Some(converted) => Some(converted),
        None if value.is_null() => Some(value.clone()),
        None if value.is_whole() => Some(given.invalid("a value of another type")),
        None => None,
    }
}
