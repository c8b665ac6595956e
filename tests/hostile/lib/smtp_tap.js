// Between Signet and an SMTP server: every command as it went over the wire.
import { startSmtp } from '../../lib/smtp.js';
import { tap } from './tap.js';

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
  const { port, said } = await tap(smtp.port);
  return { ...smtp, port, letters: smtp.letters, said };
}
