// Real gateways with the configurations of docs/gateways, in front of an application that tells what
// reached it. The documented ports are put in the place of free ones; nothing else is changed.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { dirname, join, resolve } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { answersIn, call, raw } from './client.js';
import { createAdmin, tokenOf } from './edge.js';
import { atEnd, end, freePort, run, tempDir, until } from './place.js';
import { startSignet } from './signet.js';

const documented = resolve(dirname(fileURLToPath(import.meta.url)), '../../docs/gateways');
const DOCUMENTED_PORTS = { door: 8080, signet: 8085, application: 9000 };

/** Lines of nginx's configuration that keep what it writes inside `dir`. */
export function nginxTemporary(dir) {
  mkdirSync(join(dir, 'temporary'));
  return ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((what) => `${what}_temp_path ${dir}/temporary/${what};`).join('\n    ');
}

/** The application behind the gateway: answers with the headers that reached it, as name-value pairs. */
async function startApplication() {
  const seen = [];
  const server = http.createServer((request, response) => {
    const headers = [];
    for (let at = 0; at < request.rawHeaders.length; at += 2) {
      headers.push([request.rawHeaders[at], request.rawHeaders[at + 1]]);
    }
    seen.push(headers);
    const text = JSON.stringify({ method: request.method, url: request.url, headers });
    request.resume().on('end', () => {
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) });
      response.end(text);
    });
  });
  const port = await freePort();
  await new Promise((ready) => server.listen(port, '127.0.0.1', ready));
  atEnd(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port, seen };
}

/** In the place of Signet, something that answers as `behave(request, response)` does. */
async function startImpostor(behave) {
  const server = http.createServer(behave);
  const port = await freePort();
  await new Promise((ready) => server.listen(port, '127.0.0.1', ready));
  atEnd(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port };
}

/** Writes a documented file into `dir`, with the ports of this test. */
export function place(dir, file, ports) {
  let text = readFileSync(join(documented, file), 'utf8');
  for (const [name, port] of Object.entries(ports)) {
    text = text.replaceAll(new RegExp(`\\b${DOCUMENTED_PORTS[name]}\\b`, 'g'), `${port}`);
  }
  writeFileSync(join(dir, file), text);
  return join(dir, file);
}

