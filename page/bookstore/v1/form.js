// Forms. The rules are those of the service: what it rejects stands beside the field.

import { h, newId } from "./dom.js";
import { explain } from "./notice.js";
import { count } from "./words.js";

/** A labelled field: { name, label, node, input, first, error }. `input` is read by the form. */
export function field({ name, label, hint, multiline, ...attributes }) {
  const id = newId(name);
  const error = h("p", { class: "violation", id: `${id}-error`, hidden: true });
  const note = hint && h("p", { class: "hint", id: `${id}-hint` }, hint);
  const describedBy = [note && `${id}-hint`, `${id}-error`].filter(Boolean).join(" ");
  const input = h(multiline ? "textarea" : "input", {
    id,
    name,
    "aria-describedby": describedBy,
    autocomplete: "off",
    ...attributes,
  });
  const node = h("div", { class: "field" }, h("label", { for: id }, label), note, input, error);
  return { name, label, node, error, first: input, value: () => input.value };
}

/** A field of radio buttons: `choice` is that of starChoice. */
export function choiceField({ name, label, choice, errorId }) {
  const error = h("p", { class: "violation", id: errorId, hidden: true });
  const node = h("fieldset", { class: "field" }, h("legend", {}, label), choice.box, error);
  return { name, label, node, error, first: choice.first, value: choice.value };
}

function mark(one, text) {
  one.error.hidden = !text;
  one.error.textContent = text ?? "";
  one.node.classList.toggle("wrong", Boolean(text));
  const inputs = one.node.querySelectorAll("input, textarea");
  for (const input of inputs) {
    if (text) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  }
}

/**
 * Returns a form. `save` receives nothing and may throw a Problem, which the form shows.
 * @param {{fields: object[], verb: string, cancel?: Node, save: () => Promise<void>}} options
 */
export function makeForm({ fields, verb, cancel, save }) {
  const summary = h("div", { class: "form-summary", role: "alert", tabindex: -1, hidden: true });
  const button = h("button", { class: "button" }, verb);
  const form = h(
    "form",
    { novalidate: true, class: "form" },
    summary,
    fields.map((one) => one.node),
    h("div", { class: "buttons" }, button, cancel),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.getAttribute("aria-busy")) return;
    button.setAttribute("aria-busy", "true");
    try {
      await save();
      show(fields, summary);
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      show(fields, summary, problem);
    } finally {
      button.removeAttribute("aria-busy");
    }
  });
  return form;
}

function show(fields, summary, problem) {
  const texts = new Map();
  const others = [];
  for (const { field: name, description } of problem?.violations ?? []) {
    const own = fields.some((one) => one.name === name);
    if (own && !texts.has(name)) texts.set(name, description);
    else if (!own) others.push(`${name}: ${description}`);
  }
  for (const one of fields) mark(one, texts.get(one.name));
  summary.hidden = !problem;
  if (!problem) return;
  const [title, text] = explain(problem);
  const wrong = fields.filter((one) => texts.has(one.name));
  const link = (one) =>
    h(
      "li",
      {},
      h("button", { type: "button", class: "link", onclick: () => one.first.focus() }, one.label),
      ` ${texts.get(one.name)}`,
    );
  summary.replaceChildren(
    h(
      "strong",
      {},
      wrong.length ? `The service does not accept this: ${count(wrong.length, "field", "fields")} to correct.` : title,
    ),
    wrong.length ? h("ul", {}, wrong.map(link)) : h("p", {}, others.length ? others.join("; ") : text),
  );
  summary.focus();
}
