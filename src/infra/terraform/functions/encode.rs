//! Functions that write and read encodings.

use super::super::value::{Document, Kind, Map, MapEntry, Value};
use super::given::{Found, Given};
use crate::syntax::{Node, Part, UnknownKind, Value as Tree};
use sha2::Digest;
use std::sync::Arc;

pub(super) fn call(name: &str, given: &Given<'_>) -> Option<Found> {
    let value = match name {
        "jsonencode" => given.at(0).map(|value| encoded(value, given)),
        "jsondecode" => given.at(0).and_then(|value| decoded(value, given)),
        "base64encode" => given.text(0).map(|text| given.string(base64(text.as_bytes()))),
        "base64decode" => given.text(0).and_then(|text| plain(&text)).map(|text| given.string(text)),
        "urlencode" => given.text(0).map(|text| given.string(url(&text))),
        "sha256" => given.text(0).map(|text| given.string(hex(&sha2::Sha256::digest(text.as_bytes())))),
        "sha512" => given.text(0).map(|text| given.string(hex(&sha2::Sha512::digest(text.as_bytes())))),
        "base64sha512" => given.text(0).map(|text| given.string(base64(&sha2::Sha512::digest(text.as_bytes())))),
        "md5" => given.text(0).map(|text| given.string(hex(&md5::Md5::digest(text.as_bytes())))),
        "sha1" => given.text(0).map(|text| given.string(hex(&sha1::Sha1::digest(text.as_bytes())))),
        "uuidv5" => {
            given.text(0).zip(given.text(1)).and_then(|(space, name)| uuid(&space, &name)).map(|id| given.string(id))
        }
        "textencodebase64" => wide(given, true),
        "textdecodebase64" => wide(given, false),
        "urldecode" => given.text(0).and_then(|text| unescaped(&text)).map(|text| given.string(text)),
        "base64gzip" | "base64gunzip" | "rsadecrypt" => {
            Some(Value::unknown(UnknownKind::Expression, format!("{name}()"), given.span))
        }
        "base64sha256" => given.text(0).map(|text| given.string(base64(&sha2::Sha256::digest(text.as_bytes())))),
        _ => return None,
    };
    Some(value.into())
}

/// A document: its tree for those who read it, its text for those who join it to other text.
fn encoded(value: &Value, given: &Given<'_>) -> Value {
    let mut text = Vec::new();
    write(value, &mut text);
    match &value.kind {
        Kind::List(_) | Kind::Map(_) => {
            let text = Value::template(text, given.span).parts();
            Value::new(Kind::Document(Arc::new(Document { tree: value.to_node(), text })), given.span)
        }
        Kind::Unknown(_) | Kind::Either(_) => Value::new(Kind::Unknown(value.why()), given.span),
        _ => Value::template(text, given.span),
    }
}

/// The JSON text of a value that is known in full.
pub(super) fn json(value: &Value) -> Option<String> {
    let mut text = Vec::new();
    write(value, &mut text);
    match Value::template(text, value.span).kind {
        Kind::String(text) => Some(text.to_string()),
        _ => None,
    }
}

/// JSON as Terraform writes it: no spaces, keys in order, `<`, `>` and `&` escaped.
fn write(value: &Value, text: &mut Vec<Part>) {
    let mut put = |piece: String| text.push(Part::Literal(piece.into()));
    match &value.kind {
        Kind::Null => put("null".into()),
        Kind::Bool(_) | Kind::Number(_) => put(value.text().unwrap_or_default().to_string()),
        Kind::String(string) => put(quoted(string)),
        Kind::List(items) => {
            put("[".into());
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    text.push(Part::Literal(",".into()));
                }
                write(item, text);
            }
            text.push(Part::Literal("]".into()));
        }
        Kind::Map(map) => {
            put("{".into());
            for (at, entry) in map.sorted().into_iter().enumerate() {
                let comma = if at > 0 { "," } else { "" };
                text.push(Part::Literal(format!("{comma}{}:", quoted(&entry.key)).into()));
                write(&entry.value, text);
            }
            text.extend(map.rest.clone().map(Part::Unknown));
            text.push(Part::Literal("}".into()));
        }
        Kind::Unknown(_) | Kind::Invalid(_) | Kind::Either(_) => text.push(Part::Unknown(value.why())),
        Kind::Template(_) | Kind::Document(_) | Kind::Resource(_) => {
            put("\"".into());
            for part in value.parts() {
                text.push(match part {
                    Part::Literal(literal) => {
                        let escaped = quoted(&literal);
                        Part::Literal(escaped.get(1..escaped.len() - 1).unwrap_or_default().into())
                    }
                    other => other,
                });
            }
            text.push(Part::Literal("\"".into()));
        }
    }
}

/// A JSON string.
pub(super) fn quoted(text: &str) -> String {
    let plain = serde_json::to_string(text).unwrap_or_default();
    let escaped = plain.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026");
    escaped.replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}

fn decoded(value: &Value, given: &Given<'_>) -> Option<Value> {
    match &value.kind {
        Kind::Document(document) => Some(from_node(&document.tree)),
        _ => {
            let parsed: serde_json::Value = serde_json::from_str(&value.text()?).ok()?;
            Some(from_json(&parsed, given))
        }
    }
}

