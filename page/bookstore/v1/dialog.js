// Modal dialogs.

import { h, newId } from "./dom.js";

/**
 * Shows a dialog until it is closed, and returns the value that it was closed with: "" for
 * the key Escape. `content` receives a function that closes it.
 */
export function showDialog(title, content, className = "") {
  const id = newId("dialog");
  const close = (value) => dialog.close(value);
  const dialog = h(
    "dialog",
    { class: `dialog ${className}`, "aria-labelledby": id },
    h("h2", { id }, title),
    content(close),
  );
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue);
    });
  });
}

/** Asks before something that cannot be undone; returns whether to do it. */
export async function confirmed(title, text, verb) {
  const answer = await showDialog(title, (close) => [
    h("p", {}, text),
    h(
      "div",
      { class: "buttons" },
      h("button", { type: "button", class: "button danger", onclick: () => close("yes") }, verb),
      h("button", { type: "button", class: "button quiet", autofocus: true, onclick: () => close("") }, "Cancel"),
    ),
  ]);
  return answer === "yes";
}
