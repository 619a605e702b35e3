//! What was asked before and what came of it, and how much may be asked.
//!
//! What is found while something else is still being found may hang on that: in a circle it is what was known so far.
//! It holds as long as the circle is open and is forgotten when that one is closed.

use super::program::ClassKey;
use super::unit::ExprId;
use super::value::{UnitId, Value};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

/// How many answers are kept.
const MAX_KEPT: usize = 2_000_000;
/// How many questions are answered: far more than files that people write ask.
const MAX_STEPS: usize = 20_000_000;
/// How many answers may be forgotten; each that is kept allows for another one.
const MAX_FORGOTTEN: usize = 50_000;

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Question {
    /// An expression.
    Expr(UnitId, ExprId),
    /// What a module gives out under a name: modules may pass each other's names on.
    Export(UnitId, Arc<str>),
    /// What a key of a literal holds: a literal may be spread into itself.
    Key(UnitId, ExprId, Arc<str>),
    /// A member of a class, through its bases and heirs; whether a field is meant.
    Member(ClassKey, Arc<str>, bool),
}

#[derive(Debug)]
enum Answer {
    /// It is being found, as the one of so many that are open.
    Open(usize),
    /// What it is, and the lowest of the open ones that it hangs on.
    Found(Rc<[Value]>, usize),
}

/// What stands above a class.
#[derive(Debug)]
pub(super) struct Above {
    /// The class itself and those of the project.
    pub(super) classes: Vec<ClassKey>,
    /// What else it extends.
    pub(super) outside: Vec<Value>,
    /// It extends something that is not known.
    pub(super) is_open: bool,
}

/// A question that is being answered.
pub(super) struct Frame {
    at: usize,
    hung: usize,
    mark: usize,
}

/// The lowest open question of what hangs on none.
const NONE: usize = usize::MAX;

/// All answers of one evaluator.
#[derive(Debug)]
pub(super) struct Memo {
    answers: HashMap<Question, Answer>,
    /// What stands above the classes that were asked about.
    pub(super) above: HashMap<ClassKey, Rc<Above>>,
    /// Answers that hang on an open question.
    tentative: Vec<Question>,
    open: usize,
    /// The lowest open question that what is being found hangs on.
    hung: usize,
    forgotten: usize,
    steps: usize,
    spilt: bool,
}

impl Memo {
    pub(super) fn new() -> Self {
        Self {
            answers: HashMap::new(),
            above: HashMap::new(),
            tentative: Vec::new(),
            open: 0,
            hung: NONE,
            forgotten: 0,
            steps: 0,
            spilt: false,
        }
    }

    /// The answer where it is known, or where none is to be found.
    pub(super) fn known(&mut self, question: &Question) -> Option<Rc<[Value]>> {
        self.spend(1);
        if self.is_spent() {
            return Some(Rc::default());
        }
        match self.answers.get(question) {
            Some(Answer::Found(values, hung)) => {
                self.hung = self.hung.min(*hung);
                Some(values.clone())
            }
            Some(Answer::Open(at)) => {
                self.hung = self.hung.min(*at);
                Some(Rc::default())
            }
            None => (self.answers.len() > MAX_KEPT).then(Rc::default),
        }
    }

    /// Counts work that asks nothing.
    pub(super) fn spend(&mut self, steps: usize) {
        self.steps = self.steps.saturating_add(steps);
    }

    /// Whether nothing more is answered, because too much was asked.
    pub(super) fn is_spent(&self) -> bool {
        self.steps > MAX_STEPS
    }

    /// Notes that of what may be meant not all is followed.
    pub(super) fn spill(&mut self) {
        self.spilt = true;
    }

    /// Whether not all of what may be meant was followed.
    pub(super) fn is_spilt(&self) -> bool {
        self.spilt || self.is_spent()
    }

    /// Notes that what is being found is not followed to its end: asked for by itself it may say more.
    pub(super) fn cut(&mut self) {
        self.hung = 0;
    }

    /// Opens a question.
    pub(super) fn begin(&mut self, question: Question) -> Frame {
        let frame = Frame { at: self.open, hung: self.hung, mark: self.tentative.len() };
        self.answers.insert(question, Answer::Open(self.open));
        self.open += 1;
        self.hung = NONE;
        frame
    }

    /// Closes it with its answer.
    pub(super) fn end(&mut self, question: Question, frame: &Frame, values: Rc<[Value]>) {
        self.open = frame.at;
        if self.hung < frame.at {
            self.tentative.push(question.clone());
        } else {
            self.hung = NONE;
            // In a circle of thousands each would forget all others.
            let inside = self.tentative.len() - frame.mark;
            let forgets = self.forgotten + inside <= MAX_FORGOTTEN + self.answers.len();
            for other in self.tentative.drain(frame.mark..) {
                if forgets {
                    self.answers.remove(&other);
                } else if let Some(Answer::Found(_, hung)) = self.answers.get_mut(&other) {
                    *hung = NONE;
                }
            }
            if forgets {
                self.forgotten += inside;
            }
        }
        self.answers.insert(question, Answer::Found(values, self.hung));
        self.hung = self.hung.min(frame.hung);
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_STEPS, Memo, Question};
    use crate::code::value::Value;
    use std::rc::Rc;

    fn answer() -> Rc<[Value]> {
        vec![Value::Event].into()
    }

    #[test]
    fn what_hangs_on_an_open_question_is_forgotten_with_it() {
        let mut memo = Memo::new();
        let (outer, inner) = (Question::Expr(0, 1), Question::Expr(0, 2));
        let first = memo.begin(outer.clone());
        let second = memo.begin(inner.clone());
        // The circle: nothing is known yet of what is open.
        assert_eq!(memo.known(&outer).as_deref(), Some(&[][..]));
        memo.end(inner.clone(), &second, answer());
        assert_eq!(memo.known(&inner), Some(answer()));
        memo.end(outer.clone(), &first, answer());
        assert_eq!((memo.known(&outer), memo.known(&inner)), (Some(answer()), None));
    }

    #[test]
    fn what_hangs_on_nothing_is_kept() {
        let mut memo = Memo::new();
        let (outer, inner) = (Question::Expr(0, 1), Question::Expr(0, 2));
        let first = memo.begin(outer.clone());
        let second = memo.begin(inner.clone());
        memo.end(inner.clone(), &second, answer());
        memo.end(outer, &first, answer());
        assert_eq!(memo.known(&inner), Some(answer()));
    }

    #[test]
    fn nothing_more_is_answered_once_too_much_was_asked() {
        let mut memo = Memo::new();
        memo.spend(MAX_STEPS);
        assert!(!memo.is_spent());
        assert_eq!(memo.known(&Question::Expr(0, 1)), Some(Rc::default()));
        assert!(memo.is_spent() && memo.is_spilt());
    }
}
