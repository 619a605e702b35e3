//! Plans of the rules' own Terraform examples: the verdicts are those of the configuration.

use crate::rules::{examples, rule_folders};
use crate::scan::scan;
use leastwise::finding::Status;
use leastwise::source::Sources;
use leastwise::syntax::hcl::{self, Block, Expr, ExprKind, Piece, Step};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The examples of which a plan alone tells less than the configuration, and why.
const EXPLAINED: &[(&str, &str)] = &[
    ("XL001", "a plan does not say what an archive is made of, and with that where the code lies"),
    ("XL002", "a plan does not say what an archive is made of, and with that where the code lies"),
    ("XL006", "a plan does not say what an archive is made of, and with that where the code lies"),
    ("XL009", "a plan does not say what an archive is made of, and with that where the code lies"),
    ("LP041", "a plan does not say what an archive is made of, and with that where the code lies"),
    ("LP003", "a policy that names a resource which is not there yet is known only after the plan is applied"),
    ("EX004", "a policy that names a resource which is not there yet is known only after the plan is applied"),
    ("EX005", "a policy that names a resource which is not there yet is known only after the plan is applied"),
    ("TR001", "a policy that names a resource which is not there yet is known only after the plan is applied"),
    ("SE001", "an environment with a value of another resource is unknown as a whole in the plans that are made here"),
    ("LG001", "a name that is made of another resource's is known only after the plan is applied"),
];

/// A verdict: rule, resource, and whether it is violated, to be reviewed or unknown.
type Verdicts = BTreeMap<(String, String), (Status, u32)>;

#[test]
fn a_plan_and_its_configuration_give_the_same_verdicts() {
    let (mut pairs, mut same, mut alone_same, mut explained) = (0, 0, 0, 0);
    let mut differences = Vec::new();
    for folder in rule_folders() {
        for example in examples(&folder) {
            let files: Vec<(String, String)> =
                example.files.iter().filter(|(path, _)| path.ends_with(".tf")).cloned().collect();
            // Modules are held to their configuration where plans are read.
            if files.is_empty() || files.iter().any(|(path, _)| path.contains('/')) {
                continue;
            }
            let name = format!("{} {}", folder.file_name().unwrap().to_string_lossy(), example.name);
            let plan = plan(&files).to_string();
            let configuration = verdicts(&example.files);
            let mut both = example.files.clone();
            both.push(("plan.json".to_owned(), plan));
            let planned = verdicts(&both);
            let others: Vec<(String, String)> = both.into_iter().filter(|(path, _)| !path.ends_with(".tf")).collect();
            let alone = verdicts(&others);
            let keys: BTreeSet<_> = configuration.keys().chain(planned.keys()).chain(alone.keys()).collect();
            for key in keys {
                pairs += 1;
                let (written, planned, alone) = (configuration.get(key), planned.get(key), alone.get(key));
                same += usize::from(written == planned);
                if written != planned {
                    differences.push(format!("{name}: {key:?} is {written:?} as written, {planned:?} as planned"));
                }
                let status = |verdict: Option<&(Status, u32)>| verdict.map(|(status, _)| *status);
                let (written, alone) = (status(written), status(alone));
                if written == alone {
                    alone_same += 1;
                } else if EXPLAINED.iter().any(|(prefix, _)| name.starts_with(prefix)) {
                    explained += 1;
                } else {
                    differences.push(format!("{name}: {key:?} is {written:?} as written, {alone:?} in the plan alone"));
                }
            }
        }
    }
    println!("{pairs} pairs: {same} the same beside the configuration; {alone_same} without it, {explained} explained");
    assert!(pairs >= 100, "only {pairs} pairs");
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

fn verdicts(files: &[(String, String)]) -> Verdicts {
    let (_, outcome) = scan(files);
    let about = |name: &str| name.starts_with("aws_") || name.starts_with("module.");
    let found = outcome.findings.iter().filter(|finding| about(&finding.resource.name));
    found
        .map(|finding| {
            let key = (finding.rule.to_string(), finding.resource.name.to_string());
            (key, (finding.status, finding.location.start_line))
        })
        .collect()
}

/// The plan of a configuration of one module whose values are literal, references or documents.
fn plan(files: &[(String, String)]) -> Value {
    let mut blocks = Vec::new();
    for (path, text) in files {
        let sources = Sources::in_memory([(path.as_str(), text.as_str())]);
        blocks.extend(hcl::parse(&sources.open(path).unwrap()).0.blocks);
    }
    let maker = Maker::of(&blocks);
    let (mut planned, mut changes, mut configured) = (Vec::new(), Vec::new(), Vec::new());
    let mut providers = Map::new();
    let default = blocks.iter().find(|block| &*block.kind == "provider" && attribute(block, "alias").is_none());
    let defaults = default.map(|block| maker.block(block).values["default_tags"][0]["tags"].clone());
    let defaults = defaults.and_then(|tags| tags.as_object().cloned()).unwrap_or_default();
    for block in &blocks {
        let label = |at: usize| block.labels.get(at).map(ToString::to_string).unwrap_or_default();
        match &*block.kind {
            "resource" => {
                let (kind, name) = (label(0), label(1));
                let address = format!("{kind}.{name}");
                let made = maker.block(block);
                let mut resource = json!({"address": address, "mode": "managed", "type": kind, "name": name});
                let mut values = made.values;
                if let Value::Object(values) = &mut values
                    && let Some(Value::Object(tags)) = values.get("tags").cloned()
                {
                    let all: Map<String, Value> = defaults.clone().into_iter().chain(tags).collect();
                    values.insert("tags_all".to_owned(), all.into());
                }
                if values.as_object().is_some_and(|values| !values.is_empty()) {
                    resource["values"] = values;
                }
                planned.push(resource);
                let change = json!({"actions": ["create"], "after_unknown": made.unknown});
                changes.push(json!({"address": address, "change": change}));
                let provider = attribute(block, "provider").map_or("aws".to_owned(), |expr| references(expr).remove(0));
                configured.push(json!({
                    "address": address, "mode": "managed", "type": kind, "name": name,
                    "provider_config_key": provider, "expressions": made.expressions,
                }));
            }
            "provider" => {
                let alias = attribute(block, "alias").map(|expr| maker.value(expr).values);
                let key =
                    alias.as_ref().and_then(Value::as_str).map_or(label(0), |alias| format!("{}.{alias}", label(0)));
                providers.insert(key, json!({"name": label(0), "expressions": maker.block(block).expressions}));
            }
            _ => {}
        }
    }
    let variables: Map<String, Value> =
        maker.variables.iter().map(|(name, value)| (name.clone(), json!({"value": value}))).collect();
    json!({
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "variables": variables,
        "planned_values": {"root_module": {"resources": planned}},
        "resource_changes": changes,
        "configuration": {"provider_config": providers, "root_module": {"resources": configured}},
    })
}

/// A value as a plan has it: what is known, what is not, and what it was written as.
struct Made {
    values: Value,
    unknown: Value,
    expressions: Value,
}

struct Maker<'a> {
    variables: BTreeMap<String, Value>,
    data: BTreeMap<String, &'a Block>,
}

