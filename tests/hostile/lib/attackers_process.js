// The crowd of attackers.js in a process of its own, for where the processor is not to be shared with those who work: start it in the
// kernel's idle class. `attackers_process.js PORT SIZE NAME`; it ends with its input, and prints what became of them as JSON.
import { ATTACKS, Crowd } from './attackers.js';

const [port, size, name] = process.argv.slice(2);
const crowd = new Crowd(Number(port), ATTACKS[name], Number(size));

process.stdin.resume();
process.stdin.once('end', async () => {
  process.stdout.write(JSON.stringify(await crowd.stop()));
});
