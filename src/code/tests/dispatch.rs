//! What stands behind interfaces and classes that others extend, function by function.

use super::projects::{reached, scan};

const STORE: (&str, &str) = (
    "core/src/main/java/com/shop/core/Store.java",
    "package com.shop.core;\npublic interface Store { void save(String id); }\n",
);

const KEEPER: (&str, &str) = (
    "core/src/main/java/com/shop/core/aws/TableStore.java",
    "package com.shop.core.aws;\nimport com.shop.core.Store;\nimport software.amazon.awssdk.services.dynamodb.DynamoDbClient;\n@ApplicationScoped\npublic class TableStore implements Store {\n  @Inject DynamoDbClient db;\n  @Override public void save(String id) { db.putItem(b -> b.tableName(\"T\")); }\n}\n",
);

#[test]
fn the_only_class_behind_an_interface_is_found_though_nothing_imports_it() {
    let handler = "package com.shop;\nimport com.shop.core.Store;\npublic class App {\n  @Inject Store store;\n  public void handleRequest(String event, Context context) { store.save(event); }\n}\n";
    let mut files = vec![STORE, KEEPER, ("fn/src/main/java/com/shop/App.java", handler)];
    let row = [("App", "java21", "com.shop.App", "fn")];
    let (.., calls) = reached(&scan(&files, &row), "App");
    assert_eq!(calls, ["dynamodb:PutItem TableName=T"]);
    // One that asks no framework for objects is not what a framework hands over.
    files.push((
        "core/src/main/java/com/shop/core/aws/Plain.java",
        "package com.shop.core.aws;\nimport com.shop.core.Store;\nclass Plain implements Store { public void save(String id) {} }\n",
    ));
    let (.., calls) = reached(&scan(&files, &row), "App");
    assert_eq!(calls, ["dynamodb:PutItem TableName=T"]);
    // Of two that do nobody knows which one it is.
    files.push((
        "core/src/main/java/com/shop/core/aws/Other.java",
        "package com.shop.core.aws;\nimport com.shop.core.Store;\n@Singleton\nclass Other implements Store { public void save(String id) {} }\n",
    ));
    let (.., calls) = reached(&scan(&files, &row), "App");
    assert!(calls.is_empty(), "{calls:?}");
}

#[test]
fn a_container_that_gives_an_object_hides_nothing_of_its_interface() {
    let handler = "package com.shop;\nimport com.google.inject.Guice;\nimport com.shop.core.Store;\npublic class App {\n  private final Store store = Guice.createInjector().getInstance(Store.class);\n  public void handleRequest(String event, Context context) { store.save(event); }\n}\n";
    let code = scan(
        &[STORE, KEEPER, ("fn/src/main/java/com/shop/App.java", handler)],
        &[("App", "java21", "com.shop.App", "fn")],
    );
    assert_eq!(reached(&code, "App").2, ["dynamodb:PutItem TableName=T"]);
}

#[test]
fn an_inherited_handler_calls_what_its_own_class_brings() {
    let base = "package com.shop;\npublic abstract class Base {\n  public void handleRequest(String event, Context context) { work(event); }\n  abstract void work(String event);\n}\n";
    let heir = |name: &str, call: &str| {
        format!(
            "package com.shop;\nimport software.amazon.awssdk.services.s3.S3Client;\npublic class {name} extends Base {{\n  S3Client s3 = S3Client.create();\n  void work(String event) {{ s3.{call}(b -> b.bucket(\"b\")); }}\n}}\n"
        )
    };
    let (get, put) = (heir("Get", "getObject"), heir("Put", "putObject"));
    let code = scan(
        &[
            ("src/main/java/com/shop/Base.java", base),
            ("src/main/java/com/shop/Get.java", &get),
            ("src/main/java/com/shop/Put.java", &put),
        ],
        &[("Get", "java21", "com.shop.Get", ""), ("Put", "java21", "com.shop.Put", "")],
    );
    assert_eq!(reached(&code, "Get").2, ["s3:GetObject Bucket=b"]);
    assert_eq!(reached(&code, "Put").2, ["s3:PutObject Bucket=b"]);
}

