// Lists, updates, imports and exports over logical calls.
import {
  create,
  type DescMessage,
  type DescMethodStreaming,
  type DescMethodUnary,
  type MessageInitShape,
  type MessageShape,
  toJson,
} from "@bufbuild/protobuf";
import type { Status } from "../gen/google/rpc/status_pb.js";
import { type CallOptions, type Calls, sleep } from "./calls.js";
import { fromStatus, type ServiceError, VersionMismatch } from "./errors.js";

export interface ListOptions extends CallOptions {
  /** Rows at most. */
  limit?: number;
}

export interface StreamOptions extends CallOptions {
  /** Receives the number of rows so far, at most ten times a second and at the end. */
  progress?: (rows: number) => void;
}

export type Rows<T> = Iterable<T> | AsyncIterable<T>;

/** A row that an import rejected. */
export interface ImportFailure {
  /** Position in the stream, from 0. */
  position: number;
  error: ServiceError;
}

export interface ImportResult {
  imported: number;
  failed: number;
  /** The first rejected rows, by position. */
  failures: ImportFailure[];
}

/** The rows of a list, for `for await`. One page is read ahead. */
export class Pages<Page, Row> implements AsyncIterable<Row> {
  constructor(
    private readonly read: (token: string) => Promise<Page>,
    private readonly split: (page: Page) => [Row[], string | undefined],
    private readonly first: string,
    private readonly limit: number | undefined,
  ) {}

  /** The responses, page after page; `limit` does not cut the last one. */
  async *pages(): AsyncGenerator<Page> {
    let remaining = this.limit ?? Number.POSITIVE_INFINITY;
    let following: Promise<Page> | undefined = this.read(this.first);
    while (following) {
      const page: Page = await following;
      const [rows, token] = this.split(page);
      remaining -= rows.length;
      following = token && remaining > 0 ? this.read(token) : undefined;
      // An error is thrown when the page is needed.
      following?.catch(() => undefined);
      yield page;
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Row> {
    let remaining = this.limit ?? Number.POSITIVE_INFINITY;
    if (remaining <= 0) return;
    for await (const page of this.pages()) {
      for (const row of this.split(page)[0]) {
        yield row;
        if (--remaining === 0) return;
      }
    }
  }
}

/** The paths of the fields that differ. */
function changedFields<D extends DescMessage>(schema: D, before: MessageShape<D>, after: MessageShape<D>): string[] {
  const [old, now] = [toJson(schema, before), toJson(schema, after)] as Record<string, unknown>[];
  const differs = (name: string) => JSON.stringify(old?.[name]) !== JSON.stringify(now?.[name]);
  return schema.fields.filter((field) => differs(field.jsonName)).map((field) => field.name);
}

/** Reads, changes and writes a resource; again, if another writer came first. */
export async function update<D extends DescMessage>(
  calls: Calls,
  schema: D,
  fixed: { key: string; etag: string },
  read: (options: CallOptions) => Promise<MessageShape<D>>,
  write: (changed: MessageShape<D>, paths: string[], options: CallOptions) => Promise<MessageShape<D>>,
  change: (row: MessageShape<D>) => undefined | void | MessageInitShape<D>,
  options: CallOptions,
): Promise<MessageShape<D>> {
  const deadline = Date.now() + (options.timeout ?? calls.policy.timeout);
  const remaining = () => ({ ...options, timeout: Math.max(deadline - Date.now(), 1) });
  for (let conflicts = 1; ; conflicts += 1) {
    const before = await read(remaining());
    const copy = structuredClone(before);
    const after = create(schema, (change(copy) ?? copy) as MessageInitShape<D>);
    const own = before as Record<string, unknown>;
    Object.assign(after, { [fixed.key]: own[fixed.key], [fixed.etag]: own[fixed.etag] });
    const paths = changedFields(schema, before, after);
    if (paths.length === 0) return before;
    try {
      return await write(after, paths, remaining());
    } catch (error) {
      if (!(error instanceof VersionMismatch) || conflicts >= calls.policy.maxConflicts) throw error;
      await sleep((Math.random() * calls.policy.firstBackoff * 2 ** conflicts) / 10, options.signal);
    }
  }
}

class Progress {
  #count = 0;
  #next = 0;
  constructor(private readonly report: ((rows: number) => void) | undefined) {}

  count(): void {
    this.#count += 1;
    if (!this.report || Date.now() < this.#next) return;
    this.#next = Date.now() + 100;
    this.report(this.#count);
  }

  end(): void {
    this.report?.(this.#count);
  }
}

interface ImportResponse {
  importedCount: bigint;
  failedCount: bigint;
  failures: { position: bigint; status?: Status }[];
}

/** Sends the rows of an import as fast as the server takes them. */
export async function importRows<I extends DescMessage, O extends DescMessage, T>(
  calls: Calls,
  method: DescMethodStreaming<I, O>,
  rows: Rows<T>,
  request: (row: T) => MessageInitShape<I>,
  options: StreamOptions,
): Promise<ImportResult> {
  const progress = new Progress(options.progress);
  let broken: { error: unknown } | undefined;
  async function* requests(): AsyncGenerator<MessageInitShape<I>> {
    try {
      for await (const row of rows) {
        yield request(row);
        progress.count();
      }
    } catch (error) {
      broken = { error };
      throw error;
    }
  }
  let response: ImportResponse | undefined;
  try {
    for await (const message of calls.stream(method, requests(), false, options)) {
      response = message as unknown as ImportResponse;
    }
  } catch (error) {
    throw broken ? broken.error : error;
  }
  progress.end();
  return {
    imported: Number(response?.importedCount ?? 0n),
    failed: Number(response?.failedCount ?? 0n),
    failures: (response?.failures ?? []).map(({ position, status }) => ({
      position: Number(position),
      error: fromStatus(status),
    })),
  };
}

/** Receives the rows of an export as fast as they are consumed. */
export async function* exportRows<I extends DescMessage, O extends DescMessage>(
  calls: Calls,
  method: DescMethodStreaming<I, O>,
  request: MessageInitShape<I>,
  options: StreamOptions,
): AsyncGenerator<MessageShape<O>> {
  const progress = new Progress(options.progress);
  const requests = {
    async *[Symbol.asyncIterator]() {
      yield request;
    },
  };
  for await (const row of calls.stream(method, requests, true, options)) {
    progress.count();
    yield row;
  }
  progress.end();
}

/** A list as pages; `token` is the field of the request with the page's token. */
export function list<I extends DescMessage, O extends DescMessage, Row>(
  calls: Calls,
  method: DescMethodUnary<I, O>,
  request: MessageInitShape<I>,
  split: (page: MessageShape<O>) => [Row[], string | undefined],
  options: ListOptions,
): Pages<MessageShape<O>, Row> {
  const first = (request as { pageToken?: string }).pageToken ?? "";
  const read = (token: string) => {
    const made = create(method.input, request);
    if (token) Object.assign(made, { pageToken: token });
    return calls.unary(method, made, true, undefined, options);
  };
  return new Pages(read, split, first, options.limit);
}
