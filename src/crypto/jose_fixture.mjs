// Prints jose_fixture.h: odd and hostile tokens, made by Node's own crypto, so that nothing of what
// they are tested against has a hand in them.   node jose_fixture.mjs > jose_fixture.h
import { createHash, createHmac, createPrivateKey, createPublicKey, sign } from "node:crypto";

// RFC 7515, A.3, and somebody else's.
const jwk = {
  kty: "EC", crv: "P-256",
  x: "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
  y: "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
  d: "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI",
};
const attacker = {
  kty: "EC", crv: "P-256",
  x: "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
  y: "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
  d: "870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE",
};
const { d: _, ...published } = jwk;
const { d: __, ...attackers } = attacker;
const kid = createHash("sha256")
  .update(JSON.stringify({ crv: jwk.crv, kty: jwk.kty, x: jwk.x, y: jwk.y })).digest("base64url");
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const claims = JSON.stringify({ sub: "somebody" });
const pem = createPublicKey({ key: published, format: "jwk" }).export({ type: "spki", format: "pem" });

const text = (header) =>
  Buffer.isBuffer(header) || typeof header === "string" ? header : JSON.stringify(header);
const input = (header) =>
  `${Buffer.from(text(header)).toString("base64url")}.${Buffer.from(claims).toString("base64url")}`;
const bytes32 = (number) => Buffer.from(number.toString(16).padStart(64, "0"), "hex");
const ecdsa = (of, key = jwk, digest = "sha256", dsaEncoding = "ieee-p1363") =>
  sign(digest, of, { key: createPrivateKey({ key, format: "jwk" }), dsaEncoding });

// A header of any kind, with a right signature, or whatever `change` makes of it.
const token = (header, change = (signature) => signature, key = jwk, digest = "sha256") => {
  const of = input(header);
  return `${of}.${change(ecdsa(Buffer.from(of), key, digest), of).toString("base64url")}`;
};
const usual = { alg: "ES256", kid, typ: "at+jwt" };
const keyed = (header, secret) => {
  const of = input(header);
  return `${of}.${createHmac("sha256", secret).update(of).digest("base64url")}`;
};
const twin = (signature) => {
  const s = BigInt("0x" + signature.subarray(32).toString("hex"));
  return Buffer.concat([signature.subarray(0, 32), bytes32(order - s)]);
};
const replaced = (r, s) => () => Buffer.concat([bytes32(r), bytes32(s)]);
const plain = token(usual);
const withLast = (change) => {
  const [header, body, signature] = plain.split(".");
  return `${header}.${body}.${change(signature)}`;
};
// The last digit of 64 bytes has four bits that say nothing.
const leftover = (signature) =>
  signature.slice(0, -1) + String.fromCharCode(signature.charCodeAt(signature.length - 1) + 1);

