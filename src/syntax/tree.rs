//! tree-sitter for code: one parser a thread and grammar, with bounds on size and work.

use std::cell::RefCell;
use std::ops::ControlFlow;
use tree_sitter::{Language, Node, ParseOptions, Parser, Tree};

/// The largest code file that is parsed: 2 MB.
pub const MAX_CODE_BYTES: usize = 2_000_000;

/// Callbacks that any parse may take; tree-sitter calls back every hundred or so steps.
const FREE_CALLBACKS: usize = 20_000;

/// Callbacks that a parse may take beyond that for each KB of input.
const CALLBACKS_PER_KB: usize = 2_000;

/// A grammar that is linked in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grammar {
    /// Python.
    Python,
    /// JavaScript with JSX.
    JavaScript,
    /// TypeScript without JSX.
    TypeScript,
    /// TypeScript with JSX.
    Tsx,
    /// Go.
    Go,
    /// Java.
    Java,
}

/// Why there is no tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TreeError {
    /// The text is too long.
    #[error("is larger than 2 MB of code and was not parsed")]
    TooLarge,
    /// The parse took more steps than its size allows; it had come to this byte.
    #[error("takes too many steps to parse; it was not judged")]
    Budget(usize),
    /// The grammar was refused by the library.
    #[error("cannot be parsed: the grammar does not load")]
    Grammar,
}

/// Parses a text; errors in it are nodes of the tree.
///
/// The budget is counted in callbacks and bytes, never in time: a loaded machine gives the same answer.
pub fn parse(text: &str, grammar: Grammar) -> Result<Tree, TreeError> {
    if text.len() > MAX_CODE_BYTES {
        return Err(TreeError::TooLarge);
    }
    PARSERS.with_borrow_mut(|parsers| {
        let slot = &mut parsers[grammar as usize];
        let parser = match slot {
            Some(parser) => parser,
            None => slot.insert(make(grammar).ok_or(TreeError::Grammar)?),
        };
        let bytes = text.as_bytes();
        let mut left = FREE_CALLBACKS + bytes.len() / 1000 * CALLBACKS_PER_KB;
        let mut reached = 0;
        let mut tick = |state: &tree_sitter::ParseState| {
            reached = state.current_byte_offset();
            left = left.saturating_sub(1);
            if left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let options = ParseOptions::new().progress_callback(&mut tick);
        let tree = parser.parse_with_options(&mut |at, _| bytes.get(at..).unwrap_or_default(), None, Some(options));
        if tree.is_none() {
            parser.reset();
        }
        tree.ok_or(TreeError::Budget(reached))
    })
}

/// The first place of a tree that is not as its grammar has it, as a node; `None` where all is.
pub fn first_error(root: Node<'_>) -> Option<Node<'_>> {
    let mut node = root;
    let mut cursor = root.walk();
    while !node.is_error() && !node.is_missing() {
        node = node.children(&mut cursor).find(Node::has_error)?;
    }
    Some(node)
}

thread_local! {
    static PARSERS: RefCell<[Option<Parser>; 6]> = const { RefCell::new([const { None }; 6]) };
}

fn make(grammar: Grammar) -> Option<Parser> {
    let language: Language = match grammar {
        Grammar::Python => tree_sitter_python::LANGUAGE.into(),
        Grammar::JavaScript => tree_sitter_javascript::LANGUAGE.into(),
        Grammar::TypeScript => tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into(),
        Grammar::Tsx => tree_sitter_typescript::LANGUAGE_TSX.into(),
        Grammar::Go => tree_sitter_go::LANGUAGE.into(),
        Grammar::Java => tree_sitter_java::LANGUAGE.into(),
    };
    let mut parser = Parser::new();
    parser.set_language(&language).ok()?;
    Some(parser)
}

#[cfg(test)]
mod tests {
    use super::{Grammar, MAX_CODE_BYTES, TreeError, parse};

    #[test]
    fn every_grammar_loads_and_keeps_its_place_in_the_table() {
        for (grammar, text, root) in [
            (Grammar::Python, "def f(): pass", "module"),
            (Grammar::JavaScript, "const a = <b/>;", "program"),
            (Grammar::TypeScript, "const a = <string>b;", "program"),
            (Grammar::Tsx, "const a: X = <b/>;", "program"),
            (Grammar::Go, "package a", "source_file"),
            (Grammar::Java, "class A {}", "program"),
        ] {
            let tree = parse(text, grammar).unwrap();
            assert_eq!(tree.root_node().kind(), root);
            assert!(!tree.root_node().has_error(), "{grammar:?}");
        }
    }

    #[test]
    fn too_much_is_refused() {
        let long = " ".repeat(MAX_CODE_BYTES + 1);
        assert_eq!(parse(&long, Grammar::Python).unwrap_err(), TreeError::TooLarge);
    }

    #[test]
    fn hostile_text_ends() {
        let run = || {
            for text in ["(".repeat(20_000), "[{".repeat(20_000), "`${".repeat(5_000), "<a>".repeat(5_000)] {
                for grammar in [Grammar::Python, Grammar::JavaScript, Grammar::Tsx, Grammar::Go, Grammar::Java] {
                    let _ = parse(&text, grammar);
                }
            }
        };
        let thread = std::thread::Builder::new().stack_size(64 << 20).spawn(run).unwrap();
        assert!(thread.join().is_ok());
    }
}
