//! The live account, over AWS's API: asked once, kept as a snapshot, and judged like a saved one.

mod client;
mod details;
mod fault;
mod options;

pub use options::LiveOptions;

use super::snapshot::account_of;
use super::{Call, CallError, DETAILS, DETAILS_ACTION, Manifest, Problem, ProblemKind, Snapshot};
use aws_sdk_iam::primitives::{DateTime, DateTimeFormat};
use client::Clients;
use details::Details;
use fault::{Fault, Kind};
use std::time::SystemTime;

/// The most pages that are read: a hundred entities a page at the least, and an account holds some ten thousand.
const MAX_PAGES: u32 = 10_000;

/// Reads the account that the credentials belong to.
///
/// Where its users, roles and policies cannot be read, or not to the last page, the snapshot says so
/// ([`Snapshot::problems`]). The error is for an account that could not be read at all: no credentials, refused ones,
/// or an endpoint that does not say whose they are. Its words hold no secret.
pub fn snapshot(options: &LiveOptions) -> Result<Snapshot, Problem> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Problem::new(ProblemKind::Io, format!("the network cannot be used: {error}")))?;
    runtime.block_on(read(options))
}

async fn read(options: &LiveOptions) -> Result<Snapshot, Problem> {
    let clients = client::connect(options).await.map_err(|fault| unreadable(fault, "sts:GetCallerIdentity"))?;
    let caller = clients.sts.get_caller_identity().send().await;
    let caller = caller.map_err(|error| unreadable(fault::of(&error), "sts:GetCallerIdentity"))?;
    let Some((partition, account)) = caller.arn().and_then(account_of) else {
        return Err(unreadable(fault::not_aws(200), "sts:GetCallerIdentity"));
    };
    let time = DateTime::from(SystemTime::now());
    let time = DateTime::from_secs(time.secs()).fmt(DateTimeFormat::DateTime).ok();
    let (details, pages, fault) = read_details(&clients).await;
    let identity = Call { action: "sts:GetCallerIdentity".into(), file: None, pages: 1, complete: true, error: None };
    let mut call = Call { action: DETAILS_ACTION.into(), file: None, pages, complete: fault.is_none(), error: None };
    if let Some(fault) = fault {
        if fault.kind == Kind::Rejected && pages == 0 {
            return Err(unreadable(fault, DETAILS_ACTION));
        }
        call.error = Some(error_of(fault, pages));
    }
    let text = (pages > 0).then(|| details.into_text(call.complete)).transpose();
    let text = text.map_err(|error| Problem::new(ProblemKind::Io, format!("the answer cannot be written: {error}")))?;
    call.file = text.is_some().then(|| DETAILS.into());
    let manifest = Manifest { version: 1, account: Some(account), partition, time, calls: vec![identity, call] };
    Ok(Snapshot::new(manifest, text))
}

/// Every page up to the last or the first that fails: what was read, how many pages, and the fault.
async fn read_details(clients: &Clients) -> (Details, u32, Option<Fault>) {
    let mut details = Details::default();
    let mut marker: Option<String> = None;
    for pages in 0..MAX_PAGES {
        let request = clients.iam.get_account_authorization_details().set_marker(marker.clone());
        let page = match request.send().await {
            Ok(page) => page,
            Err(error) => return (details, pages, Some(fault::of(&error))),
        };
        let next = page.marker().map(str::to_owned);
        let is_truncated = page.is_truncated();
        details.add(&page);
        match next {
            _ if !is_truncated => return (details, pages + 1, None),
            Some(next) if marker.as_ref() != Some(&next) => marker = Some(next),
            _ => return (details, pages + 1, Some(fault::endless())),
        }
    }
    (details, MAX_PAGES, Some(fault::endless()))
}

/// The fault of a call as the manifest keeps it.
fn error_of(fault: Fault, pages: u32) -> CallError {
    let lost = match pages {
        0 => "users, groups, roles and policies of the account were not judged",
        _ => {
            "only the first pages of users, groups, roles and policies were judged, and nothing is concluded from what is absent"
        }
    };
    let message = format!("{DETAILS_ACTION}: {}; {lost}", fault.message);
    CallError { code: fault.code, retryable: fault.retryable, message }
}

/// The problem of an account that could not be read at all.
fn unreadable(fault: Fault, action: &str) -> Problem {
    let message = format!("the live account could not be read: {}", fault.message);
    Problem { action: Some(action.into()), ..Problem::new(ProblemKind::Coverage, message) }
}
