/**
 * The live events. Reconnects by itself with `since`, so nothing is missed in a gap; still it then asks for everything
 * to be read anew, because from here a short gap and a platform that was restarted look the same.
 */

const RETRY_MS = [300, 800, 2000, 4000];

export class Stream {
  /** `onEvent(event)`, `onStale()` = read everything again, `onState(connected)`. */
  constructor({ onEvent, onStale, onState }) {
    this.hooks = { onEvent, onStale, onState };
    this.seq = null;
    this.failures = 0;
    this.lost = false;
    this.source = null;
  }

  /** Listen from after event number `seq`; null means: from now. */
  startAfter(seq) {
    this.seq = seq;
    this.#open();
  }

  /** The platform's newest event is `seq`. A number behind ours means it has begun to count anew. */
  compare(seq) {
    if (seq === null || seq < this.seq) this.startAfter(seq);
  }

  #open() {
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
    const again = this.lost;
    this.failures = 0;
    this.lost = false;
    this.hooks.onState(true);
    if (again) this.hooks.onStale();
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
    this.lost = true;
    this.hooks.onState(false);
    const wait = RETRY_MS[Math.min(this.failures, RETRY_MS.length - 1)];
    this.failures += 1;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#open(), wait);
  }
}
