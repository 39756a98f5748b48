// Signing in with a token. The tab keeps it until it is closed.

import { events, token } from "./api.js";
import { showDialog } from "./dialog.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { notify } from "./notice.js";

/** Returns the subject of a JWT (RFC 7519), or "" if it cannot be read. The service verifies the token. */
function subject(value) {
  try {
    const payload = value.split(".")[1].replaceAll("-", "+").replaceAll("_", "/");
    return JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(payload), (c) => c.codePointAt(0)))).sub ?? "";
  } catch {
    return "";
  }
}

function form(close) {
  const input = h("textarea", {
    id: "token",
    rows: 4,
    spellcheck: "false",
    autocomplete: "off",
    required: true,
    "aria-describedby": "token-hint",
  });
  const submit = (event) => {
    event.preventDefault();
    close(input.value.trim());
  };
  return h(
    "form",
    { onsubmit: submit },
    h("label", { for: "token" }, "Bearer token"),
    h(
      "p",
      { class: "hint", id: "token-hint" },
      "A JWT of your identity provider. This tab keeps it until you close the tab or sign out.",
    ),
    input,
    h(
      "div",
      { class: "buttons" },
      h("button", { class: "button" }, "Sign in"),
      h("button", { type: "button", class: "button quiet", onclick: () => close("") }, "Cancel"),
    ),
  );
}

/** Returns the button that signs in and out. `changed` is called after it. */
export function accountButton(changed) {
  const button = h("button", { type: "button", class: "icon-button account" });
  const show = () => {
    const name = token.get() && (subject(token.get()) || "somebody");
    button.replaceChildren(icon("user"));
    button.setAttribute("aria-label", name ? `Signed in as ${name}. Sign out` : "Sign in");
    button.title = name ? `Signed in as ${name}` : "Sign in";
    button.classList.toggle("on", Boolean(name));
  };
  const use = (value) => {
    token.set(value);
    show();
    notify(value ? "You are signed in." : "You are signed out.");
    changed();
  };
  const signIn = async () => {
    const value = await showDialog("Sign in", form);
    if (value) use(value);
  };
  button.addEventListener("click", () => (token.get() ? use("") : signIn()));
  events.addEventListener("unauthorized", () => button.classList.add("wanted"));
  events.addEventListener("reached", () => button.classList.remove("wanted"));
  show();
  return button;
}
