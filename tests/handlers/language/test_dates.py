"""Days, times, spans and lengths as office people type them; now is Monday 23 November 2026, 14:05 in Shanghai."""

from __future__ import annotations

import time as machine_time
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.language.dates import DateProblem, Moment, Span, read_duration, read_moment, read_span
from policy.calendar import WorkingCalendar

NOW = datetime(2026, 11, 23, 6, 5, tzinfo=UTC)
CALENDAR = WorkingCalendar(frozenset({date(2026, 11, 25)}), frozenset({date(2026, 11, 29)}), frozenset({2026}))
PLAIN = WorkingCalendar()
ROLLED = True

MOMENTS = [
    ("2026-12-01", "2026-12-01", None, False, "ISO"),
    ("2026/12/1", "2026-12-01", None, False, "slashes"),
    ("2026.12.1", "2026-12-01", None, False, "points"),
    ("2026年12月1日", "2026-12-01", None, False, "in full"),
    ("２０２６年１２月１日", "2026-12-01", None, False, "wide figures"),
    ("二〇二六年十二月一日", "2026-12-01", None, False, "characters"),
    ("20261201", "2026-12-01", None, False, "eight figures"),
    ("2026-12-01T09:00", "2026-12-01", "09:00", False, "ISO with a time"),
    ("2026-12-01 09:00:00", "2026-12-01", "09:00", False, "from a spreadsheet"),
    ("12月1日", "2026-12-01", None, False, "month and day"),
    ("12月1号", "2026-12-01", None, False, "号"),
    ("十二月一号", "2026-12-01", None, False, "in characters"),
    ("12.1", "2026-12-01", None, False, "with a point"),
    ("12-1", "2026-12-01", None, False, "with a dash; a library reads 2111"),
    ("12/1", "2026-12-01", None, False, "with a slash"),
    ("12-1 10:30", "2026-12-01", "10:30", False, "not 12-11 00:30"),
    ("12月1日（周二）18:00", "2026-12-01", "18:00", False, "as our own echo writes it"),
    ("12月1日周二", "2026-12-01", None, False, "with its weekday"),
    ("周二12月1日", "2026-12-01", None, False, "weekday first"),
    ("12月1日之前", "2026-12-01", None, False, "before"),
    ("11月20日", "2027-11-20", None, ROLLED, "passed: next year's"),
    ("1月5日", "2027-01-05", None, ROLLED, "next January"),
    ("明年1月5日", "2027-01-05", None, False, "next year said"),
    ("今年3月1日", "2026-03-01", None, False, "this year said, so past is meant"),
    ("1号", "2026-12-01", None, ROLLED, "passed: next month's"),
    ("23号", "2026-11-23", None, False, "today has not passed"),
    ("25号", "2026-11-25", None, False, "this month"),
    ("二十五号", "2026-11-25", None, False, "in characters"),
    ("3日", "2026-12-03", None, ROLLED, "日 is a day of the month"),
    ("下月5号", "2026-12-05", None, False, "next month"),
    ("下个月10号", "2026-12-10", None, False, "with 个"),
    ("本月5号", "2026-11-05", None, False, "this month said"),
    ("上月5号", "2026-10-05", None, False, "last month"),
    ("今天", "2026-11-23", None, False, "today"),
    ("明天", "2026-11-24", None, False, "tomorrow"),
    ("后天", "2026-11-25", None, False, "two days on"),
    ("大后天", "2026-11-26", None, False, "three days on"),
    ("昨天", "2026-11-22", None, False, "yesterday"),
    ("前天", "2026-11-21", None, False, "two days ago"),
    ("大前天", "2026-11-20", None, False, "three days ago"),
    ("明天（周二）", "2026-11-24", None, False, "with its weekday"),
    ("周五", "2026-11-27", None, False, "to come this week"),
    ("周一", "2026-11-23", None, False, "today has not passed"),
    ("星期天", "2026-11-29", None, False, "天"),
    ("礼拜三", "2026-11-25", None, False, "礼拜"),
    ("周5", "2026-11-27", None, False, "a figure"),
    ("本周五", "2026-11-27", None, False, "this week said"),
    ("这周四", "2026-11-26", None, False, "这周"),
    ("下周三", "2026-12-02", None, False, "next week"),
    ("下个星期一", "2026-11-30", None, False, "next week's Monday"),
    ("下下周二", "2026-12-08", None, False, "the week after next"),
    ("上周五", "2026-11-20", None, False, "last week"),
    ("月底", "2026-11-30", None, False, "last working day"),
    ("月底前", "2026-11-30", None, False, "before it"),
    ("本月底", "2026-11-30", None, False, "this month's"),
    ("下月底", "2026-12-31", None, False, "next month's"),
    ("12月底", "2026-12-31", None, False, "a named month's"),
    ("3月底", "2027-03-31", None, ROLLED, "a named month that has passed"),
    ("季末", "2026-12-31", None, False, "end of the quarter"),
    ("年底", "2026-12-31", None, False, "end of the year"),
    ("今年年底", "2026-12-31", None, False, "said twice"),
    ("下周内", "2026-12-04", None, False, "within next week"),
    ("3天后", "2026-11-26", None, False, "in days"),
    ("三天内", "2026-11-26", None, False, "within days"),
    ("3日内", "2026-11-26", None, False, "日内 is a span"),
    ("一周内", "2026-11-30", None, False, "a library reads tomorrow"),
    ("两周后", "2026-12-07", None, False, "in weeks"),
    ("一个月后", "2026-12-23", None, False, "in a month"),
    ("半个月后", "2026-12-08", None, False, "fifteen days"),
    ("3天前", "2026-11-20", None, False, "days ago, not ahead"),
    ("3天后下午2点", "2026-11-26", "14:00", False, "with a time"),
    ("3个工作日", "2026-11-27", None, False, "past the holiday on Wednesday"),
    ("5个工作日内", "2026-11-30", None, False, "over the made-up Sunday"),
    ("下周三 14:30", "2026-12-02", "14:30", False, "weekday and time"),
    ("明天下午3点", "2026-11-24", "15:00", False, "a library reads nothing"),
    ("明早8点", "2026-11-24", "08:00", False, "a library reads today"),
    ("今晚8点半", "2026-11-23", "20:30", False, "half past"),
    ("明天 9：30", "2026-11-24", "09:30", False, "wide colon"),
    ("后天上午十点", "2026-11-25", "10:00", False, "characters"),
    ("周五18点", "2026-11-27", "18:00", False, "glued"),
    ("14点30", "2026-11-23", "14:30", False, "点 and minutes"),
    ("14时30分", "2026-11-23", "14:30", False, "时 and 分"),
    ("下午三点一刻", "2026-11-23", "15:15", False, "a quarter past"),
    ("下午三点三刻", "2026-11-23", "15:45", False, "three quarters"),
    ("3pm", "2026-11-23", "15:00", False, "English"),
    ("15:00", "2026-11-23", "15:00", False, "to come today"),
    ("10:00", "2026-11-24", "10:00", ROLLED, "passed: tomorrow"),
    ("中午12点", "2026-11-24", "12:00", ROLLED, "noon has passed"),
    ("明天中午", "2026-11-24", "12:00", False, "noon without a figure"),
    ("今天10:00", "2026-11-23", "10:00", False, "today said, so it stays in the past"),
    ("周一 10:00", "2026-11-30", "10:00", ROLLED, "today's has passed"),
    ("周一 15:00", "2026-11-23", "15:00", False, "today's has not"),
    ("明天03:30", "2026-11-24", "03:30", False, "a zero says night"),
    ("晚上12点", "2026-11-24", "00:00", False, "midnight ends the day"),
    ("今晚12点", "2026-11-24", "00:00", False, "midnight of today"),
    ("明天24点", "2026-11-25", "00:00", False, "24 ends tomorrow"),
    ("凌晨1点", "2026-11-24", "01:00", ROLLED, "the coming night"),
    ("下班前", "2026-11-23", "18:00", False, "closing time"),
    ("周五下班前", "2026-11-27", "18:00", False, "closing time of a day"),
    ("半小时后", "2026-11-23", "14:35", False, "minutes ahead"),
    ("一个半小时后", "2026-11-23", "15:35", False, "an hour and a half"),
    ("2小时前", "2026-11-23", "12:05", False, "hours ago"),
    ("现在", "2026-11-23", "14:05", False, "now"),
    ("2028-02-29", "2028-02-29", None, False, "a leap day"),
]

