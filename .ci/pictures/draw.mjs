// Draws messages as Slack shows them, light and dark, and fails where a picture
// lacks something that its message says.
//
//   node draw.mjs FOLDER [NAME...]    the golden messages, all of them or these
//
// The pictures are FOLDER/NAME-light.png and FOLDER/NAME-dark.png. Those of the
// README are made with
//
//   node draw.mjs out spike_chart && cp out/spike_chart-light.png ../../docs/alert-light.png
//
// and the dark one likewise.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import esbuild from 'esbuild';
import { open } from './browser.mjs';
import { missing, raw } from './says.mjs';

const goldens = resolve(import.meta.dirname, '../../notifier/slack/testdata');
const [folder, ...wanted] = process.argv.slice(2);
const style = `body{margin:0;width:640px}
body *{font-family:Lato,"Noto Color Emoji",sans-serif}
.light{background:#fff}.dark{background:#1a1d21}.picture{padding:12px 16px;box-sizing:border-box}`;

const messages = () => (wanted.length ? wanted : readdirSync(goldens).filter((f) => f.endsWith('.json')).map((f) => basename(f, '.json')))
  .map((name) => ({ name, blocks: JSON.parse(readFileSync(join(goldens, `${name}.json`))).blocks ?? [] }))
  .filter((m) => m.blocks.length);

async function build(shown) {
  mkdirSync(folder, { recursive: true });
  await esbuild.build({
    entryPoints: [join(import.meta.dirname, 'page.jsx')], outfile: join(folder, 'page.js'), bundle: true, jsx: 'automatic', minify: true,
    define: { 'process.env.NODE_ENV': '"production"' }, loader: { '.svg': 'dataurl' }, logLevel: 'error',
  });
  const page = `<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="page.css"><style>${style}</style>
<div id="root"></div><script>window.messages = ${JSON.stringify(shown).replaceAll('<', '\\u003c')}</script><script src="page.js"></script>`;
  writeFileSync(join(folder, 'page.html'), page);
  return pathToFileURL(resolve(folder, 'page.html')).href;
}

// look is what the page shows: each picture's place and words.
const look = `new Promise((done) => {
  const seen = () => [...document.querySelectorAll('.picture')].map((e) => {
    const { x, y, width, height } = e.getBoundingClientRect();
    const labels = [...e.querySelectorAll('[aria-label], img[alt], svg text, svg title')]
      .map((l) => [l.getAttribute('aria-label'), l.getAttribute('alt'), l.textContent].join(' '));
    return { name: e.dataset.name, clip: { x, y, width, height, scale: 1 }, shown: [e.textContent, ...labels].join(' ') };
  });
  const drawn = () => { const s = seen(); s.length ? document.fonts.ready.then(() => setTimeout(() => done(s), 500)) : setTimeout(drawn, 50); };
  drawn();
  setTimeout(() => done(seen()), 20000);
})`;

// wrongWith is what a picture does not show, or should not. Of names that are made
// to do harm the library is no judge: it takes back what is escaped, and reads it
// as marks. That Slack does not is seen to by tests of the messages.
const wrongWith = (blocks, shown, name) => (name.includes('hostile') ? []
  : [...missing(blocks, shown).map((text) => `lacks ${JSON.stringify(text)}`), ...raw(shown).map((mark) => `shows ${mark}`)]);

async function draw(tab, url, shown, theme) {
  await tab.send('Emulation.setDeviceMetricsOverride', { width: 640, height: 1000, deviceScaleFactor: 1.5, mobile: false });
  await tab.send('Emulation.setTimezoneOverride', { timezoneId: 'UTC' });
  await tab.send('Page.navigate', { url: `${url}?theme=${theme}` });
  const { result } = await tab.send('Runtime.evaluate', { expression: look, awaitPromise: true, returnByValue: true });
  const problems = tab.heard.filter((e) => e.method === 'Runtime.exceptionThrown').map((e) => `${theme}: ${e.params.exceptionDetails.exception?.description}`);
  for (const { name, blocks } of shown) {
    const picture = result.value.find((p) => p.name === name);
    if (!picture) {
      problems.push(`${name}, ${theme}: nothing was drawn`);
      continue;
    }
    problems.push(...wrongWith(blocks, picture.shown, name).map((what) => `${name}, ${theme}: the picture ${what}`));
    const { data } = await tab.send('Page.captureScreenshot', { format: 'png', clip: picture.clip, captureBeyondViewport: true });
    writeFileSync(join(folder, `${name}-${theme}.png`), Buffer.from(data, 'base64'));
  }
  return problems;
}

const shown = messages();
const url = await build(shown);
const tab = await open();
const problems = [...await draw(tab, url, shown, 'light'), ...await draw(tab, url, shown, 'dark')];
tab.close();
problems.forEach((p) => console.error(p));
console.log(`${shown.length} messages drawn, ${problems.length} problems`);
process.exitCode = problems.length || !shown.length ? 1 : 0;
