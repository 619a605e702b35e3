//! The main package that a Go function is built from: beside its handler, by a build command, or by common layouts.

use super::go_module::files_of;
use super::path::{and_above, join};
use crate::source::{Sources, normalize};
use memchr::memmem;

/// How far above the code's folder sources are looked for.
const MAX_LEVELS: usize = 5;

/// The file with `func main` of the package that a function runs: `base` is where its code lies (or will be built),
/// `handler` what it names, `id` its logical id. None where that cannot be told.
pub(super) fn find(sources: &Sources, base: &str, handler: &str, id: &str) -> Option<String> {
    let handler = handler.trim_start_matches("./").trim_end_matches('/');
    if let Some(build) = built(sources, base, handler, id) {
        return build;
    }
    main_in(sources, base)
        .or_else(|| named_by_handler(sources, base, handler))
        .or_else(|| laid_out(sources, base, handler))
        .or_else(|| only_one(sources, base))
}

/// Whether there is Go below a folder, or a module at or above it.
pub(super) fn is_near(sources: &Sources, base: &str) -> bool {
    and_above(base).any(|folder| sources.is_walked(&join(folder, "go.mod")))
        || sources.walked_under(base).iter().any(|(path, _)| path.ends_with(".go"))
}

/// The file with `func main` in a folder; none where several are: each of them is a program of its own.
fn main_in(sources: &Sources, folder: &str) -> Option<String> {
    let mut mains = files_of(sources, folder).into_iter().filter(|path| is_main(sources, path));
    let first = mains.next()?;
    mains.next().is_none().then_some(first)
}

fn is_main(sources: &Sources, path: &str) -> bool {
    let Ok(file) = sources.open(path) else { return false };
    let has = |word: &str| memmem::find(file.text.as_bytes(), word.as_bytes()).is_some();
    has("package main") && has("func main(")
}

/// `handler: cmd/hello/main.go` and `handler: cmd/hello`, as plugins take them.
fn named_by_handler(sources: &Sources, base: &str, handler: &str) -> Option<String> {
    (!handler.is_empty()).then(|| main_of(sources, &join(base, handler))).flatten()
}

/// The main file that a path names, or that lies in the folder that it names.
fn main_of(sources: &Sources, path: &str) -> Option<String> {
    if path.ends_with(".go") {
        return (sources.is_walked(path) && is_main(sources, path)).then(|| path.to_owned());
    }
    main_in(sources, path)
}

/// What a `go build` of a makefile or script beside or above writes where the function's code is taken from: its main
/// file, or nothing where that is not there.
fn built(sources: &Sources, base: &str, handler: &str, id: &str) -> Option<Option<String>> {
    let output = join(base, handler);
    let places: Vec<String> = [output.as_str(), base]
        .iter()
        .map(|path| path.trim_end_matches(".zip").trim_end_matches("/bootstrap").to_owned())
        .collect();
    for folder in and_above(base).take(MAX_LEVELS) {
        for name in ["Makefile", "makefile", "build.sh", "scripts/build.sh"] {
            let path = join(folder, name);
            if !sources.is_walked(&path) {
                continue;
            }
            let Ok(file) = sources.open(&path) else { continue };
            let meant = builds(&file.text).into_iter().find(|build| {
                let target = !id.is_empty() && build.target == format!("build-{id}");
                let written = normalize(&join(&join(folder, &build.folder), &build.output)).unwrap_or_default();
                let written = written.trim_end_matches(".zip").trim_end_matches("/bootstrap").to_owned();
                target || (!build.output.is_empty() && places.contains(&written))
            });
            if let Some(build) = meant {
                let package = normalize(&join(&join(folder, &build.folder), &build.package));
                return Some(package.and_then(|package| main_of(sources, &package)));
            }
        }
    }
    None
}

/// One `go build` of a makefile or script.
#[derive(Debug, Default, PartialEq, Eq)]
struct Build {
    target: String,
    /// The folder that it runs in.
    folder: String,
    output: String,
    package: String,
}

