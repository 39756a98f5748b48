// Prints calls a second and CPU a call of the client and of the bare stub: measure.js [SECONDS].
// One call at a time; the rounds of both take turns.
import { Client } from "bookstore-client";
import { environment, sample } from "./system.js";

const ROUNDS = 7;
const seconds = Number(process.argv[2] ?? 2);
const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1] ?? 0;

/** Calls a second, and microseconds of CPU a call. */
async function measure(call: () => Promise<unknown>): Promise<[number, number]> {
  const started = performance.now();
  const used = process.cpuUsage();
  let calls = 0;
  for (; performance.now() - started < (seconds * 1000) / ROUNDS; calls += 1) await call();
  const { user, system } = process.cpuUsage(used);
  return [(calls * 1000) / (performance.now() - started), (user + system) / calls];
}

const client = new Client(environment("CLIENT_TARGET"), { tls: false });
const { stub } = client.books;
const book = await client.books.create(sample("Jane Austen"));
const options = { timeoutMs: 30_000 };
const pairs: Record<string, [() => Promise<unknown>, () => Promise<unknown>]> = {
  get: [() => stub.getBook({ id: book.id }, options), () => client.books.get(book.id)],
  create: [
    () => stub.createBook({ book: sample("A"), requestId: crypto.randomUUID() }, options),
    () => client.books.create(sample("A")),
  ],
};
for (const [name, [bare, own]] of Object.entries(pairs)) {
  const rounds: [[number, number], [number, number]][] = [];
  for (let n = 0; n < ROUNDS; n += 1) rounds.push([await measure(bare), await measure(own)]);
  const rate = (which: 0 | 1, what: 0 | 1) => median(rounds.map((round) => round[which][what])).toFixed(0);
  const more = median(rounds.map(([one, other]) => (other[1] / one[1]) * 100 - 100)).toFixed(0);
  console.log(`${name}: stub ${rate(0, 0)}/s ${rate(0, 1)} us, client ${rate(1, 0)}/s ${rate(1, 1)} us, ${more} % CPU`);
}
client.close();
