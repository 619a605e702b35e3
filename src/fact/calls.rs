//! Questions about what code does: requests, TLS switches, log lines, credentials.

use super::deploy;
use super::types::{CREDENTIAL, HTTP_REQUEST, LOG_LINE, TLS_SWITCH};
use crate::finding::Subject;
use crate::model::attributes::reader::{self, Found, not_literal};
use crate::model::{
    Call, CallKind, Code, CodeFile, Entity, Presence, Project, Question, Read, Remark, Resource, Text, Verb, judge,
};

/// The questions about one file; clients are asked about where data lies.
pub fn questions(file: &CodeFile) -> Vec<Question> {
    file.calls.iter().filter_map(|call| question(file, call)).collect()
}

/// The words that switch Powertools' variables on, in any case.
///
/// Source: Powertools for AWS Lambda (Python) documentation, "Environment variables"; `strtobool`, read 2026-11.
const ON: [&str; 6] = ["1", "y", "yes", "t", "true", "on"];

/// The questions whether the environment of a function makes the logger of its code write every event; `index` is the
/// project's among all.
pub(super) fn of_functions(project: &Project, index: usize, code: &Code) -> Vec<Question> {
    project
        .of_kind("AWS::Lambda::Function")
        .filter_map(|function| logs_by_environment(project, index, function, code))
        .collect()
}

fn logs_by_environment(project: &Project, index: usize, function: &Resource, code: &Code) -> Option<Question> {
    let own = code.functions.get(&(index, function.id.clone()))?;
    let (call, variable) = own.calls.iter().find_map(|(path, at)| {
        let call = code.files.get(path)?.calls.get(*at as usize)?;
        match &call.kind {
            CallKind::MayLogEvent { variable } => Some((call, variable)),
            _ => None,
        }
    })?;
    let on = match reader::find(&function.properties, &format!("Environment.Variables.{variable}")) {
        Found::Absent => return None,
        Found::Unknown(reason, span) => Read::unknown(reason, span),
        Found::Written(node) => match node.as_text() {
            Some(text) => Read::at(ON.contains(&text.to_ascii_lowercase().as_str()), node.span),
            None => Read::unknown(not_literal(node), Some(node.span)),
        },
    };
    let mut entity = Entity::new(&LOG_LINE, variable.clone());
    entity.put("callee", Read::default(format!("{variable} of {}", function.name)));
    entity.put("object", Read::default("event"));
    let variables = function.property("Environment.Variables");
    let span = variables.and_then(|variables| variables.entry(variable)).map(|entry| entry.key_span);
    let mut related = vec![Remark { span: call.span, text: format!("{} reads it", call.callee) }];
    let blank = deploy::blank(project, function);
    related.extend(blank.related);
    let span = span.or(on.span).unwrap_or(function.span);
    entity.put("on", on);
    Some(Question {
        verb: Verb::Call,
        alternatives: vec![entity],
        span,
        detail: format!("Environment.Variables.{variable}"),
        related,
        ..deploy::blank(project, function)
    })
}

/// A question about a place in code, without alternatives.
pub(super) fn blank(file: &CodeFile, call: &Call, shape: &str) -> Question {
    let subject = Subject::new(Subject::FILE, file.path.clone());
    Question {
        verb: Verb::Call,
        principal: subject.clone(),
        alternatives: Vec::new(),
        subject,
        span: call.span,
        presence: Presence::Always,
        detail: format!("{}:{}:{shape}", call.within, call.callee),
        related: Vec::new(),
        flow: Vec::new(),
        scope: 0,
        doubt: None,
    }
}

fn question(file: &CodeFile, call: &Call) -> Option<Question> {
    let callee = || Read::default(call.callee.clone());
    let (entity, shape) = match &call.kind {
        CallKind::Http { url } => {
            let (Text::Literal(url) | Text::Prefix(url)) = url else { return None };
            let shown = without_credentials(url);
            let mut entity = Entity::new(&HTTP_REQUEST, shown.clone());
            entity.put("callee", callee());
            entity.put("plain", Read::default(url.to_ascii_lowercase().starts_with("http://")));
            entity.put("local", Read::default(is_local(url)));
            entity.put("url", Read::default(shown.clone()));
            (entity, shown)
        }
        CallKind::TlsOff { switch } => {
            let mut entity = Entity::new(&TLS_SWITCH, switch.clone());
            entity.put("callee", callee());
            entity.put("switch", Read::default(switch.clone()));
            (entity, switch.to_string())
        }
        CallKind::LogsEvent { object } => {
            let mut entity = Entity::new(&LOG_LINE, object.clone());
            entity.put("callee", callee());
            entity.put("object", Read::default(object.clone()));
            entity.put("on", Read::default(true));
            (entity, object.to_string())
        }
        CallKind::Credential { what, name, redacted } => {
            let mut entity = Entity::new(&CREDENTIAL, name.clone());
            // A literal under a computed key has no name.
            let variable = if name.is_empty() { "a literal".into() } else { name.clone() };
            entity.put("variable", Read::default(variable));
            entity.put("kind", Read::default(what.clone()));
            entity.put("redacted", Read::default(redacted.clone()));
            (entity, format!("{what}:{name}"))
        }
        CallKind::Client { .. } | CallKind::Sdk { .. } | CallKind::MayLogEvent { .. } => return None,
    };
    Some(Question { alternatives: vec![entity], ..blank(file, call, &shape) })
}

