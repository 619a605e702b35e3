//! Reads rules from Cedar: annotated forbids, several of which may share an id.

use super::statement::{Statement, statements};
use super::{Rule, RuleError, RuleSource, Severity};
use cedar_policy::{ActionConstraint, Effect, Expression, Policy, PolicyId, PolicySet, ResourceConstraint};
use miette::Diagnostic;
use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;
use std::sync::Arc;

/// A set of rules.
#[derive(Debug, Clone, Default)]
pub struct RuleSet {
    /// The rules by id.
    pub rules: BTreeMap<Arc<str>, Rule>,
    /// The forbids that are parsed, in the order of the files.
    pub forbids: Vec<Forbid>,
    /// Those that are not.
    outlined: Vec<Outlined>,
}

/// One forbid of a rule.
#[derive(Debug, Clone)]
pub struct Forbid {
    /// The rule.
    pub rule: Arc<str>,
    /// The policy; its id is unique in the set.
    pub policy: Policy,
    /// Entity type that it is sliced to; `None`: asked of every type.
    pub kind: Option<Arc<str>>,
    /// Whether it asks `in` of its resource or in a condition.
    pub asks_ancestry: bool,
    /// Whether it reads attributes of the provider's own, in upper camel case.
    pub names_properties: bool,
    /// Its text in the file.
    pub text: Arc<str>,
    /// How bad it is.
    pub severity: Severity,
    /// Whether a person has to judge.
    pub review: bool,
    /// What it says.
    pub message: Message,
    /// What to write instead.
    pub help: Message,
    /// Attributes whose place a finding points at: the first one that was written.
    pub at: Vec<String>,
    /// The file that it stands in, by index of the sources it was read from.
    pub source: usize,
    /// Where it stands in that file, in bytes.
    pub offset: usize,
}

/// A message with Cedar expressions in it.
#[derive(Debug, Clone, Default)]
pub struct Message {
    /// Its pieces.
    pub pieces: Vec<Piece>,
}

/// A piece of a message.
#[derive(Debug, Clone)]
pub enum Piece {
    /// Text as it is.
    Text(String),
    /// An expression: its source, and as parsed.
    Expression(String, Box<Expression>),
}

impl RuleSet {
    /// Reads rules; all errors are returned, not only the first.
    pub fn parse(sources: &[RuleSource]) -> Result<Self, Vec<RuleError>> {
        let mut set = Self::default();
        set.add(sources)?;
        Ok(set)
    }

    /// Takes rules in without parsing their forbids, which [`Self::forbids_of`] does when their types are asked about.
    ///
    /// It is for the rules that the binary carries: the tests parse and validate each of them.
    pub fn outline(sources: &[RuleSource]) -> Result<Self, Vec<RuleError>> {
        let mut set = Self::default();
        let mut errors = Vec::new();
        for (index, source) in sources.iter().enumerate() {
            for (number, statement) in statements(&source.cedar).into_iter().enumerate() {
                let read = Header::read(|key| statement.annotation(key));
                match read.and_then(|header| set.describe(source, &header)) {
                    Ok(()) => set.outlined.push(Outlined { source: source.clone(), index, number, statement }),
                    Err((key, message)) => errors.push(source.error(statement.place(key), message)),
                }
            }
        }
        set.settle();
        if errors.is_empty() { Ok(set) } else { Err(errors) }
    }

    /// Adds rules, parsed; all errors are returned, not only the first.
    pub fn add(&mut self, sources: &[RuleSource]) -> Result<(), Vec<RuleError>> {
        let mut errors = Vec::new();
        for (index, source) in sources.iter().enumerate() {
            match PolicySet::from_str(&source.cedar) {
                Ok(policies) => self.add_file(index, source, &policies, &mut errors),
                Err(error) => errors.push(parse_error(source, &error)),
            }
        }
        self.settle();
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }

    /// The forbids that may fire on one of some entity types: those at hand, and those that are parsed now.
    pub fn forbids_of(&self, kinds: &BTreeSet<&str>) -> Result<Vec<Forbid>, Vec<RuleError>> {
        let wanted = |kind: Option<&str>| kind.is_none_or(|kind| kinds.contains(kind));
        let mut errors = Vec::new();
        let mut forbids = Vec::new();
        for outlined in self.outlined.iter().filter(|outlined| wanted(outlined.statement.kind.as_deref())) {
            match outlined.parse() {
                Ok(forbid) => forbids.push(forbid),
                Err(error) => errors.push(error),
            }
        }
        forbids.extend(self.forbids.iter().filter(|forbid| wanted(forbid.kind.as_deref())).cloned());
        if errors.is_empty() { Ok(forbids) } else { Err(errors) }
    }