impl<'a> Maker<'a> {
    fn of(blocks: &'a [std::sync::Arc<Block>]) -> Self {
        let mut maker = Self { variables: BTreeMap::new(), data: BTreeMap::new() };
        for block in blocks {
            match &*block.kind {
                "variable" => {
                    if let Some(default) = attribute(block, "default") {
                        let value = maker.value(default).values;
                        maker.variables.insert(block.labels[0].to_string(), value);
                    }
                }
                "data" => {
                    maker.data.insert(format!("data.{}.{}", block.labels[0], block.labels[1]), block);
                }
                _ => {}
            }
        }
        maker
    }

    fn block(&self, block: &Block) -> Made {
        let (mut values, mut unknown, mut expressions) = (Map::new(), Map::new(), Map::new());
        for attribute in &block.body.attributes {
            if ["provider", "depends_on"].contains(&&*attribute.name) {
                continue;
            }
            let name = attribute.name.to_string();
            let made = self.value(&attribute.value);
            if made.unknown == json!(true) {
                unknown.insert(name.clone(), made.unknown);
            } else {
                values.insert(name.clone(), made.values);
            }
            expressions.insert(name, made.expressions);
        }
        for inner in block.body.blocks.iter().filter(|inner| &*inner.kind != "lifecycle") {
            let made = self.block(inner);
            for (map, value) in
                [(&mut values, made.values), (&mut unknown, made.unknown), (&mut expressions, made.expressions)]
            {
                let list = map.entry(inner.kind.to_string()).or_insert_with(|| json!([]));
                list.as_array_mut().unwrap().push(value);
            }
        }
        let [values, unknown, expressions] = [values, unknown, expressions].map(Value::Object);
        Made { values, unknown, expressions }
    }

    fn value(&self, expr: &Expr) -> Made {
        let names = references(expr);
        let expressions = |value: &Value| {
            if names.is_empty() { json!({"constant_value": value}) } else { json!({"references": names}) }
        };
        match self.known(expr) {
            Some(values) => Made { expressions: expressions(&values), values, unknown: json!(false) },
            None => Made { values: Value::Null, unknown: json!(true), expressions: json!({"references": names}) },
        }
    }

