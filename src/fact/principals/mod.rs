//! Principals: who there is in a project, what holds for each, and who can come to whose rights.

mod candidates;
mod changes;
mod found;
mod gain;
mod graph;
mod may;
mod settle;
mod targets;
mod ways;
mod world;

pub use graph::{Edge, Graph, Means, Member, MemberKind, Reach, graph};

pub(super) use found::{Gain, May};
pub(super) use may::Request;
pub(super) use ways::{Goal, To, Way, ways};
pub(super) use world::{Kind, World};
