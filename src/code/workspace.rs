//! Names that a project gives to modules of its own: `imports` and `name` of package.json files, `paths` of TypeScript's
//! configuration, dependencies of Cargo.toml, and modules of Go and Java that lie elsewhere in the repository.

use super::go_module;
use super::path::{folder_of, join, language_of};
use super::scope::is_test;
use crate::model::Language;
use crate::source::{Sources, normalize};
use memchr::memmem;
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use toml_edit::{DocumentMut, Item};

/// How many configurations may extend each other.
const MAX_EXTENDS: usize = 8;

/// The manifests of a scan, each parsed once.
pub(super) struct Workspace<'s> {
    sources: &'s Sources,
    parsed: Mutex<HashMap<String, Option<Arc<Json>>>>,
    packages: OnceLock<BTreeMap<String, String>>,
    crates: Mutex<HashMap<String, Option<Arc<DocumentMut>>>>,
    go_modules: OnceLock<BTreeMap<String, String>>,
    java_files: OnceLock<HashMap<String, Vec<Arc<str>>>>,
    script_files: OnceLock<HashMap<String, Vec<Arc<str>>>>,
    java_heirs: OnceLock<HashMap<String, Vec<Arc<str>>>>,
    java_beside: Mutex<HashMap<String, Arc<HashMap<String, String>>>>,
}

impl<'s> Workspace<'s> {
    /// Nothing is read yet.
    pub(super) fn new(sources: &'s Sources) -> Self {
        Self {
            sources,
            parsed: Mutex::default(),
            packages: OnceLock::new(),
            crates: Mutex::default(),
            go_modules: OnceLock::new(),
            java_files: OnceLock::new(),
            script_files: OnceLock::new(),
            java_heirs: OnceLock::new(),
            java_beside: Mutex::default(),
        }
    }

    /// The paths, without or with an extension, that a name may stand for in a file, the likeliest first; empty where the
    /// project gives it no meaning.
    pub(super) fn named(&self, from: &str, module: &str) -> Vec<String> {
        if module.starts_with('#') {
            return self.imports(from, module);
        }
        let aliased = self.aliased(from, module);
        if aliased.is_empty() { self.package(module) } else { aliased }
    }

    /// `#name` and `#name/*` of the nearest package.json (Node.js, "Subpath imports", 2026-12).
    fn imports(&self, from: &str, module: &str) -> Vec<String> {
        let Some((folder, manifest)) = self.nearest(from, "package.json") else { return Vec::new() };
        let Some(Json::Object(imports)) = manifest.get("imports") else { return Vec::new() };
        let targets = imports.iter().filter_map(|(pattern, target)| {
            let star = matched(pattern, module)?;
            Some(texts(target).into_iter().map(move |target| target.replacen('*', star, 1)))
        });
        targets.flatten().filter_map(|target| normalize(&join(&folder, &target))).collect()
    }

    /// `compilerOptions.paths` of the nearest tsconfig.json or of what it extends (TypeScript, "TSConfig Reference", 2026-12).
    fn aliased(&self, from: &str, module: &str) -> Vec<String> {
        let names = ["tsconfig.json", "jsconfig.json"];
        let Some((folder, _)) = names.iter().find_map(|name| self.nearest(from, name)) else { return Vec::new() };
        let mut path = names.iter().map(|name| join(&folder, name)).find(|path| self.sources.exists(path));
        for _ in 0..MAX_EXTENDS {
            let Some(at) = path else { break };
            let Some(config) = self.parse(&at) else { break };
            let folder = folder_of(&at);
            let options = config.get("compilerOptions");
            if let Some(Json::Object(paths)) = options.and_then(|options| options.get("paths")) {
                let base = options.and_then(|options| options.get("baseUrl")).and_then(Json::as_str).unwrap_or(".");
                let targets = paths.iter().filter_map(|(pattern, target)| {
                    let star = matched(pattern, module)?;
                    Some(texts(target).into_iter().map(move |target| target.replacen('*', star, 1)))
                });
                let at = |target: String| normalize(&join(folder, &format!("{base}/{target}")));
                return targets.flatten().filter_map(at).collect();
            }
            let extends = config.get("extends").and_then(Json::as_str).filter(|name| name.starts_with('.'));
            path = extends.and_then(|name| normalize(&join(folder, name)));
            path = path.map(|path| if path.ends_with(".json") { path } else { format!("{path}.json") });
        }
        Vec::new()
    }

