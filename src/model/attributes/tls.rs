//! The lowest version of TLS that a security policy allows, by its name.

use crate::model::entity::Read;
use crate::syntax::{Unknown, UnknownKind};
use std::sync::Arc;

/// Beginnings of names and the lowest version that they allow; the first that fits holds.
///
/// Sources of the names, read 2026-12: API Gateway API Reference, `CreateDomainName`; CloudFormation registry,
/// `AWS::CloudFront::Distribution`; User Guide for Application Load Balancers, "Security policies"; Amazon OpenSearch
/// Service API Reference, `DomainEndpointOptions`.
const NAMES: &[(&str, &str)] = &[
    ("SSLv3", "ssl"),
    ("TLSv1.3", "1.3"),
    ("TLSv1.2", "1.2"),
    ("TLSv1.1", "1.1"),
    ("TLSv1", "1.0"),
    ("TLS_1_3", "1.3"),
    ("TLS_1_2", "1.2"),
    ("TLS_1_1", "1.1"),
    ("TLS_1_0", "1.0"),
    ("SecurityPolicy_TLS13_1_3", "1.3"),
    ("SecurityPolicy_TLS13_1_2", "1.2"),
    ("SecurityPolicy_TLS13_2025", "1.3"),
    ("SecurityPolicy_TLS12", "1.2"),
    ("ELBSecurityPolicy-TLS13-1-3", "1.3"),
    ("ELBSecurityPolicy-TLS13-1-2", "1.2"),
    ("ELBSecurityPolicy-TLS13-1-1", "1.1"),
    ("ELBSecurityPolicy-TLS13-1-0", "1.0"),
    ("ELBSecurityPolicy-TLS-1-2", "1.2"),
    ("ELBSecurityPolicy-TLS-1-1", "1.1"),
    ("ELBSecurityPolicy-TLS-1-0", "1.0"),
    ("ELBSecurityPolicy-FS-1-2", "1.2"),
    ("ELBSecurityPolicy-FS-1-1", "1.1"),
    ("ELBSecurityPolicy-FS-2018", "1.0"),
    ("ELBSecurityPolicy-2016-08", "1.0"),
    ("ELBSecurityPolicy-2015", "1.0"),
    ("Policy-Min-TLS-1-2", "1.2"),
    ("Policy-Min-TLS-1-0", "1.0"),
];

/// The lowest version that a policy's name allows, or `otherwise` where none is given; not known where the name is not
/// in the list.
pub(super) fn minimum(name: Read<Option<Arc<str>>>, otherwise: &'static str) -> Read<&'static str> {
    let Read { value, span } = name;
    let value = match value {
        Ok(None) => Ok(otherwise),
        Ok(Some(name)) => match NAMES.iter().find(|(beginning, _)| name.starts_with(beginning)) {
            Some((_, version)) => Ok(*version),
            None => Err(Unknown::new(UnknownKind::Other, format!("the TLS policy {name} is not in the list"))),
        },
        Err(reason) => Err(reason),
    };
    Read { value, span }
}

#[cfg(test)]
mod tests {
    use super::minimum;
    use crate::model::entity::Read;

    /// The names that API Gateway, OpenSearch and load balancers have had until 2026-12.
    const KNOWN: &[(&str, &str)] = &[
        ("TLS_1_0 Policy-Min-TLS-1-0-2019-07 ELBSecurityPolicy-2015-05 ELBSecurityPolicy-2016-08", "1.0"),
        ("ELBSecurityPolicy-TLS-1-0-2015-04 ELBSecurityPolicy-FS-2018-06 ELBSecurityPolicy-TLS13-1-0-2021-06", "1.0"),
        (
            "ELBSecurityPolicy-TLS-1-1-2017-01 ELBSecurityPolicy-FS-1-1-2019-08 ELBSecurityPolicy-TLS13-1-1-2021-06",
            "1.1",
        ),
        ("TLS_1_2 SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09 SecurityPolicy_TLS13_1_2_FIPS_PQ_2025_09", "1.2"),
        ("SecurityPolicy_TLS13_1_2_FIPS_PFS_PQ_2025_09 SecurityPolicy_TLS13_1_2_PQ_2025_09", "1.2"),
        ("SecurityPolicy_TLS13_1_2_2021_06 SecurityPolicy_TLS12_PFS_2025_EDGE SecurityPolicy_TLS12_2018_EDGE", "1.2"),
        ("Policy-Min-TLS-1-2-2019-07 Policy-Min-TLS-1-2-PFS-2023-10 Policy-Min-TLS-1-2-RFC9151-FIPS-2024-08", "1.2"),
        (
            "ELBSecurityPolicy-TLS-1-2-2017-01 ELBSecurityPolicy-TLS-1-2-Ext-2018-06 ELBSecurityPolicy-FS-1-2-2019-08",
            "1.2",
        ),
        ("ELBSecurityPolicy-FS-1-2-Res-2020-10 ELBSecurityPolicy-TLS13-1-2-2021-06", "1.2"),
        ("ELBSecurityPolicy-TLS13-1-2-Ext1-2021-06 ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09", "1.2"),
        (
            "SecurityPolicy_TLS13_1_3_2025_09 SecurityPolicy_TLS13_1_3_FIPS_2025_09 SecurityPolicy_TLS13_2025_EDGE",
            "1.3",
        ),
        ("ELBSecurityPolicy-TLS13-1-3-2021-06", "1.3"),
    ];

    #[test]
    fn every_published_name_is_in_the_list() {
        let words = include_str!("../../../tests/words.tsv").lines().map(|line| line.split('\t').collect::<Vec<_>>());
        let lists = words.filter(|cells| cells.get(2).is_some_and(|name| *name == "MinimumProtocolVersion"));
        let names: Vec<String> =
            lists.flat_map(|cells| cells[3].split('|').map(str::to_owned).collect::<Vec<_>>()).collect();
        let of = |name: &String| minimum(Read::default(Some(name.as_str().into())), "").value;
        let unknown: Vec<&String> = names.iter().filter(|name| of(name).is_err()).collect();
        assert!(names.len() > 8 && unknown.is_empty(), "{unknown:?}");
    }

    #[test]
    fn names_say_the_lowest_version() {
        let of = |name: &str| minimum(Read::default(Some(name.into())), "").value.ok();
        assert_eq!(of("TLSv1"), Some("1.0"));
        assert_eq!(of("TLSv1_2016"), Some("1.0"));
        assert_eq!(of("TLSv1.2_2021"), Some("1.2"));
        assert_eq!(of("ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"), Some("1.2"));
        assert_eq!(of("ELBSecurityPolicy-2016-08"), Some("1.0"));
        assert_eq!(of("Custom"), None);
        for (names, version) in KNOWN {
            names.split_whitespace().for_each(|name| assert_eq!(of(name), Some(*version), "{name}"));
        }
        assert_eq!(minimum(Read::default(None), "1.2").value.ok(), Some("1.2"));
    }
}
