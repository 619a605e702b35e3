//! Bedrock: agents, guardrails, knowledge bases and inference profiles.

use super::reader::Reader;
use super::{Record, ResourceType, declared};
use crate::model::entity::{DEPENDS_NUMBER, Origin, Test, read, string};
use crate::model::{EntityType, Verb};

/// The types of this file.
pub(super) const TYPES: &[ResourceType] = &[
    ResourceType::declared(&[&AGENT]),
    ResourceType::declared(&[&GUARDRAIL]),
    ResourceType::declared(&[&KNOWLEDGE]),
    ResourceType::read_by(&[&PROFILE], profile),
];

const AGENT: EntityType = EntityType {
    name: "AWS::Bedrock::Agent",
    verb: Verb::Deploy,
    about: "An agent.",
    attributes: &[
        read(
            "encryption.manager",
            Origin::Key("CustomerEncryptionKeyArn", "provider"),
            "`provider` (a key of AWS, the default: Amazon Bedrock User Guide, \"Encryption of agent resources\", 2026-12), \
             `aws` or `customer`.",
        ),
        read(
            "guardrail.given",
            Origin::Check("GuardrailConfiguration.GuardrailIdentifier", Test::Given),
            "Whether a guardrail holds it; not by default.",
        ),
        read(
            "session.seconds",
            Origin::Number("IdleSessionTTLInSeconds", DEPENDS_NUMBER),
            "How long a conversation is kept; not known where it is not given: no document names the default.",
        ),
    ],
};

const GUARDRAIL: EntityType = EntityType {
    name: "AWS::Bedrock::Guardrail",
    verb: Verb::Deploy,
    about: "A guardrail; nothing is filtered that is not written.",
    attributes: &[
        read(
            "encryption.manager",
            Origin::Key("KmsKeyArn", "provider"),
            "`provider` where no key is given (a customer's is optional: Amazon Bedrock User Guide, 2026-12), `aws` or \
             `customer`.",
        ),
        read(
            "filters.personalData",
            Origin::Check("SensitiveInformationPolicyConfig.PiiEntitiesConfig.0", Test::Given),
            "Whether it finds personal data.",
        ),
        read(
            "filters.promptAttacks",
            Origin::Any("ContentPolicyConfig.FiltersConfig", "Type", Test::Is("PROMPT_ATTACK", false)),
            "Whether it finds attacks on the prompt.",
        ),
        read(
            "crossRegion",
            Origin::Check("CrossRegionConfig.GuardrailProfileArn", Test::Given),
            "Whether other regions judge for it; not by default.",
        ),
    ],
};

const KNOWLEDGE: EntityType = EntityType {
    name: "AWS::Bedrock::KnowledgeBase",
    verb: Verb::Deploy,
    about: "A knowledge base.",
    attributes: &[
        read("kind", Origin::Word("KnowledgeBaseConfiguration.Type", ""), "`VECTOR`, `KENDRA`, `SQL` or `MANAGED`."),
        read(
            "store",
            Origin::Word("StorageConfiguration.Type", ""),
            "Where its vectors lie, `OPENSEARCH_SERVERLESS` …",
        ),
    ],
};

const PROFILE: EntityType = EntityType {
    name: "AWS::Bedrock::ApplicationInferenceProfile",
    verb: Verb::Deploy,
    about: "An inference profile of one's own.",
    attributes: &[string(
        "geography",
        "The geography whose regions may compute, `eu`, `us`, `apac`, `global`, of the profile that it is copied from; \
         empty for one region's model (Amazon Bedrock User Guide, \"Cross-Region inference\", 2026-11).",
    )],
};

fn profile(reader: &Reader<'_>) -> Vec<Record> {
    let mut entity = declared::entity(reader, &PROFILE);
    let geography = reader.text("ModelSource.CopyFrom").map(|source| {
        let source = source.unwrap_or_default();
        let id = source.split_once(":inference-profile/").map_or("", |(_, id)| id);
        id.split_once('.').map_or("", |(geography, _)| geography).to_owned()
    });
    entity.put("geography", geography);
    vec![Record::new(reader, entity)]
}
