"""What the page's test bed shows: the sample company, a few chats with every kind of message, traffic, stories."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

DEPARTMENTS: list[Json] = [
    {"id": "records", "name": "业务记录部", "head": "zhou"},
    {"id": "sales", "name": "销售部", "head": "lin"},
    {"id": "procurement", "name": "采购部", "head": "he"},
    {"id": "rd", "name": "研发部", "head": "gao"},
    {"id": "finance", "name": "财务部", "head": "qian"},
    {"id": "office", "name": "总经办", "head": "zhao"},
]

_PEOPLE = (
    ("zhou", "周总监", "records", "业务记录总监"),
    ("wu", "吴主管", "records", "记录主管"),
    ("zheng", "郑专员", "records", "记录专员"),
    ("lin", "林总监", "sales", "销售总监"),
    ("su", "苏主管", "sales", "华东区主管"),
    ("xu", "许专员", "sales", "客户专员"),
    ("he", "何总监", "procurement", "采购总监"),
    ("pan", "潘主管", "procurement", "采购主管"),
    ("gao", "高总监", "rd", "研发总监"),
    ("luo", "罗主管", "rd", "运维主管"),
    ("wei", "魏工", "rd", "工程师"),
    ("qian", "钱总监", "finance", "财务总监"),
    ("song", "宋主管", "finance", "财务主管"),
    ("zhao", "赵总", "office", "总经理"),
    ("yan", "严副总", "office", "副总经理"),
)


def people() -> list[Json]:
    """Return the people, nobody with unread messages but su."""
    return [
        {
            "userid": userid,
            "name": name,
            "department": department,
            "title": title,
            "grade": "specialist",
            "unread": 2 if userid == "su" else 0,
        }
        for userid, name, department, title in _PEOPLE
    ]


MENU: list[Json] = [
    {
        "name": "发起",
        "sub_button": [
            {"type": "click", "name": "采购", "key": "start:purchase"},
            {"type": "click", "name": "记一笔", "key": "start:record"},
            {"type": "click", "name": "会议", "key": "start:meeting"},
        ],
    },
    {"name": "待办", "type": "click", "key": "todo"},
    {
        "name": "更多",
        "sub_button": [
            {"type": "view", "name": "我的记录", "url": "/page"},
            {"type": "click", "name": "帮助", "key": "help"},
        ],
    },
]

SIGN_CARD: Json = {
    "card_type": "button_interaction",
    "source": {"desc": "采购 · 待您审批", "desc_color": 0},
    "action_menu": {
        "desc": "更多操作",
        "action_list": [{"text": "转交他人", "key": "menu:forward"}, {"text": "问一句", "key": "menu:ask"}],
    },
    "main_title": {"title": "服务器", "desc": "许专员 · 销售部 · 11月23日 14:05"},
    "horizontal_content_list": [
        {"keyname": "编号", "value": "CG-20261123-0001"},
        {"keyname": "金额", "value": "¥35,000.00"},
        {"keyname": "大写", "value": "叁万伍仟元整"},
        {"keyname": "顺序", "value": "您 → 钱总监 → 赵总"},
        {"keyname": "依据", "value": "制度三（一）、四（一）"},
        {"type": 1, "keyname": "全文", "value": "打开卡片页", "url": "/page"},
    ],
    "sub_title_text": "事由：扩容",
    "button_selection": {
        "question_key": "reason",
        "title": "原因（退回、驳回时选）",
        "option_list": [
            {"id": "none", "text": "请选择"},
            {"id": "amount", "text": "金额有误"},
            {"id": "basis", "text": "依据不足"},
            {"id": "budget", "text": "不在预算内"},
            {"id": "other", "text": "其他（发文字说明）"},
        ],
    },
    "button_list": [
        {"text": "同意", "style": 1, "key": "approve"},
        {"text": "退回补充", "style": 2, "key": "return"},
        {"text": "驳回", "style": 3, "key": "reject"},
    ],
    "task_id": "CG-20261123-0001@su",
}

SIGNED_CARD: Json = {
    **{key: SIGN_CARD[key] for key in ("card_type", "horizontal_content_list", "task_id")},
    "source": {"desc": "采购 · 已同意", "desc_color": 3},
    "main_title": {"title": "服务器", "desc": "已同意 · 苏主管 · 11月23日 14:07"},
    "sub_title_text": "现在由 钱总监 审批",
    "replace_text": "已同意",
}

ALARM_CARD: Json = {
    "card_type": "button_interaction",
    "source": {"desc": "紧急告警", "desc_color": 2},
    "main_title": {"title": "数据库无法连接", "desc": "魏工 · 研发部"},
    "horizontal_content_list": [
        {"keyname": "编号", "value": "GJ-20261123-0001"},
        {"type": 3, "keyname": "上报", "value": "魏工", "userid": "wei"},
        {"keyname": "下一位", "value": "高总监 14:11"},
    ],
    "button_list": [{"text": "收到", "style": 1, "key": "ack"}, {"text": "转交他人", "style": 4, "key": "hand"}],
    "task_id": "GJ-1@zhao",
}

VOTE_CARD: Json = {
    "card_type": "vote_interaction",
    "source": {"desc": "问卷 · WJ-20261123-0001", "desc_color": 1},
    "main_title": {"title": "上周的纪要对您有帮助吗", "desc": "11月24日 18:00 截止"},
    "checkbox": {
        "question_key": "useful",
        "mode": 1,
        "option_list": [{"id": "a", "text": "很有帮助"}, {"id": "b", "text": "一般"}, {"id": "c", "text": "太长了"}],
    },
    "submit_button": {"text": "提交", "key": "vote"},
    "task_id": "WJ-1@zhao",
}

SELECT_CARD: Json = {
    "card_type": "multiple_interaction",
    "source": {"desc": "会议 · 待确认", "desc_color": 0},
    "main_title": {"title": "销售月会", "desc": "请选会议室和时间"},
    "select_list": [
        {
            "question_key": "room",
            "title": "会议室",
            "option_list": [{"id": "r1", "text": "一号"}, {"id": "r2", "text": "二号"}],
        },
        {
            "question_key": "time",
            "title": "时间",
            "selected_id": "t2",
            "option_list": [{"id": "t1", "text": "09:30"}, {"id": "t2", "text": "14:00"}],
        },
    ],
    "submit_button": {"key": "choose"},
    "task_id": "HY-1@zhao",
}

NOTICE_CARD: Json = {
    "card_type": "text_notice",
    "source": {"desc": "周报 · 销售部", "desc_color": 3},
    "main_title": {"title": "上周录入量", "desc": "11月16日 至 11月22日"},
    "emphasis_content": {"title": "128 件", "desc": "比前四周平均多 12%"},
    "quote_area": {
        "type": 1,
        "url": "/page",
        "title": "制度二（三）",
        "quote_text": "客户服务记录须在当日录入，逾期计入考核。",
    },
    "horizontal_content_list": [
        {"keyname": "华东", "value": "72 件"},
        {"keyname": "总部", "value": "56 件，其中两件逾期未完结，请尽快处理"},
    ],
    "jump_list": [{"type": 1, "title": "看全部", "url": "/page"}],
    "card_action": {"type": 1, "url": "/page"},
    "cut": {
        "horizontal_content_list[1].value": "56 件，其中两件逾期未完结，请尽快处理；负责人许专员、苏主管，见附件。"
    },
}

HOSTILE = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script><b>粗</b>'


def _message(number: int, at: str, direction: str, kind: str, **more: Any) -> Json:
    via = "member" if direction == "in" else "send"
    return {"id": number, "at": f"2026-11-23T{at}:00+08:00", "direction": direction, "via": via, "type": kind, **more}


def chats() -> dict[str, list[Json]]:
    """Return the messages each person begins with."""
    told = (
        "已提交采购 CG-20261123-0001\n服务器 · ¥35,000.00（叁万伍仟元整）\n事由：扩容\n"
        "签字顺序：苏主管 → 钱总监 → 赵总\n现在由 苏主管 审批。\n"
        '撤回请发"撤回 CG-20261123-0001"，提醒请发"催办 CG-20261123-0001"（每天最多 3 次）。'
    )
    morning = (
        "早上好，苏主管。今天 11月23日 周一\n待您处理 1 · 逾期 0 · 本周到期 1\n"
        "1. 采购 CG-20261120-0003 显示器 ¥8,000.00，待您审批（周五 16:20 送达）\n"
        '发"待办"看全部。09:30 周会。'
    )
    return {
        "xu": [
            _message(1, "13:58", "in", "text", text="采够 服务器 三万五"),
            _message(
                2,
                "13:58",
                "out",
                "text",
                via_reply=True,
                text='没看懂"采够"，您是要发"采购"吗？金额按 ¥35,000.00 理解，还缺事由。\n'
                "请补上事由后发送：\n采购 服务器 35000 事由=",
            ),
            _message(3, "14:05", "in", "text", text="采购 服务器 3.5万 扩容"),
            _message(4, "14:05", "out", "text", text=told),
            _message(
                5,
                "14:05",
                "in",
                "file",
                file={"name": "服务器报价.pdf", "url": "/sandbox/api/media/quote", "size": 184320},
            ),
            _message(6, "14:05", "out", "text", text='已附到 CG-20261123-0001。<a href="/page">查看附件</a>'),
        ],
        "su": [
            _message(11, "09:00", "out", "text", text=morning),
            _message(
                12, "14:05", "out", "template_card", card=SIGN_CARD, task_id=SIGN_CARD["task_id"], card_state="live"
            ),
        ],
        "zhao": [
            _message(21, "09:05", "out", "template_card", card=NOTICE_CARD),
            _message(22, "10:30", "out", "template_card", card=VOTE_CARD, task_id="WJ-1@zhao", card_state="live"),
            _message(23, "11:00", "out", "template_card", card=SELECT_CARD, task_id="HY-1@zhao", card_state="live"),
            _message(24, "13:40", "out", "text", text="这条会被撤回", recalled=True),
            _message(25, "14:05", "out", "template_card", card=ALARM_CARD, task_id="GJ-1@zhao", card_state="live"),
        ],
        "wei": [
            _message(31, "10:00", "out", "text", text=HOSTILE),
            _message(32, "10:00", "out", "text", text='<a href="javascript:window.hacked=1">点我</a>'),
            _message(
                33,
                "10:01",
                "out",
                "template_card",
                card={**SIGN_CARD, "main_title": {"title": HOSTILE, "desc": HOSTILE}},
                card_state="live",
            ),
            _message(
                34,
                "10:02",
                "out",
                "markdown",
                text='## 周报\n**128** 件 <font color="warning">两件逾期</font>\n> 引用\n' + HOSTILE,
            ),
        ],
    }


FAULT_NAMES: list[Json] = [
    {"name": "busy", "label": "系统繁忙"},
    {"name": "token", "label": "令牌失效"},
    {"name": "lost", "label": "应答丢失"},
    {"name": "slow", "label": "很慢"},
    {"name": "quota", "label": "超出频率"},
    {"name": "duplicate", "label": "重复送达"},
    {"name": "disorder", "label": "乱序"},
    {"name": "address", "label": "地址不可信"},
]
READING_NAMES: list[Json] = [
    {
        "name": "both_updates",
        "label": "一次点击后，被动更新之外还能再主动更新卡片",
        "values": [{"value": "yes", "label": "可以"}, {"value": "no", "label": "不可以"}],
    },
    {"name": "task_id_after_update", "label": "更新卡片不带 task_id 时，旧的是否还在", "values": ["keep", "drop"]},
]
STORIES: list[Json] = [
    {"id": "purchase", "title": "一张采购单的一生", "about": "提出、签字、退回、重提、通过", "steps": 6},
    {"id": "night-alarm", "title": "夜里的告警", "about": "无人应答时打电话，再逐级通知", "steps": 9},
    {"id": "monday", "title": "周一早上", "about": "周报、逾期、待办，一屏看完", "steps": 4},
]
STORY_YAML = "title: 演示\nsteps:\n  - who: xu\n    says: 采购 服务器 3.5万 扩容\n"
