//! Programs of others that the tests compare with: pinned in tests/tools/, installed under target/tools on first use.
//!
//! A test that needs one returns at once where [`python`] or [`node_modules`] is `None`, which `LEASTWISE_SKIP_TOOLS=1`
//! asks for. Without that variable a missing interpreter fails the test with the command that helps.

use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

const REQUIREMENTS: &str = include_str!("../tools/requirements.txt");
const PACKAGE: &str = include_str!("../tools/package.json");
const PACKAGE_LOCK: &str = include_str!("../tools/package-lock.json");

/// The python that has the packages of tests/tools/requirements.txt; `None` where tools are skipped.
pub(crate) fn python() -> Option<PathBuf> {
    static PYTHON: OnceLock<Option<PathBuf>> = OnceLock::new();
    PYTHON.get_or_init(|| installed("python", &[REQUIREMENTS], install_python).map(|home| venv_python(&home))).clone()
}

/// The node_modules folder with the packages of tests/tools/package-lock.json; `None` where tools are skipped.
pub(crate) fn node_modules() -> Option<PathBuf> {
    static MODULES: OnceLock<Option<PathBuf>> = OnceLock::new();
    MODULES
        .get_or_init(|| installed("npm", &[PACKAGE, PACKAGE_LOCK], install_npm).map(|home| home.join("node_modules")))
        .clone()
}

/// The folder of a tool set, installed once for its pins however many tests and processes ask at the same time.
fn installed(name: &str, pins: &[&str], install: fn(&Path)) -> Option<PathBuf> {
    if std::env::var_os("LEASTWISE_SKIP_TOOLS").is_some_and(|value| value == "1") {
        return None;
    }
    let tools = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().join("tools");
    fs::create_dir_all(&tools).unwrap();
    let lock = File::create(tools.join(format!("{name}.lock"))).unwrap();
    lock.lock().unwrap();
    let home = tools.join(format!("{name}-{}", short_hash(pins)));
    let ready = home.join("ready");
    if !ready.exists() {
        let _ = fs::remove_dir_all(&home);
        fs::create_dir_all(&home).unwrap();
        install(&home);
        fs::write(&ready, "").unwrap();
    }
    Some(home)
}

fn install_python(home: &Path) {
    let help = "install Python 3.11 or later with its venv module (Debian: apt-get install python3 python3-venv)";
    run(Command::new(if cfg!(windows) { "python" } else { "python3" }).args(["-m", "venv"]).arg(home), help);
    let requirements = home.join("requirements.txt");
    fs::write(&requirements, REQUIREMENTS).unwrap();
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "-r"];
    run(
        Command::new(venv_python(home)).args(pip).arg(&requirements),
        "let pip reach a package index (PIP_INDEX_URL, PIP_FIND_LINKS)",
    );
}

fn install_npm(home: &Path) {
    fs::write(home.join("package.json"), PACKAGE).unwrap();
    fs::write(home.join("package-lock.json"), PACKAGE_LOCK).unwrap();
    let npm = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" })
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
        .current_dir(home)
        .output();
    check(npm, "npm ci", "install Node.js 20 or later with npm (Debian: apt-get install nodejs npm)");
}

fn venv_python(home: &Path) -> PathBuf {
    home.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" })
}

fn run(command: &mut Command, help: &str) {
    let what = format!("{command:?}");
    check(command.output(), &what, help);
}

fn check(outcome: std::io::Result<std::process::Output>, what: &str, help: &str) {
    let reason = match outcome {
        Ok(output) if output.status.success() => return,
        Ok(output) => String::from_utf8_lossy(&output.stderr).into_owned(),
        Err(error) => error.to_string(),
    };
    panic!("a tool of the tests could not be set up: {what}: {reason}\n{help}, or skip with LEASTWISE_SKIP_TOOLS=1");
}

fn short_hash(texts: &[&str]) -> String {
    let mut hash = Sha256::new();
    texts.iter().for_each(|text| hash.update(text.as_bytes()));
    hash.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn the_pinned_python_packages_can_be_imported() {
    let Some(python) = python() else { return };
    run(Command::new(python).args(["-c", "import moto.server, samtranslator.translator"]), "see requirements.txt");
}

#[test]
fn the_pinned_node_packages_are_there() {
    let Some(modules) = node_modules() else { return };
    assert!(modules.join("@microsoft/sarif-multitool/package.json").is_file());
}

#[test]
fn the_pins_name_no_registry() {
    for pins in [REQUIREMENTS, PACKAGE, PACKAGE_LOCK] {
        assert!(!pins.contains("://"), "a pin names a host: write tests/tools/ with its .npmrc in force");
    }
}
