//! How classes of Java projects are put together: what reaches a call, and what does not.

use super::projects::{reached, scan};

/// A file of the package com.shop with the imports that the cases need.
fn file(name: &str, body: &str) -> (String, String) {
    let imports = "import java.util.*;\nimport java.util.function.*;\nimport java.util.stream.*;\nimport java.util.concurrent.*;\nimport software.amazon.awssdk.services.sns.SnsClient;\nimport software.amazon.awssdk.services.sqs.SqsClient;\nimport software.amazon.awssdk.services.s3.S3Client;\nimport software.amazon.awssdk.services.dynamodb.DynamoDbClient;\nimport software.amazon.awssdk.enhanced.dynamodb.*;\nimport com.amazonaws.services.lambda.runtime.*;\n";
    (format!("src/main/java/com/shop/{name}.java"), format!("package com.shop;\n{imports}{body}\n"))
}

/// What the handler `App` of some classes calls, in the order of the files; a class's name is the first word after `class`,
/// `interface`, `record` or `enum`.
pub(super) fn calls(classes: &[&str]) -> Vec<String> {
    let name = |body: &str| {
        let words: Vec<&str> = body.split_whitespace().collect();
        let at = words.iter().position(|word| matches!(*word, "class" | "interface" | "record" | "enum")).unwrap();
        words[at + 1].split(['<', '(', '{']).next().unwrap().to_owned()
    };
    let files: Vec<(String, String)> = classes.iter().map(|body| file(&name(body), body)).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let code = scan(&files, &[("App", "java21", "com.shop.App", "")]);
    let mut found = reached(&code, "App").2;
    found.sort();
    found.dedup();
    found
}

#[track_caller]
pub(super) fn expect(classes: &[&str], expected: &[&str]) {
    assert_eq!(calls(classes), expected, "{}", classes[0]);
}

#[test]
fn a_handler_runs_what_its_base_calls() {
    expect(
        &[r#"class App extends org.outside.ApiHandler<String, Void> {
  private final SnsClient sns = SnsClient.create();
  @Override protected Void processInput(String in) { sns.publish(b -> b.topicArn("t")); return null; }
  void unused() { sns.listTopics(); }
}"#],
        &["sns:Publish TopicArn=t"],
    );
    expect(
        &[
            r#"class App extends Base { void work() { sns.publish(b -> b.topicArn("t")); } }"#,
            r#"abstract class Base implements RequestHandler<String, String> { protected final SnsClient sns = SnsClient.create(); public String handleRequest(String e, Context c) { work(); return null; } abstract void work(); }"#,
            r#"class Other extends Base { void work() { sns.listTopics(); } }"#,
        ],
        &["sns:Publish TopicArn=t"],
    );
    expect(
        &[
            r#"class App extends Base { App() { super(new Tell()); } }"#,
            r#"class OtherApp extends Base { OtherApp() { super(new Purge()); } }"#,
            r#"abstract class Base implements RequestHandler<String, String> { private final Step step; Base(Step step) { this.step = step; } public String handleRequest(String e, Context c) { step.run(); return null; } }"#,
            r#"interface Step { void run(); }"#,
            r#"class Tell implements Step { SnsClient sns = SnsClient.create(); public void run() { sns.publish(b -> b.topicArn("t")); } }"#,
            r#"class Purge implements Step { SqsClient sqs = SqsClient.create(); public void run() { sqs.purgeQueue(b -> b.queueUrl("q")); } }"#,
        ],
        &["sns:Publish TopicArn=t"],
    );
    expect(
        &[
            r#"class App extends Base { App() { steps.add(new Tell()); this.last = new Purge(); } }"#,
            r#"abstract class Base implements RequestHandler<String, String> { protected final List<Step> steps = new ArrayList<>(); protected Step last; public String handleRequest(String e, Context c) { steps.forEach(Step::run); last.run(); return null; } }"#,
            r#"interface Step { void run(); }"#,
            r#"class Tell implements Step { SnsClient sns = SnsClient.create(); public void run() { sns.publish(b -> b.topicArn("t")); } }"#,
            r#"class Purge implements Step { SqsClient sqs = SqsClient.create(); public void run() { sqs.purgeQueue(b -> b.queueUrl("q")); } }"#,
            r#"class Never implements Step { SqsClient sqs = SqsClient.create(); public void run() { sqs.listQueues(); } }"#,
        ],
        &["sns:Publish TopicArn=t", "sqs:PurgeQueue QueueUrl=q"],
    );
    expect(
        &[
            r#"class App { private final SnsClient sns = SnsClient.create(); @Bean public Function<String, String> handleRequest() { return new Tell(sns); } }"#,
            r#"class Tell implements Function<String, String> { private final SnsClient sns; Tell(SnsClient sns) { this.sns = sns; } @Override public String apply(String e) { sns.publish(b -> b.topicArn("t")); return e; } }"#,
        ],
        &["sns:Publish TopicArn=t"],
    );
    expect(
        &[
            r#"class App implements Tells { public SnsClient client() { return SnsClient.create(); } public void handleRequest(String e, Context c) { tell(); } }"#,
            r#"interface Tells { SnsClient client(); default void tell() { client().publish(b -> b.topicArn("t")); } }"#,
        ],
        &["sns:Publish TopicArn=t"],
    );
}