PROBLEMS = [
    ("", "none", "nothing"),
    ("　", "none", "an ideographic space"),
    ("2月30日", "impossible", "no such day"),
    ("2月29日", "impossible", "neither year is a leap year"),
    ("31号", "impossible", "November has none"),
    ("13.5", "impossible", "month 13"),
    ("12.32", "impossible", "day 32"),
    ("2026-13-01", "impossible", "month 13 in full"),
    ("25点", "impossible", "hour 25"),
    ("14:60", "impossible", "minute 60"),
    ("上午15点", "impossible", "afternoon in the morning"),
    ("9999-12-31", "impossible", "nobody's date"),
    ("99999天后", "impossible", "centuries ahead"),
    ("3点", "ambiguous", "night or afternoon"),
    ("明天3点", "ambiguous", "the same with a day"),
    ("明天3:30", "ambiguous", "the same with a colon"),
    ("晚上2点", "ambiguous", "of which night"),
    ("3日前", "ambiguous", "before the 3rd, or three days ago"),
    ("12月1日周三", "contradictory", "it is a Tuesday"),
    ("周三12月1日", "contradictory", "weekday first"),
    ("周末", "unclear", "two days"),
    ("下午", "unclear", "no hour"),
    ("明天下午", "unclear", "no hour, a day"),
    ("下周", "unclear", "no day"),
    ("3天", "unclear", "a length, not a moment"),
    ("3月后", "unclear", "after March, or in three months"),
    ("12月1日到货", "unclear", "a sentence"),
    ("服务器", "unclear", "a thing"),
    ("3.5万", "unclear", "a sum"),
    ("0", "unclear", "a figure"),
    ("明天" * 40, "unclear", "too long"),
]

