//! Locations as SARIF writes them: relative, percent-encoded, one line long.

use crate::source::{Location, Sources};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_sarif::sarif::{ArtifactLocation, Message, PhysicalLocation, Region};

/// What stays as it is in a path: RFC 3986's unreserved characters and `/`. A colon would make a scheme.
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A path relative to the repository's root as a URI reference.
pub(super) fn uri(path: &str) -> String {
    utf8_percent_encode(path, PATH).to_string()
}

/// The file and the first line of a location. GitHub shows an alert in a pull request only if all its lines are in
/// the difference, so a longer region is cut at the end of its first line.
pub(super) fn physical(location: &Location, sources: &Sources) -> PhysicalLocation {
    let end_column = if location.end_line > location.start_line {
        let length = sources.open(&location.path).map_or(0, |file| file.line(location.start_line).chars().count());
        u32::try_from(length).unwrap_or(u32::MAX).saturating_add(1)
    } else {
        location.end_column
    };
    let line = location.start_line.max(1);
    let start_column = location.start_column.max(1);
    let region = Region::builder()
        .start_line(line)
        .start_column(start_column)
        .end_line(line)
        .end_column(end_column.max(start_column.saturating_add(1)))
        .build();
    PhysicalLocation::builder().artifact_location(artifact(&location.path)).region(region).build()
}

/// The file alone, and a line where there is one.
pub(super) fn of_file(path: &str, line: Option<u32>) -> PhysicalLocation {
    let artifact = artifact(path);
    match line {
        Some(line) => PhysicalLocation::builder()
            .artifact_location(artifact)
            .region(Region::builder().start_line(line.max(1)).build())
            .build(),
        None => PhysicalLocation::builder().artifact_location(artifact).build(),
    }
}

fn artifact(path: &str) -> ArtifactLocation {
    ArtifactLocation::builder().uri(uri(path)).build()
}

/// A message of plain text.
pub(super) fn message(text: impl Into<String>) -> Message {
    Message::builder().text(text).build()
}

#[cfg(test)]
mod tests {
    use super::{physical, uri};
    use crate::source::{Location, Sources};

    #[test]
    fn paths_become_uri_references() {
        assert_eq!(uri("a b/ü#1.yaml"), "a%20b/%C3%BC%231.yaml");
        assert_eq!(uri("c:/x%20?.tf"), "c%3A/x%2520%3F.tf");
        assert_eq!(uri("src/app_1.0-x~.py"), "src/app_1.0-x~.py");
    }

    #[test]
    fn a_region_ends_with_its_first_line_and_is_never_empty() {
        let sources = Sources::in_memory([("a", "one\nfour five\n")]);
        let region = |start_line, start_column, end_line, end_column| {
            let location = Location { path: "a".into(), start_line, start_column, end_line, end_column };
            let region = physical(&location, &sources).region.unwrap();
            [region.start_line, region.start_column, region.end_line, region.end_column].map(Option::unwrap)
        };
        assert_eq!(region(1, 2, 2, 3), [1, 2, 1, 4]);
        assert_eq!(region(2, 1, 2, 5), [2, 1, 2, 5]);
        assert_eq!(region(2, 1, 2, 1), [2, 1, 2, 2]);
    }
}
