//! Reports: one file a format over the same [`Report`].

mod concise;
mod content;
mod excerpt;
mod json;
mod phrase;
mod redact;
mod sarif;
mod table;
mod text;

pub use content::{Report, RuleText, Summary};
pub use phrase::printable;

use crate::source::{Problem, Sources};
use std::fmt;
use std::io::{self, BufWriter, Write};
use std::str::FromStr;

/// The formats of `--output`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Format {
    /// Excerpts for people.
    #[default]
    Text,
    /// One line a finding.
    Concise,
    /// Our own JSON, version 1.
    Json,
    /// SARIF 2.1.0, as GitHub code scanning reads it.
    Sarif,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Text, Self::Concise, Self::Json, Self::Sarif];

    /// The word on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Concise => "concise",
            Self::Json => "json",
            Self::Sarif => "sarif",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|format| format.as_str() == word)
            .ok_or_else(|| format!("`{word}` is not a format; expected one of text, concise, json, sarif"))
    }
}

/// How a report is to look.
#[derive(Debug, Clone, Copy)]
pub struct Options<'a> {
    /// Whether `text` and `concise` use ANSI colours: the caller looks at the terminal and at NO_COLOR.
    pub color: bool,
    /// The terminal's columns; `None` where the output is no terminal, and no text is wrapped.
    pub width: Option<usize>,
    /// What tells this analysis from others of the same repository in code scanning. A category that changes
    /// leaves its alerts open for ever.
    pub category: &'a str,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self { color: false, width: None, category: "scan" }
    }
}

/// Writes a report. What the format could not take (results beyond a consumer's limit, results without a file in
/// the repository) is returned as problems for the caller to show; a log that has room for them holds them too.
///
/// # Errors
/// Those of `out`.
pub fn write(
    report: &Report,
    sources: &Sources,
    format: Format,
    options: Options<'_>,
    out: &mut dyn Write,
) -> io::Result<Vec<Problem>> {
    let mut out = BufWriter::new(out);
    let left_out = match format {
        Format::Text => text::write(report, sources, options.color, options.width, &mut out).map(|()| Vec::new()),
        Format::Concise => concise::write(report, options.color, &mut out).map(|()| Vec::new()),
        Format::Json => json::write(report, sources, &mut out).map(|()| Vec::new()),
        Format::Sarif => sarif::write(report, sources, options.category, &mut out),
    }?;
    out.flush()?;
    Ok(left_out)
}

#[cfg(test)]
mod tests {
    use super::Format;

    #[test]
    fn formats_are_read_from_their_words() {
        for format in Format::ALL {
            assert_eq!(format.as_str().parse(), Ok(format));
        }
        assert!("xml".parse::<Format>().unwrap_err().contains("text, concise, json, sarif"));
    }
}