    /// For each forbid the entity type that it is sliced to, and whether it reads attributes of the provider's own.
    pub fn scopes(&self) -> impl Iterator<Item = (Option<&str>, bool)> {
        let outlined = self.outlined.iter().map(|outlined| &outlined.statement);
        let outlined = outlined.map(|statement| (statement.kind.as_deref(), statement.names_properties()));
        outlined.chain(self.forbids.iter().map(|forbid| (forbid.kind.as_deref(), forbid.names_properties)))
    }

    fn add_file(&mut self, index: usize, source: &RuleSource, policies: &PolicySet, errors: &mut Vec<RuleError>) {
        if let Some(template) = policies.templates().next() {
            let message = format!("`{}` has a slot; rules are complete policies", template.id());
            errors.push(source.error(0, message));
        }
        let mut policies: Vec<&Policy> = policies.policies().collect();
        // Cedar names them policy0, policy1 … in the order of the text.
        policies.sort_by_key(|policy| (policy.id().to_string().len(), policy.id().to_string()));
        for (number, (policy, statement)) in policies.into_iter().zip(statements(&source.cedar)).enumerate() {
            if policy.effect() == Effect::Permit {
                errors.push(source.error(statement.keyword, "a rule is a `forbid`; this is a `permit`"));
                continue;
            }
            let header = misspelt(&statement).and_then(|()| Header::read(|key| policy.annotation(key)));
            let described = header.and_then(|header| self.describe(source, &header));
            let described = described.map_err(|(key, message)| source.error(statement.place(key), message));
            match described.and_then(|()| Forbid::read(source, index, number, policy, &statement)) {
                Ok(forbid) => self.forbids.push(forbid),
                Err(error) => errors.push(error),
            }
        }
    }

    fn settle(&mut self) {
        for rule in self.rules.values_mut() {
            rule.severities.sort_unstable();
            rule.severities.dedup();
        }
    }

    fn describe(&mut self, source: &RuleSource, header: &Header<'_>) -> Result<(), Fault<'static>> {
        let Header { id, name, severity, review } = *header;
        let title = source.page.lines().find_map(|line| line.strip_prefix("# ")).map(str::trim);
        // A page's heading is "EN006: title"; the id is said elsewhere.
        let title = title.map(|title| title.strip_prefix(id).map_or(title, |rest| rest.trim_start_matches([':', ' '])));
        let rule = self.rules.entry(id.into()).or_insert_with(|| Rule {
            id: id.into(),
            name: name.into(),
            title: title.unwrap_or(name).into(),
            severities: Vec::new(),
            review: false,
            page: source.page.clone(),
            category: source.category.clone(),
            path: source.path.clone(),
        });
        if rule.path != source.path {
            return Err(("id", format!("the id {id} is taken by {}; a rule of your own needs another id", rule.path)));
        }
        if *rule.name != *name {
            return Err((
                "name",
                format!("the forbids of {id} are named {} and {name}; they share one name", rule.name),
            ));
        }
        if review {
            rule.review = true;
        } else {
            rule.severities.push(severity);
        }
        Ok(())
    }
}

/// What is wrong with an annotation of a key.
type Fault<'a> = (&'a str, String);

/// The annotations that are read.
const ANNOTATIONS: [&str; 7] = ["id", "name", "severity", "message", "help", "at", "status"];

/// An annotation that is one slip away from one that is read; others are the user's own notes.
fn misspelt(statement: &Statement) -> Result<(), Fault<'_>> {
    let unread = statement.annotations.iter().filter(|written| !ANNOTATIONS.contains(&written.key.as_str()));
    for written in unread {
        if let Some(near) = ANNOTATIONS.iter().find(|known| strsim::damerau_levenshtein(known, &written.key) == 1) {
            let message = format!("`@{}` is not an annotation of rules; did you mean `@{near}`?", written.key);
            return Err((&written.key, message));
        }
    }
    Ok(())
}

/// What the annotations of a forbid say of its rule.
struct Header<'a> {
    id: &'a str,
    name: &'a str,
    severity: Severity,
    review: bool,
}

impl<'a> Header<'a> {
    fn read(annotation: impl Fn(&str) -> Option<&'a str>) -> Result<Self, Fault<'static>> {
        let id = needed(&annotation, "id")?;
        let name = needed(&annotation, "name")?;
        let severity = Severity::from_str(needed(&annotation, "severity")?).map_err(|error| ("severity", error))?;
        let review = match annotation("status") {
            None | Some("violated") => false,
            Some("review") => true,
            Some(other) => {
                return Err(("status", format!("`@status(\"{other}\")`: expected `violated` or `review`")));
            }
        };
        Ok(Self { id, name, severity, review })
    }
}

fn needed<'a>(annotation: &impl Fn(&str) -> Option<&'a str>, key: &'static str) -> Result<&'a str, Fault<'static>> {
    let missing = || (key, format!("the rule has no `@{key}(\"…\")`; every rule needs id, name, severity and message"));
    annotation(key).filter(|text| !text.is_empty()).ok_or_else(missing)
}

