"""The commands the readers are tried with: those of the contract, with common aliases."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.language.command import Meant
from handlers.language.trouble import tells_of_trouble

_GROUPS = (
    "帮助 help ? 菜单", "待办 我的待办", "记录 登记", "更正 修改", "查 查找 查询", "追溯 经过", "采购 申购 采购申请",
    "申请", "报销", "同意 批准 通过", "退回 退回补充", "驳回 拒绝", "撤回 撤销", "重提", "催办 催 催一下", "转交",
    "加签",
    "问 提问", "加急", "委托", "休假", "紧急 先办", "补办", "告警 报警 紧急上报 紧急求助", "收到", "解除", "会议",
    "会议开始",
    "会议结束", "纪要 会议纪要", "决议", "接受", "改期", "有困难", "完成", "通知", "补充",
)

VOCABULARY: Mapping[str, str] = {word: group.split()[0] for group in _GROUPS for word in group.split()}
COMMANDS = frozenset(VOCABULARY.values())
GLUED: Mapping[str, Meant] = {"告警": tells_of_trouble}
