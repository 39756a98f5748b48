// The service behind the page, as another client uses it.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

export const URL_OF_PAGE = process.env.CLIENT_URL;
/** A gateway that answers nobody without a token. */
export const SECURED_URL = process.env.CLIENT_TLS_URL;
export const TOKEN = readFileSync(`${process.env.CLIENT_TLS}/token`, "utf8").trim();

export async function call(method, path, body) {
  const response = await fetch(`${URL_OF_PAGE}/${path}`, {
    method,
    headers: { "Content-Type": "application/json" },
    body: body && JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, body: text && JSON.parse(text) };
}

let made = 0;

/** Stores a book that no other test has. */
export async function newBook(more = {}) {
  const { status, body } = await call("POST", "book", {
    title: `Book ${++made} of ${process.pid}`,
    author: "A. Tester",
    publisher: "Test Press",
    year: 1999,
    ...more,
  });
  if (status !== 201) throw new Error(`status ${status}: ${JSON.stringify(body)}`);
  return body;
}

/** Ends the servers as a crash does, or starts them: `kill`, `start`. */
export const control = (verb) => execFileSync(process.env.CLIENT_CONTROL, [verb], { stdio: "ignore" });

/** Stores well-known books with their reviews. */
export function loadSample() {
  const program = new URL("../../deploy/local/sample", import.meta.url).pathname;
  execFileSync(program, ["--http_port", new URL(URL_OF_PAGE).port]);
}

/** Stores the given number of books. */
export async function importBooks(number) {
  const names = ["Sea", "Mountain", "Garden", "Winter", "Clock", "Letter", "Harbour", "Orchard", "Mirror", "Street"];
  const line = (i) => ({
    title: `The ${names[i % 10]} of ${names[(i * 7 + 3) % 10]}s, volume ${i}`,
    author: `Author ${i % 611}`,
    publisher: `Press ${i % 37}`,
    year: 1600 + (i % 400),
  });
  const lines = Array.from({ length: number }, (_, i) => `${JSON.stringify(line(i))}\n`).join("");
  const response = await fetch(`${URL_OF_PAGE}/book:import`, {
    method: "POST",
    headers: { "Content-Type": "application/x-ndjson" },
    body: lines,
  });
  const { importedCount } = await response.json();
  if (Number(importedCount) !== number) throw new Error(`${importedCount} of ${number} books were imported`);
}
