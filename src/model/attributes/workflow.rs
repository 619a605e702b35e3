//! Step Functions: state machines with their tasks, and activities.

use super::reader::{Found, Reader, find, given};
use super::{Record, ResourceType, declared, policy};
use crate::model::entity::{Origin, Read, Test, bool, read, string};
use crate::model::{Entity, EntityType, Verb};
use crate::syntax::Node;

/// Branches in branches and maps in maps that are followed.
const MAX_DEPTH: usize = 8;

/// The types of this file.
pub(super) const TYPES: &[ResourceType] =
    &[ResourceType::read_by(&[&MACHINE, &TASK], machine), ResourceType::declared(&[&ACTIVITY])];

const MACHINE: EntityType = EntityType {
    name: "AWS::StepFunctions::StateMachine",
    verb: Verb::Deploy,
    about: "A state machine (defaults: AWS Step Functions API Reference, CreateStateMachine, 2026-12).",
    attributes: &[
        read("kind", Origin::Word("StateMachineType", "STANDARD"), "`STANDARD` (the default) or `EXPRESS`."),
        read(
            "encryption.manager",
            Origin::Key("EncryptionConfiguration.KmsKeyId", "provider"),
            "`provider` (a key of AWS, the default: as above, EncryptionConfiguration), `aws` or `customer`.",
        ),
        read(
            "logging.enabled",
            Origin::Check("LoggingConfiguration.Level", Test::Is("ALL|ERROR|FATAL", false)),
            "Whether it logs executions; off by default.",
        ),
        read(
            "logging.payloads",
            Origin::Check("LoggingConfiguration.IncludeExecutionData", Test::On(false)),
            "Whether its logs hold input and output; not where it is not given.",
        ),
        read(
            "tracing.enabled",
            Origin::Check("TracingConfiguration.Enabled", Test::On(false)),
            "X-Ray; not where it is not given.",
        ),
    ],
};

const TASK: EntityType = EntityType {
    name: "AWS::StepFunctions::StateMachine::Task",
    verb: Verb::Deploy,
    about: "A task state of a state machine whose definition is written in the template.",
    attributes: &[
        string("machine", "The state machine's name."),
        read("retried", Origin::Check("Retry.0", Test::Given), "Whether it is tried again; not by default."),
        read("caught", Origin::Check("Catch.0", Test::Given), "Whether an error leads somewhere; not by default."),
        bool("timed", "Whether it has a timeout of its own."),
    ],
};

const ACTIVITY: EntityType = EntityType {
    name: "AWS::StepFunctions::Activity",
    verb: Verb::Deploy,
    about: "An activity.",
    attributes: &[read(
        "encryption.manager",
        Origin::Key("EncryptionConfiguration.KmsKeyId", "provider"),
        "`provider` (a key of AWS, the default: AWS Step Functions API Reference, EncryptionConfiguration, 2026-12), `aws` or \
         `customer`.",
    )],
};

/// A state machine and its tasks.
fn machine(reader: &Reader<'_>) -> Vec<Record> {
    let mut records = vec![Record::new(reader, declared::entity(reader, &MACHINE))];
    if let Found::Written(definition) = reader.find("Definition") {
        tasks(reader, definition, 0, &mut records);
    }
    records
}

fn tasks(reader: &Reader<'_>, workflow: &Node, depth: usize, records: &mut Vec<Record>) {
    let Some(states) = workflow.get("States").filter(|_| depth < MAX_DEPTH) else { return };
    for state in states.entries() {
        let node = &state.value;
        if node.get("Type").and_then(Node::as_text) == Some("Task") {
            let mut entity = Entity::new(&TASK, state.key.clone());
            entity.put("machine", Read::default(reader.resource.name.clone()));
            let timed = ["TimeoutSeconds", "TimeoutSecondsPath"].map(|path| given(find(node, path)));
            entity.put("timed", policy::any(timed));
            let mut record = Record::new(reader, declared::fill(entity, &TASK, node));
            record.detail = format!("States.{}", state.key);
            record.span = state.key_span;
            records.push(record);
        }
        for branch in node.get("Branches").map(Node::items).unwrap_or_default() {
            tasks(reader, branch, depth + 1, records);
        }
        for inner in ["ItemProcessor", "Iterator"].iter().filter_map(|key| node.get(key)) {
            tasks(reader, inner, depth + 1, records);
        }
    }
}
