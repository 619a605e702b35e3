//! What evaluation knows: parameters, pseudo parameters, conditions, and the bounds it keeps.

use crate::infra::Context;
use crate::source::{Problem, ProblemKind, SourceFile, Span};
use crate::syntax::{Entry, Node, Unknown, UnknownKind, Value};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// How deep values and conditions may stand in each other.
const MAX_DEPTH: usize = 250;

/// How many values and bytes of text a template may be expanded to.
const MAX_SPENT: usize = 64_000_000;

/// How many characters of a message are kept.
const MAX_MESSAGE: usize = 400;

/// What a template is given from outside.
#[derive(Debug, Clone, Default)]
pub struct Inputs {
    /// Put before every id and condition name, for nested templates: `Network/`; empty for a root.
    pub prefix: Arc<str>,
    /// Values of parameters, which win over their defaults: what a parent passes, or samconfig.toml.
    /// `Options::parameters` win over these where the template is a root.
    pub parameters: BTreeMap<Arc<str>, Node>,
    /// The stack's region, where `Options::region` does not say.
    pub region: Option<Node>,
    /// Whether names may be referenced that the template does not declare, because something adds to it.
    pub open: bool,
}

/// An undecided condition that is taken to hold, or not to.
#[derive(Debug)]
pub(super) struct Assumption {
    /// The condition.
    pub(super) name: Arc<str>,
    /// Whether it is taken to hold.
    pub(super) holds: bool,
    /// What other undecided conditions come to below this assumption.
    pub(super) decided: HashMap<Arc<str>, Option<bool>>,
}

/// The state of one template's evaluation.
pub(super) struct Evaluator<'a> {
    pub(super) context: &'a Context<'a>,
    file: &'a SourceFile,
    pub(super) mappings: Option<&'a Node>,
    prefix: Arc<str>,
    parameters: BTreeMap<Arc<str>, Node>,
    region: Node,
    resources: HashSet<Arc<str>>,
    open: bool,
    /// Conditions as they are written.
    pub(super) written: HashMap<Arc<str>, Node>,
    /// Conditions that were decided; `None` inside where that cannot be done.
    pub(super) decided: BTreeMap<Arc<str>, Option<bool>>,
    /// Conditions that are being decided.
    pub(super) pending: Vec<Arc<str>>,
    /// Undecided conditions whose one branch is being evaluated, the innermost last.
    pub(super) assumed: Vec<Assumption>,
    /// Loop variables whose values cannot be known.
    pub(super) loops: HashSet<Arc<str>>,
    depth: usize,
    spent: usize,
    problems: Vec<Problem>,
}

impl<'a> Evaluator<'a> {
    /// The state before the first resource.
    pub(super) fn new(
        context: &'a Context<'a>,
        file: &'a SourceFile,
        template: &'a Node,
        inputs: &Inputs,
        open: bool,
    ) -> Self {
        let mut evaluator = Self {
            context,
            file,
            mappings: template.get("Mappings"),
            prefix: inputs.prefix.clone(),
            parameters: BTreeMap::new(),
            region: region(context, file, inputs),
            resources: HashSet::new(),
            open,
            written: HashMap::new(),
            decided: BTreeMap::new(),
            pending: Vec::new(),
            assumed: Vec::new(),
            loops: HashSet::new(),
            depth: 0,
            spent: 0,
            problems: Vec::new(),
        };
        for entry in template.get("Parameters").map(Node::entries).unwrap_or_default() {
            let value = parameter(context, inputs, entry);
            evaluator.parameters.insert(entry.key.clone(), value);
        }
        let conditions = template.get("Conditions").map(|node| evaluator.expanded(node)).unwrap_or_default();
        evaluator.written = conditions.into_iter().map(|entry| (entry.key, entry.value)).collect();
        let declared = template.get("Resources").map(Node::entries).unwrap_or_default();
        // A loop or an include declares names that are not written here.
        evaluator.open |= declared.iter().any(|entry| entry.key.starts_with("Fn::"));
        evaluator.resources = declared.iter().map(|entry| entry.key.clone()).collect();
        evaluator
    }

