// Between a server and whoever asks it: what went over the wire, in either direction.
import net from 'node:net';

import { atEnd, freePort } from '../../lib/place.js';

/** Listens in front of a port of loopback: {port, said, heard}: what clients said and what they heard, a text a connection. */
export async function tap(upstreamPort) {
  const said = [];
  const heard = [];
  const server = net.createServer((client) => {
    const at = said.push('') - 1;
    heard.push('');
    const upstream = net.connect(upstreamPort, '127.0.0.1');
    client.on('data', (bytes) => (said[at] += bytes.toString('latin1')));
    upstream.on('data', (bytes) => (heard[at] += bytes.toString('latin1')));
    for (const socket of [client, upstream]) {
      socket.on('error', () => [client, upstream].forEach((one) => one.destroy()));
    }
    client.pipe(upstream).pipe(client);
  });
  const port = await freePort();
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  atEnd(() => server.close());
  return { port, said, heard };
}
