//! Go.

use super::check;

#[track_caller]
fn go(source: &str, expected: &[&str]) {
    check(&[("main.go", source)], expected);
}

const V2: &str = "package main\nimport (\n\"context\"; \"os\"\n\"github.com/aws/aws-sdk-go-v2/aws\"\n\"github.com/aws/aws-sdk-go-v2/config\"\n\"github.com/aws/aws-sdk-go-v2/service/dynamodb\"\n\"github.com/aws/aws-sdk-go-v2/service/s3\"\n)\n";

#[test]
fn clients_of_version_2_are_followed() {
    let source = format!(
        "{V2}func main() {{\n  cfg, err := config.LoadDefaultConfig(context.TODO(), config.WithRegion(\"eu-west-1\"))\n  client := s3.NewFromConfig(cfg)\n  table := os.Getenv(\"TABLE\")\n  client.GetObject(context.TODO(), &s3.GetObjectInput{{Bucket: aws.String(\"b\"), Key: aws.String(\"in/\" + table)}})\n  db := dynamodb.New(dynamodb.Options{{Region: \"us-east-1\"}})\n  input := &dynamodb.GetItemInput{{TableName: &table}}\n  if _, err := db.GetItem(context.TODO(), input); err != nil {{ panic(err) }}\n}}\n"
    );
    go(
        &source,
        &[
            "11 client s3 in eu-west-1",
            "13 s3:GetObject Bucket=b Key=in/*",
            "14 client dynamodb in us-east-1",
            "16 dynamodb:GetItem TableName=$TABLE",
        ],
    );
}

