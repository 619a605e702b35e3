//! Sets of resources as statements write them, and a resource that lies in some of them and in none of others.

use crate::iam::pattern::{self, Glob, TooLarge};

/// What a `Resource` or a `NotResource` covers.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(in crate::iam) struct Resources {
    /// The patterns.
    pub(in crate::iam) globs: Vec<Glob>,
    /// Everything but what they match.
    pub(in crate::iam) except: bool,
}

impl Resources {
    /// What one of these patterns matches.
    pub(in crate::iam) fn of(globs: Vec<Glob>) -> Self {
        Self { globs, except: false }
    }

    /// Everything.
    pub(in crate::iam) fn all() -> Self {
        Self::of(vec![Glob::pattern("*")])
    }
}

/// A shortest resource that lies in one set of each layer and in none of `without`; `None` proves that there is none.
pub(in crate::iam) fn find(layers: &[&[Resources]], without: &[Resources]) -> Result<Option<String>, TooLarge> {
    let mut question = Question { groups: Vec::new(), outside: Vec::new() };
    for set in without {
        if set.except {
            question.groups.push(set.globs.clone());
        } else {
            question.outside.extend(set.globs.iter().cloned());
        }
    }
    question.choose(layers)
}

#[derive(Clone)]
struct Question {
    groups: Vec<Vec<Glob>>,
    outside: Vec<Glob>,
}

impl Question {
    /// Tries, layer by layer, all sets that are written by patterns together, then each that is written as an exception.
    fn choose(&self, layers: &[&[Resources]]) -> Result<Option<String>, TooLarge> {
        let Some((layer, rest)) = layers.split_first() else {
            let groups: Vec<&[Glob]> = self.groups.iter().map(Vec::as_slice).collect();
            return pattern::search(&groups, &self.outside);
        };
        let (excepted, written): (Vec<&Resources>, Vec<&Resources>) = layer.iter().partition(|set| set.except);
        let mut too_large = None;
        if !written.is_empty() {
            let mut question = self.clone();
            // A group that matches everything asks for nothing.
            if !written.iter().any(|set| set.globs.iter().any(Glob::is_all)) {
                question.groups.push(written.iter().flat_map(|set| set.globs.iter().cloned()).collect());
            }
            match question.choose(rest) {
                Ok(None) => {}
                Ok(found) => return Ok(found),
                Err(error) => too_large = Some(error),
            }
        }
        for set in excepted {
            let mut question = self.clone();
            question.outside.extend(set.globs.iter().cloned());
            match question.choose(rest) {
                Ok(None) => {}
                Ok(found) => return Ok(found),
                Err(error) => too_large = Some(error),
            }
        }
        too_large.map_or(Ok(None), Err)
    }
}

#[cfg(test)]
mod tests {
    use super::{Resources, find};
    use crate::iam::pattern::Glob;

    fn of(patterns: &[&str]) -> Resources {
        Resources::of(patterns.iter().map(|pattern| Glob::pattern(pattern)).collect())
    }

    fn except(patterns: &[&str]) -> Resources {
        Resources { except: true, ..of(patterns) }
    }

    #[test]
    fn layers_with_exceptions() {
        let found = |layers: &[&[Resources]], without: &[Resources]| find(layers, without).unwrap();
        assert_eq!(found(&[&[of(&["a*"])], &[of(&["*b"])]], &[]).as_deref(), Some("ab"));
        assert_eq!(found(&[&[of(&["a*"])], &[except(&["a?*"])]], &[]).as_deref(), Some("a"));
        assert_eq!(found(&[&[of(&["a"])], &[except(&["a*"]), of(&["a", "b"])]], &[]).as_deref(), Some("a"));
        assert_eq!(found(&[&[of(&["a*"])]], &[except(&["b*"])]), None);
        assert_eq!(found(&[&[Resources::all()]], &[except(&["ab"])]).as_deref(), Some("ab"));
        assert_eq!(found(&[&[]], &[]), None);
    }
}
