// The transport of browsers: the REST interface of the gateway, by fetch.
import {
  create,
  createRegistry,
  type DescMessage,
  type DescMethodStreaming,
  type DescMethodUnary,
  fromJson,
  type JsonObject,
  type JsonValue,
  type MessageInitShape,
  type MessageShape,
  toJson,
} from "@bufbuild/protobuf";
import { Code, ConnectError, type Transport } from "@connectrpc/connect";
import {
  BadRequestSchema,
  ErrorInfoSchema,
  file_google_rpc_error_details,
  RequestInfoSchema,
  RetryInfoSchema,
} from "../gen/google/rpc/error_details_pb.js";

/** HTTP method, path template and body of each method ("package.Service/Method"). */
export type Routes = Record<string, readonly [verb: string, path: string, body: string]>;

/** Milliseconds by which the clock of a browser that resists fingerprinting may be behind. */
export const CLOCK_ERROR = 100;
/** Rows that an import sends in one request: browsers cannot stream a body everywhere. */
const IMPORT_ROWS = 1000;
// The errors of an import's rows have details.
const READ_JSON = { ignoreUnknownFields: true, registry: createRegistry(file_google_rpc_error_details) };

interface Problem {
  code?: string;
  detail?: string;
  reason?: string;
  requestId?: string;
  errors?: { field?: string; description?: string }[];
}

const HTTP_CODES: Record<number, Code> = {
  400: Code.InvalidArgument,
  401: Code.Unauthenticated,
  403: Code.PermissionDenied,
  404: Code.NotFound,
  409: Code.Aborted,
  429: Code.ResourceExhausted,
  502: Code.Unavailable,
  503: Code.Unavailable,
  504: Code.DeadlineExceeded,
};

function codeOf(name: string | undefined, status: number): Code {
  const pascal = (name ?? "").toLowerCase().replace(/(^|_)(.)/g, (_, __, letter: string) => letter.toUpperCase());
  const code = Code[(pascal === "Cancelled" ? "Canceled" : pascal) as keyof typeof Code];
  return code ?? HTTP_CODES[status] ?? Code.Unknown;
}

/** The error of a response that is not successful (RFC 9457). */
async function failureOf(response: Response): Promise<ConnectError> {
  const text = await response.text().catch(() => "");
  let problem: Problem = {};
  try {
    problem = JSON.parse(text) as Problem;
  } catch {
    // A proxy between has answered.
  }
  const error = new ConnectError(problem.detail ?? response.statusText, codeOf(problem.code, response.status));
  const { reason, requestId, errors } = problem;
  const after = Number(response.headers.get("Retry-After") ?? Number.NaN);
  if (reason) error.details.push({ desc: ErrorInfoSchema, value: { reason, domain: "dataservice" } });
  if (requestId) error.details.push({ desc: RequestInfoSchema, value: { requestId } });
  if (errors) error.details.push({ desc: BadRequestSchema, value: { fieldViolations: errors } });
  if (after >= 0) error.details.push({ desc: RetryInfoSchema, value: { retryDelay: { seconds: BigInt(after) } } });
  return error;
}

/** Adds the fields of a message as query parameters: `a.b=1`. */
function addQuery(query: URLSearchParams, prefix: string, value: JsonValue | undefined): void {
  if (value === undefined || value === null) return;
  if (Array.isArray(value)) {
    for (const one of value) addQuery(query, prefix, one);
  } else if (typeof value === "object") {
    for (const [name, part] of Object.entries(value)) addQuery(query, prefix ? `${prefix}.${name}` : name, part);
  } else {
    query.append(prefix, String(value));
  }
}

/** Takes a field of a path template, `book.id`, out of the request. */
function take(desc: DescMessage, json: JsonObject, path: string): string {
  const [name, ...rest] = path.split(".");
  const field = desc.fields.find((candidate) => candidate.name === name);
  const key = field?.jsonName ?? (name as string);
  const value = json[key];
  if (rest.length > 0 && field?.message && value && typeof value === "object") {
    return take(field.message, value as JsonObject, rest.join("."));
  }
  delete json[key];
  return encodeURIComponent(String(value ?? ""));
}

