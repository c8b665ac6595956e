// better-auth behind node:http as its manual has it: server.mjs PORT SECRET DATABASE MEMORY_KIB PASSES
import { createRequire } from 'node:module'
import { createServer } from 'node:http'

const [port, secret, file, memoryCost, timeCost] = process.argv.slice(2)
const installed = createRequire(`${process.cwd()}/package.json`)
const load = async (name) => import(installed.resolve(name))
const { betterAuth } = await load('better-auth')
const { toNodeHandler } = await load('better-auth/node')
const { getMigrations } = await load('better-auth/db/migration')
const { jwt } = await load('better-auth/plugins')
const Database = installed('better-sqlite3')
const { hash, verify } = installed('@node-rs/argon2')

const database = new Database(file)
database.pragma('journal_mode = WAL')
database.pragma('synchronous = FULL')
const cost = { memoryCost: Number(memoryCost), timeCost: Number(timeCost), parallelism: 1 }
const options = {
  database,
  secret,
  baseURL: `http://127.0.0.1:${port}`,
  emailAndPassword: {
    enabled: true,
    password: { hash: (password) => hash(password, cost), verify: ({ hash: known, password }) => verify(known, password) },
  },
  session: { cookieCache: { enabled: true, maxAge: 3600 } },
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  logger: { disabled: true },
  // A session's answer is not to carry a signed token, too.
  plugins: [jwt({ disableSettingJwtHeader: true, jwks: { keyPairConfig: { alg: 'ES256' } } })],
}
await (await getMigrations(options)).runMigrations()
const handler = toNodeHandler(betterAuth(options))
createServer(handler).listen(Number(port), '127.0.0.1')
