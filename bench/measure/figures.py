"""The figures. Each is a table of rows and a function that fills them; docs/benchmarks.md says the
same in words."""
import contextlib
import subprocess
import time

from measure import machine, questions, servers
from measure.report import Row
from measure.servers import Absent

INTROSPECTION_US = 14  # of CPU, wanted of one introspection
CHECK_US = 10         # of CPU, wanted of one check of a permission
IDLE_MIB = 10        # wanted of a server that has nothing to do
UNDER_WAY_MIB = 8    # for connections, requests and page caches at the height of a storm
RESERVE_HASHERS = 1  # beside one for each core: the floor under logins
LOGIN_CALLERS = 16
START_MS = 15        # wanted of a start on an existing store
BINARY_MIB = 2       # wanted of the program, stripped
WRITE_CALLERS = 64
SERVER_CALLERS = 8
ES256_DIGITS = 86    # of a signature, in base64url
STORM_RATE = 2000    # forward-auth requests a second beside the storm
MOST_STOLEN = 0.01   # seconds in one repetition of it: what the hypervisor takes comes in milliseconds


def two_cores():
    """The server's and the load's."""
    cores = machine.cores()
    if len(cores) < 2:
        raise Absent("a pinned figure needs two cores")
    return cores[0], cores[-1]


def saturate(bench, server, request, core):
    """One closed-loop run: its result, CPU µs a request, and how busy the server's core was."""
    before = server.cpu_ns()
    result = bench.programs.load(server.port, request, cores=core, connections=32,
                                 seconds=bench.seconds)
    spent = server.cpu_ns() - before
    return result, spent / 1000 / result["requests"], spent / 1e9 / result["seconds"]


def against_nginx(bench, cost, rate, settings, output=None, asking=servers.Signet.auth_request):
    """Fills a row of CPU time and one of rates. `asking` gives the request and its answer's size."""
    server_core, load_core = two_cores()
    with contextlib.ExitStack() as stack:
        ours = stack.enter_context(bench.signet.serve(*settings, *servers.LASTING, *servers.ONE_CORE,
                                                      *servers.UNTHROTTLED, core=server_core,
                                                      output=output))
        request, size = asking(bench.signet, ours)
        yardstick = stack.enter_context(servers.nginx_of_size(bench.scratch, server_core, size))
        yardstick_size = servers.ask(yardstick.port, request).size
        for server in (yardstick, ours):
            bench.programs.load(server.port, request, cores=load_core, seconds=1)
        for _ in range(bench.repetitions):
            theirs, their_cost, their_share = saturate(bench, yardstick, request, load_core)
            mine, my_cost, my_share = saturate(bench, ours, request, load_core)
            cost.pair(my_cost, their_cost, less_is_better=True)
            rate.pair(mine["rate"], theirs["rate"])
        cost.notes["bytes of an answer"] = f"{size}, of the yardstick's {yardstick_size}"
        rate.notes["share of the server's core in use, last run"] = (
            f"{my_share:.0%}, of the yardstick's {their_share:.0%}")


def forward_auth(bench, cost, rate):
    against_nginx(bench, cost, rate, servers.QUIET)


def forward_auth_logged(bench, cost, rate):
    against_nginx(bench, cost, rate, servers.LOGGED, output=bench.scratch / "requests.log")


def introspection(bench, cost, beside, rate):
    against_nginx(bench, beside, rate, servers.QUIET, asking=questions.introspection)
    cost.ours = beside.ours


def permission_check(bench, cost, beside, rate):
    against_nginx(bench, beside, rate, servers.QUIET, asking=questions.permission_check)
    cost.ours = beside.ours


def logins(bench, row):
    threads, (memory, passes) = len(machine.cores()), bench.signet.cost()
    row.notes["cost"] = f"Argon2id, {memory} KiB, {passes} passes, {threads} threads"
    with bench.signet.serve(*servers.QUIET, *servers.LASTING, *servers.UNTHROTTLED) as ours:
        request = bench.signet.login_request()
        bench.programs.load(ours.port, request, connections=LOGIN_CALLERS, seconds=1)
        for _ in range(bench.repetitions):
            theirs = bench.programs.hashes(threads, bench.seconds, memory, passes)
            mine = bench.programs.load(ours.port, request, connections=LOGIN_CALLERS,
                                       seconds=bench.seconds)
            row.pair(mine["rate"], theirs["rate"])
    row.notes["yardstick"] = theirs["version"]


