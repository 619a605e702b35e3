//! What an expression may stand for, as far as calls to clouds, requests and logs need it.

use super::resources::Collection;
use super::unit::{ClassId, ExprId, FunctionId};
use crate::model::Text;
use crate::source::Span;
use std::collections::HashSet;
use std::sync::Arc;

/// How deep holders in holders are followed, and how much each holds.
const MAX_NESTED: usize = 3;
const MAX_HELD: usize = 32;

/// Index of a unit in its program.
pub(super) type UnitId = usize;

/// One of the things that an expression may stand for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Value {
    /// A string.
    Text(Text),
    /// Something of a package outside the repository, by dotted path: `boto3.client`.
    Outside(Arc<str>),
    /// A module of the repository.
    Module(UnitId),
    /// A folder of modules.
    Package(Arc<str>),
    /// A package whose files share one scope (Go), by its folder.
    Shared(Arc<str>),
    Function(UnitId, FunctionId),
    Class(UnitId, ClassId),
    Instance(UnitId, ClassId),
    /// The whole event that a handler is given.
    Event,
    /// A map, list or other literal whose parts are asked for one by one.
    Literal(UnitId, ExprId),
    /// A thing of an SDK or library.
    Object(Arc<Object>),
    /// A method of it, not called yet.
    Method(Arc<Object>, Arc<str>),
}

/// A thing of an SDK or library.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Object {
    /// What clients are made from.
    Session { region: Option<(Text, Span)>, credentials: bool },
    /// A client of a service, by boto3's name.
    Client { service: Arc<str> },
    /// A thing of boto3's resource layer; the kind `""` is the service itself.
    Resource { service: Arc<str>, kind: Arc<str>, identifiers: Vec<(Arc<str>, Text)> },
    /// A collection of a resource.
    Collection { service: Arc<str>, collection: Collection, identifiers: Vec<(Arc<str>, Text)> },
    /// A paginator or waiter: what its `paginate` or `wait` calls.
    Repeated { service: Arc<str>, operation: Arc<str> },
    /// A fluent builder of one operation (SDK for Rust).
    Builder { service: Arc<str>, operation: Arc<str> },
    /// A builder of a client (SDKs for Java).
    Making { service: Arc<str>, region: Option<(Text, Span)>, credentials: bool },
    /// A request that calls put together, by the last of them (SDKs for Java).
    Request(UnitId, ExprId),
    /// A client or session that acts as somebody else than the function: with keys that it was given, or as a role that
    /// was assumed. What it calls is not granted to the function.
    Foreign,
    /// What holds others: a collection, stream, optional, future or supplier (Java).
    Holder(Arc<[Value]>),
    /// Keys that somebody wrote down, and a client that is built with them (Java).
    Keys,
    /// What is the function's own client or builder in one case, and in another somebody else's (Java).
    Perhaps(Arc<Object>),
    /// An HTTP client or session.
    Http,
    /// A logger.
    Logger,
    /// A string whose method is called.
    Text(Text),
    /// What an outside function returned.
    Made(Arc<str>),
}

impl Value {
    /// An object as a value.
    pub(super) fn object(object: Object) -> Self {
        Self::Object(Arc::new(object))
    }

    /// A client of a service, by boto3's name, as a value.
    pub(super) fn client(service: impl Into<Arc<str>>) -> Self {
        Self::object(Object::Client { service: service.into() })
    }

    /// What holds others, as a value; what is held by what is held is followed to a small depth.
    pub(super) fn holder(held: Vec<Self>) -> Self {
        let mut seen = HashSet::new();
        let kept = held.into_iter().filter(|value| value.depth() < MAX_NESTED && seen.insert(value.clone()));
        Self::object(Object::Holder(kept.take(MAX_HELD).collect()))
    }

    /// How many holders are inside each other.
    fn depth(&self) -> usize {
        match self {
            Self::Object(object) => match &**object {
                Object::Holder(held) => 1 + held.iter().map(Self::depth).max().unwrap_or_default(),
                _ => 0,
            },
            _ => 0,
        }
    }

    /// Whether it is a layer above a client, and acts as that does (Java).
    pub(super) fn is_layer(&self) -> bool {
        const LAYERS: &[&str] = &["document", "enhanced", "mapper", "rdsdata", "secretcache", "transfer"];
        matches!(self, Self::Object(object) if matches!(&**object, Object::Made(path)
            if LAYERS.contains(&&**path) || path.starts_with("parameters.") || path.starts_with("ssmcache.")))
    }

