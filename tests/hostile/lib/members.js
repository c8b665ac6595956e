// Every name that means something to some face, and names that attackers try, with values that would mean something.
import { contract, routes } from '../../lib/contract.js';
import { GOLD, NOBODY } from './world.js';

const FACES = [...new Set(routes().map(({ face }) => face))];

function namesIn(node, found = new Set()) {
  if (node && typeof node === 'object') {
    Object.keys(node.properties ?? {}).forEach((name) => found.add(name));
    Object.values(node).forEach((one) => namesIn(one, found));
  }
  return found;
}

// How other systems of this kind call what they store, and what was set by such names in some of them.
const TRIED = [
  'id', '_id', 'uuid', 'user_id', 'userid', 'role', 'roles', 'roleId', 'roleName', 'role_id', 'permissions', 'permission', 'groups', 'scope', 'scopes',
  'authorities', 'status', 'state', 'enabled', 'active', 'is_active', 'isActive', 'locked', 'isAdmin', 'is_admin', 'admin', 'superuser', 'is_superuser', 'is_staff',
  'rank', 'number', 'place', 'corporate', 'corporateVerified', 'corporate_verified', 'verified', 'emailVerified', 'email_verified', 'verifiedAt', 'verified_at',
  'organization', 'organizationId', 'organization_id', 'org', 'orgId', 'tenant', 'tenantId', 'gymId', 'gym_id', 'domain', 'owner', 'ownerId', 'maker',
  'password', 'passwordHash', 'password_hash', 'hash', 'salt', 'credentials', 'secret', 'digest', 'sealed', 'seed', 'token', 'accessToken', 'refreshToken', 'key',
  'createdAt', 'created_at', 'updatedAt', 'updated_at', 'lastLoginAt', 'last_login_at', 'activatedAt', 'activated_at', 'setupCompletedAt', 'setup_at',
  'deletedAt', 'deleted', 'expiresAt', 'expires_at', 'revokedAt', 'revoked_at', 'sessionId', 'sid', 'family', 'peer', 'ip', 'ipAddress', 'source', 'actor',
  'username', 'usernameKey', 'username_key', 'emailKey', 'email_key', 'email', 'built_in', 'builtIn', 'slug', 'avatar', 'avatarUrl', 'provider', 'identities',
  'issuer', 'subject', 'failures', 'attempts', 'mustChangePassword', 'mfa', 'otp', '__proto__', 'constructor', 'prototype', '$set', '$where', 'user', 'data', 'metadata',
];

const SAID = {
  role: 'SUPER_ADMIN', roleName: 'SUPER_ADMIN', roles: ['SUPER_ADMIN'], permissions: ['*'], permission: '*', scope: '*', scopes: ['*'], groups: ['SUPER_ADMIN'],
  authorities: ['SUPER_ADMIN'], rank: 50, number: 1, place: 1, failures: 0, attempts: 0, password: 'hostile password', state: 2, status: 1,
  email: 'hostile@example.com', username: 'hostile', slug: 'hostile', domain: 'hostile.example', user: { role: 'SUPER_ADMIN', status: 'active' }, data: { role: 'SUPER_ADMIN' },
  $set: { role: 'SUPER_ADMIN' }, avatar: 'https://hostile.example/a.png', avatarUrl: 'https://hostile.example/a.png',
};

function plausible(name) {
  if (Object.hasOwn(SAID, name)) {
    return SAID[name];
  }
  if (/(org|tenant|gym)/i.test(name)) {
    return GOLD;
  }
  if (/(Id|_id|^id|maker|actor|owner|family|uuid|sid)$/.test(name)) {
    return NOBODY;
  }
  if (/(At|_at)$/.test(name)) {
    return '2001-02-03T04:05:06.789Z';
  }
  return /^(is_?|verified|email_?verified|corporate|active|enabled|admin|super|locked|deleted|built|open|force)/i.test(name) ? true : 'hostile';
}

const words = (name) => name.replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase().split(/[_-]/);
const capital = (word) => word.slice(0, 1).toUpperCase() + word.slice(1);

/** Other spellings of a name, which are other names. */
function spellings(name) {
  const parts = words(name);
  return [parts.join('_'), parts.join('-'), parts.join(''), parts.map(capital).join(''), parts[0] + parts.slice(1).map(capital).join(''), name.toUpperCase(), `${name} `,
    `${name}[]`, `user.${name}`, `user[${name}]`].filter((one) => one !== name);
}

const all = [...new Set([...FACES.flatMap((face) => [...namesIn(contract(face).components.schemas)]), ...TRIED])];

/** All names but those of `documented`, with what each is given: [[name, value], …]. */
export function others(documented) {
  const names = new Set([...all, ...documented.flatMap(spellings), ...['role', 'status', 'permissions', 'organizationId', 'corporateVerified'].flatMap(spellings)]);
  return [...names].filter((name) => !documented.includes(name)).map((name) => [name, plausible(name)]);
}

const resolved = (document, node) => (node?.$ref ? node.$ref.slice(2).split('/').reduce((at, key) => at[key], document) : node);

/** What the contract says a route looks at: {body: [names], query: [names]}. */
export function documented({ face, method, path }) {
  const document = contract(face);
  const operation = document.paths[path.replaceAll(/:(\w+)/g, '{$1}')]?.[method === 'ANY' ? 'post' : method.toLowerCase()];
  const contents = Object.values(operation?.requestBody?.content ?? {});
  const body = contents.flatMap(({ schema }) => [...namesIn(resolved(document, schema))]);
  const query = (operation?.parameters ?? []).map((one) => resolved(document, one)).filter((one) => one.in === 'query').map(({ name }) => name);
  return { body, query };
}
