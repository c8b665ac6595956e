// Requests whose end is one thing to one reader and another to another: what is behind that end is a second request, which nobody is
// to carry out. After the lists of Heled, Kettle, and Jabiyev and others, and of what proxies have published since.
const CRLF = '\r\n';
const hex = (text) => text.length.toString(16);

/** A request whole, with the lines of its head as they are given. */
const request = (line, lines, body = '') => [line, 'Host: a.example', 'Content-Type: application/json', ...lines, '', body].join(CRLF);
const LOGIN = 'POST /auth/token HTTP/1.1';
const login = (lines, body) => request(LOGIN, lines, body);

/** Ways to write that the body is chunked, which some readers take for it and others do not. */
const CODINGS = {
  'as it is meant': 'Transfer-Encoding: chunked', 'in capitals': 'TRANSFER-ENCODING: CHUNKED', 'no blank': 'Transfer-Encoding:chunked', 'a tab': 'Transfer-Encoding:\tchunked', 'a tab behind': 'Transfer-Encoding: chunked\t',
  'a blank behind': 'Transfer-Encoding: chunked ', 'a blank before the colon': 'Transfer-Encoding : chunked', 'a tab before the colon': 'Transfer-Encoding\t: chunked', 'a vertical tab': 'Transfer-Encoding: \x0bchunked', 'a vertical tab behind': 'Transfer-Encoding: chunked\x0b',
  'a form feed': 'Transfer-Encoding: \x0cchunked', 'a no-break space': 'Transfer-Encoding: \xa0chunked', 'a NUL': 'Transfer-Encoding: \0chunked', 'a NUL behind': 'Transfer-Encoding: chunked\0', 'a NUL in the name': 'Transfer\0-Encoding: chunked', 'a NUL behind the name': 'Transfer-Encoding\0: chunked',
  'an x': 'Transfer-Encoding: xchunked', 'half of it': 'Transfer-Encoding: chunk', 'quotes': 'Transfer-Encoding: "chunked"', 'single quotes': "Transfer-Encoding: 'chunked'", 'a parameter': 'Transfer-Encoding: chunked;q=1', 'a comma in front': 'Transfer-Encoding: ,chunked', 'a comma behind': 'Transfer-Encoding: chunked,',
  'identity in front': 'Transfer-Encoding: identity, chunked', 'identity behind': 'Transfer-Encoding: chunked, identity', 'gzip in front': 'Transfer-Encoding: gzip, chunked', 'twice in a list': 'Transfer-Encoding: chunked, chunked', 'identity alone': 'Transfer-Encoding: identity', 'cow': 'Transfer-Encoding: cow',
  'another behind it': 'Transfer-Encoding: chunked\r\nTransfer-Encoding: cow', 'another in front': 'Transfer-Encoding: cow\r\nTransfer-Encoding: chunked', 'nothing in front': 'Transfer-Encoding:\r\nTransfer-Encoding: chunked', 'twice': 'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked',
  'on the next line': 'Transfer-Encoding:\r\n chunked', 'continued': 'X-A: b\r\n Transfer-Encoding: chunked', 'continued with a tab': 'X-A: b\r\n\tTransfer-Encoding: chunked', 'a name on two lines': 'Transfer-Encoding\r\n : chunked', 'behind a bare LF': 'X-A: b\nTransfer-Encoding: chunked', 'behind a bare CR': 'X-A: b\rTransfer-Encoding: chunked',
  'an LF behind': 'Transfer-Encoding: chunked\n', 'a CR behind': 'Transfer-Encoding: chunked\r', 'an underscore': 'Transfer_Encoding: chunked', 'a byte above ASCII in front': '\xffTransfer-Encoding: chunked', 'a name that goes on': 'Transfer-Encoding2: chunked', 'of this hop': 'Connection: Transfer-Encoding\r\nTransfer-Encoding: chunked',
  'behind a hundred others': `${'X-A: b\r\n'.repeat(99)}Transfer-Encoding: chunked`, 'another header': 'Content-Encoding: chunked', 'TE': 'TE: chunked', 'of a proxy': 'Proxy-Transfer-Encoding: chunked', 'by a colon more': 'Transfer-Encoding:: chunked', 'with an escape': 'Transfer%2dEncoding: chunked',
};