/// The builds of a makefile or script, as far as they are written out.
fn builds(text: &str) -> Vec<Build> {
    let joined = text.replace("\\\n", " ");
    let mut target = String::new();
    let mut found = Vec::new();
    for line in joined.lines() {
        if !line.starts_with(['\t', ' ', '#'])
            && let Some((name, _)) = line.split_once(':')
        {
            target = name.trim().to_owned();
        }
        let mut folder = String::new();
        for command in line.split(['&', ';']) {
            let words: Vec<&str> =
                command.split_whitespace().map(|word| word.trim_matches(['"', '\'', '(', ')'])).collect();
            if let ["cd", to, ..] = words.as_slice() {
                folder = (*to).to_owned();
            }
            let Some(at) = words.windows(2).position(|pair| matches!(pair, ["go", "build"])) else { continue };
            let words = words.get(at + 2..).unwrap_or_default();
            let mut build = Build { target: target.clone(), folder: folder.clone(), ..Build::default() };
            let mut flag = "";
            for word in words {
                match flag {
                    "-o" => build.output = (*word).to_owned(),
                    "-C" => build.folder = (*word).to_owned(),
                    _ if word.starts_with('-') => {}
                    "-ldflags" | "-tags" | "-gcflags" | "-asmflags" | "-mod" => {}
                    _ => build.package = (*word).to_owned(),
                }
                flag = if word.starts_with('-') { word } else { "" };
            }
            found.push(build);
        }
    }
    found
}

/// Names that say nothing of which function is meant.
const GENERIC: &[&str] =
    &["bootstrap", "main", "handler", "bin", "build", "dist", "out", "target", ".bin", ".build", "release", "", "."];

/// Folders that sources of functions lie in.
const FOLDERS: &[&str] = &[
    "",
    "cmd",
    "functions",
    "function",
    "lambda",
    "lambdas",
    "src",
    "handlers",
    "handler",
    "cmd/lambda",
    "cmd/lambdas",
    "cmd/functions",
    "cmd/handlers",
    "src/handlers",
    "src/functions",
    "src/lambda",
    "src/lambdas",
    "src/cmd",
    "internal/handlers",
    "internal/functions",
    "app",
    "api",
    "services",
    "endpoints",
];

/// Sources that lie beside the output under the same name.
fn laid_out(sources: &Sources, base: &str, handler: &str) -> Option<String> {
    let whole = join(base, handler);
    let whole = whole.trim_end_matches(".zip");
    let parts: Vec<&str> = whole.split('/').collect();
    let named: Vec<&str> = parts.iter().copied().filter(|part| !GENERIC.contains(part)).collect();
    let ends = [named.len().checked_sub(2), named.len().checked_sub(1)];
    let names: Vec<String> = ends
        .into_iter()
        .flatten()
        .filter_map(|from| Some(named.get(from..)?.join("/")))
        .filter(|name| !name.is_empty())
        .collect();
    for root in and_above(base).take(MAX_LEVELS) {
        for name in &names {
            for folder in FOLDERS {
                let at = join(&join(root, folder), name);
                let folders = ["", "cmd", "main", "src"].map(|end| join(&at, end));
                let file = format!("{at}.go");
                let found = folders.iter().find_map(|folder| main_in(sources, folder));
                if let Some(found) = found.or_else(|| main_of(sources, &file)) {
                    return Some(found);
                }
            }
        }
    }
    None
}

/// The only main package below the code's folder, or of the module that it lies in.
fn only_one(sources: &Sources, base: &str) -> Option<String> {
    let module = and_above(base).find(|folder| sources.is_walked(&join(folder, "go.mod")));
    for folder in [Some(base), module].into_iter().flatten() {
        let walked = sources.walked_under(folder).into_iter().map(|(path, _)| path);
        let mut mains: Vec<String> = walked
            .filter(|path| super::go_module::is_code(path) && !path.contains("/vendor/") && is_main(sources, path))
            .map(|path| path.to_string())
            .collect();
        match mains.len() {
            0 => {}
            1 => return Some(mains.swap_remove(0)),
            _ => return None,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{Build, builds};

    #[test]
    fn builds_are_read_from_makefiles() {
        let text = "build-Orders:\n\tGOOS=linux CGO_ENABLED=0 go build -tags lambda.norpc -ldflags=\"-s -w\" -o $(ARTIFACTS_DIR)/bootstrap ./cmd/orders\nall:\n\tcd users && go build -o ../bin/users main.go\n";
        let build = |target: &str, folder: &str, output: &str, package: &str| Build {
            target: target.into(),
            folder: folder.into(),
            output: output.into(),
            package: package.into(),
        };
        assert_eq!(
            builds(text),
            [
                build("build-Orders", "", "$(ARTIFACTS_DIR)/bootstrap", "./cmd/orders"),
                build("all", "users", "../bin/users", "main.go"),
            ]
        );
    }
}
