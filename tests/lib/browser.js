// Pages as people see them: in Chromium, which was not written here, looked over by axe, likewise.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { chromium } from 'playwright-core';

import { atEnd } from './place.js';

const CHROMIUM = '/usr/bin/chromium';
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** Where pictures of the pages are left, for whoever wants to look at them. */
const pictures = join(resolve(dirname(fileURLToPath(import.meta.url)), '../..'), 'build/pages');

/** Why there is no browser to look with; undefined when there is one. */
export const missing = existsSync(CHROMIUM) ? undefined : `${CHROMIUM} is not there: apt-get install chromium`;

let browser;

async function opened() {
  if (browser === undefined) {
    browser = chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
    atEnd(async () => (await browser).close());
  }
  return browser;
}

/** A window of this width; without JavaScript unless it is asked for. What the pages complain of fails the test. */
export async function openWindow({ width = 320, javaScript = false, height = 640 } = {}) {
  const context = await (await opened()).newContext({ viewport: { width, height }, javaScriptEnabled: javaScript });
  const page = await context.newPage();
  page.complaints = [];
  page.on('console', (message) => page.complaints.push(message.text()));
  page.on('pageerror', (error) => page.complaints.push(String(error)));
  return page;
}

/** Nothing stands out of the window to the right: no scrolling in two directions (WCAG 1.4.10). */
export async function assertFits(page) {
  const { width } = page.viewportSize();
  const boxes = await page.locator('body *').evaluateAll((all) => all.map((one) => one.getBoundingClientRect().right));
  assert.ok(Math.max(...boxes) <= width, `something stands out to ${Math.max(...boxes)} of ${width}`);
}

/** axe finds nothing wrong with what a server sends at an address. It needs JavaScript, which the page does without: so it gets a window of its own. */
export async function assertAccessible(html, { width = 320 } = {}) {
  const page = await openWindow({ width, javaScript: true });
  await page.setContent(html);
  await page.addScriptTag({ path: AXE });
  const { violations, passes } = await page.evaluate((rules) => globalThis.axe.run({ runOnly: rules }), RULES);
  assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html: of, failureSummary }) => `${of} ${failureSummary}`).join('; ')}`), []);
  assert.ok(passes.length > 10, `axe looked at ${passes.length} things only`);
  await page.context().close();
}

/** A picture of all of it. */
export async function takePicture(page, name) {
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
}
