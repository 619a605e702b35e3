//! Variables to values: `${self:…}`, `${opt:…}`, `${file(…)}` and the others, with spans kept and reasons given.

use super::compose;
use super::dotenv::Dotenv;
use super::expression::{Origin, Piece, Variable, split};
use super::program;
use crate::infra::Context;
use crate::source::{OpenError, Problem, ProblemKind, Span};
use crate::syntax::yaml::Schema;
use crate::syntax::{Entry, Node, Part, Unknown, UnknownKind, Value, json, yaml};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// How deep values and the variables in them may lead.
const MAX_DEPTH: usize = 200;

/// How many values one service may grow to; strings count by their length.
const MAX_VALUES: usize = 300_000;

/// The sources that are looked up here; others are answered by AWS, by a plugin, or by another service.
const KNOWN_SOURCES: [&str; 8] = ["self", "opt", "sls", "param", "file", "env", "strToBool", "aws"];

/// So many bytes of text count as one value.
const BYTES_PER_VALUE: usize = 64;

/// What a source of a variable says.
enum Found {
    Value(Node),
    /// It has no such value; the next source is asked.
    Missing,
}

/// Parameters of a compose file, and its `stages`.
type Composed = (Vec<Entry>, Option<Node>);

/// Looks variables of one service up, each address once.
pub(super) struct Resolver<'a> {
    context: &'a Context<'a>,
    /// The folder of the service file, `""` for the root.
    folder: String,
    root: Arc<Node>,
    by_address: HashMap<String, Node>,
    open: Vec<String>,
    files: HashMap<String, Option<Arc<Node>>>,
    depth: usize,
    budget: usize,
    pub(super) problems: Vec<Problem>,
    /// What a compose file hands to the service, and its stages.
    composed: Option<Composed>,
    complained: BTreeSet<String>,
    /// What is committed of the environment; not read yet, or not by the framework.
    dotenv: Option<Dotenv>,
}

impl<'a> Resolver<'a> {
    /// A resolver over the parsed service file at `path`.
    pub(super) fn new(context: &'a Context<'a>, path: &str, root: Node) -> Self {
        Self {
            context,
            folder: path.rfind('/').map_or(String::new(), |slash| path[..slash].to_owned()),
            root: Arc::new(root),
            by_address: HashMap::new(),
            open: Vec::new(),
            files: HashMap::new(),
            depth: 0,
            budget: MAX_VALUES,
            problems: Vec::new(),
            composed: compose::parameters(context, path),
            complained: BTreeSet::new(),
            dotenv: None,
        }
    }

    /// The value at a dotted address of the service file, all its variables resolved; `None` where there is none.
    pub(super) fn at(&mut self, address: &str) -> Option<Node> {
        match self.own(address) {
            Found::Value(node) if !node.is_absent() => Some(node),
            _ => None,
        }
    }

    /// The entry of a top-level key as it was written.
    pub(super) fn entry(&self, key: &str) -> Option<Entry> {
        self.root.entry(key).cloned()
    }

    /// The stage: the option, or what `provider.stage` says, or the framework's default.
    pub(super) fn stage(&mut self) -> Node {
        let span = self.root.span;
        if let Some(stage) = &self.context.options.stage {
            return Node::string(stage.clone(), span);
        }
        self.at("provider.stage").unwrap_or_else(|| Node::unknown(UnknownKind::Parameter, "provider.stage", span))
    }

    /// A value with all variables in it resolved.
    pub(super) fn resolve(&mut self, node: &Node) -> Node {
        let cost = weight(node);
        if self.budget < cost || self.depth >= MAX_DEPTH {
            return self.beyond(node.span);
        }
        self.budget -= cost;
        self.depth += 1;
        let resolved = match &node.value {
            Value::String(text) => self.text(text, node.span),
            Value::List(items) => Node::list(items.iter().map(|item| self.resolve(item)).collect(), node.span),
            Value::Map(entries) => {
                let entry = |entry: &Entry| Entry { value: self.resolve(&entry.value), ..entry.clone() };
                let entries = entries.iter().map(entry).collect();
                keep_unknown_in_sub(Node::new(Value::Map(entries), node.span))
            }
            _ => node.clone(),
        };
        self.depth -= 1;
        resolved
    }

    fn text(&mut self, text: &str, span: Span) -> Node {
        match split(text) {
            None => Node::string(unescape(text), span),
            Some(pieces) => self.pieces(&pieces, span),
        }
    }

