"""WeCom's own error codes (wecom-facts 4.3)."""

from __future__ import annotations

import random

_MESSAGES = {
    -1: "system busy", 40001: "invalid credential", 40003: "invalid userid", 40004: "invalid media type",
    40007: "invalid media_id", 40008: "invalid message type", 40013: "invalid corpid", 40014: "invalid access_token",
    40016: "invalid button size", 40017: "invalid button type", 40018: "invalid button name size",
    40019: "invalid button key size", 40020: "invalid button url size", 40029: "invalid code",
    40032: "invalid user list size", 40035: "invalid parameter", 40054: "invalid sub button url",
    40056: "invalid agentid", 40058: "invalid Request Parameter", 40063: "some parameters are empty",
    41001: "access_token missing", 41002: "corpid missing", 41004: "corpsecret missing", 41011: "missing agentid",
    42001: "access_token expired", 44001: "empty media data", 44004: "text content is empty",
    45001: "multimedia file too large", 45002: "message content size out of limit", 45009: "api freq out of limit",
    45033: "api concurrent out of limit", 46003: "no menu", 60020: "not allow to access from your ip",
    60111: "userid not found", 60140: "invalid response_code", 81013: "user & party & tag all invalid",
    82001: "no recipient", 93000: "invalid webhook url", 301002: "agentid not match", 301049: "app not linked",
}


class Refused(Exception):
    """An API call is refused; carries WeCom's code."""

    def __init__(self, errcode: int, more: str = "") -> None:
        super().__init__(errcode)
        self.errcode = errcode
        self.more = more

    def to_json(self) -> dict[str, object]:
        """Return the answer as WeCom words it."""
        text = _MESSAGES.get(self.errcode, "error")
        hint = random.SystemRandom().randrange(10**19, 10**20)
        more = f" {self.more}" if self.more else ""
        return {
            "errcode": self.errcode,
            "errmsg": f"{text}{more}, hint: [{hint}], from ip: 127.0.0.1, more info at "
                      f"https://open.work.weixin.qq.com/devtool/query?e={self.errcode}",
        }
