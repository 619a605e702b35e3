//! Java.

use super::check;

#[track_caller]
fn java(source: &str, expected: &[&str]) {
    check(&[("src/main/java/com/example/App.java", source)], expected);
}

#[test]
fn clients_of_version_2_are_followed() {
    java(
        r#"package com.example;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.*;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
public class App {
  private static final DynamoDbClient db = DynamoDbClient.builder().region(Region.EU_WEST_1).build();
  private final S3Client s3;
  private final String table = System.getenv("TABLE");
  public App() { this(S3Client.create()); }
  App(S3Client s3) { this.s3 = s3; }
  public void run() {
    var request = GetItemRequest.builder().tableName(table).key(null).build();
    db.getItem(request);
    db.putItem(b -> b.tableName("T").item(null));
    s3.getObjectAsBytes(GetObjectRequest.builder().bucket("b").key("in/" + table).build());
    db.scanPaginator(ScanRequest.builder().tableName("T").build()).items().forEach(this::show);
    s3.waiter().waitUntilBucketExists(w -> w.bucket("b"));
  }
  private void show(Object item) { other().deleteItem(DeleteItemRequest.builder().tableName("D").build()); }
}
"#,
        &[
            "8 client dynamodb in eu-west-1",
            "11 client s3",
            "15 dynamodb:GetItem TableName=$TABLE",
            "16 dynamodb:PutItem TableName=T",
            "17 s3:GetObject Key=in/* Bucket=b",
            "18 dynamodb:Scan TableName=T",
            "19 s3:HeadBucket Bucket=b",
            "21 dynamodb:DeleteItem TableName=D",
        ],
    );
}

#[test]
fn version_1_and_its_layers_are_read_too() {
    java(
        r#"package com.example;
import com.amazonaws.regions.Regions;
import com.amazonaws.services.dynamodbv2.AmazonDynamoDB;
import com.amazonaws.services.dynamodbv2.AmazonDynamoDBClientBuilder;
import com.amazonaws.services.dynamodbv2.datamodeling.DynamoDBMapper;
import com.amazonaws.services.dynamodbv2.document.DynamoDB;
import com.amazonaws.services.dynamodbv2.model.PutItemRequest;
import com.amazonaws.services.s3.*;
import com.amazonaws.services.sqs.AmazonSQS;
class App {
  AmazonDynamoDB client = AmazonDynamoDBClientBuilder.standard().withRegion(Regions.US_WEST_2).build();
  AmazonS3 s3 = AmazonS3ClientBuilder.defaultClient();
  DynamoDBMapper mapper = new DynamoDBMapper(client);
  void run(AmazonSQS queue) {
    client.putItem(new PutItemRequest().withTableName("T").withItem(null));
    s3.getObject("b", "k");
    s3.doesObjectExist("b", "k");
    mapper.save(this);
    mapper.load(App.class, "x");
    new DynamoDB(client).getTable("D").getItem("id", 1);
    queue.sendMessage("https://q", "body");
  }
}
"#,
        &[
            "11 client dynamodb in us-west-2",
            "12 client s3",
            "15 dynamodb:PutItem TableName=T",
            "16 s3:GetObject Bucket=b Key=k",
            "17 s3:HeadObject Bucket=b Key=k",
            "18 dynamodb:UpdateItem",
            "18 dynamodb:PutItem?",
            "19 dynamodb:GetItem",
            "20 dynamodb:GetItem TableName=D",
            "21 sqs:SendMessage QueueUrl=https://q",
        ],
    );
}

#[test]
fn layers_of_version_2_and_powertools() {
    java(
        r#"package com.example;
import software.amazon.awssdk.enhanced.dynamodb.*;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
import software.amazon.awssdk.transfer.s3.S3TransferManager;
import software.amazon.lambda.powertools.parameters.ParamManager;
import software.amazon.lambda.powertools.parameters.SSMProvider;
class App {
  DynamoDbEnhancedClient enhanced = DynamoDbEnhancedClient.builder().build();
  DynamoDbTable<Order> orders = enhanced.table("orders", null);
  SSMProvider parameters = ParamManager.getSsmProvider();
  void run() {
    orders.putItem(new Order());
    orders.index("by-date").query(q -> q.limit(1));
    enhanced.transactWriteItems(t -> t.addPutItem(orders, null));
    parameters.withDecryption().get("/shop/key");
    S3Presigner.create().presignGetObject(p -> p.signatureDuration(null));
    S3TransferManager.create().downloadFile(d -> d.destination(null));
  }
}
"#,
        &[
            "12 dynamodb:PutItem TableName=orders",
            "13 dynamodb:Query TableName=orders",
            "14 dynamodb:TransactWriteItems",
            "15 ssm:GetParameter Name=/shop/key",
            "16 s3:GetObject",
            "17 s3:HeadObject",
            "17 s3:GetObject",
        ],
    );
}

