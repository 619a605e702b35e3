//! The documents of the policies that AWS manages, by ARN or name.

use super::pack::unpack;
use std::sync::OnceLock;

/// The documents in JSON; see `tools/iam/managed.py`.
static PACKED: &[u8] = include_bytes!("../../data/iam/managed.zst");

/// The document, as JSON text, of an AWS-managed policy in its latest version known here.
///
/// Takes an ARN (of any partition), or the name with or without its path: `service-role/AWSLambdaBasicExecutionRole`,
/// `AWSLambdaBasicExecutionRole`. `None` for a customer's policy and for one that is not known.
pub fn document(policy: &str) -> Option<&'static str> {
    let path = match policy.strip_prefix("arn:") {
        Some(rest) => rest.split_once(":iam::aws:policy/")?.1,
        None => policy,
    };
    let table = table();
    let found = table.binary_search_by(|(known, _)| (*known).cmp(path)).ok();
    let index = found.or_else(|| {
        let named = |(known, _): &(&str, &str)| known.rsplit('/').next() == Some(path);
        if policy.starts_with("arn:") { None } else { table.iter().position(named) }
    })?;
    table.get(index).map(|(_, document)| *document)
}

fn table() -> &'static [(&'static str, &'static str)] {
    static TEXT: OnceLock<String> = OnceLock::new();
    static TABLE: OnceLock<Vec<(&'static str, &'static str)>> = OnceLock::new();
    TABLE.get_or_init(|| TEXT.get_or_init(|| unpack(PACKED)).lines().filter_map(|line| line.split_once('\t')).collect())
}

#[cfg(test)]
mod tests {
    use super::{document, table};

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
        assert_eq!(table().len(), 1594);
        assert!(table().is_sorted());
        for (path, document) in table() {
            let value: serde_json::Value =
                serde_json::from_str(document).unwrap_or_else(|error| panic!("{path}: {error}"));
            assert!(value.get("Statement").is_some(), "{path}");
        }
    }
}
