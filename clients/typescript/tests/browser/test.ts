// node:test of a browser: browser.test.mjs runs each test by its name.
const tests: Record<string, () => Promise<void>> = {};

export function test(name: string, work: () => Promise<void>): void {
  tests[name] = work;
}

Object.assign(globalThis, { tests });
