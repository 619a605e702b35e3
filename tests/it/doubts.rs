//! What is not understood of functions' code is counted and shown in every format.

use crate::scan::{rules, scan};
use leastwise::finding::{Doubt, Understood};
use leastwise::report::{self, Format};

const FILES: [(&str, &str); 5] = [
    (
        "template.yaml",
        r#"Transform: AWS::Serverless-2016-10-31
Globals: { Function: { CodeUri: src/, Runtime: python3.13 } }
Resources:
  Plain: { Type: "AWS::Serverless::Function", Properties: { Handler: plain.handler } }
  Dynamic: { Type: "AWS::Serverless::Function", Properties: { Handler: dynamic.handler } }
  Foreign: { Type: "AWS::Serverless::Function", Properties: { Handler: foreign.handler } }
  Gone: { Type: "AWS::Serverless::Function", Properties: { Handler: gone.handler } }
  Guessed: { Type: "AWS::Serverless::Function", Properties: { Handler: guessed.handler } }
"#,
    ),
    (
        "src/plain.py",
        "import boto3\n\n\ndef handler(event, context):\n    boto3.client('sns').publish(TopicArn='t', Message='m')\n",
    ),
    (
        "src/dynamic.py",
        "import boto3\n\n\ndef handler(event, context):\n    return getattr(boto3.client('sns'), event['do'])()\n",
    ),
    (
        "src/foreign.py",
        "import boto3\n\ns3 = boto3.client('s3', aws_access_key_id='k', aws_secret_access_key='s')\n\n\n\
         def handler(event, context):\n    s3.get_object(Bucket='b', Key='k')\n",
    ),
    ("src/guessed.py", "def handler(event, context):\n    event.s3.put_object(Bucket='b', Key='k', Body=b'')\n"),
];

fn files() -> Vec<(String, String)> {
    FILES.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
}

fn of<'a>(doubts: &'a [Doubt], name: &str) -> &'a Doubt {
    doubts.iter().find(|doubt| &*doubt.function.name == name).unwrap_or_else(|| panic!("no {name}: {doubts:#?}"))
}

#[test]
fn each_function_that_is_not_understood_says_why_and_where() {
    let (_, outcome) = scan(&files());
    let names: Vec<&str> = outcome.doubts.iter().map(|doubt| &*doubt.function.name).collect();
    assert_eq!(names, ["Dynamic", "Foreign", "Gone", "Guessed"], "{:#?}", outcome.doubts);
    let gone = of(&outcome.doubts, "Gone");
    assert_eq!(gone.understood, Understood::Not);
    assert!(gone.reasons[0].contains("gone.handler"), "{gone:#?}");
    assert_eq!(gone.location.start_line, 7);
    let dynamic = of(&outcome.doubts, "Dynamic");
    assert_eq!(dynamic.understood, Understood::Partly);
    assert_eq!((&*dynamic.places[0].location.path, dynamic.places[0].location.start_line), ("src/dynamic.py", 5));
    assert_eq!(of(&outcome.doubts, "Foreign").reasons, ["a client of s3 has credentials of its own"]);
}

#[test]
fn every_format_counts_them_and_those_for_programs_list_them() {
    let (sources, outcome) = scan(&files());
    let report = outcome.report(rules(), &sources, 0, false);
    let written = |format| {
        let mut out = Vec::new();
        report::write(&report, &sources, format, report::Options::default(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    };
    for format in [Format::Text, Format::Concise] {
        let text = written(format);
        assert!(text.contains("5 functions (3 understood in part, 1 not)"), "{text}");
    }
    let json: serde_json::Value = serde_json::from_str(&written(Format::Json)).unwrap();
    assert_eq!((&json["summary"]["understood_partly"], &json["summary"]["not_understood"]), (&3.into(), &1.into()));
    assert_eq!(json["doubts"].as_array().map(Vec::len), Some(4));
    assert_eq!(json["doubts"][0]["function"]["name"], "Dynamic");
    let sarif: serde_json::Value = serde_json::from_str(&written(Format::Sarif)).unwrap();
    assert_eq!(sarif["runs"][0]["properties"]["doubts"], json["doubts"]);
}