SPANS = [
    ("12月1日 12月3日", "2026-12-01", None, "2026-12-03", None, "two days"),
    ("今天到周五", "2026-11-23", None, "2026-11-27", None, "到"),
    ("12-01~12-03", "2026-12-01", None, "2026-12-03", None, "tilde"),
    ("12-01～12-03", "2026-12-01", None, "2026-12-03", None, "wide tilde"),
    ("12.1-12.3", "2026-12-01", None, "2026-12-03", None, "dash between points"),
    ("2026-12-01-2026-12-03", "2026-12-01", None, "2026-12-03", None, "dash between dashes"),
    ("12月1日-3日", "2026-12-01", None, "2026-12-03", None, "only the last day"),
    ("12月1日至5", "2026-12-01", None, "2026-12-05", None, "a bare figure"),
    ("1号到3号", "2026-12-01", None, "2026-12-03", None, "both next month"),
    ("周五到周二", "2026-11-27", None, "2026-12-01", None, "the end follows the start"),
    ("下周一到周五", "2026-11-30", None, "2026-12-04", None, "of the same week"),
    ("12月30日到1月3日", "2026-12-30", None, "2027-01-03", None, "over New Year"),
    ("明天到后天", "2026-11-24", None, "2026-11-25", None, "both from today"),
    ("明天 3天", "2026-11-24", None, "2026-11-26", None, "a length includes the first day"),
    ("明天起3天", "2026-11-24", None, "2026-11-26", None, "起"),
    ("明天到月底", "2026-11-24", None, "2026-11-30", None, "to the end of the month"),
    ("明天", "2026-11-24", None, "2026-11-24", None, "one day"),
    ("下周", "2026-11-30", None, "2026-12-04", None, "a working week"),
    ("本周", "2026-11-23", None, "2026-11-29", None, "the rest of this one, to the made-up Sunday"),
    ("12月1日 09:00 12月3日 18:00", "2026-12-01", "09:00", "2026-12-03", "18:00", "with times"),
    ("明天 14:00-16:00", "2026-11-24", "14:00", "2026-11-24", "16:00", "hours of a day"),
    ("明天下午2点到5点", "2026-11-24", "14:00", "2026-11-24", "17:00", "the part of the day is taken over"),
    ("9点到5点", "2026-11-24", "09:00", "2026-11-24", "17:00", "office hours"),
    ("今晚8点到10点", "2026-11-23", "20:00", "2026-11-23", "22:00", "an evening"),
    ("晚上10点到凌晨2点", "2026-11-23", "22:00", "2026-11-24", "02:00", "past midnight"),
    ("今天下午3点 2小时", "2026-11-23", "15:00", "2026-11-23", "17:00", "a length of hours"),
    ("现在到周五", "2026-11-23", "14:05", "2026-11-27", None, "from now"),
]


