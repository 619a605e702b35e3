//! Values that conditions compare by more than their letters: numbers, dates, addresses.

use std::cmp::Ordering;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A whole or decimal number, exactly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    negative: bool,
    whole: String,
    fraction: String,
}

impl Number {
    /// Reads `12`, `-3.5`; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if !plain(whole) || !plain(fraction) || whole.is_empty() && fraction.is_empty() {
            return None;
        }
        let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
        let zero = whole.is_empty() && fraction.is_empty();
        Some(Self { negative: negative && !zero, whole: whole.to_owned(), fraction: fraction.to_owned() })
    }
}

impl Number {
    /// Numbers that stand for all: these, one between each two, one below and one above.
    pub fn around(mut numbers: Vec<Self>) -> Vec<String> {
        numbers.sort();
        numbers.dedup();
        let mut found = Vec::new();
        if let Some(first) = numbers.first() {
            found.push(if first.negative { format!("-9{}", first.whole) } else { "-1".to_owned() });
        }
        for pair in numbers.windows(2) {
            if let [left, right] = pair {
                found.push(left.to_string());
                found.push(left.before(right));
            }
        }
        if let Some(last) = numbers.last() {
            found.push(last.to_string());
            found.push(if last.negative { "0".to_owned() } else { format!("9{}", last.whole) });
        }
        found
    }

    /// A number between this one and a greater one: half a step of the finer of both beyond the one nearer to 0.
    fn before(&self, greater: &Self) -> String {
        if self.negative && !greater.negative && !(greater.whole.is_empty() && greater.fraction.is_empty()) {
            return "0".to_owned();
        }
        let (near, sign) = if self.negative { (greater, "-") } else { (self, "") };
        let places = self.fraction.len().max(greater.fraction.len());
        let whole = if near.whole.is_empty() { "0" } else { &near.whole };
        let zeros = "0".repeat(places - near.fraction.len());
        format!("{sign}{whole}.{}{zeros}5", near.fraction)
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.negative { "-" } else { "" };
        let whole = if self.whole.is_empty() { "0" } else { &self.whole };
        let point = if self.fraction.is_empty() { "" } else { "." };
        write!(f, "{sign}{whole}{point}{}", self.fraction)
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        let size = |number: &Self| (number.whole.len(), number.whole.clone(), number.fraction.clone());
        match (self.negative, other.negative) {
            (false, false) => size(self).cmp(&size(other)),
            (true, true) => size(other).cmp(&size(self)),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
        }
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A point in time as milliseconds since 1970: a date in one of the forms of ISO 8601 that W3C's note lists, or a
/// number of seconds (IAM User Guide, "Condition operators: Date condition operators", 2026-11).
pub fn date(text: &str) -> Option<i64> {
    let text = text.trim();
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.len() != 4 && !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse::<i64>().ok()?.checked_mul(1_000);
    }
    let (day, time) = match text.split_once(['T', 't']) {
        Some((day, time)) => (day, Some(time)),
        None => (text, None),
    };
    let mut parts = day.split('-');
    let year = number(parts.next()?, 4)?;
    let month = parts.next().map_or(Some(1), |part| number(part, 2))?;
    let day = parts.next().map_or(Some(1), |part| number(part, 2))?;
    if parts.next().is_some() || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let clock = time.map_or(Some(0), clock)?;
    Some(days(year, month, day) * 86_400_000 + clock)
}

/// Dates that stand for all: these points in time, one between each two, one before and one behind.
pub fn dates_around(mut points: Vec<i64>) -> Vec<String> {
    points.sort_unstable();
    points.dedup();
    let mut found: Vec<i64> = points.first().and_then(|first| first.checked_sub(1_000)).into_iter().collect();
    for (index, point) in points.iter().enumerate() {
        found.push(*point);
        match points.get(index + 1) {
            // Points so far apart have 1970 between them.
            Some(next) => match next.checked_sub(*point) {
                Some(apart) if apart > 1 => found.push(point + apart / 2),
                Some(_) => {}
                None => found.push(0),
            },
            None => found.extend(point.checked_add(1_000)),
        }
    }
    // Behind what can be said as a date there is nothing to try.
    found.into_iter().map(written).filter(|text| date(text).is_some()).collect()
}

/// A point in time as [`date`] reads it; in years of more than four digits to the second.
fn written(point: i64) -> String {
    let (day, rest) = (point.div_euclid(86_400_000), point.rem_euclid(86_400_000));
    // The inverse of `days`.
    let shifted = day + 719_468;
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let (day, month) = (of_year - (153 * month + 2) / 5 + 1, if month < 10 { month + 3 } else { month - 9 });
    let year = year + era * 400 + i64::from(month <= 2);
    if !(0..=9_999).contains(&year) {
        return point.div_euclid(1_000).to_string();
    }
    let (hours, minutes, seconds) = (rest / 3_600_000, rest / 60_000 % 60, rest / 1_000 % 60);
    let fraction = if rest % 1_000 == 0 { String::new() } else { format!(".{:03}", rest % 1_000) };
    format!("{year:04}-{month:02}-{day:02}T{hours:02}:{minutes:02}:{seconds:02}{fraction}Z")
}

/// `hh:mm`, `hh:mm:ss`, `hh:mm:ss.s` with `Z`, `+hh:mm` or `-hh:mm`, in milliseconds.
fn clock(text: &str) -> Option<i64> {
    let at = text.find(['Z', 'z', '+', '-'])?;
    let (time, zone) = text.split_at(at);
    let offset = if zone.eq_ignore_ascii_case("z") {
        0
    } else {
        let (hours, minutes) = match zone.get(1..)?.split_once(':') {
            Some(pair) => pair,
            None => zone.get(1..)?.split_at_checked(2)?,
        };
        let minutes = number(hours, 2)? * 60 + number(minutes, 2)?;
        if zone.starts_with('-') { -minutes } else { minutes }
    };
    let mut parts = time.split(':');
    let (hours, minutes) = (number(parts.next()?, 2)?, number(parts.next()?, 2)?);
    let milliseconds = match parts.next() {
        None => 0,
        Some(seconds) => {
            let (whole, fraction) = seconds.split_once('.').unwrap_or((seconds, "0"));
            let fraction: String = fraction.chars().chain("000".chars()).take(3).collect();
            number(whole, 2)? * 1_000 + number(&fraction, 3)?
        }
    };
    let right = hours <= 24 && minutes < 60 && milliseconds <= 60_999 && parts.next().is_none();
    right.then_some((hours * 60 + minutes - offset) * 60_000 + milliseconds)
}

fn number(text: &str, length: usize) -> Option<i64> {
    let right = text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    if right { text.parse().ok() } else { None }
}

/// Days from 1970-01-01 in the Gregorian calendar, counted by years that begin in March.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// A range of addresses, as the first and the last of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// Whether the addresses are of IPv6.
    pub six: bool,
    /// The first.
    pub first: u128,
    /// The last.
    pub last: u128,
}

