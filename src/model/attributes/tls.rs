//! The lowest version of TLS that a security policy allows, by its name.

use crate::model::entity::Read;
use crate::syntax::{Unknown, UnknownKind};
use std::sync::Arc;

/// Beginnings of names and the lowest version that they allow; the first that fits holds.
///
/// Sources, read 2026-11: API Gateway Developer Guide, "Security policies for REST APIs"; Amazon CloudFront Developer
/// Guide, "Supported protocols and ciphers between viewers and CloudFront"; User Guide for Application Load Balancers,
/// "Security policies"; Amazon OpenSearch Service API Reference, `DomainEndpointOptions`.
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

    #[test]
    fn names_say_the_lowest_version() {
        let of = |name: &str| minimum(Read::default(Some(name.into())), "").value.ok();
        assert_eq!(of("TLSv1"), Some("1.0"));
        assert_eq!(of("TLSv1_2016"), Some("1.0"));
        assert_eq!(of("TLSv1.2_2021"), Some("1.2"));
        assert_eq!(of("ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"), Some("1.2"));
        assert_eq!(of("ELBSecurityPolicy-2016-08"), Some("1.0"));
        assert_eq!(of("Custom"), None);
        assert_eq!(minimum(Read::default(None), "1.2").value.ok(), Some("1.2"));
    }
}