/// A forbid of a file that is not parsed yet.
#[derive(Debug, Clone)]
struct Outlined {
    source: RuleSource,
    index: usize,
    number: usize,
    statement: Statement,
}

impl Outlined {
    fn parse(&self) -> Result<Forbid, RuleError> {
        let Self { source, index, number, statement } = self;
        let text = source.cedar.get(statement.range.clone()).unwrap_or_default();
        let policy =
            Policy::parse(None, text).map_err(|error| source.error(statement.range.start, format!("{error}")))?;
        Forbid::read(source, *index, *number, &policy, statement)
    }
}

impl Forbid {
    fn read(
        source: &RuleSource,
        index: usize,
        number: usize,
        policy: &Policy,
        statement: &Statement,
    ) -> Result<Self, RuleError> {
        let error = |(key, message): Fault<'_>| source.error(statement.place(key), message);
        let annotation = |key: &str| policy.annotation(key);
        let parse = |key: &'static str, text: &str| Message::parse(text).map_err(|message| error((key, message)));
        let Header { id, severity, review, .. } = Header::read(annotation).map_err(error)?;
        let message = parse("message", needed(&annotation, "message").map_err(error)?)?;
        let help = parse("help", policy.annotation("help").unwrap_or_default())?;
        if matches!(policy.action_constraint(), ActionConstraint::Any) {
            let message = "the rule names no action; write `action == Action::\"deploy\"` or another";
            return Err(source.error(statement.keyword, message));
        }
        let at = policy.annotation("at").unwrap_or_default().split(',').map(|path| path.trim().to_owned());
        let resource = policy.resource_constraint();
        Ok(Self {
            rule: id.into(),
            // An id belongs to one file, so that its number there makes it unique in the set.
            policy: policy.new_id(PolicyId::new(format!("{id}#{}", number + 1))),
            kind: match &resource {
                ResourceConstraint::Is(kind) | ResourceConstraint::IsIn(kind, _) => Some(kind.to_string().into()),
                _ => None,
            },
            asks_ancestry: matches!(resource, ResourceConstraint::IsIn(..) | ResourceConstraint::In(_))
                || statement.mentions("in"),
            names_properties: statement.names_properties(),
            text: source.cedar.get(statement.range.clone()).unwrap_or_default().into(),
            severity,
            review,
            message,
            help,
            at: at.filter(|path| !path.is_empty()).collect(),
            source: index,
            offset: statement.range.start,
        })
    }
}

impl Message {
    /// Reads `text {expression} text`; `{{` and `}}` stand for braces.
    fn parse(text: &str) -> Result<Self, String> {
        let mut pieces = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            plain.push_str(&rest[..at]);
            let brace = &rest[at..=at];
            rest = &rest[at + 1..];
            if let Some(after) = rest.strip_prefix(brace) {
                plain.push_str(brace);
                rest = after;
            } else if brace == "}" {
                return Err(format!("the message `{text}` has a `}}` without `{{`; write `}}}}` for a brace"));
            } else {
                let end = rest.find('}').ok_or_else(|| format!("the message `{text}` has a `{{` without `}}`"))?;
                let source = rest[..end].trim();
                let expression = Expression::from_str(source)
                    .map_err(|error| format!("`{{{source}}}` in the message is no Cedar expression: {error}"))?;
                pieces.push(Piece::Text(std::mem::take(&mut plain)));
                pieces.push(Piece::Expression(source.to_owned(), Box::new(expression)));
                rest = &rest[end + 1..];
            }
        }
        plain.push_str(rest);
        pieces.push(Piece::Text(plain));
        pieces.retain(|piece| !matches!(piece, Piece::Text(text) if text.is_empty()));
        Ok(Self { pieces })
    }

    /// The expressions in it.
    pub fn expressions(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Expression(source, _) => Some(source.as_str()),
            Piece::Text(_) => None,
        })
    }
}

/// An error of Cedar's, at the place it names.
pub fn at_label(source: &RuleSource, error: &dyn Diagnostic, fallback: usize) -> RuleError {
    let label = error.labels().and_then(|mut labels| labels.next());
    let offset = label.as_ref().map_or(fallback, |label| label.offset());
    let detail = label.as_ref().and_then(|label| label.label()).map(|text| format!(" ({text})")).unwrap_or_default();
    let help = error.help().map(|help| without_policy(&help.to_string()).to_owned());
    RuleError { help, ..source.error(offset, format!("{}{detail}", without_policy(&error.to_string()))) }
}

