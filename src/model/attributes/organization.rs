//! Organizations: the organization, its accounts, units and policies.

use super::reader::{Found, Reader};
use super::{Record, ResourceType, declared, policy};
use crate::iam::document;
use crate::iam::statement::Statement;
use crate::model::entity::{Origin, Read, Test, bool, long, read};
use crate::model::{EntityType, Verb};

/// The types of this file.
pub(super) const TYPES: &[ResourceType] = &[
    ResourceType::declared(&[&ORGANIZATION]),
    ResourceType::declared(&[&ACCOUNT]),
    ResourceType::declared(&[&UNIT]),
    ResourceType::read_by(&[&POLICY], guardrail),
    ResourceType::read_by(&[&RESOURCE_POLICY], resource_policy),
];

const ORGANIZATION: EntityType = EntityType {
    name: "AWS::Organizations::Organization",
    verb: Verb::Deploy,
    about: "An organization.",
    attributes: &[read(
        "features.all",
        Origin::Check("FeatureSet", Test::Is("ALL", true)),
        "Whether it has policies, not only one bill; by default (AWS Organizations API Reference, CreateOrganization, \
         2026-12).",
    )],
};

const ACCOUNT: EntityType = EntityType {
    name: "AWS::Organizations::Account",
    verb: Verb::Deploy,
    about: "An account of an organization.",
    attributes: &[
        read(
            "parent.given",
            Origin::Check("ParentIds.0", Test::Given),
            "Whether it is put into a unit; else the root.",
        ),
        read(
            "role",
            Origin::Word("RoleName", "OrganizationAccountAccessRole"),
            "The role through which the management account administers it; `OrganizationAccountAccessRole` by default \
             (AWS CloudFormation Template Reference, AWS::Organizations::Account, 2026-12).",
        ),
    ],
};

const UNIT: EntityType = EntityType {
    name: "AWS::Organizations::OrganizationalUnit",
    verb: Verb::Deploy,
    about: "An organizational unit.",
    attributes: &[read(
        "belowRoot",
        Origin::Check("ParentId", Test::Begins("r-")),
        "Whether it stands below the root.",
    )],
};

const POLICY: EntityType = EntityType {
    name: "AWS::Organizations::Policy",
    verb: Verb::Deploy,
    about: "A policy of an organization.",
    attributes: &[
        read("kind", Origin::Word("Type", ""), "`SERVICE_CONTROL_POLICY`, `RESOURCE_CONTROL_POLICY`, `TAG_POLICY` …"),
        read("targets", Origin::Count("TargetIds"), "Number of roots, units and accounts that it is attached to here."),
        bool("regions.limited", "Whether it denies by the region that is asked for (`aws:RequestedRegion`)."),
    ],
};

const RESOURCE_POLICY: EntityType = EntityType {
    name: "AWS::Organizations::ResourcePolicy",
    verb: Verb::Deploy,
    about: "The policy of an organization, which lets other accounts administer it.",
    attributes: &[bool("public", "Whether it lets in anyone."), long("statements", "Number of statements.")],
};

fn guardrail(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &POLICY);
    let limited = match reader.find("Content") {
        Found::Absent => Read::default(false),
        Found::Unknown(reason, span) => Read::unknown(reason, span),
        Found::Written(node) => {
            let content = document::read(node).0;
            let by_region = |one: &Statement| {
                one.denies() && one.conditions.iter().any(|condition| condition.is_on("aws:RequestedRegion"))
            };
            match (content.statements.iter().any(by_region), content.unknown.first()) {
                (false, Some((reason, span))) => Read::unknown(reason.clone(), Some(*span)),
                (limited, _) => Read::at(limited, node.span),
            }
        }
    };
    entity.put("regions.limited", limited);
    vec![Record::new(reader, entity)]
}

fn resource_policy(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &RESOURCE_POLICY);
    entity.put("public", policy::lets_in_anyone(reader.find("Content")));
    entity.put("statements", policy::statements(reader.find("Content")));
    vec![Record::new(reader, entity)]
}
