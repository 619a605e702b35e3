//! `$ref`: what a document names instead of writing it there, in itself or in files of the repository beside it.

use super::route::method;
use super::shape::{INTEGRATION, each};
use crate::infra::Context;
use crate::infra::cloudformation::beside;
use crate::source::{Problem, ProblemKind, SourceFile};
use crate::syntax::{Node, Unknown, UnknownKind, Value, json, yaml};
use std::collections::HashMap;
use std::sync::Arc;

/// How often one `$ref` may lead to the next.
const MAX_CHAIN: usize = 16;

/// How many files one document may name.
const MAX_FILES: usize = 256;

/// A document with the values in the place of the `$ref`s that stand for paths, operations, integrations and security
/// schemes. What names nothing is unknown and a problem.
pub fn resolved(context: &Context<'_>, body: &Node) -> (Node, Vec<Problem>) {
    let path = context.sources.get(body.span.file).path.clone();
    let mut pointers = Pointers { context, body, path, files: HashMap::new(), problems: Vec::new() };
    let document = pointers.document();
    (document, pointers.problems)
}

/// Parses a document, JSON or YAML by its content.
pub(super) fn parse(file: &SourceFile) -> (Option<Node>, Vec<Problem>) {
    if file.text.trim_start().starts_with('{') { json::parse(file) } else { yaml::parse(file) }
}

struct Pointers<'a> {
    context: &'a Context<'a>,
    body: &'a Node,
    /// The file that the document stands in, from which relative paths lead.
    path: Arc<str>,
    files: HashMap<String, Option<Arc<Node>>>,
    problems: Vec<Problem>,
}

/// A value and the file that its own `$ref`s lead from; none for the document itself.
struct Placed {
    node: Node,
    file: Option<String>,
}

impl Pointers<'_> {
    fn document(&mut self) -> Node {
        let mut document = self.body.clone();
        if let Some(paths) = self.body.entry("paths") {
            let paths_span = paths.key_span;
            let found = self.follow(paths.value.clone(), None);
            let file = found.file;
            let mut paths = found.node;
            if let Value::Map(entries) = &mut paths.value {
                for entry in entries.iter_mut().filter(|entry| !entry.key.starts_with("x-")) {
                    entry.value = each(&entry.value, &mut |item| self.item(item, file.as_deref()));
                }
            }
            document.set("paths", paths_span, paths);
        }
        if let Some(schemes) = self.schemes(self.body.get("securityDefinitions")) {
            document.set("securityDefinitions", schemes.span, schemes);
        }
        if let Some(schemes) = self.schemes(self.body.at("components.securitySchemes")) {
            let mut components = self.body.get("components").cloned().unwrap_or_else(|| schemes.clone());
            components.set("securitySchemes", schemes.span, schemes);
            document.set("components", components.span, components);
        }
        document
    }

    fn schemes(&mut self, schemes: Option<&Node>) -> Option<Node> {
        let schemes = schemes?;
        let Placed { node: mut schemes, file } = self.follow(schemes.clone(), None);
        if let Value::Map(entries) = &mut schemes.value {
            for entry in entries {
                let found = self.follow(entry.value.clone(), file.as_deref());
                entry.value = found.node;
            }
        }
        Some(schemes)
    }

    /// A path item, with the operations that it has besides those that it names.
    fn item(&mut self, item: &Node, file: Option<&str>) -> Node {
        let beside: Vec<_> = item.entries().iter().filter(|entry| &*entry.key != "$ref").cloned().collect();
        let Placed { node: mut found, file: from } = self.follow(item.clone(), file);
        self.operations(&mut found, from.as_deref());
        if item.get("$ref").is_some() {
            let mut own = Node::new(Value::Map(beside), item.span);
            self.operations(&mut own, file);
            for entry in own.entries() {
                found.set(entry.key.clone(), entry.key_span, entry.value.clone());
            }
        }
        found
    }

    fn operations(&mut self, item: &mut Node, file: Option<&str>) {
        let Value::Map(entries) = &mut item.value else { return };
        for entry in entries.iter_mut().filter(|entry| method(&entry.key).is_some()) {
            entry.value = each(&entry.value, &mut |operation| {
                let Placed { node: mut operation, file } = self.follow(operation.clone(), file);
                if let Some(integration) = operation.entry(INTEGRATION).cloned() {
                    let found = each(&integration.value, &mut |one| self.follow(one.clone(), file.as_deref()).node);
                    operation.set(INTEGRATION, integration.key_span, found);
                }
                operation
            });
        }
    }

    /// What a value names, or itself.
    fn follow(&mut self, node: Node, file: Option<&str>) -> Placed {
        let mut here = Placed { node, file: file.map(str::to_owned) };
        for _ in 0..MAX_CHAIN {
            let Some(named) = here.node.get("$ref").cloned() else { return here };
            match self.named(&named, here.file.as_deref()) {
                Some(found) => here = found,
                None => {
                    self.complain(&named);
                    return unknown(&named, UnknownKind::Lookup);
                }
            }
        }
        let span = here.node.get("$ref").cloned();
        span.map_or(here, |named| unknown(&named, UnknownKind::Limit))
    }

    fn named(&mut self, named: &Node, file: Option<&str>) -> Option<Placed> {
        let text = named.as_text()?;
        let (path, pointer) = text.split_once('#').unwrap_or((text, ""));
        let file = match path {
            "" => file.map(str::to_owned),
            _ => Some(beside(file.unwrap_or(&self.path), path)?),
        };
        let document = match &file {
            None => None,
            Some(path) => Some(self.file(path)?),
        };
        let root = document.as_deref().unwrap_or(self.body);
        let keys = pointer.split('/').skip(1).map(unescaped);
        let node = keys.into_iter().try_fold(root, |node, key| match &node.value {
            Value::List(items) => items.get(key.parse::<usize>().ok()?),
            _ => node.get(&key),
        })?;
        Some(Placed { node: node.clone(), file })
    }

    fn file(&mut self, path: &str) -> Option<Arc<Node>> {
        if let Some(known) = self.files.get(path) {
            return known.clone();
        }
        if self.files.len() >= MAX_FILES {
            return None;
        }
        let read = self.context.sources.open(path).ok().and_then(|file| {
            let (node, mut met) = parse(&file);
            self.problems.append(&mut met);
            node.map(Arc::new)
        });
        self.files.insert(path.to_owned(), read.clone());
        read
    }

    fn complain(&mut self, named: &Node) {
        // What a parameter decides is no fault of the document.
        let Some(text) = named.as_text() else { return };
        let place = self.context.sources.location(named.span);
        let message = format!("the API's document names {text}, which is not there or is not read");
        let problem = Problem::at(ProblemKind::Coverage, &place, message);
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }
}

fn unknown(named: &Node, kind: UnknownKind) -> Placed {
    let value = Value::Unknown(Unknown::new(kind, format!("$ref {named}")));
    Placed { node: Node::new(value, named.span), file: None }
}

/// One step of a JSON pointer in a URI (RFC 6901, sections 3 and 6).
fn unescaped(step: &str) -> String {
    let plain = percent(step).unwrap_or_else(|| step.to_owned());
    plain.replace("~1", "/").replace("~0", "~")
}

fn percent(step: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(step.len());
    let mut rest = step.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let digit = |byte: u8| char::from(byte).to_digit(16);
                u8::try_from(digit(rest.next()?)? * 16 + digit(rest.next()?)?).ok()?
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}
