// The chat as people use it: nothing is lost when the page is reloaded or the connection drops, answers are given again
// and questions edited, and what a model says cannot run.

import assert from 'node:assert/strict';
import { after, before, beforeEach, afterEach, test } from 'node:test';
import { api, assertClean, openPage, screenshot, startBrowser, startServer, until, visit } from './harness.mjs';
import { startProvider } from './provider.mjs';

let provider;
let server;
let browser;
let agent;
let page;

before(async () => {
  provider = await startProvider();
  server = await startServer({ OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: provider.url });
  browser = await startBrowser();
  agent = await api(server, '/agents', { name: 'Scripted', agent_type: 'openai', model: 'scripted', temperature: 0 });
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
  provider?.stop();
});

const messages = () => page.getByRole('list', { name: 'Messages' }).getByRole('listitem');
const field = () => page.getByRole('textbox', { name: /^Message/ });
const conversationOf = () => new URL(page.url()).pathname.split('/').at(-1);

/** Asks in the open chat; the provider's answer to be given. */
async function ask(text) {
  await field().fill(text);
  await field().press('Enter');
  return provider.next();
}

/** A new conversation with one question, answered so. */
async function conversation(question, reply) {
  await visit(page, server, `/chat?agent=${agent.id}`);
  const answer = await ask(question);
  answer.say(reply).end();
  await messages().last().getByRole('button', { name: 'Copy answer' }).waitFor({ state: 'attached' });
  return answer;
}

test('a page that is reloaded in the middle of an answer shows it and goes on', async () => {
  await visit(page, server, `/chat?agent=${agent.id}`);
  const answer = await ask('Count to four');
  answer.say('One ').say('two ');
  await messages().last().getByText('One two').waitFor();
  await page.waitForURL(/\/chat\/[0-9a-f-]{36}/);
  await visit(page, server, new URL(page.url()).pathname);
  assert.equal(await messages().count(), 2);
  await messages().last().getByText('One two').waitFor();
  answer.say('three ');
  await messages().last().getByText('One two three').waitFor();
  answer.say('four.').end();
  await messages().last().locator('.prose').getByText('One two three four.').waitFor();
  const stored = await api(server, `/conversations/${conversationOf()}`);
  assert.deepEqual(stored.messages.map((message) => message.content), ['Count to four', 'One two three four.']);
});

test('a connection that drops is made again, and nothing is missing', async () => {
  const sockets = [];
  let refused = 0;
  await page.routeWebSocket(/\/api\/v1\/chat\/ws\//, (socket) => {
    if (sockets.length === 1 && refused++ < 1) return socket.close();
    sockets.push(socket);
    socket.connectToServer();
  });
  await visit(page, server, `/chat?agent=${agent.id}`);
  const answer = await ask('Count to three');
  answer.say('One ');
  await messages().last().getByText('One').waitFor();
  await sockets[0].close();
  await page.getByText(/The connection was lost/).waitFor();
  answer.say('two ').say('three.').end();
  await messages().last().locator('.prose').getByText('One two three.').waitFor();
  assert.equal(sockets.length, 2);
  assert.equal(await page.getByText(/The connection was lost/).count(), 0);
});

test('Esc stops the answer at the provider', async () => {
  await visit(page, server, `/chat?agent=${agent.id}`);
  const answer = await ask('Tell me a story');
  answer.say('Once upon ');
  await messages().last().getByText('Once upon').waitFor();
  await page.keyboard.press('Escape');
  await answer.closed;
  await page.getByRole('button', { name: 'Try again' }).waitFor();
});

test('an answer is given again, and both can be seen', async () => {
  await conversation('A number?', 'One.');
  await page.getByRole('button', { name: 'Answer again' }).click();
  const second = await provider.next();
  second.say('Two.').end();
  await page.getByText('2/2', { exact: true }).waitFor();
  await messages().last().getByText('Two.').waitFor();
  await page.getByRole('button', { name: 'Previous answer' }).click();
  await page.getByText('1/2', { exact: true }).waitFor();
  await messages().last().getByText('One.').waitFor();
  const next = await ask('And then?');
  const sent = JSON.stringify(next.request.input);
  assert.ok(sent.includes('One.') && !sent.includes('Two.'), sent);
  next.say('Three.').end();
  await messages().last().getByText('Three.').waitFor();
  await screenshot(page, 'chat-branches');
});

