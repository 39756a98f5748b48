// A book and its reviews.

import { deleteBook, getBook } from "./api.js";
import { cover } from "./cover.js";
import { confirmed } from "./dialog.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { errorPanel, explain, notify } from "./notice.js";
import { summary } from "./rating.js";
import { Reviews } from "./reviews.js";
import { count, dateText, yearText } from "./words.js";

/** Shows a book. `known` is what a list has of it, or undefined; `changed` is called with each newer state. */
export class BookPage {
  #abort = new AbortController();
  #heading = h("h1", { tabindex: -1 }, "A book");
  #details = h("div", { class: "book-details" }, this.#heading);
  #picture = h("div", { class: "book-cover" });

  constructor(id, known, { changed, gone }) {
    this.id = id;
    this.changed = changed;
    this.gone = gone;
    this.reviews = new Reviews(id, () => this.#load());
    this.node = h(
      "article",
      { class: "book-page" },
      h("a", { class: "back", href: "#/", onclick: backToShelf }, icon("back", 18), "All books"),
      h("div", { class: "book-head" }, this.#picture, this.#details),
      this.reviews.node,
    );
    if (known) this.#show(known);
    else this.#picture.append(h("div", { class: "blank" }));
    this.title = known ? `${known.title} · Bookstore` : "Bookstore";
    this.#load();
  }

  get cover() {
    return this.#picture.querySelector(".cover");
  }

  async #load() {
    try {
      const book = await getBook(this.id, this.#abort.signal);
      this.#show(book);
      this.changed(book);
      if (this.node.isConnected) document.title = `${book.title} · Bookstore`;
    } catch (error) {
      if (error.name === "AbortError") return;
      if (error.status === 404) this.gone(this.id);
      this.node.querySelector(".book-head").replaceChildren(errorPanel(error, () => this.#reload()));
      this.reviews.node.hidden = true;
    }
  }

  #reload() {
    this.node.querySelector(".book-head").replaceChildren(this.#picture, this.#details);
    this.reviews.node.hidden = false;
    this.#load();
  }

  #show(book) {
    const shown = this.cover;
    if (!shown || shown.dataset.of !== book.title + book.author) {
      const fresh = cover(book);
      fresh.dataset.of = book.title + book.author;
      this.#picture.replaceChildren(fresh);
    }
    // The heading stays, because it can have the focus.
    this.#heading.textContent = book.title;
    for (const node of [...this.#details.children]) if (node !== this.#heading) node.remove();
    this.#heading.before(h("p", { class: "book-author" }, book.author));
    this.#details.append(
      summary(book),
      h(
        "dl",
        { class: "facts" },
        fact("Publisher", book.publisher),
        fact("Year", yearText(book.year)),
        book.updateTime && fact("Last changed", dateText(book.updateTime)),
      ),
      h(
        "div",
        { class: "buttons" },
        h(
          "button",
          { type: "button", class: "button", onclick: () => this.#write() },
          icon("pen", 18),
          "Write a review",
        ),
        h("a", { class: "button quiet", href: `#/book/${this.id}/edit` }, icon("edit", 18), "Edit"),
        h(
          "button",
          { type: "button", class: "button quiet", onclick: () => this.#delete(book) },
          icon("trash", 18),
          "Delete",
        ),
      ),
    );
  }

  #write() {
    this.reviews.form.scrollIntoView({ block: "center" });
    this.reviews.form.querySelector("input").focus({ preventScroll: true });
  }

  async #delete(book) {
    const lost = book.reviewCount ? ` and ${count(book.reviewCount, "review", "reviews")} of it` : "";
    if (!(await confirmed("Delete this book?", `“${book.title}”${lost} will be gone for ever.`, "Delete"))) return;
    try {
      await deleteBook(this.id, book.etag);
    } catch (problem) {
      notify(
        problem.status === 412
          ? "Somebody has changed this book in the meantime. Look at it again before you delete it."
          : explain(problem)[0],
      );
      if (problem.status === 412) this.#load();
      return;
    }
    notify(`“${book.title}” is deleted.`);
    this.gone(this.id);
    location.hash = "#/";
  }

  close() {
    this.#abort.abort();
    this.reviews.close();
  }
}

const fact = (name, value) => h("div", {}, h("dt", {}, name), h("dd", {}, value));

/** Returns to the shelf as it was, if the user came from it. */
function backToShelf(event) {
  if (history.state?.inside) {
    event.preventDefault();
    history.back();
  }
}