/** Ways to write a length of which not everybody knows what it is; `right` digits. */
const LENGTHS = {
  'a plus': (right) => `Content-Length: +${right}`, 'a minus': (right) => `Content-Length: -${right}`, 'a zero in front': (right) => `Content-Length: 0${right}`, 'hexadecimal': (right) => `Content-Length: 0x${Number(right).toString(16)}`, 'a fraction': (right) => `Content-Length: ${right}.0`,
  'an exponent': (right) => `Content-Length: ${right}e0`, 'a blank in it': (right) => `Content-Length: ${right[0]} ${right.slice(1)}`, 'an underscore in it': (right) => `Content-Length: ${right[0]}_${right.slice(1)}`, 'a comma in it': (right) => `Content-Length: ${right[0]},${right.slice(1)}`, 'a comma behind': (right) => `Content-Length: ${right},`,
  'quotes': (right) => `Content-Length: "${right}"`, 'a semicolon': (right) => `Content-Length: ${right};`, 'a vertical tab': (right) => `Content-Length: \x0b${right}`, 'a vertical tab behind': (right) => `Content-Length: ${right}\x0b`, 'a NUL behind': (right) => `Content-Length: ${right}\0`, 'a tab': (right) => `Content-Length:\t${right}`,
  'wide digits': (right) => `Content-Length: ${Buffer.from([...right].map((digit) => String.fromCodePoint(0xff10 + Number(digit))).join(''), 'utf8').toString('latin1')}`, '2^64 more': (right) => `Content-Length: ${2n ** 64n + BigInt(right)}`, '2^32 more': (right) => `Content-Length: ${2n ** 32n + BigInt(right)}`,
  'a blank before the colon': (right) => `Content-Length : ${right}`, 'a tab before the colon': (right) => `Content-Length\t: ${right}`, 'a NUL in the name': (right) => `Content-\0Length: ${right}`, 'an underscore in the name': (right) => `Content_Length: ${right}`, 'a name that goes on': (right) => `Content-Length2: ${right}`, 'on the next line': (right) => `Content-Length:\r\n ${right}`,
  'continued': (right) => `X-A: b\r\n Content-Length: ${right}`, 'behind a bare LF': (right) => `X-A: b\nContent-Length: ${right}`, 'behind a bare CR': (right) => `X-A: b\rContent-Length: ${right}`, 'none and this': (right) => `Content-Length: 0\r\nContent-Length: ${right}`, 'this and none': (right) => `Content-Length: ${right}\r\nContent-Length: 0`,
  'this twice': (right) => `Content-Length: ${right}\r\nContent-Length: ${right}`, 'a list of this': (right) => `Content-Length: ${right}, ${right}`, 'a list of none and this': (right) => `Content-Length: 0, ${right}`, 'a list of this and none': (right) => `Content-Length: ${right}, 0`, 'an empty one and this': (right) => `Content-Length:\r\nContent-Length: ${right}`,
  'of this hop': (right) => `Connection: Content-Length\r\nContent-Length: ${right}`, 'of this hop, which closes': (right) => `Connection: close, Content-Length\r\nContent-Length: ${right}`, 'and an expectation': (right) => `Content-Length: ${right}\r\nExpect: 100-continue`, 'and an odd expectation': (right) => `Content-Length: ${right}\r\nExpect: y 100-continue`,
  'and two expectations': (right) => `Content-Length: ${right}\r\nExpect: 100-continue\r\nExpect: 100-continue`, 'and a continued expectation': (right) => `Content-Length: ${right}\r\nExpect:\r\n 100-continue`, 'and an upgrade': (right) => `Content-Length: ${right}\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA`,
};

