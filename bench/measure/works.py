"""The works: each scenario at its subject, closed loop for what it costs, open loop for how long it takes."""
import contextlib
import math
import statistics

from measure import machine, plot, scenarios, subjects
from measure.figures import Figure
from measure.report import number, spread
from measure.servers import Absent

CLOSED_LINES_A_SECOND = 8_000  # where they are used up sooner the run ends sooner


class Cell:
    """One scenario at one subject: a value a repetition, or why there is none."""

    def __init__(self, work, subject, scenario):
        self.work, self.subject, self.scenario = work, subject, scenario
        self.who = f"{subject.name} {scenario.face}".strip()
        self.rates, self.costs, self.databases, self.latencies = [], [], [], []
        self.memory, self.size, self.absent = None, None, None

    def cost(self):
        return statistics.median(self.costs) if self.costs and not self.absent else None

    def cells(self):
        head = [self.work.name, self.who]
        if self.absent or not self.costs:
            return [*head, "absent", "", "", "", "", "", ""]
        database = statistics.median(self.databases)
        late = [f"{number(statistics.median(at[point] / 1000 for at in self.latencies))}" for point in ("p50", "p99", "p99.9")]
        return [*head, spread(self.rates), spread(self.costs), number(database) if database else "–",
                *(late if self.latencies else ["–"] * 3), f"{self.memory:.0f}"]

    def as_json(self):
        return {"work": self.work.name, "subject": self.subject.name, "face": self.scenario.face,
                "request": self.scenario.request, "note": self.scenario.note, "answer_bytes": self.size,
                "connections": self.work.connections, "requests_a_second": self.rates, "cpu_us": self.costs,
                "database_cpu_us": self.databases, "open_loop_rate": self.work.rate, "latency_us": self.latencies,
                "resident_mib": self.memory, "absent": self.absent}


class Asker:
    """Puts one cell's load on its subject."""

    def __init__(self, bench, cell, core):
        self.bench, self.cell, self.core, self.known = bench, cell, core, cell.subject.known()

    def try_out(self):
        scenario = self.cell.scenario
        line = {"line": self.cell.subject.lines(scenario.lines, 1)[0]} if scenario.lines else {}
        self.cell.size = scenarios.check(scenario, self.cell.subject.port_of(scenario), self.known | line)

    def load(self, seconds, **options):
        scenario, work = self.cell.scenario, self.cell.work
        options |= {"connections": work.connections, "seconds": seconds, "cores": self.core, "expect": scenario.status}
        if scenario.contains:
            options["contains"] = scenario.contains
        if scenario.follow:
            options["follow"] = scenario.follow
        if scenario.lines:
            count = math.ceil(seconds * (options.get("rate") or (150 if work.hashes else CLOSED_LINES_A_SECOND)))
            options["lines"] = self.bench.programs.lines(self.cell.subject.lines(scenario.lines, count))
        return self.bench.programs.load(self.cell.subject.port_of(scenario), scenario.bytes(self.known), **options)

    def warm(self, seconds):
        self.load(seconds)

    def closed(self, seconds):
        before = self.cell.subject.costs()
        result = self.load(seconds)
        spent, database = (after - ago for after, ago in zip(self.cell.subject.costs(), before))
        self.cell.rates.append(result["rate"])
        self.cell.costs.append(spent / 1e3 / result["requests"])
        self.cell.databases.append(database / 1e3 / result["requests"])

    def open(self, seconds):
        self.cell.latencies.append(self.load(seconds, rate=self.cell.work.rate)["latency_us"])
        self.cell.memory = self.cell.subject.memory_mib()


def attempt(asker, step, *arguments):
    if not asker.cell.absent:
        try:
            getattr(asker, step)(*arguments)
        except (Absent, OSError, ValueError) as reason:
            asker.cell.absent = str(reason) or type(reason).__name__


def askers_of(bench, cells, core):
    """Those whose scenario tells right from wrong."""
    askers = []
    for cell in cells:
        try:
            askers.append(Asker(bench, cell, core))
        except (Absent, OSError, ValueError, KeyError) as reason:
            cell.absent = f"{type(reason).__name__}: {reason}"
    for asker in askers:
        attempt(asker, "try_out")
    return askers


def measure_work(bench, cells, core):
    """In turns: one repetition of each, then the next of each."""
    askers = askers_of(bench, cells, core)
    repetitions, seconds, warm = bench.work_times
    for asker in askers:
        attempt(asker, "warm", max(warm, asker.cell.subject.warm_seconds))
    for _ in range(repetitions):
        for asker in askers:
            attempt(asker, "closed", seconds)
    for asker in askers:
        attempt(asker, "open", max(seconds, 2))


def measure(bench, present, only=None):
    """All scenarios of these subjects, work by work, or those of some works; gives the cells."""
    works, _ = scenarios.read()
    core = machine.cores()[-1]
    every = []
    chosen = bench.options.work or works
    for work in (work for work in works.values() if work.name in chosen and (not only or work.name in only)):
        cells = [Cell(work, subject, scenario) for subject in present for scenario in subject.scenarios()
                 if scenario.work == work.name and (scenario.compare or not only)]
        if cells:
            measure_work(bench, cells, core)
        every += cells
    return every


def works(bench):
    with subjects.signet(bench) as subject:
        bench.found.cells += measure(bench, [subject])


def groups(cells, values):
    """For plot.dots: by work, what `values` gives of a cell as least, middle and most."""
    named = dict.fromkeys(cell.work for cell in cells if cell.cost())
    return [(work.title, [(cell.who, (min(found), statistics.median(found), max(found)), cell.subject.name == "signet")
                          for cell in cells if cell.work == work and cell.cost() and (found := values(cell))])
            for work in named]


def draw(cells):
    """The pictures of a report, by name."""
    return {"cost": plot.dots("Processor time of one request", "µs of processor time, powers of ten; the bar is the range",
                              groups(cells, lambda cell: cell.costs)),
            "latency": plot.dots("99th percentile of latency at a fixed rate", "ms, powers of ten",
                                 groups(cells, lambda cell: [at["p99"] / 1000 for at in cell.latencies]))}


WORKS = (Figure("works", works),)
HEADINGS = ["work", "who", "requests/s", "CPU µs a request", "its database", "p50 ms", "p99 ms", "p99.9 ms", "MiB"]


def print_cells(cells):
    lines = [HEADINGS, *(cell.cells() for cell in cells)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(HEADINGS))]
    for line in lines:
        print("  ".join(text.ljust(width) for text, width in zip(line, widths)).rstrip())
    print("Rates and processor time: as fast as it goes. Latencies: at the work's fixed rate, from the moment a request was due.")
    for cell in cells:
        if cell.absent:
            print(f"  {cell.who}, {cell.work.name}: absent: {cell.absent}")
