// docs/gateways/haproxy.cfg with signet_auth.lua, run by the real HAProxy.
import { place, testGateway } from '../lib/gateway.js';

testGateway({
  name: 'haproxy',
  prepare(dir, ports) {
    place(dir, 'signet_auth.lua', ports);
    return { args: ['-db', '-f', place(dir, 'haproxy.cfg', ports)] };
  },
});
