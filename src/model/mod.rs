//! One model of code, templates and account: resources in CloudFormation's shape, code facts, and questions about them.

pub mod attributes;
pub mod call;
pub mod entity;
pub mod function;
pub mod label;
pub mod links;
pub mod project;
pub mod provided;
pub mod registry;
pub mod resource;
pub mod secret;
pub mod settings;

pub use call::{Call, CallKind, CodeFile, Language, Text, UNFILTERED};
pub use entity::{Attribute, AttributeKind, Declared, Entity, EntityType, Known, Question, Read, Remark, Verb};
pub use function::{Code, CodeState, FunctionCode};
pub use label::{Label, LabelWords, Labelled};
pub use project::{Format, Project};
pub use provided::{Given, Provided, Wanted};
pub use resource::{CodeSource, Presence, Resource};
pub use secret::{Secret, judge, judge_node};
pub use settings::{Day, Settings};
