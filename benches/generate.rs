//! Projects of any size, the same bytes each time: four formats with their code, ten resources a stack.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Resources that each of the stacks declares.
pub const PER_STACK: usize = 10;

/// A kind of stack: its folder's name, its template, its code.
struct Kind {
    name: &'static str,
    template: (&'static str, &'static str),
    code: (&'static str, &'static str),
}

const PYTHON: (&str, &str) = ("src/handler.py", include_str!("project/handler.py"));
const JAVASCRIPT: (&str, &str) = ("src/handler.js", include_str!("project/handler.js"));

const KINDS: [Kind; 4] = [
    Kind {
        name: "cloudformation",
        template: ("template.yaml", include_str!("project/cloudformation.yaml")),
        code: PYTHON,
    },
    Kind { name: "sam", template: ("template.yaml", include_str!("project/sam.yaml")), code: PYTHON },
    Kind { name: "terraform", template: ("main.tf", include_str!("project/main.tf")), code: PYTHON },
    Kind { name: "serverless", template: ("serverless.yml", include_str!("project/serverless.yml")), code: JAVASCRIPT },
];

/// Writes a repository with `resources` resources, rounded up to whole stacks, below the folder for temporary files,
/// and returns its path. One that is there already is written again.
pub fn repository(resources: usize) -> io::Result<PathBuf> {
    let root = std::env::temp_dir().join(format!("leastwise-bench-{resources}"));
    if root.exists() {
        fs::remove_dir_all(&root)?;
    }
    // What makes a folder the root that paths are relative to.
    fs::create_dir_all(root.join(".git"))?;
    for number in 0..resources.div_ceil(PER_STACK) {
        stack(&root, number)?;
    }
    Ok(root)
}

fn stack(root: &Path, number: usize) -> io::Result<()> {
    let kind = &KINDS[number % KINDS.len()];
    let folder = root.join(format!("{number:05}-{}", kind.name));
    fs::create_dir_all(folder.join("src"))?;
    for (name, text) in [kind.template, kind.code] {
        fs::write(folder.join(name), filled(text, number))?;
    }
    Ok(())
}

/// The text with the stack's number and choices that differ from stack to stack.
fn filled(text: &str, number: usize) -> String {
    // Each choice turns over at a pace of its own, so that stacks of one format differ too.
    let round = number / KINDS.len();
    let label = ["none", "personal", "internal", "phi"][round % 4];
    let action = ["Query", "*", "DeleteItem"][round % 3];
    text.replace("NUMBER", &number.to_string())
        .replace("BOOLEAN", if round.is_multiple_of(2) { "true" } else { "false" })
        .replace("LABEL", label)
        .replace("dynamodb:ACTION", &format!("dynamodb:{action}"))
}
