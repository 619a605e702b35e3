//! Where Java's classes lie: beside a built archive, under a source root, in another module of the repository.

use super::path::{folder_of, join};
use super::scope::is_test;
use super::workspace::Workspace;
use crate::source::Sources;

/// Where Maven and Gradle look for a module's sources.
const ROOTS: &[&str] = &["src/main/java", "", "src", "app/src/main/java"];

/// The file of a class by its full name, for a function whose code lies (or is built) at `base`.
pub(super) fn of_class(sources: &Sources, base: &str, class: &str) -> Option<String> {
    let file = format!("{}.java", class.replace('.', "/"));
    let module = module_of(base);
    for folder in [module, folder_of(module)] {
        let known = ROOTS.iter().map(|root| join(&join(folder, root), &file)).find(|path| sources.is_walked(path));
        if let Some(found) = known.or_else(|| below(sources, folder, &file)) {
            return Some(found);
        }
    }
    let (package, name) = class.rsplit_once('.')?;
    [module, folder_of(module)].into_iter().find_map(|folder| declared(sources, folder, package, name))
}

/// The only file of a name below a folder that says it is of a package, wherever it lies.
fn declared(sources: &Sources, folder: &str, package: &str, name: &str) -> Option<String> {
    let end = format!("/{name}.java");
    let walked = sources.walked_under(folder).into_iter().map(|(path, _)| path);
    let named = walked.filter(|path| path.ends_with(&end) && !is_test(path.get(folder.len()..).unwrap_or(path)));
    let says = |path: &std::sync::Arc<str>| {
        let line = format!("package {package};");
        sources.open(path).is_ok_and(|file| memchr::memmem::find(file.text.as_bytes(), line.as_bytes()).is_some())
    };
    let mut found = named.filter(says);
    let first = found.next()?;
    found.next().is_none().then(|| first.to_string())
}

/// Whether there is Java, or another language of its machine, for a class that is not found.
pub(super) fn other_language(sources: &Sources, base: &str, class: &str) -> Option<&'static str> {
    let stem = class.replace('.', "/");
    let last = stem.rsplit('/').next().unwrap_or_default();
    let walked = sources.walked_under(folder_of(module_of(base)));
    let languages = [("kt", "Kotlin"), ("scala", "Scala"), ("groovy", "Groovy"), ("clj", "Clojure")];
    let found = languages.into_iter().find(|(extension, _)| {
        let end = format!("/{last}.{extension}");
        walked.iter().any(|(path, _)| path.ends_with(&end))
    });
    found.map(|(_, language)| language)
}

/// The file that an import of a class leads to; `package` is that of the importing file.
pub(super) fn of_import(
    sources: &Sources,
    workspace: &Workspace<'_>,
    from: &str,
    package: &str,
    module: &str,
    class: &str,
) -> Option<String> {
    let file = join(&module.replace('.', "/"), &format!("{class}.java"));
    let root = root_of(from, package);
    let own = join(root, &file);
    if sources.is_walked(&own) {
        return Some(own);
    }
    // What is of the same package lies in the same folder, whatever that is called.
    let beside = join(folder_of(from), &format!("{class}.java"));
    if module == package && sources.is_walked(&beside) {
        return Some(beside);
    }
    // `import a.b.Outer.Inner` leads into the file of the outer class.
    let outer = join(root, &format!("{}.java", module.replace('.', "/")));
    if sources.is_walked(&outer) {
        return Some(outer);
    }
    let is_class = |name: &str| name.rsplit('.').next().is_some_and(|last| last.starts_with(char::is_uppercase));
    let outer = format!("{}.java", module.replace('.', "/"));
    if let Some(found) = workspace.java_file(if is_class(module) { &outer } else { &file }) {
        return Some(found);
    }
    let start = |name: &str| name.split('.').take(2).map(str::to_owned).collect::<Vec<_>>();
    if package.is_empty() || start(package) != start(module) {
        return None;
    }
    let module = root.strip_suffix("/src/main/java").unwrap_or(root);
    below(sources, folder_of(module), &file)
}

/// The file of the only class that says it stands behind a type: of the type's own source root, else of the repository.
/// Where nothing makes such a class, a framework does (CDI, Spring, Guice, Dagger).
pub(super) fn only_heir(
    sources: &Sources,
    workspace: &Workspace<'_>,
    from: &str,
    package: &str,
    name: &str,
) -> Option<String> {
    let means_it = |path: &&std::sync::Arc<str>| {
        let Ok(file) = sources.open(path) else { return false };
        let has = |text: String| memchr::memmem::find(file.text.as_bytes(), text.as_bytes()).is_some();
        has(format!("package {package};")) || has(format!("{package}.{name}")) || has(format!("{package}.*"))
    };
    let heirs: Vec<_> = workspace.java_heirs(name).iter().filter(|path| ***path != *from).filter(means_it).collect();
    let root = format!("{}/", root_of(from, package));
    let near: Vec<_> = heirs.iter().filter(|path| path.starts_with(&root)).collect();
    match (near.as_slice(), heirs.as_slice()) {
        ([only], _) => Some(only.to_string()),
        ([], [only]) => Some(only.to_string()),
        // Of several the only one whose annotations ask a framework for objects.
        _ => {
            let mut asking = heirs.iter().filter(|path| workspace.is_component(path));
            asking.next().filter(|_| asking.next().is_none()).map(ToString::to_string)
        }
    }
}

/// The folder below which a file's packages are folders.
pub(super) fn root_of<'p>(path: &'p str, package: &str) -> &'p str {
    let folder = folder_of(path);
    let inner = package.replace('.', "/");
    match folder.strip_suffix(inner.as_str()) {
        Some(root) if !inner.is_empty() => root.trim_end_matches('/'),
        _ => folder,
    }
}

/// The module that an archive is built in: `a/target/x.jar`, `a/build/libs/x.jar` and `a/x.jar` lie in `a`.
fn module_of(base: &str) -> &str {
    let marks = ["/target/", "/build/", "/out/"];
    if let Some(at) = marks.iter().filter_map(|mark| base.rfind(mark)).max() {
        return base.get(..at).unwrap_or(base);
    }
    for mark in ["target/", "build/"] {
        if base.starts_with(mark) {
            return "";
        }
    }
    let name = base.rsplit('/').next().unwrap_or_default();
    if matches!(name, "target" | "build") || [".jar", ".zip", ".war"].iter().any(|end| name.ends_with(end)) {
        return folder_of(base);
    }
    base
}

/// The only file below a folder whose path ends so, tests left out.
fn below(sources: &Sources, folder: &str, file: &str) -> Option<String> {
    let end = format!("/{file}");
    let walked = sources.walked_under(folder).into_iter().map(|(path, _)| path);
    let mut found = walked.filter(|path| path.ends_with(&end) && !is_test(path.get(folder.len()..).unwrap_or(path)));
    let first = found.next()?;
    found.next().is_none().then(|| first.to_string())
}
