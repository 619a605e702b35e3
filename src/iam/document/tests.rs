//! Reading policies as people write them.

use super::{Document, Fault, read};
use crate::iam::condition::OperatorKind;
use crate::iam::statement::{Effect, PrincipalKind};
use crate::source::{FileId, Span};
use crate::syntax::{Node, UnknownKind, json};

fn span() -> Span {
    Span::start_of(FileId(0))
}

fn policy(text: &str) -> (Document, Vec<Fault>) {
    read(&json::parse_text(FileId(0), text, 0).0.unwrap())
}

fn either(condition: &str, then: Node, otherwise: Node) -> Node {
    let (then, otherwise) = (Box::new(then), Box::new(otherwise));
    Node::new(crate::syntax::Value::Either { condition: condition.into(), then, otherwise }, span())
}

#[test]
fn a_policy_with_everything() {
    let text = r#"{"version": "2012-10-17", "statement": {
        "sid": "One", "effect": "allow", "NotAction": ["s3:Get*", "s3:List*"], "Resource": "*",
        "Principal": {"AWS": ["123456789012", "*"], "Service": "lambda.amazonaws.com"},
        "Condition": {"StringEquals": {"aws:SourceAccount": ["1", 2]}, "Bool": {"aws:SecureTransport": false}},
        "__Framework": true}}"#;
    let (document, faults) = policy(text);
    assert_eq!(faults, []);
    let statement = &document.statements[0];
    assert_eq!(statement.sid.as_deref(), Some("One"));
    assert_eq!(statement.effect, Effect::Allow);
    assert!(statement.not_action && !statement.not_resource);
    assert_eq!(statement.actions.len(), 2);
    let principals = statement.principals.as_ref().unwrap();
    assert!(principals.any.is_some());
    assert_eq!(principals.of(&PrincipalKind::Service).count(), 1);
    assert_eq!(statement.conditions.len(), 2);
    assert_eq!(statement.conditions[0].values[1].as_literal(), Some("2"));
    assert_eq!(statement.conditions[1].operator.kind, OperatorKind::Bool);
    assert!(statement.has_mark("__Framework"));
    let written = &text[statement.span.start as usize..statement.span.end as usize];
    assert!(written.starts_with('{') && written.ends_with(r#""One""#), "{written}");
}

#[test]
fn json_in_a_string_has_the_string_s_span() {
    let inner = r#"{"Statement": [{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}]}"#;
    let place = Span::new(FileId(0), 10, 90);
    let (document, faults) = read(&Node::string(inner, place));
    assert_eq!(faults, []);
    assert_eq!(document.statements[0].span, place);
    assert_eq!(read(&Node::string("no policy", place)).0.statements, []);
    assert!(!read(&Node::string("no policy", place)).1.is_empty());
}

#[test]
fn what_is_not_known_is_said() {
    let unknown = |what: &str| Node::unknown(UnknownKind::Parameter, what, span());
    assert_eq!(read(&unknown("Policy")).0.unknown[0].0.what, "Policy".into());
    let statement = |resource: Node| {
        let entries = [
            ("Effect", Node::string("Allow", span())),
            ("Action", Node::string("s3:*", span())),
            ("Resource", resource),
        ];
        Node::map(entries, span())
    };
    let list = Node::list(vec![statement(unknown("Arn")), unknown("More")], span());
    let (document, faults) = read(&Node::map([("Statement", list)], span()));
    assert_eq!((document.statements.len(), document.unknown.len(), faults.len()), (1, 1, 0));
    assert_eq!(document.statements[0].resources[0].upper(), "*");
    assert_eq!(document.statements[0].resources[0].unknown().unwrap().what, "Arn".into());

    let choice = either("IsProd", Node::string("arn:aws:s3:::a", span()), Node::string("*", span()));
    let (document, _) = read(&Node::map([("Statement", statement(choice))], span()));
    let resources = &document.statements[0].resources;
    assert_eq!(resources.len(), 2);
    assert!(
        resources.iter().all(|resource| resource.possible.as_deref() == Some("IsProd") && resource.lower().is_none())
    );

    let whole = either("IsProd", statement(Node::string("*", span())), Node::new(crate::syntax::Value::Absent, span()));
    let (document, _) = read(&Node::map([("Statement", Node::list(vec![whole], span()))], span()));
    assert_eq!(document.statements[0].possible.as_deref(), Some("IsProd"));
}

#[test]
fn what_is_wrong_is_said() {
    for (text, message) in [
        (r#"{"Version": "2012-10-17"}"#, "no Statement"),
        (r#"{"Statement": [{"Action": "s3:*", "Resource": "*"}]}"#, "no Effect"),
        (r#"{"Statement": [{"Effect": "Permit", "Action": "s3:*", "Resource": "*"}]}"#, "neither Allow nor Deny"),
        (r#"{"Statement": [{"Effect": "Allow", "Resource": "*"}]}"#, "no Action"),
        (r#"{"Statement": [{"Effect": "Allow", "Action": "s3:*", "Ressource": "*"}]}"#, "no element `Ressource`"),
        (r#"{"Statement": [{"Effect": "Allow", "Action": {"a": 1}}]}"#, "expected a string"),
        (r#"{"Statement": [{"Effect": "Allow", "Action": "a:b", "Principal": {"User": "x"}}]}"#, "kind `User`"),
        (
            r#"{"Statement": [{"Effect": "Allow", "Action": "a:b", "Condition": {"Equals": {"a": "b"}}}]}"#,
            "operator `Equals`",
        ),
        (r#"[1]"#, "no map"),
    ] {
        let (_, faults) = policy(text);
        assert!(faults.iter().any(|(_, fault)| fault.contains(message)), "{text}: {faults:?}");
    }
}

#[test]
fn detail_does_not_hang_on_order() {
    let one = r#"{"Statement": {"Effect": "Allow", "Action": ["s3:B", "s3:A"], "Resource": ["y", "x"]}}"#;
    let two = r#"{"Statement": {"Resource": ["x", "y"], "Action": ["s3:A", "s3:B"], "Effect": "Allow"}}"#;
    let detail = |text| policy(text).0.statements[0].detail();
    assert_eq!(detail(one), "Allow s3:A,s3:B on x,y");
    assert_eq!(detail(one), detail(two));
}

#[test]
fn bounds_follow_what_is_known() {
    let not = policy(r#"{"Statement": {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}}"#).0;
    let bounds = not.statements[0].actions();
    let pass = crate::iam::action::named("iam:PassRole").unwrap();
    let get = crate::iam::action::named("s3:GetObject").unwrap();
    assert!(!bounds.upper.contains(pass) && bounds.lower.contains(get));
    let part = Node::template(
        vec![
            crate::syntax::Part::Literal("s3:".into()),
            crate::syntax::Part::Unknown(crate::syntax::Unknown::new(UnknownKind::Parameter, "Verb")),
        ],
        span(),
    );
    let statement = Node::map([("Effect", Node::string("Allow", span())), ("Action", part)], span());
    let bounds = read(&Node::map([("Statement", statement)], span())).0.statements[0].actions();
    assert!(bounds.upper.contains(get) && bounds.lower.is_empty() && !bounds.upper.contains(pass));
}
