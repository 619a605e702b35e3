//! The service as the file says it, all variables resolved: its names, provider section, functions and events.

use super::naming;
use super::resolver::Resolver;
use super::template::{Owner, arn_of, join};
use crate::source::{ProblemKind, Span};
use crate::syntax::{Entry, Node, Part, Unknown, UnknownKind, Value};
use std::sync::Arc;

/// A service.
#[derive(Debug)]
pub(super) struct Service {
    /// Its name.
    pub(super) name: Node,
    /// Its stage.
    pub(super) stage: Node,
    /// The folder of its file.
    pub(super) folder: Arc<str>,
    /// The provider section.
    pub(super) provider: Node,
    /// Where the provider section stands.
    pub(super) provider_span: Span,
    /// The functions, in order.
    pub(super) functions: Vec<Function>,
    /// The names of the plugins.
    pub(super) plugins: Vec<String>,
    /// Whether the file asks for a version before 4, which gives single functions roles only by a plugin.
    pub(super) before_4: bool,
    /// What plugins add to the role of the functions that is not read.
    pub(super) added_rights: Option<Node>,
    /// The settings of the plugin for roles per function.
    pub(super) role_settings: Option<Node>,
    /// The archive that all functions are deployed from, where the file names one.
    pub(super) artifact: Option<Node>,
}

/// A function of the service.
#[derive(Debug)]
pub(super) struct Function {
    /// Its key under `functions`.
    pub(super) key: Arc<str>,
    /// Where the key stands.
    pub(super) span: Span,
    /// What is under the key.
    pub(super) config: Node,
    /// The name that it is deployed under.
    pub(super) name: Node,
    /// Its events.
    pub(super) events: Vec<Event>,
}

/// One event of a function.
#[derive(Debug)]
pub(super) struct Event {
    /// `http`, `sqs` …
    pub(super) kind: Arc<str>,
    /// Where the kind stands.
    pub(super) span: Span,
    /// What is under it.
    pub(super) config: Node,
    /// Its number among the function's events, from 0.
    pub(super) index: usize,
}

impl Service {
    /// Reads the sections; parts that cannot be known are problems of the resolver.
    pub(super) fn read(resolver: &mut Resolver<'_>, folder: Arc<str>, span: Span) -> Self {
        let name = match resolver.at("service.name").or_else(|| resolver.at("service")) {
            Some(name) if name.parts().is_some() => name,
            _ => Node::unknown(UnknownKind::Parameter, "service", span),
        };
        let provider_entry = resolver.entry("provider");
        let provider_span = provider_entry.as_ref().map_or(span, |entry| entry.key_span);
        let provider = resolver.at("provider").unwrap_or_else(|| Node::new(Value::Map(Vec::new()), span));
        let plugins = resolver.at("plugins");
        let plugins = plugins.map(|node| node.get("modules").cloned().unwrap_or(node));
        let plugins = plugins.iter().flat_map(Node::items).filter_map(Node::as_text).map(str::to_owned).collect();
        let mut service = Self {
            name,
            stage: resolver.stage(),
            folder,
            provider,
            provider_span,
            functions: Vec::new(),
            plugins,
            before_4: resolver.at("frameworkVersion").is_some_and(|version| is_before_4(&version.to_string())),
            added_rights: resolver
                .entry("constructs")
                .map(|entry| Node::unknown(UnknownKind::Other, "the rights that serverless-lift adds", entry.key_span)),
            role_settings: resolver.at("custom.serverless-iam-roles-per-function"),
            artifact: resolver.at("package.artifact"),
        };
        service.functions = functions(resolver, &service);
        service
    }

    /// A section or value of the provider, by dotted path.
    pub(super) fn provider(&self, path: &str) -> Option<&Node> {
        self.provider.at(path).filter(|node| !node.is_absent())
    }

    /// `service-stage`, and what follows it.
    pub(super) fn prefixed(&self, suffix: &str, span: Span) -> Node {
        text(&[&self.name, &Node::string("-", span), &self.stage, &Node::string(suffix, span)], span)
    }

    /// The functions' events of a kind, in order.
    pub(super) fn events<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = (&'a Function, &'a Event)> {
        self.functions.iter().flat_map(move |function| {
            function.events.iter().filter(move |event| &*event.kind == kind).map(move |event| (function, event))
        })
    }

    /// The function of a key.
    pub(super) fn function(&self, key: &str) -> Option<&Function> {
        self.functions.iter().find(|function| &*function.key == key)
    }

