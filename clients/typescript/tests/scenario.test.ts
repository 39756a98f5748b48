// What users of the package do, over each connection; in Node.js, and in a browser over REST.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import {
  AlreadyExists,
  type Book,
  DeadlineExceeded,
  InvalidArgument,
  NotFound,
  type ServiceError,
  VersionMismatch,
} from "bookstore-client";
import * as web from "bookstore-client/web";
import { author, CONNECTIONS, control, type Service, sample, sleep, using } from "./system.js";

/** The web module is a bundle with classes of its own. */
const named = (type: { name: string }) => (error: unknown) => {
  assert.equal((error as Error).name, type.name);
  return true;
};

const [PLAIN] = Object.values(CONNECTIONS) as [() => Service];

async function all<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const row of rows) found.push(row);
  return found;
}

for (const [name, connect] of Object.entries(CONNECTIONS)) {
  test(`${name}: creations survive a crash of the server`, () =>
    using(connect(), async (client) => {
      const by = author();
      const crashes = (async () => {
        for (let n = 0; n < 2; n += 1) {
          await sleep(150);
          await control("kill");
          await sleep(100);
          await control("start");
        }
      })();
      const titles = Array.from({ length: 150 }, (_, n) => String(n));
      const created = await Promise.all(
        titles.map(async (title, n) => {
          await sleep(n * 8);
          return client.books.create({ ...sample(by), title });
        }),
      );
      await crashes;
      const stored = await all<Book>(client.books.list({ author: by }));
      assert.equal(stored.length, titles.length);
      const ids = (books: Book[]) => new Map(books.map((book) => [book.title, book.id]));
      assert.deepEqual(new Map([...ids(stored)].sort()), new Map([...ids(created)].sort()));
    }));

  test(`${name}: errors have types`, () =>
    using(connect(), async (client) => {
      const by = author();
      await assert.rejects(client.books.create({ author: by, year: 20_000 }), (error: ServiceError) => {
        named(InvalidArgument)(error);
        const fields = error.violations.map(({ field }) => field.replace(/^book\./, ""));
        assert.deepEqual(new Set(fields), new Set(["title", "publisher", "year"]));
        assert.ok(error.requestId && String(error).includes(error.requestId));
        assert.ok(!String(error).includes(by));
        return true;
      });
      const book = await client.books.create(sample(by));
      await assert.rejects(client.books.create(book), named(AlreadyExists));
      await assert.rejects(client.books.get(randomUUID()), named(NotFound));
      await assert.rejects(client.books.delete(book.id, { etag: "0" }), named(VersionMismatch));
      assert.deepEqual(await client.books.batchGet([book.id]), [book]);
      await client.books.delete(book.id);
      await client.books.delete(book.id, { allowMissing: true });
    }));

  test(`${name}: a conflict is resolved`, () =>
    using(connect(), async (client) => {
      const book = await client.books.create(sample(author()));
      const later = (row: Book) => {
        row.year += 1;
      };
      await Promise.all(Array.from({ length: 5 }, () => client.books.update(book.id, later)));
      const changed = await client.books.get(book.id);
      assert.equal(changed.year, 1820);
      assert.equal((await client.books.update(book.id, () => undefined)).etag, changed.etag);
      const other = await client.books.update(book.id, (row) => ({ ...row, title: "Emma, a novel" }));
      assert.deepEqual([other.title, other.year], ["Emma, a novel", 1820]);
    }));

  test(`${name}: an import with refused lines, an export, pages`, () =>
    using(connect(), async (client) => {
      const by = author();
      const counts: number[] = [];
      function* rows() {
        for (let n = 0; n < 2500; n += 1) yield { ...sample(by), title: `${n}`, year: n % 1000 === 3 ? 20_000 : 7 };
      }
      const result = await client.books.import(rows(), { progress: (count) => counts.push(count) });
      assert.deepEqual([result.imported, result.failed], [2497, 3]);
      assert.deepEqual(
        result.failures.map(({ position }) => position),
        [3, 1003, 2003],
      );
      named(InvalidArgument)(result.failures[0]?.error);
      assert.equal(counts.at(-1), 2500);
      assert.equal((await all<Book>(client.books.export({ filter: `author = "${by}"` }))).length, 2497);
      assert.equal((await all<Book>(client.books.list({ author: by, pageSize: 7 }, { limit: 20 }))).length, 20);
      let count = 0;
      for await (const book of client.books.export({ filter: `author = "${by}"` })) {
        assert.ok(book.id);
        if (++count === 10) break;
      }
      const broken = client.books.import(
        (async function* () {
          yield sample(by);
          throw new RangeError("broken");
        })(),
      );
      await assert.rejects(broken, RangeError);
    }));

  test(`${name}: a view sees what its client has written`, () =>
    using(connect(), async (client) => {
      const by = author();
      const view = client.eventual({ maxStaleness: 500 });
      const book = await client.books.create(sample(by));
      assert.deepEqual(await view.books.get(book.id), book);
      const changed = await view.books.update(book.id, (row) => ({ ...row, title: "Emma, a novel" }));
      assert.deepEqual(await view.books.batchGet([book.id]), [changed]);
      assert.deepEqual(await all<Book>(view.books.list({ author: by })), [changed]);
      assert.deepEqual(await all<Book>(view.books.export({ filter: `author = "${by}"` })), [changed]);
      await view.books.delete(book.id);
      await assert.rejects(view.books.get(book.id), named(NotFound));
    }));

  test(`${name}: a deadline`, () =>
    using(connect(), async (client) => {
      const book = await client.books.create(sample(author()));
      await control("pause");
      try {
        const started = Date.now();
        await assert.rejects(client.books.get(book.id, {}, { timeout: 500 }), named(DeadlineExceeded));
        const write = client.books.patch({ id: book.id, year: 7 }, {}, { timeout: 500 });
        await assert.rejects(write, named(DeadlineExceeded));
        assert.ok(Date.now() - started < 5000); // the default is 30 s
      } finally {
        await control("resume");
      }
    }));
}

