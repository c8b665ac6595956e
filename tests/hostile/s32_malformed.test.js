// S32. Bodies that are not what they should be, for every route that takes one: 4xx, never taken for
// something, and the memory of the server stays where it was. In C: wire/json_test.c, wire/multipart_test.c,
// http/parser_test.c and the harnesses in fuzz/.
import assert from 'node:assert/strict';

import { answersIn, call, raw } from '../lib/client.js';
import { assertGrewLess, memoryOf } from '../lib/memory.js';
import { form, png } from '../lib/pictures.js';
import { operations } from './lib/operations.js';
import { goodRequest, sendable, stage } from './lib/stage.js';
import { LONG, statement } from './lib/statement.js';
import { dump, quiet, assertUnchanged } from './lib/dump.js';
import { ask, bytesOfRequest } from './lib/wire.js';

const bytes = (hex) => Buffer.from(hex.replaceAll(' ', ''), 'hex');
const around = (middle) => Buffer.concat([Buffer.from('{"email":"a'), bytes(middle), Buffer.from('@example.com","x":1}')]);

/** What is no JSON, by RFC 8259; each is about the whole good body of a route, or is a body of its own. */
const NO_JSON = {
  nothing: () => '', blanks: () => ' \n\t ', 'half of it': (good) => good.slice(0, -1), 'the other half': (good) => good.slice(1), twice: (good) => good + good,
  'something behind it': (good) => `${good}x`, 'a comma at its end': (good) => `${good.slice(0, -1)},}`, 'two commas': (good) => good.replace(/}$/, ',,"a":1}'), 'no colon': (good) => good.replace(/}$/, ',"a" 1}'),
  'no value': (good) => good.replace(/}$/, ',"a":}'), 'a name without quotes': (good) => good.replace(/}$/, ',a:1}'), 'single quotes': (good) => good.replaceAll('"', "'"), 'a comment': (good) => `/* */${good}`,
  'a comment behind': (good) => `${good}// x`, 'a byte order mark': (good) => `\ufeff${good}`, 'a NUL behind it': (good) => `${good}\0`, 'a NUL in it': (good) => good.replace('{', '{\0'), 'a form feed': (good) => `\f${good}`,
  'a blank of Unicode': (good) => `\u00a0${good}`, NaN: (good) => good.replace(/}$/, ',"a":NaN}'), Infinity: (good) => good.replace(/}$/, ',"a":-Infinity}'), 'a number with a zero in front': (good) => good.replace(/}$/, ',"a":01}'),
  'a number with a plus': (good) => good.replace(/}$/, ',"a":+1}'), 'a number that ends with a point': (good) => good.replace(/}$/, ',"a":1.}'), 'a number that begins with one': (good) => good.replace(/}$/, ',"a":.5}'),
  'an exponent of nothing': (good) => good.replace(/}$/, ',"a":1e}'), hexadecimal: (good) => good.replace(/}$/, ',"a":0x1}'), 'a minus': (good) => good.replace(/}$/, ',"a":-}'), TRUE: (good) => good.replace(/}$/, ',"a":TRUE}'),
  'half a word': (good) => good.replace(/}$/, ',"a":nul}'), 'an escape that is none': (good) => good.replace(/}$/, ',"a":"\\x41"}'), 'half an escape': (good) => good.replace(/}$/, ',"a":"\\u00"}'),
  'half a pair': (good) => good.replace(/}$/, ',"a":"\\ud800"}'), 'the other half of a pair': (good) => good.replace(/}$/, ',"a":"\\udc00"}'), 'a pair the wrong way round': (good) => good.replace(/}$/, ',"a":"\\udc00\\ud800"}'),
  'an LF in a text': (good) => good.replace(/}$/, ',"a":"\n"}'), 'a control character in a text': (good) => good.replace(/}$/, ',"a":"\x01"}'), 'a text that does not end': (good) => good.replace(/}$/, ',"a":"b}'),
  'an array that does not end': (good) => good.replace(/}$/, ',"a":[1}'), 'brackets crossed': (good) => good.replace(/}$/, ',"a":[{]}}'), 'a thousand brackets': () => `{"a":${'['.repeat(1_000)}${']'.repeat(1_000)}}`,
  'thirty thousand brackets': () => '['.repeat(30_000), 'thirty thousand objects': () => '{"a":'.repeat(10_000), 'a text': () => '"x"', 'a number': () => '7', 'null': () => 'null', 'a list': (good) => `[${good}]`, 'true': () => 'true',
  'JSON with a form around': (good) => `body=${encodeURIComponent(good)}`, 'a member twice': (good) => good.replace(/}$/, ',"a":1,"a":2}'), 'a member twice, once escaped': (good) => good.replace(/}$/, ',"a":1,"\\u0061":2}'), 'lines of JSON': (good) => `${good}\n${good}`, 'a page': () => '<html></html>', 'an entity': () => '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>',
};
const NO_UTF8 = {
  'a byte alone': 'ff', 'a continuation alone': '80', 'a sequence cut off': 'c3', 'three cut off': 'e2 82', 'four cut off': 'f0 9f 98', 'overlong of two': 'c0 af', 'overlong of three': 'e0 80 af', 'overlong of four': 'f0 80 80 af',
  'overlong NUL': 'c0 80', 'a surrogate': 'ed a0 80', 'a pair of surrogates': 'ed a0 bd ed b8 80', 'beyond Unicode': 'f4 90 80 80', 'five bytes': 'f8 88 80 80 80', 'six bytes': 'fc 84 80 80 80 80', 'Latin-1': 'e9', 'UTF-16': 'fe ff 00 61',
};
/** Types in which nobody asked for a body. */
const TYPES = ['text/plain', 'application/xml', 'text/json', 'application/json; charset=utf-16', 'application/jsonp', 'application/octet-stream', 'multipart/form-data', 'application/json, text/plain', 'application', '/', ';', ''];

