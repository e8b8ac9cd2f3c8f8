// Every framework in the browser: the same question, the same tool card, the same answer. `pydantic_ai` and `langgraph`
// are the real Python packages, offline through the server's own gateway; `openai` asks a scripted provider.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { api, assertClean, openPage, screenshot, startBrowser, startServer, until, visit } from './harness.mjs';

const FRAMEWORKS = [
  { type: 'local', label: 'Local policy', model: 'builtin' },
  { type: 'openai', label: 'OpenAI', model: 'gpt-4o' },
  { type: 'pydantic_ai', label: 'Pydantic AI', model: 'local/builtin' },
  { type: 'langgraph', label: 'LangGraph', model: 'local/builtin' },
];

let provider;
let server;
let browser;
let page;

before(async () => {
  provider = await startProvider();
  // Installed packages stay where the environment says; otherwise they are installed anew for this file.
  const packages = process.env.BRIDGE_DIR ? { BRIDGE_DIR: process.env.BRIDGE_DIR } : {};
  const pip = Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith('PIP_')));
  server = await startServer({ ...pip, ...packages, OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: provider.url });
  browser = await startBrowser();
  page = await openPage(browser, server);
});

after(async () => {
  await browser?.close();
  await server?.stop();
  provider?.close();
});

for (const { type, label, model } of FRAMEWORKS) {
  test(`the form of an agent of ${type} starts with a model that fits`, async () => {
    await visit(page, server, '/agents/new');
    await page.getByRole('combobox', { name: 'Framework' }).selectOption(type);
    const field = type === 'local' ? page.getByRole('combobox', { name: 'Weights' }) : page.getByRole('textbox', { name: 'Model' });
    await until('the model', () => field.inputValue(), (value) => value === model, 30_000);
    await page.getByLabel('Most steps').waitFor();
    await screenshot(page, `frameworks-form-${type}`);
    assertClean(page);
  });

  test(`${type} shows the tool card and the answer`, async () => {
    const agent = await api(server, '/agents', { name: `My ${label}`, agent_type: type, model, temperature: 0 });
    await visit(page, server, `/chat?agent=${agent.id}`);
    await page.getByRole('textbox', { name: /^Message/ }).fill('What is 15 * 23?');
    await page.getByRole('button', { name: 'Send' }).click();
    const answer = page.getByRole('list', { name: 'Messages' }).getByRole('listitem').last();
    const card = answer.getByText('calculate', { exact: true });
    await card.waitFor({ timeout: 300_000 });
    await answer.getByText('done', { exact: true }).waitFor();
    await answer.locator('.message-body').getByText('345').waitFor();
    await card.click();
    await answer.locator('details[open]').getByText('15 * 23').first().waitFor();
    await screenshot(page, `frameworks-chat-${type}`);
    assertClean(page);
  });
}

test('all of them left the same trace', async () => {
  const traces = {};
  for (const { id } of await api(server, '/conversations')) {
    const { agent_id, messages } = await api(server, `/conversations/${id}`);
    const { agent_type } = await api(server, `/agents/${agent_id}`);
    const calls = messages.flatMap((message) => message.tool_calls);
    traces[agent_type] = calls.map(({ tool_name, arguments_json, result }) => ({ tool_name, arguments_json, result }));
  }
  const expected = [{ tool_name: 'calculate', arguments_json: { expression: '15 * 23' }, result: '345' }];
  assert.deepEqual(traces, Object.fromEntries(FRAMEWORKS.map(({ type }) => [type, expected])));
});

/** A Responses API that calls the calculator and then says what it gave. */
async function startProvider() {
  const scripted = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const { input } = JSON.parse(Buffer.concat(chunks));
    const result = input.find((item) => item.type === 'function_call_output');
    const item = result
      ? { type: 'message', id: 'msg_1', role: 'assistant', status: 'completed', content: [{ type: 'output_text', text: `It is ${result.output}.`, annotations: [] }] }
      : { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'calculate', arguments: '{"expression":"15 * 23"}', status: 'completed' };
    const whole = { id: `resp_${result ? 2 : 1}`, object: 'response', created_at: 0, status: 'completed', model: 'scripted', output: [item], parallel_tool_calls: true, tool_choice: 'auto', tools: [], error: null };
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(`event: response.completed\ndata: ${JSON.stringify({ type: 'response.completed', sequence_number: 0, response: whole })}\n\n`);
  });
  await new Promise((resolve) => scripted.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${scripted.address().port}/v1`, close: () => scripted.close() };
}
