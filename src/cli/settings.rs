//! The leastwise.toml files of a scan: each holds for the projects and files that it is the nearest above.

use super::args::{Deployment, Judging};
use super::setup;
use crate::config::{self, Config};
use crate::engine::{self, Rules};
use crate::fact;
use crate::flow::Setup;
use crate::infra::Options;
use crate::profile::Profile;
use crate::rule::{RuleSource, built_in};
use crate::source::{Exclude, Problem, Sources, leave_out, nearest};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The name of the file.
const NAME: &str = "leastwise.toml";

/// The settings of a scan, the root's first.
#[derive(Debug, Default)]
pub(super) struct Settings {
    root: PathBuf,
    files: Vec<(String, Config)>,
}

/// The rules of a scan.
#[derive(Debug)]
pub(super) struct Loaded {
    /// All of them.
    pub(super) rules: Rules,
    /// For each file the ids of those that others brought.
    left_out: Vec<BTreeSet<Arc<str>>>,
}

impl Settings {
    /// Those above the paths of a scan, up to the repository's root: what they exclude is not walked.
    pub(super) fn above(root: &Path, paths: &[PathBuf]) -> Result<Self, String> {
        let root = root.canonicalize().unwrap_or_else(|_| root.to_path_buf());
        let mut settings = Self { files: vec![(String::new(), Config::default())], root };
        let sources = Sources::new(&settings.root);
        let here = [PathBuf::from(".")];
        for path in if paths.is_empty() { &here } else { paths } {
            let full = path.canonicalize().unwrap_or_else(|_| path.clone());
            let folders = full.ancestors().filter_map(|folder| folder.strip_prefix(&settings.root).ok());
            let folders: Vec<String> = folders.map(|folder| folder.to_string_lossy().replace('\\', "/")).collect();
            for folder in folders {
                if settings.root.join(&folder).join(NAME).is_file() {
                    settings.read(&sources, &folder)?;
                }
            }
        }
        settings.files.sort_by(|(one, _), (other, _)| one.cmp(other));
        Ok(settings)
    }

    /// Adds those that the walk met, the outer ones first, and takes what they exclude out of the walked files.
    pub(super) fn add_below(&mut self, sources: &Sources) -> Result<Vec<Problem>, String> {
        let walked = sources.walked_under("");
        let mut folders: Vec<&str> =
            walked.iter().filter_map(|(path, _)| path.strip_suffix(NAME)?.strip_suffix('/')).collect();
        folders.sort_by_key(|folder| folder.len());
        let mut problems = Vec::new();
        for folder in folders {
            if !self.is_read(folder) && sources.is_walked(&format!("{folder}/{NAME}")) {
                self.read(sources, folder)?;
                let exclude = self.files.last().map(|(folder, config)| exclude(folder, config));
                problems.extend(exclude.iter().flat_map(|exclude| leave_out(sources, exclude)));
            }
        }
        Ok(problems)
    }

    /// What the files leave out, each below its folder.
    pub(super) fn excludes(&self) -> Vec<Exclude> {
        self.files.iter().map(|(folder, config)| exclude(folder, config)).collect()
    }

    /// The deployment of the project at a path, the command line before leastwise.toml, for each file.
    pub(super) fn deployments(&self, line: &Deployment) -> Result<Vec<Options>, String> {
        self.files.iter().map(|(folder, config)| setup::deployment(line, config, &self.root, folder)).collect()
    }

    /// The index of the file that holds for a path.
    pub(super) fn index(&self, path: &str) -> usize {
        nearest(self.files.iter().map(|(folder, _)| folder.as_str()), path).unwrap_or(0)
    }

    /// The profiles of each file, beside those of the command line.
    pub(super) fn profiles(&self, line: &Judging) -> Result<Vec<Vec<Profile>>, String> {
        self.files.iter().map(|(folder, config)| setup::profiles(line, config, &self.root, folder)).collect()
    }

    /// The built-in rules, those of the command line and those of every file.
    pub(super) fn rules(&self, line: &[PathBuf]) -> Result<Loaded, String> {
        let mut sources = built_in();
        let own = sources.len();
        for path in line {
            setup::add_rules(path, None, &mut sources)?;
        }
        let shared: BTreeSet<Arc<str>> = sources.iter().map(|source| source.path.clone()).collect();
        let mut brought: Vec<BTreeSet<Arc<str>>> = Vec::with_capacity(self.files.len());
        for (folder, config) in &self.files {
            let mut read: Vec<RuleSource> = Vec::new();
            for name in &config.rules {
                let path = setup::inside(&self.root, folder, name).map_err(|fault| format!("rules: {fault}"))?;
                setup::add_rules(&path, Some(&self.root), &mut read)?;
            }
            brought.push(read.iter().map(|source| source.path.clone()).collect());
            read.retain(|source| sources.iter().all(|known| known.path != source.path));
            sources.extend(read);
        }
        let rules = engine::load(&sources, own, &fact::entity_types()).map_err(|errors| {
            let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
            format!("the rules cannot be used\n{}", lines.join("\n"))
        })?;
        let is_foreign = |own: &BTreeSet<Arc<str>>, path: &Arc<str>| {
            !own.contains(path) && !shared.contains(path) && brought.iter().any(|other| other.contains(path))
        };
        let foreign = |own: &BTreeSet<Arc<str>>| {
            let others = rules.set.rules.values().filter(|rule| is_foreign(own, &rule.path));
            others.map(|rule| rule.id.clone()).collect()
        };
        let left_out = brought.iter().map(foreign).collect();
        Ok(Loaded { rules, left_out })
    }

    /// What the flow judges by.
    pub(super) fn setup<'a>(
        &self,
        loaded: &'a Loaded,
        profiles: &[Vec<Profile>],
        (judging, deployment): (&Judging, &Deployment),
    ) -> Result<Setup<'a>, String> {
        let today = setup::today()?;
        let mut setup = Setup { rules: &loaded.rules, scopes: Vec::new(), options: Vec::new(), asking: Vec::new() };
        let options = self.deployments(deployment)?;
        for (((folder, config), profiles), options) in self.files.iter().zip(profiles).zip(options) {
            let fail_on = judging.fail_on.map(|threshold| threshold.0).or(config.fail_on);
            let config = Config { fail_on, ..config.clone() };
            setup.add(folder, &config, profiles, options, today);
        }
        for (asking, left_out) in setup.asking.iter_mut().zip(&loaded.left_out) {
            asking.left_out.clone_from(left_out);
        }
        Ok(setup)
    }

    fn is_read(&self, folder: &str) -> bool {
        // The root has settings of its own from the start, and is found above every path.
        self.files.iter().any(|(known, _)| known == folder)
    }

    fn read(&mut self, sources: &Sources, folder: &str) -> Result<(), String> {
        let path = if folder.is_empty() { NAME.to_owned() } else { format!("{folder}/{NAME}") };
        let file = sources.open(&path).map_err(|error| format!("{path} {error}"))?;
        let config = config::parse(&file)?;
        self.files.retain(|(known, _)| known != folder);
        self.files.push((folder.to_owned(), config));
        Ok(())
    }
}

fn exclude(folder: &str, config: &Config) -> Exclude {
    Exclude { folder: folder.to_owned(), globs: config.exclude.clone() }
}
