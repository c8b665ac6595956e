// Prints openid_fixture.h: a provider's key set and tokens, made by Node's own crypto, so that nothing of what
// they are tested against has a hand in them.   node openid_fixture.mjs > openid_fixture.h
import { constants, createHmac, generateKeyPairSync, sign } from "node:crypto";

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const other = generateKeyPairSync("rsa", { modulusLength: 2048 });
const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
const jwk = ({ publicKey }, more) => ({ ...publicKey.export({ format: "jwk" }), ...more });
const rsaJwk = jwk(rsa, { kid: "r", use: "sig", alg: "RS256" });
const keys = [
  rsaJwk,
  jwk(rsa, { kid: "p", use: "sig", alg: "PS256" }),
  jwk(ec, { kid: "e", use: "sig" }),
  jwk(rsa, { kid: "for encryption", use: "enc", alg: "RSA-OAEP" }),
  { kty: "OKP", crv: "Ed25519", kid: "o", x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" },
  { kty: "oct", kid: "h", alg: "HS256", k: "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0" },
];

const claims = {
  iss: "https://op.example", sub: "248289761001", aud: "client", exp: 1311281970, iat: 1311280970,
  nonce: "n-0S6_WzA2Mj", azp: "client", at_hash: "77QmUPtjPfzWtF2AnpK9RQ", email: "ann@example.com",
  email_verified: "true", given_name: "Ann", family_name: "Lee", tid: "9188040d-6c67-4c5b-b112-36a304b66dad",
};
const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const signers = {
  RS256: (input, key) => sign("sha256", input, key),
  PS256: (input, key) => sign("sha256", input, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }),
  ES256: (input, key) => sign("sha256", input, { key, dsaEncoding: "ieee-p1363" }),
  HS256: (input, key) => createHmac("sha256", key).update(input).digest(),
  none: () => Buffer.alloc(0),
};
function token(header, key, says = claims) {
  const input = `${encode(header)}.${encode(says)}`;
  return `${input}.${signers[header.alg](Buffer.from(input), key).toString("base64url")}`;
}

const pem = rsa.publicKey.export({ type: "spki", format: "pem" });
const { aud, ...nobody } = claims;
const fixtures = [
  ["RS256", token({ alg: "RS256", kid: "r" }, rsa.privateKey), "ERR_OK"],
  ["RS256, typ JWT", token({ alg: "RS256", kid: "r", typ: "JWT" }, rsa.privateKey), "ERR_OK"],
  ["PS256", token({ alg: "PS256", kid: "p" }, rsa.privateKey), "ERR_OK"],
  ["ES256", token({ alg: "ES256", kid: "e" }, ec.privateKey), "ERR_OK"],
  ["no kid, one key of that algorithm", token({ alg: "ES256" }, ec.privateKey), "ERR_OK"],
  ["aud a list", token({ alg: "ES256", kid: "e" }, ec.privateKey, { ...claims, aud: ["client"] }), "ERR_OK"],
  ["an access token of theirs", token({ alg: "RS256", kid: "r", typ: "at+jwt" }, rsa.privateKey), "ERR_TOKEN_INVALID"],
  ["somebody else's key under that kid", token({ alg: "RS256", kid: "r" }, other.privateKey), "ERR_TOKEN_INVALID"],
  ["a kid that is not there", token({ alg: "RS256", kid: "x" }, other.privateKey), "ERR_MISSING"],
  ["PS256 by a key for RS256", token({ alg: "PS256", kid: "r" }, rsa.privateKey), "ERR_MISSING"],
  ["RS256 by a key for PS256", token({ alg: "RS256", kid: "p" }, rsa.privateKey), "ERR_MISSING"],
  ["HS256 with the public key", token({ alg: "HS256", kid: "r" }, pem), "ERR_TOKEN_INVALID"],
  ["HS256 with the public JWK", token({ alg: "HS256", kid: "r" }, JSON.stringify(rsaJwk)), "ERR_TOKEN_INVALID"],
  ["HS256 with the published secret", token({ alg: "HS256", kid: "h" }, Buffer.from("c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0", "base64url")), "ERR_TOKEN_INVALID"],
  ["none", token({ alg: "none", kid: "r" }), "ERR_TOKEN_INVALID"],
  ["the key in the header", token({ alg: "RS256", kid: "r", jwk: jwk(other, {}) }, other.privateKey), "ERR_TOKEN_INVALID"],
  ["a crit", token({ alg: "RS256", kid: "r", crit: ["exp"] }, rsa.privateKey), "ERR_TOKEN_INVALID"],
  ["no audience", token({ alg: "RS256", kid: "r" }, rsa.privateKey, nobody), "ERR_TOKEN_INVALID"],
  ["a subject that is a number", token({ alg: "RS256", kid: "r" }, rsa.privateKey, { ...claims, sub: 1 }), "ERR_TOKEN_INVALID"],
  ["a subject of 256 letters", token({ alg: "RS256", kid: "r" }, rsa.privateKey, { ...claims, sub: "a".repeat(256) }), "ERR_TOKEN_INVALID"],
  ["an end that is a text", token({ alg: "RS256", kid: "r" }, rsa.privateKey, { ...claims, exp: "1311281970" }), "ERR_TOKEN_INVALID"],
];

const pieces = (text) => text.match(/.{1,88}/g).map((piece) => `     ${JSON.stringify(piece)}`).join("\n");
console.log(`/* Made by openid_fixture.mjs: what it says of each token, and what we have to say to it. */
#pragma once

// clang-format off
static const char fixture_keys[] =
${pieces(JSON.stringify({ keys }))};

static const struct {
    const char *what, *token;
    enum err opened;
} fixtures[] = {
${fixtures.map(([what, text, opened]) => `    {${JSON.stringify(what)},\n${pieces(text)},\n     ${opened}},`).join("\n")}
};
// clang-format on`);