    fn pieces(&mut self, pieces: &[Piece], span: Span) -> Node {
        if let [Piece::Variable(variable)] = pieces {
            return self.variable(variable, span);
        }
        let mut parts = Vec::new();
        for piece in pieces {
            match piece {
                Piece::Text(text) => parts.push(Part::Literal(text.as_str().into())),
                Piece::Variable(variable) => match self.variable(variable, span).parts() {
                    Some(found) => parts.extend(found),
                    None => parts.push(Part::Unknown(Unknown::new(UnknownKind::Expression, describe(variable)))),
                },
            }
        }
        let cost = parts.iter().map(part_weight).sum();
        if self.budget < cost {
            return self.beyond(span);
        }
        self.budget -= cost;
        Node::template(parts, span)
    }

    /// A scalar takes the place where it is used; lists and maps keep the places where they were written.
    fn variable(&mut self, variable: &Variable, span: Span) -> Node {
        for source in &variable.sources {
            match self.source(source, span) {
                Found::Value(node) if matches!(node.value, Value::List(_) | Value::Map(_)) => return node,
                Found::Value(node) => return Node { span, ..node },
                Found::Missing => {}
            }
        }
        if let Some(Origin::Word(word)) = variable.sources.last()
            && word == "null"
        {
            return Node::new(Value::Null, span);
        }
        Node::unknown(UnknownKind::Parameter, describe(variable), span)
    }

    fn source(&mut self, source: &Origin, span: Span) -> Found {
        match source {
            Origin::Text(text) => Found::Value(Node::string(text.as_str(), span)),
            Origin::Word(word) => match word.as_str() {
                "null" => Found::Missing,
                "true" | "false" => Found::Value(Node::bool(word == "true", span)),
                number => Found::Value(Node::new(Value::Number(number.into()), span)),
            },
            Origin::Nested(variable) => match self.variable(variable, span) {
                Node { value: Value::Unknown(Unknown { kind: UnknownKind::Parameter, .. }) | Value::Null, .. } => {
                    Found::Missing
                }
                node => Found::Value(node),
            },
            Origin::Call { kind, .. } if !KNOWN_SOURCES.contains(&kind.as_str()) => {
                let what = describe_source(source);
                let kind = match kind.as_str() {
                    "cf" | "output" | "state" => UnknownKind::Import,
                    _ => UnknownKind::Dynamic,
                };
                Found::Value(Node::unknown(kind, what, span))
            }
            Origin::Call { kind, parameters, address } => {
                let parameters = self.pieces(parameters, span);
                let address = self.pieces(address, span);
                self.call(kind, &parameters, &address, span)
            }
        }
    }

    fn call(&mut self, kind: &str, parameters: &Node, address: &Node, span: Span) -> Found {
        let (Some(arguments), Some(key)) = (parameters.as_text(), address.as_text()) else {
            let unknown = parameters.as_unknown().or(address.as_unknown());
            let (kind, what) = unknown.map_or_else(
                || (UnknownKind::Parameter, format!("{kind}:{address}").into()),
                |unknown| (unknown.kind, unknown.what.clone()),
            );
            return Found::Value(Node::unknown(kind, what, span));
        };
        let unknown = |kind, what: String| Found::Value(Node::unknown(kind, what, span));
        match kind {
            "self" => self.own(key),
            "opt" => self.option(key, span),
            "sls" if key == "stage" => Found::Value(self.stage()),
            "param" => self.parameter(key, span),
            "file" => self.file(arguments, key, span),
            "env" => self.environment(key, span),
            "strToBool" => match arguments.to_ascii_lowercase().as_str() {
                "true" | "1" => Found::Value(Node::bool(true, span)),
                "false" | "0" => Found::Value(Node::bool(false, span)),
                _ => unknown(UnknownKind::Expression, format!("strToBool({arguments})")),
            },
            "aws" if key == "region" => Found::Value(self.region(span)),
            "aws" if key == "accountId" => unknown(UnknownKind::Pseudo, "AWS::AccountId".into()),
            "sls" => unknown(UnknownKind::Computed, format!("sls:{key}")),
            _ => unknown(UnknownKind::Dynamic, format!("{kind}:{key}")),
        }
    }

    /// A variable of the `.env` file, where the framework reads one.
    fn environment(&mut self, key: &str, span: Span) -> Found {
        if self.dotenv.is_none() {
            // The stage is found before the file is read, as the framework does.
            self.dotenv = Some(Dotenv::default());
            let stage = if self.reads_dotenv() { self.stage().as_text().map(str::to_owned) } else { None };
            if let Some(stage) = stage {
                let (dotenv, mut problems) = Dotenv::read(self.context, &self.folder, &stage);
                self.problems.append(&mut problems);
                self.dotenv = Some(dotenv);
            }
        }
        let found = self.dotenv.as_ref().and_then(|dotenv| dotenv.get(key, span));
        found.map_or(Found::Missing, Found::Value)
    }

