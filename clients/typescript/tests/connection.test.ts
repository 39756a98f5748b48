// Servers that break, hang or turn away the connection of the client of Node.js.
import assert from "node:assert/strict";
import { createServer as createHttp2Server, type ServerHttp2Session, type ServerHttp2Stream } from "node:http2";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { test } from "node:test";
import { Client, DeadlineExceeded, FailedPrecondition, NotFound, Unavailable } from "bookstore-client";

const ID = "0192f0c1-0000-7000-8000-000000000001";

/** Runs a server while `work` uses a client of it. */
async function served(
  server: Server,
  policy: NonNullable<ConstructorParameters<typeof Client>[1]>["policy"],
  work: (client: Client) => Promise<void>,
): Promise<void> {
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const client = new Client(`127.0.0.1:${(server.address() as AddressInfo).port}`, {
    tls: false,
    policy: policy ?? {},
  });
  try {
    await work(client);
  } finally {
    client.close();
    server.close();
  }
}

function answerNotFound(stream: ServerHttp2Stream): void {
  stream.on("error", () => undefined).resume();
  stream.respond({ ":status": 200, "content-type": "application/grpc", "grpc-status": "5" }, { endStream: true });
}

test("a connection that ends before it is made", async () => {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.on("error", () => undefined).end();
  });
  await served(server, { maxAttempts: 3, firstBackoff: 1 }, async (client) => {
    await assert.rejects(client.books.get(ID), Unavailable);
    assert.equal(connections, 3);
  });
});

test("a server that sends every connection away", async () => {
  let connections = 0;
  const server = createHttp2Server();
  server.on("session", (session: ServerHttp2Session) => {
    connections += 1;
    session.on("error", () => undefined).goaway();
  });
  server.on("stream", (stream: ServerHttp2Stream) => stream.on("error", () => undefined).close());
  await served(server, { maxAttempts: 3, firstBackoff: 1 }, async (client) => {
    await assert.rejects(client.books.get(ID), Unavailable);
    assert.ok(connections <= 3, `${connections} connections`);
  });
});

test("calls after a connection was sent away use another one", async () => {
  let connections = 0;
  const server = createHttp2Server();
  server.on("session", () => (connections += 1));
  server.on("stream", (stream: ServerHttp2Stream) => {
    answerNotFound(stream);
    stream.session?.goaway();
  });
  await served(server, undefined, async (client) => {
    for (let n = 0; n < 5; n++) await assert.rejects(client.books.get(ID), NotFound);
    assert.ok(connections > 1, `${connections} connections`);
  });
});

test("a connection that fell silent is replaced", async () => {
  // The first connection is accepted and never answers.
  const silent: Socket[] = [];
  const http2 = createHttp2Server();
  http2.on("stream", answerNotFound);
  const server = createServer((socket) => {
    if (silent.length === 0) silent.push(socket.resume());
    else http2.emit("connection", socket);
  });
  await served(server, { attemptTimeout: 6000, timeout: 11_000 }, async (client) => {
    await assert.rejects(client.books.get(ID, {}, { timeout: 100 }), DeadlineExceeded);
    await assert.rejects(client.books.get(ID), NotFound);
  });
  for (const socket of silent) socket.destroy();
});

test("a client that is closed", async () => {
  const server = createHttp2Server();
  server.on("stream", answerNotFound);
  await served(server, undefined, async (client) => {
    await assert.rejects(client.books.get(ID), NotFound);
    client.close();
    await assert.rejects(client.books.get(ID), FailedPrecondition);
  });
});
