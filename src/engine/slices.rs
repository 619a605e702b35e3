//! The rules of the entity types that a scan asks about, parsed and sliced by type.

use super::carry::Projection;
use super::check::Rules;
use super::open::OpenPolicy;
use super::reads::Reads;
use super::schema::attributes;
use crate::model::{AttributeKind, registry};
use crate::rule::set::Forbid;
use crate::rule::{Rule, RuleError};
use cedar_policy::{PolicyId, PolicySet};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// Rules by the entity types that they may fire on.
#[derive(Debug, Default)]
pub(super) struct Slices<'a> {
    /// For each type the policies that may fire on it, as one Cedar set.
    by_kind: HashMap<&'a str, PolicySet>,
    /// Those of them that read the provider's own attributes, which are asked one by one.
    open: HashMap<&'a str, Vec<Arc<OpenPolicy>>>,
    /// What these and their messages read.
    projections: HashMap<&'a str, Projection>,
    /// What the expressions of their messages read, by their text.
    expressions: HashMap<String, Reads>,
    forbids: Vec<Forbid>,
    /// Where each policy's forbid stands.
    index: HashMap<PolicyId, usize>,
    /// Policies that ask `in`: silently false where the ancestry is not known.
    pub(super) ancestry: Vec<PolicyId>,
    /// The text of each forbid without blanks, to know which attributes it reads.
    reads: Vec<String>,
    /// The truth values among the attributes of each entity type.
    bools: HashMap<&'a str, Vec<&'static str>>,
    rules: Option<&'a Rules>,
}

impl<'a> Slices<'a> {
    /// The slices of these entity types.
    pub(super) fn of(rules: &'a Rules, kinds: &BTreeSet<&'a str>) -> Result<Self, Vec<RuleError>> {
        let forbids = rules.set.forbids_of(kinds)?;
        let mut slices = Self { rules: Some(rules), ..Self::default() };
        for kind in rules.types.iter().filter(|kind| kinds.contains(kind.name)) {
            let bools = attributes(kind).filter(|declared| declared.kind == AttributeKind::Bool);
            slices.bools.insert(kind.name, bools.map(|declared| declared.path).collect());
        }
        for (index, forbid) in forbids.iter().enumerate() {
            slices.index.insert(forbid.policy.id().clone(), index);
            if forbid.asks_ancestry {
                slices.ancestry.push(forbid.policy.id().clone());
            }
            slices.reads.push(forbid.text.chars().filter(|char| !char.is_whitespace()).collect());
            let kinds = kinds.iter().copied().filter(|kind| forbid.kind.as_deref().is_none_or(|own| own == *kind));
            let is_own = |kind: &str| rules.types.iter().any(|known| known.name == kind);
            let is_ours = |kind: &str| is_own(kind) || registry::entity(kind).is_none();
            if !forbid.names_properties && forbid.kind.as_deref().is_none_or(is_ours) {
                // A rule without a type in its scope is asked of every type, but not of the records in one.
                for kind in kinds.filter(|kind| forbid.kind.is_some() || is_own(kind) || !is_record(kind)) {
                    // Ids are made unique by the set, so that adding cannot fail.
                    let _ = slices.by_kind.entry(kind).or_default().add(forbid.policy.clone());
                }
                continue;
            }
            let reads = Reads::of(&forbid.policy);
            let named = reads.kinds.clone();
            let kinds = kinds.filter(|kind| forbid.kind.is_some() || !is_record(kind) || named.contains(*kind));
            slices.open(forbid, &OpenPolicy::new(&forbid.policy, reads).into(), kinds);
        }
        slices.forbids = forbids;
        Ok(slices)
    }

