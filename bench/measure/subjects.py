"""Who is asked in `works` and `peers`: Signet here, each peer in bench/peers. A subject serves on one port and tells what
stands for the names in its scenarios."""
import contextlib
import hashlib
import json
import secrets
import sqlite3

from measure import machine, questions, scenarios, servers
from measure.seed import ACTIVE, DAY_MS, seed

USERS = 1_000
LINKS = 80_000        # are taken one by one, each once
LINK_VERIFIES = 1     # enum link_kind
FREE = (*servers.QUIET, *servers.LASTING, *servers.UNTHROTTLED, *servers.ONE_CORE, "register.network_hour=0",
        "links.network_minute=0", "links.network_hour=0")


class Subject:
    """`server` answers on `port`; `databases` are processes that work for it; one that `keeps` what it gives has it on a disk.
    `about` says how it was set up, and why."""

    name, about, databases, ports, warm_seconds, keeps = "", {}, (), {}, 0, True

    def __init__(self, server):
        self.server, self.port = server, server.port

    def scenarios(self):
        raise NotImplementedError

    def port_of(self, scenario):
        """Most have one."""
        return self.ports[scenario.port] if scenario.port else self.port

    def known(self):
        raise NotImplementedError

    def lines(self, name, count):
        """At least `count` lines of that list, none of which was used before."""
        raise NotImplementedError

    def costs(self):
        """Processor time in ns until now: its own and its databases'."""
        return (machine.process_ns(machine.family(self.server.process.pid)),
                machine.process_ns(pid for process in self.databases for pid in machine.family(process.pid)))

    def memory_mib(self):
        return sum(machine.memory_mib(pid)[0] for pid in machine.family(self.server.process.pid))


class SignetSubject(Subject):
    name = "signet"

    def __init__(self, signet, server, links):
        super().__init__(server)
        self.signet, self.unused = signet, iter(links)
        memory, passes = signet.cost()
        self.about = {"hash": f"Argon2id, {memory} KiB, {passes} passes", "store": "SQLite, every answer durable"}

    def scenarios(self):
        return scenarios.read()[1]

    def costs(self):
        """To the nanosecond, as its threads last as long as it does."""
        return self.server.cpu_ns(), 0

    def known(self):
        token = self.signet.token(self.server)
        mine = json.loads(servers.ask(self.port, servers.request(
            "GET", "/users/my-info", f"Authorization: Bearer {token}")).body)["result"]["id"]
        return {"password": self.signet.password, "token": token, "user": mine}

    def lines(self, name, count):
        return getattr(self, name)(count)

    def refresh_tokens(self, count):
        return [questions.refresh_token(self.signet, self.server) for _ in range(min(count, 16))]

    def new_addresses(self, count):
        batch = secrets.token_hex(4)
        return [f"u{i}.{batch}@bench.invalid" for i in range(count)]

    def links(self, count):
        return [next(self.unused) for _ in range(count)]


def add_links(file, count):
    """Links that verify an address, one a user of those who were never verified; their texts."""
    texts = [secrets.token_hex(32) for _ in range(count)]
    with contextlib.closing(sqlite3.connect(file)) as db, db:
        users = db.execute("SELECT id, email_key FROM users WHERE username LIKE 'user%' AND state = ? LIMIT ?", (ACTIVE, count)).fetchall()
        now = int(machine.time.time() * 1000)
        db.executemany("INSERT INTO links (user_id, kind, token, address, created_at, expires_at) VALUES (?,?,?,?,?,?)",
                       ((user, LINK_VERIFIES, hashlib.sha256(text.encode()).digest(), address, now, now + DAY_MS)
                        for (user, address), text in zip(users, texts)))
    return texts[:len(users)]


@contextlib.contextmanager
def signet(bench):
    """On one core, with so many users and links as its scenarios need."""
    made = bench.signet
    file = made.data / "signet.db"
    seed(file, USERS + LINKS, USERS, USERS // 10)
    links = add_links(file, LINKS)
    with made.serve(*FREE, core=machine.cores()[0]) as server:
        yield SignetSubject(made, server, links)
