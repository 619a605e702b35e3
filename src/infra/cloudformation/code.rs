//! Where a template says that a function's code lies.

use crate::model::{CodeSource, Resource};
use crate::source::{SourceFile, normalize};
use crate::syntax::{Node, Value};

/// A path that a template names, relative to the repository's root: `aws cloudformation package` takes it from the
/// folder of the template at `template`. `None` for a URL, an absolute path, or one that leads out of the repository.
pub fn beside(template: &str, text: &str) -> Option<String> {
    let text = text.strip_prefix("file://").unwrap_or(text);
    // Nothing puts a value into a path that is written as plain text: `${name}` is another tool's placeholder.
    let is_elsewhere = text.starts_with(['/', '~']) || text.starts_with("arn:") || text.contains("://");
    if text.is_empty() || is_elsewhere || text.contains("${") {
        return None;
    }
    let folder = template.rfind('/').map_or("", |slash| &template[..=slash]);
    normalize(&format!("{folder}{text}"))
}

/// The code of a Lambda function; `attributes` is what stands beside the resource's properties.
pub(super) fn code_source(file: &SourceFile, resource: &Resource, attributes: &Node) -> CodeSource {
    if &*resource.kind != "AWS::Lambda::Function" {
        return CodeSource::None;
    }
    // The cloud development kit leaves the asset's folder in the metadata; the template names a bucket.
    let asset = attributes.get("Metadata").and_then(|metadata| metadata.get("aws:asset:path"));
    if let Some(asset) = asset
        && let Some(path) = asset.as_text().and_then(|text| beside(&file.path, text))
    {
        return CodeSource::Local { path: path.into(), span: asset.span };
    }
    let Some(code) = resource.property("Code") else {
        return CodeSource::Elsewhere("the function has no code".into());
    };
    match &code.value {
        Value::String(text) => match beside(&file.path, text) {
            Some(path) => CodeSource::Local { path: path.into(), span: code.span },
            None => CodeSource::Elsewhere(format!("the code is at {text}").into()),
        },
        Value::Map(_) => {
            if let Some(inline) = code.get("ZipFile") {
                CodeSource::Inline(inline.clone())
            } else if let Some(image) = code.get("ImageUri") {
                CodeSource::Elsewhere(format!("the code is in the image {image}").into())
            } else if let Some(bucket) = code.get("S3Bucket") {
                CodeSource::Elsewhere(format!("the code is in the bucket {bucket}").into())
            } else {
                CodeSource::Elsewhere("the template does not say where the code lies".into())
            }
        }
        _ => CodeSource::Unknown(format!("the place of the code is not known: {code}").into()),
    }
}
