// A window of the editor in a real browser, used by the lines that come in: each is
// `{"do": NAME, "with": VALUE}`, and is answered by `{"value": …}` or `{"error": TEXT}`.
// Arguments: the browser, the directory of node modules.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const [browserPath, modules] = process.argv.slice(2);
const { chromium } = createRequire(`${modules}/`)("playwright-core");
const PATIENCE = 60_000;

// Within a container Chromium's own sandbox has nothing to stand on.
const browser = await chromium.launch({ executablePath: browserPath, args: ["--no-sandbox"] });
const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
await context.grantPermissions(["clipboard-read", "clipboard-write"]);
// The editor is all there is: nothing of this needs a network.
await context.route((url) => url.hostname !== "127.0.0.1", (route) => route.abort());
const page = await context.newPage();
page.setDefaultTimeout(PATIENCE);
const ended = new Promise((resolve) => page.exposeFunction("codeAutomationExit", resolve));
await page.exposeFunction("codeAutomationLog", () => undefined);

const item = page.locator('.statusbar-item[id="amp-tray.amp-tray.usage"]');
const pick = page.locator(".quick-input-widget");
const rows = pick.locator(".monaco-list-row");

const actions = {
  async open(url) {
    await page.goto(url);
    await page.locator(".statusbar-item").first().waitFor();
  },
  async reload() {
    await page.reload();
    await page.locator(".statusbar-item").first().waitFor();
  },
  /** Waits for the end of the tests inside the extension host. */
  tests: () => ended,
  /** Waits until the item's text and signs match; tells the item. */
  async until(pattern) {
    await page.waitForFunction(
      ([id, source]) => {
        const found = document.getElementById(id);
        const signs = [...(found?.querySelectorAll(".codicon") ?? [])].map((sign) => sign.className).join(" ");
        return found !== null && new RegExp(source).test(`${found.textContent.trim()} ${signs} ${found.className}`);
      },
      ["amp-tray.amp-tray.usage", pattern],
    );
    return item.evaluate(seen);
  },
  /** Points at the item; tells the tooltip. */
  async hover() {
    await page.mouse.move(10, 10);
    await item.hover();
    const tip = page.locator(".workbench-hover, .monaco-hover").filter({ hasText: "Today" }).last();
    await tip.waitFor();
    return tip.evaluate((found) => ({
      text: found.innerText,
      links: [...found.querySelectorAll("a, [data-href]")].map((link) => link.outerHTML),
      images: found.querySelectorAll("img, script, .codicon").length,
      cells: [...found.querySelectorAll("tr")].map((row) => [...row.cells].map((cell) => cell.innerText)),
    }));
  },
  /** Points elsewhere, so that the tooltip goes. */
  async leave() {
    await page.mouse.move(640, 300);
    await page.locator(".workbench-hover").first().waitFor({ state: "hidden" });
  },
  async click() {
    await item.click();
    await rows.first().waitFor();
  },
  /** Tells the rows that can be seen; a row's parts are used again for others, and hidden there. */
  rows: () =>
    rows.evaluateAll((found) => {
      const said = (row, part) =>
        [...row.querySelectorAll(part)].filter((place) => place.offsetParent !== null)[0]?.textContent.trim() ?? "";
      return found.map((row) => ({
        label: said(row, ".label-name"),
        description: said(row, ".label-description"),
        detail: said(row, ".quick-input-list-label-meta"),
        heading: said(row, ".quick-input-list-separator"),
        signs: row.querySelectorAll(".label-name .codicon").length,
      }));
    }),
  /** Waits for the pick of a title and its rows. */
  async titled(title) {
    await pick.locator(".quick-input-title").getByText(title, { exact: true }).waitFor();
    await rows.first().waitFor();
  },
  async choose(label) {
    await rows.filter({ hasText: label }).first().click();
  },
  async back() {
    await pick.locator('[aria-label^="Back"]').first().click();
  },
  async closed() {
    await pick.waitFor({ state: "hidden" });
  },
  /** Runs a command by its name in the palette; tells the names that are offered. */
  async command(name) {
    await page.keyboard.press("F1");
    await pick.locator("input").fill(`>${name}`);
    await rows.first().waitFor();
    const names = await rows.locator(".label-name").allTextContents();
    await page.keyboard.press(names.includes(name) ? "Enter" : "Escape");
    return names;
  },
  /** Chooses a value in the settings that are open, where just one has values to choose from. */
  async setting(value) {
    await page.locator(".settings-editor select.monaco-select-box").selectOption(value);
  },
  clipboard: () => page.evaluate(() => navigator.clipboard.readText()),
  /** Waits for a dialog; tells what it says, and leaves it. */
  async dialog() {
    const box = page.locator(".monaco-dialog-box");
    await box.waitFor();
    const said = await box.innerText();
    await page.keyboard.press("Escape");
    await box.waitFor({ state: "hidden" });
    return said;
  },
  /** Waits for a message; tells what it says, and clears it. */
  async message() {
    const toast = page.locator(".notification-toast").first();
    await toast.waitFor();
    const said = await toast.innerText();
    await toast.locator(".codicon-notifications-clear, .codicon-notifications-clear-all").first().click({ force: true });
    return said;
  },
  /** Waits for an editor's tab. */
  async tab(name) {
    await page.locator(".tab", { hasText: name }).first().waitFor();
  },
};

function seen(found) {
  return {
    text: found.textContent.trim(),
    spoken: found.querySelector("a")?.getAttribute("aria-label") ?? found.getAttribute("aria-label"),
    signs: [...found.querySelectorAll(".codicon")].map((sign) => sign.className),
    kind: /(warning|error)-kind/.exec(found.className)?.[1] ?? null,
  };
}

for await (const line of createInterface({ input: process.stdin })) {
  const { do: name, with: value } = JSON.parse(line);
  try {
    console.log(JSON.stringify({ value: (await actions[name](value)) ?? null }));
  } catch (error) {
    console.log(JSON.stringify({ error: String(error.message) }));
  }
}
await browser.close();
