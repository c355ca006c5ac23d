/** What the page remembers in this browser: language, theme, sound, the traffic panel, who is in which phone. */

const KEY = "liuhen-sandbox";
const DEFAULTS = { language: "zh", theme: "auto", sound: false, traffic: null, phones: null };

function read() {
  try {
    return { ...DEFAULTS, ...JSON.parse(localStorage.getItem(KEY) ?? "{}") };
  } catch {
    return { ...DEFAULTS };
  }
}

export const prefs = read();

/** Change some of them and keep them; a browser without storage just forgets. */
export function remember(changes) {
  Object.assign(prefs, changes);
  try {
    localStorage.setItem(KEY, JSON.stringify(prefs));
  } catch {
    // Private windows may refuse storage; the page works the same until it is closed.
  }
}
