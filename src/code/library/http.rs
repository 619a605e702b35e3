//! HTTP clients of the three languages: requests, and switched-off certificate checks.

use super::site::{Fact, Outcome, Site, place};
use crate::code::evaluate::Evaluator;
use crate::code::unit::{Expr, ExprId};
use crate::code::value::{Object, UnitId, Value, text};
use crate::model::{CallKind, Language, Text};
use crate::source::Span;
use std::sync::Arc;

/// Methods that send a request to the URL that is their first argument.
const VERBS: &[&str] = &["get", "post", "put", "patch", "delete", "head", "options", "del", "stream", "ws_connect"];

/// Packages whose functions are named after HTTP's verbs.
const PACKAGES: &[&str] = &[
    "requests",
    "httpx",
    "requests.api",
    "axios",
    "got",
    "superagent",
    "needle",
    "ky",
    "reqwest",
    "ureq",
    "request",
    "request-promise",
    "bent",
    "node:http",
    "node:https",
    "http",
    "https",
    "follow-redirects.https",
    "reqwest.blocking",
    "attohttpc",
    "isahc",
    "minreq",
    "grequests",
];

/// Constructors of clients and sessions, and the option that holds the base URL or host.
const CLIENTS: &[(&str, &str)] = &[
    ("requests.Session", ""),
    ("requests.session", ""),
    ("requests.sessions.Session", ""),
    ("httpx.Client", "base_url"),
    ("httpx.AsyncClient", "base_url"),
    ("aiohttp.ClientSession", "base_url"),
    ("urllib3.PoolManager", ""),
    ("urllib3.ProxyManager", ""),
    ("urllib3.HTTPSConnectionPool", "host"),
    ("urllib3.HTTPConnectionPool", "host"),
    ("http.client.HTTPSConnection", "host"),
    ("http.client.HTTPConnection", "host"),
    ("axios.create", "baseURL"),
    ("got.extend", "prefixUrl"),
    ("reqwest.Client.new", ""),
    ("reqwest.blocking.Client.new", ""),
    ("reqwest.Client.builder", ""),
    ("reqwest.ClientBuilder.new", ""),
    ("reqwest.blocking.Client.builder", ""),
    ("ureq.Agent.new", ""),
    ("ureq.agent", ""),
    ("ureq.AgentBuilder.new", ""),
    ("hyper.Request.builder", ""),
    ("http.Request.builder", ""),
    ("requests.Request", "url"),
];

/// A function of an HTTP package.
pub(super) fn outside_call(of: &mut Evaluator<'_>, site: &Site<'_>, path: &str) -> Option<Outcome> {
    if matches!(path, "ssl._create_unverified_context" | "ssl.create_unverified_context") {
        let mut outcome = Outcome::of(Vec::new(), Vec::new());
        outcome.facts.push(Fact { kind: CallKind::TlsOff { switch: "_create_unverified_context".into() }, span: None });
        return Some(outcome);
    }
    if let Some((path, option)) = CLIENTS.iter().find(|(client, _)| *client == path) {
        let mut outcome = Outcome::of(vec![Value::object(Object::Http)], Vec::new());
        if let Some((unit, value)) = base_url(of, site, option) {
            let mut url = text(&of.eval(unit, value));
            if path.starts_with("http.client") || path.starts_with("urllib3.") {
                url = with_scheme(url, if path.contains("HTTPS") { "https://" } else { "http://" });
            }
            outcome.facts.push(Fact { kind: CallKind::Http { url }, span: Some(place(of, unit, value)) });
        }
        outcome.facts.extend(switches(of, site));
        return Some(outcome);
    }
    let url_at = match path {
        "builtins.fetch"
        | "node-fetch"
        | "cross-fetch"
        | "undici.fetch"
        | "undici.request"
        | "isomorphic-fetch"
        | "urllib.request.urlopen"
        | "urllib.request.Request"
        | "urllib.request.urlretrieve"
        | "urllib2.urlopen"
        | "axios"
        | "got"
        | "request"
        | "ky"
        | "needle"
        | "superagent"
        | "request-promise"
        | "axios.request" => 0,
        "requests.request"
        | "httpx.request"
        | "urllib3.request"
        | "needle.request"
        | "requests.api.request"
        | "httpx.stream" => 1,
        "node:https.request" | "https.request" | "node:http.request" | "http.request" | "https.get" | "http.get"
        | "node:https.get" | "node:http.get" => 0,
        _ => {
            let (package, verb) = path.rsplit_once('.')?;
            if !VERBS.contains(&verb) || !PACKAGES.contains(&package) {
                return None;
            }
            0
        }
    };
    Some(request(of, site, url_at, path.starts_with("http") || path.starts_with("node:http")))
}

