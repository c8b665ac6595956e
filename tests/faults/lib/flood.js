// A flood of logins, from a process of its own: flood.js PORT CALLERS, until its standard input ends. Then it prints how many
// answers there were of each status. It stands back for everybody else: who floods has a machine of his own, and so have those
// who work meanwhile; here they share the processors with the server, and one thread of Node's would have them wait for itself.
import http from 'node:http';
import { setPriority } from 'node:os';

import { ask } from './load.js';

const [port, callers] = process.argv.slice(2).map(Number);
const agent = new http.Agent({ keepAlive: true, maxSockets: callers });
const counts = {};
let going = true;

setPriority(19);
process.stdin.on('end', () => (going = false)).resume();
await Promise.all(Array.from({ length: callers }, async () => {
  while (going) {
    // Strangers with wrong passwords: each costs a hash, and none is told apart from those who are known.
    const json = { username: `nobody${Math.random()}`, password: 'wrong password' };
    const { status, headers } = await ask(agent, { port }, 'POST', '/api/v1/login', { json });
    const told = status === 503 && !headers['retry-after'] ? '503 without Retry-After' : status;
    counts[told] = (counts[told] ?? 0) + 1;
  }
}));
console.log(JSON.stringify(counts));
agent.destroy();
