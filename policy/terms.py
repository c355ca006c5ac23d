"""
The glossary: every word of the policy that code needs, fixed once, with the Chinese term beside it.

Values are stored in the database and in the audit trail; never rename one without a migration.
"""

from __future__ import annotations

from enum import StrEnum

HOME_REGION = "总部"  # a person without region belongs to headquarters (policy.md, Whom the policy means)


class Grade(StrEnum):
    """The three grades and the executives above them (2.1a), lowest first."""

    SPECIALIST = "specialist"  # 专员
    SUPERVISOR = "supervisor"  # 主管
    DIRECTOR = "director"  # 总监
    EXECUTIVE = "executive"  # 高管

    @property
    def rank(self) -> int:
        """Return 0 (specialist) … 3 (executive)."""
        return _RANKS[self]


_RANKS = {Grade.SPECIALIST: 0, Grade.SUPERVISOR: 1, Grade.DIRECTOR: 2, Grade.EXECUTIVE: 3}


class Post(StrEnum):
    """Posts that the policy speaks of by name; one holder each unless said otherwise."""

    CEO = "ceo"  # 总经理
    RECORDS_DIRECTOR = "records_director"  # 业务记录部总监
    FINANCE_APPROVER = "finance_approver"  # 财务审批人
    COUNTER_SIGNER = "counter_signer"  # 复核签字人
    HR_ARBITER = "hr_arbiter"  # 人力资源仲裁人
    LIAISON = "liaison"  # 联络人，每部门一位
    PAYROLL = "payroll"  # 薪酬


class DepartmentKind(StrEnum):
    """What a department is for; the policy treats these differently."""

    RECORDS = "records"  # 业务记录
    SALES = "sales"  # 销售
    PROCUREMENT = "procurement"  # 采购
    RD = "rd"  # 研发
    FINANCE = "finance"  # 财务
    HR = "hr"  # 人力资源
    EXECUTIVE = "executive"  # 总经办
    OTHER = "other"  # 其他


class Noun(StrEnum):
    """The two-letter prefix of a number and so the kind of a numbered item (contract, Chat)."""

    RECORD = "JL"  # 记录
    PURCHASE = "CG"  # 采购
    APPROVAL = "SP"  # 审批
    EMERGENCY = "JJ"  # 紧急单
    MEETING = "HY"  # 会议
    DECISION = "JY"  # 决议
    TASK = "RW"  # 任务
    PROJECT = "XM"  # 项目
    DOCUMENT = "WD"  # 文档
    ALARM = "GJ"  # 告警
    NOTICE = "TZ"  # 通知
    REPORT = "BG"  # 报告
    AUDIT = "SC"  # 审查
    RECTIFICATION = "ZG"  # 整改
    DISPUTE = "JF"  # 纠纷
    INCIDENT = "SJ"  # 事件
    SURVEY = "WJ"  # 问卷
    IMPROVEMENT = "GX"  # 改进项
    REVISION = "XD"  # 修订
    PERMISSION = "QX"  # 权限变更与委托
    VIOLATION = "WG"  # 违规
    REWARD = "JX"  # 奖励
    EVALUATION = "KP"  # 考评
    TRAINING = "PX"  # 培训
    DRILL = "YL"  # 演练
    RECONCILIATION = "DZ"  # 对账与核对
    ROTATION = "LG"  # 轮岗
    DISPOSAL = "XH"  # 销毁


class ItemState(StrEnum):
    """Where a numbered item stands. One register for all of them (P.1)."""

    FILED = "filed"  # 已登记: a record, complete as it is
    PENDING = "pending"  # 审批中
    RETURNED = "returned"  # 已退回: the applicant has it
    APPROVED = "approved"  # 已通过
    REJECTED = "rejected"  # 已驳回
    WITHDRAWN = "withdrawn"  # 已撤回
    OPEN = "open"  # 待办: a task that waits for its owner
    DONE = "done"  # 已完成
    CANCELLED = "cancelled"  # 已取消
    CHECKING = "checking"  # 待验收: a task said to be finished
    PLANNED = "planned"  # 待召开: a meeting
    RUNNING = "running"  # 进行中
    ENDED = "ended"  # 待交纪要: a meeting without its minutes
    LAPSED = "lapsed"  # 未召开


