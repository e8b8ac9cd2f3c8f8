// What every browser test stands on: a real server with a database of its own, and a browser that reports everything
// the page complains about. The server and the browser live as long as the test file.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

/** Where screenshots and logs go. */
export const RESULTS = join(import.meta.dirname, 'test-results');

/** Longest wait for a page to show something, in milliseconds: many times what an idle machine needs. */
const PATIENCE_MS = 30_000;

const PROGRAM = process.env.RL_CHATBOT ?? fail('RL_CHATBOT names the program to test');
const SITE_ROOT = process.env.SITE_ROOT ?? fail('SITE_ROOT names the assembled site');
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

function fail(message) {
  throw new Error(message);
}

/** Starts the server on a free port of loopback with an empty database. */
export async function startServer(settings = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'rl-chatbot-end2end-'));
  const child = spawn(PROGRAM, ['serve'], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      HOST: '127.0.0.1',
      PORT: '0',
      DATABASE_URL: `sqlite://${folder}/test.db`,
      CHECKPOINT_DIR: join(folder, 'checkpoints'),
      SITE_ROOT,
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = [];
  const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
  const address = await new Promise((resolve, reject) => {
    const read = (chunk) => {
      output.push(chunk.toString());
      const found = output.join('').match(/http:\/\/localhost:(\d+)/);
      if (found) resolve(`http://localhost:${found[1]}`);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    ended.then((end) => reject(new Error(`the server ended at its start (${JSON.stringify(end)}): ${output.join('')}`)));
  });
  return {
    url: address,
    folder,
    output: () => output.join(''),
    peakMemoryMegabytes: () => peakMemoryMegabytes(child.pid),
    async stop() {
      child.kill('SIGTERM');
      const patience = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
      const end = await ended;
      clearTimeout(patience);
      rmSync(folder, { recursive: true, force: true });
      return end;
    },
  };
}

/** The most memory the process ever held, as Linux counts it. */
function peakMemoryMegabytes(pid) {
  const kibibytes = readFileSync(`/proc/${pid}/status`, 'utf8').match(/VmHWM:\s+(\d+) kB/)[1];
  return Number(kibibytes) / 1024;
}

/** Starts Chromium. */
export async function startBrowser(flags = []) {
  return chromium.launch({ executablePath: CHROMIUM, headless: true, args: [...CHROMIUM_FLAGS, ...flags] });
}

/**
 * Opens a page that must stay clean: no console error, no uncaught error, no request to another host, no answer of 400
 * or more. `page.complaints` collects what was wrong.
 */
export async function openPage(browser, server, { theme = 'light', width = 1280, height = 900 } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme, reducedMotion: 'reduce' });
  context.setDefaultTimeout(PATIENCE_MS);
  await context.addCookies([{ name: 'theme', value: theme, url: server.url }]);
  await context.addInitScript(markHydration);
  const page = await context.newPage();
  page.complaints = [];
  const complain = (text) => page.complaints.push(`${new URL(page.url()).pathname}: ${text}`);
  const { host } = new URL(server.url);
  page.on('console', (message) => message.type() === 'error' && complain(`console: ${message.text()}`));
  page.on('pageerror', (error) => complain(`uncaught: ${error.message}`));
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (!['data:', 'blob:'].includes(url.protocol) && url.host !== host) complain(`asked another host: ${url}`);
  });
  page.on('response', (response) => response.status() >= 400 && complain(`${response.status()} ${response.url()}`));
  return page;
}

// Runs in the page. The module is hydrated in the microtasks after its instantiation, before any timer; one more frame
// lets effects settle.
function markHydration() {
  const instantiate = WebAssembly.instantiateStreaming;
  WebAssembly.instantiateStreaming = async (...parameters) => {
    const made = await instantiate.call(WebAssembly, ...parameters);
    setTimeout(() => requestAnimationFrame(() => setTimeout(() => (window.hydrated = true))));
    return made;
  };
}

/** Goes to a path and waits until the browser has taken the page over. */
export async function visit(page, server, path) {
  await page.goto(server.url + path);
  await page.waitForFunction(() => window.hydrated === true);
  await page.getByRole('heading', { level: 1 }).first().waitFor({ state: 'attached' });
}

