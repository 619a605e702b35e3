//! What evaluation knows: parameters, pseudo parameters, conditions, and the bounds it keeps.

use super::inputs::Inputs;
use super::parameter::Parameter;
use crate::infra::Context;
use crate::source::{FileId, Problem, ProblemKind, SourceFile, Span};
use crate::syntax::{Entry, Node, Part, UnknownKind, Value};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// How deep values and conditions may stand in each other.
const MAX_DEPTH: usize = 250;

/// What all values of a template and of those that it nests may cost: a byte of text is one, a value [`NODE`].
const MAX_SPENT: usize = 64_000_000;

/// What a value costs beside its text, about what it takes in memory.
pub(super) const NODE: usize = 8;

/// How many characters of a message are kept.
const MAX_MESSAGE: usize = 400;

/// What an entry costs that a loop writes: 10,000 of them, twenty times what a stack may hold (CloudFormation quotas).
pub(super) const LOOPED: usize = MAX_SPENT / 10_000;

/// What a resource of a nested template costs: 100,000 of them.
pub(super) const NESTED: usize = MAX_SPENT / 100_000;

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

/// A mapping: values by first and second key.
pub(super) type Mapping = BTreeMap<Arc<str>, BTreeMap<Arc<str>, Node>>;

/// The state of one template's evaluation.
pub(super) struct Evaluator<'a> {
    pub(super) context: &'a Context<'a>,
    file: &'a SourceFile,
    inputs: &'a Inputs,
    /// The mappings by name.
    pub(super) mappings: HashMap<Arc<str>, Arc<Mapping>>,
    parameters: BTreeMap<Arc<str>, Parameter>,
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
    /// How many comparisons of conditions are being made: they alone see what is withheld.
    pub(super) comparing: usize,
    /// Which file includes which.
    pub(super) includes: HashSet<(FileId, FileId)>,
    /// Loop variables whose values cannot be known.
    pub(super) loops: HashSet<Arc<str>>,
    depth: usize,
    spent: usize,
    problems: Vec<Problem>,
}

impl<'a> Evaluator<'a> {
    /// The state before anything of the template is known.
    pub(super) fn new(context: &'a Context<'a>, file: &'a SourceFile, inputs: &'a Inputs, open: bool) -> Self {
        Self {
            context,
            file,
            inputs,
            mappings: HashMap::new(),
            parameters: BTreeMap::new(),
            region: region(context, file, inputs),
            resources: HashSet::new(),
            open,
            written: HashMap::new(),
            decided: BTreeMap::new(),
            pending: Vec::new(),
            assumed: Vec::new(),
            comparing: 0,
            includes: HashSet::new(),
            loops: HashSet::new(),
            depth: 0,
            spent: inputs.spent,
            problems: Vec::new(),
        }
    }

    /// Takes in what the template declares: parameters, mappings, conditions, names of resources.
    pub(super) fn declare(&mut self, template: &Node) {
        for entry in template.get("Parameters").map(Node::entries).unwrap_or_default() {
            self.parameters.insert(entry.key.clone(), Parameter::read(self.context, self.inputs, entry));
        }
        for map in template.get("Mappings").map(|node| self.expanded(node)).unwrap_or_default() {
            let mut rows = Mapping::new();
            for row in self.expanded(&map.value) {
                let values = row.value.entries().iter().map(|one| (one.key.clone(), one.value.clone()));
                rows.insert(row.key, values.collect());
            }
            self.mappings.insert(map.key, Arc::new(rows));
        }
        let conditions = template.get("Conditions").map(|node| self.expanded(node)).unwrap_or_default();
        self.written = conditions.into_iter().map(|entry| (entry.key, entry.value)).collect();
        let declared = template.get("Resources").map(Node::entries).unwrap_or_default();
        // A loop or an include declares names that are not written here.
        self.open |= declared.iter().any(|entry| entry.key.starts_with("Fn::"));
        self.resources = declared.iter().map(|entry| entry.key.clone()).collect();
    }

