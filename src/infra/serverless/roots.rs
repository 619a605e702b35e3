//! Which files are services, and which files they take as their own.

use crate::infra::Context;
use crate::source::normalize;

/// The walked files that are service files: by their name, or by `service:`, `provider:` and `name: aws` in a YAML.
pub fn roots(context: &Context<'_>) -> Vec<String> {
    let walked = context.sources.walked_under("");
    walked.iter().map(|(path, _)| &**path).filter(|path| is_service(context, path)).map(str::to_owned).collect()
}

/// The files that a service takes as a whole, or their `Resources`, with `${file(…)}`, so that they are no templates of
/// their own. Paths with variables in them are left out, and so are other services' files.
pub fn claimed(context: &Context<'_>, root: &str) -> Vec<String> {
    let Ok(file) = context.sources.open(root) else {
        return Vec::new();
    };
    let folder = root.rfind('/').map_or("", |slash| &root[..=slash]);
    let mut paths: Vec<String> = file
        .text
        .split("${file(")
        .skip(1)
        .filter_map(|rest| rest.split_once(')'))
        .filter(|(path, rest)| !path.contains("${") && (rest.starts_with('}') || rest.starts_with(":Resources")))
        .filter_map(|(path, _)| normalize(&format!("{folder}{}", path.trim())))
        .filter(|path| !is_service(context, path))
        .collect();
    paths.sort_unstable();
    paths.dedup();
    paths
}

/// Whether a configuration is code that would have to be run.
pub(super) fn is_program(path: &str) -> bool {
    matches!(file_name(path), "serverless.ts" | "serverless.js" | "serverless.cjs" | "serverless.mjs")
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn is_service(context: &Context<'_>, path: &str) -> bool {
    let name = file_name(path);
    match name {
        "serverless.yml" | "serverless.yaml" | "serverless.json" => true,
        _ if is_program(path) => is_service_program(context, path),
        _ if name.ends_with(".yml") || name.ends_with(".yaml") => {
            context.sources.open(path).is_ok_and(|file| looks_like_a_service(&file.text))
        }
        _ => false,
    }
}

/// A program by the framework's file name may be something else; a service's one speaks of its provider.
fn is_service_program(context: &Context<'_>, path: &str) -> bool {
    let says = |text: &str| text.contains("service") && text.contains("provider") && text.contains("aws");
    context.sources.open(path).is_ok_and(|file| says(&file.text))
}

fn looks_like_a_service(text: &str) -> bool {
    let finder = |needle: &str| memchr::memmem::find(text.as_bytes(), needle.as_bytes()).is_some();
    if !finder("service:") || !finder("provider:") {
        return false;
    }
    let mut service = false;
    let mut provider = false;
    let mut inside = false;
    let mut aws = false;
    for line in text.lines() {
        if !line.starts_with([' ', '\t', '#']) && !line.is_empty() {
            inside = line.starts_with("provider:");
            provider |= inside;
            service |= line.starts_with("service:");
            aws |= inside && line["provider:".len()..].trim() == "aws";
        }
        let value = line.trim().strip_prefix("name:").map(|value| value.trim().trim_matches(['"', '\'']));
        aws |= inside && value.is_some_and(|value| value.split_whitespace().next() == Some("aws"));
    }
    service && provider && aws
}
