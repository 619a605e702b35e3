//! Expressions drawn at random from checkouts of public modules, evaluated by us and by `terraform console`.
//!
//! `LEASTWISE_TERRAFORM_MODULES` names the folder that holds the checkouts; nothing of them is kept here.

use crate::terraform_console::{json, same};
use leastwise::infra::{self, Options};
use leastwise::source::Sources;
use leastwise::syntax::hcl::{self, Block, Expr, ExprKind, Piece, Step};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What the drawing starts from; another number draws other expressions.
const SEED: u64 = 20_261_121;

/// The number of expressions that are drawn.
const DRAWN: usize = 2_500;

/// The number of expressions that have to be compared for the result to count.
const ENOUGH: usize = 500;

/// Functions whose result hangs on the machine or the hour, or that mark a value.
const OTHERS: &[&str] = &[
    "file",
    "templatefile",
    "timestamp",
    "uuid()",
    "bcrypt",
    "abspath",
    "pathexpand",
    "sensitive(",
    "path.",
    "base64gzip",
];

#[test]
fn expressions_of_public_modules_are_worth_what_terraform_says() {
    let Ok(folder) = std::env::var("LEASTWISE_TERRAFORM_MODULES") else {
        println!("LEASTWISE_TERRAFORM_MODULES is not set: no module's expressions were compared");
        return;
    };
    if Command::new("terraform").arg("version").output().is_err() {
        println!("terraform is not installed: no module's expressions were compared");
        return;
    }
    let modules = modules(Path::new(&folder));
    let mut all: Vec<(usize, usize, String)> = Vec::new();
    for (at, module) in modules.iter().enumerate() {
        for set in 0..module.sets.len() {
            all.extend(module.candidates.iter().map(|text| (at, set, text.clone())));
        }
    }
    let mut chosen: BTreeMap<(usize, usize), Vec<String>> = BTreeMap::new();
    let mut random = SEED;
    for _ in 0..DRAWN.min(all.len()) {
        // Knuth's constants for a linear congruential generator of 64 bits.
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let (at, set, text) = all.swap_remove((random >> 33) as usize % all.len());
        chosen.entry((at, set)).or_default().push(text);
    }
    let mut tally = Tally::default();
    for ((at, set), expressions) in &chosen {
        modules[*at].compare(*set, expressions, &mut tally);
    }
    let (compared, wrong) = (tally.compared, tally.wrong);
    println!(
        "{compared} of {} say something and were compared, {} of them refused by Terraform too",
        tally.drawn, tally.refused
    );
    assert!(compared >= ENOUGH, "only {compared} expressions were compared");
    assert!(wrong.is_empty(), "{} of {compared} differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[derive(Default)]
struct Tally {
    drawn: usize,
    compared: usize,
    refused: usize,
    wrong: Vec<String>,
}

/// What is taken from one folder of a checkout.
struct Module {
    folder: PathBuf,
    /// The text of each variable, cut to type, default and nullable.
    variables: BTreeMap<String, String>,
    /// The variables without a default, with some value of their type.
    required: BTreeMap<String, String>,
    /// The locals that hang on nothing but variables and each other.
    locals: BTreeMap<String, String>,
    candidates: BTreeSet<String>,
    /// Arguments that the module is called with: none, and those of each call in the checkout.
    sets: Vec<BTreeMap<String, String>>,
}

/// Every folder of the checkouts that declares variables, with the calls of it in the same checkout.
fn modules(root: &Path) -> Vec<Module> {
    let mut found: Vec<Module> = Vec::new();
    let mut calls: Vec<(PathBuf, BTreeMap<String, String>)> = Vec::new();
    for folder in folders(root) {
        let mut blocks = Vec::new();
        for file in entries(&folder).into_iter().filter(|path| path.extension().is_some_and(|ext| ext == "tf")) {
            let text = fs::read_to_string(&file).unwrap();
            let sources = Sources::in_memory([("main.tf", text.as_str())]);
            let (body, _) = hcl::parse(&sources.open("main.tf").unwrap());
            blocks.extend(body.blocks.into_iter().map(|block| (text.clone(), block)));
        }
        for (text, block) in &blocks {
            calls.extend(called(&folder, text, block));
        }
        let module = Module::of(folder, &blocks);
        if !module.variables.is_empty() {
            found.push(module);
        }
    }
    for (folder, arguments) in calls {
        if let Some(module) = found.iter_mut().find(|module| module.folder == folder) {
            let known = arguments.into_iter().filter(|(name, _)| module.variables.contains_key(name)).collect();
            module.sets.push(known);
        }
    }
    found
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder).into_iter().flatten().flatten().map(|e| e.path()).collect();
    entries.sort();
    entries
}

fn folders(root: &Path) -> Vec<PathBuf> {
    let mut all = vec![root.canonicalize().unwrap()];
    for folder in entries(&all[0]).into_iter().filter(|path| path.is_dir() && !path.ends_with(".git")) {
        all.extend(folders(&folder));
    }
    all
}

fn text_of<'a>(text: &'a str, expr: &Expr) -> &'a str {
    &text[expr.span.range()]
}

