// The thread of `Crowd` (attackers.js): each says what it says, and comes back when its connection is closed.
import net from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

class Crowd {
  constructor(port, attack, size) {
    Object.assign(this, { port, attack, size, going: true, connected: 0, closed: 0, longest: 0, statuses: new Map(), sockets: new Set() });
    this.members = Array.from({ length: size }, () => this.#member());
  }

  async #member() {
    while (this.going) {
      await this.#visit();
      await pause(20 + Math.random() * 30);
    }
  }

  #visit() {
    const { first, more, step, deaf } = this.attack;
    return new Promise((gone) => {
      const socket = net.connect({ host: '127.0.0.1', port: this.port });
      let began;
      let timer;
      let tail = '';
      this.sockets.add(socket);
      socket.on('connect', () => {
        began = performance.now();
        this.connected += 1;
        socket.write(first);
        timer = more && setInterval(() => socket.writable && socket.writableLength < 65_536 && socket.write(more), step);
      });
      if (deaf) {
        socket.pause();
      } else {
        socket.on('data', (bytes) => {
          tail = this.#count(tail + bytes.toString('latin1'));
        });
      }
      socket.on('end', () => socket.destroy());
      socket.on('error', () => {});
      socket.on('close', () => {
        clearInterval(timer);
        this.sockets.delete(socket);
        if (this.going && began !== undefined) {
          this.closed += 1;
          this.longest = Math.max(this.longest, performance.now() - began);
        }
        gone();
      });
    });
  }

  #count(text) {
    for (const [, status] of text.matchAll(/HTTP\/1\.1 (\d{3}) /g)) {
      this.statuses.set(Number(status), (this.statuses.get(Number(status)) ?? 0) + 1);
    }
    return text.slice(-12).replace(/HTTP\/1\.1 \d{3} /, '');
  }

  async stop() {
    this.going = false;
    this.sockets.forEach((socket) => socket.destroy());
    await Promise.all(this.members);
  }
}

let late = 0;
let awake = performance.now();
const watch = setInterval(() => {
  late = Math.max(late, performance.now() - awake - 50);
  awake = performance.now();
}, 50);

const crowd = new Crowd(workerData.port, workerData.attack, workerData.size);
parentPort.once('message', async () => {
  await crowd.stop();
  clearInterval(watch);
  const { connected, closed, longest, statuses } = crowd;
  parentPort.postMessage({ connected, closed, longest, late: Math.round(late), statuses });
});