impl Range {
    /// Reads `203.0.113.0/24`, `2001:DB8::/32`; an address without a prefix is a range of one.
    pub fn parse(text: &str) -> Option<Self> {
        let (address, bits) = match text.trim().split_once('/') {
            Some((address, bits)) => (address, Some(bits.parse::<u32>().ok()?)),
            None => (text.trim(), None),
        };
        let (six, value, width) = match address.parse().ok()? {
            IpAddr::V4(address) => (false, u128::from(u32::from(address)), 32),
            IpAddr::V6(address) => (true, u128::from(address), 128),
        };
        let free = width - bits.filter(|bits| *bits <= width).or(bits.is_none().then_some(width))?;
        let mask = if free == 128 { u128::MAX } else { (1_u128 << free) - 1 };
        Some(Self { six, first: value & !mask, last: value | mask })
    }

    /// Addresses that stand for all: the first of each range and the first behind it, and one of each version.
    pub fn around(ranges: &[Self]) -> Vec<String> {
        let mut points: Vec<(bool, u128)> = Vec::new();
        for range in ranges {
            points.push((range.six, range.first));
            let end = if range.six { u128::MAX } else { u128::from(u32::MAX) };
            if range.last < end {
                points.push((range.six, range.last + 1));
            }
        }
        points.extend([(false, 0), (true, 0)]);
        let mut seen = Vec::new();
        points.retain(|point| {
            !seen.contains(point) && {
                seen.push(*point);
                true
            }
        });
        let text = |(six, value): (bool, u128)| match u32::try_from(value) {
            Ok(value) if !six => Ipv4Addr::from(value).to_string(),
            _ => Ipv6Addr::from(value).to_string(),
        };
        points.into_iter().map(text).collect()
    }

    /// Whether the other range lies in it.
    pub fn holds(&self, other: &Self) -> bool {
        self.six == other.six && self.first <= other.first && other.last <= self.last
    }
}

#[cfg(test)]
mod tests {
    use super::{Number, Range, date};
    use std::cmp::Ordering;

