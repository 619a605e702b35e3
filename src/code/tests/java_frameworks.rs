//! What frameworks make and call in Java projects: Dagger, Guice, Spring, Jersey, Lombok.

use super::java_structure::expect;

#[test]
fn components_of_dagger_give_what_they_declare() {
    expect(
        &[
            r#"class App { private final Shop shop = DaggerShop.builder().shopModule(new ShopModule()).build();
 public void handleRequest(String e, Context c) { shop.step().run(); } }"#,
            r#"@Component(modules = { ShopModule.class }) interface Shop { Step step(); }"#,
            r#"@Module class ShopModule { @Provides Step step(SnsClient sns) { return new Tell(sns); } @Provides SnsClient sns() { return SnsClient.create(); } }"#,
            r#"interface Step { void run(); }"#,
            r#"class Tell implements Step { private final SnsClient sns; Tell(SnsClient sns) { this.sns = sns; } public void run() { sns.publish(b -> b.topicArn("t")); } }"#,
        ],
        &["sns:Publish TopicArn=t"],
    );
    expect(
        &[
            r#"class App { @Inject Step step; @Inject Tell tell; App() { DaggerShop.create().inject(this); }
 public void handleRequest(String e, Context c) { step.run(); tell.more(); } }"#,
            r#"@Component(modules = ShopModule.class) interface Shop { void inject(App app); }"#,
            r#"@Module abstract class ShopModule { @Binds abstract Step step(Tell tell); @Provides static SnsClient sns() { return SnsClient.create(); } }"#,
            r#"interface Step { void run(); }"#,
            r#"class Tell implements Step { private final SnsClient sns; @Inject Tell(SnsClient sns) { this.sns = sns; } public void run() { sns.publish(b -> b.topicArn("t")); } void more() { sns.listTopics(); } }"#,
        ],
        &["sns:ListTopics", "sns:Publish TopicArn=t"],
    );
}

#[test]
fn containers_give_objects_of_classes() {
    expect(
        &[
            r#"class App { private final Step step = Guice.createInjector(new ShopModule()).getInstance(Step.class);
 public void handleRequest(String e, Context c) { step.run(); } }"#,
            r#"class ShopModule extends com.google.inject.AbstractModule { @Override protected void configure() { bind(Step.class).to(Tell.class); } @Provides SnsClient sns() { return SnsClient.create(); } }"#,
            r#"interface Step { void run(); }"#,
            r#"class Tell implements Step { private final SnsClient sns; @Inject Tell(SnsClient sns) { this.sns = sns; } public void run() { sns.publish(b -> b.topicArn("t")); } }"#,
            r#"class Never implements Step { private final SnsClient sns; Never(SnsClient sns) { this.sns = sns; } public void run() { sns.listTopics(); } }"#,
        ],
        &["sns:Publish TopicArn=t"],
    );
    expect(
        &[
            r#"class App { private static final org.springframework.context.ApplicationContext ctx = new org.springframework.context.annotation.AnnotationConfigApplicationContext(Config.class); public void handleRequest(String e, Context c) { ctx.getBean(Tell.class).run(); } }"#,
            r#"@Configuration class Config { @Bean SnsClient sns() { return SnsClient.create(); } }"#,
            r#"class Tell { @Autowired private SnsClient sns; public void run() { sns.publish(b -> b.topicArn("t")); } }"#,
        ],
        &["sns:Publish TopicArn=t"],
    );
}

