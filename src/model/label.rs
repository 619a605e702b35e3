//! Data classes: what a resource's tags say of the data it holds.

use super::Resource;
use crate::config::CLASSES;
use crate::iam::glob;
use crate::syntax::{Node, Part, Unknown, UnknownKind, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A data class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Label {
    /// Personal data.
    Personal,
    /// Health data.
    Phi,
    /// Cardholder data.
    Pci,
    /// Internal data.
    Internal,
    /// Data that anybody may see.
    Public,
}

impl Label {
    /// The word in rules and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Personal => "personal",
            Self::Phi => "phi",
            Self::Pci => "pci",
            Self::Internal => "internal",
            Self::Public => "none",
        }
    }

    /// Whether the law or the card schemes ask for more than the provider's safe default.
    pub fn is_sensitive(self) -> bool {
        matches!(self, Self::Personal | Self::Phi | Self::Pci)
    }

    /// The class of a word as users write it, without regard to case.
    fn of_word(word: &str) -> Option<Self> {
        let (class, _) = CLASSES.iter().find(|(_, words)| words.contains(&word))?;
        [Self::Personal, Self::Phi, Self::Pci, Self::Internal, Self::Public]
            .into_iter()
            .find(|label| label.as_str() == *class)
    }
}

/// What tags carry labels, and what their values mean; from leastwise.toml over the built-in words.
#[derive(Debug, Clone)]
pub struct LabelWords {
    /// Tag keys, in lower case.
    pub keys: Vec<String>,
    /// Further values, in lower case, and the word of the class that they stand for.
    pub values: BTreeMap<String, String>,
    /// Resource names (globs over `*` and `?`) and the word of the class that their data has.
    pub globs: BTreeMap<String, String>,
}

impl Default for LabelWords {
    fn default() -> Self {
        let keys = ["dataclassification", "data-classification", "data_classification"];
        Self { keys: keys.map(str::to_owned).to_vec(), values: BTreeMap::new(), globs: BTreeMap::new() }
    }
}

/// The end of the keys that an organisation writes its name before.
const ORGANISATION: &str = ":data:classification";

/// What is known of a resource's label.
#[derive(Debug, Clone, PartialEq)]
pub enum Labelled {
    /// A label, and the tag that says so.
    As(Label, Option<crate::source::Span>),
    /// A value that is not in the list: it counts as internal and is a problem.
    Unlisted(Arc<str>, crate::source::Span),
    /// No label.
    Not,
    /// A tag that could be the label is not known.
    Unknown(Unknown),
}

impl LabelWords {
    /// The label of a resource, from its `Tags` in any of CloudFormation's shapes.
    pub fn of(&self, resource: &Resource) -> Labelled {
        for (glob, word) in &self.globs {
            if glob::matches(glob, &resource.name)
                && let Some(label) = self.word(word)
            {
                return Labelled::As(label, None);
            }
        }
        let Some(tags) = ["Tags", "TagList", "FileSystemTags", "HostedZoneTags", "IdentityPoolTags", "UserPoolTags"]
            .iter()
            .find_map(|key| resource.properties.get(key).filter(|node| !node.is_absent()))
            .or_else(|| replica_tags(resource))
        else {
            return match &resource.properties.value {
                Value::Unknown(unknown) => Labelled::Unknown(unknown.clone()),
                _ => Labelled::Not,
            };
        };
        self.of_tags(tags)
    }

    fn of_tags(&self, tags: &Node) -> Labelled {
        let mut unknown = None;
        match &tags.value {
            Value::Unknown(reason) => return Labelled::Unknown(reason.clone()),
            Value::Either { condition, .. } => {
                return Labelled::Unknown(Unknown::new(UnknownKind::Condition, condition.clone()));
            }
            Value::Map(entries) => {
                for entry in entries {
                    if self.is_key(&entry.key) {
                        return self.of_value(&entry.value);
                    }
                }
            }
            Value::List(items) => {
                for item in items {
                    let key = item.get("Key").or_else(|| item.get("key"));
                    match key.and_then(Node::as_text) {
                        Some(key) if self.is_key(key) => {
                            let Some(value) = item.get("Value").or_else(|| item.get("value")) else { continue };
                            return self.of_value(value);
                        }
                        Some(_) => {}
                        None if key.is_some_and(|key| !self.may_be_key(key)) => {}
                        None => {
                            let reason = key.and_then(Node::as_unknown).or_else(|| item.as_unknown()).cloned();
                            unknown = Some(reason.unwrap_or_else(|| Unknown::new(UnknownKind::Expression, "a tag")));
                        }
                    }
                }
            }
            _ => {}
        }
        unknown.map_or(Labelled::Not, Labelled::Unknown)
    }