    /// A package of the repository by its name, or a file below it.
    fn package(&self, module: &str) -> Vec<String> {
        let slashes = if module.starts_with('@') { 2 } else { 1 };
        let end = module.match_indices('/').nth(slashes - 1).map_or(module.len(), |(at, _)| at);
        let (name, below) = module.split_at(end);
        let Some(folder) = self.packages().get(name) else { return Vec::new() };
        if !below.is_empty() {
            let below = below.trim_start_matches('/');
            return vec![join(folder, below), join(folder, &format!("src/{below}"))];
        }
        let manifest = self.parse(&join(folder, "package.json"));
        let main = |key: &str| Some(manifest.as_ref()?.get(key)?.as_str()?.to_owned());
        let named = ["source", "module", "main", "types"].into_iter().filter_map(main);
        // What is built lies where its source does, but for the first folder.
        let sources = named.flat_map(|path| {
            let stem = path.trim_start_matches("./").to_owned();
            let bare = stem.rsplit_once('.').map_or(stem.clone(), |(bare, _)| bare.to_owned());
            let bare = bare.trim_end_matches(".d").to_owned();
            let inside = bare.split_once('/').map_or(bare.clone(), |(_, inside)| inside.to_owned());
            [stem, bare, format!("src/{inside}"), inside]
        });
        let usual = ["src/index", "index", "lib/index", "src/main"].map(str::to_owned);
        sources.chain(usual).map(|path| join(folder, &path)).collect()
    }

    /// The folders of the packages of the repository, by name.
    fn packages(&self) -> &BTreeMap<String, String> {
        self.packages.get_or_init(|| {
            let mut found = BTreeMap::new();
            for (path, _) in self.sources.walked_under("") {
                if path.rsplit('/').next() != Some("package.json") {
                    continue;
                }
                if let Some(name) = self.parse(&path).as_ref().and_then(|manifest| manifest.get("name")?.as_str()) {
                    found.entry(name.to_owned()).or_insert_with(|| folder_of(&path).to_owned());
                }
            }
            found
        })
    }

    /// The folder of the root file of a crate of the repository, by the name that a file's crate depends on it under
    /// (The Cargo Book, "Specifying dependencies": path, and those that a workspace gives, 2026-12).
    pub(super) fn crate_named(&self, from: &str, name: &str) -> Option<String> {
        let mut own = folder_of(from);
        while !self.sources.exists(&join(own, "Cargo.toml")) {
            own = Some(folder_of(own)).filter(|_| !own.is_empty())?;
        }
        let manifest = self.cargo(own)?;
        // A binary names the library of its own package.
        let package = manifest.get("package").and_then(|package| package.get("name")?.as_str());
        if package.is_some_and(|package| package.replace('-', "_") == name) {
            return self.library(own);
        }
        let (folder, dependency) = match dependency(manifest.as_item(), name) {
            Some(found) if found.get("workspace").is_some() => self.of_workspace(own, name)?,
            Some(found) => (own.to_owned(), found.clone()),
            None => return None,
        };
        self.library(&normalize(&join(&folder, dependency.get("path")?.as_str()?))?)
    }

    /// The folder of the root file of a package's library.
    fn library(&self, at: &str) -> Option<String> {
        let lib = self.cargo(at)?.get("lib").and_then(|lib| lib.get("path")?.as_str().map(str::to_owned));
        let root = join(at, lib.as_deref().unwrap_or("src/lib.rs"));
        self.sources.exists(&root).then(|| folder_of(&root).to_owned())
    }