    /// The file that the template stands in.
    pub(super) fn file(&self) -> &'a SourceFile {
        self.file
    }

    /// The stack's region.
    pub(super) fn region(&self) -> &Node {
        &self.region
    }

    /// The parameters' values, as they may be shown.
    pub(super) fn parameters(&self) -> BTreeMap<Arc<str>, Node> {
        self.parameters.iter().map(|(name, parameter)| (name.clone(), parameter.shown())).collect()
    }

    /// What a parameter of this template that was not given a value may be; empty where anything.
    pub(super) fn allowed(&self, name: &str) -> &[Arc<str>] {
        let name = name.strip_prefix(&*self.inputs.prefix).unwrap_or_default();
        self.parameters.get(name).map_or(&[], |parameter| &parameter.allowed)
    }

    /// A name of this template as it is called in the project.
    pub(super) fn named(&self, name: &str) -> Arc<str> {
        self.inputs.named(name)
    }

    /// What was used of the budget.
    pub(super) fn spent(&self) -> usize {
        self.spent
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
            let message = "the template expands to more than 64 MB of values; the rest was not evaluated";
            self.report(ProblemKind::Limit, span, message);
        }
        is_within
    }

    /// What stands beyond a bound.
    pub(super) fn beyond(span: Span) -> Node {
        Node::unknown(UnknownKind::Limit, "a value that is nested or expanded too far", span)
    }

    /// Evaluates with an undecided condition taken to hold or not; `None` takes nothing as given.
    pub(super) fn assuming<T>(&mut self, condition: Option<(&str, bool)>, evaluate: impl FnOnce(&mut Self) -> T) -> T {
        let Some((condition, holds)) = condition else { return evaluate(self) };
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
        if let Some(parameter) = self.parameters.get(name) {
            if let Some(unknown) = parameter.withheld.as_ref().filter(|_| self.comparing == 0) {
                return Node::new(Value::Unknown(unknown.clone()), span);
            }
            let (cost, value) = (weight(&parameter.value), placed(&parameter.value, span));
            return if self.spend(cost, span) { value } else { Self::beyond(span) };
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
        if let Some(known) = self.inputs.pseudo.get(name) {
            return placed(known, span);
        }
        let region = self.region.as_text();
        let from_region = match name {
            "AWS::NoValue" => return Node::new(Value::Absent, span),
            "AWS::Region" => region,
            "AWS::Partition" => region.map(|region| partition(region).0),
            "AWS::URLSuffix" => region.map(|region| partition(region).1),
            _ => None,
        };
        match from_region {
            Some(text) => Node::string(text, span),
            None => Node::unknown(UnknownKind::Pseudo, name, span),
        }
    }
}

/// What a tree costs: its values and the bytes of its text.
pub(super) fn weight(node: &Node) -> usize {
    let mut weight = 0_usize;
    node.visit(&mut |node| {
        weight += NODE;
        match &node.value {
            Value::String(text) => weight += text.len(),
            Value::Template(parts) => {
                let text = |part: &Part| if let Part::Literal(text) = part { text.len() } else { NODE };
                weight += parts.iter().map(text).sum::<usize>();
            }
            _ => {}
        }
    });
    weight
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

/// AWS's partition of a region and the domain of its services (botocore's partitions.json, 2026-11).
fn partition(region: &str) -> (&'static str, &'static str) {
    const OTHERS: &[(&str, &str, &str)] = &[
        ("cn-", "aws-cn", "amazonaws.com.cn"),
        ("us-gov-", "aws-us-gov", "amazonaws.com"),
        ("us-iso-", "aws-iso", "c2s.ic.gov"),
        ("us-isob-", "aws-iso-b", "sc2s.sgov.gov"),
        ("eu-isoe-", "aws-iso-e", "cloud.adc-e.uk"),
        ("us-isof-", "aws-iso-f", "csp.hci.ic.gov"),
        ("eusc-", "aws-eusc", "amazonaws.eu"),
    ];
    let other = OTHERS.iter().find(|(prefix, ..)| region.starts_with(prefix));
    other.map_or(("aws", "amazonaws.com"), |(_, partition, domain)| (partition, domain))
}

fn region(context: &Context<'_>, file: &SourceFile, inputs: &Inputs) -> Node {
    let span = Span::start_of(file.id);
    // An environment that is written down is where the stack goes; what the command line says is for those without.
    if let Some(region) = inputs.pseudo.get("AWS::Region") {
        return region.clone();
    }
    match (&context.options.region, &inputs.region) {
        (Some(region), _) => Node::string(region.clone(), span),
        (None, Some(region)) => region.clone(),
        (None, None) => Node::unknown(UnknownKind::Parameter, "the region of the stack", span),
    }
}
