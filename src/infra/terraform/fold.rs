//! Companion resources folded into the resource that they configure.

use super::emit::{Item, item_of, merge};
use super::spread;
use super::table::{self, Type};
use crate::model::{Presence, Resource};
use crate::syntax::{Node, Part, UnknownKind, Value};
use std::collections::HashMap;
use std::sync::Arc;

/// The property that a type's `Ref` gives, for companions that name their parent by its literal name.
const NAMES: &[(&str, &str)] = &[
    ("AWS::S3::Bucket", "BucketName"),
    ("AWS::IAM::Role", "RoleName"),
    ("AWS::IAM::User", "UserName"),
    ("AWS::IAM::Group", "GroupName"),
    ("AWS::ECR::Repository", "RepositoryName"),
    ("AWS::Events::Rule", "Name"),
];

/// Every resource with its companions folded in; a companion whose parent is not in scope stands alone.
///
/// `region` is the project's.
pub(super) fn fold(mut items: Vec<Item>, region: &Node) -> Vec<Resource> {
    follow(&mut items);
    let index = Index::of(&items);
    let mut folds: Vec<(usize, Vec<usize>)> = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let Some(known) = table::of(&item.kind).filter(|known| !known.parents.is_empty()) else {
            continue;
        };
        folds.push((at, index.parents(item, known, &items)));
    }
    for (at, parents) in &folds {
        for parent in parents {
            fold_into(&mut items, *at, *parent);
        }
        if parents.is_empty() {
            stand_alone(&mut items, *at);
        }
    }
    let gone = |at: &usize| folds.iter().any(|(folded, parents)| folded == at && !parents.is_empty());
    let folded: Vec<bool> = (0..items.len()).map(|at| gone(&at)).collect();
    items.iter_mut().for_each(|item| global_table(item, region));
    mark_unmapped(&mut items);
    items.into_iter().zip(folded).filter(|(_, folded)| !folded).flat_map(|(item, _)| spread::resources(item)).collect()
}

/// Types named after another one that hold its content and configure nothing of it.
const CONTENT: &[&str] = &["aws_dynamodb_table_item", "aws_s3_bucket_object", "aws_secretsmanager_secret_version"];

/// Notes on a resource the companion that refers to it and has no table: what it gives the resource is not known. Where
/// its name says which property it configures, that one is not known; else any that is not given may be.
fn mark_unmapped(items: &mut [Item]) {
    let by_id: HashMap<&str, usize> = items.iter().enumerate().map(|(at, item)| (&*item.resource.id, at)).collect();
    let mut marks: Vec<(usize, &str, Node)> = Vec::new();
    for item in items.iter().filter(|item| table::of(&item.kind).is_none() && !CONTENT.contains(&&*item.kind)) {
        for reference in item.body.references() {
            let Some((at, owner)) = by_id.get(&*reference.resource).and_then(|at| Some((*at, items.get(*at)?))) else {
                continue;
            };
            let Some(rest) = item.kind.strip_prefix(&*owner.kind).and_then(|rest| rest.strip_prefix('_')) else {
                continue;
            };
            let mark = Node::unknown(UnknownKind::NotMapped, item.kind.clone(), item.resource.span);
            marks.push((at, table::companion(&owner.resource.kind, rest).unwrap_or("__NotMapped"), mark));
        }
    }
    for (at, property, mark) in marks {
        if let Some(item) = items.get_mut(at).filter(|item| item.resource.property(property).is_none()) {
            item.resource.properties.set(property, mark.span, mark);
        }
    }
}

fn fold_into(items: &mut [Item], at: usize, parent: usize) {
    let Some(item) = items.get(at) else {
        return;
    };
    let Some(known) = table::of(&item.kind) else {
        return;
    };
    let attachment = &*item.kind == "aws_iam_policy_attachment";
    let mut properties = item.resource.properties.clone();
    let mut presence = item.resource.presence.clone();
    copy_region(&mut properties, item);
    if !known.item_of.is_empty() {
        properties = item_of(known.item_of, &properties);
    }
    let arn = item.body.get("policy_arn").cloned();
    let Some(parent) = items.get_mut(parent) else {
        return;
    };
    if attachment && &*parent.resource.kind != known.kind {
        let Some(arn) = arn else {
            return;
        };
        properties = item_of("ManagedPolicyArns", &arn);
    }
    // Where both hang on the same condition, the one is there whenever the other is.
    if presence == parent.resource.presence {
        presence = Presence::Always;
    }
    merge(&mut parent.resource.properties, &properties, &presence);
}

