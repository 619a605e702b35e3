//! The `Auth` of an API: authorizers as security schemes of its document, and who has to pass which of them.

use super::body;
use super::output::{Output, Permission, Source, Target};
use super::shape::{Object, append, arn, change, fill, json, literal, parts_of, present, text};
use crate::infra::openapi::ApiKind;
use crate::source::Span;
use crate::syntax::{Node, Value};
use serde_json::json;

/// Writes what an event says of its own callers into its operation.
pub(super) fn of_event(operation: &mut Node, event: &Node, api: Option<&Node>, kind: ApiKind) {
    let inherited = || api.and_then(|api| present(api, "DefaultAuthorizer")).filter(|_| kind == ApiKind::Http);
    let authorizer = present(event, "Authorizer").or_else(inherited);
    if let Some(authorizer) = authorizer {
        let own = present(event, "AuthorizationScopes");
        match authorizer.as_text() {
            Some(name) => {
                let scopes = own.or_else(|| scopes(api, name));
                body::require(operation, name, scopes, authorizer.span);
            }
            None => operation.set("security", authorizer.span, authorizer.clone()),
        }
    }
    if let Some(required) = present(event, "ApiKeyRequired") {
        let scheme = if required.as_bool() == Some(false) { "api_key_false" } else { "api_key" };
        body::require(operation, scheme, None, required.span);
    }
}

/// Writes the authorizers and what holds for every operation into the document.
pub(super) fn of_api(document: &mut Node, auth: &Node, kind: ApiKind) {
    if !matches!(auth.value, Value::Map(_)) {
        leave_open(document, auth);
        return;
    }
    let mut used: Vec<String> = Vec::new();
    body::each_operation(document, &mut |_, _, operation| used.extend(body::schemes(operation)));
    let default = present(auth, "DefaultAuthorizer");
    let iam = default.is_some_and(|name| name.as_text() == Some("AWS_IAM")) || used.iter().any(|one| one == "AWS_IAM");
    let enabled = auth.get("EnableIamAuthorizer").and_then(Node::as_bool) == Some(true);
    let mut schemes: Vec<(String, Node)> = Vec::new();
    let listed = present(auth, "Authorizers").map(Node::entries).unwrap_or_default();
    if (iam || enabled) && !listed.iter().any(|entry| &*entry.key == "AWS_IAM") {
        schemes.push(("AWS_IAM".into(), signed(auth.span)));
    }
    for entry in listed {
        let scheme = match kind {
            ApiKind::Rest => rest_scheme(&entry.value, entry.key_span),
            ApiKind::Http => http_scheme(&entry.value, entry.key_span),
        };
        schemes.push((entry.key.to_string(), scheme));
    }
    let key = present(auth, "ApiKeyRequired").filter(|key| key.as_bool() != Some(false));
    if key.is_some() || used.iter().any(|one| one == "api_key") {
        let span = key.map_or(auth.span, |key| key.span);
        schemes.push(("api_key".into(), json(&json!({"type": "apiKey", "name": "x-api-key", "in": "header"}), span)));
    }
    define(document, kind, schemes, auth.span);
    if let Some(default) = default {
        set_default(document, auth, default, kind);
    }
    if let Some(key) = key.filter(|_| kind == ApiKind::Rest) {
        let preflight = auth.get("AddApiKeyRequiredToCorsPreflight").and_then(Node::as_bool) != Some(false);
        body::each_operation(document, &mut |_, method, operation| {
            let exempt = body::forgo(operation, "api_key_false") || (method == "options" && !preflight);
            if !exempt && !body::schemes(operation).iter().any(|one| one == "api_key") {
                body::require(operation, "api_key", None, key.span);
            }
        });
    }
}

/// Every operation that does not say otherwise has to pass the default authorizer.
fn set_default(document: &mut Node, auth: &Node, default: &Node, kind: ApiKind) {
    let preflight = auth.get("AddDefaultAuthorizerToCorsPreflight").and_then(Node::as_bool) != Some(false);
    let Some(name) = default.as_text() else {
        leave_open(document, default);
        return;
    };
    let scopes = scopes(Some(auth), name).cloned();
    body::each_operation(document, &mut |_, method, operation| {
        if method == "options" && (kind == ApiKind::Http || !preflight) {
            return;
        }
        let known = body::schemes(operation);
        let keys = |one: &String| one == "api_key" || one == "api_key_false";
        if known.iter().any(|one| one == "NONE") {
            if kind == ApiKind::Rest {
                body::forgo(operation, "NONE");
            }
        } else if known.iter().all(keys) {
            body::require(operation, name, scopes.as_ref(), default.span);
        }
    });
}

/// It cannot be told who has to pass what: an operation that says nothing of it is as unknown.
fn leave_open(document: &mut Node, unclear: &Node) {
    body::each_operation(document, &mut |_, _, operation| {
        if operation.get("security").is_none() {
            operation.set("security", unclear.span, unclear.clone());
        }
    });
}

