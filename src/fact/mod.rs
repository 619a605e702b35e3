//! Facts: what resources, code and account say together, put as questions to the rules.
