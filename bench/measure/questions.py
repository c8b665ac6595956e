"""What the directory face and the gateway face are asked in the figures."""
import json

from measure.servers import Absent, ask, request


def ask_about(server, token):
    body = json.dumps({"token": token}).encode()
    question = request("POST", "/auth/introspect", body=body)
    return question, ask(server.port, question)


def introspection(signet, server):
    """An introspection of a good token, after it was seen to tell good from bad; its answer's size."""
    token = signet.token(server)
    question, good = ask_about(server, token)
    _, forged = ask_about(server, token[:-8] + "AAAAAAAA")
    answers = [json.loads(answer.body) for answer in (good, forged)]
    if answers != [{"result": {"valid": True}}, {"result": {"valid": False}}]:
        raise Absent(f"introspection does not tell good from bad: {answers}")
    return question, good.size


def permission_check(signet, server):
    """Whether the administrator may read users, after it was seen to tell who may from who may not and
    to refuse whoever shows no token; its answer's size."""
    bearer = f"Authorization: Bearer {signet.token(server)}"
    own = json.loads(ask(server.port, request("GET", "/users/my-info", bearer)).body)["result"]["id"]
    path = "/id/api/roles/check-permission/{}/users:read"
    question = request("GET", path.format(own), bearer)
    good = ask(server.port, question)
    other = ask(server.port, request("GET", path.format(own[:-12] + "000000000000"), bearer))
    without = ask(server.port, request("GET", path.format(own)))
    allowed = [json.loads(answer.body)["data"]["allowed"] for answer in (good, other)]
    if allowed != [True, False] or without.status != 401:
        raise Absent(f"the check of permissions does not tell right from wrong: {allowed}")
    return question, good.size


REFRESH = (b"POST /id/api/auth/refresh HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
           b"Content-Length: {length}\r\n\r\n{\"refreshToken\":\"{line}\"}")


def refresh_token(signet, server):
    """The first of a new session."""
    body = json.dumps({"email": "admin", "password": signet.password}).encode()
    answer = ask(server.port, request("POST", "/id/api/auth/login", body=body))
    if answer.status != 200:
        raise Absent(f"the login is answered with {answer.status}")
    return json.loads(answer.body)["data"]["refreshToken"]
