// Metrics that people write: tried on past samples as they are typed, told of every run, deleted and brought back.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { api, assertClean, openPage, screenshot, startBrowser, startServer, until, visit } from './harness.mjs';

let server;
let browser;
let page;
let run;

before(async () => {
  server = await startServer();
  browser = await startBrowser();
  page = await openPage(browser, server);
  const agent = (await api(server, '/agents')).find(({ model }) => model === 'builtin');
  const test_case_ids = (await api(server, '/test-cases?limit=30')).map(({ id }) => id);
  run = await api(server, '/evaluations', { agent_id: agent.id, test_case_ids });
  await until('evaluation', () => api(server, `/evaluations/${run.id}`), (r) => r.status === 'completed');
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

test('a mistake is told with its place, and what is right is tried on past samples', async () => {
  await visit(page, server, '/evaluations');
  await page.getByRole('link', { name: 'Metrics', exact: true }).click();
  await page.getByText('No metric yet.').waitFor();
  await page.getByRole('textbox', { name: 'Name' }).fill('num_calls');
  const expression = page.getByRole('textbox', { name: 'Expression' });
  await expression.fill('call|length');
  await page.getByText(/at character 1: there is no `call`/).waitFor();
  await page.getByRole('button', { name: 'Add metric' }).click();
  assert.equal((await api(server, '/metrics')).length, 0);
  await expression.fill('calls|length');
  await page.getByText(/^Mean \d\.\d+, 95%: .* n\s=\s30\.$/).waitFor();
  await page.getByRole('table', { name: 'Samples of unnamed' }).waitFor();
  await until('no complaint', () => page.getByText('there is no `call`').count(), (count) => count === 0);
  await screenshot(page, 'metrics');
  await page.getByRole('combobox', { name: 'It gives' }).selectOption('true or false');
  await page.getByText('gives a number, expected true or false').first().waitFor();
  await page.getByRole('combobox', { name: 'It gives' }).selectOption('a number');
  await page.getByRole('button', { name: 'Add metric' }).click();
  await page.getByRole('table', { name: 'Metrics' }).getByRole('rowheader', { name: 'num_calls' }).waitFor();
  assert.equal(await expression.inputValue(), '');
  assertClean(page);
});

test('a metric is told of a run and of each of its samples', async () => {
  await visit(page, server, `/evaluations/${run.id}`);
  await page.getByRole('link', { name: 'Own metrics' }).click();
  await page.getByRole('heading', { name: 'num_calls' }).waitFor();
  await page.getByText(/^Mean \d\.\d+, 95%/).waitFor();
  await screenshot(page, 'metrics-of-run');
  await page.getByRole('table', { name: 'Results of the cases' }).getByRole('rowheader').first().getByRole('link').click();
  const panel = page.getByRole('complementary', { name: 'The chosen result' });
  await panel.getByText('num_calls').waitFor();
  assertClean(page);
});

test('a metric is changed, deleted and brought back', async () => {
  await visit(page, server, '/evaluations/metrics');
  await page.getByRole('button', { name: 'Edit num_calls' }).click();
  const description = page.getByRole('textbox', { name: 'What it says' });
  await description.fill('Calls of a sample');
  await page.getByRole('button', { name: 'Save metric' }).click();
  const table = page.getByRole('table', { name: 'Metrics' });
  await table.getByText('Calls of a sample').waitFor();
  await page.getByRole('button', { name: 'Delete num_calls' }).click();
  await page.getByText('num_calls was deleted.').waitFor();
  assert.equal((await api(server, '/metrics')).length, 0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await table.getByText('Calls of a sample').waitFor();
  assert.deepEqual((await api(server, '/metrics')).map(({ name, expression }) => [name, expression]), [['num_calls', 'calls|length']]);
  assertClean(page);
});