    /// Whether it holds others.
    pub(super) fn is_holder(&self) -> bool {
        matches!(self, Self::Object(object) if matches!(**object, Object::Holder(_)))
    }

    /// Whether calling it or one of its members can do something.
    pub(super) fn can_act(&self) -> bool {
        matches!(self, Self::Module(_) | Self::Function(..) | Self::Class(..) | Self::Instance(..) | Self::Method(..))
    }

    /// Whether it can call a cloud by itself.
    pub(super) fn is_client(&self) -> bool {
        match self {
            Self::Object(object) => matches!(
                **object,
                Object::Client { .. }
                    | Object::Resource { .. }
                    | Object::Session { .. }
                    | Object::Collection { .. }
                    | Object::Making { .. }
                    | Object::Perhaps(_)
            ),
            _ => false,
        }
    }
}

/// The texts among some values, each once; a single unknown one where there is none.
pub(super) fn texts(values: &[Value]) -> Vec<Text> {
    let mut found: Vec<Text> = Vec::new();
    for value in values {
        if let Value::Text(text) = value
            && *text != Text::Unknown
            && !found.contains(text)
        {
            found.push(text.clone());
        }
    }
    if found.is_empty() {
        found.push(Text::Unknown);
    }
    found
}

/// The text among some values that says most: a variable of the environment before its default.
pub(super) fn text(values: &[Value]) -> Text {
    let mut texts = texts(values);
    if let Some(at) = texts.iter().position(|text| matches!(text, Text::Environment(_))) {
        return texts.swap_remove(at);
    }
    if texts.len() == 1 { texts.swap_remove(0) } else { Text::Unknown }
}

/// What a name or a function stands for that is given values in several places: where one of them acts as a role that is
/// assumed, and another as the function itself, nobody knows which one it is.
pub(super) fn mixed(places: Vec<Vec<Value>>) -> Vec<Value> {
    let foreign = Value::object(Object::Foreign);
    let is_own = |value: &Value| matches!(value, Value::Object(object) if matches!(**object, Object::Client { .. } | Object::Making { .. }));
    let acts_as_other = |values: &Vec<Value>| values.contains(&foreign) && !values.iter().any(is_own);
    let is_mixed = places.iter().any(acts_as_other) && places.iter().flatten().any(is_own);
    let wrap = |value: Value| match value {
        Value::Object(object) if is_mixed && is_own(&Value::Object(object.clone())) => {
            Value::object(Object::Perhaps(object))
        }
        other => other,
    };
    places.into_iter().flatten().map(wrap).collect()
}

/// The values of something that is declared with a type: of clients only those of a declared service can be there, and one
/// that acts as somebody else says more than its type.
pub(super) fn settled(mut declared: Vec<Value>, mut given: Vec<Value>) -> Vec<Value> {
    let service = |value: &Value| match value {
        Value::Object(object) => match &**object {
            Object::Client { service } => Some(service.clone()),
            _ => None,
        },
        _ => None,
    };
    // What is added to something that is no collection is not put into it.
    if declared.iter().any(|value| !value.is_holder() && !matches!(value, Value::Event)) {
        given.retain(|value| !value.is_holder());
    }
    let services: HashSet<Arc<str>> = declared.iter().filter_map(service).collect();
    if !services.is_empty() {
        given.retain(|value| service(value).is_none_or(|service| services.contains(&service)));
    }
    let is_own = |value: &Value| matches!(value, Value::Object(object) if matches!(**object, Object::Client { .. } | Object::Making { .. }));
    let keys = |value: &Value| matches!(value, Value::Object(object) if **object == Object::Keys);
    let is_other = |value: &Value| {
        matches!(value, Value::Object(object) if matches!(**object, Object::Foreign | Object::Perhaps(_)))
            || keys(value)
    };
    if given.iter().any(is_other) {
        declared.retain(|value| !value.is_client() && !value.is_layer());
    }
    // Keys are for a machine of a developer where elsewhere the client is the function's own.
    if given.iter().any(is_own) {
        given.retain(|value| !keys(value));
    }
    declared.extend(given);
    declared
}
