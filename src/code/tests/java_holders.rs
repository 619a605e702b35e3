//! What collections, streams, optionals, futures and functions of Java lead to.

use super::java_structure::expect;

#[test]
fn what_is_put_into_a_collection_is_called_from_there() {
    expect(
        &[
            r#"class App { private List<Step> steps = new LinkedList<>();
 App() { steps.add(new Tell()); steps.add(new Purge()); }
 public void handleRequest(String e, Context c) { steps.forEach(step -> { step.run(); }); } }"#,
            r#"interface Step { void run(); }"#,
            r#"class Tell implements Step { SnsClient sns = SnsClient.create(); public void run() { sns.publish(b -> b.topicArn("t")); } }"#,
            r#"class Purge implements Step { SqsClient sqs = SqsClient.create(); public void run() { sqs.purgeQueue(b -> b.queueUrl("q")); } }"#,
            r#"class Never implements Step { SqsClient sqs = SqsClient.create(); public void run() { sqs.deleteQueue(b -> b.queueUrl("q")); } }"#,
        ],
        &["sns:Publish TopicArn=t", "sqs:PurgeQueue QueueUrl=q"],
    );
    expect(
        &[
            r#"class App { private static final Map<String, Step> STEPS = Map.of("a", new Tell(), "b", new Purge());
 public void handleRequest(String e, Context c) { Step s = STEPS.get(e); s.run(); } }"#,
            r#"interface Step { void run(); }"#,
            r#"class Tell implements Step { SnsClient sns = SnsClient.create(); public void run() { sns.publish(b -> b.topicArn("t")); } }"#,
            r#"class Purge implements Step { SqsClient sqs = SqsClient.create(); public void run() { sqs.purgeQueue(b -> b.queueUrl("q")); } }"#,
        ],
        &["sns:Publish TopicArn=t", "sqs:PurgeQueue QueueUrl=q"],
    );
    expect(
        &[
            r#"class App { private final List<Step> steps = List.of(new Tell(), new Purge());
 public void handleRequest(String e, Context c) { steps.stream().filter(s -> s.fits(e)).findFirst().orElseThrow().run(); } }"#,
            r#"interface Step { void run(); boolean fits(String e); }"#,
            r#"class Tell implements Step { SnsClient sns = SnsClient.create(); public boolean fits(String e) { return true; } public void run() { sns.publish(b -> b.topicArn("t")); } }"#,
            r#"class Purge implements Step { SqsClient sqs = SqsClient.create(); public boolean fits(String e) { sqs.listQueues(); return true; } public void run() { sqs.purgeQueue(b -> b.queueUrl("q")); } }"#,
        ],
        &["sns:Publish TopicArn=t", "sqs:ListQueues", "sqs:PurgeQueue QueueUrl=q"],
    );
    expect(
        &[
            r#"class App { private final Map<String, Step> steps;
 App() { steps = Stream.of(new Tell(), new Purge()).collect(Collectors.toMap(Step::name, Function.identity())); }
 public void handleRequest(String e, Context c) { steps.getOrDefault(e, new Tell()).run(); } }"#,
            r#"interface Step { void run(); String name(); }"#,
            r#"class Tell implements Step { SnsClient sns = SnsClient.create(); public String name() { return "a"; } public void run() { sns.publish(b -> b.topicArn("t")); } }"#,
            r#"class Purge implements Step { SqsClient sqs = SqsClient.create(); public String name() { return "a"; }  public void run() { sqs.purgeQueue(b -> b.queueUrl("q")); } }"#,
        ],
        &["sns:Publish TopicArn=t", "sqs:PurgeQueue QueueUrl=q"],
    );
    expect(
        &[
            r#"class App { private final Map<String, Step> steps = new HashMap<>();
 App() { steps.put("a", new Tell()); }
 public void handleRequest(String e, Context c) { for (var entry : steps.entrySet()) { entry.getValue().run(); } steps.values().forEach(Step::more); } }"#,
            r#"interface Step { void run(); void more(); }"#,
            r#"class Tell implements Step { SnsClient sns = SnsClient.create(); public void run() { sns.publish(b -> b.topicArn("t")); } public void more() { sns.listTopics(); } }"#,
            r#"class Never implements Step { SnsClient sns = SnsClient.create(); public void run() { sns.createTopic(b -> b.name("t")); } public void more() { } }"#,
        ],
        &["sns:ListTopics", "sns:Publish TopicArn=t"],
    );
    expect(
        &[
            r#"class App { private final List<Step> steps = new ArrayList<>(); App() { register(new Tell()); fill(steps); } void register(Step s) { steps.add(s); } void fill(List<Step> all) { steps.add(new Purge()); } public void handleRequest(String e, Context c) { steps.get(0).run(); } }"#,
            r#"interface Step { void run(); }"#,
            r#"class Tell implements Step { SnsClient sns = SnsClient.create(); public void run() { sns.publish(b -> b.topicArn("t")); } }"#,
            r#"class Purge implements Step { SqsClient sqs = SqsClient.create(); public void run() { sqs.purgeQueue(b -> b.queueUrl("q")); } }"#,
        ],
        &["sns:Publish TopicArn=t", "sqs:PurgeQueue QueueUrl=q"],
    );
    expect(
        &[
            r#"class App { public void handleRequest(String e, Context c) { new Pipeline(new Tell(), new Purge()).run(); } }"#,
            r#"class Pipeline { private final List<Step> steps; Pipeline(Step... steps) { this.steps = Arrays.asList(steps); } void run() { for (Step step : steps) { step.run(); } } }"#,
            r#"interface Step { void run(); }"#,
            r#"class Tell implements Step { SnsClient sns = SnsClient.create(); public void run() { sns.publish(b -> b.topicArn("t")); } }"#,
            r#"class Purge implements Step { SqsClient sqs = SqsClient.create(); public void run() { sqs.purgeQueue(b -> b.queueUrl("q")); } }"#,
        ],
        &["sns:Publish TopicArn=t", "sqs:PurgeQueue QueueUrl=q"],
    );
    expect(
        &[r#"class App { private final Map<String, SnsClient> clients = new ConcurrentHashMap<>();
 public void handleRequest(String e, Context c) { clients.computeIfAbsent(e, k -> SnsClient.create()).publish(b -> b.topicArn("t")); } }"#],
        &["sns:Publish TopicArn=t"],
    );
}

