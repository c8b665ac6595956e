// Those who use Signet while something breaks. Each worker changes only accounts that it made itself, so that the
// ledger knows what each has to be.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import http from 'node:http';

import { pause } from '../../lib/place.js';

let made = 0;

/** One request over a kept connection: {status, json, milliseconds}; status 0 when no answer came. */
export function ask(agent, target, method, path, { token, json, limit = 30_000 } = {}) {
  const body = json === undefined ? undefined : JSON.stringify(json);
  const began = performance.now();
  return new Promise((resolve) => {
    const done = (status, value, headers = {}) => resolve({ status, json: value, headers, milliseconds: performance.now() - began });
    const request = http.request({
      host: '127.0.0.1', port: target.port, method, path, agent, timeout: limit,
      headers: {
        ...(token && { Authorization: `Bearer ${token}` }),
        ...(body && { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }),
      },
    }, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('error', () => done(0));
      response.on('aborted', () => done(0));
      response.on('end', () => {
        let value;
        try {
          value = JSON.parse(Buffer.concat(parts).toString());
        } catch {
          // no body, or not of ours
        }
        done(response.statusCode, value, response.headers);
      });
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => done(0));
    request.end(body);
  });
}

export class Load {
  /** `target` is {port}, and may be changed; what each `mix` weighs is how often it is done. */
  constructor(target, { root, ledger, workers = 4, most = Infinity, rest = 0, limit,
    mix = { create: 3, login: 3, auth: 6, end: 1, password: 1, list: 1 } }) {
    Object.assign(this, { target, root, ledger, workers, most, rest, limit });
    this.deck = Object.entries(mix).flatMap(([name, weight]) => Array(weight).fill(name));
    this.answers = []; // {what, status, milliseconds, at}
    this.agent = new http.Agent({ keepAlive: true, maxSockets: workers });
  }

  static #running = new Set();

  /** For an experiment that failed on its way: nobody goes on working. */
  static stopAll() {
    return Promise.all([...Load.#running].map((load) => load.stop()));
  }

  start() {
    Load.#running.add(this);
    this.going = true;
    this.running = Promise.all(Array.from({ length: this.workers }, () => this.#work([])));
    return this;
  }

  async stop() {
    Load.#running.delete(this);
    this.going = false;
    await this.running;
    this.agent.destroy();
    return this;
  }

  /** How many answers had this status, or one for which this is true. */
  count(status, { since = 0, what } = {}) {
    const fits = typeof status === 'function' ? status : (value) => value === status;
    return this.answers.filter((answer) => answer.at >= since && fits(answer.status) && (!what || what === answer.what)).length;
  }

  times(what, { since = 0, until = Infinity } = {}) {
    return this.answers.filter((answer) => answer.what === what && answer.at >= since && answer.at < until).map((answer) => answer.milliseconds);
  }

  /** Milliseconds from `since` until a change was acknowledged that was asked for after it; undefined if none was. */
  recovered(since) {
    const good = this.answers.filter((answer) => answer.at - answer.milliseconds >= since && answer.changes && answer.status >= 200 && answer.status < 300);
    return good.length ? Math.min(...good.map((answer) => answer.at)) - since : undefined;
  }

  /** How often each status came, as text. */
  summary() {
    const counts = {};
    for (const { status } of this.answers) {
      counts[status] = (counts[status] ?? 0) + 1;
    }
    return Object.entries(counts).map(([status, count]) => `${count} × ${status === '0' ? 'no answer' : status}`).join(', ');
  }

  /** Fails if there was an answer that nobody should get while something is broken. */
  assertHonest({ also = [] } = {}) {
    const odd = this.answers.filter(({ status, retry }) => ![200, 201, ...also].includes(status) && !(status === 503 && retry));
    assert.deepEqual(odd.slice(0, 5).map(({ what, status, text }) => `${what} ${status} ${text ?? ''}`), [], this.summary());
  }

  async ask(what, method, path, options) {
    const answer = await ask(this.agent, this.target, method, path, { limit: this.limit, ...options });
    this.answers.push({ what, status: answer.status, milliseconds: answer.milliseconds, at: performance.now(), changes: what !== 'auth' && what !== 'list', retry: answer.headers['retry-after'], text: answer.json?.error });
    return answer;
  }

  async #work(mine) {
    for (let count = 0; this.going && count < this.most; count++) {
      const known = mine.filter((account) => !this.ledger.unknown.has(account.username) && !account.stopped);
      const account = known[Math.floor(Math.random() * known.length)];
      const what = account ? this.deck[Math.floor(Math.random() * this.deck.length)] : 'create';
      const { status } = await this[what](account, mine);
      await pause(status === 0 ? 20 : this.rest);
    }
  }

  async #change(what, username, method, path, options) {
    this.ledger.unknown.add(username); // until there is an answer
    const answer = await this.ask(what, method, path, options);
    if (answer.status >= 200 && answer.status < 500) {
      this.ledger.unknown.delete(username);
    }
    return answer;
  }

  async create(_, mine) {
    const username = `m${process.pid}x${++made}`;
    const account = { username, email: `${username}@fitness-center.local`, password: `grey otter ${randomBytes(5).toString('hex')}`, tokens: [] };
    const { username: name, email, password } = account;
    const answer = await this.#change('create', username, 'POST', '/api/v1/admin/create', { token: this.root, json: { username: name, email, password } });
    if (answer.status === 201) {
      this.ledger.acknowledge('created', { username: name, email, password });
      mine.push(account);
    }
    return answer;
  }

  async login(account) {
    const answer = await this.ask('login', 'POST', '/api/v1/login', { json: { username: account.username, password: account.password } });
    if (answer.status === 200) {
      this.ledger.acknowledge('session', { username: account.username, token: answer.json.token });
      account.tokens.push(answer.json.token);
    }
    return answer;
  }

  auth(account) {
    return this.ask('auth', 'GET', '/api/v1/auth', { token: account.tokens.at(-1) ?? this.root });
  }

  list() {
    return this.ask('list', 'GET', '/api/v1/admin/list', { token: this.root });
  }

  async end(account) {
    const answer = await this.#change('stop', account.username, 'DELETE', `/api/v1/admin/${account.username}`, { token: this.root });
    if (answer.status === 200) {
      this.ledger.acknowledge('stopped', { username: account.username });
      account.stopped = true;
    }
    return answer;
  }

  async password(account) {
    const chosen = `red heron ${randomBytes(5).toString('hex')}`;
    const answer = await this.#change('password', account.username, 'PUT', '/api/v1/admin/password', {
      token: this.root, json: { username: account.username, current_password: account.password, new_password: chosen } });
    if (answer.status === 200) {
      this.ledger.acknowledge('password', { username: account.username, password: chosen });
      Object.assign(account, { password: chosen, tokens: [] });
    }
    return answer;
  }
}