fn attribute<'a>(block: &'a Block, name: &str) -> Option<&'a Expr> {
    block.body.attributes.iter().find(|attribute| &*attribute.name == name).map(|attribute| &*attribute.value)
}

/// The folder that a call names and those of its arguments that hang on nothing.
fn called(folder: &Path, text: &str, block: &Block) -> Option<(PathBuf, BTreeMap<String, String>)> {
    let source = (&*block.kind == "module").then(|| attribute(block, "source")).flatten()?;
    let target = folder.join(text_of(text, source).trim_matches('"')).canonicalize().ok()?;
    let constant = |expr: &Expr| names(expr).is_empty() && usable(text_of(text, expr));
    let own = ["source", "version", "providers", "for_each", "count", "depends_on"];
    let given = block.body.attributes.iter().filter(|a| !own.contains(&&*a.name) && constant(&a.value));
    Some((target, given.map(|a| (a.name.to_string(), text_of(text, &a.value).to_owned())).collect()))
}

fn usable(text: &str) -> bool {
    !OTHERS.iter().any(|other| text.contains(other))
}

impl Module {
    fn of(folder: PathBuf, blocks: &[(String, std::sync::Arc<Block>)]) -> Self {
        let mut module = Self {
            folder,
            variables: BTreeMap::new(),
            required: BTreeMap::new(),
            locals: BTreeMap::new(),
            candidates: BTreeSet::new(),
            sets: vec![BTreeMap::new()],
        };
        let mut locals: BTreeMap<String, (&str, &Expr)> = BTreeMap::new();
        for (text, block) in blocks {
            match &*block.kind {
                "variable" => module.variable(text, block),
                "locals" => {
                    let each = block.body.attributes.iter();
                    locals.extend(each.map(|a| (a.name.to_string(), (text.as_str(), &*a.value))));
                }
                _ => {}
            }
        }
        loop {
            let ready = |(text, expr): &(&str, &Expr)| module.is_pure(expr, &[]) && usable(text_of(text, expr));
            let pure: Vec<String> =
                locals.iter().filter(|(_, local)| ready(local)).map(|(name, _)| name.clone()).collect();
            if pure.is_empty() {
                break;
            }
            for name in pure {
                let (text, expr) = locals.remove(&name).unwrap();
                module.locals.insert(name, text_of(text, expr).to_owned());
            }
        }
        for (text, block) in blocks.iter().filter(|(_, block)| &*block.kind != "variable") {
            module.block(text, block, &[]);
        }
        module
    }

    fn variable(&mut self, text: &str, block: &Block) {
        let name = block.labels[0].to_string();
        let mut written = String::new();
        for key in ["type", "default", "nullable"] {
            if let Some(expr) = attribute(block, key) {
                written.push_str(&format!("  {key} = {}\n", text_of(text, expr)));
            }
        }
        if attribute(block, "default").is_none() {
            let wanted = attribute(block, "type").map_or("", |expr| text_of(text, expr));
            let some = match wanted.split('(').next().unwrap_or_default().trim() {
                "list" | "set" | "tuple" => "[]",
                "map" | "object" => "{}",
                "bool" => "true",
                "number" => "3",
                _ => "\"given\"",
            };
            self.required.insert(name.clone(), some.to_owned());
        }
        self.variables.insert(name, written);
    }

    fn is_pure(&self, expr: &Expr, bound: &[Iterator]) -> bool {
        names(expr).iter().all(|(root, first)| match root.as_str() {
            "var" => self.variables.contains_key(first),
            "local" => self.locals.contains_key(first),
            name => bound.iter().any(|iterator| iterator.name == name),
        })
    }