#[test]
fn what_stands_behind_a_class_counts_where_an_object_of_it_is_made() {
    let base = "package com.shop;\nimport software.amazon.awssdk.services.sns.SnsClient;\nabstract class Step {\n  SnsClient sns = SnsClient.create();\n  abstract void run();\n}\n";
    let tell = "package com.shop;\nclass Tell extends Step { void run() { sns.publish(b -> b.topicArn(\"t\")); } }\n";
    let list = "package com.shop;\nclass List extends Step { void run() { sns.listTopics(); } }\n";
    let app = |name: &str, step: &str| {
        format!(
            "package com.shop;\npublic class {name} {{\n  public void handleRequest(String event, Context context) {{ run(new {step}()); }}\n  void run(Step step) {{ step.run(); }}\n}}\n"
        )
    };
    let (one, two) = (app("One", "Tell"), app("Two", "List"));
    let code = scan(
        &[
            ("src/main/java/com/shop/Step.java", base),
            ("src/main/java/com/shop/Tell.java", tell),
            ("src/main/java/com/shop/List.java", list),
            ("src/main/java/com/shop/One.java", &one),
            ("src/main/java/com/shop/Two.java", &two),
        ],
        &[("One", "java21", "com.shop.One", ""), ("Two", "java21", "com.shop.Two", "")],
    );
    assert_eq!(reached(&code, "One").2, ["sns:Publish TopicArn=t"]);
    assert_eq!(reached(&code, "Two").2, ["sns:ListTopics"]);
}

#[test]
fn a_variadic_parameter_holds_what_its_callers_hand_over() {
    let source = "package main\nimport (\n\t\"github.com/aws/aws-sdk-go/service/sns\"\n\t\"github.com/aws/aws-sdk-go/service/sqs\"\n\t\"github.com/aws/aws-lambda-go/lambda\"\n)\ntype Publisher interface{ Publish(text string) error }\ntype Topic struct{ client *sns.SNS }\nfunc (t *Topic) Publish(text string) error { _, err := t.client.Publish(&sns.PublishInput{}); return err }\ntype Queue struct{ client *sqs.SQS }\nfunc (q *Queue) Publish(text string) error { _, err := q.client.SendMessage(&sqs.SendMessageInput{}); return err }\ntype Events struct{ created []Publisher }\nfunc (e *Events) publish(text string, all ...Publisher) {\n\tfor _, one := range all {\n\t\tone.Publish(text)\n\t}\n}\nfunc handle() {\n\te := &Events{}\n\te.created = []Publisher{&Topic{}, &Queue{}}\n\te.publish(\"x\", e.created...)\n}\nfunc main() { lambda.Start(handle) }\n";
    let code = scan(
        &[("fn/main.go", source), ("fn/go.mod", "module shop\n")],
        &[("Fn", "provided.al2023", "bootstrap", "fn")],
    );
    assert_eq!(reached(&code, "Fn").2, ["sns:Publish", "sqs:SendMessage"]);
}

#[test]
fn classes_that_a_framework_is_handed_are_called_by_it() {
    let app = "package com.shop;\nimport com.shop.api.Orders;\nimport org.glassfish.jersey.server.ResourceConfig;\npublic class App {\n  static final ResourceConfig config = new ResourceConfig().registerClasses(Orders.class);\n  static final Logger log = LogManager.getLogger(Other.class);\n  public void handleRequest(String event, Context context) {}\n}\n";
    let resource = |name: &str, call: &str| {
        format!(
            "package com.shop.api;\nimport software.amazon.awssdk.services.sqs.SqsClient;\npublic class {name} {{\n  SqsClient sqs = SqsClient.create();\n  public void any() {{ sqs.{call}(b -> b.queueUrl(\"q\")); }}\n}}\n"
        )
    };
    let (orders, other) = (resource("Orders", "purgeQueue"), resource("Other", "deleteQueue"));
    let code = scan(
        &[
            ("src/main/java/com/shop/App.java", app),
            ("src/main/java/com/shop/api/Orders.java", &orders),
            ("src/main/java/com/shop/Other.java", &other.replace("com.shop.api", "com.shop")),
        ],
        &[("App", "java21", "com.shop.App", "")],
    );
    assert_eq!(reached(&code, "App").2, ["sqs:PurgeQueue QueueUrl=q"]);
}

