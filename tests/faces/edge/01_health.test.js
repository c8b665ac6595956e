// Document 002, section 1: health.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';

import { call, curl, printed } from '../../lib/client.js';
import { assertError, assertObject, SECONDS } from '../../lib/edge.js';
import { atEnd, end, portIsFree, run, tempDir, until } from '../../lib/place.js';
import { binary, startSignet } from '../../lib/signet.js';

const EXAMPLE = 'curl -X GET http://localhost:8085/health';

let server;
before(async () => {
  server = await startSignet();
});

function assertHealthy(answer) {
  assertObject(answer, 200, ['status', 'service', 'timestamp']);
  assert.equal(answer.json.status, 'ok');
  assert.equal(answer.json.service, 'auth-service');
  assert.match(answer.json.timestamp, SECONDS);
}

test('the printed example answers as printed', async () => {
  assertHealthy(await printed(server, EXAMPLE));
});

test('the timestamp is the time of the answer in UTC', async () => {
  const { json } = await call(server, 'GET', '/health');
  assert.ok(Math.abs(Date.parse(json.timestamp) - Date.now()) < 60_000, json.timestamp);
});

test('without --listen the printed example runs with the printed port', async (t) => {
  if (!(await portIsFree(8085)) || !(await portIsFree(3007))) {
    t.skip('8085 or 3007 is taken on this machine');
    return;
  }
  const process_ = run(binary, ['dev', '--data', `${tempDir()}/data`], { cwd: tempDir() });
  atEnd(() => end(process_));
  await until(() => call({ port: 8085 }, 'GET', '/livez'), { what: 'port 8085 to answer' });
  assertHealthy(await printed({ port: 8085 }, EXAMPLE));
  assert.equal((await call({ port: 3007 }, 'GET', '/health')).status, 200);
  assert.deepEqual(await end(process_), { code: 0, signal: null });
});

test('nobody has to say who they are, and a bad token does no harm', async () => {
  const answer = await call(server, 'GET', '/health', { token: 'rubbish' });
  assert.equal(answer.status, 200);
});

test('an answer about health is not kept by caches', async () => {
  assert.match((await call(server, 'GET', '/health')).headers['cache-control'] ?? '', /no-store/);
});

test('another method is 405 and tells which ones there are', async () => {
  const answer = await call(server, 'POST', '/health', { json: {} });
  assertError(answer, 405);
  assert.match(answer.headers.allow, /\bGET\b/);
  assert.doesNotMatch(answer.headers.allow, /POST/);
});

test('a path that no route has is 404 in the shape of this face', async () => {
  assertError(await call(server, 'GET', '/no/such/path'), 404);
  assertError(await call(server, 'GET', '/api/v1/no-such-path'), 404);
  assertError(await call(server, 'GET', '/HEALTH'), 404);
  assertError(await call(server, 'GET', '/health/'), 404);
});

test('a sane X-Request-Id of the caller is taken over', async () => {
  const id = '6f1e7c1a-0000-4000-8000-00000000abcd';
  for (const path of ['/health', '/no/such/path']) {
    const answer = await call(server, 'GET', path, { headers: { 'X-Request-Id': id } });
    assert.equal(answer.headers['x-request-id'], id);
  }
});

test('an X-Request-Id that is not sane is replaced', async () => {
  for (const id of ['a b', 'x'.repeat(300), 'one;two="three"', '<script>']) {
    const answer = await call(server, 'GET', '/health', { headers: { 'X-Request-Id': id } });
    assert.notEqual(answer.headers['x-request-id'], id);
    assert.match(answer.headers['x-request-id'], /^[A-Za-z0-9._-]{8,}$/);
  }
});

test('two requests without an X-Request-Id get two of them', async () => {
  const [one, other] = await Promise.all([call(server, 'GET', '/health'), call(server, 'GET', '/health')]);
  assert.notEqual(one.headers['x-request-id'], other.headers['x-request-id']);
});

test('HTTP/1.0 is answered and the connection closed', async () => {
  const answer = await curl(['--http1.0', `${server.url}/health`]);
  assertHealthy(answer);
});
