// A browser without a window, spoken to in its own protocol.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import readline from 'node:readline';

const names = ['chromium', 'chromium-browser', 'google-chrome'];

// open starts the first of the browsers that there is, and returns a tab of it.
export async function open() {
  const profile = mkdtempSync(join(tmpdir(), 'pictures-'));
  for (const name of names) {
    const browser = spawn(name, ['--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', '--force-color-profile=srgb',
      '--remote-debugging-port=0', `--user-data-dir=${profile}`, 'about:blank'], { stdio: ['ignore', 'ignore', 'pipe'] });
    const address = await listening(browser);
    if (address) return connect(address, () => close(browser, profile));
  }
  rmSync(profile, { recursive: true });
  throw new Error(`none of these is installed, or starts: ${names.join(', ')}`);
}

function close(browser, profile) {
  browser.once('exit', () => rmSync(profile, { recursive: true, force: true, maxRetries: 5 }));
  browser.kill();
}

// listening is where a browser that starts can be spoken to, undefined if it ends.
function listening(browser) {
  return new Promise((resolve) => {
    browser.once('error', () => resolve());
    browser.once('exit', () => resolve());
    readline.createInterface({ input: browser.stderr }).on('line', (line) => {
      const address = /^DevTools listening on (\S+)/.exec(line);
      if (address) resolve(address[1]);
    });
  });
}

async function connect(address, close) {
  const socket = new WebSocket(address);
  await new Promise((resolve, reject) => { socket.onopen = resolve; socket.onerror = reject; });
  const waiting = new Map();
  const heard = [];
  let sent = 0;
  let session;
  socket.onmessage = ({ data }) => {
    const { id, method, params, result, error } = JSON.parse(data);
    if (!id) return heard.push({ method, params });
    const { resolve, reject } = waiting.get(id);
    error ? reject(new Error(error.message)) : resolve(result);
  };
  const send = (method, params = {}) => new Promise((resolve, reject) => {
    waiting.set(++sent, { resolve, reject });
    socket.send(JSON.stringify({ id: sent, method, params, sessionId: session }));
  });
  const { targetId } = await send('Target.createTarget', { url: 'about:blank' });
  session = (await send('Target.attachToTarget', { targetId, flatten: true })).sessionId;
  await send('Page.enable');
  await send('Runtime.enable');
  return { send, heard, close };
}