/** Bodies in chunks that hide the second request, each said to be chunked in the usual way. */
const CHUNKS = {
  'an extension': (hidden) => `2;a=b${CRLF}{}${CRLF}0${CRLF}${CRLF}${hidden}`, 'an extension with a bare LF': (hidden) => `2;\n{}${CRLF}${hex(hidden)}${CRLF}${hidden}${CRLF}0${CRLF}${CRLF}`, 'an extension that ends with a bare CR': (hidden) => `2;\rxx${CRLF}${hex(hidden)}${CRLF}${hidden}${CRLF}0${CRLF}${CRLF}`,
  'an extension of quotes with a CR LF': (hidden) => `2;a="${CRLF}{}${CRLF}0${CRLF}${CRLF}${hidden}"`, 'an extension of the last chunk': (hidden) => `2${CRLF}{}${CRLF}0;a=b${CRLF}${CRLF}${hidden}`, 'an extension without end': (hidden) => `2;${'a'.repeat(20_000)}${CRLF}{}${CRLF}0${CRLF}${CRLF}${hidden}`,
  'a size over 64 bits': (hidden) => `10000000000000002${CRLF}{}${CRLF}0${CRLF}${CRLF}${hidden}`, 'a size over 32 bits': (hidden) => `100000002${CRLF}{}${CRLF}0${CRLF}${CRLF}${hidden}`, 'the largest size': (hidden) => `ffffffffffffffff${CRLF}{}${CRLF}0${CRLF}${CRLF}${hidden}`, 'a size with many zeros': (hidden) => `${'0'.repeat(5_000)}2${CRLF}{}${CRLF}0${CRLF}${CRLF}${hidden}`,
  'a minus': (hidden) => `-2${CRLF}{}${CRLF}0${CRLF}${CRLF}${hidden}`, 'a plus': (hidden) => `+2${CRLF}{}${CRLF}0${CRLF}${CRLF}${hidden}`, '0x': (hidden) => `0x2${CRLF}{}${CRLF}0${CRLF}${CRLF}${hidden}`, 'a blank in front': (hidden) => ` 2${CRLF}{}${CRLF}0${CRLF}${CRLF}${hidden}`, 'a blank behind': (hidden) => `2 ${CRLF}{}${CRLF}0${CRLF}${CRLF}${hidden}`,
  'a tab behind': (hidden) => `2\t${CRLF}{}${CRLF}0${CRLF}${CRLF}${hidden}`, 'an underscore': (hidden) => `0_2${CRLF}{}${CRLF}0${CRLF}${CRLF}${hidden}`, 'no size': (hidden) => `${CRLF}{}${CRLF}0${CRLF}${CRLF}${hidden}`, 'an LF behind the size': (hidden) => `2\n{}${CRLF}0${CRLF}${CRLF}${hidden}`, 'a CR behind the size': (hidden) => `2\r{}${CRLF}0${CRLF}${CRLF}${hidden}`,
  'an LF behind the data': (hidden) => `2${CRLF}{}\n0${CRLF}${CRLF}${hidden}`, 'nothing behind the data': (hidden) => `2${CRLF}{}0${CRLF}${CRLF}${hidden}`, 'two bytes behind the data': (hidden) => `2${CRLF}{}xx0${CRLF}${CRLF}${hidden}`, 'more data than it says': (hidden) => `1${CRLF}{}${CRLF}0${CRLF}${CRLF}${hidden}`,
  'LFs at the end': (hidden) => `2${CRLF}{}${CRLF}0\n\n${hidden}`, 'one LF at the end': (hidden) => `2${CRLF}{}${CRLF}0${CRLF}\n${hidden}`, 'a CR at the end': (hidden) => `2${CRLF}{}${CRLF}0${CRLF}\r${hidden}`, 'a blank behind the last size': (hidden) => `2${CRLF}{}${CRLF}0 ${CRLF}${CRLF}${hidden}`,
  'a trailer': (hidden) => `2${CRLF}{}${CRLF}0${CRLF}X-A: b${CRLF}${CRLF}${hidden}`, 'a length as trailer': (hidden) => `2${CRLF}{}${CRLF}0${CRLF}Content-Length: ${hidden.length}${CRLF}${CRLF}${hidden}`, 'a trailer that is none': (hidden) => `2${CRLF}{}${CRLF}0${CRLF}${hidden}`, 'a trailer behind an LF': (hidden) => `2${CRLF}{}${CRLF}0${CRLF}X-A: b\n${CRLF}${hidden}`,
  'the request in a chunk': (hidden) => `${hex(hidden)}${CRLF}${hidden}${CRLF}0${CRLF}${CRLF}`, 'a chunk that looks like the end': (hidden) => `${hex(`0${CRLF}${CRLF}${hidden}`)}${CRLF}0${CRLF}${CRLF}${hidden}${CRLF}0${CRLF}${CRLF}`,
};

