"""What members do on their phones: each act becomes a message or event of wecom-facts 2, delivered to the product."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.platform.delivery import Delivery, Outcome, Tapped
from sandbox.platform.journal import Journal
from sandbox.platform.phonecalls import PhoneCalls
from sandbox.platform.weather import Weather
from sandbox.platform.world import World

Json = dict[str, Any]
Selected = Mapping[str, list[str]]


class Impossible(Exception):
    """A person could not do that on a phone; the message says why, for people."""


class Hands:
    """Acts of members. userids in lower case; safe between threads."""

    def __init__(
        self, world: World, weather: Weather, delivery: Delivery, phones: PhoneCalls, journal: Journal
    ) -> None:
        self._world = world
        self._weather = weather
        self._delivery = delivery
        self._phones = phones
        self._journal = journal

    # -- messages

    def text(self, userid: str, content: str) -> Outcome:
        """Write a text."""
        if not content.strip():
            raise Impossible("空的消息发不出去")
        self._world.say(userid, "in", "member", type="text", text=content)
        self._journal.act("say", who=userid, text=content)
        return self._message(userid, MsgType="text", Content=content)

    def voice(self, userid: str, content: str) -> Outcome:
        """Speak; the words go along when the reading says so."""
        media_id = self._world.keep_media("voice", "voice.amr", b"#!AMR\n" + content.encode())
        self._world.say(userid, "in", "member", type="voice", text=content)
        self._journal.act("voice", who=userid, text=content)
        said = {"Recognition": content} if self._weather.readings["voice_text"] == "yes" else {}
        return self._message(userid, MsgType="voice", MediaId=media_id, Format="amr", **said)

    def location(self, userid: str, label: str, latitude: float, longitude: float) -> Outcome:
        """Send where one is."""
        self._world.say(userid, "in", "member", type="location", text=label)
        return self._message(
            userid, MsgType="location", Location_X=f"{latitude:.6f}", Location_Y=f"{longitude:.6f}", Scale="15",
            Label=label, AppType="wxwork",
        )

    def media(self, userid: str, kind: str, name: str, content: bytes) -> Outcome:
        """Send a picture (kind image) or a file."""
        media_id = self._world.keep_media(kind, name, content)
        about = self._world.media[media_id]
        shown = {"name": name, "size": about["size"], "url": about["url"]}
        self._world.say(userid, "in", "member", type=kind, file=shown)
        self._journal.act("picture" if kind == "image" else "file", who=userid, name=name)
        more = {"PicUrl": f"http://127.0.0.1{about['url']}"} if kind == "image" else {"FileName": name}
        return self._message(userid, MsgType=kind, MediaId=media_id, **more)

    # -- events

    def menu(self, userid: str, key: str) -> Outcome:
        """Pick an entry of the app's menu."""
        self._journal.act("menu", who=userid, entry=self._entry_name(key))
        return self._event(userid, Event="click", EventKey=key)

    def enter(self, userid: str) -> Outcome:
        """Open the app's chat."""
        self._journal.act("enter", who=userid)
        return self._event(userid, Event="enter_agent", EventKey="")

    def tap(self, userid: str, message_id: int, key: str, selected: Selected, *, stale: bool = False) -> Outcome:
        """
        Tap a button of a card.

        Args:
            selected: question → ids of the options a person chose; the client adds what it preselects.
            stale: on the card as it was first sent: a client that was away has not seen its updates.
        """
        message, card = self._card(userid, message_id, stale)
        button = next((each for each in _buttons(card) if each["key"] == key), None)
        if button is None or (not stale and message.get("card_state") == "dead"):
            raise Impossible("这张卡片上没有可以点的这个按钮")
        chosen = _selection(card, selected)
        self._journal.act(
            "tap", who=userid, button=button["text"], title=(card.get("main_title") or {}).get("title", ""),
            **({"choose": picked} if (picked := _words_of(card, selected)) else {}),
        )
        return self._tapped(userid, message, card, "template_card_event", key, chosen)

    def card_menu(self, userid: str, message_id: int, key: str) -> Outcome:
        """Pick an entry of a card's menu."""
        message, card = self._card(userid, message_id, stale=False)
        if key not in [each["key"] for each in (card.get("action_menu") or {}).get("action_list", ())]:
            raise Impossible("这张卡片的菜单里没有这一项")
        return self._tapped(userid, message, card, "template_card_menu_event", key, {})

    def call(self, userid: str, callid: str, act: str) -> Outcome:
        """Answer or reject a phone call."""
        if not self._phones.act(userid, callid, act):
            raise Impossible("电话已经不响了")
        self._journal.act("answer" if act == "answer" else "decline", who=userid)
        return Outcome(delivered=True, status=200)

    # -- inside

    def _message(self, userid: str, **fields: Any) -> Outcome:
        # Unique also when the platform has forgotten its numbers and the product has not.
        msg_id = f"{int(self._world.seconds() * 1000)}{self._world.serial() % 1_000_000:06d}"
        return self._delivery.deliver(userid, {**fields, "MsgId": msg_id})

    def _event(self, userid: str, **fields: Any) -> Outcome:
        return self._delivery.deliver(userid, {"MsgType": "event", **fields})

    def _tapped(self, userid: str, message: Json, card: Json, event: str, key: str, chosen: Json) -> Outcome:
        code = self._world.new_code({userid: message["id"]}, "tap")
        fields = {
            "MsgType": "event", "Event": event, "EventKey": key, "TaskId": message.get("task_id") or "",
            "CardType": card["card_type"], "ResponseCode": code, **chosen,
        }
        return self._delivery.deliver(userid, fields, Tapped(message, code))

    def _card(self, userid: str, message_id: int, stale: bool) -> tuple[Json, Json]:
        message = self._world.message(userid, message_id)
        card: Json | None = None if message is None else message.get("card")
        if message is None or card is None or message.get("recalled"):
            raise Impossible("没有这张卡片")
        return message, self._world.first_faces.get(message_id, card) if stale else card

    def _entry_name(self, key: str) -> str:
        menu = self._world.menu or {}
        entries = [each for top in menu.get("button", ()) for each in (top, *top.get("sub_button", ()))]
        return next((str(each["name"]) for each in entries if each.get("key") == key), key)


