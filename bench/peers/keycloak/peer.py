"""Keycloak, its distribution for production (`kc.sh build`, `start --optimized`) on PostgreSQL, without a cluster."""
import contextlib
import secrets
import shutil

from measure import peers, servers

WARM_SECONDS = 8  # until the compiler of the JVM has seen the path


def fill(port, admin_password, secret):
    """A realm with one client and one user; the user's access token."""
    entered = peers.call(port, "POST", "/realms/master/protocol/openid-connect/token", form=True, body=(
        f"grant_type=password&client_id=admin-cli&username=admin&password={admin_password}")).json["access_token"]
    peers.call(port, "POST", "/admin/realms", {
        "realm": "bench", "enabled": True, "sslRequired": "none",
        "passwordPolicy": f"hashAlgorithm(argon2) and hashIterations({peers.PASSES})",
        "clients": [{"clientId": "bench", "secret": secret, "publicClient": False, "serviceAccountsEnabled": True,
                     "directAccessGrantsEnabled": True, "clientAuthenticatorType": "client-secret"}],
        "users": [{"username": "ada", "email": "ada@bench.invalid", "emailVerified": True, "enabled": True,
                   "firstName": "Ada", "lastName": "Lovelace", "credentials": [
                       {"type": "password", "value": peers.PASSWORD, "temporary": False}]}]},
               f"Authorization: Bearer {entered}")
    return peers.call(port, "POST", "/realms/bench/protocol/openid-connect/token", form=True, body=(
        f"grant_type=password&scope=openid&client_id=bench&client_secret={secret}&username=ada&"
        f"password={peers.PASSWORD.replace(' ', '+')}")).json["access_token"]


@contextlib.contextmanager
def serve(place):
    installed = peers.program("keycloak")
    version = (installed / "version.txt").read_text().strip().rpartition(" ")[2]
    if not shutil.which("java"):
        raise servers.Absent("there is no java")
    port, management, password = servers.free_port(), servers.free_port(), secrets.token_urlsafe(18)
    database = place.databases.make("keycloak")
    server = servers.Server([
        str(installed / "bin/kc.sh"), "start", "--optimized", "--http-enabled=true", f"--http-host={servers.HOST}",
        f"--http-port={port}", f"--http-management-port={management}", f"--hostname=http://{servers.HOST}:{port}",
        "--cache=local", "--log-level=warn", f"--db-url=jdbc:postgresql://{database}", "--db-username=signet",
        "--db-password=none", f"--spi-password-hashing--argon2--memory={peers.MEMORY_KIB}"],
        port, place.core, place.folder("keycloak") / "log")
    server.environment = {"KC_BOOTSTRAP_ADMIN_USERNAME": "admin", "KC_BOOTSTRAP_ADMIN_PASSWORD": password}
    server.ready, server.patience = servers.request("GET", "/realms/master"), 400
    with server:
        secret = secrets.token_urlsafe(32)
        token = fill(port, password, secret)
        peer = peers.Peer("keycloak", server, {"secret": secret, "token": token,
                                               "password": peers.PASSWORD.replace(" ", "+")}, {
            "version": version, "store": "PostgreSQL", "cluster": "none (--cache=local)", "log": "warnings",
            "hash": f"Argon2id, {peers.MEMORY_KIB} KiB, {peers.PASSES} passes, by its policy and its setting",
            "warm-up": f"{WARM_SECONDS} s of each work, for the JVM's compiler"})
        peer.databases, peer.warm_seconds = [place.databases.process], WARM_SECONDS
        yield peer
