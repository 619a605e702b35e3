//! Loggers, and what is written to them.

use super::site::{Outcome, Site};
use crate::code::evaluate::Evaluator;
use crate::code::unit::{Arg, Expr, ExprId};
use crate::code::value::{Object, UnitId, Value};
use crate::model::{Language, Text};
use std::sync::Arc;

/// Methods that write a line.
const LEVELS: &[&str] = &[
    "debug",
    "info",
    "warning",
    "warn",
    "error",
    "critical",
    "exception",
    "log",
    "trace",
    "fatal",
    "notice",
    "dir",
    "msg",
];

/// Functions that give their argument back as text.
const DUMPS: &[&str] = &[
    "json.dumps",
    "builtins.str",
    "builtins.repr",
    "builtins.format",
    "pprint.pformat",
    "builtins.JSON.stringify",
    "util.inspect",
    "node:util.inspect",
    "simplejson.dumps",
    "orjson.dumps",
    "ujson.dumps",
    "util.format",
    "builtins.String",
    "serde_json.to_string",
    "serde_json.to_string_pretty",
    "builtins.structuredClone",
    "copy.deepcopy",
    "builtins.dict",
];

/// Macros and functions that write a line.
const WRITERS: &[&str] = &[
    "builtins.print",
    "pprint.pprint",
    "logging",
    "builtins.console",
    "console",
    "node:console",
    "loguru.logger",
    "println!",
    "eprintln!",
    "dbg!",
    "tracing",
    "log",
    "info!",
    "debug!",
    "warn!",
    "error!",
    "trace!",
    "lambda-log",
    "java.lang.System.out.println",
    "java.lang.System.out.printf",
    "java.lang.System.out.print",
    "java.lang.System.err.println",
];

/// What makes a logger, and what gives its argument back as text.
pub(super) fn outside_call(of: &mut Evaluator<'_>, site: &Site<'_>, path: &str) -> Option<Outcome> {
    if DUMPS.contains(&path) {
        let first = site.args.first()?.value;
        let event = holds_event(of, site.unit, first, 0);
        return Some(Outcome {
            understood: true,
            ..if event { Outcome::value(Value::Event) } else { Outcome::default() }
        });
    }
    let last = path.rsplit(['.', '/']).next().unwrap_or_default();
    let makes = matches!(
        last,
        "getLogger" | "get_logger" | "Logger" | "createLogger" | "pino" | "bunyan" | "getChildLogger" | "LambdaLog"
    );
    makes.then(|| Outcome { understood: true, ..Outcome::value(Value::object(Object::Logger)) })
}

/// The name of the whole event where a call writes it to a log.
pub(in crate::code) fn logs_event(
    of: &mut Evaluator<'_>,
    unit: UnitId,
    callee: ExprId,
    args: &[Arg],
) -> Option<Arc<str>> {
    let go = of.program.unit(unit).language == Language::Go;
    let writes = if go { is_go_writer(of, unit, callee) } else { is_writer(of, unit, callee) };
    if !writes {
        return None;
    }
    if go && let Some(carried) = carried(of, unit, callee) {
        return Some(event_name(of, unit, carried));
    }
    let held = args.iter().find(|arg| holds_event(of, unit, arg.value, 0))?;
    Some(event_name(of, unit, held.value))
}

/// Whether Powertools writes every event.
pub(in crate::code) enum Opens {
    /// It does: the argument that says so.
    Always(UnitId, ExprId),
    /// The environment decides.
    ByEnvironment,
}

/// The variable that decides where the code does not.
///
/// Sources: Powertools for AWS Lambda (Python) 3.37, `Logger.inject_lambda_context`, and (TypeScript) 2.36,
/// `Logger.logEventIfEnabled`; both let an argument win over it.
pub(in crate::code) const EVENT_VARIABLE: &str = "POWERTOOLS_LOGGER_LOG_EVENT";

/// Whether a decorator or middleware writes every event: Powertools' `log_event=True`, `logEvent: true`.
pub(in crate::code) fn opens_log(of: &mut Evaluator<'_>, site: &Site<'_>) -> Option<Opens> {
    let program = of.program;
    let Expr::Call { callee, .. } = program.unit(site.unit).expr(site.call) else { return None };
    let name = program.source(site.unit, *callee).rsplit('.').next().unwrap_or_default().to_owned();
    let chosen = match name.as_str() {
        "inject_lambda_context" | "logger_inject_lambda_context" => site.option(of, "log_event"),
        "injectLambdaContext" | "Logging" => site.option(of, "logEvent"),
        "logEventIfEnabled" => site.args.get(1).map(|arg| (site.unit, arg.value)),
        _ => return None,
    };
    let Some((unit, value)) = chosen else { return Some(Opens::ByEnvironment) };
    let on =
        of.eval(unit, value).iter().any(|value| matches!(value, Value::Text(Text::Literal(text)) if &**text == "true"));
    on.then_some(Opens::Always(unit, value))
}

/// Whether a decorator without arguments leaves it to the environment whether every event is written.
pub(in crate::code) fn is_bare_opener(of: &Evaluator<'_>, unit: UnitId, decorator: ExprId) -> bool {
    let here = of.program.unit(unit);
    match here.expr(decorator) {
        Expr::Member(_, name) | Expr::Name(name, _) => {
            matches!(&**here.name(*name), "inject_lambda_context" | "logger_inject_lambda_context" | "Logging")
        }
        _ => false,
    }
}

