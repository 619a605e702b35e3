//! Reads rules from Cedar: annotated forbids, several of which may share an id.

use super::{Rule, RuleError, RuleSource, Severity};
use cedar_policy::{ActionConstraint, Expression, Policy, PolicyId, PolicySet, ResourceConstraint};
use miette::Diagnostic;
use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::Arc;

/// A set of rules.
#[derive(Debug, Clone, Default)]
pub struct RuleSet {
    /// The rules by id.
    pub rules: BTreeMap<Arc<str>, Rule>,
    /// Their forbids, in the order of the files.
    pub forbids: Vec<Forbid>,
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
        let mut errors = Vec::new();
        for (index, source) in sources.iter().enumerate() {
            match PolicySet::from_str(&source.cedar) {
                Ok(policies) => set.add(index, source, &policies, &mut errors),
                Err(error) => errors.push(parse_error(source, &error)),
            }
        }
        for rule in set.rules.values_mut() {
            rule.severities.sort_unstable();
            rule.severities.dedup();
        }
        if errors.is_empty() { Ok(set) } else { Err(errors) }
    }

    fn add(&mut self, index: usize, source: &RuleSource, policies: &PolicySet, errors: &mut Vec<RuleError>) {
        if let Some(template) = policies.templates().next() {
            let message = format!("`{}` has a slot; rules are complete policies", template.id());
            errors.push(source.error(0, message));
        }
        let mut policies: Vec<&Policy> = policies.policies().collect();
        // Cedar names them policy0, policy1 … in the order of the text.
        policies.sort_by_key(|policy| (policy.id().to_string().len(), policy.id().to_string()));
        let mut offsets = statement_offsets(&source.cedar).into_iter();
        for policy in policies {
            let offset = offsets.next().unwrap_or(0);
            match self.forbid(index, source, policy, offset) {
                Ok(forbid) => self.forbids.push(forbid),
                Err(error) => errors.push(error),
            }
        }
    }

    fn forbid(
        &mut self,
        index: usize,
        source: &RuleSource,
        policy: &Policy,
        offset: usize,
    ) -> Result<Forbid, RuleError> {
        let error = |message: String| source.error(offset, message);
        let needed = |key: &str| {
            let missing =
                || error(format!("the rule has no `@{key}(\"…\")`; every rule needs id, name, severity and message"));
            policy.annotation(key).filter(|text| !text.is_empty()).ok_or_else(missing)
        };
        if policy.effect() != cedar_policy::Effect::Forbid {
            return Err(error("a rule is a `forbid`; this is a `permit`".into()));
        }
        let id: Arc<str> = needed("id")?.into();
        let name: Arc<str> = needed("name")?.into();
        let severity = Severity::from_str(needed("severity")?).map_err(error)?;
        let message = Message::parse(needed("message")?).map_err(error)?;
        let help = Message::parse(policy.annotation("help").unwrap_or_default()).map_err(error)?;
        let review = match policy.annotation("status") {
            None | Some("violated") => false,
            Some("review") => true,
            Some(other) => return Err(error(format!("`@status(\"{other}\")`: expected `violated` or `review`"))),
        };
        if matches!(policy.action_constraint(), ActionConstraint::Any) {
            return Err(error("the rule names no action; write `action == Action::\"deploy\"` or another".into()));
        }
        self.describe(source, &id, &name, severity, review).map_err(error)?;
        let unique = format!("{id}#{}", self.forbids.iter().filter(|forbid| forbid.rule == id).count() + 1);
        let at = policy.annotation("at").unwrap_or_default().split(',').map(|path| path.trim().to_owned());
        Ok(Forbid {
            rule: id,
            policy: policy.new_id(PolicyId::new(unique)),
            kind: match policy.resource_constraint() {
                ResourceConstraint::Is(kind) | ResourceConstraint::IsIn(kind, _) => Some(kind.to_string().into()),
                _ => None,
            },
            severity,
            review,
            message,
            help,
            at: at.filter(|path| !path.is_empty()).collect(),
            source: index,
            offset,
        })
    }

    fn describe(
        &mut self,
        source: &RuleSource,
        id: &Arc<str>,
        name: &Arc<str>,
        severity: Severity,
        review: bool,
    ) -> Result<(), String> {
        let title = source.page.lines().find_map(|line| line.strip_prefix("# ")).map(str::trim);
        // A page's heading is "EN006: title"; the id is said elsewhere.
        let title =
            title.map(|title| title.strip_prefix(&**id).map_or(title, |rest| rest.trim_start_matches([':', ' '])));
        let rule = self.rules.entry(id.clone()).or_insert_with(|| Rule {
            id: id.clone(),
            name: name.clone(),
            title: title.unwrap_or(name).into(),
            severities: Vec::new(),
            review: false,
            page: source.page.clone(),
            category: source.category.clone(),
            path: source.path.clone(),
        });
        if rule.path != source.path {
            return Err(format!("the id {id} is taken by {}; a rule of your own needs another id", rule.path));
        }
        if rule.name != *name {
            return Err(format!("the forbids of {id} are named {} and {name}; they share one name", rule.name));
        }
        if review {
            rule.review = true;
        } else {
            rule.severities.push(severity);
        }
        Ok(())
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
    RuleError { help: error.help().map(|help| help.to_string()), ..source.error(offset, format!("{error}{detail}")) }
}

fn parse_error(source: &RuleSource, error: &dyn Diagnostic) -> RuleError {
    // A set of parse errors carries its labels on the related errors.
    let inner = error.labels().is_none().then(|| error.related().and_then(|mut related| related.next())).flatten();
    at_label(source, inner.unwrap_or(error), 0)
}

/// Byte offsets of the statements of a Cedar text, in order: each begins at its first annotation or keyword.
fn statement_offsets(text: &str) -> Vec<usize> {
    let mut offsets = Vec::new();
    let mut begins = true;
    let mut chars = text.char_indices().peekable();
    while let Some((at, char)) = chars.next() {
        match char {
            '/' if chars.peek().is_some_and(|(_, next)| *next == '/') => {
                while chars.next_if(|(_, next)| *next != '\n').is_some() {}
            }
            '"' => {
                while let Some((_, inner)) = chars.next() {
                    match inner {
                        '\\' => drop(chars.next()),
                        '"' => break,
                        _ => {}
                    }
                }
            }
            ';' => begins = true,
            _ if begins && !char.is_whitespace() => {
                offsets.push(at);
                begins = false;
            }
            _ => {}
        }
    }
    offsets
}

#[cfg(test)]
mod tests {
    use super::{Message, RuleSet, RuleSource, statement_offsets};

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
            (&GOOD.replace("low", "bad"), 1, "not a severity"),
            (&GOOD.replace("{resource", "{(resource"), 1, "no Cedar expression"),
            (&GOOD.replace("action == Action::\"deploy\"", "action"), 1, "names no action"),
        ] {
            let errors = RuleSet::parse(&[source(cedar)]).unwrap_err();
            assert_eq!(errors[0].position.0, line, "{}", errors[0]);
            assert!(errors[0].message.contains(part), "{}", errors[0]);
        }
        let twice = RuleSet::parse(&[source(GOOD), RuleSource { path: "y.cedar".into(), ..source(GOOD) }]).unwrap_err();
        assert!(twice[0].message.contains("taken by x.cedar"), "{}", twice[0]);
    }

    #[test]
    fn braces_and_statements_are_found() {
        assert!(Message::parse("a } b").is_err());
        assert!(Message::parse("a { b").is_err());
        assert_eq!(statement_offsets("// x;\n@a(\"; \\\" \") forbid;\n permit ;"), [6, 27]);
    }
}
