"""Two people in the same moment: a meeting ends once, a task is accepted once, minutes come once (both databases)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from xml.etree import ElementTree as ET

from tests.handlers.meeting_life import SALES, arranged, welcomed
from tests.handlers.office import AGENT, Office


def at_once(office: Office, *said: tuple[str, str]) -> list[str]:
    """Let several messages arrive in the same moment; return their answers."""
    start = Barrier(len(said))

    def send(at: int) -> str:
        userid, text = said[at]
        fields = {
            "ToUserName": "ww1", "FromUserName": userid, "AgentID": str(AGENT), "MsgType": "text", "Content": text,
            "MsgId": f"race-{at}-{text[:20]}", "CreateTime": str(int(office.clock.company_now().timestamp())),
        }
        start.wait(10)
        outcome = office.dispatch.handle(fields, "127.0.0.1")
        assert outcome.incident is None, outcome
        return ET.fromstring(outcome.answer).findtext("Content") or ""

    with ThreadPoolExecutor(len(said)) as pool:
        answers = list(pool.map(send, range(len(said))))
    office.run()
    return answers


def test_at_the_same_moment_each_thing_happens_once(office_everywhere: Office) -> None:
    office = welcomed(office_everywhere)
    arranged(office, "会议 销售月会 明天 09:30 参会=苏主管、许专员 记录=苏主管")
    office.until(office.at(9, 30, days=1))

    began = at_once(office, ("lin", f"会议开始 {SALES}"), ("su", f"会议开始 {SALES}"))
    assert sorted("已开始（" in answer for answer in began) == [False, True]
    ended = at_once(office, ("lin", f"会议结束 {SALES}"), ("su", f"会议结束 {SALES}"), ("lin", f"会议结束 {SALES} "))
    assert sum("请在 11:30 前提交纪要" in answer for answer in ended) == 1
    assert sum("没有改动" in answer for answer in ended) == 2
    text = f"纪要 {SALES} 一、回款。"
    handed = at_once(office, ("su", text), ("su", f"{text} "), ("lin", text))
    assert sum(answer.startswith("纪要已收到（按时）") for answer in handed) == 1
    assert sum("内容相同，没有改动" in answer for answer in handed) == 2
    decided = at_once(office, *[("lin", f"决议 {SALES} 第{at}件 责任人=许专员 截止=12月4日") for at in range(3)])
    assert len({answer.split("：")[0] for answer in decided}) == 3
    task = "RW-20261124-0001"
    accepted = at_once(office, ("xu", f"接受 {task}"), ("xu", f"接受任务 {task}"))
    assert sorted(answer.startswith("已接受") for answer in accepted) == [False, True]

    acts = office.acts()
    assert [acts.count(act) for act in ("meeting.begun", "meeting.ended", "minutes.given", "task.accepted")] == [1] * 4
    assert acts.count("minutes.revised") == 0
