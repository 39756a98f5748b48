// Two people edited the same book: the service rejects the second one (412), and this
// dialog lets its author see both versions and choose.

import { showDialog } from "./dialog.js";
import { h, newId } from "./dom.js";
import { dateText } from "./words.js";

const LABELS = { title: "Title", author: "Author", publisher: "Publisher", year: "Year" };

function option(name, value, chosen, who, other) {
  return h(
    "label",
    { class: "version" },
    h("input", { type: "radio", name, value: who, checked: chosen }),
    h("span", { class: "version-who" }, who === "mine" ? "Yours" : other),
    h("span", { class: "version-value" }, value === "" ? "(empty)" : String(value)),
  );
}

/** The rows of fields that somebody changed, and a function that reads what was chosen. */
function comparison(base, mine, theirs) {
  const changed = Object.keys(LABELS).filter((name) => mine[name] !== theirs[name]);
  const rows = changed.map((name) => {
    const both = mine[name] !== base[name] && theirs[name] !== base[name];
    const own = mine[name] !== base[name];
    const radio = newId(name);
    return h(
      "fieldset",
      { class: "versions", "data-field": name },
      h(
        "legend",
        {},
        LABELS[name],
        h("span", { class: "fine" }, both ? " changed by both of you" : own ? " changed by you" : " changed by them"),
      ),
      option(radio, mine[name], own, "mine"),
      option(radio, theirs[name], !own, "theirs", "Theirs"),
    );
  });
  const chosen = () =>
    Object.fromEntries(
      rows.map((row) => {
        const name = row.dataset.field;
        return [name, row.querySelector("input:checked").value === "mine" ? mine[name] : theirs[name]];
      }),
    );
  return { rows, chosen };
}

const actions = (close, verb) =>
  h(
    "div",
    { class: "buttons" },
    h("button", { type: "button", class: "button", onclick: () => close("save") }, verb),
    h("button", { type: "button", class: "button quiet", onclick: () => close("") }, "Keep editing"),
  );

/**
 * Returns the values to store, or undefined to go on editing.
 * @param base the book as it was when the editing began
 * @param mine the values of the form
 * @param theirs the book as it is stored now; undefined if it was deleted
 */
export async function resolveConflict(base, mine, theirs) {
  if (!theirs) {
    const answer = await showDialog("This book was deleted", (close) => [
      h(
        "p",
        {},
        "While you were editing, somebody deleted this book and its reviews. Your text is still here: you can add it as a new book.",
      ),
      actions(close, "Add it again"),
    ]);
    return answer ? mine : undefined;
  }
  const { rows, chosen } = comparison(base, mine, theirs);
  const answer = await showDialog(
    "Somebody else changed this book",
    (close) => [
      h(
        "p",
        {},
        `While you were editing, another version was saved (${dateText(theirs.updateTime)}). Nothing is lost, and nothing was overwritten. Choose what the book shall have:`,
      ),
      rows.length ? rows : h("p", { class: "fine" }, "Both versions are the same."),
      actions(close, "Save this version"),
    ],
    "conflict",
  );
  return answer ? chosen() : undefined;
}
