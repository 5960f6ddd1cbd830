//! Dates as pages write them, read with exactly the precision and offset they are written with.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::ops::Range;
use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::civil;

use crate::model::Precision;

/// Longest text that can be a date, bytes: beyond it somebody put a sentence into a date field.
const MAX_DATE_BYTES: usize = 120;
/// First year of the web; dates before it are template values (1970-01-01) or the event an article is about.
const FIRST_YEAR: i16 = 1990;
/// Last year believed where the message does not say when the page was fetched.
const LAST_YEAR: i16 = 2100;
/// How far after the fetch a date may lie, seconds: clocks differ, and dates without offset are up to 14 hours ahead.
const MAX_AHEAD_SECONDS: i64 = 26 * 3600;

/// How far two times may be apart that mean one day, seconds: a day and the offsets of clocks.
const MAX_SAME_DAY_SECONDS: u64 = 36 * 3600;
/// Most words and numbers from a month to the year behind a time and its zone.
const MAX_CLOCK_TOKENS: usize = 9;
/// Offsets of clocks east of Greenwich, seconds: there a day begins while it is still the day before in UTC.
const ZONES: std::ops::RangeInclusive<i64> = 3600..=14 * 3600;

/// Month names, folded to lower case.
static MONTHS: LazyLock<HashMap<&'static str, i8>> = LazyLock::new(|| {
    let lines = include_str!("../../config/months.tsv").lines();
    let months = lines.filter_map(|line| line.split_once('\t'));
    months
        .filter_map(|(number, names)| Some((number.parse::<i8>().ok()?, names)))
        .flat_map(|(number, names)| names.split(' ').map(move |name| (name, number)))
        .collect()
});

/// A date as written: whatever was not written is `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrittenDate {
    year: i16,
    month: Option<i8>,
    day: Option<i8>,
    time: Option<WrittenTime>,
}

/// A time of day as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct WrittenTime {
    hour: i8,
    minute: i8,
    second: Option<i8>,
    offset: Option<WrittenOffset>,
}

/// An offset as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum WrittenOffset {
    /// `Z`, `UTC`, `GMT`.
    Zulu,
    /// Minutes east of UTC.
    Minutes(i16),
}

impl WrittenDate {
    /// How much of it is known.
    #[must_use]
    pub const fn precision(&self) -> Precision {
        match (self.month, self.day, self.time) {
            (None, ..) => Precision::Year,
            (_, None, _) => Precision::Month,
            (_, _, None) => Precision::Day,
            (_, _, Some(WrittenTime { second: None, .. })) => Precision::Minute,
            _ => Precision::Second,
        }
    }

    /// ISO 8601 text of exactly that precision.
    #[must_use]
    pub fn to_iso(&self) -> String {
        let mut iso = format!("{:04}", self.year);
        let Some(month) = self.month else { return iso };
        append(&mut iso, format_args!("-{month:02}"));
        let Some(day) = self.day else { return iso };
        append(&mut iso, format_args!("-{day:02}"));
        let Some(time) = self.time else { return iso };
        append(&mut iso, format_args!("T{:02}:{:02}", time.hour, time.minute));
        if let Some(second) = time.second {
            append(&mut iso, format_args!(":{second:02}"));
        }
        match time.offset {
            None => {}
            Some(WrittenOffset::Zulu) => iso.push('Z'),
            Some(WrittenOffset::Minutes(minutes)) => {
                let sign = if minutes < 0 { '-' } else { '+' };
                let minutes = minutes.unsigned_abs();
                append(&mut iso, format_args!("{sign}{:02}:{:02}", minutes / 60, minutes % 60));
            }
        }
        iso
    }

    /// Whether a page fetched at that time can carry this date.
    #[must_use]
    pub fn is_possible(&self, fetched_at: Option<Timestamp>) -> bool {
        if !(FIRST_YEAR..=LAST_YEAR).contains(&self.year) {
            return false;
        }
        let Some(fetched_at) = fetched_at else { return true };
        self.seconds().is_none_or(|seconds| seconds <= fetched_at.as_second() + MAX_AHEAD_SECONDS)
    }