    /// Whether a plugin is named.
    pub(super) fn has_plugin(&self, name: &str) -> bool {
        self.plugins.iter().any(|plugin| plugin == name)
    }

    /// What a section of the provider makes.
    pub(super) fn owner(&self, section: &str, span: Span) -> Owner {
        Owner { name: section.into(), itself: false, span }
    }
}

impl Function {
    /// A setting, by dotted path; `None` where it is absent.
    pub(super) fn get(&self, path: &str) -> Option<&Node> {
        self.config.at(path).filter(|node| !node.is_absent())
    }

    /// The logical id.
    pub(super) fn id(&self) -> String {
        naming::function(&self.key)
    }

    /// The key as ids begin with it.
    pub(super) fn normalized(&self) -> String {
        naming::normalized(&self.key)
    }

    /// What this function's resources come from.
    pub(super) fn owner(&self, span: Span) -> Owner {
        Owner { name: self.key.clone(), itself: false, span }
    }

    /// The alias that is invoked instead of the function: the part of its id, and its name.
    pub(super) fn alias(&self) -> Option<(&'static str, &'static str)> {
        let on = |key: &str| self.get(key).is_some_and(|node| !matches!(node.as_text(), Some("false" | "0")));
        match (on("provisionedConcurrency"), on("snapStart")) {
            (true, _) => Some(("ProvConcLambdaAlias", "provisioned")),
            (_, true) => Some(("SnapStartLambdaAlias", "snapstart")),
            _ => None,
        }
    }

    /// What invokes the function: its ARN, or its alias'.
    pub(super) fn target(&self, span: Span) -> Node {
        let arn = arn_of(&self.id(), span);
        match self.alias() {
            Some((_, name)) => join(":", vec![arn, Node::string(name, span)], span),
            None => arn,
        }
    }
}

/// A text of several texts; unknown parts stay unknown parts.
pub(super) fn text(pieces: &[&Node], span: Span) -> Node {
    let unknown = || vec![Part::Unknown(Unknown::new(UnknownKind::Expression, "a value that is no text"))];
    Node::template(pieces.iter().flat_map(|piece| piece.parts().unwrap_or_else(unknown)).collect(), span)
}

/// Whether a version range begins below 4: `3`, `^3.38.0`, `>=2.0.0 <4.0.0`.
fn is_before_4(range: &str) -> bool {
    range.chars().find(char::is_ascii_digit).is_some_and(|digit| digit < '4')
}

/// `functions` as a map, or as a list of maps, each from a file of its own.
fn functions(resolver: &mut Resolver<'_>, service: &Service) -> Vec<Function> {
    let Some(section) = resolver.at("functions") else {
        return Vec::new();
    };
    let mut entries: Vec<&Entry> = Vec::new();
    for part in section.items_or_self() {
        match &part.value {
            Value::Map(map) => entries.extend(map),
            Value::Null => {}
            other => {
                let why = match other {
                    Value::Unknown(unknown) => unknown.to_string(),
                    _ => "it is no map of functions".into(),
                };
                let message = format!("functions of this service were not read: {why}");
                resolver.complain(part.span, ProblemKind::Parse, message);
            }
        }
    }
    let mut functions: Vec<Function> = Vec::new();
    for entry in entries {
        if let Some(unknown) = entry.value.as_unknown() {
            let message = format!("function {} was not read: {unknown}", entry.key);
            resolver.complain(entry.key_span, ProblemKind::Parse, message);
        }
        let function = function(resolver, service, entry);
        match functions.iter_mut().find(|known| known.key == function.key) {
            Some(known) => *known = function,
            None => functions.push(function),
        }
    }
    functions
}

fn function(resolver: &mut Resolver<'_>, service: &Service, entry: &Entry) -> Function {
    let named = entry.value.get("name").filter(|node| !node.is_absent()).cloned();
    let name = named.unwrap_or_else(|| service.prefixed(&format!("-{}", entry.key), entry.key_span));
    let mut events = Vec::new();
    if let Some(listed) = entry.value.get("events") {
        if let Some(unknown) = listed.as_unknown() {
            let message = format!("events of function {} were not read: {unknown}", entry.key);
            resolver.complain(listed.span, ProblemKind::Parse, message);
        }
        for (index, item) in listed.items().iter().enumerate() {
            events.extend(item.entries().iter().map(|event| Event {
                kind: event.key.clone(),
                span: event.key_span,
                config: event.value.clone(),
                index,
            }));
        }
    }
    Function { key: entry.key.clone(), span: entry.key_span, config: entry.value.clone(), name, events }
}