#[test]
fn declared_types_say_what_is_held() {
    expect(
        &[
            r#"class App { private final Map<String, Tell> tells; private final Supplier<Tell> lazy; private final Optional<Purge> purge; App(Map<String, Tell> tells, Supplier<Tell> lazy, Optional<Purge> purge) { this.tells = tells; this.lazy = lazy; this.purge = purge; } public void handleRequest(String e, Context c) { tells.get(e).run(); lazy.get().more(); purge.ifPresent(p -> p.run()); all().forEach(t -> t.last()); later().thenAccept(t -> t.after()); } List<Tell> all() { return null; } CompletableFuture<Tell> later() { return null; } }"#,
            r#"class Tell { SnsClient sns = SnsClient.create(); public void run() { sns.publish(b -> b.topicArn("t")); } void more() { sns.listTopics(); } void last() { sns.deleteTopic(b -> b.topicArn("t")); } void after() { sns.subscribe(b -> b.topicArn("t")); } }"#,
            r#"class Purge { SqsClient sqs = SqsClient.create(); public void run() { sqs.purgeQueue(b -> b.queueUrl("q")); } }"#,
        ],
        &[
            "sns:DeleteTopic TopicArn=t",
            "sns:ListTopics",
            "sns:Publish TopicArn=t",
            "sns:Subscribe TopicArn=t",
            "sqs:PurgeQueue QueueUrl=q",
        ],
    );
    expect(
        &[
            r#"class App { private final Repo repo = new Repo(); public void handleRequest(String e, Context c) { repo.load(e).stream().flatMap(o -> o.lines.stream()).forEach(l -> l.ship()); Map<String, List<Line>> by = repo.load(e).stream().flatMap(o -> o.lines.stream()).collect(Collectors.groupingBy(l -> l.id)); by.forEach((k, v) -> v.forEach(Line::drop)); } }"#,
            r#"class Repo { List<Order> load(String id) { return new ArrayList<>(); } }"#,
            r#"class Order { List<Line> lines = new ArrayList<>(); }"#,
            r#"class Line { String id; static SnsClient sns = SnsClient.create(); void ship() { sns.publish(b -> b.topicArn("t")); } void drop() { sns.deleteTopic(b -> b.topicArn("t")); } void never() { sns.listTopics(); } }"#,
        ],
        &["sns:DeleteTopic TopicArn=t", "sns:Publish TopicArn=t"],
    );
    expect(
        &[
            r#"class App { private List<Step> steps; public void handleRequest(String e, Context c) { new Tell(); new Purge(); for (Step s : steps) s.run(); } }"#,
            r#"interface Step { void run(); }"#,
            r#"@Component class Tell implements Step { SnsClient sns = SnsClient.create(); public void run() { sns.publish(b -> b.topicArn("t")); } }"#,
            r#"@Component class Purge implements Step { SqsClient sqs = SqsClient.create(); public void run() { sqs.purgeQueue(b -> b.queueUrl("q")); } }"#,
        ],
        &["sns:Publish TopicArn=t", "sqs:PurgeQueue QueueUrl=q"],
    );
    expect(
        &[
            r#"class App { private final Optional<Tell> tell = Tell.find(); public void handleRequest(String e, Context c) { tell.orElseGet(Tell::fallback).run(); } }"#,
            r#"class Tell { SnsClient sns = SnsClient.create(); static Optional<Tell> find() { return Optional.of(new Tell()); } static Tell fallback() { return new Tell(); } void run() { sns.publish(b -> b.topicArn("t")); } }"#,
        ],
        &["sns:Publish TopicArn=t"],
    );
    expect(
        &[
            r#"class App { private final S3Client s3 = S3Client.create(); public void handleRequest(com.amazonaws.services.lambda.runtime.events.S3Event e, Context c) { e.getRecords().stream().map(this::read).filter(Objects::nonNull).forEach(this::store); } String read(Object r) { return s3.getObjectAsBytes(b -> b.bucket("in").key("k")).asUtf8String(); } void store(String s) { s3.putObject(b -> b.bucket("out").key("k"), null); } }"#,
        ],
        &["s3:GetObject Key=k Bucket=in", "s3:PutObject Key=k Bucket=out"],
    );
    expect(
        &[
            r#"class App { private final DynamoDbTable<Order> table = DynamoDbEnhancedClient.create().table("T", null); public void handleRequest(String e, Context c) { Optional.ofNullable(table.getItem(b -> b.key(null))).ifPresent(table::deleteItem); table.scan().items().forEach(o -> table.putItem(o)); } }"#,
            r#"class Order {}"#,
        ],
        &[
            "dynamodb:DeleteItem TableName=T",
            "dynamodb:GetItem TableName=T",
            "dynamodb:PutItem TableName=T",
            "dynamodb:Scan TableName=T",
        ],
    );
}

