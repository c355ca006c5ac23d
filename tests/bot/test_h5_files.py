"""/files/…: an attachment out of the vault, for whoever may see its item; every look and refusal kept (3.2b, 6.1d)."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask

from bot.h5.session import Cookies
from bot.h5.visits import SESSION
from notifications.errors import RefusedForever
from storage.keys import SealBroken
from storage.vault import CHUNK
from tests.bot.h5_visitors import OUTSIDE, app_of, come_in, looks
from tests.bot.wecom.platform import Platform
from tests.handlers.office import Office

NUMBER = "CG-20261123-0001"
JPEG = b"\xff\xd8\xff" + bytes(range(256)) * 1024  # five pieces of the vault


def file_with(office: Office, content: bytes = JPEG, kind: str = "image", name: str = "") -> None:
    """File a purchase and attach something; it is the first attachment of all."""
    office.enter("xu")
    office.say("xu", "采购 服务器 3.5万 扩容")
    office.picture("xu", content, kind, name)


def attachments(office: Office) -> list[tuple[str, str, str, str]]:
    """Return the looks that were kept, the logins' pages left out."""
    return [look for look in looks(office) if look[1] in ("file", "refused")]


def test_a_signer_opens_the_picture_from_the_items_page(company: Office, app: Flask, platform: Platform) -> None:
    file_with(company)
    client = app.test_client()
    page = come_in(client, platform, "su", f"/h5/items/{NUMBER}").get_data(as_text=True)
    assert '<a href="/files/1">图片（256 KB，已加密存入）</a>' in page
    answer = client.get("/files/1", environ_overrides=OUTSIDE)
    assert (answer.status_code, answer.data) == (200, JPEG)
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Content-Disposition"] == (
        f"inline; filename=\"-1.jpg\"; filename*=UTF-8''{quote('图片-1.jpg')}"
    )
    assert answer.headers["Content-Length"] == str(len(JPEG))
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert attachments(company) == [("su", "file", NUMBER, "203.0.113.9")]


def test_a_contracts_file_opens_for_the_records_director_alone(
    company: Office, app: Flask, platform: Platform
) -> None:
    company.enter("xu")
    company.say("xu", "申请 合同 8万 年度框架 对方=华东机械 期限=一年 主要条款=月结")
    company.picture("xu", b"%PDF-1.7 contract", "file", "合同.pdf")

    for who in ("xu", "su", "zhao"):
        refused = come_in(app.test_client(), platform, who, "/files/1")
        assert refused.status_code == 403
        assert '按制度三（二）仅 周总监 可以调阅。如因工作需要，请联系 周总监。' in refused.get_data(as_text=True)
    opened = come_in(app.test_client(), platform, "zhou", "/files/1")

    assert (opened.status_code, opened.data) == (200, b"%PDF-1.7 contract")
    assert [look[:3] for look in attachments(company)] == [
        ("xu", "refused", "SP-20261123-0001"), ("su", "refused", "SP-20261123-0001"),
        ("zhao", "refused", "SP-20261123-0001"), ("zhou", "file", "SP-20261123-0001"),
    ]


def test_it_works_on_both_databases(office_everywhere: Office) -> None:
    office = office_everywhere
    file_with(office, b"%PDF-1.7 quote", "file", "报价.pdf")
    client = app_of(office).test_client()
    client.set_cookie(SESSION, Cookies(office.house.keyring).session("xu", office.clock.machine_now()))
    answer = client.get("/files/1")
    assert (answer.status_code, answer.data) == (200, b"%PDF-1.7 quote")
    assert client.get("/files/2").status_code == 404
    assert [look[:3] for look in attachments(office)] == [("xu", "file", NUMBER), ("xu", "refused", "")]


