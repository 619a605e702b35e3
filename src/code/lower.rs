//! What lowering a file needs in every language: where it stands in the text, and the children of a tree's node.

use super::unit::{Arg, Binding, ClassId, Expr, ExprId, FunctionId, ScopeId, Sym, Unit, index};
use crate::syntax::tree::{TreeError, first_error};
use std::sync::Arc;
use tree_sitter::{Node, TreeCursor};

/// How deep nested code is followed.
pub(super) const MAX_DEPTH: u32 = 400;

/// A file on its way from tree to unit.
pub(super) struct Lowering<'t> {
    pub(super) unit: Unit,
    pub(super) text: &'t str,
    cursor: TreeCursor<'t>,
    /// The scope that names are bound in.
    pub(super) scope: ScopeId,
    /// The function that expressions stand in.
    pub(super) owner: FunctionId,
    /// The class whose body or method is being read.
    pub(super) class: Option<ClassId>,
    /// Whether a method of an object literal is being read, and where `this` stands in it (JavaScript).
    pub(super) in_object: bool,
    pub(super) this_there: Vec<ExprId>,
    pub(super) depth: u32,
}

/// A child of a node with the name of its field.
pub(super) type Child<'t> = (&'t str, Node<'t>);

impl<'t> Lowering<'t> {
    /// Starts at the root of a tree; where it has errors that is noted, and what can be read of it is.
    pub(super) fn new(mut unit: Unit, text: &'t str, root: Node<'t>) -> Self {
        if let Some(error) = first_error(root) {
            unit.opaque.push((BROKEN.into(), span(error)));
        }
        Self {
            unit,
            text,
            cursor: root.walk(),
            scope: 0,
            owner: 0,
            class: None,
            in_object: false,
            this_there: Vec::new(),
            depth: 0,
        }
    }

    /// The named children of a node; comments are left out.
    pub(super) fn children(&mut self, node: Node<'t>) -> Vec<Child<'t>> {
        let mut found = Vec::new();
        self.cursor.reset(node);
        if self.cursor.goto_first_child() {
            loop {
                let child = self.cursor.node();
                if child.is_named() && !child.is_extra() {
                    found.push((self.cursor.field_name().unwrap_or_default(), child));
                }
                if !self.cursor.goto_next_sibling() {
                    break;
                }
            }
        }
        found
    }

    /// The text of a node.
    pub(super) fn text(&self, node: Node<'t>) -> &'t str {
        self.text.get(node.byte_range()).unwrap_or_default()
    }

    /// The symbol of a node's text.
    pub(super) fn sym(&mut self, node: Node<'t>) -> Sym {
        let text = self.text(node);
        self.unit.sym(text)
    }

    /// Adds an expression where a node stands.
    pub(super) fn add(&mut self, expr: Expr, node: Node<'t>) -> ExprId {
        let span = span(node);
        self.unit.add(expr, span, self.owner)
    }

    /// Adds a string literal and notes the name it is given to.
    pub(super) fn literal(&mut self, text: Arc<str>, name: Option<Sym>, node: Node<'t>) -> ExprId {
        let id = self.add(Expr::Text(text), node);
        self.unit.literals.push((name, id));
        id
    }

    /// Binds a name here.
    pub(super) fn bind(&mut self, name: Sym, binding: Binding) {
        self.unit.bind(self.scope, name, binding);
    }

    /// Runs `inside` as the body of a function: in its own scope, with itself as owner.
    pub(super) fn inside(&mut self, function: FunctionId, scope: ScopeId, inside: impl FnOnce(&mut Self)) {
        let before = (self.owner, self.scope);
        (self.owner, self.scope) = (function, scope);
        inside(self);
        (self.owner, self.scope) = before;
    }

    /// Goes one level deeper; nothing is read below the bound.
    pub(super) fn deeper(&mut self, node: Node<'t>, read: impl FnOnce(&mut Self) -> ExprId) -> ExprId {
        if self.depth >= MAX_DEPTH {
            if !self.unit.opaque.iter().any(|(reason, _)| &**reason == TOO_DEEP) {
                self.unit.opaque.push((TOO_DEEP.into(), span(node)));
            }
            return self.add(Expr::Unknown, node);
        }
        self.depth += 1;
        let id = read(self);
        self.depth -= 1;
        id
    }

    /// The next function's id.
    pub(super) fn next_function(&self) -> FunctionId {
        index(self.unit.functions.len())
    }
}

/// Why nothing is read below the bound.
pub(super) const TOO_DEEP: &str = "code is nested too deeply";

/// Why something is not read of a tree with errors in it.
pub(super) const BROKEN: &str = "code does not parse";

/// Why a file is not read at all.
#[derive(Debug)]
pub(super) struct Unread {
    /// What follows the file's name in a sentence.
    pub(super) reason: String,
    /// The byte that reading came to.
    pub(super) at: usize,
    /// Whether a bound was reached, or the text is not what it should be.
    pub(super) limit: bool,
}

impl From<TreeError> for Unread {
    fn from(error: TreeError) -> Self {
        let at = if let TreeError::Budget(at) = error { at } else { 0 };
        Self { reason: error.to_string(), at, limit: true }
    }
}

/// A node's place in bytes.
pub(super) fn span(node: Node<'_>) -> (u32, u32) {
    (index(node.start_byte()), index(node.end_byte()))
}

/// A plain positional argument.
pub(super) fn positional(value: ExprId) -> Arg {
    Arg { name: None, value, spread: false }
}
