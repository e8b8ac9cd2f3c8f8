// What is managed in the pages: several agents at once, model providers whose keys are never shown, and tools that people
// add.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { api, assertClean, openPage, screenshot, startBrowser, startServer, until, visit } from './harness.mjs';

let server;
let browser;
let page;

before(async () => {
  server = await startServer({ TOOLS_NETWORK: 'true', TOOLS_PRIVATE_NETWORK: 'true' });
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

test('a tool is added, tried, changed and deleted without code', async () => {
  const shop = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ item: { left: 3, asked: request.url, by: request.headers['x-key'] } }));
  });
  await new Promise((resolve) => shop.listen(0, '127.0.0.1', resolve));
  try {
    await visit(page, server, '/tools');
    await page.getByRole('button', { name: 'Add a request' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('stock_level');
    await page.getByRole('textbox', { name: 'Description' }).fill('How many of an item are left.');
    await page.getByRole('textbox', { name: 'Address' }).fill(`http://127.0.0.1:${shop.address().port}/stock/{id}`);
    await page.getByRole('textbox', { name: 'Arguments' }).fill('{"type": "object", "properties": {"id": {"type": "string"}}}');
    await page.getByRole('textbox', { name: 'Result', exact: true }).fill('/item/left');
    await page.getByRole('textbox', { name: 'Headers' }).fill('X-Key: secret-of-the-shop');
    await page.getByRole('button', { name: 'Add it' }).click();
    await page.getByText('stock_level was added').waitFor();
    const row = page.getByRole('listitem').filter({ hasText: 'with X-Key' });
    await row.getByRole('button', { name: 'Change' }).click();
    await page.getByText('X-Key are sent').waitFor();
    assert.equal(await row.getByRole('textbox', { name: 'Result', exact: true }).inputValue(), '/item/left');
    await screenshot(page, 'tools-change');
    await row.getByRole('textbox', { name: 'Result', exact: true }).fill('/item');
    await row.getByRole('button', { name: 'Save' }).click();
    const called = await until(
      'change',
      () => api(server, '/tools/stock_level/call', { arguments: { id: '17' } }),
      (outcome) => outcome.result.includes('asked'),
    );
    // The key was sent, and what echoes it is not told.
    assert.deepEqual(JSON.parse(called.result), { left: 3, asked: '/stock/17', by: '…' });
    assert.ok(!(await page.content()).includes('secret-of-the-shop'));
    await row.getByRole('button', { name: 'Delete' }).click();
    await page.getByText('Tool deleted').waitFor();
    assert.ok(!(await row.isVisible()));
    await page.getByRole('button', { name: 'Undo' }).click();
    await row.waitFor();
  } finally {
    shop.close();
  }
});