/** Where a program is: by the environment variable of its name in capitals, or in the usual places. */
export function program(name) {
  const given = process.env[name.toUpperCase()];
  const path = `${process.env.PATH}:/usr/sbin:/sbin`;
  try {
    return given || execFileSync('sh', ['-c', `command -v ${name}`], { env: { PATH: path }, encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}

async function startGateway(gateway, signetPort, applicationPort) {
  const dir = tempDir(gateway.name);
  const ports = { door: await freePort(), signet: signetPort, application: applicationPort };
  const { args, env = {} } = gateway.prepare(dir, ports);
  const process_ = run(program(gateway.name), args, {
    cwd: dir,
    env: { ...process.env, HOME: dir, XDG_DATA_HOME: dir, XDG_CONFIG_HOME: dir, ...env },
  });
  atEnd(() => end(process_, 'SIGTERM', 3_000));
  const door = { port: ports.door, logs: process_.logs };
  await until(
    () => {
      assert.ok(process_.running(), `${gateway.name} ended:\n${process_.logs()}`);
      return call(door, 'GET', '/', { plain: true }).then((answer) => answer.status !== 404);
    },
    { what: `${gateway.name} to answer` },
  );
  return door;
}

function valuesOf(answer, name) {
  return answer.json.headers.filter(([seen]) => seen.toLowerCase() === name).map(([, value]) => value);
}

/** Every header that an application could take for `name`: CGI and its heirs know no difference between - and _. */
function lookalikes(answer, name) {
  const plain = (text) => text.toLowerCase().replaceAll('_', '-');
  return answer.json.headers.filter(([seen]) => plain(seen) === name);
}

const FORGED = [
  ['X-User', 'root'],
  ['x-user', 'root'],
  ['X-USER', 'root'],
  ['X_User', 'root'],
  ['x_user', 'root'],
  ['X-User', ''],
];
const FORGED_MORE = ['X-User-Id', 'X_User_Id', 'X-User_Id', 'X-User-Email', 'X-User-Roles', 'X_USER_ROLES', 'X-Auth-Service'];

/**
 * Declares the tests that every gateway has to pass. `gateway` is {name, prepare(dir, ports)}; prepare
 * writes what it needs into dir and gives {args, env}. Only a gateway that is `optional` may be missing.
 */
export function testGateway(gateway) {
  const missing = program(gateway.name) === undefined;
  if (missing && gateway.optional) {
    test(`${gateway.name} is not installed here (give its path as ${gateway.name.toUpperCase()})`, { skip: true }, () => {});
    return;
  }

  let setting;
  const set = () => {
    setting ??= (async () => {
      const signet = await startSignet();
      const application = await startApplication();
      const door = await startGateway(gateway, signet.port, application.port);
      const token = await tokenOf(signet);
      return { signet, application, door, token, startGateway: (port) => startGateway(gateway, port, application.port) };
    })();
    return setting;
  };
  const ask = (door, options = {}) => call(door, 'GET', '/members?page=2', { plain: true, ...options });
  const declare = (title, body) => test(`${gateway.name}: ${title}`, async () => body(await set()));

  declare('without a token nothing reaches the application', async ({ door, application }) => {
    const before = application.seen.length;
    for (const options of [{}, { token: 'rubbish' }, { headers: { Authorization: 'Basic YTpi' } }]) {
      const answer = await ask(door, options);
      assert.equal(answer.status, 401);
      assert.equal(answer.headers['www-authenticate'], 'Bearer');
      assert.deepEqual(answer.json, { error: 'unauthorized' });
    }
    assert.equal(application.seen.length, before);
  });

  declare('with a token it reaches the application as it was, and with its name', async ({ door, token }) => {
    const answer = await ask(door, { token });
    assert.equal(answer.status, 200);
    assert.equal(answer.json.url, '/members?page=2');
    assert.deepEqual(valuesOf(answer, 'x-user'), ['admin']);
  });

  declare('a request with a body, of any method, passes whole', async ({ door, token }) => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      const answer = await call(door, method, '/members', { plain: true, token, json: { name: 'x'.repeat(5_000) } });
      assert.equal(answer.status, 200);
      assert.equal(answer.json.method, method);
      assert.deepEqual(valuesOf(answer, 'x-user'), ['admin']);
    }
  });

  declare('a forged name never reaches the application, however it is spelled', async ({ door, token }) => {
    for (const [name, value] of FORGED) {
      const answer = await ask(door, { token, headers: { [name]: value } });
      assert.deepEqual(lookalikes(answer, 'x-user').map(([, seen]) => seen), ['admin'], `${name}: ${value}`);
    }
    const twice = `GET / HTTP/1.1\r\nHost: 127.0.0.1:${door.port}\r\nAuthorization: Bearer ${token}\r\nX-User: root\r\nx-user: toor\r\nX_User: root\r\nConnection: close\r\n\r\n`;
    const { bytes } = await raw(door.port, twice);
    assert.match(bytes.toString('latin1'), /^HTTP\/1\.1 200 /);
    assert.doesNotMatch(bytes.toString('latin1'), /root|toor/);
  });

  declare('no other identity header of the client reaches it either', async ({ door, token }) => {
    for (const name of FORGED_MORE) {
      const answer = await ask(door, { token, headers: { [name]: 'forged' } });
      assert.equal(answer.status, 200);
      assert.ok(!answer.text.includes('forged'), `${name} got through`);
    }
  });

  declare('a name that the client declares to be of this hop only still arrives', async ({ door, token }) => {
    for (const option of ['close, X-User', 'close, x-user, X-User', 'close, Authorization']) {
      const request = `GET / HTTP/1.1\r\nHost: 127.0.0.1:${door.port}\r\nAuthorization: Bearer ${token}\r\nConnection: ${option}\r\n\r\n`;
      const { bytes } = await raw(door.port, request);
      const [answer] = bytes.length > 0 ? answersIn(dechunked(bytes)) : [];
      if (answer?.status === 200) {
        assert.deepEqual(valuesOf(answer, 'x-user'), ['admin'], option);
      } else {
        assert.ok(answer.status >= 400, `answered ${answer.status}`);
      }
    }
  });

  declare('two tokens are never the better of the two', async ({ door, token, application }) => {
    const before = application.seen.length;
    const request = `GET / HTTP/1.1\r\nHost: 127.0.0.1:${door.port}\r\nAuthorization: Bearer rubbish\r\nAuthorization: Bearer ${token}\r\nConnection: close\r\n\r\n`;
    const { bytes } = await raw(door.port, request);
    assert.match(bytes.toString('latin1'), /^HTTP\/1\.1 [45]/);
    assert.equal(application.seen.length, before);
  });

  declare('the question to Signet itself cannot be asked from outside', async ({ door }) => {
    for (const path of ['/signet-auth', '/api/v1/auth', '/api/v1/admin/list', '/api/v1/auth/../admin/list']) {
      const answer = await call(door, 'GET', path, { plain: true });
      assert.ok(answer.status >= 400, `${path} answered ${answer.status}`);
      assert.equal(answer.headers['x-user'], undefined);
    }
  });

  declare('who was stopped is refused at the next request', async ({ door, signet, token }) => {
    const admin = await createAdmin(signet, token);
    const theirs = await tokenOf(signet, admin.username, admin.password);
    assert.deepEqual(valuesOf(await ask(door, { token: theirs }), 'x-user'), [admin.username]);
    const stopped = await call(signet, 'DELETE', `/api/v1/admin/${admin.username}`, { token });
    assert.equal(stopped.status, 200);
    assert.equal((await ask(door, { token: theirs })).status, 401);
  });

  declare('an answer of Signet that is no yes and no no is never a yes', async (all) => {
    const behaviours = {
      'an internal error': (_, response) => response.writeHead(500).end('{"error":"internal error"}'),
      'an overload': (_, response) => response.writeHead(503, { 'Retry-After': '1' }).end(),
      'a redirection': (_, response) => response.writeHead(302, { Location: '/' }).end(),
      'a line that is no HTTP': (_, response) => response.socket.end('200 OK\r\nX-User: root\r\n\r\n'),
      'a closed connection': (_, response) => response.socket.destroy(),
      'half an answer': (_, response) => response.socket.end('HTTP/1.1 200 OK\r\nX-User: ro'),
      'five seconds of nothing': (_, response) => setTimeout(() => response.socket?.destroy(), 5_000),
    };
    let behave = behaviours['an overload'];
    const impostor = await startImpostor((request, response) => behave(request, response));
    const door = await all.startGateway(impostor.port);
    const before = all.application.seen.length;
    for (const [name, behaviour] of Object.entries(behaviours)) {
      behave = behaviour;
      const answer = await ask(door, { token: all.token });
      assert.ok(answer.status >= 500 || answer.status === 302, `${name}: answered ${answer.status}`);
    }
    assert.equal(all.application.seen.length, before);
  });

  declare('a yes that names nobody makes nobody of who says root', async (all) => {
    const impostor = await startImpostor((_, response) => response.writeHead(200, { 'Content-Length': 0 }).end());
    const door = await all.startGateway(impostor.port);
    const answer = await ask(door, { token: all.token, headers: { 'X-User': 'root' } });
    if (answer.status < 500) {
      assert.deepEqual(lookalikes(answer, 'x-user').filter(([, value]) => value !== ''), []);
    }
  });

  declare('while Signet is down nobody passes, and when it is back they do', async ({ door, signet, token, application }) => {
    const before = application.seen.length;
    await signet.stop();
    for (let tries = 0; tries < 2; tries++) {
      const answer = await ask(door, { token });
      assert.ok(answer.status >= 500, `answered ${answer.status}`);
    }
    assert.equal(application.seen.length, before);
    await startSignet({ dataDir: signet.dir, port: signet.port });
    await until(async () => (await ask(door, { token })).status === 200, { limit: 20_000, what: 'the way to be open again' });
  });
}

/** The answers of some gateways come in chunks: puts the body of one together and names its length. */
function dechunked(bytes) {
  const text = bytes.toString('latin1');
  const split = text.indexOf('\r\n\r\n');
  if (!/^transfer-encoding: chunked\r$/im.test(text.slice(0, split + 2))) {
    return bytes;
  }
  let rest = text.slice(split + 4);
  let body = '';
  for (let size; (size = parseInt(rest, 16)) > 0; rest = rest.slice(size + 2)) {
    rest = rest.slice(rest.indexOf('\r\n') + 2);
    body += rest.slice(0, size);
  }
  return Buffer.from(`${text.slice(0, split)}\r\nContent-Length: ${body.length}\r\n\r\n${body}`, 'latin1');
}
