"""The servers that are measured: started in a temporary folder, ended by their own process id."""
import contextlib
import copy
import json
import os
import pathlib
import re
import secrets
import shutil
import signal
import socket
import sqlite3
import subprocess
import time

from measure import machine

HOST = "127.0.0.1"

# The settings of Signet that a measurement needs.
QUIET = ("log.requests=failures",)
LOGGED = ("log.requests=all",)
LASTING = ("http.max_requests_per_connection=1000000000",)
ONE_CORE = ("http.loops=1",)
UNTHROTTLED = ("login.network_minute=0", "login.network_hour=0", "login.network_total=0")

NGINX = """
worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
{user}
events {{ worker_connections 1024; }}
http {{
    access_log off;
    keepalive_requests 1000000000;
    client_header_buffer_size 4k;
    server_tokens {tokens};
    default_type text/plain;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen {host}:{port} reuseport;
        location / {{
            add_header X-User admin;
            add_header X-Auth-Service {service};
            return 200;
        }}
    }}
}}
"""


class Absent(Exception):
    """Something that a figure needs cannot be had; the figure is reported so, never guessed."""


def free_port():
    with socket.create_server((HOST, 0)) as probe:
        return probe.getsockname()[1]


class Answer:
    """One answer, read to its end; `size` counts every byte of it."""

    def __init__(self, data):
        self.whole = data
        head, _, self.body = data.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        self.status, self.size = int(lines[0].split()[1]), len(data)
        pairs = (line.partition(":") for line in lines[1:])
        self.headers = {name.lower(): value.strip() for name, _, value in pairs}
        if "transfer-encoding" in self.headers:
            self.body = without_chunks(self.body)


def without_chunks(data):
    body = b""
    while data:
        size, _, data = data.partition(b"\r\n")
        body, data = body + data[:int(size, 16)], data[int(size, 16) + 2:]
    return body


def converse(connection, request):
    """Sends one request on a connection and reads its answer."""
    connection.sendall(request)
    data, length = b"", None
    while length is None or len(data) < length or (length < 0 and not data.endswith(b"\r\n0\r\n\r\n")):
        piece = connection.recv(65536)
        if not piece:
            raise ConnectionError("the answer was cut")
        data += piece
        if length is None and b"\r\n\r\n" in data:
            head = data.partition(b"\r\n\r\n")[0]
            found = re.search(rb"(?mi)^content-length: *(\d+)", head)
            chunked = re.search(rb"(?mi)^transfer-encoding: *chunked", head)
            length = -1 if chunked else len(head) + 4 + (int(found[1]) if found else 0)
    return Answer(data)


def connect(port):
    return socket.create_connection((HOST, port), timeout=30)


def ask(port, request):
    """The same on a connection of its own."""
    with connect(port) as connection:
        return converse(connection, request)


def request(method, target, *headers, body=b""):
    lines = [f"{method} {target} HTTP/1.1", f"Host: {HOST}", *headers]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


HEALTH = request("GET", "/health")


class Server:
    """A process of ours that listens on one port. Usable in a `with` statement. It is there when it answers
    `ready` with 200."""

    ready, patience, environment, folder, seconds = HEALTH, 10, None, None, None

    def __init__(self, command, port, core=None, output=None):
        self.command, self.port, self.core, self.output = command, port, core, output
        self.process = None

    def __enter__(self):
        pin = (lambda: os.sched_setaffinity(0, {self.core})) if self.core is not None else None
        with open(self.output or os.devnull, "ab") as output:
            self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=output,
                                            stderr=output, preexec_fn=pin, cwd=self.folder,
                                            env={**os.environ, **(self.environment or {})})
        begun = time.monotonic()
        try:
            self.wait_for_answer()
            self.seconds = time.monotonic() - begun
        except BaseException:
            self.stop()
            raise
        return self

    def wait_for_answer(self, pause=0.0005):
        until = time.monotonic() + self.patience
        while time.monotonic() < until:
            if self.process.poll() is not None:
                raise Absent(f"{self.command[0]} ended with {self.process.returncode} at its start")
            with contextlib.suppress(OSError):
                if ask(self.port, self.ready).status == 200:
                    return
            time.sleep(pause)
        raise Absent(f"{self.command[0]} did not answer within {self.patience} s")

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def __exit__(self, *_):
        self.stop()

    def pids(self):
        return [self.process.pid, *machine.children(self.process.pid)]

    def cpu_ns(self):
        return machine.cpu_ns(self.pids())

    def memory_mib(self):
        return machine.memory_mib(self.process.pid)


def nginx(scratch, core, service="auth-service", tokens="on"):
    """`return 200` with two small headers: as little as a server can do for a request."""
    program = shutil.which("nginx")
    if not program:
        raise Absent("nginx is not installed")
    folder, port = pathlib.Path(scratch) / f"nginx-{secrets.token_hex(4)}", free_port()
    folder.mkdir()
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, host=HOST, port=port, user=user,
                                                    service=service, tokens=tokens))
    command = [program, "-p", str(folder), "-e", str(folder / "error.log"),
               "-c", str(folder / "nginx.conf")]
    return Server(command, port, core)


def nginx_of_size(scratch, core, size):
    """An nginx whose answer is `size` bytes long, or as near as its own headers let it be."""
    for tokens in ("on", "off"):
        with nginx(scratch, core, "a", tokens) as bare:
            least = ask(bare.port, HEALTH).size
        if size >= least:
            break
    return nginx(scratch, core, "a" * max(1, size - least + 1), tokens)