    /// Whether the framework reads a `.env` file: version 4 does by default, those before it where `useDotenv` says so.
    fn reads_dotenv(&self) -> bool {
        let told = self.root.get("useDotenv").map(|node| node.as_bool() == Some(true));
        let version = self.root.get("frameworkVersion").and_then(Node::as_text);
        let is_4 = version.is_some_and(|version| version.chars().find(char::is_ascii_digit) == Some('4'));
        told.unwrap_or(is_4)
    }

    /// What `provider.region` says, or the option, or the framework's default.
    pub(super) fn region(&mut self, span: Span) -> Node {
        self.at("provider.region").unwrap_or_else(|| Node::unknown(UnknownKind::Parameter, "provider.region", span))
    }

    fn own(&mut self, address: &str) -> Found {
        if let Some(known) = self.by_address.get(address) {
            let cost = 1 + size(known);
            if self.budget < cost {
                return Found::Value(self.beyond(known.span));
            }
            self.budget -= cost;
            return Found::Value(known.clone());
        }
        if let Some(at) = self.open.iter().position(|open| open == address) {
            self.complain_of_cycle(at);
            return Found::Value(Node::unknown(UnknownKind::Cycle, format!("self:{address}"), self.root.span));
        }
        if self.open.len() >= MAX_DEPTH {
            return Found::Value(self.beyond(self.root.span));
        }
        self.open.push(address.to_owned());
        let root = Arc::clone(&self.root);
        let found = self.below(&root, address);
        self.open.pop();
        let found = match found {
            Found::Missing => self.provider_default(address),
            found => found,
        };
        if let Found::Value(node) = &found {
            self.by_address.insert(address.to_owned(), node.clone());
        }
        found
    }

    /// Says once that the addresses which are open from one on lead back to it, where each plainly names the next.
    fn complain_of_cycle(&mut self, from: usize) {
        let mut cycle = self.open.split_at(from).1.to_vec();
        // The same circle is met from each of its addresses; it is told from the first of them in the alphabet.
        let first = (0..cycle.len()).min_by_key(|at| &cycle[*at]).unwrap_or(0);
        cycle.rotate_left(first);
        cycle.extend(cycle.first().cloned());
        let Some(begin) = cycle.first().and_then(|address| self.written(address)) else { return };
        let place = self.context.sources.location(begin.span);
        // What is only met while a file is read as a whole is no circle.
        let names = |pair: &[String]| {
            let [address, next] = pair else { return false };
            self.written(address).is_some_and(|node| node.to_string().contains(&format!("self:{next}")))
        };
        if cycle.windows(2).all(names) {
            let message = format!("variables lead back to themselves: {}", cycle.join(" -> "));
            if self.complained.insert(message.clone()) {
                self.problems.push(Problem::at(ProblemKind::Parse, &place, message));
            }
        }
    }

    /// The value at an address as it is written, where no variable stands on the way.
    fn written(&self, address: &str) -> Option<&Node> {
        address.split('.').try_fold(&*self.root, |node, key| match &node.value {
            Value::List(items) => items.get(key.parse::<usize>().ok()?),
            _ => node.get(key),
        })
    }

    /// The framework's defaults for what a service does not say of its provider
    /// (Serverless Framework documentation, serverless.yml reference, read 2026-11): stage `dev`, region `us-east-1`.
    fn provider_default(&self, address: &str) -> Found {
        let options = self.context.options;
        let (given, default) = match address {
            "provider.stage" => (&options.stage, "dev"),
            "provider.region" => (&options.region, "us-east-1"),
            _ => return Found::Missing,
        };
        let span = self.root.entry("provider").map_or(self.root.span, |entry| entry.key_span);
        Found::Value(Node::string(given.clone().unwrap_or_else(|| default.into()), span))
    }

