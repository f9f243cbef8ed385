// Every message below the other, as Slack shows it. draw.mjs puts the messages in
// and takes a picture of each.
import { createRoot } from 'react-dom/client';
import { Message } from 'slack-blocks-to-jsx';
import 'slack-blocks-to-jsx/dist/style.css';
import logo from './logo.svg';

const data = {
  users: [{ id: 'U012AB3CD', name: 'ada' }, { id: 'U0ADA', name: 'ada' }, { id: 'U0BOB', name: 'bob' }],
  user_groups: [{ id: 'S0123ABCD', name: 'on-call' }],
  channels: [{ id: 'C0123456', name: 'cloud-spend' }],
};
const theme = new URLSearchParams(location.search).get('theme');
const posted = new Date('2026-04-04T07:00:00Z');

// unverbatim takes a mark away that the library reads as "draw all as it is". To
// Slack it says only that nothing is to be made a link by itself.
const unverbatim = (blocks) => JSON.parse(JSON.stringify(blocks, (key, value) => (key === 'verbatim' ? undefined : value)));

function Picture({ name, blocks }) {
  return (
    <div className="picture" data-name={name}>
      <Message blocks={unverbatim(blocks)} name="billbot" logo={logo} time={posted} data={data} theme={theme} />
    </div>
  );
}

document.body.className = theme;
createRoot(document.getElementById('root')).render(window.messages.map((m) => <Picture key={m.name} {...m} />));
