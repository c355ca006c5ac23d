"""What may go wrong (故障模拟, each with a share in percent), and which reading of an UNCONFIRMED fact holds."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

FAULTS = {
    "busy": "系统繁忙", "token": "令牌失效", "lost": "应答丢失", "slow": "很慢", "quota": "超出频率",
    "duplicate": "重复送达", "disorder": "乱序", "address": "地址不可信",
}
Choices = tuple[tuple[str, str], ...]
READINGS: dict[str, tuple[str, Choices]] = {
    "both_updates": ("点击后，当场更新之外还能再用接口更新", (("yes", "可以"), ("no", "不可以，响应码已用掉"))),
    "passive_update": ("点击后，当场更新的卡片", (("shown", "显示"), ("ignored", "不显示"))),
    "task_id_after_update": ("更新卡片不带 task_id 时，旧的", (("keep", "还在"), ("drop", "没有了"))),
    "attempts": ("回调没有应答时一共发几次", (("3", "3 次"), ("4", "1+3 次"))),
    "retry_on_error": ("应答不是 200 时", (("yes", "重发"), ("no", "不重发"))),
    "retry_body": ("重发的内容", (("same", "一模一样"), ("fresh", "重新加密，时间也新"))),
    "voice_text": ("语音消息带识别文字", (("yes", "带"), ("no", "不带"))),
    "update_card_type": ("接口更新时的应答码", (("send", "发送时的"), ("tap", "只认最近一次点击的"))),
}


@dataclass
class Weather:
    """The faults and readings in force; the dice may be handed in."""

    dice: random.Random = field(default_factory=random.SystemRandom)
    faults: dict[str, float] = field(default_factory=lambda: dict.fromkeys(FAULTS, 0.0))
    readings: dict[str, str] = field(
        default_factory=lambda: {name: choices[0][0] for name, (_, choices) in READINGS.items()}
    )

    def strikes(self, fault: str) -> bool:
        """Return whether a fault happens this time."""
        share = self.faults[fault]
        return share > 0 and self.dice.random() * 100 < share

    def set_faults(self, wanted: dict[str, object]) -> None:
        """
        Set shares in percent.

        Raises:
            ValueError: an unknown fault, or no share in 0 … 100.
        """
        for name, share in wanted.items():
            if name not in FAULTS or not _is_share(share):
                raise ValueError(f"没有这种故障，或比例不在 0 到 100：{name}")
            self.faults[name] = float(str(share))

    def set_readings(self, wanted: dict[str, object]) -> None:
        """
        Choose readings.

        Raises:
            ValueError: an unknown reading or value.
        """
        for name, value in wanted.items():
            if name not in READINGS or value not in [choice for choice, _ in READINGS[name][1]]:
                raise ValueError(f"没有这种理解：{name}={value}")
            self.readings[name] = str(value)


def _is_share(share: object) -> bool:
    return isinstance(share, int | float) and not isinstance(share, bool) and 0 <= share <= 100
