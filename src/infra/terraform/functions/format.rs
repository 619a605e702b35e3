//! `format` and `formatlist`: Terraform's directives in a text.

use super::super::value::{Kind, Value};
use super::encode::{json, quoted};
use super::given::{Found, Given};
use crate::syntax::Part;

/// The widest field and the longest precision.
const MAX_WIDTH: usize = 1_000;

pub(super) fn call(name: &str, given: &Given<'_>) -> Option<Found> {
    let value = match name {
        "format" => format(given, given.values),
        "formatlist" => format_list(given),
        _ => return None,
    };
    Some(value.into())
}

/// One directive: `%[2]-08.3f`.
#[derive(Default)]
struct Directive {
    left: bool,
    zeros: bool,
    plus: bool,
    space: bool,
    sharp: bool,
    argument: Option<usize>,
    width: usize,
    precision: Option<usize>,
    verb: u8,
}

impl Directive {
    /// The directive that a text starts with, behind its `%`, and the text after it.
    fn read(text: &str) -> Option<(Self, &str)> {
        let mut directive = Self::default();
        let mut rest = text;
        loop {
            match rest.as_bytes().first()? {
                b'-' => directive.left = true,
                b'0' => directive.zeros = true,
                b'+' => directive.plus = true,
                b' ' => directive.space = true,
                b'#' => directive.sharp = true,
                b'[' => {
                    let (number, _) = rest[1..].split_once(']')?;
                    directive.argument = Some(number.parse::<usize>().ok()?.checked_sub(1)?);
                    rest = &rest[number.len() + 1..];
                }
                _ => break,
            }
            rest = &rest[1..];
        }
        let (width, after) = digits(rest)?;
        directive.width = width.unwrap_or(0);
        rest = after;
        if let Some(after) = rest.strip_prefix('.') {
            let (precision, after) = digits(after)?;
            directive.precision = Some(precision.unwrap_or(0));
            rest = after;
        }
        directive.verb = *rest.as_bytes().first()?;
        directive.verb.is_ascii_graphic().then_some(())?;
        Some((directive, &rest[1..]))
    }

    /// Whether it takes a value as it is, so that what is not known of it can stay.
    fn is_plain(&self) -> bool {
        matches!(self.verb, b's' | b'v') && self.width == 0 && self.precision.is_none() && !self.sharp
    }

    /// A value that is known in full as text; `None` where it is not, or is of a type that the verb does not take.
    fn text(&self, value: &Value) -> Option<String> {
        let signed = |text: String| match (self.plus, self.space) {
            (true, _) if !text.starts_with('-') => format!("+{text}"),
            (false, true) if !text.starts_with('-') => format!(" {text}"),
            _ => text,
        };
        let whole = || value.as_number().filter(|number| number.fract() == 0.0);
        let text = match self.verb {
            b'v' if self.sharp => json(value)?,
            b'v' => plain(value)?,
            b's' => self.cut(value.text()?.to_string()),
            b'q' => quoted(&value.text()?),
            b'd' => signed(whole()?.to_string()),
            b'f' | b'F' => signed(format!("{:.*}", self.precision.unwrap_or(6), value.as_number()?)),
            b'e' => signed(exponent(value.as_number()?, self.precision.unwrap_or(6))),
            b'g' => signed(shortest(value.as_number()?)),
            b't' => value.as_bool()?.to_string(),
            b'x' => format!("{:x}", value.as_index()?),
            b'X' => format!("{:X}", value.as_index()?),
            b'o' => format!("{:o}", value.as_index()?),
            b'b' => format!("{:b}", value.as_index()?),
            _ => return None,
        };
        Some(self.padded(text))
    }

    fn cut(&self, text: String) -> String {
        match self.precision {
            Some(length) => text.chars().take(length).collect(),
            None => text,
        }
    }

    fn padded(&self, text: String) -> String {
        let missing = self.width.saturating_sub(text.chars().count());
        if self.left {
            return text + &" ".repeat(missing);
        }
        match (self.zeros, text.strip_prefix(['-', '+'])) {
            (true, Some(digits)) => format!("{}{}{digits}", &text[..1], "0".repeat(missing)),
            (true, None) => "0".repeat(missing) + &text,
            (false, _) => " ".repeat(missing) + &text,
        }
    }
}

/// The number that a text starts with, where it does, and what comes after it.
fn digits(text: &str) -> Option<(Option<usize>, &str)> {
    let end = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    if end == 0 {
        return Some((None, text));
    }
    let number = text[..end].parse::<usize>().ok().filter(|number| *number < MAX_WIDTH)?;
    Some((Some(number), &text[end..]))
}

/// A value as `%v` shows it: collections as JSON.
fn plain(value: &Value) -> Option<String> {
    match value.text() {
        Some(text) => Some(text.to_string()),
        None => json(value),
    }
}

/// `1.234500e+04`
fn exponent(number: f64, precision: usize) -> String {
    let text = format!("{number:.precision$e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let (sign, digits) = exponent.strip_prefix('-').map_or(('+', exponent), |digits| ('-', digits));
    format!("{mantissa}e{sign}{digits:0>2}")
}

/// The shortest form that stands for the number, with an exponent where that is below -4 or from 21 on.
fn shortest(number: f64) -> String {
    let size = number.abs();
    if size != 0.0 && !(1e-4..1e21).contains(&size) {
        let text = format!("{number:e}");
        let digits =
            text.split_once('e').map_or(0, |(mantissa, _)| mantissa.split_once('.').map_or(0, |(_, d)| d.len()));
        return exponent(number, digits);
    }
    number.to_string()
}

fn format(given: &Given<'_>, values: &[Value]) -> Option<Value> {
    let (pattern, arguments) = values.split_first()?;
    let pattern = pattern.text()?;
    let mut parts: Vec<Part> = Vec::new();
    let mut next = 0;
    let mut rest = &*pattern;
    while let Some((before, after)) = rest.split_once('%') {
        parts.push(Part::Literal(before.into()));
        if let Some(after) = after.strip_prefix('%') {
            parts.push(Part::Literal("%".into()));
            rest = after;
            continue;
        }
        let (directive, after) = Directive::read(after)?;
        rest = after;
        let at = directive.argument.unwrap_or(next);
        next = at + 1;
        let Some(argument) = arguments.get(at) else {
            return Some(given.invalid("format() with too few arguments"));
        };
        let collection = matches!(argument.kind, Kind::List(_) | Kind::Map(_));
        match (collection, directive.verb) {
            (true, b's') => return Some(given.invalid("a collection for %s")),
            (true, b'v') => parts.push(Part::Literal(directive.text(argument)?.into())),
            _ if argument.is_null() => return Some(given.invalid("null in format()")),
            _ if directive.is_plain() => parts.extend(argument.parts()),
            _ => parts.push(Part::Literal(directive.text(argument)?.into())),
        }
    }
    parts.push(Part::Literal(rest.into()));
    Some(Value::template(parts, given.span))
}

fn format_list(given: &Given<'_>) -> Option<Value> {
    let length = given.values.iter().filter_map(Value::items).map(<[Value]>::len).max()?;
    let mut made = Vec::with_capacity(length);
    for at in 0..length {
        let row = given.values.iter().map(|value| match value.items() {
            Some(items) => items.get(at).cloned(),
            None => Some(value.clone()),
        });
        let row = row.collect::<Option<Vec<Value>>>()?;
        made.push(format(given, &row)?);
    }
    Some(given.list(made))
}
