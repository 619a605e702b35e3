use super::{TooLarge, includes, intersects, witness};
use crate::iam::glob::matches;

#[test]
fn questions_about_arns() {
    let objects = "arn:aws:s3:::bucket/*";
    assert_eq!(includes(&["arn:aws:s3:::*"], &[objects]), Ok(true));
    assert_eq!(includes(&[objects], &["arn:aws:s3:::bucket*"]), Ok(false));
    assert_eq!(includes(&["*"], &["anything?"]), Ok(true));
    assert_eq!(includes(&[], &["a"]), Ok(false));
    assert_eq!(includes(&["a*", "b*"], &["?*"]), Ok(false));
    assert_eq!(includes(&["?*", ""], &["*"]), Ok(true));
    assert_eq!(intersects(&[objects], &["arn:aws:s3:::*/private/*"]), Ok(true));
    assert_eq!(intersects(&[objects], &["arn:aws:s3:::other/*"]), Ok(false));
    let left = witness(&[&["arn:aws:s3:::b/*"], &["*.csv"]], &["*/private/*"]).unwrap().unwrap();
    assert_eq!(left, "arn:aws:s3:::b/.csv");
    assert_eq!(witness(&[&["ab?"]], &["ab*"]), Ok(None));
}

#[test]
fn a_question_without_end_is_given_up() {
    assert_eq!(includes(&["*a????????????????????b*"], &["*a????????????????????b"]), Err(TooLarge));
}

/// A small generator with a fixed start, so that a failure can be repeated.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }

    fn pattern(&mut self) -> String {
        let length = self.below(6);
        (0..length).map(|_| ['a', 'b', '*', '?', 'a', '*'][self.below(6)]).collect()
    }

    fn patterns(&mut self) -> Vec<String> {
        let count = 1 + self.below(2);
        (0..count).map(|_| self.pattern()).collect()
    }
}

#[test]
fn agrees_with_trying_every_text() {
    let mut texts = vec![String::new()];
    let mut from = 0;
    for _ in 0..6 {
        let to = texts.len();
        for index in from..to {
            texts.extend(['a', 'b', 'z'].map(|letter| format!("{}{letter}", texts[index])));
        }
        from = to;
    }
    let mut random = Random(7);
    for round in 0..20_000 {
        let sets = [random.patterns(), random.patterns(), random.patterns()];
        let any = |set: usize, text: &str| sets[set].iter().any(|pattern| matches(pattern, text));
        let accepted = |text: &str| any(0, text) && any(1, text) && !any(2, text);
        let [left, right, outside] = sets.each_ref().map(|set| set.iter().map(String::as_str).collect::<Vec<_>>());
        let found = witness(&[&left, &right], &outside).unwrap();
        let shortest = texts.iter().find(|text| accepted(text));
        assert!(found.as_ref().is_none_or(|text| accepted(text)), "{round}: {sets:?} {found:?}");
        let beyond_trying = found.as_ref().is_some_and(|text| text.len() > 6);
        assert_eq!(
            found.map(|text| text.len()).filter(|_| !beyond_trying),
            shortest.map(String::len),
            "{round}: {sets:?}"
        );
    }
}

#[test]
fn many_stars_end_within_the_bound() {
    use super::{Glob, MAX_STATES, regions};
    let stars = "a*".repeat(200);
    assert_eq!(includes(&["a*"], &[&stars]), Ok(true));
    assert_eq!(includes(&[&stars], &["a*"]), Ok(false));
    let hard = ["*a??????????????????b*", "*b??????????????????a*", "*c??????????????????a*"].map(Glob::pattern);
    assert_eq!(regions(&hard, MAX_STATES), Err(TooLarge));
}

#[test]
fn regions_stand_for_every_text() {
    use super::{Glob, regions};
    let globs = [Glob::pattern("a*"), Glob::pattern("*b"), Glob::text("ab").folded()];
    let found = regions(&globs, 100).unwrap();
    for (matched, text) in &found {
        assert_eq!(*matched, globs.iter().map(|glob| glob.matches(text)).collect::<Vec<bool>>(), "{text}");
    }
    // In, out: by the first, by the last, by both, by the folded one alone or with the others.
    assert_eq!(found.len(), 8);
    assert_eq!(Glob::pattern("arn:aws:s3:::*").in_segments().map(|glob| glob.matches("arn:aws:s3:::a:b")), Some(true));
    assert_eq!(Glob::pattern("arn:aws:*:::b").in_segments().map(|glob| glob.matches("arn:aws:s:t:::b")), Some(false));
    assert_eq!(Glob::pattern("arn:aws:s3").in_segments(), None);
}

#[test]
fn long_questions_are_given_up_sooner() {
    let patterns = |name: &str| -> Vec<String> {
        (0..400).map(|number| format!("arn:aws:s3:::*{name}????????????{number}*")).collect()
    };
    let (left, right) = (patterns("a"), patterns("b"));
    let (left, right): (Vec<&str>, Vec<&str>) =
        (left.iter().map(String::as_str).collect(), right.iter().map(String::as_str).collect());
    assert_eq!(super::includes(&left, &right), Err(super::TooLarge));
    // Many plain names are no such question.
    let names = |end: &str| (0..400).map(|number| format!("arn:aws:s3:::bucket-{number}/{end}")).collect::<Vec<_>>();
    let (outer, inner) = (names("*"), names("x"));
    let (outer, inner): (Vec<&str>, Vec<&str>) =
        (outer.iter().map(String::as_str).collect(), inner.iter().map(String::as_str).collect());
    assert_eq!(super::includes(&outer, &inner), Ok(true));
}
