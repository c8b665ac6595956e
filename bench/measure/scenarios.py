"""The tables of what is asked (bench/scenarios.toml, bench/peers/NAME/scenarios.toml), and the trial of each: what lets
everyone in is fast, and no measure of anything."""
import dataclasses
import pathlib
import tomllib

from measure.servers import HOST, Absent, ask

TABLE = pathlib.Path(__file__).resolve().parents[1] / "scenarios.toml"
FALSE_END = "AAAAAAAAAAAA"


@dataclasses.dataclass(frozen=True)
class Work:
    name: str
    title: str
    connections: int
    rate: int
    hashes: bool = False


@dataclasses.dataclass(frozen=True)
class Scenario:
    work: str
    request: str
    face: str = ""
    headers: tuple = ()
    body: str = ""
    type: str = "application/json"
    port: str = ""
    status: int = 200
    contains: str = ""
    lines: str = ""
    follow: str = ""
    falsify: str = ""
    refusal: dict = dataclasses.field(default_factory=dict)
    note: str = ""
    compare: bool = True

    def bytes(self, known):
        """The request with what is known put in; `{line}` and `{length}` stay for the load generator."""
        method, _, target = self.request.partition(" ")
        lines = [f"{method} {target} HTTP/1.1", f"Host: {known.get('host', HOST)}", *self.headers]
        if self.body or method == "POST":
            lines += [f"Content-Type: {self.type}", "Content-Length: {length}"]
        return put_in("\r\n".join(lines) + "\r\n\r\n" + self.body, known).encode()


def put_in(text, known):
    for name, value in known.items():
        text = text.replace("{" + name + "}", value)
    return text


def spoilt(value):
    """Of the same length, and false at its end."""
    if value.endswith(FALSE_END[-len(value):]):
        return value[::-1]
    if set(value[-12:].lower()) <= set("0123456789abcdef"):
        return value[:-12] + "0" * len(value[-12:])
    return (value[:-len(FALSE_END)] + FALSE_END)[-len(value):] if len(value) > len(FALSE_END) else FALSE_END[:len(value)]


def read(file=TABLE):
    """The works, by name, and the scenarios of a table. A word that no field has is an error."""
    table = tomllib.loads(file.read_text())
    works = {name: Work(name=name, **row) for name, row in table.get("works", {}).items()}
    return works, [Scenario(**row | {"headers": tuple(row.get("headers", ()))}) for row in table["scenario"]]


def ready_to_send(scenario, known):
    """The same with its line, as one request by itself."""
    request = put_in(scenario.bytes(known).decode(), {"line": known.get("line", "")})
    head, _, body = request.partition("\r\n\r\n")
    return (head.replace("{length}", str(len(body.encode()))) + "\r\n\r\n" + body).encode()


def answers_so(answer, status, contains):
    return answer.status == status and contains.encode() in answer.whole


def check(scenario, port, known):
    """Holds the answer against what is right, and that to something spoilt against the refusal."""
    if scenario.falsify:
        false = ask(port, ready_to_send(scenario, known | {scenario.falsify: spoilt(known[scenario.falsify])}))
        if not answers_so(false, scenario.refusal["status"], scenario.refusal.get("contains", "")):
            raise Absent(f"with a false {scenario.falsify} the answer is {told(false)}")
    good = ask(port, ready_to_send(scenario, known))
    if not answers_so(good, scenario.status, scenario.contains):
        raise Absent(f"the answer is {told(good)}")
    return good.size


def told(answer):
    return f"{answer.status} {answer.body[:120].decode('utf-8', 'replace')}"
