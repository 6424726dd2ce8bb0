// Opens what a build writes for people in a real browser: the page, and the feeds themselves.
//
//   FEEDWRIGHT_READERS=target/readers node tests/browser/page.mjs
//
// Needs Chromium (CHROMIUM says where), and playwright-core and axe-core, which `.ci/run` installs. It serves the
// publication with the program that is in target/debug, meets no other host, and leaves screenshots in
// target/screenshots/.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const readers = resolve(process.env.FEEDWRIGHT_READERS ?? `${root}/target/readers`);
const require = createRequire(`${readers}/node/`);
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const screenshots = `${root}/target/screenshots`;
const DESKTOP = { width: 1280, height: 900 };
const PHONE = { width: 360, height: 740 };

/** The addresses in the list of all feeds. */
function listed() {
  const opml = readFileSync(`${root}/feeds/feeds.opml`, "utf8");
  return [...opml.matchAll(/xmlUrl="([^"]+)"/g)].map(([, url]) => url);
}

/** Serves the publication; says where, and how to end it. */
async function serve(...options) {
  const program = `${root}/target/debug/feedwright`;
  const server = spawn(program, ["-C", root, "serve", "--listen", "127.0.0.1:0", ...options], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  for await (const line of createInterface({ input: server.stdout })) {
    return { home: line.trim().replace(/^\D*(?=http)/, ""), end: () => server.kill() };
  }
  throw new Error("the server ended before it said where it is");
}

/** A tab in which nothing may go wrong unnoticed, and nothing leaves this machine. */
async function tab(browser, home, options) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.complaints = [];
  page.on("console", (message) => {
    // A browser asks for it unasked.
    const isIcon = message.location().url.endsWith("/favicon.ico");
    if (message.type() === "error" && !isIcon) page.complaints.push(`${message.text()}: ${message.location().url}`);
  });
  page.on("pageerror", (error) => page.complaints.push(String(error)));
  page.on("request", (request) => {
    if (!request.url().startsWith(home) && !request.url().startsWith("data:")) page.complaints.push(request.url());
  });
  return page;
}

/** Asks the browser itself: playwright-core waits for ever in a document that is no HTML. */
async function photograph(page, name) {
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send("Page.captureScreenshot", { captureBeyondViewport: true });
  writeFileSync(`${screenshots}/${name}.png`, Buffer.from(data, "base64"));
}

async function looksRight(page, name) {
  await photograph(page, name);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(overflow <= 0, `${name}: ${overflow} pixels stick out`);
  assert.deepEqual(page.complaints, [], name);
}

