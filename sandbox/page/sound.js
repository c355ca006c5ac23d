/** The ring, made by WebAudio: two soft tones, one second in four. Off until a person turns it on. */

import { prefs, remember } from "./prefs.js";

const TONES = [660, 830];
const EVERY_MS = 3000;
const LEVEL = 0.05;

let context = null;
let timer = null;
let wanted = false;

/** Turn the sound on or off; a click is what lets a browser play. */
export function setSound(on) {
  remember({ sound: on });
  if (on) {
    context ??= new AudioContext();
    context.resume();
  }
  ringing(wanted);
}

/** Ring, or stop ringing. Silent when the sound is off. */
export function ringing(rings) {
  wanted = rings;
  clearInterval(timer);
  timer = null;
  if (!rings || !prefs.sound) return;
  ring();
  timer = setInterval(ring, EVERY_MS);
}

function ring() {
  context ??= new AudioContext();
  if (context.state !== "running") return;
  const start = context.currentTime;
  for (const beat of [0, 0.5]) {
    for (const tone of TONES) {
      const voice = context.createOscillator();
      const gain = context.createGain();
      voice.frequency.value = tone;
      gain.gain.setValueAtTime(0, start + beat);
      gain.gain.linearRampToValueAtTime(LEVEL, start + beat + 0.03);
      gain.gain.exponentialRampToValueAtTime(0.0005, start + beat + 0.42);
      voice.connect(gain).connect(context.destination);
      voice.start(start + beat);
      voice.stop(start + beat + 0.45);
    }
  }
}
