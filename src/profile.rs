//! Profiles: a framework's controls, the rules that answer for them, and where its data may lie; read from policies/.

use std::collections::BTreeSet;
use std::sync::Arc;
use toml_edit::{Document, Table};

/// One framework.
#[derive(Debug, Clone)]
pub struct Profile {
    /// `gdpr`.
    pub name: Arc<str>,
    /// Its controls, in order.
    pub controls: Vec<Control>,
    /// The labels whose data it asks the place of.
    pub labels: Vec<Arc<str>>,
    /// The groups of countries (data/regions.tsv) that their data may lie in.
    pub groups: Vec<Arc<str>>,
}

/// One control of a framework; the framework's own words are left out.
#[derive(Debug, Clone)]
pub struct Control {
    /// The framework's number, `Art.32`.
    pub id: Arc<str>,
    /// The rules that answer for it; none: not covered.
    pub rules: Vec<Arc<str>>,
}

/// The profiles that the binary carries.
const BUILT_IN: &[(&str, &str)] =
    &[("gdpr", include_str!("../policies/gdpr.toml")), ("hipaa", include_str!("../policies/hipaa.toml"))];

/// A profile of the binary's, by name.
pub fn built_in(name: &str) -> Option<Result<Profile, String>> {
    BUILT_IN.iter().find(|(known, _)| *known == name).map(|(known, text)| parse(known, text))
}

/// The names of the binary's profiles.
pub fn names() -> impl Iterator<Item = &'static str> {
    BUILT_IN.iter().map(|(name, _)| *name)
}

/// Reads a profile; `name` is said where the text names none.
pub fn parse(name: &str, text: &str) -> Result<Profile, String> {
    let document = Document::parse(text).map_err(|error| format!("profile {name}: {}", error.message()))?;
    let root = document.as_table();
    let given = root.get("name").and_then(|item| item.as_str()).unwrap_or(name);
    let mut controls = Vec::new();
    for table in root.get("control").and_then(|item| item.as_array_of_tables()).into_iter().flatten() {
        let id = table.get("id").and_then(|item| item.as_str());
        let id = id.ok_or_else(|| format!("profile {name}: a [[control]] has no id"))?;
        controls.push(Control { id: id.into(), rules: strings(table, "rules") });
    }
    let area = root.get("area").and_then(|item| item.as_table());
    Ok(Profile {
        name: given.into(),
        controls,
        labels: area.map(|area| strings(area, "labels")).unwrap_or_default(),
        groups: area.map(|area| strings(area, "groups")).unwrap_or_default(),
    })
}

impl Profile {
    /// The rules that it names.
    pub fn rules(&self) -> BTreeSet<Arc<str>> {
        self.controls.iter().flat_map(|control| control.rules.iter().cloned()).collect()
    }

    /// The controls that no rule answers for.
    pub fn uncovered(&self) -> impl Iterator<Item = &Control> {
        self.controls.iter().filter(|control| control.rules.is_empty())
    }
}

fn strings(table: &Table, key: &str) -> Vec<Arc<str>> {
    let items = table.get(key).and_then(|item| item.as_array());
    items.into_iter().flatten().filter_map(|value| value.as_str()).map(Into::into).collect()
}
