//! The formats' outputs of one report made by hand, compared with the files in tests/it/report/.
//!
//! `LEASTWISE_BLESS=1` writes the files anew; read the difference before you keep it.

use crate::sample;
use leastwise::report::{Format, Options, write};
use std::path::Path;

fn rendered(format: Format, options: Options<'_>) -> String {
    let mut out = Vec::new();
    write(&sample::report(), &sample::sources(), format, options, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[track_caller]
fn check(name: &str, actual: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/report").join(name);
    if std::env::var_os("LEASTWISE_BLESS").is_some() {
        std::fs::write(&path, actual).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(actual == expected, "{name} differs; LEASTWISE_BLESS=1 writes it anew:\n{actual}");
}

#[test]
fn text_is_as_it_was() {
    check("report.txt", &rendered(Format::Text, Options::default()));
}

#[test]
fn text_on_a_terminal_of_eighty_columns_is_as_it_was() {
    check("report.80.txt", &rendered(Format::Text, Options { width: Some(80), ..Options::default() }));
}

#[test]
fn colour_changes_nothing_but_the_colour() {
    let colored = rendered(Format::Text, Options { color: true, ..Options::default() });
    let mut plain = String::new();
    let mut rest = colored.as_str();
    while let Some(escape) = rest.find('\u{1b}') {
        plain.push_str(&rest[..escape]);
        rest = rest[escape..].split_once('m').unwrap().1;
    }
    assert!(colored.len() > plain.len());
    assert_eq!(plain + rest, rendered(Format::Text, Options::default()));
}

#[test]
fn concise_is_as_it_was() {
    check("report.concise", &rendered(Format::Concise, Options::default()));
}

#[test]
fn json_is_as_it_was_and_is_json() {
    let text = rendered(Format::Json, Options::default());
    check("report.json", &text);
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    let keys: Vec<&str> = value["findings"][0].as_object().unwrap().keys().map(String::as_str).collect();
    let order = "rule name severity status confidence message help profiles resource location related flow fingerprint";
    assert_eq!(keys.join(" "), order);
}

#[test]
fn no_format_prints_the_secret() {
    for format in Format::ALL {
        assert!(!rendered(format, Options::default()).contains("correcthorse"), "{format}");
    }
}
