// A wire that can be cut: passes TCP on, or lets everything vanish without a word, as a firewall does.
import net from 'node:net';

import { atEnd, freePort } from '../../lib/place.js';

export class Proxy {
  /** `sent(bytes)` sees what clients send; when it gives true, the connection breaks before any answer to it. */
  static async start(target, { sent } = {}) {
    const proxy = new Proxy();
    Object.assign(proxy, { target, sent, links: new Set(), hole: false, port: await freePort() });
    proxy.server = net.createServer((client) => proxy.#pass(client));
    await new Promise((ready) => proxy.server.listen(proxy.port, '127.0.0.1', ready));
    atEnd(() => {
      proxy.cut();
      proxy.server.close();
    });
    return proxy;
  }

  #pass(client) {
    const server = net.connect({ host: '127.0.0.1', port: this.target });
    const link = { client, server, deaf: false };
    this.links.add(link);
    const both = [[client, server], [server, client]];
    for (const [from, to] of both) {
      from.on('data', (bytes) => {
        if (this.hole || (link.deaf && from === server)) {
          return; // it has left, and arrives nowhere
        }
        if (from === client && this.sent?.(bytes)) {
          link.deaf = true;
          setTimeout(() => both.flat().forEach((socket) => socket.destroy()), 30);
        }
        to.write(bytes);
      });
      from.on('end', () => (this.hole ? undefined : to.end()));
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.links.delete(link);
        to.destroy();
      });
    }
  }

  /** From now on nothing arrives on either side, and nobody is told. */
  blackhole() {
    this.hole = true;
  }

  /** New connections pass again. Those of before stay as dead as they were. */
  heal() {
    this.cut();
    this.hole = false;
  }

  cut() {
    for (const { client, server } of this.links) {
      client.destroy();
      server.destroy();
    }
  }
}
