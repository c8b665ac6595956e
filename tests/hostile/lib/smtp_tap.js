// Between Signet and an SMTP server: every command as it went over the wire.
import net from 'node:net';

import { atEnd, freePort } from '../../lib/place.js';
import { startSmtp } from '../../lib/smtp.js';

/** The commands and letters in what a client said: the data of a letter is no command. */
export function commandsIn(said) {
  const commands = [];
  let rest = said;
  while (rest !== '') {
    const end = rest.indexOf('\r\n');
    commands.push(end < 0 ? rest : rest.slice(0, end));
    rest = end < 0 ? '' : rest.slice(end + 2);
    if (commands.at(-1) === 'DATA') {
      const over = rest.indexOf('\r\n.\r\n');
      rest = over < 0 ? '' : rest.slice(over + 5);
    }
  }
  return commands;
}

/** An SMTP server whose clients are listened to: {port, letters, said}; `said` has one text a connection. */
export async function startTappedSmtp() {
  const smtp = await startSmtp();
  const said = [];
  const server = net.createServer((client) => {
    const at = said.push('') - 1;
    const upstream = net.connect(smtp.port, '127.0.0.1');
    client.on('data', (bytes) => (said[at] += bytes.toString('latin1')));
    for (const socket of [client, upstream]) {
      socket.on('error', () => [client, upstream].forEach((one) => one.destroy()));
    }
    client.pipe(upstream).pipe(client);
  });
  const port = await freePort();
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  atEnd(() => server.close());
  return { ...smtp, port, letters: smtp.letters, said };
}
