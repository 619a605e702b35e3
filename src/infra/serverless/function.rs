//! Functions: the Lambda function itself, its log group, alias, URL and what it does with failed events.

use super::naming;
use super::output::Output;
use super::role;
use super::service::{Function, Service, text};
use super::template::{Shape, arn, arn_of, merged, reference, tag_list};
use crate::model::CodeSource;
use crate::source::{ProblemKind, normalize};
use crate::syntax::{Node, UnknownKind, Value};

/// The framework's defaults (Serverless Framework documentation, AWS Functions, read 2026-11): 1024 MB, 6 seconds.
const MEMORY: &str = "1024";
const TIMEOUT: &str = "6";

/// Lowers every function.
pub(super) fn lower(out: &mut Output<'_>) {
    let service = out.service;
    for function in &service.functions {
        log_group(out, function);
    }
    for function in &service.functions {
        if !matches!(function.config.value, Value::Map(_)) {
            continue;
        }
        lambda(out, function);
        alias(out, function);
        url(out, function);
        failed_events(out, function);
    }
}

fn log_group(out: &mut Output<'_>, function: &Function) {
    let service = out.service;
    let off = function.get("disableLogs").and_then(Node::as_bool) == Some(true);
    if off || log_group_of_user(service, function).is_some() {
        return;
    }
    let span = function.span;
    let or_provider = |key: &str| function.get(key).or_else(|| service.provider(key)).cloned();
    let properties = Shape::at(span)
        .with("LogGroupName", text(&[&Node::string("/aws/lambda/", span), &function.name], span))
        .maybe("RetentionInDays", or_provider("logRetentionInDays"))
        .maybe("DataProtectionPolicy", or_provider("logDataProtectionPolicy"));
    let id = format!("{}LogGroup", function.normalized());
    out.template.make("AWS::Logs::LogGroup", id, &function.owner(span), properties.done());
}

/// A log group that the user names and makes himself (Serverless Framework 4).
fn log_group_of_user<'a>(service: &'a Service, function: &'a Function) -> Option<&'a Node> {
    function.get("logs.logGroup").or_else(|| service.provider("logs.lambda.logGroup"))
}

fn lambda(out: &mut Output<'_>, function: &Function) {
    let service = out.service;
    let span = function.span;
    let or_provider = |key: &str| function.get(key).or_else(|| service.provider(key)).cloned();
    let number = |text: &str| Node::new(Value::Number(text.into()), span);
    let image = function.get("image");
    let runtime =
        || or_provider("runtime").unwrap_or_else(|| Node::unknown(UnknownKind::Parameter, "provider.runtime", span));
    let mut shape = Shape::at(span)
        .with("FunctionName", function.name.clone())
        .maybe("Handler", function.get("handler").cloned())
        .maybe("Runtime", image.is_none().then(runtime))
        .maybe("PackageType", image.map(|image| Node::string("Image", image.span)))
        .with("MemorySize", or_provider("memorySize").unwrap_or_else(|| number(MEMORY)))
        .with("Timeout", or_provider("timeout").unwrap_or_else(|| number(TIMEOUT)))
        .copy("Description", &function.config, "description")
        .maybe("Architectures", or_provider("architecture").map(|node| Node::list(vec![node.clone()], node.span)))
        .maybe("Tags", merged(service.provider("tags"), function.get("tags")).as_ref().map(tag_list))
        .maybe(
            "EphemeralStorage",
            function.get("ephemeralStorageSize").map(|size| Node::map([("Size", size.clone())], size.span)),
        )
        .maybe("KmsKeyArn", or_provider("kmsKeyArn"))
        .maybe("Environment", environment(service, function))
        .maybe("VpcConfig", network(service, function))
        .copy("ReservedConcurrentExecutions", &function.config, "reservedConcurrency")
        .maybe("Layers", or_provider("layers"))
        .maybe(
            "LoggingConfig",
            log_group_of_user(service, function).map(|name| Node::map([("LogGroup", name.clone())], name.span)),
        );
    let snap = function.alias().filter(|(_, name)| *name == "snapstart");
    shape = shape
        .maybe("SnapStart", snap.map(|_| Shape::at(span).text("ApplyOn", "PublishedVersions").done()))
        .maybe("RuntimeManagementConfig", runtime_updates(service, function))
        .maybe("ImageConfig", image.and_then(image_config));
    shape = shape.maybe("DeadLetterConfig", dead_letter(out, function));
    shape = shape.maybe("TracingConfig", tracing(out, function));
    shape = shape.maybe("FileSystemConfigs", file_system(out, function));
    if let Some(key) = or_provider("kmsKeyArn").filter(|key| key.as_text().is_some()) {
        out.allow(&["kms:Decrypt"], vec![key.clone()], key.span);
    }
    let role = role::of_function(service, function).unwrap_or_else(|| arn_of(naming::SHARED_ROLE, span));
    let properties = shape.with("Role", role).done();
    let mut owner = function.owner(span);
    owner.itself = true;
    let id = function.id();
    out.template.make("AWS::Lambda::Function", id.clone(), &owner, properties);
    if let Some(draft) = out.template.get_mut(&id) {
        draft.condition = function.get("condition").cloned();
        draft.code = code(service, function);
    }
}

