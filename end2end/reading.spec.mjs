// Reading the results of a run: several agents started together, means by groups of cases, verdicts of people beside
// those of the checks, and keys that are disputed.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { api, assertClean, openPage, screenshot, startBrowser, startServer, until, visit } from './harness.mjs';

const suites = { math: ['What is 15 * 23?', 'What is 2 + 2?'], talk: ['Hello!'] };
const answers = { 'What is 15 * 23?': '345', 'What is 2 + 2?': '5', 'Hello!': 'nothing says this' };

let server;
let browser;
let page;
let run;

before(async () => {
  server = await startServer();
  browser = await startBrowser();
  page = await openPage(browser, server);
  for (const [suite, questions] of Object.entries(suites)) {
    for (const user_input of questions) {
      const task_type = suite === 'math' ? 'numeric' : 'contains';
      await api(server, '/test-cases', { user_input, expected_output: answers[user_input], task_type, suite, tags: [`of ${suite}`] });
    }
  }
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

test('several agents are started together, and their runs appear in the list', async () => {
  await visit(page, server, '/evaluations');
  const agents = await api(server, '/agents');
  const second = agents.find(({ model }) => model === 'untrained').name;
  await page.getByRole('combobox', { name: 'Test cases' }).selectOption({ label: 'Suite math: 2 cases' });
  await page.getByText('Evaluate more agents on the same cases').click();
  await page.getByRole('checkbox', { name: second, exact: true }).check();
  await page.getByRole('button', { name: 'Start evaluation' }).click();
  const table = page.getByRole('table', { name: 'Evaluation runs' });
  await table.getByRole('row').nth(2).waitFor();
  assert.equal(await table.getByRole('rowheader').count(), 2);
  await table.getByText('Completed').nth(1).waitFor();
  assertClean(page);
});

test('the means of a run are told by groups of its cases, and each group opens its results', async () => {
  const trained = (await api(server, '/agents')).find(({ model }) => model === 'builtin');
  const cases = (await api(server, '/test-cases?limit=100')).filter(({ suite }) => suite in suites).map(({ id }) => id);
  run = await api(server, '/evaluations', { agent_id: trained.id, test_case_ids: cases });
  await until('evaluation', () => api(server, `/evaluations/${run.id}`), (r) => r.status === 'completed');
  await visit(page, server, `/evaluations/${run.id}`);
  await page.getByRole('link', { name: 'By suite' }).click();
  const groups = page.getByRole('table', { name: 'Means by groups of cases' });
  await groups.getByRole('row', { name: /math 2 50\.0%/ }).waitFor();
  await screenshot(page, 'breakdown');
  await groups.getByRole('link', { name: 'talk' }).click();
  await page.waitForURL(/within=suite%3Atalk/);
  const results = page.getByRole('table', { name: 'Results of the cases' });
  await page.getByText('Only cases of').waitFor();
  await until('one result', () => results.getByRole('rowheader').count(), (count) => count === 1);
  await page.getByRole('link', { name: 'all cases' }).click();
  await until('all results', () => results.getByRole('rowheader').count(), (count) => count === 3);
  assertClean(page);
});

test("a person's verdict stands beside that of the checks, and can be taken back", async () => {
  await visit(page, server, `/evaluations/${run.id}?show=failures`);
  const results = page.getByRole('table', { name: 'Results of the cases' });
  await results.getByRole('link', { name: 'What is 2 + 2?' }).click();
  const panel = page.getByRole('complementary', { name: 'The chosen result' });
  await panel.getByLabel('Why').fill('2 + 2 is 4');
  await panel.getByRole('button', { name: 'Should pass' }).click();
  await panel.getByRole('button', { name: 'Should pass', pressed: true }).waitFor();
  await results.getByRole('row', { name: /2 \+ 2.*should pass/ }).waitFor();
  await page.getByText(/People judged 1 result, 1 otherwise than the checks: with their verdicts task success is 66\.7%/).waitFor();
  assert.equal(await panel.getByLabel('Why').inputValue(), '2 + 2 is 4');
  await panel.getByRole('button', { name: 'The key is wrong' }).click();
  await page.getByText('The key of 1 result is disputed.').waitFor();
  await screenshot(page, 'verdict');
  await page.getByRole('link', { name: 'All disputed keys' }).click();
  const disputes = page.getByRole('table', { name: 'Disputed keys' });
  await disputes.getByRole('row', { name: /What is 2 \+ 2\? 2 \+ 2 is 4 fail, .* should pass, key disputed/ }).waitFor();
  await screenshot(page, 'disputes');
  await disputes.getByRole('link', { name: /^fail, / }).click();
  await panel.getByRole('button', { name: 'The key is wrong', pressed: true }).click();
  await panel.getByRole('button', { name: 'The key is wrong', pressed: false }).waitFor();
  await panel.getByRole('button', { name: 'Should pass', pressed: true }).click();
  await panel.getByRole('button', { name: 'Should pass', pressed: false }).waitFor();
  await until('nothing said', () => page.getByText('People judged').count(), (count) => count === 0);
  await visit(page, server, '/evaluations/disputed');
  await page.getByText('No key is disputed.').waitFor();
  assertClean(page);
});
