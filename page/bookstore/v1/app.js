// The page: leads each address to what it shows. Addresses are fragments, such as
// #/book/ID, so that the page works below any path.

import { accountButton } from "./account.js";
import { BookPage } from "./book.js";
import { calm, h } from "./dom.js";
import { EditPage } from "./edit.js";
import { icon } from "./icons.js";
import { watchConnection } from "./notice.js";
import { searchForm } from "./search.js";
import { Shelf } from "./shelf.js";
import { themeButton } from "./theme.js";

const main = document.querySelector("main");
let shelf;
let page;

/** Returns the address of a shelf. */
function shelfAddress({ query, order }) {
  const parameters = new URLSearchParams();
  if (query) parameters.set("q", query);
  if (order) parameters.set("order", order);
  return parameters.size ? `#/?${parameters}` : "#/";
}

const search = searchForm(document.querySelector(".search form"), (query) => {
  if (query === (shelf?.query ?? "") && page === shelf) return;
  const address = shelfAddress({ query, order: shelf?.order });
  // Typing is one step of the history.
  if (page === shelf) location.replace(address);
  else location.hash = address;
});

function openShelf(parameters) {
  const wanted = { query: parameters.get("q") ?? "", order: parameters.get("order") ?? undefined };
  const same = shelf && shelf.query === wanted.query && (!wanted.order || shelf.order === wanted.order);
  if (same) return shelf;
  shelf?.close();
  shelf = new Shelf(wanted, (next) => {
    location.hash = shelfAddress(next);
  });
  return shelf;
}

const gone = (id) => shelf?.refresh(id);

function saved(book) {
  if (shelf?.books.has(book.id)) shelf.refresh(book.id, { ...shelf.books.get(book.id), ...book });
  else {
    shelf?.close(); // the new book has its place in the next one
    shelf = undefined;
  }
  location.hash = `#/book/${book.id}`;
}

/** Returns what an address shows. */
function open(hash) {
  const [path, parameters] = hash.replace(/^#\/?/, "").split("?");
  const [kind, id, verb] = path.split("/");
  if (kind === "new") return new EditPage("", { saved, gone });
  if (kind === "book" && id && verb === "edit") return new EditPage(id, { saved, gone });
  if (kind === "book" && id) {
    const changed = (book) => shelf?.refresh(book.id, book);
    return new BookPage(id, shelf?.books.get(id), { changed, gone });
  }
  return openShelf(new URLSearchParams(parameters));
}

/** Where the shelf was scrolled to. */
let shelfPosition = 0;

/** Returns what has the focus in a view: its heading, or on a shelf the book that the user comes from. */
function focused(next, before) {
  const card = next === shelf && shelf.books.get(before.id)?.item.querySelector("a");
  return card || next.node.querySelector("h1") || main;
}

/** Shows a view. The focus does not move when the page opens, and not while somebody types. */
function swap(next, before) {
  const typing = document.activeElement === search;
  main.replaceChildren(next.node);
  if (next === shelf) search.value = shelf.query;
  document.title = next.title;
  window.scrollTo(0, next === shelf ? shelfPosition : 0);
  if (before && !typing) focused(next, before).focus({ preventScroll: true });
}

/** Lets the cover grow from the shelf into the page of its book, and back. */
function withCover(from, to, update) {
  const id = from.id ?? to.id;
  const cover = (view) => (view === shelf ? shelf.coverOf(id) : view.cover);
  const name = (view, value) => {
    const node = cover(view);
    if (node) node.style.viewTransitionName = value;
  };
  name(from, "cover");
  const transition = document.startViewTransition(() => {
    name(from, "");
    update();
    name(to, "cover");
  });
  transition.finished.finally(() => name(to, ""));
}

function show(animated) {
  const before = page;
  if (before && before === shelf) shelfPosition = window.scrollY;
  const next = open(location.hash);
  if (next === before) return;
  if (next === shelf && before && before.id === undefined) shelfPosition = 0;
  page = next;
  const update = () => swap(next, before);
  const pair = before && [before, next].every((view) => view === shelf || view instanceof BookPage);
  if (animated && pair && document.startViewTransition && !calm()) withCover(before, next, update);
  else update();
  if (before && before !== shelf) before.close();
}

/** Shows everything again, with the rights of another caller. */
function reload() {
  shelf?.close();
  shelf = undefined;
  if (page && page !== shelf) page.close();
  page = undefined;
  show(false);
}

document
  .querySelector(".actions")
  .append(
    themeButton(),
    accountButton(reload),
    h(
      "a",
      { class: "button", href: "#/new", "aria-label": "Add a book" },
      icon("plus", 18),
      h("span", {}, "Add a book"),
    ),
  );
watchConnection();
document.addEventListener(
  "scroll",
  () => document.querySelector(".top").classList.toggle("lifted", window.scrollY > 8),
  { passive: true },
);
window.addEventListener("hashchange", () => {
  history.replaceState({ inside: true }, "");
  show(true);
});
history.scrollRestoration = "manual";
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  main.focus();
});
show(false);
