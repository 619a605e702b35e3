//! The floor of a scan: its own walk, its own reading and its own parsers over every file, and nothing else.

use crate::cost::{Clock, milliseconds, peak_memory};
use leastwise::source::{SourceFile, Sources, collect, root_of};
use leastwise::syntax::tree::{self, Grammar};
use leastwise::syntax::{hcl, json, yaml};
use rayon::prelude::*;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// A parser, and the files that it is for; it says whether there was something to parse.
struct Parser {
    name: &'static str,
    extensions: &'static [&'static str],
    parse: fn(&SourceFile) -> bool,
}

const PARSERS: &[Parser] = &[
    Parser {
        name: "yaml",
        extensions: &["yaml", "yml"],
        parse: |file| !yaml::parse_all(file, yaml::Schema::Yaml11).0.is_empty(),
    },
    Parser { name: "json", extensions: &["json"], parse: |file| json::parse(file).0.is_some() },
    Parser { name: "hcl", extensions: &["tf"], parse: |file| hcl::parse(file).1.is_empty() },
    Parser { name: "python", extensions: &["py"], parse: |file| code(file, Grammar::Python) },
    Parser {
        name: "javascript",
        extensions: &["js", "mjs", "cjs", "jsx"],
        parse: |file| code(file, Grammar::JavaScript),
    },
    Parser { name: "typescript", extensions: &["ts", "mts", "cts"], parse: |file| code(file, Grammar::TypeScript) },
    Parser { name: "tsx", extensions: &["tsx"], parse: |file| code(file, Grammar::Tsx) },
    Parser { name: "rust", extensions: &["rs"], parse: |file| syn::parse_file(&file.text).is_ok() },
];

fn code(file: &SourceFile, grammar: Grammar) -> bool {
    tree::parse(&file.text, grammar).is_ok()
}

/// Worker threads as deep as those of a scan: parsers recurse.
const STACK: usize = 64 << 20;

/// Walks, reads and parses everything below the paths, prints what each step cost, and returns the CPU time of all.
pub fn measure(paths: &[PathBuf]) -> Option<Duration> {
    // A second call in one process finds the pool made.
    let _ = rayon::ThreadPoolBuilder::new().stack_size(STACK).build_global();
    println!("{:<12} {:>7} {:>8} {:>7} {:>8} {:>8}", "step", "files", "KB", "failed", "wall ms", "CPU ms");
    let mut whole = Clock::start();
    let mut clock = Clock::start();
    let (collected, _) = collect(&root_of(paths), paths, &[]);
    let sources = &collected.sources;
    let walked: Vec<(Arc<str>, u64)> = sources.walked_under("");
    row("walk", &walked, 0, &mut clock);
    let known: Vec<(Arc<str>, u64)> =
        walked.into_iter().filter(|(path, _)| PARSERS.iter().any(|parser| takes(parser, path))).collect();
    let unread = known.par_iter().filter(|(path, _)| sources.open(path).is_err()).count();
    row("read", &known, unread, &mut clock);
    for parser in PARSERS {
        let files: Vec<(Arc<str>, u64)> = known.iter().filter(|(path, _)| takes(parser, path)).cloned().collect();
        let failed = files.par_iter().filter(|(path, _)| !parsed(parser, sources, path)).count();
        row(parser.name, &files, failed, &mut clock);
    }
    let (wall, cpu) = whole.lap();
    println!("{:<12} {:>7} {:>8} {:>7} {:>8} {:>8}", "total", "", "", "", milliseconds(Some(wall)), milliseconds(cpu));
    println!("peak memory {} KB", peak_memory("self").unwrap_or(0));
    cpu
}

fn takes(parser: &Parser, path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, extension)| parser.extensions.contains(&extension))
}

fn parsed(parser: &Parser, sources: &Sources, path: &str) -> bool {
    sources.open(path).is_ok_and(|file| (parser.parse)(&file))
}

fn row(name: &str, files: &[(Arc<str>, u64)], failed: usize, clock: &mut Clock) {
    let (wall, cpu) = clock.lap();
    let bytes: u64 = files.iter().map(|(_, size)| size).sum();
    let (count, size) = (files.len(), bytes / 1_000);
    println!("{name:<12} {count:>7} {size:>8} {failed:>7} {:>8} {:>8}", milliseconds(Some(wall)), milliseconds(cpu));
}
