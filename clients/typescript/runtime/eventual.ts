// Reads that a standby of the database may answer, and the writes that they must see.

/** Options of a view. */
export interface EventualOptions {
  /** Milliseconds: how old the state of the database may be. Default, and maximum: the server's --max_reader_lag. */
  maxStaleness?: number;
}

/** Milliseconds. The server's own limit is far below. */
const MAX_STALENESS = 24 * 60 * 60 * 1000;

/** When the latest write of a client, or of a view of it, ended. */
export class Writes {
  /** As of performance.now(); undefined before the first write. */
  #last: number | undefined;

  /** `clockError`: milliseconds by which performance.now() may be behind. */
  constructor(private readonly clockError: number) {}

  /** A write has ended, with or without an error. */
  end(): void {
    this.#last = performance.now();
  }

  /** Whole milliseconds since the latest write, never too many; infinite before the first one. */
  get age(): number {
    if (this.#last === undefined) return Number.POSITIVE_INFINITY;
    return Math.max(Math.floor(performance.now() - this.#last - this.clockError), 0);
  }
}

/** What the reads of a view send. */
export class EventualReads {
  /** Milliseconds. */
  readonly #limit: number;

  constructor(
    { maxStaleness }: EventualOptions,
    private readonly writes: Writes,
  ) {
    if (maxStaleness !== undefined && !(maxStaleness >= 0 && maxStaleness < Number.POSITIVE_INFINITY)) {
      throw new RangeError("maxStaleness must be finite and not negative");
    }
    this.#limit =
      maxStaleness === undefined ? Number.POSITIVE_INFINITY : Math.floor(Math.min(maxStaleness, MAX_STALENESS));
  }

  /**
   * The metadata read-consistency of an attempt that begins now. The state that it may read is not older than
   * the end of the latest write, which the server had acknowledged before.
   */
  header(): string {
    const limit = Math.min(this.#limit, this.writes.age);
    return Number.isFinite(limit) ? `eventual; max-staleness=${limit}ms` : "eventual";
  }
}
