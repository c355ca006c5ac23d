"""The control API behind the page (/sandbox/api/…), the page itself, and the login of pages opened in a phone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Blueprint, Flask, Response, abort, jsonify, redirect, request, send_from_directory
from werkzeug.exceptions import HTTPException

from sandbox.platform.clock import local
from sandbox.platform.delivery import Outcome
from sandbox.platform.door import guard
from sandbox.platform.hands import Impossible
from sandbox.platform.platform import Platform
from sandbox.platform.player import Player
from sandbox.platform.refusals import Refused
from sandbox.platform.weather import FAULTS, READINGS

PAGE = Path(__file__).resolve().parents[1] / "page"
Json = dict[str, Any]
_FILE_MOST = 20 << 20
_TRAFFIC_MOST = 1000
_HEADERS = {"X-Content-Type-Options": "nosniff", "X-Frame-Options": "SAMEORIGIN", "Cache-Control": "no-store"}


def create_app(platform: Platform, player: Player) -> Flask:
    """Return everything the platform serves: /cgi-bin, /sandbox, /connect."""
    app = platform.app()
    app.config["MAX_CONTENT_LENGTH"] = _FILE_MOST + (1 << 20)
    guard(app, platform.config.page_token)
    app.register_blueprint(_pages(platform))
    app.register_blueprint(_control(platform, player))

    @app.errorhandler(HTTPException)
    def plain(error: HTTPException) -> tuple[Response, int]:
        return jsonify({"error": error.description}), error.code or 500

    return app


def _pages(platform: Platform) -> Blueprint:
    pages = Blueprint("pages", __name__)

    @pages.get("/sandbox")
    def bare() -> Any:
        return redirect("/sandbox/")

    @pages.get("/sandbox/")
    def index() -> Response:
        return _page("index.html")

    @pages.get("/sandbox/static/<path:name>")
    def static_file(name: str) -> Response:
        return _page(name)

    @pages.get("/connect/open")
    def open_page() -> Any:
        return _open_page(platform)

    @pages.get("/connect/oauth2/authorize")
    def authorize() -> Any:
        return _authorize(platform)

    return pages


def _page(name: str) -> Response:
    answer = send_from_directory(PAGE, name, max_age=0)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _open_page(platform: Platform) -> Any:
    """Open an address in somebody's phone: whoever was logged in on this desk before is no more."""
    address = request.args.get("url", "")
    who = request.args.get("phone", "").lower()
    if who not in platform.world.members or urlsplit(address).scheme not in ("http", "https"):
        return Response("打不开这个地址。\n", 400, mimetype="text/plain")
    answer = redirect(address)
    if urlsplit(address).netloc == urlsplit(platform.config.callback_url).netloc:
        for name, path in platform.config.page_cookies:
            answer.delete_cookie(name, path=path)
    answer.set_cookie("phone", who, path="/connect", samesite="Lax", httponly=True)
    return answer


def _authorize(platform: Platform) -> Any:
    """Log the phone's owner in on a page of the product (wecom-facts 7.1)."""
    asked, config = request.args, platform.config
    target = urlsplit(asked.get("redirect_uri", ""))
    who = (asked.get("phone") or request.cookies.get("phone") or "").lower()
    if asked.get("appid") != config.corp_id or target.netloc != urlsplit(config.callback_url).netloc:
        return Response("redirect_uri 参数错误\n", 400, mimetype="text/plain")
    if who not in platform.world.members:
        return Response("请从手机里打开这个页面。\n", 400, mimetype="text/plain")
    code = platform.world.new_login(platform.world.members[who].userid)
    query = urlencode([*parse_qsl(target.query), ("code", code), ("state", asked.get("state", ""))])
    return redirect(target._replace(query=query, fragment="").geturl())


def _control(platform: Platform, player: Player) -> Blueprint:
    api = Blueprint("control", __name__, url_prefix="/sandbox/api")
    _reads(api, platform, player)
    _chat_acts(api, platform)
    _desk_acts(api, platform, player)

    @api.after_request
    def headers(answer: Response) -> Response:
        for name, value in _HEADERS.items():
            answer.headers.setdefault(name, value)
        return answer

    @api.errorhandler(Impossible)
    @api.errorhandler(ValueError)
    def impossible(error: Exception) -> tuple[Response, int]:
        return jsonify({"error": str(error)}), 400

    return api


