"""The figures of large stores and of several nodes. They take their time, so `make bench` leaves them out."""
import contextlib
import random
import sqlite3
import subprocess
import threading
import time

from measure import machine, servers
from measure.figures import LOGIN_CALLERS, STORM_RATE, Figure, saturate, two_cores
from measure.seed import DAY_MS, name_of, seed
from measure.servers import Absent, Signet

FEW, MANY = 1_000, 1_000_000
SESSIONS_EACH, USERS_AN_ORGANIZATION = 3, 10
EXPIRED = 200_000
WRITE_RATE = 200      # durable writes a second beside housekeeping
NODE_CALLERS = 32
FREE = (*servers.QUIET, *servers.LASTING, *servers.UNTHROTTLED)


def new_signet(bench, name, url=None):
    folder = bench.scratch / name
    folder.mkdir()
    return Signet(bench.options.signet or bench.options.build / "signet", folder, url)


def seeded(bench, users, **more):
    made = new_signet(bench, f"with-{users}-{len(more)}")
    seed(made.data / "signet.db", users, users * SESSIONS_EACH, users // USERS_AN_ORGANIZATION, **more)
    return made


def active_names(users, chance):
    """Of users anywhere in the store, all of whom may come in: see measure/seed.py."""
    while True:
        yield name_of(chance.randrange(users // 100) * 100 + chance.randrange(98))


def log_in(signet, port, names, until, counts):
    while time.monotonic() < until:
        if servers.ask(port, signet.login_request(name=next(names))).status != 200:
            return
        counts.append(1)


def login_costs(signet, server, users, seconds):
    """Processor time of a login in ms, and what of it is not hashing in µs; each is another user's."""
    counts, until = [], time.monotonic() + seconds
    before = machine.cpu_ns_by_name(server.pids())
    callers = [threading.Thread(target=log_in, args=(signet, server.port, active_names(users, random.Random(i)),
                                                     until, counts)) for i in range(LOGIN_CALLERS)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    if time.monotonic() < until or not counts:
        raise Absent("a login was refused")
    after = machine.cpu_ns_by_name(server.pids())
    spent = {name: after[name] - before.get(name, 0) for name in after}
    rest = sum(spent.values()) - spent.get("hash", 0)
    return sum(spent.values()) / 1e6 / len(counts), rest / 1e3 / len(counts)


def scale_requests(bench, both, login, rest, forward):
    server_core, load_core = two_cores()
    with contextlib.ExitStack() as stack:
        running = [stack.enter_context(one.serve(*FREE)) for one in both]
        requests = [one.auth_request(server)[0] for one, server in zip(both, running)]
        for _ in range(bench.repetitions):
            few, many = (login_costs(one, server, users, bench.seconds)
                         for one, server, users in zip(both, running, (FEW, MANY)))
            login.pair(many[0], few[0])
            rest.pair(many[1], few[1])
    with contextlib.ExitStack() as stack:
        running = [stack.enter_context(one.serve(*FREE, *servers.ONE_CORE, core=server_core)) for one in both]
        requests = [one.auth_request(server)[0] for one, server in zip(both, running)]
        for _ in range(bench.repetitions):
            few, many = (saturate(bench, server, request, load_core)[1]
                         for server, request in zip(running, requests))
            forward.pair(many, few)


def page_cost(signet, server, users, chance, seconds):
    """Processor time in µs of a whole request for a page of the list: 20 users, each time others."""
    bearer = f"Authorization: Bearer {signet.token(server)}"
    asked, until = 0, time.monotonic() + seconds
    with servers.connect(server.port) as connection:
        begun = server.cpu_ns()
        while time.monotonic() < until:
            target = f"/users?page={chance.randrange(users // 20) + 1}&limit=20"
            if servers.converse(connection, servers.request("GET", target, bearer)).status != 200:
                raise Absent("the list was refused")
            asked += 1
        return (server.cpu_ns() - begun) / 1e3 / asked


def scale_pages(bench, both, row):
    with contextlib.ExitStack() as stack:
        running = [stack.enter_context(one.serve(*FREE)) for one in both]
        for _ in range(bench.repetitions):
            few, many = (page_cost(one, server, users, random.Random(users), bench.seconds)
                         for one, server, users in zip(both, running, (FEW, MANY)))
            row.pair(many, few)


# What is read of the store of few users and of that of many: a page of the list, or a search for so many
# digits, one of so many others. Ten users have the first two digits among few, the first five among many.
READS = (
    (("first", 1), ("first", 1)),
    (("middle", 1), ("middle", 1)),
    (("last", 1), ("last", 1)),
    (("any", FEW), ("any", MANY)),
    ((2, 10), (5, 10)),
    ((2, 100), (5, 100_000)),
    ((1, 10), (1, 10)),
)


def scale_reads(bench, both, rows):
    for row, reads in zip(rows, READS):
        for _ in range(bench.repetitions):
            few, many = (bench.programs.roster_reads(one.data, max(1, bench.seconds // 2), *read)
                         for one, read in zip(both, reads))
            row.pair(many["cpu_us"], few["cpu_us"])
        row.notes[f"{row.what}: rows a page"] = f"{many['rows']:.1f}, at {FEW:,} users {few['rows']:.1f}"


def disk(signet):
    return sum(file.stat().st_size for file in signet.data.glob("signet.db*"))


def scale(bench, login, rest, forward, page, *others):
    *reads, start = others
    begun = time.monotonic()
    both = [seeded(bench, FEW), seeded(bench, MANY)]
    login.notes["seeding took"] = f"{time.monotonic() - begun:.0f} s"
    login.notes["the store"] = f"{disk(both[1]) / 1e6:,.0f} MB, {disk(both[1]) / MANY:,.0f} bytes a user"
    scale_requests(bench, both, login, rest, forward)
    scale_pages(bench, both, page)
    scale_reads(bench, both, reads)
    for _ in range(2 * bench.repetitions):
        begun = time.monotonic()
        with both[1].serve(*servers.QUIET) as ours:
            start.ours.append((time.monotonic() - begun) * 1000)
            start.notes["resident then, last run"] = f"{ours.memory_mib()[0]:.1f} MiB"


def beside(bench, signet):
    """p99 in µs of forward-auth and of writes, both at a steady rate, from the moment a server is ready."""
    urgent = machine.may_be_urgent()
    with signet.serve(*FREE) as ours:
        auth = signet.auth_request(ours)[0]
        write = signet.write_request(ours, name_of(0))
        with bench.programs.load_meanwhile(ours.port, write, rate=WRITE_RATE, connections=8, expect=403,
                                           seconds=bench.seconds) as wrote:
            read = bench.programs.load(ours.port, auth, urgent, rate=STORM_RATE, connections=8,
                                       seconds=bench.seconds)
    return read["latency_us"], wrote[0]["latency_us"]


def expired_left(signet):
    with contextlib.closing(sqlite3.connect(f"file:{signet.data / 'signet.db'}?mode=ro", uri=True)) as db:
        return db.execute("SELECT count(*) FROM sessions WHERE expires_at < ?",
                          (int(time.time() * 1000) - DAY_MS,)).fetchone()[0]


def pages(signet):
    with contextlib.closing(sqlite3.connect(signet.data / "signet.db")) as db:
        return [db.execute(f"PRAGMA {what}").fetchone()[0] for what in ("page_count", "freelist_count")]


def removed_to_the_end(signet):
    """How many rows went in how many seconds, with nothing else to do."""
    left, begun = expired_left(signet), time.monotonic()
    with signet.serve(*FREE):
        while expired_left(signet) > 0:
            time.sleep(1)
            if time.monotonic() > begun + 900:
                raise Absent("expired sessions are still there after a quarter of an hour")
    return left, time.monotonic() - begun


def housekeeping(bench, auth, write, size):
    if machine.file_system(bench.scratch) in ("tmpfs", "ramfs"):
        raise Absent("fsync costs nothing where the repository is")
    users = MANY // 10
    expired = EXPIRED // 10 if bench.options.quick else EXPIRED
    alone, under_way = seeded(bench, users), seeded(bench, users, expired=expired)
    left = [expired_left(under_way)]
    for _ in range(bench.repetitions):
        quiet, busy = beside(bench, alone), beside(bench, under_way)
        left.append(expired_left(under_way))
        if not 0 < left[-1] < left[-2]:
            raise Absent("nothing was removed meanwhile, or all of it")
        auth.pair(busy[0]["p99"], quiet[0]["p99"])
        write.pair(busy[1]["p99"], quiet[1]["p99"])
    for row, at in ((auth, 0), (write, 1)):
        for point in ("p50", "p99.9", "max"):
            row.notes[f"{point}, last run"] = f"{busy[at][point]:.0f} µs, alone {quiet[at][point]:.0f} µs"
    auth.notes["sessions removed meanwhile"] = f"{left[0] - left[-1]:,} of {left[0]:,}"
    rows, seconds = removed_to_the_end(under_way)
    auth.notes["the rest, with nothing else to do"] = f"{rows:,} in {seconds:.0f} s"
    total, free = pages(under_way)
    compact = under_way.data / "compact.db"
    with contextlib.closing(sqlite3.connect(under_way.data / "signet.db")) as db:
        db.execute("VACUUM INTO ?", (str(compact),))
    size.pair((total - free) * 4096 / 1e6, compact.stat().st_size / 1e6)
    size.notes["the file"] = f"{total * 4096 / 1e6:,.0f} MB, of which {free * 4096 / 1e6:,.0f} MB are free for what comes"


def sum_of_rates(bench, asked, **options):
    """Of two load generators, each with half of the callers, at two nodes or both at one."""
    options |= {"connections": NODE_CALLERS // len(asked), "seconds": bench.seconds}
    with contextlib.ExitStack() as stack:
        results = [stack.enter_context(bench.programs.load_meanwhile(server.port, request, **options))
                   for server, request in asked]
    return sum(result[0]["rate"] for result in results)


MEMBER_SQL = """
INSERT INTO users (id, username, username_key, state, created_at, updated_at)
    VALUES ('00000000-0000-7000-8000-0000000000ff', 'member', 'member', 3, now(), now());
INSERT INTO credentials SELECT '00000000-0000-7000-8000-0000000000ff', hash, changed_at FROM credentials;
"""


def add_member(url):
    """One who may come in and nothing else, with the administrator's password."""
    if subprocess.run(["psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-1", "-c", MEMBER_SQL, url],
                      capture_output=True, check=False).returncode != 0:
        raise Absent("psql did not add a user")


def nodes(bench, write, auth):
    with servers.postgres(bench.scratch) as database, contextlib.ExitStack() as stack:
        url = database("nodes")
        first = new_signet(bench, "first", url)
        (bench.scratch / "second").mkdir()
        both = [first, first.another_node(bench.scratch / "second")]
        add_member(url)
        running = [stack.enter_context(one.serve(*FREE)) for one in both]
        writes = [one.write_request(server, "member") for one, server in zip(both, running)]
        reads = [one.auth_request(server)[0] for one, server in zip(both, running)]
        for _ in range(bench.repetitions):
            for row, requests, options in ((write, writes, {"expect": 403}), (auth, reads, {})):
                asked = list(zip(running, requests))
                one = sum_of_rates(bench, asked[:1] * 2, **options)
                row.pair(sum_of_rates(bench, asked, **options), one)


LARGE = (
    Figure("scale", scale,
           (f"processor time of a login at {MANY:,} users: at {FEW:,}", "ms", {"at_most": 1.2}),
           ("the same, without the threads that hash", "µs", {}),
           (f"processor time of a forward-auth request at {MANY:,} users: at {FEW:,}", "µs", {"at_most": 1.2}),
           ("of GET /users, any page of 20, each time another", "µs", {"at_most": 1.2}),
           ("in the store alone, of the first page of the list, 20 users", "µs", {"at_most": 1.2}),
           ("of the page in the middle", "µs", {"at_most": 1.2}),
           ("of the last page", "µs", {"at_most": 1.2}),
           ("of any page, each time another", "µs", {}),
           ("of a search that finds ten, one of the same ten", "µs", {"at_most": 1.2}),
           ("of a search that finds ten, each time another", "µs", {}),
           ("of a search that finds a tenth of all", "µs", {}),
           (f"from exec to the first 200 at {MANY:,} users, {MANY * SESSIONS_EACH:,} sessions", "ms",
            {"at_most": 250})),
    Figure("housekeeping", housekeeping,
           (f"forward-auth p99 at {STORM_RATE}/s while expired sessions are removed: alone", "µs", {"at_most": 2}),
           (f"p99 of durable writes at {WRITE_RATE}/s meanwhile: alone", "µs", {"at_most": 2}),
           ("used pages afterwards: a compact copy of the rows", "MB", {"at_most": 1.5})),
    Figure("nodes", nodes,
           ("durable writes a second, two nodes on one PostgreSQL: one node", "1/s", {}),
           ("forward-auth requests a second, two nodes: one node", "1/s", {})),
)
