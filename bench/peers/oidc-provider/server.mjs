// oidc-provider as its README sets it up, with what is asked of it switched on: server.mjs PORT SECRET NAMES
// Writes into NAMES a user's access token, made with the library's own classes as its interactions would.
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { generateKeyPairSync } from 'node:crypto'

const [port, secret, names] = process.argv.slice(2)
const installed = createRequire(`${process.cwd()}/package.json`)
const { Provider } = await import(installed.resolve('oidc-provider'))
const kept = new Map()

// Where things are kept is the application's to say. This is the least there can be; the library's own, for development,
// forgets all but the last thousand.
class Adapter {
  constructor(name) { this.name = name }
  key(id) { return `${this.name}:${id}` }
  async upsert(id, payload) { kept.set(this.key(id), payload) }
  async find(id) { return kept.get(this.key(id)) }
  async findByUid() { return undefined }
  async findByUserCode() { return undefined }
  async consume(id) { kept.get(this.key(id)).consumed = Math.floor(Date.now() / 1000) }
  async destroy(id) { kept.delete(this.key(id)) }
  async revokeByGrantId() {}
}

const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' })
const provider = new Provider(`http://127.0.0.1:${port}`, {
  adapter: Adapter,
  clients: [{
    client_id: 'bench', client_secret: secret, redirect_uris: ['https://bench.invalid/cb'],
    grant_types: ['client_credentials', 'authorization_code'], id_token_signed_response_alg: 'ES256',
    token_endpoint_auth_method: 'client_secret_post',
  }],
  jwks: { keys: [{ ...key, alg: 'ES256', use: 'sig' }] },
  cookies: { keys: [secret] },
  features: {
    devInteractions: { enabled: false }, clientCredentials: { enabled: true },
    introspection: { enabled: true, allowedPolicy: () => true },
  },
  claims: { openid: ['sub'], email: ['email'] },
  findAccount: async (ctx, id) => ({ accountId: id, claims: async () => ({ sub: id, email: 'ada@bench.invalid' }) }),
})
const client = await provider.Client.find('bench')
const grant = new provider.Grant({ accountId: 'ada', clientId: 'bench' })
grant.addOIDCScope('openid email')
const token = new provider.AccessToken({ accountId: 'ada', client, grantId: await grant.save(), scope: 'openid email', gty: 'authorization_code' })
writeFileSync(names, JSON.stringify({ token: await token.save() }))
provider.listen(Number(port), '127.0.0.1')