def clock(text: str | None) -> time | None:
    return None if text is None else time.fromisoformat(text)


@pytest.mark.parametrize(("typed", "day", "at", "rolled", "why"), MOMENTS)
def test_a_moment_is_read_as_it_was_meant(typed: str, day: str, at: str | None, rolled: bool, why: str) -> None:
    read = read_moment(typed, NOW, CALENDAR)
    assert isinstance(read, Moment), why
    assert (read.date, read.time, read.rolled) == (date.fromisoformat(day), clock(at), rolled), why


@pytest.mark.parametrize(("typed", "code", "why"), PROBLEMS)
def test_what_is_no_single_moment_is_refused_with_its_reason(typed: str, code: str, why: str) -> None:
    read = read_moment(typed, NOW, CALENDAR)
    assert isinstance(read, DateProblem), why
    assert read.code == code, why


@pytest.mark.parametrize(("typed", "first", "at", "last", "until", "why"), SPANS)
def test_a_span_is_read_from_its_beginning_to_its_end(
    typed: str, first: str, at: str | None, last: str, until: str | None, why: str
) -> None:
    read = read_span(typed, NOW, CALENDAR)
    assert isinstance(read, Span), why
    assert (read.start.date, read.start.time) == (date.fromisoformat(first), clock(at)), why
    assert (read.end.date, read.end.time) == (date.fromisoformat(last), clock(until)), why


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "none"), ("12月3日到12月1日", "order"), ("后天到明天", "order"), ("明天到2月30日", "impossible"),
        ("2月30日到明天", "impossible"), ("服务器", "unclear"), ("12月1日 下午", "unclear"), ("明天到", "unclear"),
        ("明天3点到4点", "ambiguous"),
    ],
)
def test_a_span_that_cannot_be_is_refused(typed: str, code: str) -> None:
    read = read_span(typed, NOW, CALENDAR)
    assert isinstance(read, DateProblem)
    assert read.code == code


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("1小时", 60), ("半小时", 30), ("半个钟头", 30), ("90分钟", 90), ("1.5h", 90), ("两个小时", 120),
        ("一个半小时", 90),
        ("两小时半", 150), ("1小时30分钟", 90), ("1h30m", 90), ("一小时零五分", 65), ("一刻钟", 15), ("45min", 45),
        ("2天", 2880), ("1周", 10080), ("１ 小时", 60),
    ],
)
def test_a_length_of_time_is_read(typed: str, minutes: int) -> None:
    assert read_duration(typed) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    "typed", ["", "90", "半天", "小时", "0小时", "-1小时", "1.33h", "明天", "1小时后", "9" * 30 + "天"]
)
def test_what_is_no_length_of_time_is_none(typed: str) -> None:
    assert read_duration(typed) is None


@pytest.mark.parametrize(
    ("typed", "day", "rolled"),
    [
        ("11月20日", "2026-11-20", False), ("1月5日", "2027-01-05", True), ("9月1日", "2026-09-01", False),
        ("1号", "2026-11-01", False), ("周一", "2026-11-23", False), ("10:00", "2026-11-23", False),
        ("月底", "2026-11-30", False),
    ],
)
def test_what_has_happened_is_dated_by_the_nearest_day(typed: str, day: str, rolled: bool) -> None:
    """A record's 11月20日 typed on 23 November is three days ago, not next year."""
    read = read_moment(typed, NOW, CALENDAR, nearest=True)
    assert isinstance(read, Moment)
    assert (read.date, read.rolled) == (date.fromisoformat(day), rolled)


