//! Every fixture: golden reports in each format, the same bytes for the same input.

use crate::files::{entries, name, root};
use crate::scan::{rules, scan_below};
use leastwise::finding::Status;
use leastwise::flow::Outcome;
use leastwise::report::{self, Format, Report};
use leastwise::source::{Sources, collect};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn reports_are_as_committed() {
    let mut faults = Vec::new();
    for fixture in fixtures() {
        let files = files_of(&fixture);
        for format in Format::ALL {
            let text = render(&files, format);
            let path = root().join("reports").join(format!("{}.{}", name(&fixture), extension(format)));
            if std::env::var_os("LEASTWISE_BLESS").is_some() {
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(&path, &text).unwrap();
            }
            if fs::read_to_string(&path).unwrap_or_default() != text {
                faults.push(path.display().to_string());
            }
        }
    }
    assert!(faults.is_empty(), "LEASTWISE_BLESS=1 writes anew, then read the difference:\n{}", faults.join("\n"));
}

#[test]
fn sarif_of_every_fixture_passes_the_three_checks() {
    for fixture in fixtures() {
        let text = render(&files_of(&fixture), Format::Sarif);
        let faults = crate::sarif::faults(&text);
        assert!(faults.is_empty(), "{}: {faults:#?}", name(&fixture));
    }
}

#[test]
fn the_number_of_threads_changes_no_byte() {
    for fixture in fixtures() {
        let files = files_of(&fixture);
        let with = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).stack_size(64 << 20).build().unwrap();
            pool.install(|| render(&files, Format::Json))
        };
        assert_eq!(with(1), with(8), "{}", name(&fixture));
    }
}

#[test]
fn folders_above_change_no_fingerprint() {
    for fixture in fixtures() {
        let files = files_of(&fixture);
        let moved: Files = files.iter().map(|(path, text)| (format!("deep/down/{path}"), text.clone())).collect();
        let prints = |outcome: &Outcome| {
            let told = outcome.findings.iter().filter(|finding| finding.status != Status::Unknown);
            let mut prints: Vec<_> = told.map(|finding| finding.fingerprint.clone()).collect();
            prints.sort();
            prints
        };
        assert_eq!(prints(&scan(&files).1), prints(&scan_below(&moved, "deep/down/").1), "{}", name(&fixture));
    }
}

/// Texts by path.
pub type Files = BTreeMap<String, String>;

/// Scans the files of a fixture.
pub fn scan(files: &Files) -> (Sources, Outcome) {
    scan_below(files, "")
}

fn render(files: &Files, format: Format) -> String {
    let (sources, outcome) = scan(files);
    let report = Report { paths_base: ".".to_owned(), ..outcome.report(rules(), &sources, 0, false) };
    let mut out = Vec::new();
    report::write(&report, &sources, format, report::Options::default(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// The files of a fixture, by their path in it.
pub fn files_of(fixture: &Path) -> Files {
    let (collected, problems) = collect(fixture, &[fixture.to_path_buf()], &[]);
    assert!(problems.is_empty(), "{problems:?}");
    let paths = collected.sources.walked_under("");
    paths.iter().map(|(path, _)| (path.to_string(), fs::read_to_string(fixture.join(&**path)).unwrap())).collect()
}

/// The folders of the fixtures.
pub fn fixtures() -> Vec<PathBuf> {
    entries(&root().join("fixtures"))
}

fn extension(format: Format) -> &'static str {
    match format {
        Format::Text => "txt",
        Format::Concise => "concise.txt",
        Format::Json => "json",
        Format::Sarif => "sarif",
    }
}