#[test]
fn paginators_waiters_presigners_and_managers() {
    let source = r#"package main
import (
	"context"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/feature/s3/manager"
	ddb "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)
func main() {
	ctx := context.Background()
	cfg, _ := config.LoadDefaultConfig(ctx)
	client := s3.NewFromConfig(cfg)
	bucket := "b"
	p := s3.NewListObjectsV2Paginator(client, &s3.ListObjectsV2Input{Bucket: &bucket})
	for p.HasMorePages() { page, err := p.NextPage(ctx) }
	w := ddb.NewTableExistsWaiter(ddb.NewFromConfig(cfg))
	w.Wait(ctx, &ddb.DescribeTableInput{TableName: &bucket}, 5)
	signer := s3.NewPresignClient(client)
	signer.PresignPutObject(ctx, &s3.PutObjectInput{Bucket: &bucket})
	up := manager.NewUploader(client)
	up.Upload(ctx, &s3.PutObjectInput{Bucket: &bucket})
	manager.NewDownloader(client).Download(ctx, nil, &s3.GetObjectInput{Bucket: &bucket})
}
"#;
    go(
        source,
        &[
            "14 s3:ListObjectsV2 Bucket=b",
            "17 dynamodb:DescribeTable TableName=b",
            "19 s3:PutObject Bucket=b",
            "21 s3:PutObject Bucket=b",
            "21 s3:CreateMultipartUpload Bucket=b",
            "21 s3:UploadPart Bucket=b",
            "21 s3:CompleteMultipartUpload Bucket=b",
            "21 s3:AbortMultipartUpload? Bucket=b",
            "22 s3:GetObject Bucket=b",
        ],
    );
}

#[test]
fn version_1_is_read_too() {
    let source = r#"package main
import (
	"github.com/aws/aws-sdk-go/aws"
	"github.com/aws/aws-sdk-go/aws/session"
	"github.com/aws/aws-sdk-go/service/dynamodb"
	"github.com/aws/aws-sdk-go/service/dynamodb/dynamodbiface"
	"github.com/aws/aws-sdk-go/service/s3/s3manager"
	"github.com/aws/aws-sdk-go/service/s3"
	"github.com/aws/aws-sdk-go/service/sqs"
)
var sess = session.Must(session.NewSession(&aws.Config{Region: aws.String("ap-south-1")}))
type deps struct {
	db    dynamodbiface.DynamoDBAPI
	table string
}
func (d *deps) handle() {
	d.db.GetItemWithContext(nil, &dynamodb.GetItemInput{TableName: aws.String(d.table)})
	req, _ := d.db.PutItemRequest(&dynamodb.PutItemInput{TableName: aws.String("T")})
	req.Send()
	d.db.ScanPages(&dynamodb.ScanInput{}, func(p *dynamodb.ScanOutput, last bool) bool { return true })
}
func main() {
	queue := sqs.New(sess)
	queue.SendMessage(&sqs.SendMessageInput{QueueUrl: aws.String("q")})
	s3.New(sess, aws.NewConfig().WithRegion("us-west-2")).WaitUntilBucketExists(&s3.HeadBucketInput{Bucket: aws.String("b")})
	uploader := s3manager.NewUploader(sess)
	uploader.Upload(&s3manager.UploadInput{Bucket: aws.String("b")})
	d := deps{db: dynamodb.New(sess), table: "T2"}
	d.handle()
}
"#;
    go(
        source,
        &[
            "17 dynamodb:GetItem TableName=T2",
            "18 dynamodb:PutItem TableName=T",
            "20 dynamodb:Scan",
            "23 client sqs in ap-south-1",
            "24 sqs:SendMessage QueueUrl=q",
            "25 client s3 in us-west-2",
            "25 s3:HeadBucket Bucket=b",
            "27 s3:PutObject Bucket=b",
            "27 s3:CreateMultipartUpload Bucket=b",
            "27 s3:UploadPart Bucket=b",
            "27 s3:CompleteMultipartUpload Bucket=b",
            "27 s3:AbortMultipartUpload? Bucket=b",
            "28 client dynamodb in ap-south-1",
        ],
    );
}

#[test]
fn files_of_a_package_share_a_scope_and_packages_are_followed() {
    check(
        &[
            (
                "store/orders.go",
                "package store\nimport \"github.com/aws/aws-sdk-go-v2/service/dynamodb\"\nfunc (s *Store) Save(ctx context.Context) error {\n  _, err := s.client.PutItem(ctx, &dynamodb.PutItemInput{TableName: &s.table})\n  return err\n}\nfunc (s *Store) Load() { db.GetItem(nil, &dynamodb.GetItemInput{TableName: &tableName}) }\n",
            ),
            (
                "store/store.go",
                "package store\nimport \"github.com/aws/aws-sdk-go-v2/service/dynamodb\"\ntype Store struct {\n  client *dynamodb.Client\n  table string\n}\nvar db *dynamodb.Client\nconst tableName = \"shared\"\nfunc New(client *dynamodb.Client, table string) *Store { return &Store{client: client, table: table} }\nfunc init() { db = dynamodb.NewFromConfig(cfg) }\n",
            ),
            (
                "main.go",
                "package main\nimport \"example.com/app/store\"\nfunc main() { s := store.New(nil, \"T\"); s.Save(ctx) }\n",
            ),
            ("go.mod", "module example.com/app\n\ngo 1.22\n"),
        ],
        &["4 dynamodb:PutItem TableName=T", "7 dynamodb:GetItem TableName=shared"],
    );
}

#[test]
fn interfaces_stand_for_what_is_put_behind_them() {
    let source = r#"package main
import "github.com/aws/aws-sdk-go-v2/service/sqs"
type Sender interface { Send(body string) error }
type queue struct { *sqs.Client; url string }
func (q *queue) Send(body string) error {
	_, err := q.SendMessage(nil, &sqs.SendMessageInput{QueueUrl: &q.url})
	return err
}
type null struct{}
func (null) Send(body string) error { return nil }
type API interface {
	ReceiveMessage(ctx context.Context, in *sqs.ReceiveMessageInput, opts ...func(*sqs.Options)) (*sqs.ReceiveMessageOutput, error)
}
type service struct { sender Sender; api API }
func newService(sender Sender, api API) *service { return &service{sender, api} }
func (s *service) run() {
	s.sender.Send("x")
	s.api.ReceiveMessage(nil, &sqs.ReceiveMessageInput{})
}
func main() { newService(&queue{sqs.NewFromConfig(cfg), "https://q"}, nil).run() }
"#;
    go(source, &["6 sqs:SendMessage QueueUrl=https://q", "18 sqs:ReceiveMessage"]);
}

#[test]
fn a_request_tells_the_client_where_nothing_else_does() {
    go(
        "package main\nimport \"github.com/aws/aws-sdk-go-v2/service/ssm\"\nfunc f() {\n  container.Get(\"ssm\").GetParameter(ctx, &ssm.GetParameterInput{Name: &name})\n  other.GetParameter(\"x\")\n}\n",
        &["4 ssm:GetParameter Name=?"],
    );
}

#[test]
fn requests_checks_logs_and_credentials() {
    let source = r#"package main
import (
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/sirupsen/logrus"
)
const dbPassword = "hunter22!x"
func handler(ctx context.Context, event events.SQSEvent) error {
	fmt.Printf("%+v\n", event)
	log.Println(len(event.Records))
	body, _ := json.Marshal(event)
	log.Printf("got %s", string(body))
	logrus.WithField("event", event).Info("got")
	http.Get("http://partner.test/x")
	req, _ := http.NewRequest("POST", fmt.Sprintf("https://%s/y", host), nil)
	tr := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}
	client := &http.Client{Transport: tr}
	client.Get("http://b.test")
	return nil
}
func main() { lambda.Start(handler) }
"#;
    go(
        source,
        &[
            "13 credential password dbPassword",
            "15 logs event",
            "18 logs body",
            "19 logs event",
            "20 http http://partner.test/x",
            "21 http https://*",
            "22 tls InsecureSkipVerify: true",
            "24 http http://b.test",
        ],
    );
}

