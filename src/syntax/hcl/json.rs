//! Terraform's language written as JSON (`*.tf.json`, `*.tfvars.json`).

use super::super::{Entry, Node, Value, json};
use super::read::Reader;
use super::tree::{Attribute, Block, Body, Expr, ExprKind, Piece};
use crate::source::{Problem, SourceFile, Span};
use std::sync::Arc;

/// The blocks of a configuration and the number of their labels (Terraform's documentation, "JSON Configuration
/// Syntax").
const BLOCKS: &[(&str, usize)] = &[
    ("resource", 2),
    ("data", 2),
    ("ephemeral", 2),
    ("variable", 1),
    ("output", 1),
    ("module", 1),
    ("provider", 1),
    ("check", 1),
    ("locals", 0),
    ("terraform", 0),
    ("moved", 0),
    ("removed", 0),
    ("import", 0),
];

/// Blocks inside others, and the number of their labels; what is not among them is an attribute.
const INNER: &[(&str, usize)] = &[("dynamic", 1), ("content", 0), ("lifecycle", 0), ("provisioner", 1)];

/// How deep objects may stand in each other.
const MAX_DEPTH: usize = 64;

/// Whether a file name is one of JSON.
pub fn is_json(name: &str) -> bool {
    name.ends_with(".json")
}

/// Parses a configuration in JSON.
pub fn parse_json(file: &SourceFile) -> (Body, Vec<Problem>) {
    let (tree, problems) = json::parse(file);
    let mut body = Body::default();
    let reader = Json { file };
    for entry in tree.iter().flat_map(objects).flat_map(Node::entries) {
        if let Some((_, labels)) = BLOCKS.iter().find(|(kind, _)| *kind == &*entry.key) {
            reader.blocks(&entry.key, *labels, entry.key_span, &entry.value, &mut Vec::new(), &mut body.blocks, 0);
        }
    }
    (body, problems)
}

/// Parses values of variables in JSON, which are literal.
pub fn parse_values(file: &SourceFile) -> (Body, Vec<Problem>) {
    let (tree, problems) = json::parse(file);
    let mut body = Body::default();
    for entry in tree.iter().flat_map(Node::entries) {
        body.attributes.push(attribute(entry, literal(&entry.value)));
    }
    (body, problems)
}

/// The expression that a value in JSON is, taken literally.
pub fn literal(node: &Node) -> Expr {
    plain(node, &|_, text| ExprKind::String(text.clone()))
}

/// The expression of a value, of which strings are read by `text`.
fn plain(node: &Node, text: &dyn Fn(&Node, &Arc<str>) -> ExprKind) -> Expr {
    let kind = match &node.value {
        Value::Bool(value) => ExprKind::Bool(*value),
        Value::Number(text) => ExprKind::Number(text.parse().unwrap_or_default()),
        Value::String(string) => text(node, string),
        Value::List(items) => ExprKind::List(items.iter().map(|item| plain(item, text)).collect()),
        Value::Map(entries) => {
            let key = |entry: &Entry| plain(&Node::string(entry.key.clone(), entry.key_span), text);
            ExprKind::Object(entries.iter().map(|entry| (key(entry), plain(&entry.value, text))).collect())
        }
        _ => ExprKind::Null,
    };
    Expr { span: node.span, kind }
}

/// An object, or each of a list of them.
fn objects(node: &Node) -> &[Node] {
    node.items_or_self()
}

fn attribute(entry: &Entry, value: Expr) -> Attribute {
    Attribute { name: entry.key.clone(), name_span: entry.key_span, value: Arc::new(value) }
}

struct Json<'a> {
    file: &'a SourceFile,
}

