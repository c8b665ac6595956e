// docs/gateways/envoy.yaml, run by the real Envoy where there is one (see README.md).
import { place, testGateway } from '../lib/gateway.js';

testGateway({
  name: 'envoy',
  optional: true,
  prepare(dir, ports) {
    const file = place(dir, 'envoy.yaml', ports);
    return { args: ['-c', file, '--concurrency', '1', '--disable-hot-restart', '--log-level', 'error'] };
  },
});