def _buttons(card: Json) -> list[Json]:
    found = [
        {"text": each["text"], "key": each.get("key")}
        for each in card.get("button_list", ()) if each.get("type", 0) == 0
    ]
    submit = card.get("submit_button")
    if submit:
        found.append({"text": submit.get("text") or "提交", "key": submit["key"]})
    return found


def questions(card: Json) -> list[Json]:
    """Return every question a card asks."""
    asked = [card["button_selection"]] if "button_selection" in card else []
    asked += card.get("select_list", ())
    if "checkbox" in card:
        asked.append(card["checkbox"])
    return asked


def _selection(card: Json, selected: Selected) -> Json:
    items = []
    for question in questions(card):
        known = [str(option["id"]) for option in question["option_list"]]
        chosen = [str(each) for each in selected.get(question["question_key"], ()) if str(each) in known]
        if not chosen and question is card.get("checkbox"):
            chosen = [str(option["id"]) for option in question["option_list"] if option.get("is_checked")]
        elif not chosen:  # missing or wrong: the first counts as selected
            wanted = str(question.get("selected_id", ""))
            chosen = [wanted if wanted in known else known[0]]
        items.append({"QuestionKey": question["question_key"], "OptionIds": {"OptionId": chosen}})
    return {"SelectedItems": {"SelectedItem": items}} if items else {}


def _words_of(card: Json, selected: Selected) -> str:
    for question in questions(card):
        for option in question["option_list"]:
            if str(option["id"]) in [str(each) for each in selected.get(question["question_key"], ())]:
                return str(option["text"])
    return ""
