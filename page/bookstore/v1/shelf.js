// All books: searched, ordered, and one page after the other.

import { listBooks } from "./api.js";
import { cover } from "./cover.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { errorPanel } from "./notice.js";
import { summary } from "./rating.js";
import { filterFor } from "./search.js";
import { count } from "./words.js";

const PAGE = 48;
const AHEAD = "900px";

const ORDERS = [
  ["title", "Title"],
  ["author, title", "Author"],
  ["year desc, title", "Newest first"],
  ["year, title", "Oldest first"],
  ["createTime desc", "Recently added"],
];

const card = (book) =>
  h(
    "a",
    { class: "card", href: `#/book/${book.id}` },
    cover(book),
    h("span", { class: "card-title" }, book.title),
    h("span", { class: "card-author" }, book.author),
    summary(book),
  );

const blank = () =>
  h(
    "li",
    { "aria-hidden": "true" },
    h("div", { class: "blank" }),
    h("div", { class: "blank-line" }),
    h("div", { class: "blank-line" }),
  );

/** Shows books. `go` leads to another search or order. */
export class Shelf {
  #abort = new AbortController();
  #next = "";
  #loading = false;
  #list = h("ul", { class: "shelf", "aria-label": "Books" });
  #end = h("div", { class: "shelf-end" });
  #said = h("p", { class: "hidden", role: "status" });
  #watch = new IntersectionObserver(([entry]) => entry.isIntersecting && this.#next && this.#load(), {
    rootMargin: AHEAD,
  });
  /** The books by id, as they are shown. */
  books = new Map();

  constructor({ query = "", order = ORDERS[0][0] }, go) {
    this.query = query;
    this.order = order;
    this.title = query ? `${query} · Bookstore` : "Bookstore";
    this.node = h("section", {}, this.#head(go), this.#said, this.#list, this.#end);
    this.#load();
  }

  #head(go) {
    const select = h(
      "select",
      { "aria-label": "Order of the books", onchange: () => go({ query: this.query, order: select.value }) },
      ORDERS.map(([value, text]) => h("option", { value, selected: value === this.order }, text)),
    );
    return h(
      "div",
      { class: "shelf-head" },
      h(
        "div",
        {},
        h("h1", { tabindex: -1 }, this.query ? `“${this.query}”` : "On the shelves"),
        h(
          "p",
          {},
          this.query ? "Books with all of these words." : "Every book of the store, and what its readers say about it.",
        ),
      ),
      h("div", { class: "order" }, h("span", { "aria-hidden": "true" }, "Order"), select),
    );
  }

  async #load() {
    if (this.#loading) return;
    this.#loading = true;
    const first = this.books.size === 0;
    const blanks = Array.from({ length: first ? 12 : 6 }, blank);
    this.#list.append(...blanks);
    this.#end.replaceChildren();
    try {
      const page = await listBooks(
        { filter: filterFor(this.query), orderBy: this.order, pageSize: PAGE, pageToken: this.#next },
        this.#abort.signal,
      );
      this.#next = page.nextPageToken ?? "";
      this.#add(page.books);
      this.#finish();
    } catch (error) {
      if (error.name === "AbortError") return;
      this.#end.replaceChildren(errorPanel(error, () => this.#load()));
    } finally {
      for (const one of blanks) one.remove();
      this.#loading = false;
    }
    // The end can still be in view.
    this.#watch.unobserve(this.#end);
    if (this.#next && !this.#end.querySelector(".panel")) this.#watch.observe(this.#end);
  }

  #add(books) {
    const items = books.filter((book) => !this.books.has(book.id));
    for (const [place, book] of items.entries()) {
      const item = h("li", { class: "new" }, card(book));
      item.style.setProperty("--place", Math.min(place, 14));
      this.#list.append(item);
      this.books.set(book.id, { ...book, item });
    }
  }

  #finish() {
    const shown = count(this.books.size, "book", "books");
    if (this.books.size === 0) this.#end.replaceChildren(this.#nothing());
    else if (this.#next)
      this.#end.replaceChildren(
        h("button", { type: "button", class: "button quiet", onclick: () => this.#load() }, "Show more books"),
      );
    else
      this.#end.replaceChildren(h("p", {}, this.books.size === 1 ? "That is the only one." : `That is all: ${shown}.`));
    this.#said.textContent = this.books.size
      ? `${shown} shown${this.#next ? ", more follow" : ""}.`
      : "No books found.";
  }

  #nothing() {
    const [picture, title, text, href, verb] = this.query
      ? [
          "search",
          "Nothing found",
          `No book has “${this.query}” in its title, author, publisher or year.`,
          "#/",
          "Show all books",
        ]
      : ["shelf", "The shelves are empty", "Add the first book, and it stands here.", "#/new", "Add a book"];
    return h(
      "div",
      { class: "panel" },
      icon(picture, 44),
      h("h2", {}, title),
      h("p", {}, text),
      h("a", { class: "button", href }, verb),
    );
  }

  /** Shows a book as it is now, if it is on the shelf; `undefined` removes it. */
  refresh(id, book) {
    const known = this.books.get(id);
    if (!known) return;
    if (book) {
      known.item.replaceChildren(card(book));
      this.books.set(id, { ...book, item: known.item });
    } else {
      known.item.remove();
      this.books.delete(id);
    }
  }

  /** Returns the cover of a book on the shelf, from which its page grows. */
  coverOf = (id) => this.books.get(id)?.item.querySelector(".cover");

  close() {
    this.#abort.abort();
    this.#watch.disconnect();
  }
}
