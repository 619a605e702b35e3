//! A file of code as far as its names go: what each is bound to, what the file exports, what it imports.

use super::literal;
use crate::infra::Context;
use crate::source::{SourceFile, Span};
use crate::syntax::tree::{self, Grammar};
use crate::syntax::{Node, json};
use std::collections::HashMap;
use std::sync::Arc;
use tree_sitter::Node as Code;

/// The name under which a file's default is kept.
pub(super) const DEFAULT: &str = "default";

/// A parsed file and where its names are bound.
pub(super) struct Module {
    pub(super) path: String,
    pub(super) file: Arc<SourceFile>,
    pub(super) tree: Option<tree_sitter::Tree>,
    /// The content of a file of data.
    pub(super) data: Option<Node>,
    pub(super) names: HashMap<String, Bound>,
    pub(super) exports: HashMap<String, Bound>,
    /// The files whose exports are this one's too.
    pub(super) passed_on: Vec<String>,
}

/// What a name stands for.
#[derive(Debug, Clone)]
pub(super) enum Bound {
    /// An expression of this file, by its bytes.
    Expression(usize, usize),
    /// A part of an expression of this file.
    Part(usize, usize, String),
    /// An export of another file; the whole of it without a name.
    Import(String, String),
    /// Another name of this file.
    Name(String),
}

impl Module {
    /// Reads a file; `None` where it is not there or nothing of it can be parsed.
    pub(super) fn read(context: &Context<'_>, path: &str) -> Option<Self> {
        let file = context.sources.open(path).ok()?;
        let (tree, data) = match path.rsplit('.').next() {
            Some("json") => (None, json::parse(&file).0),
            Some("ts") => (tree::parse(&file.text, Grammar::TypeScript).ok(), None),
            _ => (tree::parse(&file.text, Grammar::JavaScript).ok(), None),
        };
        let mut module = Self {
            path: path.to_owned(),
            file,
            tree: None,
            data,
            names: HashMap::new(),
            exports: HashMap::new(),
            passed_on: Vec::new(),
        };
        if let Some(tree) = tree {
            for statement in children(tree.root_node()) {
                module.statement(statement);
            }
            module.tree = Some(tree);
        }
        (module.tree.is_some() || module.data.is_some()).then_some(module)
    }

    /// The text of an expression.
    pub(super) fn text(&self, code: Code<'_>) -> &str {
        self.slice(code.start_byte(), code.end_byte())
    }

    /// What stands between the quotes.
    pub(super) fn inner(&self, code: Code<'_>) -> &str {
        self.slice(code.start_byte() + 1, code.end_byte().saturating_sub(1))
    }

    /// A part of the file.
    pub(super) fn slice(&self, start: usize, end: usize) -> &str {
        self.file.text.get(start..end).unwrap_or_default()
    }

    /// Where an expression stands.
    pub(super) fn span(&self, code: Code<'_>) -> Span {
        Span::new(self.file.id, code.start_byte(), code.end_byte())
    }

    fn statement(&mut self, code: Code<'_>) {
        match code.kind() {
            "import_statement" => self.import(code),
            "export_statement" => self.export(code),
            "lexical_declaration" | "variable_declaration" | "function_declaration" => {
                self.declaration(code);
            }
            "expression_statement" => {
                let assignment = children(code).into_iter().find(|child| child.kind() == "assignment_expression");
                let sides = assignment.and_then(|assignment| {
                    Some((assignment.child_by_field_name("left")?, assignment.child_by_field_name("right")?))
                });
                let Some((left, right)) = sides else { return };
                let bound = Bound::Expression(right.start_byte(), right.end_byte());
                match self.text(left) {
                    "module.exports" | "exports" => {
                        self.exports.insert(DEFAULT.into(), bound);
                    }
                    target => {
                        let name = target.strip_prefix("module.exports.").or_else(|| target.strip_prefix("exports."));
                        if let Some(name) = name.map(str::to_owned) {
                            self.exports.insert(name, bound);
                        }
                    }
                }
            }
            _ => {}
        }
    }

