// Requests that no honest client sends, as a table: what each is answered, over a raw socket.
//
// A row is {name, send, status}. `send` is the bytes. `status` is one status or the several that are
// right for it. The connection is closed after the answer, because where the next request would begin
// is anybody's guess; only after a 404 it may stay open. After each row the server still answers.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { answersIn, assertSignetAnswer, call, raw } from '../lib/client.js';
import { assertError, tokenOf } from '../lib/edge.js';
import * as gateway from '../lib/gateway_face.js';
import { pause, until } from '../lib/place.js';
import { SETTING } from '../lib/settings.js';
import { startSignet } from '../lib/signet.js';

const JSON_BODY = '{"username":"nobody","password":"not the password"}';
const LOGIN = 'POST /api/v1/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n';
const CHUNKED = `${LOGIN}Transfer-Encoding: chunked\r\n\r\n`;
const GOOD = 'GET /health HTTP/1.1\r\nHost: a\r\n\r\n';

const get = (target, headers = 'Host: a\r\n', version = 'HTTP/1.1') => `GET ${target} ${version}\r\n${headers}\r\n`;
const withHeader = (line) => get('/health', `Host: a\r\n${line}\r\n`);
const withLength = (...lengths) =>
  `${LOGIN}${lengths.map((length) => `Content-Length:${length}\r\n`).join('')}\r\n${JSON_BODY}`;
const size = JSON_BODY.length;
const hex = size.toString(16);

const lengths = [
  { name: 'two Content-Lengths that differ', send: withLength(` ${size}`, ` ${size + 1}`), status: 400 },
  { name: 'two Content-Lengths that are the same', send: withLength(` ${size}`, ` ${size}`), status: 400 },
  { name: 'a Content-Length that is a list', send: withLength(` ${size}, ${size}`), status: 400 },
  { name: 'a Content-Length with a plus', send: withLength(` +${size}`), status: 400 },
  { name: 'a Content-Length below nothing', send: withLength(' -1'), status: 400 },
  { name: 'a Content-Length in hexadecimal', send: withLength(` 0x${hex}`), status: 400 },
  { name: 'a Content-Length with a leading zero', send: withLength(` 0${size}`), status: 400 },
  { name: 'a Content-Length with a fraction', send: withLength(` ${size}.0`), status: 400 },
  { name: 'a Content-Length in words', send: withLength(' many'), status: 400 },
  { name: 'a Content-Length of nothing at all', send: withLength(''), status: 400 },
  { name: 'a Content-Length with a blank in it', send: withLength(' 5 1'), status: 400 },
  { name: 'a Content-Length over 32 bits', send: withLength(' 4294967347'), status: 413 },
  { name: 'a Content-Length over 63 bits', send: withLength(' 9223372036854775808'), status: [400, 413] },
  { name: 'a Content-Length over 64 bits', send: withLength(` ${2n ** 64n + BigInt(size)}`), status: [400, 413] },
  { name: 'a Content-Length of a thousand digits', send: withLength(` ${'9'.repeat(1_000)}`), status: [400, 413] },
  { name: 'a Content-Length over the limit, and no body yet', send: `${LOGIN}Content-Length: 70000\r\n\r\n`, status: 413 },
  { name: 'an expectation that nobody knows', send: withHeader('Expect: a miracle'), status: 417 },
];

