//! Where the handler of a function lies: its file in the repository and the name of the function in it.

use super::go_main;
use super::java_source;
use super::path::{NODE_EXTENSIONS, folder_of, join, language_of};
use crate::model::{CodeSource, Language, Resource};
use crate::source::{Sources, normalize};
use crate::syntax::Node;
use std::sync::Arc;

/// A handler that was found.
#[derive(Debug, Clone)]
pub(super) struct Found {
    /// Its file; for inline code the template's path, `#` and the resource's id.
    pub(super) path: Arc<str>,
    /// The function in it; empty where the language has its own entry.
    pub(super) name: Arc<str>,
    pub(super) language: Language,
    /// The folder that the code lies in; none for inline code and single files.
    pub(super) folder: Option<Arc<str>>,
    /// The code itself, for inline code.
    pub(super) inline: Option<Node>,
}

/// Finds the handler of a function's resource, or says why it is not read.
pub(super) fn find(sources: &Sources, project: &str, resource: &Resource) -> Result<Found, Arc<str>> {
    let runtime = resource.property("Runtime").and_then(Node::as_text);
    match &resource.code {
        CodeSource::None => Err("the template does not say where the code lies".into()),
        CodeSource::Elsewhere(reason) | CodeSource::Unknown(reason) => Err(reason.clone()),
        CodeSource::Inline(node) => inline(project, resource, node, runtime),
        CodeSource::Local { path, .. } => {
            let runtime = Runtime::of(runtime)?;
            local(sources, resource, path, runtime)
        }
    }
}

/// Whether the runtime of a function's resource may run code in a language; one that is not known may run any.
pub(super) fn may_run(resource: &Resource, language: Language) -> bool {
    match Runtime::of(resource.property("Runtime").and_then(Node::as_text)) {
        Err(_) => false,
        Ok(Runtime::Open) => true,
        Ok(Runtime::Python) => language == Language::Python,
        Ok(Runtime::Node) => language == Language::JavaScript,
        Ok(Runtime::Go) => language == Language::Go,
        Ok(Runtime::Java) => language == Language::Java,
        Ok(Runtime::Provided) => matches!(language, Language::Go | Language::Rust),
    }
}

/// What a runtime means for us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Runtime {
    Python,
    Node,
    Go,
    Java,
    Provided,
    /// Not said or not known.
    Open,
}

impl Runtime {
    fn of(name: Option<&str>) -> Result<Self, Arc<str>> {
        const UNREAD: &[(&str, &str)] = &[("dotnet", ".NET"), ("ruby", "Ruby")];
        let Some(name) = name else { return Ok(Self::Open) };
        if let Some((_, language)) = UNREAD.iter().find(|(prefix, _)| name.starts_with(prefix)) {
            return Err(format!("code in {language} is not read yet").into());
        }
        match name {
            _ if name.starts_with("python") => Ok(Self::Python),
            _ if name.starts_with("nodejs") => Ok(Self::Node),
            _ if name.starts_with("java") => Ok(Self::Java),
            _ if name.starts_with("go") => Ok(Self::Go),
            _ if name.starts_with("provided") || name.starts_with("rust") => Ok(Self::Provided),
            _ => Err(format!("the runtime {name} is not known").into()),
        }
    }
}

fn inline(project: &str, resource: &Resource, node: &Node, runtime: Option<&str>) -> Result<Found, Arc<str>> {
    let language = match Runtime::of(runtime)? {
        Runtime::Python => Language::Python,
        Runtime::Node => Language::JavaScript,
        Runtime::Open => written_in(&node.to_string()),
        Runtime::Go | Runtime::Java | Runtime::Provided => {
            return Err("the language of the inline code is not known".into());
        }
    };
    let handler = resource.property("Handler").and_then(Node::as_text).unwrap_or("index.handler");
    let (module, name) = handler.rsplit_once('.').unwrap_or(("index", handler));
    if module != "index" {
        // Inline code is the module `index`: under another name it stands in for code that is deployed later.
        return Err(format!("its handler {handler} does not lie in the inline code").into());
    }
    let name = name.into();
    let path = format!("{project}#{}", resource.id).into();
    Ok(Found { path, name, language, folder: None, inline: Some(node.clone()) })
}

