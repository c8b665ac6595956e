// S21. A path that one reader takes for this and another for that, on every route that asks for rights: it is
// refused, or it is that route with its rights. In C: http/target.h and fuzz/http.c.
import assert from 'node:assert/strict';

import { call } from '../lib/client.js';
import { freePort, until } from '../lib/place.js';
import { isOpen, operations } from './lib/operations.js';
import { goodRequest, sendable, stage } from './lib/stage.js';
import { LONG, statement } from './lib/statement.js';
import { ask } from './lib/wire.js';

const split = (path) => {
  const [whole, query] = path.split('?');
  return { segments: whole.slice(1).split('/'), query: query === undefined ? '' : `?${query}` };
};
/** Does something to the path as a whole, or to what is between its last two segments. */
const all = (change) => (path) => path.replace(/^[^?]*/, change);
const between = (what) => (path) => {
  const { segments, query } = split(path);
  return `/${segments.slice(0, -1).join('/')}${segments.length > 1 ? '/' : ''}${what}${segments.at(-1)}${query}`;
};
const instead = (what) => (path) => {
  const { segments, query } = split(path);
  return `/${segments.length > 1 ? '' : what}${segments.join(what)}${query}`;
};

/** No reader may take them for a path of ours: 400, whoever asks. */
const AMBIGUOUS = {
  'two slashes': between('/'), 'two slashes in front': all((path) => `/${path}`), 'three slashes': between('//'),
  'a dot': between('./'), 'two dots': between('x/../'), 'an escaped dot': between('%2e/'), 'escaped dots': between('x/%2e%2e/'), 'half escaped dots': between('x/.%2E/'),
  'dots at the end': all((path) => `${path}/x/..`), 'a dot at the end': all((path) => `${path}/.`), 'dots above the root': all((path) => `/../..${path}`),
  'an escaped slash': all((path) => `${path}%2f`), 'an escaped slash in front': all((path) => `/%2F${path.slice(1)}`), 'escaped slashes': instead('%2F'),
  'a backslash': all((path) => path.replace(/^\//, '/\\')), 'backslashes': instead('\\'), 'an escaped backslash': instead('%5c'), 'dots and a backslash': between('x\\..\\'),
  'a NUL at the end': all((path) => `${path}%00`), 'a NUL and an ending': all((path) => `${path}%00.png`), 'a raw NUL': all((path) => `${path}\0`), 'an escaped LF': all((path) => `${path}%0a`),
  'an escaped CR LF and a header': all((path) => `${path}%0d%0aX-User:root`), 'an escaped DEL': all((path) => `${path}%7f`),
  'an overlong slash': instead('%c0%af'), 'overlong dots': between('x/%c0%ae%c0%ae/'), 'an overlong slash of three': instead('%e0%80%af'), 'a byte that is no UTF-8': all((path) => `${path}%ff`),
  'a surrogate': all((path) => `${path}%ed%a0%80`), 'an escape that ends early': all((path) => `${path}%4`), 'an escape that is none': all((path) => `${path}%zz`), 'an escape of IIS': all((path) => `${path}%u002f`),
  'a fragment': all((path) => `${path}#x`), 'an absolute form': all((path) => `http://a${path}`), 'another host': all((path) => `http://evil.example${path}`), 'https': all((path) => `https://a:443${path}`),
  'no slash': all((path) => path.slice(1)), 'an open path below which it would be': all((path) => `/livez/..${path}`), 'an open path, escaped': all((path) => `/livez/%2e%2e${path}`),
  'an open path and a slash': all((path) => `/livez%2f..${path}`), 'an open path and a backslash': all((path) => `/livez\\..${path}`), 'keys above it': all((path) => `/.well-known/jwks.json/../..${path}`),
  'a byte above ASCII': all((path) => `${path}\xe9`), 'an open path and two slashes': all((path) => `/livez/${path}`),
};

/** Other paths than ours: none of them is the route, whoever asks. */
const OTHER = {
  'a matrix parameter': between(';x=1/'), 'dots of Tomcat': between('x/..;/'), 'a session': all((path) => `${path}/;jsessionid=1`), 'dots escaped twice': between('x/%252e%252e/'),
  'an open path and a parameter': all((path) => `/livez;${path}`), 'a wide slash': instead('%ef%bc%8f'), 'a slash escaped twice': instead('%252f'),
  'capitals': (path) => path.replace(/^\/[a-z.]+/, (first) => first.toUpperCase()), 'a blank in front': all((path) => `/%20${path.slice(1)}`), 'an open path above it': all((path) => `/livez${path}`),
};

/** The same path, as every reader has it. */
const SAME = {
  'an escaped letter': all((path) => path.replace(/^\/[a-z]/, (start) => `/%${start.charCodeAt(1).toString(16)}`)),
  'all of it escaped': all((path) => path.replace(/[a-z]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`)),
  'a query with dots and slashes': (path) => `${path}${path.includes('?') ? '&' : '?'}x=/../%2e%2e//livez;y`,
};

const HOSTS = ['', 'a/b', 'a b', 'a@b', 'a:b', 'a:99999', 'a,b', 'http://a', 'a\\b', 'a%00', '[::1', '::1', 'a?b', 'a#b', '\xe9', 'a\r\nHost: b'];
const FINE_HOSTS = ['evil.example', 'localhost:1', '127.0.0.1', '[::1]:80', '169.254.169.254', 'A.EXAMPLE', 'a.example.'];

statement('S21', async (tries) => {
  const edgeOnly = await freePort();
  const place = await stage({ args: ['--listen', `127.0.0.1:${edgeOnly}=edge`] });
  const anonymous = ({ token: _, ...request }) => request;
  const status = async (request) => {
    const answer = await ask(place.server, sendable(request));
    assert.ok(answer.status < 500, answer.text);
    return answer.status;
  };

  for (const operation of operations()) {
    const base = await goodRequest(place, operation);
    const closed = !isOpen(operation);
    for (const [what, change] of Object.entries(AMBIGUOUS)) {
      await tries(`${operation.name}: ${what}`, async () => {
        const request = { ...base, path: change(base.path) };
        assert.notEqual(request.path, base.path);
        assert.equal(await status(request), 400);
        assert.equal(LONG ? await status(anonymous(request)) : 400, 400);
      });
    }
    for (const [what, change] of Object.entries(OTHER)) {
      await tries(`${operation.name}: ${what}`, async () => {
        const request = { ...base, path: change(base.path) };
        assert.notEqual(request.path, base.path);
        const [nobody, somebody] = [await status(anonymous(request)), await status(request)];
        assert.ok([400, 401, 404, 405].includes(nobody), `${request.path}: nobody gets ${nobody}`);
        assert.ok([400, 404, 405, 409].includes(somebody), `${request.path}: ${somebody}`);
      });
    }
    for (const [what, change] of Object.entries(SAME)) {
      await tries(`${operation.name}: ${what}`, async () => {
        const request = await goodRequest(place, operation);
        request.path = change(request.path);
        assert.equal(closed ? await status(anonymous(request)) : 401, 401);
        assert.ok((await status(request)) < 400, request.path);
      });
    }
    await tries(`${operation.name}: no Host that could be read in two ways`, async () => {
      for (const host of HOSTS) {
        assert.equal(await status({ ...base, headers: { ...base.headers, Host: host } }), 400, JSON.stringify(host));
      }
    });
    await tries(`${operation.name}: no Host lets anybody in`, async () => {
      for (const host of closed ? FINE_HOSTS : []) {
        assert.equal(await status(anonymous({ ...base, headers: { ...base.headers, Host: host } })), 401, host);
      }
    });
    await tries(`${operation.name}: at a listener of one face`, async () => {
      const there = { port: edgeOnly };
      const paths = [base.path, SAME['all of it escaped'](base.path), OTHER.capitals(base.path), `/health/..${base.path}`, `/health/%2e%2e${base.path}`, `/api/v1${base.path}`];
      for (const path of operation.face === 'edge' || operation.face === 'self' ? [] : paths) {
        const answer = await ask(there, sendable({ ...base, path }));
        assert.ok([400, 404, 405].includes(answer.status), `${path}: ${answer.status}`);
      }
    });
  }

  for (const [sent, read] of [['%41', 'A'], ['%2541', '%41'], ['%252e%252e', '%2e%2e'], ['%25252f', '%252f'], ['a+b', 'a+b'], ['%C3%A9', 'é']]) {
    await tries(`${sent} is decoded once`, async () => {
      const { status: missing, json } = await call(place.server, 'GET', `/actuator/${sent}`);
      assert.deepEqual([missing, json.path], [404, `/actuator/${read}`]); // the corporate face tells it
    });
  }
  await tries('the log has the path that was routed', async () => {
    await ask(place.server, { path: '/%6civez', headers: { 'X-Request-Id': 'hostile-decoded-once' } });
    const found = () => place.server.logs().split('\n').find((line) => line.includes('hostile-decoded-once'));
    const { path, route } = JSON.parse(await until(found));
    assert.deepEqual([path, route], ['/livez', '/livez']);
  });
});
