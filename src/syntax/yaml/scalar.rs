//! What a plain scalar stands for: null, a truth value, a number or a string.

use crate::syntax::Value;

/// Which words a plain scalar may stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schema {
    /// YAML 1.1 without its dates and base-60 numbers: `yes`, `no`, `on` and `off` are truth values.
    ///
    /// CloudFormation (User Guide, "template formats") and the AWS command line read templates so.
    Yaml11,
    /// YAML 1.2's core schema: only `true` and `false` are. The Serverless Framework reads its files so.
    Core,
}

/// The value of a plain scalar without a tag. Numbers keep their text, leading zeros too.
pub(super) fn plain(text: &str, schema: Schema) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        _ => match truth(text, schema) {
            Some(truth) => Value::Bool(truth),
            None if is_number(text) => Value::Number(text.into()),
            None => Value::String(text.into()),
        },
    }
}

/// What a key may be written as that a plain scalar names: itself, and for `true` and `false` every word of YAML 1.1 for
/// it. Keys keep their text as written, while the value that names one (`!FindInMap [Map, NO, x]`) has become a truth value.
pub fn spellings(key: &str) -> impl Iterator<Item = &str> {
    let others: &[&str] = match key {
        "true" => &["True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON"],
        "false" => &["False", "FALSE", "no", "No", "NO", "off", "Off", "OFF"],
        _ => &[],
    };
    std::iter::once(key).chain(others.iter().copied())
}

fn truth(text: &str, schema: Schema) -> Option<bool> {
    match text {
        "true" | "True" | "TRUE" => Some(true),
        "false" | "False" | "FALSE" => Some(false),
        _ if schema == Schema::Core => None,
        "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Some(true),
        "no" | "No" | "NO" | "off" | "Off" | "OFF" => Some(false),
        _ => None,
    }
}

/// Digits with an optional sign, fraction and exponent, or `0x` and hexadecimal digits.
fn is_number(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if let Some(digits) = unsigned.strip_prefix("0x") {
        return !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    }
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let exponent = exponent.is_none_or(|exponent| {
        let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        !exponent.is_empty() && digits(exponent)
    });
    whole.len() + fraction.len() > 0 && digits(whole) && digits(fraction) && exponent
}