/** Everything else: a head and what is behind it. */
const OTHERS = {
  'GET with a length': (hidden) => request('GET /livez HTTP/1.1', [`Content-Length: ${hidden.length}`], hidden), 'HEAD with a length': (hidden) => request('HEAD /livez HTTP/1.1', [`Content-Length: ${hidden.length}`], hidden),
  'OPTIONS with a length': (hidden) => request('OPTIONS /livez HTTP/1.1', [`Content-Length: ${hidden.length}`], hidden), 'DELETE with a length': (hidden) => request('DELETE /livez HTTP/1.1', [`Content-Length: ${hidden.length}`], hidden),
  'GET with chunks': (hidden) => request('GET /livez HTTP/1.1', ['Transfer-Encoding: chunked'], `${hex(hidden)}${CRLF}${hidden}${CRLF}0${CRLF}${CRLF}`), 'GET with an expectation': (hidden) => request('GET /livez HTTP/1.1', [`Content-Length: ${hidden.length}`, 'Expect: 100-continue'], hidden),
  'HEAD with an expectation': (hidden) => request('HEAD /livez HTTP/1.1', [`Content-Length: ${hidden.length}`, 'Expect: 100-continue'], hidden), 'a path that is refused early': (hidden) => request('POST /%00 HTTP/1.1', [`Content-Length: ${hidden.length}`], hidden), 'a path that is not there': (hidden) => request('POST /nothing HTTP/1.1', [`Content-Length: ${hidden.length}`], hidden),
  'a file that is not one': (hidden) => request('POST /.well-known/jwks.json HTTP/1.1', [`Content-Length: ${hidden.length}`], hidden), 'an absolute target': (hidden) => request('POST http://a.example/auth/token HTTP/1.1', [`Content-Length: ${hidden.length}`], hidden), 'an absolute target elsewhere': (hidden) => request('POST http://b.example/auth/token HTTP/1.1', ['Content-Length: 0', 'Transfer-Encoding: chunked'], `0${CRLF}${CRLF}${hidden}`),
  'HTTP/1.0 in chunks': (hidden) => request('POST /auth/token HTTP/1.0', ['Connection: keep-alive', 'Transfer-Encoding: chunked'], `0${CRLF}${CRLF}${hidden}`), 'HTTP/1.0 in chunks with a length': (hidden) => request('POST /auth/token HTTP/1.0', ['Connection: keep-alive', `Content-Length: ${hidden.length + 5}`, 'Transfer-Encoding: chunked'], `0${CRLF}${CRLF}${hidden}`),
  'HTTP/1.2 in chunks': (hidden) => request('POST /auth/token HTTP/1.2', ['Transfer-Encoding: chunked'], `0${CRLF}${CRLF}${hidden}`), 'HTTP/2.0': (hidden) => request('POST /auth/token HTTP/2.0', [`Content-Length: ${hidden.length}`], hidden), 'no version': (hidden) => `GET /livez${CRLF}${hidden}`, 'two versions': (hidden) => request(`${LOGIN} HTTP/1.1`, [`Content-Length: ${hidden.length}`], hidden),
  'a bare CR in the first line': (hidden) => request('GET /livez\r HTTP/1.1', [`Content-Length: ${hidden.length}`], hidden), 'an LF in the first line': (hidden) => request('GET /livez HTTP/1.1\nX-A: b', [`Content-Length: ${hidden.length}`], hidden), 'all by LFs': (hidden) => login([`Content-Length: ${hidden.length}`], '').replaceAll(CRLF, '\n') + hidden,
  'an LF at the end of the head': (hidden) => `${LOGIN}${CRLF}Host: a.example${CRLF}Content-Length: ${hidden.length}${CRLF}\n${hidden}`, 'a CR at the end of the head': (hidden) => `${LOGIN}${CRLF}Host: a.example${CRLF}Content-Length: ${hidden.length}${CRLF}\r${hidden}`, 'a line that is none': (hidden) => login(['nothing', `Content-Length: ${hidden.length}`], hidden),
  'a name that is empty': (hidden) => login([': b', `Content-Length: ${hidden.length}`], hidden), 'a head in the head': (hidden) => login([`X-A: b${CRLF} ${CRLF}Content-Length: ${hidden.length}`], hidden), 'two hosts': (hidden) => login(['Host: b.example', `Content-Length: ${hidden.length}`], hidden), 'a first line that is continued': (hidden) => `${LOGIN}${CRLF} Host: a.example${CRLF}Content-Length: ${hidden.length}${CRLF}${CRLF}${hidden}`,
  'the preface of HTTP/2': (hidden) => `PRI * HTTP/2.0${CRLF}${CRLF}SM${CRLF}${CRLF}${hidden}`, 'an escaped end of line': (hidden) => request(`POST /auth/token?%20HTTP/1.1%0d%0aContent-Length:%200 HTTP/1.1`, [`Content-Length: ${hidden.length}`], hidden), 'CONNECT': (hidden) => request('CONNECT a.example:443 HTTP/1.1', [`Content-Length: ${hidden.length}`], hidden),
  'TRACE': (hidden) => request('TRACE /livez HTTP/1.1', [`Content-Length: ${hidden.length}`], hidden), 'a header as long as it may be': (hidden) => login([`X-A: ${'b'.repeat(15_900)}`, 'Transfer-Encoding: chunked', 'Content-Length: 5'], `0${CRLF}${CRLF}${hidden}`),
};

