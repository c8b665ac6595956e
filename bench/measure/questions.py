"""What the directory face is asked in the figures."""
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
