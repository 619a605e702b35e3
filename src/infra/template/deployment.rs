//! What samconfig.toml beside a template says of its deployment.

use crate::infra::Context;
use crate::infra::cloudformation::Inputs;
use crate::source::{Problem, ProblemKind, SourceFile, Span};
use crate::syntax::Node;
use std::collections::BTreeMap;
use std::sync::Arc;
use toml_edit::{Document, Item};

/// The region, the stack's name and the parameters of `[default.deploy.parameters]`, or of
/// `[default.global.parameters]`; where there is an environment of the name of the stage, of that one.
///
/// SAM's command line takes them from the samconfig.toml beside `template.yaml` and its like. One here or in a folder
/// above may name the template in `template_file` (SAM Developer Guide, "SAM CLI configuration file", read 2026-11).
pub(super) fn inputs(context: &Context<'_>, template: &str) -> (Inputs, Vec<Problem>) {
    let own = template.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut problems = Vec::new();
    let mut folder = Some(own);
    while let Some(at) = folder {
        let path = if at.is_empty() { "samconfig.toml".to_owned() } else { format!("{at}/samconfig.toml") };
        let name = template.get(at.len()..).unwrap_or_default().trim_start_matches('/');
        if context.sources.exists(&path)
            && let Ok(file) = context.sources.open(&path)
        {
            match of_file(context, &file, name, at == own) {
                Ok(Some(inputs)) => return (inputs, problems),
                Ok(None) => {}
                Err(problem) if at == own => problems.push(problem),
                Err(_) => {}
            }
        }
        folder = (!at.is_empty()).then(|| at.rsplit_once('/').map_or("", |(above, _)| above));
    }
    (Inputs::default(), problems)
}

/// What one samconfig.toml says of a template, given by its path from there; `None` where it is of another one.
fn of_file(context: &Context<'_>, file: &SourceFile, name: &str, is_beside: bool) -> Result<Option<Inputs>, Problem> {
    let config = Document::parse(file.text.as_str()).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        let message = "not valid TOML; region and parameters of the deployment were not read";
        Problem::at(ProblemKind::Config, &file.location(Span::new(file.id, at, at)), message)
    })?;
    let environment = context.options.stage.as_deref().filter(|stage| config.get(stage).is_some()).unwrap_or("default");
    let setting = |key: &str| {
        let tables = ["deploy", "global"];
        let tables = tables.iter().map(|table| config.get(environment)?.get(table)?.get("parameters")?.get(key));
        tables.flatten().next()
    };
    let named = ["template_file", "template", "t"].iter().find_map(|key| setting(key)?.as_str());
    let is_named = match named {
        Some(named) => named.trim_start_matches("./") == name,
        None => is_beside && matches!(name, "template.yaml" | "template.yml" | "template.json"),
    };
    if !is_named {
        return Ok(None);
    }
    let text = |key: &str| setting(key).and_then(|item| Some(Node::string(item.as_str()?, span(file, item))));
    let mut inputs = Inputs { region: text("region"), ..Inputs::default() };
    inputs.pseudo.extend(text("stack_name").map(|name| ("AWS::StackName".into(), name)));
    if let Some(overrides) = setting("parameter_overrides") {
        let span = span(file, overrides);
        inputs.parameters = pairs(overrides).into_iter().map(|(key, value)| (key, Node::string(value, span))).collect();
    }
    Ok(Some(inputs))
}

fn span(file: &SourceFile, item: &Item) -> Span {
    item.span().map_or_else(|| Span::start_of(file.id), |span| Span::new(file.id, span.start, span.end))
}

/// `Key=Value` pairs: one string with spaces between them, a list of such strings, or a table.
fn pairs(item: &Item) -> BTreeMap<Arc<str>, String> {
    if let Some(table) = item.as_table_like() {
        let text = |item: &Item| item.as_str().map_or_else(|| item.to_string().trim().to_owned(), str::to_owned);
        return table.iter().map(|(key, item)| (key.into(), text(item))).collect();
    }
    let texts: Vec<&str> = match item.as_array() {
        Some(array) => array.iter().filter_map(toml_edit::Value::as_str).collect(),
        None => item.as_str().into_iter().collect(),
    };
    let mut pairs = BTreeMap::new();
    for word in texts.into_iter().flat_map(words) {
        // The longer form: ParameterKey=Name,ParameterValue=value.
        let (key, value) = match word.strip_prefix("ParameterKey=").and_then(|rest| rest.split_once(",ParameterValue="))
        {
            Some(pair) => pair,
            None => match word.split_once('=') {
                Some(pair) => pair,
                None => continue,
            },
        };
        pairs.insert(key.into(), value.to_owned());
    }
    pairs
}

/// Words between spaces, as a shell takes them apart: quotes and backslashes hold a word together.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut quote = None;
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match (quote, character) {
            (_, '\\') => word.extend(characters.next()),
            (Some(open), close) if open == close => quote = None,
            (None, '"' | '\'') => quote = Some(character),
            (None, space) if space.is_whitespace() => words.push(std::mem::take(&mut word)),
            (_, character) => word.push(character),
        }
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}
