// HAProxy in front of several nodes, as an installation has it: it asks /readyz, and hands a request that no node has
// begun to answer to another one.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { program } from '../../lib/gateway.js';
import { atEnd, end, freePort, run, tempDir, until } from '../../lib/place.js';
import { ask } from './load.js';

export const haproxy = program('haproxy');

/** {port} in front of these ports. */
export async function balance(ports) {
  const port = await freePort();
  const file = join(tempDir('haproxy'), 'haproxy.cfg');
  const nodes = ports.map((node, at) => `    server n${at} 127.0.0.1:${node} check inter 200ms fall 1 rise 1 observe layer4`);
  writeFileSync(file, `defaults
    mode http
    timeout connect 1s
    timeout client 30s
    timeout server 30s
    option redispatch 1
    retries 3
    retry-on conn-failure empty-response response-timeout 503
frontend door
    bind 127.0.0.1:${port}
    default_backend nodes
backend nodes
    balance roundrobin
    option httpchk GET /readyz
    http-request disable-l7-retry if !METH_GET
${nodes.join('\n')}
`);
  const process_ = run(haproxy, ['-db', '-f', file]);
  atEnd(() => end(process_, 'SIGTERM', 2_000));
  await until(async () => (await ask(undefined, { port }, 'GET', '/livez')).status === 200, { what: 'HAProxy to find a node' });
  return { port };
}
