"""The page on which minutes are written (3.2d)."""

from __future__ import annotations

from datetime import datetime

from notifications.texts.minutes import MINUTES_MOST
from notifications.texts.moments import moment
from notifications.texts.words import shortened

TITLE, NEW, AGAIN = "会议纪要", "提交纪要", "提交新一版"
TIME, CHAIR, RECORDER, OWES, DUE = "时间", "主持", "记录", "负责提交", "时限"
TEXT = "正文"
DECISIONS = "决议（可不填）"
DECISIONS_HINT = (
    "写全内容、责任人、截止，提交时登记并交办。多于 3 条，请在正文里每条一行写：决议：内容 责任人=… 截止=…"
)
OPEN_ITEM = "看会议全部内容"
WHAT, OWNER, UNTIL = "内容", "责任人", "截止"
UNTIL_EXAMPLE = "例如 12月4日"
WRITE_ON = "回到页面接着写"
DRAFT = "这是您上次没有提交成功的内容，已为您留着，还没有提交。"
EMPTY = "正文还没写，没有提交。请写好正文再提交。"
KEPT = ("没有提交，内容已为您留着", "登录已过期，或这台设备上换了人登录。请点下面重新打开，核对后再提交。")
SPENT = ("这个页面已失效，没有提交", "没有任何改动。请返回上一页复制您写的内容，再重新打开页面。")


def count(characters: int) -> str:
    """How long the minutes may be, and were when the page was made: without a script nothing counts while one types."""
    return f"最多 {MINUTES_MOST:,} 字" + (f"，打开时 {characters:,} 字" if characters else "")


def due(due_at: datetime, late: bool) -> str:
    """Until when they are owed."""
    return f"{moment(due_at)}{'（已逾期）' if late else ''}"


def given(revision: int, at: datetime) -> str:
    """Minutes that are there already."""
    return f"已有第 {revision} 版（{moment(at)}）。修改后提交会成为新一版，旧版保留，参会人重新确认。"


def too_long(characters: int) -> str:
    """Too long a text."""
    return f"正文连同决议共 {characters:,} 字，最多 {MINUTES_MOST:,} 字，没有提交。请精简，或把附件发成文件。"


def newer(name: str, revision: int) -> str:
    """Somebody else was quicker."""
    return (
        f"您打开页面之后，{name} 已提交第 {revision} 版，您这次的没有提交。"
        "您写的还在下面；请对照新版核对后再提交，会成为新一版。"
    )


def row(at: int) -> str:
    """A row for a decision."""
    return f"决议 {at}"


def decision(row: int, said: str) -> str:
    """A decision that cannot be registered."""
    return f"第 {row} 条决议：{said}"


def decision_unclear(what: str) -> str:
    """A decision whose words would be read as something else."""
    return f'"{shortened(what, 30)}"里有等号、引号或冒号，会读错，没有提交。请换一种写法。'


def decision_choose(name: str) -> str:
    """A name that two people have."""
    return f'叫"{name}"的不止一位，没有提交。请写账号。'


def decision_lacks(missing: str) -> str:
    """A decision that is not whole; its owner is what 4.2c asks for."""
    return f"还缺{missing}，没有提交。决议须写明责任人和截止（制度四（二）），请补上后再提交。"