    /// Binds what a declaration declares; the names.
    fn declaration(&mut self, code: Code<'_>) -> Vec<String> {
        let mut declared = Vec::new();
        if code.kind() == "function_declaration" {
            if let Some(name) = code.child_by_field_name("name").map(|name| self.text(name).to_owned()) {
                self.names.insert(name.clone(), Bound::Expression(code.start_byte(), code.end_byte()));
                declared.push(name);
            }
            return declared;
        }
        for declarator in children(code).into_iter().filter(|child| child.kind() == "variable_declarator") {
            let sides = (declarator.child_by_field_name("name"), declarator.child_by_field_name("value"));
            let (Some(name), Some(value)) = sides else { continue };
            let (start, end) = (value.start_byte(), value.end_byte());
            if name.kind() == "identifier" {
                declared.push(self.text(name).to_owned());
                self.names.insert(self.text(name).to_owned(), Bound::Expression(start, end));
                continue;
            }
            for part in children(name) {
                let (key, own) = match part.kind() {
                    "shorthand_property_identifier_pattern" => (part, part),
                    "pair_pattern" => match (part.child_by_field_name("key"), part.child_by_field_name("value")) {
                        (Some(key), Some(own)) => (key, own),
                        _ => continue,
                    },
                    _ => continue,
                };
                let (key, own) = (self.text(key).to_owned(), self.text(own).to_owned());
                declared.push(own.clone());
                self.names.insert(own, Bound::Part(start, end, key));
            }
        }
        declared
    }

    fn source(&self, code: Code<'_>) -> Option<String> {
        code.child_by_field_name("source").map(|source| literal::text(self.inner(source)))
    }

    fn import(&mut self, code: Code<'_>) {
        let Some(source) = self.source(code) else { return };
        let clauses = children(code).into_iter().filter(|child| child.kind() == "import_clause");
        for clause in clauses.flat_map(children) {
            match clause.kind() {
                "identifier" => {
                    self.names.insert(self.text(clause).to_owned(), Bound::Import(source.clone(), String::new()));
                }
                "namespace_import" => {
                    for name in children(clause) {
                        self.names.insert(self.text(name).to_owned(), Bound::Import(source.clone(), String::new()));
                    }
                }
                "named_imports" => {
                    for (name, own) in self.specifiers(clause) {
                        self.names.insert(own, Bound::Import(source.clone(), name));
                    }
                }
                _ => {}
            }
        }
    }

    fn specifiers(&self, clause: Code<'_>) -> Vec<(String, String)> {
        children(clause).into_iter().filter_map(|one| self.specifier(one)).collect()
    }

    /// The names of one part of `{ a, b as c }`: what it is there, and what it is called here.
    fn specifier(&self, code: Code<'_>) -> Option<(String, String)> {
        let name = self.text(code.child_by_field_name("name")?).to_owned();
        let own = code.child_by_field_name("alias").map_or_else(|| name.clone(), |own| self.text(own).to_owned());
        Some((name, own))
    }

    fn export(&mut self, code: Code<'_>) {
        if let Some(declaration) = code.child_by_field_name("declaration") {
            let is_default = self.text(code).trim_start_matches("export").trim_start().starts_with("default");
            for name in self.declaration(declaration) {
                self.exports.insert(if is_default { DEFAULT.into() } else { name.clone() }, Bound::Name(name));
            }
            return;
        }
        // `export = config` of TypeScript has no field of its own.
        let assigned = self.text(code).trim_start_matches("export").trim_start().starts_with('=');
        let assigned = assigned.then(|| children(code).into_iter().next()).flatten();
        if let Some(value) = code.child_by_field_name("value").or(assigned) {
            self.exports.insert(DEFAULT.into(), Bound::Expression(value.start_byte(), value.end_byte()));
            return;
        }
        let source = self.source(code);
        let clause = children(code).into_iter().find(|child| child.kind() == "export_clause");
        for (name, own) in clause.map(|clause| self.specifiers(clause)).unwrap_or_default() {
            let bound = match &source {
                Some(source) => Bound::Import(source.clone(), name),
                None => Bound::Name(name),
            };
            self.exports.insert(own, bound);
        }
        if let (None, Some(source)) = (clause, source) {
            self.passed_on.push(source);
        }
    }
}

/// The parts of an expression that have names in the grammar, comments left out.
pub(super) fn children(code: Code<'_>) -> Vec<Code<'_>> {
    let mut cursor = code.walk();
    code.named_children(&mut cursor).filter(|child| child.kind() != "comment").collect()
}

/// The outermost of the nodes that stand for the same bytes.
pub(super) fn widest(code: Code<'_>) -> Code<'_> {
    let mut at = code;
    while let Some(parent) = at.parent().filter(|parent| {
        parent.byte_range() == at.byte_range() && !matches!(parent.kind(), "expression_statement" | "program")
    }) {
        at = parent;
    }
    at
}
