// The REST API of the service. All addresses are relative: a proxy may serve the page and
// the API below a path of its own.

const TOKEN = "bookstore.token";

/** An answer that is an error (RFC 9457), or no answer: `status` is 0 then. */
export class Problem extends Error {
  constructor(status, body) {
    super(body.detail ?? body.title ?? "");
    this.status = status;
    this.title = body.title ?? "";
    this.reason = body.reason ?? "";
    this.requestId = body.requestId ?? "";
    this.violations = body.errors ?? [];
  }
}

export const token = {
  get: () => sessionStorage.getItem(TOKEN),
  set: (value) => (value ? sessionStorage.setItem(TOKEN, value) : sessionStorage.removeItem(TOKEN)),
};

/** Receives `reached`, `unreachable` and `unauthorized`. */
export const events = new EventTarget();
const emit = (name) => events.dispatchEvent(new Event(name));

async function send(method, path, { body, etag, key, signal } = {}) {
  const headers = { Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (etag) headers["If-Match"] = `"${etag}"`;
  if (key) headers["Idempotency-Key"] = key;
  if (token.get()) headers.Authorization = `Bearer ${token.get()}`;
  let response;
  try {
    response = await fetch(path, { method, headers, body: body && JSON.stringify(body), signal });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    emit("unreachable");
    throw new Problem(0, { detail: "The service does not answer." });
  }
  emit("reached");
  if (response.ok) return response.status === 204 ? undefined : response.json();
  if (response.status === 401) emit("unauthorized");
  const text = await response.json().catch(() => ({ title: response.statusText }));
  throw new Problem(response.status, text);
}

/** Returns whether the service can answer requests. */
export const ready = () =>
  fetch("readyz").then(
    (response) => response.ok,
    () => false,
  );

function query(path, values) {
  const parameters = new URLSearchParams(Object.entries(values).filter(([, value]) => value));
  return `${path}?${parameters}`;
}

/** Returns a key for a write that must take effect once, however often it is sent. */
export const newKey = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

const LISTED = "id,title,author,publisher,year,etag,reviewCount,averageRate";

export const listBooks = ({ filter, orderBy, pageSize, pageToken }, signal) =>
  send("GET", query("book", { filter, orderBy, pageSize, pageToken, readMask: LISTED }), { signal });

export const getBook = (id, signal) => send("GET", query(`book/${id}`, { readMask: "*" }), { signal });
export const createBook = (book, key) => send("POST", "book", { body: book, key });
export const updateBook = (id, changes, etag, key) => send("PATCH", `book/${id}`, { body: changes, etag, key });
export const deleteBook = (id, etag) => send("DELETE", `book/${id}`, { etag });

export const listReviews = (id, pageToken, signal) =>
  send("GET", query(`book/${id}/review`, { orderBy: "createTime desc", pageSize: 20, pageToken }), { signal });
export const createReview = (id, review, key) => send("POST", `book/${id}/review`, { body: review, key });
