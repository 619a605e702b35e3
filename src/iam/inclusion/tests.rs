//! Pairs of policies with written answers, and random ones against trying everything.

use super::{Access, granted, new_access};
use crate::iam::document::{self, Document};
use crate::iam::glob;
use crate::source::FileId;
use crate::syntax::json;

fn policy(statements: &str) -> Document {
    let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#);
    let (node, faults) = json::parse_text(FileId(0), &text, 0);
    assert_eq!(faults, [], "{text}");
    let (document, faults) = document::read(&node.unwrap());
    assert_eq!(faults, [], "{text}");
    document
}

/// A statement on S3 objects: effect, resource, condition.
fn statement(effect: &str, actions: &str, resource: &str, condition: &str) -> String {
    let condition = if condition.is_empty() { String::new() } else { format!(r#", "Condition": {{{condition}}}"#) };
    format!(r#"{{"Effect": "{effect}", "Action": "{actions}", "Resource": "{resource}"{condition}}}"#)
}

fn allow(actions: &str, resource: &str, condition: &str) -> String {
    statement("Allow", actions, resource, condition)
}

fn shown(access: &Access<'_>) -> String {
    match access {
        Access::None => "none".to_owned(),
        Access::Found(witness) => {
            let context: Vec<String> =
                witness.context.iter().map(|(key, values)| format!(" {key}={}", values.join("+"))).collect();
            let principal = witness.principal.as_ref().map_or(String::new(), |name| format!(" {name}"));
            format!("{} {}{principal}{}", witness.action, witness.resource, context.concat())
        }
        Access::Unknown(reason) => format!("unknown: {reason}"),
    }
}

fn compared(old: &str, new: &str) -> String {
    let (old, new) = (policy(old), policy(new));
    shown(&new_access(&new, &old))
}

#[test]
fn actions_and_resources() {
    let read = allow("s3:GetObject", "arn:aws:s3:::b/*", "");
    assert_eq!(compared(&read, &read), "none");
    assert_eq!(compared(&read, &allow("s3:getobject", "arn:aws:s3:::b/a*", "")), "none");
    assert_eq!(compared(&read, &allow("s3:GetObject", "arn:aws:s3:::b*", "")), "s3:GetObject arn:aws:s3:::bz/z");
    assert_eq!(compared(&read, &allow("s3:GetObject*", "arn:aws:s3:::b/*", "")), "s3:GetObjectAcl arn:aws:s3:::b/z");
    assert_eq!(compared(&allow("*", "*", ""), &read), "none");
    assert_eq!(compared(&allow("s3:*", "*", ""), &allow("*", "*", "")), "a2c:GetContainerizationJobDetails *");
    let two = format!("{}, {}", allow("s3:Get*", "arn:aws:s3:::b/a*", ""), allow("s3:GetO*", "arn:aws:s3:::b/*", ""));
    assert_eq!(compared(&two, &read), "none");
    // An action that no catalogue knows is compared by its name.
    assert_eq!(compared(&read, &allow("s3:NoSuchAction", "*", "")), "s3:nosuchaction ");
    assert_eq!(compared(&allow("s3:NoSuch*", "*", ""), &allow("s3:NoSuchAction", "*", "")), "none");
    // So are those of a service that it lacks, and what a pattern adds to those that it has.
    let of = |actions: &str| allow(actions, "*", "");
    assert_eq!(compared("", &of("codestar:*")), "codestar:* ");
    assert_eq!(compared(&of("codestar:*"), &of("codestar:Get*")), "none");
    assert_eq!(compared(&of("codestar:Get*"), &of("codestar:*")), "codestar:* ");
    assert_eq!(compared(&of("*"), &of("codestar:*")), "none");
    assert_eq!(compared(&of("s3:Get*"), &of("s3:NewThing*")), "s3:newthing* ");
    assert_eq!(compared(&of("s3:*"), &of("s3:NewThing*")), "none");
    let but = |denied: &str| format!("{}, {}", of("codestar:*"), statement("Deny", denied, "*", ""));
    assert_eq!(compared(&but("codestar:Get*"), &of("codestar:*")), "codestar:get* ");
    let both = |more: &str| format!("{}{more}", of("codestar:Create*"));
    assert_eq!(
        compared(&both(&format!(", {}", statement("Deny", "codestar:*Foo", "*", ""))), &both("")),
        "codestar:createfoo "
    );
    let except = |actions: &str| format!(r#"{{"Effect": "Allow", "NotAction": [{actions}], "Resource": "*"}}"#);
    assert_eq!(compared(&except(r#""iam:*", "codestar:*""#), &except(r#""iam:*""#)), "codestar:* ");
    // Whoever holds every action of a service holds those to come.
    assert!(compared(&allow("s3:?*", "*", ""), &allow("s3:*", "*", "")).starts_with("s3:* "));
}

#[test]
fn denials_of_both() {
    let all = allow("s3:*", "*", "");
    let private = statement("Deny", "s3:*", "arn:aws:s3:::b/private/*", "");
    let guarded = format!("{all}, {private}");
    assert_eq!(compared(&guarded, &guarded), "none");
    assert_eq!(compared(&all, &guarded), "none");
    assert!(compared(&guarded, &all).ends_with(" arn:aws:s3:::b/private/"), "{}", compared(&guarded, &all));
    let wider = format!("{all}, {}", statement("Deny", "s3:*", "arn:aws:s3:::b/*", ""));
    assert_eq!(compared(&guarded, &wider), "none");
    let inside = format!("{}, {private}", allow("s3:GetObject", "arn:aws:s3:::b/private/*", ""));
    assert_eq!(compared(&allow("s3:PutObject", "*", ""), &inside), "none");
    let not = r#"{"Effect": "Deny", "Action": "s3:*", "NotResource": "arn:aws:s3:::b/*"}"#;
    assert_eq!(
        compared(&allow("s3:GetObject", "arn:aws:s3:::b/*", ""), &format!("{}, {not}", allow("s3:GetObject", "*", ""))),
        "none"
    );
}

#[test]
fn conditions_by_value() {
    let on = |condition: &str| allow("s3:GetObject", "arn:aws:s3:::b/*", condition);
    let compared = |old: &str, new: &str| compared(&on(old), &on(new));
    let narrower = [
        (r#""StringEquals": {"aws:PrincipalTag/a": ["x", "y"]}"#, r#""StringEquals": {"AWS:principaltag/a": "x"}"#),
        (r#""StringLike": {"aws:PrincipalTag/a": "x*"}"#, r#""StringLike": {"aws:PrincipalTag/a": "xy?*"}"#),
        (r#""StringLike": {"aws:PrincipalTag/a": "x*"}"#, r#""StringEquals": {"aws:PrincipalTag/a": "xy"}"#),
        (
            r#""IpAddress": {"aws:SourceIp": "10.0.0.0/8"}"#,
            r#""IpAddress": {"aws:SourceIp": ["10.1.0.0/16", "10.2.3.4"]}"#,
        ),
        (
            r#""IpAddress": {"aws:SourceIp": ["10.0.0.0/9", "10.128.0.0/9"]}"#,
            r#""IpAddress": {"aws:SourceIp": "10.0.0.0/8"}"#,
        ),
        (
            r#""DateLessThan": {"aws:CurrentTime": "2027-01-01T00:00:00Z"}"#,
            r#""DateLessThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"}"#,
        ),
        (
            r#""NumericLessThanEquals": {"aws:MultiFactorAuthAge": "10"}"#,
            r#""NumericLessThan": {"aws:MultiFactorAuthAge": "10"}"#,
        ),
        (
            r#""StringNotEquals": {"aws:PrincipalTag/a": "x"}"#,
            r#""StringNotEquals": {"aws:PrincipalTag/a": ["x", "y"]}"#,
        ),
        (
            r#""ArnLike": {"aws:SourceArn": "arn:aws:sns:*:123456789012:*"}"#,
            r#""ArnEquals": {"aws:SourceArn": "arn:aws:sns:eu-west-1:123456789012:t"}"#,
        ),
        (
            r#""StringEqualsIgnoreCase": {"aws:PrincipalTag/a": "Ab"}"#,
            r#""StringEquals": {"aws:PrincipalTag/a": "aB"}"#,
        ),
        (
            r#""ForAnyValue:StringEquals": {"aws:TagKeys": ["a", "b"]}"#,
            r#""ForAnyValue:StringEquals": {"aws:TagKeys": "a"}"#,
        ),
        (r#""StringEqualsIfExists": {"aws:PrincipalTag/a": "x"}"#, r#""StringEquals": {"aws:PrincipalTag/a": "x"}"#),
        (
            r#""Bool": {"aws:SecureTransport": "true"}"#,
            r#""Bool": {"aws:SecureTransport": "true"}, "Null": {"aws:TokenIssueTime": "true"}"#,
        ),
        (
            r#""StringEquals": {"aws:ResourceTag/t": "${aws:PrincipalTag/t}"}"#,
            r#""StringEquals": {"aws:ResourceTag/t": "${aws:PrincipalTag/t}"}, "Bool": {"aws:SecureTransport": "true"}"#,
        ),
        ("", r#""Bool": {"aws:SecureTransport": "true"}"#),
    ];
    for (wide, narrow) in narrower {
        assert_eq!(compared(wide, narrow), "none", "{narrow} is within {wide}");
        let back = compared(narrow, wide);
        // Two ranges side by side are the same as the whole.
        assert!(back.starts_with("s3:GetObject arn:aws:s3:::b/z") || wide.contains("10.0.0.0/9"), "{back}: {wide}");
    }
    let lost =
        compared(r#""IpAddress": {"aws:SourceIp": "10.0.0.0/8"}"#, r#""IpAddress": {"aws:SourceIp": "0.0.0.0/0"}"#);
    assert_eq!(lost, "s3:GetObject arn:aws:s3:::b/z aws:sourceip=0.0.0.0");
    let later = compared(
        r#""DateLessThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"}"#,
        r#""DateLessThan": {"aws:CurrentTime": "2026-01-01T00:00:02Z"}"#,
    );
    assert_eq!(later, "s3:GetObject arn:aws:s3:::b/z aws:currenttime=2026-01-01T00:00:00Z");
}

#[test]
fn conditions_of_denials() {
    let all = allow("s3:*", "*", "");
    let unless = |cidr: &str| {
        format!(
            "{all}, {}",
            statement("Deny", "s3:*", "*", &format!(r#""NotIpAddress": {{"aws:SourceIp": "{cidr}"}}"#))
        )
    };
    assert_eq!(compared(&unless("10.0.0.0/8"), &unless("10.1.0.0/16")), "none");
    assert!(compared(&unless("10.1.0.0/16"), &unless("10.0.0.0/8")).ends_with("aws:sourceip=10.0.0.0"));
    // A condition that is not compared by value cancels out where both have it.
    let mixed = |more: &str| {
        allow(
            "s3:GetObject",
            "*",
            &format!(
                r#""StringEquals": {{"aws:PrincipalTag/a": "1"}}, "NumericLessThan": {{"aws:PrincipalTag/a": "5"}}{more}"#
            ),
        )
    };
    assert_eq!(compared(&mixed(""), &mixed(r#", "Bool": {"aws:SecureTransport": "true"}"#)), "none");
    assert_ne!(compared(&mixed(r#", "Bool": {"aws:SecureTransport": "true"}"#), &mixed("")), "none");
}

#[test]
fn variables_compare_with_themselves() {
    let home = allow("s3:GetObject", "arn:aws:s3:::b/${aws:username}/*", "");
    assert_eq!(compared(&home, &home), "none");
    assert_eq!(compared(&home, &allow("s3:GetObject", "arn:aws:s3:::b/${AWS:UserName}/x", "")), "none");
    assert_eq!(compared(&allow("s3:GetObject", "arn:aws:s3:::b/*", ""), &home), "none");
    assert_eq!(compared(&home, &allow("s3:GetObject", "arn:aws:s3:::b/bob/*", "")), "s3:GetObject arn:aws:s3:::b/bob/");
    assert_eq!(compared("", &home), "s3:GetObject arn:aws:s3:::b/${aws:username}/");
    // Whether the user is bob cannot be told from the policies.
    let guarded = format!(
        "{}, {}",
        allow("s3:GetObject", "arn:aws:s3:::b/*", ""),
        statement("Deny", "s3:*", "arn:aws:s3:::b/bob/*", "")
    );
    assert!(compared(&guarded, &home).starts_with("unknown"), "{}", compared(&guarded, &home));
}

#[test]
fn a_variable_may_stand_for_what_is_named() {
    let home = allow("s3:GetObject", "arn:aws:s3:::b/${aws:username}/*", "");
    let asked = |statements: &str, resource: &str| {
        let document = policy(statements);
        shown(&granted(&document, &["s3:GetObject".to_owned()], &[resource.to_owned()]))
    };
    let hangs = |answer: String| assert!(answer.starts_with("unknown"), "{answer}");
    hangs(asked(&home, "arn:aws:s3:::b/alice/x"));
    assert_eq!(asked(&home, "arn:aws:s3:::c/alice/x"), "none");
    assert_eq!(asked(&home, "arn:aws:s3:::b*"), "s3:GetObject arn:aws:s3:::b/${aws:username}/");
    let not = |effect: &str, resource: &str| {
        format!(r#"{{"Effect": "{effect}", "Action": "s3:*", "NotResource": "arn:aws:s3:::{resource}"}}"#)
    };
    let all = allow("s3:GetObject", "arn:aws:s3:::b/*", "");
    hangs(asked(&format!("{all}, {}", not("Deny", "b/${aws:username}/*")), "arn:aws:s3:::b/alice/x"));
    assert_eq!(asked(&format!("{all}, {}", not("Deny", "c/${aws:username}/*")), "arn:aws:s3:::b/alice/x"), "none");
    hangs(compared(&not("Allow", "b/secret/*"), &home));
    assert_eq!(compared(&not("Allow", "c/*"), &home), "none");
    // What is excepted in the variable's own words is excepted whatever it stands for.
    assert_eq!(compared(&home, &format!("{all}, {}", not("Deny", "b/${aws:username}/*"))), "none");
    assert_eq!(
        compared(&allow("s3:GetObject", "*b*", ""), &allow("s3:GetObject", "${aws:username}*", "")),
        "s3:GetObject ${aws:username}"
    );
    // It may be empty, and stand for less than a `?` asks for.
    hangs(compared(&allow("s3:GetObject", "arn:aws:s3:::b/??*", ""), &home));
    let default = |word: &str| allow("s3:GetObject", &format!("b/${{aws:PrincipalTag/t, '{word}'}}/*"), "");
    hangs(compared(&default("none"), &default("admin")));
    assert_eq!(compared(&default("none"), &default("none")), "none");
}

#[test]
fn a_variable_in_a_condition_may_stand_for_what_is_named() {
    let on = |operator: &str, value: &str| {
        allow("s3:ListBucket", "*", &format!(r#""{operator}": {{"s3:prefix": "{value}"}}"#))
    };
    let own = |value: &str| on("StringEquals", value);
    let hangs = |answer: String| assert!(answer.starts_with("unknown"), "{answer}");
    hangs(compared(&on("StringNotEquals", "secret"), &own("${aws:username}")));
    hangs(compared(&on("StringNotLike", "home/s*"), &own("home/${aws:username}")));
    assert_eq!(compared(&on("StringNotLike", "work/*"), &own("home/${aws:username}")), "none");
    assert_eq!(compared(&on("StringLike", "home/*"), &own("home/${aws:username}")), "none");
    assert_eq!(compared(&on("StringLike", "home/${aws:username}*"), &own("home/${aws:username}/x")), "none");
    assert!(compared(&own("home/x"), &own("home/${aws:username}")).starts_with("s3:ListBucket"));
    let denied = |value: &str| {
        let denial = statement("Deny", "s3:*", "*", &format!(r#""StringEquals": {{"s3:prefix": "{value}"}}"#));
        format!("{}, {denial}", allow("s3:ListBucket", "*", ""))
    };
    hangs(compared(&denied("bob"), &own("${aws:username}")));
    let set = |operator: &str, value: &str| {
        allow("s3:PutObject", "*", &format!(r#""ForAnyValue:{operator}": {{"aws:TagKeys": "{value}"}}"#))
    };
    hangs(compared(&set("StringNotEquals", "a"), &set("StringEquals", "${aws:username}")));
    assert_eq!(compared(&set("StringEquals", "${aws:username}"), &set("StringEquals", "${aws:username}")), "none");
}

#[test]
fn principals_of_resource_policies() {
    let for_whom = |principal: &str| {
        format!(r#"{{"Effect": "Allow", "Principal": {principal}, "Action": "sqs:SendMessage", "Resource": "*"}}"#)
    };
    let account = for_whom(r#"{"AWS": "123456789012"}"#);
    let role = for_whom(r#"{"AWS": "arn:aws:iam::123456789012:role/r"}"#);
    let service = for_whom(r#"{"Service": "sns.amazonaws.com"}"#);
    // What an account is given its role has by policies of its own only; what it is given itself it has without.
    assert!(compared(&account, &role).contains(" arn:aws:iam::123456789012:role/r"));
    assert_eq!(compared(&format!("{account}, {role}"), &role), "none");
    assert_eq!(compared(&format!("{account}, {role}"), &account), "none");
    assert_eq!(compared(&for_whom(r#"{"AWS": "arn:aws:iam::123456789012:root"}"#), &account), "none");
    let found = compared(&role, &account);
    assert!(found.contains(" arn:aws:iam::123456789012:root"), "{found}");
    assert!(compared(&account, &service).contains(" sns.amazonaws.com"));
    assert!(compared(&account, &for_whom(r#""*""#)).contains(" anyone"));
    assert_eq!(compared(&for_whom(r#""*""#), &format!("{service}, {role}")), "none");
    let but = |name: &str| {
        format!(
            r#"{}, {{"Effect": "Deny", "NotPrincipal": {{"AWS": ["{name}", "123456789012"]}}, "Action": "*", "Resource": "*"}}"#,
            for_whom(r#""*""#)
        )
    };
    let only = but("arn:aws:iam::123456789012:role/r");
    assert_eq!(compared(&only, &only), "none");
    assert_eq!(compared(&role, &only), "none");
    assert!(compared(&role, &but("arn:aws:iam::123456789012:role/s")).contains("role/s"));
}

#[test]
fn what_is_granted() {
    let document = policy(&format!(
        "{}, {}",
        allow("s3:*", "arn:aws:s3:::b/*", r#""Bool": {"aws:SecureTransport": "true"}"#),
        statement("Deny", "s3:Delete*", "*", "")
    ));
    let granted = |actions: &[&str], resources: &[&str]| {
        let own = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<String>>();
        shown(&granted(&document, &own(actions), &own(resources)))
    };
    assert_eq!(granted(&["s3:GetObject"], &[]), "s3:GetObject arn:aws:s3:::b/z aws:securetransport=true");
    assert_eq!(granted(&["s3:DeleteObject", "iam:*"], &[]), "none");
    assert_eq!(granted(&["s3:GetObject"], &["arn:aws:s3:::c/*"]), "none");
    let put = granted(&["s3:Put*"], &["arn:aws:s3:::b/key"]);
    assert!(put.starts_with("s3:Put") && put.ends_with(" arn:aws:s3:::b/key aws:securetransport=true"), "{put}");
}

#[test]
fn too_much_is_unknown() {
    let adversarial = compared(
        &allow("s3:GetObject", "*a????????????????????b", ""),
        &allow("s3:GetObject", "*a????????????????????b*", ""),
    );
    assert!(adversarial.starts_with("unknown"), "{adversarial}");
    let stars = "a*".repeat(200);
    assert_eq!(compared(&allow("s3:GetObject", "a*", ""), &allow("s3:GetObject", &stars, "")), "none");
    // As many keys as make more combinations than are tried.
    let keys: Vec<String> = (0..20).map(|key| format!(r#""aws:PrincipalTag/k{key}": "v""#)).collect();
    let many = |value: &str| {
        allow(
            "s3:GetObject",
            "*",
            &format!(r#""StringEquals": {{{}, "aws:PrincipalTag/z": "{value}"}}"#, keys.join(", ")),
        )
    };
    assert!(compared(&many("1"), &many("2")).starts_with("unknown"));
    assert_eq!(compared(&many("1"), &many("1")), "none");
}

/// A small generator with a fixed start, so that a failure can be repeated.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }

    fn of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len())]
    }

    fn pattern(&mut self, variables: bool) -> String {
        let length = 1 + self.below(3);
        let mut pattern: String = (0..length).map(|_| ['a', 'b', '*', '?', 'a', '*'][self.below(6)]).collect();
        if variables && self.below(3) == 0 {
            pattern.insert_str(self.below(length + 1), USER);
        }
        pattern
    }
}

/// A statement as the slow side takes it.
#[derive(Debug)]
struct Plain {
    allows: bool,
    actions: &'static str,
    not_action: bool,
    resources: Vec<String>,
    not_resource: bool,
    condition: Option<(&'static str, &'static str)>,
}

/// A variable, as it stands in what the generator writes.
const USER: &str = "${aws:username}";

/// A value that no pattern is made for.
const LONG: &str = "qqqqqqqqqqqq";

/// What it is replaced by; `None` where the request has no such key, and what holds it matches nothing.
fn filled(pattern: &str, user: Option<&str>) -> Option<String> {
    match user {
        Some(user) => Some(pattern.replace(USER, user)),
        None if pattern.contains(USER) => None,
        None => Some(pattern.to_owned()),
    }
}

const ACTIONS: [&str; 3] = ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"];
const OPERATORS: [&str; 8] = [
    "StringEquals",
    "StringNotEquals",
    "StringLike",
    "StringEqualsIfExists",
    "StringNotLike",
    "Null",
    "ForAllValues:StringEquals",
    "ForAnyValue:StringLike",
];

impl Plain {
    fn random(random: &mut Random, variables: bool) -> Self {
        let values: &[&str] = if variables { &["a", "b", "a*", USER, "a${aws:username}"] } else { &["a", "b", "a*"] };
        Self {
            allows: random.below(3) > 0,
            actions: random.of(&["s3:GetObject", "s3:PutObject", "s3:*", "s3:?etObject", "*"]),
            not_action: random.below(8) == 0,
            resources: (0..1 + random.below(2)).map(|_| random.pattern(variables)).collect(),
            not_resource: random.below(6) == 0,
            condition: (random.below(2) == 0).then(|| (random.of(&OPERATORS), random.of(values))),
        }
    }

    fn written(&self) -> String {
        let not = |not: bool, name: &str| if not { format!("Not{name}") } else { name.to_owned() };
        let condition = self.condition.map_or(String::new(), |(operator, value)| {
            let value = if operator == "Null" { if value == "a" { "true" } else { "false" } } else { value };
            let key = if operator.starts_with("For") { "aws:TagKeys" } else { "aws:PrincipalTag/t" };
            format!(r#", "Condition": {{"{operator}": {{"{key}": "{value}"}}}}"#)
        });
        format!(
            r#"{{"Effect": "{}", "{}": "{}", "{}": ["{}"]{condition}}}"#,
            if self.allows { "Allow" } else { "Deny" },
            not(self.not_action, "Action"),
            self.actions,
            not(self.not_resource, "Resource"),
            self.resources.join("\", \"")
        )
    }

    fn acts(&self, action: &str) -> bool {
        glob::matches(self.actions, action) != self.not_action
    }

    fn lies_on(&self, resource: &str, user: Option<&str>) -> bool {
        let fits = |pattern: &String| filled(pattern, user).is_some_and(|pattern| glob::matches(&pattern, resource));
        self.resources.iter().any(fits) != self.not_resource
    }

    /// The resources it covers, as bits over a list of them.
    fn covered(&self, texts: &[String], user: Option<&str>) -> u64 {
        texts.iter().enumerate().map(|(bit, text)| u64::from(self.lies_on(text, user)) << bit).sum()
    }

    fn holds(&self, tag: Option<&str>, keys: &[&str], user: Option<&str>) -> bool {
        let Some((operator, value)) = self.condition else { return true };
        let filled = filled(value, user);
        let equals = |given: &str| filled.as_deref() == Some(given);
        let like = |given: &str| filled.as_ref().is_some_and(|value| glob::matches(value, given));
        match operator {
            "StringEquals" => tag.is_some_and(equals),
            "StringNotEquals" => !tag.is_some_and(equals),
            "StringLike" => tag.is_some_and(like),
            "StringNotLike" => !tag.is_some_and(like),
            "StringEqualsIfExists" => tag.is_none_or(equals),
            "Null" => tag.is_none() == (value == "a"),
            "ForAllValues:StringEquals" => keys.iter().filter(|key| !key.is_empty()).all(|key| equals(key)),
            _ => keys.iter().any(|key| like(key)),
        }
    }
}

/// What a request says.
#[derive(Debug, Clone, Copy)]
struct Said<'a> {
    tag: Option<&'a str>,
    keys: &'a [&'a str],
    user: Option<&'a str>,
}

/// The resources that the policy allows an action on, of those that each statement covers.
fn allowed(policy: &[Plain], covered: &[u64], action: &str, said: Said<'_>) -> u64 {
    let (mut allowed, mut denied) = (0, 0);
    let holds = |one: &Plain| one.holds(said.tag, said.keys, said.user) && one.acts(action);
    for (one, covered) in policy.iter().zip(covered).filter(|(one, _)| holds(one)) {
        *(if one.allows { &mut allowed } else { &mut denied }) |= covered;
    }
    allowed & !denied
}

/// Asks questions from a start on; how many had new access, and how many hang on what a variable stands for.
fn agree(start: u64, count: usize, variables: bool) -> (usize, usize) {
    let texts: Vec<String> = {
        let letters = ["a", "b", "z"];
        let two = letters.iter().flat_map(|left| letters.iter().map(move |right| format!("{left}{right}")));
        let two: Vec<String> = two.collect();
        let three = two.iter().flat_map(|left| letters.iter().map(move |right| format!("{left}{right}")));
        std::iter::once(String::new()).chain(letters.map(str::to_owned)).chain(two.clone()).chain(three).collect()
    };
    let tags = [None, Some("a"), Some("b"), Some("ab"), Some("a*"), Some("z"), Some("q"), Some("aq")];
    let sets: [&[&str]; 9] = [&[], &["a"], &["b"], &["z"], &["a", "z"], &["a", "b"], &["a*"], &["q"], &["a", "q"]];
    let (tags, sets) = if variables { (&tags[..], &sets[..]) } else { (&tags[..6], &sets[..7]) };
    let users: &[Option<&str>] =
        if variables { &[None, Some(""), Some("a"), Some("b"), Some("z"), Some("ab"), Some("q")] } else { &[None] };
    let mut random = Random(start);
    let (mut found, mut open) = (0, 0);
    for round in 0..count {
        let policy_of = |random: &mut Random| -> Vec<Plain> {
            (0..1 + random.below(3)).map(|_| Plain::random(random, variables)).collect()
        };
        let (old, new) = (policy_of(&mut random), policy_of(&mut random));
        let written = |plain: &[Plain]| policy(&plain.iter().map(Plain::written).collect::<Vec<String>>().join(", "));
        let (old_document, new_document) = (written(&old), written(&new));
        let access = new_access(&new_document, &old_document);
        match &access {
            Access::Found(witness) => {
                found += 1;
                // A variable in the witness stands for whatever it may be: for a text that is nowhere else, too.
                let fill = |text: &str| text.replace(USER, LONG);
                let values = |key: &str| {
                    let of = witness.context.iter().find(|(known, _)| known.eq_ignore_ascii_case(key));
                    of.map(|(_, values)| values.iter().map(|value| fill(value)).collect::<Vec<String>>())
                        .unwrap_or_default()
                };
                let (tag, keys) = (values("aws:PrincipalTag/t"), values("aws:TagKeys"));
                let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
                let said = Said { tag: tag.first().map(String::as_str), keys: &keys, user: Some(LONG) };
                let ask = |policy: &[Plain]| {
                    let one = [fill(&witness.resource)];
                    let covered: Vec<u64> = policy.iter().map(|plain| plain.covered(&one, said.user)).collect();
                    allowed(policy, &covered, &witness.action, said) == 1
                };
                assert!(ask(&new) && !ask(&old), "{round}: {}\n{new:?}\n{old:?}", shown(&access));
            }
            Access::None => {
                for user in users {
                    let covered =
                        |policy: &[Plain]| policy.iter().map(|it| it.covered(&texts, *user)).collect::<Vec<u64>>();
                    let (in_old, in_new) = (covered(&old), covered(&new));
                    for (action, tag) in ACTIONS.iter().flat_map(|action| tags.iter().map(move |tag| (action, *tag))) {
                        for keys in sets.iter().copied() {
                            let said = Said { tag, keys, user: *user };
                            let before = allowed(&old, &in_old, action, said);
                            let gained = allowed(&new, &in_new, action, said) & !before;
                            assert_eq!(gained, 0, "{round}: {action} {said:?}\n{new:?}\n{old:?}");
                        }
                    }
                }
            }
            Access::Unknown(_) if variables => open += 1,
            Access::Unknown(reason) => panic!("{round}: {reason}\n{new:?}\n{old:?}"),
        }
    }
    (found, open)
}

#[test]
fn random_policies_agree_with_trying_everything_1() {
    assert!(agree(1, 5_000, false).0 > 500);
}

#[test]
fn random_policies_agree_with_trying_everything_2() {
    assert!(agree(2, 5_000, false).0 > 500);
}

#[test]
fn random_policies_agree_with_trying_everything_3() {
    assert!(agree(3, 5_000, false).0 > 500);
}

#[test]
fn random_policies_agree_with_trying_everything_4() {
    assert!(agree(4, 5_000, false).0 > 500);
}

#[test]
fn random_policies_with_variables_agree_with_trying_everything_1() {
    let (found, open) = agree(5, 600, true);
    assert!(found > 60 && open < 180, "{found} {open}");
}

#[test]
fn random_policies_with_variables_agree_with_trying_everything_2() {
    let (found, open) = agree(6, 600, true);
    assert!(found > 60 && open < 180, "{found} {open}");
}
