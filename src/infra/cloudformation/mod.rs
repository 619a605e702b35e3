//! CloudFormation's own evaluation: parameters, mappings, conditions and intrinsic functions become values.
//!
//! [`evaluate_template`] takes a template as it was parsed and gives its resources with their raw types. Types of the
//! SAM transform stay as they are written (`AWS::Serverless::Function`); the reader of templates hands the result to
//! the transform. Nothing here reads other resources' attributes: those stay references.

mod address;
mod code;
mod condition;
mod evaluator;
mod function;
mod inputs;
mod loops;
mod parameter;
mod rules;
mod template;
mod text;
mod value;

pub use code::beside;
pub use evaluator::placed;
pub use inputs::Inputs;
pub use template::{Template, evaluate_template, evaluate_with};

#[cfg(test)]
mod tests;
