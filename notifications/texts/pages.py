"""What the pages say."""

from __future__ import annotations

REHEARSAL = "演练：这里的时间可以拨动，数据不是正式的。"
AUTHOR, DEPARTMENT, FILED_AT, RESPONSIBLE = "提交人", "部门", "提交时间", "现在负责"
POLICY, SUM = "制度版本", "金额"
CONTENT, SIGNATURES, ATTACHMENTS, STORY, OLDER = "内容", "签字", "附件", "经过", "以前的版本"
DIGEST, REASON, OPINION, ERASED = "内容校验", "原因", "意见", "内容已按制度销毁，只留校验码。"
NO_SIGNATURE, NO_ATTACHMENT = "还没有签字", "没有附件"

NOT_IN_ORG = ("您还没有登记在册", "请联系人力资源部；登记后会马上告诉您。")
OUTSIDER = ("这里只对本公司员工开放", "请用本公司的企业微信账号打开。")
LOGIN_SPENT = ("登录已失效", "请回到企业微信，重新点开链接。")
LOGIN_AWAY = ("暂时无法确认您的身份", "请一分钟后再试；仍不行，请联系管理员。")
NOT_FOUND = "没有找到，或者不在您可以查看的范围内"
NOT_FOUND_NEXT = '请核对编号，或在聊天里发"查 关键词"。（本次访问已按制度留痕）'


def logged(reader: str) -> str:
    """At the foot of a page: as whom it was opened, and that this is kept (6.1d)."""
    return f"{reader}，本次查看已按制度留痕"


def responsible(name: str, grade: str) -> str:
    """Who has it, and which grade answers for it."""
    return f"{name}（{grade}一级）"


def version(number: int) -> str:
    """A version of the policy or of a content."""
    return f"第 {number} 版"


def signed_on(revision: int) -> str:
    """Which revision a signature binds to."""
    return f"签于第 {revision} 版内容"


KINDS = {"image": "图片", "file": "文件", "voice": "语音", "video": "视频"}


def attachment(kind: str, name: str, size: int, state: str) -> str:
    """An attachment's line; size in bytes, 0 while it is not stored."""
    stored = f"{max(1, size // 1024)} KB，已加密存入" if size else {"failed": "未能存入，请重发"}.get(state, "正在存入")
    return f"{KINDS.get(kind, KINDS['file'])}{f' {name}' if name else ''}（{stored}）"




def only_the_director(name: str) -> tuple[str, str]:
    """A sensitive file is not for this person (3.2c)."""
    who = name or "业务记录部总监"
    return (
        "这份文件不能打开",
        f'这份文件属于"合同"，按制度三（二）仅 {who} 可以调阅。如因工作需要，请联系 {who}。（本次访问已按制度留痕）',
    )


FILE_COMING = ("附件正在存入", "请几秒后再打开；一直打不开，请联系管理员。（本次访问已按制度留痕）")
FILE_LOST = ("附件没有取到", "企业微信没有给出这份文件，请提交人重发一次。（本次访问已按制度留痕）")
FILE_BROKEN = ("附件打不开", "文件没有通过完整性校验，没有显示任何内容。请联系管理员。（本次访问已按制度留痕）")
BUSY = ("现在忙，没有打开", "请一分钟后再试；仍不行，请联系管理员。")
TOO_BIG = ("内容太长，没有收下", "没有任何改动。请返回上一页精简后再提交。")
TOO_SLOW = ("没有收全，没有提交", "没有任何改动。请返回上一页再提交一次。")


def incident(number: str) -> tuple[str, str]:
    """Something broke on our side."""
    return ("操作没有成功", f"内容没有任何改动。请稍后再试；仍不行，请把编号 {number} 发给管理员。")
