//! Whether a literal is a credential: judged by its shape, or by its entropy together with a telling name.

use crate::syntax::{Node, UnknownKind, Value};
use std::sync::Arc;

/// A literal that is a credential, without the credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Secret {
    /// What it is: `AWS access key`, `password`.
    pub what: &'static str,
    /// Kind, length, and the first four characters only from 20 on: safe to print.
    pub redacted: Arc<str>,
}

/// Judges a literal by the name of the variable, key or argument it is given to (`""` where there is none).
///
/// Placeholders, references, names, paths and the example keys of AWS's documentation are no secrets.
pub fn judge(name: &str, value: &str) -> Option<Secret> {
    let trimmed = value.trim();
    if trimmed.len() < 6 || trimmed.len() > 20_000 {
        return None;
    }
    let what = by_shape(trimmed, name).or_else(|| by_name(name, trimmed))?;
    Some(Secret { what, redacted: redact(what, trimmed) })
}

/// Judges a value: a text, or one with parts that stand for something else, as in `postgres://app:…@${Host}`.
pub fn judge_node(name: &str, node: &Node) -> Option<Secret> {
    match &node.value {
        Value::Template(_) => judge(name, &node.to_string()),
        // It was judged where it is known, and is not to be shown.
        Value::Unknown(unknown) if unknown.kind == UnknownKind::Credential => {
            Some(Secret { what: "credential", redacted: format!("the value of {}", unknown.what).into() })
        }
        _ => judge(name, node.as_text()?),
    }
}

fn redact(what: &str, value: &str) -> Arc<str> {
    let length = value.chars().count();
    if length < 20 {
        return format!("{what}, {length} characters").into();
    }
    let head: String = value.chars().take(4).collect();
    format!("{what}, {length} characters, {head}…").into()
}

/// Token formats that issuers document: prefix, shortest and longest tail, what it is.
const TOKENS: &[(&str, usize, usize, &str)] = &[
    ("ghp_", 36, 36, "GitHub token"),
    ("gho_", 36, 36, "GitHub token"),
    ("ghu_", 36, 36, "GitHub token"),
    ("ghs_", 36, 36, "GitHub token"),
    ("ghr_", 36, 76, "GitHub token"),
    ("github_pat_", 60, 90, "GitHub token"),
    ("glpat-", 20, 30, "GitLab token"),
    ("xoxb-", 20, 90, "Slack token"),
    ("xoxp-", 20, 90, "Slack token"),
    ("xoxa-", 20, 90, "Slack token"),
    ("xoxr-", 20, 90, "Slack token"),
    ("xoxs-", 20, 90, "Slack token"),
    ("sk_live_", 16, 110, "Stripe key"),
    ("rk_live_", 16, 110, "Stripe key"),
    ("AIza", 35, 35, "Google API key"),
    ("npm_", 36, 36, "npm token"),
    ("sk-proj-", 40, 200, "OpenAI key"),
    ("sk-ant-", 40, 200, "Anthropic key"),
    ("SG.", 60, 70, "SendGrid key"),
    ("hf_", 34, 40, "Hugging Face token"),
    ("dop_v1_", 64, 64, "DigitalOcean token"),
    ("shpat_", 32, 32, "Shopify token"),
    ("pypi-", 80, 250, "PyPI token"),
];

fn by_shape(value: &str, name: &str) -> Option<&'static str> {
    // What is filled in says nothing of what stands beside it: each token is judged by itself.
    let words = |value| words(value).filter(|word| !is_filler(word));
    if words(value).any(is_access_key) {
        return Some("AWS access key");
    }
    for (prefix, shortest, longest, what) in TOKENS {
        let found = words(value).any(|word| {
            word.strip_prefix(prefix)
                .is_some_and(|tail| (*shortest..=*longest).contains(&tail.len()) && entropy(tail) > 3.0)
        });
        if found {
            return Some(what);
        }
    }
    if is_private_key(value) {
        return Some("private key");
    }
    if words(value).any(is_signed_jwt) {
        return Some("signed token");
    }
    if has_slack_hook(value) {
        return Some("Slack webhook");
    }
    if has_password_in_url(value) || has_password_in_pairs(value) {
        return Some("connection string");
    }
    let name = name.to_ascii_lowercase();
    let forty = value.len() == 40 && value.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'+'));
    let telling = name.contains("secret") && (name.contains("key") || name.contains("aws"));
    (forty && !is_filler(value) && telling && classes(value) >= 3 && entropy(value) > 3.5)
        .then_some("AWS secret access key")
}