pub(in super::super) fn from_node(node: &Node) -> Value {
    let span = node.span;
    match &node.value {
        Tree::Null | Tree::Absent => Value::null(span),
        Tree::Bool(value) => Value::bool(*value, span),
        Tree::Number(text) => Value::number(number(text), span),
        Tree::String(text) => Value::string(text.clone(), span),
        Tree::Template(parts) => Value::template(parts.clone(), span),
        Tree::List(items) => Value::list(items.iter().map(from_node).collect(), span),
        Tree::Map(entries) => {
            let entry = |entry: &crate::syntax::Entry| MapEntry {
                key: entry.key.clone(),
                span: entry.key_span,
                value: from_node(&entry.value),
            };
            Value::map(entries.iter().map(entry).collect(), None, span)
        }
        Tree::Either { condition, then, otherwise } => {
            Value::either(condition.clone(), from_node(then), from_node(otherwise), span)
        }
        Tree::Unknown(unknown) => Value::new(Kind::Unknown(unknown.clone()), span),
    }
}

/// A number, also one in hexadecimal digits as YAML has them.
fn number(text: &str) -> f64 {
    let digits = text.strip_prefix("0x").and_then(|digits| u32::from_str_radix(digits, 16).ok());
    digits.map(f64::from).or_else(|| text.parse().ok()).unwrap_or_default()
}

fn from_json(json: &serde_json::Value, given: &Given<'_>) -> Value {
    match json {
        serde_json::Value::Null => Value::null(given.span),
        serde_json::Value::Bool(value) => given.bool(*value),
        serde_json::Value::Number(number) => Value::number(number.as_f64().unwrap_or_default(), given.span),
        serde_json::Value::String(text) => given.string(text.as_str()),
        serde_json::Value::Array(items) => given.list(items.iter().map(|item| from_json(item, given)).collect()),
        serde_json::Value::Object(object) => {
            let mut map = Map::default();
            for (key, value) in object {
                map.set(MapEntry { key: key.as_str().into(), span: given.span, value: from_json(value, given) });
            }
            Value::new(Kind::Map(Arc::new(map)), given.span)
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Base 64 with padding (RFC 4648, section 4).
pub(super) fn base64(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| usize::from(chunk.get(at).copied().unwrap_or_default());
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..4 {
            let letter = LETTERS.get(bits >> (18 - 6 * at) & 63).copied().unwrap_or(b'=');
            text.push(if at > chunk.len() { '=' } else { char::from(letter) });
        }
    }
    text
}

fn plain(text: &str) -> Option<String> {
    String::from_utf8(bytes(text)?).ok()
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count) = (0_usize, 0_u32);
    for letter in text.trim_end_matches('=').bytes() {
        bits = (bits << 6 | LETTERS.iter().position(|known| *known == letter)?) & 0xFF_FFFF;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xFF).ok()?);
        }
    }
    Some(bytes)
}

/// Text in another encoding, as base 64, and back.
fn wide(given: &Given<'_>, encode: bool) -> Option<Value> {
    let (text, encoding) = (given.text(0)?, given.text(1)?.to_ascii_uppercase());
    let unit: fn([u8; 2]) -> u16 = if encoding == "UTF-16BE" { u16::from_be_bytes } else { u16::from_le_bytes };
    let pair: fn(u16) -> [u8; 2] = if encoding == "UTF-16BE" { u16::to_be_bytes } else { u16::to_le_bytes };
    match (&*encoding, encode) {
        ("UTF-8", true) => Some(given.string(base64(text.as_bytes()))),
        ("UTF-8", false) => plain(&text).map(|text| given.string(text)),
        ("UTF-16LE" | "UTF-16BE", true) => {
            Some(given.string(base64(&text.encode_utf16().flat_map(pair).collect::<Vec<u8>>())))
        }
        ("UTF-16LE" | "UTF-16BE", false) => {
            let units: Vec<u16> = bytes(&text)?.as_chunks::<2>().0.iter().map(|pair| unit(*pair)).collect();
            String::from_utf16(&units).ok().map(|text| given.string(text))
        }
        _ => None,
    }
}

/// A name's UUID of version 5 (RFC 9562, section 5.5) in one of the four known name spaces, or that of another UUID.
fn uuid(space: &str, name: &str) -> Option<String> {
    let known = ["dns", "url", "oid", "x500"].into_iter().zip([0x10_u8, 0x11, 0x12, 0x14]);
    let space = match known.into_iter().find(|(word, _)| *word == space) {
        Some((_, last)) => format!("6ba7b8{last:02x}-9dad-11d1-80b4-00c04fd430c8"),
        None => space.to_owned(),
    };
    let digits: String = space.chars().filter(|letter| *letter != '-').collect();
    let space = u128::from_str_radix(&digits, 16).ok().filter(|_| digits.len() == 32)?;
    let hash = sha1::Sha1::new().chain_update(space.to_be_bytes()).chain_update(name.as_bytes()).finalize();
    let mut bytes: [u8; 16] = hash.first_chunk::<16>().copied()?;
    bytes[6] = bytes[6] & 0x0f | 0x50;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let text = hex(&bytes);
    let ends = [(0, 8), (8, 12), (12, 16), (16, 20), (20, 32)];
    Some(ends.map(|(from, to)| text.get(from..to).unwrap_or_default()).join("-"))
}

fn unescaped(text: &str) -> Option<String> {
    let spaced = text.replace('+', " ");
    percent_encoding::percent_decode_str(&spaced).decode_utf8().ok().map(|text| text.into_owned())
}

fn url(text: &str) -> String {
    let mut made = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => made.push(char::from(byte)),
            b' ' => made.push('+'),
            _ => made.push_str(&format!("%{byte:02X}")),
        }
    }
    made
}
