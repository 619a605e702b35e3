//! The last step of every API: it is lowered, and each of its routes gets a record for rules to judge.

use super::api::{Added, Api, Apis};
use super::output::Output;
use super::{http_api, rest_api};
use crate::infra::openapi::{self, ApiKind};
use crate::model::Presence;

/// Adds what the APIs become.
pub(super) fn lower(out: &mut Output<'_>, apis: Apis) {
    let mut plans = rest_api::Plans::default();
    for mut api in apis.finished() {
        settle_presence(&mut api);
        match api.kind {
            ApiKind::Rest => rest_api::lower(out, &mut api, &mut plans),
            ApiKind::Http => http_api::lower(out, &mut api),
        }
        records(out, &api);
    }
    plans.finish(out);
}

/// An API that SAM makes is there for certain only where one of its functions is.
fn settle_presence(api: &mut Api) {
    let possible = api.implicit && api.routes.iter().all(|route| route.presence != Presence::Always);
    if let Some(first) = api.routes.first().filter(|_| possible) {
        api.source.origin.presence = first.presence.clone();
        api.source.resource.presence = first.presence.clone();
    }
}

/// Adds the records of what the document says, which rules judge: a route stands at the event that asked for it, or in
/// the document.
fn records(out: &mut Output<'_>, api: &Api) {
    let Some(written) = &api.body else { return };
    let (document, mut met) = openapi::resolved(out.context, written);
    out.problems.append(&mut met);
    for (route, mut record) in openapi::derived(&document, api.kind, &api.source.resource) {
        let added = route.and_then(|route| {
            let is_it = |added: &&Added| {
                *added.path == *route.path && openapi::method(&added.method).as_deref() == Some(&*route.method)
            };
            api.routes.iter().find(is_it)
        });
        if let Some(added) = added {
            record.span = added.span;
            record.name = added.construct.clone();
            record.generated_from = Some(added.construct.clone());
            record.presence = api.source.resource.presence.and(&added.presence);
        }
        out.add(api.source.origin.position, record);
    }
}