test('looking at another branch leaves the reader where they are', async () => {
  const long = 'Nothing.\n\n'.repeat(60);
  const answered = (count) => until('answers', () => messages().count(), (found) => found === count, 30_000);
  await conversation('A number?', 'One.');
  (await ask('And then?')).say(long).end();
  await messages().nth(3).getByRole('button', { name: 'Copy answer' }).waitFor({ state: 'attached' });
  await page.getByRole('button', { name: 'Edit the question' }).first().click();
  (await ask('Another number?')).say('Two.').end();
  await page.getByText('2/2', { exact: true }).waitFor();
  await answered(2);
  (await ask('And then?')).say(long).end();
  await messages().nth(3).getByRole('button', { name: 'Copy answer' }).waitFor({ state: 'attached' });
  const frame = page.getByRole('region', { name: 'Conversation' });
  await frame.evaluate((element) => element.scrollTo(0, 30));
  await page.getByRole('button', { name: 'Jump to latest' }).waitFor();
  await page.getByRole('button', { name: 'Previous question' }).click();
  await page.getByText('1/2', { exact: true }).waitFor();
  await answered(4);
  // Two frames: whoever scrolls does so in the next one.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  assert.equal(await frame.evaluate((element) => element.scrollTop), 30);
});

test('↑ edits the last question, and the first wording is kept beside it', async () => {
  await conversation('What is one?', 'A number.');
  await field().press('ArrowUp');
  assert.equal(await field().inputValue(), 'What is one?');
  await page.getByText(/You are editing a question/).waitFor();
  const answer = await ask('What is two?');
  assert.ok(!JSON.stringify(answer.request.input).includes('What is one?'));
  answer.say('Also a number.').end();
  await page.getByText('2/2', { exact: true }).waitFor();
  assert.equal(await messages().count(), 2);
  await page.getByRole('button', { name: 'Previous question' }).click();
  await messages().first().getByText('What is one?').waitFor();
  await messages().last().getByText('A number.', { exact: true }).waitFor();
});

test('what a model says cannot run, load or leave', async () => {
  const dialogs = [];
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message());
    dialog.dismiss();
  });
  const hostile = [
    '<script>window.ran = 1; alert(1)</script>',
    '<img src=x onerror="window.ran = 1; alert(1)">',
    '<svg onload="window.ran = 1"></svg>',
    '![pixel](http://evil.example/p.png)',
    '<iframe src="http://evil.example/"></iframe>',
    '<div onmouseover="window.ran = 1" style="background:url(http://evil.example/b.png)">over</div>',
    '[javascript link](javascript:window.ran=1)',
    '[data link](data:text/html,<script>window.ran=1</script>)',
    '```js\nlet x = "</code></pre><script>window.ran = 1</script>";\n```',
  ].join('\n\n');
  await visit(page, server, `/chat?agent=${agent.id}`);
  // Shown as it streams, as it was rendered, and as the server renders it into the page.
  const answer = await ask('Attack me');
  answer.say(hostile).end();
  await messages().last().locator('.prose').waitFor();
  await harmless();
  await visit(page, server, new URL(page.url()).pathname);
  await messages().last().locator('.prose').waitFor();
  await harmless();
  const policy = (await page.request.get(page.url())).headers()['content-security-policy'];
  assert.match(policy, /script-src 'self' 'nonce-/);
  assert.doesNotMatch(policy, /unsafe-inline|'unsafe-eval'/);
  assert.deepEqual(dialogs, []);
});

async function harmless() {
  const body = messages().last().locator('.message-body');
  await body.getByText('javascript link').click();
  await body.getByText('over', { exact: false }).first().hover();
  assert.equal(await body.locator('script, img, svg, iframe, [style], [onerror], [onload], [onmouseover]').count(), 0);
  assert.deepEqual(await body.locator('a[href]').evaluateAll((links) => links.map((link) => link.protocol)), []);
  assert.equal(await page.evaluate(() => window.ran), undefined);
}

