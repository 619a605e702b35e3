//! Data sources: what can be told of them without asking a provider.

use super::body::body;
use super::instance::Scope;
use super::module;
use super::policy_document;
use super::value::{Document, Kind, Value};
use crate::source::Span;
use crate::syntax::hcl::Block;
use crate::syntax::{Part, Unknown, UnknownKind};
use std::sync::Arc;

/// An attribute of a data source.
pub(super) fn attribute(kind: &str, key: &str, block: &Block, wanted: &str, span: Span, scope: &Scope<'_>) -> Value {
    let pseudo = |name: &str| Value::unknown(UnknownKind::Pseudo, name, span);
    let lookup = || Value::unknown(UnknownKind::Lookup, format!("{key}.{wanted}"), span);
    match (kind, wanted) {
        ("aws_caller_identity", "account_id" | "id") => pseudo("AWS::AccountId"),
        ("aws_region", "name" | "id" | "region") => pseudo("AWS::Region"),
        ("aws_partition", "partition" | "id") => pseudo("AWS::Partition"),
        ("aws_partition", "dns_suffix") => pseudo("AWS::URLSuffix"),
        ("aws_iam_policy_document", "json" | "minified_json") => {
            let tree = policy_document::document(&body(block, scope), block.header);
            let text = vec![Part::Unknown(Unknown::new(UnknownKind::Expression, format!("{key}.{wanted}")))];
            Value::new(Kind::Document(Arc::new(Document { tree, text })), span)
        }
        ("template_file", "rendered") => written(block, "template", scope).unwrap_or_else(lookup),
        ("local_file", "content") => match written(block, "filename", scope).and_then(|name| name.text()) {
            Some(name) => super::functions::read_file(&name, span, scope),
            None => lookup(),
        },
        ("archive_file", _) => match wanted {
            "output_path" | "source_dir" | "source_file" | "type" => written(block, wanted, scope)
                .unwrap_or_else(|| Value::unknown(UnknownKind::Computed, format!("{key}.{wanted}"), span)),
            _ => Value::unknown(UnknownKind::Computed, format!("{key}.{wanted}"), span),
        },
        ("aws_s3_bucket", "id") => written(block, "bucket", scope).unwrap_or_else(lookup),
        _ => written(block, wanted, scope).unwrap_or_else(lookup),
    }
}

fn written(block: &Block, name: &str, scope: &Scope<'_>) -> Option<Value> {
    module::attribute(block, name).map(|expr| scope.eval(expr))
}
