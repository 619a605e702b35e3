//! What a call of Java's SDKs is done to: requests that calls put together, functions that fill one in, positions.

use super::operation::{Targets, names_something, pascal};
use super::site::Site;
use crate::code::evaluate::Evaluator;
use crate::code::unit::{Expr, ExprId};
use crate::code::value::{Object, UnitId, Value, text, texts};
use std::sync::Arc;

/// What a call is done to: of requests that are put together by calls, of functions that fill one in, and by position.
pub(super) fn targets(of: &mut Evaluator<'_>, site: &Site<'_>, service: &Arc<str>) -> Targets {
    let mut found = Vec::new();
    for arg in site.args {
        for value in of.eval(site.unit, arg.value).iter() {
            match value {
                Value::Object(object) => {
                    if let Object::Request(unit, call) = **object {
                        chained(of, unit, call, service, &mut found);
                    }
                }
                Value::Function(unit, function) => {
                    let function = of.program.unit(*unit).functions.get(*function as usize);
                    for value in function.map(|function| function.returns.clone()).unwrap_or_default() {
                        chained(of, *unit, value, service, &mut found);
                    }
                }
                _ => {}
            }
        }
    }
    if found.is_empty() {
        found = positional(of, site, service);
    }
    found
}

/// The parameters that a chain of calls sets: `X.builder().tableName("t").build()`, `new X("b", "k").withKey("k")`.
fn chained(of: &mut Evaluator<'_>, unit: UnitId, from: ExprId, service: &Arc<str>, found: &mut Targets) {
    let program = of.program;
    let here = program.unit(unit);
    let mut at = from;
    for _ in 0..60 {
        let Expr::Call { callee, args, new } = here.expr(at) else { return };
        if *new {
            let site = Site { unit, call: at, args };
            found.extend(positional(of, &site, service));
            return;
        }
        let Expr::Member(object, name) = here.expr(*callee) else { return };
        let name = here.name(*name);
        let name = pascal(name.strip_prefix("with").filter(|rest| !rest.is_empty()).unwrap_or(name));
        // A key of DynamoDB's is data, one of S3's a name.
        let names = names_something(&name) && !(&*name == "Key" && &**service == "dynamodb");
        if let ([arg], true) = (&**args, names) {
            found.extend(texts(&of.eval(unit, arg.value)).into_iter().map(|text| (name.clone(), text)));
        }
        at = *object;
    }
}

/// What the first arguments name where they are plain text.
pub(super) fn positional(of: &mut Evaluator<'_>, site: &Site<'_>, service: &Arc<str>) -> Targets {
    let names: &[&str] = match &**service {
        "s3" => &["Bucket", "Key"],
        "dynamodb" => &["TableName"],
        "sqs" => &["QueueUrl"],
        "sns" => &["TopicArn"],
        _ => &[],
    };
    let mut found = Vec::new();
    for (name, arg) in names.iter().zip(site.args) {
        let values = of.eval(site.unit, arg.value);
        if values.iter().any(|value| matches!(value, Value::Text(_))) {
            found.push(((*name).into(), text(&values)));
        }
    }
    found
}