def signing(bench, row):
    """Of a token with as many bytes as are signed of it: all but its signature."""
    for _ in range(bench.repetitions):
        mine = bench.programs.signing(bench.seconds)
        theirs = bench.programs.bare_signing(mine["bytes"] - len(".") - ES256_DIGITS, bench.seconds)
        row.pair(mine["rate"], theirs["rate"])
    row.notes["yardstick"] = theirs["version"]
    row.notes["bytes of a token"] = mine["bytes"]


def binary(bench, row):
    stripped = bench.scratch / "stripped"
    try:
        subprocess.run(["strip", "-o", stripped, bench.signet.program], check=True)
    except (OSError, subprocess.CalledProcessError) as reason:
        raise Absent(f"the program cannot be stripped: {reason}") from reason
    row.ours.append(stripped.stat().st_size / 1024 / 1024)


def writes(bench, row):
    if machine.file_system(bench.scratch) in ("tmpfs", "ramfs"):
        raise Absent("fsync costs nothing where the repository is")
    for _ in range(bench.repetitions):
        theirs = bench.programs.single_commits(bench.seconds)
        mine = bench.programs.store_writes(WRITE_CALLERS, bench.seconds)
        row.pair(mine["rate"], theirs["rate"])
    row.notes["yardstick"] = theirs["version"]
    row.notes["rows a commit, last run"] = f"{mine['units'] / max(1, mine['commits']):.1f}"


def rotations(bench, row, served):
    if machine.file_system(bench.scratch) in ("tmpfs", "ramfs"):
        raise Absent("fsync costs nothing where the repository is")
    with bench.signet.serve(*servers.QUIET, *servers.LASTING, *servers.UNTHROTTLED) as ours:
        for _ in range(bench.repetitions):
            theirs = bench.programs.single_commits(bench.seconds)
            row.pair(bench.programs.rotations(WRITE_CALLERS, bench.seconds)["rate"], theirs["rate"])
            served.pair(serve_rotations(bench, ours)["rate"], theirs["rate"])
    row.notes["yardstick"] = theirs["version"]


def serve_rotations(bench, server):
    """The same over HTTP; as many as were answered are in the store."""
    lines = bench.programs.lines(questions.refresh_token(bench.signet, server) for _ in range(WRITE_CALLERS))
    before = bench.signet.rotations()
    result = bench.programs.load(server.port, questions.REFRESH, lines=lines, follow="refreshToken",
                                 connections=WRITE_CALLERS, seconds=bench.seconds)
    kept = bench.signet.rotations() - before
    if kept != result["requests"]:
        raise Absent(f"{result['requests']} rotations were answered, and {kept} are in the store")
    return result


def server_writes(bench, row):
    if machine.file_system(bench.scratch) in ("tmpfs", "ramfs"):
        raise Absent("fsync costs nothing where the repository is")
    with servers.postgres(bench.scratch) as database:
        theirs_at, mine_at = database("yardstick"), database("store")
        for _ in range(bench.repetitions):
            theirs = bench.programs.server_inserts(theirs_at, SERVER_CALLERS, bench.seconds)
            mine = bench.programs.server_writes(mine_at, SERVER_CALLERS, bench.seconds)
            row.pair(mine["rate"], theirs["rate"])
    row.notes["yardstick"] = theirs["version"]


def storm(bench, row):
    told, rates, urgent, again = [], [], machine.may_be_urgent(), 0
    with bench.signet.serve(*servers.QUIET, *servers.LASTING, *servers.UNTHROTTLED) as ours:
        request, _ = bench.signet.auth_request(ours)
        login = bench.signet.login_request()

        def steady():
            return bench.programs.load(ours.port, request, urgent, rate=STORM_RATE,
                                       connections=8, seconds=bench.seconds)

        steady()
        while len(told) < bench.repetitions:
            stolen = machine.busy_and_stolen_seconds()[1]
            alone = steady()
            with bench.programs.load_meanwhile(ours.port, login, connections=LOGIN_CALLERS,
                                                     seconds=bench.seconds + 2) as stormed:
                time.sleep(1)
                beside = steady()
            stolen = machine.busy_and_stolen_seconds()[1] - stolen
            if stolen > MOST_STOLEN and again < 2 * bench.repetitions:
                again += 1
                continue
            row.pair(beside["latency_us"]["p99"], alone["latency_us"]["p99"])
            told.append((beside, alone))
            rates.append(stormed[0]["rate"])
    row.notes["the load generator"] = ("of the real-time class" if urgent else
                                       "not of the real-time class: its own waits count")
    row.notes["made again because the hypervisor took a core away"] = again
    row.notes["logins a second beside"] = f"{min(rates):.0f} to {max(rates):.0f}"
    for point in ("p50", "p99.9", "max"):
        row.notes[f"{point}, last run"] = (f"{told[-1][0]['latency_us'][point]:.0f} µs, alone "
                                           f"{told[-1][1]['latency_us'][point]:.0f} µs")
    row.notes["p99 of how late the load itself was, last run"] = (
        f"{told[-1][0]['lag_us']['p99']:.0f} µs, alone {told[-1][1]['lag_us']['p99']:.0f} µs")