test('a tool that is asked for runs when the person agrees', async () => {
  const careful = await api(server, '/agents', { name: 'Careful', agent_type: 'openai', model: 'scripted', temperature: 0, config_json: { ask_before: 'calculate' } });
  await visit(page, server, `/chat?agent=${careful.id}`);
  (await ask('6 * 7?')).call('calculate', { expression: '6*7' });
  await page.getByText('asks you').waitFor();
  await page.waitForURL(/\/chat\/[0-9a-f-]{36}/);
  await screenshot(page, 'chat-approval');
  // The question is still there for who comes back.
  await visit(page, server, new URL(page.url()).pathname);
  await page.getByRole('button', { name: 'Approve' }).click();
  (await provider.next()).say('It is 42.').end();
  await messages().last().locator('.prose').getByText('It is 42.').waitFor();
  await messages().last().getByText('done', { exact: true }).waitFor();
});

test('code is copied with one press', async () => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await conversation('Code?', 'Here:\n\n```rust\nlet x = 1;\n```');
  await page.getByRole('button', { name: 'Copy code' }).click();
  await page.getByText('Copied').waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), 'let x = 1;\n');
});

test('conversations are found, renamed and kept as files', async () => {
  await conversation('Where is the zebra?', 'In the zoo.');
  const id = conversationOf();
  await visit(page, server, `/chat/${id}`);
  const title = page.getByRole('textbox', { name: 'Title of the conversation' });
  await title.fill('Striped');
  await title.press('Enter');
  const list = page.getByRole('complementary', { name: 'Conversations' });
  await list.getByText('Striped').waitFor();
  await list.getByRole('searchbox', { name: 'Search conversations' }).fill('ZEBRA');
  await until('search', () => list.getByRole('listitem').count(), (count) => count === 1);
  await list.getByText('Striped').waitFor();
  await page.getByText('Export', { exact: true }).click();
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Markdown' }).click()]);
  assert.equal(file.suggestedFilename(), `conversation-${id}.md`);
  await screenshot(page, 'chat-list');
});

test('an answer is judged, and its turn becomes a test case', async () => {
  await conversation('Capital of Norway?', 'Bergen.');
  await page.getByRole('button', { name: 'Bad answer' }).click();
  await page.getByRole('textbox', { name: 'What should it have said?' }).fill('Oslo.');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Feedback saved').waitFor();
  const id = conversationOf();
  const stored = await api(server, `/conversations/${id}`);
  const feedback = (await api(server, '/feedback')).find((given) => given.message_id === stored.messages[1].id);
  assert.deepEqual([feedback.rating, feedback.corrected], ['down', 'Oslo.']);
  await visit(page, server, `/chat/${id}`);
  assert.equal(await page.getByRole('button', { name: 'Bad answer' }).getAttribute('aria-pressed'), 'true');
  await page.getByRole('link', { name: 'Make a test case of this turn' }).click();
  await page.waitForURL(/\/cases\/new/);
  assert.equal(await page.getByRole('textbox', { name: 'Question' }).inputValue(), 'Capital of Norway?');
  assert.equal(await page.getByRole('textbox', { name: 'Expected answer' }).inputValue(), 'Oslo.');
});

test('two agents answer side by side, and the vote is kept', async () => {
  const other = await api(server, '/agents', { name: 'Other', agent_type: 'openai', model: 'scripted', temperature: 0 });
  await visit(page, server, '/chat/compare');
  await page.getByRole('checkbox', { name: 'Scripted' }).check();
  await page.getByRole('checkbox', { name: 'Other' }).check();
  await page.getByRole('button', { name: 'Compare' }).click();
  const question = page.getByRole('textbox', { name: 'Question to all of them' });
  await question.waitFor();
  await page.waitForFunction(() => window.hydrated === true);
  await question.fill('Who are you?');
  await page.getByRole('button', { name: 'Ask' }).click();
  for (const text of ['One of us.', 'The other.']) (await provider.next()).say(text).end();
  await page.getByRole('button', { name: 'Other is best' }).click();
  await page.getByText('Vote saved').waitFor();
  await screenshot(page, 'chat-compare');
  const [vote] = await api(server, '/votes');
  assert.deepEqual([vote.question, vote.verdict, vote.winner, vote.candidates.length], ['Who are you?', 'winner', other.id, 2]);
});