    /// The dependency of a name in the manifest of the workspace above a crate.
    fn of_workspace(&self, own: &str, name: &str) -> Option<(String, Item)> {
        let mut folder = own;
        loop {
            let found = self.cargo(folder).and_then(|manifest| dependency(manifest.get("workspace")?, name).cloned());
            if let Some(found) = found {
                return Some((folder.to_owned(), found));
            }
            folder = Some(folder_of(folder)).filter(|_| !folder.is_empty())?;
        }
    }

    fn cargo(&self, folder: &str) -> Option<Arc<DocumentMut>> {
        let path = join(folder, "Cargo.toml");
        let known = self.crates.lock().unwrap_or_else(PoisonError::into_inner).get(&path).cloned();
        if let Some(known) = known {
            return known;
        }
        let file = self.sources.open(&path).ok();
        let parsed = file.and_then(|file| file.text.parse().ok()).map(Arc::new);
        self.crates.lock().unwrap_or_else(PoisonError::into_inner).insert(path, parsed.clone());
        parsed
    }

    /// The folder of a Go package of another module of the repository: what is published of it is read from here.
    pub(super) fn go_package(&self, import: &str) -> Option<String> {
        let modules = self.go_modules.get_or_init(|| {
            let files = self.sources.walked_under("").into_iter().map(|(path, _)| path);
            let manifests = files.filter(|path| path.rsplit('/').next() == Some("go.mod"));
            let named = manifests.map(|path| (go_module::name_in(&go_module::text_of(self.sources, &path)), path));
            named.filter(|(name, _)| !name.is_empty()).map(|(name, path)| (name, folder_of(&path).to_owned())).collect()
        });
        let inside = modules.iter().rev().filter_map(|(name, folder)| {
            let rest = go_module::below(name, import)?;
            Some(if rest.is_empty() { folder.clone() } else { join(folder, rest) })
        });
        inside.into_iter().find(|folder| go_module::is_package(self.sources, folder))
    }

    /// The only file of the repository whose path ends so, tests left out.
    pub(super) fn java_file(&self, file: &str) -> Option<String> {
        let end = format!("/{file}");
        let mut found = self.java_files().get(file.rsplit('/').next()?)?.iter().filter(|path| path.ends_with(&end));
        let first = found.next()?;
        found.next().is_none().then(|| first.to_string())
    }

    /// The Java files of the repository by their names, tests left out.
    fn java_files(&self) -> &HashMap<String, Vec<Arc<str>>> {
        self.java_files.get_or_init(|| {
            let mut files: HashMap<String, Vec<Arc<str>>> = HashMap::new();
            for (path, _) in self.sources.walked_under("") {
                let name = path.rsplit('/').next().unwrap_or_default();
                if name.ends_with(".java") && !is_test(&path) {
                    files.entry(name.to_owned()).or_default().push(path);
                }
            }
            files
        })
    }

    /// The Java files of a package and those below it in which classes ask a framework for objects of themselves, of the same
    /// source root as a file.
    pub(super) fn java_components(&self, from: &str, package: &str) -> Vec<String> {
        let inner = format!("/{}/", package.replace('.', "/"));
        let Some(at) = from.rfind(&inner) else { return Vec::new() };
        let folder = from.get(..at + inner.len()).unwrap_or(from);
        let files = self.java_files().values().flatten();
        let mut found: Vec<&Arc<str>> =
            files.filter(|path| path.starts_with(folder) && ***path != *from && self.is_component(path)).collect();
        found.sort();
        found.into_iter().map(ToString::to_string).collect()
    }

    /// Whether a Java file has a class whose annotations ask a framework for objects of it.
    pub(super) fn is_component(&self, path: &str) -> bool {
        const ASKING: &[&str] = &[
            "@ApplicationScoped",
            "@Component",
            "@Configuration",
            "@Controller",
            "@Dependent",
            "@Named",
            "@Repository",
            "@RestController",
            "@Service",
            "@Singleton",
        ];
        let Ok(file) = self.sources.open(path) else { return false };
        ASKING.iter().any(|word| memmem::find(file.text.as_bytes(), word.as_bytes()).is_some())
    }

