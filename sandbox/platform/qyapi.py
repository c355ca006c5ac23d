"""/cgi-bin/*: what the product calls (wecom-facts 3 to 8), strict where WeCom is."""

from __future__ import annotations

import json
import re
import socket
import time
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, request

from sandbox.platform import addressbook
from sandbox.platform.cards import calls_back, take_card
from sandbox.platform.phonecalls import PhoneCalls
from sandbox.platform.refusals import Refused
from sandbox.platform.sending import take_message
from sandbox.platform.traffic import Traffic
from sandbox.platform.weather import Weather
from sandbox.platform.world import RECALL_SECONDS, World

Json = dict[str, Any]
SLOW_SECONDS = 3.0
_WRONG_SECRETS = 5  # then the address is blocked for an hour
_MENU_TYPES = frozenset(
    {
        "click", "view", "scancode_push", "scancode_waitmsg", "pic_sysphoto", "pic_photo_or_album", "pic_weixin",
        "location_select", "view_miniprogram",
    }
)
_MEDIA_MOST = {"image": 10 << 20, "voice": 2 << 20, "video": 10 << 20, "file": 20 << 20}
_ESCAPED = re.compile(rb"\\u[0-9a-fA-F]{4}")


def create_qyapi(world: World, weather: Weather, traffic: Traffic, phones: PhoneCalls) -> Blueprint:
    """Return the API as a blueprint."""
    calls = _Calls(world, weather, phones)
    blueprint = Blueprint("qyapi", __name__, url_prefix="/cgi-bin")
    routes: dict[tuple[str, str], Callable[[], Json | Response]] = {
        ("GET", "gettoken"): calls.gettoken, ("POST", "message/send"): calls.send,
        ("POST", "message/update_template_card"): calls.update_card, ("POST", "message/recall"): calls.recall,
        ("POST", "media/upload"): calls.upload, ("GET", "media/get"): calls.download,
        ("POST", "menu/create"): calls.menu_create, ("GET", "menu/get"): calls.menu_get,
        ("GET", "menu/delete"): calls.menu_delete, ("GET", "auth/getuserinfo"): calls.login,
        ("POST", "pstncc/call"): calls.call, ("POST", "pstncc/getstates"): calls.call_states,
        ("GET", "user/get"): lambda: addressbook.member(world, request.args.get("userid", "")),
        ("GET", "user/list"): lambda: addressbook.members(world, request.args.get("department_id", "")),
        ("GET", "user/simplelist"): lambda: addressbook.members(world, request.args.get("department_id", "")),
        ("GET", "department/list"): lambda: addressbook.departments(world),
        ("GET", "department/simplelist"): lambda: addressbook.departments(world),
        ("GET", "getcallbackip"): lambda: {"errcode": 0, "errmsg": "ok", "ip_list": ["127.0.0.1"]},
    }

    @blueprint.route("/<path:path>", methods=["GET", "POST", "HEAD"])
    def any_call(path: str) -> Response:
        return _answered(world, weather, traffic, path, routes.get((request.method, path)))

    return blueprint


def _answered(
    world: World, weather: Weather, traffic: Traffic, path: str, act: Callable[[], Json | Response] | None
) -> Response:
    began = time.perf_counter()
    body = request.get_data(cache=True)
    lost = False
    try:
        if act is None:
            raise Refused(40035, f"{request.method} {path}")
        lost = _faults(world, weather, path)
        answer = act()
    except Refused as refused:
        answer = refused.to_json()
    response = answer if isinstance(answer, Response) else _json(answer)
    told = {} if isinstance(answer, Response) else answer
    shown = json.loads(body) if body[:1] == b"{" and _is_json(body) else {}
    person = str(shown.get("touser") or shown.get("callee_userid") or "|".join(shown.get("userids") or []) or "")
    traffic.add(
        "api", path, person.split("|")[0].lower(), ms=(time.perf_counter() - began) * 1000,
        status=0 if lost else 200, errcode=int(told.get("errcode", 0)), summary=_summary(path, shown),
        sealed={
            "method": request.method, "url": request.url, "headers": {"Content-Type": request.content_type or ""},
            "body": body[:20_000].decode(errors="replace"),
        },
        opened={
            "request": json.dumps(shown, ensure_ascii=False, indent=1) if shown else "",
            "response": json.dumps(told, ensure_ascii=False),
        },
    )
    if lost:
        _hang_up()
    return response


def _faults(world: World, weather: Weather, path: str) -> bool:
    """Let a fault happen before the call; return whether its answer is to be lost."""
    if path != "gettoken":
        if weather.strikes("address"):
            raise Refused(60020, "from ip: 127.0.0.1")
        if weather.strikes("token"):
            world.expire_tokens()
    if weather.strikes("busy"):
        raise Refused(-1)
    if weather.strikes("quota"):
        raise Refused(45009)
    if weather.strikes("slow"):
        world.clock.sleep(SLOW_SECONDS)
    if path != "gettoken":
        world.check_token(request.args.get("access_token"))
    return weather.strikes("lost")


