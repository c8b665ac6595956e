// S28. Line ends, and what some reader takes for one, in every member, field, query, path, header and
// multipart name of every route; then everything is looked at that comes out of the server. In C:
// http/exchange_test.c, ops/log_line_test.c, mail/line_test.c.
import assert from 'node:assert/strict';

import { call } from '../lib/client.js';
import { cli } from '../lib/signet.js';
import { operations } from './lib/operations.js';
import { startTappedSmtp, commandsIn } from './lib/smtp_tap.js';
import { goodRequest, placesOf, sendable, stage } from './lib/stage.js';
import { statement } from './lib/statement.js';
import { query, quiet } from './lib/dump.js';
import { ask, bytesOf } from './lib/wire.js';

const MARK = 'X-Injected';
const TEXTS = {
  'CR LF and a header': `a@example.com\r\n${MARK}: yes`,
  'LF and a header': `a@example.com\n${MARK}: yes`,
  'CR and a header': `a\r${MARK}: yes`,
  'an end of headers': `a\r\n\r\n<script>${MARK}</script>`,
  NUL: `a\0${MARK}`,
  'another reader': `a@example.com>\r\nRCPT TO:<evil@evil.example>\r\nDATA\r\n${MARK}`,
  'an end of a letter': `a\r\n.\r\nMAIL FROM:<evil@evil.example>\r\n`,
  'U+2028': `a\u2028${MARK}: yes`,
  'NEL of C1': `a\u0085${MARK}: yes`,
  'CSI of C1': `a\u009b31m${MARK}`,
  'a colour': `a\x1b[31m${MARK}`,
  'letters whose low bytes are CR LF': `a\u560d\u560a${MARK}: yes`,
  'an escaped CR LF': `a%0d%0a${MARK}: yes`,
  'an end of a JSON text': `a","level":"error","${MARK}":"`,
};
const HEADERS = ['X-Request-Id', 'Authorization', 'x-service-key', 'X-Forwarded-For', 'Cookie', 'User-Agent', 'Origin', 'Accept', 'X-Gym-Id', MARK];
const VALUES = ['12345678\rX: y', '12345678\nX: y', '12345678\0', '12345678\x1b[31m', '12345678\r\n X: y', bytesOf('12345678\u0085'), bytesOf('12345678\u2028'), '12345678%0d%0aX:y'];

/** One status line, then lines of a name and a value, none of them ours. */
function assertHead({ head, status }) {
  const [first, ...lines] = head.trimEnd().split('\r\n');
  assert.match(first, /^HTTP\/1\.1 \d{3} [A-Za-z -]*$/);
  for (const line of lines) {
    assert.match(line, /^[A-Za-z-]+: [\x20-\x7e]*$/, JSON.stringify(line));
    assert.ok(!line.toLowerCase().startsWith(MARK.toLowerCase()), line);
  }
  assert.ok(status < 500, `${status}`);
}

const MULTIPART = ['name', 'filename', 'type', 'header'];
function multipart(where, text) {
  const of = (one, value) => (one === where ? text : value);
  const head = `Content-Disposition: form-data; name="${of('name', 'file')}"; filename="${of('filename', 'me.png')}"\r\n`
    + `Content-Type: ${of('type', 'image/png')}\r\n${of('header', 'X-A')}: b\r\n`;
  return { body: `--picture\r\n${head}\r\nno picture\r\n--picture--\r\n`, headers: { 'Content-Type': 'multipart/form-data; boundary=picture' } };
}

/** Every request with a text in one of its places; `send` sends it. */
async function sweep(place, tries, send) {
  for (const operation of operations()) {
    const base = await goodRequest(place, operation);
    for (const { where } of placesOf(operation, base)) {
      for (const [what, text] of Object.entries(TEXTS)) {
        await tries(`${operation.name}: ${where}: ${what}`, async () => {
          const request = where.startsWith('path') || where.startsWith('query') ? base : { ...base, json: base.json && unique(base.json) };
          assertHead(await send(sendable(placesOf(operation, request).find((one) => one.where === where).put(text))));
        });
      }
    }
    for (const name of HEADERS) {
      await tries(`${operation.name}: header ${name}`, async () => {
        for (const value of VALUES) {
          const answer = await send({ method: base.method, path: base.path, headers: { [name]: value } });
          assertHead(answer);
          assert.notEqual(answer.headers['x-request-id'], value);
          assert.ok(!/[\r\n\0\x1b]/.test(value) || answer.status === 400, `${JSON.stringify(value)}: ${answer.status}`);
        }
      });
    }
    for (const where of operation.type === 'multipart/form-data' ? MULTIPART : []) {
      for (const [what, text] of Object.entries(TEXTS)) {
        await tries(`${operation.name}: ${where} of a part: ${what}`, async () => assertHead(await send({ ...base, ...multipart(where, text) })));
      }
    }
  }
}

let made = 0;
/** What may be there once is made anew. */
function unique(json) {
  const names = ['email', 'username', 'name'].filter((name) => typeof json[name] === 'string');
  return { ...json, ...Object.fromEntries(names.map((name) => [name, `${name === 'email' ? `new${++made}@example.com` : `new${++made}`}`])) };
}

