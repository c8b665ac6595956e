// A letter by way of Postfix, as Debian has it, into a mailbox; Python's own parser reads it there.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { awaitState, putLetter, startSender } from '../lib/mail.js';
import { atEnd, freePort, tempDir, until } from '../lib/place.js';
import { makeCertificate } from '../lib/smtp.js';

// tools/setup does not install it: apt would take away whatever else delivers mail on the machine.
const NOBODY = 65534;
const why = process.getuid() !== 0 ? 'Postfix only runs as root' : existsSync('/usr/sbin/postfix') ? false : 'Postfix is not installed';

const MASTER = (port) => `
127.0.0.1:${port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
`;

const MAIN = (at) => `
compatibility_level = 3.6
queue_directory = ${at('spool')}
data_directory = ${at('data')}
maillog_file = ${at('log')}
maillog_file_prefixes = ${at('')}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.example.com
mydestination =
mynetworks = 127.0.0.0/8
virtual_mailbox_domains = example.com
virtual_mailbox_base = ${at('boxes')}
virtual_mailbox_maps = static:box/
virtual_uid_maps = static:${NOBODY}
virtual_gid_maps = static:${NOBODY}
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_tls_security_level = encrypt
smtpd_tls_chain_files = ${at('key.pem')}, ${at('cert.pem')}
`;

async function startPostfix() {
  const dir = tempDir('signet-postfix');
  const at = (name) => join(dir, name);
  const tls = makeCertificate();
  const port = await freePort();
  chmodSync(dir, 0o755);
  for (const name of ['conf', 'spool', 'data', 'boxes']) {
    mkdirSync(at(name), { mode: 0o755 });
  }
  chownSync(at('boxes'), NOBODY, NOBODY);
  execFileSync('chown', ['postfix', at('data')]);
  writeFileSync(at('key.pem'), tls.key, { mode: 0o600 });
  writeFileSync(at('cert.pem'), tls.cert);
  writeFileSync(at('conf/main.cf'), MAIN(at));
  writeFileSync(at('conf/master.cf'), MASTER(port));
  const postfix = (command) => execFileSync('/usr/sbin/postfix', ['-c', at('conf'), command], { stdio: 'ignore' });
  postfix('start');
  atEnd(() => postfix('stop'));
  return { port, authorities: tls.authorities, box: at('boxes/box/new') };
}

const READ = `
import email, email.policy, json, sys
letter = email.message_from_binary_file(sys.stdin.buffer, policy=email.policy.default)
defects = [str(d) for part in letter.walk() for d in part.defects]
print(json.dumps({"subject": letter["subject"], "to": letter["to"], "auto": letter["auto-submitted"], "defects": defects,
    "received": len(letter.get_all("received")), "text": letter.get_body(("plain",)).get_content(),
    "html": letter.get_body(("html",)).get_content()}))
`;

test('Postfix takes a letter, over TLS, and keeps it as it was', { skip: why }, async () => {
  const postfix = await startPostfix();
  const server = await startSender(postfix, {
    settings: { 'mail.starttls': 'required', 'mail.authorities': postfix.authorities, 'mail.name': 'Grüße' },
  });
  const id = await putLetter(server, 'ada@example.com');
  assert.equal((await awaitState(server, id, 'sent')).attempts, '1');
  await until(() => existsSync(postfix.box) && readdirSync(postfix.box).length > 0, { what: 'the letter in its box' });
  const [file] = readdirSync(postfix.box);
  const raw = execFileSync('cat', [join(postfix.box, file)]);
  const letter = JSON.parse(execFileSync('python3', ['-c', READ], { input: raw }));
  assert.deepEqual({ ...letter, text: '', html: '' }, {
    subject: 'A test letter from Grüße', to: 'ada@example.com', auto: 'auto-generated', defects: [], received: 1, text: '', html: '',
  });
  assert.match(letter.text, /^This is a test letter\. It arrived, so letters of Grüße reach this address\.$/m);
  assert.match(letter.html, /letters of Grüße reach this address\.<\/p>/);
  assert.match(raw.toString('latin1'), new RegExp(`^Message-ID: <${id}@`, 'm'));
});
