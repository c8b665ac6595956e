// Requests as bytes, also those that no client would send.
import { parseAnswer, raw } from '../../lib/client.js';

/** Text as the bytes that it has in UTF-8, a character each, which is how heads are written here. */
export const bytesOf = (text) => Buffer.from(text, 'utf8').toString('latin1');

/** The lines of a head: of {name: value, …} or [[name, value], …]. */
function linesOf(headers) {
  return (Array.isArray(headers) ? headers : Object.entries(headers)).map(([name, value]) => `${name}: ${value}\r\n`).join('');
}

/** The bytes of a request. Of `headers` a Host takes the place of ours; a body brings its length. */
export function bytesOfRequest({ method = 'GET', path, headers = {}, token, json, body }) {
  const payload = json === undefined ? Buffer.from(body ?? '', 'utf8') : Buffer.from(JSON.stringify(json));
  const given = linesOf(headers);
  const has = (name) => new RegExp(`^${name}:`, 'im').test(given);
  const ours = [
    has('host') ? '' : 'Host: a\r\n',
    token === undefined ? '' : `Authorization: Bearer ${token}\r\n`,
    json === undefined || has('content-type') ? '' : 'Content-Type: application/json\r\n',
    (json === undefined && body === undefined) || has('content-length') ? '' : `Content-Length: ${payload.length}\r\n`,
    'Connection: close\r\n',
  ];
  return Buffer.concat([Buffer.from(`${method} ${path} HTTP/1.1\r\n${ours.join('')}${given}\r\n`, 'latin1'), payload]);
}

/** Sends it on a connection of its own: the answer, with `head`: its bytes up to the body. */
export async function ask(server, request, { from, patience = 15_000 } = {}) {
  const { bytes } = await raw(server.port, bytesOfRequest(request), { from, patience });
  const answer = parseAnswer(bytes);
  answer.head = bytes.subarray(0, bytes.indexOf('\r\n\r\n') + 2).toString('latin1');
  return answer;
}
