//! ARNs: `arn:partition:service:region:account:resource`, and patterns written in that shape.

use super::glob;

/// The partitions that AWS runs beside its first one, by what the names of their regions begin with (AWS General
/// Reference, Amazon Resource Names; as of 2026-11).
const PARTITIONS: [(&str, &str); 7] = [
    ("cn-", "aws-cn"),
    ("us-gov-", "aws-us-gov"),
    ("eusc-", "aws-eusc"),
    ("us-iso-", "aws-iso"),
    ("us-isob-", "aws-iso-b"),
    ("eu-isoe-", "aws-iso-e"),
    ("us-isof-", "aws-iso-f"),
];

/// The partition of a region.
pub fn partition_of(region: &str) -> &'static str {
    PARTITIONS.iter().find(|(start, _)| region.starts_with(start)).map_or("aws", |(_, partition)| partition)
}

/// An ARN, or a pattern of ARNs, cut into its segments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arn<'a> {
    /// `aws`.
    pub partition: &'a str,
    /// `s3`.
    pub service: &'a str,
    /// `eu-central-1`; empty for what has no region.
    pub region: &'a str,
    /// Twelve digits; empty for what names none (S3).
    pub account: &'a str,
    /// Everything behind the fifth colon.
    pub resource: &'a str,
}

impl<'a> Arn<'a> {
    /// Cuts a text with at least six segments; `None` for anything else, `*` too.
    pub fn parse(text: &'a str) -> Option<Self> {
        let mut segments = text.splitn(6, ':');
        let mut next = || segments.next();
        if next()? != "arn" {
            return None;
        }
        let (partition, service, region, account) = (next()?, next()?, next()?, next()?);
        Some(Self { partition, service, region, account, resource: next()? })
    }

    /// Whether the account is written out: twelve digits.
    pub fn names_account(&self) -> bool {
        self.account.len() == 12 && self.account.bytes().all(|byte| byte.is_ascii_digit())
    }
}

/// Whether a pattern is `*` in all but looks: `*`, `arn:*`, `arn:aws:*`, `arn:aws:*:*:*:*`, `arn:aws:s3:::*`.
///
/// A pattern with a region or a resource in it is none; one with an account is, because an identity policy hardly
/// reaches beyond its own account anyway.
pub fn is_effectively_all(pattern: &str) -> bool {
    if glob::is_all(pattern) {
        return true;
    }
    let Some(rest) = pattern.strip_prefix("arn:") else {
        return false;
    };
    let mut segments = rest.splitn(5, ':').skip(1);
    let (service, region) = (segments.next(), segments.next());
    let (_account, resource) = (segments.next(), segments.next());
    let free = |segment: Option<&str>| segment.is_none_or(|text| text.is_empty() || glob::is_all(text));
    let cut_short = resource.is_none() && !pattern.ends_with('*');
    !cut_short && service != Some("") && free(region) && resource.is_none_or(glob::is_all)
}

#[cfg(test)]
mod tests {
    use super::{Arn, is_effectively_all};

    #[test]
    fn segments() {
        let arn = Arn::parse("arn:aws:logs:eu-west-1:123456789012:log-group:/a:*").unwrap();
        assert_eq!((arn.service, arn.region, arn.resource), ("logs", "eu-west-1", "log-group:/a:*"));
        assert!(arn.names_account());
        let partitions = ["eu-west-1", "us-gov-west-1", "cn-north-1", "us-iso-east-1", "us-isob-east-1", ""];
        let found = ["aws", "aws-us-gov", "aws-cn", "aws-iso", "aws-iso-b", "aws"];
        assert_eq!(partitions.map(super::partition_of), found);
        for no in ["*", "", "arn:aws:s3", "urn:aws:s3:::b", "arn:aws:s3::"] {
            assert_eq!(Arn::parse(no), None, "{no}");
        }
    }

    #[test]
    fn stars_in_disguise() {
        for yes in ["*", "**", "arn:*", "arn:aws:*", "arn:*:*:*:*:*", "arn:aws:s3:::*", "arn:aws:sqs:*:123456789012:*"]
        {
            assert!(is_effectively_all(yes), "{yes}");
        }
        for no in [
            "arn:aws:s3:::bucket*",
            "arn:aws:s3:::*/*",
            "arn:aws:sqs:eu-west-1:*:*",
            "arn:aws:dynamodb:*:*:table/*",
            "a*",
            "",
            "arn:aws:s3",
        ] {
            assert!(!is_effectively_all(no), "{no}");
        }
    }
}
