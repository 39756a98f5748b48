// The running system: CLIENT_* of clients/testing/system.
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { Client } from "bookstore-client";
import { WebClient } from "bookstore-client/web";

export function environment(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

export const CERTIFICATES = environment("CLIENT_TLS");

/** Does not block the event loop: calls go on meanwhile. */
export async function control(verb: "kill" | "start" | "pause" | "resume"): Promise<void> {
  await promisify(execFile)(environment("CLIENT_CONTROL"), [verb]);
}

export const token = () => readFileSync(`${CERTIFICATES}/token`, "utf8");
export const author = () => `planted-4f1c9a ${randomUUID()}`;
export const sample = (by: string) => ({ title: "Emma", author: by, publisher: "John Murray", year: 1815 });
export const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const own = { ca: `${CERTIFICATES}/ca.crt` };
const files = { ...own, certificate: `${CERTIFICATES}/client.crt`, key: `${CERTIFICATES}/client.key` };

export type Service = Client | WebClient;

/** Each way to reach the service. */
export const CONNECTIONS: Record<string, () => Service> = {
  "gRPC in cleartext": () => new Client(environment("CLIENT_TARGET"), { tls: false }),
  "gRPC with a certificate": () => new Client(environment("CLIENT_TLS_TARGET"), { tls: files }),
  "gRPC with a token": () => new Client(environment("CLIENT_TLS_TARGET"), { tls: own, token }),
  "REST in cleartext": () => new WebClient(environment("CLIENT_URL")),
  "REST with TLS and a token": () => new WebClient(environment("CLIENT_TLS_URL"), { token }),
};

export async function using<T>(client: Service, work: (client: Service) => Promise<T>): Promise<T> {
  try {
    return await work(client);
  } finally {
    if ("close" in client) client.close();
  }
}