def _hang_up() -> None:
    request.environ["sandbox.lost"] = True  # whoever calls without a socket looks here
    connection = request.environ.get("werkzeug.socket")
    if connection is not None:
        connection.shutdown(socket.SHUT_RDWR)


def _json(answer: Json) -> Response:
    return Response(json.dumps(answer, ensure_ascii=False), mimetype="application/json")


def _is_json(body: bytes) -> bool:
    try:
        return isinstance(json.loads(body), dict)
    except ValueError:
        return False


def _summary(path: str, body: Json) -> str:
    kind = str(body.get("msgtype", ""))
    content = body.get(kind)
    if kind == "text" and isinstance(content, dict):
        return f"text {content.get('content', '')}"
    card = body.get("template_card")
    if isinstance(card, dict):
        title = (card.get("main_title") or {}).get("title", "")
        return f"template_card {title} {card.get('replace_text', '')}".strip()
    return kind or path


def _ok(**more: object) -> Json:
    return {"errcode": 0, "errmsg": "ok", **more}


class _Calls:
    def __init__(self, world: World, weather: Weather, phones: PhoneCalls) -> None:
        self._world = world
        self._weather = weather
        self._phones = phones

    def gettoken(self) -> Json:
        """Give the token; a wrong secret several times blocks the address."""
        config = self._world.config
        corp_id, secret = request.args.get("corpid"), request.args.get("corpsecret")
        if not corp_id:
            raise Refused(41002)
        if not secret:
            raise Refused(41004)
        if self._world.wrong_secrets >= _WRONG_SECRETS:
            raise Refused(45009)
        if corp_id != config.corp_id:
            raise Refused(40013)
        if secret != config.secret:
            self._world.wrong_secrets += 1
            raise Refused(40001)
        return _ok(access_token=self._world.new_token(), expires_in=7200)

    def send(self) -> Json:
        """Take a message for members."""
        world, raw = self._world, request.get_data()
        body = self._body(raw)
        message = take_message(body, world.media)
        wanted = [name for name in str(body.get("touser") or "").split("|") if name]
        if body.get("touser") == "@all":
            wanted = [member.userid for member in world.config.members]
        if not wanted and not body.get("toparty") and not body.get("totag"):
            raise Refused(82001)
        if len(wanted) > 1000:
            raise Refused(40032)
        found = [name.lower() for name in wanted if name.lower() in world.members]
        invalid = [name.lower() for name in wanted if name.lower() not in world.members]
        if not found:
            raise Refused(81013)
        answer = _ok(invaliduser="|".join(invalid), invalidparty="", invalidtag="", msgid=f"msg-{world.serial()}")
        if body.get("enable_duplicate_check"):
            interval = min(float(body.get("duplicate_check_interval") or 1800), 14400)
            if world.is_duplicate(raw, interval):
                return answer
        card = message.get("card")
        if card is not None and card.get("task_id"):
            message["task_id"] = card["task_id"]
            message["card_state"] = "live" if calls_back(card) else "updated"
            self._new_task(card["task_id"])
        world.taken(raw)
        targets: dict[str, int] = {}
        for userid in found:
            if world.may_show(userid):
                targets[userid] = world.say(userid, "out", "send", msgid=answer["msgid"], **message)["id"]
        if card is not None and calls_back(card):
            answer["response_code"] = world.new_code(targets, "send")
        return answer

    def _new_task(self, task_id: str) -> None:
        for chat in self._world.chats.values():
            if any(one.get("task_id") == task_id for one in chat):
                raise Refused(40058, "task_id not unique")

    def update_card(self) -> Json:
        """Change a card by a response code."""
        world, weather = self._world, self._weather
        body = self._body(request.get_data())
        code = body.get("response_code")
        if not code:
            raise Refused(40063, "response_code")
        button, card = body.get("button"), body.get("template_card")
        if (button is None) == (card is None):
            raise Refused(40058, "button or template_card")
        if not body.get("userids") and not body.get("atall"):
            raise Refused(82001)
        shown = take_card(card, sent=False) if card is not None else None
        kept = world.codes.get(str(code))
        if kept is not None and kept["kind"] == "send" and weather.readings["update_card_type"] == "tap":
            raise Refused(60140)
        targets = world.use_code(str(code))["targets"]
        wanted = [str(name).lower() for name in body.get("userids") or []] or list(targets)
        invalid = [name for name in wanted if name not in world.members]
        for userid in wanted:
            message = world.message(userid, targets.get(userid, -1))
            if message is None:
                continue
            if button is not None:
                world.change(userid, message, card_state="dead", replace_text=str(button.get("replace_name", "")))
            elif shown is not None:
                put_card(world, weather, userid, message, shown)
        return _ok(invaliduser=invalid)

    def recall(self) -> Json:
        """Take a message back within 24 h."""
        world = self._world
        msgid = self._body(request.get_data()).get("msgid")
        found = False
        for userid, chat in world.chats.items():
            for message in chat:
                if message.get("msgid") == msgid:
                    if world.seconds() - message["machine"] > RECALL_SECONDS:
                        raise Refused(40035, "too late")
                    world.change(userid, message, recalled=True, card_state="dead")
                    found = True
        if not found:
            raise Refused(40035, "msgid")
        return _ok()

    def upload(self) -> Json:
        """Keep a media file."""
        kind = request.args.get("type", "")
        file = request.files.get("media")
        if kind not in _MEDIA_MOST:
            raise Refused(40004)
        content = file.read() if file is not None else b""
        if len(content) <= 5:
            raise Refused(44001)
        if len(content) > _MEDIA_MOST[kind]:
            raise Refused(45001)
        assert file is not None
        media_id = self._world.keep_media(kind, file.filename or "file", content)
        return _ok(type=kind, media_id=media_id, created_at=str(int(self._world.seconds())))

    def download(self) -> Response:
        """Give a media file."""
        about, content = self._world.media_of(request.args.get("media_id", ""))
        name = about["name"].encode().decode("latin-1", errors="replace").replace('"', "")
        return Response(
            content, content_type="application/octet-stream",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    def menu_create(self) -> Json:
        """Keep the app's menu."""
        self._agent(request.args.get("agentid"))
        body = self._body(request.get_data(), agent=False)
        tops = body.get("button")
        if not isinstance(tops, list) or not 1 <= len(tops) <= 3:
            raise Refused(40016)
        for top in tops:
            subs = top.get("sub_button")
            if not 0 < len(str(top.get("name", "")).encode()) <= 16:
                raise Refused(40018)
            if subs is None:
                self._entry(top, 16)
            elif not 1 <= len(subs) <= 5:
                raise Refused(40016)
            for sub in subs or ():
                self._entry(sub, 40)
        with self._world.lock:
            self._world.menu = body
            self._world.changes += 1
        self._world.events.push("menu")
        return _ok()

    @staticmethod
    def _entry(entry: Json, most: int) -> None:
        if entry.get("type") not in _MENU_TYPES:
            raise Refused(40017)
        if not 0 < len(str(entry.get("name", "")).encode()) <= most:
            raise Refused(40018)
        if entry["type"] == "view":
            if not 0 < len(str(entry.get("url", "")).encode()) <= 1024:
                raise Refused(40020)
        elif not 0 < len(str(entry.get("key", "")).encode()) <= 128:
            raise Refused(40019)

    def menu_get(self) -> Json:
        """Give the menu back."""
        if self._world.menu is None:
            raise Refused(46003)
        return _ok(**self._world.menu)

    def menu_delete(self) -> Json:
        """Drop the menu."""
        self._world.menu = None
        self._world.events.push("menu")
        return _ok()

    def login(self) -> Json:
        """Tell whose code this is, once within five minutes."""
        kept = self._world.logins.pop(request.args.get("code", ""), None)
        if kept is None or kept[1] < self._world.seconds():
            raise Refused(40029)
        return _ok(userid=kept[0])

    def call(self) -> Json:
        """Let phones ring."""
        world = self._world
        wanted = self._body(request.get_data(), agent=False).get("callee_userid")
        if not isinstance(wanted, list) or not wanted:
            raise Refused(40063, "callee_userid")
        states = []
        for userid in wanted:
            key = str(userid).lower()
            if key not in world.members:
                states.append({"code": 60111, "callid": "", "userid": userid})
                continue
            states.append({"code": 0, "callid": self._phones.ring(key)["callid"], "userid": userid})
        return _ok(states=states)

    def call_states(self) -> Json:
        """Tell how a call stands."""
        body = self._body(request.get_data(), agent=False)
        call = self._phones.of(str(body.get("callee_userid", "")).lower())
        if call is None or call["callid"] != body.get("callid"):
            raise Refused(40058, "callid")
        since = int(call["since"].timestamp())
        return _ok(istalked=int(call["talked"]), calltime=since, talktime=0, reason=call["reason"])

    # -- inside

    def _body(self, raw: bytes, *, agent: bool = True) -> Json:
        if _ESCAPED.search(raw):
            raise Refused(40035, "characters escaped as \\u are not taken")
        try:
            body = json.loads(raw)
        except ValueError:
            raise Refused(40035, "no JSON") from None
        if not isinstance(body, dict):
            raise Refused(40035, "no object")
        if agent and "msgid" not in body:
            self._agent(body.get("agentid"))
        return body

    def _agent(self, agent_id: object) -> None:
        if agent_id is None:
            raise Refused(41011)
        if str(agent_id) != str(self._world.config.agent_id):
            raise Refused(301002)


def put_card(world: World, weather: Weather, userid: str, message: Json, card: Json) -> None:
    """Show a new face of a card on one phone."""
    task_id = card.get("task_id") or (
        message.get("task_id") if weather.readings["task_id_after_update"] == "keep" else None
    )
    dead = bool(card.get("replace_text"))
    world.change(
        userid, message, card=card, task_id=task_id, card_state="dead" if dead else "updated",
        replace_text=card.get("replace_text"),
    )
