/** Every word of the sandbox page, in Chinese and English. The product's own words come from the product. */

export const WORDS = {
  zh: {
    appName: "留痕", appMark: "痕", seal: "痕", rehearsal: "演练场", pageTitle: "留痕 演练场",
    weekdays: ["周日", "周一", "周二", "周三", "周四", "周五", "周六"],
    months: ["1月", "2月", "3月", "4月", "5月", "6月", "7月", "8月", "9月", "10月", "11月", "12月"],
    yesterday: "昨天 {time}", dayInYear: "{month}月{day}日 {time}", dayWithYear: "{year}年{month}月{day}日 {time}",

    companyTime: "公司时间", plus10: "+10分钟", plus2h: "+2小时", monday: "下周一9:00", plus1d: "+1天", plus1w: "+1周", "choose…": "选择…",
    chooseTime: "选择时间", newTime: "新的公司时间", goThere: "前往", nextDue: "到下一个到期时刻", nothingDue: "没有等着到期的事。",
    timeHint: "时间只往前走；途中到期的事按先后发生。", onlyForward: "公司时间只能往前走，请选一个更晚的时间。",
    offsetHint: "比真实时间快这么多", spanDays: "{days}天{hours}小时", spanHours: "{hours}小时{minutes}分", spanMinutes: "{minutes}分钟",

    controls: "控制", faults: "故障模拟", faultsHint: "每一种按所设比例随机发生；0% 为关闭。", faultsNone: "全部关闭",
    readings: "口径", readingsHint: "官方文档没有说清之处，平台按哪一种解释行事。", yes: "是", no: "否",
    stories: "演示场景", noStories: "还没有场景。", speed: "快慢", steps: "{n} 步", storyPlaying: "正在演示", storyControls: "演示控制", storyOver: "演示完毕",
    controlsAtWork: "起作用的制度条款", pause: "暂停", resume: "继续", step: "走一步", stop: "停止", again: "再演一遍",

    traffic: "收发记录", foldTraffic: "收起收发记录", filterPerson: "按人筛选", filterKind: "按类型筛选", everyone: "所有人", everyKind: "所有类型",
    callback: "回调", reply: "被动回复", api: "接口调用", noTraffic: "还没有收发。", attempt: "第{n}次", trafficDetail: "收发详情",
    open: "明文", sealed: "原文", replay: "重放", copyCurl: "复制curl", replayed: "已重放同一份密文（{ms} ms）", request: "请求", response: "应答",
    line: "请求行", headers: "请求头", body: "正文", others: "其他", wider: "放大查看",
    saveStory: "存成场景", saveHint: "把最近一段时间里大家的操作存成场景文件；它也是一份测试。", lastMinutes: "最近几分钟", makeStory: "生成", download: "下载",

    addressBook: "通讯录", search: "搜索姓名、部门", searchPeople: "搜索通讯录", nobody: "没有找到人。", head: "负责人", personHint: "点一下放进上次用的手机；也可拖到任意一台，或按 1、2、3",
    inPhone: "在手机{n}", unreadCount: "{count} 条未读", phones: "手机", phoneOf: "{name}的手机", chatOf: "{name}与留痕的会话", emptyPhone: "空手机", dropHere: "把一个人拖到这里",
    changePerson: "把{name}换成别人", phoneMenu: "手机菜单", enterAgain: "重新进入应用",

    loading: "正在读取…", emptyChat: "还没有消息，发“帮助”试试。", older: "更早的消息", newer: "新消息", sending: "正在发送", failed: "没有送到", dismiss: "知道了",
    recalled: "留痕撤回了一条消息", recalledMine: "撤回了一条消息", picture: "图片", noPicture: "图片没有取到", file: "文件", voice: "语音", location: "位置",
    appMenu: "应用菜单", toInput: "改用输入", toMenu: "改用菜单", typeHere: "输入消息", send: "发送", attach: "图片、文件、语音、位置", cancel: "取消",
    voiceHint: "语音里说的话", placeHint: "地点名称", menuUnsupported: "演练场里没有这种菜单动作（{type}）。",
    cardOf: "卡片：{title}", more: "更多", choose: "请选择", chooseFirst: "请先选一项。", submit: "提交", details: "详情", voteOne: "选一项", voteMany: "可选多项",
    cutFrom: "平台截断了，原文：{original}", cutHere: "平台截断了这里", cutShort: "平台截断",
    pageInside: "手机里的页面", closePage: "关闭页面", reloadPage: "重新打开页面",
    callComing: "来电", callTalking: "通话中", callName: "紧急通知", callWords: "“您有一条紧急通知，请打开企业微信查看应用消息。”", answer: "接听", reject: "拒接",
    soundOn: "铃声已开", soundOff: "铃声已关",

    notDelivered: "没有送到：回调 {status}，用时 {ms} ms", noAnswer: "无应答", refused: "没有成功（{status}）。", unreachable: "连不上演练场，正在重试。",
    shutOut: "这个地址已失效，请用命令行里打印的新地址打开。", waiting: "演练场正在启动，请稍候…", reconnecting: "正在重新连接…",
    copied: "已复制", copy: "复制", close: "关闭", switchLanguage: "Switch to English", toDark: "深色", toLight: "浅色",

    keys: "快捷键", keyHelp: "打开这张表", keySearch: "搜索通讯录", keyPhone: "到第 1、2、3 台手机输入", keySeat: "在通讯录里：把此人放进第几台手机", keyMove: "在通讯录、菜单、收发记录里上下移动",
    keyTraffic: "收发记录", keyStories: "演示场景", keyFaults: "故障模拟", keyPlay: "演示：暂停、继续", keyStep: "演示：走一步", keyClose: "关闭面板、菜单、页面",
  },
  en: {
    appName: "留痕", appMark: "痕", seal: "痕", rehearsal: "Rehearsal", pageTitle: "留痕 Rehearsal",
    weekdays: ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"],
    months: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    yesterday: "Yesterday {time}", dayInYear: "{name} {day} {time}", dayWithYear: "{name} {day}, {year} {time}",

    companyTime: "Company time", plus10: "+10 min", plus2h: "+2 h", monday: "Mon 9:00", plus1d: "+1 day", plus1w: "+1 week", "choose…": "Choose…",
    chooseTime: "Choose a time", newTime: "New company time", goThere: "Go", nextDue: "To the next due moment", nothingDue: "Nothing is waiting to fall due.",
    timeHint: "Time only moves forward; what falls due on the way happens in order.", onlyForward: "Company time only moves forward: choose a later time.",
    offsetHint: "Ahead of real time by this much", spanDays: "{days} d {hours} h", spanHours: "{hours} h {minutes} min", spanMinutes: "{minutes} min",

    controls: "Controls", faults: "Faults", faultsHint: "Each happens at random with its share; 0% is off.", faultsNone: "All off",
    readings: "Readings", readingsHint: "Where the official documents leave a question open: which answer the platform acts by.", yes: "Yes", no: "No",
    stories: "Stories", noStories: "There are no stories yet.", speed: "Speed", steps: "{n} steps", storyPlaying: "Story", storyControls: "Story controls", storyOver: "The story is over",
    controlsAtWork: "Policy controls at work", pause: "Pause", resume: "Play", step: "One step", stop: "Stop", again: "Play again",

    traffic: "Traffic", foldTraffic: "Fold the traffic away", filterPerson: "Filter by person", filterKind: "Filter by kind", everyone: "Everyone", everyKind: "Every kind",
    callback: "callback", reply: "passive reply", api: "API call", noTraffic: "No traffic yet.", attempt: "try {n}", trafficDetail: "Traffic detail",
    open: "Open", sealed: "Sealed", replay: "Replay", copyCurl: "Copy curl", replayed: "The same sealed bytes were sent again ({ms} ms)", request: "Request", response: "Response",
    line: "Request line", headers: "Headers", body: "Body", others: "Other", wider: "Enlarge",
    saveStory: "Save as story", saveHint: "Saves what people did in the last minutes as a story file, which is a test as well.", lastMinutes: "Last minutes", makeStory: "Make it", download: "Download",

    addressBook: "People", search: "Search", searchPeople: "Search people", nobody: "Nobody found.", head: "Head", personHint: "Click: into the phone last used. Or drag onto a phone, or press 1, 2, 3",
    inPhone: "in phone {n}", unreadCount: "{count} unread", phones: "Phones", phoneOf: "Phone of {name}", chatOf: "Chat of {name} with 留痕", emptyPhone: "Empty phone", dropHere: "Drag a person here",
    changePerson: "Change {name} for somebody else", phoneMenu: "Phone menu", enterAgain: "Enter the app again",

    loading: "Loading…", emptyChat: "No messages yet. Send 帮助 to see what is possible.", older: "Earlier messages", newer: "New messages", sending: "Sending", failed: "Not delivered", dismiss: "Dismiss",
    recalled: "留痕 recalled a message", recalledMine: "A message was recalled", picture: "Picture", noPicture: "Picture not available", file: "File", voice: "Voice", location: "Location",
    appMenu: "App menu", toInput: "Type instead", toMenu: "Use the menu", typeHere: "Message", send: "Send", attach: "Picture, file, voice, location", cancel: "Cancel",
    voiceHint: "What the voice message says", placeHint: "Name of the place", menuUnsupported: "This kind of menu entry does nothing here ({type}).",
    cardOf: "Card: {title}", more: "More", choose: "Choose", chooseFirst: "Choose an option first.", submit: "Submit", details: "Details", voteOne: "Choose one", voteMany: "Choose any number",
    cutFrom: "Cut by the platform; sent was: {original}", cutHere: "Cut by the platform", cutShort: "cut by the platform",
    pageInside: "Page in the phone", closePage: "Close the page", reloadPage: "Open the page again",
    callComing: "Incoming call", callTalking: "Talking", callName: "Emergency notice", callWords: "“You have an emergency notice. Please open WeCom and read the app's message.”", answer: "Answer", reject: "Decline",
    soundOn: "Ring tone on", soundOff: "Ring tone off",

    notDelivered: "Not delivered: callback {status}, {ms} ms", noAnswer: "no answer", refused: "That did not work ({status}).", unreachable: "The sandbox does not answer; trying again.",
    shutOut: "This address is no longer valid. Open the one printed in the terminal.", waiting: "The sandbox is starting…", reconnecting: "Reconnecting…",
    copied: "Copied", copy: "Copy", close: "Close", switchLanguage: "切换到中文", toDark: "Dark", toLight: "Light",

    keys: "Keyboard shortcuts", keyHelp: "This list", keySearch: "Search people", keyPhone: "Type in phone 1, 2, 3", keySeat: "In the people list: put this person into that phone", keyMove: "Move in the people list, menus, traffic",
    keyTraffic: "Traffic", keyStories: "Stories", keyFaults: "Faults", keyPlay: "Story: pause, play", keyStep: "Story: one step", keyClose: "Close panels, menus, pages",
  },
};

let current = "zh";

/** The language shown: "zh" or "en". */
export const language = () => current;

export function setLanguage(name) {
  current = name === "en" ? "en" : "zh";
}

/** A word as it stands (texts and lists). An unknown key is a mistake of ours and is shown as itself. */
export const word = (key) => WORDS[current][key] ?? key;

/** A text with its `{places}` filled. */
export function t(key, values = {}) {
  return word(key).replace(/\{(\w+)\}/g, (place, name) => (name in values ? String(values[name]) : place));
}

/** A file size as people say it. */
export function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(bytes < 10240 ? 1 : 0)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