#[test]
fn a_type_of_the_project_is_no_collection() {
    expect(
        &[
            r#"class App { private final TaskList tasks = new TaskList(); private final OrderSet<String> set = new OrderSet<>(); public void handleRequest(String e, Context c) { tasks.add(e); set.get(e); } }"#,
            r#"class TaskList { SnsClient sns = SnsClient.create(); void add(String s) { sns.publish(b -> b.topicArn("t")); } }"#,
            r#"class OrderSet<T> { SnsClient sns = SnsClient.create(); T get(String s) { sns.listTopics(); return null; } }"#,
        ],
        &["sns:ListTopics", "sns:Publish TopicArn=t"],
    );
}

#[test]
fn functions_are_called_with_what_they_are_handed() {
    expect(
        &[r#"class App { private final Supplier<SnsClient> sns = () -> SnsClient.create();
 private final Optional<SqsClient> sqs = Optional.of(SqsClient.create());
 public void handleRequest(String e, Context c) { sns.get().publish(b -> b.topicArn("t")); sqs.ifPresent(q -> q.purgeQueue(b -> b.queueUrl("q"))); sqs.map(q -> q.listQueues()).orElse(null); } }"#],
        &["sns:Publish TopicArn=t", "sqs:ListQueues", "sqs:PurgeQueue QueueUrl=q"],
    );
    expect(
        &[r#"class App { private final SnsClient sns = SnsClient.create();
 private <T> T with(Function<SnsClient, T> f) { return f.apply(sns); }
 public void handleRequest(String e, Context c) { with(client -> client.publish(b -> b.topicArn("t"))); } }"#],
        &["sns:Publish TopicArn=t"],
    );
    expect(
        &[
            r#"class App { private final SnsClient sns = SnsClient.create(); public void handleRequest(String e, Context c) { retry(() -> sns.publish(b -> b.topicArn("t"))); Act<SnsClient> act = s -> s.listTopics(); act.run(sns); } void retry(Job j) { j.run(); } }"#,
            r#"interface Job { void run(); }"#,
            r#"interface Act<T> { void run(T t); }"#,
        ],
        &["sns:ListTopics", "sns:Publish TopicArn=t"],
    );
    expect(
        &[
            r#"class App { private final Map<String, Function<String, String>> routes = new HashMap<>(); private final SnsClient sns = SnsClient.create();
 App() { routes.put("a", this::tell); }
 String tell(String e) { sns.publish(b -> b.topicArn("t")); return e; }
 String unused(String e) { sns.listTopics(); return e; }
 public void handleRequest(String e, Context c) { routes.get(e).apply(e); } }"#,
        ],
        &["sns:Publish TopicArn=t"],
    );
    expect(
        &[
            r#"class App { private final SnsClient sns = SnsClient.create(); private final Map<Kind, Consumer<String>> by = new EnumMap<>(Kind.class); App() { by.put(Kind.A, this::tell); by.put(Kind.B, x -> sns.listTopics()); } void tell(String s) { sns.publish(b -> b.topicArn("t")); } enum Kind { A, B } public void handleRequest(String e, Context c) { by.get(Kind.valueOf(e)).accept(e); } }"#,
        ],
        &["sns:ListTopics", "sns:Publish TopicArn=t"],
    );
    expect(
        &[
            r#"class App { private final SnsClient sns = SnsClient.create(); 
 public void handleRequest(String e, Context c) { CompletableFuture.supplyAsync(() -> new Tell(sns)).thenApply(t -> t.first()).thenAccept(s -> sns.listTopics()).join(); CompletableFuture.supplyAsync(this::step).join().run(); } Tell step() { return new Tell(sns); } }"#,
            r#"class Tell { final SnsClient sns; Tell(SnsClient sns) { this.sns = sns; } String first() { sns.publish(b -> b.topicArn("t")); return null; } void run() { sns.getTopicAttributes(b -> b.topicArn("t")); } }"#,
        ],
        &["sns:GetTopicAttributes TopicArn=t", "sns:ListTopics", "sns:Publish TopicArn=t"],
    );
}