const CRLF = '\r\n';
const PART = `Content-Disposition: form-data; name="file"; filename="a.png"${CRLF}Content-Type: image/png${CRLF}${CRLF}`;
const MULTIPARTS = {
  nothing: '', 'no boundary in it': 'x', 'no end': `--picture${CRLF}${PART}x`, 'an end alone': `--picture--${CRLF}`, 'no headers': `--picture${CRLF}${CRLF}x${CRLF}--picture--${CRLF}`,
  'headers that do not end': `--picture${CRLF}Content-Disposition: form-data; name="file"${CRLF}--picture--`, 'another boundary': `--other${CRLF}${PART}x${CRLF}--other--`, 'bare LFs': `--picture\n${PART.replaceAll('\r', '')}x\n--picture--\n`,
  'a name that does not end': `--picture${CRLF}${PART.replace('file"', 'file')}x${CRLF}--picture--`, 'another name': `--picture${CRLF}${PART.replace('"file"', '"other"')}x${CRLF}--picture--`, 'no name': `--picture${CRLF}${PART.replace(' name="file";', '')}x${CRLF}--picture--`,
  'a thousand parts': `--picture${CRLF}${PART.replace('"file"', '"a"')}x${CRLF}`.repeat(1_000), 'a header of 20,000 bytes': `--picture${CRLF}X-A: ${'b'.repeat(20_000)}${CRLF}${PART}x${CRLF}--picture--`,
  'a part in a part': `--picture${CRLF}Content-Type: multipart/mixed; boundary=inner${CRLF}${CRLF}--inner${CRLF}${PART}x${CRLF}--inner--${CRLF}--picture--`, 'base64': `--picture${CRLF}Content-Transfer-Encoding: base64${CRLF}${PART}eA==${CRLF}--picture--`,
  'only dashes': '-'.repeat(10_000), 'a NUL in the name': `--picture${CRLF}${PART.replace('file"', 'file\0"')}x${CRLF}--picture--`, 'two files': `--picture${CRLF}${PART}x${CRLF}--picture${CRLF}${PART}y${CRLF}--picture--`,
};
const BOUNDARIES = ['', '; boundary=', '; boundary=""', `; boundary=${'b'.repeat(300)}`, '; boundary=pic ture', '; boundary="picture', '; boundary=picture; boundary=other', '; boundary=\x01'];
const FORMS = { nothing: '', 'no token': 'a=b', 'half an escape': 'token=%4', 'an escape that is none': 'token=%zz', 'no UTF-8': 'token=%ff', overlong: 'token=%c0%af', NUL: 'token=%00', 'two tokens': 'token=a&token=b', 'ten thousand fields': 'a=b&'.repeat(10_000), 'a raw byte': Buffer.from('token=\xff', 'latin1') };

/** Framings that leave open where the body ends; {lines, body}. */
const FRAMINGS = {
  'two lengths': { lines: ['Content-Length: 2', 'Content-Length: 3'], body: '{}' }, 'a length and a coding': { lines: ['Content-Length: 2', 'Transfer-Encoding: chunked'], body: `2${CRLF}{}${CRLF}0${CRLF}${CRLF}` },
  'a length below nothing': { lines: ['Content-Length: -2'], body: '{}' }, 'a length that is a list': { lines: ['Content-Length: 2, 2'], body: '{}' }, 'another coding': { lines: ['Transfer-Encoding: gzip'], body: '{}' },
  'a coding written oddly': { lines: ['Transfer-Encoding: \x0bchunked'], body: `0${CRLF}${CRLF}` }, 'a chunk size that is none': { lines: ['Transfer-Encoding: chunked'], body: `zz${CRLF}{}${CRLF}0${CRLF}${CRLF}` },
  'a chunk longer than it says': { lines: ['Transfer-Encoding: chunked'], body: `1${CRLF}{}${CRLF}0${CRLF}${CRLF}` }, 'a chunk of 2^64': { lines: ['Transfer-Encoding: chunked'], body: `10000000000000000${CRLF}{}` },
  'a body over the limit': { lines: ['Content-Length: 999999999'], body: '{' }, 'a length of many digits': { lines: [`Content-Length: ${'9'.repeat(100)}`], body: '' }, 'an unknown expectation': { lines: ['Expect: 200-maybe', 'Content-Length: 2'], body: '{}' },
};

