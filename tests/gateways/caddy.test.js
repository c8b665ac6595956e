// docs/gateways/Caddyfile, run by the real Caddy.
import { readFileSync, writeFileSync } from 'node:fs';

import { place, testGateway } from '../lib/gateway.js';

testGateway({
  name: 'caddy',
  prepare(dir, ports) {
    const file = place(dir, 'Caddyfile', ports);
    // Its administration port is the same for every Caddy of a machine.
    writeFileSync(file, `{\n\tadmin off\n}\n${readFileSync(file, 'utf8')}`);
    return { args: ['run', '--config', file, '--adapter', 'caddyfile'] };
  },
});