/// The language of code whose runtime is not known: only Python and JavaScript can stand in a template
/// (AWS CloudFormation User Guide, `AWS::Lambda::Function Code`, `ZipFile`, read 2026-11).
fn written_in(text: &str) -> Language {
    let defines = |line: &str| line.trim_end().ends_with(':') && line.trim_start().starts_with("def ");
    if text.lines().any(defines) { Language::Python } else { Language::JavaScript }
}

fn local(sources: &Sources, resource: &Resource, path: &str, runtime: Runtime) -> Result<Found, Arc<str>> {
    let Some(base) = normalize(path) else {
        return Err("its code lies outside the repository".into());
    };
    if runtime == Runtime::Java {
        return java(sources, resource, &base);
    }
    if let Some(language) = language_of(&base).filter(|_| sources.exists(&base)) {
        let handler = resource.property("Handler").and_then(Node::as_text).unwrap_or_default();
        let name = match language {
            Language::Go | Language::Rust => "main".into(),
            _ => handler.rsplit('.').next().unwrap_or_default().into(),
        };
        return Ok(Found { path: base.into(), name, language, folder: None, inline: None });
    }
    if runtime == Runtime::Provided || (runtime == Runtime::Open && sources.exists(&join(&base, "Cargo.toml"))) {
        // Sources of a crate lie in the folder itself; where there are none, a binary is built from elsewhere.
        let is_crate = sources.exists(&join(&base, "Cargo.toml")) || !go_main::is_near(sources, &base);
        return if is_crate { cargo(sources, resource, &base) } else { go(sources, resource, &base) };
    }
    if runtime == Runtime::Go || (runtime == Runtime::Open && sources.exists(&join(&base, "go.mod"))) {
        return go(sources, resource, &base);
    }
    let handler = match resource.property("Handler") {
        None => return Err("it names no handler".into()),
        Some(node) => node.as_text().ok_or_else(|| Arc::<str>::from(format!("its handler {node} is not known")))?,
    };
    let Some((module, name)) = handler.rsplit_once('.') else {
        return Err(format!("its handler {handler} names no function").into());
    };
    let found = |path: String, language| {
        let folder: Arc<str> = base.as_str().into();
        Found { path: path.into(), name: name.into(), language, folder: Some(folder), inline: None }
    };
    if runtime != Runtime::Node {
        let path = python_candidates(&base, module).into_iter().find(|path| sources.exists(path));
        if let Some(path) = path {
            return Ok(found(path, Language::Python));
        }
    }
    if runtime != Runtime::Python {
        let path = node_candidates(&base, module).into_iter().find(|path| sources.exists(path));
        if let Some(path) = path {
            return Ok(found(path, Language::JavaScript));
        }
    }
    Err(format!("its handler {handler} is not found in {}", if base.is_empty() { "." } else { &base }).into())
}

/// A main package of Go.
fn go(sources: &Sources, resource: &Resource, base: &str) -> Result<Found, Arc<str>> {
    let handler = resource.property("Handler").and_then(Node::as_text).unwrap_or_default();
    let Some(path) = go_main::find(sources, base, handler, &resource.id) else {
        return Err("which main package of the repository it is built from is not known".into());
    };
    let folder = folder_of(&path).into();
    Ok(Found { path: path.into(), name: "main".into(), language: Language::Go, folder: Some(folder), inline: None })
}

/// A class of Java: `com.example.Orders::find`, or its `handleRequest` where no method is named.
///
/// Source: AWS Lambda Developer Guide, "Define Lambda function handler in Java", read 2026-11.
fn java(sources: &Sources, resource: &Resource, base: &str) -> Result<Found, Arc<str>> {
    let handler = match resource.property("Handler") {
        None => return Err("it names no handler".into()),
        Some(node) => node.as_text().ok_or_else(|| Arc::<str>::from(format!("its handler {node} is not known")))?,
    };
    let (class, method) = handler.split_once("::").unwrap_or((handler, "handleRequest"));
    let outer = class.split('$').next().unwrap_or(class);
    let Some(path) = java_source::of_class(sources, base, outer) else {
        return Err(match java_source::other_language(sources, base, outer) {
            Some(language) => format!("code in {language} is not read").into(),
            None => format!("its handler {handler} is not found in the repository").into(),
        });
    };
    let simple = class.rsplit(['.', '$']).next().unwrap_or(class);
    let folder = folder_of(&path).into();
    let name = format!("{simple}::{method}").into();
    Ok(Found { path: path.into(), name, language: Language::Java, folder: Some(folder), inline: None })
}