/** Fails with everything the page complained about. */
export function assertClean(page) {
  assert.deepEqual(page.complaints, []);
}

/** Keeps a picture of what is in view: a table of hundreds of rows is higher than a browser can paint at once. */
export async function screenshot(page, name) {
  mkdirSync(RESULTS, { recursive: true });
  await page.screenshot({ path: join(RESULTS, `${name}.png`), fullPage: false, animations: 'disabled' });
}

/** Asks the API; fails on an answer that is not a success. */
export async function api(server, path, body, method = body === undefined ? 'GET' : 'POST') {
  const response = await fetch(`${server.url}/api/v1${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  assert.ok(response.ok, `${path}: ${response.status} ${text}`);
  return JSON.parse(text);
}

/** Asks again until `done` says so; the deadline is for a program that hangs, not for a slow machine. */
export async function until(what, ask, done, patienceMs = 300_000) {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const answer = await ask();
    if (done(answer)) return answer;
    assert.ok(Date.now() < deadline, `${what}: still not after ${patienceMs} ms: ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/**
 * A server with something to show on every page: a conversation, test cases, an evaluation of each agent, and a
 * training run. Answers the paths of all pages.
 */
export async function furnish(server) {
  const agents = await api(server, '/agents');
  const [agent] = agents;
  const chat = await api(server, '/chat', { agent_id: agent.id, message: 'What is 15 * 23?' });
  const evaluations = [];
  for (const { id } of agents) {
    const { id: run } = await api(server, '/evaluations', { agent_id: id });
    evaluations.push(await until('evaluation', () => api(server, `/evaluations/${run}`), (r) => r.status === 'completed'));
  }
  const learner = agents.at(-1).id;
  const started = await api(server, '/training', { agent_id: learner, num_episodes: 5 });
  await until('training', () => api(server, `/training/${started.id}`), (r) => r.status === 'completed');
  const judged = evaluations[0].results[0];
  const review = `/evaluations/${evaluations[0].id}/results/${judged.id}/review`;
  await api(server, review, { verdict: 'fail', disputed: true, comment: 'An example' }, 'PUT');
  const [testCase] = await api(server, '/test-cases?limit=1');
  return {
    home: '/',
    chat: '/chat',
    conversation: `/chat/${chat.conversation_id}`,
    compare: `/chat/compare?${agents.slice(0, 2).map(({ id }) => `agent=${id}`).join('&')}`,
    agents: '/agents',
    'agents-new': '/agents/new',
    agent: `/agents/${agent.id}`,
    tools: '/tools',
    settings: '/settings',
    cases: '/cases',
    'cases-import': '/cases/import',
    'cases-new': '/cases/new',
    case: `/cases/${testCase.id}`,
    evaluations: '/evaluations',
    evaluation: `/evaluations/${evaluations[0].id}`,
    'evaluation-groups': `/evaluations/${evaluations[0].id}?by=task_type`,
    'evaluation-result': `/evaluations/${evaluations[0].id}?result=${judged.id}`,
    'evaluations-compare': `/evaluations/compare?${evaluations.slice(0, 2).map(({ id }) => `run=${id}`).join('&')}`,
    disputes: '/evaluations/disputed',
    metrics: '/evaluations/metrics',
    leaderboard: `/leaderboard?baseline=${agents[0].id}&by=split`,
    'leaderboard-history': `/leaderboard?agent=${agents[0].id}`,
    'leaderboard-votes': '/leaderboard?view=votes',
    training: '/training',
    'training-run': `/training/${started.id}`,
    trajectories: '/trajectories',
    'trajectory-call': `/trajectories?call=${await gatewayCall(server)}`,
  };
}

/** Id of a call through the gateway, made for it. */
async function gatewayCall(server) {
  const asked = { model: 'local/builtin', messages: [{ role: 'user', content: 'Hello!' }] };
  const response = await fetch(`${server.url}/g/a11y/0/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(asked),
  });
  assert.ok(response.ok, await response.text());
  const [call] = await api(server, '/trajectories?limit=1');
  return call.id;
}