/// Runs of characters that tokens are made of.
fn words(value: &str) -> impl Iterator<Item = &str> {
    value.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.')))
}

fn is_access_key(word: &str) -> bool {
    word.len() == 20
        && (word.starts_with("AKIA") || word.starts_with("ASIA"))
        && word.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
        && entropy(word) > 2.8
}

/// A webhook with the three parts of its path: the address is the secret.
fn has_slack_hook(value: &str) -> bool {
    value.split("hooks.slack.com/services/").skip(1).any(|rest| {
        let path = rest.split(|c: char| !(c.is_ascii_alphanumeric() || c == '/')).next().unwrap_or_default();
        path.starts_with('T') && path.len() > 30 && !is_filler(path)
    })
}

/// A PEM block with a body, not the mere header that code looks for.
fn is_private_key(value: &str) -> bool {
    let Some((_, rest)) = value.split_once("-----BEGIN ") else {
        return false;
    };
    let Some((kind, body)) = rest.split_once("-----") else {
        return false;
    };
    let body = body.split("-----").next().unwrap_or_default().replace("\\n", "\n");
    let letters = body.bytes().filter(|b| b.is_ascii_alphanumeric()).count();
    kind.ends_with("PRIVATE KEY") && !is_filler(&body) && letters > 60 && entropy(&body) > 3.5
}

fn is_signed_jwt(word: &str) -> bool {
    let mut parts = word.split('.');
    let (Some(head), Some(body), Some(signature), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    head.starts_with("eyJ") && body.starts_with("eyJ") && signature.len() >= 20 && entropy(signature) > 3.0
}

/// `scheme://user:password@host` with a password that is written out.
fn has_password_in_url(value: &str) -> bool {
    let Some((scheme, rest)) = value.split_once("://") else {
        return false;
    };
    let authority = rest.split(['/', '?', '#', ' ']).next().unwrap_or_default();
    let Some((user, _)) = authority.rsplit_once('@') else {
        return false;
    };
    let Some((_, password)) = user.split_once(':') else {
        return false;
    };
    let known = matches!(password.to_ascii_lowercase().as_str(), "guest" | "postgres" | "root" | "admin" | "user");
    scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
        && password.len() >= 5
        && !known
        && !is_placeholder(password)
        && !is_filler(password)
}

/// `…;Password=…;` and `AccountKey=…` of .NET and Azure connection strings.
fn has_password_in_pairs(value: &str) -> bool {
    value.contains(';')
        && value.split(';').filter_map(|pair| pair.split_once('=')).any(|(key, value)| {
            let key = key.trim().to_ascii_lowercase();
            let telling = matches!(key.as_str(), "password" | "pwd" | "accountkey" | "sharedaccesskey");
            telling && value.len() >= 6 && !is_placeholder(value) && !is_filler(value)
        })
}

/// Words that make the value of a name a secret: the words, the shortest value, what it is.
const TELLING: &[(&[&str], usize, &str)] = &[
    (&["password"], 6, "password"),
    (&["passwd"], 6, "password"),
    (&["passphrase"], 8, "password"),
    (&["pwd"], 6, "password"),
    (&["pass"], 6, "password"),
    (&["secret"], 12, "secret"),
    (&["token"], 16, "token"),
    (&["apikey"], 12, "API key"),
    (&["api", "key"], 12, "API key"),
    (&["secret", "key"], 12, "secret key"),
    (&["access", "key"], 16, "access key"),
    (&["private", "key"], 16, "private key"),
    (&["auth", "key"], 12, "secret key"),
    (&["account", "key"], 16, "secret key"),
    (&["encryption", "key"], 16, "secret key"),
    (&["signing", "key"], 12, "secret key"),
    (&["master", "key"], 12, "secret key"),
    (&["license", "key"], 16, "secret key"),
    (&["credential"], 12, "credential"),
    (&["credentials"], 12, "credential"),
    (&["authorization"], 16, "token"),
    (&["bearer"], 16, "token"),
];

/// Words that may follow the telling one without making the name a name of something else.
const TRAILING: &[&str] = &[
    "value",
    "string",
    "plain",
    "plaintext",
    "base64",
    "default",
    "prod",
    "production",
    "dev",
    "staging",
    "live",
    "b64",
    "literal",
];

/// Words anywhere in a name that say the value is public, a place in a list, or made up.
const HARMLESS: &[&str] =
    &["next", "continuation", "public", "csrf", "placeholder", "example", "mock", "fake", "idempotency"];

fn by_name(name: &str, value: &str) -> Option<&'static str> {
    // A type's name or a path in a table of them names no variable: `AWS::ApiGateway::ApiKey`.
    if name.contains("::") || name.contains('/') {
        return None;
    }
    let mut parts = split_words(name);
    while parts.last().is_some_and(|last| {
        TRAILING.contains(&last.as_str()) || (last.len() <= 2 && last.bytes().all(|b| b.is_ascii_digit()))
    }) {
        parts.pop();
    }
    if parts.iter().any(|part| HARMLESS.contains(&part.as_str())) {
        return None;
    }
    let ends_in = |words: &[&str]| parts.len() >= words.len() && parts[parts.len() - words.len()..] == *words;
    let (_, shortest, what) = TELLING.iter().filter(|(words, ..)| ends_in(words)).max_by_key(|row| row.0.len())?;
    let value = value.strip_prefix("Bearer ").or_else(|| value.strip_prefix("Basic ")).unwrap_or(value);
    if value.len() < *shortest || is_placeholder(value) || is_reference(value) || is_filler(value) {
        return None;
    }
    let strong = if *what == "password" {
        classes(value) >= 2 && has_digit_or_symbol(value) && entropy(value) > 2.2 && !is_worded(value)
    } else {
        classes(value) >= 2
            && value.bytes().any(|b| b.is_ascii_digit())
            && entropy(value) > 3.0
            && !is_worded(value)
            && value.bytes().all(|b| b.is_ascii_graphic())
    };
    strong.then_some(*what)
}

