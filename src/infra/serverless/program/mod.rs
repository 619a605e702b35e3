//! Configuration that is code: serverless.ts, serverless.js and the scripts of `${file(…)}`, read without running them.
//!
//! Read are literals, names bound to them in this file or in files that it imports, templates of text, spreads, and
//! what a function returns where its body only says so. Everything else is unknown, and one problem a file says where.

mod literal;
mod module;
#[cfg(test)]
mod tests;

use crate::infra::Context;
use crate::source::{Problem, ProblemKind, Span, normalize};
use crate::syntax::{Entry, Node, Part, Unknown, UnknownKind, Value, json};
use module::{Bound, DEFAULT, Module, children, widest};
use std::collections::HashMap;
use std::sync::Arc;
use tree_sitter::Node as Code;

/// How deep expressions and the names in them may lead.
const MAX_DEPTH: usize = 64;

/// How many expressions one configuration may lead to.
const MAX_STEPS: usize = 50_000;

/// How many files one configuration may bring in.
const MAX_FILES: usize = 500;

/// What a file exports: the value of `module.exports` or `export default` where there is one, else a map of its named
/// exports. `None` where it cannot be parsed or exports nothing.
pub(super) fn read(context: &Context<'_>, path: &str) -> (Option<Node>, Vec<Problem>) {
    let mut program = Program { context, files: HashMap::new(), open: Vec::new(), unread: Vec::new(), steps: 0 };
    let value = program.module(path, "");
    let mut problems: Vec<Problem> = Vec::new();
    let mut files: Vec<_> = Vec::new();
    for span in &program.unread {
        if !files.contains(&span.file) {
            files.push(span.file);
        }
    }
    for file in files {
        let places = || program.unread.iter().filter(|span| span.file == file);
        let Some(first) = places().min_by_key(|span| span.start) else { continue };
        let others = match places().count() {
            0 | 1 => String::new(),
            more => format!(", and {} more of its expressions", more - 1),
        };
        let message =
            format!("this expression is not known without running the file{others}; what it gives was not read");
        problems.push(Problem::at(ProblemKind::Limit, &context.sources.location(*first), message));
    }
    (value, problems)
}

/// A configuration of one or several files.
struct Program<'a> {
    context: &'a Context<'a>,
    files: HashMap<String, Option<Arc<Module>>>,
    /// Names being looked up, so that circles end.
    open: Vec<(String, String)>,
    /// The places whose value is not known.
    unread: Vec<Span>,
    steps: usize,
}

/// Where an expression is evaluated: its file, and how deep the way there was.
#[derive(Clone, Copy)]
struct Place<'m> {
    module: &'m Arc<Module>,
    depth: usize,
}

