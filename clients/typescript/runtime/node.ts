// The transport of Node.js: gRPC over HTTP/2.
import { readFileSync } from "node:fs";
import { connect, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { Transport } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { Connection } from "./connection.js";

/** Milliseconds in which a connection must be made. */
const CONNECT_TIMEOUT = 5_000;
/** Milliseconds of silence after which TCP looks for the peer. */
const KEEPALIVE = 30_000;

/** Files of TLS, in PEM format. They are read when a client is made; to use others, make a new client. */
export interface Tls {
  /** The authorities of the server's certificate. Default: those of Node.js. */
  ca?: string;
  /** The client's own certificate and key (mutual TLS). */
  certificate?: string;
  key?: string;
  /** The name in the server's certificate, if it is not the host of the target. */
  serverName?: string;
}

/** A function that connects to the target; Node.js itself would wait without an end. */
function connector(tls: boolean | Tls): (authority: URL) => Socket {
  const files = typeof tls === "object" ? tls : {};
  const read = (path: string | undefined) => (path === undefined ? undefined : readFileSync(path));
  const secure = { ca: read(files.ca), cert: read(files.certificate), key: read(files.key), ALPNProtocols: ["h2"] };
  return (authority) => {
    const host = authority.hostname.replace(/^\[|\]$/g, "");
    const port = Number(authority.port) || (tls === false ? 80 : 443);
    const servername = files.serverName ?? (isIP(host) ? "" : host);
    const socket = tls === false ? connect({ host, port }) : connectTls({ ...secure, host, port, servername });
    socket.setKeepAlive(true, KEEPALIVE);
    const late = Object.assign(new Error("the connection was not made in time"), { code: "ETIMEDOUT" });
    const timer = setTimeout(() => socket.destroy(late), CONNECT_TIMEOUT);
    socket.once(tls === false ? "connect" : "secureConnect", () => clearTimeout(timer));
    socket.once("close", () => clearTimeout(timer));
    return socket;
  };
}

/** A transport to HOST:PORT. `tls`: true for the authorities of Node.js, false for cleartext. */
export function grpcTransport(target: string, tls: boolean | Tls): Transport & { close(): void } {
  const baseUrl = `${tls === false ? "http" : "https"}://${target}`;
  const sessionManager = new Connection(baseUrl, connector(tls));
  const transport = createGrpcTransport({ baseUrl, sessionManager, readMaxBytes: 64 << 20 });
  return { unary: transport.unary, stream: transport.stream, close: () => sessionManager.close() };
}
