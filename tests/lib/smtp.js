// An SMTP server that was not written here, made to behave well or badly, and a certificate authority of
// our own for it.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

import { atEnd, freePort, tempDir } from './place.js';

function openssl(...args) {
  execFileSync('openssl', args, { stdio: 'pipe' });
}

/** A CA, and a certificate of its for 127.0.0.1: {authorities, key, cert}. */
export function makeCertificate() {
  const dir = tempDir('signet-ca');
  const at = (name) => join(dir, name);
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl('req', '-x509', ...key, '-days', '2', '-subj', '/CN=tests', '-keyout', at('ca.key'), '-out', at('ca.pem'));
  openssl('req', '-x509', ...key, '-days', '2', '-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1',
    '-addext', 'basicConstraints=critical,CA:FALSE', '-CA', at('ca.pem'), '-CAkey', at('ca.key'),
    '-keyout', at('key.pem'), '-out', at('cert.pem'));
  return { authorities: at('ca.pem'), key: readFileSync(at('key.pem')), cert: readFileSync(at('cert.pem')) };
}

function refusal(code, text) {
  return Object.assign(new Error(text), { responseCode: code });
}

function readAll(stream) {
  return new Promise((resolve, reject) => {
    const parts = [];
    stream.on('data', (part) => parts.push(part));
    stream.once('end', () => resolve(Buffer.concat(parts)));
    stream.once('error', reject);
  });
}

/**
 * Listens on 127.0.0.1. `mail`, `rcpt` and `end` are asked at their points of a session and may wait, or
 * give {code, text} to refuse. `letters` are those that came in whole: {raw, envelope, secure, user}, also
 * when `end` then refused them (`taken` tells).
 */
export async function startSmtp({ port, mail, rcpt, end, ...options } = {}) {
  const letters = [];
  const errors = [];
  const answer = (callback) => (verdict) => callback(verdict ? refusal(verdict.code, verdict.text) : null);
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: options.cert ? [] : ['STARTTLS'],
    disableReverseLookup: true,
    closeTimeout: 100,
    onMailFrom: (address, session, callback) => Promise.resolve(mail?.(address, session)).then(answer(callback)),
    onRcptTo: (address, session, callback) => Promise.resolve(rcpt?.(address, session)).then(answer(callback)),
    async onData(stream, session, callback) {
      const raw = await readAll(stream);
      const letter = { raw: raw.toString('latin1'), envelope: session.envelope, secure: session.secure, user: session.user,
        hello: session.hostNameAppearsAs };
      letters.push(letter);
      const verdict = await end?.(letter);
      letter.taken = !verdict;
      answer(callback)(verdict);
    },
    ...options,
  });
  server.on('error', (error) => errors.push(error.message));
  const at = port ?? (await freePort());
  await new Promise((resolve) => server.listen(at, '127.0.0.1', resolve));
  const close = () => new Promise((resolve) => server.close(resolve));
  atEnd(close);
  return { port: at, letters, errors, close };
}

/** As mailparser reads it. */
export function parse(letter) {
  return simpleParser(Buffer.from(letter.raw, 'latin1'));
}
