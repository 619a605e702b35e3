//! Functions over points in time, written as RFC 3339 has them.

use super::super::value::Value;
use super::given::{Found, Given};
use std::fmt::Write as _;

pub(super) fn call(name: &str, given: &Given<'_>) -> Option<Found> {
    let value = match name {
        "formatdate" => formatted(given),
        "timeadd" => added(given),
        "timecmp" => compared(given),
        _ => return None,
    };
    Some(value.into())
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// A point in time, in seconds since 1970 at its own offset from UTC.
#[derive(Clone, Copy)]
struct Time {
    local: i64,
    /// Seconds east of UTC.
    offset: i64,
    /// Whether the offset is written `Z`.
    utc: bool,
}

impl Time {
    /// `2006-01-02T15:04:05.999+07:00`; fractions of seconds are dropped.
    fn of(text: &str) -> Option<Self> {
        let digits = |from: usize, to: usize| {
            let digits = text.get(from..to)?;
            digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse::<i64>().ok())?
        };
        let mark = |at: usize, mark: u8| (text.as_bytes().get(at) == Some(&mark)).then_some(());
        let (year, month, day) = (digits(0, 4)?, digits(5, 7)?, digits(8, 10)?);
        let (hour, minute, second) = (digits(11, 13)?, digits(14, 16)?, digits(17, 19)?);
        [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')].into_iter().try_for_each(|(at, it)| mark(at, it))?;
        let rest = text.get(19..)?;
        let rest = match rest.strip_prefix('.') {
            Some(fraction) => fraction.trim_start_matches(|letter: char| letter.is_ascii_digit()),
            None => rest,
        };
        let valid = (1..=12).contains(&month) && (1..=31).contains(&day) && hour < 24 && minute < 60 && second < 60;
        let (offset, utc) = if rest == "Z" { (0, true) } else { (offset(rest)?, false) };
        let local = days(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second;
        valid.then_some(Self { local, offset, utc })
    }

    /// Year, month, day.
    fn date(self) -> (i64, i64, i64) {
        // Howard Hinnant's civil_from_days: years begin in March, so that the leap day is the last.
        let shifted = self.local.div_euclid(86_400) + 719_468;
        let (era, in_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
        let year = (in_era - in_era / 1_460 + in_era / 36_524 - in_era / 146_096) / 365;
        let in_year = in_era - (365 * year + year / 4 - year / 100);
        let month = (5 * in_year + 2) / 153;
        let day = in_year - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        (year + era * 400 + i64::from(month <= 2), month, day)
    }

    /// Hour, minute, second.
    fn clock(self) -> (i64, i64, i64) {
        let second = self.local.rem_euclid(86_400);
        (second / 3_600, second / 60 % 60, second % 60)
    }

    fn zone(self, colon: &str) -> String {
        let sign = if self.offset < 0 { '-' } else { '+' };
        let minutes = self.offset.abs() / 60;
        format!("{sign}{:02}{colon}{:02}", minutes / 60, minutes % 60)
    }

    fn text(self) -> String {
        let ((year, month, day), (hour, minute, second)) = (self.date(), self.clock());
        let zone = if self.utc || self.offset == 0 { "Z".to_owned() } else { self.zone(":") };
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{zone}")
    }
}

fn offset(text: &str) -> Option<i64> {
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let (hours, minutes) = text.strip_prefix(['+', '-'])?.split_once(':')?;
    Some(sign * (hours.parse::<i64>().ok()? * 3_600 + minutes.parse::<i64>().ok()? * 60))
}

/// Days since 1970-01-01.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, in_era) = (year.div_euclid(400), year.rem_euclid(400));
    let in_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + in_era * 365 + in_era / 4 - in_era / 100 + in_year - 719_468
}

fn time(given: &Given<'_>, index: usize) -> Option<Time> {
    Time::of(&given.text(index)?)
}

/// Runs of letters stand for parts of the time, text between `'` for itself.
fn formatted(given: &Given<'_>) -> Option<Value> {
    let (pattern, time) = (given.text(0)?, time(given, 1)?);
    let mut made = String::new();
    let mut rest = &*pattern;
    while let Some(first) = rest.chars().next() {
        if let Some(quoted) = rest.strip_prefix('\'') {
            let (text, after) = quoted.split_once('\'')?;
            made.push_str(if text.is_empty() { "'" } else { text });
            rest = after;
            continue;
        }
        let end = rest.find(|letter| letter != first).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        if first.is_ascii_alphabetic() {
            part(run, time, &mut made)?;
        } else {
            made.push_str(run);
        }
        rest = after;
    }
    Some(given.string(made))
}

fn part(run: &str, time: Time, out: &mut String) -> Option<()> {
    let ((year, month, day), (hour, minute, second)) = (time.date(), time.clock());
    let named = |names: &[&'static str], number: i64| names.get(usize::try_from(number).ok()?).copied();
    let weekday = || named(&DAYS, (time.local.div_euclid(86_400) + 3).rem_euclid(7));
    let twelve = if hour % 12 == 0 { 12 } else { hour % 12 };
    let half = if hour < 12 { "am" } else { "pm" };
    let _ = match run {
        "YYYY" => write!(out, "{year:04}"),
        "YY" => write!(out, "{:02}", year % 100),
        "MMMM" => write!(out, "{}", named(&MONTHS, month - 1)?),
        "MMM" => write!(out, "{}", named(&MONTHS, month - 1)?.get(..3)?),
        "MM" => write!(out, "{month:02}"),
        "M" => write!(out, "{month}"),
        "DD" => write!(out, "{day:02}"),
        "D" => write!(out, "{day}"),
        "EEEE" => write!(out, "{}", weekday()?),
        "EEE" => write!(out, "{}", weekday()?.get(..3)?),
        "hh" => write!(out, "{hour:02}"),
        "h" => write!(out, "{hour}"),
        "HH" => write!(out, "{twelve:02}"),
        "H" => write!(out, "{twelve}"),
        "AA" => write!(out, "{}", half.to_uppercase()),
        "aa" => write!(out, "{half}"),
        "mm" => write!(out, "{minute:02}"),
        "m" => write!(out, "{minute}"),
        "ss" => write!(out, "{second:02}"),
        "s" => write!(out, "{second}"),
        "ZZZ" if time.offset == 0 => write!(out, "UTC"),
        "Z" if time.offset == 0 => write!(out, "Z"),
        "ZZZZZ" | "Z" => write!(out, "{}", time.zone(":")),
        "ZZZZ" | "ZZZ" => write!(out, "{}", time.zone("")),
        _ => return None,
    };
    Some(())
}

fn added(given: &Given<'_>) -> Option<Value> {
    let (time, text) = (time(given, 0)?, given.text(1)?);
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(&text)),
    };
    let mut seconds = 0.0;
    while !rest.is_empty() {
        let end = rest.find(|letter: char| !letter.is_ascii_digit() && letter != '.')?;
        let (number, after) = rest.split_at(end);
        let unit = after.find(|letter: char| letter.is_ascii_digit()).unwrap_or(after.len());
        let (unit, after) = after.split_at(unit);
        let length = match unit {
            "h" => 3_600.0,
            "m" => 60.0,
            "s" => 1.0,
            "ms" => 1e-3,
            "us" | "µs" => 1e-6,
            "ns" => 1e-9,
            _ => return None,
        };
        seconds += number.parse::<f64>().ok()? * length;
        rest = after;
    }
    let whole = super::super::value::number_text((sign * seconds).floor()).parse::<i64>().ok()?;
    let local = time.local.checked_add(whole).filter(|local| local.abs() < 250_000_000_000)?;
    Some(given.string(Time { local, ..time }.text()))
}

fn compared(given: &Given<'_>) -> Option<Value> {
    let (a, b) = (time(given, 0)?, time(given, 1)?);
    let order = (a.local - a.offset).cmp(&(b.local - b.offset));
    Some(Value::number(f64::from(order as i8), given.span))
}
