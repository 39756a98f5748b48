// The reviews of a book, and the form for a new one.

import { createReview, listReviews, newKey } from "./api.js";
import { h, newId } from "./dom.js";
import { choiceField, field, makeForm } from "./form.js";
import { icon } from "./icons.js";
import { errorPanel, notify } from "./notice.js";
import { starChoice, stars } from "./rating.js";
import { dateText, initials } from "./words.js";

const LONGEST = 500;

const entry = (review) =>
  h(
    "li",
    { class: "review" },
    h("span", { class: "monogram", "aria-hidden": "true" }, initials(review.reviewer)),
    h(
      "div",
      {},
      h(
        "p",
        { class: "review-head" },
        h("strong", {}, review.reviewer),
        stars(review.rate),
        h("time", { datetime: review.createTime }, dateText(review.createTime)),
      ),
      review.review && h("p", { class: "review-text" }, review.review),
    ),
  );

/** Shows the reviews of a book. `written` is called after a new one was stored. */
export class Reviews {
  #abort = new AbortController();
  #next = "";
  #loading = false;
  #list = h("ol", { class: "reviews" });
  #end = h("div", { class: "reviews-end" });
  #watch = new IntersectionObserver(([entered]) => entered.isIntersecting && this.#load(), { rootMargin: "500px" });

  constructor(bookId, written) {
    this.bookId = bookId;
    const title = newId("reviews");
    this.form = this.#form(written);
    this.node = h(
      "section",
      { class: "reviews-section", "aria-labelledby": title },
      h("h2", { id: title }, "What readers say"),
      h("div", { class: "reviews-columns" }, h("div", {}, this.#list, this.#end), this.form),
    );
    this.#load();
  }

  async #load() {
    if (this.#loading) return;
    this.#loading = true;
    this.#watch.disconnect();
    this.#end.replaceChildren(h("p", { class: "fine" }, "Loading reviews"));
    try {
      const page = await listReviews(this.bookId, this.#next, this.#abort.signal);
      this.#next = page.nextPageToken ?? "";
      this.#list.append(...page.reviews.map(entry));
      this.#end.replaceChildren();
      if (!this.#list.childElementCount)
        this.#end.append(h("p", { class: "quiet-text" }, "Nobody has written about this book yet. Be the first."));
      if (this.#next) {
        this.#end.append(
          h("button", { type: "button", class: "button quiet", onclick: () => this.#load() }, "Show more reviews"),
        );
        this.#watch.observe(this.#end);
      }
    } catch (error) {
      if (error.name !== "AbortError") this.#end.replaceChildren(errorPanel(error, () => this.#load()));
    } finally {
      this.#loading = false;
    }
  }

  #form(written) {
    const errorId = newId("rate-error");
    const choice = starChoice(errorId);
    const left = h("span", { class: "fine", "aria-hidden": "true" });
    const rate = choiceField({ name: "rate", label: "Your rate", choice, errorId });
    const reviewer = field({ name: "reviewer", label: "Your name", autocomplete: "name" });
    const text = field({
      name: "review",
      label: "Your review",
      hint: `Optional, up to ${LONGEST} characters`,
      multiline: true,
      rows: 5,
    });
    text.first.addEventListener("input", () => {
      left.textContent = text.value() ? `${[...text.value()].length} of ${LONGEST}` : "";
    });
    text.node.append(left);
    // The key stays the same until the review is stored, so that a repetition stores it once.
    let key = newKey();
    const form = makeForm({
      fields: [rate, reviewer, text],
      verb: "Publish review",
      save: async () => {
        const review = { reviewer: reviewer.value().trim() };
        if (rate.value()) review.rate = rate.value();
        if (text.value().trim()) review.review = text.value().trim();
        try {
          const stored = await createReview(this.bookId, review, key);
          this.#stored(stored, form, choice);
        } catch (problem) {
          if (problem.status >= 400 && problem.status < 500) key = newKey();
          throw problem;
        }
        key = newKey();
        written();
      },
    });
    form.addEventListener("reset", () => left.replaceChildren());
    form.prepend(h("h3", {}, icon("pen"), "Write a review"));
    return form;
  }

  #stored(review, form, choice) {
    form.reset();
    choice.box.dispatchEvent(new Event("change"));
    const item = entry(review);
    item.classList.add("fresh");
    this.#list.prepend(item);
    this.#end.querySelector(".quiet-text")?.remove();
    item.scrollIntoView({ block: "center" });
    notify("Your review is published.");
  }

  close() {
    this.#abort.abort();
    this.#watch.disconnect();
  }
}
