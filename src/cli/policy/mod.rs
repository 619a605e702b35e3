//! `policy`: the smallest policy that a function needs, in the words of each format.

mod cloudformation;
mod find;
mod json;
mod statement;
mod terraform;
mod text;
mod yaml;

use super::Exit;
use super::args::{Policy, PolicyView};
use super::settings::Settings;
use crate::fact::{self, Smallest, Words};
use crate::model::{Format, Project, Resource};
use crate::report::printable;
use crate::source::{self, Collected, Problem, Sources};
use crate::{code, infra};
use statement::Statement;
use std::io::Write;
use std::path::PathBuf;

/// What is printed.
struct Asked<'a> {
    project: &'a Project,
    function: &'a Resource,
    needs: &'a Smallest,
    statements: &'a [Statement],
    sources: &'a Sources,
}

impl<'a> Asked<'a> {
    fn words(&self) -> Words<'a> {
        Words { project: self.project, function: self.function, behind: &self.needs.behind }
    }
}

/// Prints the policy to stdout; what a reader must know beside it goes to stderr.
pub(super) fn run(line: &Policy) -> Result<Exit, String> {
    let path = line.path.clone().unwrap_or_else(|| PathBuf::from("."));
    if !path.exists() {
        return Err(format!("{} does not exist", path.display()));
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
    let (index, function) = find::function(&projects, &line.function)?;
    let project = &projects[index];
    let (code, met) = code::read(&sources, &projects);
    problems.extend(met);
    let needs = fact::smallest(project, index, function, &code)
        .map_err(|reason| format!("the code of {} was not read: {reason}", function.name))?;
    let statements = statement::group(project, &needs);
    let asked = Asked { project, function, needs: &needs, statements: &statements, sources: &sources };
    say(&asked, line.output, &problems);
    let text = match line.output {
        PolicyView::Json => format!("{:#}\n", json::print(&asked)),
        PolicyView::Text => text::print(&asked).lines().map(|line| format!("{}\n", printable(line))).collect(),
        PolicyView::Sam => cloudformation::print(&asked, cloudformation::Place::Function),
        PolicyView::Cloudformation if project.format == Format::Serverless => {
            cloudformation::print(&asked, cloudformation::Place::Statements)
        }
        PolicyView::Cloudformation => cloudformation::print(&asked, cloudformation::Place::Role),
        PolicyView::Terraform => terraform::print(&asked),
    };
    match anstream::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(format!("standard output cannot be written: {error}"))
        }
        _ => Ok(Exit::Clean),
    }
}

/// What the policy itself does not say.
fn say(asked: &Asked<'_>, output: PolicyView, problems: &[Problem]) {
    let mut err = anstream::stderr();
    let own = [&asked.project.path, &asked.sources.location(asked.function.span).path];
    for problem in problems.iter().filter(|problem| problem.path.as_ref().is_some_and(|path| own.contains(&path))) {
        let place = problem.path.iter().map(|path| format!("{path}:{}: ", problem.line.unwrap_or(1)));
        let line = format!("{}{}", place.collect::<String>(), problem.message);
        let _ = writeln!(err, "{}", printable(&line));
    }
    let doubts = asked.needs.doubts.iter().map(|doubt| ("warning", doubt));
    for (word, text) in doubts.chain(asked.needs.notes.iter().map(|note| ("note", note))) {
        let _ = writeln!(err, "{}", printable(&format!("{word}: {text}")));
    }
    let written_in = asked.project.format;
    let foreign = match output {
        PolicyView::Json | PolicyView::Text => false,
        PolicyView::Sam | PolicyView::Cloudformation => written_in == Format::Terraform,
        PolicyView::Terraform => written_in != Format::Terraform,
    };
    if foreign {
        let _ = writeln!(
            err,
            "warning: the project is written in {written_in:?}, whose resources the policy cannot refer to: their names \
             stand in it as far as they are known"
        );
    }
    if asked.statements.is_empty() {
        let _ = writeln!(err, "{} needs nothing that is not given to it already", asked.function.name);
    }
}
