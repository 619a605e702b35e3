//! `show`: what was understood of a project; one file a view.

mod cloudformation;
mod json;
mod principals;
mod text;
mod value;

use super::Exit;
use super::args::{Show, View};
use super::settings::Settings;
use crate::report::printable;
use crate::source::{self, Collected};
use crate::{code, fact, infra};
use std::io::Write;
use std::path::PathBuf;

/// Prints one view; problems go to stderr.
pub(super) fn run(line: &Show) -> Result<Exit, String> {
    let path = line.path.clone().unwrap_or_else(|| PathBuf::from("."));
    if !path.exists() {
        return Err(format!("{} does not exist", path.display()));
    }
    if line.principals && line.output == View::Cloudformation {
        return Err("--principals is printed as text or json".to_owned());
    }
    let paths = [path];
    let root = source::root_of(&paths);
    let mut settings = Settings::above(&root, &paths)?;
    let (collected, mut problems) = source::collect(&root, &paths, &settings.excludes());
    let Collected { sources, .. } = collected;
    problems.extend(settings.add_below(&sources)?);
    let deployments = settings.deployments(&line.deployment)?;
    let (projects, met) = infra::read_each(&sources, &|path| &deployments[settings.index(path)]);
    problems.extend(met);
    let doubts = match line.output {
        _ if line.principals => Vec::new(),
        View::Cloudformation => Vec::new(),
        View::Text | View::Json => {
            let (code, met) = code::read(&sources, &projects);
            problems.extend(met);
            fact::doubts(&projects, &code, &sources)
        }
    };
    problems.sort();
    let text = match (line.output, line.principals) {
        (View::Text, true) => {
            principals::text(&projects, &sources).lines().map(|line| format!("{}\n", printable(line))).collect()
        }
        (View::Json, true) => format!("{:#}\n", principals::json(&projects, &sources)),
        (View::Text, false) => {
            text::print(&projects, &doubts, &sources).lines().map(|line| format!("{}\n", printable(line))).collect()
        }
        (View::Json, false) => format!("{:#}\n", json::print(&projects, &doubts, &sources)),
        (View::Cloudformation, _) => format!("{:#}\n", cloudformation::print(&projects)),
    };
    for problem in &problems {
        let place = problem.path.iter().map(|path| format!("{path}:{}: ", problem.line.unwrap_or(1)));
        let line = format!("{}{}", place.collect::<String>(), problem.message);
        let _ = writeln!(anstream::stderr(), "{}", printable(&line));
    }
    match anstream::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(format!("standard output cannot be written: {error}"))
        }
        _ => Ok(Exit::Clean),
    }
}
