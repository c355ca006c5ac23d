"""The yardstick: a Flask callback with wechatpy's own codec: open, parse, answer the same."""

from __future__ import annotations

import os
import time

from flask import Flask, Response, request
from wechatpy.work import parse_message
from wechatpy.work.crypto import WeChatCrypto
from wechatpy.work.replies import TextReply


def make_app() -> Flask:
    """Return the application; its secrets come from the environment of the benchmark."""
    app = Flask("echo")
    crypto = WeChatCrypto(os.environ["BENCH_TOKEN"], os.environ["BENCH_AES_KEY"], os.environ["BENCH_CORP_ID"])

    @app.post("/wecom/callback")
    def callback() -> Response:
        given = request.args
        xml = crypto.decrypt_message(request.data, given["msg_signature"], given["timestamp"], given["nonce"])
        message = parse_message(xml)
        reply = TextReply(content=message.content, message=message).render()
        return Response(
            crypto.encrypt_message(reply, given["nonce"], str(int(time.time()))), content_type="application/xml"
        )

    return app
