/** What one person's phone holds: messages in order, what is still on its way, the menu, a call, choices not yet sent. */

let serial = 0;

export class Chat {
  constructor(userid) {
    this.userid = userid;
    this.loaded = false;
    this.messages = [];
    this.pending = [];
    this.menu = [];
    this.call = null;
    this.draft = "";
    this.choices = new Map();
    this.shown = 80;
  }

  /** Take the whole chat as the platform tells it. */
  load(answer) {
    this.loaded = true;
    this.messages = [...answer.messages].sort(byTime);
    this.menu = Array.isArray(answer.menu) ? answer.menu : (answer.menu?.button ?? []);
    this.call = answer.call ?? null;
    this.pending = this.pending.filter((one) => one.state !== "sent");
  }

  /** Take one message, new or changed. Returns true when it was not there before. */
  take(message) {
    const at = this.messages.findIndex((one) => one.id === message.id);
    if (at >= 0) {
      this.messages[at] = message;
      return false;
    }
    this.messages.push(message);
    this.messages.sort(byTime);
    if (message.direction === "in") this.#arrived(message);
    return true;
  }

  /** Show something at once, before the platform has it. */
  expect(type, text, file = null) {
    serial += 1;
    const one = { key: `pending-${serial}`, type, text, file, state: "sending" };
    this.pending.push(one);
    return one;
  }

  forget(one) {
    this.pending = this.pending.filter((other) => other !== one);
  }

  /** The choices made on a card so far: question → option ids. */
  choicesOf(messageId) {
    if (!this.choices.has(messageId)) this.choices.set(messageId, new Map());
    return this.choices.get(messageId);
  }

  #arrived(message) {
    const one = this.pending.find((waiting) => waiting.type === message.type && sameText(waiting, message));
    if (one) this.forget(one);
  }
}

function sameText(waiting, message) {
  return (
    waiting.text === "" || message.text === undefined || (waiting.text ?? "").trim() === (message.text ?? "").trim()
  );
}

function byTime(one, other) {
  const gap = Date.parse(one.at) - Date.parse(other.at);
  return gap !== 0 ? gap : compareIds(one.id, other.id);
}

function compareIds(one, other) {
  const gap = Number(one) - Number(other);
  return Number.isNaN(gap) ? 0 : gap;
}