impl Json<'_> {
    /// Adds the blocks of a kind; each label is one object around the bodies.
    #[expect(clippy::too_many_arguments, reason = "what the recursion carries")]
    fn blocks(
        &self,
        kind: &Arc<str>,
        left: usize,
        key: Span,
        value: &Node,
        labels: &mut Vec<Arc<str>>,
        out: &mut Vec<Arc<Block>>,
        depth: usize,
    ) {
        for object in objects(value) {
            if left == 0 {
                let body = self.body(kind, object, depth);
                out.push(Arc::new(Block { kind: kind.clone(), labels: labels.clone(), body, header: key }));
                continue;
            }
            for entry in object.entries().iter().filter(|entry| &*entry.key != "//") {
                labels.push(entry.key.clone());
                self.blocks(kind, left - 1, entry.key_span, &entry.value, labels, out, depth);
                labels.pop();
            }
        }
    }

    fn body(&self, kind: &str, object: &Node, depth: usize) -> Body {
        let mut body = Body::default();
        for entry in object.entries().iter().filter(|entry| &*entry.key != "//") {
            let inner = INNER.iter().find(|(name, _)| *name == &*entry.key && holds_blocks(kind));
            let labels = match inner {
                Some((_, labels)) => Some(*labels),
                None => (holds_blocks(kind) && is_dynamic(&entry.value, 0)).then_some(0),
            };
            match labels.filter(|_| depth < MAX_DEPTH) {
                Some(labels) => {
                    let mut names = Vec::new();
                    self.blocks(
                        &entry.key,
                        labels,
                        entry.key_span,
                        &entry.value,
                        &mut names,
                        &mut body.blocks,
                        depth + 1,
                    );
                }
                None => body.attributes.push(attribute(entry, self.value(kind, entry))),
            }
        }
        body
    }

    /// A few arguments are expressions or literal text, not templates.
    fn value(&self, kind: &str, entry: &Entry) -> Expr {
        match (kind, &*entry.key) {
            ("variable", "type") | ("moved" | "removed" | "import", "from" | "to") => self.written(&entry.value),
            ("variable", _) => literal(&entry.value),
            _ => self.expr(&entry.value),
        }
    }

    /// Text that holds an expression.
    fn written(&self, node: &Node) -> Expr {
        let text = node.as_text().unwrap_or_default();
        match hcl_edit::parser::parse_expr(text) {
            Ok(expr) => self.reader(node, text).expr(&expr),
            Err(_) => literal(node),
        }
    }

    fn expr(&self, node: &Node) -> Expr {
        plain(node, &|node, text| {
            if text.contains("${") || text.contains("%{") {
                self.template(node, text)
            } else {
                ExprKind::String(text.clone())
            }
        })
    }

    fn template(&self, node: &Node, text: &Arc<str>) -> ExprKind {
        let Ok(template) = hcl_edit::parser::parse_template(text) else {
            return ExprKind::String(text.clone());
        };
        let mut pieces = self.reader(node, text).pieces(&template);
        match pieces.as_mut_slice() {
            [Piece::Value(only)] => std::mem::replace(&mut only.kind, ExprKind::Null),
            _ => ExprKind::Template(pieces),
        }
    }

    /// Reads what a string holds: at its own offsets where the file holds it as it is.
    fn reader(&self, node: &Node, text: &str) -> Reader {
        let start = node.span.start as usize + 1;
        let verbatim = self.file.text.get(start..start + text.len()) == Some(text);
        let whole = (!verbatim).then_some(node.span);
        Reader { file: node.span.file, base: start, whole }
    }
}

/// Whether the body of a block has blocks of its own.
fn holds_blocks(kind: &str) -> bool {
    !matches!(kind, "locals" | "variable" | "output" | "module" | "moved" | "removed" | "import")
}

/// Whether a `dynamic` block stands somewhere inside.
fn is_dynamic(node: &Node, depth: usize) -> bool {
    depth < MAX_DEPTH
        && match &node.value {
            Value::List(items) => items.iter().any(|item| is_dynamic(item, depth + 1)),
            Value::Map(entries) => {
                entries.iter().any(|entry| &*entry.key == "dynamic" || is_dynamic(&entry.value, depth + 1))
            }
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use super::super::{ExprKind, Piece};
    use super::{parse_json, parse_values};
    use crate::source::Sources;

    #[test]
    fn json_becomes_blocks_and_templates() {
        let text = r#"{
  "//": "a comment",
  "variable": { "n": { "type": "map(string)", "default": { "a": "${b}" } } },
  "locals": [{ "a": 1 }, { "b": "x-${var.n.a}" }],
  "resource": { "aws_sqs_queue": { "q": { "name": "${local.b}", "dynamic": { "tags": { "for_each": [1], "content": { "k": "v" } } } } } },
  "provider": { "aws": [{ "region": "eu-west-1" }, { "alias": "us", "region": "us-east-1" }] }
}"#;
        let sources = Sources::in_memory([("a.tf.json", text)]);
        let (body, problems) = parse_json(&sources.open("a.tf.json").unwrap());
        assert!(problems.is_empty(), "{problems:?}");
        let kinds: Vec<String> =
            body.blocks.iter().map(|block| format!("{} {}", block.kind, block.labels.join("."))).collect();
        assert_eq!(
            kinds,
            ["variable n", "locals ", "locals ", "resource aws_sqs_queue.q", "provider aws", "provider aws"]
        );
        assert!(matches!(body.blocks[0].body.attributes[0].value.kind, ExprKind::Call { .. }));
        let local = &body.blocks[2].body.attributes[0].value;
        let ExprKind::Template(pieces) = &local.kind else { panic!("{local:?}") };
        let Piece::Value(inner) = &pieces[1] else { panic!("{pieces:?}") };
        assert_eq!(&text[inner.span.range()], "var.n.a");
        let queue = &body.blocks[3].body;
        assert!(matches!(queue.attributes[0].value.kind, ExprKind::Traversal(..)));
        assert_eq!(&*queue.blocks[0].kind, "dynamic");
        assert_eq!(&*queue.blocks[0].body.blocks[0].kind, "content");
    }

    #[test]
    fn values_are_literal() {
        let sources = Sources::in_memory([("a.tfvars.json", r#"{"a": "${x}", "b": [1]}"#)]);
        let (body, _) = parse_values(&sources.open("a.tfvars.json").unwrap());
        assert!(matches!(&body.attributes[0].value.kind, ExprKind::String(text) if &**text == "${x}"));
    }
}
