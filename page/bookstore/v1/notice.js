// What the page reports: short notices, errors in place of content, and whether the
// service can be reached.

import { events, ready } from "./api.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";

const SHOWN = 6000;
const PAUSE = 3000;

/** Shows a short text for some seconds; screen readers read it. */
export function notify(text) {
  const notice = h("p", { class: "notice" }, icon("check", 18), text);
  document.querySelector(".notices").append(notice);
  setTimeout(() => notice.remove(), SHOWN);
}

const EXPLAINED = {
  0: ["The service cannot be reached", "Check your connection. This page continues as soon as the service answers."],
  401: ["Please sign in", "The service shows this only to callers with a token."],
  403: ["This is not for you", "Your token does not permit this."],
  404: ["This does not exist", "It may have been deleted, or the address is wrong."],
  429: ["The service is busy", "Many people ask for something at this moment. Try again shortly."],
  503: ["The service is not available", "It should be back in a moment."],
  504: ["The service took too long", "It may be busy. Try again."],
};

/** Returns the title and the explanation of a problem, for people. */
export const explain = (problem) =>
  EXPLAINED[problem.status] ?? [problem.title || "Something went wrong", problem.message || "Try again."];

/** Returns an error in place of content. `retry` is called by the button, and when the service is reached again. */
export function errorPanel(problem, retry) {
  const [title, text] = explain(problem);
  const button =
    problem.status === 401
      ? h(
          "button",
          { type: "button", class: "button", onclick: () => document.querySelector(".account").click() },
          "Sign in",
        )
      : h("button", { type: "button", class: "button", onclick: retry }, "Try again");
  const panel = h(
    "div",
    { class: "panel", role: "alert" },
    icon(problem.status === 0 ? "cloud" : "alert", 36),
    h("h2", {}, title),
    h("p", {}, text),
    problem.status !== 404 && button,
    problem.requestId && h("p", { class: "fine" }, "Request ", h("code", {}, problem.requestId)),
  );
  if (problem.status === 0 || problem.status === 503) whenReady(panel, retry);
  return panel;
}

/** Calls `retry` when the service is ready again, if the panel is still shown then. */
async function whenReady(panel, retry) {
  do await new Promise((resolve) => setTimeout(resolve, PAUSE));
  while (panel.isConnected && !(await ready()));
  if (panel.isConnected) retry();
}

/** Shows at the top of the page that the service cannot be reached. */
export function watchConnection() {
  const banner = document.querySelector(".banner");
  const show = (text) => {
    banner.hidden = !text;
    banner.replaceChildren(...(text ? [icon("cloud", 18), text] : []));
  };
  const offline = () => show("You are offline. You can still read what is on this page.");
  window.addEventListener("offline", offline);
  window.addEventListener("online", () => show(""));
  events.addEventListener("reached", () => show(""));
  events.addEventListener("unreachable", () =>
    navigator.onLine ? show("The service does not answer at the moment.") : offline(),
  );
  if (!navigator.onLine) offline();
}
