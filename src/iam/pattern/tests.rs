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
