"""
The page's test bed: a small server that speaks the control API with canned data and keeps what the page posts.

It is not the platform: nothing is sealed and no product stands behind it. Run it by hand to look at the page:
`python -m tests.sandbox.page_fixture 8899`, then open /sandbox/ on that port.
"""

from __future__ import annotations

import copy
import json
import sys
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, jsonify, redirect, request, send_from_directory
from werkzeug import Response as WerkzeugResponse
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.sandbox import page_fixture_data as data

PAGE = Path(__file__).resolve().parents[2] / "sandbox" / "page"
SHANGHAI = timezone(timedelta(hours=8))
START = datetime(2026, 11, 23, 14, 5, tzinfo=SHANGHAI)
Json = dict[str, Any]


class PageBed:
    """State, what was posted, and the live events of one test."""

    def __init__(self) -> None:
        self.offset = 0
        self.people = {person["userid"]: person for person in data.people()}
        self.chats = copy.deepcopy(data.chats())
        self.calls: dict[str, Json | None] = {}
        self.faults = {entry["name"]: 0 for entry in data.FAULT_NAMES}
        self.readings: Json = {"both_updates": "yes", "task_id_after_update": "keep"}
        self.story: Json | None = None
        self.traffic: list[Json] = []
        self.posts: list[tuple[str, Json]] = []
        self.callback_status = 200
        self.shut = False
        self.next_id = 1000
        self.events: list[Json] = []
        self.streams = 0
        self._changed = threading.Condition()
        self._record("callback", "text", "xu", "采购 服务器 3.5万 扩容", 3.1)
        self._record("reply", "text", "xu", "已提交采购 CG-20261123-0001", 3.1)
        self._record("api", "message/send", "su", "template_card 服务器", 1.4)
        self._record("api", "message/send", "zhao", "template_card 周报", 88.0, errcode=45009)

    @property
    def now(self) -> datetime:
        """Company time; stands still between jumps."""
        return START + timedelta(seconds=self.offset)

    def state(self) -> Json:
        """Return what GET state answers."""
        return {
            "company": {"name": "示例公司"},
            "now": self.now.isoformat(),
            "offset_seconds": self.offset,
            "departments": data.DEPARTMENTS,
            "people": list(self.people.values()),
            "faults": self.faults,
            "fault_names": data.FAULT_NAMES,
            "readings": self.readings,
            "reading_names": data.READING_NAMES,
            "stories": data.STORIES,
            "story": self.story,
            "phones": ["xu", "su", "zhao"],
            "next_due": (self.now + timedelta(hours=2)).isoformat(),
            "seq": len(self.events),
        }

    def chat(self, userid: str) -> Json:
        """Return what GET chat answers."""
        return {
            "userid": userid,
            "messages": self.chats.get(userid, []),
            "menu": data.MENU,
            "unread": self.people[userid]["unread"],
            "call": self.calls.get(userid),
        }

    def push(self, kind: str, **more: Any) -> None:
        """Send a live event to every page that listens."""
        with self._changed:
            self.events.append({"seq": len(self.events) + 1, "type": kind, **more})
            self._changed.notify_all()

    def say(self, userid: str, direction: str, kind: str, **more: Any) -> Json:
        """Add a message to a chat and tell the page."""
        self.next_id += 1
        message = {
            "id": self.next_id,
            "at": self.now.isoformat(),
            "direction": direction,
            "via": "member" if direction == "in" else "send",
            "type": kind,
            **more,
        }
        self.chats.setdefault(userid, []).append(message)
        self.push("message", userid=userid, message=message)
        if direction == "out":
            self.people[userid]["unread"] += 1
            self.push("unread", userid=userid, unread=self.people[userid]["unread"])
        return message

    def change_card(self, userid: str, message_id: int, **changes: Any) -> None:
        """Change a message and tell the page."""
        message = next(one for one in self.chats[userid] if one["id"] == message_id)
        message.update(changes)
        self.push("card", userid=userid, message=message)

    def ring(self, userid: str, state: str = "ringing") -> None:
        """Let a phone ring."""
        self.calls[userid] = {"callid": "call-1", "state": state, "reason": None}
        self.push("call", userid=userid, call=self.calls[userid])

    def deliver(self, userid: str, kind: str, summary: str, reply: str | None = None) -> Json:
        """Answer a post of the page as the platform would after a callback."""
        entry = self._record("callback", kind, userid, summary, 3.2, status=self.callback_status)
        if self.callback_status != 200:
            return {"delivered": False, "status": self.callback_status, "ms": 5001.2, "traffic_id": entry["id"]}
        answer: Json = {"delivered": True, "status": 200, "ms": 3.2, "traffic_id": entry["id"]}
        if reply is not None:
            answer["reply"] = self.say(userid, "out", "text", text=reply)
            self._record("reply", "text", userid, reply, 3.2)
        return answer

    def listen(self, since: int) -> Iterator[str]:
        """Yield server-sent events after `since`, for as long as the page listens."""
        self.streams += 1
        yield ": open\n\n"
        while not self.shut:
            with self._changed:
                self._changed.wait_for(lambda sent=since: len(self.events) > sent or self.shut, timeout=1)  # type: ignore[misc]
                fresh = self.events[since:]
                since = len(self.events)
            for event in fresh:
                yield f"data: {json.dumps(event, ensure_ascii=False)}\n\n"
            if not fresh:
                yield ": still here\n\n"

    def close(self) -> None:
        """Let the streams end."""
        with self._changed:
            self.shut = True
            self._changed.notify_all()

    def _record(
        self, direction: str, kind: str, person: str, summary: str, ms: float, *, status: int = 200, errcode: int = 0
    ) -> Json:
        number = len(self.traffic) + 1
        entry = {
            "id": f"t{number}",
            "seq": number,
            "at": self.now.isoformat(),
            "direction": direction,
            "kind": kind,
            "person": person,
            "ms": ms,
            "status": status,
            "errcode": errcode,
            "summary": summary,
            "attempt": 1,
        }
        self.traffic.append(entry)
        self.push("traffic", entry=entry)
        return entry


