//! The rules' answers: questions put to Cedar, told apart as violated, possible, review and unknown.
