//! Documents that are projects of their own: no template of the repository takes them in, so that a program or a person
//! imports them.

use super::import::add_records;
use super::pointer::parse;
use super::route::routes;
use super::shape::ApiKind;
use crate::infra::Context;
use crate::model::{Format, Project, Resource};
use crate::source::{Problem, ProblemKind, Span};
use crate::syntax::{Node, UnknownKind};
use memchr::memmem;
use rayon::prelude::*;
use std::collections::HashSet;
use std::sync::Arc;

/// Documents above this size are none: API Gateway takes 6 MB (quotas of REST APIs, 2026-11).
const MAX_BYTES: u64 = 6_000_000;

/// What marks a document as one for API Gateway; every extension of its own begins with it.
const MARK: &str = "x-amazon-apigateway-";

/// The walked files that are documents for API Gateway and that no template takes in, in order: none of the projects
/// has read them, and no configuration names them.
pub fn roots(context: &Context<'_>, projects: &[Project]) -> Vec<String> {
    let walked = context.sources.walked_under("");
    let mut found: Vec<String> = walked
        .par_iter()
        .filter(|(path, size)| *size <= MAX_BYTES && is_named_like_one(path))
        .filter(|(path, _)| context.sources.open(path).is_ok_and(|file| is_document(&file.text)))
        .map(|(path, _)| path.to_string())
        .collect();
    if found.is_empty() {
        return found;
    }
    let read = read_files(context, projects);
    found.retain(|path| !read.contains(path.as_str()));
    let named: Vec<HashSet<usize>> = walked
        .par_iter()
        .filter(|(path, size)| *size <= MAX_BYTES && may_name_one(path))
        .filter_map(|(path, _)| {
            let file = context.sources.open(path).ok()?;
            let names =
                |(index, one): (usize, &String)| (**path != **one && names(&file.text, path, one)).then_some(index);
            Some(found.iter().enumerate().filter_map(names).collect())
        })
        .collect();
    let mut index = 0;
    found.retain(|_| {
        index += 1;
        !named.iter().any(|named| named.contains(&(index - 1)))
    });
    found.sort();
    found
}

/// Reads a document as an API that is there alone; `None` without a problem where it is another kind of file.
pub fn read(context: &Context<'_>, root: &str) -> (Option<Project>, Vec<Problem>) {
    let file = match context.sources.open(root) {
        Ok(file) => file,
        Err(error) => return (None, vec![Problem::of_file(ProblemKind::Io, &root.into(), error.to_string())]),
    };
    let (document, mut problems) = parse(&file);
    let Some(document) = document else { return (None, problems) };
    if version(&document).is_none() {
        return (None, Vec::new());
    }
    let span = Span::start_of(file.id);
    let kind = match kind_of(&document) {
        ApiKind::Rest => "AWS::ApiGateway::RestApi",
        ApiKind::Http => "AWS::ApiGatewayV2::Api",
    };
    let title = document.at("info.title").and_then(Node::as_text).filter(|title| !title.is_empty());
    let name = title.unwrap_or_else(|| root.rsplit('/').next().unwrap_or(root)).to_owned();
    let mut resources = vec![Resource::new(kind, name, Node::map([("Body", document)], span), span)];
    problems.append(&mut add_records(context, &mut resources));
    let region = match &context.options.region {
        Some(region) => Node::string(region.clone(), span),
        None => Node::unknown(UnknownKind::Parameter, "the region that the API is imported to", span),
    };
    (Some(Project::new(file.path.clone(), Format::OpenApi, resources, region)), problems)
}

/// The version that a document says it is written in.
fn version(document: &Node) -> Option<&str> {
    let version = document.get("openapi").or_else(|| document.get("swagger"))?.as_text()?;
    document.get("paths").and(Some(version))
}

/// Which kind of API a document becomes hangs on the command that imports it. HTTP APIs take OpenAPI 3 only (API
/// Gateway Developer Guide, http-api-open-api, 2026-11), and some things have a meaning for them alone; without one of
/// these it is taken for a REST API.
fn kind_of(document: &Node) -> ApiKind {
    let is_3 = document.get("openapi").and_then(Node::as_text).is_some_and(|version| version.starts_with('3'));
    let mut is_http = document.get("x-amazon-apigateway-cors").is_some()
        || document.get("x-amazon-apigateway-importexport-version").is_some()
        || routes(document).iter().any(|route| matches!(&*route.path, "$default" | "/$default"));
    document.visit(&mut |node| {
        is_http |= ["payloadFormatVersion", "integrationSubtype", "jwtConfiguration", "authorizerPayloadFormatVersion"]
            .iter()
            .any(|key| node.get(key).is_some());
    });
    if is_3 && is_http { ApiKind::Http } else { ApiKind::Rest }
}