#[test]
fn a_static_import_leads_into_another_module_and_calls_nothing_by_itself() {
    let helper = "package org.tools.sns;\nimport software.amazon.awssdk.services.sns.SnsClient;\npublic class Helper {\n  public static void tell(SnsClient sns) { sns.publish(b -> b.topicArn(\"t\")); }\n  public static void list(SnsClient sns) { sns.listTopics(); }\n}\n";
    let app = "package com.shop;\nimport static org.tools.sns.Helper.list;\nimport static org.tools.sns.Helper.tell;\npublic class App {\n  public void handleRequest(String event, Context context) { tell(SnsClient.create()); }\n}\n";
    let code = scan(
        &[("tools/src/main/java/org/tools/sns/Helper.java", helper), ("fn/src/main/java/com/shop/App.java", app)],
        &[("App", "java21", "com.shop.App", "fn")],
    );
    assert_eq!(reached(&code, "App").2, ["sns:Publish TopicArn=t"]);
}

/// What the function of one Go file reaches.
fn reached_in_go(source: &str) -> Vec<String> {
    let files = [("fn/main.go", source), ("fn/go.mod", "module shop\n")];
    reached(&scan(&files, &[("Fn", "provided.al2023", "bootstrap", "fn")]), "Fn").2
}

#[test]
fn a_function_that_takes_functions_leads_to_none_of_other_callers() {
    let source = "package main\nimport (\n\t\"github.com/aws/aws-sdk-go/service/sns\"\n\t\"github.com/aws/aws-lambda-go/lambda\"\n)\nvar client = sns.New(nil)\nfunc retry(do func() error) error { return do() }\nfunc tell() { retry(func() error { _, err := client.Publish(&sns.PublishInput{}); return err }) }\nfunc list() { retry(func() error { _, err := client.ListTopics(&sns.ListTopicsInput{}); return err }) }\nfunc handle() { tell() }\nfunc main() { lambda.Start(handle) }\n";
    assert_eq!(reached_in_go(source), ["sns:Publish"]);
}

#[test]
fn another_name_of_a_function_calls_nothing_by_itself() {
    let source = "package main\nimport (\n\t\"github.com/aws/aws-sdk-go/service/sns\"\n\t\"github.com/aws/aws-lambda-go/lambda\"\n)\nvar client = sns.New(nil)\nvar tellFunc, listFunc = tell, list\nfunc tell() { client.Publish(&sns.PublishInput{}) }\nfunc list() { client.ListTopics(&sns.ListTopicsInput{}) }\nfunc handle() { tellFunc() }\nfunc main() { lambda.Start(handle) }\n";
    assert_eq!(reached_in_go(source), ["sns:Publish"]);
}

#[test]
fn methods_that_are_looked_up_by_name_are_reached() {
    let source = "package main\nimport (\n\t\"reflect\"\n\t\"github.com/aws/aws-sdk-go/service/sns\"\n\t\"github.com/aws/aws-lambda-go/lambda\"\n)\nvar client = sns.New(nil)\ntype API struct{}\nfunc (API) Tell(text string) { client.Publish(&sns.PublishInput{}) }\nfunc (API) list() { client.ListTopics(&sns.ListTopicsInput{}) }\ntype Router struct{ routes reflect.Value }\nfunc NewRouter(routes interface{}) *Router { return &Router{routes: reflect.ValueOf(routes)} }\nfunc (r *Router) Handle(name string) { r.routes.MethodByName(name).Call(nil) }\nvar router = NewRouter(API{})\nfunc handle(name string) { router.Handle(name) }\nfunc main() { lambda.Start(handle) }\n";
    assert_eq!(reached_in_go(source), ["sns:Publish"]);
}

#[test]
fn overloads_are_told_apart_by_their_parameters_and_inherited() {
    let base = "package com.shop;\nimport software.amazon.awssdk.services.sns.SnsClient;\nclass Base {\n  SnsClient sns = SnsClient.create();\n  void run(String a, String b) { sns.publish(p -> p.topicArn(\"t\")); }\n}\n";
    let app = "package com.shop;\npublic class App extends Base {\n  public void handleRequest(String event, Context context) { run(event); }\n  void run(String a) { run(a, a); }\n  void run(String a, String b, String c) { sns.listTopics(); }\n}\n";
    let code = scan(
        &[("src/main/java/com/shop/Base.java", base), ("src/main/java/com/shop/App.java", app)],
        &[("App", "java21", "com.shop.App", "")],
    );
    assert_eq!(reached(&code, "App").2, ["sns:Publish TopicArn=t"]);
}
