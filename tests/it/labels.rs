//! What functions of public repositories need, as the tool reads it, against labels that were made by hand
//! (tests/labels: a folder a draw, a table a language; each says how it was made).
//!
//! `LEASTWISE_LABELS` names a folder of checkouts at the labelled commits, `owner+repository`; nothing of them is kept
//! here. The figures of the last run are the bounds below.

use crate::files::{entries, name, root};
use leastwise::code;
use leastwise::iam::operation;
use leastwise::model::{CallKind, CodeSource, CodeState, Format, Project, Resource};
use leastwise::source::{Span, collect};
use leastwise::syntax::Node;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// What a table says of one function.
#[derive(Debug, Default)]
struct Label {
    /// The folder of its table: which of the draws it is in.
    draw: String,
    repository: String,
    /// The folder of its code.
    folder: String,
    handler: String,
    language: String,
    must: BTreeSet<String>,
    may: BTreeSet<String>,
}

/// What the tool reads of one function.
#[derive(Debug, Default)]
struct Told {
    /// One set for each right that a call must have: any of its actions is enough.
    must: BTreeSet<Vec<String>>,
    /// The rights that a call must have for some of its parameters too.
    named: BTreeSet<String>,
    /// Why it is not, or not fully, understood.
    doubt: Option<String>,
}

/// Actions that were found, and all there were to find.
#[derive(Debug, Default, Clone, Copy)]
struct Score {
    functions: usize,
    right: usize,
    told: usize,
    found: usize,
    wanted: usize,
}

/// The least share of labelled actions that are found, and of told ones that are labelled, over all languages.
const OVERALL: f64 = 0.95;

/// The same for each language.
const EACH: f64 = 0.9;

#[test]
fn needs_are_those_that_people_read() {
    let Some(folder) = std::env::var_os("LEASTWISE_LABELS").map(PathBuf::from) else {
        eprintln!("LEASTWISE_LABELS names no folder of checkouts: not compared");
        return;
    };
    let mut scores: BTreeMap<(String, String), Score> = BTreeMap::new();
    let mut by_repository: BTreeMap<String, Vec<Label>> = BTreeMap::new();
    for label in labels() {
        by_repository.entry(label.repository.clone()).or_default().push(label);
    }
    for (repository, labels) in &by_repository {
        let checkout = folder.join(repository.replace('/', "+"));
        assert!(checkout.is_dir(), "{} is not there", checkout.display());
        for (label, told) in labels.iter().zip(read(&checkout, labels)) {
            compare(label, &told, scores.entry((label.draw.clone(), label.language.clone())).or_default());
        }
    }
    let mut draws: BTreeMap<&str, Score> = BTreeMap::new();
    let mut low = Vec::new();
    for ((draw, language), score) in &scores {
        eprintln!("{draw} {language}: {score}");
        low.extend((score.least() < EACH).then(|| format!("{draw} {language}")));
        draws.entry(draw).or_default().add(*score);
    }
    for (draw, all) in draws {
        eprintln!("{draw} all: {all}");
        low.extend((all.least() < OVERALL).then(|| format!("{draw} all")));
        assert!(all.functions >= 120, "only {} functions in the {draw} draw", all.functions);
    }
    assert!(low.is_empty(), "below the bounds: {low:?}");
}

/// Every label of every table.
fn labels() -> Vec<Label> {
    let mut found: Vec<Label> = Vec::new();
    let draws = entries(&root().join("tests/labels"));
    for path in draws.iter().flat_map(|draw| entries(draw)) {
        for line in fs::read_to_string(&path).unwrap().lines().filter(|line| !line.starts_with('#')) {
            let cells: Vec<&str> = line.split('\t').collect();
            match cells.as_slice() {
                ["function", repository, _, folder, handler, language] => found.push(Label {
                    draw: name(path.parent().unwrap()),
                    repository: (*repository).to_owned(),
                    folder: (*folder).trim_matches('.').to_owned(),
                    handler: (*handler).to_owned(),
                    language: (*language).to_owned(),
                    ..Label::default()
                }),
                ["must", action, ..] => drop(found.last_mut().unwrap().must.insert((*action).to_owned())),
                ["may", action, ..] => drop(found.last_mut().unwrap().may.insert((*action).to_owned())),
                ["none", ..] => {}
                _ => panic!("{}: `{line}`", name(&path)),
            }
        }
    }
    found
}

/// What the tool reads of the functions of one checkout.
fn read(checkout: &Path, labels: &[Label]) -> Vec<Told> {
    let (collected, _) = collect(checkout, &[checkout.to_path_buf()], &[]);
    let first = collected.sources.walked_under("").into_iter().find_map(|(path, _)| collected.sources.open(&path).ok());
    let span = Span::start_of(first.unwrap().id);
    let resources = labels.iter().enumerate().map(|(index, label)| {
        let (path, export) = label.handler.split_once(':').unwrap();
        let (folder, handler, runtime) = placed(checkout, label, path, export);
        let text = |text: &str| Node::string(text, span);
        let properties = Node::map([("Handler", text(&handler)), ("Runtime", text(runtime))], span);
        let mut resource = Resource::new("AWS::Lambda::Function", format!("F{index}"), properties, span);
        resource.code = CodeSource::Local { path: folder.into(), span };
        resource
    });
    let unknown = Node::string("eu-west-1", span);
    let project = Project::new("labels".into(), Format::CloudFormation, resources.collect(), unknown);
    let (code, _) = code::read(&collected.sources, std::slice::from_ref(&project));
    let functions = project.resources.iter().map(|resource| &code.functions[&(0, resource.id.clone())]);
    let told = functions.map(|function| {
        let doubt = match &function.state {
            CodeState::Read => None,
            CodeState::Partly(reason) | CodeState::Open(reason) | CodeState::Unread(reason) => Some(reason.to_string()),
        };
        let mut told = Told { doubt, ..Told::default() };
        for call in function.calls.iter().map(|(path, index)| &code.files[path].calls[*index as usize]) {
            let CallKind::Sdk { service, operation, certain, .. } = &call.kind else { continue };
            let Some(known) = operation::operation(service, operation) else { continue };
            if *certain {
                told.named.extend(known.must().iter().flat_map(|need| &need.any_of).map(ToString::to_string));
                let names = |any_of: Vec<_>| any_of.iter().map(ToString::to_string).collect::<Vec<_>>();
                told.must.extend(known.must_always().into_iter().map(names));
            }
        }
        told
    });
    told.collect()
}

