//! The live account against an endpoint on loopback: what is read, and what is said of what cannot be.

use crate::stub::{Answer, Request, Stub};
use crate::tools;
use aws_credential_types::Credentials;
use leastwise::source::live::{LiveOptions, snapshot};
use leastwise::source::{Problem, ProblemKind, Snapshot, Sources};
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const SECRETS: [&str; 3] = ["AKIAIOSFODNN7EXAMPLE", "stub-secret-key", "stub-session-token"];
const IAM: &str = "GetAccountAuthorizationDetails";
const ACTION: &str = "iam:GetAccountAuthorizationDetails";

/// Short pauses and times, so that every fault ends soon.
fn options(endpoint: String) -> LiveOptions {
    let [key, secret, token] = SECRETS;
    LiveOptions {
        endpoint: Some(endpoint),
        credentials: Some(Credentials::new(key, secret, Some(token.into()), None, "test")),
        attempts: 4,
        first_pause: Duration::from_millis(5),
        longest_pause: Duration::from_millis(20),
        connect: Duration::from_secs(2),
        read: Duration::from_secs(2),
        operation: Duration::from_secs(4),
    }
}

fn xml(status: u16, body: impl Into<String>) -> Answer {
    Answer::Whole(status, "text/xml", body.into())
}

fn identity() -> Answer {
    xml(
        200,
        r#"<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
        <Arn>arn:aws:iam::123456789012:user/auditor</Arn><UserId>AIDAEXAMPLE</UserId><Account>123456789012</Account>
        </GetCallerIdentityResult></GetCallerIdentityResponse>"#,
    )
}

fn error(status: u16, code: &str, message: &str) -> Answer {
    xml(
        status,
        format!(
            "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>\
             <RequestId>1</RequestId></ErrorResponse>"
        ),
    )
}

/// A page with one role; `next` is the marker of the page after it.
fn page(role: &str, next: Option<&str>) -> Answer {
    let trust = "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C\
                 %22Principal%22%3A%7B%22Service%22%3A%22lambda.amazonaws.com%22%7D%2C%22Action%22%3A%22sts%3AAssumeRole%22%7D%5D%7D";
    let next = match next {
        Some(marker) => format!("<IsTruncated>true</IsTruncated><Marker>{marker}</Marker>"),
        None => "<IsTruncated>false</IsTruncated>".to_owned(),
    };
    xml(
        200,
        format!(
            "<GetAccountAuthorizationDetailsResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\">\
             <GetAccountAuthorizationDetailsResult>{next}<UserDetailList/><GroupDetailList/><Policies/>\
             <RoleDetailList><member><Path>/</Path><RoleName>{role}</RoleName><RoleId>AROA{role}</RoleId>\
             <Arn>arn:aws:iam::123456789012:role/{role}</Arn><CreateDate>2026-01-02T03:04:05Z</CreateDate>\
             <AssumeRolePolicyDocument>{trust}</AssumeRolePolicyDocument></member></RoleDetailList>\
             </GetAccountAuthorizationDetailsResult></GetAccountAuthorizationDetailsResponse>"
        ),
    )
}

/// An endpoint that knows who asks and answers for IAM as `iam` says.
fn stub(iam: impl Fn(&Request) -> Answer + Send + 'static) -> Stub {
    Stub::start(move |request| if request.action == IAM { iam(request) } else { identity() })
}

fn read(stub: &Stub) -> Result<Snapshot, Problem> {
    let result = snapshot(&options(stub.url()));
    let said = format!("{result:?}");
    for secret in SECRETS {
        assert!(!said.contains(secret), "{said}");
    }
    result
}

fn text(snapshot: &Snapshot) -> String {
    snapshot.add_to(&Sources::in_memory([])).unwrap().text.clone()
}

fn roles(snapshot: &Snapshot) -> Vec<String> {
    let details: Value = serde_json::from_str(&text(snapshot)).unwrap();
    let roles = details["RoleDetailList"].as_array().unwrap();
    roles.iter().map(|role| role["RoleName"].as_str().unwrap().to_owned()).collect()
}

