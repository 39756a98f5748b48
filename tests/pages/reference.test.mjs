// The API reference, through its whole use.

import assert from "node:assert/strict";
import { test } from "node:test";
import { browse, inspect, SCREENS } from "./browser.mjs";
import { call, SECURED_URL, TOKEN, URL_OF_PAGE } from "./service.mjs";

/** The block of an operation. */
const operation = (page, verb, path) =>
  page.locator(`.opblock-${verb}`).filter({ has: page.locator(`[data-path="${path}"]`) });

/** Opens an operation, and returns its block. */
async function open(page, verb, path) {
  const block = operation(page, verb, path);
  await block.locator(".opblock-summary-control").click();
  return block;
}

async function execute(block) {
  await block.locator(".execute").click();
  const status = block.locator(".live-responses-table .response .response-col_status").first();
  await status.waitFor();
  return (await status.textContent()).trim();
}

for (const screen of Object.keys(SCREENS)) {
  test(`reference, ${screen}: operations, and trying them`, () =>
    browse(`${URL_OF_PAGE}/docs`, screen, {}, async (page) => {
      await operation(page, "get", "/book").waitFor();
      await inspect(page, screen, "reference");
      const list = await open(page, "get", "/book");
      assert.match(await execute(list), /^200/);
      await inspect(page, screen, "reference-tried");
      const create = await open(page, "post", "/book");
      const title = `Tried on a ${screen}, ${process.pid}`;
      await create
        .getByLabel("Body of the request")
        .fill(JSON.stringify({ title, author: "A", publisher: "P", year: 2000 }));
      assert.match(await execute(create), /^201/);
      assert.equal((await call("GET", `book?title=${encodeURIComponent(title)}`)).body.books.length, 1);
    }));

  test(`reference, ${screen}: the table of errors`, () =>
    browse(`${URL_OF_PAGE}/docs#ETAG_MISMATCH`, screen, {}, async (page) => {
      await page.locator("#ETAG_MISMATCH:focus").waitFor();
      assert.match(await page.locator("#ETAG_MISMATCH").textContent(), /412 ABORTED/);
      await inspect(page, screen, "reference-errors");
      assert.ok((await page.locator("#statuses tbody tr").count()) > 8);
      await page.getByRole("link", { name: "Operations", exact: true }).click();
      await page.waitForFunction(() => window.scrollY < 200 && document.activeElement.id === "operations");
    }));

  test(`reference, ${screen}: sign in`, () =>
    browse(`${SECURED_URL}/docs`, screen, { statuses: [401] }, async (page) => {
      const list = await open(page, "get", "/book");
      assert.match(await execute(list), /^401/);
      await page.locator(".btn.authorize").first().click();
      await page.locator(".dialog-ux input").fill(TOKEN);
      await inspect(page, screen, "reference-sign-in");
      await page.locator(".dialog-ux .btn.authorize").click();
      await page.locator(".dialog-ux .btn-done").click();
      await list.locator(".execute").click();
      await list.locator(".live-responses-table .response-col_status", { hasText: "200" }).first().waitFor();
    }));
}
