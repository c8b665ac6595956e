// docs/gateways/nginx.conf, run by the real nginx.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { nginxTemporary, place, testGateway } from '../lib/gateway.js';

// What a packaged nginx has around a site's file, with every path inside the test's own folder.
const AROUND = (dir) => `
daemon off;
master_process off;
pid ${dir}/nginx.pid;
error_log stderr;
events {}
http {
    access_log off;
    ${nginxTemporary(dir)}
    include ${dir}/nginx.conf;
}
`;

testGateway({
  name: 'nginx',
  prepare(dir, ports) {
    place(dir, 'nginx.conf', ports);
    writeFileSync(join(dir, 'around.conf'), AROUND(dir));
    return { args: ['-p', dir, '-e', 'stderr', '-c', join(dir, 'around.conf')] };
  },
});
