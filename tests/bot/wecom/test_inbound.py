"""Every payload shape of wecom-facts 2 as a typed value; one fixture per shape, none left unread."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wecom import approval_events, contact_events, events, received
from bot.wecom.events import EVENTS
from bot.wecom.inbound import EPOCH, parse
from bot.wecom.received import Inbound
from bot.wecom.xml import Fields, Value
from tests.bot.wecom import desk

TAP = "approval.approve.1|CG-20261123-0001|1|0|1"
CASES: dict[str, tuple[type[Inbound], dict[str, Any]]] = {
    "text": (received.TextMessage, {"content": "采购 服务器 3.5万 扩容"}),
    "text_with_cdata_end": (received.TextMessage, {"content": "a]]>b"}),
    "image": (received.ImageMessage, {"media_id": "media-1", "pic_url": "https://wework.example/pic"}),
    "voice": (received.VoiceMessage, {"media_id": "media-2", "format": "amr", "recognition": ""}),
    "voice_recognized": (received.VoiceMessage, {"media_id": "media-2", "format": "amr", "recognition": "待办"}),
    "video": (received.VideoMessage, {"media_id": "media-3", "thumb_media_id": "thumb-3"}),
    "location": (
        received.LocationMessage,
        {"latitude": 23.134521, "longitude": 113.358803, "scale": 20.0, "label": "广州市海珠区", "app_type": "wxwork"},
    ),
    "link": (
        received.LinkMessage,
        {
            "title": "标题", "description": "说明", "url": "https://example.com/a?b=1&c=2",
            "pic_url": "https://example.com/p.png",
        },
    ),
    "file": (received.FileMessage, {"media_id": "media-4", "name": "合同.pdf"}),
    "unknown_message": (received.Unknown, {"name": "sticker"}),
    "subscribe_without_event_key": (events.Subscribed, {}),
    "unsubscribe": (events.Unsubscribed, {}),
    "enter_agent": (events.EnteredAgent, {}),
    "location_reported": (
        events.LocationReported,
        {"latitude": 23.104, "longitude": 113.32, "precision": 65.0, "app_type": "wxwork"},
    ),
    "click": (events.MenuClick, {"key": "todo"}),
    "view": (events.MenuView, {"target": "https://example.com/h5/todo", "mini_program": False}),
    "view_miniprogram": (events.MenuView, {"target": "/pages/index", "mini_program": True}),
    "scancode_push": (
        events.Scanned, {"key": "6", "scan_type": "qrcode", "result": "JL-20261123-0001", "waits": False}
    ),
    "scancode_waitmsg": (
        events.Scanned, {"key": "7", "scan_type": "qrcode", "result": "JL-20261123-0001", "waits": True}
    ),
    "pic_sysphoto": (
        events.PicturesPicked,
        {"event": "pic_sysphoto", "key": "6", "count": 1, "md5": ("1b5f7c23b5bf75682a53e7b6d163e185",)},
    ),
    "pic_photo_or_album_several_items": (
        events.PicturesPicked,
        {
            "event": "pic_photo_or_album", "key": "6", "count": 2,
            "md5": ("1b5f7c23b5bf75682a53e7b6d163e185", "5a75aaca956d97be686719218f275c6b"),
        },
    ),
    "pic_weixin_several_lists": (
        events.PicturesPicked,
        {
            "event": "pic_weixin", "key": "6", "count": 2,
            "md5": ("1b5f7c23b5bf75682a53e7b6d163e185", "5a75aaca956d97be686719218f275c6b"),
        },
    ),
    "location_select": (
        events.LocationPicked,
        {
            "key": "6", "latitude": 23.0, "longitude": 113.0, "scale": 15.0, "label": "广州市海珠区客村",
            "poi": "客村站", "app_type": "wxwork",
        },
    ),
    "batch_job_result": (
        events.BatchJobResult,
        {
            "job_id": "S0MrnndvRG5fadSlLwiBqiDDbM143UqTmKP3152FZk4", "job_type": "sync_user", "err_code": 0,
            "err_msg": "ok",
        },
    ),
    "template_card_event_button": (
        events.CardTap,
        {
            "key": TAP, "task_id": "task-1", "card_type": "button_interaction", "response_code": "code-1",
            "selected": {}, "from_menu": False,
        },
    ),
    "template_card_event_button_with_selection": (
        events.CardTap,
        {
            "key": "approval.reject.1|CG-20261123-0001|1|0|1", "task_id": "task-1",
            "card_type": "button_interaction", "response_code": "code-2", "selected": {"reason": ("budget",)},
            "from_menu": False,
        },
    ),
    "template_card_event_vote_several": (
        events.CardTap,
        {
            "key": "submit", "task_id": "task-1", "card_type": "vote_interaction", "response_code": "code-3",
            "selected": {"q1": ("o1", "o2")}, "from_menu": False,
        },
    ),
    "template_card_event_multiple_questions": (
        events.CardTap,
        {
            "key": "submit", "task_id": "task-1", "card_type": "multiple_interaction", "response_code": "code-4",
            "selected": {"q1": ("o1",), "q2": ("o7",)}, "from_menu": False,
        },
    ),
    "template_card_event_empty_selection": (
        events.CardTap,
        {
            "key": "submit", "task_id": "task-1", "card_type": "vote_interaction", "response_code": "code-5",
            "selected": {}, "from_menu": False,
        },
    ),
    "template_card_menu_event": (
        events.CardTap,
        {
            "key": "mute", "task_id": "task-1", "card_type": "text_notice", "response_code": "code-6",
            "selected": {}, "from_menu": True,
        },
    ),
    "taskcard_click": (events.TaskCardClick, {"key": "key111", "task_id": "taskid111"}),
    "share_agent_change": (events.ShareChanged, {"event": "share_agent_change"}),
    "share_chain_change": (events.ShareChanged, {"event": "share_chain_change"}),
    "inactive_alert": (events.AppActivity, {"event": "inactive_alert", "effect_time": 1795500000}),
    "low_active_alert": (events.AppActivity, {"event": "low_active_alert", "effect_time": 1795500000}),
    "close_inactive_agent": (events.AppActivity, {"event": "close_inactive_agent", "effect_time": None}),
    "reopen_inactive_agent": (events.AppActivity, {"event": "reopen_inactive_agent", "effect_time": None}),
    "low_active": (events.AppActivity, {"event": "low_active", "effect_time": None}),
    "active_restored": (events.AppActivity, {"event": "active_restored", "effect_time": None}),
    "unknown_event": (received.Unknown, {"name": "event:brand_new_event"}),
    "change_contact_create_party": (
        contact_events.DepartmentChanged,
        {"change": "create", "department": 2, "name": "华东区", "parent": 1, "order": 1},
    ),
    "change_contact_update_party": (
        contact_events.DepartmentChanged,
        {"change": "update", "department": 2, "name": "华东大区", "parent": 1, "order": None},
    ),
    "change_contact_delete_party": (
        contact_events.DepartmentChanged,
        {"change": "delete", "department": 2, "name": None, "parent": None, "order": None},
    ),
    "change_contact_update_tag": (
        contact_events.TagChanged,
        {
            "tag": 1, "users_added": ("zhangsan", "lisi"), "users_removed": ("zhangsan1", "lisi1"),
            "departments_added": (1, 2), "departments_removed": (3, 4),
        },
    ),
    "change_contact_unknown_change": (received.Unknown, {"name": "event:change_contact:merge_party"}),
}
IN_THEIR_OWN_TEST = {
    "change_contact_create_user", "change_contact_update_user_only_the_id",
    "change_contact_update_user_departments_emptied", "change_contact_delete_user", "sys_approval_change",
    "open_approval_change",
}


@pytest.mark.parametrize("name", CASES)
def test_each_payload_becomes_its_typed_value(name: str) -> None:
    kind, said = CASES[name]
    value = desk.event(name)
    assert type(value) is kind
    assert desk.shown(value) == said


def test_every_fixture_is_read_by_a_test() -> None:
    assert {path.stem for path in desk.FIXTURES.glob("*.xml")} == set(CASES) | IN_THEIR_OWN_TEST


def test_every_event_we_name_has_a_fixture_and_the_documented_26_are_among_them() -> None:
    documented = {
        "subscribe", "unsubscribe", "enter_agent", "location", "batch_job_result", "change_contact", "click", "view",
        "view_miniprogram", "scancode_push", "scancode_waitmsg", "pic_sysphoto", "pic_photo_or_album", "pic_weixin",
        "location_select", "open_approval_change", "share_agent_change", "share_chain_change", "template_card_event",
        "template_card_menu_event", "inactive_alert", "close_inactive_agent", "reopen_inactive_agent",
        "low_active_alert", "low_active", "active_restored",
    }
    assert len(documented) == 26
    assert documented | {"taskcard_click", "sys_approval_change"} == EVENTS
    seen = {str(desk.fields(path.stem).get("Event", "")).lower() for path in desk.FIXTURES.glob("*.xml")}
    assert seen >= EVENTS


class TestWhatAllShare:
    def test_sender_time_app_and_number_of_a_message(self) -> None:
        value = desk.event("text")
        assert (value.sender, value.sender_id, value.kind) == ("ZhangSan", "zhangsan", "text")
        assert value.created == datetime.fromtimestamp(1795400000, UTC)
        assert (value.agent_id, value.msg_id) == ("1000002", "4561255354251345929")
        assert value.fields == desk.fields("text")

    def test_an_event_has_no_number_and_an_address_book_event_no_app(self) -> None:
        value = desk.event("change_contact_delete_user")
        assert (value.sender, value.agent_id, value.msg_id) == ("sys", "", "")
        assert value.kind == "event:change_contact"

    def test_an_approval_event_carries_the_approval_apps_id(self) -> None:
        assert desk.event("sys_approval_change").agent_id == "3010040"

    @pytest.mark.parametrize("spelled", ["LOCATION", "location", "Location"])
    def test_event_names_are_matched_without_case(self, spelled: str) -> None:
        assert isinstance(parse({**desk.fields("location_reported"), "Event": spelled}), events.LocationReported)

    @pytest.mark.parametrize("stamp", ["", "soon", "-5", "1e9", "９", "9" * 30])
    def test_a_time_that_is_none_becomes_1970(self, stamp: str) -> None:
        assert parse({**desk.fields("text"), "CreateTime": stamp}).created == EPOCH

    @pytest.mark.parametrize("name", [*CASES, *sorted(IN_THEIR_OWN_TEST)])
    def test_an_event_that_lacks_everything_else_still_has_its_type(self, name: str) -> None:
        whole = desk.fields(name)
        bare: Fields = {key: whole[key] for key in ("MsgType", "Event", "ChangeType") if key in whole}
        assert type(parse(bare)) is type(parse(whole))

    def test_the_name_of_an_endless_event_is_cut_for_the_log(self) -> None:
        value = parse({"MsgType": "event", "Event": "x" * 500})
        assert isinstance(value, received.Unknown)
        assert len(value.name) == len(value.kind) == 64


values = st.recursive(
    st.text(max_size=8),
    lambda inner: st.dictionaries(st.sampled_from(["item", "UserId", "Details", "PicList"]), inner, max_size=3)
    | st.lists(inner.filter(lambda each: not isinstance(each, list)), min_size=2, max_size=3),
    max_leaves=6,
)


@given(
    st.sampled_from(sorted(EVENTS)),
    st.dictionaries(
        st.sampled_from(
            [
                "EventKey", "SelectedItems", "SendPicsInfo", "SendLocationInfo", "ScanCodeInfo", "BatchJob",
                "ApprovalInfo", "ExtAttr", "Department", "ChangeType", "Id", "TagId", "Status", "CreateTime",
                "FromUserName", "AgentID", "MsgId", "Latitude", "EffectTime",
            ]
        ),
        values,
        max_size=8,
    ),
)
def test_no_nesting_where_text_was_expected_makes_parsing_raise(event: str, odd: dict[str, Value]) -> None:
    assert isinstance(parse({"MsgType": "event", "Event": event, **odd}), Inbound)


class TestMembers:
    def test_a_new_member_with_everything(self) -> None:
        value = desk.event("change_contact_create_user")
        assert isinstance(value, contact_events.MemberChanged)
        said = desk.shown(value)
        flat = said.pop("values")
        assert flat["Mobile"] == "11111111111"
        assert "ExtAttr" not in flat
        assert said == {
            "change": "create", "userid": "ZhangSan", "new_userid": "", "name": "张三", "departments": (1, 2, 3),
            "main_department": 1, "leads": (True, False, False), "direct_leaders": ("LiSi", "WangWu"),
            "position": "产品经理", "status": 1,
            "extra": (
                contact_events.ExtraAttribute("爱好", 0, "旅游"),
                contact_events.ExtraAttribute("主页", 1, "https://work.example.com", "企业微信"),
            ),
        }

    def test_an_update_says_only_what_changed(self) -> None:
        value = desk.event("change_contact_update_user_only_the_id")
        assert isinstance(value, contact_events.MemberChanged)
        assert (value.change, value.userid, value.new_userid) == ("update", "ZhangSan", "zhangsan001")
        assert [value.name, value.departments, value.leads, value.status, value.position] == [None] * 5

    def test_emptied_and_not_said_are_told_apart(self) -> None:
        value = desk.event("change_contact_update_user_departments_emptied")
        assert isinstance(value, contact_events.MemberChanged)
        assert (value.departments, value.leads, value.status) == ((), None, 5)

    def test_a_deleted_member_has_an_id(self) -> None:
        value = desk.event("change_contact_delete_user")
        assert isinstance(value, contact_events.MemberChanged)
        assert (value.change, value.userid) == ("delete", "ZhangSan")


class TestApprovals:
    def test_the_built_in_approval_with_steps_comments_and_cause(self) -> None:
        detail, step = approval_events.ApproverDetail, approval_events.ApprovalStep
        value = desk.event("sys_approval_change")
        assert isinstance(value, approval_events.SystemApprovalChanged)
        assert desk.shown(value) == {
            "number": "202611240001", "name": "采购申请", "status": 1,
            "template_id": "3TkZjxugodbqpEMk9j7X6h6zKqYkc7MxQrrFmT7H", "applied_at": 1795390000,
            "applicant": "ZhangSan", "applicant_department": "2",
            "steps": (
                step(2, 1, (detail("LiSi", "同意", 2, 1795395000), detail("WangWu", "", 1, 0))),
                step(1, 2, (detail("ZhaoLiu", "", 1, 0),)),
            ),
            "notified": ("SunQi",),
            "comments": (approval_events.ApprovalComment("LiSi", 1795396000, "请补发票", "7629611422983"),),
            "cause": 2,
        }

    def test_an_older_payload_without_the_number_as_text(self) -> None:
        fields = desk.fields("sys_approval_change")
        told = fields["ApprovalInfo"]
        assert isinstance(told, dict)
        del told["SpNoStr"]
        value = parse(fields)
        assert isinstance(value, approval_events.SystemApprovalChanged)
        assert value.number == "202611240001"

    def test_the_flow_engines_approval_with_its_nodes(self) -> None:
        item = approval_events.OpenApprovalItem
        value = desk.event("open_approval_change")
        assert isinstance(value, approval_events.OpenApprovalChanged)
        assert desk.shown(value) == {
            "number": "CG-20261124-0001", "name": "付款", "template_id": "1234567111", "status": 1,
            "applied_at": 1795390000, "applicant": "ZhangSan", "applicant_name": "张三",
            "applicant_department": "产品部",
            "nodes": (
                approval_events.OpenApprovalNode(
                    1, 1, 1,
                    (item("李四", "LiSi", 1, "", 0), item("王五", "WangWu", 2, "可以", 1795395000)),
                ),
            ),
            "notified": ("SunQi",), "step": 0,
        }
