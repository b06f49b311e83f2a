//! Points in time as RFC 3339 in UTC with at most six fraction digits: the vendor's Python client silently turns
//! nine into the year 1970.

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// Microseconds since 1970-01-01T00:00:00Z, without leap seconds.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

const DAY: i64 = 86_400;
const MICROS: i64 = 1_000_000;

/// Year, month and day of a number of days since 1970-01-01, in the proleptic Gregorian calendar.
/// After Howard Hinnant's `civil_from_days`: years begin in March, so that the leap day is their last.
fn date(days: i64) -> (i64, i64, i64) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let of_era = z.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

/// The number of days since 1970-01-01: the inverse of [`date`].
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let of_era = year.rem_euclid(400);
    let month = if month > 2 { month - 3 } else { month + 9 };
    let of_year = (153 * month + 2) / 5 + day - 1;
    year.div_euclid(400) * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (seconds, fraction) = (self.0.div_euclid(MICROS), self.0.rem_euclid(MICROS));
        let (year, month, day) = date(seconds.div_euclid(DAY));
        if !(0..=9999).contains(&year) {
            return write!(f, "{} µs", self.0);
        }
        let of_day = seconds.rem_euclid(DAY);
        let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        if fraction != 0 {
            let digits = format!("{fraction:06}");
            write!(f, ".{}", digits.trim_end_matches('0'))?;
        }
        f.write_str("Z")
    }
}

/// Reads a text from its front.
struct Reader<'a>(&'a str);

impl Reader<'_> {
    fn one(&mut self, wanted: &[char]) -> Option<char> {
        let c = self.0.chars().next().filter(|c| wanted.contains(c))?;
        self.0 = self.0.get(c.len_utf8()..)?;
        Some(c)
    }

    /// A number of that many digits.
    fn number(&mut self, digits: usize, range: std::ops::RangeInclusive<i64>) -> Option<i64> {
        let (head, rest) = self.0.split_at_checked(digits)?;
        let sound = head.bytes().all(|b| b.is_ascii_digit());
        self.0 = rest;
        head.parse().ok().filter(|n| sound && range.contains(n))
    }

    /// Digits after the point, as microseconds; those beyond the sixth are cut.
    fn fraction(&mut self) -> Option<i64> {
        let end = self.0.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.0.len());
        let (digits, rest) = self.0.split_at_checked(end).filter(|(d, _)| !d.is_empty())?;
        self.0 = rest;
        format!("{digits:0<6}").get(..6)?.parse().ok()
    }
}

/// A time as RFC 3339 has it: with `Z` or an offset. A leap second counts as the second before it.
fn read(text: &str) -> Option<i64> {
    let mut r = Reader(text);
    let year = r.number(4, 0..=9999)?;
    r.one(&['-'])?;
    let month = r.number(2, 1..=12)?;
    r.one(&['-'])?;
    let day = r.number(2, 1..=31)?;
    let count = days(year, month, day);
    // The 31st of April would be the first of May.
    if date(count) != (year, month, day) {
        return None;
    }
    r.one(&['T', 't', ' '])?;
    let hour = r.number(2, 0..=23)?;
    r.one(&[':'])?;
    let minute = r.number(2, 0..=59)?;
    r.one(&[':'])?;
    let second = r.number(2, 0..=60)?.min(59);
    let fraction = if r.one(&['.', ',']).is_some() { r.fraction()? } else { 0 };
    let offset = match r.one(&['Z', 'z', '+', '-'])? {
        'Z' | 'z' => 0,
        sign => {
            let hours = r.number(2, 0..=23)?;
            r.one(&[':'])?;
            let minutes = r.number(2, 0..=59)?;
            (hours * 3600 + minutes * 60) * if sign == '-' { -1 } else { 1 }
        }
    };
    let seconds = count * DAY + hour * 3600 + minute * 60 + second - offset;
    r.0.is_empty().then_some(seconds * MICROS + fraction)
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Timestamp({self})")
    }
}

impl std::str::FromStr for Timestamp {
    type Err = String;
    fn from_str(s: &str) -> Result<Self, String> {
        read(s).map(Self).ok_or_else(|| format!("`{s}` is not an RFC 3339 time such as 2026-01-31T12:00:00Z"))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct V;
        impl Visitor<'_> for V {
            type Value = Timestamp;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an RFC 3339 time")
            }
            fn visit_str<E: Error>(self, v: &str) -> Result<Timestamp, E> {
                v.parse().map_err(E::custom)
            }
        }
        d.deserialize_str(V)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn nine_digits_are_cut_to_six() {
        let t: Timestamp = "2019-01-14T16:42:42.210598955Z".parse().unwrap();
        assert_eq!(t.to_string(), "2019-01-14T16:42:42.210598Z");
    }

    #[test]
    fn offsets_leap_days_and_what_is_no_time() {
        let at = |text: &str| text.parse::<Timestamp>().map(|t| t.to_string());
        assert_eq!(at("2024-02-29t23:30:00.5+01:30").unwrap(), "2024-02-29T22:00:00.5Z");
        assert_eq!(at("1969-12-31T23:59:59.999999Z").unwrap(), "1969-12-31T23:59:59.999999Z");
        assert_eq!(at("0001-01-01T00:00:00Z").unwrap(), "0001-01-01T00:00:00Z");
        assert_eq!(at("2016-12-31T23:59:60Z").unwrap(), "2016-12-31T23:59:59Z");
        for bad in [
            "",
            "yesterday",
            "2026-01-31",
            "2026-02-29T00:00:00Z",
            "2026-04-31T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-01-31T24:00:00Z",
            "2026-01-31T12:00:00",
            "2026-01-31T12:00:00Zz",
            "2026-01-31T12:00:00.Z",
            "2026-1-31T12:00:00Z",
            "+026-01-31T12:00:00Z",
            "2026-01-31T12:00:00+1:00",
            "２026-01-31T12:00:00Z",
        ] {
            assert!(at(bad).is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn a_library_reads_and_writes_the_same(us in -30_000_000_000_000_000_i64..200_000_000_000_000_000) {
            let theirs = jiff::Timestamp::from_microsecond(us).unwrap();
            prop_assert_eq!(Timestamp(us).to_string(), theirs.to_string());
            prop_assert_eq!(theirs.to_string().parse::<Timestamp>().unwrap(), Timestamp(us));
        }

        #[test]
        fn any_text_is_read_or_refused_as_a_library_does(text in "[0-9]{4}-[0-3][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-6][0-9](\\.[0-9]{1,6})?(Z|[+-][01][0-9]:[0-5][0-9])") {
            let theirs = text.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_microsecond);
            let ours = text.parse::<Timestamp>().ok().map(|t| t.0);
            prop_assert_eq!(ours, theirs, "{}", text);
        }

        #[test]
        fn round_trips(us in -30_000_000_000_000_000_i64..200_000_000_000_000_000) {
            let text = Timestamp(us).to_string();
            prop_assert_eq!(text.parse::<Timestamp>().unwrap(), Timestamp(us));
            prop_assert!(text.split('.').nth(1).is_none_or(|f| f.len() <= 7));
        }
    }
}
