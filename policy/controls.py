"""
The policy as 66 controls (policy.md): their IDs, the company's own chapter marks, and what each asks for.

Users read chapters, never IDs. Which of them are in force is computed in handlers.controls (design rule 17).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Control:
    """One control: its ID, the chapter it stands in (三（一）), and the rule in a few words."""

    id: str
    chapter: str
    title: str


_ALL = (
    Control("P.1", "总则", "各部门统一管理、分级负责"),
    Control("P.2", "总则", "制度动态更新"),
    Control("P.3", "总则", "数据完整、准确、安全"),
    Control("1.1a", "一（一）", "业务记录部统筹制定、执行、监督"),
    Control("1.1b", "一（一）", "与销售部定期核对客户服务记录"),
    Control("1.1c", "一（一）", "交易数据与财务账目一致"),
    Control("1.2a", "一（二）", "标准模板覆盖关键流程 80%"),
    Control("1.2b", "一（二）", "三年内全面数字化"),
    Control("2.1a", "二（一）", "专员、主管、总监三级"),
    Control("2.1b", "二（一）", "总监牵头修订、主管审核质量、专员维护"),
    Control("2.1c", "二（一）", "主管分区域负责"),
    Control("2.2a", "二（二）", "编制与岗位能力"),
    Control("2.2b", "二（二）", "年度考核合格方可晋升"),
    Control("2.2c", "二（二）", "每两年轮岗"),
    Control("2.2d", "二（二）", "新员工至少两周培训"),
    Control("3.1a", "三（一）", "采购三项签字"),
    Control("3.1b", "三（一）", "项目分启动、执行、验收三阶段"),
    Control("3.1c", "三（一）", "启动会留纪要"),
    Control("3.1d", "三（一）", "中期检查留进度报告"),
    Control("3.1e", "三（一）", "结项留质量评估"),
    Control("3.1f", "三（一）", "各节点留痕"),
    Control("3.2a", "三（二）", "文件按项目名称-日期-版本号命名"),
    Control("3.2b", "三（二）", "集中存放"),
    Control("3.2c", "三（二）", "合同等敏感文件加密、仅总监调阅"),
    Control("3.2d", "三（二）", "会后两小时内提交纪要"),
    Control("3.2e", "三（二）", "月度报告三部分"),
    Control("3.2f", "三（二）", "定期备份"),
    Control("4.1a", "四（一）", "按金额分级审批"),
    Control("4.1b", "四（一）", "紧急先办、事后补批"),
    Control("4.1c", "四（一）", "权限变更公开更新"),
    Control("4.2a", "四（二）", "每周一例会"),
    Control("4.2b", "四（二）", "季末战略会"),
    Control("4.2c", "四（二）", "决议写明责任人"),
    Control("4.2d", "四（二）", "24 小时内分派任务"),
    Control("4.2e", "四（二）", "执行情况计入绩效"),
    Control("5.1a", "五（一）", "销售按客户转化率"),
    Control("5.1b", "五（一）", "技术按交付准时率"),
    Control("5.1c", "五（一）", "财务按账目准确率"),
    Control("5.1d", "五（一）", "每月自评"),
    Control("5.1e", "五（一）", "每季上级评价"),
    Control("5.1f", "五（一）", "结果与奖金挂钩"),
    Control("5.1g", "五（一）", "超目标 10% 另奖"),
    Control("5.2a", "五（二）", "奖励：奖金、晋升、培训"),
    Control("5.2b", "五（二）", "违规：轻则警告、重则调岗"),
    Control("5.2c", "五（二）", "泄密立即上报、调查、告知"),
    Control("6.1a", "六（一）", "记录合乎各类标准"),
    Control("6.1b", "六（一）", "定期新规培训"),
    Control("6.1c", "六（一）", "加密存储"),
    Control("6.1d", "六（一）", "访问留 IP 与时间"),
    Control("6.2a", "六（二）", "系统故障预案"),
    Control("6.2b", "六（二）", "数据泄露预案"),
    Control("6.2c", "六（二）", "每季内部审查"),
    Control("6.2d", "六（二）", "发现问题立即整改"),
    Control("7.1a", "七（一）", "重要通知用企业微信"),
    Control("7.1b", "七（一）", "紧急事项电话通知"),
    Control("7.1c", "七（一）", "跨部门事项设联络人"),
    Control("7.1d", "七（一）", "每周同步进度"),
    Control("7.1e", "七（一）", "联合项目记录任务"),
    Control("7.2a", "七（二）", "先在部门内调解"),
    Control("7.2b", "七（二）", "不成由人力资源部仲裁"),
    Control("7.2c", "七（二）", "以事实为据"),
    Control("8a", "八", "每月匿名问卷"),
    Control("8b", "八", "定期座谈"),
    Control("8c", "八", "收集痛点"),
    Control("8d", "八", "每年评估制度"),
    Control("8e", "八", "重大变化立即修订"),
)
CONTROLS: Mapping[str, Control] = MappingProxyType({control.id: control for control in _ALL})