#[test]
fn libraries_call_what_stands_in_the_place_of_their_methods() {
    expect(
        &[
            r#"class App { private final ExecutorService pool = Executors.newFixedThreadPool(2);
 public void handleRequest(String e, Context c) { pool.submit(new Job()); new Thread(new Other()).start(); } }"#,
            r#"class Job implements Callable<String> { SnsClient sns = SnsClient.create(); @Override public String call() { sns.publish(b -> b.topicArn("t")); return null; } void other() { sns.listTopics(); } }"#,
            r#"class Other implements Runnable { SqsClient sqs = SqsClient.create(); public void run() { sqs.purgeQueue(b -> b.queueUrl("q")); } }"#,
        ],
        &["sns:Publish TopicArn=t", "sqs:PurgeQueue QueueUrl=q"],
    );
    expect(
        &[
            r#"class App { public void handleRequest(String e, Context c) throws Exception { ExecutorService pool = Executors.newCachedThreadPool(); List<Callable<String>> jobs = new ArrayList<>(); jobs.add(new Job()); pool.invokeAll(jobs); } }"#,
            r#"class Job implements Callable<String> { SnsClient sns = SnsClient.create(); @Override public String call() { sns.publish(b -> b.topicArn("t")); return null; } }"#,
        ],
        &["sns:Publish TopicArn=t"],
    );
    expect(
        &[
            r#"class App { public void handleRequest(String e, Context c) { new Worker().start(); } }"#,
            r#"class Worker extends Thread { SnsClient sns = SnsClient.create(); @Override public void run() { sns.publish(b -> b.topicArn("t")); } }"#,
        ],
        &["sns:Publish TopicArn=t"],
    );
    expect(
        &[
            r#"class App { public void handleRequest(String e, Context c) { List<String> l = new ArrayList<>(); l.sort(new ByName()); l.stream().map(new Mapper()).toList(); } }"#,
            r#"class ByName implements Comparator<String> { SnsClient sns = SnsClient.create(); @Override public int compare(String a, String b) { sns.listTopics(); return 0; } void other() { sns.publish(b -> b.topicArn("t")); } }"#,
            r#"class Mapper implements Function<String, String> { SqsClient sqs = SqsClient.create(); @Override public String apply(String a) { sqs.listQueues(); return a; } }"#,
        ],
        &["sns:ListTopics", "sqs:ListQueues"],
    );
    expect(
        &[
            r#"class App { public void handleRequest(String e, Context c) { List<Store> all = new ArrayList<>(); all.add(new Store()); } }"#,
            r#"class Store implements Comparable<Store> { SnsClient sns = SnsClient.create(); void tell() { sns.listTopics(); } public int compareTo(Store o) { return 0; } }"#,
        ],
        &[],
    );
}