    /// Seconds since the epoch of the earliest moment it can mean, taken as UTC where no offset is written.
    #[must_use]
    pub fn seconds(&self) -> Option<i64> {
        let date =
            civil::Date::new(self.year, self.month.unwrap_or(1), self.day.unwrap_or(1)).ok()?;
        let time = match self.time {
            Some(time) => {
                civil::Time::new(time.hour, time.minute, time.second.unwrap_or(0), 0).ok()?
            }
            None => civil::Time::midnight(),
        };
        let utc = date.to_datetime(time).to_zoned(jiff::tz::TimeZone::UTC).ok()?;
        let offset = match self.time.and_then(|time| time.offset) {
            Some(WrittenOffset::Minutes(minutes)) => minutes,
            Some(WrittenOffset::Zulu) | None => 0,
        };
        Some(utc.timestamp().as_second() - i64::from(offset) * 60)
    }

    /// Whether a time of day was written.
    #[must_use]
    pub const fn has_time(&self) -> bool {
        self.time.is_some()
    }

    /// Whether the offset was written as UTC.
    #[must_use]
    pub fn is_utc(&self) -> bool {
        self.offset() == Some(WrittenOffset::Zulu)
    }

    /// Whether both can mean one day: they are of one day as written, or, where an offset tells that a clock elsewhere was
    /// read, not much more than a day apart.
    #[must_use]
    pub fn is_same_day(&self, other: &Self) -> bool {
        let day = |date: &Self| (date.year, date.month, date.day);
        if day(self) == day(other) {
            return true;
        }
        let has_offset = self.offset().is_some() || other.offset().is_some();
        let apart = self.seconds().zip(other.seconds()).map(|(a, b)| a.abs_diff(b));
        has_offset && apart.is_some_and(|seconds| seconds <= MAX_SAME_DAY_SECONDS)
    }

    /// Whether it is the moment at which that day begins in some time zone: a full hour, less than a day's length beside it.
    #[must_use]
    pub fn is_midnight_of(&self, day: &Self) -> bool {
        let is_full_hour =
            self.time.is_some_and(|time| time.minute == 0 && time.second.unwrap_or(0) == 0);
        let is_other_day = (self.year, self.month, self.day) != (day.year, day.month, day.day);
        let apart = self.seconds().zip(day.seconds()).map(|(own, midnight)| midnight - own);
        is_full_hour && is_other_day && apart.is_some_and(|seconds| ZONES.contains(&seconds))
    }

    /// Days in their order, by the calendar of the date as written; parts that are not known count as the first.
    #[must_use]
    pub fn day_number(&self) -> i32 {
        let (month, day) = (self.month.unwrap_or(1), self.day.unwrap_or(1));
        (i32::from(self.year) * 16 + i32::from(month)) * 32 + i32::from(day)
    }

    fn offset(&self) -> Option<WrittenOffset> {
        self.time.and_then(|time| time.offset)
    }
}

/// `write!` to a `String` cannot fail.
fn append(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    let written = text.write_fmt(arguments);
    debug_assert!(written.is_ok(), "a String takes everything");
}

/// Which number of `5/11/2024` is the day, where both can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SlashOrder {
    /// The first, as nearly everywhere.
    #[default]
    DayFirst,
    /// The second, as in the United States.
    MonthFirst,
}

impl SlashOrder {
    /// The opposite.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::DayFirst => Self::MonthFirst,
            Self::MonthFirst => Self::DayFirst,
        }
    }
}

/// Whether a word is the name of a month, or short for one.
#[must_use]
pub fn is_month(word: &str) -> bool {
    MONTHS.contains_key(word.trim_end_matches('.').to_lowercase().as_str())
}

/// Reads a date in any written form; `None` when there is none, or when it does not exist (31 February).
#[must_use]
pub fn read(text: &str) -> Option<WrittenDate> {
    read_ordered(text, SlashOrder::DayFirst)
}

