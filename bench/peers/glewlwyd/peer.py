"""Glewlwyd from Debian's package, unpacked below build/peers, on SQLite as its package sets it up."""
import contextlib
import gzip
import secrets
import sqlite3
import subprocess

from measure import peers, servers

ROUNDS = 150_000  # of PBKDF2: what its pages propose; its manual asks for 100,000 at least
FILES = ("usr", "share", "doc", "glewlwyd")
CONFIG = """
port={port}
bind_address="127.0.0.1"
external_url="http://localhost:{port}"
login_url="login.html"
api_prefix="api"
static_files_path="{folder}"
log_mode="file"
log_level="ERROR"
log_file="{folder}/log"
cookie_domain="localhost"
cookie_secure=0
session_key="GLEWLWYD2_SESSION_ID"
admin_scope="g_admin"
profile_scope="g_profile"
user_module_path="{root}/usr/lib/glewlwyd/user"
user_middleware_module_path="{folder}/none"
client_module_path="{root}/usr/lib/glewlwyd/client"
user_auth_scheme_module_path="{root}/usr/lib/glewlwyd/scheme"
plugin_module_path="{root}/usr/lib/glewlwyd/plugin"
hash_algorithm = "SHA512"
database = {{ type = "sqlite3"; path = "{folder}/glewlwyd.db"; }};
"""


def key_pair():
    private = subprocess.run(["openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout"], capture_output=True, text=True,
                             check=True).stdout
    public = subprocess.run(["openssl", "ec", "-pubout"], input=private, capture_output=True, text=True, check=True).stdout
    return private, public


def provider(port):
    """The instance `oidc` of its OpenID Connect plugin."""
    private, public = key_pair()
    return {"module": "oidc", "name": "oidc", "display_name": "OIDC", "parameters": {
        "iss": f"http://localhost:{port}/api/oidc", "jwt-type": "ecdsa", "jwt-key-size": "256", "key": private, "cert": public,
        "access-token-duration": 3600, "refresh-token-duration": 1209600, "code-duration": 600, "refresh-token-rolling": True,
        "allow-non-oidc": True, "auth-type-code-enabled": True, "auth-type-token-enabled": True,
        "auth-type-id-token-enabled": True, "auth-type-password-enabled": True, "auth-type-client-enabled": True,
        "auth-type-refresh-enabled": True, "subject-type": "public", "jwks-show": True, "jwks-x5c": [], "scope": [],
        "additional-parameters": [], "claims": [], "email-claim": "mandatory", "introspection-revocation-allowed": True,
        "introspection-revocation-allow-target-client": True, "introspection-revocation-auth-scope": [],
        "request-parameter-allow": False, "pkce-allowed": False}}


def fill(port, secret):
    """What its administrator does on the pages, by the same API: a plugin, a client, a user. Then the user's token."""
    entered = peers.call(port, "POST", "/api/auth", {"username": "admin", "password": "password"})
    cookie = "Cookie: " + entered.headers["set-cookie"].partition(";")[0]
    peers.call(port, "POST", "/api/mod/plugin", provider(port), cookie)
    peers.call(port, "POST", "/api/client?source=database", {
        "client_id": "bench", "name": "bench", "confidential": True, "enabled": True, "password": secret,
        "client_secret": secret, "scope": ["g_profile"], "redirect_uri": ["https://bench.invalid/cb"],
        "token_endpoint_auth_method": ["client_secret_post"],
        "authorization_type": ["client_credentials", "password", "code"]}, cookie)
    peers.call(port, "POST", "/api/user?source=database", {
        "username": "ada", "password": peers.PASSWORD, "name": "Ada", "email": "ada@bench.invalid", "enabled": True,
        "scope": ["g_profile", "openid"]}, cookie)
    return peers.call(port, "POST", "/api/oidc/token", form=True, body=(
        f"grant_type=password&client_id=bench&client_secret={secret}&username=ada&"
        f"password={peers.PASSWORD.replace(' ', '+')}&scope=openid+g_profile")).json["access_token"]


@contextlib.contextmanager
def serve(place):
    root, folder = peers.program("glewlwyd"), place.folder("glewlwyd")
    schema = gzip.decompress(root.joinpath(*FILES, "database", "init.sqlite3.sql.gz").read_bytes()).decode()
    with contextlib.closing(sqlite3.connect(folder / "glewlwyd.db")) as db:
        db.executescript(schema)
        db.execute("UPDATE g_user_module_instance SET gumi_parameters = "
                   "json_set(gumi_parameters, '$.\"pbkdf2-iterations\"', ?)", (ROUNDS,))
        db.commit()
    (folder / "none").mkdir()
    port, secret = servers.free_port(), secrets.token_hex(24)
    (folder / "glewlwyd.conf").write_text(CONFIG.format(port=port, root=root, folder=folder))
    server = servers.Server([str(root / "usr/bin/glewlwyd"), "--config-file", str(folder / "glewlwyd.conf")], port, place.core)
    server.ready, server.patience = servers.request("GET", "/config"), 30
    with server:
        token = fill(port, secret)
        yield peers.Peer("glewlwyd", server, {"secret": secret, "token": token, "password": peers.PASSWORD}, {
            "version": (root / "version").read_text().strip(), "store": "SQLite, as its package sets it up",
            "hash": f"PBKDF2 with SHA-512, {ROUNDS:,} rounds, as its pages propose: it knows no Argon2", "keys": "ES256",
            "log": "errors only"})
