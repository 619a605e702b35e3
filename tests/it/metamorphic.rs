//! What must hold however a project's text is changed: on every fixture, and on public projects where
//! `LEASTWISE_PUBLIC` names a folder with checkouts.

use crate::files::{entries, name};
use crate::fixtures::{Files, files_of, fixtures, scan};
use leastwise::finding::{Finding, Status};
use leastwise::infra::{self, Options};
use leastwise::model::Format;
use leastwise::source::{Location, Sources, collect};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

#[test]
fn seven_lines_on_top_move_every_line_by_seven() {
    for fixture in fixtures() {
        let faults = moved(&files_of(&fixture));
        assert!(faults.is_empty(), "{}: {}", name(&fixture), faults.join("\n"));
    }
}

/// Any one scalar replaced by a parameter without default: its finding may become unknown, no other is lost.
#[test]
fn a_scalar_made_unknown_loses_no_other_finding() {
    let mut tried = 0;
    let mut faults = Vec::new();
    for fixture in fixtures().into_iter().filter(|fixture| name(fixture) != "account") {
        let (count, lost) = made_unknown(&files_of(&fixture), usize::MAX);
        tried += count;
        faults.extend(lost.into_iter().map(|line| format!("{}: {line}", name(&fixture))));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(tried > 90, "only {tried} scalars were tried");
}

/// Code of which it is not known whether a function runs it is not passed, and code that none can run is not asked about.
#[test]
fn code_that_a_function_may_run_cannot_be_told() {
    let function = |uri: &str| {
        format!(
            "Transform: AWS::Serverless-2016-10-31\nParameters:\n  Where:\n    Type: String\nResources:\n  F:\n    \
             Type: AWS::Serverless::Function\n    Properties:\n      Runtime: python3.13\n      Handler: app.handler\n      \
             CodeUri: {uri}\n"
        )
    };
    let python = "def handler(event, context):\n    print(event)\n";
    let files = |uri: &str| {
        let rows = [
            ("one/template.yaml", function(uri)),
            ("one/src/app.py", python.into()),
            ("one/src/other.py", python.into()),
            ("one/src/test_app.py", python.into()),
            ("one/src/page.js", "exports.handler = async (event) => { console.log(event); };\n".into()),
            ("one/two/template.yaml", function("src")),
            ("one/two/src/app.py", "def handler(event, context):\n    return 1\n".into()),
            ("three/app.py", python.into()),
        ];
        rows.into_iter().map(|(path, text)| (path.to_owned(), text)).collect::<Files>()
    };
    let logged = |uri: &str| {
        let (_, outcome) = scan(&files(uri));
        let findings = outcome.findings.into_iter().filter(|finding| &*finding.rule == "LG027");
        findings.map(|finding| (finding.location.path.to_string(), finding.status, finding.message)).collect::<Vec<_>>()
    };
    let known = logged("src");
    assert!(known.iter().all(|(_, status, _)| *status == Status::Violated), "{known:?}");
    let open = logged("!Ref Where");
    let paths: Vec<&str> = open.iter().map(|(path, ..)| &**path).collect();
    assert_eq!(paths, ["one/src/app.py", "one/src/other.py"], "{open:?}");
    for (_, status, message) in &open {
        assert_eq!(*status, Status::Unknown);
        assert!(message.contains("it may be code of F: where its code lies is not known"), "{message}");
    }
}

/// Scalars that are made unknown in each public project.
const SCALARS: usize = 6;

#[test]
fn public_projects_keep_what_holds_for_fixtures() {
    let Some(folder) = std::env::var_os("LEASTWISE_PUBLIC").map(PathBuf::from) else {
        eprintln!("LEASTWISE_PUBLIC names no folder of checkouts: not tried");
        return;
    };
    let mut faults = Vec::new();
    for (format, projects) in chosen(&folder, 50) {
        let mut tried = 0;
        for (checkout, path) in &projects {
            let files = files_below(&checkout.join(path));
            let place = format!("{}/{path}", name(checkout));
            faults.extend(moved(&files).into_iter().map(|line| format!("{place}: moved: {line}")));
            let (count, lost) = made_unknown(&files, SCALARS);
            tried += count;
            faults.extend(lost.into_iter().map(|line| format!("{place}: {line}")));
        }
        eprintln!("{format:?}: {} projects, {tried} scalars made unknown", projects.len());
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Up to `count` folders of projects of each template format, drawn by a fixed hash of their path.
fn chosen(folder: &Path, count: usize) -> BTreeMap<Format, Vec<(PathBuf, String)>> {
    let mut found: BTreeMap<Format, BTreeSet<(u64, PathBuf, String)>> = BTreeMap::new();
    for checkout in entries(folder) {
        let (collected, _) = collect(&checkout, std::slice::from_ref(&checkout), &[]);
        let (projects, _) = infra::read(&collected.sources, &Options::default());
        let mut below: BTreeMap<&str, usize> = BTreeMap::new();
        projects.iter().for_each(|project| *below.entry(project.folder()).or_default() += 1);
        for project in &projects {
            let mut hasher = DefaultHasher::new();
            (20_261_121_u32, name(&checkout), &project.path).hash(&mut hasher);
            let folder = project.folder();
            // A folder of many templates, a checkout's own among them, says nothing more and takes long.
            let small = below[folder] <= 3 && collected.sources.walked_under(folder).len() <= 60;
            if small && !folder.is_empty() && project.format != Format::Account {
                found.entry(project.format).or_default().insert((hasher.finish(), checkout.clone(), folder.to_owned()));
            }
        }
    }
    let first = |all: BTreeSet<(u64, PathBuf, String)>| {
        all.into_iter().take(count).map(|(_, checkout, folder)| (checkout, folder)).collect()
    };
    found.into_iter().map(|(format, all)| (format, first(all))).collect()
}

/// The text files of a folder that are read as templates or code.
fn files_below(folder: &Path) -> Files {
    let (collected, _) = collect(folder, &[folder.to_path_buf()], &[]);
    let paths = collected.sources.walked_under("");
    let text = |path: &str| Some((path.to_owned(), fs::read_to_string(folder.join(path)).ok()?));
    paths.iter().filter_map(|(path, _)| text(path)).collect()
}

/// What differs beside the lines when every file has seven lines more on top.
fn moved(files: &Files) -> Vec<String> {
    let (_, before) = scan(files);
    let (_, after) = scan(&files.iter().map(|(path, text)| (path.clone(), lower(path, text))).collect());
    let shift = |finding: &Finding| {
        let mut finding = finding.clone();
        let move_down = |location: &mut Location| {
            if lower(&location.path, "").is_empty() {
                return;
            }
            location.start_line += 7;
            location.end_line += 7;
        };
        move_down(&mut finding.location);
        finding.related.iter_mut().chain(&mut finding.flow).for_each(|place| move_down(&mut place.location));
        finding
    };
    let expected: Vec<Finding> = before.findings.iter().map(shift).collect();
    let shown = |finding: &Finding| {
        let place = &finding.location;
        format!("{}:{} {} {}", place.path, place.start_line, finding.rule, finding.message)
    };
    let lacking = expected.iter().filter(|finding| !after.findings.contains(finding));
    let extra = after.findings.iter().filter(|finding| !expected.contains(finding));
    let lacking = lacking.map(|finding| format!("lacks {}", shown(finding)));
    lacking.chain(extra.map(|finding| format!("has {}", shown(finding)))).collect()
}

/// How many scalars were made unknown one at a time, at most `most`, and which findings were lost.
fn made_unknown(files: &Files, most: usize) -> (usize, Vec<String>) {
    let (mut tried, mut lost) = (0, Vec::new());
    let (sources, before) = scan(files);
    let places = told(&before.findings);
    let templates = files.iter().filter(|(path, _)| is_template(path));
    let all =
        templates.flat_map(|(path, text)| scalars(&sources, path).into_iter().map(move |span| (path, text, span)));
    let all: Vec<_> = all.collect();
    for (path, text, span) in all.iter().step_by((all.len() / most).max(1)).take(most) {
        let Some(changed) = unknown_at(path, text, span) else { continue };
        tried += 1;
        let mut files = (*files).clone();
        files.insert((*path).clone(), changed);
        let (_, after) = scan(&files);
        let left = self::all(&after.findings);
        let line = text[..span.start].matches('\n').count() + 1;
        for (rule, place, subject) in &places {
            // The scalar's own finding may go where what it names cannot be told any more.
            let own = place.0 == **path && place.1 == line;
            let still = left.iter().any(|(other, _, of)| other == rule && (of == subject || own));
            let scalar = &text[span.clone()];
            if !(still || own || names(scalar, subject)) {
                lost.push(format!("{path}:{line} `{scalar}` made unknown lost {rule} of {subject} at {place:?}"));
            }
        }
    }
    (tried, lost)
}

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

/// Whether the scalar is what the subject is called by, or the handler in the file that is the subject.
fn names(scalar: &str, subject: &str) -> bool {
    let scalar = scalar.trim_matches('"');
    let file = subject.rsplit_once('.').map_or(subject, |(stem, _)| stem);
    subject.contains(scalar) || scalar.strip_prefix(file).is_some_and(|rest| rest.starts_with('.'))
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
        ("\"${var.not_known_here}\"", "\nvariable \"not_known_here\" {}\n")
    } else if path.contains("serverless") {
        ("\"${env:NOT_KNOWN_HERE}\"", "")
    } else {
        ("!Ref NotKnownHere", "")
    };
    let mut changed = format!("{}{value}{}{appended}", &text[..span.start], &text[span.end..]);
    if !path.contains("serverless") && !path.ends_with(".tf") {
        let at = changed.find("\nResources:")?;
        let parameter = |indent: usize| {
            let indent = " ".repeat(indent);
            format!("{indent}NotKnownHere:\n{indent}  Type: String\n")
        };
        changed = match changed.find("\nParameters:\n") {
            Some(parameters) => {
                let (head, tail) = changed.split_at(parameters + "\nParameters:\n".len());
                let written = |line: &&str| !line.trim().is_empty() && !line.trim().starts_with('#');
                let indent = tail.lines().find(written).map_or(2, |line| line.len() - line.trim_start().len());
                format!("{head}{}{tail}", parameter(indent))
            }
            None => format!("{}\nParameters:\n{}{}", &changed[..at], parameter(2), &changed[at..]),
        };
    }
    Some(changed)
}

/// The text with seven lines of comment on top; JSON takes blank ones. Other files stay as they are, and so does a script
/// whose first line says what runs it.
fn lower(path: &str, text: &str) -> String {
    let line = match path.rsplit('.').next() {
        Some("json" | "template") => "\n",
        Some("js" | "mjs" | "cjs" | "jsx" | "ts" | "tsx" | "mts" | "cts" | "rs") => "// moved\n",
        Some("yaml" | "yml" | "tf" | "tfvars" | "py" | "toml") => "# moved\n",
        _ => "",
    };
    if text.starts_with("#!") { text.to_owned() } else { line.repeat(7) + text }
}