fn asked(stub: &Stub) -> usize {
    stub.requests().iter().filter(|request| request.action == IAM).count()
}

/// The one problem of an account of which nothing but the number is known.
fn gap(stub: &Stub) -> (Problem, bool) {
    let snapshot = read(stub).unwrap();
    assert_eq!(snapshot.manifest.account.as_deref(), Some("123456789012"));
    assert!(!snapshot.has_details());
    let [problem] = snapshot.problems().try_into().unwrap();
    assert_eq!((problem.kind, problem.action.as_deref()), (ProblemKind::Coverage, Some(ACTION)));
    (problem, snapshot.manifest.calls[1].error.as_ref().unwrap().retryable)
}

#[test]
fn pages_are_joined_in_the_form_of_the_aws_cli() {
    let stub = stub(|request| match request.marker.as_deref() {
        None => page("one", Some("m1")),
        Some("m1") => page("two", Some("m2")),
        _ => page("three", None),
    });
    let snapshot = read(&stub).unwrap();
    assert!(snapshot.problems().is_empty());
    let call = &snapshot.manifest.calls[1];
    assert_eq!((call.pages, call.complete), (3, true));
    assert_eq!(roles(&snapshot), ["one", "two", "three"]);
    let markers: Vec<_> = stub.requests().into_iter().skip(1).map(|request| request.marker).collect();
    assert_eq!(markers, [None, Some("m1".into()), Some("m2".into())]);
    let expected = r#"{
    "UserDetailList": [],
    "GroupDetailList": [],
    "RoleDetailList": [
        {
            "Path": "/",
            "RoleName": "one",
            "RoleId": "AROAone",
            "Arn": "arn:aws:iam::123456789012:role/one",
            "CreateDate": "2026-01-02T03:04:05+00:00",
            "AssumeRolePolicyDocument": {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {
                            "Service": "lambda.amazonaws.com"
                        },
                        "Action": "sts:AssumeRole"
                    }
                ]
            }
        },
"#;
    assert!(text(&snapshot).starts_with(expected), "{}", text(&snapshot));
    assert!(!text(&snapshot).contains("IsTruncated"));
}

#[test]
fn a_later_page_that_fails_leaves_the_earlier_ones() {
    let stub = stub(|request| match request.marker.as_deref() {
        None => page("one", Some("m1")),
        _ => error(403, "ExpiredToken", "The security token included in the request is expired"),
    });
    let snapshot = read(&stub).unwrap();
    assert_eq!(roles(&snapshot), ["one"]);
    let call = &snapshot.manifest.calls[1];
    assert_eq!((call.pages, call.complete), (1, false));
    assert!(text(&snapshot).contains("\"IsTruncated\": true"));
    let [problem] = snapshot.problems().try_into().unwrap();
    assert!(problem.message.contains("only the first pages"), "{}", problem.message);
}

#[test]
fn a_marker_that_leads_nowhere_ends_the_reading() {
    let stub = stub(|request| page("one", request.marker.as_deref().or(Some("again"))));
    let snapshot = read(&stub).unwrap();
    assert_eq!((asked(&stub), snapshot.manifest.calls[1].complete), (2, false));
}

#[test]
fn a_little_throttling_is_waited_out() {
    for answer in [|| error(400, "Throttling", "Rate exceeded"), || Answer::Whole(429, "text/plain", "slow".into())] {
        let stub = stub(move |request| if request.before < 2 { answer() } else { page("one", None) });
        let snapshot = read(&stub).unwrap();
        assert_eq!(snapshot.problems(), []);
        assert_eq!((roles(&snapshot), asked(&stub)), (vec!["one".to_owned()], 3));
    }
}

#[test]
fn throttling_without_end_is_a_gap_that_may_close_later() {
    for answer in [|| error(400, "Throttling", "Rate exceeded"), || Answer::Whole(429, "text/plain", "slow".into())] {
        let stub = stub(move |_| answer());
        let (problem, retryable) = gap(&stub);
        assert!(problem.message.contains("slow down") && retryable, "{}", problem.message);
        assert_eq!(asked(&stub), 4);
    }
}

