"""oidc-provider: a library for Node, here by itself. It knows no passwords: logging in is the application's part."""
import contextlib
import json
import pathlib
import secrets

from measure import peers, servers

HERE = pathlib.Path(__file__).resolve().parent


@contextlib.contextmanager
def serve(place):
    installed = peers.program("npm")
    version = json.loads(peers.program("npm", "node_modules", "oidc-provider", "package.json").read_text())["version"]
    names, secret, port = place.folder("oidc-provider") / "names.json", secrets.token_urlsafe(32), servers.free_port()
    server = servers.Server(["node", str(HERE / "server.mjs"), str(port), secret, str(names)], port, place.core)
    server.folder, server.environment = installed, {"NODE_ENV": "production"}
    server.ready, server.patience = servers.request("GET", "/.well-known/openid-configuration"), 30
    with server:
        peer = peers.Peer("oidc-provider", server, json.loads(names.read_text()) | {"secret": secret}, {
            "version": version, "process": "one, NODE_ENV=production", "store": "none: in its memory",
            "keys": "ES256", "tokens": "opaque, its default"})
        peer.keeps = False
        yield peer
