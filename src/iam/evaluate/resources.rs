//! Sets of resources as statements write them, and a resource that lies in some of them and in none of others.

use crate::iam::pattern::{self, Form, Glob, Tokens, TooLarge};

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
    Question::without(without).choose(layers, &|groups, outside| pattern::search(groups, outside))
}

/// The same, where `None` proves that there is none whatever the tokens in the patterns stand for.
pub(in crate::iam) fn prove(layers: &[&[Resources]], without: &[Resources]) -> Result<Option<String>, Unproven> {
    Question::without(without).choose(layers, &|groups, outside| search_for_all(groups, outside))
}

/// Why it is not known whether there is such a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::iam) enum Unproven {
    /// The question is too large.
    TooLarge,
    /// It hangs on what a token stands for.
    Token,
}

/// A search in which a token first stands for a long text like no other. Where nothing is found, that holds for every text
/// that it may stand for if what matches the narrowest group as it is written matches all other groups so: whatever is
/// outside matches no less for a text that is written out. Else tokens are taken for anything in the groups, and what
/// is outside for nothing.
fn search_for_all(groups: &[&[Glob]], outside: &[Glob]) -> Result<Option<String>, Unproven> {
    let has_token = |globs: &[Glob]| globs.iter().any(Glob::has_token);
    let too_large = |TooLarge| Unproven::TooLarge;
    if !has_token(outside) && !groups.iter().any(|group| has_token(group)) {
        return pattern::search(groups, outside).map_err(too_large);
    }
    let mut tokens = Tokens::default();
    let mut short = |globs: &[Glob], form: Form| -> Result<Vec<Glob>, Unproven> {
        let short: Option<Vec<Glob>> = globs.iter().map(|glob| glob.short(&mut tokens, form)).collect();
        short.ok_or(Unproven::TooLarge)
    };
    let mut all = |form: Form| groups.iter().map(|group| short(group, form)).collect::<Result<Vec<_>, _>>();
    let (long, written) = (all(Form::Long)?, all(Form::One)?);
    let (long_outside, without) = (short(outside, Form::Long)?, short(outside, Form::Tight)?);
    let long: Vec<&[Glob]> = long.iter().map(Vec::as_slice).collect();
    if let Some(found) = pattern::search_bytes(&long, &long_outside).map_err(too_large)? {
        return Ok(Some(tokens.written(&found)));
    }
    if !groups.iter().any(|group| has_token(group)) {
        return Ok(None);
    }
    let written: Vec<&[Glob]> = written.iter().map(Vec::as_slice).collect();
    let lies_in = |inner: &[Glob], outer: &[Glob]| {
        inner.iter().all(|glob| outer.contains(glob)) || pattern::search_bytes(&[inner], outer) == Ok(None)
    };
    let again = if written.iter().any(|least| written.iter().all(|group| lies_in(least, group))) {
        // A token may stand for what a `?` asks for.
        pattern::search_bytes(&written, &without)
    } else {
        let wide: Vec<Vec<Glob>> = groups.iter().map(|group| group.iter().map(Glob::wide).collect()).collect();
        let wide: Vec<&[Glob]> = wide.iter().map(Vec::as_slice).collect();
        let known: Vec<Glob> = outside.iter().filter(|glob| !glob.has_token()).cloned().collect();
        pattern::search_bytes(&wide, &known)
    };
    match again.map_err(too_large)? {
        None => Ok(None),
        Some(_) => Err(Unproven::Token),
    }
}

#[derive(Clone)]
struct Question {
    groups: Vec<Vec<Glob>>,
    outside: Vec<Glob>,
}

/// How patterns are searched for a text that matches one of each group and nothing outside.
type Search<'s, E> = &'s dyn Fn(&[&[Glob]], &[Glob]) -> Result<Option<String>, E>;

impl Question {
    fn without(without: &[Resources]) -> Self {
        let mut question = Self { groups: Vec::new(), outside: Vec::new() };
        for set in without {
            if set.except {
                question.groups.push(set.globs.clone());
            } else {
                question.outside.extend(set.globs.iter().cloned());
            }
        }
        question
    }

    /// Tries, layer by layer, all sets that are written by patterns together, then each that is written as an exception.
    fn choose<E>(&self, layers: &[&[Resources]], search: Search<'_, E>) -> Result<Option<String>, E> {
        let Some((layer, rest)) = layers.split_first() else {
            let groups: Vec<&[Glob]> = self.groups.iter().map(Vec::as_slice).collect();
            return search(&groups, &self.outside);
        };
        let (excepted, written): (Vec<&Resources>, Vec<&Resources>) = layer.iter().partition(|set| set.except);
        let mut open = None;
        if !written.is_empty() {
            let mut question = self.clone();
            // A group that matches everything asks for nothing.
            if !written.iter().any(|set| set.globs.iter().any(Glob::is_all)) {
                question.groups.push(written.iter().flat_map(|set| set.globs.iter().cloned()).collect());
            }
            match question.choose(rest, search) {
                Ok(None) => {}
                Ok(found) => return Ok(found),
                Err(error) => open = Some(error),
            }
        }
        for set in excepted {
            let mut question = self.clone();
            question.outside.extend(set.globs.iter().cloned());
            match question.choose(rest, search) {
                Ok(None) => {}
                Ok(found) => return Ok(found),
                Err(error) => open = Some(error),
            }
        }
        open.map_or(Ok(None), Err)
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