function assertRefused(answer, text) {
  assert.ok(answer.status >= 400 && answer.status < 500, `${answer.status}: ${answer.text}`);
  assert.ok(!/src\/|\.c:|SQLITE|json_|0x[0-9a-f]{6}/.test(answer.text), answer.text);
  assert.ok(text === undefined || !answer.text.includes(text), 'the body comes back');
}

const isJson = ({ type }) => type === 'application/json';

/** {}, by gzip. */
const GZIP = bytes('1f8b0800000000000003abae050043bfa6a302000000');

/** The bodies that a route has to refuse: [what, request]. */
function* malformed(operation, good) {
  const withBody = (body, type = good.headers['Content-Type'] ?? 'application/json') => ({ ...good, json: undefined, body, headers: { ...good.headers, 'Content-Type': type } });
  if (isJson(operation)) {
    const text = JSON.stringify(Object.keys(good.json ?? {}).length > 0 ? good.json : { a: 1 });
    for (const [what, make] of Object.entries(NO_JSON)) {
      const empty = ['nothing', 'blanks'].includes(what);
      if (!(empty && !operation.members.some(({ required }) => required))) { // some take no body, too
        yield [what, withBody(make(text))];
      }
    }
    yield ['a compressed body', { ...withBody(GZIP), headers: { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' } }];
    for (const [what, hex] of Object.entries(NO_UTF8)) {
      yield [`no UTF-8: ${what}`, withBody(around(hex))];
    }
    for (const type of TYPES) {
      yield [`the type ${JSON.stringify(type)}`, withBody(text, type)];
    }
    return;
  }
  if (operation.type === 'multipart/form-data') {
    for (const [what, body] of Object.entries(MULTIPARTS)) {
      yield [what, withBody(body)];
    }
    for (const boundary of BOUNDARIES) {
      yield [`the type multipart/form-data${boundary}`, withBody(form(png(8, 8)), `multipart/form-data${boundary}`)];
    }
  }
  for (const [what, body] of Object.entries(operation.type?.includes('urlencoded') ? FORMS : {})) {
    yield [what, withBody(body, 'application/x-www-form-urlencoded')];
  }
}

statement('S32', async (tries) => {
  const place = await stage();
  const withBodies = operations().filter(({ type }) => type !== undefined);
  const began = memoryOf(place.server);

  for (const operation of withBodies) {
    const made = await goodRequest(place, operation);
    const good = sendable(isJson(operation) ? { json: {}, ...made } : made);
    const before = await quiet(place.server);
    for (const [what, request] of malformed(operation, good)) {
      await tries(`${operation.name}: ${what}`, async () => assertRefused(await ask(place.server, request)));
    }
    for (const [what, { lines, body }] of Object.entries(FRAMINGS)) {
      await tries(`${operation.name}: ${what}`, async () => {
        const type = good.headers['Content-Type'] ?? 'application/json';
        const head = bytesOfRequest({ ...good, json: undefined, body: undefined, headers: { 'Content-Type': type } }).toString('latin1').replace('Connection: close\r\n', '').trimEnd();
        const { bytes: got, closed } = await raw(place.server.port, `${head}\r\n${lines.join(CRLF)}\r\n\r\n${body}`, { patience: 4_000 });
        const answers = answersIn(got);
        assert.equal(answers.length, 1, 'one request has one answer');
        assertRefused(answers[0]);
        assert.ok(closed, 'the connection stays open');
      });
    }
    await tries(`${operation.name}: what was refused changed nothing`, async () => assertUnchanged(before, dump(place.server)));
  }
  await tries('the memory of the server is where it was', () => assertGrewLess(place.server, began, 64 << 10));
  await tries('it still answers', async () => assert.equal((await call(place.server, 'GET', '/readyz')).status, 200));
});

// Bodies as large and as deep as they may be, again and again.
statement('S32', async (tries) => {
  const place = await stage();
  const { token } = place.actors.super;
  const big = { deep: `{"name":${'['.repeat(31_000)}`, wide: `{${'"a":1,'.repeat(9_000)}"b":2}`, long: `{"name":"${'x'.repeat(60_000)}"}`, escaped: `{"name":"${'\\u0041'.repeat(10_000)}"}`, digits: `{"name":${'9'.repeat(60_000)}}` };
  const send = (body) => ask(place.server, { method: 'POST', path: '/roles', token, body, headers: { 'Content-Type': 'application/json' } });
  for (const body of Object.values(big)) {
    await send(body);
  }
  const began = memoryOf(place.server);
  for (const [what, body] of Object.entries(big)) {
    await tries(`bodies that are ${what}`, async () => {
      for (let at = 0; at < (LONG ? 500 : 40); at++) {
        assertRefused(await send(body));
      }
      assertGrewLess(place.server, began, 16 << 10);
    });
  }
}, 'memory');
