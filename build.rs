//! Embeds every rule folder, so that one more folder under rules/ needs no existing file touched.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=rules");
    let root = env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?;
    let mut table = String::from("&[\n");
    for category in folders(&Path::new(&root).join("rules"))? {
        for rule in folders(&Path::new(&root).join("rules").join(&category))? {
            let path = format!("rules/{category}/{rule}");
            println!("cargo::rerun-if-changed={path}");
            let folder = Path::new(&root).join(&path);
            if !folder.join("rule.cedar").is_file() {
                continue;
            }
            let include = |file: &str| format!("include_str!({:?})", folder.join(file));
            let _ = writeln!(table, "    ({path:?}, {category:?}, {}, {}),", include("rule.cedar"), include("rule.md"));
        }
    }
    table.push_str("]\n");
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    fs::write(Path::new(&out).join("rules.in"), table)
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
