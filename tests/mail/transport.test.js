// TLS from the start, STARTTLS, logging in, and what happens when they do not work out.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';

import { awaitFailure, awaitState, putLetter, startSender } from '../lib/mail.js';
import { tempDir } from '../lib/place.js';
import { cli } from '../lib/signet.js';
import { makeCertificate, startSmtp } from '../lib/smtp.js';

const USER = 'signet';
const PASSWORD = 'otter lantern 41';
const tls = makeCertificate();
const other = makeCertificate();

function onAuth({ username, password }, session, callback) {
  const right = username === USER && password === PASSWORD && session.secure;
  callback(right ? null : new Error('no such user'), right ? { user: username } : undefined);
}

const WITH_PASSWORD = { 'mail.username': USER, 'mail.password': PASSWORD, 'mail.authorities': tls.authorities };
const locked = () => startSmtp({ key: tls.key, cert: tls.cert, authOptional: false, onAuth });

async function delivers(smtp, options) {
  const server = await startSender(smtp, options);
  await awaitState(server, await putLetter(server, 'ada@example.com'), 'sent');
  assert.equal(smtp.letters.length, 1);
  await server.stop();
  return smtp.letters[0];
}

/** The reason why nothing came. */
async function fails(smtp, options) {
  const server = await startSender(smtp, options);
  const { error } = await awaitFailure(server, await putLetter(server, 'ada@example.com'));
  assert.equal(smtp.letters.length, 0);
  assert.ok(!server.logs().includes(PASSWORD) && !error.includes(PASSWORD));
  await server.stop();
  return error;
}

describe('STARTTLS', () => {
  test('comes before the password and the letter', async () => {
    const letter = await delivers(await locked(), { settings: { ...WITH_PASSWORD, 'mail.starttls': 'required' } });
    assert.equal(letter.secure, true);
    assert.equal(letter.user, USER);
  });

  test('that is required and not offered: nothing is sent', async () => {
    await fails(await startSmtp({ authOptional: true }), { settings: { 'mail.starttls': 'required' } });
  });

  test('that is optional is used where it is offered', async () => {
    const settings = { 'mail.authorities': tls.authorities, 'mail.starttls': 'optional' };
    assert.equal((await delivers(await startSmtp({ key: tls.key, cert: tls.cert }), { settings })).secure, true);
    assert.equal((await delivers(await startSmtp(), { settings })).secure, false);
  });

  test('by a certificate of another authority: nothing is sent', async () => {
    const settings = { 'mail.authorities': other.authorities, 'mail.starttls': 'required' };
    assert.match(await fails(await locked(), { settings }), /certificate|SSL/i);
  });
});

describe('TLS from the start', () => {
  const secure = (more) => startSmtp({ secure: true, key: tls.key, cert: tls.cert, ...more });

  test('and the password from a file', async () => {
    const file = join(tempDir(), 'password');
    writeFileSync(file, `${PASSWORD}\n`, { mode: 0o600 });
    const letter = await delivers(await secure({ authOptional: false, onAuth }), {
      scheme: 'smtps',
      settings: { ...WITH_PASSWORD, 'mail.password': '', 'mail.password_file': file },
    });
    assert.equal(letter.secure, true);
    assert.equal(letter.user, USER);
  });

  test('with a server that speaks in the clear: nothing is sent', async () => {
    await fails(await startSmtp(), { scheme: 'smtps' });
  });
});

test('a wrong password is no reason to give a letter up', async () => {
  const settings = { ...WITH_PASSWORD, 'mail.password': `${PASSWORD}!`, 'mail.starttls': 'required' };
  await fails(await locked(), { settings });
});

test('a password does not go over a wire that others can read', async () => {
  const { code, stderr } = await cli(['mail', 'list', '--data', tempDir(), '--set', 'mail.transport=smtp://mail.example.com',
    '--set', 'mail.from=id@example.com', '--set', 'mail.password=otter41', '--set', 'mail.starttls=optional']);
  assert.equal(code, 1);
  assert.match(stderr, /in the clear/);
});

describe('signet check', () => {
  let smtp;
  before(async () => (smtp = await locked()));

  const check = async (settings) => {
    const given = { 'mail.transport': `smtp://127.0.0.1:${smtp.port}`, 'mail.from': 'id@example.com', ...WITH_PASSWORD, ...settings };
    const { stdout } = await cli(['check', '--data', join(tempDir(), 'data'), ...Object.entries(given).flatMap(([k, v]) => ['--set', `${k}=${v}`])]);
    return stdout.split('\n').filter((line) => line.includes('mail:'));
  };

  test('asks the server and sends nothing', async () => {
    const lines = await check({});
    assert.match(lines[0], /^ok .*takes letters, and lets us log in$/);
    assert.match(lines[1], /^warn .*http\.public_url/);
    assert.equal(smtp.letters.length, 0);
  });

  test('says what stands in the way', async () => {
    assert.match((await check({ 'mail.password': 'wrong' }))[0], /^FAIL /);
    assert.match((await check({ 'mail.authorities': other.authorities }))[0], /^FAIL .*(certificate|SSL)/i);
    assert.match((await check({ 'mail.transport': 'smtp://127.0.0.1:1' }))[0], /^FAIL /);
  });
});