def start(bench, row):
    for _ in range(3 * bench.repetitions):
        begun = time.monotonic()
        with bench.signet.serve(*servers.QUIET):
            row.ours.append((time.monotonic() - begun) * 1000)


def memory(bench, idle, peak):
    hashers, (cost, _) = len(machine.cores()) + RESERVE_HASHERS, bench.signet.cost()
    ceiling = IDLE_MIB + hashers * cost / 1024 + UNDER_WAY_MIB
    peak.wants(at_most=ceiling)
    for _ in range(bench.repetitions):
        with bench.signet.serve(*servers.QUIET, *servers.LASTING, *servers.UNTHROTTLED) as ours:
            time.sleep(2)
            idle.ours.append(ours.memory_mib()[0])
            bench.programs.load(ours.port, bench.signet.login_request(), connections=64,
                                seconds=bench.seconds)
            peak.ours.append(ours.memory_mib()[1])
    peak.notes["the ceiling"] = (f"{IDLE_MIB} MiB idle, {hashers} hashes of {cost / 1024:g} MiB, "
                                 f"{UNDER_WAY_MIB} MiB for what is under way")


class Figure:
    """`rows` are what, unit and what is wanted of each; `fill` measures them."""

    def __init__(self, name, fill, *rows):
        self.name, self.fill, self.rows = name, fill, rows


FIGURES = (
    Figure("forward-auth", forward_auth,
           ("CPU time a request on one core: nginx return 200", "µs", {"at_least": 0.90}),
           ("requests a second on one core: nginx return 200", "1/s", {"at_least": 0.90})),
    Figure("forward-auth-logged", forward_auth_logged,
           ("the same, every request logged to a file", "µs", {}),
           ("the same, every request logged to a file", "1/s", {})),
    Figure("introspection", introspection,
           ("CPU time of a POST /auth/introspect on one core", "µs", {"at_most": INTROSPECTION_US}),
           ("the same beside nginx return 200 to the same request", "µs", {"at_least": 0.50}),
           ("requests a second on one core: nginx return 200", "1/s", {})),
    Figure("permission-check", permission_check,
           ("CPU time of a GET …/check-permission/… on one core", "µs", {"at_most": CHECK_US}),
           ("the same beside nginx return 200 to the same request", "µs", {}),
           ("requests a second on one core: nginx return 200", "1/s", {})),
    Figure("logins", logins,
           ("logins a second: bare libsodium at the same cost", "1/s", {"at_least": 1.4})),
    Figure("signing", signing,
           ("access tokens signed a second, ES256, one thread: bare OpenSSL", "1/s", {"at_least": 0.80})),
    Figure("writes", writes,
           (f"durable rows a second, {WRITE_CALLERS} callers: single commits", "1/s",
            {"at_least": 3})),
    Figure("rotations", rotations,
           (f"refresh rotations a second, {WRITE_CALLERS} callers: single commits",
            "1/s", {"at_least": 3}),
           ("the same over HTTP", "1/s", {})),
    Figure("server-writes", server_writes,
           (f"durable rows a second on PostgreSQL, {SERVER_CALLERS} callers: bare inserts", "1/s",
            {"at_least": 0.70})),
    Figure("storm", storm,
           (f"forward-auth p99 at {STORM_RATE}/s in a storm of logins: alone", "µs",
            {"at_most": 1.5})),
    Figure("start", start,
           ("from exec on an existing store to the first 200", "ms", {"at_most": START_MS})),
    Figure("binary", binary, ("the program, stripped", "MiB", {"at_most": BINARY_MIB})),
    Figure("memory", memory,
           ("resident, two seconds after the start", "MiB", {"at_most": IDLE_MIB}),
           ("largest ever resident, after a storm of logins", "MiB", {})),
)


def measure(bench, figure):
    """The rows of one figure; where it cannot be had, they say why."""
    rows = [Row(figure.name, what, unit).wants(**wanted) for what, unit, wanted in figure.rows]
    foreign, absent = machine.ForeignLoad(), None
    try:
        figure.fill(bench, *rows)
    except Absent as reason:
        absent = str(reason)
    share = foreign.share()
    for row in rows:
        row.absent, row.foreign = absent, share
    return rows