/** Whatever names there may be in a letter, with these texts in them: a member of a gym of that name is invited. */
async function invite(place, tries) {
  const ask_ = (path, json) => call(place.server, 'POST', path, { token: place.actors.super.token, json });
  for (const [what, text] of Object.entries(TEXTS)) {
    await tries(`a letter to somebody in a gym, both called ${what}`, async () => {
      const { json } = await ask_('/id/api/organizations', { name: text });
      const gymId = json.data?.id ?? 'iron';
      for (const firstName of [text, undefined]) {
        const answer = await ask_('/users/create-gym-admin', { email: `new${++made}@example.com`, gymId, firstName, lastName: firstName });
        assert.ok([201, 400].includes(answer.status), answer.text);
        assert.ok(answer.status === 201 || firstName, 'without a name it is made');
      }
    });
  }
}

const HEADS = ['from', 'to', 'subject', 'date', 'message-id', 'mime-version', 'content-type', 'auto-submitted'];

function assertLetter({ raw, envelope }) {
  assert.equal(envelope.rcptTo.length, 1);
  assert.doesNotMatch(raw, /[^\r]\n|\r[^\n]/, 'a bare line end');
  assert.doesNotMatch(raw, /[^\x20-\x7e\r\n\t]/, 'a control character');
  const head = raw.slice(0, raw.indexOf('\r\n\r\n')).replace(/\r\n[ \t]+/g, ' ').split('\r\n').map((line) => line.split(':')[0].toLowerCase());
  assert.deepEqual(head.filter((name, at) => head.indexOf(name) !== at), [], 'a header twice');
  assert.deepEqual(head.filter((name) => !HEADS.includes(name)), []);
}

const COMMAND = /^(EHLO [a-z0-9.-]+|HELO [a-z0-9.-]+|MAIL FROM:<id@example\.com>( SIZE=\d+)?( BODY=8BITMIME)?|RCPT TO:<[^<>\s]+>|DATA|QUIT|RSET|NOOP)$/;

statement('S28', async (tries) => {
  const smtp = await startTappedSmtp();
  const place = await stage({ smtp });
  await quiet(place.server);
  const began = place.server.logs().length;
  let requests = 0;
  const send = (request) => {
    requests += 1;
    return ask(place.server, request);
  };
  const first = smtp.letters.length;
  await tries('the sweep is counted', async () => {
    await send({ path: '/livez' });
    assert.equal(requests, 1);
  });
  await sweep(place, tries, send);
  await invite(place, tries);
  await quiet(place.server);

  const letters = smtp.letters.slice(first);
  await tries(`${letters.length} letters have their own headers and lines`, () => {
    assert.ok(letters.length > 30, `${letters.length} letters`);
    letters.forEach(assertLetter);
  });
  await tries('the SMTP commands are ours', () => {
    const commands = smtp.said.flatMap(commandsIn);
    assert.deepEqual(commands.filter((command) => !COMMAND.test(command)), []);
    const count = (start) => commands.filter((command) => command.startsWith(start)).length;
    assert.equal(count('RCPT'), count('MAIL'));
    assert.equal(count('DATA'), smtp.letters.length);
  });
  const log = place.server.logs().slice(began);
  await tries('every log line is one object, of one request', () => {
    const lines = log.trimEnd().split('\n');
    assert.doesNotMatch(log, /[^\x20-\x7e\n\u00a0-\u2027\u202a-\uffff]/u);
    const members = new Set(lines.flatMap((line) => Object.keys(JSON.parse(line))));
    assert.ok(!members.has(MARK));
    assert.ok(lines.length >= requests, `${lines.length} lines of ${requests} requests`);
  });
  await tries('no line end is in the audit', () => {
    const rows = query(place.server, "SELECT hex(coalesce(source, '') || coalesce(face, '') || coalesce(details, '') || verb) FROM events").trimEnd().split('\n');
    const texts = rows.map((row) => Buffer.from(row, 'hex').toString('utf8'));
    assert.deepEqual(texts.filter((text) => /[\p{Cc}\u2028\u2029]/u.test(text)), []);
  });
  for (const list of [['user', 'list'], ['admin', 'list'], ['org', 'list'], ['role', 'list'], ['permission', 'list'], ['service-key', 'list'], ['mail', 'list']]) {
    await tries(`signet ${list.join(' ')} prints lines and tabs only`, async () => {
      const { code, stdout } = await cli([...list, '--data', place.server.dir]);
      assert.equal(code, 0);
      assert.deepEqual([...new Set(stdout.match(/[^\P{Cc}\n\t]/gu) ?? [])].map((one) => JSON.stringify(one)), []);
      const columns = stdout.replace(/\n$/, '').split('\n').map((line) => line.split('\t'));
      assert.deepEqual(columns.filter((line) => line.length !== columns[0].length).slice(0, 3), [], 'as many columns in each line');
    });
  }
});
