// The golden path, as a newcomer walks it: chat, import, evaluate, train, compare. Nothing is set up beforehand.

import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { api, assertClean, openPage, screenshot, startBrowser, startServer, until, visit } from './harness.mjs';

const MEMORY_MEGABYTES_MAX = 150;
const WASM_BROTLI_KIBIBYTES_MAX = 452;

let server;
let browser;
let page;
let agents;

before(async () => {
  server = await startServer();
  browser = await startBrowser();
  page = await openPage(browser, server);
  agents = await api(server, '/agents');
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

test('the first start offers a trained and an untrained local agent, and sample cases', async () => {
  assert.deepEqual(agents.map((agent) => agent.agent_type), ['local', 'local']);
  assert.deepEqual(agents.map((agent) => agent.model).sort(), ['builtin', 'untrained']);
  await visit(page, server, '/');
  assert.match(await page.title(), /RL Chatbot/);
  assertClean(page);
});

test('a question about arithmetic shows the tool card and the answer', async () => {
  const trained = agents.find((agent) => agent.model === 'builtin');
  await visit(page, server, `/chat?agent=${trained.id}`);
  await page.getByRole('textbox', { name: /^Message/ }).fill('What is 15 * 23?');
  await page.getByRole('button', { name: 'Send' }).click();
  const answer = page.getByRole('list', { name: 'Messages' }).getByRole('listitem').last();
  const card = answer.getByText('calculate', { exact: true });
  await card.waitFor();
  await answer.getByText('done', { exact: true }).waitFor();
  await answer.locator('.message-body').getByText('345').waitFor();
  await card.click();
  await answer.locator('details[open]').getByText('15 * 23').first().waitFor();
  await screenshot(page, 'golden-chat');
  assertClean(page);
});

test('the conversation is there again after a reload', async () => {
  await page.waitForURL(/\/chat\/[0-9a-f-]{36}/);
  await visit(page, server, new URL(page.url()).pathname);
  await page.getByRole('list', { name: 'Messages' }).getByText('What is 15 * 23?').waitFor();
  await page.getByRole('list', { name: 'Messages' }).locator('.message-body').getByText('345').waitFor();
  assertClean(page);
});

test('the samples are imported', async () => {
  await visit(page, server, '/cases/import');
  await page.getByRole('button', { name: 'Import samples' }).click();
  await page.waitForURL(/\/cases$/);
  await page.getByRole('table').getByRole('row').nth(1).waitFor();
  const cases = await api(server, '/test-cases');
  assert.ok(cases.length >= 20, `${cases.length} cases`);
  assertClean(page);
});

test('a file of cases is previewed before it is written', async () => {
  const counted = async () => Number((await fetch(`${server.url}/api/v1/test-cases?limit=1`)).headers.get('x-total-count'));
  const previously = await counted();
  await visit(page, server, '/cases/import');
  const file = JSON.stringify([{ user_input: 'What is 19 * 3?', expected_output: '57', task_type: 'numeric', expected_tools: ['calculate'] }]);
  await page.getByRole('textbox').fill(file);
  await page.getByRole('button', { name: 'Preview' }).click();
  await page.getByText('Read as json, 1 row: 1 new.').waitFor();
  assert.equal(await counted(), previously);
  await page.getByRole('button', { name: 'Import 1 test case' }).click();
  await page.waitForURL(/\/cases$/);
  assert.equal(await counted(), previously + 1);
  assertClean(page);
});

test('both agents are evaluated, live', async () => {
  for (const agent of agents) {
    await visit(page, server, '/evaluations');
    await page.getByRole('combobox', { name: 'Agent' }).selectOption(agent.id);
    await page.getByRole('button', { name: 'Start evaluation' }).click();
    await page.waitForURL(/\/evaluations\/[0-9a-f-]{36}/);
    await page.locator('.run-strip').getByText('completed', { exact: true }).waitFor({ timeout: 300_000 });
    const run = await api(server, `/evaluations/${page.url().split('/').at(-1)}`);
    assert.equal(run.results.length, run.num_test_cases);
  }
  await screenshot(page, 'golden-evaluation');
  assertClean(page);
});

test('training draws a curve that has points and rises', async () => {
  const untrained = agents.find((agent) => agent.model === 'untrained');
  await visit(page, server, `/training?agent=${untrained.id}`);
  await page.getByRole('combobox', { name: 'Agent' }).selectOption(untrained.id);
  await page.getByRole('spinbutton', { name: 'Episodes' }).fill('20');
  await page.getByRole('button', { name: 'Start training' }).click();
  await page.waitForURL(/\/training\/[0-9a-f-]{36}/);
  await page.locator('.run-strip').getByText('completed', { exact: true }).waitFor({ timeout: 300_000 });
  const chart = page.getByRole('figure', { name: 'Reward', exact: true });
  await chart.locator('[data-drawn] canvas').first().waitFor();
  const painted = await chart.locator('canvas').first().evaluate(paintedPixels);
  assert.ok(painted > 500, `${painted} pixels of the canvas are painted`);
  await chart.getByText(/rose from/).waitFor();
  const run = await until('totals', () => api(server, `/training/${new URL(page.url()).pathname.split('/').at(-1)}`), (r) => r.episodes.length === 20);
  const rewards = run.episodes.map((episode) => episode.avg_reward);
  assert.ok(mean(rewards.slice(-5)) > mean(rewards.slice(0, 5)), `no rise: ${rewards}`);
  await screenshot(page, 'golden-training');
  assertClean(page);
});

test('the leaderboard lists both agents', async () => {
  await visit(page, server, '/leaderboard');
  const table = page.getByRole('table', { name: 'Leaderboard' });
  for (const agent of agents) {
    await table.getByRole('rowheader', { name: agent.name }).waitFor();
  }
  await screenshot(page, 'golden-leaderboard');
  assertClean(page);
});

test('an agent is made with its form, and deleted with Undo; no page loads its data twice', async () => {
  const loads = [];
  page.on('request', (request) => request.url().includes('/api/ui/') && loads.push(request.url()));
  await visit(page, server, '/agents/new');
  await page.getByRole('combobox', { name: 'Framework' }).selectOption('local');
  await page.getByRole('textbox', { name: 'Name' }).fill('Made by hand');
  assert.deepEqual(loads, []);
  await page.getByRole('button', { name: 'Create agent' }).click();
  await page.waitForURL(/\/agents\/[0-9a-f-]{36}/);
  await visit(page, server, '/agents');
  const card = page.getByRole('heading', { name: 'Made by hand' });
  await page.getByRole('button', { name: 'Delete Made by hand' }).click();
  await card.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Undo' }).click();
  await card.waitFor();
  assertClean(page);
});

test('the chosen theme is painted by the server', async () => {
  await visit(page, server, '/');
  await page.context().addCookies([{ name: 'theme', value: 'dark', url: server.url }]);
  const html = await (await page.request.get(server.url)).text();
  assert.match(html, /data-theme="dark"/);
});

test('the compressed module is small', () => {
  const bytes = statSync(join(process.env.SITE_ROOT, 'pkg/rl-chatbot.wasm.br')).size;
  console.log(`wasm: ${(bytes / 1024).toFixed(0)} KiB Brotli`);
  assert.ok(bytes <= WASM_BROTLI_KIBIBYTES_MAX * 1024, `${bytes} bytes`);
});

test('the server sends the compressed module to those who understand it', async () => {
  const response = await fetch(`${server.url}/pkg/rl-chatbot.wasm`, { headers: { 'accept-encoding': 'br' } });
  assert.equal(response.headers.get('content-encoding'), 'br');
  assert.equal(response.headers.get('content-type'), 'application/wasm');
  await response.body.cancel();
});

test('all of it took little memory', () => {
  const peak = server.peakMemoryMegabytes();
  console.log(`server: peak memory ${peak.toFixed(0)} MB`);
  assert.ok(peak <= MEMORY_MEGABYTES_MAX, `${peak} MB`);
});

test('the server ends on request', async () => {
  await browser.close();
  const end = await server.stop();
  assert.deepEqual(end, { code: 0, signal: null }, server.output());
});

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

// Runs in the page.
function paintedPixels(canvas) {
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  let painted = 0;
  for (let alpha = 3; alpha < data.length; alpha += 4) painted += data[alpha] > 0 ? 1 : 0;
  return painted;
}
