// The API reference: Swagger UI over the OpenAPI document of the gateway, and the tables
// of errors. All addresses are relative, because a proxy may serve the gateway below a
// path of its own.

/* global SwaggerUIBundle */

const DOCUMENT = "openapi.json";
const REASONS = "docs/errors.json";

function cell(tag, ...children) {
  const node = document.createElement(tag);
  node.append(...children);
  return node;
}

const code = (text) => cell("code", text);

/** Returns a text whose parts between backticks are code. */
const prose = (text) => text.split("`").map((part, i) => (i % 2 ? code(part) : part));

/** Adds the statuses that operations of the document describe, with their meaning. */
function listStatuses(api) {
  const meanings = new Map();
  for (const path of Object.values(api.paths)) {
    for (const operation of Object.values(path)) {
      for (const [status, answer] of Object.entries(operation.responses ?? {})) {
        const described = answer.$ref ? api.components.responses[answer.$ref.split("/").at(-1)] : answer;
        if (status >= "400" && status <= "599") meanings.set(status, described.description);
      }
    }
  }
  const rows = [...meanings].sort().map(([status, meaning]) => {
    const head = cell("th", status);
    head.scope = "row";
    return cell("tr", head, cell("td", meaning));
  });
  document.querySelector("#statuses tbody").append(...rows);
}

/** Adds the reasons. The address of one is /docs#REASON. */
function listReasons(reasons) {
  const rows = reasons.map((entry) => {
    const head = cell("th", code(entry.reason));
    head.scope = "row";
    const statuses = entry.statuses.map((status, i) => cell("span", `${status} `, code(entry.codes[i])));
    const row = cell(
      "tr",
      head,
      cell("td", ...(statuses.length ? statuses : ["that of the element"])),
      cell("td", ...prose(entry.description)),
      cell("td", ...prose(entry.retry)),
    );
    row.id = entry.reason;
    row.tabIndex = -1;
    return row;
  });
  document.querySelector("#reasons tbody").append(...rows);
}

/** Shows what a fragment names: a part of the page, or a reason. */
function showTarget(fragment) {
  for (const row of document.querySelectorAll(".shown")) row.classList.remove("shown");
  const target = document.getElementById(decodeURIComponent(fragment.slice(1)));
  if (!target) return;
  target.classList.add("shown");
  target.scrollIntoView();
  target.focus({ preventScroll: true });
}

function followColours() {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
  dark.addEventListener("change", apply);
  apply();
}

async function load(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: status ${answer.status}`);
  return answer.json();
}

/** Within the button of an operation the library has a link, which screen readers cannot tell apart from it: this is text. */
const plainNames = () => ({
  wrapComponents: {
    DeepLink:
      (_, { React }) =>
      ({ text }) =>
        React.createElement("span", {}, text),
  },
});

/** Shows the operations. */
function showOperations(api) {
  document.title = `${api.info.title} · API reference`;
  document.querySelector(".name").textContent = api.info.title;
  SwaggerUIBundle({
    spec: api,
    url: DOCUMENT,
    dom_id: "#library",
    deepLinking: true,
    defaultModelsExpandDepth: 0,
    displayRequestDuration: true,
    docExpansion: "list",
    filter: true,
    plugins: [plainNames],
    syntaxHighlight: { theme: "nord" },
    tryItOutEnabled: true,
    validatorUrl: null,
  });
}

/** Returns when the library has drawn the operations. */
async function drawn() {
  while (!document.querySelector("#library .opblock-tag-section")) await new Promise(requestAnimationFrame);
}

// What the library leaves without an accessible name, and the name it should have. An
// empty name is that of the text.
const NAMES = [
  [".body-param__text", "Body of the request"],
  [".close-modal", "Close"],
  ["#servers", "Server"],
  [".auth-btn-wrapper .authorize", ""],
];

/** Makes the parts of the library accessible, now and whenever it draws others. */
function mendParts() {
  const mend = () => {
    for (const [selector, text] of NAMES) {
      for (const node of document.querySelectorAll(selector)) {
        if (text) node.setAttribute("aria-label", text);
        else node.removeAttribute("aria-label");
      }
    }
    // Code that is wider than the screen is scrolled with the keyboard.
    for (const node of document.querySelectorAll(".microlight")) node.tabIndex = 0;
  };
  new MutationObserver(mend).observe(document.querySelector("#library"), { childList: true, subtree: true });
}

followColours();
mendParts();
// The library takes each fragment for one of its own: those of this page it must not see.
const fragment = location.hash;
if (!fragment.startsWith("#/")) history.replaceState(null, "", location.pathname);
try {
  const [api, reasons] = await Promise.all([load(DOCUMENT), load(REASONS)]);
  listStatuses(api);
  listReasons(reasons);
  showOperations(api);
  await drawn();
  if (!fragment.startsWith("#/")) history.replaceState(null, "", fragment || location.pathname);
  showTarget(fragment);
} catch (error) {
  document.querySelector("#library").replaceChildren(cell("p", `The reference cannot be shown: ${error.message}.`));
}
for (const link of document.querySelectorAll("a[href^='#']:not(#library a)")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    history.pushState(null, "", link.hash);
    showTarget(link.hash);
  });
}