const OK = "ERR_OK", NO = "ERR_TOKEN_INVALID";
const both = (what, made) => [what, made, NO, NO];
const rows = [
  ["as we make it", plain, OK, OK],
  ["without kid", token({ alg: "ES256", typ: "at+jwt" }), OK, OK],
  ["kid is a path", token({ ...usual, kid: "../../etc/passwd" }), OK, OK],
  ["unknown members", token({ ...usual, zip: "DEF", b64: false, enc: "A256GCM" }), OK, OK],
  ["the other signature of the same, n - s", token(usual, twin), OK, OK],

  // key material in the header
  ["our signature, their keys", token({ ...usual, jwk: attackers, jku: "http://127.0.0.1:1/",
    x5u: "http://127.0.0.1:1/", x5c: ["MAA="], x5t: "AA" }), OK, OK],
  ["their signature, their key", token({ ...usual, jwk: attackers }, undefined, attacker), OK, NO],
  ["their signature, our kid", token(usual, undefined, attacker), OK, NO],
  ["their signature, jku", token({ ...usual, jku: "http://127.0.0.1:1/" }, undefined, attacker),
    OK, NO],

  // algorithms
  both("alg none, no signature", `${input({ ...usual, alg: "none" })}.`),
  both("alg none, two parts", input({ ...usual, alg: "none" })),
  both("alg none, signed", token({ ...usual, alg: "none" })),
  both("alg None", token({ ...usual, alg: "None" })),
  both("alg es256", token({ ...usual, alg: "es256" })),
  both("alg with NUL", token({ ...usual, alg: "ES256\0" })),
  both("alg with space", token({ ...usual, alg: "ES256 " })),
  both("alg ES384 by our key", token({ ...usual, alg: "ES384" }, undefined, jwk, "sha384")),
  both("alg ES512 by our key", token({ ...usual, alg: "ES512" }, undefined, jwk, "sha512")),
  both("alg ES256K", token({ ...usual, alg: "ES256K" })),
  both("alg RS256", token({ ...usual, alg: "RS256" })),
  both("alg PS256", token({ ...usual, alg: "PS256" })),
  both("alg EdDSA", token({ ...usual, alg: "EdDSA" })),
  both("no alg", token({ kid, typ: "at+jwt" })),
  both("alg null", token({ ...usual, alg: null })),
  both("alg a number", token({ ...usual, alg: 256 })),
  both("alg a list", token({ ...usual, alg: ["ES256"] })),
  both("alg empty", token({ ...usual, alg: "" })),
  both("alg twice, none first", token('{"alg":"none","alg":"ES256","typ":"at+jwt"}')),
  both("alg twice, none last", token('{"alg":"ES256","alg":"none","typ":"at+jwt"}')),
  both("alg twice, once escaped", token('{"alg":"ES256","\\u0061lg":"none","typ":"at+jwt"}')),
  ["HS256 keyed with our public JWK", keyed({ ...usual, alg: "HS256" },
    JSON.stringify(published)), OK, NO],
  ["HS256 keyed with our public PEM", keyed({ ...usual, alg: "HS256" }, pem), OK, NO],
  ["HS256 keyed with nothing", keyed({ ...usual, alg: "HS256" }, ""), OK, NO],
  both("HS256 with a signature of ES256", token({ ...usual, alg: "HS256" })),
  both("ES256 with an HMAC", keyed(usual, pem)),

  // crit
  both("crit", token({ ...usual, crit: ["exp"], exp: 1 })),
  both("crit empty", token({ ...usual, crit: [] })),
  both("crit a text", token({ ...usual, crit: "exp" })),
  both("crit an empty text", token({ ...usual, crit: "" })),
  both("crit an object", token({ ...usual, crit: {} })),
  both("crit null", token({ ...usual, crit: null })),
  both("crit false", token({ ...usual, crit: false })),

  // typ, which only inspecting looks at
  ["typ JWT", token({ ...usual, typ: "JWT" }), NO, OK],
  ["no typ", token({ alg: "ES256", kid }), NO, OK],
  ["typ null", token({ ...usual, typ: null }), NO, OK],
  ["typ in capitals", token({ ...usual, typ: "AT+JWT" }), NO, OK],
  ["typ with application/", token({ ...usual, typ: "application/at+jwt" }), NO, OK],
  ["typ with more behind", token({ ...usual, typ: "at+jwt " }), NO, OK],
  both("typ a list", token({ ...usual, typ: ["at+jwt"] })),
  both("kid a number", token({ ...usual, kid: 1 })),
  both("kid with NUL", token({ ...usual, kid: `${kid}\0` })),

  // what is no header
  both("header a list", token(JSON.stringify([usual]))),
  both("header a text", token(JSON.stringify("ES256"))),
  both("header with more behind", token(JSON.stringify(usual) + "{}")),
  both("header cut short", token(JSON.stringify(usual).slice(0, -1))),
  both("header with BOM", token("\ufeff" + JSON.stringify(usual))),
  both("header not UTF-8", token(Buffer.from(JSON.stringify({ ...usual, kid: "\u00ff" }), "latin1"))),
  both("header nested deeply", token(JSON.stringify(usual).slice(0, -1) +
    `,"x":${"[".repeat(200)}${"]".repeat(200)}}`)),
  both("header empty", `.${plain.split(".").slice(1).join(".")}`),
  both("header with NaN", token(JSON.stringify(usual).slice(0, -1) + ',"x":NaN}')),

  // parts and their spelling
  both("nothing", ""),
  both("one part", plain.split(".")[0]),
  both("two parts", plain.split(".").slice(0, 2).join(".")),
  both("two dots", ".."),
  both("a fourth part", `${plain}.AAAA`),
  both("a dot behind", `${plain}.`),
  both("a dot in front", `.${plain}`),
  both("five parts", `${plain}.AAAA.AAAA`),
  both("a space in front", ` ${plain}`),
  both("a line end behind", `${plain}\n`),
  both("a space within", plain.replace(".", " .")),
  both("no claims", plain.replace(/\..*\./, "..")),
  both("signature padded", withLast((signature) => `${signature}==`)),
  both("signature with bits left over", withLast(leftover)),
  both("signature in the other alphabet", withLast(() => "+".repeat(86))),
  both("no signature", withLast(() => "")),

  // signatures
  both("signature as DER", (() => {
    const of = input(usual);
    return `${of}.${ecdsa(Buffer.from(of), jwk, "sha256", "der").toString("base64url")}`;
  })()),
  both("signature a byte short", token(usual, (signature) => signature.subarray(0, 63))),
  both("signature a byte long", token(usual, (s) => Buffer.concat([s, Buffer.alloc(1)]))),
  both("signature widened", token(usual, (s) => Buffer.concat([Buffer.alloc(16), s.subarray(0, 32),
    Buffer.alloc(16), s.subarray(32)]))),
  ["signature of zeros", token(usual, replaced(0n, 0n)), OK, NO],
  ["r = 0", token(usual, replaced(0n, 1n)), OK, NO],
  ["s = 0", token(usual, replaced(1n, 0n)), OK, NO],
  ["r = s = 1", token(usual, replaced(1n, 1n)), OK, NO],
  ["r = s = n", token(usual, replaced(order, order)), OK, NO],
  ["r = s = n - 1", token(usual, replaced(order - 1n, order - 1n)), OK, NO],
  ["r and s exchanged", token(usual, (s) => Buffer.concat([s.subarray(32), s.subarray(0, 32)])),
    OK, NO],
  ["signature over SHA-384", token(usual, undefined, jwk, "sha384"), OK, NO],
];

const quoted = (value) => JSON.stringify(value).replace(/(.{88})(?=.)/g, '$1"\n     "');
console.log(`/* Made by jose_fixture.mjs: what it says of each token, and what we have to say to it. */
#pragma once

#define FIXTURE_KEY_ID "${kid}"

// clang-format off
static const struct {
    const char *what, *token;
    enum err inspected, verified;
} fixtures[] = {`);
for (const [what, made, inspected, verified] of rows) {
  console.log(`    {${JSON.stringify(what)},\n     ${quoted(made)},\n     ${inspected}, ${verified}},`);
}
console.log("};\n// clang-format on");
