//! The formats' outputs of one report made by hand, compared with the files in tests/it/report/.
//!
//! `LEASTWISE_BLESS=1` writes the files anew; read the difference before you keep it.

use crate::sample;
use leastwise::finding::Status;
use leastwise::report::{Format, Options, write};
use leastwise::source::{Location, Sources};
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
fn sarif_is_as_it_was() {
    let version = format!("\"semanticVersion\":\"{}\"", env!("CARGO_PKG_VERSION"));
    let text = rendered(Format::Sarif, Options::default());
    assert!(text.contains(&version));
    check("report.sarif", &text.replace(&version, "\"semanticVersion\":\"0.0.0\""));
}

#[test]
fn no_format_prints_the_secret() {
    for format in Format::ALL {
        assert!(!rendered(format, Options::default()).contains("correcthorse"), "{format}");
    }
}

#[test]
fn titles_that_read_alike_are_printed_once_with_their_number() {
    let mut report = sample::report();
    report.findings.retain(|finding| &*finding.rule == "EN002" && finding.status == Status::Violated);
    report.findings.truncate(1);
    for module in ["module.a", "module.b"] {
        let mut other = report.findings[0].clone();
        other.resource.name = format!("{module}.{}", other.resource.name).into();
        other.fingerprint = module.into();
        report.findings.push(other);
    }
    let said = report.findings[0].message.clone();
    let mut out = Vec::new();
    write(&report, &sample::sources(), Format::Text, Options::default(), &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    assert_eq!(text.matches(&said).count(), 1, "{text}");
    assert!(text.contains(&format!("{said} (3 times)\n")), "{text}");
}

/// Places that lie beyond the file, in the middle of nothing, or in no file: shown as far as they go.
#[test]
fn no_place_breaks_a_format() {
    let texts =
        ["", "\n", "\t\u{1f600}\"a\\", "k: 'v\r\nPASSWORD=\"Aa1234321Bb\" \u{2028}é = `x", "a".repeat(20_000).leak()];
    let names = ["a", "b c", "d", "é", "e"];
    let sources = Sources::in_memory(names.into_iter().zip(texts));
    let mut seed = 7_u32;
    let mut next = |most: u32| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let number = seed >> 8;
        if number.is_multiple_of(11) { u32::MAX - number % 2 } else { number % most }
    };
    let mut report = sample::report();
    let templates = report.findings.clone();
    for index in 0..600 {
        let mut finding = templates[index % templates.len()].clone();
        let path = ["a", "b c", "d", "é", "e", "gone"][index % 6].into();
        let (start_line, start_column, end_line, end_column) = (next(4), next(40), next(4), next(40));
        finding.location = Location { path, start_line, start_column, end_line, end_column };
        finding.rule = ["SE001", "EN002", "XX999"][index % 3].into();
        report.findings.push(finding);
    }
    report.findings.sort();
    for format in Format::ALL {
        for width in [None, Some(1), Some(33), Some(300)] {
            let mut out = Vec::new();
            write(&report, &sources, format, Options { color: true, width, ..Options::default() }, &mut out).unwrap();
            let text = String::from_utf8(out).unwrap();
            assert!(!text.contains("Aa1234321Bb"), "{format}");
        }
    }
}
