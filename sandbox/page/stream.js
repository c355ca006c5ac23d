/**
 * The live events. Reconnects by itself with `since`, so nothing is missed in a short gap; after a long gap, or when
 * the numbers do not continue (the platform was restarted), it asks for everything to be read anew.
 */

const LONG_GAP_MS = 5000;
const RETRY_MS = [300, 800, 2000, 4000];

export class Stream {
  /** `onEvent(event)`, `onStale()` = read everything again, `onState(connected)`. */
  constructor({ onEvent, onStale, onState }) {
    this.hooks = { onEvent, onStale, onState };
    this.seq = null;
    this.failures = 0;
    this.lostAt = null;
    this.source = null;
  }

  /** Start after event number `seq`; null means: from now. */
  open(seq = null) {
    if (seq !== null) this.seq = seq;
    clearTimeout(this.timer);
    this.source?.close();
    const since = this.seq === null ? "" : `?since=${this.seq}`;
    const source = new EventSource(`/sandbox/api/events${since}`);
    this.source = source;
    source.onopen = () => this.#opened();
    source.onmessage = (message) => this.#take(JSON.parse(message.data));
    source.onerror = () => this.#lost();
  }

  #opened() {
    const gap = this.lostAt === null ? 0 : performance.now() - this.lostAt;
    const wasGone = this.failures > 1;
    this.failures = 0;
    this.lostAt = null;
    this.hooks.onState(true);
    if (wasGone || gap > LONG_GAP_MS) this.hooks.onStale();
  }

  #take(event) {
    if (typeof event.seq === "number") {
      if (this.seq !== null && event.seq <= this.seq) {
        if (event.seq < this.seq) this.#restarted(event.seq);
        return;
      }
      const missed = this.seq !== null && event.seq > this.seq + 1;
      this.seq = event.seq;
      if (missed) this.hooks.onStale();
    }
    this.hooks.onEvent(event);
  }

  #restarted(seq) {
    this.seq = seq;
    this.hooks.onStale();
  }

  #lost() {
    this.source.close();
    this.lostAt ??= performance.now();
    this.hooks.onState(false);
    const wait = RETRY_MS[Math.min(this.failures, RETRY_MS.length - 1)];
    this.failures += 1;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.open(), wait);
  }
}
