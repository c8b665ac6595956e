// What the routes take, as the server itself says it: its list of routes and its contracts.
import { contract, DEV, routes } from '../../lib/contract.js';

const documents = new Map();
const documentOf = (face) => documents.get(face) ?? documents.set(face, contract(face)).get(face);

const resolve = (document, node) => (node?.$ref ? node.$ref.slice(2).split('/').reduce((at, key) => at[key], document) : node);

function bodyOf(document, { requestBody }) {
  const [type, { schema } = {}] = Object.entries(resolve(document, requestBody)?.content ?? {})[0] ?? [];
  const { properties = {}, required = [] } = resolve(document, schema) ?? {};
  return { type, members: Object.entries(properties).map(([name, of]) => ({ name, schema: resolve(document, of), required: required.includes(name) })) };
}

/** A route that takes any method is described under GET. */
const inContract = (route, document) => document.paths[route.path.replace(/:(\w+)/g, '{$1}')]?.[route.method === 'ANY' ? 'get' : route.method.toLowerCase()] ?? {};

function operationOf(route) {
  const document = documentOf(route.face);
  const operation = inContract(route, document);
  const named = (kind) => (operation.parameters ?? []).map((one) => resolve(document, one)).filter((one) => one.in === kind).map(({ name }) => name);
  const { type, members } = bodyOf(document, operation);
  return { ...route, name: `${route.face} ${route.method} ${route.path}`, query: named('query'), type, members };
}

/** Every route of `signet serve`: {name, face, method, path, may, query, type, members}: the type of its body and the members of that. */
export function operations() {
  return routes().filter(({ face }) => face !== DEV).map(operationOf);
}

export const isOpen = ({ may }) => may.startsWith('anyone');
