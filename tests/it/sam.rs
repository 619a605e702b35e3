//! The SAM transform against the translator of its authors: the same ids and types, the same roles and permissions.

use leastwise::infra::{Context, Options, template};
use leastwise::model::Resource;
use leastwise::source::Sources;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Reads one template as the scanner does; the resources that the user would get, by id without hashes.
fn lowered(text: &str, name: &str) -> BTreeMap<String, Resource> {
    let sources = Sources::in_memory([(name, text)]);
    let options = Options::default();
    let context = Context { sources: &sources, options: &options };
    let (project, problems) = template::read(&context, name);
    let project = project.unwrap_or_else(|| panic!("{name}: {problems:?}"));
    let derived = |resource: &Resource| resource.properties.get("__Derived").is_some();
    let kept = project.resources.into_iter().filter(|resource| !derived(resource));
    kept.map(|resource| (without_hash(&resource.id), resource)).collect()
}

/// An id without the ten digits that hang on text which the scanner does not keep.
fn without_hash(id: &str) -> String {
    let cut = id.len().saturating_sub(10);
    match id.is_char_boundary(cut).then(|| id.split_at(cut)) {
        Some((rest, digits))
            if digits.len() == 10 && digits.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) =>
        {
            format!("{rest}#")
        }
        _ => id.to_owned(),
    }
}

/// What differs in ids and types.
fn differences(ours: &BTreeMap<String, Resource>, theirs: &BTreeMap<String, Resource>) -> Vec<String> {
    let mut lines = Vec::new();
    for (id, resource) in theirs {
        match ours.get(id) {
            None => lines.push(format!("missing {id} ({})", resource.kind)),
            Some(own) if own.kind != resource.kind => lines.push(format!("{id} is {} not {}", own.kind, resource.kind)),
            _ => {}
        }
    }
    let extra = ours.iter().filter(|(id, _)| !theirs.contains_key(*id));
    lines.extend(extra.map(|(id, resource)| format!("extra {id} ({})", resource.kind)));
    lines
}

#[test]
fn published_inputs_give_the_same_ids_and_types() {
    let Some(folder) = std::env::var_os("LEASTWISE_SAM_INPUTS").map(PathBuf::from) else {
        eprintln!("LEASTWISE_SAM_INPUTS names no folder with `input` and `output`: not compared");
        return;
    };
    let mut inputs: Vec<PathBuf> =
        std::fs::read_dir(folder.join("input")).unwrap().map(|it| it.unwrap().path()).collect();
    inputs.sort();
    let (mut same, mut all) = (0, 0);
    for input in inputs {
        let name = input.file_stem().unwrap().to_string_lossy().into_owned();
        let output = folder.join("output").join(format!("{name}.json"));
        if name.starts_with("error_") || !output.is_file() {
            continue;
        }
        let read = |path: &Path| std::fs::read_to_string(path).unwrap();
        let result = std::panic::catch_unwind(|| {
            differences(&lowered(&read(&input), "template.yaml"), &lowered(&read(&output), "template.json"))
        });
        all += 1;
        match result {
            Ok(lines) if lines.is_empty() => same += 1,
            Ok(lines) => eprintln!("{name}: {}", lines.join("; ")),
            Err(_) => eprintln!("{name}: panicked"),
        }
    }
    eprintln!("{same} of {all} published inputs give the same ids and types");
}
