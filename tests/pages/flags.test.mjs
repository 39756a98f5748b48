// The pages of gateways with other flags.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { test } from "node:test";
import { browse } from "./browser.mjs";

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/** Starts a gateway, calls `use` with its URL, and ends it. */
async function withGateway(flags, use) {
  const url = `http://127.0.0.1:${await freePort()}`;
  const program = `${process.env.DATA_SERVICE_BIN}/bookstore-gateway`;
  const gateway = spawn(
    program,
    [`--http_address=${new URL(url).host}`, `--grpc_target=${process.env.CLIENT_TARGET}`, ...flags],
    { stdio: "ignore" },
  );
  try {
    while (
      !(await fetch(`${url}/readyz`)
        .then((answer) => answer.ok)
        .catch(() => false))
    ) {
      assert.equal(gateway.exitCode, null, "the gateway ended");
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await use(url);
  } finally {
    gateway.kill();
  }
}

test("below the path of a stage", () =>
  withGateway(["--base_path=/prod"], (url) =>
    browse(`${url}/prod/`, "desktop", {}, async (page) => {
      await page.locator(".card").first().click();
      await page.locator(".review, .quiet-text").first().waitFor();
      await page.getByRole("link", { name: "Read the API reference" }).click();
      const list = page.locator(".opblock-get").filter({ has: page.locator('[data-path="/book"]') });
      await list.locator(".opblock-summary-control").click();
      await list.locator(".execute").click();
      await list.locator(".live-responses-table .response-col_status", { hasText: "200" }).first().waitFor();
      assert.match(await list.locator(".request-url").textContent(), /\/prod\/book/);
    }),
  ));

test("switched off", () =>
  withGateway(["--page=false", "--docs=false"], async (url) => {
    for (const path of ["/", "/page/app.js", "/docs", "/docs/reference.js"]) {
      assert.equal((await fetch(url + path)).status, 404, path);
    }
    assert.equal((await fetch(`${url}/book`)).status, 200);
  }));