/// The code's folder, the handler and the runtime as a template would say them.
fn placed(checkout: &Path, label: &Label, path: &str, export: &str) -> (String, String, &'static str) {
    let inside = path.strip_prefix(&format!("{}/", label.folder)).unwrap_or(path);
    let stem = inside.rsplit_once('.').map_or(inside, |(stem, _)| stem);
    let above = |file: &str| {
        let mut folder = Path::new(path).parent().unwrap();
        while !checkout.join(folder).join(file).is_file() && folder.parent().is_some() {
            folder = folder.parent().unwrap();
        }
        folder.to_string_lossy().into_owned()
    };
    match label.language.as_str() {
        "python" => (label.folder.clone(), format!("{}.{export}", stem.replace('/', ".")), "python3.13"),
        "javascript" | "typescript" => (label.folder.clone(), format!("{stem}.{export}"), "nodejs22.x"),
        "rust" => {
            let folder = above("Cargo.toml");
            let manifest = fs::read_to_string(checkout.join(&folder).join("Cargo.toml"));
            let folder = if manifest.is_ok() { folder } else { label.folder.clone() };
            let below = path.strip_prefix(&format!("{folder}/")).unwrap_or(path);
            let binary = binary(below, &manifest.unwrap_or_default());
            (folder, format!("bootstrap.{binary}"), "provided.al2023")
        }
        "go" => {
            (Path::new(path).parent().unwrap().to_string_lossy().into_owned(), "bootstrap".into(), "provided.al2023")
        }
        "java" => {
            let class = path.split_once("src/main/java/").map_or(path, |(_, class)| class);
            let class = class.trim_end_matches(".java").replace('/', ".");
            let module = path.split_once("/src/main/java/").map_or(label.folder.as_str(), |(module, _)| module);
            (module.to_owned(), format!("{class}::{export}"), "java21")
        }
        other => panic!("no language {other}"),
    }
}

/// The name of the binary that a file is the root of: the manifest's, or its own below src/bin; none for src/main.rs.
fn binary(path: &str, manifest: &str) -> String {
    let manifest: toml_edit::DocumentMut = manifest.parse().unwrap();
    let text = |table: &toml_edit::Table, key: &str| table.get(key).and_then(|item| item.as_str()).map(str::to_owned);
    let mut binaries = manifest.get("bin").and_then(|bin| bin.as_array_of_tables()).into_iter().flatten();
    let named = binaries.find(|binary| text(binary, "path").as_deref() == Some(path));
    if let Some(name) = named.and_then(|binary| text(binary, "name")).filter(|_| path != "src/main.rs") {
        return name;
    }
    let below = path.strip_prefix("src/bin/").unwrap_or_default().trim_end_matches(".rs");
    below.trim_end_matches("/main").rsplit('/').next().unwrap().to_owned()
}

fn compare(label: &Label, told: &Told, score: &mut Score) {
    let missed: Vec<_> = label.must.iter().filter(|action| !told.named.contains(*action)).collect();
    let is_right = |any_of: &&Vec<String>| any_of.iter().any(|one| label.must.contains(one) || label.may.contains(one));
    let wrong: Vec<_> = told.must.iter().filter(|any_of| !is_right(any_of)).map(|any_of| any_of.join("|")).collect();
    score.functions += 1;
    score.wanted += label.must.len();
    score.found += label.must.len() - missed.len();
    score.told += told.must.len();
    score.right += told.must.len() - wrong.len();
    if !missed.is_empty() || !wrong.is_empty() {
        eprintln!(
            "{} {} {}: missed {missed:?}, wrong {wrong:?}, {:?}",
            label.draw, label.repository, label.handler, told.doubt
        );
    }
}

impl Score {
    fn add(&mut self, other: Self) {
        self.functions += other.functions;
        self.right += other.right;
        self.told += other.told;
        self.found += other.found;
        self.wanted += other.wanted;
    }

    fn recall(self) -> f64 {
        share(self.found, self.wanted)
    }

    fn precision(self) -> f64 {
        share(self.right, self.told)
    }

    fn least(self) -> f64 {
        self.recall().min(self.precision())
    }
}

impl std::fmt::Display for Score {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { functions, right, told, found, wanted } = self;
        let (recall, precision) = (self.recall(), self.precision());
        write!(
            f,
            "{functions} functions, recall {found}/{wanted} = {recall:.3}, precision {right}/{told} = {precision:.3}"
        )
    }
}

#[allow(clippy::cast_precision_loss, reason = "a share of a few hundred")]
fn share(part: usize, of: usize) -> f64 {
    if of == 0 { 1.0 } else { part as f64 / of as f64 }
}