/// [`read`], on a page whose language says what `5/11/2024` means.
#[must_use]
pub fn read_ordered(text: &str, order: SlashOrder) -> Option<WrittenDate> {
    let text = text.trim();
    let has_number = || text.bytes().any(|byte| byte.is_ascii_digit());
    if text.len() > MAX_DATE_BYTES || !has_number() {
        return None;
    }
    iso(text)
        .or_else(|| epoch(text))
        .or_else(|| prose(text, order))
        .filter(|date| date.seconds().is_some())
}

/// `2024`, `2024-11`, `2024-11-05`, `2024-11-05T09:30[:15[.123]][Z|+01:00|+0100]`, also with a blank for the `T`, and
/// `20241105`.
fn iso(text: &str) -> Option<WrittenDate> {
    let digits = |range: Range<usize>| {
        let part = text.get(range)?;
        part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse::<i16>().ok())?
    };
    let small = |range| digits(range).and_then(|n| i8::try_from(n).ok());
    let year = digits(0..4)?;
    let bare = WrittenDate { year, month: None, day: None, time: None };
    if text.len() == 4 {
        return (FIRST_YEAR..=LAST_YEAR).contains(&year).then_some(bare);
    }
    if text.get(..8).is_some_and(|date| date.bytes().all(|b| b.is_ascii_digit())) {
        let date = WrittenDate { month: Some(small(4..6)?), day: Some(small(6..8)?), ..bare };
        return match text.get(8..)? {
            "" => Some(date),
            rest => Some(WrittenDate { time: Some(compact_time(rest)?), ..date }),
        };
    }
    let separator = text.get(4..5)?;
    if !matches!(separator, "-" | "/" | ".") {
        return None;
    }
    let with_month = WrittenDate { month: Some(small(5..7)?), ..bare };
    if text.len() == 7 {
        return Some(with_month);
    }
    if text.get(7..8)? != separator {
        return None;
    }
    let with_day = WrittenDate { day: Some(small(8..10)?), ..with_month };
    let rest = text.get(10..)?.trim_start_matches(['T', 't', ' ', ',']);
    Some(WrittenDate { time: time(rest), ..with_day })
}

/// `T0930[15][Z]`: a time without colons.
fn compact_time(text: &str) -> Option<WrittenTime> {
    let text = text.strip_prefix(['T', 't', ' '])?;
    let n_digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, rest) = text.split_at_checked(n_digits)?;
    let small = |range: Range<usize>| digits.get(range)?.parse::<i8>().ok();
    let (hour, minute) = (small(0..2)?, small(2..4)?);
    let second = match n_digits {
        4 => None,
        6 => Some(small(4..6)?),
        _ => return None,
    };
    let is_time = (0..24).contains(&hour) && (0..60).contains(&minute);
    let second = second.filter(|second| (0..60).contains(second));
    is_time.then(|| WrittenTime { hour, minute, second, offset: offset(rest) })
}

/// `09:30[:15[.123]]` and what may follow: `Uhr`, `AM`, an offset.
fn time(text: &str) -> Option<WrittenTime> {
    let (hour, rest) = number(text)?;
    let rest = rest.strip_prefix([':', '.', 'h', 'H', '時', '时', '시'])?.trim_start();
    let (minute, mut rest) = number(rest)?;
    let mut second = None;
    if let Some((number, after)) = rest.strip_prefix([':', '.']).and_then(number) {
        second = Some(number);
        rest = after;
    }
    let fraction = rest.strip_prefix(['.', ',']).filter(|_| second.is_some());
    let rest = fraction.map_or(rest, |f| f.trim_start_matches(|c: char| c.is_ascii_digit()));
    let rest = rest.trim_start();
    let hour = twelve_hours(hour, rest)?;
    let is_time = (0..24).contains(&hour) && (0..60).contains(&minute);
    let second = second.filter(|second| (0..60).contains(second));
    is_time.then(|| WrittenTime { hour, minute, second, offset: offset(rest) })
}