    /// Takes the expressions of a block; what it repeats over becomes a `for` around them.
    fn block(&mut self, text: &str, block: &Block, around: &[Iterator]) {
        let mut around = around.to_vec();
        let dynamic = &*block.kind == "dynamic";
        let name = if dynamic { block.labels.first().map_or("", |label| &**label) } else { "each" };
        let name = attribute(block, "iterator").map_or(name, |expr| text_of(text, expr)).to_owned();
        for (key, name) in [("for_each", name), ("count", "count".to_owned())] {
            let Some(expr) = attribute(block, key).filter(|expr| self.is_pure(expr, &around)) else {
                continue;
            };
            let over = text_of(text, expr);
            let items = if key == "count" {
                format!("[for i in range({over}\n) : {{ index = i }}]")
            } else {
                format!("[for k, v in {over}\n : {{ key = k, value = v }}]")
            };
            if usable(over) {
                around.push(Iterator { name, items, uses: names(expr) });
            }
        }
        for attribute in &block.body.attributes {
            self.take(text, &attribute.value, &around);
        }
        for inner in &block.body.blocks {
            self.block(text, inner, &around);
        }
    }

    /// Takes an expression and those inside it that see no name of its own.
    fn take(&mut self, text: &str, expr: &Expr, around: &[Iterator]) {
        let written = text_of(text, expr);
        let plain = match &expr.kind {
            ExprKind::Traversal(_, steps) => steps.len() < 2,
            ExprKind::List(items) => items.is_empty(),
            ExprKind::Object(entries) => entries.is_empty(),
            ExprKind::Null | ExprKind::Bool(_) | ExprKind::Number(_) | ExprKind::String(_) | ExprKind::Variable(_) => {
                true
            }
            _ => false,
        };
        if !plain && !names(expr).is_empty() && usable(written) && self.is_pure(expr, around) {
            let mut whole = written.to_owned();
            let mut used = names(expr);
            for iterator in around.iter().rev() {
                if used.iter().any(|(name, _)| *name == iterator.name) {
                    whole = format!("[for {} in {} : {whole}\n]", iterator.name, iterator.items);
                    used.extend(iterator.uses.iter().cloned());
                }
            }
            self.candidates.insert(whole);
        }
        children(expr, &mut |inner| self.take(text, inner, around));
    }

    /// Evaluates expressions by both and compares them; a batch that Terraform refuses as a whole is halved.
    fn compare(&self, set: usize, expressions: &[String], tally: &mut Tally) {
        let texts = self.configuration(set, expressions);
        let Some(theirs) = console(&texts) else {
            if let [_] = expressions {
                tally.drawn += 1;
                return;
            }
            let (first, second) = expressions.split_at(expressions.len() / 2);
            self.compare(set, first, tally);
            return self.compare(set, second, tally);
        };
        let ours = evaluated(&texts, expressions.len());
        for (at, expression) in expressions.iter().enumerate() {
            let theirs = &theirs[&format!("e{at}")];
            tally.drawn += 1;
            // A list of nothing says nothing: what it repeats over is empty here.
            tally.compared += usize::from(theirs.to_string().contains(|letter: char| letter.is_alphanumeric()));
            tally.refused += usize::from(theirs == "refused");
            if !same(&ours[at], theirs) {
                let folder = self.folder.display();
                tally.wrong.push(format!(
                    "{folder} {set}: {expression}\n    terraform: {theirs}\n    leastwise: {}",
                    ours[at]
                ));
            }
        }
    }

    /// The text of a root module that calls, and of the module that is called and puts the expressions out.
    fn configuration(&self, set: usize, expressions: &[String]) -> [String; 2] {
        let mut root = "module \"m\" {\n  source = \"./m\"\n".to_owned();
        let given = &self.sets[set];
        let missing = self.required.iter().filter(|(name, _)| !given.contains_key(*name));
        for (name, text) in given.iter().chain(missing) {
            root.push_str(&format!("  {name} = {text}\n"));
        }
        root.push_str("}\n");
        let mut module = String::new();
        for (name, text) in &self.variables {
            module.push_str(&format!("variable \"{name}\" {{\n{text}}}\n"));
        }
        for (name, text) in &self.locals {
            module.push_str(&format!("locals {{\n  {name} = {text}\n}}\n"));
        }
        for (at, text) in expressions.iter().enumerate() {
            let value = format!("try(jsonencode([{text}\n]), \"refused\")");
            module.push_str(&format!("output \"e{at}\" {{\n  value = {value}\n}}\n"));
        }
        [root, module]
    }
}

/// A name that stands for the items of a list.
#[derive(Clone)]
struct Iterator {
    name: String,
    items: String,
    uses: BTreeSet<(String, String)>,
}

/// The names that an expression refers to and does not bind itself, each with the attribute after it.
fn names(expr: &Expr) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    free(expr, &mut Vec::new(), &mut found);
    found
}

