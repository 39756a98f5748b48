// The running system, for a page in a browser; browser.test.mjs sets what it has.
import { WebClient } from "bookstore-client/web";

interface Page {
  system: { url: string; tlsUrl: string; token: string };
  control(verb: "kill" | "start" | "pause" | "resume"): Promise<void>;
}

const { system, control } = globalThis as unknown as Page;

export { control };

export const author = () => `planted-4f1c9a ${crypto.randomUUID()}`;
export const sample = (by: string) => ({ title: "Emma", author: by, publisher: "John Murray", year: 1815 });
export const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

export type Service = WebClient;
type Settings = ConstructorParameters<typeof WebClient>[1];

/** Each way to reach the service. */
export const CONNECTIONS: Record<string, (settings?: Settings) => Service> = {
  "browser in cleartext": (settings) => new WebClient(system.url, settings),
  "browser with TLS and a token": () => new WebClient(system.tlsUrl, { token: () => system.token }),
};

Object.assign(globalThis, { connections: CONNECTIONS });

export const using = <T>(client: Service, work: (client: Service) => Promise<T>): Promise<T> => work(client);