/** What is one request behind another for everybody, unless the first one changes what the connection is for: a proxy must not believe that. */
const TUNNELS = {
  'an upgrade to h2c': ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA'], 'an upgrade to a WebSocket': ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='],
  'an upgrade to a WebSocket of no version': ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 777', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='], 'an upgrade to nothing': ['Connection: Upgrade', 'Upgrade: x/1'],
};

/**
 * All of them: {what, bytes(hidden), direct}. `bytes` gives the request in the characters of its bytes, with the hidden one in it;
 * without `direct` the two are honestly two for whoever reads them without a proxy.
 */
export function corpus() {
  const all = [];
  const add = (what, bytes, direct = true) => all.push({ what, bytes, direct });
  for (const [what, coding] of Object.entries(CODINGS)) {
    add(`the length for the first, the coding for the second: ${what}`, (hidden) => login([`Content-Length: ${hidden.length + 5}`, coding], `0${CRLF}${CRLF}${hidden}`));
    add(`the coding for the first, the length for the second: ${what}`, (hidden) => login([`Content-Length: ${hex(hidden).length + 2}`, coding], `${hex(hidden)}${CRLF}${hidden}${CRLF}0${CRLF}${CRLF}`), !IGNORED.has(what));
  }
  for (const [what, length] of Object.entries(LENGTHS)) {
    add(`a length: ${what}`, (hidden) => login([length(`${hidden.length}`)], hidden), !NO_LENGTH.has(what));
    add(`a length of the half: ${what}`, (hidden) => login([length(`${Math.floor(hidden.length / 2)}`)], `${'{}'.padEnd(Math.floor(hidden.length / 2))}${hidden}`), !REAL_LENGTH.has(what) && !NO_LENGTH.has(what));
  }
  for (const [what, body] of Object.entries(CHUNKS)) {
    add(`chunks: ${what}`, (hidden) => login(['Transfer-Encoding: chunked'], body(hidden)));
  }
  for (const [what, bytes] of Object.entries(OTHERS)) {
    add(what, bytes);
  }
  for (const [what, lines] of Object.entries(TUNNELS)) {
    add(what, (hidden) => request('GET /livez HTTP/1.1', lines, hidden), false);
  }
  return all;
}

/** Of the codings those that are headers of something else, so that only the length counts; of the lengths those that are none, and those that are sound. */
const IGNORED = new Set(['an underscore', 'another header', 'TE', 'of a proxy', 'with an escape']);
const NO_LENGTH = new Set(['an underscore in the name']);
const REAL_LENGTH = new Set(['of this hop', 'of this hop, which closes', 'and an expectation', 'and an upgrade']);