    /// The Java files with a class that says it implements or extends a type of this name, tests left out.
    pub(super) fn java_heirs(&self, name: &str) -> &[Arc<str>] {
        let heirs = self.java_heirs.get_or_init(|| {
            let mut heirs: HashMap<String, Vec<Arc<str>>> = HashMap::new();
            let mut paths: Vec<&Arc<str>> = self.java_files().values().flatten().collect();
            paths.sort();
            for path in paths {
                let Ok(file) = self.sources.open(path) else { continue };
                for name in java_bases(&file.text) {
                    heirs.entry(name.to_owned()).or_default().push(path.clone());
                }
            }
            heirs
        });
        heirs.get(name).map_or(&[], Vec::as_slice)
    }

    /// The file of a folder that declares a type of Java beside the one that it is named after.
    pub(super) fn java_beside(&self, folder: &str, class: &str) -> Option<String> {
        let known = self.java_beside.lock().unwrap_or_else(PoisonError::into_inner).get(folder).cloned();
        let classes = known.unwrap_or_else(|| {
            let walked = self.sources.walked_under(folder).into_iter().map(|(path, _)| path);
            let inside = walked.filter(|path| path.ends_with(".java") && folder_of(path) == folder);
            let mut found = HashMap::new();
            for file in inside.filter_map(|path| self.sources.open(&path).ok()) {
                for class in java_types(&file.text) {
                    found.entry(class.to_owned()).or_insert_with(|| file.path.to_string());
                }
            }
            let found = Arc::new(found);
            self.java_beside.lock().unwrap_or_else(PoisonError::into_inner).insert(folder.to_owned(), found.clone());
            found
        });
        classes.get(class).cloned()
    }

    /// The file of Python or JavaScript that a layer or a packaging step puts beside a function: of those whose path ends
    /// in one of `ends` the only one that lies nearest to a file. Tests are left out.
    pub(super) fn brought(&self, from: &str, ends: &[String]) -> Option<String> {
        let files = self.script_files.get_or_init(|| {
            let mut files: HashMap<String, Vec<Arc<str>>> = HashMap::new();
            for (path, _) in self.sources.walked_under("") {
                if matches!(language_of(&path), Some(Language::Python | Language::JavaScript)) && !is_test(&path) {
                    files.entry(path.rsplit('/').next().unwrap_or_default().to_owned()).or_default().push(path);
                }
            }
            files
        });
        let shared = |path: &str| path.split('/').zip(from.split('/')).take_while(|(one, other)| one == other).count();
        let mut found: Vec<&Arc<str>> = Vec::new();
        for end in ends {
            let named = files.get(end.rsplit('/').next().unwrap_or_default()).into_iter().flatten();
            let ending =
                named.filter(|path| path.strip_suffix(end.as_str()).is_some_and(|before| before.ends_with('/')));
            found.extend(ending.filter(|path| ***path != *from));
        }
        let nearest = found.iter().map(|path| shared(path)).max()?;
        let mut nearest = found.into_iter().filter(|path| shared(path) == nearest);
        let first = nearest.next()?;
        nearest.next().is_none().then(|| first.to_string())
    }

    /// The nearest file of a name above a file, with its folder.
    fn nearest(&self, from: &str, name: &str) -> Option<(String, Arc<Json>)> {
        let mut folder = folder_of(from);
        loop {
            let path = join(folder, name);
            if self.sources.is_walked(&path)
                && let Some(parsed) = self.parse(&path)
            {
                return Some((folder.to_owned(), parsed));
            }
            if folder.is_empty() {
                return None;
            }
            folder = folder_of(folder);
        }
    }

    fn parse(&self, path: &str) -> Option<Arc<Json>> {
        let known = self.parsed.lock().unwrap_or_else(PoisonError::into_inner).get(path).cloned();
        if let Some(known) = known {
            return known;
        }
        let file = self.sources.open(path).ok();
        let parsed = file.and_then(|file| serde_json::from_str(&relaxed(&file.text)).ok()).map(Arc::new);
        self.parsed.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned(), parsed.clone());
        parsed
    }
}