    /// The value, where it hangs on nothing that is known only after the plan is applied.
    fn known(&self, expr: &Expr) -> Option<Value> {
        Some(match &expr.kind {
            ExprKind::Null => Value::Null,
            ExprKind::Bool(value) => json!(value),
            ExprKind::Number(value) => serde_json::from_str(&value.to_string()).unwrap(),
            ExprKind::String(text) => json!(text),
            ExprKind::List(items) => Value::Array(items.iter().map(|item| self.known(item)).collect::<Option<_>>()?),
            ExprKind::Object(entries) => {
                let entry =
                    |(key, value): &(Expr, Expr)| Some((self.known(key)?.as_str()?.to_owned(), self.known(value)?));
                Value::Object(entries.iter().map(entry).collect::<Option<_>>()?)
            }
            ExprKind::Template(pieces) => {
                let mut text = String::new();
                for piece in pieces {
                    match piece {
                        Piece::Literal(literal, _) => text.push_str(literal),
                        Piece::Value(inner) => text.push_str(self.known(inner)?.as_str()?),
                        _ => return None,
                    }
                }
                json!(text)
            }
            ExprKind::Call { name, arguments, .. } if &**name == "jsonencode" => {
                json!(self.known(&arguments[0])?.to_string())
            }
            ExprKind::Traversal(..) => {
                let name = references(expr).remove(0);
                if let Some(variable) = name.strip_prefix("var.") {
                    return self.variables.get(variable).cloned();
                }
                let source = name.strip_suffix(".json").and_then(|name| self.data.get(name))?;
                json!(self.policy(source)?.to_string())
            }
            _ => return None,
        })
    }

    /// The document of `aws_iam_policy_document` that the provider makes of the block.
    fn policy(&self, block: &Block) -> Option<Value> {
        let mut statements = Vec::new();
        for block in block.body.blocks.iter().filter(|block| &*block.kind == "statement") {
            let mut statement = json!({"Effect": "Allow"});
            for (key, name) in [
                ("sid", "Sid"),
                ("effect", "Effect"),
                ("actions", "Action"),
                ("not_actions", "NotAction"),
                ("resources", "Resource"),
                ("not_resources", "NotResource"),
            ] {
                if let Some(expr) = attribute(block, key) {
                    statement[name] = self.known(expr)?;
                }
            }
            for inner in &block.body.blocks {
                let text = |key: &str| self.known(attribute(inner, key)?)?.as_str().map(str::to_owned);
                let value = |key: &str| self.known(attribute(inner, key)?);
                match &*inner.kind {
                    "principals" if text("type")? == "*" => statement["Principal"] = json!("*"),
                    "principals" => statement["Principal"][text("type")?] = value("identifiers")?,
                    "condition" => statement["Condition"][text("test")?][text("variable")?] = value("values")?,
                    _ => return None,
                }
            }
            statements.push(statement);
        }
        Some(json!({"Version": "2012-10-17", "Statement": statements}))
    }
}

fn attribute<'a>(block: &'a Block, name: &str) -> Option<&'a Expr> {
    block.body.attributes.iter().find(|attribute| &*attribute.name == name).map(|attribute| &*attribute.value)
}

/// What an expression refers to, each with the resource itself after its attribute, as plans list them.
fn references(expr: &Expr) -> Vec<String> {
    let mut found = Vec::new();
    collect(expr, &mut found);
    let mut listed = Vec::new();
    for name in found {
        let parts: Vec<&str> = name.split('.').collect();
        let own = if parts[0] == "data" { 3 } else { 2 };
        let whole = (parts.len() > own && parts[0] != "var").then(|| parts[..own].join("."));
        for name in std::iter::once(name.clone()).chain(whole) {
            if !listed.contains(&name) {
                listed.push(name);
            }
        }
    }
    listed
}

fn collect(expr: &Expr, found: &mut Vec<String>) {
    match &expr.kind {
        ExprKind::Traversal(base, steps) => {
            let mut name = match &base.kind {
                ExprKind::Variable(name) => name.to_string(),
                _ => return collect(base, found),
            };
            for step in steps {
                match step {
                    Step::Attribute(part) => name = format!("{name}.{part}"),
                    _ => break,
                }
            }
            found.push(name);
        }
        ExprKind::List(items) => items.iter().for_each(|item| collect(item, found)),
        ExprKind::Object(entries) => entries.iter().for_each(|(key, value)| {
            collect(key, found);
            collect(value, found);
        }),
        ExprKind::Call { arguments, .. } => arguments.iter().for_each(|argument| collect(argument, found)),
        ExprKind::Conditional(parts) => parts.iter().for_each(|part| collect(part, found)),
        ExprKind::Binary(_, sides) => sides.iter().for_each(|side| collect(side, found)),
        ExprKind::Template(pieces) => pieces.iter().for_each(|piece| {
            if let Piece::Value(inner) = piece {
                collect(inner, found);
            }
        }),
        _ => {}
    }
}
