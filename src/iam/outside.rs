//! Accounts other than one's own that a trust policy or the policy of a resource lets in.

use super::arn::Arn;
use super::condition::{Condition, OperatorKind};
use super::glob;
use super::public::{ORGANISATIONS, limits_caller};
use super::scope::all_fixed;
use super::statement::{PrincipalKind, Statement};
use super::text::{Answer, Text};
use crate::source::Span;
use crate::syntax::Unknown;

/// The principals of other accounts that a statement names.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Outsiders {
    /// As written.
    pub names: Vec<String>,
    /// Whether one of them is a whole account, whoever in it asks.
    pub whole: bool,
    /// Where the first of them stands.
    pub span: Option<Span>,
    /// Why it is not known of one whose account it is.
    pub unknown: Option<Unknown>,
}

/// Accounts of AWS itself that write into buckets for its customers: access logs of load balancers (Elastic Load
/// Balancing user guide, "Enable access logs", table of accounts by region, read 2026-11).
const AWS_ACCOUNTS: &[&str] = &[
    "127311923021",
    "033677994240",
    "027434742980",
    "797873946194",
    "098369216593",
    "754344448648",
    "589379963580",
    "718504428378",
    "383597477331",
    "600734575887",
    "114774131450",
    "783225319266",
    "582318560864",
    "985666609251",
    "054676820928",
    "156460612806",
    "652711504416",
    "635631232127",
    "009996457667",
    "897822967062",
    "076674570225",
    "507241528517",
    "048591011584",
    "190560391635",
    "638102146993",
    "037604701340",
];

/// Keys that say nothing of who asks.
const NOBODY: &[&str] = &[
    "aws:CurrentTime",
    "aws:EpochTime",
    "aws:RequestedRegion",
    "aws:SecureTransport",
    "aws:TagKeys",
    "aws:TokenIssueTime",
    "aws:UserAgent",
    "aws:Referer",
    "sts:DurationSeconds",
    "sts:RoleSessionName",
    "sts:SourceIdentity",
    "sts:TransitiveTagKeys",
];

/// The principals of other accounts; `own` is the account that the policy belongs to, where it is known. A template
/// that writes an account out means another one: it has a pseudo parameter for its own.
pub fn outsiders(statement: &Statement, own: Option<&str>) -> Outsiders {
    let mut found = Outsiders::default();
    let Some(principals) = statement.principals.as_ref().filter(|_| !statement.not_principal) else { return found };
    for text in principals.of(&PrincipalKind::Aws) {
        let shape = text.shape();
        let arn = Arn::parse(&shape);
        let account = arn.map_or(shape.as_str(), |arn| arn.account);
        if is_account(account) {
            if Some(account) != own && !AWS_ACCOUNTS.contains(&account) {
                found.names.push(text.to_string());
                found.whole |= arn.is_none_or(|arn| arn.resource == "root");
                found.span.get_or_insert(text.span);
            }
        } else if account.contains('*') && !text.has_known_shape() {
            found.unknown = found.unknown.or_else(|| text.unknown());
        }
    }
    found
}

/// Whether a trust policy's statement for other accounts is limited: by an external id, an organisation, a caller, a
/// second factor, or by something that is not understood here.
pub fn limits_trust(statement: &Statement) -> Answer {
    let limits = |condition: &Condition| {
        let operator = &condition.operator;
        if operator.negated || operator.holds_without_key() || operator.kind == OperatorKind::Null {
            return Ok(false);
        }
        if condition.is_on("sts:ExternalId") {
            let open = |value: &str| operator.takes_patterns() && value.starts_with(['*', '?']);
            return if operator.compares_text() { all_fixed(&condition.values, open) } else { Ok(false) };
        }
        if condition.is_on("aws:MultiFactorAuthPresent") || condition.is_on("aws:MultiFactorAuthAge") {
            let off = |value: &Text| value.as_literal().is_some_and(|text| text.eq_ignore_ascii_case("false"));
            return Ok(operator.kind != OperatorKind::Null && !condition.values.iter().any(off));
        }
        if condition.is_on("aws:SourceIp") || ORGANISATIONS.iter().any(|key| condition.is_on(key)) {
            return limits_caller(condition);
        }
        if condition.is_on_or_below("aws:RequestTag") || NOBODY.iter().any(|key| condition.is_on(key)) {
            return Ok(false);
        }
        let fits_everyone = |value: &str| match Arn::parse(value) {
            Some(arn) => glob::is_all(arn.resource),
            None => glob::is_all(value) || value == "arn:*",
        };
        if operator.takes_patterns() { all_fixed(&condition.values, fits_everyone) } else { Ok(true) }
    };
    one(statement, limits)
}

/// Whether a resource's policy keeps to one's own organisation.
pub fn limits_to_organisation(statement: &Statement) -> Answer {
    one(statement, |condition| {
        let named = ORGANISATIONS.iter().any(|key| condition.is_on(key)) || condition.is_on("aws:PrincipalAccount");
        if named { limits_caller(condition) } else { Ok(false) }
    })
}

fn one(statement: &Statement, limits: impl Fn(&Condition) -> Answer) -> Answer {
    let mut answer = statement.unknown_conditions.clone().map_or(Ok(false), Err);
    for condition in &statement.conditions {
        match limits(condition) {
            Ok(true) => return Ok(true),
            Ok(false) => {}
            Err(reason) => answer = Err(reason),
        }
    }
    answer
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}
