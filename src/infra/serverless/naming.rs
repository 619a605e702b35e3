//! The framework's logical ids: what a resource is called in the stack that a service is packaged to.
//!
//! The rules are those of Serverless Framework 3.40 (documentation, AWS Resources, "Resource name reference",
//! read 2026-11); version 4 kept them.

/// The id of the role that functions without a role of their own share.
pub(super) const SHARED_ROLE: &str = "IamRoleLambdaExecution";

/// A name as ids begin with it: `-` and `_` spelled out, the first letter large.
pub(super) fn normalized(name: &str) -> String {
    upper_first(&name.replace('-', "Dash").replace('_', "Underscore"))
}

/// A name with nothing but letters and digits, the first letter large.
pub(super) fn alphanumeric(name: &str) -> String {
    let kept: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    upper_first(&kept)
}

/// The id of a function.
pub(super) fn function(key: &str) -> String {
    format!("{}LambdaFunction", normalized(key))
}

/// A path of a REST or HTTP API: `users/{id}` is `UsersIdVar`.
pub(super) fn path(path: &str) -> String {
    path.split('/').map(path_part).collect()
}

/// A route of a WebSocket API: `$connect` is `Sconnect`.
pub(super) fn websocket_route(route: &str) -> String {
    let spelled = route
        .replace('$', "S")
        .replace('/', "Slash")
        .replace('-', "Dash")
        .replace('_', "Underscore")
        .replace('.', "Period");
    format!("{spelled}WebsocketsRoute")
}

/// A method's place in the id of a REST API's method.
pub(super) fn method(resource: &str, method: &str) -> String {
    format!("ApiGatewayMethod{resource}{}", upper_first(&method.to_ascii_lowercase()))
}

/// A text with its first letter large.
pub(super) fn upper_first(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

fn path_part(part: &str) -> String {
    let lower = upper_first(&part.to_lowercase()).replace('-', "Dash");
    let named = match (lower.find('{'), lower.rfind('}')) {
        (Some(open), Some(close)) if open < close => {
            format!("{}{}Var{}", &lower[..open], &lower[open + 1..close], &lower[close + 1..])
        }
        _ => lower,
    };
    alphanumeric(&named)
}

#[cfg(test)]
mod tests {
    use super::{alphanumeric, function, method, normalized, path, websocket_route};

    #[test]
    fn ids_are_the_framework_s() {
        assert_eq!(function("get-user_v2"), "GetDashuserUnderscorev2LambdaFunction");
        assert_eq!(normalized("hello"), "Hello");
        assert_eq!(alphanumeric("my-topic.fifo"), "Mytopicfifo");
        assert_eq!(path("users/{userId}"), "UsersUseridVar");
        assert_eq!(path("{proxy+}"), "ProxyVar");
        assert_eq!(path("GET /a-b/{x}"), "GetADashbXVar");
        assert_eq!(method(&path("users"), "GET"), "ApiGatewayMethodUsersGet");
        assert_eq!(websocket_route("$connect"), "SconnectWebsocketsRoute");
    }
}