@pytest.mark.parametrize(
    ("typed", "now", "day", "rolled"),
    [
        ("下班前", datetime(2026, 11, 23, 11, 0, tzinfo=UTC), "2026-11-24", True),  # 19:00
        ("下班前", datetime(2026, 11, 28, 2, 0, tzinfo=UTC), "2026-11-29", True),  # Saturday before a made-up Sunday
        ("月底", datetime(2026, 10, 31, 2, 0, tzinfo=UTC), "2026-11-30", True),  # a Saturday after the last working day
        ("明天", datetime(2026, 11, 23, 16, 30, tzinfo=UTC), "2026-11-25", False),  # 00:30 of the 24th in Shanghai
        ("30号", datetime(2027, 1, 30, 2, 0, tzinfo=UTC), "2027-01-30", False),
        ("2月29日", datetime(2027, 11, 23, 2, 0, tzinfo=UTC), "2028-02-29", True),
    ],
)
def test_the_reading_depends_on_company_time_only(typed: str, now: datetime, day: str, rolled: bool) -> None:
    read = read_moment(typed, now, CALENDAR)
    assert isinstance(read, Moment)
    assert (read.date, read.rolled) == (date.fromisoformat(day), rolled)


def test_a_moment_without_a_time_becomes_closing_time() -> None:
    moment = Moment(date(2026, 12, 4), None, "12月4日")
    assert moment.instant(CALENDAR) == datetime(2026, 12, 4, 10, 0, tzinfo=UTC)
    assert moment.instant(CALENDAR, default=time(9)) == datetime(2026, 12, 4, 1, 0, tzinfo=UTC)
    assert Moment(date(2026, 12, 4), time(0), "").instant(CALENDAR) == datetime(2026, 12, 3, 16, 0, tzinfo=UTC)


def test_a_naive_now_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        read_moment("明天", datetime(2026, 11, 23, 14, 5), CALENDAR)


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Pacific/Kiritimati"])
def test_the_machines_zone_changes_no_reading(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", zone)
    machine_time.tzset()
    try:
        read = read_moment("明天下午3点", NOW, CALENDAR)
        assert isinstance(read, Moment)
        assert read.instant(CALENDAR) == datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
    finally:
        monkeypatch.undo()
        machine_time.tzset()


# --- what we write reads back -------------------------------------------------------------------------------------

days = st.dates(date(2026, 1, 1), date(2099, 12, 31))
coming = st.dates(date(2026, 11, 23), date(2027, 11, 22))
clocks = st.times().map(lambda at: at.replace(second=0, microsecond=0))
WEEKDAYS = "一二三四五六日"


@given(days, clocks)
def test_every_full_writing_of_a_moment_reads_back(day: date, at: time) -> None:
    writings = (
        f"{day:%Y-%m-%d}", f"{day.year}/{day.month}/{day.day}", f"{day.year}年{day.month}月{day.day}日",
        f"{day:%Y%m%d}", f"{day:%Y.%m.%d}", f"{day.year}年{day.month}月{day.day}日（周{WEEKDAYS[day.weekday()]}）",
    )
    for written in writings:
        for typed, clock_read in ((written, None), (f"{written} {at:%H:%M}", at)):
            read = read_moment(typed, NOW, PLAIN)
            assert isinstance(read, Moment)
            assert (read.date, read.time, read.rolled) == (day, clock_read, False)


@given(coming)
def test_a_day_of_the_coming_year_reads_back_without_its_year(day: date) -> None:
    for written in (f"{day.month}月{day.day}日", f"{day.month}.{day.day}", f"{day.month}-{day.day}", f"{day:%m/%d}"):
        read = read_moment(written, NOW, PLAIN)
        assert isinstance(read, Moment)
        assert read.date == day
        assert read.rolled == (day.year == 2027)


@given(st.dates(date(2026, 11, 23), date(2026, 12, 6)))
def test_a_day_of_this_week_or_the_next_reads_back_by_its_weekday(day: date) -> None:
    which = "下" if day >= date(2026, 11, 30) else "本"
    read = read_moment(f"{which}周{WEEKDAYS[day.weekday()]}", NOW, PLAIN)
    assert isinstance(read, Moment)
    assert read.date == day


@given(coming, st.integers(0, 60))
def test_a_span_reads_back(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    for sign in (" ", "到", "至", "~"):
        read = read_span(f"{first:%Y-%m-%d}{sign}{last:%Y-%m-%d}", NOW, PLAIN)
        assert isinstance(read, Span)
        assert (read.start.date, read.end.date) == (first, last)


@given(st.integers(1, 1_000_000))
def test_minutes_read_back(minutes: int) -> None:
    hours, rest = divmod(minutes, 60)
    assert read_duration(f"{minutes}分钟") == timedelta(minutes=minutes)
    assert read_duration(f"{hours}小时{rest}分") == timedelta(minutes=minutes)
