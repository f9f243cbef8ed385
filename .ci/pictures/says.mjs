// What a message says, and whether its picture says it too.

// saidBy is every text of a block that Slack shows. Menus are closed in a picture.
export function saidBy(block) {
  switch (block.type) {
    case 'header': return [block.text];
    case 'section': return [block.text, ...block.fields ?? []].filter(Boolean);
    case 'context': return block.elements;
    case 'actions': return block.elements.filter((e) => e.type === 'button').map((e) => e.text);
    case 'table': return block.rows.flat();
    case 'data_visualization':
      return [block.title, ...block.chart.series.map((s) => s.name)].map((text) => ({ type: 'plain_text', text }));
  }
  throw new Error(`a block of a type that has never been looked at: ${block.type}`);
}

// words is what is left of a text without spaces, marks and pictures.
export const words = (text) => text.replace(/[^\p{L}\p{N}$%]/gu, '').toLowerCase();

// partsOf is a text in the parts that are shown as they are: what stands between
// mentions and dates.
const partsOf = (text) => (text.type === 'mrkdwn' ? text.text.split(/<[^>]*>/) : [text.text]).map(unescaped);

const unescaped = (text) => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

// missing is what a picture does not show of a message.
export function missing(blocks, shown) {
  const drawn = words(shown);
  return blocks.flatMap(saidBy).flatMap(partsOf).filter((part) => !drawn.includes(words(part)));
}

// raw is marks that a person should never see.
export const raw = (shown) => shown.match(/&(amp|lt|gt);|<[@!#][^>]*>|:[a-z_]+:/g) ?? [];