def create_bed_app(bed: PageBed) -> Flask:
    """Return the app that serves the page and this bed."""
    app = Flask("page_bed", static_folder=None)
    _pages(app)
    _reads(app, bed)
    _chat_acts(app, bed)
    _desk_acts(app, bed)

    @app.before_request
    def keep() -> None:
        if request.method == "POST":
            if request.headers.get("X-Sandbox") != "1":
                abort(403)
            body = request.get_json(silent=True) or {key: file.filename for key, file in request.files.items()}
            bed.posts.append((request.path.removeprefix("/sandbox/api/"), body))

    return app


def _pages(app: Flask) -> None:
    @app.get("/sandbox/")
    def index() -> Response:
        return send_from_directory(PAGE, "index.html")

    @app.get("/sandbox/static/<path:name>")
    def static_file(name: str) -> Response:
        return send_from_directory(PAGE, name, max_age=0)

    @app.get("/connect/open")
    def open_page() -> WerkzeugResponse:
        return redirect(request.args["url"])

    @app.get("/page")
    def page() -> str:
        return (
            "<!doctype html><meta charset=utf-8><meta name=viewport content='width=device-width'>"
            "<body style='font:15px/1.6 sans-serif;padding:20px'><h2>CG-20261123-0001</h2><p>服务器 · ¥35,000.00</p>"
        )


def _reads(app: Flask, bed: PageBed) -> None:
    @app.get("/sandbox/api/state")
    def state() -> Response:
        return jsonify(bed.state())

    @app.get("/sandbox/api/chat/<userid>")
    def chat(userid: str) -> Response:
        return jsonify(bed.chat(userid))

    @app.get("/sandbox/api/traffic")
    def traffic() -> Response:
        person = request.args.get("person", "")
        return jsonify({"entries": [entry for entry in bed.traffic if not person or entry["person"] == person]})

    @app.get("/sandbox/api/traffic/<name>")
    def entry(name: str) -> Response:
        found = next(one for one in bed.traffic if one["id"] == name)
        xml = (
            f"<xml><ToUserName><![CDATA[corp]]></ToUserName><FromUserName><![CDATA[{found['person']}]]></FromUserName>"
            f"<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{found['summary']}]]></Content></xml>"
        )
        sealed = {
            "method": "POST",
            "url": "/wecom/callback?msg_signature=5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3&nonce=371",
            "headers": {"Content-Type": "text/xml"},
            "body": "<xml><Encrypt><![CDATA[RypEvHKD8QQKFhvQ6QleEB4J58t]]></Encrypt></xml>",
        }
        return jsonify(
            {
                **found,
                "sealed": sealed,
                "open": {"request": xml, "response": '{"errcode":0,"errmsg":"ok"}'},
                "curl": "curl -X POST 'http://127.0.0.1/wecom/callback'",
            }
        )

    @app.get("/sandbox/api/media/quote")
    def media() -> Response:
        return Response(b"%PDF-1.4", mimetype="application/pdf")

    @app.get("/sandbox/api/events")
    def events() -> Response:
        since = request.args.get("since", type=int)
        return Response(bed.listen(len(bed.events) if since is None else since), mimetype="text/event-stream")


