// What the client of Node.js has alone.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Client, InvalidArgument, Unauthenticated } from "bookstore-client";
import { author, CERTIFICATES, environment, sample, token, using } from "./system.js";

test("the stub is reachable", () =>
  using(new Client(environment("CLIENT_TARGET"), { tls: false }), async (client) => {
    const book = await client.books.create(sample(author()));
    assert.deepEqual(await (client as Client).books.stub.getBook({ id: book.id }), book);
  }));

test("a request that cannot be encoded is not repeated", () =>
  using(new Client(environment("CLIENT_TARGET"), { tls: false }), async (client) => {
    const started = Date.now();
    await assert.rejects(client.books.create({ ...sample(author()), year: 1.5 }), InvalidArgument);
    assert.ok(Date.now() - started < 1000);
  }));

test("a refused token is replaced", async () => {
  const given: string[] = [];
  const callback = () => {
    given.push(given.length ? token() : "refused");
    return { value: given.at(-1) ?? "", expiresAt: Date.now() + 3_600_000 };
  };
  const tls = { ca: `${CERTIFICATES}/ca.crt` };
  const target = environment("CLIENT_TLS_TARGET");
  await using(new Client(target, { tls, token: callback }), (client) => client.books.create(sample(author())));
  assert.equal(given.length, 2);
  await using(new Client(target, { tls, token: () => "refused" }), (client) =>
    assert.rejects(client.books.create(sample(author())), Unauthenticated),
  );
  assert.throws(() => new Client(target, { tls: false, token }), TypeError);
});