    fn of_value(&self, value: &Node) -> Labelled {
        match (value.as_text(), value.as_unknown()) {
            (Some(text), _) => match self.word(text) {
                Some(label) => Labelled::As(label, Some(value.span)),
                None => Labelled::Unlisted(text.into(), value.span),
            },
            (None, Some(reason)) => Labelled::Unknown(reason.clone()),
            (None, None) => Labelled::Unknown(Unknown::new(UnknownKind::Expression, value.to_string())),
        }
    }

    fn word(&self, text: &str) -> Option<Label> {
        let text = text.trim().to_ascii_lowercase();
        let text = self.values.get(&text).cloned().unwrap_or(text);
        Label::of_word(&text)
    }

    fn is_key(&self, key: &str) -> bool {
        let key = key.to_ascii_lowercase();
        self.keys.contains(&key) || key.ends_with(ORGANISATION)
    }

    /// Whether a key that is known in parts may come to be one that carries labels.
    fn may_be_key(&self, key: &Node) -> bool {
        let Some(parts) = key.parts() else { return true };
        let mut pattern = String::new();
        for part in &parts {
            match part {
                Part::Literal(text) => pattern.push_str(&text.to_ascii_lowercase()),
                _ => pattern.push('*'),
            }
        }
        if self.keys.iter().any(|known| glob::matches(&pattern, known)) {
            return true;
        }
        // An organisation's name is one word, unlike the prefixes of Kubernetes.
        let (known, end) = pattern.rsplit_once('*').unwrap_or((&pattern, ""));
        !known.contains('/') && (ORGANISATION.ends_with(end) || end.ends_with(ORGANISATION))
    }
}

/// The tags of a global table, which CloudFormation keeps at its replicas.
fn replica_tags(resource: &Resource) -> Option<&Node> {
    let replicas = resource.properties.get("Replicas").filter(|_| &*resource.kind == "AWS::DynamoDB::GlobalTable")?;
    replicas.items().iter().find_map(|replica| replica.get("Tags").filter(|tags| !tags.is_absent()))
}

#[cfg(test)]
mod tests {
    use super::{LabelWords, Labelled};
    use crate::source::{Sources, Span};
    use crate::syntax::{Node, Part, Unknown, UnknownKind};

    #[test]
    fn a_key_that_is_known_in_parts_may_be_a_label_only_where_its_parts_allow_it() {
        let span = Span::start_of(Sources::in_memory([("t", "")]).open("t").unwrap().id);
        let unknown = || Part::Unknown(Unknown::new(UnknownKind::Parameter, "Name"));
        let text = |text: &str| Part::Literal(text.into());
        for (parts, open) in [
            (vec![text("kubernetes.io/cluster/"), unknown()], false),
            (vec![text("Cost"), unknown(), text("Centre")], false),
            (vec![text("team:"), unknown()], true),
            (vec![text("Data"), unknown()], true),
            (vec![unknown(), text(":data:classification")], true),
            (vec![unknown(), text("-classification")], true),
            (vec![unknown()], true),
        ] {
            let key = Node::template(parts, span);
            let value = Node::string("x", span);
            let tags = Node::list(vec![Node::map([("Key", key.clone()), ("Value", value)], span)], span);
            let label = LabelWords::default().of_tags(&tags);
            assert_eq!(matches!(label, Labelled::Unknown(_)), open, "{key}: {label:?}");
        }
    }
}