/// Adds the permissions that let the API call its authorizers.
pub(super) fn permit(out: &mut Output<'_>, source: &Source, kind: ApiKind) {
    let Some(auth) = source.get("Auth") else { return };
    for entry in present(auth, "Authorizers").map(Node::entries).unwrap_or_default() {
        let Some(function) = present(&entry.value, "FunctionArn") else { continue };
        let wanted = |key: &str| entry.value.get(key).and_then(Node::as_bool) == Some(true);
        let wanted = match kind {
            ApiKind::Rest => !wanted("DisableFunctionDefaultPermissions"),
            ApiKind::Http => wanted("EnableFunctionDefaultPermissions"),
        };
        if wanted {
            let id = format!("{}{}AuthorizerPermission", source.origin.id, entry.key);
            permit_authorizer(out, source, id, function, entry.key_span);
        }
    }
}

/// Adds the permission that lets an API call one authorizer.
pub(super) fn permit_authorizer(out: &mut Output<'_>, source: &Source, id: String, function: &Node, span: Span) {
    let origin = source.origin.at(span);
    let resource = vec![super::shape::reference(&origin.id, ""), literal("/authorizers/*")];
    let conditions =
        Object::new(span).put("SourceArn", arn("execute-api", resource, span)).put("FunctionName", function.clone());
    let target = Target { id: origin.id.clone(), arn: "", machine: false };
    out.permit(&origin, Permission { id, principal: "apigateway.amazonaws.com", target: &target, conditions });
}

/// Writes `Auth.ResourcePolicy` into the document, for one stage of the API.
pub(super) fn resource_policy(document: &mut Node, policy: &Node, stage: &Node) {
    let span = policy.span;
    let mut resources = Vec::new();
    let paths = document.get("paths").map(Node::entries).unwrap_or_default();
    for path in paths {
        for method in path.value.entries() {
            let name = if &*method.key == body::ANY { "*".to_owned() } else { method.key.to_uppercase() };
            let mut parts = vec![literal("execute-api:/")];
            parts.extend(parts_of(stage));
            parts.push(literal(&format!("/{name}{}", wildcards(&path.key))));
            resources.push(Node::template(parts, span));
        }
    }
    let resources = Node::list(resources, span);
    let statement = |effect: &str, principal: Node| {
        Object::new(span)
            .text("Effect", effect)
            .text("Action", "execute-api:Invoke")
            .put("Resource", resources.clone())
            .put("Principal", principal)
    };
    let everybody = || Node::string("*", span);
    let mut statements = Vec::new();
    for (key, effect) in [("AwsAccountWhitelist", "Allow"), ("AwsAccountBlacklist", "Deny")] {
        if let Some(accounts) = present(policy, key) {
            let principal = Object::new(accounts.span).put("AWS", accounts.clone()).node();
            statements.push(statement(effect, principal).node());
        }
    }
    let mut limit = |operator: &str, key: &str, values: Node| {
        let condition = Object::new(values.span).put(operator, Object::new(values.span).put(key, values).node()).node();
        statements.push(statement("Allow", everybody()).node());
        statements.push(statement("Deny", everybody()).put("Condition", condition).node());
    };
    for (key, operator) in [("IpRangeWhitelist", "NotIpAddress"), ("IpRangeBlacklist", "IpAddress")] {
        if let Some(ranges) = present(policy, key) {
            limit(operator, "aws:SourceIp", ranges.clone());
        }
    }
    for (list, operator) in [("Blacklist", "StringEquals"), ("Whitelist", "StringNotEquals")] {
        for (kind, prefix, key) in [("Vpc", "vpc-", "aws:SourceVpc"), ("Vpce", "vpce-", "aws:SourceVpce")] {
            let written = present(policy, &format!("SourceVpc{list}")).map(Node::items_or_self).unwrap_or_default();
            let plain = written.iter().filter(|one| one.as_text().is_some_and(|text| text.starts_with(prefix)));
            let computed = present(policy, &format!("Intrinsic{kind}{list}")).map(Node::items).unwrap_or_default();
            let values: Vec<Node> = plain.chain(computed).cloned().collect();
            if !values.is_empty() {
                limit(operator, key, Node::list(values, span));
            }
        }
    }
    statements.extend(present(policy, "CustomStatements").map(Node::items_or_self).unwrap_or_default().to_vec());
    if statements.is_empty() {
        return;
    }
    let empty = Object::new(span).text("Version", "2012-10-17").node();
    change(document, "x-amazon-apigateway-policy", empty, |policy| {
        statements.into_iter().for_each(|statement| append(policy, "Statement", statement));
    });
}