fn python_candidates(base: &str, module: &str) -> Vec<String> {
    let slashed = module.replace('.', "/");
    vec![
        join(base, &format!("{module}.py")),
        join(base, &format!("{slashed}.py")),
        join(base, &format!("{slashed}/__init__.py")),
    ]
}

/// Folders that compilers and bundlers write to.
const BUILT: &[&str] = &["dist", "build", "out", "lib", ".build", ".esbuild", ".webpack", "bundle"];

/// The file itself, or the source that a build makes it from.
fn node_candidates(base: &str, module: &str) -> Vec<String> {
    let module = module.trim_start_matches("./");
    let mut stems = vec![join(base, module)];
    if let Some((first, rest)) = module.split_once('/')
        && BUILT.contains(&first)
    {
        stems.push(join(base, &format!("src/{rest}")));
        stems.push(join(base, rest));
    }
    let (parent, last) = base.rsplit_once('/').unwrap_or(("", base));
    if BUILT.contains(&last) {
        stems.push(join(parent, &format!("src/{module}")));
        stems.push(join(parent, module));
    }
    stems.push(join(base, &format!("src/{module}")));
    let with =
        |stem: &String| NODE_EXTENSIONS.iter().map(|extension| format!("{stem}.{extension}")).collect::<Vec<_>>();
    stems.iter().flat_map(with).collect()
}

/// A crate that cargo-lambda builds: the binary that the handler or the metadata names, else the only one.
fn cargo(sources: &Sources, resource: &Resource, base: &str) -> Result<Found, Arc<str>> {
    // A manifest may be written when the crate is built.
    let is_crate = |at: &String| ["Cargo.toml", "src/main.rs"].iter().any(|file| sources.exists(&join(at, file)));
    let Some(root) = [base.to_owned(), folder_of(base).to_owned()].into_iter().find(is_crate) else {
        return Err("code for a custom runtime is read only where it is a Rust crate or a Go module".into());
    };
    let found = |path: String| Found {
        path: path.into(),
        name: "main".into(),
        language: Language::Rust,
        folder: Some(root.as_str().into()),
        inline: None,
    };
    let handler = resource.property("Handler").and_then(Node::as_text).unwrap_or_default();
    let stem = handler.strip_prefix("bootstrap").unwrap_or(handler).trim_matches('.');
    if !stem.is_empty() {
        for path in [format!("src/bin/{stem}.rs"), format!("src/bin/{stem}/main.rs")] {
            if sources.exists(&join(&root, &path)) {
                return Ok(found(join(&root, &path)));
            }
        }
    }
    if let Some(named) = named_binary(sources, &root, stem).filter(|_| !stem.is_empty()) {
        return Ok(found(named));
    }
    let main = join(&root, "src/main.rs");
    let binaries: Vec<String> =
        sources.list(&join(&root, "src/bin")).into_iter().filter(|name| name.ends_with(".rs")).collect();
    match (sources.exists(&main), binaries.as_slice()) {
        (true, _) => Ok(found(main)),
        (false, [only]) => Ok(found(join(&root, &format!("src/bin/{only}")))),
        _ => named_binary(sources, &root, stem)
            .map(found)
            .ok_or_else(|| "which binary of the crate it runs is not known".into()),
    }
}

/// The `path` of the `[[bin]]` of a manifest that the handler names, or of the only one.
fn named_binary(sources: &Sources, root: &str, name: &str) -> Option<String> {
    let manifest = sources.open(&join(root, "Cargo.toml")).ok()?;
    let table: toml_edit::DocumentMut = manifest.text.parse().ok()?;
    let binaries = table.get("bin")?.as_array_of_tables()?;
    let is_named = |binary: &&toml_edit::Table| binary.get("name").and_then(|item| item.as_str()) == Some(name);
    let only = || binaries.iter().next().filter(|_| binaries.len() == 1);
    let path = join(root, binaries.iter().find(is_named).or_else(only)?.get("path")?.as_str()?);
    sources.exists(&path).then_some(path)
}
