//! Names of methods that the containers, texts and streams of Python and JavaScript have: on something unknown they say
//! little of which object is meant.

use crate::model::Language;

const PYTHON: &str = "
    add append appendleft capitalize clear close copy count date debug decode difference discard encode endswith error
    exception extend find flush format fromkeys get group groups index info insert intersection isdigit isoformat items
    join json keys log lower lstrip match most_common open partition pop popitem popleft put read readline readlines
    remove replace result reverse rsplit rstrip search seek set setdefault sort split splitlines start startswith
    strftime strip submit title total_seconds update upper union values warn warning write writelines
";

const JAVASCRIPT: &str = "
    add append apply at bind call catch clear concat debug delete emit end endsWith entries error every exec fill filter
    finally find findIndex flat flatMap forEach format get getTime has includes indexOf info isArray join json keys log
    map match next off on once parse pipe pop push read reduce replace replaceAll reverse search set shift slice some
    sort splice split startsWith status stringify test text then toISOString toLowerCase toString toUpperCase trim
    unshift update use values warn write
";

/// Whether a method's name is one that everything has.
pub(super) fn is_everyday(language: Language, name: &str) -> bool {
    let names = match language {
        Language::Python => PYTHON,
        Language::JavaScript => JAVASCRIPT,
        _ => return false,
    };
    names.split_whitespace().any(|known| known == name)
}

/// Whether what something is called fits the name of a class: `user_repo` and `UserRepository`, by their last words.
pub(super) fn fits_class(called: &str, class: &str) -> bool {
    let (called, class) = (last_word(called), last_word(class));
    let short = called.len().min(class.len());
    called == class || short >= 3 && (class.starts_with(&called) || called.strip_suffix('s') == Some(class.as_str()))
}

/// The last word of a name in any spelling, in lower case.
fn last_word(name: &str) -> String {
    let name = name.trim_end_matches(|letter: char| !letter.is_alphabetic());
    let mut word: Vec<char> = Vec::new();
    for letter in name.chars().rev() {
        // `DB` is one word.
        let ends =
            !letter.is_alphabetic() || word.last().is_some_and(|next| next.is_uppercase() && letter.is_lowercase());
        if ends {
            break;
        }
        word.push(letter);
    }
    word.into_iter().rev().flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::{fits_class, is_everyday, last_word};
    use crate::model::Language;

    #[test]
    fn last_words_are_compared() {
        for (name, word) in [
            ("user_repo", "repo"),
            ("UserRepository", "repository"),
            ("dynamoDB", "db"),
            ("_cache", "cache"),
            ("x", "x"),
        ] {
            assert_eq!(last_word(name), word, "{name}");
        }
        assert!(
            fits_class("self_repo", "UserRepository") && fits_class("db", "OrdersDB") && fits_class("store", "Store")
        );
        assert!(!fits_class("settings", "SettingsRepository") && !fits_class("event", "EventStore"));
        assert!(is_everyday(Language::Python, "get") && !is_everyday(Language::Python, "save"));
    }
}
