//! The tables of data/terraform: which Terraform attribute stands for which CloudFormation property.

use super::value::Value;
use crate::model::registry::{self, Record};
use crate::source::Span;
use crate::syntax::table::rows;
use crate::syntax::{Node, Part, Reference, Unknown, UnknownKind};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

/// The files of data/terraform, which the build collects.
const TABLES: &[&str] = include!(concat!(env!("OUT_DIR"), "/terraform.in"));

/// What is known of a Terraform type.
#[derive(Debug, Default, Clone)]
pub(super) struct Type {
    /// The CloudFormation type.
    pub(super) kind: &'static str,
    /// The attributes that name the resource that this one is folded into; none where it stands for itself.
    pub(super) parents: Vec<&'static str>,
    /// The list of the parent that it is one item of; empty where it gives properties of the parent itself.
    pub(super) item_of: &'static str,
    /// The type that it keeps where its parent is not in scope.
    pub(super) alone: &'static str,
    rows: HashMap<&'static str, Row>,
    references: HashMap<&'static str, &'static str>,
    defaults: Vec<(&'static str, &'static str, &'static str)>,
}

/// One attribute.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    /// Dotted path from the property that the enclosing block stands for; `-` none, `.` that property itself.
    pub(super) target: &'static str,
    /// What is done to the value; empty where the property's shape says it.
    pub(super) transform: &'static str,
}

/// The shape of a property.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Scalar,
    Object,
    Scalars,
    Objects,
    /// A map or document of any shape.
    Free,
}

static TYPES: LazyLock<HashMap<&'static str, Type>> = LazyLock::new(|| {
    let mut types: HashMap<&'static str, Type> = HashMap::new();
    let mut same = Vec::new();
    for mut row in TABLES.iter().flat_map(|table| rows(table)) {
        let [name, attribute, target, extra, alone] = row.cells();
        if attribute == "same" {
            same.push((name, target));
            continue;
        }
        let known = types.entry(name).or_default();
        if attribute == "=" {
            let (parents, item_of) = extra.split_once(':').unwrap_or((extra, ""));
            known.kind = target;
            known.parents = parents.split(',').filter(|parent| !parent.is_empty()).collect();
            known.item_of = item_of;
            known.alone = if alone.is_empty() { name } else { alone };
        } else if let Some(reference) = attribute.strip_prefix('.') {
            known.references.insert(reference, target);
        } else {
            if let Some(default) = extra.strip_prefix("default:") {
                known.defaults.push((attribute, target, default));
            }
            known.rows.insert(attribute, Row { target, transform: extra });
        }
    }
    // A type by another name.
    for (name, of) in same {
        let known = types.get(of).cloned().unwrap_or_default();
        types.insert(name, known);
    }
    types
});

/// What is known of a Terraform type; `None` where it has no table.
pub(super) fn of(kind: &str) -> Option<&'static Type> {
    TYPES.get(kind)
}

/// The name under which a block's type stands in the tables: with its `type` behind it, `aws_security_group_rule.egress`,
/// where that decides what it is.
pub(super) fn variant(kind: Arc<str>, body: &Node) -> Arc<str> {
    let variant = body.get("type").and_then(Node::as_text).map(|word| format!("{kind}.{word}"));
    variant.filter(|variant| TYPES.contains_key(variant.as_str())).map_or(kind, Arc::from)
}

impl Shape {
    fn of(published: &registry::Shape) -> Self {
        match published {
            registry::Shape::Record(_) | registry::Shape::RecordOrText(_) => Self::Object,
            registry::Shape::List(item) if item.record().is_some() => Self::Objects,
            registry::Shape::List(_) => Self::Scalars,
            registry::Shape::Map(_) | registry::Shape::Free => Self::Free,
            _ => Self::Scalar,
        }
    }
}

impl Type {
    /// The attributes of a block with a default of Terraform's own, their properties and that default, in the order of
    /// the table; the block's path is empty for the resource's own.
    pub(super) fn defaults(&self, block: &str) -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
        self.defaults.iter().filter_map(move |(path, target, value)| {
            let (holder, attribute) = path.rsplit_once('.').unwrap_or(("", path));
            (holder == block).then_some((attribute, *target, *value))
        })
    }

    /// The row of a dotted path of blocks and attribute.
    pub(super) fn row(&self, path: &str) -> Option<Row> {
        self.rows.get(path).copied()
    }
}

/// The property below `holder` that an attribute's name settles: snake case against upper camel, without regard to
/// case and plural.
pub(super) fn by_name(kind: &str, holder: &str, attribute: &str) -> Option<(&'static str, Shape)> {
    let published: &'static Record = registry::schema(kind)?.record_at(holder)?;
    let wanted = plain(attribute);
    let exact = published.properties.iter().find(|property| plain(&property.name) == wanted);
    let plural = || published.properties.iter().find(|property| one_and_many(&plain(&property.name), &wanted));
    exact.or_else(plural).map(|property| (&*property.name, Shape::of(&property.shape)))
}

