use lambda_runtime::{Error, LambdaEvent};
use serde_json::Value;

pub async fn handler(_event: LambdaEvent<Value>) -> Result<Value, Error> {
    let client = reqwest::Client::builder().danger_accept_invalid_certs(true).build()?; // leastwise: TR029
    Ok(client.get("https://erp.partner.test/orders").send().await?.json().await?)
}
