//! YAML as it is read: values, spans, tags, anchors, errors.

use super::{Schema, content_lines, parse, parse_all, parse_as};
use crate::source::{SourceFile, Sources};
use crate::syntax::{Node, Value};
use std::fmt::Write;
use std::sync::Arc;

fn file(text: &str) -> Arc<SourceFile> {
    Sources::in_memory([("t.yaml", text)]).open("t.yaml").unwrap()
}

/// A node on one line; strings in quotes.
fn print(node: &Node) -> String {
    match &node.value {
        Value::Null => "null".into(),
        Value::String(text) => format!("{text:?}"),
        Value::Number(_) | Value::Bool(_) => node.as_text().unwrap().into(),
        Value::List(items) => format!("[{}]", items.iter().map(print).collect::<Vec<_>>().join(", ")),
        Value::Map(entries) => {
            let entry = |entry: &crate::syntax::Entry| format!("{}: {}", entry.key, print(&entry.value));
            format!("{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
        other => format!("{other:?}"),
    }
}

fn read(text: &str) -> String {
    let (node, problems) = parse(&file(text));
    let mut out = node.as_ref().map_or("nothing".into(), print);
    for problem in problems {
        write!(out, " !{}: {}", problem.line.unwrap_or(0), problem.message).unwrap();
    }
    out
}

#[test]
fn values() {
    for (text, expected) in [
        ("", "nothing"),
        ("# only a remark\n", "nothing"),
        ("a:\nb: ~\nc: null\n", "{a: null, b: null, c: null}"),
        ("[yes, No, ON, off, true, y, n]", r#"[true, false, true, false, true, "y", "n"]"#),
        (
            "[1, -2.5, 1e3, 0x1F, 012345678901, 1.2.3, 2012-10-17, 22:30, '7', .]",
            r#"[1, -2.5, 1e3, 0x1F, 012345678901, "1.2.3", "2012-10-17", "22:30", "7", "."]"#,
        ),
        ("a: |\n  x\n   y\n\nb: >-\n  x\n  y\n", r#"{a: "x\n y\n", b: "x y"}"#),
        ("on: 1\n2: b\nNO: c\n'No': d\n", r#"{on: 1, 2: "b", NO: "c", No: "d"}"#),
        ("- !!str yes\n- !!bool yes\n- ! 12\n- !!binary aGk=\n", r#"["yes", true, "12", "aGk="]"#),
    ] {
        assert_eq!(read(text), expected, "{text}");
    }
    let (node, _) = parse_as(&file("[yes, on, true]"), Schema::Core);
    assert_eq!(print(&node.unwrap()), r#"["yes", "on", true]"#);
    let (documents, _) = parse_all(&file("a: 1\n---\nb: 2\n"), Schema::Core);
    assert_eq!(documents.iter().map(print).collect::<Vec<_>>(), ["{a: 1}", "{b: 2}"]);
    assert_eq!(read("a: 1\n---\n}"), "{a: 1}");
}

#[test]
fn short_tags() {
    for (text, expected) in [
        ("!Ref A", r#"{Ref: "A"}"#),
        ("!Ref 12", r#"{Ref: "12"}"#),
        ("!Condition A", r#"{Condition: "A"}"#),
        ("!GetAtt A.B.C", r#"{Fn::GetAtt: ["A", "B.C"]}"#),
        ("!GetAtt [A, B]", r#"{Fn::GetAtt: ["A", "B"]}"#),
        ("!GetAZs", r#"{Fn::GetAZs: ""}"#),
        ("!GetAZs ''", r#"{Fn::GetAZs: ""}"#),
        ("!Sub\n- '${a}'\n- a: !Ref B\n", r#"{Fn::Sub: ["${a}", {a: {Ref: "B"}}]}"#),
        ("!If [c, !Ref A, !Ref AWS::NoValue]", r#"{Fn::If: ["c", {Ref: "A"}, {Ref: "AWS::NoValue"}]}"#),
        ("!Base64\n  Fn::Sub: x\n", r#"{Fn::Base64: {Fn::Sub: "x"}}"#),
        ("!Not [!Equals [a, b]]", r#"{Fn::Not: [{Fn::Equals: ["a", "b"]}]}"#),
        ("!Transform {Name: 'AWS::Include'}", r#"{Fn::Transform: {Name: "AWS::Include"}}"#),
    ] {
        assert_eq!(read(text), expected, "{text}");
    }
}

#[test]
fn anchors_and_merges() {
    for (text, expected) in [
        ("a: &x {k: 1}\nb: *x\n", "{a: {k: 1}, b: {k: 1}}"),
        ("a: &x {k: 1, l: 2}\nb:\n  l: 3\n  <<: *x\n", "{a: {k: 1, l: 2}, b: {l: 3, k: 1}}"),
        ("a: &x {k: 1}\nb: &y {k: 2, m: 3}\nc: {<<: [*x, *y]}\n", "{a: {k: 1}, b: {k: 2, m: 3}, c: {k: 1, m: 3}}"),
        (
            "&k key: &r !Ref A\nb: *k\nc: *r\n*k : d\n",
            "{key: \"d\", b: \"key\", c: {Ref: \"A\"}} \
             !4: key `key` stands twice, first on line 1; the later one is taken",
        ),
        ("a:\n  <<: text\n", "{a: {}} !2: `<<` takes a map or a list of maps; this value was left out"),
    ] {
        assert_eq!(read(text), expected, "{text}");
    }
    assert!(read("a: &x [*x]\n").contains("!1: an alias names the value that it stands in"));
}

#[test]
fn faults_name_their_line_and_never_quote() {
    for (text, expected) in [
        ("a: 1\nb: 2\na: 3\n", "{a: 3, b: 2} !3: key `a` stands twice, first on line 1; the later one is taken"),
        ("? [a]\n: b\n", "{} !1: a list or map stands as a key; only text is read as a key"),
        (
            "a: 1\nb: hunter2: x\n",
            "nothing !2: not valid YAML: a `key:` stands where none can: twice on a line, indented too far, \
             or below a key whose colon lacks its space",
        ),
        (
            "a: 1\nb:1\nc: 2\n",
            "nothing !2: not valid YAML: `key: value` was expected; a space after the colon or the colon is missing",
        ),
        (
            "a: 'b' c\n",
            "nothing !1: not valid YAML: text follows a quoted string on its line; put all of it into the quotes",
        ),
        ("a:\n\t- b\n", "nothing !2: not valid YAML: a tab indents this line; indent with spaces"),
        (
            "a: *b\n",
            "nothing !1: not valid YAML: an alias (`*name`) stands before its anchor (`&name`); define the anchor first",
        ),
    ] {
        assert_eq!(read(text), expected, "{text}");
    }
    assert!(read("a: \"hunter2\nb: c\n").starts_with("nothing !"));
    assert!(!read("a: \"hunter2\nb: c\n").contains("hunter2"));
}

#[test]
fn hostile_input_ends() {
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        writeln!(bomb, "a{level}: &a{level} [{}]", vec![format!("*a{}", level - 1); 10].join(", ")).unwrap();
    }
    let (node, problems) = parse(&file(&bomb));
    assert!(node.is_some());
    assert!(problems[0].message.contains("aliases repeat more than"), "{problems:?}");
    for text in ["[".repeat(100_000), "- ".repeat(100_000), "{a: ".repeat(100_000), "? ".repeat(50_000)] {
        assert!(parse(&file(&text)).0.is_none());
    }
    let mut chain = format!("a0: &a0 {}1{}\n", "[".repeat(200), "]".repeat(200));
    for level in 1..50 {
        writeln!(chain, "a{level}: &a{level} {}*a{}{}", "[".repeat(200), level - 1, "]".repeat(200)).unwrap();
    }
    assert!(parse(&file(&chain)).1.iter().any(|problem| problem.message.contains("deeper")));
    let wide: String = (0..50_000).map(|index| format!("k{index}: {index}\n")).collect();
    assert_eq!(parse(&file(&wide)).0.unwrap().entries().len(), 50_000);
}

#[test]
fn quoted_text_left_of_its_key_is_read_and_spans_stay() {
    let text = "a:\n  b: \"one\ntwo\nthree\" \n  c: 'd'\n  e: 'f\ng'\n";
    let file = file(text);
    let (node, problems) = parse(&file);
    assert_eq!(problems, []);
    let node = node.unwrap();
    assert_eq!(print(&node), r#"{a: {b: "one two three", c: "d", e: "f g"}}"#);
    let slice = |path: &str| &text[node.at(path).unwrap().span.range()];
    assert_eq!((slice("a.b"), slice("a.c"), slice("a.e")), ("\"one\ntwo\nthree\"", "'d'", "'f\ng'"));
}

#[test]
fn spans_cover_what_was_written() {
    let text =
        "# é\nkéy: wörld # r\nlist:\n- a\n- {b: c}\n\n\ntag: !Sub 'x'\nblock: |\n  one\n  two\n\nlast: [1,\n 2]\n";
    let file = file(text);
    let node = parse(&file).0.unwrap();
    let slice = |path: &str| &text[node.at(path).unwrap().span.range()];
    assert_eq!(slice("kéy"), "wörld");
    assert_eq!(&text[node.entry("kéy").unwrap().key_span.range()], "kéy");
    assert_eq!(slice("list"), "- a\n- {b: c}");
    assert_eq!(slice("tag"), "!Sub 'x'");
    assert_eq!(&text[node.get("tag").unwrap().entry("Fn::Sub").unwrap().key_span.range()], "!Sub");
    assert_eq!(slice("block"), "one\n  two");
    assert_eq!(slice("last"), "[1,\n 2]");
    assert_eq!(&text[node.span.range()], &text["# é\n".len()..text.len() - 1]);
}

#[test]
fn lines_of_a_literal_block() {
    let lines = |text: &str| {
        let file = file(text);
        let node = parse(&file).0.unwrap();
        let inner = node.get("a").unwrap();
        let inner = inner.get("Fn::Sub").unwrap_or(inner);
        let starts = content_lines(&file, inner.span, inner.as_text().unwrap())?;
        let at = |start: &u32| text[*start as usize..].split('\n').next().unwrap().to_owned();
        Some(starts.iter().map(at).collect::<Vec<_>>())
    };
    let some = |lines: &[&str]| Some(lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>());
    assert_eq!(lines("a: |\n  x\n    y\n\n  z\n"), some(&["x", "  y", "", "z"]));
    assert_eq!(lines("a: |\n\n\n  x\n  y"), some(&["", "", "x", "y"]));
    assert_eq!(lines("a: |2- # r\n     x\n    y\n\n"), some(&["   x", "  y"]));
    assert_eq!(lines("a: !Sub |+\n  é ${b}\n  y\n\n"), some(&["é ${b}", "y", ""]));
    assert_eq!(lines("a: |\r\n  x\r\n  y\r\n"), some(&["x\r", "y\r"]));
    assert_eq!(lines("a: >\n  x\n  y\n"), None);
    assert_eq!(lines("a: x\n  y\n"), None);
    assert_eq!(lines("a: 'x'\n"), None);
    assert_eq!(lines("a:\n  x |\n  y\n"), None);
}
