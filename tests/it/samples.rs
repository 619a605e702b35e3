//! Checks the data of the read samples: every rule is there, and nine of ten findings were right.

use std::collections::BTreeMap;
use std::path::Path;

const HEADER: &str = "repository\tcommit\tpath\tline\trule\tverdict\treason";

#[test]
fn nine_of_ten_findings_that_were_read_are_right() {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples.tsv")).unwrap();
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some(HEADER));
    // For each rule: rows, right ones, and whether it says that none was found.
    let mut rules: BTreeMap<&str, (usize, usize, bool)> = BTreeMap::new();
    for line in lines {
        let fields: Vec<&str> = line.split('\t').collect();
        let [repository, commit, path, number, rule, verdict, reason] = fields.as_slice() else {
            panic!("seven fields: {line}");
        };
        let entry = rules.entry(rule).or_default();
        assert!(!reason.is_empty(), "a reason: {line}");
        match *verdict {
            "none found" => entry.2 = true,
            "right" | "wrong" => {
                entry.0 += 1;
                entry.1 += usize::from(*verdict == "right");
                assert!(repository.contains('/') && !path.is_empty(), "{line}");
                assert!(commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit()), "{line}");
                assert!(number.parse::<u32>().is_ok_and(|number| number > 0), "{line}");
            }
            other => panic!("no verdict: {other}"),
        }
    }
    for rule in crate::scan::rules().set.rules.keys() {
        let Some((rows, right, none)) = rules.remove(&**rule) else { panic!("{rule} was not sampled") };
        assert!((rows == 0) == none, "{rule}: rows, or none found");
        assert!(right * 10 >= rows * 9, "{rule}: {right} of {rows} are right");
    }
    assert!(rules.is_empty(), "rules that are not there: {rules:?}");
}
