//! Which findings go into a log: GitHub refuses a run of more than 25,000 results, so the most severe are taken.
//!
//! Further runs would lift the limit to 500,000, but code scanning shows 5,000 alerts of an analysis and each run
//! would need a category of its own, whose alerts stay open once a smaller report no longer writes it.

use super::super::content::Report;
use crate::finding::{Finding, Status};
use crate::rule::Severity;

/// GitHub's limit of results in a run (documentation of SARIF support, read 2026-11).
pub(super) const MOST_RESULTS: usize = 25_000;

/// What is taken: every finding of a better rank than `last`, and the first `room` of that rank.
pub(super) struct Selection {
    /// Findings in files that are not in the repository.
    pub(super) outside: usize,
    /// Findings beyond the limit.
    pub(super) beyond: usize,
    last: usize,
    room: usize,
}

/// Violations by severity, then what is to be reviewed, then what is not known.
const RANKS: usize = Severity::ALL.len() + 2;

impl Selection {
    /// Counts the findings of each rank.
    pub(super) fn of(report: &Report) -> Self {
        Self::at_most(report, MOST_RESULTS)
    }

    fn at_most(report: &Report, limit: usize) -> Self {
        let mut counts = [0_usize; RANKS];
        let mut outside = 0;
        for finding in &report.findings {
            match report.is_outside(&finding.location.path) {
                true => outside += 1,
                false => counts[rank(finding)] += 1,
            }
        }
        let mut room = limit;
        let mut last = 0;
        while last + 1 < RANKS && counts[last] <= room {
            room -= counts[last];
            last += 1;
        }
        let beyond = counts.iter().sum::<usize>().saturating_sub(limit);
        Self { outside, beyond, last, room }
    }

    /// Whether the finding at an index is taken; asked once for each, in order.
    pub(super) fn takes(&mut self, report: &Report, index: usize) -> bool {
        let Some(finding) = report.findings.get(index).filter(|finding| !report.is_outside(&finding.location.path))
        else {
            return false;
        };
        let rank = rank(finding);
        let fits = rank < self.last || (rank == self.last && self.room > 0);
        if fits && rank == self.last {
            self.room -= 1;
        }
        fits
    }
}

fn rank(finding: &Finding) -> usize {
    match finding.status {
        Status::Violated => Severity::ALL.iter().position(|severity| *severity == finding.severity).unwrap_or(0),
        Status::Review => RANKS - 2,
        Status::Unknown => RANKS - 1,
    }
}

#[cfg(test)]
mod tests {
    use super::Selection;
    use crate::finding::{Confidence, Finding, Status, Subject};
    use crate::report::Report;
    use crate::rule::Severity;
    use crate::source::Location;

    fn finding(path: &str, severity: Severity, status: Status) -> Finding {
        Finding {
            location: Location { path: path.into(), start_line: 1, start_column: 1, end_line: 1, end_column: 2 },
            rule: "EN001".into(),
            name: "n".into(),
            severity,
            status,
            confidence: Confidence::Definite,
            message: String::new(),
            help: String::new(),
            profiles: Vec::new(),
            resource: Subject::new("t", "n"),
            related: Vec::new(),
            flow: Vec::new(),
            fingerprint: "".into(),
        }
    }

    #[test]
    fn the_most_severe_are_taken_and_the_rest_is_counted() {
        use Severity::{Critical, High, Low};
        let findings = [
            finding("a", Low, Status::Violated),
            finding("a", High, Status::Unknown),
            finding("b", High, Status::Violated),
            finding("iam/x", Critical, Status::Violated),
            finding("c", Low, Status::Violated),
            finding("d", Critical, Status::Violated),
        ];
        let report = Report { findings: findings.into(), outside: vec!["iam".into()], ..Report::default() };
        let taken = |limit| {
            let mut selection = Selection::at_most(&report, limit);
            let taken: Vec<usize> = (0..6).filter(|index| selection.takes(&report, *index)).collect();
            (taken, selection.outside, selection.beyond)
        };
        assert_eq!(taken(3), (vec![0, 2, 5], 1, 2));
        assert_eq!(taken(2), (vec![2, 5], 1, 3));
        assert_eq!(taken(5), (vec![0, 1, 2, 4, 5], 1, 0));
        assert_eq!(taken(0), (vec![], 1, 5));
    }
}
