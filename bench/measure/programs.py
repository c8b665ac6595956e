"""The programs of this folder that Meson builds, and what they print."""
import contextlib
import json
import pathlib
import secrets
import shutil
import subprocess

from measure import machine
from measure.servers import Absent


class Programs:
    def __init__(self, build, scratch):
        self.folder, self.scratch = pathlib.Path(build) / "bench", pathlib.Path(scratch)

    def command(self, name, *arguments):
        program = self.folder / name
        if not program.exists():
            raise Absent(f"{program} is not built")
        return [str(program), *map(str, arguments)]

    def load_command(self, port, request, **options):
        file = self.scratch / f"request-{secrets.token_hex(4)}"
        file.write_bytes(request)
        flags = [f"--{name}={value}" for name, value in options.items()]
        return self.command("load", f"--request={file}", *flags, port)

    def load(self, port, request, urgent=False, **options):
        """Runs the load generator to its end. A run with a single wrong answer measures nothing.

        An urgent one is of the real-time class: on a machine that it shares with a busy server it
        would otherwise measure its own wait for a processor and call it the server's.
        """
        done = subprocess.run(self.load_command(port, request, **options), capture_output=True,
                              text=True, timeout=900, check=False,
                              preexec_fn=machine.make_urgent if urgent else None)
        return right_result(done.stdout, done.stderr)

    @contextlib.contextmanager
    def load_meanwhile(self, port, request, **options):
        """Load in the background; what it measured is in the list when the block has ended."""
        results = []
        process = subprocess.Popen(self.load_command(port, request, **options), text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            yield results
            results.append(right_result(*process.communicate(timeout=900)))
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()

    def hashes(self, threads, seconds, memory_kib, passes):
        return self.run("yardstick-hash", threads, seconds, memory_kib, passes)

    def single_commits(self, seconds):
        return self.in_new_folder("yardstick-commit", "single.db", seconds)

    def store_writes(self, callers, seconds):
        return self.in_new_folder("store-writes", "", callers, seconds)

    def signing(self, seconds):
        return self.run("signing", seconds)

    def bare_signing(self, size, seconds):
        return self.run("yardstick-sign", size, seconds)

    def rotations(self, callers, seconds):
        return self.in_new_folder("rotations", "", callers, seconds)

    def lines(self, lines):
        """A file of these, for the load generator's --lines."""
        file = self.scratch / f"lines-{secrets.token_hex(4)}"
        file.write_text("".join(f"{line}\n" for line in lines))
        return file

    def server_inserts(self, url, callers, seconds):
        return self.run("yardstick-insert", url, callers, seconds)

    def server_writes(self, url, callers, seconds):
        return self.run("store-writes", url, callers, seconds)

    def roster_reads(self, folder, seconds, what, of):
        return self.run("roster-reads", folder, seconds, what, of)

    def in_new_folder(self, name, file, *arguments):
        folder = self.scratch / name
        folder.mkdir()
        try:
            return self.run(name, folder / file, *arguments)
        finally:
            shutil.rmtree(folder)

    def run(self, name, *arguments):
        done = subprocess.run(self.command(name, *arguments), capture_output=True, text=True,
                              timeout=900, check=False)
        if done.returncode != 0:
            raise Absent(f"{name} failed: {done.stderr.strip()[-200:]}")
        return json.loads(done.stdout)


def right_result(output, complaint):
    if not output:
        raise Absent(f"the load generator failed: {complaint.strip()[-200:]}")
    result = json.loads(output)
    if result["errors"] or not result["requests"]:
        faults = ("statuses", "refused", "cut", "malformed", "unanswered", "unsent", "wrong")
        told = ", ".join(f"{name} {result[name]}" for name in faults if result[name])
        raise Absent(f"{result['errors']} wrong answers under load ({told})")
    return result