/// A path with `*` for its parameters, as in the ARN of a method.
pub(super) fn wildcards(path: &str) -> String {
    let mut out = String::new();
    let mut rest = path;
    while let Some(start) = rest.find('{') {
        let Some(length) = rest[start..].find('}') else { break };
        let (before, name, after) = (&rest[..start], &rest[start + 1..start + length], &rest[start + length + 1..]);
        out.push_str(before);
        match is_parameter(name) {
            true => out.push('*'),
            false => out.push_str(&rest[start..=start + length]),
        }
        rest = after;
    }
    out + rest
}

/// Whether the text between braces names a parameter, greedy or not.
fn is_parameter(name: &str) -> bool {
    let name = name.strip_suffix('+').unwrap_or(name);
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

fn scopes<'a>(api: Option<&'a Node>, authorizer: &str) -> Option<&'a Node> {
    let all = api.and_then(|api| present(api, "Authorizers"))?;
    present(all.get(authorizer)?, "AuthorizationScopes")
}

/// Adds security schemes where the version of the document has them.
fn define(document: &mut Node, kind: ApiKind, schemes: Vec<(String, Node)>, span: Span) {
    if schemes.is_empty() {
        return;
    }
    let empty = || Object::new(span).node();
    let three = text(document, "openapi").is_some_and(|version| version.starts_with('3'));
    let fill = |definitions: &mut Node| {
        for (name, scheme) in schemes {
            definitions.set(name, scheme.span, scheme);
        }
    };
    match kind {
        ApiKind::Rest if !three => change(document, "securityDefinitions", empty(), fill),
        _ => change(document, "components", empty(), |all| change(all, "securitySchemes", empty(), fill)),
    }
}

fn signed(span: Span) -> Node {
    let scheme = json!({
        "type": "apiKey", "name": "Authorization", "in": "header", "x-amazon-apigateway-authtype": "awsSigv4"
    });
    json(&scheme, span)
}

fn rest_scheme(authorizer: &Node, span: Span) -> Node {
    let identity = present(authorizer, "Identity");
    let header = identity.and_then(|identity| text(identity, "Header")).unwrap_or("Authorization");
    let request = text(authorizer, "FunctionPayloadType") == Some("REQUEST");
    let scheme = |name: &str, kind: &str| {
        let scheme = Object::new(span).text("type", "apiKey").text("name", name).text("in", "header");
        scheme.text("x-amazon-apigateway-authtype", kind)
    };
    if let Some(pools) = present(authorizer, "UserPoolArn") {
        let pools = Node::list(pools.items_or_self().to_vec(), pools.span);
        let own = Object::new(span).text("type", "cognito_user_pools").put("providerARNs", pools).node();
        return scheme(header, "cognito_user_pools").put("x-amazon-apigateway-authorizer", own).node();
    }
    let own = Object::new(span)
        .text("type", if request { "request" } else { "token" })
        .maybe("authorizerUri", present(authorizer, "FunctionArn").map(invocation))
        .maybe("authorizerResultTtlInSeconds", identity.and_then(|one| present(one, "ReauthorizeEvery")).cloned())
        .maybe("authorizerCredentials", invoker(authorizer))
        .maybe("identityValidationExpression", identity.and_then(|one| present(one, "ValidationExpression")).cloned())
        .node();
    scheme(if request { "Unused" } else { header }, "custom").put("x-amazon-apigateway-authorizer", own).node()
}

fn http_scheme(authorizer: &Node, span: Span) -> Node {
    if let Some(jwt) = present(authorizer, "JwtConfiguration") {
        let own = Object::new(span)
            .put("jwtConfiguration", lower_keys(jwt))
            .maybe("identitySource", present(authorizer, "IdentitySource").cloned())
            .text("type", "jwt")
            .node();
        return Object::new(span).text("type", "oauth2").put("x-amazon-apigateway-authorizer", own).node();
    }
    let simple = present(authorizer, "EnableSimpleResponses").cloned();
    let own = Object::new(span)
        .text("type", "request")
        .maybe("authorizerUri", present(authorizer, "FunctionArn").map(invocation))
        .maybe("authorizerCredentials", invoker(authorizer))
        .maybe("authorizerPayloadFormatVersion", present(authorizer, "AuthorizerPayloadFormatVersion").cloned())
        .maybe("enableSimpleResponses", simple)
        .node();
    let scheme = Object::new(span).text("type", "apiKey").text("name", "Unused").text("in", "header");
    scheme.put("x-amazon-apigateway-authorizer", own).node()
}

fn lower_keys(node: &Node) -> Node {
    let pairs = node.entries().iter().map(|entry| (entry.key.to_lowercase(), entry.value.clone()));
    match node.value {
        Value::Map(_) => Node::map(pairs, node.span),
        _ => node.clone(),
    }
}

fn invoker(authorizer: &Node) -> Option<Node> {
    present(authorizer, "FunctionInvokeRole").filter(|role| role.as_text() != Some("NONE")).cloned()
}

/// The address at which API Gateway invokes a function.
pub(super) fn invocation(function: &Node) -> Node {
    let text = "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${F}/invocations";
    fill(text, function.span, &|name| (name == "F").then(|| function.clone()))
}
