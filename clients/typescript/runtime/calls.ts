// Logical calls: deadlines, request ids, and repetitions where the server permits them.
import {
  create,
  type DescMessage,
  type DescMethodStreaming,
  type DescMethodUnary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from "@bufbuild/protobuf";
import { ConnectError, type Transport } from "@connectrpc/connect";
import { Code, fromFailure, InvalidArgument, isTransient, type ServiceError, Unavailable } from "./errors.js";
import { type EventualOptions, EventualReads, Writes } from "./eventual.js";

/** A bearer token; `expiresAt` is a time as of Date.now(). */
export interface Token {
  value: string;
  expiresAt?: number;
}

/** How long calls may take, and how they are repeated. Times are in milliseconds. */
export interface Policy {
  /** For a call with all its repetitions, unless it has a timeout of its own. */
  timeout: number;
  /** For one attempt of a call that may be repeated: a connection can break without notice. */
  attemptTimeout: number;
  /** For an import or an export. */
  streamTimeout: number;
  /** A repetition waits for a random part of this time, which doubles each time (full jitter). */
  firstBackoff: number;
  maxBackoff: number;
  /** Calls at most, the first one included. */
  maxAttempts: number;
  /** How often `update` reads again and writes after another writer came first. */
  maxConflicts: number;
}

export const DEFAULT_POLICY: Policy = {
  timeout: 30_000,
  attemptTimeout: 10_000,
  streamTimeout: 3_600_000,
  firstBackoff: 100,
  maxBackoff: 5_000,
  maxAttempts: 20,
  maxConflicts: 10,
};

/** Options of one call. */
export interface CallOptions {
  /** Milliseconds for the call with its repetitions. */
  timeout?: number;
  signal?: AbortSignal;
}

/** A span of a call; see Telemetry. */
export interface Span {
  headers: Record<string, string>;
  end(error: ServiceError | undefined): void;
}

/** Begins a span for each logical call. It gets no values of requests. */
export type Telemetry = (method: string, requestId: string) => Span;

export interface Settings {
  policy?: Partial<Policy>;
  /** Returns the bearer token of a call; called again when it is about to expire or refused. */
  token?: () => Promise<string | Token> | string | Token;
  telemetry?: Telemetry;
}

/** An id that no other call has. */
export function newRequestId(): string {
  const random = globalThis.crypto?.randomUUID?.();
  if (random) return random;
  const digits = () => Math.random().toString(16).slice(2, 10).padEnd(8, "0");
  return `${digits()}${digits()}${digits()}${digits()}`;
}

export function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const give = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", give);
      resolve();
    }, milliseconds);
    signal?.addEventListener("abort", give, { once: true });
  });
}

/** One logical call. */
class Attempts {
  readonly requestId: string;
  readonly #deadline: number;
  readonly #isSafe: boolean;
  #failures = 0;
  #inDoubt = false;
  #renewed = false;

  constructor(
    private readonly policy: Policy,
    private readonly isRead: boolean,
    requestId: string | undefined,
    timeout: number,
    private readonly forgetToken: (() => void) | undefined,
  ) {
    // The server carries out a write with a request_id only once.
    this.#isSafe = isRead || requestId !== undefined;
    this.requestId = requestId ?? newRequestId();
    this.#deadline = Date.now() + timeout;
  }

