// axe-core finds nothing on any page, in either theme, wide and narrow; and no page is wider than its window.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import { assertClean, furnish, openPage, startBrowser, startServer, visit } from './harness.mjs';

const THEMES = ['light', 'dark'];
const WIDTHS = [1280, 390];

let server;
let browser;
let paths;

before(async () => {
  server = await startServer();
  browser = await startBrowser();
  paths = await furnish(server);
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

for (const theme of THEMES) {
  for (const width of WIDTHS) {
    test(`every page is accessible: ${theme}, ${width} px`, async (t) => {
      const page = await openPage(browser, server, { theme, width });
      for (const [name, path] of Object.entries(paths)) {
        await t.test(name, async () => {
          await visit(page, server, path);
          const { violations } = await new AxeBuilder({ page }).analyze();
          assert.deepEqual(violations.map(described), []);
          const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
          assert.ok(overflow <= 0, `the page is ${overflow} px wider than its window`);
        });
      }
      assertClean(page);
      await page.context().close();
    });
  }
}

/** What is wrong, and where. */
function described({ id, help, nodes }) {
  return { id, help, where: nodes.slice(0, 3).map((node) => `${node.target.join(' ')}: ${node.any[0]?.message ?? node.html}`) };
}