#[test]
fn interfaces_heirs_and_files_are_followed() {
    check(
        &[
            (
                "src/main/java/com/example/store/DynamoStore.java",
                "package com.example.store;\nimport software.amazon.awssdk.services.dynamodb.DynamoDbClient;\npublic class DynamoStore extends Base implements Store {\n  public DynamoStore(DynamoDbClient db, String table) { super(db); this.table = table; }\n  @Override public void save(String id) { db.putItem(b -> b.tableName(table)); }\n}\n",
            ),
            (
                "src/main/java/com/example/store/Base.java",
                "package com.example.store;\nimport software.amazon.awssdk.services.dynamodb.DynamoDbClient;\nabstract class Base {\n  protected final DynamoDbClient db;\n  protected String table;\n  Base(DynamoDbClient db) { this.db = db; }\n}\n",
            ),
            (
                "src/main/java/com/example/store/Store.java",
                "package com.example.store;\npublic interface Store { void save(String id); }\n",
            ),
            (
                "src/main/java/com/example/App.java",
                "package com.example;\nimport com.example.store.*;\nclass App { Store store = new DynamoStore(null, \"T\"); void run() { store.save(\"1\"); } }\n",
            ),
        ],
        &["5 dynamodb:PutItem TableName=T"],
    );
}

#[test]
fn requests_checks_logs_and_credentials() {
    java(
        r#"package com.example;
import com.amazonaws.services.lambda.runtime.*;
import com.google.gson.Gson;
import java.net.URI;
import java.net.URL;
import java.net.http.*;
import org.apache.http.conn.ssl.NoopHostnameVerifier;
import org.apache.http.impl.client.HttpClients;
public class App implements RequestHandler<Map<String, String>, String> {
  private static final String DB_PASSWORD = "hunter22!x";
  private final Gson gson = new Gson();
  public String handleRequest(Map<String, String> event, Context context) {
    context.getLogger().log("got " + event);
    System.out.println(gson.toJson(event));
    log.info("id {}", event.get("id"));
    HttpRequest.newBuilder(URI.create("http://a.test")).GET().build();
    HttpRequest.newBuilder().uri(URI.create("https://b.test")).build();
    new URL("http://c.test/x").openConnection();
    HttpClients.custom().setSSLHostnameVerifier(NoopHostnameVerifier.INSTANCE).build();
    connection.setHostnameVerifier((host, session) -> true);
    return null;
  }
}
"#,
        &[
            "10 credential password DB_PASSWORD",
            "13 logs event",
            "14 logs event",
            "16 http http://a.test",
            "17 http https://b.test",
            "18 http http://c.test/x",
            "19 tls NoopHostnameVerifier.INSTANCE",
            "20 tls hostname verifier that takes every host",
        ],
    );
}

#[test]
fn helpers_beside_the_operations_of_version_1() {
    java(
        r#"package com.example;
import com.amazonaws.HttpMethod;
import com.amazonaws.services.dynamodbv2.AmazonDynamoDB;
import com.amazonaws.services.dynamodbv2.document.*;
import com.amazonaws.services.dynamodbv2.util.TableUtils;
import com.amazonaws.services.kinesisvideo.AmazonKinesisVideoMedia;
import com.amazonaws.services.s3.AmazonS3;
import com.amazonaws.services.s3.model.*;
class App {
  void run(AmazonDynamoDB client, AmazonS3 s3, AmazonKinesisVideoMedia media) throws Exception {
    TableUtils.createTableIfNotExists(client, request);
    TableUtils.waitUntilActive(client, "T");
    Table table = new DynamoDB(client).createTable("T", keys, attributes, capacity);
    table.waitForActive();
    s3.listVersions("b", "p");
    s3.deleteVersion(new DeleteVersionRequest("b", "k", "v"));
    s3.generatePresignedUrl("b", "k", when, HttpMethod.PUT);
    s3.generatePresignedUrl(new GeneratePresignedUrlRequest("b", "k").withMethod(HttpMethod.GET));
    s3.generatePresignedUrl(request);
    media.getMedia(request);
  }
}
"#,
        &[
            "11 dynamodb:CreateTable",
            "12 dynamodb:DescribeTable",
            "13 dynamodb:CreateTable",
            "14 dynamodb:DescribeTable TableName=T",
            "15 s3:ListObjectVersions Bucket=b Key=p",
            "16 s3:DeleteObject Bucket=b Key=k VersionId=?",
            "17 s3:PutObject Bucket=b Key=k",
            "18 s3:GetObject Bucket=b Key=k",
            "19 s3:GetObject?",
            "19 s3:PutObject?",
            "20 kinesis-video-media:GetMedia",
        ],
    );
}

#[test]
fn what_is_called_as_another_role_is_not_the_functions() {
    java(
        r#"package com.example;
import com.amazonaws.auth.*;
import com.amazonaws.services.ec2.*;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;
class App {
  private final S3Client theirs = S3Client.builder().credentialsProvider(
      StsAssumeRoleCredentialsProvider.builder().build()).build();
  private final S3Client ours = S3Client.create();
  void run() {
    theirs.listBuckets();
    ours.deleteBucket(b -> b.bucket("b"));
    AmazonEC2 ec2 = new AmazonEC2Client(new BasicSessionCredentials(a, b, c));
    ec2.describeVpcs();
  }
}
"#,
        &["8 sts:AssumeRole", "12 s3:DeleteBucket Bucket=b"],
    );
}

#[test]
fn a_declared_client_is_of_its_own_service() {
    java(
        r#"package com.example;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecs.EcsClient;
class App {
  static <B extends AwsClientBuilder<B, C>, C> C made(AwsClientBuilder<B, C> builder) { return builder.build(); }
  void run() {
    EcrClient ecr = made(EcrClient.builder());
    EcsClient ecs = made(EcsClient.builder());
    ecr.listTagsForResource(r -> r.resourceArn("a"));
  }
}
"#,
        &["10 ecr:ListTagsForResource ResourceArn=a"],
    );
}