/// The hour of a day, given what stands after the time: `a.m.`, `PM`.
fn twelve_hours(hour: i8, rest: &str) -> Option<i8> {
    let mut letters = rest.chars().filter(|c| *c != '.').map(|c| c.to_ascii_lowercase());
    match (letters.next(), letters.next()) {
        (Some('p'), Some('m')) if hour < 12 => hour.checked_add(12),
        (Some('a'), Some('m')) if hour == 12 => Some(0),
        _ => Some(hour),
    }
}

/// A number of one or two digits, and what follows it.
fn number(text: &str) -> Option<(i8, &str)> {
    let n_digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, rest) = text.split_at_checked(n_digits)?;
    (1..=2).contains(&n_digits).then(|| Some((digits.parse().ok()?, rest)))?
}

/// `Z`, `GMT`, `UTC`, `+01:00`, `+0100`, `+01`: an offset only where one is written.
fn offset(text: &str) -> Option<WrittenOffset> {
    let text = text.trim_start();
    let bare = text.strip_prefix("GMT").or_else(|| text.strip_prefix("UTC"));
    let sign_at = bare.unwrap_or(text).trim_start();
    let sign: i16 = match sign_at.chars().next() {
        Some('+') => 1,
        Some('-' | '−') => -1,
        _ => {
            let is_utc = bare.is_some() || text == "Z" || text == "z";
            return is_utc.then_some(WrittenOffset::Zulu);
        }
    };
    let digits: String = sign_at.chars().skip(1).filter(char::is_ascii_digit).take(4).collect();
    let hours: i16 = digits.get(..2)?.parse().ok()?;
    let minutes: i16 = digits.get(2..4).and_then(|m| m.parse().ok()).unwrap_or(0);
    (hours <= 14 && minutes < 60).then_some(WrittenOffset::Minutes(sign * (hours * 60 + minutes)))
}

/// Seconds or milliseconds since the epoch.
fn epoch(text: &str) -> Option<WrittenDate> {
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let number: i64 = text.parse().ok()?;
    let seconds = match text.len() {
        10 => number,
        13 => number / 1000,
        _ => return None,
    };
    let utc = Timestamp::from_second(seconds).ok()?.to_zoned(jiff::tz::TimeZone::UTC).datetime();
    Some(WrittenDate {
        year: utc.year(),
        month: Some(utc.month()),
        day: Some(utc.day()),
        time: Some(WrittenTime {
            hour: utc.hour(),
            minute: utc.minute(),
            second: Some(utc.second()),
            offset: Some(WrittenOffset::Zulu),
        }),
    })
}

/// Forms with words or day first: `5. November 2024, 9:30 Uhr`, `Nov. 5, 2024`, `05.11.2024`, `5/11/2024`, `2024年11月5日`,
/// `Tue, 05 Nov 2024 09:30:00 GMT`.
fn prose(text: &str, order: SlashOrder) -> Option<WrittenDate> {
    let folded = text.to_lowercase();
    let tokens = tokens(&folded);
    let (date, place) =
        named_month(&folded, &tokens).or_else(|| numeric(&folded, &tokens, order))?;
    let time_in = |range: Range<usize>| find_time(folded.get(range.clone())?, text.get(range));
    let time = time_in(place.end..folded.len()).or_else(|| time_in(0..place.start));
    Some(WrittenDate { time, ..date })
}

/// A run of digits or of letters, and where it ends.
#[derive(Debug, Clone, Copy)]
struct Token<'t> {
    text: &'t str,
    start: usize,
    end: usize,
}

impl Token<'_> {
    fn number(&self) -> Option<i16> {
        self.text.parse().ok().filter(|_| self.text.len() <= 4)
    }

    fn year(&self) -> Option<i16> {
        self.number().filter(|year| (FIRST_YEAR..=LAST_YEAR).contains(year))
    }

    /// A year of two digits: of this century, since there were no pages before.
    fn short_year(&self) -> Option<i16> {
        self.number().filter(|year| self.text.len() == 2 && *year < 90).map(|year| 2000 + year)
    }

    fn day(&self) -> Option<i8> {
        let day = self.number().and_then(|day| i8::try_from(day).ok())?;
        (self.text.len() <= 2 && (1..=31).contains(&day)).then_some(day)
    }
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens: Vec<Token<'_>> = Vec::new();
    let mut start: Option<(usize, bool)> = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        let is_digit = c.is_ascii_digit();
        let is_word = is_digit || c.is_alphabetic();
        if let Some((from, was_digit)) = start
            && (!is_word || was_digit != is_digit)
        {
            let word = text.get(from..at).unwrap_or_default();
            tokens.push(Token { text: word, start: from, end: at });
            start = None;
        }
        if is_word && start.is_none() {
            start = Some((at, is_digit));
        }
    }
    tokens
}

