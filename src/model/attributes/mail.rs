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
    about: "How mail is sent.",
    attributes: &[
        read(
            "transport.required",
            Origin::Check("DeliveryOptions.TlsPolicy", Test::Is("REQUIRE", false)),
            "Whether mail is sent over TLS only; by default where the receiver has it (Amazon SES Developer Guide, \"Amazon SES \
             and security protocols\", 2026-12).",
        ),
        read(
            "sending.enabled",
            Origin::Check("SendingOptions.SendingEnabled", Test::On(true)),
            "On by default (Terraform AWS provider, aws_ses_configuration_set, 2026-12).",
        ),
    ],
};

const ENDPOINT: EntityType = EntityType {
    name: "AWS::SES::MultiRegionEndpoint",
    verb: Verb::Deploy,
    about: "An endpoint that sends mail from two regions.",
    attributes: &[read("secondaryRegion", Origin::Word("Details.RouteDetails.0.Region", ""), "The other region.")],
};