    #[test]
    fn numbers_compare_exactly() {
        let compare = |left: &str, right: &str| Number::parse(left).unwrap().cmp(&Number::parse(right).unwrap());
        assert_eq!(compare("10", "9"), Ordering::Greater);
        assert_eq!(compare("1.50", "01.5"), Ordering::Equal);
        assert_eq!(compare("-2", "-10"), Ordering::Greater);
        assert_eq!(compare("-0", "0"), Ordering::Equal);
        assert_eq!(compare("9007199254740993", "9007199254740992"), Ordering::Greater);
        assert_eq!(compare("0.09", "0.1"), Ordering::Less);
        for no in ["", ".", "x", "1e3", "1.2.3", "--1"] {
            assert_eq!(Number::parse(no), None, "{no}");
        }
    }

    #[test]
    fn dates_in_all_forms() {
        let cases = [
            ("1970", 0),
            ("1970-01-02", 86_400_000),
            ("2020-04-01T00:00:00Z", 1_585_699_200_000),
            ("2020-04-01T02:00:00+02:00", 1_585_699_200_000),
            ("2020-04-01T00:00Z", 1_585_699_200_000),
            ("1585699200", 1_585_699_200_000),
            ("2020-04-01T00:00:00.250Z", 1_585_699_200_250),
            ("2024-02-29", 1_709_164_800_000),
        ];
        for (text, expected) in cases {
            assert_eq!(date(text), Some(expected), "{text}");
        }
        for no in ["", "2020-13", "2020-04-01T00", "yesterday", "2020-04-01T00:00:00"] {
            assert_eq!(date(no), None, "{no}");
        }
    }

    #[test]
    fn values_that_stand_for_all() {
        let numbers = |texts: &[&str]| Number::around(texts.iter().map(|text| Number::parse(text).unwrap()).collect());
        assert_eq!(numbers(&["10", "1.5", "10.0"]), ["-1", "1.5", "1.55", "10", "910"]);
        assert_eq!(numbers(&["-2", "-1"]), ["-92", "-2", "-1.5", "-1", "0"]);
        assert_eq!(numbers(&["-2", "0", "3"]), ["-92", "-2", "-0.5", "0", "0.5", "3", "93"]);
        assert_eq!(
            super::dates_around(vec![0, 1_585_699_200_000]),
            [
                "1969-12-31T23:59:59Z",
                "1970-01-01T00:00:00Z",
                "1995-02-15T12:00:00Z",
                "2020-04-01T00:00:00Z",
                "2020-04-01T00:00:01Z"
            ]
        );
        // Seconds that are milliseconds by mistake, and the ends of what numbers can say.
        let far = date("1700000000000").unwrap();
        let said = super::dates_around(vec![far]);
        assert_eq!(said.iter().map(|text| date(text)).collect::<Vec<_>>(), [far - 1_000, far, far + 1_000].map(Some));
        let (first, last) = ("-9223372036854775", "9223372036854775");
        let ends = super::dates_around(vec![date(first).unwrap(), date(last).unwrap()]);
        assert_eq!(ends, [first, "1970-01-01T00:00:00Z", last]);
        let long = format!("0.{}1", "0".repeat(70_000));
        let around = numbers(&[&long, "5"]);
        let read: Vec<_> = around.iter().map(|text| Number::parse(text).unwrap()).collect();
        assert!(read.len() == 5 && read.is_sorted_by(|left, right| left < right));
        for text in super::dates_around(vec![951_782_400_000, 951_782_400_003, 1_709_164_800_000]) {
            assert_eq!(date(&text).map(super::written), Some(text));
        }
        let ranges = [Range::parse("10.0.0.0/8").unwrap(), Range::parse("::/0").unwrap()];
        assert_eq!(Range::around(&ranges), ["10.0.0.0", "11.0.0.0", "::", "0.0.0.0"]);
    }

    #[test]
    fn ranges_hold_addresses() {
        let holds = |outer: &str, inner: &str| Range::parse(outer).unwrap().holds(&Range::parse(inner).unwrap());
        assert!(holds("203.0.113.0/24", "203.0.113.255"));
        assert!(!holds("203.0.113.0/24", "203.0.114.0"));
        assert!(holds("0.0.0.0/0", "10.0.0.0/8") && holds("::/0", "2001:db8::1"));
        assert!(!holds("0.0.0.0/0", "::1"));
        for no in ["10.0.0.0/33", "10.0.0", "x", "::/129"] {
            assert_eq!(Range::parse(no), None, "{no}");
        }
    }
}
