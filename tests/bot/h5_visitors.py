"""People who open pages: the app over an office, the login, and what the access chain kept of them."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bot.bootstrap import pages_of
from bot.metrics import Metrics
from bot.web import WebParts, create_app
from bot.wecom.codec import Codec
from storage.tables import ACCESS
from tests.bot.wecom.platform import AGENT, SECRET, Platform, said
from tests.handlers.office import Office

AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
OUTSIDE = {"REMOTE_ADDR": "203.0.113.9"}


def settings_for(platform: Platform) -> dict[str, object]:
    """Return the section `wecom` of a company whose platform this is."""
    return {
        "corp_id": "ww1", "agent_id": AGENT, "secret": SECRET, "token": "token", "encoding_aes_key": AES_KEY,
        "api_base_url": platform.url,
    }


def app_of(office: Office, proxies: int = 0) -> Flask:
    """Return the web application of an office."""
    metrics = Metrics(office.store, office.clock)
    codec = Codec("token", AES_KEY, "ww1")
    return create_app(
        WebParts(codec, office.dispatch, office.store, office.clock, metrics, proxies=proxies, pages=pages_of(office))
    )


def come_in(client: FlaskClient, platform: Platform, userid: str, path: str) -> TestResponse:
    """Open a page as somebody who is not logged in; return the page after the login."""
    platform.lay_out("auth/getuserinfo", said(userid=userid))
    to_login = client.get(path)
    assert to_login.status_code == 302
    state = parse_qs(urlsplit(to_login.location).query)["state"][0]
    back = client.get(f"/h5/login?code=c1&state={state}")
    assert (back.status_code, back.location) == (303, path)
    return client.get(path, environ_overrides=OUTSIDE)


def looks(office: Office) -> list[tuple[str, str, str, str]]:
    """Return the access chain: who, what, of which item, from where."""
    statement = ACCESS.select().with_only_columns(ACCESS.c.actor, ACCESS.c.act, ACCESS.c.number, ACCESS.c.body)
    rows = office.ask(lambda unit: unit.all(statement.order_by(ACCESS.c.seq)))
    return [(actor, act, number, str(json.loads(body)["facts"].get("source"))) for actor, act, number, body in rows]