/// `dbPassword`, `DB_PASSWORD` and `db-password` as lower-case words.
fn split_words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut open = false;
    let mut before = ' ';
    let mut rest = name.chars().peekable();
    while let Some(c) = rest.next() {
        if !c.is_ascii_alphanumeric() {
            open = false;
        } else {
            let hump = c.is_ascii_uppercase()
                && (before.is_ascii_lowercase() || rest.peek().is_some_and(char::is_ascii_lowercase));
            let digit = c.is_ascii_digit() && !before.is_ascii_digit();
            match words.last_mut() {
                Some(word) if open && !hump && !digit => word.push(c.to_ascii_lowercase()),
                _ => words.push(c.to_ascii_lowercase().to_string()),
            }
            open = true;
        }
        before = c;
    }
    words
}

/// Text that stands where the user is to put something.
fn is_placeholder(value: &str) -> bool {
    const PARTS: &[&str] = &[
        "example",
        "changeme",
        "change_me",
        "change-me",
        "change this",
        "replace",
        "placeholder",
        "your-",
        "your_",
        "yourpass",
        "yoursecret",
        "yourtoken",
        "yourapi",
        "dummy",
        "todo",
        "fake",
        "redacted",
        "insert",
        "sample",
        "enter_",
        "notreal",
        "not-a-",
        "mock",
        "put_",
        "fill",
    ];
    let lower = value.to_ascii_lowercase();
    let whole = matches!(
        lower.as_str(),
        "password" | "passwd" | "secret" | "token" | "admin" | "default" | "none" | "null" | "undefined" | "postgres"
    );
    whole
        || lower.starts_with("test")
        || PARTS.iter().any(|part| lower.contains(part))
        || encloses(value, '<', '>')
        || encloses(value, '{', '}')
        || value.contains("$(")
        || value.contains("%s")
        || value.starts_with(['$', '%', '*', '.'])
}

/// Whether the value has a pair of brackets: `<your key>`, `{{token}}`; one alone may be part of a password.
fn encloses(value: &str, open: char, close: char) -> bool {
    value.split_once(open).is_some_and(|(_, rest)| rest.contains(close))
}