/// The URL without user, password, query and fragment, which may hold secrets, and without a path that holds one.
fn without_credentials(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let (authority, path) = rest.find('/').map_or((rest, ""), |slash| rest.split_at(slash));
    let (host, path) = match authority.rsplit_once('@') {
        Some((_, host)) => (host, path),
        // What looks like a port and is none is a password with a character that ends the authority.
        None if !has_port(authority) => ("(hidden)", ""),
        None => (authority, path),
    };
    let path = if judge("", &format!("{host}{path}")).is_some() { "" } else { path };
    if scheme.is_empty() { format!("{host}{path}") } else { format!("{scheme}://{host}{path}") }
}

/// Whether what follows the host's name is nothing, a number, or what is not known yet.
fn has_port(authority: &str) -> bool {
    let after = if authority.starts_with('[') { authority.rsplit_once(']').map(|(_, after)| after) } else { None };
    let port = after.map_or_else(|| authority.split_once(':').map(|(_, port)| port), |after| after.strip_prefix(':'));
    port.is_none_or(|port| port.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Whether a URL stays on the machine: loopback, link-local metadata, the Lambda runtime and extension APIs,
/// or a container's own names.
fn is_local(url: &str) -> bool {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let authority = authority.rsplit('@').next().unwrap_or(authority).to_ascii_lowercase();
    let host = match authority.strip_prefix('[') {
        Some(inner) => inner.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    let local = ["localhost", "::1", "0.0.0.0", "host.docker.internal", "sandbox", "sandbox.localdomain"];
    // An empty host is a template whose host is not known.
    host.is_empty()
        || local.contains(&host)
        || host.starts_with("127.")
        || host.starts_with("169.254.")
        || host.ends_with(".localhost")
        || host.ends_with(".local")
        || host.ends_with(".internal")
}

#[cfg(test)]
mod tests {
    use super::{is_local, question, without_credentials};
    use crate::model::{Call, CallKind, CodeFile, Known, Language};
    use crate::source::{Sources, Span};

    #[test]
    fn a_credential_under_a_computed_key_is_called_a_literal() {
        let file = Sources::in_memory([("app.py", "")]).open("app.py").unwrap().id;
        let span = Span::new(file, 0, 0);
        let (path, language, calls) = ("app.py".into(), Language::Python, Vec::new());
        let file = CodeFile { file, path, language, calls, imports: Vec::new(), opaque: Vec::new() };
        for (name, shown) in [("", "a literal"), ("TOKEN", "TOKEN")] {
            let (what, redacted) = ("password".into(), "password, 11 characters".into());
            let kind = CallKind::Credential { what, name: name.into(), redacted };
            let asked = question(&file, &Call { kind, callee: "".into(), within: "".into(), span }).unwrap();
            let variable = asked.alternatives[0].attribute("variable").unwrap();
            assert_eq!(variable.value, Ok(Known::String(shown.into())));
        }
    }

    #[test]
    fn local_urls_are_told_apart() {
        for url in ["http://localhost:3000/x", "http://127.0.0.1", "http://[::1]:8/", "http://169.254.169.254/latest"] {
            assert!(is_local(url), "{url}");
        }
        for url in ["http://example.com", "http://localhost.example.com/", "http://10.0.0.1/"] {
            assert!(!is_local(url), "{url}");
        }
    }

    #[test]
    fn urls_are_shown_without_what_may_be_secret() {
        assert_eq!(without_credentials("http://u:p@h.example/a?key=1#x"), "http://h.example/a");
        assert_eq!(without_credentials("http://h.example"), "http://h.example");
        assert_eq!(without_credentials("http://h.example:8080/a"), "http://h.example:8080/a");
        assert_eq!(without_credentials("http://[::1]:80/a"), "http://[::1]:80/a");
        // A password with a character that belongs into the path or the query.
        for url in ["http://admin:Pa/ss@h.example/a", "http://admin:Pa?ss@h.example", "http://admin:Pa#ss@h"] {
            assert_eq!(without_credentials(url), "http://(hidden)");
        }
        let hook = ["http://hooks.slack.com/services/T", "0AB1CD2E/B0FG3HI4J/k5L6m7N8o9P0q1R2s3T4u5V6"].concat();
        assert_eq!(without_credentials(&hook), "http://hooks.slack.com");
    }
}