/// The property that a companion configures by its name, `cors_configuration` or `notification`; `None` where the name
/// fits none, or several.
pub(super) fn companion(kind: &str, rest: &str) -> Option<&'static str> {
    let published: &'static Record = registry::schema(kind)?.record_at("")?;
    let wanted = plain(rest);
    let mut fits = published.properties.iter().filter(|property| plain(&property.name).starts_with(&wanted));
    let first = fits.next()?;
    if fits.next().is_some() { None } else { Some(&first.name) }
}

/// The shape of the property at a dotted path.
pub(super) fn shape(kind: &str, path: &str) -> Option<Shape> {
    registry::schema(kind)?.property(path).map(|property| Shape::of(&property.shape))
}

fn plain(name: &str) -> String {
    name.chars().filter(|letter| *letter != '_').map(|letter| letter.to_ascii_lowercase()).collect()
}

fn one_and_many(a: &str, b: &str) -> bool {
    let many = |one: &str, many: &str| {
        many.strip_suffix('s') == Some(one)
            || many.strip_suffix("es") == Some(one)
            || one.strip_suffix('y').is_some_and(|stem| many.strip_suffix("ies") == Some(stem))
    };
    many(a, b) || many(b, a)
}

/// `block_public_acls` to `BlockPublicAcls`.
pub(super) fn upper_camel(name: &str) -> String {
    let upper = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
    };
    name.split('_').map(upper).collect()
}

/// The value of an attribute of a resource, as CloudFormation names it; `names` are the steps of the reference.
pub(super) fn reference(kind: &str, address: &Arc<str>, names: &[&str], span: Span) -> Value {
    let (first, rest) = names.split_first().map_or(("id", [].as_slice()), |(first, rest)| (*first, rest));
    if !kind.starts_with("aws_") {
        return Value::unknown(UnknownKind::Computed, format!("{address}.{first}"), span);
    }
    if let Some(target) = of(kind).and_then(|known| known.references.get(first)) {
        return Value::template(parts(target, address), span);
    }
    let mut attribute = match first {
        "id" | "name" => String::new(),
        "arn" => "Arn".to_owned(),
        _ => named(kind, first),
    };
    for name in rest {
        attribute = format!("{attribute}.{}", upper_camel(name));
    }
    Value::reference(address.clone(), attribute.into(), span)
}

fn named(kind: &str, attribute: &str) -> String {
    let known = of(kind);
    let row = known.and_then(|known| known.row(attribute)).map(|row| row.target).filter(|target| target.len() > 1);
    let published = known.and_then(|known| by_name(known.kind, "", attribute)).map(|(name, _)| name);
    row.or(published).map_or_else(|| upper_camel(attribute), str::to_owned)
}

/// `Ref`, an attribute's name, or text with `${@Attribute}`, `${AWS::Pseudo}` and `${?Computed}` in it.
fn parts(target: &str, address: &Arc<str>) -> Vec<Part> {
    let reference =
        |attribute: &str| Part::Reference(Reference { resource: address.clone(), attribute: attribute.into() });
    if target == "Ref" {
        return vec![reference("")];
    }
    if !target.contains("${") {
        return vec![reference(target)];
    }
    let mut parts = Vec::new();
    for piece in target.split("${") {
        let (name, literal) = piece.split_once('}').unwrap_or(("", piece));
        if let Some(attribute) = name.strip_prefix('@') {
            parts.push(reference(attribute));
        } else if let Some(computed) = name.strip_prefix('?') {
            let what = format!("{address}.{computed}");
            parts.push(Part::Unknown(Unknown::new(UnknownKind::Computed, what)));
        } else if !name.is_empty() {
            parts.push(Part::Unknown(Unknown::new(UnknownKind::Pseudo, name)));
        }
        parts.push(Part::Literal(literal.into()));
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::{TYPES, by_name, shape, upper_camel};
    use crate::model::registry;

    #[test]
    fn names_settle_case_and_plural() {
        let name = |kind, holder, attribute| by_name(kind, holder, attribute).map(|(name, _)| name);
        assert_eq!(name("AWS::Lambda::Function", "", "memory_size"), Some("MemorySize"));
        assert_eq!(name("AWS::IAM::Policy", "", "role"), Some("Roles"));
        assert_eq!(
            name(
                "AWS::S3::Bucket",
                "BucketEncryption.ServerSideEncryptionConfiguration.ServerSideEncryptionByDefault",
                "sse_algorithm"
            ),
            Some("SSEAlgorithm")
        );
        assert_eq!(name("AWS::S3::Bucket", "", "no_such_thing"), None);
        assert_eq!(upper_camel("block_public_acls"), "BlockPublicAcls");
    }

    #[test]
    fn every_row_names_a_published_property() {
        let mut wrong = Vec::new();
        for (name, known) in TYPES.iter() {
            if registry::schema(known.kind).is_none() {
                wrong.push(format!("{name}: {} has no published properties", known.kind));
            }
            for (path, row) in &known.rows {
                let top = !path.contains('.') && known.item_of.is_empty();
                let target = row.target.split('.').next().unwrap_or_default();
                let own = row.target == "-"
                    || row.target == "."
                    || row.target.starts_with("AWS::")
                    || target == "Replicas"
                    || target.starts_with("__");
                if top && !own && shape(known.kind, target).is_none() {
                    wrong.push(format!("{name}.{path}: {} is no property of {}", row.target, known.kind));
                }
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}
