//! One pattern as a row of letters: what automata run over.

/// What stands around a token, a stretch for something that is not known (`crate::iam::text` makes them).
const MARK: Letter = Letter::Byte(1);

/// How a token begins that is the name of something and stands for nothing else.
const NAME: &[u8] = b"name ";

/// Bytes that no text in UTF-8 has: each stands for one token.
const TOKENS: [u8; 13] = [0xC0, 0xC1, 0xF5, 0xF6, 0xF7, 0xF8, 0xF9, 0xFA, 0xFB, 0xFC, 0xFD, 0xFE, 0xFF];

/// A pattern, taken apart: literal text, wildcards, and text whose case does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Glob {
    letters: Vec<Letter>,
}

/// How tokens are put in a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// As a text that is longer than any run of `?` in a policy, of letters that no policy has.
    Long,
    /// As one such letter.
    One,
    /// As one such letter, which `?` does not match.
    Tight,
}

/// How long such a text is.
const LONG: usize = 64;

/// What one position of a pattern matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Letter {
    Byte(u8),
    /// A letter in either case, kept in lower case.
    Folded(u8),
    AnyOne,
    AnyMany,
    /// `?` that does not match what stands for a token, which may be empty.
    OneButToken,
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

    /// The tokens in it that stand for what is not known: where each begins and ends.
    fn tokens(&self) -> Vec<std::ops::Range<usize>> {
        let mut found = Vec::new();
        let mut from = 0;
        let mark = |from: usize| {
            let rest = self.letters.get(from..)?;
            rest.iter().position(|letter| *letter == MARK).map(|at| from + at)
        };
        while let Some((start, end)) = mark(from).and_then(|start| Some((start, mark(start + 1)?))) {
            let name = self.letters.get(start + 1..end).unwrap_or_default();
            let is_name =
                name.len() > NAME.len() && name.iter().zip(NAME).all(|(letter, byte)| letter.step(*byte) == Some(1));
            if !is_name {
                found.push(start..end + 1);
            }
            from = end + 1;
        }
        found
    }

    /// Whether there is a token in it that stands for what is not known.
    pub fn has_token(&self) -> bool {
        self.letters.contains(&MARK) && !self.tokens().is_empty()
    }

    /// The same with anything where a token stands.
    #[must_use]
    pub fn wide(&self) -> Self {
        self.with_tokens(|_, wide| wide.push(Letter::AnyMany))
    }

    /// The same with its tokens put otherwise, by a list that all patterns of a question share; `None` where there are too
    /// many.
    pub fn short(&self, known: &mut Tokens, form: Form) -> Option<Self> {
        let mut fits = true;
        let mut short = self.with_tokens(|token, short| {
            let name: Vec<u8> = token.iter().filter_map(|letter| letter.byte()).collect();
            let number = known.0.iter().position(|known| *known == name).unwrap_or_else(|| {
                known.0.push(name);
                known.0.len() - 1
            });
            let length = if form == Form::Long { LONG } else { 1 };
            match TOKENS.get(number) {
                Some(byte) => (0..length).for_each(|_| short.push(Letter::Byte(*byte))),
                None => fits = false,
            }
        });
        for letter in short.letters.iter_mut().filter(|letter| form == Form::Tight && **letter == Letter::AnyOne) {
            *letter = Letter::OneButToken;
        }
        fits.then_some(short)
    }

    fn with_tokens(&self, mut put: impl FnMut(&[Letter], &mut Self)) -> Self {
        let mut other = Self::default();
        let mut from = 0;
        for token in self.tokens() {
            self.letters.get(from..token.start).unwrap_or_default().iter().for_each(|letter| other.push(*letter));
            put(self.letters.get(token.clone()).unwrap_or_default(), &mut other);
            from = token.end;
        }
        self.letters.get(from..).unwrap_or_default().iter().for_each(|letter| other.push(*letter));
        other
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

/// The tokens that bytes stand for.
#[derive(Debug, Default)]
pub struct Tokens(Vec<Vec<u8>>);

impl Tokens {
    /// The text with the tokens in the places of their bytes.
    pub fn written(&self, bytes: &[u8]) -> String {
        let mut whole = Vec::new();
        for run in bytes.chunk_by(|left, right| left == right) {
            let number = run.first().and_then(|byte| TOKENS.iter().position(|token| token == byte));
            match number.and_then(|number| self.0.get(number)) {
                Some(name) => (0..run.len().div_ceil(LONG)).for_each(|_| whole.extend(name)),
                None => whole.extend(run),
            }
        }
        String::from_utf8_lossy(&whole).into_owned()
    }
}

impl Letter {
    /// How far the position moves behind this byte; `None` where it does not match.
    pub(super) fn step(self, byte: u8) -> Option<usize> {
        match self {
            Self::AnyMany => Some(0),
            Self::ManyInSegment => (byte != b':').then_some(0),
            Self::AnyOne => Some(1),
            Self::OneButToken => (!TOKENS.contains(&byte)).then_some(1),
            Self::OneInSegment => (byte != b':').then_some(1),
            Self::Byte(wanted) => (wanted == byte).then_some(1),
            Self::Folded(wanted) => (wanted == byte.to_ascii_lowercase()).then_some(1),
            Self::End => None,
        }
    }

    /// The byte that it stands for, in lower case where case does not matter.
    fn byte(self) -> Option<u8> {
        match self {
            Self::Byte(byte) | Self::Folded(byte) => Some(byte),
            _ => None,
        }
    }

    pub(super) fn may_be_empty(self) -> bool {
        matches!(self, Self::AnyMany | Self::ManyInSegment)
    }
}
