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

/// A name that stands for the function's own client in one case and for somebody else's in another.
pub(super) fn mixed(values: Vec<Value>) -> Vec<Value> {
    let foreign = Value::object(Object::Foreign);
    let is_own = |value: &Value| matches!(value, Value::Object(object) if matches!(**object, Object::Client { .. } | Object::Making { .. }));
    if !values.contains(&foreign) || !values.iter().any(is_own) {
        return values;
    }
    let wrap = |value: Value| match value {
        Value::Object(object) if matches!(*object, Object::Client { .. } | Object::Making { .. }) => {
            Value::object(Object::Perhaps(object))
        }
        other => other,
    };
    values.into_iter().map(wrap).collect()
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
    if given.iter().any(|value| matches!(value, Value::Object(object) if **object == Object::Foreign)) {
        declared.retain(|value| !value.is_client());
    }
    declared.extend(given);
    declared
}