#[test]
fn regions_are_said_in_options_and_configurations() {
    let source = format!(
        "{V2}func main() {{\n  cfg := aws.Config{{}}\n  cfg.Region = \"eu-central-1\"\n  s3.NewFromConfig(cfg, func(o *s3.Options) {{ o.Region = \"us-east-2\" }})\n}}\n"
    );
    go(&source, &["11 client AWS SDK in eu-central-1", "12 client s3", "12 client s3 in us-east-2"]);
}

#[test]
fn names_that_shadow_others_stand_for_themselves() {
    go(
        "package main\nimport \"github.com/aws/aws-sdk-go-v2/service/s3\"\nfunc f(s3 cache) { s3.GetObject(1) }\nfunc g(c *s3.Client) {\n  c.DeleteBucket(nil, nil)\n  { c := other(); c.DeleteObject(1) }\n}\n",
        &["5 s3:DeleteBucket"],
    );
    go(
        "package main\nimport \"github.com/aws/aws-sdk-go-v2/service/s3\"\nfunc f() {\n  s3 := s3.NewFromConfig(cfg)\n  s3.DeleteBucket(nil, nil)\n}\n",
        &["5 s3:DeleteBucket"],
    );
}

#[test]
fn what_is_called_as_another_role_is_not_the_functions() {
    check(
        &[(
            "main.go",
            "package main\nimport (\n\t\"github.com/aws/aws-sdk-go-v2/aws\"\n\t\"github.com/aws/aws-sdk-go-v2/config\"\n\t\"github.com/aws/aws-sdk-go-v2/credentials/stscreds\"\n\t\"github.com/aws/aws-sdk-go-v2/service/ec2\"\n\t\"github.com/aws/aws-sdk-go-v2/service/s3\"\n\t\"github.com/aws/aws-sdk-go-v2/service/sts\"\n)\ntype Other struct{ client *ec2.Client }\nfunc other(cfg aws.Config) *ec2.Client {\n\tcfg.Credentials = aws.NewCredentialsCache(stscreds.NewAssumeRoleProvider(sts.NewFromConfig(cfg), \"arn\"))\n\treturn ec2.NewFromConfig(cfg)\n}\nfunc run() {\n\tcfg, _ := config.LoadDefaultConfig(ctx)\n\ts3.NewFromConfig(cfg).ListBuckets(ctx, nil)\n\to := &Other{client: other(cfg)}\n\to.client.DescribeVpcs(ctx, nil)\n}\n",
        )],
        &["12 sts:AssumeRole RoleArn=arn", "17 s3:ListBuckets"],
    );
}

