// docs/gateways/nginx.conf, run by the real nginx.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { place, testGateway } from '../lib/gateway.js';

// What a packaged nginx has around a site's file, with every path inside the test's own folder.
const AROUND = (dir) => `
daemon off;
master_process off;
pid ${dir}/nginx.pid;
error_log stderr;
events {}
http {
    access_log off;
    client_body_temp_path ${dir}/temporary/body;
    proxy_temp_path ${dir}/temporary/proxy;
    fastcgi_temp_path ${dir}/temporary/fastcgi;
    uwsgi_temp_path ${dir}/temporary/uwsgi;
    scgi_temp_path ${dir}/temporary/scgi;
    include ${dir}/nginx.conf;
}
`;

testGateway({
  name: 'nginx',
  prepare(dir, ports) {
    mkdirSync(join(dir, 'temporary'));
    place(dir, 'nginx.conf', ports);
    writeFileSync(join(dir, 'around.conf'), AROUND(dir));
    return { args: ['-p', dir, '-e', 'stderr', '-c', join(dir, 'around.conf')] };
  },
});
