// Views, whose reads may be stale: what they send to a server that records it, over gRPC and REST.
import assert from "node:assert/strict";
import { createServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { Code, ConnectError, type HandlerContext } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { BookService, Client } from "bookstore-client";
import { WebClient } from "bookstore-client/web";
import { type Service, sample, sleep } from "./system.js";

const BOOK = { id: "1", etag: "2", title: "Emma", year: 1815 };
const PAGES = 3;
const POLICY = { firstBackoff: 1 };
/** Milliseconds; longer than what WebClient subtracts for the clocks of browsers. */
const PAUSE = 150;

const READS: Record<string, (client: Service) => Promise<unknown>> = {
  GetBook: (client) => client.books.get("1"),
  BatchGetBooks: (client) => client.books.batchGet(["1"]),
  ListBooks: (client) => all(client.books.list()),
  ExportBooks: (client) => all(client.books.export()),
};
const WRITES: Record<string, (client: Service) => Promise<unknown>> = {
  CreateBook: (client) => client.books.create(sample("a")),
  UpdateBook: (client) => client.books.patch({ id: "1", title: "Emma" }, { updateMask: { paths: ["title"] } }),
  DeleteBook: (client) => client.books.delete("1"),
  BatchCreateBooks: (client) => client.books.batchCreate([sample("a")]),
  ImportBooks: (client) => client.books.import([sample("a")]),
};

async function all<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const row of rows) found.push(row);
  assert.ok(found.length > 0);
  return found;
}

interface Received {
  method: string;
  /** As the metadata read-consistency has it. */
  consistency: string | null;
  /** As of performance.now(). */
  at: number;
}

/** Has one book, and lists it on each of PAGES pages. */
class Recorder {
  received: Received[] = [];
  /** The next call does this, and then fails. */
  failure: { code: Code; action: () => Promise<unknown> } | undefined;

  async record(method: string, consistency: string | null): Promise<void> {
    this.received.push({ method, consistency, at: performance.now() });
    const failure = this.failure;
    this.failure = undefined;
    if (!failure) return;
    await failure.action();
    throw new ConnectError("no", failure.code);
  }

  page(token: string | null) {
    const number = Number(token || 1);
    return { books: [BOOK], nextPageToken: number < PAGES ? String(number + 1) : "" };
  }

  of(method: string): Received[] {
    return this.received.filter((received) => received.method === method);
  }

  last(method: string): Received {
    const received = this.of(method).at(-1);
    assert.ok(received, method);
    return received;
  }
}

/** The max-staleness of a read in milliseconds. */
function limitOf({ consistency }: Received): number | undefined {
  const found = /^eventual(?:; max-staleness=(\d+)ms)?$/.exec(consistency ?? "");
  assert.ok(found, `${consistency}`);
  return found[1] === undefined ? undefined : Number(found[1]);
}

async function overGrpc(work: (recorder: Recorder, client: Service) => Promise<void>): Promise<void> {
  const recorder = new Recorder();
  const record = ({ method, requestHeader }: HandlerContext) =>
    recorder.record(method.name, requestHeader.get("read-consistency"));
  const book = async (_: unknown, context: HandlerContext) => {
    await record(context);
    return BOOK;
  };
  const books = async (_: unknown, context: HandlerContext) => {
    await record(context);
    return { books: [BOOK] };
  };
  const adapter = connectNodeAdapter({
    routes: (router) =>
      router.service(BookService, {
        getBook: book,
        createBook: book,
        updateBook: book,
        batchGetBooks: books,
        batchCreateBooks: books,
        async deleteBook(_, context) {
          await record(context);
          return {};
        },
        async listBooks({ pageToken }, context) {
          await record(context);
          return recorder.page(pageToken);
        },
        async importBooks(requests, context) {
          await record(context);
          let importedCount = 0n;
          for await (const _ of requests) importedCount += 1n;
          return { importedCount };
        },
        async *exportBooks(_, context) {
          await record(context);
          yield BOOK;
        },
      }),
  });
  const server = createServer(adapter);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const target = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = new Client(target, { tls: false, policy: POLICY });
  try {
    await work(recorder, client);
  } finally {
    client.close();
    server.close();
  }
}

async function overRest(work: (recorder: Recorder, client: Service) => Promise<void>): Promise<void> {
  const recorder = new Recorder();
  const methods: Record<string, string> = {
    "GET /book/1": "GetBook",
    "GET /book:batchGet": "BatchGetBooks",
    "GET /book": "ListBooks",
    "GET /book:export": "ExportBooks",
    "PUT /book": "CreateBook",
    "PATCH /book/1": "UpdateBook",
    "DELETE /book/1": "DeleteBook",
    "POST /book:batchCreate": "BatchCreateBooks",
    "POST /book:import": "ImportBooks",
  };
  const answer: typeof fetch = async (input, init) => {
    const url = new URL(String(input));
    const method = methods[`${init?.method} ${url.pathname}`] ?? "";
    const headers = new Headers(init?.headers);
    assert.ok(!headers.has("read-consistency"));
    const preference = headers.get("Prefer");
    assert.match(preference ?? "read=", /^read=/);
    try {
      await recorder.record(method, preference?.replace("read=", "") ?? null);
    } catch (error) {
      assert.ok(error instanceof ConnectError);
      const isOfCaller = error.code === Code.InvalidArgument;
      const problem = { code: isOfCaller ? "INVALID_ARGUMENT" : "UNAVAILABLE" };
      return new Response(JSON.stringify(problem), { status: isOfCaller ? 400 : 503 });
    }
    if (method === "ListBooks") return new Response(JSON.stringify(recorder.page(url.searchParams.get("pageToken"))));
    if (method === "ImportBooks") return new Response('{"importedCount":"1"}');
    if (method === "DeleteBook") return new Response("{}");
    return new Response(JSON.stringify(method.startsWith("Batch") ? { books: [BOOK] } : BOOK));
  };
  await work(recorder, new WebClient("http://service.test", { fetch: answer, policy: POLICY }));
}

