//! Which files are code to be judged: no tests, no bundles.

use crate::source::Sources;
use memchr::memmem;
use std::collections::BTreeSet;

/// Whether a path lies in a test folder or is named like a test.
pub(super) fn is_test(path: &str) -> bool {
    const FOLDERS: &[&str] = &[
        "test",
        "tests",
        "__tests__",
        "spec",
        "specs",
        "e2e",
        "fixtures",
        "__mocks__",
        "mocks",
        "testing",
        "__fixtures__",
        "integration-tests",
        "unit-tests",
        "integration_tests",
        "unit_tests",
        "testdata",
    ];
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = name.split('.').next().unwrap_or_default();
    folders.split('/').any(|folder| FOLDERS.contains(&folder.to_ascii_lowercase().as_str()))
        || stem.starts_with("test_")
        || stem.ends_with("_test")
        || stem == "conftest"
        || [".test.", ".spec.", ".e2e.", "-spec.", ".stories.", ".mock."].iter().any(|part| name.contains(part))
}

/// Whether a file is a copy of somebody else's package in the repository (Go's `vendor`).
pub(super) fn is_vendored(path: &str) -> bool {
    path.ends_with(".go") && path.split('/').any(|folder| folder == "vendor")
}

/// Whether a file is a bundle or minified: named so, or with lines that nobody writes.
pub(super) fn is_bundle(path: &str, text: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    if name.contains(".min.") || name.contains(".bundle.") || name.ends_with(".d.ts") {
        return true;
    }
    if text.len() < 4000 {
        return false;
    }
    let mut longest = 0;
    let mut start = 0;
    let mut lines = 1;
    for at in memchr::memchr_iter(b'\n', text.as_bytes()) {
        longest = longest.max(at - start);
        start = at + 1;
        lines += 1;
    }
    longest = longest.max(text.len() - start);
    // A long line alone may be data; many characters a line is the mark of a minifier.
    (longest > 20_000 && longest * 2 > text.len()) || text.len() / lines > 400
}

/// Where brackets open that nobody means to close: deeper than any program nests, whatever stands in its strings.
pub(super) fn endless(text: &str) -> Option<usize> {
    const MAX_BRACKETS: usize = 5_000;
    let mut depth = 0_usize;
    text.bytes().position(|byte| {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth > MAX_BRACKETS
    })
}

/// Packages that were installed into the repository (`pip install -t`), as folders and files.
///
/// Each leaves a `name-version.dist-info` folder beside itself.
#[derive(Debug, Default)]
pub(super) struct Installed(BTreeSet<String>);

impl Installed {
    /// Finds them among all walked files.
    pub(super) fn find(sources: &Sources) -> Self {
        let mut found = BTreeSet::new();
        for (path, _) in sources.walked_under("") {
            let Some((before, _)) = path.split_once(".dist-info/") else { continue };
            let (folder, package) = before.rsplit_once('/').unwrap_or(("", before));
            let name = package.split('-').next().unwrap_or_default();
            let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
            found.insert(format!("{prefix}{name}"));
            found.insert(format!("{prefix}{}", name.to_ascii_lowercase()));
            found.insert(folder.to_owned());
        }
        Self(found)
    }

    /// Whether a file belongs to an installed package.
    pub(super) fn holds(&self, path: &str) -> bool {
        path.match_indices('/').any(|(at, _)| {
            let (folder, rest) = path.split_at(at);
            let first = rest.trim_start_matches('/').split(['/', '.']).next().unwrap_or_default();
            // Beside an installed package a package of a known name is installed too.
            self.0.contains(folder)
                && (self.0.contains(&format!("{folder}/{first}")) || super::library::is_known_module(first))
        }) || (self.0.contains("") && self.0.contains(path.split(['/', '.']).next().unwrap_or_default()))
    }
}

/// Whether a file can hold any fact at all; one that mentions none of these words is not parsed unless a handler
/// reaches it. A file that imports something may use a client that was made elsewhere.
pub(super) fn may_hold_facts(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "boto",
        "aws",
        "AWS",
        "://",
        "ssl",
        "verify",
        "TLS",
        "rejectUnauthorized",
        "event",
        "equest",
        "fetch",
        "axios",
        "lient",
        "assw",
        "ASSW",
        "ecret",
        "ECRET",
        "oken",
        "OKEN",
        "_key",
        "_KEY",
        "Key",
        "AKIA",
        "ASIA",
        "ghp_",
        "xox",
        "AIza",
        "PRIVATE KEY",
        "eyJ",
        "_live_",
        "pwd",
        "danger_",
        "subprocess",
        "got(",
        "http",
        "import",
        "require(",
        "use ",
    ];
    WORDS.iter().any(|word| memmem::find(text.as_bytes(), word.as_bytes()).is_some())
}

#[cfg(test)]
mod tests {
    use super::{Installed, is_bundle, is_test};
    use crate::source::Sources;

    #[test]
    fn installed_packages_are_told_by_what_installing_leaves() {
        let sources = Sources::in_memory([
            ("fn/app.py", ""),
            ("fn/boto3/client.py", ""),
            ("fn/inhouse/db.py", ""),
            ("fn/lib/x.py", ""),
            ("fn/inhouse-1.0.dist-info/METADATA", ""),
        ]);
        let installed = Installed::find(&sources);
        assert!(installed.holds("fn/inhouse/db.py") && installed.holds("fn/boto3/client.py"));
        assert!(
            !installed.holds("fn/app.py") && !installed.holds("fn/lib/x.py") && !installed.holds("other/boto3/x.py")
        );
    }

    #[test]
    fn tests_are_told_by_folder_and_name() {
        for path in [
            "a/tests/x.py",
            "test/x.js",
            "src/__tests__/a.ts",
            "test_app.py",
            "src/app_test.py",
            "a.spec.ts",
            "x/conftest.py",
            "store/orders_test.go",
            "src/test/java/com/example/AppTest.java",
        ] {
            assert!(is_test(path), "{path}");
        }
        assert!(super::is_vendored("a/vendor/x/y.go") && !super::is_vendored("a/vendor.go"));
        for path in ["src/contest.py", "latest/app.py", "src/testimony.py", "attest.js"] {
            assert!(!is_test(path), "{path}");
        }
    }

    #[test]
    fn bundles_are_told_by_their_lines() {
        assert!(is_bundle("a.min.js", ""));
        assert!(is_bundle("a.js", &"a=1;".repeat(20_000)));
        assert!(!is_bundle("a.js", &"a = 1;\n".repeat(20_000)));
    }
}
