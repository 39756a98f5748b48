// The connection of Node.js to a server: one HTTP/2 session, replaced when it ends or falls silent.
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type ClientSessionRequestOptions,
  connect,
  type Http2Session,
  type OutgoingHttpHeaders,
} from "node:http2";
import type { Socket } from "node:net";
import { Code, ConnectError } from "@connectrpc/connect";
import type { createGrpcTransport } from "@connectrpc/connect-node";

type SessionManager = NonNullable<Parameters<typeof createGrpcTransport>[0]["sessionManager"]>;

// Node.js does not always report that a connection was reset (seen with 20.20, TLS and calls that are
// being sent), so a connection must answer.
/** Milliseconds for which calls may wait while nothing is received, before the server gets a ping. */
const MAX_SILENCE = 5_000;
/** Milliseconds in which the server must answer a ping. Both together are less than an attempt of a call has. */
const PING_TIMEOUT = 4_000;
/** Milliseconds between two looks at a connection. */
const CHECK_INTERVAL = 500;

function broken(text: string): ConnectError {
  return new ConnectError(text, Code.Unavailable);
}

/** A session and its streams. */
class Session {
  #isRetired = false;
  #streams = 0;
  /** Since when streams wait for the server; undefined if there are none. */
  #waitsSince: number | undefined;
  #isAsked = false;
  readonly #checks: NodeJS.Timeout;

  constructor(private readonly http2: ClientHttp2Session) {
    // A connection without calls does not keep the process alive.
    http2.unref();
    http2.on("goaway", () => this.retire());
    http2.on("error", () => this.retire());
    http2.on("close", () => {
      this.retire();
      clearInterval(this.#checks);
    });
    this.#checks = setInterval(() => this.#check(), CHECK_INTERVAL).unref();
  }

  /** Whether new streams may begin. */
  get isUsable(): boolean {
    return !this.#isRetired && this.#silence() < MAX_SILENCE;
  }

  request(...given: Parameters<ClientHttp2Session["request"]>): ClientHttp2Stream {
    const stream = this.http2.request(...given);
    if (this.#streams++ === 0) this.http2.ref();
    this.#waitsSince ??= Date.now();
    stream.once("response", () => this.received());
    stream.once("close", () => {
      if (!this.isUsable) this.retire();
      if (--this.#streams > 0) return;
      this.#waitsSince = undefined;
      this.http2.unref();
      if (this.#isRetired) this.http2.destroy();
    });
    return stream;
  }

  received(): void {
    if (this.#streams > 0) this.#waitsSince = Date.now();
  }

  /** Lets streams end and begins none. */
  retire(): void {
    this.#isRetired = true;
    if (this.#streams === 0) this.http2.destroy();
  }

  /** Milliseconds in which streams wait and nothing is received. */
  #silence(): number {
    return this.#waitsSince === undefined ? 0 : Date.now() - this.#waitsSince;
  }

  #check(): void {
    if (this.#isAsked || this.#silence() < MAX_SILENCE || this.http2.destroyed) return;
    this.#isAsked = true;
    const late = setTimeout(() => this.http2.destroy(broken("the server did not answer a ping")), PING_TIMEOUT);
    this.http2.ping((failure) => {
      clearTimeout(late);
      this.#isAsked = false;
      if (!failure) this.received();
    });
  }
}

/** Connects when a call needs a connection. The transport of connect-node makes its calls by it. */
export class Connection implements SessionManager {
  #session: Session | undefined;
  #connecting: Promise<Session> | undefined;
  readonly #open = new Map<Http2Session, Session | undefined>();
  #isClosed = false;

  constructor(
    readonly authority: string,
    private readonly createConnection: (authority: URL) => Socket,
  ) {}

  async request(
    method: string,
    path: string,
    headers: OutgoingHttpHeaders,
    options: Omit<ClientSessionRequestOptions, "signal">,
  ): Promise<ClientHttp2Stream> {
    if (this.#isClosed) throw new ConnectError("the client is closed", Code.FailedPrecondition);
    const session = this.#session?.isUsable ? this.#session : await this.#replacement();
    return session.request({ ...headers, ":method": method, ":path": path }, options);
  }

  notifyResponseByteRead(stream: ClientHttp2Stream): void {
    if (stream.session) this.#open.get(stream.session)?.received();
  }

  /** Ends all calls. The connection cannot be used any more. */
  close(): void {
    this.#isClosed = true;
    for (const http2 of this.#open.keys()) http2.destroy(broken("the client was closed"));
  }

  /** The next session, which all calls that wait share. */
  #replacement(): Promise<Session> {
    this.#session?.retire();
    this.#connecting ??= this.#connect().finally(() => {
      this.#connecting = undefined;
    });
    return this.#connecting;
  }

  #connect(): Promise<Session> {
    return new Promise((resolve, reject) => {
      const http2 = connect(this.authority, { createConnection: this.createConnection });
      this.#open.set(http2, undefined);
      http2.once("connect", () => {
        if (http2.destroyed) return;
        this.#session = new Session(http2);
        this.#open.set(http2, this.#session);
        resolve(this.#session);
      });
      http2.on("error", reject);
      // A session can close without an error before it has connected.
      http2.once("close", () => {
        this.#open.delete(http2);
        reject(broken("the connection ended"));
      });
    });
  }
}