/// A month by name, with a year beside it; returns where the date stands.
fn named_month(text: &str, tokens: &[Token<'_>]) -> Option<(WrittenDate, Range<usize>)> {
    let at = tokens.iter().position(|token| MONTHS.contains_key(token.text))?;
    let month = tokens.get(at).and_then(|token| MONTHS.get(token.text)).copied();
    let token = |distance: isize| at.checked_add_signed(distance).and_then(|i| tokens.get(i));
    // "de" and "of" stand between the parts in some languages, and ordinals have a suffix: look two tokens far.
    // "5th of November": the day is three tokens away.
    let is_ordinal = || token(-1).is_some_and(|of| matches!(of.text, "of" | "de" | "di"));
    let reach = if is_ordinal() { 3 } else { 2 };
    let before = (1..=reach).find_map(|distance: isize| token(-distance)?.day());
    let year_after = [1, 2, 3].into_iter().find_map(|distance| {
        let token = token(distance)?;
        Some((token.year()?, token.end))
    });
    let year_before = || {
        let year = [-1, -2].into_iter().find_map(|distance| token(distance)?.year())?;
        let last =
            [1, 0].into_iter().find_map(|d| token(d).filter(|t| d == 0 || t.day().is_some()))?;
        Some((year, last.end))
    };
    let short_year = || {
        let (month, year) = (token(0)?, token(1)?);
        let is_glued = matches!(text.get(month.end..year.start)?, "." | "-" | "/" | " '" | " ’");
        Some((year.short_year().filter(|_| is_glued && before.is_some())?, year.end))
    };
    // "Tue Nov 05 09:30:00 CET 2024": the time stands between.
    let year_last = || {
        let last = tokens.last().filter(|_| tokens.len() <= at + MAX_CLOCK_TOKENS)?;
        Some((last.year()?, token(1).filter(|day| day.day().is_some())?.end))
    };
    let (year, end) = year_after.or_else(year_before).or_else(short_year).or_else(year_last)?;
    let after = [1, 2].into_iter().find_map(|d| token(d).filter(|t| t.end <= end)?.day());
    let day = before.or(after);
    let mut parts = (1..=reach).rev().filter_map(|distance| token(-distance));
    let first = parts.find(|part| part.day().is_some() || part.year().is_some()).or(token(0))?;
    Some((WrittenDate { year, month, day, time: None }, first.start..end))
}

/// Three numbers, year first or last; day first unless it cannot be. A year of two digits only between full stops.
fn numeric(
    text: &str,
    tokens: &[Token<'_>],
    order: SlashOrder,
) -> Option<(WrittenDate, Range<usize>)> {
    let numbers: Vec<&Token<'_>> = tokens.iter().filter(|token| token.number().is_some()).collect();
    numbers.windows(3).find_map(|window| {
        let [a, b, c] = window else { return None };
        if b.start - a.end > 3 || c.start - b.end > 3 {
            return None;
        }
        let between =
            |left: &Token<'_>, right: &Token<'_>| Some(text.get(left.end..right.start)?.trim());
        let marks = (between(a, b)?, between(b, c)?);
        if !is_date_mark(marks) {
            return None;
        }
        let may_be_american = matches!(marks, ("/" | "-", _));
        let is_short = marks == (".", ".") || (marks == ("/", "/") && b.text.len() == 2);
        let year_last = c.year().or_else(|| c.short_year().filter(|_| is_short));
        let (year, month, day) = match (a.year(), year_last) {
            (Some(year), _) => (year, b.day()?, c.day()?),
            (None, Some(year)) if may_be_american && order == SlashOrder::MonthFirst => {
                (year, a.day()?, b.day()?)
            }
            (None, Some(year)) => (year, b.day()?, a.day()?),
            (None, None) => return None,
        };
        let (month, day) = if month > 12 { (day, month) } else { (month, day) };
        let date = WrittenDate { year, month: Some(month), day: Some(day), time: None };
        Some((date, a.start..c.end))
    })
}

/// Whether marks between three numbers are those of a date: the same twice (`5.11.2024`), or the words for year and month.
fn is_date_mark(marks: (&str, &str)) -> bool {
    matches!(
        marks,
        (".", "." | "")
            | ("/", "/")
            | ("-", "-")
            | ("–", "–")
            | ("", "")
            | ("|", "|")
            | ("年", "月")
            | ("년", "월")
    )
}

/// The first time of day in a text. `as_written` is the same text before folding, for the offset's letters.
fn find_time(folded: &str, as_written: Option<&str>) -> Option<WrittenTime> {
    let text = as_written.filter(|text| text.len() == folded.len()).unwrap_or(folded);
    let mut was_digit = false;
    for (at, c) in text.char_indices() {
        let is_start = c.is_ascii_digit() && !was_digit;
        was_digit = c.is_ascii_digit();
        if let Some(found) = is_start.then(|| text.get(at..).and_then(time)).flatten() {
            return Some(found);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::read;

    fn iso(text: &str) -> Option<String> {
        read(text).map(|date| date.to_iso())
    }

    #[test]
    fn a_date_keeps_its_precision_and_offset() {
        for (written, expected) in [
            ("2024", "2024"),
            ("2024-11", "2024-11"),
            ("2024-11-05", "2024-11-05"),
            ("2024-11-05T09:30:00+01:00", "2024-11-05T09:30:00+01:00"),
            ("2024-11-05T09:30:00.123Z", "2024-11-05T09:30:00Z"),
            ("2024-11-05 09:30", "2024-11-05T09:30"),
            ("5. November 2024, 9:30 Uhr", "2024-11-05T09:30"),
            ("Stand: 05.11.2024, 9.30 Uhr", "2024-11-05T09:30"),
            ("Nov. 5, 2024 at 9:30 p.m.", "2024-11-05T21:30"),
            ("November 5th, 2024", "2024-11-05"),
            ("5 de noviembre de 2024", "2024-11-05"),
            ("Tue, 05 Nov 2024 09:30:00 GMT", "2024-11-05T09:30:00Z"),
            ("Tue, 05 Nov 2024 09:30:00 +0100", "2024-11-05T09:30:00+01:00"),
            ("2024年11月5日", "2024-11-05"),
            ("März 2023", "2023-03"),
            ("1730795400", "2024-11-05T08:30:00Z"),
            ("20241105", "2024-11-05"),
            ("20241105T0930Z", "2024-11-05T09:30Z"),
            ("20241105T093015", "2024-11-05T09:30:15"),
            ("Tue Nov 05 09:30:00 CET 2024", "2024-11-05T09:30:00"),
            ("5th of November 2024", "2024-11-05"),
            ("2024年11月5日 9時30分", "2024-11-05T09:30"),
            ("2024. 11. 5. 9:30", "2024-11-05T09:30"),
            ("07 أكتوبر 2020 - 12:09", "2020-10-07T12:09"),
            ("26 | 01 | 2022", "2022-01-26"),
            ("01/25/26", "2026-01-25"),
        ] {
            assert_eq!(iso(written).as_deref(), Some(expected), "{written}");
        }
    }

    #[test]
    fn no_date_is_no_date() {
        for written in [
            "",
            "gestern",
            "31.02.2024",
            "vor 3 Stunden",
            "12345",
            "2024-13-01",
            "20241305",
            "2020 - 12:09",
            "10:30 12",
        ] {
            assert_eq!(iso(written), None, "{written}");
        }
    }
}