impl Program<'_> {
    /// An export of a file; the whole of it without a name.
    fn module(&mut self, path: &str, name: &str) -> Option<Node> {
        let module = self.load(path)?;
        if let Some(data) = &module.data {
            return if name.is_empty() || name == DEFAULT { Some(data.clone()) } else { data.get(name).cloned() };
        }
        let key = (path.to_owned(), format!("export {name}"));
        if self.open.contains(&key) || self.open.len() > MAX_DEPTH {
            return None;
        }
        self.open.push(key);
        let place = Place { module: &module, depth: self.open.len() };
        let found = self.export(place, name);
        self.open.pop();
        found
    }

    fn export(&mut self, place: Place<'_>, name: &str) -> Option<Node> {
        let module = place.module;
        if let Some(bound) = module.exports.get(if name.is_empty() { DEFAULT } else { name }) {
            return self.bound(place, bound);
        }
        if name.is_empty() {
            let mut names: Vec<&String> = module.exports.keys().collect();
            names.sort_unstable();
            let start = Span::start_of(module.file.id);
            let mut all = Node::new(Value::Map(Vec::new()), start);
            for name in names {
                if let Some(value) = module.exports.get(name).and_then(|bound| self.bound(place, bound)) {
                    all.set(name.as_str(), value.span, value);
                }
            }
            return (!all.entries().is_empty()).then_some(all);
        }
        // An object that is exported as a whole holds the name.
        let whole = module.exports.get(DEFAULT).and_then(|bound| self.bound(place, bound));
        whole.and_then(|whole| whole.get(name).cloned()).or_else(|| {
            let others = module.passed_on.clone();
            others.iter().find_map(|source| self.imported(place, source, name))
        })
    }

    fn bound(&mut self, place: Place<'_>, bound: &Bound) -> Option<Node> {
        let module = place.module;
        let code = |start: usize, end: usize| {
            let root = module.tree.as_ref()?.root_node();
            root.descendant_for_byte_range(start, end).map(widest)
        };
        match bound {
            Bound::Expression(start, end) => code(*start, *end).map(|code| self.value(place, code)),
            Bound::Part(start, end, key) => {
                let whole = code(*start, *end).map(|code| self.value(place, code))?;
                whole.get(key).cloned()
            }
            Bound::Import(source, name) => self.imported(place, source, name),
            Bound::Name(name) => self.name(place, name),
        }
    }

    fn name(&mut self, place: Place<'_>, name: &str) -> Option<Node> {
        let bound = place.module.names.get(name)?.clone();
        let key = (place.module.path.clone(), name.to_owned());
        if self.open.contains(&key) || self.open.len() > MAX_DEPTH {
            return None;
        }
        self.open.push(key);
        let found = self.bound(place, &bound);
        self.open.pop();
        found
    }

    /// An export of the file that `source` names from here.
    fn imported(&mut self, place: Place<'_>, source: &str, name: &str) -> Option<Node> {
        let path = self.resolve(&place.module.path, source)?;
        self.module(&path, name)
    }

    fn value(&mut self, place: Place<'_>, code: Code<'_>) -> Node {
        self.steps += 1;
        let span = place.module.span(code);
        if place.depth >= MAX_DEPTH || self.steps > MAX_STEPS {
            return Node::unknown(UnknownKind::Limit, "an expression that leads too deep", span);
        }
        let inside = Place { depth: place.depth + 1, ..place };
        match code.kind() {
            "object" => self.object(inside, code),
            "array" => self.array(inside, code),
            "string" => Node::string(literal::text(place.module.inner(code)), span),
            "template_string" => self.template(inside, code),
            "number" => Node::new(Value::Number(place.module.text(code).replace('_', "").into()), span),
            "true" | "false" => Node::bool(code.kind() == "true", span),
            "null" => Node::new(Value::Null, span),
            "undefined" => Node::new(Value::Absent, span),
            "parenthesized_expression"
            | "as_expression"
            | "satisfies_expression"
            | "non_null_expression"
            | "await_expression" => self.child(inside, code, 0),
            "type_assertion" => self.child(inside, code, code.named_child_count().saturating_sub(1)),
            "identifier" | "shorthand_property_identifier" => self.identifier(inside, code),
            "member_expression" | "subscript_expression" => self.member(inside, code),
            "binary_expression" => self.binary(inside, code),
            "ternary_expression" => self.choice(inside, code),
            "arrow_function" | "function_expression" | "function_declaration" | "method_definition" => {
                self.returned(inside, code)
            }
            "call_expression" => self.call(inside, code),
            _ => self.unknown(inside, code),
        }
    }

    fn child(&mut self, place: Place<'_>, code: Code<'_>, index: usize) -> Node {
        match u32::try_from(index).ok().and_then(|index| code.named_child(index)) {
            Some(child) => self.value(place, child),
            None => self.unknown(place, code),
        }
    }

    /// The value is not known, and the file's problem says so.
    fn unknown(&mut self, place: Place<'_>, code: Code<'_>) -> Node {
        let span = place.module.span(code);
        self.unread.push(span);
        let what: String = place.module.text(code).split_whitespace().collect::<Vec<_>>().join(" ");
        let short: String = what.chars().take(60).collect();
        Node::unknown(UnknownKind::Expression, short, span)
    }

    fn object(&mut self, place: Place<'_>, code: Code<'_>) -> Node {
        let span = place.module.span(code);
        let mut map = Node::new(Value::Map(Vec::new()), span);
        for child in children(code) {
            match child.kind() {
                "pair" => {
                    let (Some(key), Some(value)) =
                        (child.child_by_field_name("key"), child.child_by_field_name("value"))
                    else {
                        continue;
                    };
                    let name = match key.kind() {
                        "string" => Some(literal::text(place.module.inner(key))),
                        "computed_property_name" => self.child(place, key, 0).as_text().map(str::to_owned),
                        _ => Some(place.module.text(key).to_owned()),
                    };
                    let value = self.value(place, value);
                    match name {
                        Some(name) => map.set(name, place.module.span(key), value),
                        None => self.unread.push(place.module.span(key)),
                    }
                }
                "shorthand_property_identifier" => {
                    let value = self.identifier(place, child);
                    map.set(place.module.text(child), place.module.span(child), value);
                }
                "method_definition" => {
                    if let Some(name) = child.child_by_field_name("name") {
                        let value = self.returned(place, child);
                        map.set(place.module.text(name), place.module.span(name), value);
                    }
                }
                "spread_element" => {
                    let spread = self.child(place, child, 0);
                    match &spread.value {
                        Value::Map(entries) => {
                            for entry in entries {
                                map.set(entry.key.clone(), entry.key_span, entry.value.clone());
                            }
                        }
                        Value::Unknown(_) => self.unread.push(place.module.span(child)),
                        _ => {}
                    }
                }
                _ => {}
            }
        }
        if let Value::Map(entries) = &mut map.value {
            entries.retain(|entry: &Entry| !matches!(entry.value.value, Value::Absent));
        }
        map
    }

    fn array(&mut self, place: Place<'_>, code: Code<'_>) -> Node {
        let mut items = Vec::new();
        for child in children(code) {
            if child.kind() == "spread_element" {
                let spread = self.child(place, child, 0);
                match spread.value {
                    Value::List(more) => items.extend(more),
                    _ => items.push(spread),
                }
            } else {
                items.push(self.value(place, child));
            }
        }
        Node::list(items, place.module.span(code))
    }

    fn template(&mut self, place: Place<'_>, code: Code<'_>) -> Node {
        let mut parts = Vec::new();
        let mut at = code.start_byte() + 1;
        let end = code.end_byte().saturating_sub(1);
        for child in children(code).into_iter().filter(|child| child.kind() == "template_substitution") {
            parts.push(Part::Literal(literal::text(place.module.slice(at, child.start_byte())).into()));
            at = child.end_byte();
            let value = self.child(place, child, 0);
            let unknown = || vec![Part::Unknown(Unknown::new(UnknownKind::Expression, "a value that is no text"))];
            parts.extend(value.parts().unwrap_or_else(unknown));
        }
        parts.push(Part::Literal(literal::text(place.module.slice(at, end)).into()));
        Node::template(parts, place.module.span(code))
    }

    fn identifier(&mut self, place: Place<'_>, code: Code<'_>) -> Node {
        let name = place.module.text(code);
        if name == "undefined" {
            return Node::new(Value::Absent, place.module.span(code));
        }
        match self.name(place, name) {
            Some(value) => value,
            None => self.unknown(place, code),
        }
    }

    fn member(&mut self, place: Place<'_>, code: Code<'_>) -> Node {
        let (Some(object), Some(key)) = (
            code.child_by_field_name("object"),
            code.child_by_field_name("property").or_else(|| code.child_by_field_name("index")),
        ) else {
            return self.unknown(place, code);
        };
        let key = match code.kind() {
            "member_expression" => Some(place.module.text(key).to_owned()),
            _ => self.value(place, key).as_text().map(str::to_owned),
        };
        if let (true, Some(key)) = (place.module.text(object) == "process.env", &key) {
            return Node::unknown(UnknownKind::Parameter, format!("env:{key}"), place.module.span(code));
        }
        let before = self.unread.len();
        let whole = self.value(place, object);
        let part = key.and_then(|key| match &whole.value {
            Value::List(items) => items.get(key.parse::<usize>().ok()?).cloned(),
            _ => whole.get(&key).cloned(),
        });
        part.unwrap_or_else(|| {
            // The whole expression is said once, not its beginning too.
            self.unread.truncate(before);
            self.unknown(place, code)
        })
    }

    fn binary(&mut self, place: Place<'_>, code: Code<'_>) -> Node {
        let field = |name: &str| code.child_by_field_name(name);
        let (Some(left), Some(right)) = (field("left"), field("right")) else { return self.unknown(place, code) };
        match field("operator").map(|operator| operator.kind()) {
            Some("||" | "??") => {
                let first = self.value(place, left);
                // A variable of the environment that nobody has set gives way to its default, as `${env:…}` does.
                let unset = matches!(first.as_unknown(), Some(unknown) if unknown.kind == UnknownKind::Parameter);
                if unset || first.is_absent() { self.value(place, right) } else { first }
            }
            Some("+") => {
                let [left, right] = [left, right].map(|side| self.value(place, side).parts());
                match (left, right) {
                    (Some(left), Some(right)) => Node::template([left, right].concat(), place.module.span(code)),
                    _ => self.unknown(place, code),
                }
            }
            _ => self.unknown(place, code),
        }
    }

    fn choice(&mut self, place: Place<'_>, code: Code<'_>) -> Node {
        let field = |name: &str| code.child_by_field_name(name);
        let condition = field("condition").map(|condition| self.value(place, condition));
        let branch = match condition.as_ref().and_then(Node::as_bool) {
            Some(true) => field("consequence"),
            Some(false) => field("alternative"),
            None => None,
        };
        match branch {
            Some(branch) => self.value(place, branch),
            None => self.unknown(place, code),
        }
    }

    /// What a function returns, where its body is an expression or nothing but a `return`.
    fn returned(&mut self, place: Place<'_>, code: Code<'_>) -> Node {
        let Some(body) = code.child_by_field_name("body") else { return self.unknown(place, code) };
        if body.kind() != "statement_block" {
            return self.value(place, body);
        }
        match children(body).as_slice() {
            [only] if only.kind() == "return_statement" => self.child(place, *only, 0),
            _ => self.unknown(place, code),
        }
    }

    fn call(&mut self, place: Place<'_>, code: Code<'_>) -> Node {
        let span = place.module.span(code);
        let field = |name: &str| code.child_by_field_name(name);
        let callee = field("function").map(|callee| place.module.text(callee)).unwrap_or_default();
        let arguments: Vec<Code<'_>> = field("arguments").map(children).unwrap_or_default();
        match (callee, arguments.as_slice()) {
            ("require", [source]) if source.kind() == "string" => {
                let source = literal::text(place.module.inner(*source));
                self.imported(place, &source, "").unwrap_or_else(|| self.unknown(place, code))
            }
            // The framework's own template for TypeScript (aws-nodejs-typescript) ships this function: the folder of
            // the file that calls it, from the folder that the framework runs in.
            ("handlerPath", [one]) if matches!(place.module.text(*one), "__dirname" | "import.meta.dirname") => {
                let path = &place.module.path;
                Node::string(path.rfind('/').map_or("", |slash| &path[..slash]), span)
            }
            _ if field("function").is_some_and(|callee| callee.kind() == "identifier") && arguments.is_empty() => {
                match self.name(place, callee) {
                    Some(value) => value,
                    None => self.unknown(place, code),
                }
            }
            _ => self.unknown(place, code),
        }
    }

    fn load(&mut self, path: &str) -> Option<Arc<Module>> {
        if let Some(known) = self.files.get(path) {
            return known.clone();
        }
        let module = (self.files.len() < MAX_FILES).then(|| Module::read(self.context, path)).flatten().map(Arc::new);
        self.files.insert(path.to_owned(), module.clone());
        module
    }

    /// The file that an import names: beside the importing one, or by a path of tsconfig.json.
    fn resolve(&self, from: &str, source: &str) -> Option<String> {
        let folder = from.rfind('/').map_or("", |slash| &from[..=slash]);
        let beside = source.starts_with('.').then(|| normalize(&format!("{folder}{source}"))).flatten();
        let bases = match beside {
            Some(base) => vec![base],
            None if source.starts_with('.') => return None,
            None => self.mapped(from, source),
        };
        let endings = ["", ".ts", ".js", ".mjs", ".cjs", ".json", "/index.ts", "/index.js"];
        let found = bases.iter().flat_map(|base| {
            // TypeScript's own modules are imported by the name that they are compiled to.
            let stem = base.strip_suffix(".js").map(|stem| format!("{stem}.ts"));
            endings.iter().map(move |ending| format!("{base}{ending}")).chain(stem)
        });
        let is_file = |path: &String| path.rsplit('/').next().is_some_and(|name| name.contains('.'));
        found.filter(is_file).find(|path| self.context.sources.open(path).is_ok())
    }

    /// What `compilerOptions.paths` of the nearest tsconfig make of an import.
    fn mapped(&self, from: &str, source: &str) -> Vec<String> {
        let mut folder = from.rfind('/').map_or("", |slash| &from[..slash]);
        loop {
            let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
            for name in ["tsconfig.paths.json", "tsconfig.json"] {
                let Ok(file) = self.context.sources.open(&format!("{prefix}{name}")) else { continue };
                let Some(config) = json::parse(&file).0 else { continue };
                let base = config.at("compilerOptions.baseUrl").and_then(Node::as_text).unwrap_or(".");
                let Some(paths) = config.at("compilerOptions.paths") else { continue };
                return paths.entries().iter().flat_map(|entry| mapped_by(entry, source, &prefix, base)).collect();
            }
            match folder.rfind('/') {
                _ if folder.is_empty() => return Vec::new(),
                Some(slash) => folder = &folder[..slash],
                None => folder = "",
            }
        }
    }
}

/// The paths that one entry of `paths` gives: `"@functions/*": ["src/functions/*"]`.
fn mapped_by(entry: &Entry, source: &str, prefix: &str, base: &str) -> Vec<String> {
    let rest = match entry.key.split_once('*') {
        Some((before, after)) => source.strip_prefix(before).and_then(|rest| rest.strip_suffix(after)),
        None => (source == &*entry.key).then_some(""),
    };
    let Some(rest) = rest else { return Vec::new() };
    let targets = entry.value.items_or_self().iter().filter_map(Node::as_text);
    targets.filter_map(|target| normalize(&format!("{prefix}{base}/{}", target.replacen('*', rest, 1)))).collect()
}
