// The Worker of docs/webhook-worker, asked by what standardwebhooks signs, and by
// the examples of docs/webhook-examples; Cloudflare's routes are a list here.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { Webhook } from 'standardwebhooks';

import worker from '../../docs/webhook-worker/worker.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const other = 'whsec_QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=';
const env = { BILLBOT_WEBHOOK_SECRET: secret, CLOUDFLARE_API_TOKEN: 'canary', ZONE_ID: 'z1', ROUTE: 'shop.example.com/*', SCRIPT: 'shop' };

let routes;
let failing;

globalThis.fetch = async (url, { method, headers, body }) => {
  assert.equal(headers.authorization, 'Bearer canary');
  const at = new URL(url);
  assert.equal(at.origin, 'https://api.cloudflare.com');
  const [, id] = at.pathname.match(/^\/client\/v4\/zones\/z1\/workers\/routes(?:\/(\w+))?$/);
  if (failing) return Response.json({ success: false, result: null }, { status: 500 });
  if (method === 'DELETE') routes = routes.filter((route) => route.id !== id);
  if (method === 'POST') routes.push({ id: 'r3', ...JSON.parse(body) });
  return Response.json({ success: true, result: routes });
};

test.beforeEach(() => {
  failing = false;
  routes = [{ id: 'r1', pattern: 'www.example.com/*', script: 'www' }, { id: 'r2', pattern: 'shop.example.com/*', script: 'shop' }];
});

const patterns = () => routes.map((route) => route.pattern).sort();

function example(name, change = {}) {
  const event = JSON.parse(readFileSync(new URL(`../../docs/webhook-examples/${name}.json`, import.meta.url)));
  event.timestamp = new Date().toISOString();
  if (change.do) event.data.action.do = change.do;
  return { ...event, ...change.event };
}

function send(event, { secrets = [secret], at = new Date(), method = 'POST' } = {}) {
  const body = JSON.stringify(event);
  const signature = secrets.map((one) => new Webhook(one).sign('msg_1', at, body)).join(' ');
  const headers = { 'webhook-id': 'msg_1', 'webhook-timestamp': String(Math.floor(at / 1000)), 'webhook-signature': signature };
  return worker.fetch(new Request('https://stop.example.com/', { method, headers, body: method === 'POST' ? body : undefined }), env);
}

test('stops, twice if it is told so twice, and takes it back', async () => {
  for (let i = 0; i < 2; i++) {
    assert.deepEqual(await (await send(example('action'))).json(), { state: 'done' });
    assert.deepEqual(patterns(), ['www.example.com/*']);
  }
  for (let i = 0; i < 2; i++) {
    assert.deepEqual(await (await send(example('action', { do: 'reverse' }))).json(), { state: 'reversed' });
    assert.deepEqual(patterns(), ['shop.example.com/*', 'www.example.com/*']);
  }
  assert.equal(routes.at(-1).script, 'shop');
});

test('takes either secret while one is changed', async () => {
  assert.equal((await send(example('action'), { secrets: [other, secret] })).status, 200);
});

test('does nothing on what is not signed, or not now', async () => {
  assert.equal((await send(example('action'), { secrets: [other] })).status, 401);
  assert.equal((await send(example('action'), { secrets: [] })).status, 401);
  assert.equal((await send(example('action'), { at: new Date(Date.now() - 6 * 60_000) })).status, 401);
  assert.equal((await send(example('action'), { method: 'GET' })).status, 405);
  assert.equal(routes.length, 2);
});

test('does nothing that was wanted long ago', async () => {
  const old = example('action', { event: { timestamp: new Date(Date.now() - 2 * 3600_000).toISOString() } });
  assert.equal((await send(old)).status, 410);
  assert.equal(routes.length, 2);
});

test('leaves all other events alone', async () => {
  for (const name of ['fired', 'resolved', 'summary', 'state']) {
    assert.equal((await send(example(name))).status, 204);
  }
  assert.equal(routes.length, 2);
});

test('fails where Cloudflare does, so that it is told again', async () => {
  failing = true;
  await assert.rejects(send(example('action')), /status 500/);
});
