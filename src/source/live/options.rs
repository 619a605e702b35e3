//! How the live account is reached, and the bounds on that.

use aws_credential_types::Credentials;
use std::time::Duration;

/// How an account is reached.
#[derive(Debug, Clone)]
pub struct LiveOptions {
    /// Where the API is, instead of `AWS_ENDPOINT_URL` or AWS itself.
    pub endpoint: Option<String>,
    /// Who asks, instead of the default credential chain.
    pub credentials: Option<Credentials>,
    /// How often one request is tried, the first time included.
    pub attempts: u32,
    /// The first pause between two tries, doubled each time and shortened by chance.
    pub first_pause: Duration,
    /// The longest pause between two tries.
    pub longest_pause: Duration,
    /// How long a connection may take.
    pub connect: Duration,
    /// How long the first byte of an answer may take.
    pub read: Duration,
    /// How long one request may take with all its tries: the only bound on an answer that trickles in.
    pub operation: Duration,
}

impl Default for LiveOptions {
    fn default() -> Self {
        Self {
            endpoint: None,
            credentials: None,
            attempts: 8,
            first_pause: Duration::from_secs(1),
            longest_pause: Duration::from_secs(20),
            connect: Duration::from_secs(3),
            read: Duration::from_secs(10),
            operation: Duration::from_secs(60),
        }
    }
}