    /// The file that the template stands in.
    pub(super) fn file(&self) -> &'a SourceFile {
        self.file
    }

    /// The stack's region.
    pub(super) fn region(&self) -> &Node {
        &self.region
    }

    /// The parameters' values.
    pub(super) fn parameters(&self) -> &BTreeMap<Arc<str>, Node> {
        &self.parameters
    }

    /// A name of this template as it is called in the project.
    pub(super) fn named(&self, name: &str) -> Arc<str> {
        if self.prefix.is_empty() { name.into() } else { format!("{}{name}", self.prefix).into() }
    }

    /// Notes a problem, the same one only once; a name that is a page long is cut.
    pub(super) fn report(&mut self, kind: ProblemKind, span: Span, message: impl Into<String>) {
        let mut message: String = message.into();
        if let Some((end, _)) = message.char_indices().nth(MAX_MESSAGE) {
            message.truncate(end);
        }
        let problem = Problem::at(kind, &self.context.sources.location(span), message);
        if self.problems.last() != Some(&problem) {
            self.problems.push(problem);
        }
    }

    /// Notes problems of another file.
    pub(super) fn report_all(&mut self, problems: Vec<Problem>) {
        self.problems.extend(problems);
    }

    /// The problems, sorted by line.
    pub(super) fn finish(self) -> Vec<Problem> {
        let mut problems = self.problems;
        problems.sort();
        problems.dedup();
        problems
    }

    /// Goes one level down; false at the bound, and then nothing has to be left.
    pub(super) fn enter(&mut self) -> bool {
        if self.depth >= MAX_DEPTH {
            return false;
        }
        self.depth += 1;
        true
    }

    /// Goes one level up.
    pub(super) fn leave(&mut self) {
        self.depth -= 1;
    }

    /// Takes from the budget of values and bytes; false once it is used up.
    pub(super) fn spend(&mut self, amount: usize, span: Span) -> bool {
        let was_within = self.spent <= MAX_SPENT;
        self.spent = self.spent.saturating_add(amount);
        let is_within = self.spent <= MAX_SPENT;
        if was_within && !is_within {
            let message = "the template expands to more than 64 million values and bytes; the rest was not evaluated";
            self.report(ProblemKind::Limit, span, message);
        }
        is_within
    }

    /// What stands beyond a bound.
    pub(super) fn beyond(span: Span) -> Node {
        Node::unknown(UnknownKind::Limit, "a value that is nested or expanded too far", span)
    }

    /// Evaluates with an undecided condition taken as given; `None` takes nothing as given.
    pub(super) fn assuming<T>(
        &mut self,
        condition: Option<&str>,
        holds: bool,
        evaluate: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let Some(condition) = condition else { return evaluate(self) };
        self.assumed.push(Assumption { name: condition.into(), holds, decided: HashMap::new() });
        let value = evaluate(self);
        self.assumed.pop();
        value
    }

    /// What `Ref` names: a parameter, a pseudo parameter or a resource. The span is where it is used.
    pub(super) fn reference(&mut self, name: &str, span: Span) -> Node {
        if self.loops.contains(name) {
            return Node::unknown(UnknownKind::Parameter, name, span);
        }
        if let Some(value) = self.parameters.get(name) {
            return placed(value, span);
        }
        if name.starts_with("AWS::") {
            return self.pseudo(name, span);
        }
        self.attribute(name, "", span)
    }

    /// What `Fn::GetAtt` names.
    pub(super) fn attribute(&mut self, resource: &str, attribute: &str, span: Span) -> Node {
        if !self.open && !self.resources.contains(resource) {
            let message = format!("`{resource}` is neither a parameter nor a resource of this template");
            self.report(ProblemKind::Parse, span, message);
            return Node::unknown(UnknownKind::Expression, resource, span);
        }
        Node::reference(self.named(resource), attribute, span)
    }

    fn pseudo(&self, name: &str, span: Span) -> Node {
        let region = self.region.as_text();
        let from_region = match name {
            "AWS::NoValue" => return Node::new(Value::Absent, span),
            "AWS::Region" => region,
            "AWS::Partition" => region.map(partition),
            "AWS::URLSuffix" => region.map(|region| match partition(region) {
                "aws-cn" => "amazonaws.com.cn",
                _ => "amazonaws.com",
            }),
            _ => None,
        };
        match from_region {
            Some(text) => Node::string(text, span),
            None => Node::unknown(UnknownKind::Pseudo, name, span),
        }
    }
}

/// The value at another place: what a parameter says is shown where it is used.
pub fn placed(node: &Node, span: Span) -> Node {
    let value = match &node.value {
        Value::List(items) => Value::List(items.iter().map(|item| placed(item, span)).collect()),
        Value::Map(entries) => {
            let entry = |entry: &Entry| Entry { value: placed(&entry.value, span), ..entry.clone() };
            Value::Map(entries.iter().map(entry).collect())
        }
        Value::Either { condition, then, otherwise } => Value::Either {
            condition: condition.clone(),
            then: Box::new(placed(then, span)),
            otherwise: Box::new(placed(otherwise, span)),
        },
        value => value.clone(),
    };
    Node::new(value, span)
}

/// AWS's partition of a region (General Reference, "ARN format").
fn partition(region: &str) -> &'static str {
    if region.starts_with("cn-") {
        "aws-cn"
    } else if region.starts_with("us-gov-") {
        "aws-us-gov"
    } else {
        "aws"
    }
}

fn region(context: &Context<'_>, file: &SourceFile, inputs: &Inputs) -> Node {
    let span = Span::start_of(file.id);
    match (&context.options.region, &inputs.region) {
        (Some(region), _) => Node::string(region.clone(), span),
        (None, Some(region)) => region.clone(),
        (None, None) => Node::unknown(UnknownKind::Parameter, "the region of the stack", span),
    }
}

/// A parameter's value: what it is given, its default, or unknown.
fn parameter(context: &Context<'_>, inputs: &Inputs, entry: &Entry) -> Node {
    let declared = &entry.value;
    let kind = declared.get("Type").and_then(Node::as_text).unwrap_or("String");
    // The command line speaks of the stack that is deployed, not of those that it nests.
    let named = context.options.parameters.get(&entry.key).filter(|_| inputs.prefix.is_empty());
    let given = match named {
        Some(text) => Some(Node::string(text.clone(), entry.key_span)),
        None => inputs.parameters.get(&entry.key).cloned(),
    };
    let given = given.or_else(|| declared.get("Default").filter(|node| !node.is_absent()).cloned());
    let Some(given) = given else {
        return Node::unknown(UnknownKind::Parameter, entry.key.clone(), entry.key_span);
    };
    let Some(text) = given.as_text() else { return given };
    let span = given.span;
    if kind.starts_with("AWS::SSM::Parameter::Value") {
        return Node::new(Value::Unknown(Unknown::new(UnknownKind::Dynamic, format!("SSM parameter {text}"))), span);
    }
    if kind == "CommaDelimitedList" || kind.starts_with("List<") {
        let items = text.split(',').map(|item| Node::string(item.trim(), span));
        return Node::list(if text.is_empty() { Vec::new() } else { items.collect() }, span);
    }
    match kind {
        "Number" => Node::new(Value::Number(text.into()), span),
        _ => Node::string(text, span),
    }
}
