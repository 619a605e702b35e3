use lambda_runtime::{Error, LambdaEvent};
use serde_json::Value;

const SECRET_NAME: &str = "shop/db/password-1";

pub async fn handler(_event: LambdaEvent<Value>) -> Result<Value, Error> {
    let password = std::env::var("DB_PASSWORD")?;
    let token = "x-amz-security-token";
    Ok(Value::String(format!("{SECRET_NAME}{password}{token}")))
}
