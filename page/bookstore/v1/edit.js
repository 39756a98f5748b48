// Adding a book, and editing one.

import { createBook, getBook, newKey, updateBook } from "./api.js";
import { resolveConflict } from "./conflict.js";
import { cover } from "./cover.js";
import { h } from "./dom.js";
import { field, makeForm } from "./form.js";
import { icon } from "./icons.js";
import { errorPanel, notify } from "./notice.js";

export const FIELDS = [
  { name: "title", label: "Title" },
  { name: "author", label: "Author" },
  { name: "publisher", label: "Publisher" },
  { name: "year", label: "Year", hint: "Years before Christ are negative", inputmode: "numeric" },
];

/** Returns the value of a field as JSON has it. A year that is no number goes as it is: the service says what is wrong. */
const sentValue = (name, text) => (name === "year" && /^-?\d+$/.test(text) ? Number(text) : text);

/** A form for a book. Without an id, it adds one. `saved` receives the book that was stored. */
export class EditPage {
  #abort = new AbortController();
  #body = h("div", { class: "edit-body" });

  constructor(id, { saved, gone }) {
    this.id = id;
    this.saved = saved;
    this.gone = gone;
    this.title = `${id ? "Edit a book" : "Add a book"} · Bookstore`;
    this.node = h(
      "section",
      { class: "edit-page" },
      h("a", { class: "back", href: id ? `#/book/${id}` : "#/" }, icon("back", 18), id ? "The book" : "All books"),
      h("h1", { tabindex: -1 }, id ? "Edit this book" : "Add a book"),
      this.#body,
    );
    if (id) this.#load();
    else this.#show({});
  }

  async #load() {
    try {
      this.#show(await getBook(this.id, this.#abort.signal));
    } catch (error) {
      if (error.name === "AbortError") return;
      this.#body.replaceChildren(errorPanel(error, () => this.#load()));
    }
  }

  #show(book) {
    this.book = book;
    const fields = FIELDS.map((one) => field({ ...one, value: book[one.name] ?? "" }));
    const preview = h("div", { class: "edit-cover" });
    const draw = () =>
      preview.replaceChildren(cover({ title: fields[0].value().trim(), author: fields[1].value().trim() }));
    this.values = () => Object.fromEntries(fields.map((one) => [one.name, sentValue(one.name, one.value().trim())]));
    const form = makeForm({
      fields,
      verb: this.id ? "Save changes" : "Add this book",
      cancel: h("a", { class: "button quiet", href: this.id ? `#/book/${this.id}` : "#/" }, "Cancel"),
      save: () => (this.id ? this.#update() : this.#create()),
    });
    form.addEventListener("input", draw);
    draw();
    this.#body.replaceChildren(
      form,
      h(
        "div",
        { class: "edit-aside" },
        preview,
        h("p", { class: "fine" }, "The cover is drawn from title and author."),
      ),
    );
  }

  #key = newKey();

  async #create() {
    const book = Object.fromEntries(Object.entries(this.values()).filter(([, value]) => value !== ""));
    try {
      const stored = await createBook(book, this.#key);
      notify(`“${stored.title}” is on the shelves.`);
      this.saved(stored);
    } catch (problem) {
      // After a rejection the next attempt is another request.
      if (problem.status >= 400 && problem.status < 500) this.#key = newKey();
      throw problem;
    }
  }

  async #update() {
    const values = this.values();
    const changes = Object.fromEntries(Object.entries(values).filter(([name, value]) => value !== this.book[name]));
    if (Object.keys(changes).length === 0) {
      this.saved(this.book);
      return;
    }
    await this.#write(changes, this.book, values);
  }

  async #write(changes, base, mine) {
    let stored;
    try {
      stored = await updateBook(this.id, changes, base.etag);
    } catch (problem) {
      if (problem.status !== 412) throw problem;
      await this.#conflict(base, mine);
      return;
    }
    notify("Your changes are saved.");
    this.saved(stored);
  }

  /** The stored book is no longer the one that was edited. */
  async #conflict(base, mine) {
    const theirs = await getBook(this.id).catch((problem) => {
      if (problem.status === 404) return undefined;
      throw problem;
    });
    if (!theirs) this.gone(this.id);
    const merged = await resolveConflict(base, mine, theirs);
    if (!merged) return;
    if (!theirs) {
      this.saved(await createBook(mine, newKey()));
      notify("The book is on the shelves again.");
      return;
    }
    const changes = Object.fromEntries(Object.entries(merged).filter(([name, value]) => value !== theirs[name]));
    if (Object.keys(changes).length) await this.#write(changes, theirs, { ...theirs, ...merged });
    else this.saved(theirs);
  }

  close() {
    this.#abort.abort();
  }
}
