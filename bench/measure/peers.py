"""Other services at the same works. What is particular of each is in bench/peers/NAME: peer.py starts and fills it,
scenarios.toml says what it is asked; bench/peers/setup installs them below build/peers."""
import contextlib
import importlib.util
import json
import pathlib
import subprocess

from measure import machine, scenarios, servers, subjects, works
from measure.figures import Figure
from measure.servers import Absent

HERE = pathlib.Path(__file__).resolve().parents[1] / "peers"
INSTALLED = HERE.parents[1] / "build" / "peers"
MEMORY_KIB, PASSES = 19_456, 2  # of a hash, where it can be said: the default of Signet
PASSWORD = "correct horse battery staple"
WANTED_OF_INTROSPECTION = 20


class Peer(subjects.Subject):
    """With what every one has: its table and names that stand for something in it."""

    def __init__(self, name, server, names, about):
        super().__init__(server)
        self.name, self.names, self.about = name, names, about | {"first answer after": f"{server.seconds:.1f} s"}

    def scenarios(self):
        return scenarios.read(HERE / self.name / "scenarios.toml")[1]

    def known(self):
        return self.names


class Place:
    """Where a peer is to run: a folder of its own, a core, and a database on the same core for whoever needs one."""

    def __init__(self, scratch, core, databases):
        self.scratch, self.core, self.databases = scratch, core, databases

    def folder(self, name):
        folder = self.scratch / name
        folder.mkdir()
        return folder


class Databases:
    """One PostgreSQL for those peers whose manuals name a server for production; it has their core, and what it costs is told
    beside them."""

    def __init__(self, scratch, core, stack):
        self.scratch, self.core, self.stack, self.port, self.process = scratch, core, stack, None, None

    def make(self, name):
        """A new one; the address of its server is 127.0.0.1:port."""
        if not self.process:
            self.port = servers.free_port()
            self.process, _ = self.stack.enter_context(
                servers.postgres_process(self.scratch, self.core, f"-clisten_addresses={servers.HOST}", f"-cport={self.port}"))
        run = subprocess.run(["psql", "-Xqh", servers.HOST, "-p", str(self.port), "-U", "signet", "-c",
                              f"CREATE DATABASE {name}", "postgres"], capture_output=True, check=False)
        if run.returncode != 0:
            raise Absent(f"PostgreSQL did not make the database {name}")
        return f"{servers.HOST}:{self.port}/{name}"


def program(*parts):
    path = INSTALLED.joinpath(*parts)
    if not path.exists():
        raise Absent(f"{'/'.join(parts)} is not installed (bench/peers/setup)")
    return path


def run(command, **options):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=120, check=False, **options)
    if done.returncode != 0:
        raise Absent(f"{pathlib.Path(str(command[0])).name} failed: {(done.stderr or done.stdout).strip()[-300:]}")
    return done.stdout


def call(port, method, target, body=None, *headers, form=False, wanted=(200, 201, 204)):
    """One request of those that fill a peer; its answer, read as JSON where it is some."""
    kind = "application/x-www-form-urlencoded" if form else "application/json"
    data = (body if form else json.dumps(body)).encode() if body is not None else b""
    lines = [f"{method} {target} HTTP/1.1", f"Host: {servers.HOST}:{port}", *headers]
    if body is not None:
        lines += [f"Content-Type: {kind}", f"Content-Length: {len(data)}"]
    answer = servers.ask(port, "\r\n".join(lines).encode() + b"\r\n\r\n" + data)
    if answer.status not in wanted:
        raise Absent(f"{method} {target.partition('?')[0]}: {scenarios.told(answer)}")
    with contextlib.suppress(ValueError):
        answer.json = json.loads(answer.body)
    return answer


def names():
    return sorted(folder.name for folder in HERE.iterdir() if (folder / "peer.py").exists())


def load(name):
    spec = importlib.util.spec_from_file_location("peer_" + name.replace("-", "_"), HERE / name / "peer.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def start_all(bench, stack, core):
    """Those that run, and why the others do not."""
    place = Place(bench.scratch, core, Databases(bench.scratch, core, stack))
    running, absent = [], {}
    for name in names():
        try:
            running.append(stack.enter_context(load(name).serve(place)))
        except (Absent, OSError, ValueError, KeyError, subprocess.SubprocessError) as reason:
            absent[name] = f"{type(reason).__name__}: {reason}".removeprefix("Absent: ")
    return running, absent


def peers(bench, introspection, among_keepers):
    """Each work at Signet and at everyone who has it, all of them on one core and asked by the same client on another."""
    if len(machine.cores()) < 2:
        raise Absent("a pinned figure needs two cores")
    machine.adopt_orphans()
    with contextlib.ExitStack() as stack:
        stack.callback(machine.wait_for_orphans)
        running, absent = start_all(bench, stack, machine.cores()[0])
        everyone = [stack.enter_context(subjects.signet(bench)), *running]
        for subject in everyone:
            introspection.notes[subject.name] = "; ".join(f"{what}: {how}" for what, how in subject.about.items())
        for name, reason in absent.items():
            introspection.notes[f"{name} is absent"] = reason
        compared = {scenario.work for peer in running for scenario in peer.scenarios()}
        cells = works.measure(bench, everyone, compared)
    bench.found.cells += cells
    of = [cell for cell in cells if cell.work.name == "introspection" and cell.cost()]
    judge(of, introspection)
    judge([cell for cell in of if cell.subject.keeps], among_keepers)


def judge(cells, row):
    """Signet's processor time against the fastest peer's, repetition by repetition."""
    ours = [cell for cell in cells if cell.subject.name == "signet"]
    theirs = sorted((cell for cell in cells if cell.subject.name != "signet"), key=works.Cell.cost)
    if not ours or not theirs:
        raise Absent("nobody to compare introspection with")
    for mine, other in zip(ours[0].costs, theirs[0].costs):
        row.pair(mine, other, less_is_better=True)
    row.notes[f"the yardstick of \"{row.what}\""] = theirs[0].who


PEERS = (Figure("peers", peers,
                ("CPU time of an introspection: the fastest peer", "µs", {"at_least": WANTED_OF_INTROSPECTION}),
                ("of those that keep what they give on a disk", "µs", {"at_least": WANTED_OF_INTROSPECTION})),)
