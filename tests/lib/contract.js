// The contracts of the faces (signet openapi FACE), and answers held against them. The validator was not
// written here.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';

import addFormats from 'ajv-formats';
import Ajv2020 from 'ajv/dist/2020.js';

import { binary } from './signet.js';

/** What a server may say of a request before any row is looked at: the contracts' default. */
const OF_HTTP = [408, 411, 413, 414, 417, 431, 501, 505];

/** The face that `signet dev` alone serves. */
export const DEV = 'dev';

const print = (...args) => execFileSync(binary, args, { encoding: 'utf8', env: { PATH: process.env.PATH } });

/** What `signet routes` lists: {face, method, path, may, unit, lane, rate}. */
export function routes() {
  return print('routes')
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'))
    .map(([face, method, path, may, unit, lane, rate]) => ({ face, method, path, may, unit, lane, rate }));
}

/** The document of a face. */
export function contract(face) {
  return JSON.parse(print('openapi', face));
}

/** A check of a value against a schema of the document, which names its components. */
function validatorOf(document) {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats(ajv);
  ajv.addFormat('idn-email', /^[^@\s]+@[^@\s]+$/);
  const compiled = new Map();
  return (schema, value, what) => {
    const key = JSON.stringify(schema);
    if (!compiled.has(key)) {
      compiled.set(key, ajv.compile({ ...schema, components: document.components }));
    }
    const validate = compiled.get(key);
    assert.ok(validate(value), `${what}: ${ajv.errorsText(validate.errors)}: ${JSON.stringify(value)}`);
  };
}

/** Holds each example of a document against the schema that it stands in; gives how many there are. */
export function assertExamples(document) {
  const validate = validatorOf(document);
  const examples = Object.entries(document.components.schemas ?? {}).flatMap(([name, { examples: list = [] }]) =>
    list.map((example) => ({ name, example })));
  for (const { name, example } of examples) {
    validate({ $ref: `#/components/schemas/${name}` }, example, name);
  }
  return examples.length;
}

/** Every operation of every face, with the expression that its paths match. */
function operations() {
  const faces = [...new Set(routes().map(({ face }) => face))].map((face) => ({ face, document: contract(face) }));
  return faces.flatMap(({ face, document }) => {
    const validate = validatorOf(document);
    return Object.entries(document.paths).flatMap(([path, methods]) => {
      const pattern = new RegExp(`^${path.replaceAll('.', '\\.').replace(/^\/id\/api\//, '(?:/id)?/api/').replace(/\{\w+\}/g, '[^/]*')}$`);
      const names = path.split('{').length - 1;
      return Object.entries(methods).map(([method, operation]) => ({ face, document, validate, pattern, names, method, operation }));
    });
  });
}

let all;

/** Two faces have this path: whose it is depends on the body, and on which of them is served. */
const isOf = (face, path, { json = {} }) =>
  path !== '/auth/logout' || (face === 'directory') === ('code' in json || Object.keys(json).length === 0);

function operationFor(method, path, answer) {
  all ??= operations();
  const wanted = (name) =>
    all.filter((one) => one.method === name && one.pattern.test(path) && isOf(one.face, path, answer)).sort((a, b) => a.names - b.names)[0];
  return wanted(method.toLowerCase()) ?? (method === 'HEAD' ? wanted('get') : undefined);
}

function resolve(document, node) {
  return node.$ref ? node.$ref.slice(2).split('/').reduce((at, key) => at[key], document) : node;
}

/** Whether an operation may answer so: what it lists, and what HTTP itself has a status for. */
function listedAnswer({ document, operation: { responses } }, status) {
  const listed = responses[status] ?? (OF_HTTP.includes(status) ? responses.default : undefined);
  return listed && resolve(document, listed);
}

/**
 * Holds an answer against the contract of the face that has the path, if one has: a status that it lists,
 * the headers that go with it, a body of its type and shape. And a body that was accepted has to be one that the
 * contract calls acceptable.
 */
export function assertContract(method, path, sent, answer) {
  const found = operationFor(method, path.split('?')[0], answer);
  const notServed = found?.face === DEV && answer.status === 404 && /json/.test(answer.headers['content-type']); // signet serve has no such path
  if (!found || notServed) {
    return;
  }
  const { document, validate, operation } = found;
  const what = `${method} ${path}: ${answer.status}`;
  const listed = listedAnswer(found, answer.status);
  assert.ok(listed, `${what} is not in the contract: ${answer.text}`);
  for (const [name, header] of Object.entries(listed.headers)) {
    const wanted = resolve(document, header).required;
    assert.ok(!wanted || answer.headers[name.toLowerCase()] !== undefined, `${what} has no ${name}`);
  }
  if (method !== 'HEAD') {
    const type = (answer.headers['content-type'] ?? '').split(';')[0];
    assert.deepEqual(listed.content ? Object.keys(listed.content) : [''], [type], `${what} has the type ${type}`);
    if (type === 'application/json') {
      validate(listed.content[type].schema, answer.json, what);
    }
  }
  if (answer.status < 300 && operation.requestBody && sent !== undefined) {
    validate(operation.requestBody.content['application/json'].schema, sent, `${what}, accepted`);
  }
}