/// The names of the types that stand at the top of a Java file, as far as a line begins with their declaration.
fn java_types(text: &str) -> Vec<&str> {
    const MODIFIERS: &[&str] = &["public", "abstract", "final", "sealed", "non-sealed", "strictfp"];
    let lines = text.lines().filter(|line| line.starts_with(|first: char| first.is_ascii_alphabetic() || first == '@'));
    let declared = lines.filter_map(|line| {
        let is_kind = |word: &&str| matches!(*word, "class" | "interface" | "enum" | "record");
        let mut words = line.split_whitespace();
        let kind = words.find(|word| !MODIFIERS.contains(word) && !word.starts_with('@'));
        kind.filter(is_kind)?;
        let name = words.next()?;
        let end = name.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(name.len());
        name.get(..end).filter(|name| !name.is_empty())
    });
    declared.collect()
}

/// The names of the types that the classes of a Java file say they implement or extend, each once.
fn java_bases(text: &str) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    for word in ["implements", "extends"] {
        for at in memmem::find_iter(text.as_bytes(), word) {
            let after = text.get(at + word.len()..).unwrap_or_default();
            let before = text.get(..at).unwrap_or_default();
            if !before.ends_with(char::is_whitespace) || !after.starts_with(char::is_whitespace) {
                continue;
            }
            let mut depth = 0;
            let end = after.find(['{', ';']).unwrap_or(0);
            let names = after.get(..end).unwrap_or_default().split_inclusive(['<', '>', ',', ' ', '\n', '\t']);
            for part in names {
                let name = part.trim_end_matches(['<', '>', ',']).trim();
                let name = name.rsplit('.').next().unwrap_or_default();
                if depth == 0 && name.starts_with(|letter: char| letter.is_ascii_uppercase()) {
                    found.insert(name);
                }
                depth += i32::from(part.ends_with('<')) - i32::from(part.ends_with('>'));
                // `<T extends Base>` ends here.
                if depth < 0 {
                    break;
                }
            }
        }
    }
    found
}

/// A dependency as code names it: with `_` for `-`.
fn dependency<'m>(manifest: &'m Item, name: &str) -> Option<&'m Item> {
    let all = manifest.get("dependencies")?.as_table_like()?;
    all.iter().find(|(key, _)| key.replace('-', "_") == name).map(|(_, item)| item)
}

/// What the star of a pattern stands for in a name, where it fits.
fn matched<'m>(pattern: &str, module: &'m str) -> Option<&'m str> {
    match pattern.split_once('*') {
        None => (pattern == module).then_some(""),
        Some((before, after)) => module.strip_prefix(before)?.strip_suffix(after),
    }
}

/// The texts of a target: itself, those of a list, or those of its conditions.
fn texts(target: &Json) -> Vec<String> {
    match target {
        Json::String(text) => vec![text.clone()],
        Json::Array(items) => items.iter().flat_map(texts).collect(),
        Json::Object(conditions) => conditions.values().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}

/// JSON without the comments and the last commas that TypeScript's configuration may have.
fn relaxed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = if first == '"' {
            string_end(rest)
        } else if rest.starts_with("//") {
            rest = rest.find('\n').map_or("", |at| &rest[at..]);
            continue;
        } else if rest.starts_with("/*") {
            rest = rest.find("*/").map_or("", |at| &rest[at + 2..]);
            continue;
        } else {
            first.len_utf8()
        };
        if matches!(first, '}' | ']') && out.trim_end().ends_with(',') {
            out.truncate(out.trim_end().len() - 1);
        }
        out.push_str(&rest[..end]);
        rest = &rest[end..];
    }
    out
}

