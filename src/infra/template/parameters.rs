//! Files with values of parameters, in the shapes that the provider's command line takes.

use serde_json::Value;

/// The pairs of a parameter file, in order.
///
/// The shapes are those of `aws cloudformation create-stack --parameters file://…` (a list of `ParameterKey` and
/// `ParameterValue`), of `aws cloudformation deploy --parameter-overrides file://…` (that one, a list of `Key=Value`,
/// or a map under `Parameters`), and a plain map (AWS CLI Command Reference, `cloudformation deploy`, read 2026-11).
/// A parameter that keeps its previous value is left out: what that is nobody knows here. The error says what was
/// expected and shows no value.
pub fn pairs(text: &str) -> Result<Vec<(String, String)>, String> {
    let fault = || {
        "expected a list of {\"ParameterKey\", \"ParameterValue\"}, a list of \"Key=Value\", or a map of values, also \
         under \"Parameters\""
            .to_owned()
    };
    let json: Value = serde_json::from_str(text.trim_start_matches('\u{feff}'))
        .map_err(|error| format!("line {}, column {}: not valid JSON", error.line(), error.column()))?;
    match json {
        Value::Array(items) => {
            items.iter().filter_map(|item| pair(item).transpose()).map(|pair| pair.map_err(|()| fault())).collect()
        }
        Value::Object(map) => {
            let inner = map.get("Parameters").and_then(Value::as_object).unwrap_or(&map);
            inner.iter().map(|(key, value)| Ok((key.clone(), scalar(value).ok_or_else(fault)?))).collect()
        }
        _ => Err(fault()),
    }
}

/// One item of a list; nothing where it keeps what was there.
fn pair(item: &Value) -> Result<Option<(String, String)>, ()> {
    if let Some(text) = item.as_str() {
        let (key, value) = text.split_once('=').ok_or(())?;
        return Ok(Some((key.to_owned(), value.to_owned())));
    }
    let key = item.get("ParameterKey").and_then(Value::as_str).ok_or(())?;
    match item.get("ParameterValue") {
        Some(value) => Ok(Some((key.to_owned(), scalar(value).ok_or(())?))),
        None if item.get("UsePreviousValue").is_some() => Ok(None),
        None => Err(()),
    }
}

/// A value as text; a list is what its items come to between commas.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Array(items) => items.iter().map(scalar).collect::<Option<Vec<_>>>().map(|items| items.join(",")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::pairs;

    #[test]
    fn shapes_of_parameter_files() {
        let expected = vec![("A".to_owned(), "1".to_owned()), ("B".to_owned(), "x=y,z".to_owned())];
        for text in [
            r#"[{"ParameterKey": "A", "ParameterValue": "1"}, {"ParameterKey": "B", "ParameterValue": "x=y,z", "ResolvedValue": "r"}, {"ParameterKey": "C", "UsePreviousValue": true}]"#,
            r#"["A=1", "B=x=y,z"]"#,
            r#"{"Parameters": {"A": 1, "B": ["x=y", "z"]}, "Tags": {"T": "t"}}"#,
            "\u{feff}{\"A\": 1, \"B\": \"x=y,z\"}",
        ] {
            assert_eq!(pairs(text).as_ref(), Ok(&expected), "{text}");
        }
        for text in ["", "[", "1", r#"["secret"]"#, r#"[{"ParameterKey": "A"}]"#, r#"{"A": {"secret": 1}}"#] {
            assert!(!pairs(text).unwrap_err().contains("secret"), "{text}");
        }
    }
}