#[test]
fn all_that_a_list_is_given_is_asked() {
    use super::projects::{reached, scan};
    let head = "package main\nimport (\n\"context\"\n\"github.com/aws/aws-lambda-go/lambda\"\n\"github.com/aws/aws-sdk-go-v2/service/sqs\"\n\"github.com/aws/aws-sdk-go-v2/service/ssm\"\n)\ntype provider interface { get() error }\ntype fromSSM struct { c *ssm.Client }\nfunc (f *fromSSM) get() error { f.c.GetParameter(context.TODO(), &ssm.GetParameterInput{}); return nil }\ntype fromSQS struct { c *sqs.Client }\nfunc (f *fromSQS) get() error { f.c.ReceiveMessage(context.TODO(), &sqs.ReceiveMessageInput{}); return nil }\ntype fromSend struct { c *sqs.Client }\nfunc (f *fromSend) get() error { f.c.SendMessage(context.TODO(), &sqs.SendMessageInput{}); return nil }\nfunc newSSM() (provider, error) { return &fromSSM{}, nil }\nfunc unused() provider { return &fromSend{} }\n";
    for body in [
        "func all() ([]provider, error) {\nvar list []provider\nif x { p, err := newSSM(); if err != nil { return nil, err }; list = append(list, p) }\nlist = append(list, &fromSQS{})\nreturn list, nil\n}\nfunc run(ctx context.Context) error { list, _ := all(); for _, p := range list { p.get() }; return nil }\nfunc main() { lambda.Start(run) }\n",
        "func run(ctx context.Context) error { a, _ := newSSM(); more := []provider{&fromSQS{}}; list := append([]provider{a}, more...); for _, p := range list { p.get() }; return nil }\nfunc main() { lambda.Start(run) }\n",
    ] {
        let file = format!("{head}{body}");
        let code = scan(&[("main.go", &file)], &[("F", "provided.al2023", "bootstrap", "")]);
        assert_eq!(reached(&code, "F").2, ["ssm:GetParameter", "sqs:ReceiveMessage"], "{body}");
    }
}

#[test]
fn what_a_package_made_stands_behind_an_interface_that_nothing_else_has() {
    go_reaches_secrets(
        "type cache interface { GetSecretString(id string) (string, error) }\ntype ops struct { client cache }\nfunc build() *ops { c, _ := secretcache.New(); return &ops{client: c} }\nfunc run(ctx context.Context) error { build().client.GetSecretString(\"a\"); return nil }\n",
    );
}

#[track_caller]
fn go_reaches_secrets(body: &str) {
    use super::projects::{reached, scan};
    let file = format!(
        "package main\nimport (\n\"context\"\n\"github.com/aws/aws-lambda-go/lambda\"\n\"github.com/aws/aws-secretsmanager-caching-go/secretcache\"\n)\n{body}func main() {{ lambda.Start(run) }}\n"
    );
    let code = scan(&[("main.go", &file)], &[("F", "provided.al2023", "bootstrap", "")]);
    let calls = reached(&code, "F").2;
    assert!(calls.iter().any(|call| call.starts_with("secretsmanager:DescribeSecret")), "{calls:?}");
}
