use lambda_runtime::{Error, LambdaEvent};
use serde_json::Value;

const API_KEY: &str = "q7Zt42kf9Lmw0xRb83Va"; // leastwise: SE003

pub async fn handler(_event: LambdaEvent<Value>) -> Result<Value, Error> {
    let password = "kV7!rum1nant-42"; // leastwise: SE003
    Ok(Value::String(format!("{API_KEY}{password}")))
}
