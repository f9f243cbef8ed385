// A receiver made with standardwebhooks, the npm library of Standard Webhooks:
// the referee of what billbot sends. It takes what verifies, each event once.
//
//   WEBHOOK_SECRET=whsec_... node receiver.js
//
// It hangs up on every event that it sees for the first time, as if its answer
// were lost. What it prints is JSON, a line each.
const { createServer } = require('node:http');
const { Webhook } = require('standardwebhooks');

const webhook = new Webhook(process.env.WEBHOOK_SECRET);
const seen = new Set();
const say = (heard) => process.stdout.write(`${JSON.stringify(heard)}\n`);

async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

const server = createServer(async (request, response) => {
  const id = request.headers['webhook-id'];
  let event;
  try {
    event = webhook.verify(await bodyOf(request), request.headers);
  } catch (error) {
    say({ refused: error.message });
    response.writeHead(401).end();
    return;
  }
  if (!seen.has(id)) {
    seen.add(id);
    say({ event: event.type });
    request.socket.destroy();
    return;
  }
  say({ repeat: event.type });
  response.writeHead(204).end();
});

server.listen(0, '127.0.0.1', () => say({ listening: server.address().port }));
