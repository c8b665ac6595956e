// What a letter is made of, as a parser reads it that was not written here.
import assert from 'node:assert/strict';
import { get } from 'node:http';
import { before, describe, test } from 'node:test';

import { listLetters, putLetter, startSender, awaitState } from '../lib/mail.js';
import { until } from '../lib/place.js';
import { cli } from '../lib/signet.js';
import { parse, startSmtp } from '../lib/smtp.js';

const NAME = 'Grüße & <Käse> „Žižkov“, the longest name that anyone ever gave to a service 東京';

async function arrived(smtp, count) {
  await until(() => smtp.letters.length >= count, { what: `${count} letters` });
  return smtp.letters[count - 1];
}

/** fetch does not let one choose the Host. */
function getAs(url, headers) {
  return new Promise((resolve, reject) => get(url, { headers }, (answer) => answer.resume().on('end', resolve)).on('error', reject));
}

describe('a letter', () => {
  let smtp;
  let server;
  let letter;
  let parsed;
  before(async () => {
    smtp = await startSmtp();
    server = await startSender(smtp, { settings: { 'mail.name': NAME, 'mail.from': 'Größe, Inc <id@bücher.example>' } });
    const id = await putLetter(server, 'Ada@bücher.example');
    letter = await arrived(smtp, 1);
    parsed = await parse(letter);
    assert.equal((await awaitState(server, id, 'sent')).attempts, '1');
  });

  test('has the envelope and the headers of its sender and its reader, in ASCII', () => {
    assert.equal(letter.envelope.rcptTo.length, 1);
    assert.match(letter.raw, /^To: <Ada@xn--bcher-kva\.example>\r$/m);
    assert.match(letter.raw, /^From: =\?UTF-8\?Q\?.*\?=\r\n <id@xn--bcher-kva\.example>\r$/m);
    assert.equal(parsed.from.value[0].name, 'Größe, Inc');
    assert.equal(letter.hello, 'id.example.com');
  });

  test('has a subject in UTF-8, folded where it is long', () => {
    assert.equal(parsed.subject, `A test letter from ${NAME}`);
    assert.match(letter.raw, /^Subject: =\?UTF-8\?Q\?/m);
  });

  test('has both parts, and the HTML one is escaped', () => {
    assert.ok(parsed.text.includes(`letters of ${NAME} reach`));
    assert.ok(parsed.html.includes('Grüße &amp; &lt;Käse&gt;'));
    assert.ok(!parsed.html.includes('<Käse>'));
    assert.ok(!/<img|<script|src=|https?:/.test(parsed.html), 'nothing is fetched');
  });

  test('says that a program wrote it, when, and under which name', () => {
    assert.equal(parsed.headers.get('auto-submitted'), 'auto-generated');
    assert.match(parsed.messageId, /^<[0-9a-f-]{36}@id\.example\.com>$/);
    assert.ok(Math.abs(parsed.date.getTime() - Date.now()) < 60_000);
    assert.equal(parsed.headers.get('mime-version'), '1.0');
    assert.equal(parsed.headers.get('content-type').value, 'multipart/alternative');
  });

  test('is ASCII in lines that every server takes', () => {
    for (const line of letter.raw.split('\r\n')) {
      assert.match(line, /^[\x20-\x7e\t]{0,78}$/);
    }
    assert.ok(!/[^\r]\n|\r[^\n]/.test(letter.raw), 'no bare line end');
  });
});

describe('nothing gets into a letter from outside', () => {
  let smtp;
  let server;
  before(async () => {
    smtp = await startSmtp();
    server = await startSender(smtp);
  });

  for (const address of ['a@example.com\r\nBcc: b@example.com', 'a@example.com\nRCPT TO:<b@example.com>', 'a@example.com, b@example.com',
    'a@example.com>\r\nDATA', '"a b"@example.com', 'a@[127.0.0.1]', 'a b@example.com']) {
    test(`by the address ${JSON.stringify(address)}`, async () => {
      const { code } = await cli(['mail', 'test', address, '--data', server.dir]);
      assert.equal(code, 1);
    });
  }

  for (const [setting, value] of [['mail.name', 'Iron\r\nBcc: b@example.com'], ['mail.from', 'Iron\nBcc: b@example.com <a@example.com>'],
    ['http.public_url', 'https://id.example.com/\r\nX: y'], ['http.public_url', 'https://id.example.com@evil.example'],
    ['mail.colour', 'red;background:url(https://evil.example)'], ['mail.transport', 'smtp://a:b@example.com']]) {
    test(`by the setting ${setting} as ${JSON.stringify(value)}`, async () => {
      const { code, stderr } = await cli(['mail', 'list', '--data', server.dir, '--set', `${setting}=${value}`]);
      assert.equal(code, 1);
      assert.match(stderr, new RegExp(setting.replace('.', '\\.')));
    });
  }

  test('by a forged Host', async () => {
    for (const path of ['/health', '/dev/mail']) {
      await getAs(`${server.url}${path}`, { Host: 'evil.example', 'X-Forwarded-Host': 'evil.example', Forwarded: 'host=evil.example' });
    }
    await putLetter(server, 'ada@example.com');
    const letter = await arrived(smtp, 1);
    assert.ok(!letter.raw.includes('evil'));
    assert.match(letter.raw, /^Message-ID: <[0-9a-f-]{36}@id\.example\.com>\r$/m);
    assert.equal((await listLetters(server)).size, 1, 'what was refused is not in the outbox');
  });
});