#[test]
fn objects_are_followed_through_other_objects() {
    expect(
        &[
            r#"class App { private final Step step = new Logged(new Tell()); public void handleRequest(String e, Context c) { step.run(); } }"#,
            r#"interface Step { void run(); }"#,
            r#"class Logged implements Step { private final Step inner; Logged(Step inner) { this.inner = inner; } public void run() { inner.run(); } }"#,
            r#"class Tell implements Step { SnsClient sns = SnsClient.create(); public void run() { sns.publish(b -> b.topicArn("t")); } }"#,
            r#"class Never implements Step { SnsClient sns = SnsClient.create(); public void run() { sns.listTopics(); } }"#,
        ],
        &["sns:Publish TopicArn=t"],
    );
    expect(
        &[
            r#"class App { private final Step first; App() { Step tell = new Tell(); Step purge = new Purge(); tell.setNext(purge); first = tell; } public void handleRequest(String e, Context c) { first.handle(e); } }"#,
            r#"abstract class Step { private Step next; void setNext(Step next) { this.next = next; } void handle(String e) { run(e); if (next != null) { next.handle(e); } } abstract void run(String e); }"#,
            r#"class Tell extends Step { SnsClient sns = SnsClient.create(); void run(String e) { sns.publish(b -> b.topicArn("t")); } }"#,
            r#"class Purge extends Step { SqsClient sqs = SqsClient.create(); void run(String e) { sqs.purgeQueue(b -> b.queueUrl("q")); } }"#,
            r#"class Never extends Step { SqsClient sqs = SqsClient.create(); void run(String e) { sqs.listQueues(); } }"#,
        ],
        &["sns:Publish TopicArn=t", "sqs:PurgeQueue QueueUrl=q"],
    );
    expect(
        &[
            r#"class App { public void handleRequest(String e, Context c) { Clients.get().sns().publish(b -> b.topicArn("t")); Factory.step(e).run(); } }"#,
            r#"class Clients { private static Clients instance; private final SnsClient sns = SnsClient.create(); static synchronized Clients get() { if (instance == null) { instance = new Clients(); } return instance; } SnsClient sns() { return sns; } }"#,
            r#"class Factory { static Step step(String kind) { if (kind == null) { return new Tell(); } return new Purge(); } }"#,
            r#"interface Step { void run(); }"#,
            r#"class Tell implements Step { SqsClient sqs = SqsClient.create(); public void run() { sqs.listQueues(); } }"#,
            r#"class Purge implements Step { SqsClient sqs = SqsClient.create(); public void run() { sqs.purgeQueue(b -> b.queueUrl("q")); } }"#,
        ],
        &["sns:Publish TopicArn=t", "sqs:ListQueues", "sqs:PurgeQueue QueueUrl=q"],
    );
    expect(
        &[
            r#"class App { public void handleRequest(String e, Context c) { Clients.get().sns.publish(b -> b.topicArn("t")); } }"#,
            r#"class Clients { final SnsClient sns = SnsClient.builder().build(); private static class Holder { static final Clients INSTANCE = new Clients(); } static Clients get() { return Holder.INSTANCE; } }"#,
        ],
        &["sns:Publish TopicArn=t"],
    );
    expect(
        &[
            r#"class App { private final Repo repo = new SnsRepo(SnsClient.create()); public void handleRequest(String e, Context c) { repo.save(e); repo.all().forEach(r -> repo.drop(r)); } }"#,
            r#"interface Repo extends Saves<String>, Drops { List<String> all(); }"#,
            r#"interface Saves<T> { void save(T t); }"#,
            r#"interface Drops { void drop(String s); }"#,
            r#"class SnsRepo implements Repo { private final SnsClient sns; SnsRepo(SnsClient sns) { this.sns = sns; } public void save(String s) { sns.publish(b -> b.topicArn("t")); } public void drop(String s) { sns.deleteTopic(b -> b.topicArn(s)); } public List<String> all() { sns.listTopics(); return null; } }"#,
        ],
        &["sns:DeleteTopic TopicArn=?", "sns:ListTopics", "sns:Publish TopicArn=t"],
    );
    expect(
        &[
            r#"class App { public void handleRequest(String e, Context c) { new Outer.Inner().run(); new Outer().go(); } }"#,
            r#"class Outer { private final SqsClient sqs = SqsClient.create(); void go() { new Deep().run(); } class Deep { void run() { sqs.listQueues(); } } static class Inner { SnsClient sns = SnsClient.create(); void run() { sns.publish(b -> b.topicArn("t")); } } }"#,
        ],
        &["sns:Publish TopicArn=t", "sqs:ListQueues"],
    );
    expect(
        &[
            r#"class App { private final Step step = new Step() { private final SnsClient sns = SnsClient.create(); @Override public void run() { sns.publish(b -> b.topicArn("t")); } }; public void handleRequest(String e, Context c) { step.run(); } }"#,
            r#"interface Step { void run(); }"#,
        ],
        &["sns:Publish TopicArn=t"],
    );
}

