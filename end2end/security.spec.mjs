// A page of another site cannot talk to the server through its visitor's browser.

import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, test } from 'node:test';
import { api, startBrowser, startServer } from './harness.mjs';

let server;
let browser;
let elsewhere;
let agent;

before(async () => {
  server = await startServer();
  [agent] = await api(server, '/agents');
  // Any other web server on this machine, whatever name it is asked by.
  elsewhere = http.createServer((request, response) => response.setHeader('content-type', 'text/html').end('<h1>Elsewhere</h1>'));
  await new Promise((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
  browser = await startBrowser(['--host-resolver-rules=MAP *.example 127.0.0.1']);
});

after(async () => {
  await browser?.close();
  elsewhere?.close();
  await server?.stop();
});

/** A page of `host`, on the other server. */
async function pageOf(host) {
  const page = await (await browser.newContext()).newPage();
  await page.goto(`http://${host}:${elsewhere.address().port}/`);
  return page;
}

// Runs in the page: whether the socket opens.
const opens = (url) =>
  new Promise((resolve) => {
    const socket = new WebSocket(url);
    socket.onopen = () => resolve(true);
    socket.onerror = () => resolve(false);
  });

const socketUrl = () => `${server.url.replace('http', 'ws')}/api/v1/chat/ws/${agent.id}`;

for (const host of ['evil.example', 'localhost.evil.example']) {
  test(`a page of ${host} cannot open the chat socket`, async () => {
    const page = await pageOf(host);
    assert.equal(await page.evaluate(opens, socketUrl()), false);
    await page.context().close();
  });

  test(`a page of ${host} cannot post`, async () => {
    const page = await pageOf(host);
    const before = await api(server, '/agents');
    await page.evaluate(async (url) => {
      for (const type of ['application/json', 'text/plain']) {
        await fetch(url, { method: 'POST', mode: type === 'text/plain' ? 'no-cors' : 'cors', headers: { 'content-type': type }, body: '{}' }).catch(() => {});
      }
    }, `${server.url}/api/v1/agents`);
    assert.equal((await api(server, '/agents')).length, before.length);
    await page.context().close();
  });

  test(`the server itself refuses the upgrade from ${host}`, async () => {
    assert.equal(await upgradeStatus({ origin: `http://${host}` }), 403);
  });
}

test('a page of another port of localhost can open the chat socket', async () => {
  const page = await pageOf('localhost');
  assert.equal(await page.evaluate(opens, socketUrl()), true);
  await page.context().close();
});

test('a page of another port of localhost can read the API', async () => {
  const page = await pageOf('localhost');
  const names = await page.evaluate(async (url) => (await (await fetch(url)).json()).length, `${server.url}/api/v1/agents`);
  assert.equal(names, 2);
  await page.context().close();
});

test('a foreign Host header is refused', async () => {
  const status = await upgradeStatus({ host: 'evil.example' });
  assert.ok(status === 400 || status === 403 || status === 421, `${status}`);
});

/** The answer to a WebSocket upgrade with these headers. */
function upgradeStatus(headers) {
  const { port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    const request = http.get({
      host: '127.0.0.1',
      port,
      path: `/api/v1/chat/ws/${agent.id}`,
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
        ...headers,
      },
    });
    request.on('response', (response) => resolve(response.resume().statusCode));
    request.on('upgrade', (response, socket) => {
      socket.destroy();
      resolve(101);
    });
    request.on('error', reject);
  });
}
