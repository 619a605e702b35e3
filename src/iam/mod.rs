//! IAM: ARNs, the catalogue of actions, patterns, conditions, statements and documents.
