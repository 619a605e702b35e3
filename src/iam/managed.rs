//! The documents of the policies that AWS manages, by ARN or name.

use crate::syntax::table::{lines, row, unpack};
use std::collections::HashSet;
use std::sync::OnceLock;

/// The documents in JSON, in chunks that are packed each for itself; see `tools/iam/managed.py`.
static PACKED: &[u8] = include_bytes!("../../data/iam/managed.zst");

/// Which chunk holds which policy.
static INDEX: &[u8] = include_bytes!("../../data/iam/managed_index.zst");

/// The document, as JSON text, of an AWS-managed policy in its latest version known here.
///
/// Takes an ARN (of any partition), or the name with or without its path: `service-role/AWSLambdaBasicExecutionRole`,
/// `AWSLambdaBasicExecutionRole`. `None` for a customer's policy and for one that is not known.
pub fn document(policy: &str) -> Option<&'static str> {
    let path = match policy.strip_prefix("arn:") {
        Some(rest) => rest.split_once(":iam::aws:policy/")?.1,
        None => policy,
    };
    let index = index();
    let found = index.policies.binary_search_by(|policy| policy.path.cmp(path)).ok();
    let found = found.or_else(|| {
        let named = |known: &Policy| known.path.rsplit('/').next() == Some(path);
        if policy.starts_with("arn:") { None } else { index.policies.iter().position(named) }
    })?;
    let Policy { chunk, line, .. } = index.policies.get(found)?;
    let chunk = index.chunks.get(*chunk)?;
    chunk.text().lines().nth(*line)
}

/// Whether one of the policies names the action, as written but without regard to case.
pub fn name(action: &str) -> bool {
    named().contains(action.to_ascii_lowercase().as_str())
}

/// Whether one of the policies names an action of the service.
pub fn name_service(service: &str) -> bool {
    let service = service.to_ascii_lowercase();
    named().iter().any(|action| action.split_once(':').is_some_and(|(own, _)| own == service))
}

/// Every string of the documents that looks like an action, in lower case.
fn named() -> &'static HashSet<String> {
    static NAMED: OnceLock<HashSet<String>> = OnceLock::new();
    NAMED.get_or_init(|| {
        let texts = index().chunks.iter().map(Chunk::text);
        let strings = texts.flat_map(|text| text.split('"'));
        let action =
            |text: &&str| text.split_once(':').is_some_and(|(_, name)| !name.is_empty() && !name.contains(':'));
        strings.filter(action).map(str::to_ascii_lowercase).collect()
    })
}

/// The paths of all policies that are known, behind `policy/` of their ARNs, sorted.
pub fn paths() -> impl Iterator<Item = &'static str> {
    index().policies.iter().map(|policy| policy.path)
}

struct Index {
    chunks: Vec<Chunk>,
    /// By path.
    policies: Vec<Policy>,
}

struct Chunk {
    from: usize,
    to: usize,
    text: OnceLock<String>,
}

impl Chunk {
    fn text(&self) -> &str {
        self.text.get_or_init(|| PACKED.get(self.from..self.to).map(unpack).unwrap_or_default())
    }
}

struct Policy {
    path: &'static str,
    chunk: usize,
    line: usize,
}

fn index() -> &'static Index {
    static TEXT: OnceLock<String> = OnceLock::new();
    static TABLE: OnceLock<Index> = OnceLock::new();
    TABLE.get_or_init(|| parse(TEXT.get_or_init(|| unpack(INDEX))))
}

fn parse(text: &'static str) -> Index {
    let mut index = Index { chunks: Vec::new(), policies: Vec::new() };
    let mut line = 0;
    for entry in lines(text) {
        let mut row = row(entry);
        if row.cell() == "C" {
            let mut offset = || row.cell().parse().unwrap_or_default();
            index.chunks.push(Chunk { from: offset(), to: offset(), text: OnceLock::new() });
            line = 0;
        } else {
            index.policies.push(Policy { path: entry, chunk: index.chunks.len().saturating_sub(1), line });
            line += 1;
        }
    }
    index
}

#[cfg(test)]
mod tests {
    use super::{document, paths};

    #[test]
    fn documents_are_found_by_arn_and_by_name() {
        let basic = document("AWSLambdaBasicExecutionRole").unwrap();
        assert!(basic.contains("logs:PutLogEvents"));
        for same in [
            "service-role/AWSLambdaBasicExecutionRole",
            "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
            "arn:aws-cn:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
        ] {
            assert_eq!(document(same), Some(basic), "{same}");
        }
        assert!(document("AdministratorAccess").unwrap().contains(r#""Action":"*""#));
        for none in
            ["arn:aws:iam::123456789012:policy/AdministratorAccess", "arn:aws:iam::aws:policy/NoSuch", "", "arn:"]
        {
            assert_eq!(document(none), None, "{none}");
        }
    }

    #[test]
    fn every_document_is_json_with_statements() {
        let paths: Vec<&str> = paths().collect();
        assert_eq!(paths.len(), 1594);
        assert!(paths.is_sorted());
        for path in paths {
            let text = document(path).unwrap_or_else(|| panic!("{path}"));
            let value: serde_json::Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{path}: {error}"));
            assert!(value.get("Statement").is_some(), "{path}");
        }
    }
}
