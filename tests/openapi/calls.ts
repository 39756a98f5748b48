// Calls each operation of the bookstore by the generated client, and prints the names of the
// operations that worked, one a line. Usage: node calls.js URL
import { strict as assert } from "node:assert";
import * as generated from "./client";

const called: string[] = [];

// Records each call of an API.
function recorded<T extends object>(api: T): T {
  return new Proxy(api, {
    get(target, name, receiver) {
      const found = Reflect.get(target, name, receiver) as unknown;
      if (typeof found !== "function" || /Raw$|RequestOpts$/.test(String(name))) return found;
      return async (...args: unknown[]) => {
        const answer = await (found as (...all: unknown[]) => Promise<unknown>).apply(target, args);
        called.push(String(name));
        return answer;
      };
    },
  });
}

async function fails(call: Promise<unknown>, status: number): Promise<generated.Problem> {
  try {
    await call;
  } catch (error) {
    assert(error instanceof generated.ResponseError);
    assert.equal(error.response.status, status);
    return generated.ProblemFromJSON(await error.response.json());
  }
  throw new Error(`no status ${status}`);
}

async function linesOf(answer: Promise<Blob>): Promise<string[]> {
  return (await (await answer).text()).trimEnd().split("\n");
}

async function callBooks(api: generated.BookServiceApi): Promise<generated.Book> {
  const book = { title: "Emma", author: "Jane Austen", publisher: "John Murray", year: 1815 };
  const made = await api.createBook({ book, idempotencyKey: crypto.randomUUID() });
  assert(made.createTime instanceof Date);
  const second = await api.createBookWithPost({ book });
  const id = made.id!;
  assert.equal((await api.getBook({ id, readMask: "title" })).author, undefined);
  assert.equal((await api.getBook({ id })).year, 1815);
  assert.equal((await api.upsertBook({ id, book: { ...book, year: 1816 }, ifMatch: `"${made.etag}"` })).year, 1816);
  const problem = await fails(api.updateBook({ id, bookPatch: { year: 1817 }, ifMatch: '"0"' }), 412);
  assert.equal(problem.reason, "ETAG_MISMATCH");
  assert.equal((await api.updateBook({ id, bookPatch: { year: 1817 } })).year, 1817);
  const page = await api.listBooks({ filter: `id = "${id}"`, pageSize: 1 });
  assert.equal(page.books[0].title, "Emma");
  const [third] = (await api.batchCreateBooks({ batchCreateBooksInput: { requests: [{ book }] } })).books;
  const ids = [id, second.id!, third.id!];
  assert.equal((await api.batchGetBooks({ ids })).books.length, 3);
  const changes = ids.map((each) => ({ book: { id: each, year: 1900 } }));
  const changed = await api.batchUpdateBooks({ batchUpdateBooksInput: { requests: changes } });
  assert.deepEqual(changed.books.map((each) => each.year), [1900, 1900, 1900]);
  const body = [book, { ...book, year: 0 }].map((each) => JSON.stringify(each) + "\n").join("");
  const imported = await api.importBooks({ body: new Blob([body]) });
  assert.deepEqual([imported.importedCount, imported.failedCount, imported.failures[0].position], ["1", "1", "1"]);
  const [line] = await linesOf(api.exportBooks({ filter: `id = "${id}"` }));
  assert.equal(generated.BookFromJSON(JSON.parse(line)).id, id);
  await api.deleteBook({ id: second.id! });
  await api.batchDeleteBooks({ batchDeleteBooksInput: { requests: [{ id: third.id! }] } });
  await fails(api.getBook({ id: third.id! }), 404);
  const violations = await fails(api.createBook({ book: { ...book, title: "", year: 0 } }), 400);
  assert.deepEqual(violations.errors?.map((each) => each.field), ["title", "year"]);
  return made;
}

async function callReviews(api: generated.ReviewServiceApi, bookId: string): Promise<void> {
  const review = { bookId, reviewer: "Ada", rate: 5 };
  const made = await api.createReview({ review });
  const second = await api.createReviewWithPost({ review: { ...review, review: "Good." } });
  const third = await api.createReviewByBookId({ bookId, reviewWithoutBookId: { reviewer: "Bo", rate: 1 } });
  const fourth = await api.createReviewByBookIdWithPost({ bookId, reviewWithoutBookId: { reviewer: "Cy", rate: 2 } });
  const id = made.id!;
  assert.equal((await api.getReview({ id })).reviewer, "Ada");
  assert.equal((await api.upsertReview({ id, review: { ...review, rate: 4 } })).rate, 4);
  assert.equal((await api.updateReview({ id: second.id!, reviewPatch: { review: null } })).review, undefined);
  assert.equal((await api.listReviews({ bookId })).reviews.length, 4);
  assert.equal((await api.listReviewsByBookId({ bookId, orderBy: "rate desc" })).reviews[0].reviewer, "Ada");
  const requests = [{ review }];
  const [fifth] = (await api.batchCreateReviews({ batchCreateReviewsInput: { requests } })).reviews;
  assert.equal((await api.batchGetReviews({ ids: [id, fifth.id!] })).reviews.length, 2);
  const change = { review: { id: fifth.id!, rate: 3 }, updateMask: "rate" };
  const changed = await api.batchUpdateReviews({ batchUpdateReviewsInput: { requests: [change] } });
  assert.equal(changed.reviews[0].rate, 3);
  assert.equal((await api.importReviews({ body: new Blob([JSON.stringify(review)]) })).importedCount, "1");
  assert.equal((await linesOf(api.exportReviews({ filter: `bookId = "${bookId}"` }))).length, 6);
  await api.deleteReview({ id: fourth.id! });
  await api.batchDeleteReviews({ batchDeleteReviewsInput: { ids: [third.id!, fifth.id!] } });
}

async function main(): Promise<void> {
  const configuration = new generated.Configuration({ basePath: process.argv[2] });
  const gateway = recorded(new generated.GatewayApi(configuration));
  assert.equal((await gateway.getHealth()).status, "ok");
  assert.equal((await gateway.getReadiness()).status, "ok");
  assert("openapi" in (await gateway.getOpenAPI()) && "openapi" in (await gateway.getOpenAPI31()));
  const books = recorded(new generated.BookServiceApi(configuration));
  const book = await callBooks(books);
  await callReviews(recorded(new generated.ReviewServiceApi(configuration)), book.id!);
  console.log([...new Set(called)].join("\n"));
}

void main();
