// The leaderboard: a baseline pinned by the address, other views of the ranking, people's votes, an agent over time.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { api, assertClean, openPage, screenshot, startBrowser, startServer, until, visit } from './harness.mjs';

let server;
let browser;
let page;
let trained;
let untrained;

before(async () => {
  server = await startServer();
  browser = await startBrowser();
  page = await openPage(browser, server);
  const agents = await api(server, '/agents');
  [trained, untrained] = ['builtin', 'untrained'].map((model) => agents.find((agent) => agent.model === model));
  const cases = (await api(server, '/test-cases?limit=24')).map(({ id }) => id);
  for (const { id } of [trained, untrained, untrained]) {
    const run = await api(server, '/evaluations', { agent_id: id, test_case_ids: cases });
    await until('evaluation', () => api(server, `/evaluations/${run.id}`), (r) => r.status === 'completed');
  }
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const pins = (agent) => (url) => url.searchParams.get('baseline') === agent.id;

const table = () => page.getByRole('table', { name: 'Leaderboard' });

test('nobody is compared with a baseline until one is pinned; the link pins it for whoever opens it', async () => {
  await visit(page, server, '/leaderboard');
  await table().getByRole('rowheader', { name: trained.name }).waitFor();
  assert.equal(await table().getByRole('columnheader', { name: 'Against the baseline' }).count(), 0);
  await table().getByRole('link', { name: `Pin ${untrained.name} as the baseline` }).click();
  await page.waitForURL(pins(untrained));
  await table().getByRole('columnheader', { name: 'Against the baseline' }).waitFor();
  const shared = page.url().replace(server.url, '');
  const guest = await openPage(browser, server);
  await visit(guest, server, shared);
  const row = guest.getByRole('table', { name: 'Leaderboard' }).getByRole('row').filter({ hasText: trained.name });
  await row.getByText(/^\+\d+\.\d$/).waitFor();
  await row.getByText(/p [<=] 0\.\d+/).first().waitFor();
  assertClean(guest);
  await screenshot(page, 'leaderboard-baseline');
  assertClean(page);
});

test('the ranking is downloaded as it is shown', async () => {
  const [csv, json] = ['CSV', 'JSON'].map((name) => page.getByRole('group', { name: 'Export' }).getByRole('link', { name }));
  const href = await csv.getAttribute('href');
  assert.ok(href.startsWith('/api/v1/leaderboard/export?') && pins(untrained)(new URL(href, server.url)), href);
  const download = page.waitForEvent('download');
  await json.click();
  assert.equal((await download).suggestedFilename(), 'leaderboard.json');
  const text = await (await page.request.get(server.url + href)).text();
  assert.match(text.split('\n')[1], /^[^,]+,local,1,/);
});

test('the form narrows the ranking and keeps the baseline', async () => {
  await page.getByRole('combobox', { name: 'Score' }).selectOption('split');
  await page.getByRole('button', { name: 'Show' }).click();
  await page.waitForURL(/by=split/);
  await page.getByText(/weighted mean of the categories/).waitFor();
  assert.ok(pins(untrained)(new URL(page.url())), page.url());
  await table().getByRole('link', { name: 'Latency' }).click();
  await page.waitForURL(/sort=latency/);
  await table().locator('th[aria-sort="ascending"]').getByText('Latency').waitFor();
  assertClean(page);
});

test('charts say in a sentence what they draw', async () => {
  for (const name of ['Task success with its uncertainty', 'Task success against latency']) {
    const chart = page.getByRole('img', { name });
    await chart.scrollIntoViewIfNeeded();
    assert.ok((await chart.locator('circle').count()) >= 2, name);
  }
  await page.getByText(/Pareto front/).last().waitFor();
  await screenshot(page, 'leaderboard-charts');
});

test("people's votes are ranked once everybody won and lost", async () => {
  const tab = page.getByRole('navigation', { name: 'Ranked by' }).getByRole('link', { name: "People's votes" });
  await tab.click();
  await page.getByText('Nobody has voted yet').waitFor();
  const nil = '00000000-0000-0000-0000-000000000000';
  const candidates = [trained, untrained].map(({ id }) => ({ agent_id: id, conversation_id: nil }));
  const vote = (winner) => api(server, '/votes', { question: 'Who?', candidates, verdict: 'winner', winner });
  await vote(trained.id);
  await visit(page, server, '/leaderboard?view=votes');
  await page.getByText(/cannot be rated yet/).waitFor();
  await vote(trained.id);
  await vote(untrained.id);
  await visit(page, server, '/leaderboard?view=votes');
  const votes = page.getByRole('table', { name: "People's votes" });
  // Odds of two to one: 1000 ± 200·log₁₀ 2.
  await votes.getByRole('row').filter({ hasText: trained.name }).getByText(/^1060 \(/).waitFor();
  await screenshot(page, 'leaderboard-votes');
  assertClean(page);
});

test('an agent is shown over time', async () => {
  await visit(page, server, '/leaderboard');
  await table().getByRole('link', { name: `History of ${untrained.name}` }).click();
  await page.getByRole('heading', { name: `History of ${untrained.name}` }).waitFor();
  assert.equal(await page.getByRole('table', { name: 'Completed evaluations' }).getByRole('row').count(), 3);
  await page.getByRole('img', { name: 'Task success over time' }).waitFor();
  await screenshot(page, 'leaderboard-history');
  await page.getByRole('link', { name: 'Back to the ranking' }).click();
  await table().waitFor();
  assertClean(page);
});

test('without a script the page reads the same', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const plain = await context.newPage();
  await plain.goto(`${server.url}/leaderboard?baseline=${trained.id}`);
  await plain.getByRole('table', { name: 'Leaderboard' }).getByText('baseline', { exact: true }).waitFor();
  await context.close();
});

test('runs are chosen and set side by side, and a cell opens its evidence', async () => {
  await visit(page, server, '/evaluations');
  await page.getByLabel(`Choose the run of ${untrained.name}`).first().check();
  await page.getByLabel(`Choose the run of ${trained.name}`).first().check();
  await page.getByRole('button', { name: 'Compare the chosen runs' }).click();
  await page.waitForURL(/\/evaluations\/compare\?run=/);
  const summary = page.getByRole('table', { name: 'Runs on the shared cases' });
  await summary.getByText('baseline', { exact: true }).waitFor();
  await page.getByText(/passes (more|fewer) cases than/).waitFor();
  await page.getByRole('link', { name: 'Different' }).click();
  await page.waitForURL(/show=different/);
  const cells = page.getByRole('table', { name: 'Cases side by side' });
  await cells.getByRole('row').nth(1).waitFor();
  await screenshot(page, 'runs-side-by-side');
  await cells.locator('.diff-cell').first().click();
  await page.waitForURL(/result=/);
  await page.getByRole('complementary', { name: 'The chosen result' }).getByRole('heading', { name: 'Checks' }).waitFor();
  assertClean(page);
});