#[test]
fn parameters_of_types_are_what_heirs_put_there() {
    expect(
        &[
            r#"class App extends Base<OrderService> { App() { super(new OrderService()); } void go() { service.tell(); }
 public void handleRequest(String e, Context c) { go(); work(); } }"#,
            r#"abstract class Base<T extends Service> { protected final T service; Base(T service) { this.service = service; } void work() { service.save(); } }"#,
            r#"abstract class Service { abstract void save(); }"#,
            r#"class OrderService extends Service { SnsClient sns = SnsClient.create(); void save() { sns.publish(b -> b.topicArn("t")); } void tell() { sns.listTopics(); } }"#,
            r#"class Never extends Service { SnsClient sns = SnsClient.create(); void save() { sns.createTopic(b -> b.name("x")); } }"#,
        ],
        &["sns:ListTopics", "sns:Publish TopicArn=t"],
    );
    expect(
        &[
            r#"class App extends Base<SnsClient> { public void handleRequest(String e, Context c) { client.publish(b -> b.topicArn("t")); } }"#,
            r#"abstract class Base<C> { protected C client; }"#,
        ],
        &["sns:Publish TopicArn=t"],
    );
    expect(
        &[
            r#"class App { private final OrderDao dao = new OrderDao(DynamoDbEnhancedClient.create()); public void handleRequest(String e, Context c) { dao.save(new Order()); dao.find(e).ifPresent(o -> dao.remove(o)); } }"#,
            r#"class Order {}"#,
            r#"abstract class Dao<T> { protected final DynamoDbTable<T> table; Dao(DynamoDbEnhancedClient client, Class<T> of, String name) { this.table = client.table(name, TableSchema.fromBean(of)); } void save(T t) { table.putItem(t); } Optional<T> find(String id) { return Optional.ofNullable(table.getItem(Key.builder().partitionValue(id).build())); } void remove(T t) { table.deleteItem(t); } void never(T t) { table.updateItem(t); } }"#,
            r#"class OrderDao extends Dao<Order> { OrderDao(DynamoDbEnhancedClient client) { super(client, Order.class, System.getenv("ORDERS")); } }"#,
        ],
        &[
            "dynamodb:DeleteItem TableName=$ORDERS",
            "dynamodb:GetItem TableName=$ORDERS",
            "dynamodb:PutItem TableName=$ORDERS",
        ],
    );
}

#[test]
fn fields_and_methods_of_one_name_are_told_apart() {
    expect(
        &[
            r#"class App { public void handleRequest(String e, Context c) { new Clients(SnsClient.create()).sns().publish(b -> b.topicArn("t")); } }"#,
            r#"class Clients { private final SnsClient sns; Clients(SnsClient sns) { this.sns = sns; } SnsClient sns() { sns.listTopics(); return sns; } }"#,
        ],
        &["sns:ListTopics", "sns:Publish TopicArn=t"],
    );
    expect(
        &[
            r#"class App { public void handleRequest(String e, Context c) { new Clients(SnsClient.create()).tell(); } }"#,
            r#"record Clients(SnsClient sns) { void tell() { sns.publish(b -> b.topicArn("t")); sns().listTopics(); } }"#,
        ],
        &["sns:ListTopics", "sns:Publish TopicArn=t"],
    );
}

