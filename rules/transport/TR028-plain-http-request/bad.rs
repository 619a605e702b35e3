use lambda_runtime::{Error, LambdaEvent};
use serde_json::Value;

pub async fn handler(_event: LambdaEvent<Value>) -> Result<Value, Error> {
    let body = reqwest::get("http://rates.bank.test/eur").await?.text().await?; // leastwise: TR028
    let client = reqwest::Client::new();
    client.post("http://shop.partner.test/orders").send().await?; // leastwise: TR028
    Ok(Value::String(body))
}