/// An error of Cedar's without the policy that it is about, which its place says.
fn without_policy(message: &str) -> &str {
    let named = message.strip_prefix("for policy `").and_then(|rest| rest.split_once("`, "));
    named.map_or(message, |(_, rest)| rest)
}

fn parse_error(source: &RuleSource, error: &dyn Diagnostic) -> RuleError {
    // A set of parse errors carries its labels on the related errors.
    let inner = error.labels().is_none().then(|| error.related().and_then(|mut related| related.next())).flatten();
    at_label(source, inner.unwrap_or(error), 0)
}

#[cfg(test)]
mod tests {
    use super::{Message, RuleSet, RuleSource};

    fn source(cedar: &str) -> RuleSource {
        RuleSource { path: "x.cedar".into(), category: "x".into(), cedar: cedar.into(), page: "".into() }
    }

    const GOOD: &str = r#"@id("T1") @name("t") @severity("low") @message("{resource.name} is {{odd}}")
forbid (principal, action == Action::"deploy", resource is AWS::S3::Bucket);"#;

    #[test]
    fn a_rule_is_read() {
        let set = RuleSet::parse(&[source(GOOD)]).unwrap();
        let forbid = &set.forbids[0];
        assert_eq!(forbid.kind.as_deref(), Some("AWS::S3::Bucket"));
        assert_eq!(forbid.policy.id().to_string(), "T1#1");
        assert_eq!(forbid.message.expressions().collect::<Vec<_>>(), ["resource.name"]);
        assert_eq!(set.rules["T1"].title.as_ref(), "t");
    }

    #[test]
    fn errors_point_into_the_file() {
        for (cedar, line, part) in [
            ("\n\npermit (principal, action, resource);", 3, "`permit`"),
            ("@id(\"T1\")\nforbid (principal, action, resource);", 1, "@name"),
            ("forbid (principal,\naction resource);", 2, "unexpected"),
            (&GOOD.replace("low", "bad"), 3, "not a severity"),
            (&GOOD.replace("@message", "@mesage"), 4, "did you mean `@message`?"),
            (&GOOD.replace("@message", "@note"), 1, "no `@message"),
            (&GOOD.replace("@id(\"T1\")", "@id(\"\")"), 1, "no `@id"),
            (&GOOD.replace("forbid", "@helpp(\"x\")\nforbid"), 5, "did you mean `@help`?"),
            (&GOOD.replace("forbid", "@status(\"open\")\nforbid"), 5, "expected `violated` or `review`"),
            (&GOOD.replace("{resource", "{(resource"), 4, "no Cedar expression"),
            (&GOOD.replace("action == Action::\"deploy\"", "action"), 5, "names no action"),
        ] {
            let cedar = cedar.replace("\") @", "\")\n@");
            let errors = RuleSet::parse(&[source(&cedar)]).unwrap_err();
            assert_eq!(errors[0].position.0, line, "{}", errors[0]);
            assert!(errors[0].message.contains(part), "{}", errors[0]);
        }
        let twice = RuleSet::parse(&[source(GOOD), RuleSource { path: "y.cedar".into(), ..source(GOOD) }]).unwrap_err();
        assert!(twice[0].message.contains("taken by x.cedar"), "{}", twice[0]);
        let later = GOOD.replace("@id(\"T1\") @name(\"t\")", "@name(\"t\")\n@id(\"T1\")");
        let twice =
            RuleSet::parse(&[source(GOOD), RuleSource { path: "y.cedar".into(), ..source(&later) }]).unwrap_err();
        assert_eq!(twice[0].position, (2, 1));
    }

    #[test]
    fn braces_have_partners() {
        assert!(Message::parse("a } b").is_err());
        assert!(Message::parse("a { b").is_err());
    }

    #[test]
    fn what_an_outline_says_is_what_the_parser_says() {
        let sources = super::super::built_in();
        let (outline, parsed) = (RuleSet::outline(&sources).unwrap(), RuleSet::parse(&sources).unwrap());
        assert_eq!(format!("{:?}", outline.rules), format!("{:?}", parsed.rules));
        assert!(outline.forbids.is_empty());
        let kinds: Vec<_> = outline.outlined.iter().map(|forbid| forbid.statement.kind.as_deref()).collect();
        assert_eq!(kinds, parsed.forbids.iter().map(|forbid| forbid.kind.as_deref()).collect::<Vec<_>>());
        let one = |set: &RuleSet| format!("{:?}", set.forbids_of(&["AWS::S3::Bucket"].into()).unwrap());
        assert_eq!(one(&outline), one(&parsed));
    }
}