/// A companion alone keeps the attributes that name its parent.
fn stand_alone(items: &mut [Item], at: usize) {
    let Some(item) = items.get_mut(at) else {
        return;
    };
    let Some(known) = table::of(&item.kind) else {
        return;
    };
    item.resource.kind = known.alone.into();
    let mut properties = item.resource.properties.clone();
    copy_region(&mut properties, item);
    item.resource.properties = properties;
    if &*item.kind == "aws_dynamodb_table_replica" {
        item.resource.properties = item_of(known.item_of, &item.resource.properties);
    }
    for name in &known.parents {
        if let Some(entry) = item.body.entry(name) {
            item.resource.properties.set(table::upper_camel(name), entry.key_span, entry.value.clone());
        }
    }
}

/// Companions that copy their parent's data to the region that they stand in themselves, and the property that says it.
const COPIES: &[(&str, &str)] = &[
    ("aws_db_instance_automated_backups_replication", "AutomaticBackupReplicationRegion"),
    ("aws_dynamodb_table_replica", "Region"),
];

fn copy_region(properties: &mut Node, item: &Item) {
    let Some((_, property)) = COPIES.iter().find(|(kind, _)| *kind == &*item.kind) else {
        return;
    };
    if let Some(region) = &item.resource.region {
        properties.set(*property, region.span, region.clone());
    }
}

/// A table that has replicas has the shape of a global table, in which its own region is a replica too and what
/// CloudFormation says of each replica stands there.
fn global_table(item: &mut Item, region: &Node) {
    let properties = &mut item.resource.properties;
    let replicas = properties.get("Replicas").map(Node::items).unwrap_or_default().to_vec();
    if &*item.kind != "aws_dynamodb_table" || replicas.is_empty() {
        return;
    }
    let region = item.resource.region.as_ref().unwrap_or(region);
    let mut own = Node::map([("Region", region.clone())], item.resource.span);
    for name in ["PointInTimeRecoverySpecification", "Tags", "TableClass", "DeletionProtectionEnabled"] {
        if let Some(entry) = properties.entry(name) {
            own.set(name, entry.key_span, entry.value.clone());
        }
    }
    if let Some(key) = properties.at("SSESpecification.KMSMasterKeyId") {
        own.set("SSESpecification", key.span, Node::map([("KMSMasterKeyId", key.clone())], key.span));
    }
    let replicas = std::iter::once(own).chain(replicas).collect();
    properties.set("Replicas", item.resource.span, Node::list(replicas, item.resource.span));
    item.resource.kind = "AWS::DynamoDB::GlobalTable".into();
}

/// The resources by what names them.
struct Index {
    by_id: HashMap<Arc<str>, usize>,
    by_name: HashMap<(Arc<str>, Arc<str>), usize>,
}

impl Index {
    fn of(items: &[Item]) -> Self {
        let mut index = Self { by_id: HashMap::new(), by_name: HashMap::new() };
        for (at, item) in items.iter().enumerate() {
            index.by_id.entry(item.resource.id.clone()).or_insert(at);
            let property = NAMES.iter().find(|(kind, _)| *kind == &*item.resource.kind && is_whole(item));
            if let Some(name) = property.and_then(|(_, property)| item.resource.properties.get(property)?.as_text()) {
                index.by_name.entry((item.resource.kind.clone(), name.into())).or_insert(at);
            }
        }
        index
    }