/// A value that says where the secret lies, or that is no secret by its form: name, path, ARN, pattern, sentence.
fn is_reference(value: &str) -> bool {
    let upper_name =
        value.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_') && value.contains('_');
    value.starts_with("arn:")
        || value.starts_with('/')
        || value.starts_with("./")
        || value.contains("://")
        || value.starts_with("ssm:")
        || value.starts_with("secretsmanager:")
        || value.contains("resolve:")
        || value.contains(char::is_whitespace)
        || value.contains("\\d")
        || value.contains("\\w")
        || value.contains("[a-")
        || value.contains("[A-")
        || value.contains("(?")
        || value.contains("::")
        || value.contains("()")
        || upper_name
}

/// The same character again and again, a keyboard run, or AWS's documentation.
fn is_filler(value: &str) -> bool {
    const RUNS: &[&str] =
        &["EXAMPLE", "xxxx", "XXXX", "****", "....", "0000000", "12345678", "abcdefgh", "ABCDEFGH", "____"];
    RUNS.iter().any(|run| value.contains(run))
}

/// Nothing but words and short numbers between separators: a name, not a random string.
fn is_worded(value: &str) -> bool {
    let parts: Vec<&str> =
        value.split(['-', '_', '/', '.', ':', '@', ',', '=', '#']).filter(|p| !p.is_empty()).collect();
    let word = |part: &&str| {
        let letters = part.trim_end_matches(|c: char| c.is_ascii_digit());
        let digits = part.len() - letters.len();
        digits <= 4 && letters.bytes().all(|b| b.is_ascii_alphabetic()) && humps(letters) * 3 <= letters.len().max(3)
    };
    parts.len() > 1 && parts.iter().all(word)
}

fn humps(text: &str) -> usize {
    text.bytes().zip(text.bytes().skip(1)).filter(|(a, b)| a.is_ascii_lowercase() && b.is_ascii_uppercase()).count()
}

fn has_digit_or_symbol(value: &str) -> bool {
    value.bytes().any(|b| b.is_ascii_digit() || b.is_ascii_punctuation())
}

/// How many of lower case, upper case, digits and symbols occur.
fn classes(value: &str) -> usize {
    let tests: [fn(&u8) -> bool; 4] =
        [u8::is_ascii_lowercase, u8::is_ascii_uppercase, u8::is_ascii_digit, u8::is_ascii_punctuation];
    tests.iter().filter(|test| value.as_bytes().iter().any(test)).count()
}

