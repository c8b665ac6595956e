// What tests of mail do with Signet.
import assert from 'node:assert/strict';

import { until } from './place.js';
import { cli, startSignet } from './signet.js';

export const SENDER = 'Signet <id@example.com>';

/** Settings to send to this SMTP server in the clear. */
export const sendingTo = (smtp, scheme = 'smtp') => ({
  'mail.transport': `${scheme}://127.0.0.1:${smtp.port}`,
  'mail.from': SENDER,
  'mail.starttls': 'never',
  'mail.connect_timeout': '2',
  'mail.timeout': '3',
  'http.public_url': 'https://id.example.com',
});

/** `signet dev` that sends to this SMTP server, in the clear unless the settings say otherwise. */
export function startSender(smtp, { settings = {}, scheme, ...rest } = {}) {
  return startSignet({ settings: { ...sendingTo(smtp, scheme), ...settings }, ...rest });
}

/** Puts a test letter into the outbox; gives its id. */
export async function putLetter(server, address) {
  const { code, stdout, stderr } = await cli(['mail', 'test', address, '--data', server.dir]);
  assert.equal(code, 0, stderr);
  return stdout.match(/[0-9a-f-]{36}/)[0];
}

const CELLS = ['id', 'kind', 'to', 'state', 'attempts', 'next', 'until', 'error'];

/** The outbox as `signet mail list` tells of it, by id. */
export async function listLetters(server) {
  const { code, stdout, stderr } = await cli(['mail', 'list', '--data', server.dir]);
  assert.equal(code, 0, stderr);
  const rows = stdout.split('\n').filter(Boolean).map((line) => line.split('\t'));
  return new Map(rows.map((cells) => [cells[0], Object.fromEntries(CELLS.map((name, at) => [name, cells[at]]))]));
}

/** Waits until a letter is in a state, and gives its row. */
export function awaitState(server, id, state, limit = 20_000) {
  return until(async () => {
    const row = (await listLetters(server)).get(id);
    return row?.state === state ? row : undefined;
  }, { limit, step: 100, what: `letter ${id} to be ${state}` });
}

/** Waits until a letter was tried and failed. */
export function awaitFailure(server, id, limit = 20_000) {
  return until(async () => {
    const row = (await listLetters(server)).get(id);
    return row?.state === 'waiting' && row.error !== '' ? row : undefined;
  }, { limit, step: 100, what: `letter ${id} to fail` });
}