#[test]
fn a_missing_permission_is_named_and_not_asked_again() {
    let said =
        "User: arn:aws:iam::123456789012:user/auditor is not authorized to perform: iam:GetAccountAuthorizationDetails";
    let stub = stub(move |_| error(403, "AccessDenied", said));
    let (problem, retryable) = gap(&stub);
    assert!(problem.message.contains(said) && !retryable, "{}", problem.message);
    assert_eq!(asked(&stub), 1);
}

#[test]
fn refused_credentials_end_the_account() {
    for code in ["ExpiredToken", "InvalidClientTokenId", "SignatureDoesNotMatch"] {
        let token = SECRETS[2];
        let stub =
            Stub::start(move |_| error(403, code, &format!("The Canonical String: x-amz-security-token:{token}")));
        let problem = read(&stub).unwrap_err();
        assert!(problem.message.contains(code), "{}", problem.message);
        assert_eq!(problem.action.as_deref(), Some("sts:GetCallerIdentity"));
        assert_eq!(asked(&stub), 0, "IAM is not asked");
    }
    let stub = stub(|_| error(403, "ExpiredToken", "The security token included in the request is expired"));
    assert!(read(&stub).unwrap_err().message.contains("ExpiredToken"));
}

#[test]
fn a_reset_connection_is_a_gap() {
    let stub = stub(|_| Answer::Reset);
    let (problem, retryable) = gap(&stub);
    assert!(problem.message.contains("no connection") && retryable, "{}", problem.message);
    assert_eq!(asked(&stub), 4);
}

#[test]
fn nobody_at_home_is_an_account_not_read() {
    let gone = Stub::start(|_| Answer::Reset).url();
    let problem = snapshot(&options(gone)).unwrap_err();
    assert!(problem.message.contains("refused"), "{}", problem.message);
}

#[test]
fn a_body_that_trickles_in_is_cut_off() {
    let stub = stub(|_| Answer::Trickle(Duration::from_millis(20)));
    let started = Instant::now();
    let short = LiveOptions { operation: Duration::from_millis(700), ..options(stub.url()) };
    let snapshot = snapshot(&short).unwrap();
    assert!(started.elapsed() < Duration::from_secs(3), "{:?}", started.elapsed());
    let [problem] = snapshot.problems().try_into().unwrap();
    assert!(problem.message.contains("no answer came in time"), "{}", problem.message);
}

#[test]
fn a_page_for_people_is_not_an_answer() {
    let html = || Answer::Whole(200, "text/html", "<html><body>Please sign in<br></body></html>".into());
    let guest = Stub::start(move |_| html());
    let problem = read(&guest).unwrap_err();
    assert!(problem.message.contains("not an AWS response (HTTP 200)"), "{}", problem.message);
    let (problem, _) = gap(&stub(move |_| html()));
    assert!(problem.message.contains("not an AWS response (HTTP 200)"), "{}", problem.message);
}

#[test]
fn a_saved_account_says_the_same_as_the_live_one() {
    let stub = stub(|request| match request.marker {
        None => page("one", Some("m1")),
        Some(_) => error(403, "AccessDenied", "no"),
    });
    let live = read(&stub).unwrap();
    let folder = scratch("saved");
    live.write(&folder).unwrap();
    let saved = Snapshot::read(&folder).unwrap();
    assert_eq!((&live.manifest, live.problems(), text(&live)), (&saved.manifest, saved.problems(), text(&saved)));
    let bare = Snapshot::read(&folder.join("iam/authorization-details.json")).unwrap();
    assert_eq!(bare.manifest.account, live.manifest.account);
    assert!(!bare.manifest.calls[0].complete, "the file itself says that pages are missing");
}