    /// Follows an address from a raw node, through variables that stand on the way, and resolves what is there.
    fn below(&mut self, base: &Node, address: &str) -> Found {
        let mut here = std::borrow::Cow::Borrowed(base);
        for key in address.split('.').filter(|key| !key.is_empty()) {
            if let Value::String(text) = &here.value {
                here = std::borrow::Cow::Owned(self.text(text, here.span));
            }
            if here.as_unknown().is_some() {
                return Found::Value(here.into_owned());
            }
            let next = |node: &Node| match &node.value {
                Value::List(items) => key.parse::<usize>().ok().and_then(|index| items.get(index)).cloned(),
                _ => node.get(key).cloned(),
            };
            here = match here {
                std::borrow::Cow::Borrowed(node) => match &node.value {
                    Value::Map(_) => match node.get(key) {
                        Some(value) => std::borrow::Cow::Borrowed(value),
                        None => return Found::Missing,
                    },
                    _ => match next(node) {
                        Some(value) => std::borrow::Cow::Owned(value),
                        None => return Found::Missing,
                    },
                },
                std::borrow::Cow::Owned(node) => match next(&node) {
                    Some(value) => std::borrow::Cow::Owned(value),
                    None => return Found::Missing,
                },
            };
        }
        if here.is_absent() {
            return Found::Missing;
        }
        Found::Value(self.resolve(&here))
    }

    fn option(&mut self, key: &str, span: Span) -> Found {
        let options = self.context.options;
        let given = match key {
            "stage" | "s" => options.stage.as_ref(),
            "region" | "r" => options.region.as_ref(),
            _ => None,
        };
        match given.or_else(|| options.parameters.get(key)) {
            Some(value) => Found::Value(Node::string(value.clone(), span)),
            None => Found::Missing,
        }
    }

    /// A parameter: given, of the stage, or the default of all stages, in the places of versions 3 and 4.
    fn parameter(&mut self, key: &str, span: Span) -> Found {
        if let Some(value) = self.context.options.parameters.get(key) {
            return Found::Value(Node::string(value.clone(), span));
        }
        if let Some(found) = self.composed_parameter(key, span) {
            return Found::Value(found);
        }
        let stage = self.stage();
        let Some(stage) = stage.as_text() else {
            return Found::Value(Node::unknown(UnknownKind::Parameter, format!("param:{key}"), span));
        };
        let places = [
            format!("params.{stage}.{key}"),
            format!("stages.{stage}.params.{key}"),
            format!("params.default.{key}"),
            format!("stages.default.params.{key}"),
        ];
        let found = places.iter().find_map(|place| self.at(place));
        let stages = self.composed.as_ref().and_then(|(_, stages)| stages.clone());
        let found = found.or_else(|| {
            let of = |name: &str| stages.as_ref()?.get(name)?.get("params")?.get(key).cloned();
            of(stage).or_else(|| of("default")).map(|raw| self.resolve(&raw))
        });
        found.map_or(Found::Missing, Found::Value)
    }

    /// What a compose file hands over; outputs of its other services are known only after their deployment.
    fn composed_parameter(&mut self, key: &str, span: Span) -> Option<Node> {
        let raw = self.composed.as_ref()?.0.iter().find(|entry| &*entry.key == key)?.value.clone();
        match &raw.value {
            Value::String(text) if compose::names_an_output(text) => {
                Some(Node::unknown(UnknownKind::Import, format!("param:{key}"), span))
            }
            _ => Some(self.resolve(&raw)),
        }
    }

    fn file(&mut self, argument: &str, address: &str, span: Span) -> Found {
        let relative = argument.trim();
        let unread = |what: &str| Found::Value(Node::unknown(UnknownKind::File, what, span));
        let extension = relative.rsplit_once('.').map_or("", |(_, extension)| extension);
        if relative.starts_with(['~', '/']) {
            return unread(relative);
        }
        let path = if self.folder.is_empty() { relative.to_owned() } else { format!("{}/{relative}", self.folder) };
        let content = match self.files.get(&path) {
            Some(known) => known.clone(),
            None => {
                let read = self.read_file(&path, extension, span);
                self.files.insert(path.clone(), read.clone());
                read
            }
        };
        match content {
            // The framework takes a file that is not there for no value, so that a default can follow.
            None => Found::Missing,
            Some(content) if content.as_unknown().is_some() => unread(relative),
            Some(content) => {
                let address = address.to_owned();
                let name = format!("file({path}):{address}");
                if self.open.contains(&name) {
                    // What is only met while a file is read as a whole is no circle.
                    let own_name = path.rsplit('/').next().unwrap_or_default();
                    let mut says = false;
                    content.visit(&mut |node| {
                        let text = || node.to_string();
                        says |= matches!(node.value, Value::String(_))
                            && text().contains("file(")
                            && text().contains(own_name);
                    });
                    if says {
                        self.complain(span, ProblemKind::Parse, format!("the file {path} includes itself"));
                    }
                    return Found::Value(Node::unknown(UnknownKind::Cycle, name, span));
                }
                self.open.push(name);
                let found = self.below(&content, &address);
                self.open.pop();
                found
            }
        }
    }

