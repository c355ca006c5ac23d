"""
Whether words written straight behind an alarm's word are a statement of trouble: 告警数据库无法连接 (7.1b).

Two readings of one beginning have to be told apart: 报警 + 机房着火, and 报警器 or 告警怎么发. Where the words do not
settle it the person is asked; an alarm that is only asked about rings nobody.
"""

from __future__ import annotations

import re

_MOST = 200  # characters; who writes more is telling a story or pasting a text

# Say by themselves what is wrong: 报警着火了.
_EVENT = (
    "着火|起火|失火|火灾|冒烟|爆炸|爆裂|漏水|漏电|漏气|漏油|泄漏|泄露|渗水|进水|被淹|水淹|停电|断电|断网|断水|跳闸|短路|触电"
    "|受伤|晕倒|昏倒|昏迷|摔倒|倒地|流血|骨折|中毒|窒息|被困|被盗|被抢|失窃|盗窃|抢劫|打架|斗殴|闹事|坍塌|倒塌|塌方|坠落"
    "|打人|伤人|持刀|闯入|自杀|跳楼|坠楼|溺水|烧起来|烧伤|烫伤|抽搐|心脏病|呼吸困难|不省人事|救命"
    "|被黑|被攻击|入侵|中病毒|勒索|泄密"
)
# Need to be told of a thing: without one 告警失败, 告警打不开 speak of the alarm itself.
_FAILURE = (
    "无法(?!告警|报警|上报|应答|撤回|解除)|不能(?:用|使用|连接|登录|访问|启动|打开|工作|运行)|连不上|连接不上|登不上|登录不了"
    "|登录不上|上不去|打不开|开不了|用不了|启动不了|访问不了|进不去|不可用|坏了|损坏|出错|报错|失败|失灵|失控|失效|故障|异常"
    "|不通|中断|断开|断了|挂了|卡死|没反应|没有反应|没响应|没有响应|无响应|不响应|超时"
    "|宕机|死机|瘫痪|崩溃|丢失|停了|停机|卡住"
)
_SAID_NOT = r"(?<![没未防无])(?<!没有|没人|无人|不是|不会|并非|预防|避免)"
# 停电通知, 火灾险, 漏水检测仪: the trouble is only part of another word.
_NO_NOUN = "(?!通知|公告|计划|安排|险|率|检测|监测|传感|报警|告警|电流|事件|后续|总结|报告|记录|演)"
_TROUBLE = re.compile(
    rf"{_SAID_NOT}(?:{_EVENT}){_NO_NOUN}|(?<=[\w)）]{{2}}){_SAID_NOT}(?:{_FAILURE}){_NO_NOUN}"
)
_OF_THE_ALARM = re.compile(
    rf"(?:一直|已经?|又|老是|总是|经常|刚才|刚刚|今天|昨天|昨晚|现在|突然|忽然|好像|还是|全部|这次|上次)+(?:{_FAILURE})"
)
# Of something that would be, or of a paper about it: 告警着火时怎么发, 告警数据库无法连接的单子.
_TURNED = re.compile(r"(?<![小随同及临当此暂])时(?!间|段)|之前|之后|以后|后续|的(?:后|单|那|这|告警|记录|编号|流程|话)")
_CLAUSE_END = re.compile(r"[\s，,。；;！!]")

# 告警器, 报警电话, 告警了, 告警的…: another word, or talk about alarms.
_NO_STATEMENT = re.compile(
    r"[器铃灯声阀表书者处科费款金额价率度的了过后前之以说给由是和与或才都也吗呢吧怎您你时]|发[错多重出了]|写错|收不?到|系统|平台|装置|按钮|按键|探头"
    r"|探测|电话|号码|短信|消息|信息|通知|卡片|页面|网页|界面|菜单|功能|内容|级别|规则|设置|配置|记录|编号|流程|制度|预案|演练"
    r"|邮件(?!服务|系统)|推送|提醒|列表|历史|日志|阈值|接收|触发|机制|机器人|群|处理|应答|发送|解除|撤回|上报"
    r"|中心|经理|主管|总监|箱(?!子)|柜(?!台|子)|单(?!元)|本(?!部|楼|层)|线(?!路|上|下|缆)|部(?!门|分)|员(?!工)|人(?!员|事)"
    r"|没(?!电|水|气|网)|已(?!经)|不(?!明|锈)|还没|不要|可以|能不能|可能|想|来了"
)
_ASKS = re.compile(r"[吗呢吧谁哪啥？?]|什么|怎么|如何|为何|几时|多少|是否|能不能|可不可|是不是|有没有")
# Said anywhere, it is no fresh trouble.
_OVER_OR_SUPPOSED = re.compile(
    r"恢复|解决|修好|处理(?:好|完|了)|已(?:经)?解除|排除|假的|误报|误发|没事|取消|正常了|好了|演练|演习|测试|试一|模拟|培训|例如|比如|如果|假如"
    r"|要是|万一|(?:怎么|如何|在哪|哪里)(?:发|写|报|填|用)"
)


def tells_of_trouble(following: str) -> bool:
    """Return whether what follows an alarm's word without a space is clearly a statement of trouble. Never raises."""
    if len(following) > _MOST or _NO_STATEMENT.match(following) or _OF_THE_ALARM.match(following):
        return False
    said = _TROUBLE.search(following)
    if said is None or _OVER_OR_SUPPOSED.search(following):
        return False
    end = _CLAUSE_END.search(following, said.end())
    # Help may be asked for once the trouble is told: 告警机房漏水，谁能来？
    told = following if end is None else following[: end.start()]
    return _ASKS.search(told) is None and _TURNED.search(told, said.end()) is None