#[test]
fn what_is_injected_is_what_a_framework_makes() {
    expect(
        &[
            r#"class App { @Inject Step step; public void handleRequest(String e, Context c) { step.run(); } }"#,
            r#"interface Step { void run(); }"#,
            r#"@Singleton class Tell implements Step { @Inject SnsClient sns; @Inject Helper helper; public void run() { sns.publish(b -> b.topicArn("t")); Step inner = new Inner(); inner.run(); } }"#,
            r#"class Helper {}"#,
            r#"class Inner implements Step { SnsClient sns = SnsClient.create(); public void run() { sns.listTopics(); } }"#,
        ],
        &["sns:ListTopics", "sns:Publish TopicArn=t"],
    );
    expect(
        &[
            r#"class App { @Inject Step step; App() { DaggerShop.create().inject(this); } public void handleRequest(String e, Context c) { step.run(); } }"#,
            r#"@Component(modules = { ShopModule.class }) interface Shop { void inject(App app); }"#,
            r#"@Module class ShopModule { @Provides Step tell() { return new Tell(); } @Provides @Named("x") Step purge() { return new Purge(); } }"#,
            r#"interface Step { void run(); }"#,
            r#"class Tell implements Step { SnsClient sns = SnsClient.create(); public void run() { sns.publish(b -> b.topicArn("t")); } }"#,
            r#"class Purge implements Step { SqsClient sqs = SqsClient.create(); public void run() { sqs.purgeQueue(b -> b.queueUrl("q")); } }"#,
        ],
        &[],
    );
    expect(
        &[
            r#"class App { private final Set<Step> steps; App() { steps = DaggerShop.create().steps(); } public void handleRequest(String e, Context c) { for (Step s : steps) { s.run(); } } }"#,
            r#"@Component(modules = { ShopModule.class }) interface Shop { Set<Step> steps(); }"#,
            r#"@Module class ShopModule { @Provides @IntoSet Step tell() { return new Tell(); } @Provides @IntoSet Step purge() { return new Purge(); } }"#,
            r#"interface Step { void run(); }"#,
            r#"class Tell implements Step { SnsClient sns = SnsClient.create(); public void run() { sns.publish(b -> b.topicArn("t")); } }"#,
            r#"class Purge implements Step { SqsClient sqs = SqsClient.create(); public void run() { sqs.purgeQueue(b -> b.queueUrl("q")); } }"#,
        ],
        &["sns:Publish TopicArn=t", "sqs:PurgeQueue QueueUrl=q"],
    );
    expect(
        &[
            r#"class App { private static final Object handler = SpringBootLambdaContainerHandler.getAwsProxyHandler(Application.class); public void handleRequest(String e, Context c) { handler.proxy(e, c); } }"#,
            r#"@SpringBootApplication class Application { }"#,
            r#"@RestController class Orders { @Autowired private List<Step> steps; @PostMapping("/orders") public String create() { steps.stream().filter(s -> s != null).forEach(s -> s.run()); return null; } }"#,
            r#"interface Step { void run(); }"#,
            r#"@Component class Tell implements Step { SnsClient sns = SnsClient.create(); public void run() { sns.publish(b -> b.topicArn("t")); } }"#,
            r#"@Component class Purge implements Step { SqsClient sqs = SqsClient.create(); public void run() { sqs.purgeQueue(b -> b.queueUrl("q")); } }"#,
            r#"class Never implements Step { SqsClient sqs = SqsClient.create(); public void run() { sqs.listQueues(); } }"#,
        ],
        &["sns:Publish TopicArn=t", "sqs:PurgeQueue QueueUrl=q"],
    );
}

#[test]
fn routes_are_called_by_their_framework() {
    expect(
        &[
            r#"class App { private static final Object handler = SpringBootLambdaContainerHandler.getAwsProxyHandler(Application.class); public void handleRequest(String e, Context c) { handler.proxy(e, c); } }"#,
            r#"@SpringBootApplication class Application { @Bean SnsClient sns() { return SnsClient.create(); } }"#,
            r#"@RestController class Orders { private final Step step; Orders(Step step) { this.step = step; } @PostMapping("/orders") public String create() { step.run(); return null; } public void unused() { SnsClient.create().listTopics(); } }"#,
            r#"interface Step { void run(); }"#,
            r#"@Service class Tell implements Step { @Autowired private SnsClient sns; @Override public void run() { sns.publish(b -> b.topicArn("t")); } }"#,
            r#"class Plain { static void no() { SqsClient.create().listQueues(); } }"#,
        ],
        &["sns:Publish TopicArn=t"],
    );
    expect(
        &[
            r#"class App { static final Object config = new org.glassfish.jersey.server.ResourceConfig().packages("com.shop"); public void handleRequest(String e, Context c) { } }"#,
            r#"@Path("/orders") class Orders { SnsClient sns = SnsClient.create(); @GET public String list() { sns.listTopics(); return null; } void other() { sns.publish(b -> b.topicArn("t")); } }"#,
        ],
        &["sns:ListTopics"],
    );
}

#[test]
fn lombok_writes_constructors_readers_and_builders() {
    expect(
        &[
            r#"class App { private final Service s = new Service(new Tell());
 public void handleRequest(String e, Context c) { s.run(); } }"#,
            r#"@RequiredArgsConstructor class Service { private final Step step; void run() { step.run(); } }"#,
            r#"interface Step { void run(); }"#,
            r#"class Tell implements Step { SnsClient sns = SnsClient.create(); public void run() { sns.publish(b -> b.topicArn("t")); } }"#,
            r#"class Never implements Step { SnsClient sns = SnsClient.create(); public void run() { sns.listTopics(); } }"#,
        ],
        &["sns:Publish TopicArn=t"],
    );
    expect(
        &[
            r#"class App { private final Clients s = Clients.builder().step(new Tell()).sns(SnsClient.create()).build();
 public void handleRequest(String e, Context c) { s.getSns().publish(b -> b.topicArn("t")); s.getStep().run(); } }"#,
            r#"@Builder @Getter class Clients { private final SnsClient sns; private final Step step; }"#,
            r#"interface Step { void run(); }"#,
            r#"class Tell implements Step { SqsClient sqs = SqsClient.create(); public void run() { sqs.purgeQueue(b -> b.queueUrl("q")); } }"#,
            r#"class Never implements Step { SqsClient sqs = SqsClient.create(); public void run() { sqs.listQueues(); } }"#,
        ],
        &["sns:Publish TopicArn=t", "sqs:PurgeQueue QueueUrl=q"],
    );
}
