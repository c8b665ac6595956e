"""Ory Kratos on PostgreSQL: logins and sessions, no tokens."""
import contextlib
import json
import secrets

from measure import peers, servers

SCHEMA = {
    "$id": "https://bench.invalid/person", "$schema": "http://json-schema.org/draft-07/schema#", "type": "object",
    "properties": {"traits": {"type": "object", "required": ["email"], "properties": {"email": {
        "type": "string", "format": "email",
        "ory.sh/kratos": {"credentials": {"password": {"identifier": True}}}}}}}}


class Kratos(peers.Peer):
    """A login is two requests: a flow is asked for, then it is answered. The second is measured, its flows made before."""

    def lines(self, name, count):
        return [peers.call(self.port, "GET", "/self-service/login/api").json["id"] for _ in range(count)]


def enter(port):
    flow = peers.call(port, "GET", "/self-service/login/api").json["id"]
    return peers.call(port, "POST", f"/self-service/login?flow={flow}", {
        "method": "password", "identifier": "ada@bench.invalid", "password": peers.PASSWORD}).json["session_token"]


@contextlib.contextmanager
def serve(place):
    program, folder = peers.program("bin", "kratos"), place.folder("kratos")
    version = (peers.INSTALLED / "bin" / "kratos.version").read_text().strip()
    public, admin = servers.free_port(), servers.free_port()
    address = f"http://{servers.HOST}:{public}/"
    dsn = f"postgres://signet@{place.databases.make('kratos')}?sslmode=disable&max_conns=20&max_idle_conns=4"
    (folder / "person.schema.json").write_text(json.dumps(SCHEMA))
    config = folder / "kratos.json"
    config.write_text(json.dumps({
        "version": "v1.3.1", "dsn": dsn,
        "serve": {"public": {"host": servers.HOST, "port": public, "base_url": address},
                  "admin": {"host": servers.HOST, "port": admin}},
        "selfservice": {"default_browser_return_url": address, "methods": {"password": {
            "enabled": True, "config": {"haveibeenpwned_enabled": False}}}},
        "identity": {"default_schema_id": "person", "schemas": [
            {"id": "person", "url": f"file://{folder}/person.schema.json"}]},
        "hashers": {"algorithm": "argon2", "argon2": {
            "memory": f"{peers.MEMORY_KIB * 1024}B", "iterations": peers.PASSES, "parallelism": 1}},
        "secrets": {"cookie": [secrets.token_urlsafe(32)], "cipher": [secrets.token_hex(16)]},
        "courier": {"smtp": {"connection_uri": "smtp://127.0.0.1:9/"}},
        "log": {"level": "error"}}))
    peers.run([program, "migrate", "sql", "-e", "--yes", "-c", config], env={"DSN": dsn})
    server = servers.Server([str(program), "serve", "--sqa-opt-out", "-c", str(config)], public, place.core, folder / "log")
    server.ready, server.patience = servers.request("GET", "/health/ready"), 60
    with server:
        peers.call(admin, "POST", "/admin/identities", {
            "schema_id": "person", "traits": {"email": "ada@bench.invalid"},
            "credentials": {"password": {"config": {"password": peers.PASSWORD}}}})
        peer = Kratos("kratos", server, {"password": peers.PASSWORD, "session": enter(public)}, {
            "version": version, "store": "PostgreSQL, 20 connections",
            "hash": f"Argon2id, {peers.MEMORY_KIB} KiB, {peers.PASSES} passes, by its setting hashers.argon2",
            "login": "the second of its two requests", "log": "errors only"})
        peer.databases = [place.databases.process]
        yield peer
