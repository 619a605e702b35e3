//! A report made by hand that holds one of everything the formats must be able to show.

use leastwise::finding::{Confidence, Doubt, Finding, Related, Status, Subject, Understood, fingerprint};
use leastwise::report::{Report, RuleText, Summary};
use leastwise::rule::Severity;
use leastwise::source::{Location, Problem, ProblemKind, Sources};
use std::collections::BTreeMap;

const TEMPLATE: &str = "\
AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::Serverless-2016-10-31
Resources:
  Records:
    Type: AWS::S3::Bucket
    Properties:
      Tags: [{Key: DataClassification, Value: health}]
  Upload:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: app.handler
      Environment:
        Variables:
          REPORT_PIN: correcthorsebattery
          BUCKET: !Ref Records
      Policies:
        - Statement:
            - {Effect: Allow, Action: ['s3:GetObject', 's3:DeleteObject', 's3:PutObjectAcl'], Resource: '*'}
";

const CODE: &str = "\
import boto3

s3 = boto3.client('s3')

def handler(event, context):
\ts3.put_object(Bucket='records', Key='größe', Body=event['body'])
";

/// The files that the findings point into; one name needs percent-encoding, one line is minified.
pub(crate) fn sources() -> Sources {
    let bundle = format!("{}fetch(\"http://api.internal/v1\"){}", "var a=1;".repeat(400), ";b()".repeat(300));
    Sources::in_memory([
        ("app/template.yaml", TEMPLATE),
        ("app/src/app.py", CODE),
        ("app/dist/größe #1.js", bundle.as_str()),
        ("iam/authorization-details.json", "{\n  \"RoleDetailList\": []\n}\n"),
    ])
}

/// The report.
pub(crate) fn report() -> Report {
    let mut findings = findings();
    findings.sort();
    let by_severity = |severity| {
        let counts = |finding: &&Finding| finding.status == Status::Violated && finding.severity == severity;
        (severity, findings.iter().filter(counts).count())
    };
    let summary = Summary {
        files: 3,
        resources: 2,
        functions: 1,
        understood_partly: 1,
        not_understood: 0,
        skipped: 1,
        by_severity: Severity::ALL.map(by_severity).into_iter().filter(|(_, count)| *count > 0).collect(),
        review: 1,
        unknown: BTreeMap::from([("EN002".into(), 2), ("LG001".into(), 1)]),
        problems: 4,
    };
    Report {
        findings,
        problems: problems(),
        doubts: vec![Doubt {
            function: Subject::new("AWS::Lambda::Function", "Upload"),
            understood: Understood::Partly,
            reasons: vec!["a client of s3 is handed to vendored".into()],
            location: at(("app/template.yaml", 8, 3, 8, 9)),
            places: vec![related(("app/src/app.py", 6, 2, 6, 5), "a client of s3 is handed to vendored")],
        }],
        summary,
        rules: rules(),
        paths_base: ".".into(),
        outside: vec!["iam/authorization-details.json".into()],
        failed: false,
    }
}

/// Start and end, both line and column.
type Place<'a> = (&'a str, u32, u32, u32, u32);

fn at((path, start_line, start_column, end_line, end_column): Place<'_>) -> Location {
    Location { path: path.into(), start_line, start_column, end_line, end_column }
}

fn related(place: Place<'_>, text: &str) -> Related {
    Related { location: at(place), text: text.into() }
}

fn finding(rule: &str, severity: Severity, place: Place<'_>, subject: (&str, &str), message: &str) -> Finding {
    let resource = Subject::new(subject.0, subject.1);
    let text = rules().into_iter().find(|text| &*text.id == rule);
    Finding {
        location: at(place),
        rule: rule.into(),
        name: text.map_or_else(|| "rule-without-text".into(), |text| text.name),
        severity,
        status: Status::Violated,
        confidence: Confidence::Definite,
        message: message.into(),
        help: String::new(),
        profiles: Vec::new(),
        fingerprint: fingerprint(rule, &resource, message),
        resource,
        related: Vec::new(),
        flow: Vec::new(),
    }
}