/// The byte behind a string that begins the text.
fn string_end(text: &str) -> usize {
    let mut escaped = false;
    for (at, letter) in text.char_indices().skip(1) {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::{Workspace, java_bases, relaxed};
    use crate::source::Sources;

    #[test]
    fn a_project_names_its_own_modules() {
        let sources = Sources::in_memory([
            (
                "app/package.json",
                r##"{"name": "app", "imports": {"#db/*": {"default": "./src/db/*.js"}, "#x": "./x.js"}}"##,
            ),
            ("app/tsconfig.json", "{ // comment\n \"extends\": \"../base.json\", }"),
            (
                "base.json",
                r#"{"compilerOptions": {"baseUrl": "lib", "paths": {"util": ["./u"], "@app/*": ["app/*"]}}}"#,
            ),
            ("packages/stores/package.json", r#"{"name": "@shop/stores", "main": "dist/index.js"}"#),
            ("app/src/a.ts", ""),
        ]);
        let workspace = Workspace::new(&sources);
        let named = |module: &str| workspace.named("app/src/a.ts", module);
        assert_eq!(named("#db/users"), ["app/src/db/users.js"]);
        assert_eq!(named("#x"), ["app/x.js"]);
        assert_eq!(named("util"), ["lib/u"]);
        assert_eq!(named("@app/one/two"), ["lib/app/one/two"]);
        assert!(named("@shop/stores").contains(&"packages/stores/src/index".to_owned()));
        assert_eq!(named("@shop/stores/orders")[0], "packages/stores/orders");
        assert!(named("#db").is_empty() && named("lodash").is_empty());
    }

    #[test]
    fn crates_of_the_repository_are_found_by_their_dependency() {
        let sources = Sources::in_memory([
            ("Cargo.toml", "[workspace]\nmembers = []\n[workspace.dependencies]\nshop-core = { path = \"core\" }\n"),
            ("core/Cargo.toml", "[package]\nname = \"shop-core\"\n"),
            ("core/src/lib.rs", ""),
            ("near/Cargo.toml", "[lib]\npath = \"lib/all.rs\"\n"),
            ("near/lib/all.rs", ""),
            (
                "fn/a/Cargo.toml",
                "[dependencies]\nshop-core.workspace = true\nnear = { path = \"../../near\" }\nserde = \"1\"\n",
            ),
        ]);
        let workspace = Workspace::new(&sources);
        let named = |name: &str| workspace.crate_named("fn/a/src/bin/x.rs", name);
        assert_eq!(named("shop_core").as_deref(), Some("core/src"));
        assert_eq!(named("near").as_deref(), Some("near/lib"));
        assert_eq!((named("serde"), named("tokio")), (None, None));
        assert_eq!(workspace.crate_named("core/src/bin/x.rs", "shop_core").as_deref(), Some("core/src"));
    }

    #[test]
    fn other_modules_of_the_repository_are_found_by_their_names() {
        let sources = Sources::in_memory([
            ("stores/go.mod", "module github.com/shop/all/stores\n"),
            ("stores/orders/orders.go", "package orders\n"),
            ("stores/only/only_test.go", "package only\n"),
            ("libs/a/src/main/java/shop/Store.java", ""),
            ("libs/a/src/test/java/shop/Only.java", ""),
            ("libs/a/src/main/java/shop/Two.java", ""),
            ("libs/b/src/main/java/shop/Two.java", ""),
        ]);
        let workspace = Workspace::new(&sources);
        assert_eq!(workspace.go_package("github.com/shop/all/stores/orders").as_deref(), Some("stores/orders"));
        assert_eq!(workspace.go_package("github.com/shop/all/stores/only"), None);
        assert_eq!(workspace.go_package("github.com/shop/other"), None);
        assert_eq!(workspace.java_file("shop/Store.java").as_deref(), Some("libs/a/src/main/java/shop/Store.java"));
        assert_eq!((workspace.java_file("shop/Only.java"), workspace.java_file("shop/Two.java")), (None, None));
    }

    #[test]
    fn bases_of_java_classes_are_read_from_their_headers() {
        let text = "class A<T extends Base> extends lib.Top<Map<K, V>>\n  implements One, Two<Three> , Four{\n}\n\
                    interface B extends Five { void run(); } // he implements it\n";
        assert_eq!(java_bases(text).into_iter().collect::<Vec<_>>(), ["Base", "Five", "Four", "One", "Top", "Two"]);
    }

    #[test]
    fn comments_and_last_commas_are_left_out() {
        assert_eq!(relaxed("{\"a\": [1, 2,], /* , */ \"b\": \"//,}\", // x\n}"), "{\"a\": [1, 2],  \"b\": \"//,}\"}");
    }
}