/// Shannon entropy in bits a byte.
fn entropy(value: &str) -> f64 {
    let mut counts = [0_u32; 256];
    for byte in value.bytes() {
        counts[usize::from(byte)] += 1;
    }
    let total = f64::from(u32::try_from(value.len()).unwrap_or(u32::MAX));
    counts
        .iter()
        .filter(|count| **count > 0)
        .map(|count| {
            let share = f64::from(*count) / total;
            -share * share.log2()
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::judge;

    /// Joined at run time, so that no scanner takes this file for a leak.
    fn made(parts: &[&str]) -> String {
        parts.concat()
    }

    #[test]
    fn shapes_are_known() {
        let cases = [
            (made(&["AKIA", "QYLPMN5HHHFPZAM2"]), "AWS access key"),
            (made(&["ghp", "_a8Kd72ksLQ0sj2Pq9aZx71bTTe04mVny5Rc3"]), "GitHub token"),
            (made(&["sk_", "live_4eC39HqLyjWDarjtT1zdp7dc"]), "Stripe key"),
            (made(&["postgres://app:", "s3cr3tP4ss@db.internal/x"]), "connection string"),
            (made(&["Server=x;User=a;", "Password=hG7!kkq2;"]), "connection string"),
            (made(&["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0", ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1g"]), "signed token"),
        ];
        for (value, what) in cases {
            assert_eq!(judge("", &value).map(|secret| secret.what), Some(what), "{value}");
        }
        let body = "MIIEowIBAAKCAQEA7c3Qz0dXvN1kq9fJ2mWlR8tYbHsP5uGxEoVaTnCiKyLjDhFw";
        let pem = made(&["-----BEGIN RSA ", "PRIVATE KEY-----\n", body, "\n-----END RSA PRIVATE KEY-----"]);
        assert_eq!(judge("", &pem).map(|secret| secret.what), Some("private key"));
    }

    #[test]
    fn a_filler_hides_no_key_beside_it() {
        let key = made(&["AKIA", "QYLPMN5HHHFPZAM2"]);
        let text = format!("[EXAMPLE]\nid = AKIAIOSFODNN7EXAMPLE\n[live]\nid = {key}\n....\n");
        assert_eq!(judge("", &text).map(|secret| secret.what), Some("AWS access key"));
        let address = made(&["postgres://app:", "s3cr3tP4ss@db.internal/EXAMPLE"]);
        assert_eq!(judge("", &address).map(|secret| secret.what), Some("connection string"));
        let pairs = made(&["Server=EXAMPLE;User=a;", "Password=hG7!kkq2;"]);
        assert_eq!(judge("", &pairs).map(|secret| secret.what), Some("connection string"));
        assert_eq!(judge("", "Server=x;Password=xxxxxxxx;"), None);
        assert_eq!(judge("", "https://hooks.slack.com/services/TXXXXXXXX/BXXXXXXXX/XXXXXXXXXXXXXXXXXXXXXXXX"), None);
    }

    #[test]
    fn names_tell() {
        for (name, value, what) in [
            ("DB_PASSWORD", "Aa1234321Bb", "password"),
            ("dbPassword", "hunter2!", "password"),
            ("api_key", "9f8b7c6d5e4f3a2b1c0d", "API key"),
            ("clientSecret", "q8Zk2LmP0sWx7Rt5", "secret"),
            ("password1", "Tr0ub4dor", "password"),
            ("JWT_SECRET", "q8Zk2#]LmP>sWx7R", "secret"),
            ("DB_PASSWORD", "k9{Tz-4wq", "password"),
        ] {
            assert_eq!(judge(name, value).map(|secret| secret.what), Some(what), "{name}");
        }
        let key = made(&["wJalrXUtnFEMI/K7MDENG/", "bPxRfiCYzK4mQ2pLtv"]);
        assert_eq!(judge("aws_secret_access_key", &key).map(|secret| secret.what), Some("AWS secret access key"));
    }

    #[test]
    fn placeholders_references_and_names_are_no_secrets() {
        for (name, value) in [
            ("", "AKIAIOSFODNN7EXAMPLE"),
            ("", "AKIAXXXXXXXXXXXXXXXX"),
            ("aws_secret_access_key", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
            ("password", "changeme123"),
            ("password", "<your-password-1>"),
            ("password", "${DB_PASSWORD}"),
            ("password", "{{resolve:secretsmanager:db:SecretString:password}}"),
            ("secret", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf"),
            ("secret", "prod/app/database-1"),
            ("secretName", "prod-db-9f8b7c6d5e4f"),
            ("SECRET_ID", "9f8b7c6d5e4f3a2b1c0d"),
            ("tokenUrl", "a1b2c3d4e5f6g7h8i9j0k1"),
            ("password", "Enter your password 1"),
            ("password", "userPassword"),
            ("token", "x-amz-security-token"),
            ("apiKey", "DB_API_KEY_1_NAME"),
            ("nextToken", "a1b2c3d4e5f6g7h8i9j0k1"),
            ("partition_key", "a1b2c3d4e5f6g7h8i9j0k1"),
            ("password", "^(?=.*[a-z])(?=.*\\d).{8,}$"),
            ("", "https://example.com/path:8080/x@y"),
            ("", "-----BEGIN RSA PRIVATE KEY-----"),
            ("", "postgres://user:{password}@host/db"),
            ("api_key", "test_1a2b3c4d5e6f"),
            ("AWS::ApiGateway::ApiKey", "48205d4ffd7feba3"),
        ] {
            assert_eq!(judge(name, value), None, "{name}={value}");
        }
    }

    #[test]
    fn nothing_of_a_short_secret_is_shown_and_four_characters_of_a_long_one() {
        let short = judge("password", "Aa1234321Bb").unwrap();
        assert_eq!(&*short.redacted, "password, 11 characters");
        let long = judge("token", "q8Zk2LmP0sWx7Rt5uV3yB1").unwrap();
        assert_eq!(&*long.redacted, "token, 22 characters, q8Zk…");
    }
}
