//! What went wrong with a call, in words that say what to do and hold no secret.

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_iam::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use std::error::Error;

/// The longest piece of a service's message that is passed on, in characters.
const MAX_MESSAGE: usize = 300;

/// Codes by which AWS refuses the credentials themselves, whatever is asked. Source: the common errors of the STS and
/// IAM API references, and Signature Version 4's own, read 2026-11.
const REJECTED: &[&str] = &[
    "AuthFailure",
    "ExpiredToken",
    "ExpiredTokenException",
    "IncompleteSignature",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "InvalidToken",
    "MissingAuthenticationToken",
    "MissingAuthenticationTokenException",
    "OptInRequired",
    "RequestExpired",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
];

/// Codes by which AWS says that the caller lacks the permission.
const DENIED: &[&str] = &["AccessDenied", "AccessDeniedException", "UnauthorizedAccess", "UnauthorizedOperation"];

/// Codes by which AWS slows a caller down; the same that the SDK's standard retry knows.
const THROTTLED: &[&str] = &[
    "BandwidthLimitExceeded",
    "PriorRequestNotComplete",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "SlowDown",
    "ThrottledException",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
];

/// Why a call failed.
#[derive(Debug)]
pub(super) struct Fault {
    /// The class.
    pub(super) kind: Kind,
    /// The service's own code.
    pub(super) code: Option<String>,
    /// Whether trying again later may help.
    pub(super) retryable: bool,
    /// What happened and what to do.
    pub(super) message: String,
}

/// The classes of fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// No credentials, or refused ones: nothing of the account can be read.
    Rejected,
    /// The permission is missing.
    Denied,
    /// Too many requests.
    Throttled,
    /// No answer in time, or no connection.
    Unreachable,
    /// The answer is not AWS's.
    Foreign,
    /// The service failed.
    Service,
}

/// The fault behind an SDK's error.
pub(super) fn of<E>(error: &SdkError<E, HttpResponse>) -> Fault
where
    E: ProvideErrorMetadata + Error + 'static,
{
    match error {
        SdkError::TimeoutError(_) => unreachable_because("no answer came in time"),
        SdkError::DispatchFailure(failure) => match failure.as_connector_error() {
            Some(connector) if connector.is_timeout() => unreachable_because("no answer came in time"),
            Some(connector) => unreachable_because(&format!("no connection ({})", root_cause(connector))),
            None => unreachable_because("no connection"),
        },
        SdkError::ResponseError(response) => not_aws(response.raw().status().as_u16()),
        SdkError::ServiceError(service) => {
            let status = service.raw().status().as_u16();
            of_service(service.err().code(), service.err().message(), status)
        }
        _ => Fault {
            kind: Kind::Service,
            code: None,
            retryable: false,
            message: format!("the request could not be made ({})", root_cause(error)),
        },
    }
}

/// The fault of credentials that could not be loaded, for the profile that the environment names.
pub(super) fn of_credentials(error: &CredentialsError, profile: Option<&str>) -> Fault {
    let who = match profile {
        Some(profile) => format!("profile `{}` of AWS_PROFILE", cleaned(profile)),
        None => "profile `default`, as AWS_PROFILE is not set".to_owned(),
    };
    let (message, retryable) = match error {
        CredentialsError::CredentialsNotLoaded(_) => {
            let help = "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, name a profile of ~/.aws/config in AWS_PROFILE, or sign in with `aws sso login`";
            (format!("no AWS credentials were found ({who}): {help}"), false)
        }
        CredentialsError::ProviderTimedOut(_) => (format!("the credentials did not come in time ({who})"), true),
        CredentialsError::InvalidConfiguration(_) => {
            (format!("the AWS configuration is not valid ({who}): see `aws configure list`"), false)
        }
        _ => {
            let help = "see `aws sts get-caller-identity`; for a single sign-on, `aws sso login`";
            (format!("the credentials could not be loaded ({who}): {help}"), false)
        }
    };
    Fault { kind: Kind::Rejected, code: None, retryable, message }
}

