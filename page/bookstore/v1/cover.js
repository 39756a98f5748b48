// Covers of books, drawn from their titles: the same book always has the same cover.

import { MOTIFS } from "./art.js";
import { h, s } from "./dom.js";

// Each has the ground, the text on it, and three colours of the motif. Text and ground
// differ by a contrast of 7 and more.
const PALETTES = [
  ["#f3e6cf", "#2a1d14", "#c8502b", "#23586a", "#e0a63a"],
  ["#173a35", "#f6ead2", "#7fb8a0", "#2c6358", "#f0b95a"],
  ["#23233f", "#f7e9dc", "#e07a5f", "#4b4b86", "#f2cc8f"],
  ["#e9ddd3", "#33202a", "#8c3f5b", "#c98a8d", "#41536b"],
  ["#0f2f4a", "#f4efe2", "#5aa0c8", "#1f5a86", "#f5c667"],
  ["#efe9da", "#1d2b25", "#4c7a5a", "#a8bf8f", "#dc7f4a"],
  ["#5b1f26", "#fbe9d4", "#c65a4a", "#8c3439", "#efb366"],
  ["#f7d9c4", "#3a1c1c", "#d9573f", "#f0a07a", "#7a2e3b"],
  ["#dfe6e4", "#16262e", "#35707f", "#8fb3b4", "#e8894f"],
  ["#2d2a26", "#f5ecdc", "#c9a227", "#6b5f4a", "#d8643c"],
  ["#f0c75e", "#2b1f0c", "#c4472d", "#e59a3c", "#27505a"],
  ["#e4e0ee", "#241d3a", "#6a5aa8", "#b3a6d6", "#e27d76"],
  ["#143c2e", "#f3eedb", "#d98f4e", "#2f6b4f", "#e9d8a6"],
  ["#c7dbe0", "#12303c", "#2f7089", "#f3f0e6", "#d95f43"],
];

// A word of the title chooses the motif, if it is one of these.
const WORDS = [
  [
    /\b(sea|seas|ocean|whale|ship|island|voyage|water|river|lake|wave|waves|fish|lighthouse|treasure|leagues|mariner|boat)\b/i,
    "waves",
  ],
  [/\b(mountain|mountains|peak|heights?|alps|himalaya|everest|magic)\b/i, "peaks"],
  [/\b(moon|night|nights|dark|darkness|dream|dreams|stars?|midnight|shadow|ghost|dracula|winter)\b/i, "moon"],
  [/\b(sun|sunset|day|days|morning|fire|fires|summer|east|dawn|also rises)\b/i, "sunset"],
  [/\b(garden|tree|trees|forest|flowers?|roses?|leaves|grass|woods?|wild|jungle|orchard|cherry)\b/i, "leaves"],
  [/\b(city|cities|street|town|london|paris|dublin|berlin|petersburg|notebook|dubliners)\b/i, "skyline"],
  [/\b(house|room|tower|castle|abbey|park|hall|gables|view|door|church|cathedral)\b/i, "arches"],
  [/\b(time|clock|wheel|world|earth|round|eighty|hundred|thousand|mirror|invisible)\b/i, "rings"],
  [/\b(war|wars|blood|death|judgement|trial|crime|scarlet|revolution|glory)\b/i, "rays"],
  [/\b(hills?|valley|country|road|way|far|field|madding|moor|plain)\b/i, "hills"],
];

const LAYOUTS = ["panel", "label", "bands", "poster", "foot"];
const NAMES = Object.keys(MOTIFS);

/** FNV-1a of a text. */
function hash(text) {
  let value = 0x811c9dc5;
  for (const character of text) value = Math.imul(value ^ character.codePointAt(0), 0x01000193) >>> 0;
  return value;
}

/** Mulberry32: a generator of numbers from 0 to 1. */
function generator(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

// The most letters of a title and of its longest word that a size has room for.
const SIZES = [
  ["xl", 12, 7],
  ["l", 26, 9],
  ["m", 48, 12],
  ["s", 90, 15],
];

/** Returns the size class of a title. */
function sizeOf(title) {
  const longest = Math.max(0, ...title.split(/[\s-]+/).map((word) => [...word].length));
  const length = [...title].length;
  return SIZES.find(([, most, word]) => length <= most && longest <= word)?.[0] ?? "xs";
}

/** Returns the cover of a book. It is decoration: title and author are beside it as text. */
export function cover({ title = "", author = "" }) {
  const random = generator(hash(`${title}\n${author}`));
  const [ground, ink, ...colours] = PALETTES[Math.floor(random() * PALETTES.length)];
  const layout = LAYOUTS[Math.floor(random() * LAYOUTS.length)];
  const chance = NAMES[Math.floor(random() * NAMES.length)];
  const motif = WORDS.find(([words]) => words.test(title))?.[1] ?? chance;
  const node = h(
    "div",
    { class: "cover", "data-layout": layout, "data-size": sizeOf(title), "aria-hidden": "true" },
    s("svg", { viewBox: "0 0 200 300", preserveAspectRatio: "xMidYMax slice" }, MOTIFS[motif](colours, random)),
    h("div", { class: "cover-text" }, h("b", {}, title || "Untitled"), h("i", {}, author)),
  );
  node.style.setProperty("--ground", ground);
  node.style.setProperty("--on-ground", ink);
  node.style.setProperty("--tint", colours[0]);
  return node;
}