/// A new folder under target for one test.
fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("live-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// moto's server on a free port of loopback; it ends when dropped.
struct Moto {
    process: Child,
    url: String,
}

impl Moto {
    fn start(python: &Path, more: &[&str]) -> Self {
        let mut process = Command::new(python)
            .args(["-m", "moto.server", "-H", "127.0.0.1", "-p", "0"])
            .args(more)
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stderr.take().unwrap()).lines();
        let url = lines.by_ref().map_while(Result::ok).find_map(|line| {
            let start = line.find("http://127.0.0.1:").or_else(|| line.find("https://127.0.0.1:"))?;
            line[start..].split_whitespace().next().map(str::to_owned)
        });
        // The server stops if nobody reads what it logs.
        std::thread::spawn(move || lines.for_each(drop));
        Self { process, url: url.unwrap() }
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn a_hundred_roles_come_out_as_the_aws_sdk_for_python_reads_them() {
    let Some(python) = tools::python() else { return };
    let moto = Moto::start(&python, &[]);
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tools/account.py");
    let made =
        Command::new(&python).arg(script).arg(&moto.url).env("AWS_EC2_METADATA_DISABLED", "true").output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let expected = String::from_utf8(made.stdout).unwrap();
    let patient =
        LiveOptions { read: Duration::from_secs(20), operation: Duration::from_secs(30), ..options(moto.url.clone()) };
    let snapshot = snapshot(&patient).unwrap();
    assert_eq!(snapshot.problems(), []);
    assert_eq!(roles(&snapshot).len(), 100);
    let found = text(&snapshot);
    for (number, (found, expected)) in found.lines().zip(expected.lines()).enumerate() {
        assert_eq!(found, expected, "line {}", number + 1);
    }
    assert_eq!(found.len(), expected.len());
}

#[test]
fn a_certificate_counts_only_where_its_authority_is_trusted() {
    let Some(python) = tools::python() else { return };
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tools/certificate.py");
    let [own, other] = ["own", "other"].map(|name| {
        let folder = scratch(name);
        assert!(Command::new(&python).arg(script).arg(&folder).status().unwrap().success());
        ["ca.pem", "server.pem", "server.key"].map(|file| folder.join(file).to_str().unwrap().to_owned())
    });
    let moto = Moto::start(&python, &["-c", &own[1], "-k", &own[2]]);
    assert!(moto.url.starts_with("https://"), "{}", moto.url);
    let url = ("AWS_ENDPOINT_URL", moto.url.as_str());
    let keys = [("AWS_ACCESS_KEY_ID", SECRETS[0]), ("AWS_SECRET_ACCESS_KEY", SECRETS[1])];
    let said = in_environment(&[keys[0], keys[1], url, ("SSL_CERT_FILE", &own[0])]);
    assert!(said.contains("0 roles"), "{said}");
    let said = in_environment(&[keys[0], keys[1], url, ("SSL_CERT_FILE", &other[0])]);
    assert!(said.contains("invalid peer certificate"), "{said}");
}

/// What a process of its own, in the environment of one test, prints of the account that it reads.
fn in_environment(variables: &[(&str, &str)]) -> String {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "live::the_account_of_the_environment", "--ignored", "--nocapture"])
        .env_clear()
        .env("HOME", scratch("home"))
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("LEASTWISE_TEST_CHILD", "1")
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
#[ignore = "run by other tests, in an environment of its own"]
fn the_account_of_the_environment() {
    assert!(std::env::var_os("LEASTWISE_TEST_CHILD").is_some(), "this would read the account of whoever runs it");
    match snapshot(&LiveOptions { attempts: 1, ..LiveOptions::default() }) {
        Ok(snapshot) => println!("account {:?}, {} roles", snapshot.manifest.account, roles(&snapshot).len()),
        Err(problem) => println!("{}", problem.message),
    }
}

#[test]
fn the_environment_names_endpoint_and_credentials() {
    let stub = stub(|_| page("one", None));
    let url = stub.url();
    let keys = [("AWS_ACCESS_KEY_ID", SECRETS[0]), ("AWS_SECRET_ACCESS_KEY", SECRETS[1])];
    let said = in_environment(&[keys[0], keys[1], ("AWS_ENDPOINT_URL", &url)]);
    assert!(said.contains("account Some(\"123456789012\"), 1 roles"), "{said}");

    let services = [("AWS_ENDPOINT_URL_IAM", url.as_str()), ("AWS_ENDPOINT_URL_STS", url.as_str())];
    let config = scratch("profile").join("config");
    let process = r#"echo '{"Version":1,"AccessKeyId":"AKIAIOSFODNN7EXAMPLE","SecretAccessKey":"stub-secret-key"}'"#;
    std::fs::write(&config, format!("[profile audit]\ncredential_process = {process}\n")).unwrap();
    let file = ("AWS_CONFIG_FILE", config.to_str().unwrap());
    let said = in_environment(&[services[0], services[1], file, ("AWS_PROFILE", "audit"), ("PATH", "/usr/bin:/bin")]);
    assert!(said.contains("1 roles"), "{said}");
}

#[test]
fn missing_credentials_name_the_profile() {
    let nowhere = ("AWS_ENDPOINT_URL", "http://127.0.0.1:9");
    let said = in_environment(&[nowhere, ("AWS_PROFILE", "no-such-profile")]);
    assert!(said.contains("no AWS credentials were found (profile `no-such-profile`"), "{said}");
    let said = in_environment(&[nowhere]);
    assert!(said.contains("profile `default`") && said.contains("aws sso login"), "{said}");
}

#[test]
fn a_proxy_that_is_no_url_is_named_without_its_password() {
    let said = in_environment(&[("AWS_ENDPOINT_URL", "http://127.0.0.1:9"), ("HTTPS_PROXY", "user:hunter2@proxy one")]);
    assert!(said.contains("HTTPS_PROXY is not the URL of a proxy") && !said.contains("hunter2"), "{said}");
}

/// Runs the program in a repository of its own against an endpoint.
fn leastwise(name: &str, stub: &Stub, arguments: &[&str]) -> (Option<i32>, String, String) {
    let folder = scratch(name);
    std::fs::create_dir(folder.join(".git")).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_leastwise"))
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("AWS_ENDPOINT_URL", stub.url())
        .envs([("AWS_ACCESS_KEY_ID", SECRETS[0]), ("AWS_SECRET_ACCESS_KEY", SECRETS[1])])
        .output()
        .unwrap();
    let [out, err] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    for secret in SECRETS {
        assert!(!out.contains(secret) && !err.contains(secret), "{out}{err}");
    }
    (output.status.code(), out, err)
}

#[test]
fn an_audit_and_its_snapshot_give_the_same_report() {
    let stub = stub(|request| match request.marker {
        None => page("one", Some("m1")),
        Some(_) => error(403, "AccessDenied", "no"),
    });
    let kept = scratch("kept");
    let kept = kept.to_str().unwrap();
    let judging = ["-o", "json", "--fail-on", "never"];
    let audit = leastwise("audit", &stub, &[&["audit", "--save", kept], &judging[..]].concat());
    let live = leastwise("audit", &stub, &[&["scan", "--live"], &judging[..]].concat());
    let saved = leastwise("audit", &stub, &[&["scan", "--account", kept], &judging[..]].concat());
    assert_eq!(audit.0, Some(0), "{}", audit.2);
    let report: Value = serde_json::from_str(&audit.1).unwrap();
    assert_eq!(report["summary"]["resources"], 1);
    assert_eq!(report["problems"][0]["kind"], "coverage");
    assert_eq!(report["problems"][0]["action"], ACTION);
    assert_eq!(audit, saved);
    assert_eq!(audit, live);
    let strict = leastwise("audit", &stub, &[&["scan", "--account", kept, "--strict"], &judging[..]].concat());
    assert_eq!(strict.0, Some(2), "a part that was not read is a problem");
}

#[test]
fn an_account_that_cannot_be_read_is_no_clean_account() {
    for (code, said) in
        [("AccessDenied", "iam:GetAccountAuthorizationDetails: access is denied"), ("ExpiredToken", "renew")]
    {
        let stub = stub(move |_| error(403, code, "no"));
        let (exit, out, err) = leastwise("unread", &stub, &["audit"]);
        assert_eq!((exit, out.as_str()), (Some(2), ""), "{err}");
        assert!(err.contains("no account could be read") && err.contains(said), "{err}");
    }
}
