//! The `.env` file that the framework takes environment variables from: those that are committed with the service.

use crate::infra::Context;
use crate::model::judge;
use crate::source::{OpenError, Problem, ProblemKind};
use crate::syntax::{Node, Unknown, UnknownKind, Value};
use std::collections::BTreeMap;

/// How deep variables may be put together from others.
const MAX_DEPTH: usize = 16;

/// The longest value that is put together, in bytes.
const MAX_VALUE: usize = 100_000;

/// The variables of one file.
#[derive(Debug, Default)]
pub(super) struct Dotenv {
    values: BTreeMap<String, String>,
}

impl Dotenv {
    /// Reads `.env.{stage}` in the service's folder, or `.env` where there is none
    /// (Serverless Framework documentation, Resolution of environment variables, read 2026-12); a file that is not part
    /// of the scan, as one that .gitignore names, says nothing of what is deployed.
    pub(super) fn read(context: &Context<'_>, folder: &str, stage: &str) -> (Self, Vec<Problem>) {
        let beside = |name: String| if folder.is_empty() { name } else { format!("{folder}/{name}") };
        let names = [beside(format!(".env.{stage}")), beside(".env".into())];
        // Where a file of the stage lies on the disk, the general one is not looked at.
        let Some(path) = names.into_iter().find(|path| context.sources.exists(path)) else {
            return (Self::default(), Vec::new());
        };
        if !context.sources.is_walked(&path) {
            return (Self::default(), Vec::new());
        }
        match context.sources.open(&path) {
            Ok(file) => (Self { values: parsed(&file.text) }, Vec::new()),
            Err(OpenError::Missing) => (Self::default(), Vec::new()),
            Err(error) => {
                (Self::default(), vec![Problem::of_file(ProblemKind::Io, &path.as_str().into(), error.to_string())])
            }
        }
    }

    /// A variable's value at the place that asks for it. One that is a credential is told by its own kind of unknown, so
    /// that it is printed nowhere.
    pub(super) fn get(&self, name: &str, span: crate::source::Span) -> Option<Node> {
        let raw = self.values.get(name)?;
        let what = || format!("env:{name}");
        let Some(value) = self.expanded(raw, 0) else {
            return Some(Node::unknown(UnknownKind::Parameter, what(), span));
        };
        if judge(name, &value).is_some() {
            return Some(Node::new(Value::Unknown(Unknown::new(UnknownKind::Credential, what())), span));
        }
        Some(Node::string(value, span))
    }

    /// The text with `$NAME` and `${NAME}` put in, as dotenv-expand does; `None` where one of them is not in the file,
    /// since it may be set on the machine.
    fn expanded(&self, text: &str, depth: usize) -> Option<String> {
        if depth > MAX_DEPTH || text.len() > MAX_VALUE {
            return None;
        }
        let mut out = String::new();
        let mut rest = text;
        while let Some(at) = rest.find('$') {
            let (before, after) = (&rest[..at], &rest[at + 1..]);
            if let Some(kept) = before.strip_suffix('\\') {
                out.push_str(kept);
                out.push('$');
                rest = after;
                continue;
            }
            out.push_str(before);
            let is_name = |character: char| character.is_ascii_alphanumeric() || character == '_';
            let (name, behind) = match after.strip_prefix('{') {
                Some(inner) => inner.split_once('}')?,
                None => after.split_at(after.find(|one| !is_name(one)).unwrap_or(after.len())),
            };
            if name.is_empty() {
                out.push('$');
            } else {
                out.push_str(&self.expanded(self.values.get(name)?, depth + 1)?);
            }
            if out.len() > MAX_VALUE {
                return None;
            }
            rest = behind;
        }
        out.push_str(rest);
        Some(out)
    }
}

/// The lines of a file as dotenv reads them: `NAME=value`, `export` before it, quotes around it, also over lines; the
/// last of equal names wins.
fn parsed(text: &str) -> BTreeMap<String, String> {
    let mut values = BTreeMap::new();
    let mut rest = text.strip_prefix('\u{feff}').unwrap_or(text);
    while !rest.is_empty() {
        let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
        let written = line.trim_start();
        let written = written.strip_prefix("export ").unwrap_or(written).trim_start();
        let is_name =
            |name: &str| !name.is_empty() && name.chars().all(|one| one.is_ascii_alphanumeric() || "_.-".contains(one));
        let Some((name, value)) = written.split_once('=').filter(|(name, _)| is_name(name.trim())) else {
            rest = after;
            continue;
        };
        let value = value.trim_start();
        let quoted = value.chars().next().filter(|first| "'\"`".contains(*first)).and_then(|quote| {
            // The closing quote may stand on a later line.
            let start = rest.len() - after.len() - usize::from(rest.len() > line.len()) - value.len() + 1;
            let (inner, behind) = rest.get(start..)?.split_once(quote)?;
            let inner = if quote == '"' { inner.replace("\\n", "\n").replace("\\r", "\r") } else { inner.to_owned() };
            Some((inner, behind.split_once('\n').map_or("", |(_, behind)| behind)))
        });
        let (value, behind) = quoted.unwrap_or_else(|| {
            let plain = value.split('#').next().unwrap_or(value).trim();
            (plain.to_owned(), after)
        });
        values.insert(name.trim().to_owned(), value);
        rest = behind;
    }
    values
}

#[cfg(test)]
mod tests {
    use super::{Dotenv, parsed};
    use crate::source::{FileId, Span};

    #[test]
    fn lines_are_read_as_dotenv_reads_them() {
        let text = "# remark\nA=1\n export B = two words # note\nC='x # y'\nD=\"a\nb\\nc\" # end\nE=\nnot a line\nF=`q`\nA=2\nG='open\n";
        let found: Vec<(String, String)> = parsed(text).into_iter().collect();
        let expected =
            [("A", "2"), ("B", "two words"), ("C", "x # y"), ("D", "a\nb\nc"), ("E", ""), ("F", "q"), ("G", "'open")];
        assert_eq!(found, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }

    #[test]
    fn values_are_put_together_from_others() {
        let env = Dotenv { values: parsed("A=a\nB=$A/${A}x\nC=$GONE\nD=\\$A\nL=$L\nM=5$\n") };
        let shown = |name| env.get(name, Span::start_of(FileId(0))).map(|node| node.to_string());
        for (name, expected) in [
            ("B", Some("a/ax")),
            ("C", Some("${env:C}")),
            ("D", Some("$A")),
            ("L", Some("${env:L}")),
            ("M", Some("5$")),
            ("N", None),
        ] {
            assert_eq!(shown(name).as_deref(), expected, "{name}");
        }
    }
}
