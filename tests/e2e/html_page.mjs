// Opens a report's page in a real browser without a network, uses it, and prints what it saw.
// Arguments: the browser, the directory of node modules, the page, a directory for pictures.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [browserPath, modules, page, pictures] = process.argv.slice(2);
const { chromium } = createRequire(`${modules}/`)("playwright-core");
const url = pathToFileURL(page).href;

// Within a container Chromium's own sandbox has nothing to stand on.
const browser = await chromium.launch({ executablePath: browserPath, args: ["--no-sandbox"] });

async function opened(colorScheme, width) {
  const context = await browser.newContext({
    offline: true,
    colorScheme,
    viewport: { width, height: 900 },
  });
  const tab = await context.newPage();
  const seen = { complaints: [], requests: [] };
  tab.on("console", (message) => seen.complaints.push(message.text()));
  tab.on("pageerror", (error) => seen.complaints.push(error.message));
  tab.on("request", (request) => seen.requests.push(request.url()));
  await tab.goto(url);
  return { context, tab, seen };
}

async function looked(colorScheme, width) {
  const { context, tab, seen } = await opened(colorScheme, width);
  await tab.screenshot({ path: `${pictures}/html-${colorScheme}-${width}.png` });
  const layout = await tab.evaluate(() => ({
    title: document.title,
    across: document.documentElement.scrollWidth,
    images: document.images.length,
    background: getComputedStyle(document.body).backgroundColor,
    text: getComputedStyle(document.body).color,
    cut: [...document.querySelectorAll("h1, h2, p, .value, .amount, dd")]
      .filter((element) => element.scrollWidth > element.clientWidth + 1 && element.clientWidth)
      .map((element) => element.textContent),
  }));
  await context.close();
  return { ...seen, ...layout };
}

async function used() {
  const { context, tab, seen } = await opened("light", 1280);
  const heads = tab.locator("#sessions thead th");
  const column = (index) =>
    tab.$$eval(
      "#sessions tbody tr:not([hidden])",
      (rows, at) => rows.map((row) => row.cells[at].dataset.value ?? row.cells[at].textContent),
      index,
    );
  const names = await heads.allTextContents();
  const at = (name) => names.indexOf(name);
  const sorted = async (name, act) => {
    await act(heads.nth(at(name)).getByRole("button"));
    return { order: await heads.nth(at(name)).getAttribute("aria-sort"), values: await column(at(name)) };
  };
  const click = (button) => button.click();
  const press = (key) => (button) => button.press(key);
  const facts = { names, first: await column(at("Cost")) };
  facts.tokens = await sorted("Tokens", click);
  facts.tokensAgain = await sorted("Tokens", click);
  facts.dates = await sorted("Last activity", press("Enter"));
  facts.titles = await sorted("Session", press("Space"));
  facts.marked = await tab.locator("#sessions th[aria-sort]").count();
  await tab.getByRole("button", { name: /^Show all/ }).click();
  facts.all = (await column(0)).length;
  await tab.getByLabel("Filter").fill("ARM64 port");
  facts.filtered = await tab.$$eval("#sessions tbody tr:not([hidden]) .title", (found) =>
    found.map((title) => title.textContent),
  );
  facts.status = await tab.locator("#status").textContent();
  await tab.locator(".column").last().hover();
  facts.tip = await tab.locator("#tip").textContent();
  await tab.locator(".plot").press("Home");
  facts.tipByKey = await tab.locator("#tip").textContent();
  await tab.locator(".plot").press("Escape");
  facts.tipGone = await tab.locator("#tip").isHidden();
  await tab.getByText("Show as a table").click();
  facts.figures = await tab.locator("table.figures tbody tr").count();
  await tab.pdf({ path: `${pictures}/html.pdf`, format: "A4", printBackground: true });
  facts.complaints = [...seen.complaints];
  facts.requests = [...seen.requests];
  // What the page itself could never do; each try is a complaint of the browser's.
  facts.owned = await tab.evaluate(async () => {
    const script = document.createElement("script");
    script.textContent = "window.owned = true";
    document.body.append(script);
    const fetched = await fetch("data:text/plain,x").then(() => true, () => false);
    return window.owned === true || fetched;
  });
  await context.close();
  return facts;
}

const views = {};
for (const colorScheme of ["light", "dark"]) {
  for (const width of [360, 768, 1280]) {
    views[`${colorScheme} ${width}`] = await looked(colorScheme, width);
  }
}
console.log(JSON.stringify({ url, views, used: await used() }));
await browser.close();
