// Data sets through the import page: files chosen together, rows refused with their lines, nothing new the second time.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { api, assertClean, openPage, startBrowser, startServer, visit } from './harness.mjs';

let server;
let browser;
let page;

before(async () => {
  server = await startServer();
  browser = await startBrowser();
  page = await openPage(browser, server);
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const lines = (rows) => Buffer.from(rows.map((row) => JSON.stringify(row)).join('\n'));
const asks = (id, content) => ({
  id,
  question: [[{ role: 'user', content }]],
  function: [{
    name: 'area',
    description: 'The area of a triangle.',
    parameters: { type: 'dict', properties: { base: { type: 'float' }, unit: { type: 'string' } }, required: ['base'] },
  }],
});

async function choose(files) {
  await visit(page, server, '/cases/import');
  const named = files.map(([name, rows]) => ({ name, mimeType: 'application/json', buffer: lines(rows) }));
  await page.locator('#import-file').setInputFiles(named);
  await page.getByRole('button', { name: 'Preview' }).click();
}

test('questions and possible answers are chosen together', async () => {
  const files = [
    ['questions.json', [asks('simple_python_1', 'Area of a triangle of base 2?'), asks('irrelevance_1', 'Hello'), asks('simple_python_7', 'Lost')]],
    ['answers.json', [{ id: 'simple_python_1', ground_truth: [{ area: { base: [2], unit: ['', 'm'] } }] }]],
  ];
  await choose(files);
  await page.getByText('Read as bfcl, 3 rows: 2 new, 1 refused.').waitFor();
  await page.getByText('`simple_python_7` has no possible answer that can be used').waitFor();
  await page.getByRole('button', { name: 'Import 2 right rows' }).click();
  await page.waitForURL(/\/cases$/);
  const cases = await api(server, '/test-cases?limit=2');
  const one = cases.find((entry) => entry.external_id === 'simple_python_1');
  assert.deepEqual([one.suite, one.only_own_tools, one.tool_defs[0].name], ['bfcl/simple_python', true, 'area']);
  await choose([files[0], files[1]]);
  await page.getByText('Read as bfcl, 3 rows: 2 already there, word for word, 1 refused.').waitFor();
  assertClean(page);
});

test('a case with tools of its own is evaluated', async () => {
  const [agent] = await api(server, '/agents');
  const cases = (await api(server, '/test-cases?limit=2')).map((entry) => entry.id);
  const { id } = await api(server, '/evaluations', { agent_id: agent.id, test_case_ids: cases });
  await visit(page, server, `/evaluations/${id}`);
  await page.locator('.run-strip').getByText('completed', { exact: true }).waitFor({ timeout: 300_000 });
  const run = await api(server, `/evaluations/${id}`);
  assert.equal(run.results.length, 2);
  assert.ok(run.results.every((result) => (result.tool_calls_json ?? []).every((call) => call.tool_name === 'area')));
  assertClean(page);
});

test('a file of megabytes is previewed and imported', async () => {
  const row = (n) => ({ user_input: `What is ${n} + ${n}? ${'Think about it. '.repeat(20)}`, expected_output: `${2 * n}`, task_type: 'numeric' });
  await choose([['large.jsonl', Array.from({ length: 10_000 }, (_, n) => row(n))]]);
  await page.getByText(/^Read as jsonl, 10,?000 rows: 10,?000 new/).waitFor();
  assertClean(page);
});
