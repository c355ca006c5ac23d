"""Steps of a meeting's life that several tests need."""

from __future__ import annotations

from tests.handlers.office import Office

SALES = "HY-20261123-0001"
LIFE = "会议 销售月会 明天 09:30 参会=苏主管、许专员 时长=1小时"


def arranged(office: Office, words: str = LIFE, by: str = "lin") -> None:
    """Arrange a meeting; all that was sent is taken as read."""
    answer = office.say(by, words)
    assert answer.startswith("已安排会议 HY-"), answer
    office.skip()


def begun(office: Office, *there: str) -> None:
    """Arrange it and let it begin the next day at 09:30; `there` sign in."""
    arranged(office)
    office.until(office.at(9, 30, days=1))
    office.tap("lin", "会议开始")
    for userid in there:
        office.tap(userid, "我已到会")
    office.skip()


def ended(office: Office, *there: str) -> None:
    """Let it begin at 09:30 and end at 10:30."""
    begun(office, *there)
    office.move(hours=1)
    office.say("lin", f"会议结束 {SALES}")
    office.skip()


def welcomed(office: Office) -> Office:
    """Let everybody be greeted already."""
    for userid in office.phones.chats:
        office.enter(userid)
    office.skip()
    return office
