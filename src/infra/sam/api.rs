//! The APIs of a template: written ones and the two that SAM makes for events that name none.

use super::body;
use super::globals;
use super::output::{Origin, Source};
use super::shape::present;
use crate::infra::openapi::ApiKind;
use crate::model::{Presence, Resource};
use crate::source::Span;
use crate::syntax::{Node, Reference, Value};
use std::sync::Arc;

/// The id of the REST API that SAM makes.
pub(super) const IMPLICIT_REST: &str = "ServerlessRestApi";
/// The id of the HTTP API that SAM makes.
pub(super) const IMPLICIT_HTTP: &str = "ServerlessHttpApi";

/// An API under construction.
pub(super) struct Api {
    /// Its kind.
    pub(super) kind: ApiKind,
    /// The construct, properties merged.
    pub(super) source: Source,
    /// Its document; `None` where it lies elsewhere.
    pub(super) body: Option<Node>,
    /// Whether SAM writes the document.
    pub(super) managed: bool,
    /// Whether SAM made the API.
    pub(super) implicit: bool,
    /// The routes that events added.
    pub(super) routes: Vec<Added>,
}

/// A route that an event added.
pub(super) struct Added {
    /// As in the document.
    pub(super) path: String,
    /// As in the document.
    pub(super) method: String,
    /// The event's line.
    pub(super) span: Span,
    /// `Function.Event`.
    pub(super) construct: Arc<str>,
    /// Whether the function is there for certain.
    pub(super) presence: Presence,
}

/// All APIs of a template, in its order.
pub(super) struct Apis {
    list: Vec<Api>,
    globals: Option<Node>,
    prefix: Arc<str>,
}

impl Apis {
    /// None yet; the Globals hold for the ones that SAM makes too.
    pub(super) fn new(globals: Option<&Node>, prefix: &str) -> Self {
        Self { list: Vec::new(), globals: globals.cloned(), prefix: prefix.into() }
    }

    /// Adds an API that the user wrote.
    pub(super) fn add(&mut self, kind: ApiKind, source: Source) {
        let span = source.origin.span;
        let written = source.get("DefinitionBody").cloned();
        let managed = written.is_none() && source.get("DefinitionUri").is_none();
        let body = if managed { Some(skeleton(kind, &source, span)) } else { written };
        self.list.push(Api { kind, source, body, managed, implicit: false, routes: Vec::new() });
    }

    /// The API that an event names, or the one that SAM makes; `None` where it is none of this template's.
    pub(super) fn named(&mut self, kind: ApiKind, reference: Option<&Node>, origin: &Origin) -> Option<&mut Api> {
        let id = match reference {
            Some(node) => self.in_template(named_id(node)?),
            None => self.implicit(kind, origin),
        };
        self.list.iter_mut().find(|api| api.source.origin.id == id && api.kind == kind)
    }

    /// The name of an API's stage, where it is one of this template and says so.
    pub(super) fn stage_name(&self, id: &str) -> Option<&Node> {
        let id = self.in_template(id.into());
        self.list.iter().find(|api| api.source.origin.id == id).and_then(|api| api.source.get("StageName"))
    }

    /// The APIs, with all routes.
    pub(super) fn finished(self) -> Vec<Api> {
        self.list
    }

    /// A plain id as it stands in the template, with what stands before every id.
    fn in_template(&self, id: Arc<str>) -> Arc<str> {
        let known = |id: &str| self.list.iter().any(|api| &*api.source.origin.id == id);
        let full = format!("{}{id}", self.prefix);
        if !known(&id) && known(&full) { full.into() } else { id }
    }

    fn implicit(&mut self, kind: ApiKind, origin: &Origin) -> Arc<str> {
        let (id, resource_kind) = match kind {
            ApiKind::Rest => (IMPLICIT_REST, "AWS::Serverless::Api"),
            ApiKind::Http => (IMPLICIT_HTTP, "AWS::Serverless::HttpApi"),
        };
        let (name, id): (Arc<str>, Arc<str>) = (id.into(), format!("{}{id}", self.prefix).into());
        if self.list.iter().any(|api| api.source.origin.id == id) {
            return id;
        }
        let mut properties = Node::map(Vec::<(&str, Node)>::new(), origin.span);
        if kind == ApiKind::Rest {
            properties.set("StageName", origin.span, Node::string("Prod", origin.span));
        }
        let mut resource = Resource::new(resource_kind, id.clone(), properties, origin.span);
        resource.properties = globals::merged(&resource, self.globals.as_ref(), None);
        resource.name = name.clone();
        resource.generated_from = Some(origin.name.clone());
        let position = usize::MAX - 1;
        let origin = Origin { position, id: id.clone(), name, span: origin.span, presence: Presence::Always };
        let source = Source { origin, resource };
        let body = Some(skeleton(kind, &source, source.origin.span));
        self.list.push(Api { kind, source, body, managed: true, implicit: true, routes: Vec::new() });
        id
    }
}

/// The API's id in an event: a reference, or its plain id.
pub(super) fn named_id(node: &Node) -> Option<Arc<str>> {
    match node.as_reference() {
        Some(Reference { resource, .. }) => Some(resource.clone()),
        None => node.as_text().map(Arc::from),
    }
}

/// An empty document, of the version that the API asks for.
fn skeleton(kind: ApiKind, source: &Source, span: Span) -> Node {
    let mut document = body::skeleton(kind, span);
    let version = source
        .get("OpenApiVersion")
        .filter(|version| kind == ApiKind::Rest && version.as_text().is_some_and(|text| text.starts_with('3')));
    if let (Some(version), Value::Map(entries)) = (version, &mut document.value) {
        entries.retain(|entry| &*entry.key != "swagger");
        let version = Node::string(version.as_text().unwrap_or_default(), version.span);
        document.set("openapi", version.span, version);
    }
    document
}

/// The tags of an API.
pub(super) fn tags(source: &Source) -> Option<&Node> {
    present(source.properties(), "Tags")
}
