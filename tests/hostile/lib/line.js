// A connection that is kept, for one request after another, with as little between the clock and the wire as Node has.
import net from 'node:net';

export class Line {
  constructor(port) {
    this.port = port;
  }

  #connect() {
    return new Promise((resolve, reject) => {
      const socket = net.connect({ host: '127.0.0.1', port: this.port, noDelay: true }, resolve);
      this.socket = socket;
      socket.on('error', reject);
      socket.on('data', (bytes) => this.#take(bytes.toString('latin1')));
      socket.on('close', () => {
        if (this.socket === socket) {
          this.socket = undefined;
          this.lost?.(new Error('the connection was closed without an answer'));
        }
      });
    });
  }

  #take(text) {
    this.got += text;
    const split = this.got.indexOf('\r\n\r\n');
    const length = Number(/^content-length: *(\d+)\r$/im.exec(this.got.slice(0, split + 1))?.[1] ?? 0);
    if (split >= 0 && this.got.length >= split + 4 + length) {
      this.answered(process.hrtime.bigint());
    }
  }

  /** {status, milliseconds} from the first byte out to the last one in; connecting, where that is due, comes before. */
  async ask({ method = 'POST', path, json, token }) {
    const body = json === undefined ? '' : JSON.stringify(json);
    const bytes = `${method} ${path} HTTP/1.1\r\nHost: a\r\n${token === undefined ? '' : `Authorization: Bearer ${token}\r\n`}`
      + `${json === undefined ? '' : `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n`}\r\n${body}`;
    if (this.socket === undefined) {
      await this.#connect();
    }
    this.got = '';
    let begun;
    const ended = await new Promise((resolve, reject) => {
      [this.answered, this.lost] = [resolve, reject];
      begun = process.hrtime.bigint();
      this.socket.write(bytes);
    });
    this.lost = undefined;
    if (/^connection: close\r$/im.test(this.got)) {
      this.end();
    }
    return { status: Number(this.got.slice(9, 12)), milliseconds: Number(ended - begun) / 1e6 };
  }

  end() {
    this.socket?.destroy();
    this.socket = undefined;
  }
}
