//! Every fixture: golden reports in each format, and what must hold however its text is changed.

use crate::files::{entries, name, root};
use crate::scan::{rules, scan_below};
use leastwise::finding::{Finding, Status};
use leastwise::flow::Outcome;
use leastwise::infra::Options;
use leastwise::report::{self, Format, Report};
use leastwise::source::{Sources, collect};
use std::collections::{BTreeMap, BTreeSet};
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

#[test]
fn seven_lines_on_top_move_every_line_by_seven() {
    for fixture in fixtures() {
        let files = files_of(&fixture);
        let (_, before) = scan(&files);
        let (_, after) = scan(&files.iter().map(|(path, text)| (path.clone(), lower(path, text))).collect());
        let shift = |finding: &Finding| {
            let mut finding = finding.clone();
            let move_down = |location: &mut leastwise::source::Location| {
                location.start_line += 7;
                location.end_line += 7;
            };
            move_down(&mut finding.location);
            finding.related.iter_mut().chain(&mut finding.flow).for_each(|place| move_down(&mut place.location));
            finding
        };
        let expected: Vec<Finding> = before.findings.iter().map(shift).collect();
        assert_eq!(after.findings, expected, "{}", name(&fixture));
    }
}

/// Any one scalar replaced by a parameter without default: its finding may become unknown, no other is lost.
#[test]
fn a_scalar_made_unknown_loses_no_other_finding() {
    let mut tried = 0;
    let mut lost = Vec::new();
    for fixture in fixtures().into_iter().filter(|fixture| name(fixture) != "account") {
        let files = files_of(&fixture);
        let (sources, before) = scan(&files);
        let places = told(&before.findings);
        for (path, text) in files.iter().filter(|(path, _)| is_template(path)) {
            for span in scalars(&sources, path) {
                let Some(changed) = unknown_at(path, text, &span) else { continue };
                tried += 1;
                let mut files = files.clone();
                files.insert(path.clone(), changed.clone());
                let (_, after) = scan(&files);
                let left = all(&after.findings);
                let line = text[..span.start].matches('\n').count() + 1;
                for (rule, place, subject) in &places {
                    // The scalar's own finding may go where what it names cannot be told any more.
                    let own = place.0 == *path && place.1 == line;
                    let still = left.iter().any(|(other, _, of)| other == rule && (of == subject || own));
                    let message = format!(
                        "{}: {path}:{line} `{}` made unknown lost {rule} of {subject} at {place:?}",
                        name(&fixture),
                        &text[span.clone()]
                    );
                    if !(still || own || names(&text[span.clone()], subject)) {
                        lost.push(message);
                    }
                }
            }
        }
    }
    assert!(lost.is_empty(), "{}", lost.join("\n"));
    assert!(tried > 90, "only {tried} scalars were tried");
}

type Files = BTreeMap<String, String>;

/// Rule, place and subject of the findings that are told.
fn told(findings: &[Finding]) -> Vec<(String, (String, usize), String)> {
    all(&findings.iter().filter(|finding| finding.status != Status::Unknown).cloned().collect::<Vec<_>>())
}

fn all(findings: &[Finding]) -> Vec<(String, (String, usize), String)> {
    let key = |finding: &Finding| {
        let place = (finding.location.path.to_string(), finding.location.start_line as usize);
        (finding.rule.to_string(), place, finding.resource.name.to_string())
    };
    findings.iter().map(key).collect()
}

/// Whether the scalar is what the subject is called by.
fn names(scalar: &str, subject: &str) -> bool {
    subject.contains(scalar.trim_matches('"'))
}

fn is_template(path: &str) -> bool {
    [".yaml", ".yml", ".tf"].iter().any(|extension| path.ends_with(extension))
}

/// The byte ranges of the scalars of a template's resources.
fn scalars(sources: &Sources, path: &str) -> Vec<std::ops::Range<usize>> {
    let (projects, _) = leastwise::infra::read(sources, &Options::default());
    let file = sources.open(path).unwrap();
    let mut ranges = BTreeSet::new();
    for resource in projects.iter().flat_map(|project| &project.resources) {
        resource.properties.visit(&mut |node| {
            let whole = file.text.get(node.span.range()).unwrap_or_default();
            let scalar = node.as_text().is_some_and(|text| whole.trim_matches('"') == text);
            if node.span.file == file.id && scalar && !whole.is_empty() {
                ranges.insert((node.span.start as usize, node.span.end as usize));
            }
        });
    }
    ranges.into_iter().map(|(start, end)| start..end).collect()
}

/// The text with the scalar replaced by what is not known.
fn unknown_at(path: &str, text: &str, span: &std::ops::Range<usize>) -> Option<String> {
    let (value, appended) = if path.ends_with(".tf") {
        ("var.not_known_here", "\nvariable \"not_known_here\" {}\n")
    } else if path.contains("serverless") {
        ("\"${env:NOT_KNOWN_HERE}\"", "")
    } else {
        ("!Ref NotKnownHere", "")
    };
    let mut changed = format!("{}{value}{}{appended}", &text[..span.start], &text[span.end..]);
    if !path.contains("serverless") && !path.ends_with(".tf") {
        let at = changed.find("\nResources:")?;
        let parameter = "  NotKnownHere:\n    Type: String\n";
        changed = match changed.find("\nParameters:\n") {
            Some(parameters) => {
                let at = parameters + "\nParameters:\n".len();
                format!("{}{parameter}{}", &changed[..at], &changed[at..])
            }
            None => format!("{}\nParameters:\n{parameter}{}", &changed[..at], &changed[at..]),
        };
    }
    Some(changed)
}

/// The text with seven lines of comment on top; JSON takes blank ones.
fn lower(path: &str, text: &str) -> String {
    let line = match path.rsplit('.').next() {
        Some("json") => "\n",
        Some("js" | "ts" | "rs") => "// moved\n",
        _ => "# moved\n",
    };
    line.repeat(7) + text
}

fn scan(files: &Files) -> (Sources, Outcome) {
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
fn files_of(fixture: &Path) -> Files {
    let (collected, problems) = collect(fixture, &[fixture.to_path_buf()], &[]);
    assert!(problems.is_empty(), "{problems:?}");
    let paths = collected.sources.walked_under("");
    paths.iter().map(|(path, _)| (path.to_string(), fs::read_to_string(fixture.join(&**path)).unwrap())).collect()
}

fn fixtures() -> Vec<PathBuf> {
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