/// A method of a client or session.
pub(super) fn client_call(of: &mut Evaluator<'_>, site: &Site<'_>, method: &str) -> Outcome {
    match method {
        _ if VERBS.contains(&method) => request(of, site, 0, false),
        "request" | "urlopen" if of.program.unit(site.unit).language != Language::JavaScript => {
            request(of, site, 1, false)
        }
        "request" => request(of, site, 0, false),
        "uri" => request(of, site, 0, false),
        "json" | "text" | "close" | "send" | "execute" => Outcome::of(Vec::new(), Vec::new()),
        _ => Outcome { facts: switches(of, site), ..Outcome::of(vec![Value::object(Object::Http)], Vec::new()) },
    }
}

/// A request to the URL of an argument.
pub(super) fn request(of: &mut Evaluator<'_>, site: &Site<'_>, at: usize, by_host: bool) -> Outcome {
    let mut outcome = Outcome::of(Vec::new(), Vec::new());
    let mut urls = Vec::new();
    if let Some(value) = site.arg(of, at, "url") {
        let values = of.eval(site.unit, value);
        let known = values.iter().any(|value| matches!(value, Value::Text(_)));
        if known || values.is_empty() {
            urls.push((text(&values), place(of, site.unit, value)));
        }
    }
    for option in ["url", "uri", "hostname", "host"] {
        if !urls.iter().any(|(url, _)| *url != Text::Unknown)
            && let Some((unit, value)) = site.option(of, option)
        {
            let mut url = text(&of.eval(unit, value));
            if option.starts_with("host") {
                url = with_scheme(url, if by_host { scheme(of, site) } else { "https://" });
            }
            urls = vec![(url, place(of, unit, value))];
        }
    }
    let (url, span) = urls.pop().map_or((Text::Unknown, None), |(url, span)| (url, Some(span)));
    let written = site.arg(of, at, "url").map_or("", |value| of.program.source(site.unit, value));
    let asked = super::token::extension(&url, written).map(|kind| Fact { kind, span: None });
    outcome.facts.push(Fact { kind: CallKind::Http { url }, span });
    outcome.facts.extend(asked);
    outcome.facts.extend(switches(of, site));
    outcome
}

/// The scheme of Node's two modules, by the name of the one that is called.
fn scheme(of: &Evaluator<'_>, site: &Site<'_>) -> &'static str {
    match of.program.unit(site.unit).expr(site.call) {
        Expr::Call { callee, .. } if of.program.source(site.unit, *callee).starts_with("http.") => "http://",
        _ => "https://",
    }
}

fn with_scheme(host: Text, scheme: &str) -> Text {
    match host {
        Text::Literal(host) if !host.contains("://") => Text::Literal(format!("{scheme}{host}").into()),
        Text::Prefix(host) if !host.contains("://") => Text::Prefix(format!("{scheme}{host}").into()),
        other => other,
    }
}