const codings = [
  { name: 'a length and a coding', send: `${LOGIN}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, status: 400 },
  { name: 'a coding and a length', send: `${LOGIN}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n`, status: 400 },
  ...['gzip', 'identity', 'gzip, chunked', 'chunked, gzip', 'chunked, chunked', 'chunked;q=1', 'xchunked', '"chunked"', '',
    'chunked,', ', chunked', '\x0bchunked'].map((coding) => ({
    name: `the coding ${JSON.stringify(coding)}`,
    send: `${LOGIN}Transfer-Encoding: ${coding}\r\n\r\n${hex}\r\n${JSON_BODY}\r\n0\r\n\r\n`,
    status: [400, 501],
  })),
  { name: 'two codings', send: `${LOGIN}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n`, status: [400, 501] },
  { name: 'a space before the colon of the coding', send: `${LOGIN}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n`, status: 400 },
  { name: 'a coding in HTTP/1.0', send: `${CHUNKED.replace('1.1', '1.0')}${hex}\r\n${JSON_BODY}\r\n0\r\n\r\n`, status: 400 },
  ...['', 'g', '-1', '+5', '0x5', ' 5', '5 ', '5;name=value', '5\t', '1'.repeat(17), 'ffffffffffffffff', '80000000000000000'].map(
    (chunk) => ({ name: `the chunk size ${JSON.stringify(chunk)}`, send: `${CHUNKED}${chunk}\r\n`, status: [400, 413] }),
  ),
  { name: 'a chunk longer than it says', send: `${CHUNKED}2\r\n${JSON_BODY}\r\n0\r\n\r\n`, status: 400 },
  { name: 'a chunk size that ends with a bare LF', send: `${CHUNKED}${hex}\n${JSON_BODY}\r\n0\r\n\r\n`, status: 400 },
  { name: 'a chunk that ends with a bare LF', send: `${CHUNKED}${hex}\r\n${JSON_BODY}\n0\r\n\r\n`, status: 400 },
  { name: 'a chunk size that does not end', send: `${CHUNKED}${'0'.repeat(100)}`, status: 400 },
  { name: 'chunks over the limit', send: `${CHUNKED}fffff\r\n`, status: 413 },
  { name: 'trailers', send: `${CHUNKED}${hex}\r\n${JSON_BODY}\r\n0\r\nX-User: root\r\n\r\n`, status: 400 },
];

const lines = [
  { name: 'lines that end with a bare LF', send: 'GET /health HTTP/1.1\nHost: a\n\n', status: 400 },
  { name: 'one line that ends with a bare LF', send: 'GET /health HTTP/1.1\r\nHost: a\nX-User: b\r\n\r\n', status: 400 },
  { name: 'a bare CR in the request line', send: get('/hea\rlth'), status: 400 },
  { name: 'a bare CR in a value', send: withHeader('X-A: b\rX-User: root'), status: 400 },
  { name: 'a NUL in a value', send: withHeader('X-A: b\0c'), status: 400 },
  { name: 'a NUL in a name', send: withHeader('X-\0A: b'), status: 400 },
  { name: 'a NUL in the target', send: get('/hea\0lth'), status: 400 },
  { name: 'a control character in a value', send: withHeader('X-A: b\x07c'), status: 400 },
  { name: 'a tab in a value', send: withHeader('X-A: b\tc'), status: 400 },
  { name: 'a tab behind a value, which servers read in different ways', send: withHeader('Connection: close\t'), status: 400 },
  { name: 'a DEL in a value', send: withHeader('X-A: b\x7fc'), status: 400 },
  { name: 'a continued line', send: withHeader('X-A: b\r\n c'), status: 400 },
  { name: 'a continued line with a tab', send: withHeader('X-A: b\r\n\tc'), status: 400 },
  { name: 'a first header line that is continued', send: get('/health', ' X-A: b\r\nHost: a\r\n'), status: 400 },
  { name: 'a space before a colon', send: withHeader('X-A : b'), status: 400 },
  { name: 'a tab before a colon', send: withHeader('X-A\t: b'), status: 400 },
  { name: 'a space in a name', send: withHeader('X A: b'), status: 400 },
  { name: 'a line without a colon', send: withHeader('X-A b'), status: 400 },
  { name: 'a line without a name', send: withHeader(': b'), status: 400 },
  { name: 'a name with a quote', send: withHeader('X"A: b'), status: 400 },
  { name: 'a name that is not ASCII', send: withHeader('X-\xc4: b'), status: 400 },
  { name: 'a hundred and one headers', send: get('/health', `Host: a\r\n${'X-A: b\r\n'.repeat(100)}`), status: 431 },
  { name: 'a header of 20,000 bytes', send: withHeader(`X-A: ${'b'.repeat(20_000)}`), status: 431 },
  { name: 'a header line that does not end', send: `GET /health HTTP/1.1\r\nHost: a\r\nX-A: ${'b'.repeat(20_000)}`, status: 431 },
  { name: 'a request line of 10,000 bytes', send: get(`/${'a'.repeat(10_000)}`), status: 414 },
  { name: 'a request line that does not end', send: `GET /${'a'.repeat(20_000)}`, status: 414 },
  { name: 'two Authorizations', send: withHeader('Authorization: Bearer a\r\nAuthorization: Bearer b'), status: 400 },
  { name: 'two Content-Types', send: `${LOGIN}Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}`, status: 400 },
];

const hosts = [
  { name: 'no Host', send: get('/health', ''), status: 400 },
  { name: 'an empty Host', send: get('/health', 'Host:\r\n'), status: 400 },
  { name: 'two Hosts', send: get('/health', 'Host: a\r\nHost: b\r\n'), status: 400 },
  { name: 'two Hosts that are the same', send: get('/health', 'Host: a\r\nhost: a\r\n'), status: 400 },
  { name: 'a Host with a path', send: get('/health', 'Host: a/b\r\n'), status: 400 },
  { name: 'a Host with a blank', send: get('/health', 'Host: a b\r\n'), status: 400 },
  { name: 'a Host with a user', send: get('/health', 'Host: a@b\r\n'), status: 400 },
  { name: 'a Host with a port that is none', send: get('/health', 'Host: a:b\r\n'), status: 400 },
  { name: 'a Host that is a list', send: get('/health', 'Host: a, b\r\n'), status: 400 },
];

/** What is below /api, and not below /api/v1, is the gateway's. */
const refusedBelow = (target) => (/^\/api\/(?!v1(\/|$))/.test(target) ? (answer, status) => gateway.assertError(answer, status, 'REQUEST_REFUSED') : assertError);

const targets = [
  '/hea lth', '/health%00', '/%00', '/health%0d%0aX-User:root', '/api%2fv1%2fauth', '/api/v1%2Fauth', '/./health', '/../health',
  '/api/../health', '/api/v1/./auth', '/api/%2e%2e/health', '/api/.%2e/health', '/api\\v1\\auth', '/api%5cv1%5cauth', '//health',
  '/api//v1/auth', '/health%', '/health%4', '/health%zz', '/health%c0%af', '/health%ff', '/health#part', 'health', '*', '', '/\x80health',
  '/health?%00', '/health?\x01', 'http://a/health', 'http://evil.example/health', 'a:443', '/<health>', '/"health"', '/hea\tlth',
].map((target) => ({ name: `the target ${JSON.stringify(target)}`, send: get(target), status: [400, 404], refused: refusedBelow(target) }));

const starts = [
  ...['HTTP/0.9', 'HTTP/1.2', 'HTTP/2.0', 'HTTP/9.9', 'HTTP/3.1'].map((version) => ({
    name: `the version ${version}`, send: get('/health', 'Host: a\r\n', version), status: [400, 505],
  })),
  ...['HTTP/1', 'HTTP/1.', 'HTTP/1.10', 'HTTP/01.1', 'http/1.1', 'HTTP/1.1 ', 'HTTP/ 1.1', 'HTTPS/1.1', 'ICY/1.0', '1.1', 'HTTP/1.1\t'].map(
    (version) => ({ name: `the version ${JSON.stringify(version)}`, send: get('/health', 'Host: a\r\n', version), status: 400 }),
  ),
  { name: 'no version', send: 'GET /health\r\nHost: a\r\n\r\n', status: 400 },
  { name: 'two spaces in the request line', send: 'GET  /health HTTP/1.1\r\nHost: a\r\n\r\n', status: 400 },
  { name: 'a tab in the request line', send: 'GET\t/health\tHTTP/1.1\r\nHost: a\r\n\r\n', status: 400 },
  { name: 'a request that begins with a space', send: ` ${GOOD}`, status: 400 },
  { name: 'a request that begins with an empty line', send: `\r\n${GOOD}`, status: 400 },
  { name: 'a greeting of TLS', send: Buffer.from('160301020001000001fc0303', 'hex'), status: 400 },
  { name: 'the preface of HTTP/2', send: 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', status: [400, 501, 505] },
  ...['BREW', 'get', 'TRACE', 'CONNECT', 'PROPFIND', 'X'.repeat(200)].map((method) => ({
    name: `the method ${method.slice(0, 10)}`, send: `${method} /health HTTP/1.1\r\nHost: a\r\n\r\n`, status: [400, 501],
  })),
  { name: 'a tunnel', send: 'CONNECT /api/v1/auth HTTP/1.1\r\nHost: a\r\n\r\n', status: 501 },
  { name: 'a method of a path that is not there', send: 'BREW /nowhere HTTP/1.1\r\nHost: a\r\n\r\n', status: 501 },
  { name: 'a method that is no token', send: 'G(T /health HTTP/1.1\r\nHost: a\r\n\r\n', status: 400 },
];

let server;
before(async () => {
  server = await startSignet();
});

async function assertAlive(place = server) {
  assert.equal((await call(place, 'GET', '/livez', { plain: true })).status, 200);
  assert.ok(place.running());
}

function checkRow(row) {
  test(`${row.name} is refused`, async () => {
    // A good request behind the odd one must never be answered as if nothing had been.
    const { bytes, closed } = await raw(server.port, Buffer.concat([Buffer.from(row.send, 'latin1'), Buffer.from(GOOD)]));
    const [answer, ...others] = answersIn(bytes);
    assert.ok(answer, 'an answer, not only a closed connection');
    (row.refused ?? assertError)(answer, answer.status);
    assertSignetAnswer(answer);
    assert.ok([row.status].flat().includes(answer.status), `answered ${answer.status}`);
    assert.doesNotMatch(answer.text, /src\/|\.c:|ERR_|0x[0-9a-f]{6}/, 'nothing of the inside is told');
    if (answer.status !== 404) {
      assert.equal(others.length, 0, 'what follows is not answered');
      assert.equal(answer.headers.connection, 'close');
      assert.ok(closed, 'the connection is closed');
    }
    await assertAlive();
  });
}

for (const [title, table] of Object.entries({ lengths, codings, lines, hosts, targets, starts })) {
  describe(title, () => table.forEach(checkRow));
}

test('what cannot be read is refused in the shape of the face that it was meant for', async () => {
  const odd = [`GET /livez/%0f HTTP/1.1`, `GET /livez/%zz HTTP/1.1`, `GET /livez/../health HTTP/1.1`, `TRACE /livez HTTP/1.1`,
    `GET /livez HTTP/1.9`, `GET /livez?%00 HTTP/1.1`];
  for (const line of odd) {
    const [answer] = answersIn((await raw(server.port, `${line}\r\nHost: a\r\n\r\n`)).bytes);
    assert.ok(answer.status >= 400, line);
    assert.equal(answer.headers['content-type'], 'text/plain; charset=utf-8', line);
  }
});

describe('what is unusual but right is answered', () => {
  const right = [
    { name: 'a lower-case header name', send: get('/health', 'host: a\r\n'), status: 200 },
    { name: 'no blank behind a colon', send: get('/health', 'Host:a\r\n'), status: 200 },
    { name: 'blanks around a value', send: get('/health', 'Host:   a  \r\n'), status: 200 },
    { name: 'a Host with a port', send: get('/health', 'Host: a.example:8085\r\n'), status: 200 },
    { name: 'a Host that is an IPv6 address', send: get('/health', 'Host: [::1]:8085\r\n'), status: 200 },
    { name: 'a query', send: get('/health?a=b&c=%20d'), status: 200 },
    { name: 'an escaped letter in the path', send: get('/he%61lth'), status: 200 },
    { name: 'ninety-nine headers', send: get('/health', `Host: a\r\n${'X-A: b\r\n'.repeat(98)}`), status: 200 },
    { name: 'a POST without a length, which has no body,', send: `${LOGIN}\r\n`, status: 400 },
    { name: 'one chunk', send: `${CHUNKED}${hex}\r\n${JSON_BODY}\r\n0\r\n\r\n`, status: 401 },
    { name: 'a chunk size in capitals and with leading zeros', send: `${CHUNKED}00${hex.toUpperCase()}\r\n${JSON_BODY}\r\n0\r\n\r\n`, status: 401 },
    { name: 'many chunks', send: `${CHUNKED}${[...JSON_BODY].map((letter) => `1\r\n${letter}\r\n`).join('')}0\r\n\r\n`, status: 401 },
  ];
  for (const { name, send, status } of right) {
    test(`${name} is read as it is meant`, async () => {
      const { bytes } = await raw(server.port, [send, GOOD], { halfClose: true });
      const answers = answersIn(bytes);
      assert.deepEqual(answers.map((answer) => answer.status), [status, 200]);
    });
  }

  test('Expect: 100-continue is told to go on, and then answered', async () => {
    const head = `${LOGIN}Content-Length: ${size}\r\nExpect: 100-continue\r\n\r\n`;
    const { bytes } = await raw(server.port, [head, 200, JSON_BODY]);
    assert.match(bytes.toString('latin1'), /^HTTP\/1\.1 100 [^\r]*\r\n\r\nHTTP\/1\.1 401 /);
  });

  test('Expect: 100-continue of a body over the limit is refused before it is sent', async () => {
    const head = `${LOGIN}Content-Length: 70000\r\nExpect: 100-continue\r\n\r\n`;
    const { bytes } = await raw(server.port, head);
    assert.match(bytes.toString('latin1'), /^HTTP\/1\.1 413 /);
  });
});

describe('pipelining', () => {
  test('two good requests are answered in their order', async () => {
    const slowFirst = `${LOGIN}X-Request-Id: first-of-two\r\nContent-Length: ${size}\r\n\r\n${JSON_BODY}`;
    const second = GOOD.replace('\r\n\r\n', '\r\nX-Request-Id: second-of-two\r\n\r\n');
    const { bytes } = await raw(server.port, slowFirst + second);
    const answers = answersIn(bytes);
    assert.deepEqual(answers.map((answer) => answer.status), [401, 200]);
    assert.deepEqual(answers.map((answer) => answer.headers['x-request-id']), ['first-of-two', 'second-of-two']);
  });

  test('fifty good requests in one write get fifty answers', async () => {
    const { bytes } = await raw(server.port, GOOD.repeat(50));
    assert.deepEqual(answersIn(bytes).map((answer) => answer.status), Array(50).fill(200));
  });

  test('a bad request behind a good one does not spoil the good one', async () => {
    const { bytes, closed } = await raw(server.port, `${GOOD}GET /health HTTP/1.1\r\nHost : a\r\n\r\n${GOOD}`);
    assert.deepEqual(answersIn(bytes).map((answer) => answer.status), [200, 400]);
    assert.ok(closed);
  });

  test('what follows a request that asks to close is not answered', async () => {
    const last = GOOD.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n');
    const { bytes, closed } = await raw(server.port, last + GOOD);
    assert.equal(answersIn(bytes).length, 1);
    assert.ok(closed);
  });

  test('a request smuggled in the body of another is only a body', async () => {
    const token = await tokenOf(server);
    const inner = 'GET /api/v1/auth HTTP/1.1\r\nHost: a\r\n\r\n';
    const outer = `POST /api/v1/auth HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\nContent-Length: ${inner.length}\r\n\r\n`;
    const { bytes } = await raw(server.port, `${outer}${inner}${GOOD}`);
    assert.deepEqual(answersIn(bytes).map((answer) => answer.status), [200, 200]);
  });

  test('an answer is the same however the bytes of its request arrive', async () => {
    const bytes = [...GOOD].flatMap((letter) => [letter, 2]);
    const trickled = answersIn((await raw(server.port, bytes)).bytes);
    assert.deepEqual(trickled.map((answer) => answer.status), [200]);
    const broken = [...'GET /health HTTP/1.1\r\nHost : a\r\n\r\n'].flatMap((letter) => [letter, 2]);
    assert.deepEqual(answersIn((await raw(server.port, broken)).bytes).map((answer) => answer.status), [400]);
  });
});

describe('who is slow or vanishes', () => {
  const SHORT = { [SETTING.headerDeadline]: '1', [SETTING.totalDeadline]: '2', [SETTING.idleDeadline]: '1' };
  const letters = (text, step) => [...text].flatMap((letter) => [letter, step]);
  let hurried;
  before(async () => {
    hurried = await startSignet({ settings: SHORT });
  });

  function assertCut(result, most) {
    assert.ok(result.closed, 'the connection is closed');
    assert.ok(result.milliseconds < most, `cut after ${result.milliseconds} ms`);
    for (const answer of answersIn(result.bytes)) {
      assertError(answer, 408);
    }
  }

  test('trickled headers are cut at an absolute deadline', async () => {
    const trickle = letters(`GET /health HTTP/1.1\r\nHost: a\r\nX-A: ${'b'.repeat(200)}`, 100);
    assertCut(await raw(hurried.port, trickle, { patience: 8_000 }), 6_000);
    await assertAlive(hurried);
  });

  test('a trickled body is cut at an absolute deadline', async () => {
    const head = `${LOGIN}Content-Length: 1000\r\n\r\n`;
    assertCut(await raw(hurried.port, [head, ...letters('x'.repeat(200), 100)], { patience: 8_000 }), 8_000);
    await assertAlive(hurried);
  });

  test('trickled chunks are cut at an absolute deadline', async () => {
    const chunks = Array.from({ length: 200 }, () => ['1\r\nx\r\n', 100]).flat();
    assertCut(await raw(hurried.port, [CHUNKED, ...chunks], { patience: 8_000 }), 8_000);
    await assertAlive(hurried);
  });

  test('a connection that says nothing is closed', async () => {
    const result = await raw(hurried.port, [], { patience: 8_000 });
    assert.ok(result.closed);
    assert.equal(result.bytes.length, 0);
  });

  test('a connection that says nothing more is closed', async () => {
    const result = await raw(hurried.port, GOOD, { patience: 8_000 });
    assert.ok(result.closed);
    assert.deepEqual(answersIn(result.bytes).map((answer) => answer.status), [200]);
  });

  test('while fifty dawdle, everybody else is answered', async () => {
    const slow = Array.from({ length: 50 }, () =>
      raw(hurried.port, letters('GET /health HTTP/1.1\r\nHost: a\r\nX-A', 60), { patience: 6_000 }),
    );
    for (let asked = 0; asked < 20; asked++) {
      assert.equal((await call(hurried, 'GET', '/health')).status, 200);
    }
    await Promise.all(slow);
    await assertAlive(hurried);
  });

  test('a client that vanishes in its request harms nobody', async () => {
    const halves = ['G', 'GET /health HTTP/1.1\r\nHo', `${LOGIN}Content-Length: 500\r\n\r\n{"user`, `${CHUNKED}ff\r\nabc`];
    for (const half of halves) {
      await Promise.all(Array.from({ length: 20 }, () => raw(server.port, half, { leaveAfter: 5 })));
      await assertAlive();
    }
  });

  test('a client that closes its side in its request gets no answer or a refusal', async () => {
    const { bytes, closed } = await raw(server.port, 'GET /health HTTP/1.1\r\nHo', { halfClose: true });
    assert.ok(closed);
    assert.ok(answersIn(bytes).every((answer) => answer.status >= 400));
    await assertAlive();
  });

  test('a client that vanishes before its answer harms nobody', async () => {
    const hashing = `${LOGIN}Content-Length: ${size}\r\n\r\n${JSON_BODY}`;
    await Promise.all(Array.from({ length: 4 }, () => raw(server.port, hashing, { leaveAfter: 2 })));
    await Promise.all(Array.from({ length: 10 }, () => raw(server.port, GOOD.repeat(200), { leaveAfter: 2 })));
    await assertAlive();
  });

  test('a client that never reads its answers is not waited for for ever', async () => {
    const floods = Array.from({ length: 5 }, () => raw(hurried.port, GOOD.repeat(900), { leaveAfter: 3_000 }));
    await pause(500);
    assert.equal((await call(hurried, 'GET', '/health')).status, 200);
    await Promise.all(floods);
    await assertAlive(hurried);
  });

  test('after all this a login still works', async () => {
    await until(async () => (await tokenOf(server)) !== '', { what: 'a login' });
  });
});
