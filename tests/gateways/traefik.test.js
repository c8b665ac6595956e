// docs/gateways/traefik.yaml, run by the real Traefik where there is one (see README.md).
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { place, testGateway } from '../lib/gateway.js';

testGateway({
  name: 'traefik',
  optional: true,
  prepare(dir, ports) {
    const file = place(dir, 'traefik.yaml', ports);
    const around = {
      entryPoints: { web: { address: `127.0.0.1:${ports.door}` } },
      providers: { file: { filename: file, watch: false } },
      global: { checkNewVersion: false, sendAnonymousUsage: false },
      log: { level: 'ERROR' },
    };
    writeFileSync(join(dir, 'around.yaml'), JSON.stringify(around));
    return { args: [`--configFile=${join(dir, 'around.yaml')}`] };
  },
});
