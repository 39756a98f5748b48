// Rates as stars: to read, and to choose.

import { h, newId, s } from "./dom.js";
import { count, rateText } from "./words.js";

const STAR = "M12 2.6l2.9 5.9 6.5.9-4.7 4.6 1.1 6.5-5.8-3.1-5.8 3.1 1.1-6.5L2.6 9.4l6.5-.9z";
const WORDS = ["", "poor", "fair", "good", "very good", "excellent"];

const star = () => s("path", { d: STAR });

function row() {
  return s(
    "svg",
    { viewBox: "0 0 120 24", "aria-hidden": "true" },
    [0, 1, 2, 3, 4].map((i) => s("g", { transform: `translate(${24 * i} 0)` }, star())),
  );
}

/** Returns five stars, of which the rate is filled. */
export function stars(rate) {
  const filled = h("span", { class: "stars-filled" }, row());
  filled.style.setProperty("--part", `${(rate / 5) * 100}%`);
  return h("span", { class: "stars", role: "img", "aria-label": `${rateText(rate)} of 5 stars` }, row(), filled);
}

/** Returns the average of a book and the number of its reviews. */
export function summary(book) {
  if (!book.reviewCount) return h("span", { class: "rating none" }, "No reviews yet");
  return h(
    "span",
    { class: "rating" },
    stars(book.averageRate),
    h("span", { class: "rating-number", "aria-hidden": "true" }, rateText(book.averageRate)),
    h("span", { class: "rating-count" }, count(book.reviewCount, "review", "reviews")),
  );
}

/** Returns radio buttons for a rate, and a function that reads it: 0 if none is chosen. */
export function starChoice(describedBy) {
  const name = newId("rate");
  const word = h("span", { class: "choice-word", "aria-hidden": "true" });
  const options = [1, 2, 3, 4, 5].map((rate) =>
    h(
      "label",
      {},
      h("input", { type: "radio", name, value: rate, "aria-describedby": describedBy }),
      h("span", { class: "hidden" }, `${count(rate, "star", "stars")}, ${WORDS[rate]}`),
      s("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, star()),
    ),
  );
  const box = h("div", { class: "choice" }, options, word);
  const value = () => Number(box.querySelector("input:checked")?.value ?? 0);
  box.addEventListener("change", () => {
    word.textContent = WORDS[value()];
    for (const [i, option] of options.entries()) option.classList.toggle("on", i < value());
  });
  return { box, value, first: options[0].firstElementChild };
}
