// Real proxies that hand everything on to one server over connections which they keep, but for one path, which is refused to all who
// come through them; each gives what it hands on a number of its own, so that what it never saw as a request can be told. Beside them
// one that knows no framing at all: to show that the cases see what they look for.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';

import { call } from '../../lib/client.js';
import { nginxTemporary, program } from '../../lib/gateway.js';
import { atEnd, end, freePort, run, tempDir, until } from '../../lib/place.js';

const nginxServer = (name, port, closed, more = '') => `
    server {
        listen 127.0.0.1:${port};
        ${more}
        location = ${closed} { return 403; }
        location / {
            proxy_pass http://signet;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Host $host;
            proxy_set_header X-Request-Id by-${name}-$request_id;
        }
    }`;

const nginx = (name, more) => (dir, { port, upstream, closed }) => {
  writeFileSync(join(dir, 'nginx.conf'), `daemon off;
master_process off;
pid ${dir}/nginx.pid;
error_log stderr;
events {}
http {
    access_log off;
    ${nginxTemporary(dir)}
    upstream signet { server 127.0.0.1:${upstream}; keepalive 1; }
    ${nginxServer(name, port, closed, more)}
}
`);
  return ['-p', dir, '-e', 'stderr', '-c', join(dir, 'nginx.conf')];
};

const haproxy = (name, more) => (dir, { port, upstream, closed }) => {
  const file = join(dir, 'haproxy.cfg');
  writeFileSync(file, `global
    nbthread 1
defaults
    mode http
    http-reuse always
    timeout connect 1s
    timeout client 10s
    timeout server 10s
frontend door
    bind 127.0.0.1:${port}
    ${more}
    http-request deny deny_status 403 if { path ${closed} }
    http-request set-header X-Request-Id by-${name}-%[uuid()]
    default_backend signet
backend signet
    server signet 127.0.0.1:${upstream} pool-max-conn 1
`);
  return ['-db', '-f', file];
};

const caddy = (name) => (dir, { port, upstream, closed }) => {
  const file = join(dir, 'Caddyfile');
  writeFileSync(file, `{
	admin off
}
http://127.0.0.1:${port} {
	@closed path ${closed}
	respond @closed 403
	reverse_proxy 127.0.0.1:${upstream} {
		header_up X-Request-Id by-${name}-{http.request.uuid}
		transport http {
			keepalive 60s
			keepalive_idle_conns_per_host 1
		}
	}
}
`);
  return ['run', '--config', file, '--adapter', 'caddyfile'];
};

/** As they come, and as those set them up who want everything to pass. */
const PROXIES = {
  nginx: ['nginx', nginx('nginx', '')],
  'nginx-lax': ['nginx', nginx('nginx-lax', 'ignore_invalid_headers off; underscores_in_headers on; proxy_request_buffering off; client_max_body_size 0;')],
  haproxy: ['haproxy', haproxy('haproxy', '')],
  'haproxy-lax': ['haproxy', haproxy('haproxy-lax', 'option accept-invalid-http-request')],
  caddy: ['caddy', caddy('caddy')],
};

async function startProxy(name, [kind, prepare], upstream, closed) {
  const found = program(kind);
  assert.ok(found, `${kind} is not installed`);
  const [dir, port] = [tempDir(name), await freePort()];
  const process_ = run(found, prepare(dir, { port, upstream, closed }), { cwd: dir, env: { ...process.env, HOME: dir, XDG_DATA_HOME: dir, XDG_CONFIG_HOME: dir } });
  atEnd(() => end(process_, 'SIGTERM', 3_000));
  await until(() => {
    assert.ok(process_.running(), `${name} ended:\n${process_.logs()}`);
    return call({ port }, 'GET', '/livez', { plain: true }).then(({ status }) => status === 200);
  }, { what: `${name} to answer` });
  return { name, port };
}

/** All of them in front of a server; nobody who comes through one gets to `closed`: [{name, port}, …]. */
export const startProxies = (upstream, closed) => Promise.all(Object.entries(PROXIES).map(([name, how]) => startProxy(name, how, upstream, closed)));

/** What hands on whatever came in one piece as one request, and gives back whatever comes in one piece as its answer. */
export async function startNaive(upstream) {
  const behind = net.connect({ host: '127.0.0.1', port: upstream, noDelay: true });
  let turn = Promise.resolve();
  let waiting;
  let early = Buffer.alloc(0); // came when nobody waited: the next one gets it
  behind.on('data', (bytes) => {
    const whole = Buffer.concat([early, bytes]);
    const end_ = whole.indexOf('\r\n\r\n');
    const length = Number(/^content-length: *(\d+)\r$/im.exec(whole.subarray(0, end_ + 1).toString('latin1'))?.[1] ?? 0);
    const size = end_ + 4 + length;
    early = waiting ? whole.subarray(size) : whole;
    waiting?.(whole.subarray(0, size));
    waiting = undefined;
  });
  const one = (bytes) => new Promise((resolve) => {
    if (early.length > 0) {
      behind.write(bytes);
      const given = early;
      early = Buffer.alloc(0);
      resolve(given);
      return;
    }
    waiting = resolve;
    behind.write(bytes);
  });
  const server = net.createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      const kept = Buffer.from(bytes.toString('latin1').replace(/^connection: close\r\n/im, ''), 'latin1');
      turn = turn.then(() => one(kept)).then((answer) => socket.write(answer));
    });
  });
  const port = await freePort();
  await new Promise((ready) => server.listen(port, '127.0.0.1', ready));
  atEnd(() => {
    behind.destroy();
    server.close();
  });
  return { name: 'naive', port };
}
