//! `rules list`, `rules show`, `rules check`.

use super::args::RulesCommand;
use super::settings::Settings;
use super::word::ListView;
use super::{Exit, setup};
use crate::engine::{self, Rules};
use crate::fact;
use crate::rule::{self, Rule};
use crate::source::likest;
use serde_json::json;
use std::io::Write;

/// Runs one of them.
pub(super) fn run(command: &RulesCommand) -> Result<Exit, String> {
    let mut out = anstream::stdout();
    let fault = |error: std::io::Error| format!("standard output cannot be written: {error}");
    match command {
        RulesCommand::List { output, rules } => {
            let rules = Settings::default().rules(rules)?.rules;
            let text = match output {
                ListView::Text => list_text(&rules),
                ListView::Json => list_json(&rules),
            };
            out.write_all(text.as_bytes()).map_err(fault)?;
        }
        RulesCommand::Show { rule } if rule.contains("::") => {
            let text = engine::published_text(rule, &fact::entity_types());
            let text = text.ok_or_else(|| format!("AWS publishes no resource type `{rule}`"))?;
            out.write_all(text.as_bytes()).map_err(fault)?;
        }
        RulesCommand::Show { rule } => {
            let rules = built_in()?;
            let found = find(&rules, rule)?;
            let sources = rule::built_in();
            let text = sources.iter().find(|source| source.path == found.path).map_or("", |source| &source.cedar);
            out.write_all(text.as_bytes()).map_err(fault)?;
        }
        RulesCommand::Check { path } => {
            let mut sources = rule::built_in();
            let own = sources.len();
            setup::add_rules(path, None, &mut sources)?;
            let count = sources.len() - own;
            let checked = engine::load(&sources, own, &fact::entity_types());
            if let Err(errors) = checked {
                let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
                return Err(format!("{} cannot be used\n{}", path.display(), lines.join("\n")));
            }
            writeln!(out, "{count} rule file{} checked: right", if count == 1 { "" } else { "s" }).map_err(fault)?;
        }
    }
    Ok(Exit::Clean)
}

/// The rules that the binary carries.
pub(super) fn built_in() -> Result<Rules, String> {
    Settings::default().rules(&[]).map(|loaded| loaded.rules)
}

/// The rule of an id or name; the error names the nearest one.
pub(super) fn find<'a>(rules: &'a Rules, word: &str) -> Result<&'a Rule, String> {
    let all = || rules.set.rules.values();
    let called = |word: &str| all().find(|rule| rule.id.eq_ignore_ascii_case(word) || *rule.name == *word);
    called(word).ok_or_else(|| {
        let near = likest(word, all().flat_map(|rule| [&*rule.id, &*rule.name])).and_then(called);
        let near = near.map_or(String::new(), |rule| format!("; did you mean {} ({})?", rule.id, rule.name));
        format!("there is no rule `{word}`{near}")
    })
}

fn list_text(rules: &Rules) -> String {
    let row = |rule: &Rule| {
        let severities: Vec<&str> = rule.severities.iter().map(|severity| severity.as_str()).collect();
        format!("{:<7} {:<16} {:<38} {}\n", rule.id, severities.join(", "), rule.name, rule.title)
    };
    rules.set.rules.values().map(row).collect()
}

fn list_json(rules: &Rules) -> String {
    let row = |rule: &Rule| {
        json!({
            "id": rule.id,
            "name": rule.name,
            "severity": rule.severities.first(),
            "severities": rule.severities,
            "review": rule.review,
            "title": rule.title,
            "category": rule.category,
        })
    };
    let rows: Vec<serde_json::Value> = rules.set.rules.values().map(row).collect();
    format!("{:#}\n", serde_json::Value::Array(rows))
}
