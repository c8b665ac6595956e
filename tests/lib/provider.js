// An OpenID provider that was not written here (oidc-provider), on loopback, playing Google, Microsoft or
// LinkedIn; and a browser that goes its way, as far as that is redirects and cookies.
import { createHash, randomUUID } from 'node:crypto';
import http from 'node:http';

import * as jose from 'jose';
import Provider from 'oidc-provider';

import { atEnd, freePort } from './place.js';

export const CLIENT = { id: 'signet-tests', secret: 'a secret that is long enough for tests' };
export const TENANT = '9188040d-6c67-4c5b-b112-36a304b66dad';

/** Where each is told to send browsers back to. */
export const BACK = 'https://app.example/back';

const CLAIMS = { openid: ['sub', 'tid'], email: ['email', 'email_verified'], profile: ['given_name', 'family_name'] };

async function newKey(alg, kid) {
  const { privateKey } = await jose.generateKeyPair(alg, { extractable: true });
  return { ...(await jose.exportJWK(privateKey)), kid, alg, use: 'sig' };
}

function configuration({ keys, people, auth, back, native }) {
  return {
    clients: [{
      client_id: CLIENT.id,
      client_secret: CLIENT.secret,
      redirect_uris: [back],
      application_type: native ? 'native' : 'web',
      response_types: ['code', 'id_token'],
      grant_types: ['authorization_code', 'implicit'],
      token_endpoint_auth_method: auth,
      id_token_signed_response_alg: keys[0].alg,
    }],
    jwks: { keys },
    claims: CLAIMS,
    conformIdTokenClaims: false,
    clientAuthMethods: [auth],
    enabledJWA: { idTokenSigningAlgValues: ['RS256', 'ES256', 'PS256'] },
    cookies: { keys: ['of the tests'] },
    pkce: { required: () => false, methods: ['S256'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (ctx, { uid }) => `/interaction/${uid}` },
    findAccount: (ctx, id) => ({ accountId: id, claims: () => ({ sub: id, ...people.get(id) }) }),
    renderError: (ctx, out) => {
      ctx.type = 'json';
      ctx.body = out;
    },
  };
}

/** Whoever comes is let in as `state.person`, and agrees to everything. */
function interact(provider, state) {
  return async (ctx, next) => {
    if (!ctx.path.startsWith('/interaction/')) {
      return next();
    }
    const { params } = await provider.interactionDetails(ctx.req, ctx.res);
    const grant = new provider.Grant({ accountId: state.person, clientId: params.client_id });
    grant.addOIDCScope(params.scope);
    const result = { login: { accountId: state.person }, consent: { grantId: await grant.save() } };
    await provider.interactionFinished(ctx.req, ctx.res, result, { mergeWithLastSubmission: false });
  };
}

/**
 * Plays a provider. Gives {issuer, person, people, mint, rotate, …}: `issuer` is for the settings; `people` says what is
 * claimed of each subject; `person` comes next; `mint` signs whatever with its keys; `rotate` gives it new ones. `asked` are
 * the paths that were asked for.
 */
export async function startProvider({ alg = 'RS256', auth = 'client_secret_basic', tenants = false, back = BACK, native = false } = {}) {
  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  const prefix = tenants ? `/${TENANT}/v2.0` : '';
  const own = `${base}${prefix}`;
  const state = { people: new Map(), person: 'nobody', asked: [], settings: tenants ? `${base}/common/v2.0` : own };
  let handle;

  async function rotate(kid = randomUUID()) {
    state.key = await newKey(alg, kid);
    const { people } = state;
    const provider = new Provider(own, configuration({ keys: [state.key], people, auth, back, native }));
    provider.use(interact(provider, state));
    handle = provider.callback();
  }

  async function showTemplate(response) {
    const found = await (await fetch(`${own}/.well-known/openid-configuration`)).json();
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify({ ...found, issuer: `${base}/{tenantid}/v2.0` }));
  }

  await rotate();
  const server = http.createServer((request, response) => {
    state.asked.push(request.url.split('?')[0]);
    if (state.answer) {
      return state.answer(request, response);
    }
    if (tenants && request.url.startsWith('/common/v2.0/.well-known/')) {
      return showTemplate(response);
    }
    if (request.url.startsWith(`${prefix}/`)) {
      request.originalUrl = request.url;
      request.url = request.url.slice(prefix.length);
    }
    return handle(request, response);
  });
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  atEnd(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });

  /** An id_token as this provider would make it, but for what is said otherwise; `undefined` leaves a claim out. */
  async function mint(claims = {}, { header = {}, key = state.key, secret } = {}) {
    const now = Math.floor(Date.now() / 1000);
    const payload = {
      iss: own, sub: randomUUID(), aud: CLIENT.id, iat: now, exp: now + 600, jti: randomUUID(), ...(tenants ? { tid: TENANT } : {}), ...claims,
    };
    const signed = new jose.SignJWT(JSON.parse(JSON.stringify(payload))).setProtectedHeader({ alg: key.alg, kid: key.kid, ...header });
    return signed.sign(secret ?? (await jose.importJWK(key, key.alg)));
  }

  return Object.assign(state, { own, base, port, rotate, mint });
}

/** A browser: cookies by origin, and redirects that it follows until one leads to `back`: then the whole address. */
export class Browser {
  constructor() {
    this.jars = new Map();
  }

  jar(url) {
    const { origin } = new URL(url);
    if (!this.jars.has(origin)) {
      this.jars.set(origin, new Map());
    }
    return this.jars.get(origin);
  }

  header(url) {
    return [...this.jar(url)].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  keep(url, lines) {
    for (const line of lines) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      this.jar(url).set(name, value);
    }
  }

  async go(url, headers = {}) {
    const answer = await fetch(url, { redirect: 'manual', headers: { ...headers, Cookie: this.header(url) } });
    this.keep(url, answer.headers.getSetCookie());
    return answer;
  }

  async follow(url, back = BACK) {
    let at = url;
    for (let i = 0; i < 10 && !at.startsWith(back); i++) {
      const answer = await this.go(at);
      const next = answer.headers.get('location');
      if (!next) {
        throw new Error(`${at}: ${answer.status} ${await answer.text()}`);
      }
      at = new URL(next, at).href;
    }
    const end = new URL(at);
    return Object.fromEntries([...end.searchParams, ...new URLSearchParams(end.hash.slice(1))]);
  }
}

/** The S256 challenge of a verifier. */
export const challengeOf = (verifier) => createHash('sha256').update(verifier).digest('base64url');

/** The settings of Signet under which these providers are what it knows, by name: {google: provider, …}. */
export function settingsFor(providers, more = {}) {
  const settings = { 'oauth.redirect_uris': `https://other.example/ ${BACK}`, ...more };
  for (const [name, { settings: issuer }] of Object.entries(providers)) {
    settings[`provider.${name}.issuer`] = issuer;
    settings[`provider.${name}.client_id`] = CLIENT.id;
    settings[`provider.${name}.client_secret`] = CLIENT.secret;
  }
  return settings;
}
