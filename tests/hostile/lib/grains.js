// What a token is made of, written in every way in which it might be kept, and the search for that in whatever is stored.
const GRAIN = 12; // characters: 48 bits at the least, which no chance finds in a store

const cut = (text) => [text.slice(0, GRAIN), text.slice(Math.floor((text.length - GRAIN) / 2)).slice(0, GRAIN), text.slice(-GRAIN)];

/** Base64 of bytes wherever they may begin, without the ends that depend on what stands beside them. */
function base64Of(bytes) {
  return [0, 1, 2].map((shift) => Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64').slice(Math.ceil((shift * 4) / 3) + 1, -4));
}

/** A text, or the bytes that hexadecimal digits stand for, as they are and as they may be written. */
export function writings(text) {
  const bytes = /^([0-9a-f]{2})+$/.test(text) ? [Buffer.from(text), Buffer.from(text, 'hex')] : [Buffer.from(text)];
  return bytes.flatMap((one) => {
    const hex = one.toString('hex');
    const base64 = [...base64Of(one), ...base64Of(Buffer.from(hex))];
    return [one.toString('latin1'), hex, hex.toUpperCase(), ...base64, ...base64.map((core) => core.replaceAll('+', '-').replaceAll('/', '_'))];
  });
}

/** Secrets to look for: {what: [text, …]}. Gives `search(bytes)`: what of them stands there, once each. */
export function searcher(secrets) {
  const grains = new Map();
  for (const [what, texts] of Object.entries(secrets)) {
    texts.flatMap(writings).flatMap(cut).forEach((grain) => grains.set(grain, what));
  }
  return (bytes) => {
    const text = bytes.toString('latin1');
    const found = new Set();
    for (let at = 0; at + GRAIN <= text.length; at++) {
      const what = grains.get(text.slice(at, at + GRAIN));
      if (what) {
        found.add(what);
      }
    }
    return [...found];
  };
}
