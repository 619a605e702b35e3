//! What code does: the facts that are read from one file, whatever its language.

use crate::source::{FileId, Span};
use std::sync::Arc;

/// A language whose code is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Language {
    /// Python.
    Python,
    /// JavaScript, TypeScript and their JSX forms.
    JavaScript,
    /// Rust.
    Rust,
    /// Go.
    Go,
    /// Java.
    Java,
}

/// The facts of one code file, or of code written inside a template.
#[derive(Debug, Clone)]
pub struct CodeFile {
    /// The file whose text the spans point into (the template, for inline code).
    pub file: FileId,
    /// Its path; for inline code the template's path, `#` and the resource's id.
    pub path: Arc<str>,
    /// Its language.
    pub language: Language,
    /// What it does, in the order of the source.
    pub calls: Vec<Call>,
    /// Files of the repository that it imports, by path.
    pub imports: Vec<Arc<str>>,
    /// Why needs read from this file may be incomplete, each with its place: a dynamic service name,
    /// a client handed to a package outside the repository, minified text.
    pub opaque: Vec<(Arc<str>, Span)>,
}

/// Stands among the parameters of a read of a table whose call is known to give no filter.
pub const UNFILTERED: &str = "Unfiltered";

/// One place in code that a rule or a comparison asks about.
#[derive(Debug, Clone)]
pub struct Call {
    /// What is done.
    pub kind: CallKind,
    /// The function that is called, as written: `requests.get`, `s3.put_object`.
    pub callee: Arc<str>,
    /// The name of the function or method that the call stands in; empty at the top level.
    pub within: Arc<str>,
    /// The whole call, or the argument that decides.
    pub span: Span,
}

/// A string argument as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Text {
    /// A literal.
    Literal(Arc<str>),
    /// The value of an environment variable, by name.
    Environment(Arc<str>),
    /// A known prefix, then something that is not known.
    Prefix(Arc<str>),
    /// Not known.
    Unknown,
}

/// The kinds of call.
#[derive(Debug, Clone)]
pub enum CallKind {
    /// An SDK client is made.
    Client {
        /// Service, by its boto3 name: `s3`, `dynamodb`, `stepfunctions`.
        service: Arc<str>,
        /// The region it is pinned to, where one is given.
        region: Option<(Text, Span)>,
        /// Whether it is given credentials of its own: then the function's role does not decide what it may do.
        credentials: bool,
    },
    /// An AWS operation is called.
    Sdk {
        /// Service, by its boto3 name.
        service: Arc<str>,
        /// Operation, by its API name: `PutObject`.
        operation: Arc<str>,
        /// What it is done to: the API's parameter name (`Bucket`, `TableName`) and value; and [`UNFILTERED`].
        targets: Vec<(Arc<str>, Text)>,
        /// Whether the receiver is known to be this service's client; else it is guessed from the name.
        certain: bool,
    },
    /// An HTTP request or a base URL.
    Http {
        /// The URL.
        url: Text,
    },
    /// Certificate checks are switched off.
    TlsOff {
        /// The switch: `verify=False`, `rejectUnauthorized: false`.
        switch: Arc<str>,
    },
    /// The whole event or request is written to a log.
    LogsEvent {
        /// The object's name: `event`.
        object: Arc<str>,
    },
    /// Powertools' logger stands before the handler: it writes the whole event where the environment says so.
    MayLogEvent {
        /// The variable that decides.
        variable: Arc<str>,
    },
    /// A literal that is a credential.
    Credential {
        /// What it is: `AWS access key`, `password`.
        what: Arc<str>,
        /// The variable, key or argument that it is given to.
        name: Arc<str>,
        /// Kind and length, and the first four characters only from 20 on: safe to print.
        redacted: Arc<str>,
    },
}