/// An answer that is not AWS's: a sign-in page, a proxy's error.
pub(super) fn not_aws(status: u16) -> Fault {
    let retryable = status >= 500;
    let message = format!("what came is not an AWS response (HTTP {status}): is a proxy or a sign-in page in between?");
    Fault { kind: Kind::Foreign, code: None, retryable, message }
}

/// Pages without an end: the endpoint gives the same marker again, or none.
pub(super) fn endless() -> Fault {
    let message = "the endpoint says that there is more and gives no new marker".to_owned();
    Fault { kind: Kind::Foreign, code: None, retryable: false, message }
}

/// A proxy variable that is no URL; its value may hold a password and is not shown.
pub(super) fn bad_proxy(variable: &str) -> Fault {
    let message = format!("{variable} is not the URL of a proxy");
    Fault { kind: Kind::Unreachable, code: None, retryable: false, message }
}

fn of_service(code: Option<&str>, said: Option<&str>, status: u16) -> Fault {
    let Some(code) = code else {
        return match status {
            429 => throttled(None),
            _ => not_aws(status),
        };
    };
    let code = cleaned(code);
    if THROTTLED.contains(&code.as_str()) || status == 429 {
        return throttled(Some(code));
    }
    let (kind, retryable, message) = if REJECTED.contains(&code.as_str()) {
        // The service's own words may repeat the signed headers, the session token among them.
        (Kind::Rejected, false, format!("AWS refuses the credentials ({code}): renew them, and check the clock"))
    } else if DENIED.contains(&code.as_str()) {
        let said = said.map_or_else(|| "the caller lacks the permission".to_owned(), cleaned);
        (Kind::Denied, false, format!("access is denied: {said}"))
    } else if status >= 500 {
        (Kind::Service, true, format!("AWS failed ({code}, HTTP {status}): try again later"))
    } else {
        (Kind::Service, false, format!("AWS refuses the request ({code}, HTTP {status})"))
    };
    Fault { kind, code: Some(code), retryable, message }
}

fn throttled(code: Option<String>) -> Fault {
    let message = "AWS kept asking to slow down, after every retry: try again later".to_owned();
    Fault { kind: Kind::Throttled, code, retryable: true, message }
}

fn unreachable_because(what: &str) -> Fault {
    let message = format!("{what}: check the network, the proxy and AWS_ENDPOINT_URL");
    Fault { kind: Kind::Unreachable, code: None, retryable: true, message }
}

/// The innermost cause: `Connection refused (os error 111)`.
fn root_cause(error: &dyn Error) -> String {
    let mut cause: &dyn Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cleaned(&cause.to_string())
}

/// One line without control characters, cut at [`MAX_MESSAGE`]: what an endpoint says is not trusted.
fn cleaned(text: &str) -> String {
    let printable = |character: char| if character.is_control() { ' ' } else { character };
    text.chars().take(MAX_MESSAGE).map(printable).collect()
}

#[cfg(test)]
mod tests {
    use super::{Kind, MAX_MESSAGE, of_service};

    #[test]
    fn a_refused_signature_repeats_nothing_of_what_aws_said() {
        let said = "The Canonical String should have been 'x-amz-security-token:FwoGZXIvYXdzEXAMPLE'";
        let fault = of_service(Some("SignatureDoesNotMatch"), Some(said), 403);
        assert_eq!(fault.kind, Kind::Rejected);
        assert!(!fault.message.contains("FwoGZ"), "{}", fault.message);
    }

    #[test]
    fn what_an_endpoint_says_is_one_short_line() {
        let said = format!("no\u{1b}[31m\n{}", "x".repeat(10_000));
        let fault = of_service(Some("AccessDenied"), Some(&said), 403);
        assert_eq!(fault.kind, Kind::Denied);
        assert!(fault.message.chars().all(|character| !character.is_control()));
        assert!(fault.message.chars().count() < MAX_MESSAGE + 50);
    }

    #[test]
    fn a_status_alone_tells_throttling_from_a_strange_page() {
        assert_eq!(of_service(None, None, 429).kind, Kind::Throttled);
        assert_eq!(of_service(None, None, 200).kind, Kind::Foreign);
        assert!(of_service(None, None, 503).retryable);
    }
}