for (const [name, served] of Object.entries({ gRPC: overGrpc, REST: overRest })) {
  test(`${name}: only the reads of a view may be stale`, () =>
    served(async (recorder, client) => {
      const view = client.eventual();
      assert.equal(view.constructor, client.constructor);
      for (const read of Object.values(READS)) await read(view);
      assert.deepEqual(new Set(recorder.received.map(({ method }) => method)), new Set(Object.keys(READS)));
      assert.equal(recorder.received.length, Object.keys(READS).length - 1 + PAGES);
      for (const { consistency } of recorder.received) assert.equal(consistency, "eventual");
      recorder.received = [];
      for (const call of [...Object.values(READS), ...Object.values(WRITES)]) await call(client);
      for (const write of Object.values(WRITES)) await write(view);
      const methods = new Set([...Object.keys(READS), ...Object.keys(WRITES)]);
      assert.deepEqual(new Set(recorder.received.map(({ method }) => method)), methods);
      for (const { consistency } of recorder.received) assert.equal(consistency, null);
    }));

  test(`${name}: an update reads from the writer`, () =>
    served(async (recorder, client) => {
      await client.eventual({ maxStaleness: 100 }).books.update("1", (row) => {
        row.year += 1;
      });
      assert.deepEqual(
        recorder.received.map(({ method, consistency }) => [method, consistency]),
        [
          ["GetBook", null],
          ["UpdateBook", null],
        ],
      );
    }));

  for (const fails of [false, true]) {
    test(`${name}: reads see the own writes, which ${fails ? "fail" : "succeed"}`, () =>
      served(async (recorder, client) => {
        const views = [client.eventual(), client.eventual({ maxStaleness: 3_600_000 })];
        let byView = false;
        for (const [method, write] of Object.entries(WRITES)) {
          byView = !byView;
          if (fails) recorder.failure = { code: Code.InvalidArgument, action: async () => undefined };
          const written = write((byView && views[1]) || client);
          await (fails ? assert.rejects(written, { name: "InvalidArgument" }) : written);
          // The write ended after the server got it.
          const { at } = recorder.last(method);
          await sleep(PAUSE);
          for (const view of views) {
            for (const [reading, read] of Object.entries(READS)) {
              await read(view);
              const received = recorder.last(reading);
              const limit = limitOf(received);
              assert.ok(limit !== undefined && limit > 0 && limit <= received.at - at, `${reading}: ${limit}`);
            }
          }
        }
      }));
  }

  test(`${name}: each page has its own limit`, () =>
    served(async (recorder, client) => {
      const pages = client.eventual().books.list().pages();
      await pages.next(); // begins to read the second page
      await client.books.create(sample("a"));
      while (!(await pages.next()).done);
      const limits = recorder.of("ListBooks").map(limitOf);
      assert.equal(limits.length, PAGES);
      assert.equal(limits[0], undefined);
      assert.notEqual(limits[2], undefined);
    }));

  for (const [method, read] of Object.entries(READS)) {
    test(`${name}: each attempt of ${method} has its own limit`, () =>
      served(async (recorder, client) => {
        recorder.failure = { code: Code.Unavailable, action: () => client.books.create(sample("a")) };
        await read(client.eventual());
        const [first, second] = recorder.of(method) as [Received, Received];
        assert.equal(limitOf(first), undefined);
        const limit = limitOf(second) ?? Number.NaN;
        assert.ok(limit <= second.at - recorder.last("CreateBook").at, `${limit}`);
      }));
  }

  test(`${name}: the given limit`, () =>
    served(async (recorder, client) => {
      for (const [given, sent] of [
        [0, 0],
        [0.4, 0],
        [250, 250],
        [2000.9, 2000],
        [1e300, 86_400_000],
      ] as const) {
        await client.eventual({ maxStaleness: given }).books.get("1");
        assert.equal(limitOf(recorder.last("GetBook")), sent);
        await client.eventual({ maxStaleness: 7 }).eventual({ maxStaleness: given }).books.get("1");
        assert.equal(limitOf(recorder.last("GetBook")), sent);
      }
      // A write does not make it longer.
      await client.books.create(sample("a"));
      await sleep(PAUSE);
      await client.eventual({ maxStaleness: 1 }).books.get("1");
      assert.equal(limitOf(recorder.last("GetBook")), 1);
      for (const bad of [-1, -1e-9, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
        assert.throws(() => client.eventual({ maxStaleness: bad }), RangeError);
      }
    }));
}

test("the connection is the client's", () =>
  overGrpc(async (_, client) => {
    const view = client.eventual() as Client;
    view.close();
    assert.equal((await view.books.get("1")).id, "1");
    assert.equal((await client.books.get("1")).id, "1");
  }));

test("a view uses the token of its client", async () => {
  let calls = 0;
  const sent: (string | null)[] = [];
  const client = new WebClient("http://service.test", {
    fetch: async (_, init) => {
      sent.push(new Headers(init?.headers).get("Authorization"));
      return new Response(JSON.stringify(BOOK));
    },
    token: () => ({ value: `${++calls}`, expiresAt: Date.now() + 3_600_000 }),
  });
  await client.eventual().books.get("1");
  await client.books.get("1");
  await client.eventual().books.get("1");
  assert.deepEqual(sent, ["Bearer 1", "Bearer 1", "Bearer 1"]);
});
