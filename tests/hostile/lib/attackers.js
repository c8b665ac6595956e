// Clients that hold a server up, many at once, on a thread of their own: nobody who works is to wait for them in here.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

const LOGIN = 'POST /auth/token HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
const NOBODY = JSON.stringify({ username: 'nobody', password: 'not the password' });
const LARGE = 60_000; // below http.max_body

/**
 * How they behave: `first` is said at once, `more` every `step` milliseconds if there is such; who is `deaf` reads nothing, and
 * finds out by what it says. `ends`: which statuses it may be told; `within`: the setting whose time is over then, or none when it is
 * refused at once.
 */
export const ATTACKS = {
  'connections that say nothing': { first: '', ends: [], within: 'header' },
  'connections that rest': { first: 'GET /livez HTTP/1.1\r\nHost: x\r\n\r\n', ends: [200], within: 'idle' },
  'headers that trickle': { first: 'GET /users HTTP/1.1\r\nHost: x\r\n', more: 'X-A: b\r\n', step: 200, ends: [408], within: 'header' },
  'headers that stop short of their limit': { first: `GET /users HTTP/1.1\r\nHost: x\r\nX-A: ${'b'.repeat(15_000)}`, ends: [408], within: 'header' },
  'bodies that trickle': { first: `${LOGIN}Content-Length: ${LARGE}\r\n\r\n`, more: '{', step: 200, ends: [408], within: 'request' },
  'bodies that stop short of their end': { first: `${LOGIN}Content-Length: ${LARGE}\r\n\r\n${'x'.repeat(LARGE - 1)}`, ends: [408], within: 'request' },
  'chunks that trickle': { first: `${LOGIN}Transfer-Encoding: chunked\r\n\r\n`, more: '1\r\n{\r\n', step: 200, ends: [408], within: 'request' },
  'answers that nobody reads': { first: 'GET /.well-known/jwks.json HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(900), more: 'X', step: 300, deaf: true, ends: [], within: 'request' },
  'requests by the hundred in one go': { first: 'GET /api/v1/auth HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(200), more: 'GET /api/v1/auth HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(50), step: 100, ends: [401] },
  'headers beyond the limit': { first: `GET /users HTTP/1.1\r\nHost: x\r\nX-A: ${'b'.repeat(30_000)}\r\n\r\n`, ends: [431] },
  'lines beyond the limit': { first: `GET /${'b'.repeat(30_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, ends: [414] },
  'two framings at once': { first: `${LOGIN}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /users HTTP/1.1\r\nHost: x\r\n\r\n`, ends: [400] },
  'logins of nobody': { first: `${LOGIN}Content-Length: ${NOBODY.length}\r\n\r\n${NOBODY}`.repeat(2), ends: [401, 429, 503] },
};

/** So many of one kind at a server, until `stop`, which gives what became of them; `late`: for how long the machine let nobody run. */
export class Crowd {
  constructor(port, attack, size) {
    this.worker = new Worker(new URL('./attackers_worker.js', import.meta.url), { workerData: { port, attack, size } });
    this.ended = new Promise((resolve, reject) => {
      this.worker.once('message', resolve);
      this.worker.once('error', reject);
    });
  }

  async stop() {
    this.worker.postMessage('stop');
    const { connected, closed, longest, late, statuses } = await this.ended;
    const told = [...statuses].map(([status, count]) => `${count} × ${status}`).join(', ');
    const summary = `${connected} connections, ${closed} closed by the server after at most ${Math.round(longest)} ms${told && `; ${told}`}`;
    return { closed, longest, late, statuses: [...statuses.keys()], summary };
  }
}

/** The same from elsewhere: in a process that gets of the processors what nobody else wants, as if it ran on another machine. */
export class DistantCrowd {
  constructor(port, name, size) {
    const script = fileURLToPath(new URL('./attackers_process.js', import.meta.url));
    this.child = spawn('chrt', ['--idle', '0', process.execPath, script, `${port}`, `${size}`, name], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.said = '';
    this.child.stdout.on('data', (data) => (this.said += data));
    this.ended = new Promise((resolve) => this.child.once('close', resolve));
  }

  async stop() {
    this.child.stdin.end();
    await this.ended;
    return JSON.parse(this.said);
  }
}