def _reads(api: Blueprint, platform: Platform, player: Player) -> None:
    world = platform.world

    @api.get("/state")
    def state() -> Response:
        with world.lock:
            people = [
                {
                    "userid": userid, "name": member.name, "department": member.department, "title": member.title,
                    "grade": member.grade, "unread": world.unread[userid],
                }
                for userid, member in world.members.items()
            ]
            return jsonify(
                {
                    "company": {"name": platform.config.company}, **platform.time(),
                    "departments": [
                        {"id": each.id, "name": each.name, "head": each.head} for each in platform.config.departments
                    ],
                    "people": people, "phones": list(platform.config.phones), "faults": platform.weather.faults,
                    "fault_names": [{"name": name, "label": label} for name, label in FAULTS.items()],
                    "readings": platform.weather.readings, "reading_names": _reading_names(),
                    "stories": player.listed(), "story": player.state(), "seq": platform.events.seq,
                }
            )

    @api.get("/chat/<userid>")
    def chat(userid: str) -> Response:
        who = _member(platform, userid)
        with world.lock:
            shown = {
                "userid": who, "messages": list(world.chats[who]), "menu": world.menu or [],
                "unread": world.unread[who], "call": platform.phones.shown(who),
            }
            return jsonify(shown)

    @api.get("/traffic")
    def traffic() -> Response:
        most = min(request.args.get("limit", 200, type=int), _TRAFFIC_MOST)
        found = platform.traffic.entries(request.args.get("person", ""), request.args.get("kind", ""), most)
        return jsonify({"entries": found})

    @api.get("/traffic/<name>")
    def entry(name: str) -> Response:
        found = platform.traffic.entry(name)
        if found is None:
            abort(404, "没有这一条")
        return jsonify(found)

    @api.get("/media/<media_id>")
    def media(media_id: str) -> Response:
        try:
            about, content = world.media_of(media_id)
        except Refused:
            abort(404, "文件已过期")
        shown = {"image": "image/*", "voice": "audio/amr"}.get(about["type"], "application/octet-stream")
        # Only pictures show themselves; whatever else a person uploaded is never run on this address.
        how = "inline" if about["type"] == "image" else "attachment"
        headers = {"Content-Security-Policy": "sandbox; default-src 'none'", "Content-Disposition": how}
        return Response(content, mimetype=shown, headers=headers)

    @api.get("/events")
    def events() -> Response:
        since = request.args.get("since", type=int)
        headers = {"X-Accel-Buffering": "no"}
        return Response(platform.events.listen(since), mimetype="text/event-stream", headers=headers)


def _chat_acts(api: Blueprint, platform: Platform) -> None:
    hands = platform.hands

    @api.post("/chat/<userid>/<act>")
    def act(userid: str, act: str) -> Response:
        who = _member(platform, userid)
        body = _body()
        if act == "read":
            platform.world.read(who)
            return jsonify({"delivered": True})
        if act in ("image", "file"):
            file = request.files.get("file")
            if file is None:
                abort(400, "没有文件")
            return _told(hands.media(who, act, file.filename or act, file.read(_FILE_MOST + 1)))
        return _told(_acted(platform, who, act, body))


def _acted(platform: Platform, who: str, act: str, body: Mapping[str, Any]) -> Outcome:
    hands = platform.hands
    if act == "text":
        return hands.text(who, str(body.get("content", "")))
    if act == "voice":
        return hands.voice(who, str(body.get("content", "")))
    if act == "location":
        return hands.location(who, str(body.get("label", "")), _number(body.get("x")), _number(body.get("y")))
    if act == "menu":
        return hands.menu(who, str(body.get("key", "")))
    if act == "open":
        return hands.enter(who)
    if act == "tap":
        picked = body.get("selected")
        selected = {
            str(name): [str(each) for each in (chosen if isinstance(chosen, list) else [chosen])]
            for name, chosen in (picked if isinstance(picked, dict) else {}).items()
        }
        return hands.tap(who, int(_number(body.get("message_id"))), str(body.get("key", "")), selected)
    if act == "card_menu":
        return hands.card_menu(who, int(_number(body.get("message_id"))), str(body.get("key", "")))
    if act != "call":
        abort(404, "没有这个动作")
    return hands.call(who, str(body.get("callid", "")), str(body.get("act", "")))


def _desk_acts(api: Blueprint, platform: Platform, player: Player) -> None:
    @api.post("/time")
    def move() -> Response:
        body = _body()
        now = platform.clock.now()
        target = now + timedelta(seconds=_number(body["advance"])) if "advance" in body else _instant(body.get("to"))
        platform.clock.move_to(target)
        platform.journal.moved(local(target)[:16].replace("T", " "))
        return jsonify(platform.time())

    @api.post("/faults")
    def faults() -> Response:
        platform.set_faults(_body())
        return jsonify({"faults": platform.weather.faults})

    @api.post("/readings")
    def readings() -> Response:
        platform.set_readings(_body())
        return jsonify({"readings": platform.weather.readings})

    @api.post("/stories/<name>/start")
    def start(name: str) -> Response:
        story = player.start(name, _number(_body().get("speed", 1)))
        if story is None:
            abort(404, "没有这个场景")
        return jsonify({"story": story})

    @api.post("/story/<act>")
    def story(act: str) -> Response:
        acts = {"pause": player.pause, "resume": player.resume, "step": player.one_step, "stop": player.stop}
        if act not in acts:
            abort(404, "没有这个动作")
        acts[act]()
        return jsonify({"story": player.state()})

    @api.post("/save")
    def save() -> Response:
        return jsonify({"yaml": platform.journal.as_story(_number(_body().get("minutes", 10)))})

    @api.post("/traffic/<name>/replay")
    def replay(name: str) -> Response:
        found = platform.traffic.entry(name)
        if found is None or found["direction"] != "callback":
            abort(404, "没有这一条")
        return _told(platform.delivery.replay(found["sealed"]))


def _body() -> Json:
    """Return what the page posted; anything but an object is as good as nothing."""
    body = request.get_json(silent=True)
    return body if isinstance(body, dict) else {}


def _number(value: object) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"这里要一个数字：{value}")
    return value


def _reading_names() -> list[Json]:
    return [
        {"name": name, "label": label, "values": [{"value": value, "label": words} for value, words in choices]}
        for name, (label, choices) in READINGS.items()
    ]


def _told(outcome: Outcome) -> Response:
    return jsonify(outcome.to_json())


def _member(platform: Platform, userid: str) -> str:
    who = userid.lower()
    if who not in platform.world.members:
        abort(404, "没有这个人")
    return who


def _instant(words: object) -> datetime:
    try:
        found = datetime.fromisoformat(str(words))
    except ValueError:
        raise ValueError("没看懂这个时间") from None
    if found.tzinfo is None:
        raise ValueError("时间要带时区")
    return found
