// A page in Chromium that fails for what a user must never meet: an error on the console,
// a request to another host, a serious finding of axe, content that is wider than the screen.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after } from "node:test";

// The packages of tools.json are in a folder of their own (PAGE_TOOLS).
const load = createRequire(`${process.env.PAGE_TOOLS}/package.json`);
const { chromium } = load("playwright-core");
const AXE = readFileSync(load.resolve("axe-core/axe.min.js"), "utf8");

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium" });
after(() => browser.close());

/** The screens on which everything is used, one of them light and one dark. */
export const SCREENS = {
  desktop: { viewport: { width: 1360, height: 900 }, colorScheme: "light" },
  phone: { viewport: { width: 390, height: 844 }, colorScheme: "dark", isMobile: true, hasTouch: true },
};

const WAIT = 30_000;

/**
 * Opens an address in a browser without any history, and calls `use` with the page.
 * `options.statuses` are the errors of the service that the test causes.
 */
export async function browse(url, screen, options, use) {
  const { statuses = [], ...more } = options;
  const context = await browser.newContext({
    ...SCREENS[screen],
    ignoreHTTPSErrors: true,
    reducedMotion: "reduce",
    ...more,
  });
  context.setDefaultTimeout(WAIT);
  const page = await context.newPage();
  const faults = [];
  page.on("console", (message) => {
    // The browser itself writes a line for each answer that is an error.
    const caused =
      statuses.some((status) => message.text().includes(`status of ${status} `)) ||
      (statuses.includes(0) && message.text().includes("net::ERR_"));
    if (message.type() === "error" && !caused) faults.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => faults.push(`script: ${error.stack}`));
  page.on("request", (request) => {
    const target = new URL(request.url());
    if (target.origin !== new URL(url).origin && target.protocol !== "data:")
      faults.push(`request to ${request.url()}`);
  });
  try {
    await page.goto(url);
    await use(page, context);
    assert.deepEqual(faults, []);
  } catch (error) {
    await page.screenshot({ path: `${process.env.RESULTS}/${screen}-failed-${Date.now()}.png` });
    if (faults.length) error.message += `\n${faults.join("\n")}`;
    throw error;
  } finally {
    await context.close();
  }
}

/** Checks a state of a page, and keeps a picture of it. */
export async function inspect(page, screen, name) {
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: `${process.env.RESULTS}/${screen}-${name}.png` });
  const [content, view] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ]);
  assert.ok(content <= view, `${name}: the content is ${content} pixels wide, the screen ${view}`);
  const session = await page.context().newCDPSession(page);
  await session.send("Runtime.evaluate", { expression: AXE });
  const { result } = await session.send("Runtime.evaluate", {
    // Without `preload`, axe adds style sheets, which the policy of the page forbids.
    expression: `axe.run({ preload: false, resultTypes: ["violations"] }).then(({ violations }) => JSON.stringify(violations))`,
    awaitPromise: true,
    returnByValue: true,
  });
  await session.detach();
  const serious = JSON.parse(result.value).filter(({ impact }) => impact === "serious" || impact === "critical");
  const text = serious.map(
    ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.target.join(" ")).slice(0, 5)}`,
  );
  assert.deepEqual(text, [], `axe, ${name}`);
}
