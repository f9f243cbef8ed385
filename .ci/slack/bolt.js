// An app made with Bolt, Slack's own client for apps: the referee of the fake
// Slack that billbot's tests talk to. What it takes for Slack speaks the protocol.
//
//   node bolt.js app      listens to a Slack's sockets; prints what it heard
//   node bolt.js verify   reads requests, says of each whether Slack signed it
//
// What it reads and prints is JSON, a line each.
const { App, LogLevel, verifySlackRequest } = require('@slack/bolt');
const readline = require('node:readline');

const say = (heard) => process.stdout.write(`${JSON.stringify(heard)}\n`);

async function listen() {
  const app = new App({
    token: process.env.SLACK_BOT_TOKEN,
    appToken: process.env.SLACK_APP_TOKEN,
    socketMode: true,
    logLevel: LogLevel.ERROR,
    clientOptions: { slackApiUrl: process.env.SLACK_API_URL },
  });
  app.command('/spend', async ({ command, ack, respond }) => {
    await ack({ response_type: 'ephemeral', text: 'working' });
    await respond({ response_type: 'in_channel', text: `heard ${command.text} in ${command.channel_id}` });
    say({ command: command.text, user: command.user_id });
  });
  app.action('acknowledge', async ({ action, body, ack, respond }) => {
    await ack();
    await respond({ replace_original: true, text: `acknowledged ${action.value} by ${body.user.id}` });
    say({ action: action.value, user: body.user.id });
  });
  app.view('expect', async ({ view, ack }) => {
    const reason = view.state.values.reason.value.value;
    await ack(reason ? undefined : { response_action: 'errors', errors: { reason: 'Say why.' } });
    say({ view: view.private_metadata });
  });
  app.event('app_home_opened', async ({ event, client }) => {
    await client.views.publish({ user_id: event.user, view: { type: 'home', blocks: [] } });
    say({ home: event.user });
  });
  app.error(async (error) => say({ error: String(error) }));
  await app.start();
  say({ hello: (await app.client.auth.test()).team_id });
}

function verify() {
  readline.createInterface({ input: process.stdin }).on('line', (line) => {
    const { signingSecret, body, headers } = JSON.parse(line);
    try {
      verifySlackRequest({ signingSecret, body, headers });
      say({ good: true });
    } catch (error) {
      say({ good: false, why: error.message });
    }
  });
}

if (process.argv[2] === 'verify') verify();
else listen().catch((error) => { say({ error: String(error) }); process.exitCode = 1; });