fn base_url(of: &mut Evaluator<'_>, site: &Site<'_>, option: &str) -> Option<(UnitId, ExprId)> {
    if option.is_empty() {
        return None;
    }
    if option == "host" {
        return site.arg(of, 0, option).map(|value| (site.unit, value));
    }
    site.option(of, option)
}

/// Certificate checks that the options of a call switch off.
pub(super) fn switches(of: &mut Evaluator<'_>, site: &Site<'_>) -> Vec<Fact> {
    const OFF: &[(&str, &[&str])] = &[
        ("verify", &["false"]),
        ("verify_ssl", &["false"]),
        ("ssl", &["false"]),
        ("strictSSL", &["false"]),
        ("cert_reqs", &["CERT_NONE", "ssl.CERT_NONE"]),
    ];
    let mut found = Vec::new();
    for (option, values) in OFF {
        let Some((unit, value)) = site.option(of, option) else { continue };
        let off = of.eval(unit, value).iter().any(|value| match value {
            Value::Text(Text::Literal(text)) => values.contains(&&**text),
            Value::Outside(path) => values.contains(&&**path),
            _ => false,
        });
        if off {
            let written = of.program.source(unit, value);
            let equals = if of.program.unit(unit).language == Language::Python { "=" } else { ": " };
            let switch: Arc<str> = format!("{option}{equals}{written}").into();
            found.push(Fact { kind: CallKind::TlsOff { switch }, span: Some(named_place(of, unit, value, option)) });
        }
    }
    found
}

/// The place of an option with its name.
pub(in crate::code) fn named_place(of: &Evaluator<'_>, unit: UnitId, value: ExprId, name: &str) -> Span {
    let mut span = place(of, unit, value);
    let text = of.program.members[unit].text.as_str();
    let start = span.start as usize;
    let from = (start.saturating_sub(name.len() + 6)..start).find(|at| text.is_char_boundary(*at)).unwrap_or(start);
    if let Some(at) = text.get(from..start).and_then(|before| before.rfind(name)) {
        span.start = crate::code::unit::index(from + at);
    }
    span
}

/// Certificate checks that an assignment switches off.
pub(in crate::code) fn tls_store(
    of: &mut Evaluator<'_>,
    unit: UnitId,
    target: ExprId,
    value: ExprId,
) -> Option<Arc<str>> {
    let program = of.program;
    let (object, name) = match program.unit(unit).expr(target) {
        Expr::Member(object, name) => (*object, program.unit(unit).name(*name).clone()),
        Expr::Index(object, index) => match text(&of.eval(unit, *index)) {
            Text::Literal(name) => (*object, name),
            _ => return None,
        },
        _ => return None,
    };
    let values = of.eval(unit, value);
    let is = |wanted: &str| {
        values.iter().any(|value| matches!(value, Value::Text(Text::Literal(text)) if **text == *wanted))
    };
    let outside = |wanted: &str| values.iter().any(|value| matches!(value, Value::Outside(path) if **path == *wanted));
    let off = match &*name {
        "verify" | "trust_env_verify" => is("false") && is_http(&of.eval(unit, object)),
        "verify_mode" => values.len() == 1 && outside("ssl.CERT_NONE"),
        "_create_default_https_context" => outside("ssl._create_unverified_context"),
        "NODE_TLS_REJECT_UNAUTHORIZED" => is("0") || is("false"),
        "PYTHONHTTPSVERIFY" => is("0"),
        "rejectUnauthorized" => is("false"),
        "InsecureSkipVerify" => is("true"),
        _ => false,
    };
    off.then(|| format!("{name} = {}", program.source(unit, value)).into())
}

fn is_http(values: &[Value]) -> bool {
    values.iter().any(|value| matches!(value, Value::Object(object) if **object == Object::Http))
}

/// Whether a path is the environment's variables.
pub(in crate::code) fn is_environment(path: &str) -> bool {
    matches!(path, "os.environ" | "builtins.process.env" | "process.env" | "node:process.env" | "builtins.Deno.env")
}