fn is_writer(of: &mut Evaluator<'_>, unit: UnitId, callee: ExprId) -> bool {
    let program = of.program;
    let values = of.eval(unit, callee);
    for value in values.iter() {
        match value {
            Value::Outside(path) if WRITERS.contains(&&**path) => {
                return !matches!(&**path, "logging" | "tracing" | "log");
            }
            Value::Outside(path) => {
                let (owner, level) = path.rsplit_once('.').unwrap_or_default();
                let level = level.trim_end_matches('!');
                if LEVELS.contains(&level) && (WRITERS.contains(&owner) || named_like_a_logger(owner)) {
                    return true;
                }
            }
            Value::Method(object, level) => match &**object {
                Object::Logger => return LEVELS.contains(&&**level),
                Object::Made(path) if path.to_ascii_lowercase().contains("log") => return LEVELS.contains(&&**level),
                _ => {}
            },
            _ => {}
        }
    }
    let Expr::Member(object, level) = program.unit(unit).expr(callee) else { return false };
    let level = program.unit(unit).name(*level);
    values.is_empty() && LEVELS.contains(&&**level) && named_like_a_logger(program.source(unit, *object))
}

/// `fmt.Println`, `log.Printf`, and the levels of slog, zap, logrus and zerolog.
fn is_go_writer(of: &mut Evaluator<'_>, unit: UnitId, callee: ExprId) -> bool {
    const PACKAGES: &[&str] =
        &["log", "log/slog", "github.com/sirupsen/logrus", "github.com/rs/zerolog/log", "github.com/apex/log"];
    let program = of.program;
    let level = |name: &str| {
        let bare = name.to_ascii_lowercase();
        let bare = bare.strip_suffix("context").unwrap_or(&bare);
        let bare = bare.strip_suffix("ln").or_else(|| bare.strip_suffix(['f', 'w'])).unwrap_or(bare);
        LEVELS.contains(&bare) || matches!(bare, "print" | "panic" | "send")
    };
    let values = of.eval(unit, callee);
    for value in values.iter() {
        match value {
            Value::Outside(path) => {
                let (package, name) = super::go_path::split(path);
                if PACKAGES.contains(&package) && level(name)
                    || package == "fmt" && name.starts_with("Print")
                    || path.starts_with("builtins.print")
                {
                    return true;
                }
            }
            Value::Method(object, name) => match &**object {
                Object::Logger => return level(name),
                Object::Made(path) if path.contains("log") || path.contains("/zap") => return level(name),
                _ => {}
            },
            _ => {}
        }
    }
    let Expr::Member(object, name) = program.unit(unit).expr(callee) else { return false };
    values.is_empty() && level(program.unit(unit).name(*name)) && named_like_a_logger(program.source(unit, *object))
}

/// The event in the fields that a logger was given before its level: `log.WithField("event", event).Info("…")`.
fn carried(of: &mut Evaluator<'_>, unit: UnitId, callee: ExprId) -> Option<ExprId> {
    let here = of.program.unit(unit);
    let mut at = callee;
    for _ in 0..12 {
        let Expr::Member(object, _) = here.expr(at) else { return None };
        let Expr::Call { callee, args, .. } = here.expr(*object) else { return None };
        if let Some(arg) = args.iter().find(|arg| holds_event(of, unit, arg.value, 0)) {
            return Some(arg.value);
        }
        at = *callee;
    }
    None
}

fn named_like_a_logger(text: &str) -> bool {
    let last = text.rsplit(['.', '/', ':']).next().unwrap_or_default().to_ascii_lowercase();
    matches!(last.trim_start_matches('_'), "log" | "logger" | "logging" | "console" | "lambdalogger")
}

/// Whether a value is the whole event, or text or a container with the whole event in it.
pub(super) fn holds_event(of: &mut Evaluator<'_>, unit: UnitId, expr: ExprId, depth: u32) -> bool {
    if depth > 6 {
        return false;
    }
    let program = of.program;
    match program.unit(unit).expr(expr) {
        Expr::Join(parts) => parts.iter().any(|part| holds_event(of, unit, *part, depth + 1)),
        Expr::Map(pairs) => pairs.iter().any(|pair| holds_event(of, unit, pair.value, depth + 1)),
        Expr::List(items) => items.iter().any(|item| holds_event(of, unit, *item, depth + 1)),
        _ => of.eval(unit, expr).iter().any(|value| match value {
            Value::Event => true,
            Value::Literal(unit, literal) => {
                depth < 4 && (*literal, *unit) != (expr, *unit) && holds_event(of, *unit, *literal, depth + 2)
            }
            _ => false,
        }),
    }
}

/// The identifier that stands for the event, as written.
fn event_name(of: &mut Evaluator<'_>, unit: UnitId, expr: ExprId) -> Arc<str> {
    let program = of.program;
    let here = program.unit(unit);
    let inner = match here.expr(expr) {
        Expr::Name(name, _) => return here.name(*name).clone(),
        Expr::Join(parts) => parts.to_vec(),
        Expr::List(items) => items.to_vec(),
        Expr::Map(pairs) => pairs.iter().map(|pair| pair.value).collect(),
        Expr::Call { args, .. } => args.iter().map(|arg| arg.value).collect(),
        _ => Vec::new(),
    };
    for part in inner {
        if holds_event(of, unit, part, 2) {
            return event_name(of, unit, part);
        }
    }
    "event".into()
}
