// What was acknowledged, written down outside of Signet: a line, synced, after each answer and before the
// next request. After the fault every line is held against the interface and against the database.
import assert from 'node:assert/strict';
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

import { forwardAuth, listAdmins, login } from '../../lib/edge.js';
import { atEnd, tempDir, until } from '../../lib/place.js';

const ACTIVE = '3';

export class Ledger {
  constructor() {
    this.path = join(tempDir('ledger'), 'ledger');
    this.file = openSync(this.path, 'a');
    atEnd(() => closeSync(this.file));
    this.unknown = new Set(); // names with a change that nobody has answered
    this.position = undefined; // how far the disk's record was: a function, where there is one
  }

  acknowledge(kind, line) {
    const noted = { kind, ...line, ...(this.position && { position: this.position() }) };
    writeSync(this.file, `${JSON.stringify(noted)}\n`);
    fsyncSync(this.file);
  }

  lines() {
    return readFileSync(this.path, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line));
  }

  /** The ledger as it was at a position; what was acknowledged later may have been there already. */
  until(position) {
    const all = this.lines();
    const then = Object.create(this, {
      unknown: { value: new Set([...this.unknown, ...all.filter((line) => line.position > position).map((line) => line.username)]) },
    });
    then.lines = () => all.filter((line) => line.position <= position);
    return then;
  }

  get acknowledged() {
    return this.lines().length;
  }

  /** What has to be there now, by name: {email, password, stopped, tokens, counts of events}. */
  state() {
    const accounts = new Map();
    for (const { kind, username, ...line } of this.lines()) {
      if (kind === 'created') {
        accounts.set(username, { ...line, stopped: false, tokens: [], events: { 'user.created': 1 } });
        continue;
      }
      const account = accounts.get(username);
      const verb = { session: 'login', stopped: 'user.stopped', password: 'password.changed' }[kind];
      account.events[verb] = (account.events[verb] ?? 0) + 1;
      if (kind === 'session') {
        account.tokens.push(line.token);
      } else if (kind === 'stopped') {
        account.stopped = true;
      } else {
        Object.assign(account, { password: line.password, tokens: [], ended: [...(account.ended ?? []), ...account.tokens] });
      }
    }
    return accounts;
  }
}

// No row of any of these may be there, whatever happened.
const NEVER = {
  'an address held twice': 'SELECT email_key FROM users GROUP BY email_key HAVING count(*) > 1',
  'a user without a password': 'SELECT username FROM users WHERE id NOT IN (SELECT user_id FROM credentials)',
  'a user without a role': 'SELECT username FROM users WHERE id NOT IN (SELECT user_id FROM assignments)',
  'an administrator without a number': 'SELECT username FROM users WHERE id NOT IN (SELECT user_id FROM admins)',
  'a user without an event': "SELECT username FROM users WHERE id NOT IN (SELECT subject FROM events WHERE verb = 'user.created')",
  'a user who was made twice': "SELECT subject FROM events WHERE verb = 'user.created' GROUP BY subject HAVING count(*) > 1",
  'a session without a user': 'SELECT id FROM sessions WHERE user_id NOT IN (SELECT id FROM users)',
  'an open session of one who was stopped': 'SELECT s.id FROM sessions s JOIN users u ON u.id = s.user_id WHERE u.state = 4 AND s.ended_at IS NULL',
  'a number given twice': 'SELECT number FROM admins GROUP BY number HAVING count(*) > 1',
};

/** What the database itself says: {lost, half}, each a list of sentences. */
export async function auditStore(ledger, store) {
  const lost = [];
  const half = [];
  for (const [what, sql] of Object.entries(NEVER)) {
    half.push(...(await store.rows(sql)).map((row) => `${what}: ${row.join(' ')}`));
  }
  const users = new Map((await store.rows('SELECT username, state, email FROM users')).map((row) => [row[0], row]));
  const events = new Map();
  for (const [name, verb, count] of await store.rows(
    'SELECT u.username, e.verb, count(*) FROM events e JOIN users u ON u.id = e.subject GROUP BY u.username, e.verb')) {
    events.set(`${name} ${verb}`, Number(count));
  }
  for (const [name, account] of ledger.state()) {
    const user = users.get(name);
    if (!user || user[2] !== account.email) {
      lost.push(`${name} is not in the database`);
      continue;
    }
    if (!ledger.unknown.has(name) && (user[1] === ACTIVE) === account.stopped) {
      lost.push(`${name} has the state ${user[1]}`);
    }
    for (const [verb, count] of Object.entries(account.events)) {
      const kept = events.get(`${name} ${verb}`) ?? 0;
      if (kept < count) {
        lost.push(`${name}: ${count} × ${verb} acknowledged, ${kept} in the audit log`);
      }
    }
  }
  return { lost, half };
}

/** The status it answers with at last: one of its connections may still be on its way back to a database that came back. */
function settled(ask) {
  return until(async () => {
    const { status } = await ask();
    return status !== 503 && status;
  }, { limit: 10_000, what: 'an answer that is none of 503' });
}

/** What the interface says of everyone in the ledger; of `logins` of them also whether the password is right. */
async function auditAnswers(ledger, server, root, logins) {
  const lost = [];
  const accounts = [...ledger.state()];
  const listed = new Set((await listAdmins(server, root)).map((admin) => admin.username));
  lost.push(...accounts.filter(([name]) => !listed.has(name)).map(([name]) => `${name} is not listed`));
  for (const [name, account] of accounts.slice(-200)) {
    if (ledger.unknown.has(name)) {
      continue;
    }
    const expected = account.stopped ? 401 : 200;
    for (const token of account.tokens) {
      const status = await settled(() => forwardAuth(server, token));
      if (status !== expected) {
        lost.push(`${name}: forward-auth says ${status}, not ${expected}`);
      }
    }
    for (const token of account.ended ?? []) {
      const status = await settled(() => forwardAuth(server, token));
      if (status !== 401) {
        lost.push(`${name}: a session that a new password ended is back (${status})`);
      }
    }
  }
  for (const [name, account] of accounts.filter(([known]) => !ledger.unknown.has(known)).slice(-logins)) {
    const status = await settled(() => login(server, name, account.password));
    if (status !== (account.stopped ? 403 : 200)) {
      lost.push(`${name}: the login says ${status}`);
    }
  }
  return lost;
}

/** Holds every line against the interface and the database, and notes in `row` what is lost and what is half. */
export async function audit(ledger, { server, root, store, row, logins = 8 }) {
  const { lost, half } = await auditStore(ledger, store);
  lost.push(...(await auditAnswers(ledger, server, root, logins)));
  half.push(...(await store.check()));
  row.acknowledged = ledger.acknowledged;
  row.lost += lost.length;
  row.half += half.length;
  assert.deepEqual(lost, [], `acknowledged and lost:\n${lost.slice(0, 20).join('\n')}\n${server.logs().slice(-2000)}`);
  assert.deepEqual(half, [], `half:\n${half.slice(0, 20).join('\n')}`);
}