async function isAccessible(page, name) {
  await page.evaluate(axe);
  const { violations, passes } = await page.evaluate(() => axe.run());
  const said = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join("\n")}`);
  assert.deepEqual(said, [], name);
  assert.ok(passes.length > 10);
}

const checks = {
  async "the page shows every feed, by day, by night and on a phone"({ browser, home }) {
    for (const colorScheme of ["light", "dark"]) {
      for (const [device, viewport] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
        const page = await tab(browser, home, { colorScheme, viewport });
        await page.goto(home);
        await isAccessible(page, `${colorScheme}, ${device}`);
        await looksRight(page, `page-${colorScheme}-${device}`);
        await page.evaluate(() => document.querySelectorAll("details").forEach((details) => (details.open = true)));
        await isAccessible(page, `${colorScheme}, ${device}, all open`);
        await looksRight(page, `page-${colorScheme}-${device}-open`);
        const shown = await page.locator("code").allInnerTexts();
        const links = await page.locator("a").evaluateAll((links) => links.map((link) => link.href));
        for (const url of listed()) {
          assert.ok(shown.includes(url) || links.includes(url), `${url} is not on the page`);
        }
        await page.context().close();
      }
    }
  },

  async "a button copies its address, also from the keyboard, and says so"({ browser, home }) {
    const page = await tab(browser, home, { viewport: DESKTOP });
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"], { origin: new URL(home).origin });
    await page.goto(home);
    const copied = () => page.evaluate(() => navigator.clipboard.readText());
    const [first, second] = await page.locator("code").allInnerTexts();
    await page.locator("button").first().click();
    assert.equal(await copied(), first);
    assert.match(await page.getByRole("status").innerText(), new RegExp(first.replaceAll(".", "\\.")));
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    assert.equal(await copied(), second);
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  },

  async "without script everything can be read, and no button is there in vain"({ browser, home }) {
    const page = await tab(browser, home, { javaScriptEnabled: false, viewport: DESKTOP });
    await page.goto(home);
    assert.ok(await page.locator("code").first().isVisible());
    assert.equal(await page.locator("button:visible").count(), 0);
    await page.context().close();
  },

  async "whoever discovers feeds finds the main feed first, and each is there"({ browser, home }) {
    const page = await tab(browser, home, {});
    await page.goto(home);
    const found = await page
      .locator("link[rel=alternate]")
      .evaluateAll((links) => links.map(({ href, type, title }) => ({ href, type, title })));
    assert.deepEqual(
      found.map(({ type }) => type),
      ["application/rss+xml", "application/atom+xml", "application/feed+json"],
    );
    assert.equal(found[0].href, listed()[0]);
    for (const { href, type } of found) {
      const answer = await fetch(new URL(new URL(href).pathname, home));
      assert.equal(answer.status, 200);
      assert.ok(answer.headers.get("content-type").startsWith(type));
    }
    await page.context().close();
  },

  async "on paper all feeds are there and nothing that can only be pressed"({ browser, home }) {
    const page = await tab(browser, home, { viewport: DESKTOP });
    await page.goto(home);
    await page.emulateMedia({ media: "print" });
    assert.equal(await page.locator("button:visible").count(), 0);
    assert.ok(await page.locator("details li").first().isVisible());
    await page.pdf({ path: `${screenshots}/page.pdf`, format: "A4" });
    await page.context().close();
  },

  // Chromium shows the text of a feed that has its own media type, and Firefox saves it.
  async "a feed that is opened itself can be read where it is said to be XML"({ browser, xml: home }) {
    const feeds = { rss: ["feeds/rss.xml", "item"], atom: ["feeds/tags/sea/atom.xml", "entry"] };
    for (const [name, [path, entry]] of Object.entries(feeds)) {
      for (const colorScheme of ["light", "dark"]) {
        const page = await tab(browser, home, { colorScheme, viewport: DESKTOP });
        await page.goto(new URL(path, home).href);
        const styles = await page.evaluate((entry) => {
          const style = (element) => {
            const { display, fontSize, color, backgroundColor } = getComputedStyle(element);
            return { display, size: parseFloat(fontSize), color, backgroundColor };
          };
          const first = document.getElementsByTagName(entry)[0];
          const children = [...first.children].map((child) => [child.nodeName, style(child).display]);
          return {
            root: style(document.documentElement),
            title: style(document.getElementsByTagName("title")[0]),
            entry: style(first),
            children: Object.fromEntries(children),
            said: getComputedStyle(document.documentElement, "::before").content,
          };
        }, entry);
        assert.equal(styles.title.display, "block");
        assert.ok(styles.title.size > 1.5 * styles.root.size, "the title stands out");
        assert.equal(styles.entry.display, "flex");
        const seen = Object.keys(styles.children).filter((child) => styles.children[child] !== "none");
        const wanted = name === "rss" ? ["description", "link", "pubDate", "title"] : ["link", "published", "summary", "title"];
        assert.deepEqual(seen.sort(), wanted);
        assert.match(styles.said, /This is a feed/);
        assert.equal(styles.root.backgroundColor, colorScheme === "dark" ? "rgb(23, 23, 22)" : "rgb(255, 255, 255)");
        await looksRight(page, `${name}-${colorScheme}`);
        await page.setViewportSize(PHONE);
        await looksRight(page, `${name}-${colorScheme}-phone`);
        await page.context().close();
      }
    }
  },
};

mkdirSync(screenshots, { recursive: true });
const [server, xml] = [await serve(), await serve("--browser-types")];
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});
let failed = 0;
for (const [name, check] of Object.entries(checks)) {
  try {
    await check({ browser, home: server.home, xml: xml.home });
    console.log(`ok: ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED: ${name}\n${error.message}`);
  }
}
await browser.close();
server.end();
xml.end();
process.exitCode = failed === 0 ? 0 : 1;
