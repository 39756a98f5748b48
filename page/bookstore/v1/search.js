// The search field, and the filter (AIP-160) that it becomes.

import { h } from "./dom.js";
import { icon } from "./icons.js";

const PAUSE = 250;
const MOST_WORDS = 6;

const quoted = (text) => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;

/** Returns the spellings to look for: the service tells apart capital and small letters. */
function spellings(word) {
  const lower = word.toLowerCase();
  return new Set([word, lower, lower.charAt(0).toUpperCase() + lower.slice(1)]);
}

/** Returns a filter for books that have each word in title, author or publisher, or as their year. */
export function filterFor(text) {
  const words = text.replaceAll("*", " ").split(/\s+/).filter(Boolean).slice(0, MOST_WORDS);
  const match = (word) => {
    const tests = [...spellings(word)].flatMap((spelling) =>
      ["title", "author", "publisher"].map((field) => `${field} = ${quoted(`*${spelling}*`)}`),
    );
    if (/^-?\d{1,4}$/.test(word)) tests.push(`year = ${Number(word)}`);
    return `(${tests.join(" OR ")})`;
  };
  return words.map(match).join(" AND ");
}

/** Fills the search form. `search` receives the text some time after it has changed. */
export function searchForm(form, search) {
  const input = h("input", {
    type: "search",
    name: "q",
    placeholder: "Title, author, publisher or year",
    "aria-label": "Search books",
    autocomplete: "off",
    enterkeyhint: "search",
    maxlength: 100,
  });
  let timer;
  const now = () => {
    clearTimeout(timer);
    search(input.value.trim());
  };
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(now, PAUSE);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    now();
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, dialog");
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    input.select();
  });
  form.append(icon("search"), input, h("kbd", { "aria-hidden": "true" }, "/"));
  return input;
}
