// What is managed in the pages: several agents at once, and model providers whose keys are never shown.

import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { api, assertClean, openPage, screenshot, startBrowser, startServer, until, visit } from './harness.mjs';

let server;
let browser;
let page;

before(async () => {
  server = await startServer();
  browser = await startBrowser();
});

beforeEach(async () => {
  page = await openPage(browser, server);
});

afterEach(async () => {
  assertClean(page);
  await page.context().close();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const names = async () => (await api(server, '/agents')).map((agent) => agent.name).sort();

test('several agents are copied, deleted and brought back together', async () => {
  for (const name of ['Ada', 'Bob']) {
    await api(server, '/agents', { name, agent_type: 'local', model: 'builtin', temperature: 0 });
  }
  const before = await names();
  await visit(page, server, '/agents');
  for (const name of ['Ada', 'Bob']) await page.getByRole('checkbox', { name: `Choose ${name}` }).check();
  await page.getByText('2 chosen').waitFor();
  await screenshot(page, 'agents-chosen');
  await page.getByRole('spinbutton', { name: 'Copies of each' }).fill('2');
  await page.getByRole('button', { name: 'Copy', exact: true }).click();
  await page.getByRole('heading', { name: 'Bob 2' }).waitFor();
  assert.deepEqual(await names(), [...before, 'Ada 1', 'Ada 2', 'Bob 1', 'Bob 2'].sort());
  for (const name of ['Ada 1', 'Bob 2']) await page.getByRole('checkbox', { name: `Choose ${name}` }).check();
  await page.getByRole('group', { name: 'Chosen agents' }).getByRole('button', { name: 'Delete' }).click();
  await page.getByText('2 agents deleted').waitFor();
  assert.deepEqual(await names(), [...before, 'Ada 2', 'Bob 1'].sort());
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('heading', { name: 'Bob 2' }).waitFor();
  assert.deepEqual(await names(), [...before, 'Ada 1', 'Ada 2', 'Bob 1', 'Bob 2'].sort());
});

test('a provider is changed, and an empty key leaves the stored one', async () => {
  const stored = async () => (await api(server, '/providers')).find((one) => one.source === 'stored');
  await api(server, '/providers', { name: 'mine', base_url: 'http://127.0.0.1:9/v1', api_key: 'sk-mine' });
  await visit(page, server, '/settings');
  await page.getByRole('button', { name: 'Edit mine' }).click();
  const field = (name) => page.getByRole('textbox', { name });
  assert.equal(await field('Base URL').inputValue(), 'http://127.0.0.1:9/v1');
  assert.equal(await page.getByLabel('Key', { exact: true }).inputValue(), '');
  await field('Name').fill('ours');
  await screenshot(page, 'settings-edit');
  await page.getByRole('button', { name: 'Save provider' }).click();
  await page.getByRole('row', { name: /ours/ }).getByText('stored', { exact: true }).waitFor();
  const after = await stored();
  assert.deepEqual([after.name, after.has_key], ['ours', true]);
  assert.equal(await page.getByRole('button', { name: 'Add provider' }).count(), 1);
  await until('empty form', () => field('Name').inputValue(), (text) => text === '', 5_000);
});