    fn open(&mut self, forbid: &Forbid, policy: &Arc<OpenPolicy>, kinds: impl Iterator<Item = &'a str>) {
        let expressions = forbid.message.expressions().chain(forbid.help.expressions());
        let said: Vec<(&str, Reads)> = expressions.map(|text| (text, Reads::of_expression(text))).collect();
        for kind in kinds {
            let projection = self.projections.entry(kind).or_default();
            let read = std::iter::once(&policy.reads).chain(said.iter().map(|(_, reads)| reads));
            read.flat_map(Reads::paths).for_each(|(path, whole)| projection.add(path, whole));
            self.open.entry(kind).or_default().push(policy.clone());
        }
        self.expressions.extend(said.into_iter().map(|(text, reads)| (text.to_owned(), reads)));
    }

    /// The policies on an entity type that read the provider's own attributes.
    pub(super) fn open_policies(&self, kind: &str) -> &[Arc<OpenPolicy>] {
        self.open.get(kind).map_or(&[], Vec::as_slice)
    }

    /// What rules read of the provider's own attributes of an entity type.
    pub(super) fn projection(&self, kind: &str) -> Option<&Projection> {
        self.projections.get(kind)
    }

    /// What an expression of a message reads of the provider's own; `None`: nothing.
    pub(super) fn expression(&self, text: &str) -> Option<&Reads> {
        self.expressions.get(text)
    }

    /// What a policy reads of the provider's own; `None`: nothing.
    pub(super) fn reads_of(&self, kind: &str, id: &PolicyId) -> Option<&Reads> {
        self.open_policies(kind).iter().find(|policy| policy.id() == id).map(|policy| &policy.reads)
    }

    /// The policies that may fire on an entity type.
    pub(super) fn slice(&self, kind: &str) -> Option<&PolicySet> {
        self.by_kind.get(kind)
    }

    /// The forbid of a policy of ours.
    pub(super) fn forbid(&self, id: &PolicyId) -> Option<&Forbid> {
        self.index.get(id).and_then(|index| self.forbids.get(*index))
    }

    /// What a rule says of itself.
    pub(super) fn rule(&self, id: &str) -> Option<&'a Rule> {
        self.rules.and_then(|rules| rules.set.rules.get(id))
    }

    /// Whether an attribute of an entity type is a truth value.
    pub(super) fn is_bool(&self, kind: &str, path: &str) -> bool {
        self.bools.get(kind).is_some_and(|paths| paths.contains(&path))
    }

    /// Whether the text of a policy, its messages or its place mentions an attribute's first name.
    pub(super) fn reads(&self, id: &PolicyId, path: &str) -> bool {
        let head = path.split('.').next().unwrap_or(path);
        let Some(text) = self.index.get(id).and_then(|index| self.reads.get(*index)) else { return true };
        text.contains(head)
    }
}

/// Whether an entity type is a record in a resource type.
fn is_record(kind: &str) -> bool {
    registry::entity(kind).is_some_and(|(_, record)| !record.name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::Slices;
    use crate::engine::load;
    use crate::rule::RuleSource;

    #[test]
    fn only_what_is_asked_about_is_parsed() {
        let rule = |number: usize| RuleSource {
            path: format!("{number}.cedar").into(),
            category: "x".into(),
            // Rules of odd types are no Cedar at all, which nobody notices who does not ask about them.
            cedar: format!(
                "@id(\"T{number}\") @name(\"t\") @severity(\"low\") @message(\"m\")\n\
                 forbid (principal, action == Action::\"deploy\", resource is A::T{}) when {{ {} }};",
                number % 100,
                if number.is_multiple_of(2) { "resource.name == \"x\"" } else { "&&" }
            )
            .into(),
            page: "".into(),
        };
        let rules = load(&(0..300).map(rule).collect::<Vec<_>>(), usize::MAX, &[]).unwrap();
        assert_eq!(rules.set.rules.len(), 300);
        let slices = Slices::of(&rules, &["A::T2", "A::T40"].into()).unwrap();
        assert_eq!((slices.forbids.len(), slices.by_kind["A::T2"].policies().count()), (6, 3));
        let error = Slices::of(&rules, &["A::T3"].into()).unwrap_err();
        assert!(error[0].to_string().starts_with("3.cedar:1:1: "), "{}", error[0]);
    }
}
