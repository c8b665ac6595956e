// The contracts: valid in the eyes of a validator that was not written here, complete, and served.
// That answers keep to them is seen by every test that calls a face (lib/client.js).
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { Validator } from '@seriousme/openapi-schema-validator';

import { call } from '../lib/client.js';
import { assertExamples, contract, routes } from '../lib/contract.js';
import { freePort } from '../lib/place.js';
import { cli, startSignet } from '../lib/signet.js';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const table = routes();
const faces = [...new Set(table.map(({ face }) => face))];

/** Every operation of a document: [path, method, operation]. */
function operationsOf(document) {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => [path, method, operation]));
}

/** A path without what its parameters are called: rows of one path may call them differently. */
const anonymous = (path) => path.replace(/\{\w+\}|:\w+/g, '{}');

for (const face of faces) {
  describe(`the contract of ${face}`, () => {
    const document = contract(face);
    const rows = table.filter((row) => row.face === face);

    test('is valid OpenAPI 3.1', async () => {
      const validator = new Validator();
      const { valid, errors } = await validator.validate(structuredClone(document));
      assert.ok(valid, JSON.stringify(errors, null, 2));
      assert.equal(validator.version, '3.1');
    });

    test('has every route, and nothing else', () => {
      const listed = new Set(rows.flatMap(({ method, path }) =>
        (method === 'ANY' ? METHODS : [method]).map((one) => `${one} ${anonymous(path)}`)));
      const written = operationsOf(document).map(([path, method]) => `${method.toUpperCase()} ${anonymous(path)}`);
      assert.deepEqual(written.sort(), [...listed].sort());
    });

    test('says who may, as the table of routes does', () => {
      for (const { method, path, may } of rows) {
        const [, , operation] = operationsOf(document).find(([found, name]) =>
          anonymous(found) === anonymous(path) && (method === 'ANY' || name.toUpperCase() === method));
        const permission = may === 'everything' ? '*' : may.split(' ').find((word) => word.includes(':'));
        assert.equal(operation.security.length === 0, may === 'anyone', `${method} ${path}`);
        assert.equal(operation['x-signet-permission'], permission, `${method} ${path}`);
      }
    });

    test('gives each operation a name of its own', () => {
      const names = operationsOf(document).map(([, , operation]) => operation.operationId);
      assert.ok(names.every((name) => /^[a-z][a-z_]+$/.test(name ?? '')), names.join(' '));
      assert.equal(new Set(names).size, names.length);
    });

    test('tells of each operation, and of each answer', () => {
      for (const [path, method, operation] of operationsOf(document)) {
        assert.match(operation.summary ?? '', /^[A-Z].*[^.]$/, `${method} ${path}`);
        assert.match(operation.description ?? '', /^[A-Z`].*\.$/, `${method} ${path}`);
        for (const [status, answer] of Object.entries(operation.responses)) {
          assert.ok(answer.description || answer.$ref, `${method} ${path}: ${status}`);
        }
      }
    });

    test('has examples that are what they are examples of', () => {
      const count = assertExamples(document);
      assert.ok(['self', 'dev', 'gateway', 'fitnexa', 'pages'].includes(face) ? count === 0 : count > 0, `${count} examples`); // those of a document alone
    });

    test('declares each parameter of a path', () => {
      for (const [path, method, operation] of operationsOf(document)) {
        const declared = (operation.parameters ?? []).filter((one) => one.in === 'path');
        const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
        assert.deepEqual(declared.map((one) => one.name), named, `${method} ${path}`);
      }
    });
  });
}

test('the server has at /openapi what the command prints', async () => {
  const server = await startSignet();
  for (const face of faces) {
    const answer = await call(server, 'GET', `/openapi/${face}.json`);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers['content-type'], 'application/json; charset=utf-8');
    assert.equal(answer.headers['cache-control'], 'public, max-age=300');
    assert.equal(`${answer.text}\n`, (await cli(['openapi', face])).stdout);
  }
  for (const path of ['/openapi/nobody.json', '/openapi/edge', '/openapi/.json', '/openapi/', '/openapi', '/openapi/edge.json/']) {
    assert.equal((await call(server, 'GET', path)).status, 404, path);
  }
});

test('a face that is off has no contract', async () => {
  const off = ['--set', 'face.edge.enabled=no'];
  const server = await startSignet({ args: off });
  assert.equal((await call(server, 'GET', '/openapi/edge.json')).status, 404);
  assert.equal((await call(server, 'GET', '/openapi/self.json')).status, 200);
  const { code, stdout, stderr } = await cli(['openapi', 'edge', ...off]);
  assert.equal(code, 1);
  assert.equal(stdout, '');
  assert.match(stderr, /no face edge, or it is off/);
});

test('a listener has the contracts of the faces that it serves', async () => {
  const other = await freePort();
  const server = await startSignet({ args: ['--listen', `127.0.0.1:${other}=self`] });
  assert.equal((await call(server, 'GET', '/openapi/edge.json')).status, 200);
  assert.equal((await call({ port: other }, 'GET', '/openapi/edge.json')).status, 404);
  assert.equal((await call({ port: other }, 'GET', '/openapi/self.json')).status, 200);
});