  /** Milliseconds until the deadline. */
  get timeout(): number {
    return Math.max(this.#deadline - Date.now(), 1);
  }

  /** Milliseconds for the next attempt of a unary call. */
  get attemptTimeout(): number {
    return this.#isSafe ? Math.min(this.timeout, this.policy.attemptTimeout) : this.timeout;
  }

  error(failure: unknown): ServiceError {
    const error = fromFailure(failure, this.requestId, !this.isRead);
    error.outcomeUnknown ||= this.#inDoubt && isTransient(error);
    this.#inDoubt ||= error.outcomeUnknown;
    return error;
  }

  /** Milliseconds to wait before the call is repeated; undefined if it may not be. */
  delayAfter(error: ServiceError): number | undefined {
    this.#failures += 1;
    const delay = this.#delay(error);
    const isLate = delay !== undefined && delay >= this.timeout;
    return this.#failures >= this.policy.maxAttempts || isLate ? undefined : delay;
  }

  #delay(error: ServiceError): number | undefined {
    if (error.code === Code.Unauthenticated && this.forgetToken && !this.#renewed) {
      this.#renewed = true;
      this.forgetToken();
      return 0;
    }
    const jitter =
      Math.random() * Math.min(this.policy.maxBackoff, this.policy.firstBackoff * 2 ** (this.#failures - 1));
    if (error.retryAfter !== undefined) return error.retryAfter + jitter;
    const isLate = error.code === Code.DeadlineExceeded && (!error.reason || error.reason === "OUTCOME_UNKNOWN");
    return (error instanceof Unavailable || isLate) && this.#isSafe ? jitter : undefined;
  }
}

/** The bearer token of a client and its views. */
class Tokens {
  #token: Token | undefined;

  constructor(private readonly callback: NonNullable<Settings["token"]>) {}

  async current(): Promise<string> {
    if (!this.#token?.expiresAt || this.#token.expiresAt - 60_000 < Date.now()) {
      const given = await this.callback();
      this.#token = typeof given === "string" ? { value: given } : given;
    }
    return this.#token.value;
  }

  forget(): void {
    this.#token = undefined;
  }
}

/** Makes calls over a transport. */
export class Calls {
  readonly policy: Policy;
  #tokens: Tokens | undefined;
  #writes: Writes;
  /** Of the calls of a view. */
  #eventual: EventualReads | undefined;
  #ofWriter: Calls = this;

  /** `clockError`: see Writes. */
  constructor(
    readonly transport: Transport,
    private readonly settings: Settings,
    clockError = 0,
  ) {
    this.policy = { ...DEFAULT_POLICY, ...settings.policy };
    this.#tokens = settings.token && new Tokens(settings.token);
    this.#writes = new Writes(clockError);
  }

  /** The calls of a view: a standby may answer its reads. They see the writes of both. */
  eventual(options: EventualOptions): Calls {
    const view = new Calls(this.transport, this.settings);
    view.#tokens = this.#tokens;
    view.#writes = this.#writes;
    view.#eventual = new EventualReads(options, this.#writes);
    view.#ofWriter = this.#ofWriter;
    return view;
  }

  /** The calls of the client, of which these may be those of a view: the writer answers all of them. */
  get ofWriter(): Calls {
    return this.#ofWriter;
  }

  /** The headers of an attempt that begins now. */
  async #headers(requestId: string, span: Span | undefined, isRead: boolean): Promise<Record<string, string>> {
    const headers: Record<string, string> = { "x-request-id": requestId, ...span?.headers };
    if (this.#tokens) headers.authorization = `Bearer ${await this.#tokens.current()}`;
    if (isRead && this.#eventual) headers["read-consistency"] = this.#eventual.header();
    return headers;
  }

  #begin(isRead: boolean, requestId: string | undefined, timeout: number): Attempts {
    const tokens = this.#tokens;
    return new Attempts(this.policy, isRead, requestId, timeout, tokens && (() => tokens.forget()));
  }

  /** Makes a call, and repeats it where that is permitted. */
  async unary<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: MessageShape<I>,
    isRead: boolean,
    requestId: string | undefined,
    options: CallOptions,
  ): Promise<MessageShape<O>> {
    const attempts = this.#begin(isRead, requestId, options.timeout ?? this.policy.timeout);
    const span = this.settings.telemetry?.(`${method.parent.typeName}/${method.name}`, attempts.requestId);
    try {
      for (;;) {
        try {
          const headers = await this.#headers(attempts.requestId, span, isRead);
          const input = request as MessageInitShape<I>;
          const response = await this.transport.unary(method, options.signal, attempts.attemptTimeout, headers, input);
          span?.end(undefined);
          return response.message;
        } catch (failure) {
          const unsendable = encodingError(method.input, request, attempts.requestId);
          const error = unsendable ?? attempts.error(failure);
          const delay = unsendable || options.signal?.aborted ? undefined : attempts.delayAfter(error);
          if (delay === undefined) {
            span?.end(error);
            throw error;
          }
          await sleep(delay, options.signal);
        }
      }
    } finally {
      if (!isRead) this.#writes.end();
    }
  }

  /** Opens a stream. Repeats the call only before the first message of the server. */
  async *stream<I extends DescMessage, O extends DescMessage>(
    method: DescMethodStreaming<I, O>,
    requests: AsyncIterable<MessageInitShape<I>>,
    isRead: boolean,
    options: CallOptions,
  ): AsyncGenerator<MessageShape<O>> {
    const attempts = this.#begin(isRead, undefined, options.timeout ?? this.policy.streamTimeout);
    const span = this.settings.telemetry?.(`${method.parent.typeName}/${method.name}`, attempts.requestId);
    const closing = new AbortController();
    // A timer of its own, because the transport's would live on after a break.
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      closing.abort();
    }, attempts.timeout);
    const close = () => closing.abort(options.signal?.reason);
    options.signal?.addEventListener("abort", close, { once: true });
    let received = false;
    let messages: AsyncIterator<MessageShape<O>> | undefined;
    try {
      for (;;) {
        try {
          const headers = await this.#headers(attempts.requestId, span, isRead);
          headers["grpc-timeout"] = `${Math.ceil(attempts.timeout)}m`;
          const response = await this.transport.stream(method, closing.signal, undefined, headers, requests);
          // Not `for await`: at a break it would wait for the end of the stream, which the
          // abort below brings.
          messages = response.message[Symbol.asyncIterator]();
          for (let next = await messages.next(); !next.done; next = await messages.next()) {
            received = true;
            yield next.value;
          }
          span?.end(undefined);
          return;
        } catch (failure) {
          const error = attempts.error(
            late ? new ConnectError("the call did not end in time", Code.DeadlineExceeded) : failure,
          );
          const delay = received || !isRead || closing.signal.aborted ? undefined : attempts.delayAfter(error);
          if (delay === undefined) {
            span?.end(error);
            throw error;
          }
          await sleep(delay, options.signal);
        }
      }
    } finally {
      if (!isRead) this.#writes.end();
      clearTimeout(timer);
      options.signal?.removeEventListener("abort", close);
      closing.abort();
      messages?.return?.().catch(() => undefined);
    }
  }
}

/** The error of a request that cannot be sent, such as a number that its field cannot have. */
function encodingError<I extends DescMessage>(
  schema: I,
  request: MessageShape<I>,
  requestId: string,
): InvalidArgument | undefined {
  try {
    toBinary(schema, request);
    return undefined;
  } catch (cause) {
    return new InvalidArgument(Code.InvalidArgument, "the request cannot be encoded", requestId, cause);
  }
}

/** A copy of a request with the id of the logical call. */
export function withRequestId<I extends DescMessage>(
  schema: I,
  request: MessageInitShape<I>,
  field: string | undefined,
): [MessageShape<I>, string | undefined] {
  const made = create(schema, request);
  if (field === undefined) return [made, undefined];
  const fields = made as Record<string, unknown>;
  fields[field] ||= newRequestId();
  return [made, fields[field] as string];
}
