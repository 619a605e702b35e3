//! Embeds every rule folder and every table of Terraform, so that one more needs no existing file touched.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=rules");
    let root = env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?;
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    fs::write(Path::new(&out).join("terraform.in"), terraform(Path::new(&root))?)?;
    fs::write(Path::new(&out).join("rules.in"), table(Path::new(&root))?)
}

/// The tables of data/terraform, as Rust: their text, sorted by file.
fn terraform(root: &Path) -> io::Result<String> {
    println!("cargo::rerun-if-changed=data/terraform");
    let mut files = Vec::new();
    for entry in fs::read_dir(root.join("data/terraform"))? {
        files.push(entry?.path());
    }
    files.retain(|file: &std::path::PathBuf| file.extension().is_some_and(|extension| extension == "tsv"));
    files.sort();
    let lines = files.iter().map(|file| format!("    include_str!({file:?}),\n"));
    Ok(format!("&[\n{}]\n", lines.collect::<String>()))
}

/// The table of the rule folders below `root`, as Rust: path, category, Cedar text, page.
pub fn table(root: &Path) -> io::Result<String> {
    let mut table = String::from("&[\n");
    for category in folders(&root.join("rules"))? {
        for rule in folders(&root.join("rules").join(&category))? {
            let path = format!("rules/{category}/{rule}");
            let folder = root.join(&path);
            if !folder.join("rule.cedar").is_file() {
                continue;
            }
            println!("cargo::rerun-if-changed={path}");
            let include = |file: &str| format!("include_str!({:?})", folder.join(file));
            let (cedar, page) = (include("rule.cedar"), include("rule.md"));
            let _ = writeln!(table, "    ({path:?}, {category:?}, {cedar}, {page}),");
        }
    }
    table.push_str("]\n");
    Ok(table)
}

/// The folders directly inside a folder, sorted.
fn folders(path: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}