export function restTransport(baseUrl: string, routes: Routes, call: typeof fetch = fetch): Transport {
  const root = baseUrl.replace(/\/$/, "");

  async function send(
    name: string,
    input: DescMessage,
    json: JsonObject,
    header: HeadersInit | undefined,
    timeoutMs: number | undefined,
    signal: AbortSignal | undefined,
    lines?: string,
  ): Promise<Response> {
    const route = routes[name];
    if (!route) throw new ConnectError(`${name} has no route`, Code.Unimplemented);
    const [verb, template, bodyField] = route;
    const path = template.replace(/\{([^}=]+)[^}]*\}/g, (_, field: string) => take(input, json, field));
    const headers = new Headers(header);
    if (timeoutMs !== undefined) headers.set("Grpc-Timeout", `${Math.ceil(timeoutMs)}m`);
    const consistency = headers.get("read-consistency");
    if (consistency !== null) {
      headers.delete("read-consistency");
      headers.set("Prefer", `read=${consistency}`);
    }
    let body = lines;
    if (lines !== undefined) {
      headers.set("Content-Type", "application/x-ndjson");
    } else if (bodyField) {
      const key = input.fields.find((field) => field.name === bodyField)?.jsonName ?? bodyField;
      body = JSON.stringify(bodyField === "*" ? json : (json[key] ?? {}));
      headers.set("Content-Type", "application/json");
      if (bodyField === "*") json = {};
      else delete json[key];
    }
    const query = new URLSearchParams();
    if (lines === undefined) addQuery(query, "", json);
    const url = `${root}${path}${query.size ? `?${query}` : ""}`;
    const limit = timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs);
    const both = limit && signal ? anySignal(limit, signal) : (limit ?? signal ?? null);
    let response: Response;
    try {
      response = await call(url, { method: verb, headers, body: body ?? null, signal: both });
    } catch (error) {
      throw networkFailure(error, limit, signal);
    }
    if (!response.ok) throw await failureOf(response);
    return response;
  }

  return {
    async unary<I extends DescMessage, O extends DescMessage>(
      method: DescMethodUnary<I, O>,
      signal: AbortSignal | undefined,
      timeoutMs: number | undefined,
      header: HeadersInit | undefined,
      input: MessageInitShape<I>,
    ) {
      const name = `${method.parent.typeName}/${method.name}`;
      const json = toJson(method.input, create(method.input, input)) as JsonObject;
      const response = await send(name, method.input, json, header, timeoutMs, signal);
      const text = await response.text();
      const message = fromJson(method.output, text ? (JSON.parse(text) as JsonValue) : {}, READ_JSON);
      return {
        stream: false as const,
        service: method.parent,
        method,
        header: response.headers,
        trailer: new Headers(),
        message,
      };
    },

    async stream<I extends DescMessage, O extends DescMessage>(
      method: DescMethodStreaming<I, O>,
      signal: AbortSignal | undefined,
      timeoutMs: number | undefined,
      header: HeadersInit | undefined,
      input: AsyncIterable<MessageInitShape<I>>,
    ) {
      const name = `${method.parent.typeName}/${method.name}`;
      const deadline = Date.now() + (timeoutMs ?? 0);
      const remaining = () => (timeoutMs === undefined ? undefined : Math.max(deadline - Date.now(), 1));

      async function* importRows(): AsyncGenerator<MessageShape<O>> {
        const total: JsonObject = {};
        let lines: string[] = [];
        let sent = 0;
        const flush = async () => {
          const body = `${lines.join("\n")}\n`;
          const response = await send(name, method.input, {}, header, remaining(), signal, body);
          add(total, (await response.json()) as JsonObject, sent);
          sent += lines.length;
          lines = [];
        };
        for await (const request of input) {
          lines.push(JSON.stringify(lineOf(method.input, request, routes[name]?.[2])));
          if (lines.length === IMPORT_ROWS) await flush();
        }
        if (lines.length > 0 || sent === 0) await flush();
        yield fromJson(method.output, total, READ_JSON);
      }

      async function* exportRows(): AsyncGenerator<MessageShape<O>> {
        let json: JsonObject = {};
        for await (const request of input) json = toJson(method.input, create(method.input, request)) as JsonObject;
        const response = await send(name, method.input, json, header, remaining(), signal);
        try {
          for await (const line of linesOf(response)) {
            yield fromJson(method.output, JSON.parse(line) as JsonValue, READ_JSON);
          }
        } catch (error) {
          throw networkFailure(error, undefined, signal);
        }
      }

      return {
        stream: true as const,
        service: method.parent,
        method,
        header: new Headers(),
        trailer: new Headers(),
        message: method.methodKind === "client_streaming" ? importRows() : exportRows(),
      };
    },
  };
}

/** A line of an import: the form of the body of the unary method with the same request. */
function lineOf<I extends DescMessage>(desc: I, request: MessageInitShape<I>, body: string | undefined): JsonValue {
  const json = toJson(desc, create(desc, request)) as JsonObject;
  const resource = desc.fields.find((field) => field.message && field.fieldKind === "message");
  return body === "*" && resource ? (json[resource.jsonName] ?? {}) : json;
}

/** Adds the response of a part of an import to the total. */
function add(total: JsonObject, part: JsonObject, offset: number): void {
  for (const [name, value] of Object.entries(part)) {
    if (Array.isArray(value)) {
      const failures = value as { position?: string | number }[];
      const moved = failures.map((one) => ({ ...one, position: String(Number(one.position ?? 0) + offset) }));
      total[name] = [...((total[name] as JsonValue[] | undefined) ?? []), ...moved].slice(0, 100);
    } else {
      total[name] = String(Number(total[name] ?? 0) + Number(value));
    }
  }
}

async function* linesOf(response: Response): AsyncGenerator<string> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  if (!reader) return;
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      const lines = (rest + value).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) if (line) yield line;
    }
    if (rest) yield rest;
  } finally {
    reader.cancel().catch(() => undefined);
  }
}

function networkFailure(error: unknown, limit: AbortSignal | undefined, signal: AbortSignal | undefined): ConnectError {
  if (error instanceof ConnectError) return error;
  if (limit?.aborted) return new ConnectError("the call did not end in time", Code.DeadlineExceeded);
  if (signal?.aborted) return new ConnectError("the call was cancelled", Code.Canceled);
  return new ConnectError("the connection failed", Code.Unavailable, undefined, undefined, error);
}

function anySignal(...signals: AbortSignal[]): AbortSignal {
  const controller = new AbortController();
  for (const signal of signals) {
    if (signal.aborted) controller.abort(signal.reason);
    signal.addEventListener("abort", () => controller.abort(signal.reason), { once: true });
  }
  return controller.signal;
}