test("pages while others write", () =>
  using(PLAIN(), async (client) => {
    const by = author();
    const rows = Array.from({ length: 10_000 }, (_, n) => ({ ...sample(by), title: String(n) }));
    assert.equal((await client.books.import(rows)).imported, 10_000);
    let over = false;
    const writer = (async () => {
      while (!over) {
        const other = await client.books.create({ ...sample(by), title: "other" });
        await client.books.delete(other.id);
      }
    })();
    const found = await all<Book>(client.books.list({ author: by, pageSize: 500 }));
    over = true;
    await writer;
    const titles = found.map(({ title }) => title).filter((title) => title !== "other");
    assert.deepEqual(
      titles.sort((a, b) => Number(a) - Number(b)),
      rows.map(({ title }) => title),
    );
  }));

test("what may be repeated", async () => {
  const sent: { url: string; id: string | null; at: number }[] = [];
  let failures: Response[] = [];
  const answer: typeof fetch = async (url) => {
    const id = new URL(String(url)).searchParams.get("requestId");
    sent.push({ url: String(url), id, at: Date.now() });
    return failures.shift() ?? new Response('{"id":"1"}');
  };
  const problem = (status: number, body: object, headers: Record<string, string> = {}) =>
    new Response(JSON.stringify(body), { status, headers });
  const policy = { timeout: 5000, firstBackoff: 10, maxAttempts: 4 };
  const client = new web.WebClient("http://service.test", { fetch: answer, policy });

  failures = [problem(503, { code: "UNAVAILABLE" }), problem(503, { code: "UNAVAILABLE", reason: "OUTCOME_UNKNOWN" })];
  await client.books.create(sample("a"));
  assert.equal(sent.length, 3);
  assert.equal(new Set(sent.map(({ id }) => id)).size, 1);
  assert.ok(sent[0]?.id);

  sent.length = 0;
  failures = [problem(429, { code: "RESOURCE_EXHAUSTED", reason: "QUEUE_FULL" }, { "Retry-After": "1" })];
  await client.books.get("1");
  assert.ok((sent[1]?.at ?? 0) - (sent[0]?.at ?? 0) >= 990);

  for (const [status, code] of [
    [500, "INTERNAL"],
    [409, "ABORTED"],
    [429, "RESOURCE_EXHAUSTED"],
  ] as const) {
    sent.length = 0;
    failures = [problem(status, { code, requestId: "x" })];
    await assert.rejects(client.books.create(sample("a")), web.ServiceError);
    assert.equal(sent.length, 1);
  }

  sent.length = 0;
  failures = Array.from({ length: 9 }, () => problem(503, { code: "UNAVAILABLE", requestId: "x" }));
  await assert.rejects(client.books.get("1"), web.Unavailable);
  assert.equal(sent.length, policy.maxAttempts);
  await assert.rejects(client.books.create(sample("a")), { name: "Unavailable", outcomeUnknown: true });

  // The second attempt leaves open what the first one did.
  failures = [
    problem(503, { code: "UNAVAILABLE", requestId: "x" }),
    problem(500, { code: "INTERNAL", reason: "ROW_UNREADABLE" }),
  ];
  await assert.rejects(client.books.create(sample("a")), { name: "Internal", outcomeUnknown: true });

  // A proxy between has lost the connection to the gateway.
  sent.length = 0;
  failures = [new Response("<h1>Bad</h1>", { status: 500 }), new Response("", { status: 502 })];
  await client.books.create(sample("a"));
  assert.equal(sent.length, 3);
});