/// When AWS may change the runtime: `auto` is AWS' default and not written.
fn runtime_updates(service: &Service, function: &Function) -> Option<Node> {
    let setting = function.get("runtimeManagement").or_else(|| service.provider("runtimeManagement"))?;
    let mode = setting.get("mode").unwrap_or(setting);
    let when = match mode.as_text() {
        Some("auto") => return None,
        Some("onFunctionUpdate") => Node::string("FunctionUpdate", mode.span),
        Some("manual") => Node::string("Manual", mode.span),
        _ => mode.clone(),
    };
    Some(Shape::at(setting.span).with("UpdateRuntimeOn", when).copy("RuntimeVersionArn", setting, "arn").done())
}

/// What an image is started with, where the function says it.
fn image_config(image: &Node) -> Option<Node> {
    let config = Shape::at(image.span)
        .copy("Command", image, "command")
        .copy("EntryPoint", image, "entryPoint")
        .copy("WorkingDirectory", image, "workingDirectory")
        .done();
    (!config.entries().is_empty()).then_some(config)
}

/// Where the code lies: handlers are relative to the folder of the service file.
fn code(service: &Service, function: &Function) -> CodeSource {
    if function.get("image").is_some() {
        return CodeSource::Elsewhere("it is deployed as a container image".into());
    }
    if let Some(artifact) = function.get("package.artifact").or(service.artifact.as_ref()) {
        let runtime = function.get("runtime").or_else(|| service.provider("runtime")).and_then(Node::as_text);
        let path = artifact.as_text().and_then(|path| normalize(&format!("{}/{path}", service.folder)));
        return match path.filter(|_| CodeSource::is_built(runtime)) {
            Some(path) => CodeSource::Local { path: path.into(), span: artifact.span },
            None => CodeSource::Elsewhere(format!("it is deployed from the archive {artifact}").into()),
        };
    }
    match function.config.entry("handler") {
        Some(handler) if handler.value.as_text().is_some() => {
            CodeSource::Local { path: service.folder.clone(), span: handler.value.span }
        }
        Some(handler) => CodeSource::Unknown(format!("its handler is not known: {}", handler.value).into()),
        None => CodeSource::Elsewhere("it names no handler".into()),
    }
}

fn environment(service: &Service, function: &Function) -> Option<Node> {
    let variables = merged(service.provider("environment"), function.get("environment"))?;
    let span = variables.span;
    Some(Node::map([("Variables", variables)], span))
}

/// Security groups and subnets, each from the function or else the provider; `vpc: null` switches the provider's off.
fn network(service: &Service, function: &Function) -> Option<Node> {
    let own = function.config.get("vpc");
    if own.is_some_and(|own| own.is_absent() || own.as_bool() == Some(false)) {
        return None;
    }
    if let Some(unknown) = own.or_else(|| service.provider("vpc")).filter(|vpc| vpc.as_unknown().is_some()) {
        return Some(unknown.clone());
    }
    let part = |key: &str| own.and_then(|own| own.get(key)).or_else(|| service.provider("vpc")?.get(key)).cloned();
    let (groups, subnets) = (part("securityGroupIds")?, part("subnetIds")?);
    let span = own.or_else(|| service.provider("vpc")).map_or(function.span, |vpc| vpc.span);
    Some(Shape::at(span).with("SecurityGroupIds", groups).with("SubnetIds", subnets).done())
}

