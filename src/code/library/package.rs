//! Which outside packages are known, and what it means to hand them a client or the event.

use crate::model::Language;
use crate::syntax::table::lines;
use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

/// What an outside package may do with a client or an event that it is handed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::code) enum Outsider {
    /// Nothing that calls a cloud.
    Harmless,
    /// It calls AWS by itself, in ways that are not followed.
    CallsAws,
    /// Not known.
    Foreign,
}

/// What the package of a dotted path may do.
pub(in crate::code) fn outsider(language: Language, path: &str) -> Outsider {
    let top = top(language, path);
    if is_in("calls-aws", top) {
        return Outsider::CallsAws;
    }
    let harmless = match language {
        Language::Python => top == "builtins" || is_in("standard-python", top) || is_in("harmless-python", top),
        Language::JavaScript => {
            let bare = path.strip_prefix("node:").unwrap_or(path);
            let bare = bare.split(['/', '.']).next().unwrap_or_default();
            bare == "builtins"
                || is_in("standard-node", bare)
                || section("harmless-node").iter().any(|known| path.starts_with(known))
        }
        // Paths of the standard library have no host in front.
        Language::Go => {
            if section("calls-aws-go").iter().any(|known| path.starts_with(known)) {
                return Outsider::CallsAws;
            }
            !path.split('/').next().unwrap_or_default().contains('.')
                || !path.contains('/')
                || section("harmless-go").iter().any(|known| path.starts_with(known))
        }
        Language::Java => {
            if section("calls-aws-java").iter().any(|known| path.starts_with(known)) {
                return Outsider::CallsAws;
            }
            section("harmless-java").iter().any(|known| path.starts_with(known)) || !path.contains('.')
        }
        // A crate takes part in the types: a client is handed on by its type, and found there.
        Language::Rust => true,
    };
    if harmless { Outsider::Harmless } else { Outsider::Foreign }
}

/// Whether a module is one that is commonly installed, so that its absence from the repository is no surprise.
pub(in crate::code) fn is_known_module(module: &str) -> bool {
    let python = module.split('.').next().unwrap_or_default();
    let node = module.strip_prefix("node:").unwrap_or(module);
    let scope = node.split('/').next().unwrap_or_default();
    is_in("standard-python", python)
        || is_in("known-python", python)
        || python.starts_with("mypy_boto3")
        || python.starts_with("types_boto3")
        || python.starts_with("aws_cdk")
        || python.starts_with("opentelemetry")
        || module.starts_with("node:")
        || is_in("standard-node", scope)
        || is_in("known-node", scope)
        || (scope.starts_with('@') && node.contains('/'))
}

/// The package of a dotted path, as users know it.
pub(in crate::code) fn package(language: Language, path: &str) -> &str {
    match language {
        Language::Go => super::go_path::split(path).0,
        Language::Java => {
            let ends = path.match_indices('.').nth(2).map_or(path.len(), |(at, _)| at);
            path.get(..ends).unwrap_or(path)
        }
        _ => path.split('.').next().unwrap_or_default(),
    }
}

/// Whether a package only writes, fills, checks or encodes what it is given, and calls no method of it that does more.
pub(in crate::code) fn only_writes(language: Language, path: &str) -> bool {
    const GO: &[&str] = &[
        "builtins.",
        "fmt.",
        "log.",
        "log/slog.",
        "errors.",
        "encoding/",
        "strings.",
        "context.",
        "reflect.",
        "go.uber.org/zap",
        "github.com/caarlos0/env",
        "github.com/davecgh/go-spew",
        "github.com/go-ozzo/ozzo-validation",
        "github.com/go-playground/validator",
        "github.com/kelseyhightower/envconfig",
        "github.com/mitchellh/mapstructure",
        "github.com/sirupsen/logrus",
        "github.com/spf13/viper",
        "gopkg.in/yaml",
    ];
    const JAVA: &[&str] = &["java.", "org.slf4j", "com.fasterxml.", "com.google.gson", "org.apache.logging"];
    language == Language::Java && JAVA.iter().any(|known| path.starts_with(known))
        || language == Language::Go && GO.iter().any(|known| path.starts_with(known))
}

fn top(language: Language, path: &str) -> &str {
    match language {
        Language::JavaScript => {
            let slash =
                if path.starts_with('@') { path.match_indices('/').nth(1) } else { path.match_indices('/').next() };
            let path = slash.map_or(path, |(at, _)| path.get(..at).unwrap_or(path));
            path.split('.').next().unwrap_or_default()
        }
        _ => path.split('.').next().unwrap_or_default(),
    }
}

/// The packages of data/code/packages.txt by section.
fn section(name: &str) -> &'static HashSet<&'static str> {
    static SECTIONS: OnceLock<HashMap<&'static str, HashSet<&'static str>>> = OnceLock::new();
    static NONE: OnceLock<HashSet<&'static str>> = OnceLock::new();
    let sections = SECTIONS.get_or_init(|| {
        let mut sections: HashMap<&str, HashSet<&str>> = HashMap::new();
        let mut current = "";
        for line in lines(include_str!("../../../data/code/packages.txt")) {
            match line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
                Some(name) => current = name,
                None => sections.entry(current).or_default().extend(line.split_whitespace()),
            }
        }
        sections
    });
    sections.get(name).unwrap_or_else(|| NONE.get_or_init(HashSet::new))
}

fn is_in(name: &str, package: &str) -> bool {
    section(name).contains(package)
}

#[cfg(test)]
mod tests {
    use super::{Outsider, is_known_module, outsider};
    use crate::model::Language;

    #[test]
    fn packages_are_sorted_by_what_they_do() {
        for (language, path, expected) in [
            (Language::Python, "json.dumps", Outsider::Harmless),
            (Language::Python, "smart_open.open", Outsider::CallsAws),
            (Language::Python, "inhouse.save", Outsider::Foreign),
            (Language::JavaScript, "@aws-sdk/s3-request-presigner.getSignedUrl", Outsider::Harmless),
            (Language::JavaScript, "node:fs.readFile", Outsider::Harmless),
            (Language::JavaScript, "dynamoose.model", Outsider::CallsAws),
            (Language::JavaScript, "@inhouse/db.save", Outsider::Foreign),
        ] {
            assert_eq!(outsider(language, path), expected, "{path}");
        }
        for module in ["boto3", "xml.etree", "node:fs/promises", "lodash/get", "@aws-sdk/client-s3"] {
            assert!(is_known_module(module), "{module}");
        }
        assert!(!is_known_module("common.db"));
    }
}
