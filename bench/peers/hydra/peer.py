"""Ory Hydra on PostgreSQL. It knows no passwords of users: logging in is another program's part."""
import contextlib
import json
import secrets

from measure import peers, servers


@contextlib.contextmanager
def serve(place):
    program, folder = peers.program("bin", "hydra"), place.folder("hydra")
    version = (peers.INSTALLED / "bin" / "hydra.version").read_text().strip()
    public, admin, secret = servers.free_port(), servers.free_port(), secrets.token_urlsafe(32)
    database = place.databases.make("hydra")
    config = folder / "hydra.json"
    config.write_text(json.dumps({
        "dsn": f"postgres://signet@{database}?sslmode=disable&max_conns=20&max_idle_conns=4",
        "serve": {"public": {"host": servers.HOST, "port": public}, "admin": {"host": servers.HOST, "port": admin}},
        "urls": {"self": {"issuer": f"http://{servers.HOST}:{public}"}},
        "secrets": {"system": [secrets.token_urlsafe(32)]},
        "oauth2": {"hashers": {"algorithm": "pbkdf2", "pbkdf2": {"iterations": 1}}},
        "log": {"level": "error"}, "sqa": {"opt_out": True}}))
    peers.run([program, "migrate", "sql", "-e", "--yes", "-c", config],
              env={"DSN": f"postgres://signet@{database}?sslmode=disable"})
    server = servers.Server([str(program), "serve", "all", "--dev", "--sqa-opt-out", "-c", str(config)], public, place.core,
                            folder / "log")
    server.ready, server.patience = servers.request("GET", "/health/ready"), 60
    with server:
        peers.call(admin, "POST", "/admin/clients", {
            "client_id": "bench", "client_secret": secret, "grant_types": ["client_credentials"],
            "token_endpoint_auth_method": "client_secret_post", "scope": "read"})
        token = peers.call(public, "POST", "/oauth2/token", form=True,
                           body=f"grant_type=client_credentials&client_id=bench&client_secret={secret}").json["access_token"]
        peer = peers.Peer("hydra", server, {"secret": secret, "token": token}, {
            "version": version, "store": "PostgreSQL, 20 connections, as its compose file has it",
            "hash of a client's secret": "one round of PBKDF2, as it is a random one", "tokens": "opaque, its default",
            "log": "errors only", "--dev": "as nothing here speaks TLS"})
        peer.ports, peer.databases = {"admin": admin}, [place.databases.process]
        yield peer
