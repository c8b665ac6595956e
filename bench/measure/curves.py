"""What something costs as something else grows: curves. Each is measured point by point, one after the other, and drawn."""
import contextlib
import random
import time

from measure import machine, plot, servers
from measure.figures import Figure
from measure.large import FREE, add_member, login_costs, new_signet, page_cost, sum_of_rates
from measure.seed import Seeder, seed

USERS = (1_000, 10_000, 100_000, 1_000_000)
ORGANIZATIONS = (1, 10, 100, 1_000, 10_000, 100_000)
ENDED = (1_000, 10_000, 100_000, 1_000_000)
CONNECTIONS = (16, 100, 1_000, 10_000)
NODES = (1, 2, 3)
CURVE_RATE = 2_000  # requests a second; the load generator takes the connection that was free last


class Curve:
    """Lines over one thing that grows; kept as numbers beside the picture."""

    def __init__(self, bench, name, title, across, up):
        self.bench, self.name, self.texts, self.lines = bench, name, (title, across, up), {}

    def add(self, line, x, y):
        self.lines.setdefault(line, []).append((x, y))
        print(f"  {self.name}: {x:,}: {line}: {y:,.2f}", flush=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        title, across, up = self.texts
        self.bench.found.pictures[self.name] = plot.curves(title, across, up, list(self.lines.items()))
        self.bench.found.curves[self.name] = {"across": across, "up": up, "lines": self.lines}


def cost_of(bench, server, request, **options):
    """Processor time in µs of one such request, in a closed loop."""
    options = {"connections": 16, "seconds": bench.seconds} | options
    bench.programs.load(server.port, request, **options | {"seconds": 1})
    before = server.cpu_ns()
    result = bench.programs.load(server.port, request, **options)
    return (server.cpu_ns() - before) / 1e3 / result["requests"], result


def start_ms(signet):
    begun = time.monotonic()
    with signet.serve(*servers.QUIET) as server:
        return (time.monotonic() - begun) * 1000, server.memory_mib()[0]


def costs_at(bench, curve, signet, x, users):
    """Forward-auth, a page of the list, a login but for its hash, and the start."""
    with signet.serve(*FREE) as server:
        curve.add("forward-auth, µs", x, cost_of(bench, server, signet.auth_request(server)[0])[0])
        curve.add("any page of the list, µs", x, page_cost(signet, server, users, random.Random(users), bench.seconds))
        curve.add("a login without its hash, µs", x, login_costs(signet, server, users, bench.seconds)[1])
    milliseconds, memory = start_ms(signet)
    curve.add("start, ms", x, milliseconds)
    curve.add("resident after the start, MiB", x, memory)


def users(bench):
    with Curve(bench, "users", "As users grow (3 sessions each, 10 an organization)", "users", "see each line") as curve:
        for count in USERS:
            signet = new_signet(bench, f"users-{count}")
            seed(signet.data / "signet.db", count, 3 * count, count // 10)
            costs_at(bench, curve, signet, count, count)


def organizations(bench):
    with Curve(bench, "organizations", "As organizations grow (100,000 users)", "organizations", "see each line") as curve:
        for count in ORGANIZATIONS:
            signet = new_signet(bench, f"organizations-{count}")
            seed(signet.data / "signet.db", 100_000, 100_000, count)
            costs_at(bench, curve, signet, count, 100_000)


def end_sessions(file, count):
    """So many that were ended just now, whose tokens are still to be refused."""
    seeder = Seeder(file)
    try:
        seeder.db.execute("BEGIN")
        seeder.add_users(1_000)
        seeder.add_sessions(count, seeder.now - 120_000, seeder.now - 60_000)
        seeder.db.execute("UPDATE sessions SET ended_at = ? WHERE ended_at IS NULL", (seeder.now - 1_000,))
        seeder.db.execute("COMMIT")
    finally:
        seeder.close()


def ended(bench):
    with Curve(bench, "ended", "As ended sessions stay in mind", "ended sessions", "see each line") as curve:
        for count in ENDED:
            signet = new_signet(bench, f"ended-{count}")
            end_sessions(signet.data / "signet.db", count)
            with signet.serve(*FREE) as server:
                curve.add("forward-auth, µs", count, cost_of(bench, server, signet.auth_request(server)[0])[0])
            milliseconds, memory = start_ms(signet)
            curve.add("start, ms", count, milliseconds)
            curve.add("resident after the start, MiB", count, memory)


def connections(bench):
    signet = new_signet(bench, "connections")
    settings = (*FREE, "http.max_connections=20000")
    with Curve(bench, "connections", f"As connections grow (all busy; then {CURVE_RATE:,} requests a second over a few, the rest idle)",
               "connections", "see each line") as curve, signet.serve(*settings) as server:
        request = signet.auth_request(server)[0]
        for count in CONNECTIONS:
            cost, result = cost_of(bench, server, request, connections=count)
            steady = bench.programs.load(server.port, request, machine.may_be_urgent(), connections=count, rate=CURVE_RATE,
                                         seconds=bench.seconds)
            curve.add("processor time, µs", count, cost)
            curve.add("requests a second, thousands", count, result["rate"] / 1000)
            curve.add("p99 with the rest idle, ms", count, steady["latency_us"]["p99"] / 1000)
            curve.add("resident, MiB", count, server.memory_mib()[0])


def node_rates(bench, curve, running, requests):
    for name, options in (("durable writes a second", {"expect": 403}), ("forward-auth a second", {})):
        asked = list(zip(running, requests[name]))
        curve.add(name, len(running), sum_of_rates(bench, asked, **options))


def nodes(bench):
    with servers.postgres(bench.scratch) as database, Curve(
            bench, "nodes", "As nodes grow (one PostgreSQL, all on the cores of one machine)", "nodes", "see each line") as curve:
        url = database("nodes")
        everyone = [new_signet(bench, "node-1", url)]
        add_member(url)
        for count in NODES[1:]:
            (bench.scratch / f"node-{count}").mkdir()
            everyone.append(everyone[0].another_node(bench.scratch / f"node-{count}"))
        for count in NODES:
            with contextlib.ExitStack() as stack:
                running = [stack.enter_context(one.serve(*FREE)) for one in everyone[:count]]
                requests = {"durable writes a second": [one.write_request(server, "member")
                                                        for one, server in zip(everyone, running)],
                            "forward-auth a second": [one.auth_request(server)[0] for one, server in zip(everyone, running)]}
                node_rates(bench, curve, running, requests)


CURVES = (Figure("curve-users", users), Figure("curve-organizations", organizations), Figure("curve-ended", ended),
          Figure("curve-connections", connections), Figure("curve-nodes", nodes))
