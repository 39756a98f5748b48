// Light, dark, or as the system is.

import { h } from "./dom.js";
import { icon } from "./icons.js";

const STORED = "bookstore.theme";
const THEMES = [
  ["auto", "as the system is", "auto"],
  ["light", "light", "sun"],
  ["dark", "dark", "moon"],
];

let current = Math.max(
  0,
  THEMES.findIndex(([name]) => name === localStorage.getItem(STORED)),
);

function apply(button) {
  const [name, text, picture] = THEMES[current];
  document.documentElement.dataset.theme = name;
  button.setAttribute("aria-label", `Colours: ${text}. Change`);
  button.title = `Colours: ${text}`;
  button.replaceChildren(icon(picture));
}

/** Returns the button that changes the colours. */
export function themeButton() {
  const button = h("button", { type: "button", class: "icon-button" });
  button.addEventListener("click", () => {
    current = (current + 1) % THEMES.length;
    localStorage.setItem(STORED, THEMES[current][0]);
    apply(button);
  });
  apply(button);
  return button;
}
