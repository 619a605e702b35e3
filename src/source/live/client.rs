//! Clients for the live account: the default credential chain, one HTTP stack, bounded retries and times.

use super::fault::{self, Fault};
use super::options::LiveOptions;
use aws_config::{BehaviorVersion, ConfigLoader, Region, SdkConfig};
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_sdk_iam::config::{IntoShared, SharedHttpClient};
use aws_smithy_http_client::Connector;
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::http::{HttpConnectorSettings, SharedHttpConnector, http_client_fn};
use aws_smithy_runtime_api::client::interceptors::context::InterceptorContext;
use aws_smithy_runtime_api::client::retries::classifiers::{ClassifyRetry, RetryAction};
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// One client a service.
pub(super) struct Clients {
    pub(super) sts: aws_sdk_sts::Client,
    pub(super) iam: aws_sdk_iam::Client,
}

/// Clients whose credentials are there; where none are, the fault names the profile that was asked.
pub(super) async fn connect(options: &LiveOptions) -> Result<Clients, Fault> {
    let mut config = configuration(options, proxy()?).await;
    if let Some(provider) = config.credentials_provider() {
        // Asked once for both clients: a credential process may want a person's second factor each time.
        let credentials = provider.provide_credentials().await;
        let credentials = credentials.map_err(|error| fault::of_credentials(&error, profile().as_deref()))?;
        config = config.into_builder().credentials_provider(SharedCredentialsProvider::new(credentials)).build();
    }
    let sts = aws_sdk_sts::config::Builder::from(&config).retry_classifier(TooManyRequests).build();
    let iam = aws_sdk_iam::config::Builder::from(&config).retry_classifier(TooManyRequests).build();
    Ok(Clients { sts: aws_sdk_sts::Client::from_conf(sts), iam: aws_sdk_iam::Client::from_conf(iam) })
}

async fn configuration(options: &LiveOptions, proxy: ProxyConfig) -> SdkConfig {
    let retry = RetryConfig::standard()
        .with_max_attempts(options.attempts)
        .with_initial_backoff(options.first_pause)
        .with_max_backoff(options.longest_pause);
    let timeout = TimeoutConfig::builder()
        .connect_timeout(options.connect)
        .read_timeout(options.read)
        .operation_timeout(options.operation)
        .build();
    let mut loader: ConfigLoader = aws_config::defaults(BehaviorVersion::latest())
        .http_client(http_client(proxy))
        .retry_config(retry)
        .timeout_config(timeout);
    if let Some(endpoint) = &options.endpoint {
        loader = loader.endpoint_url(endpoint);
    }
    if let Some(credentials) = &options.credentials {
        loader = loader.credentials_provider(credentials.clone());
    }
    let config = loader.load().await;
    // IAM is one for all regions of a partition and answers in us-east-1.
    let region = config.region().cloned().unwrap_or(Region::from_static("us-east-1"));
    config.into_builder().region(region).build()
}

/// rustls with ring; plain HTTP where the endpoint is an `http:` one. Connections are pooled by their time bounds.
fn http_client(proxy: ProxyConfig) -> SharedHttpClient {
    type Bounds = (Option<Duration>, Option<Duration>);
    let pools: Mutex<Vec<(Bounds, SharedHttpConnector)>> = Mutex::default();
    http_client_fn(move |settings: &HttpConnectorSettings, components| {
        let bounds = (settings.connect_timeout(), settings.read_timeout());
        let mut pools = pools.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, known)) = pools.iter().find(|(of, _)| *of == bounds) {
            return known.clone();
        }
        let mut builder = Connector::builder()
            .tls_provider(Provider::Rustls(CryptoMode::Ring))
            .connector_settings(settings.clone())
            .proxy_config(proxy.clone());
        builder.set_sleep_impl(components.sleep_impl());
        let connector: SharedHttpConnector = builder.build().into_shared();
        pools.push((bounds, connector.clone()));
        connector
    })
}

/// The proxy for `https:`, from the environment. Plain HTTP goes to loopback and to the instance's own metadata: never
/// through a proxy.
fn proxy() -> Result<ProxyConfig, Fault> {
    let Some((name, url)) = first_set(&["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]) else {
        return Ok(ProxyConfig::disabled());
    };
    let config = ProxyConfig::https(url).map_err(|_| fault::bad_proxy(name))?;
    Ok(match first_set(&["NO_PROXY", "no_proxy"]) {
        Some((_, rules)) => config.no_proxy(rules),
        None => config,
    })
}

/// The profile that the environment names.
fn profile() -> Option<String> {
    first_set(&["AWS_PROFILE"]).map(|(_, value)| value)
}

fn first_set<'a>(names: &[&'a str]) -> Option<(&'a str, String)> {
    names.iter().find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()).map(|value| (*name, value)))
}

/// Retries 429 also where its body is not AWS's XML, as gateways before the API answer.
#[derive(Debug)]
struct TooManyRequests;

impl ClassifyRetry for TooManyRequests {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        match context.response().map(|response| response.status().as_u16()) {
            Some(429) => RetryAction::throttling_error(),
            _ => RetryAction::NoActionIndicated,
        }
    }

    fn name(&self) -> &'static str {
        "too many requests"
    }
}