    /// A file's content: a tree, a text, unknown where it cannot be read, `None` where it is not there.
    fn read_file(&mut self, path: &str, extension: &str, span: Span) -> Option<Arc<Node>> {
        let file = match self.context.sources.open(path) {
            Ok(file) => file,
            Err(OpenError::Missing) => return None,
            Err(error) => {
                self.complain(span, ProblemKind::Io, format!("{path} {error}"));
                return Some(Arc::new(Node::unknown(UnknownKind::File, path, span)));
            }
        };
        let whole = Span::new(file.id, 0, file.text.len());
        let (node, mut problems) = match extension {
            "js" | "cjs" | "mjs" | "ts" => program::read(self.context, path),
            "yml" | "yaml" => yaml::parse_as(&file, Schema::Core),
            "json" | "tfstate" => json::parse(&file),
            _ => (Some(Node::string(file.text.as_str(), whole)), Vec::new()),
        };
        self.problems.append(&mut problems);
        Some(Arc::new(node.unwrap_or_else(|| Node::unknown(UnknownKind::File, path, span))))
    }

    fn beyond(&mut self, span: Span) -> Node {
        let message = "the variables of this service lead too deep or grow too large; the rest of it was not judged";
        self.complain(span, ProblemKind::Limit, message.into());
        Node::unknown(UnknownKind::Limit, "the value of its variables", span)
    }

    /// A problem, once however often it is met.
    pub(super) fn complain(&mut self, span: Span, kind: ProblemKind, message: String) {
        if self.complained.insert(message.clone()) {
            self.problems.push(Problem::at(kind, &self.context.sources.location(span), message));
        }
    }
}

/// `Fn::Sub` takes a text: parts of it that are not known become names of its own map.
fn keep_unknown_in_sub(node: Node) -> Node {
    let Some(sub) = node.get("Fn::Sub") else {
        return node;
    };
    let (text, rest) = match &sub.value {
        Value::List(items) => (items.first(), items.get(1)),
        _ => (Some(sub), None),
    };
    let Some(Node { value: Value::Template(parts), span }) = text else {
        return node;
    };
    let span = *span;
    let mut names = rest.cloned().unwrap_or_else(|| Node::new(Value::Map(Vec::new()), span));
    let mut joined = String::new();
    for (index, part) in parts.iter().enumerate() {
        match part {
            Part::Literal(text) => joined.push_str(text),
            other => {
                let name = format!("LeastwiseUnknown{index}");
                joined.push_str(&format!("${{{name}}}"));
                names.set(name, span, Node::template(vec![other.clone()], span));
            }
        }
    }
    Node::map([("Fn::Sub", Node::list(vec![Node::string(joined, span), names], span))], node.span)
}

fn unescape(text: &str) -> String {
    text.replace("\\${", "${")
}

/// How many values a node holds; strings count by their length.
fn size(node: &Node) -> usize {
    let mut total = 0;
    node.visit(&mut |node| total += weight(node));
    total
}

/// What one value counts, without those in it.
fn weight(node: &Node) -> usize {
    match &node.value {
        Value::String(text) => 1 + text.len() / BYTES_PER_VALUE,
        Value::Template(parts) => 1 + parts.iter().map(part_weight).sum::<usize>(),
        _ => 1,
    }
}

fn part_weight(part: &Part) -> usize {
    match part {
        Part::Literal(text) => 1 + text.len() / BYTES_PER_VALUE,
        _ => 1,
    }
}

/// A variable's first source as the user wrote it, without values: `env:NAME`.
fn describe(variable: &Variable) -> String {
    variable.sources.first().map_or_else(|| "a variable".into(), describe_source)
}

fn describe_source(source: &Origin) -> String {
    match source {
        Origin::Call { kind, parameters, address } => {
            let parameters = match parameters.as_slice() {
                [] => String::new(),
                pieces => format!("({})", pieces_text(pieces)),
            };
            let colon = if address.is_empty() { "" } else { ":" };
            format!("{kind}{parameters}{colon}{}", pieces_text(address))
        }
        Origin::Nested(variable) => describe(variable),
        Origin::Text(_) | Origin::Word(_) => "a variable".into(),
    }
}

fn pieces_text(pieces: &[Piece]) -> String {
    let text = |piece: &Piece| match piece {
        Piece::Text(text) => text.clone(),
        Piece::Variable(variable) => format!("${{{}}}", describe(variable)),
    };
    pieces.iter().map(text).collect()
}
