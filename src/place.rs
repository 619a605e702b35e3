//! Places: the provider's regions, their countries and groups of countries, and what a setting may name of them.

use crate::source::likest;
use crate::syntax::table;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// A region of the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region {
    /// Where it lies: `Europe (Frankfurt)`.
    pub place: &'static str,
    /// The country's code.
    pub country: &'static str,
    /// `EU`, `EEA`, `adequacy` or `third-country`.
    pub group: &'static str,
    /// Which recipients in the country an adequacy decision covers: `all`, `partial`, `none`.
    pub scope: &'static str,
}

/// The groups of countries that an area may name.
const GROUPS: [&str; 2] = ["EU", "EEA"];

/// What stands between the land and the number of a region's name.
const DIRECTIONS: [&str; 9] =
    ["north", "south", "east", "west", "central", "northeast", "northwest", "southeast", "southwest"];

/// The lands of regions that the table does not list: continents, AWS's partitions of their own.
const LANDS: [&str; 11] = ["af", "ap", "eu", "me", "us-gov", "us-iso", "us-isob", "us-isof", "eu-isoe", "cn", "sa"];

/// The region of a name, where data/regions.tsv lists it.
pub fn region(name: &str) -> Option<&'static Region> {
    regions().get(name)
}

/// Whether a setting may name a region; the error names the nearest known one.
///
/// A region that is newer than the table is taken where its name is built as theirs are: a continent, a country or a
/// partition, a direction, a number. Its place is then not known, and residency is for review.
pub fn check_region(name: &str) -> Result<(), String> {
    if region(name).is_some() || is_built_like_a_region(name) {
        return Ok(());
    }
    let near = likest(name, regions().keys().copied());
    Err(format!("`{name}` is no region{}", meant(near)))
}

/// Whether a setting may name a country, by its code of two letters in any case; the error names the nearest one.
pub fn check_country(word: &str) -> Result<(), String> {
    if is_country(word) {
        return Ok(());
    }
    if GROUPS.iter().any(|group| group.eq_ignore_ascii_case(word)) {
        return Err(format!("`{word}` is a group of countries; name its countries one by one"));
    }
    Err(format!("`{word}` is no country code{}", meant(near(word, &[]))))
}

/// Whether a setting may name a country or a group of countries.
pub fn check_place(word: &str) -> Result<(), String> {
    if is_country(word) || GROUPS.iter().any(|group| group.eq_ignore_ascii_case(word)) {
        return Ok(());
    }
    Err(format!("`{word}` is neither a country code nor EU or EEA{}", meant(near(word, &GROUPS))))
}

impl Region {
    /// Whether it lies in one of some countries and groups; the EU's members are the EEA's too.
    pub fn is_in<'a>(&self, list: impl IntoIterator<Item = &'a str>) -> bool {
        list.into_iter().any(|word| {
            word.eq_ignore_ascii_case(self.country)
                || word.eq_ignore_ascii_case(self.group)
                || self.group == "EU" && word.eq_ignore_ascii_case("EEA")
        })
    }
}

fn is_built_like_a_region(name: &str) -> bool {
    let mut parts = name.rsplitn(3, '-');
    let (Some(number), Some(direction), Some(land)) = (parts.next(), parts.next(), parts.next()) else { return false };
    let known =
        LANDS.contains(&land) || land.strip_prefix("eusc-").is_some_and(is_lower_country) || is_lower_country(land);
    let counts = number.len() <= 2 && number.parse::<u8>().is_ok_and(|number| number > 0);
    known && DIRECTIONS.contains(&direction) && counts
}

fn is_lower_country(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_lowercase()) && is_country(word)
}

fn is_country(word: &str) -> bool {
    countries().contains_key(word.to_ascii_uppercase().as_str())
}

/// The nearest code, also for what a country is called.
fn near(word: &str, groups: &[&'static str]) -> Option<&'static str> {
    let called = countries().iter().find(|(_, name)| name.eq_ignore_ascii_case(word)).map(|(code, _)| *code);
    // The code that everybody writes for the United Kingdom is not its code.
    let called = called.or_else(|| word.eq_ignore_ascii_case("UK").then_some("GB"));
    called.or_else(|| likest(word, groups.iter().copied().chain(countries().keys().copied())))
}

fn meant(near: Option<&str>) -> String {
    near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"))
}

fn regions() -> &'static BTreeMap<&'static str, Region> {
    static REGIONS: OnceLock<BTreeMap<&'static str, Region>> = OnceLock::new();
    REGIONS.get_or_init(|| {
        let read = |mut row: table::Row<'static>| {
            let [_, region, place, country, group, scope] = row.cells();
            (region, Region { place, country, group, scope })
        };
        table::rows(include_str!("../data/regions.tsv")).skip(1).map(read).collect()
    })
}

fn countries() -> &'static BTreeMap<&'static str, &'static str> {
    static COUNTRIES: OnceLock<BTreeMap<&'static str, &'static str>> = OnceLock::new();
    COUNTRIES.get_or_init(|| {
        let read = |mut row: table::Row<'static>| row.cells::<2>().into();
        table::rows(include_str!("../data/countries.tsv")).skip(1).map(read).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::{check_country, check_place, check_region, countries, region, regions};

    #[test]
    fn every_region_of_the_table_may_be_named_and_lies_in_a_country() {
        for (name, region) in regions() {
            assert_eq!(check_region(name), Ok(()));
            assert!(countries().contains_key(region.country), "{name} lies in {}", region.country);
        }
        assert_eq!(countries().len(), 249);
    }

    #[test]
    fn regions_newer_than_the_table_are_told_from_slips() {
        for name in ["eu-west-9", "ap-southeast-12", "nz-north-1", "us-iso-east-1", "eusc-fr-west-1"] {
            assert!(region(name).is_none(), "{name} is in the table now");
            assert_eq!(check_region(name), Ok(()));
        }
        for (name, near) in [
            ("eu-wst-1", "eu-west-1"),
            ("eu-west1", "eu-west-1"),
            ("EU-WEST-1", "eu-west-1"),
            ("us-east", "us-east-1"),
            ("xx-west-1", "ca-west-1"),
            ("eu-west-0", "eu-west-1"),
            ("eu-central-1a", "eu-central-1"),
        ] {
            assert_eq!(check_region(name), Err(format!("`{name}` is no region; did you mean `{near}`?")));
        }
        assert!(check_region("").is_err());
    }

    #[test]
    fn countries_and_groups_are_told_from_slips() {
        for word in ["CH", "ch", "AT"] {
            assert_eq!((check_country(word), check_place(word)), (Ok(()), Ok(())));
        }
        assert_eq!((check_place("EU"), check_place("eea")), (Ok(()), Ok(())));
        assert_eq!(check_country("UK"), Err("`UK` is no country code; did you mean `GB`?".into()));
        assert_eq!(check_country("Switzerland"), Err("`Switzerland` is no country code; did you mean `CH`?".into()));
        assert!(check_country("EU").is_err_and(|error| error.contains("group of countries")));
        assert!(check_place("XX").is_err_and(|error| error.contains("neither a country code nor EU or EEA")));
    }

    #[test]
    fn members_of_the_union_lie_in_the_economic_area() {
        let frankfurt = region("eu-central-1").unwrap();
        assert!(frankfurt.is_in(["EEA"]) && frankfurt.is_in(["eu"]) && frankfurt.is_in(["FR", "DE"]));
        assert!(!frankfurt.is_in(["FR"]) && !region("eu-west-2").unwrap().is_in(["EEA", "EU"]));
    }
}
