/** What a person does on a phone: write, send, tap, choose from menus, answer a call. Each becomes a callback. */

import { chatPath, post, postFile } from "./api.js";
import { t } from "./words.js";

const SETTLE_MS = 1500;

export class Hand {
  constructor(desk) {
    this.desk = desk;
  }

  sendText(userid, content) {
    return this.#deliver(userid, chatPath(userid, "text"), { content }, this.desk.chat(userid).expect("text", content));
  }

  sendVoice(userid, content) {
    return this.#deliver(
      userid,
      chatPath(userid, "voice"),
      { content },
      this.desk.chat(userid).expect("voice", content),
    );
  }

  sendLocation(userid, place) {
    return this.#deliver(
      userid,
      chatPath(userid, "location"),
      place,
      this.desk.chat(userid).expect("location", place.label),
    );
  }

  sendFile(userid, kind, file) {
    const waiting = this.desk.chat(userid).expect(kind, "", { name: file.name, size: file.size });
    return this.#deliver(userid, chatPath(userid, kind), file, waiting);
  }

  clickMenu(userid, key) {
    return this.#deliver(userid, chatPath(userid, "menu"), { key });
  }

  enter(userid) {
    return this.#deliver(userid, chatPath(userid, "open"), {});
  }

  tap(userid, messageId, key) {
    const selected = Object.fromEntries(this.desk.chat(userid).choicesOf(messageId));
    return this.#deliver(userid, chatPath(userid, "tap"), { message_id: messageId, key, selected });
  }

  cardMenu(userid, messageId, key) {
    return this.#deliver(userid, chatPath(userid, "card_menu"), { message_id: messageId, key });
  }

  answerCall(userid, callid, act) {
    return this.#deliver(userid, chatPath(userid, "call"), { callid, act });
  }

  async #deliver(userid, path, body, waiting = null) {
    this.desk.emit("chat", { userid, mine: true });
    try {
      const answer = body instanceof File ? await postFile(path, body) : await post(path, body);
      if (answer.delivered === false) this.#undelivered(answer, waiting);
      else if (waiting) waiting.state = "sent";
      if (answer.toast) this.desk.say("note", answer.toast);
      this.#settle(userid, answer, waiting);
      return answer;
    } catch (refusal) {
      if (waiting) waiting.state = "failed";
      this.desk.complain(refusal);
      this.desk.emit("chat", { userid });
      return { delivered: false };
    }
  }

  #undelivered({ status, ms }, waiting) {
    if (waiting) waiting.state = "failed";
    this.desk.say("bad", t("notDelivered", { status: status || t("noAnswer"), ms: Math.round(ms ?? 0) }));
  }

  /** The live events normally bring everything; when they have not after a moment, read the chat. */
  #settle(userid, answer, waiting) {
    this.desk.emit("chat", { userid });
    setTimeout(() => {
      const chat = this.desk.chat(userid);
      const missing = answer.reply && !chat.messages.some((one) => one.id === answer.reply.id);
      if (missing || (waiting?.state === "sent" && chat.pending.includes(waiting))) this.desk.loadChat(userid);
    }, SETTLE_MS);
  }
}