fn free(expr: &Expr, bound: &mut Vec<String>, found: &mut BTreeSet<(String, String)>) {
    match &expr.kind {
        ExprKind::Variable(name) if !bound.iter().any(|known| **known == **name) => {
            found.insert((name.to_string(), String::new()));
        }
        ExprKind::Traversal(base, steps) => {
            let first = steps.first();
            match (&base.kind, first) {
                (ExprKind::Variable(name), Some(Step::Attribute(first))) => {
                    if !bound.iter().any(|known| **known == **name) {
                        found.insert((name.to_string(), first.to_string()));
                    }
                }
                _ => free(base, bound, found),
            }
            for step in steps {
                if let Step::Index(index) = step {
                    free(index, bound, found);
                }
            }
        }
        ExprKind::For(each) => {
            free(&each.collection, bound, found);
            let before = bound.len();
            bound.extend(each.key_name.iter().chain([&each.value_name]).map(ToString::to_string));
            for inner in each.key.iter().chain([&each.value]).chain(each.condition.iter()) {
                free(inner, bound, found);
            }
            bound.truncate(before);
        }
        ExprKind::Template(pieces) => free_pieces(pieces, bound, found),
        _ => children(expr, &mut |inner| free(inner, bound, found)),
    }
}

fn free_pieces(pieces: &[Piece], bound: &mut Vec<String>, found: &mut BTreeSet<(String, String)>) {
    for piece in pieces {
        match piece {
            Piece::Literal(..) => {}
            Piece::Value(expr) => free(expr, bound, found),
            Piece::If(condition, then, otherwise) => {
                free(condition, bound, found);
                free_pieces(then, bound, found);
                free_pieces(otherwise, bound, found);
            }
            Piece::For { key_name, value_name, collection, pieces } => {
                free(collection, bound, found);
                let before = bound.len();
                bound.extend(key_name.iter().chain([value_name]).map(ToString::to_string));
                free_pieces(pieces, bound, found);
                bound.truncate(before);
            }
        }
    }
}

/// The expressions directly inside one that see the same names; of a `for` only what it walks.
fn children<'a>(expr: &'a Expr, visit: &mut dyn FnMut(&'a Expr)) {
    match &expr.kind {
        ExprKind::List(items) => items.iter().for_each(visit),
        ExprKind::Object(entries) => entries.iter().for_each(|(key, value)| {
            visit(key);
            visit(value);
        }),
        ExprKind::Conditional(parts) => parts.iter().for_each(visit),
        ExprKind::Call { arguments, .. } => arguments.iter().for_each(visit),
        ExprKind::Unary(_, inner) => visit(inner),
        ExprKind::Binary(_, sides) => sides.iter().for_each(visit),
        ExprKind::For(each) => visit(&each.collection),
        ExprKind::Template(pieces) => pieces.iter().for_each(|piece| {
            if let Piece::Value(inner) = piece {
                visit(inner);
            }
        }),
        _ => {}
    }
}

/// The outputs of the called module by `terraform console`; `None` where Terraform refuses the configuration.
fn console(texts: &[String; 2]) -> Option<serde_json::Value> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("terraform-modules");
    fs::create_dir_all(folder.join("m")).unwrap();
    fs::write(folder.join("main.tf"), &texts[0]).unwrap();
    fs::write(folder.join("m/main.tf"), &texts[1]).unwrap();
    let terraform = |argument: &str| {
        let mut command = Command::new("terraform");
        command.arg(argument).current_dir(&folder).env("CHECKPOINT_DISABLE", "1").stderr(Stdio::null());
        command
    };
    if !folder.join(".terraform/modules/modules.json").exists() {
        terraform("init").output().unwrap();
    }
    fs::write(folder.join("line"), "jsonencode(module.m)\n").unwrap();
    let line = fs::File::open(folder.join("line")).unwrap();
    let output = terraform("console").stdin(line).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let inner: String = serde_json::from_str(text.trim()).ok()?;
    serde_json::from_str(&inner).ok()
}

fn evaluated(texts: &[String; 2], count: usize) -> Vec<serde_json::Value> {
    let values: Vec<String> = (0..count).map(|at| format!("module.m.e{at}")).collect();
    let root = format!("{}resource \"aws_own\" \"all\" {{\n  values = [{}]\n}}\n", texts[0], values.join(", "));
    let sources = Sources::in_memory([("main.tf", root.as_str()), ("m/main.tf", texts[1].as_str())]);
    let (projects, _) = infra::read(&sources, &Options::default());
    let all = projects[0].resource("aws_own.all").unwrap();
    all.properties.get("Values").unwrap().items().iter().map(json).collect()
}
