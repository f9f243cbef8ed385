// A Worker that billbot tells to stop another one: it takes away that one's
// route, so that requests no longer reach it, and puts it back when asked to.
//
// Settings: BILLBOT_WEBHOOK_SECRET (whsec_..., what billbot signs with) and
// CLOUDFLARE_API_TOKEN (permission Zone > Workers Routes > Edit, for one zone
// alone) are secrets; ZONE_ID, ROUTE ("shop.example.com/*") and SCRIPT (the Worker
// that the route leads to) are variables.

export interface Env {
  BILLBOT_WEBHOOK_SECRET: string;
  CLOUDFLARE_API_TOKEN: string;
  ZONE_ID: string;
  ROUTE: string;
  SCRIPT: string;
}

interface Event {
  type: string;
  timestamp: string; // when somebody said yes
  data: { action?: { do: 'stop' | 'reverse'; by: string } };
}

interface Route {
  id: string;
  pattern: string;
}

// What was sent longer ago is refused, and what was wanted longer ago is not
// done: in seconds.
const TOLERANCE = 5 * 60;
const TOO_LATE = 60 * 60;

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    if (request.method !== 'POST') return new Response(null, { status: 405 });
    const body = await request.text();
    if (!(await isSigned(request.headers, body, env.BILLBOT_WEBHOOK_SECRET))) {
      return new Response(null, { status: 401 });
    }
    const event: Event = JSON.parse(body);
    const action = event.data.action;
    if (event.type !== 'action' || !action) return new Response(null, { status: 204 });
    // 410 has billbot give up at once, and say so in its outbox.
    if (Date.now() / 1000 - Date.parse(event.timestamp) / 1000 > TOO_LATE) return new Response(null, { status: 410 });
    // Both can be done twice: billbot tells an event at least once.
    if (action.do === 'stop') {
      await removeRoute(env);
      return Response.json({ state: 'done' });
    }
    if (action.do === 'reverse') {
      await restoreRoute(env);
      return Response.json({ state: 'reversed' });
    }
    return new Response(null, { status: 204 });
  },
};

// isSigned verifies a request as Standard Webhooks says: any of its signatures
// may be the one, as there are several while the secret is changed.
async function isSigned(headers: Headers, body: string, secret: string): Promise<boolean> {
  const id = headers.get('webhook-id');
  const timestamp = headers.get('webhook-timestamp');
  const signatures = headers.get('webhook-signature');
  if (!id || !timestamp || !signatures || !/^[0-9]+$/.test(timestamp)) return false;
  if (Math.abs(Date.now() / 1000 - Number(timestamp)) > TOLERANCE) return false;
  const key = await crypto.subtle.importKey(
    'raw', bytesOf(secret.replace(/^whsec_/, '')), { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
  const signed = new TextEncoder().encode(`${id}.${timestamp}.${body}`);
  for (const one of signatures.split(' ')) {
    const [version, signature] = one.split(',');
    if (version !== 'v1' || !/^[A-Za-z0-9+/]{43}=$/.test(signature ?? '')) continue;
    if (await crypto.subtle.verify('HMAC', key, bytesOf(signature), signed)) return true;
  }
  return false;
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
}

async function removeRoute(env: Env): Promise<void> {
  const route = await findRoute(env);
  if (route) await ask(env, 'DELETE', `/${route.id}`);
}

async function restoreRoute(env: Env): Promise<void> {
  if (!(await findRoute(env))) await ask(env, 'POST', '', { pattern: env.ROUTE, script: env.SCRIPT });
}

async function findRoute(env: Env): Promise<Route | undefined> {
  const routes = (await ask(env, 'GET', '')) as Route[];
  return routes.find((route) => route.pattern === env.ROUTE);
}

// ask asks Cloudflare about the routes of the zone. What fails is thrown: billbot
// hears 500 then, and tells the event again.
async function ask(env: Env, method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`https://api.cloudflare.com/client/v4/zones/${env.ZONE_ID}/workers/routes${path}`, {
    method,
    headers: { authorization: `Bearer ${env.CLOUDFLARE_API_TOKEN}`, 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const answer = (await response.json()) as { success: boolean; result: unknown };
  if (!response.ok || !answer.success) throw new Error(`${method} routes: status ${response.status}`);
  return answer.result;
}