class PromiseState(StrEnum):
    """Where a promise to do something stands (4.2c–e)."""

    OFFERED = "offered"  # 待接受
    ACCEPTED = "accepted"  # 已接受
    COUNTERED = "countered"  # 请求改期，等交办人
    HARD = "hard"  # 有困难，等交办人
    CHECKING = "checking"  # 待验收
    KEPT = "kept"  # 按期完成
    LATE = "late"  # 逾期完成
    DROPPED = "dropped"  # 已取消


class PromiseVerb(StrEnum):
    """What a person does to a promise."""

    ACCEPT = "accept"  # 接受
    COUNTER = "counter"  # 改期
    REPORT = "report"  # 有困难
    AGREE = "agree"  # 同意改期
    KEEP = "keep"  # 维持
    GIVE = "give"  # 改派
    DROP = "drop"  # 取消任务
    FINISH = "finish"  # 完成
    CONFIRM = "confirm"  # 确认完成
    SEND_BACK = "send_back"  # 退回


class Medium(StrEnum):
    """Digital or paper (1.2b)."""

    DIGITAL = "digital"  # 电子
    PAPER = "paper"  # 纸质


class Verb(StrEnum):
    """What a person or the system does to an approval."""

    FILE = "file"  # 提交
    APPROVE = "approve"  # 同意
    RETURN = "return"  # 退回补充
    REJECT = "reject"  # 驳回
    WITHDRAW = "withdraw"  # 撤回
    TAKE_BACK = "take_back"  # 撤回自己的决定
    AMEND = "amend"  # 补充后再提交
    REFILE = "refile"  # 重提
    URGE = "urge"  # 催办
    ASK = "ask"  # 问
    ANSWER = "answer"  # 答
    HASTEN = "hasten"  # 加急
    FORWARD = "forward"  # 转交
    ADD = "add"  # 加签
    REMOVE = "remove"  # 减签
    ATTACH = "attach"  # 附件
    REASSIGN = "reassign"  # 改由他人审批（系统）


class Lane(StrEnum):
    """How soon a delivery must leave; one RQ queue each."""

    URGENT = "urgent"  # 紧急
    DEFAULT = "default"  # 一般
    BULK = "bulk"  # 批量


class DeliveryState(StrEnum):
    """What must be true in the world for an outbox row to be in this state (design rule 5)."""

    PENDING = "pending"  # nothing has left us
    LEASED = "leased"  # a worker holds it until lease_until; it may be leaving us now
    SENT = "sent"  # the platform accepted it; accepted is not read
    UNKNOWN = "unknown"  # it left us and no answer was read: it may have arrived
    FAILED = "failed"  # it will not arrive without a person's act
    CANCELLED = "cancelled"  # it is no longer wanted
    HELD = "held"  # waits for the end of quiet hours; goes out as one summary


class DeliveryKind(StrEnum):
    """What an outbox row asks of the platform."""

    MESSAGE = "message"  # message/send
    CARD_UPDATE = "card_update"  # message/update_template_card
    RECALL = "recall"  # message/recall
    DOWNLOAD = "download"  # media/get into the vault
    CALL = "call"  # a phone call (7.1b)
    CALL_CHECK = "call_check"  # how a phone call stands


class DeadlineState(StrEnum):
    """Where a deadline stands."""

    PENDING = "pending"
    FIRED = "fired"
    SUPERSEDED = "superseded"  # a newer one of the same subject fired instead; kept as evidence
    SKIPPED = "skipped"  # its rule says: too late is too late
    CANCELLED = "cancelled"  # what it watched is settled


class Lateness(StrEnum):
    """What a deadline does when it fires late (design rule 7)."""

    EACH = "each"  # every one fires, marked late
    LATEST = "latest"  # only the newest of a subject fires, older ones are superseded
    SKIP = "skip"  # none fires


class CardState(StrEnum):
    """Where a card that we sent stands."""

    LIVE = "live"  # its buttons still decide something
    SETTLED = "settled"  # the question is answered
    VOID = "void"  # the question is gone (withdrawn, a newer revision)
