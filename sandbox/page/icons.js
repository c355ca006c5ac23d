/** Icons as inline SVG, drawn on a 24 × 24 grid with the text's own colour. */

const SVG = "http://www.w3.org/2000/svg";

const PATHS = {
  search: ["M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14Z", "m20 20-4-4"],
  back: ["m15 5-7 7 7 7"],
  next: ["m9 5 7 7-7 7"],
  down: ["m6 9 6 6 6-6"],
  close: ["M6 6l12 12", "M18 6 6 18"],
  plus: ["M12 5v14", "M5 12h14"],
  more: ["M5 12h.01", "M12 12h.01", "M19 12h.01"],
  menu: ["M4 7h16", "M4 12h16", "M4 17h16"],
  list: ["M8 6h12", "M8 12h12", "M8 18h12", "M4 6h.01", "M4 12h.01", "M4 18h.01"],
  picture: ["M4 5h16v14H4z", "m4 16 5-5 4 4 3-3 4 4", "M15.5 9h.01"],
  file: ["M6 3h8l4 4v14H6z", "M14 3v4h4"],
  voice: ["M12 4a3 3 0 0 0-3 3v4a3 3 0 0 0 6 0V7a3 3 0 0 0-3-3Z", "M6 11a6 6 0 0 0 12 0", "M12 17v3"],
  place: ["M12 21s7-6.2 7-11.5A7 7 0 0 0 5 9.5C5 14.8 12 21 12 21Z", "M12 12a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z"],
  phone: ["M6 3h3l2 5-2.5 2a12 12 0 0 0 5.5 5.5l2-2.5 5 2v3a2 2 0 0 1-2 2C11 20 4 13 4 5a2 2 0 0 1 2-2Z"],
  cut: [
    "M7 4.5 17 16",
    "M17 4.5 7 16",
    "M6 20.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z",
    "M18 20.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z",
  ],
  play: ["M8 5v14l11-7z"],
  pause: ["M8 5v14", "M16 5v14"],
  step: ["M6 5v14l9-7z", "M18 5v14"],
  stop: ["M6 6h12v12H6z"],
  sun: [
    "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8Z",
    "M12 2v2",
    "M12 20v2",
    "M2 12h2",
    "M20 12h2",
    "m5 5 1.4 1.4",
    "m17.6 17.6 1.4 1.4",
    "m5 19 1.4-1.4",
    "m17.6 6.4 1.4-1.4",
  ],
  moon: ["M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5Z"],
  sound: ["M4 9v6h4l5 4V5L8 9z", "M16.5 8.5a5 5 0 0 1 0 7", "M19 6a8.5 8.5 0 0 1 0 12"],
  silent: ["M4 9v6h4l5 4V5L8 9z", "m17 9.5 5 5", "m22 9.5-5 5"],
  clock: ["M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z", "M12 7v5l3 2"],
  traffic: ["M4 8h13", "m14 5 3 3-3 3", "M20 16H7", "m10 13-3 3 3 3"],
  people: [
    "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Z",
    "M2.5 20c0-3.6 2.9-6 6.5-6s6.5 2.4 6.5 6",
    "M16 4.5a3.5 3.5 0 0 1 0 6.5",
    "M18 14.5c2.2.8 3.5 2.8 3.5 5.5",
  ],
  story: ["M4 5h16v11H4z", "m10.5 8 4 2.5-4 2.5z", "M8 20h8"],
  fault: ["M13 3 5 14h6l-1 7 8-11h-6z"],
  reading: ["M5 4h14v16H5z", "M9 9h6", "M9 13h6"],
  wide: ["M14 4h6v6", "m20 4-7 7", "M10 20H4v-6", "m4 20 7-7"],
  copy: ["M9 9h11v11H9z", "M5 15H4V4h11v1"],
  replay: ["M4 12a8 8 0 1 0 2.5-5.8", "M4 4v4.5h4.5"],
  send: ["M4 12 20 4l-5 16-3.5-6.5z"],
  bell: ["M6 16V11a6 6 0 0 1 12 0v5l1.5 2h-15z", "M10 20.5h4"],
  check: ["m5 12.5 4.5 4.5L19 7.5"],
  help: ["M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z", "M9.5 9.5a2.5 2.5 0 1 1 3.5 2.3c-.7.3-1 .9-1 1.7", "M12 16.8h.01"],
  alert: ["M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z", "M12 7.5v5.5", "M12 16.3h.01"],
};

/** Return the icon of that name; hidden from screen readers, the button around it carries the label. */
export function icon(name, size = 18) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [key, value] of Object.entries({
    viewBox: "0 0 24 24",
    width: size,
    height: size,
    fill: "none",
    stroke: "currentColor",
    "stroke-width": 1.8,
    "stroke-linecap": "round",
    "stroke-linejoin": "round",
    "aria-hidden": "true",
    focusable: "false",
    class: `icon icon-${name}`,
  }))
    svg.setAttribute(key, value);
  for (const d of PATHS[name]) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}