fn is_named_like_one(path: &str) -> bool {
    matches!(path.rsplit_once('.'), Some((_, "yaml" | "yml" | "json")))
}

/// Whether the text speaks of API Gateway's extensions and has the version's key on a line of its own, or first in JSON.
fn is_document(text: &str) -> bool {
    if memmem::find(text.as_bytes(), MARK.as_bytes()).is_none() {
        return false;
    }
    let is_key = |line: &str| {
        let line = line.trim_start_matches([' ', '\t', '{', '"', '\'']);
        let rest = line.strip_prefix("openapi").or_else(|| line.strip_prefix("swagger"));
        rest.is_some_and(|rest| rest.trim_start_matches(['"', '\'', ' ']).starts_with(':'))
    };
    match text.trim_start().starts_with('{') {
        true => text.lines().any(is_key) || text.contains("\"openapi\":\"") || text.contains("\"swagger\":\""),
        false => text.lines().any(|line| !line.starts_with(' ') && is_key(line)),
    }
}

/// The files that values of the projects' APIs were read from.
fn read_files(context: &Context<'_>, projects: &[Project]) -> HashSet<Arc<str>> {
    let mut files = HashSet::new();
    for resource in projects.iter().flat_map(|project| &project.resources) {
        if ApiKind::of(resource).is_some() {
            resource.properties.visit(&mut |node| {
                files.insert(node.span.file);
            });
        }
    }
    files.into_iter().map(|file| context.sources.get(file).path.clone()).collect()
}

/// Whether a file is of a kind that may say where a document lies.
fn may_name_one(path: &str) -> bool {
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    matches!(extension, "tf" | "hcl" | "json" | "yaml" | "yml" | "template" | "ts" | "js" | "mjs" | "cjs" | "py")
}

/// Whether the text of a file holds a path that another file's path ends in; a plain name counts only in a folder above
/// or below, for many documents have the same.
fn names(text: &str, from: &str, path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let folder = |path: &str| path.rfind('/').map_or(String::new(), |slash| path[..=slash].to_owned());
    let (from, own) = (folder(from), folder(path));
    let is_near = from.starts_with(&own) || own.starts_with(&from);
    memmem::find_iter(text.as_bytes(), name).any(|at| {
        let before = &text[..at];
        let is_path = |character: char| character.is_ascii_alphanumeric() || "/._-".contains(character);
        let start = before.char_indices().rev().take_while(|(_, one)| is_path(*one)).last().map_or(at, |(at, _)| at);
        let written = text.get(start..at + name.len()).unwrap_or(name);
        // What stands before the last way up leads from elsewhere.
        let tail = written.rsplit("../").next().unwrap_or(written).trim_start_matches("./").trim_start_matches('/');
        let ends = path == tail || path.strip_suffix(tail).is_some_and(|rest| rest.ends_with('/'));
        ends && (is_near || tail.contains('/') || written.contains("../"))
    })
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn a_document_is_named_by_the_end_of_its_path() {
        for (text, from, path, expected) in [
            ("file(\"${path.module}/api.yaml\")", "infra/main.tf", "infra/api.yaml", true),
            ("DefinitionUri: ../spec/api.yaml", "app/infra/t.yaml", "app/spec/api.yaml", true),
            ("DefinitionUri: ../api.yaml", "app/infra/t.yaml", "app/api.yaml", true),
            ("DefinitionUri: ./api.yaml", "t.yaml", "api.yaml", true),
            ("DefinitionUri: ./api.yaml", "one/t.yaml", "other/api.yaml", false),
            ("DefinitionUri: other/api.yaml", "app/t.yaml", "app/spec/api.yaml", false),
            ("see myapi.yaml", "t.yaml", "api.yaml", false),
            ("s3://bucket/api.yaml", "app/t.yaml", "app/api.yaml", false),
            ("nothing", "t.yaml", "api.yaml", false),
        ] {
            assert_eq!(names(text, from, path), expected, "{text} {from} {path}");
        }
    }
}