fn dead_letter(out: &mut Output<'_>, function: &Function) -> Option<Node> {
    if let Some(target) = function.get("onError") {
        if target.parts().is_some() {
            out.allow(&["sns:Publish"], vec![target.clone()], target.span);
        }
        return Some(Node::map([("TargetArn", target.clone())], target.span));
    }
    // serverless-plugin-lambda-dead-letter: an ARN, a resource of the stack, or a queue or topic that it makes.
    let setting =
        function.get("deadLetter").filter(|_| out.service.has_plugin("serverless-plugin-lambda-dead-letter"))?;
    let owner = function.owner(setting.span);
    let (kind, id, name_key) = match (setting.get("targetArn"), setting.get("sqs"), setting.get("sns")) {
        (Some(target), ..) => {
            let target = match target.get("GetResourceArn").and_then(Node::as_text) {
                Some(id) => arn_of(id, target.span),
                None => target.clone(),
            };
            return Some(Node::map([("TargetArn", target)], setting.span));
        }
        (_, Some(_), _) => ("AWS::SQS::Queue", format!("{}DeadLetterQueue", function.normalized()), "QueueName"),
        (_, _, Some(_)) => ("AWS::SNS::Topic", format!("{}DeadLetterTopic", function.normalized()), "TopicName"),
        _ => return None,
    };
    let made = setting.get("sqs").or(setting.get("sns"))?;
    let target = match (kind, made.value.clone()) {
        ("AWS::SNS::Topic", _) => reference(&id, made.span),
        _ => arn_of(&id, made.span),
    };
    let properties = match &made.value {
        Value::Map(_) => {
            let mut properties = made.clone();
            if let Value::Map(entries) = &mut properties.value {
                entries.iter_mut().for_each(|entry| entry.key = naming::upper_first(&entry.key).into());
            }
            properties
        }
        _ => Node::map([(name_key, made.clone())], made.span),
    };
    out.template.make(kind, id, &owner, properties);
    Some(Node::map([("TargetArn", target)], setting.span))
}

fn tracing(out: &mut Output<'_>, function: &Function) -> Option<Node> {
    let setting = function.get("tracing").or_else(|| out.service.provider("tracing.lambda"))?.clone();
    let mode = match setting.as_bool() {
        Some(false) => return None,
        Some(true) => Node::string("Active", setting.span),
        None => setting.clone(),
    };
    let span = setting.span;
    out.allow(&["xray:PutTraceSegments", "xray:PutTelemetryRecords"], vec![Node::string("*", span)], span);
    Some(Node::map([("Mode", mode)], span))
}

