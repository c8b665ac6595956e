// Four ways to speak to a server: curl as printed in a document, curl by arguments, Node's own
// client, and bytes on a socket. None of them shares code with Signet.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { join } from 'node:path';

import { assertContract } from './contract.js';
import { tempDir } from './place.js';

/** One answer as it came over the wire: {status, headers, bytes, text, json}. Header names in lower case. */
export function parseAnswer(bytes) {
  const raw = bytes.toString('latin1');
  const split = raw.indexOf('\r\n\r\n');
  assert.notEqual(split, -1, `no complete answer in ${JSON.stringify(raw.slice(0, 200))}`);
  const [statusLine, ...lines] = raw.slice(0, split).split('\r\n');
  const status = /^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(statusLine);
  assert.ok(status, `no status line: ${JSON.stringify(statusLine)}`);
  const headers = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    headers[name] = name in headers ? `${headers[name]}, ${value}` : value;
  }
  if (status[1] === '100') {
    return parseAnswer(bytes.subarray(split + 4));
  }
  return withBody({ status: Number(status[1]), headers }, bytes.subarray(split + 4));
}

function withBody(answer, body) {
  answer.bytes = body;
  answer.text = body.toString('utf8');
  answer.json = undefined;
  if ((answer.headers['content-type'] ?? '').startsWith('application/json') && answer.text !== '') {
    answer.json = JSON.parse(answer.text);
  }
  return answer;
}

function execute(command, args, options) {
  return new Promise((resolve, reject) => {
    execFile(command, args, { encoding: 'buffer', timeout: 30_000, ...options }, (error, stdout, stderr) => {
      if (error) {
        reject(new Error(`${command} ${args.join(' ')}: ${error.message}\n${stderr}`));
        return;
      }
      resolve(stdout);
    });
  });
}

/** Runs the real curl, with these arguments, and reads what it printed. */
export async function curl(args) {
  return parseAnswer(await execute('curl', ['--silent', '--show-error', '--include', ...args]));
}

let curlHome;

/**
 * Runs a command line of a document as it is printed there. Only the port is put in the place of
 * the printed one, and `values` in the place of what the document leaves to the reader.
 */
export async function printed(server, line, values = {}) {
  if (!curlHome) {
    curlHome = tempDir('curl');
    writeFileSync(join(curlHome, '.curlrc'), 'silent\nshow-error\ninclude\n');
  }
  let command = line.replaceAll('localhost:8085', `localhost:${server.port}`);
  for (const [name, value] of Object.entries(values)) {
    assert.ok(command.includes(name), `the printed line has no ${name}`);
    command = command.replaceAll(name, value);
  }
  return parseAnswer(await execute('bash', ['-c', command], { env: { ...process.env, CURL_HOME: curlHome } }));
}

/**
 * One request by Node's own client. `json` is sent as such; `body` as it is. Every answer is held to
 * what every answer of Signet has, and to the contract of its face, unless `plain`, for servers that are not
 * Signet.
 */
export function call(server, method, path, { token, json, body, headers = {}, plain = false } = {}) {
  const sent = { ...headers };
  if (token !== undefined) {
    sent.Authorization = `Bearer ${token}`;
  }
  const payload = json === undefined ? body : JSON.stringify(json);
  if (json !== undefined) {
    sent['Content-Type'] ??= 'application/json';
  }
  if (payload !== undefined) {
    sent['Content-Length'] = Buffer.byteLength(payload);
  }
  return new Promise((resolve, reject) => {
    const request = http.request(
      { host: '127.0.0.1', port: server.port, method, path, headers: sent, agent: false, timeout: 30_000 },
      (response) => {
        const parts = [];
        response.on('data', (part) => parts.push(part));
        response.on('error', reject);
        response.on('end', () => {
          const answer = { status: response.statusCode, headers: response.headers };
          try {
            withBody(answer, Buffer.concat(parts));
            if (!plain) {
              assertSignetAnswer(answer);
              assertContract(method, path, json, answer);
            }
            resolve(answer);
          } catch (error) {
            reject(error);
          }
        });
      },
    );
    request.on('timeout', () => request.destroy(new Error(`${method} ${path}: no answer`)));
    request.on('error', reject);
    request.end(payload);
  });
}

/** What every answer has, whatever it says. */
export function assertSignetAnswer(answer) {
  assert.match(answer.headers['x-request-id'] ?? '', /^[!-~]{1,128}$/, 'every answer has X-Request-Id');
  assert.equal(answer.headers['x-content-type-options'], 'nosniff');
  assert.match(answer.headers.date ?? '', / GMT$/);
  assert.equal(answer.headers.server, undefined, 'no answer tells what runs here');
}

/**
 * Sends bytes on a socket of its own and collects what comes back until the other side closes, or
 * `patience` milliseconds have passed since the last byte. `bytes` is a string (latin1), a buffer, or a list
 * of these and of numbers: milliseconds to wait between. `from` is the address of loopback that it comes from.
 * Gives {bytes, closed, milliseconds}.
 */
export function raw(port, bytes, { patience = 1_500, halfClose = false, leaveAfter, from } = {}) {
  const steps = Array.isArray(bytes) ? bytes : [bytes];
  return new Promise((resolve, reject) => {
    const parts = [];
    const began = Date.now();
    const socket = net.connect({ host: '127.0.0.1', port, localAddress: from, allowHalfOpen: true });
    let timer;
    const finish = (closed) => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ bytes: Buffer.concat(parts), closed, milliseconds: Date.now() - began });
    };
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(() => finish(false), patience);
    };
    socket.on('data', (part) => {
      parts.push(part);
      wait();
    });
    socket.on('end', () => finish(true));
    socket.on('error', (error) => {
      if (error.code === 'ECONNRESET' || error.code === 'EPIPE') {
        finish(true);
        return;
      }
      clearTimeout(timer);
      reject(error);
    });
    socket.on('connect', async () => {
      for (const step of steps) {
        if (socket.destroyed) {
          return;
        }
        if (typeof step === 'number') {
          await new Promise((awake) => setTimeout(awake, step));
        } else {
          socket.write(typeof step === 'string' ? Buffer.from(step, 'latin1') : step);
        }
      }
      if (leaveAfter !== undefined) {
        setTimeout(() => finish(false), leaveAfter);
        return;
      }
      if (halfClose) {
        socket.end();
      }
      wait();
    });
  });
}

/** Splits what a connection gave into its answers, by their Content-Length. */
export function answersIn(bytes) {
  const answers = [];
  let rest = bytes;
  while (rest.length > 0) {
    const split = rest.indexOf('\r\n\r\n');
    assert.notEqual(split, -1, `half an answer: ${JSON.stringify(rest.toString('latin1').slice(0, 200))}`);
    const length = /^content-length: *(\d+)\r?$/im.exec(rest.subarray(0, split + 2).toString('latin1'));
    const size = split + 4 + Number(length?.[1] ?? 0);
    assert.ok(rest.length >= size, 'an answer is shorter than its Content-Length');
    answers.push(parseAnswer(rest.subarray(0, size)));
    rest = rest.subarray(size);
  }
  return answers;
}
