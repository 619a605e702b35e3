//! What a scan is set up with: the deployment, profiles, rule files, the day.

use super::args::{Deployment, Given, Judging};
use crate::config::Config;
use crate::infra::Options;
use crate::infra::template::parameters;
use crate::model::Day;
use crate::profile::{self, Profile};
use crate::rule::RuleSource;
use crate::source;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

/// The deployment, the command line before the leastwise.toml of a folder.
pub(super) fn deployment(line: &Deployment, config: &Config, root: &Path, folder: &str) -> Result<Options, String> {
    let mut given: Vec<(String, String)> = Vec::new();
    if let Some(file) = &config.parameter_file {
        let path = inside(root, folder, file).map_err(|fault| format!("parameters: {fault}"))?;
        given.extend(parameter_file(&path)?);
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

/// The profiles that the command line and the leastwise.toml of a folder name, each once.
pub(super) fn profiles(line: &Judging, config: &Config, root: &Path, folder: &str) -> Result<Vec<Profile>, String> {
    let mut profiles: Vec<Profile> = Vec::new();
    let given = line.profiles.iter().map(|name| (name, Ok(PathBuf::from(name))));
    let own = config.profiles.iter().map(|name| (name, inside(root, folder, name)));
    for (name, file) in given.chain(own) {
        let profile = match profile::built_in(name) {
            Some(profile) => profile?,
            None => {
                let text =
                    std::fs::read_to_string(file.map_err(|fault| format!("profiles: {fault}"))?).map_err(|_| {
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

/// The path that the leastwise.toml of a folder names; the error says that it lies outside the repository.
pub(super) fn inside(root: &Path, folder: &str, name: &str) -> Result<PathBuf, String> {
    let path = root.join(folder).join(name);
    match path.canonicalize() {
        Ok(real) if real.starts_with(root) => Ok(real),
        Err(_)
            if source::normalize(&format!("{folder}/{name}").trim_start_matches('/').replace('\\', "/")).is_some()
                && !Path::new(name).is_absolute() =>
        {
            Ok(path)
        }
        _ => Err(format!("`{name}` lies outside the repository and is not read")),
    }
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

/// Folders of rules nest no deeper than this, and hold no more files.
const MAX_DEPTH: usize = 16;
const MAX_FILES: usize = 10_000;

/// Adds the rules of a file or folder; it is an error if there is none, or if one lies outside `bounds`.
pub(super) fn add_rules(path: &Path, bounds: Option<&Path>, sources: &mut Vec<RuleSource>) -> Result<(), String> {
    let before = sources.len();
    let mut reading = Reading { bounds, open: Vec::new(), sources };
    reading.read(path)?;
    if sources.len() == before {
        return Err(format!("rules: {} holds no .cedar file", path.display()));
    }
    Ok(())
}

/// The rule files that are being read.
struct Reading<'a> {
    /// The folder that none of them may lie out of.
    bounds: Option<&'a Path>,
    /// The folders that are open, as they lie on disk: a link to one of them leads into a circle.
    open: Vec<PathBuf>,
    sources: &'a mut Vec<RuleSource>,
}

impl Reading<'_> {
    /// Reads a rule file, or every `.cedar` file below a folder, in order.
    fn read(&mut self, path: &Path) -> Result<(), String> {
        let fault = |what: &str| format!("rules: {} {what}", path.display());
        let unread = |error: std::io::Error| fault(&format!("cannot be read: {error}"));
        let real = path.canonicalize().map_err(unread)?;
        if self.bounds.is_some_and(|bounds| !real.starts_with(bounds)) {
            return Err(fault("lies outside the repository and is not read"));
        }
        if path.is_dir() {
            if self.open.contains(&real) {
                return Ok(());
            }
            if self.open.len() >= MAX_DEPTH {
                return Err(fault(&format!("lies deeper than {MAX_DEPTH} folders")));
            }
            let mut entries: Vec<PathBuf> =
                std::fs::read_dir(path).map_err(unread)?.flatten().map(|entry| entry.path()).collect();
            entries.sort();
            self.open.push(real);
            for entry in entries {
                if entry.is_dir() || entry.extension().is_some_and(|extension| extension == "cedar") {
                    self.read(&entry)?;
                }
            }
            self.open.pop();
            return Ok(());
        }
        if self.sources.len() >= MAX_FILES {
            return Err(fault(&format!("is one of more than {MAX_FILES} files")));
        }
        let cedar = std::fs::read_to_string(path).map_err(unread)?;
        let page = std::fs::read_to_string(path.with_file_name("rule.md")).unwrap_or_default();
        let category = path.parent().and_then(Path::parent).and_then(Path::file_name);
        let category = category.map_or("own".into(), |name| name.to_string_lossy().into_owned());
        self.sources.push(RuleSource {
            path: path.to_string_lossy().replace('\\', "/").into(),
            category: category.into(),
            cedar: cedar.into(),
            page: page.into(),
        });
        Ok(())
    }
}