def _chat_acts(app: Flask, bed: PageBed) -> None:
    @app.post("/sandbox/api/chat/<userid>/<act>")
    def act(userid: str, act: str) -> Response:
        body = request.get_json(silent=True) or {}
        if act == "read":
            bed.people[userid]["unread"] = 0
            return jsonify({"delivered": True})
        if act in ("text", "voice"):
            bed.say(userid, "in", act, text=body["content"])
            return jsonify(bed.deliver(userid, act, body["content"], reply=f"收到：{body['content']}"))
        if act == "location":
            bed.say(userid, "in", "location", text=body["label"])
            return jsonify(bed.deliver(userid, "location", body["label"]))
        if act in ("image", "file"):
            file = request.files["file"]
            bed.say(
                userid,
                "in",
                act,
                file={"name": file.filename, "url": "/sandbox/api/media/quote", "size": len(file.read())},
            )
            return jsonify(bed.deliver(userid, act, str(file.filename), reply="已附到 CG-20261123-0001。"))
        if act == "tap":
            return jsonify(_tapped(bed, userid, body))
        if act == "call":
            bed.ring(userid, "talking" if body["act"] == "answer" else "ended")
            return jsonify({"delivered": True, "status": 200, "ms": 0})
        return jsonify(
            bed.deliver(
                userid, f"event:{act}", str(body.get("key", "")), reply="这是菜单的回答。" if act == "menu" else None
            )
        )


def _tapped(bed: PageBed, userid: str, body: Json) -> Json:
    answer = bed.deliver(userid, "event:template_card_event", body["key"])
    message = next(one for one in bed.chats[userid] if one["id"] == body["message_id"])
    if not answer["delivered"]:
        return answer
    if body["key"] == "approve":
        bed.change_card(userid, body["message_id"], card=data.SIGNED_CARD, card_state="dead", replace_text="已同意")
    elif body["key"] == "reject":
        bed.say(userid, "out", "text", text='请先在"原因"里选一项再点驳回，或直接发：驳回 CG-20261123-0001 理由')
    else:
        bed.change_card(
            userid,
            body["message_id"],
            card={**message["card"], "replace_text": "已提交"},
            card_state="dead",
            replace_text="已提交",
        )
    return answer


def _desk_acts(app: Flask, bed: PageBed) -> None:
    @app.post("/sandbox/api/time")
    def move() -> Response:
        body = request.get_json()
        bed.offset = (
            bed.offset + body["advance"]
            if "advance" in body
            else int((datetime.fromisoformat(body["to"]) - START).total_seconds())
        )
        told = {"now": bed.now.isoformat(), "offset_seconds": bed.offset, "next_due": None}
        bed.push("time", **told)
        return jsonify(told)

    @app.post("/sandbox/api/faults")
    def faults() -> Response:
        bed.faults.update(request.get_json())
        bed.push("faults", faults=bed.faults)
        return jsonify({"faults": bed.faults})

    @app.post("/sandbox/api/readings")
    def readings() -> Response:
        bed.readings.update(request.get_json())
        return jsonify({"readings": bed.readings})

    @app.post("/sandbox/api/stories/<name>/start")
    def start(name: str) -> Response:
        bed.story = {
            "id": name,
            "state": "playing",
            "step": 1,
            "steps": 6,
            "caption": "许专员提出采购：制度三（一）审批顺序由系统排定",
        }
        bed.push("story", story=bed.story)
        return jsonify({"story": bed.story})

    @app.post("/sandbox/api/story/<act>")
    def story(act: str) -> Response:
        assert bed.story is not None
        changes = {
            "pause": {"state": "paused"},
            "resume": {"state": "playing"},
            "stop": {"state": "stopped"},
            "step": {"step": bed.story["step"] + 1, "caption": "苏主管同意：四（一）代行部门负责人"},
        }[act]
        bed.story = {**bed.story, **changes}
        bed.push("story", story=bed.story)
        return jsonify({"story": bed.story})

    @app.post("/sandbox/api/save")
    def save() -> Response:
        return jsonify({"yaml": data.STORY_YAML})

    @app.post("/sandbox/api/traffic/<name>/replay")
    def replay(name: str) -> Response:
        return jsonify({"delivered": True, "status": 200, "ms": 2.0, "traffic_id": name})


class _Quiet(WSGIRequestHandler):
    """No line per request."""

    def log(self, type: str, message: str, *args: object) -> None:
        """Say nothing."""


class BedServer:
    """The bed behind a real socket on loopback."""

    def __init__(self, port: int = 0) -> None:
        self.bed = PageBed()
        self.server = make_server("127.0.0.1", port, create_bed_app(self.bed), threaded=True, request_handler=_Quiet)
        self.server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        self._thread = threading.Thread(target=self.server.serve_forever, daemon=True)

    def start(self) -> None:
        """Begin to serve."""
        self._thread.start()

    def close(self) -> None:
        """Stop serving."""
        self.bed.close()
        self.server.shutdown()
        self.server.server_close()
        self._thread.join(timeout=5)


if __name__ == "__main__":
    make_server("127.0.0.1", int(sys.argv[1]), create_bed_app(PageBed()), threaded=True).serve_forever()