    fn parents(&self, item: &Item, known: &Type, items: &[Item]) -> Vec<usize> {
        for name in &known.parents {
            let Some(value) = item.body.get(name) else {
                continue;
            };
            if let Some(found) = self.named(value, known.kind, items) {
                return vec![found];
            }
        }
        if &*item.kind == "aws_iam_policy_attachment" {
            let holders = [("roles", "AWS::IAM::Role"), ("users", "AWS::IAM::User"), ("groups", "AWS::IAM::Group")];
            let holder = |(name, kind): (&str, &'static str)| {
                let values = item.body.get(name).map(Node::items_or_self).unwrap_or_default().iter();
                values.filter_map(|value| self.named(value, kind, items)).collect::<Vec<usize>>()
            };
            return holders.into_iter().flat_map(holder).collect();
        }
        if known.parents.len() > 1 {
            return same_attributes(item, known, items);
        }
        Vec::new()
    }

    /// The resource of a type that a value refers to or names.
    fn named(&self, value: &Node, kind: &str, items: &[Item]) -> Option<usize> {
        let fits = |at: &usize| items.get(*at).is_some_and(|item| fits(item, kind));
        let referred = value.references().iter().find_map(|reference| self.by_id.get(&reference.resource).copied());
        referred.filter(fits).or_else(|| {
            let text = value.as_text()?;
            self.by_name.get(&(kind.into(), text.into())).copied()
        })
    }
}

fn fits(item: &Item, kind: &str) -> bool {
    let table = kind == "AWS::DynamoDB::GlobalTable" && &*item.kind == "aws_dynamodb_table";
    is_whole(item) && (&*item.resource.kind == kind || table)
}

/// Whether the resource stands for itself and is no companion.
fn is_whole(item: &Item) -> bool {
    table::of(&item.kind).is_some_and(|known| known.parents.is_empty())
}

/// The resource of the parent's type whose attributes of these names are the same.
fn same_attributes(item: &Item, known: &Type, items: &[Item]) -> Vec<usize> {
    let same = |other: &Item| {
        known.parents.iter().all(|name| match (item.body.get(name), other.body.get(name)) {
            (Some(a), Some(b)) => a.value == b.value && !matches!(a.value, Value::Unknown(_)),
            _ => false,
        })
    };
    items.iter().position(|other| fits(other, known.kind) && same(other)).into_iter().collect()
}

/// Replaces references to a companion's `bucket` (in the tables `&bucket`) by what its own block says.
fn follow(items: &mut [Item]) {
    let mut targets: HashMap<(Arc<str>, Arc<str>), Vec<Part>> = HashMap::new();
    for item in items.iter() {
        for name in ["bucket", "target_key_id"] {
            if let Some(parts) = item.body.get(name).and_then(Node::parts) {
                targets.insert((item.resource.id.clone(), format!("&{name}").into()), parts);
            }
        }
    }
    for item in items.iter_mut() {
        for _ in 0..3 {
            if !replace(&mut item.body, &targets) {
                break;
            }
        }
        for _ in 0..3 {
            if !replace(&mut item.resource.properties, &targets) {
                break;
            }
        }
    }
}

/// Whether something was replaced.
fn replace(node: &mut Node, targets: &HashMap<(Arc<str>, Arc<str>), Vec<Part>>) -> bool {
    match &mut node.value {
        Value::List(items) => items.iter_mut().fold(false, |any, item| replace(item, targets) | any),
        Value::Map(entries) => entries.iter_mut().fold(false, |any, entry| replace(&mut entry.value, targets) | any),
        Value::Either { then, otherwise, .. } => replace(then, targets) | replace(otherwise, targets),
        Value::Template(parts) => {
            let marked =
                |part: &Part| matches!(part, Part::Reference(reference) if reference.attribute.starts_with('&'));
            if !parts.iter().any(marked) {
                return false;
            }
            let mut made = Vec::with_capacity(parts.len());
            for part in parts.iter() {
                match part {
                    Part::Reference(reference) if marked(part) => {
                        match targets.get(&(reference.resource.clone(), reference.attribute.clone())) {
                            Some(found) => made.extend(found.iter().cloned()),
                            None => made.push(unresolved(reference)),
                        }
                    }
                    _ => made.push(part.clone()),
                }
            }
            *node = Node::template(made, node.span);
            true
        }
        _ => false,
    }
}

fn unresolved(reference: &crate::syntax::Reference) -> Part {
    let what = reference.to_string();
    Part::Unknown(crate::syntax::Unknown::new(crate::syntax::UnknownKind::Computed, what))
}