#[test]
fn enums_switches_and_resources_give_objects() {
    expect(
        &[
            r#"class App { public void handleRequest(String e, Context c) { Kind.valueOf(e).run(SnsClient.create()); Kind.A.run(SnsClient.create()); } }"#,
            r#"enum Kind { A { void run(SnsClient s) { s.publish(b -> b.topicArn("t")); } }, B { void run(SnsClient s) { s.listTopics(); } }; abstract void run(SnsClient s); }"#,
        ],
        &["sns:ListTopics", "sns:Publish TopicArn=t"],
    );
    expect(
        &[
            r#"class App { public void handleRequest(String e, Context c) { Step s = switch (e) { case "a" -> new Tell(); case "b" -> { yield new Purge(); } default -> throw new RuntimeException(); }; s.run(); } }"#,
            r#"interface Step { void run(); }"#,
            r#"class Tell implements Step { SnsClient sns = SnsClient.create(); public void run() { sns.publish(b -> b.topicArn("t")); } }"#,
            r#"class Purge implements Step { SqsClient sqs = SqsClient.create(); public void run() { sqs.purgeQueue(b -> b.queueUrl("q")); } }"#,
        ],
        &["sns:Publish TopicArn=t", "sqs:PurgeQueue QueueUrl=q"],
    );
    expect(
        &[
            r#"class App { public void handleRequest(String e, Context c) { try (var s = SnsClient.create(); SqsClient q = SqsClient.builder().build()) { Runnable r = () -> s.publish(b -> b.topicArn("t")); r.run(); new Thread(() -> q.listQueues()).start(); } } }"#,
        ],
        &["sns:Publish TopicArn=t", "sqs:ListQueues"],
    );
}

#[test]
fn what_initializes_a_class_runs_where_it_is_used() {
    expect(
        &[
            r#"class App { private final Tell tell = new Tell(); public void handleRequest(String e, Context c) { tell.run(); String s = Names.A; Tell.never(null); } }"#,
            r#"class Tell { SnsClient sns = SnsClient.create(); void run() { sns.publish(b -> b.topicArn("t")); } static void never(Unused u) { } static Unused make() { return new Unused(); } }"#,
            r#"class Unused { private final SqsClient sqs = SqsClient.create(); private final Object all = sqs.listQueues(); private static final Object ATTR = SqsClient.create().getQueueUrl(b -> b.queueName("q")); { sqs.purgeQueue(b -> b.queueUrl("q")); } void go() {} }"#,
            r#"class Names { static final String A = "a"; static final Object T = SnsClient.create().listTopics(); }"#,
        ],
        &["sns:ListTopics", "sns:Publish TopicArn=t"],
    );
    expect(
        &[
            r#"class App { private final Used used = new Used(); public void handleRequest(String e, Context c) { } }"#,
            r#"class Above { private final Object t = SnsClient.create().listTopics(); }"#,
            r#"class Used extends Above { private final SqsClient sqs = SqsClient.create(); private final Object all = sqs.listQueues(); private static final Object ATTR = SqsClient.create().getQueueUrl(b -> b.queueName("q")); { sqs.purgeQueue(b -> b.queueUrl("q")); } Used() { this(1); } Used(int a) { } }"#,
        ],
        &["sns:ListTopics", "sqs:GetQueueUrl QueueName=q", "sqs:ListQueues", "sqs:PurgeQueue QueueUrl=q"],
    );
    expect(
        &[
            r#"class App { public void handleRequest(String e, Context c) { Clients.SNS.publish(b -> b.topicArn("t")); } }"#,
            r#"final class Clients { static final SnsClient SNS = SnsClient.create(); static final Object LIST = SNS.listTopics(); }"#,
        ],
        &["sns:ListTopics", "sns:Publish TopicArn=t"],
    );
}

#[test]
fn what_acts_as_a_role_in_one_case_is_not_certain() {
    expect(
        &[
            r#"class App { SnsClient client() { var b = SnsClient.builder(); if (System.getenv("LOCAL") != null) { b.credentialsProvider(software.amazon.awssdk.auth.credentials.StaticCredentialsProvider.create(software.amazon.awssdk.auth.credentials.AwsBasicCredentials.create("x", "y"))); } return b.build(); }
 public void handleRequest(String e, Context c) { client().publish(p -> p.topicArn("t")); } }"#,
        ],
        &["sns:Publish TopicArn=t"],
    );
    expect(
        &[
            r#"class App { SnsClient client() { var b = SnsClient.builder(); if (System.getenv("ROLE") != null) { b.credentialsProvider(software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider.builder().build()); } return b.build(); }
 public void handleRequest(String e, Context c) { client().publish(p -> p.topicArn("t")); } }"#,
        ],
        &["sns:Publish? TopicArn=t", "sts:AssumeRole"],
    );
    expect(
        &[
            r#"class App { private final S3Client own = S3Client.create(); private final S3Client theirs = S3Client.builder().credentialsProvider(software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider.builder().build()).build(); public void handleRequest(String e, Context c) { own.listBuckets(); theirs.deleteBucket(b -> b.bucket("x")); } }"#,
        ],
        &["s3:ListBuckets", "sts:AssumeRole"],
    );
}
