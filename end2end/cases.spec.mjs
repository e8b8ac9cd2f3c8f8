// Authoring: a case of two turns through the form, tried before it is saved, brought back from a version; many changed at
// once and changed back; rows by keyboard.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { api, assertClean, openPage, screenshot, startBrowser, startServer, visit } from './harness.mjs';

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

const press = (name) => page.getByRole('button', { name, exact: true }).click();
const newest = async () => (await api(server, '/test-cases?limit=1'))[0];

test('a plain case is written, tried and saved', async () => {
  await visit(page, server, '/cases/new');
  await page.getByLabel('Question').fill('What is 15 * 23?');
  await page.getByLabel('How it is compared').selectOption('numeric');
  await page.getByLabel('Tolerance', { exact: true }).waitFor();
  await page.getByLabel('Expected answer').fill('many');
  await page.getByText('is not a number, as the check').waitFor();
  await page.getByLabel('Expected answer').fill('345');
  await page.getByText("Passes when the answer's number is 345.").waitFor();
  await page.getByLabel('Must call these tools, and no others:').check();
  await page.locator('.tool-boxes').getByLabel('calculate').check();
  const agents = await api(server, '/agents');
  await page.getByRole('combobox', { name: 'Agent' }).selectOption(agents.find((agent) => agent.model === 'builtin').id);
  await press('Run this case');
  await page.locator('#case-trial').getByText('Pass', { exact: false }).first().waitFor();
  await screenshot(page, 'case-tried');
  await press('Create test case');
  await page.waitForURL(/\/cases$/);
  const saved = await newest();
  assert.deepEqual([saved.expected_output, saved.task_type, saved.expected_tools_json], ['345', 'numeric', ['calculate']]);
});

test('a case of two turns with a rule of an argument and one of two answers', async () => {
  await visit(page, server, '/cases/new');
  await page.getByLabel('Question').fill('What is 2 + 3?');
  await press('Another turn');
  await page.getByRole('heading', { name: 'Turn 2', exact: true }).waitFor();
  const second = page.locator('section.card', { has: page.getByRole('heading', { name: 'Turn 2', exact: true }) });
  await second.getByLabel('Question').fill('And times 10?');
  await second.getByLabel('Expected answer').fill('50');
  await second.getByRole('button', { name: 'Another check' }).click();
  await second.getByLabel('The answer is right when').selectOption('any');
  await second.getByLabel('Expected answer').nth(1).fill('fifty');
  const tools = page.locator('section.card', { has: page.getByRole('heading', { name: 'Tools in turn 2' }) });
  await tools.getByLabel('Must make these calls, with their arguments:').check();
  await tools.getByLabel('Tool', { exact: true }).selectOption('calculate');
  await tools.getByLabel('Argument', { exact: true }).fill('expression');
  await tools.getByLabel('Rule', { exact: true }).selectOption('regex');
  await tools.getByText('Such as ^[A-Z]{3}$').waitFor();
  await tools.getByLabel('Value', { exact: true }).fill('10$');
  await page.getByLabel('Tags').fill('two, turns');
  await press('Create test case');
  await page.waitForURL(/\/cases$/);
  const saved = await newest();
  assert.deepEqual(saved.turns.map((turn) => turn.user), ['What is 2 + 3?', 'And times 10?']);
  assert.deepEqual(saved.turns[1].expect.calls, [{ name: 'calculate', arguments: { expression: { '@regex': '10$' } } }]);
  assert.deepEqual(saved.turns[1].expect.answer.any.map((check) => check.expected), ['50', 'fifty']);
  assert.deepEqual(saved.tags, ['two', 'turns']);
});

test('a version is brought back, and the JSON view loses nothing', async () => {
  const before = await newest();
  await visit(page, server, `/cases/${before.id}`);
  await page.getByLabel('Name', { exact: true }).fill('Changed');
  await press('Edit as JSON');
  const json = page.getByLabel('Test case', { exact: true });
  assert.deepEqual(JSON.parse(await json.inputValue()).turns, before.turns);
  await json.fill('{"user_input": }');
  await page.getByText('is not JSON').waitFor();
  await json.fill(JSON.stringify({ ...JSON.parse(JSON.stringify(before)), name: 'Changed', id: undefined, created_at: undefined, version: undefined }));
  await press('Back to the form');
  await page.getByRole('heading', { name: 'Turn 2', exact: true }).waitFor();
  await press('Save changes');
  await page.waitForURL(/\/cases$/);
  assert.deepEqual([(await newest()).name, (await newest()).version], ['Changed', 2]);
  await visit(page, server, `/cases/${before.id}`);
  await page.getByText('1 earlier version').click();
  await screenshot(page, 'case-versions');
  await press('Bring back version 1');
  await page.getByText('Version 1 is in the form').waitFor();
  await press('Save changes');
  await page.waitForURL(/\/cases$/);
  const now = await newest();
  assert.deepEqual([now.name, now.version, now.turns], [null, 3, before.turns]);
});

test('what changed meanwhile is not overwritten', async () => {
  const { id } = await newest();
  await visit(page, server, `/cases/${id}`);
  await fetch(`${server.url}/api/v1/test-cases/${id}`, {
    method: 'PATCH', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ suite: 'other' }),
  });
  await page.getByLabel('Suite').fill('mine');
  await press('Save changes');
  await page.getByText('the case was changed meanwhile').waitFor();
  assert.equal((await newest()).suite, 'other');
});

test('cases are chosen by facet, changed together and changed back', async () => {
  await visit(page, server, '/cases');
  await page.getByLabel('Tag', { exact: true }).selectOption('two');
  await page.waitForURL(/tag=two/);
  await page.getByLabel(/^Choose “/).first().check();
  await page.getByText('1 test case chosen').waitFor();
  await page.getByLabel('What is done').selectOption('suite');
  await page.getByLabel('With what').fill('bulk');
  await screenshot(page, 'cases-bulk');
  await press('Apply');
  await page.getByText('Changed 1 test case.').waitFor();
  assert.equal((await newest()).suite, 'bulk');
  await press('Undo');
  await page.getByText('1 test case as before.').waitFor();
  assert.equal((await newest()).suite, 'other');
});

test('rows are reached and chosen by keys', async () => {
  await visit(page, server, '/cases');
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page.getByText('1 test case chosen').waitFor();
  const second = page.locator('main tbody tr').nth(1);
  assert.ok(await second.getByRole('checkbox').isChecked());
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/cases\/[0-9a-f-]{36}$/);
  assertClean(page);
});
