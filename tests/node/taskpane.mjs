// Opens the task pane of a server in Chromium over a fake Office.js. Usage: node taskpane.mjs ASKED.json
// ASKED: puppeteer (its module), browser (program), address, model (of the workbook), steps: [kind, ...given].

import fs from "node:fs";
import { pathToFileURL } from "node:url";

const asked = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
const { default: puppeteer } = await import(pathToFileURL(asked.puppeteer).href);
const fake = fs.readFileSync(new URL("fake_office.js", import.meta.url), "utf8");
const office = `globalThis.workbookModel = ${JSON.stringify(asked.model)};\n${fake}`;

const browser = await puppeteer.launch({ executablePath: asked.browser, args: ["--no-sandbox", "--disable-gpu"] });
try {
  const page = await browser.newPage();
  const errors = [],
    called = [],
    failing = new Set();
  page.on("pageerror", (error) => errors.push(error.message));
  await page.setRequestInterception(true);
  page.on("request", (request) => {
    const { pathname, origin } = new URL(request.url());
    if (pathname.includes("/custom-scripts-call/")) called.push(pathname.split("/").at(-1));
    if (pathname.endsWith("/office.js")) request.respond({ contentType: "text/javascript", body: office });
    else if (origin !== asked.address || [...failing].some((part) => pathname.includes(part))) request.abort();
    else request.continue();
  });
  await page.goto(`${asked.address}/taskpane.html`, { waitUntil: "networkidle0" });
  await page.waitForFunction(() => globalThis.user?.isIdle());

  const alert = () =>
    page.$eval("#global-error-alert", (shown) => (shown.matches(".d-none") ? null : shown.textContent.trim()));
  const kinds = {
    press: async (action) => {
      await page.click(`[xw-click="${action}"]`);
      await page.waitForSelector(`[xw-click="${action}"]:not([disabled])`, { timeout: 60000 });
    },
    unreachable: (part) => failing.add(part) && null,
    called: () => called.splice(0),
    alert,
    pane: () => page.$eval("main", (main) => main.innerText),
  };
  const answers = [];
  for (const [kind, ...given] of asked.steps) {
    const own = kinds[kind] ?? (() => page.evaluate((name, all) => globalThis.user[name](...all), kind, given));
    answers.push((await own(...given)) ?? null);
  }
  console.log(JSON.stringify({ answers, errors }));
} finally {
  await browser.close();
}
