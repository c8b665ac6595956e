"""better-auth: a library for Node behind its own http server, SQLite through better-sqlite3, sessions cached in a signed cookie."""
import contextlib
import json
import pathlib
import secrets

from measure import peers, servers

HERE = pathlib.Path(__file__).resolve().parent
ADA = {"email": "ada@bench.invalid", "password": peers.PASSWORD}


def cookies_of(answer):
    """All that were set; the session's own goes last, as it is what the trial spoils."""
    lines = answer.whole.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    found = [line.partition(":")[2].strip().partition(";")[0] for line in lines if line.lower().startswith("set-cookie:")]
    return "; ".join(sorted(found, key=lambda cookie: "session_token" in cookie))


@contextlib.contextmanager
def serve(place):
    installed = peers.program("npm")
    version = json.loads(peers.program("npm", "node_modules", "better-auth", "package.json").read_text())["version"]
    file, port = place.folder("better-auth") / "auth.db", servers.free_port()
    server = servers.Server(["node", str(HERE / "server.mjs"), str(port), secrets.token_urlsafe(32), str(file),
                             str(peers.MEMORY_KIB), str(peers.PASSES)], port, place.core)
    server.folder, server.environment = installed, {"NODE_ENV": "production"}
    server.ready, server.patience = servers.request("GET", "/api/auth/ok"), 30
    with server:
        peers.call(port, "POST", "/api/auth/sign-up/email", ADA | {"name": "Ada"})
        entered = peers.call(port, "POST", "/api/auth/sign-in/email", ADA)
        peers.call(port, "GET", "/api/auth/jwks")
        yield peers.Peer("better-auth", server, {"password": peers.PASSWORD, "cookies": cookies_of(entered)}, {
            "version": version, "process": "one, NODE_ENV=production",
            "hash": f"Argon2id, {peers.MEMORY_KIB} KiB, {peers.PASSES} passes, by @node-rs/argon2 in place of its scrypt",
            "store": "SQLite, WAL, synchronous=FULL", "session": "cookieCache, so that most checks ask no store",
            "limits": "rateLimit off"})
