//! `layers`: Lambda layers of the service, and who else may use them.

use super::naming::normalized;
use super::output::Output;
use super::resolver::Resolver;
use super::template::{Owner, Shape, reference};
use crate::model::CodeSource;
use crate::syntax::{Entry, Node};

/// Lowers every layer.
pub(super) fn lower(out: &mut Output<'_>, resolver: &mut Resolver<'_>) {
    let Some(layers) = resolver.at("layers") else {
        return;
    };
    for entry in layers.items_or_self().iter().flat_map(Node::entries) {
        lower_one(out, entry);
    }
}

fn lower_one(out: &mut Output<'_>, entry: &Entry) {
    let span = entry.key_span;
    let config = &entry.value;
    let owner = Owner { name: entry.key.clone(), itself: true, span };
    let id = format!("{}LambdaLayer", normalized(&entry.key));
    let name = config.get("name").cloned().unwrap_or_else(|| Node::string(entry.key.clone(), span));
    let properties = Shape::at(span)
        .with("LayerName", name)
        .copy("Description", config, "description")
        .copy("LicenseInfo", config, "licenseInfo")
        .copy("CompatibleRuntimes", config, "compatibleRuntimes")
        .copy("CompatibleArchitectures", config, "compatibleArchitectures");
    out.template.make("AWS::Lambda::LayerVersion", id.clone(), &owner, properties.done());
    if let (Some(draft), Some(path)) = (out.template.get_mut(&id), config.entry("path")) {
        let folder = &out.service.folder;
        let local =
            path.value.as_text().map(|path| if folder.is_empty() { path.into() } else { format!("{folder}/{path}") });
        draft.code = match local.and_then(|path| crate::source::normalize(&path)) {
            Some(path) => CodeSource::Local { path: path.into(), span: path_span(config) },
            None => CodeSource::Elsewhere("its path is not known or lies outside the repository".into()),
        };
    }
    let owner = Owner { itself: false, ..owner };
    for account in config.get("allowedAccounts").map(Node::items).unwrap_or_default() {
        let properties = Shape::at(account.span)
            .text("Action", "lambda:GetLayerVersion")
            .with("LayerVersionArn", reference(&id, account.span))
            .with("Principal", account.clone());
        let wild = account.to_string().replace('*', "Wild");
        let id = format!("{}{wild}LambdaLayerPermission", normalized(&entry.key));
        out.template.make("AWS::Lambda::LayerVersionPermission", id, &owner, properties.done());
    }
}

fn path_span(config: &Node) -> crate::source::Span {
    config.get("path").map_or(config.span, |path| path.span)
}
