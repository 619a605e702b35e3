//! How messages list names: the first ten, then how many more there are.

use crate::iam::text::Text;

/// How many names a message lists before it counts.
pub(super) const LISTED: usize = 10;

/// Texts of a policy as written.
pub(super) fn list(texts: &[Text]) -> String {
    some(&texts.iter().map(ToString::to_string).collect::<Vec<_>>())
}

/// The first ten names, then how many more there are.
pub(super) fn some(names: &[String]) -> String {
    let listed = names.iter().take(LISTED).cloned().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(LISTED) {
        0 => listed,
        more => format!("{listed} and {more} more"),
    }
}

/// `StateMachine` as words: `state machine`.
pub(super) fn spaced(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !text.is_empty() {
            text.push(' ');
        }
        text.extend(letter.to_lowercase());
    }
    text
}
