//! The rules of the entity types that a scan asks about, parsed and sliced by type.

use super::check::Rules;
use super::schema::attributes;
use crate::model::AttributeKind;
use crate::rule::set::Forbid;
use crate::rule::{Rule, RuleError};
use cedar_policy::{PolicyId, PolicySet};
use std::collections::{BTreeSet, HashMap};

/// Rules by the entity types that they may fire on.
#[derive(Debug, Default)]
pub(super) struct Slices<'a> {
    /// For each type the policies that may fire on it, as one Cedar set.
    by_kind: HashMap<&'a str, PolicySet>,
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
        let mut slices = Self { forbids: rules.set.forbids_of(kinds)?, rules: Some(rules), ..Self::default() };
        for kind in rules.types.iter().filter(|kind| kinds.contains(kind.name)) {
            let bools = attributes(kind).filter(|declared| declared.kind == AttributeKind::Bool);
            slices.bools.insert(kind.name, bools.map(|declared| declared.path).collect());
        }
        for (index, forbid) in slices.forbids.iter().enumerate() {
            slices.index.insert(forbid.policy.id().clone(), index);
            if forbid.asks_ancestry {
                slices.ancestry.push(forbid.policy.id().clone());
            }
            slices.reads.push(forbid.text.chars().filter(|char| !char.is_whitespace()).collect());
            // A rule without a type in its scope is asked of every type.
            for kind in kinds.iter().filter(|kind| forbid.kind.as_deref().is_none_or(|own| own == **kind)) {
                // Ids are made unique by the set, so that adding cannot fail.
                let _ = slices.by_kind.entry(kind).or_default().add(forbid.policy.clone());
            }
        }
        Ok(slices)
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