class Signet:
    """A store with one administrator, and servers on it. Without `url` it is a file of its own."""

    def __init__(self, program, scratch, url=None):
        self.program, self.data = str(program), pathlib.Path(scratch) / "data"
        self.where = ["--data", str(self.data), *(["--set", f"store.url={url}"] if url else [])]
        self.password = secrets.token_urlsafe(18)
        if not os.access(program, os.X_OK):
            raise Absent(f"{program} is not built")
        self.data.mkdir(mode=0o700)
        self.run("admin", "create", "admin", "--email", "admin@bench.invalid")

    def another_node(self, scratch):
        """The same installation from a folder of its own, as another machine has it."""
        other = copy.copy(self)
        other.data = pathlib.Path(scratch) / "data"
        other.data.mkdir(mode=0o700)
        shutil.copy(self.data / "master.key", other.data)
        other.where = ["--data", str(other.data), *self.where[2:]]
        return other

    def run(self, *words):
        done = subprocess.run([self.program, *words, *self.where], capture_output=True,
                              input=self.password + "\n", text=True, timeout=60, check=False)
        if done.returncode != 0:
            raise Absent(f"signet {' '.join(words[:2])} failed: {done.stderr.strip()[-200:]}")

    def serve(self, *settings, core=None, output=None):
        port = free_port()
        command = [self.program, "serve", *self.where, "--listen", f"{HOST}:{port}"]
        for setting in settings:
            command += ["--set", setting]
        return Server(command, port, core, output)

    def cost(self):
        """Memory in KiB and passes of the administrator's hash, as the store holds it."""
        for file in sorted(self.data.glob("signet.db*")):
            found = re.search(rb"\$argon2id\$v=19\$m=(\d+),t=(\d+),p=1\$", file.read_bytes())
            if found:
                return int(found[1]), int(found[2])
        raise Absent("no Argon2id hash is found in the store")

    def rotations(self):
        """How often the refresh tokens of all sessions were used up."""
        with contextlib.closing(sqlite3.connect(self.data / "signet.db", timeout=30)) as store:
            return store.execute("SELECT coalesce(sum(number), 0) FROM refresh_tokens").fetchone()[0]

    def login_request(self, password=None, name="admin"):
        body = json.dumps({"username": name, "password": password or self.password})
        return request("POST", "/api/v1/login", body=body.encode())

    def token(self, server, name="admin"):
        answer = ask(server.port, self.login_request(name=name))
        if answer.status != 200:
            raise Absent(f"the login is answered with {answer.status}")
        return json.loads(answer.body)["token"]

    def write_request(self, server, name):
        """A durable write without a hash: what somebody may not do goes into the audit log."""
        bearer = f"Authorization: Bearer {self.token(server, name)}"
        refused = request("GET", "/api/v1/admin/list", bearer)
        if ask(server.port, refused).status != 403:
            raise Absent("the list of administrators is not refused")
        return refused

    def auth_request(self, server):
        """The forward-auth request, after it was seen to tell right from wrong: what lets everyone
        in is fast, and no measure of anything."""
        bearer = f"Authorization: Bearer {self.token(server)}"
        right = ask(server.port, request("GET", "/api/v1/auth", bearer))
        without = ask(server.port, request("GET", "/api/v1/auth"))
        forged = ask(server.port, request("GET", "/api/v1/auth", bearer[:-8] + "AAAAAAAA"))
        mistaken = ask(server.port, self.login_request("not the password"))
        if (right.status, without.status, forged.status, mistaken.status) != (200, 401, 401, 401):
            raise Absent("forward-auth does not tell right from wrong")
        if right.headers.get("x-user") != "admin":
            raise Absent("forward-auth does not name the user")
        return request("GET", "/api/v1/auth", bearer), right.size


@contextlib.contextmanager
def postgres(scratch):
    """A PostgreSQL server in a folder within `scratch`; gives what makes a new database, by its name."""
    with postgres_process(scratch) as (_, folder):
        def database(name):
            if not has_run(folder, f"CREATE DATABASE {name} TEMPLATE template0"):
                raise Absent(f"PostgreSQL did not make the database {name}")
            return f"postgresql:///{name}?host={folder}&user=signet"

        yield database


def has_run(folder, sql, port=5432):
    return subprocess.run(["psql", "-XqAt", "-h", str(folder), "-p", str(port), "-U", "signet", "-c", sql, "postgres"],
                          capture_output=True, check=False).returncode == 0


@contextlib.contextmanager
def postgres_process(scratch, core=None, *options):
    """The server by itself, as its process and its folder."""
    folder = pathlib.Path(scratch) / "postgres"
    folder.mkdir()
    for above in (folder.parent, folder.parent.parent):
        above.chmod(0o711)  # for the time of the measurement: it does not run as root, and has to come by
    starter = pathlib.Path(__file__).resolve().parents[2] / "tools/postgres"
    port = next((option.partition("=")[2] for option in options if option.startswith("-cport=")), 5432)
    process = subprocess.Popen([str(starter), str(folder), *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               preexec_fn=(lambda: os.sched_setaffinity(0, {core})) if core is not None else None)
    try:
        until = time.monotonic() + 60
        while not has_run(folder, "SELECT 1", port):
            if process.poll() is not None or time.monotonic() > until:
                raise Absent("PostgreSQL does not run here (tools/setup test)")
            time.sleep(0.05)
        yield process, folder
    finally:
        process.send_signal(signal.SIGQUIT)
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)
