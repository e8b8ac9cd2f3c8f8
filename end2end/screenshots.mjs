// Pictures of every page in both themes at 1280 and 390 px, for eyes: `make screenshots`.

import { furnish, openPage, screenshot, startBrowser, startServer, visit } from './harness.mjs';

const server = await startServer();
const browser = await startBrowser();
try {
  const paths = await furnish(server);
  for (const theme of ['light', 'dark']) {
    for (const width of [1280, 390]) {
      const page = await openPage(browser, server, { theme, width });
      for (const [name, path] of Object.entries(paths)) {
        await visit(page, server, path);
        // Charts replace their sketch when the script has come.
        const charts = page.locator('.curve-chart-frame');
        for (let i = 0; i < (await charts.count()); i++) {
          await page.locator('.curve-chart-frame[data-drawn]').nth(i).waitFor();
        }
        await screenshot(page, `${name}-${theme}-${width}`);
      }
      for (const complaint of page.complaints) console.error(`${theme} ${width}: ${complaint}`);
      await page.context().close();
    }
  }
} finally {
  await browser.close();
  await server.stop();
}
