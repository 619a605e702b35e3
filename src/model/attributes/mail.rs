//! SES: configuration sets and endpoints over several regions.

use super::ResourceType;
use crate::model::entity::{Origin, Test, read};
use crate::model::{EntityType, Verb};

/// The types of this file.
pub(super) const TYPES: &[ResourceType] =
    &[ResourceType::declared(&[&CONFIGURATION]), ResourceType::declared(&[&ENDPOINT])];

const CONFIGURATION: EntityType = EntityType {
    name: "AWS::SES::ConfigurationSet",
    verb: Verb::Deploy,
    about: "How mail is sent (defaults: Amazon SES API v2 Reference, CreateConfigurationSet, 2026-11).",
    attributes: &[
        read(
            "transport.required",
            Origin::Check("DeliveryOptions.TlsPolicy", Test::Is("REQUIRE", false)),
            "Whether mail is sent over TLS only; `OPTIONAL` by default.",
        ),
        read("sending.enabled", Origin::Check("SendingOptions.SendingEnabled", Test::On(true)), "On by default."),
    ],
};

const ENDPOINT: EntityType = EntityType {
    name: "AWS::SES::MultiRegionEndpoint",
    verb: Verb::Deploy,
    about: "An endpoint that sends mail from two regions.",
    attributes: &[read("secondaryRegion", Origin::Word("Details.RouteDetails.0.Region", ""), "The other region.")],
};
