//! What a scan is set up with: leastwise.toml, profiles, rules, the day.

use super::args::{Deployment, Given, Judging};
use crate::config::{self, Config};
use crate::engine::{self, Rules};
use crate::fact;
use crate::infra::Options;
use crate::infra::template::parameters;
use crate::model::Day;
use crate::profile::{self, Profile};
use crate::rule::{RuleSource, built_in};
use crate::source::Sources;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

/// The settings that hold for a scan of `root` that starts at `from`: the nearest leastwise.toml up to the root.
pub(super) fn config(root: &Path, from: &Path) -> Result<(Config, PathBuf), String> {
    let from = from.canonicalize().unwrap_or_else(|_| from.to_path_buf());
    let root = root.canonicalize().unwrap_or_else(|_| root.to_path_buf());
    let sources = Sources::new(&root);
    for folder in from.ancestors().take_while(|folder| folder.starts_with(&root)) {
        if !folder.join("leastwise.toml").is_file() {
            continue;
        }
        let inside = folder.strip_prefix(&root).map(Path::to_string_lossy).unwrap_or_default();
        let path = format!("{inside}/leastwise.toml");
        let file = sources.open(path.trim_start_matches('/')).map_err(|error| format!("{path} {error}"))?;
        return config::parse(&file).map(|config| (config, folder.to_path_buf()));
    }
    Ok((Config::default(), root))
}

/// The deployment, the command line before leastwise.toml; files that the latter names lie below `base`.
pub(super) fn deployment(line: &Deployment, config: &Config, base: &Path) -> Result<Options, String> {
    let mut given: Vec<(String, String)> = Vec::new();
    if let Some(file) = &config.parameter_file {
        given.extend(parameter_file(&base.join(file))?);
    }
    given.extend(config.parameters.clone());
    for parameter in &line.parameters {
        match parameter {
            Given::Pair(key, value) => given.push((key.clone(), value.clone())),
            Given::File(path) => given.extend(parameter_file(path)?),
        }
    }
    given.extend(line.variables.iter().cloned());
    let parameters: BTreeMap<Arc<str>, Arc<str>> =
        given.into_iter().map(|(key, value)| (key.into(), value.into())).collect();
    Ok(Options {
        region: line.region.as_ref().or(config.region.as_ref()).map(|text| text.as_str().into()),
        stage: line.stage.as_ref().or(config.stage.as_ref()).map(|text| text.as_str().into()),
        parameters,
    })
}

/// The values of a parameter file.
fn parameter_file(path: &Path) -> Result<Vec<(String, String)>, String> {
    let text = std::fs::read_to_string(path);
    let text = text.map_err(|error| format!("parameters: {} cannot be read: {error}", path.display()))?;
    parameters::pairs(&text).map_err(|fault| format!("parameters: {}: {fault}", path.display()))
}

/// The profiles that the command line and leastwise.toml name, each once.
pub(super) fn profiles(line: &Judging, config: &Config, base: &Path) -> Result<Vec<Profile>, String> {
    let mut profiles: Vec<Profile> = Vec::new();
    let named = line.profiles.iter().map(|name| (name, Path::new("")));
    for (name, base) in named.chain(config.profiles.iter().map(|name| (name, base))) {
        let profile = match profile::built_in(name) {
            Some(profile) => profile?,
            None => {
                let file = base.join(name);
                let text = std::fs::read_to_string(&file).map_err(|_| {
                    let known: Vec<&str> = profile::names().collect();
                    format!("there is no profile `{name}`; expected {}, or a file", known.join(", "))
                })?;
                profile::parse(name, &text)?
            }
        };
        if profiles.iter().all(|known| known.name != profile.name) {
            profiles.push(profile);
        }
    }
    Ok(profiles)
}

/// The day of the scan.
///
/// `SOURCE_DATE_EPOCH` (seconds since 1970) stands for the day where it is set, so that a report can be made again.
pub(super) fn today() -> Result<Day, String> {
    let seconds = match std::env::var("SOURCE_DATE_EPOCH") {
        Ok(text) => {
            text.trim().parse().map_err(|_| format!("SOURCE_DATE_EPOCH: `{text}` is not a number of seconds"))?
        }
        Err(_) => SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs()),
    };
    Ok(Day::of_seconds(seconds))
}

/// The built-in rules and those of the user, checked; all errors as one text.
pub(super) fn rules(line: &[PathBuf], config: &Config, base: &Path) -> Result<Rules, String> {
    let mut sources = built_in();
    let own = sources.len();
    for path in line.iter().cloned().chain(config.rules.iter().map(|path| base.join(path))) {
        let before = sources.len();
        read_rules(&path, &mut sources)?;
        if sources.len() == before {
            return Err(format!("rules: {} holds no .cedar file", path.display()));
        }
    }
    engine::load(&sources, own, &fact::entity_types()).map_err(|errors| {
        let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
        format!("the rules cannot be used\n{}", lines.join("\n"))
    })
}

/// Reads a rule file, or every `.cedar` file below a folder, in order.
pub(super) fn read_rules(path: &Path, sources: &mut Vec<RuleSource>) -> Result<(), String> {
    let fault = |error: std::io::Error| format!("rules: {} cannot be read: {error}", path.display());
    if path.is_dir() {
        let mut entries: Vec<PathBuf> =
            std::fs::read_dir(path).map_err(fault)?.flatten().map(|entry| entry.path()).collect();
        entries.sort();
        for entry in entries {
            if entry.is_dir() || entry.extension().is_some_and(|extension| extension == "cedar") {
                read_rules(&entry, sources)?;
            }
        }
        return Ok(());
    }
    let cedar = std::fs::read_to_string(path).map_err(fault)?;
    let page = std::fs::read_to_string(path.with_file_name("rule.md")).unwrap_or_default();
    let category = path.parent().and_then(Path::parent).and_then(Path::file_name);
    let category = category.map_or("own".into(), |name| name.to_string_lossy().into_owned());
    sources.push(RuleSource {
        path: path.to_string_lossy().replace('\\', "/").into(),
        category: category.into(),
        cedar: cedar.into(),
        page: page.into(),
    });
    Ok(())
}
