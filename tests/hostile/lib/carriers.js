// Requests with a secret in every place that takes one, made from the contracts of the faces.
import { contract, routes } from '../../lib/contract.js';
import { NOBODY } from './world.js';

/** What members and parameters are called that are not for everybody's eyes. */
const SECRET = /pass|token|code|secret|state|nonce|verifier/i;

const resolve = (document, node) => (node?.$ref ? node.$ref.slice(2).split('/').reduce((at, key) => at[key], document) : node);

let made = 0;

/** A value as a schema has it, if it says that simply. */
function plausible(document, name, given) {
  const schema = resolve(document, given) ?? {};
  const type = [schema.type].flat()[0];
  if (schema.enum) {
    return schema.enum[0];
  }
  if (type === 'object') {
    return {};
  }
  if (type === 'array') {
    return [];
  }
  if (type === 'integer' || type === 'number') {
    return schema.minimum ?? 1;
  }
  if (type === 'boolean') {
    return false;
  }
  if (schema.format === 'uuid') {
    return NOBODY;
  }
  return /mail/i.test(name) ? `carrier${++made}@example.com` : `carrier${++made}`;
}

/** The members of an operation's body, with `secret(name)` in every secret one; none if it takes no members. */
function membersOf(document, operation, secret) {
  const types = operation.requestBody?.content ?? {};
  const schema = resolve(document, (types['application/json'] ?? types['application/x-www-form-urlencoded'])?.schema);
  const members = Object.entries(schema?.properties ?? {});
  return Object.fromEntries(members.map(([name, of]) => [name, SECRET.test(name) ? secret(name) : plausible(document, name, of)]));
}

const pathOf = (path) => path.replaceAll(/:\w+/g, NOBODY);

/**
 * Every route: {name, face, method, path, form, query(secret), members(secret)}; `query` and `members` of the body are made
 * anew at each call, and have a secret wherever one belongs; `form`: the body is a form, not JSON.
 */
export function carriers() {
  const documents = new Map();
  return routes().filter(({ face }) => face !== 'dev').map(({ face, method, path }) => {
    if (!documents.has(face)) {
      documents.set(face, contract(face));
    }
    const document = documents.get(face);
    const one = method === 'ANY' ? 'GET' : method;
    const operation = document.paths[path.replaceAll(/:(\w+)/g, '{$1}')]?.[one.toLowerCase()] ?? {};
    const parameters = (operation.parameters ?? []).map((parameter) => resolve(document, parameter)).filter((parameter) => parameter.in === 'query');
    return {
      name: `${face} ${one} ${path}`,
      face,
      method: one,
      path: pathOf(path),
      query: (secret) => new URLSearchParams(Object.fromEntries([
        ...parameters.filter(({ name }) => SECRET.test(name)).map(({ name }) => [name, secret(name)]),
        ['access_token', secret('access_token')], ['password', secret('password')],
      ])).toString(),
      form: 'application/x-www-form-urlencoded' in (operation.requestBody?.content ?? {}),
      members: (secret) => membersOf(document, operation, secret),
    };
  });
}