@pytest.mark.parametrize(
    ("content", "name", "disposition"),
    [
        (b"<html><script>alert(1)</script>", "报价.html", "attachment; filename=\".html\"; filename*=UTF-8''{}"),
        (b"<svg onload='alert(1)'/>", "a.svg", "attachment; filename=\"a.svg\"; filename*=UTF-8''{}"),
        (b"MZ", "..\\..\\a\r\nSet-Cookie: x=1\".exe",
         "attachment; filename=\"_.._a__Set-Cookie_ x=1_.exe\"; filename*=UTF-8''{}"),
        (b"x", "\u202egpj.exe", "attachment; filename=\"_gpj.exe\"; filename*=UTF-8''{}"),
        (b"", "空.txt", "attachment; filename=\".txt\"; filename*=UTF-8''{}"),
    ],
)
def test_what_is_no_picture_is_saved_and_never_shown_and_its_name_breaks_nothing(
    company: Office, app: Flask, platform: Platform, content: bytes, name: str, disposition: str
) -> None:
    file_with(company, content, "file", name)
    answer = come_in(app.test_client(), platform, "su", "/files/1")
    assert (answer.status_code, answer.data) == (200, content)
    assert answer.headers["Content-Type"] == "application/octet-stream"
    said = answer.headers["Content-Disposition"]
    assert said.startswith(disposition.format("")), said
    assert "\n" not in said
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("userid", ["wei", "tang"])
def test_who_may_not_see_the_item_reads_the_same_as_of_none_and_both_are_kept(
    company: Office, app: Flask, platform: Platform, userid: str
) -> None:
    file_with(company)
    client = app.test_client()
    refused = come_in(client, platform, userid, "/files/1")
    missing = client.get("/files/999", environ_overrides=OUTSIDE)
    assert (refused.status_code, missing.status_code) == (404, 404)
    assert refused.data == missing.data
    assert attachments(company) == [
        (userid, "refused", NUMBER, "203.0.113.9"), (userid, "refused", "", "203.0.113.9"),
    ]


def test_what_was_taken_off_is_not_handed_out(company: Office, app: Flask, platform: Platform) -> None:
    file_with(company)
    company.say("xu", "不是")
    assert come_in(app.test_client(), platform, "xu", "/files/1").status_code == 404
    assert attachments(company)[-1][:3] == ("xu", "refused", NUMBER)


@pytest.mark.parametrize(
    "path",
    ["0", "01", "-1", "1.0", "x", "9" * 18, "9" * 40, "1%00", "..%2f..%2fetc%2fpasswd", "%EF%BC%91", "1/../1"],
)
def test_tricks_with_the_path_lead_nowhere(company: Office, app: Flask, platform: Platform, path: str) -> None:
    file_with(company)
    client = app.test_client()
    come_in(client, platform, "su", f"/h5/items/{NUMBER}")
    assert client.get(f"/files/{path}").status_code == 404


def test_a_file_that_is_not_here_yet_and_one_that_never_came_say_so(
    company: Office, app: Flask, platform: Platform
) -> None:
    company.enter("xu")
    company.say("xu", "采购 服务器 3.5万 扩容")
    company.dispatch.handle(
        {
            "ToUserName": "ww1", "FromUserName": "xu", "AgentID": "1000002", "CreateTime": "1", "MsgType": "image",
            "MediaId": "m1", "MsgId": "77",
        },
        "127.0.0.1",
    )
    client = app.test_client()
    coming = come_in(client, platform, "su", "/files/1")
    assert (coming.status_code, coming.headers["Retry-After"]) == (503, "5")
    assert "附件正在存入" in coming.get_data(as_text=True)

    def gone(media_id: str) -> None:
        raise RefusedForever(40007, "media/get")

    company.phones.download_media = gone  # type: ignore[assignment, method-assign]
    company.run()
    lost = client.get("/files/1")
    assert (lost.status_code, "附件没有取到" in lost.get_data(as_text=True)) == (404, True)
    assert "未能存入，请重发" in client.get(f"/h5/items/{NUMBER}").get_data(as_text=True)
    assert [look[:3] for look in attachments(company)] == [("su", "file", NUMBER)] * 2


def test_a_changed_file_shows_nothing_and_one_changed_further_on_breaks_off(
    company: Office, app: Flask, platform: Platform
) -> None:
    file_with(company)
    (kept,) = [path for path in Path(company.house.data_dir).glob("??/*") if path.is_file()]
    client = app.test_client()
    come_in(client, platform, "su", f"/h5/items/{NUMBER}")
    whole = kept.read_bytes()
    kept.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    begun = client.get("/files/1")
    with pytest.raises(SealBroken):
        _ = begun.data
    kept.write_bytes(whole[:CHUNK] + bytes([whole[CHUNK] ^ 1]) + whole[CHUNK + 1 :])
    broken = client.get("/files/1")
    assert (broken.status_code, "附件打不开" in broken.get_data(as_text=True)) == (500, True)
    kept.unlink()
    assert client.get("/files/1").status_code == 500


def test_nobody_is_sent_to_the_login_and_back_and_a_forged_session_is_nobody(app: Flask, platform: Platform) -> None:
    client = app.test_client()
    client.set_cookie(SESSION, "c3U=" * 20)
    answer = client.get("/files/1")
    assert answer.status_code == 302
    assert answer.location.startswith(f"{platform.url}/connect/oauth2/authorize?")
    assert "Path=/h5" in answer.headers["Set-Cookie"]
    assert client.post("/files/1").status_code == 405