fn findings() -> Vec<Finding> {
    let template = "app/template.yaml";
    let bucket = ("AWS::S3::Bucket", "Records");
    let upload = ("AWS::Serverless::Function", "Upload");
    vec![
        Finding {
            help: "Set SSE-KMS with a key of your own: BucketEncryption with SSEAlgorithm aws:kms and KMSMasterKeyID."
                .into(),
            profiles: vec!["gdpr".into(), "hipaa".into()],
            related: vec![related((template, 7, 13, 7, 55), "the label [health](x) stands here")],
            ..finding(
                "EN002",
                Severity::High,
                (template, 4, 3, 4, 10),
                bucket,
                "bucket Records holds phi data and is not encrypted with a customer-managed key",
            )
        },
        Finding {
            help: "Set LoggingConfiguration.".into(),
            ..finding("LG001", Severity::Medium, (template, 4, 3, 4, 10), bucket, "bucket Records keeps no access log")
        },
        Finding {
            status: Status::Review,
            confidence: Confidence::Possible,
            ..finding(
                "RG001",
                Severity::High,
                (template, 5, 11, 7, 55),
                bucket,
                "nobody can tell where bucket Records lies: the stack's region is not given",
            )
        },
        Finding {
            help: "Read the value from Secrets Manager or Parameter Store at run time.".into(),
            ..finding(
                "SE001",
                Severity::Critical,
                (template, 15, 11, 15, 42),
                upload,
                "environment variable REPORT_PIN of function Upload holds a password (password, 19 characters)",
            )
        },
        Finding {
            confidence: Confidence::Possible,
            help: "Take s3:DeleteObject and s3:PutObjectAcl out of the statement.".into(),
            related: vec![related(
                ("iam/authorization-details.json", 2, 3, 2, 19),
                "the account's role has the same statement",
            )],
            flow: vec![
                related(("app/src/app.py", 6, 2, 6, 66), "calls s3:PutObject"),
                related((template, 8, 3, 8, 9), "the code of function Upload"),
                related((template, 19, 15, 19, 109), "the statement of its role"),
            ],
            ..finding(
                "XL001",
                Severity::Medium,
                (template, 19, 39, 19, 93),
                upload,
                "the role of function Upload may s3:DeleteObject and s3:PutObjectAcl, which its code never uses",
            )
        },
        finding(
            "LP003",
            Severity::Low,
            (template, 19, 105, 19, 108),
            upload,
            "function Upload may do this to every bucket, for example ${Bucket} [a](b)",
        ),
        finding(
            "EN035",
            Severity::Info,
            ("app/dist/größe #1.js", 1, 3207, 1, 3231),
            ("file", "app/dist/größe #1.js"),
            "requests go over plain HTTP\u{1b}[31m",
        ),
        Finding {
            status: Status::Unknown,
            ..finding("EN002", Severity::High, (template, 16, 11, 16, 17), bucket, "KeyArn has no default")
        },
        finding(
            "LP019",
            Severity::High,
            ("iam/authorization-details.json", 2, 3, 2, 19),
            ("AWS::IAM::Role", "arn:aws:iam::123456789012:role/ops"),
            "role ops has AdministratorAccess",
        ),
    ]
}

fn problems() -> Vec<Problem> {
    let template = at(("app/template.yaml", 12, 1, 12, 1));
    vec![
        Problem::at(ProblemKind::Parse, &template, "expected a mapping; what follows was not judged"),
        Problem::of_file(ProblemKind::Io, &"app/größe #1.yaml".into(), "cannot be read: permission denied"),
        Problem { action: Some("iam:ListRoles".into()), ..Problem::new(ProblemKind::Coverage, "access denied") },
        Problem::new(ProblemKind::Config, "label `helth` is not known and counts as internal"),
    ]
}

fn rules() -> Vec<RuleText> {
    let rule = |id: &str, name: &str, title: &str, severities: &[Severity], review: bool, category: &str| RuleText {
        id: id.into(),
        name: name.into(),
        title: title.into(),
        severities: severities.to_vec(),
        review,
        page: format!("# {title}\n\nWhat this means, in *one* paragraph.\n\n## Fix\n\nDo it. See CWE-311.\n").into(),
        category: category.into(),
    };
    use Severity::{Critical, High, Info, Low, Medium};
    vec![
        rule(
            "EN002",
            "sensitive-bucket-without-customer-key",
            "Bucket with sensitive data lacks a key of one's own",
            &[High, Low],
            false,
            "encryption",
        ),
        rule("EN035", "plain-http", "Requests go over plain HTTP", &[Info], false, "encryption"),
        rule("LG001", "bucket-without-access-log", "Bucket keeps no access log", &[Medium], false, "logging"),
        rule(
            "LP003",
            "statement-on-every-resource",
            "Statement names every resource",
            &[Low],
            false,
            "least-privilege",
        ),
        rule("LP019", "administrator-access", "Role has AdministratorAccess", &[High], false, "least-privilege"),
        rule("RG001", "data-outside-its-area", "Data lies outside the area it may lie in", &[High], true, "residency"),
        rule("SE001", "secret-in-environment", "Environment variable holds a secret", &[Critical], false, "secrets"),
        rule("XL001", "unused-permission", "Role may do what its code never does", &[Medium], false, "cross-layer"),
    ]
}
