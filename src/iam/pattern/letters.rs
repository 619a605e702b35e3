//! One pattern as a row of letters: what automata run over.

/// A pattern, taken apart: literal text, wildcards, and text whose case does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Glob {
    letters: Vec<Letter>,
}

/// What one position of a pattern matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Letter {
    Byte(u8),
    /// A letter in either case, kept in lower case.
    Folded(u8),
    AnyOne,
    AnyMany,
    /// `?` and `*` that do not cross a colon.
    OneInSegment,
    ManyInSegment,
    /// The end mark.
    End,
}

impl Glob {
    /// A pattern of `*` and `?`.
    pub fn pattern(pattern: &str) -> Self {
        let mut glob = Self::default();
        glob.push_pattern(pattern);
        glob
    }

    /// A pattern that matches this text alone.
    pub fn text(text: &str) -> Self {
        let mut glob = Self::default();
        glob.push_text(text);
        glob
    }

    /// Adds a pattern of `*` and `?` at the end.
    pub fn push_pattern(&mut self, pattern: &str) {
        for byte in pattern.bytes() {
            self.push(match byte {
                b'*' => Letter::AnyMany,
                b'?' => Letter::AnyOne,
                byte => Letter::Byte(byte),
            });
        }
    }

    /// Adds text at the end in which `*` and `?` stand for themselves.
    pub fn push_text(&mut self, text: &str) {
        text.bytes().for_each(|byte| self.push(Letter::Byte(byte)));
    }

    /// Adds `*` at the end.
    pub fn push_any(&mut self) {
        self.push(Letter::AnyMany);
    }

    /// The same without regard to the case of ASCII letters.
    #[must_use]
    pub fn folded(mut self) -> Self {
        for letter in &mut self.letters {
            if let Letter::Byte(byte) = *letter
                && byte.is_ascii_alphabetic()
            {
                *letter = Letter::Folded(byte.to_ascii_lowercase());
            }
        }
        self
    }

    /// The same as the ARN operators of conditions compare: each of the six segments for itself (IAM User Guide,
    /// "Condition operators: Amazon Resource Name (ARN) condition operators", 2026-11). `None` for what has fewer
    /// segments and so matches no ARN; `*` alone stays as it is.
    pub fn in_segments(mut self) -> Option<Self> {
        if self.is_all() {
            return Some(self);
        }
        let colons = self.letters.iter().filter(|letter| **letter == Letter::Byte(b':')).count();
        if colons < 5 {
            return None;
        }
        let mut passed = 0;
        for letter in &mut self.letters {
            match letter {
                Letter::Byte(b':') => passed += 1,
                Letter::AnyOne if passed < 5 => *letter = Letter::OneInSegment,
                Letter::AnyMany if passed < 5 => *letter = Letter::ManyInSegment,
                _ => {}
            }
        }
        Some(self)
    }

    /// Whether it matches every text.
    pub fn is_all(&self) -> bool {
        self.letters == [Letter::AnyMany]
    }

    /// The one text that it matches, where it is written without wildcards.
    pub fn as_text(&self) -> Option<String> {
        let byte = |letter: &Letter| match letter {
            Letter::Byte(byte) => Some(*byte),
            _ => None,
        };
        self.letters.iter().map(byte).collect::<Option<Vec<u8>>>().and_then(|bytes| String::from_utf8(bytes).ok())
    }

    /// Whether it matches the whole text.
    pub fn matches(&self, text: &str) -> bool {
        // Up to the first star there is one way only.
        let many = self.letters.iter().position(|letter| letter.may_be_empty()).unwrap_or(self.letters.len());
        let steps = |(letter, byte): (&Letter, u8)| letter.step(byte).is_some();
        if text.len() < many || !self.letters.iter().zip(text.bytes()).take(many).all(steps) {
            return false;
        }
        if many == self.letters.len() {
            return text.len() == many;
        }
        let mut alive = vec![false; self.letters.len() + 1];
        alive[0] = true;
        self.skip(&mut alive);
        for byte in text.bytes() {
            let mut next = vec![false; alive.len()];
            for (at, letter) in self.letters.iter().enumerate().filter(|(at, _)| alive[*at]) {
                if let Some(step) = letter.step(byte) {
                    next[at + step] = true;
                }
            }
            alive = next;
            self.skip(&mut alive);
        }
        alive.last() == Some(&true)
    }

    pub(super) fn letters(&self) -> &[Letter] {
        &self.letters
    }

    /// Stars in a row are one.
    fn push(&mut self, letter: Letter) {
        if letter != Letter::AnyMany || self.letters.last() != Some(&letter) {
            self.letters.push(letter);
        }
    }

    fn skip(&self, alive: &mut [bool]) {
        for (at, letter) in self.letters.iter().enumerate() {
            if alive[at] && letter.may_be_empty() {
                alive[at + 1] = true;
            }
        }
    }
}

impl Letter {
    /// How far the position moves behind this byte; `None` where it does not match.
    pub(super) fn step(self, byte: u8) -> Option<usize> {
        match self {
            Self::AnyMany => Some(0),
            Self::ManyInSegment => (byte != b':').then_some(0),
            Self::AnyOne => Some(1),
            Self::OneInSegment => (byte != b':').then_some(1),
            Self::Byte(wanted) => (wanted == byte).then_some(1),
            Self::Folded(wanted) => (wanted == byte.to_ascii_lowercase()).then_some(1),
            Self::End => None,
        }
    }

    pub(super) fn may_be_empty(self) -> bool {
        matches!(self, Self::AnyMany | Self::ManyInSegment)
    }
}
