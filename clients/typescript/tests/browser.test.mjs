// The scenario in Chromium: a page of another origin than the gateways, which permit it (CORS).
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { after, test } from "node:test";
import { promisify } from "node:util";

const { CHROMIUM, CLIENT_CONTROL, CLIENT_PAGE_ORIGIN, CLIENT_TLS, CLIENT_TLS_URL, CLIENT_URL, PAGE_TOOLS } =
  process.env;
const { chromium } = createRequire(`${PAGE_TOOLS}/package.json`)("playwright-core");

const system = { url: CLIENT_URL, tlsUrl: CLIENT_TLS_URL, token: readFileSync(`${CLIENT_TLS}/token`, "utf8") };
const script = readFileSync("browser_build/scenario.js");
const html = `<!doctype html><link rel="icon" href="data:,"><script type="module" src="/scenario.js"></script>`;

const server = createServer((request, response) => {
  const isScript = request.url === "/scenario.js";
  response.setHeader("Content-Type", isScript ? "text/javascript" : "text/html");
  response.end(isScript ? script : html);
});
const { port, hostname } = new URL(CLIENT_PAGE_ORIGIN);
await new Promise((resolve) => server.listen(port, hostname, resolve));

const browser = await chromium.launch({ executablePath: CHROMIUM ?? "/usr/bin/chromium" });
// The authority of the tests is not one of the browser.
const context = await browser.newContext({ ignoreHTTPSErrors: true });
const page = await context.newPage();
const faults = [];
page.on("pageerror", (error) => faults.push(String(error)));
await page.exposeFunction("control", async (verb) => {
  await promisify(execFile)(CLIENT_CONTROL, [verb]);
});
await page.addInitScript((given) => Object.assign(globalThis, { system: given }), system);
await page.goto(CLIENT_PAGE_ORIGIN);
after(async () => {
  await browser.close();
  server.close();
});

const names = await page.evaluate(() => Object.keys(globalThis.tests));
assert.ok(names.length >= 12, `${names}`);
for (const name of names) {
  test(name.startsWith("browser") ? name : `browser: ${name}`, async () => {
    const failure = await page.evaluate(
      (which) =>
        globalThis.tests[which]().then(
          () => "",
          (error) => `${error.stack ?? error}`,
        ),
      name,
    );
    assert.equal(failure, "");
    assert.deepEqual(faults, []);
  });
}

test("browser: a gateway that does not permit the origin is not available", async () => {
  const other = await context.newPage();
  await other.addInitScript((given) => Object.assign(globalThis, { system: given }), system);
  await other.goto(`http://localhost:${port}`);
  const error = await other.evaluate(() =>
    globalThis.connections["browser in cleartext"]({ policy: { maxAttempts: 2 } })
      .books.get("1")
      .catch((caught) => caught.name),
  );
  assert.equal(error, "Unavailable");
  await other.close();
});