fn file_system(out: &mut Output<'_>, function: &Function) -> Option<Node> {
    let setting = function.get("fileSystemConfig")?;
    if let Some(target) = setting.get("arn") {
        out.allow(
            &["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
            vec![target.clone()],
            target.span,
        );
    }
    let config = Shape::at(setting.span).copy("Arn", setting, "arn").copy("LocalMountPath", setting, "localMountPath");
    Some(Node::list(vec![config.done()], setting.span))
}

fn alias(out: &mut Output<'_>, function: &Function) {
    let Some((suffix, name)) = function.alias() else {
        return;
    };
    let span = function.span;
    let concurrency = function
        .get("provisionedConcurrency")
        .map(|count| Node::map([("ProvisionedConcurrentExecutions", count.clone())], count.span));
    let properties = Shape::at(span)
        .with("FunctionName", reference(&function.id(), span))
        .with("FunctionVersion", Node::unknown(UnknownKind::Computed, "the version that a deployment publishes", span))
        .text("Name", name)
        .maybe("ProvisionedConcurrencyConfig", concurrency);
    let id = format!("{}{suffix}", function.normalized());
    out.template.make("AWS::Lambda::Alias", id, &function.owner(span), properties.done());
}

/// The function's URL; without `authorizer: aws_iam` anyone may call it.
fn url(out: &mut Output<'_>, function: &Function) {
    let Some(entry) = function.config.entry("url") else {
        return;
    };
    let setting = &entry.value;
    if setting.is_absent() || setting.as_bool() == Some(false) {
        return;
    }
    let span = entry.key_span.to(setting.span);
    let auth = match (setting.as_unknown(), setting.get("authorizer")) {
        (Some(_), _) => setting.clone(),
        (_, Some(authorizer)) => match authorizer.as_text() {
            Some(name) if name.eq_ignore_ascii_case("aws_iam") => Node::string("AWS_IAM", authorizer.span),
            Some(_) => Node::string("NONE", authorizer.span),
            None => authorizer.clone(),
        },
        _ => Node::string("NONE", setting.span),
    };
    let owner = function.owner(span);
    let properties = Shape::at(span)
        .with("AuthType", auth.clone())
        .with("TargetFunctionArn", function.target(span))
        .maybe("Cors", setting.get("cors").and_then(url_cors))
        .copy("InvokeMode", setting, "invokeMode");
    let id = format!("{}LambdaFunctionUrl", function.normalized());
    out.template.make("AWS::Lambda::Url", id, &owner, properties.done());
    if auth.as_text() == Some("NONE") {
        let permission = Shape::at(span)
            .with("FunctionName", function.target(span))
            .text("Action", "lambda:InvokeFunctionUrl")
            .text("Principal", "*")
            .with("FunctionUrlAuthType", auth);
        let id = format!("{}LambdaPermissionFnUrl", function.normalized());
        out.template.make("AWS::Lambda::Permission", id, &owner, permission.done());
    }
}

/// Cross-origin settings; what is not given allows everything, `null` takes a list away.
fn url_cors(cors: &Node) -> Option<Node> {
    if cors.is_absent() || cors.as_bool() == Some(false) {
        return None;
    }
    if cors.as_unknown().is_some() {
        return Some(cors.clone());
    }
    let list =
        |items: &[&str]| Node::list(items.iter().map(|item| Node::string(*item, cors.span)).collect(), cors.span);
    let given = |key: &str, default: &[&str]| cors.get(key).cloned().unwrap_or_else(|| list(default));
    let headers =
        ["Content-Type", "X-Amz-Date", "Authorization", "X-Api-Key", "X-Amz-Security-Token", "X-Amzn-Trace-Id"];
    let shape = Shape::at(cors.span)
        .copy("AllowCredentials", cors, "allowCredentials")
        .maybe("AllowHeaders", Some(given("allowedHeaders", &headers)))
        .maybe("AllowMethods", Some(given("allowedMethods", &["*"])))
        .maybe("AllowOrigins", Some(given("allowedOrigins", &["*"])))
        .copy("ExposeHeaders", cors, "exposedResponseHeaders")
        .copy("MaxAge", cors, "maxAge");
    Some(shape.done())
}

fn failed_events(out: &mut Output<'_>, function: &Function) {
    let destinations = function.get("destinations");
    let settings = [destinations, function.get("maximumEventAge"), function.get("maximumRetryAttempts")];
    let Some(first) = settings.iter().flatten().next() else {
        return;
    };
    let span = first.span;
    let mut config = Shape::at(span);
    for (key, theirs) in [("OnSuccess", "onSuccess"), ("OnFailure", "onFailure")] {
        if let Some(target) = destinations.and_then(|all| all.get(theirs)).filter(|target| !target.is_absent()) {
            let destination = destination(out, function, target);
            config = config.with(key, Node::map([("Destination", destination)], target.span));
        }
    }
    let properties = Shape::at(span)
        .with("FunctionName", reference(&function.id(), span))
        .with("DestinationConfig", config.done())
        .text("Qualifier", function.alias().map_or("$LATEST", |(_, name)| name))
        .copy("MaximumEventAgeInSeconds", &function.config, "maximumEventAge")
        .copy("MaximumRetryAttempts", &function.config, "maximumRetryAttempts");
    let id = format!("{}LambdaEvConf", function.normalized());
    out.template.make("AWS::Lambda::EventInvokeConfig", id, &function.owner(span), properties.done());
}

/// The ARN of a destination: given, or another function of the service; the shared role may send to it.
fn destination(out: &mut Output<'_>, function: &Function, target: &Node) -> Node {
    let span = target.span;
    let granted = role::of_function(out.service, function).is_none();
    let (destination, resource, action) = match target.as_text() {
        Some(name) if !name.starts_with("arn:") => {
            let Some(other) = out.service.function(name) else {
                let message =
                    format!("destination {name} of function {} is neither an ARN nor a function", function.key);
                out.problem(span, ProblemKind::Parse, message);
                return Node::unknown(UnknownKind::Parameter, name, span);
            };
            let pattern = "arn:AWS::Partition:lambda:AWS::Region:AWS::AccountId:function:{}";
            (other.target(span), arn(pattern, std::slice::from_ref(&other.name), span), Some("lambda:InvokeFunction"))
        }
        Some(given) => (target.clone(), target.clone(), action_on(given)),
        None => {
            let arn = target.get("arn").unwrap_or(target).clone();
            let action = match target.get("type").and_then(Node::as_text) {
                Some("function") => Some("lambda:InvokeFunction"),
                Some("sqs") => Some("sqs:SendMessage"),
                Some("sns") => Some("sns:Publish"),
                Some("eventBus") => Some("events:PutEvents"),
                _ => None,
            };
            (arn.clone(), arn, action)
        }
    };
    if let (true, Some(action)) = (granted, action) {
        out.allow(&[action], vec![resource], span);
    }
    destination
}

fn action_on(arn: &str) -> Option<&'static str> {
    let kinds = [
        (":function:", "lambda:InvokeFunction"),
        (":sqs:", "sqs:SendMessage"),
        (":sns:", "sns:Publish"),
        (":event-bus/", "events:PutEvents"),
    ];
    kinds.iter().find(|(part, _)| arn.contains(part)).map(|(_, action)| *action)
}
