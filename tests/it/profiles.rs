//! Frameworks: the controls that a rule's page names are those that the profile maps the rule to, and no others.

use crate::rules::rule_folders;
use leastwise::profile;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

/// The controls of a framework that a page names in its line of controls; proposals bear a `~`.
fn named(page: &str, framework: &str) -> BTreeSet<String> {
    let line = page.lines().find(|line| line.starts_with("- Controls")).unwrap_or_default();
    let said = line.split_once(&format!("{framework} ")).map_or("", |(_, rest)| rest);
    let said = said.split([';', '`']).next().unwrap_or_default().trim_end_matches([' ', '(']);
    let control = |text: &str| text.trim().trim_start_matches('~').replace(' ', "");
    said.split(',').map(control).filter(|control| !control.is_empty()).collect()
}

#[test]
fn a_page_names_the_controls_that_the_profiles_map_its_rule_to() {
    let mut faults = Vec::new();
    for name in profile::names() {
        let profile = profile::built_in(name).unwrap().unwrap();
        let mut mapped: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for control in &profile.controls {
            for rule in &control.rules {
                mapped.entry(rule.to_string()).or_default().insert(control.id.to_string());
            }
        }
        let controls: BTreeSet<String> = profile.controls.iter().map(|control| control.id.to_string()).collect();
        for folder in rule_folders() {
            let id = folder.file_name().unwrap().to_str().unwrap().split('-').next().unwrap().to_owned();
            let page = fs::read_to_string(folder.join("rule.md")).unwrap();
            let (on_page, in_profile) = (named(&page, &name.to_uppercase()), mapped.remove(&id).unwrap_or_default());
            if on_page != in_profile {
                faults.push(format!(
                    "{id}: its page names {on_page:?} of {name}, policies/{name}.toml maps {in_profile:?}"
                ));
            }
            faults.extend(on_page.difference(&controls).map(|control| format!("{id}: {name} has no {control}")));
        }
        faults.extend(mapped.keys().map(|id| format!("policies/{name}.toml names {id}, and there is no such rule")));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn controls_are_read_from_a_page_however_they_are_written() {
    let page = "- CWE-1\n- Controls: HIPAA 164.312(b), ~164.312(d); GDPR ~Art. 25, Art.32 (`~`: proposals)\n";
    assert_eq!(named(page, "HIPAA"), BTreeSet::from(["164.312(b)".to_owned(), "164.312(d)".to_owned()]));
    assert_eq!(named(page, "GDPR"), BTreeSet::from(["Art.25".to_owned(), "Art.32".to_owned()]));
    assert_eq!(named("no controls", "GDPR"), BTreeSet::new());
}
