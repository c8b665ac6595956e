#!/usr/bin/env python3
"""Holds the load generator against a server that misbehaves on request: bench/load_test.py LOAD"""
import json
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

LOAD = sys.argv.pop(1)
GOOD = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def answer(status, body=b"", *headers):
    lines = [f"HTTP/1.1 {status}".encode(), b"Content-Length: %d" % len(body), *headers]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


class Server:
    """One thread a connection; `behave(server, connection, request)` answers, False closes."""

    def __init__(self, behave):
        self.behave, self.requests, self.bodies = behave, 0, set()
        self.lock, self.stalled = threading.Lock(), False
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        with connection:
            data = b""
            while True:
                while b"\r\n\r\n" not in data:
                    try:
                        piece = connection.recv(65536)
                    except OSError:
                        return
                    if not piece:
                        return
                    data += piece
                head, _, data = data.partition(b"\r\n\r\n")
                length = int(head.lower().partition(b"content-length: ")[2].split(b"\r")[0] or 0)
                while len(data) < length:
                    data += connection.recv(65536)
                request, data = (head, data[:length]), data[length:]
                with self.lock:
                    self.requests += 1
                    self.bodies.add(request[1])
                try:
                    if self.behave(self, connection, request) is False:
                        return
                except OSError:
                    return

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


def load(port, *arguments):
    run = subprocess.run([LOAD, *arguments, str(port)], capture_output=True, text=True, timeout=60)
    return run.returncode, json.loads(run.stdout) if run.stdout else None


class LoadTest(unittest.TestCase):
    def against(self, behave, *arguments):
        self.server = Server(behave)
        self.addCleanup(self.server.close)
        return load(self.server.port, *arguments)

    def test_every_request_is_counted_once(self):
        status, result = self.against(lambda s, c, r: c.sendall(GOOD), "--seconds", "1",
                                      "--connections", "4")
        self.assertEqual(status, 0)
        self.assertEqual(result["requests"], self.server.requests)
        self.assertEqual(result["statuses"], {"200": result["requests"]})
        self.assertEqual(result["bytes"], result["requests"] * len(GOOD))
        self.assertGreater(result["requests"], 100)
        self.assertLessEqual(result["latency_us"]["p50"], result["latency_us"]["p99"])
        self.assertLessEqual(result["latency_us"]["p99.9"], result["latency_us"]["max"])

    def test_the_number_of_requests_is_bounded(self):
        for more in ((), ("--rate", "5000")):
            status, result = self.against(lambda s, c, r: c.sendall(GOOD), "--requests", "137",
                                          "--seconds", "30", *more)
            self.assertEqual((status, result["requests"], self.server.requests), (0, 137, 137))

    def test_threads_share_nothing_but_the_sum(self):
        status, result = self.against(lambda s, c, r: c.sendall(GOOD), "--requests", "50",
                                      "--cores", "0,0,0", "--seconds", "30")
        self.assertEqual((status, result["requests"]), (0, 150))

    def test_a_wrong_status_is_an_error_and_no_latency(self):
        def behave(server, connection, request):
            connection.sendall(answer(503) if server.requests % 4 == 0 else answer(200))

        status, result = self.against(behave, "--requests", "40", "--connections", "1")
        self.assertEqual((status, result["statuses"]), (1, {"200": 30, "503": 10}))
        self.assertEqual((result["requests"], result["errors"]), (30, 10))

    def test_another_status_can_be_the_right_one(self):
        status, result = self.against(lambda s, c, r: c.sendall(answer(401, b"no")), "--requests",
                                      "20", "--expect", "401")
        self.assertEqual((status, result["requests"], result["errors"]), (0, 20, 0))

    def test_an_announced_close_is_no_error(self):
        def behave(server, connection, request):
            connection.sendall(answer(200, b"", b"Connection: close"))
            return False

        status, result = self.against(behave, "--requests", "60", "--connections", "3")
        self.assertEqual((status, result["requests"], result["errors"]), (0, 60, 0))
        self.assertEqual(result["reconnects"], 60)

    def test_a_cut_answer_is_an_error(self):
        def behave(server, connection, request):
            connection.sendall(GOOD[:-1])
            return False

        status, result = self.against(behave, "--requests", "5", "--connections", "1")
        self.assertEqual((status, result["requests"], result["cut"]), (1, 0, 5))

    def test_what_is_no_answer_or_more_than_one_is_malformed(self):
        for text in (b"SSH-2.0-OpenSSH\r\n\r\n", GOOD + b"x", GOOD[:-2] + b"x" * 9000, GOOD + GOOD):
            status, result = self.against(lambda s, c, r: c.sendall(text), "--requests", "5",
                                          "--connections", "1")
            self.assertEqual((status, result["requests"], result["malformed"]), (1, 0, 5))

    def test_answers_come_in_any_pieces(self):
        whole = answer(200, b"b" * 50000)

        def behave(server, connection, request):
            for at in (0, 1, 20, 60, 20000):
                end = {0: 1, 1: 20, 20: 60, 60: 20000, 20000: len(whole)}[at]
                connection.sendall(whole[at:end])
                time.sleep(0.001)

        status, result = self.against(behave, "--requests", "20", "--connections", "2")
        self.assertEqual((status, result["requests"], result["errors"]), (0, 20, 0))
        self.assertEqual(result["bytes"], 20 * len(whole))

    def test_bodies_and_whole_requests_are_sent_as_given(self):
        with tempfile.NamedTemporaryFile() as body, tempfile.NamedTemporaryFile() as whole:
            body.write(b'{"username":"admin"}')
            body.flush()
            whole.write(b"POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc")
            whole.flush()
            heads = set()

            def behave(server, connection, request):
                heads.add(request[0])
                connection.sendall(GOOD)

            self.against(behave, "--requests", "3", "--method", "POST", "--path", "/login",
                         "--header", "A: b", "--body", body.name)
            self.assertEqual(self.server.bodies, {b'{"username":"admin"}'})
            self.assertEqual(heads, {b"POST /login HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nA: b\r\n"
                                     b"Content-Length: 20" % self.server.port})
            heads.clear()
            self.against(behave, "--requests", "3", "--request", whole.name)
            self.assertEqual(heads, {b"POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 3"})

    def test_the_right_status_with_the_wrong_body_is_an_error(self):
        def behave(server, connection, request):
            connection.sendall(answer(200, b'{"active":%s}' % (b"false" if server.requests % 5 == 0 else b"true")))

        status, result = self.against(behave, "--requests", "20", "--connections", "1", "--contains", '"active":true')
        self.assertEqual((status, result["requests"], result["wrong"]), (1, 16, 4))

    def test_each_request_has_a_line_of_its_own_and_they_end(self):
        with tempfile.NamedTemporaryFile() as lines, tempfile.NamedTemporaryFile() as whole:
            lines.write(b"".join(b"name%d\n" % i for i in range(30)))
            lines.flush()
            whole.write(b"POST /x HTTP/1.1\r\nContent-Length: {length}\r\n\r\n<{line}>")
            whole.flush()
            status, result = self.against(lambda s, c, r: c.sendall(GOOD), "--cores", "0,0", "--connections", "3",
                                          "--request", whole.name, "--lines", lines.name)
            self.assertEqual((status, result["requests"]), (0, 30))
            self.assertEqual(self.server.bodies, {b"<name%d>" % i for i in range(30)})

    def test_a_chain_follows_what_the_answers_give(self):
        """A server that takes each token once and gives its successor; one that gives the same again is wrong."""
        for stuck in (False, True):
            seen = set()

            def behave(server, connection, request):
                token = request[1].decode()
                with server.lock:
                    good = token not in seen
                    seen.add(token)
                name, _, number = token.partition(".")
                following = token if stuck else f"{name}.{int(number) + 1}"
                connection.sendall(answer(200 if good else 401, b'{"refresh":"%s"}' % following.encode()))

            with tempfile.NamedTemporaryFile() as lines, tempfile.NamedTemporaryFile() as whole:
                lines.write(b"".join(b"caller%d.0\n" % i for i in range(4)))
                lines.flush()
                whole.write(b"POST /x HTTP/1.1\r\nContent-Length: {length}\r\n\r\n{line}")
                whole.flush()
                status, result = self.against(behave, "--connections", "4", "--requests", "100", "--request", whole.name,
                                              "--lines", lines.name, "--follow", "refresh")
            if stuck:
                self.assertEqual((status, result["requests"], result["wrong"]), (1, 0, 4))
            else:
                self.assertEqual((status, result["requests"], len(seen)), (0, 100, 100))

    def test_answers_in_chunks_are_read_to_their_end(self):
        def behave(server, connection, request):
            connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\no")
            time.sleep(0.002)
            connection.sendall(b"k\r\n0\r\n\r\n")

        status, result = self.against(behave, "--requests", "20", "--connections", "2", "--contains", "ok")
        self.assertEqual((status, result["requests"], result["errors"]), (0, 20, 0))

    def test_a_silent_server_is_given_up(self):
        status, result = self.against(lambda s, c, r: time.sleep(8), "--seconds", "1",
                                      "--patience", "1", "--connections", "2")
        self.assertEqual((status, result["requests"]), (1, 0))
        self.assertGreaterEqual(result["unanswered"], 2)

    def test_nobody_listening_is_told_and_does_not_last(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
        status, result = load(port, "--seconds", "1", "--patience", "1", "--connections", "2")
        self.assertEqual((status, result["requests"]), (1, 0))
        self.assertGreater(result["refused"], 0)

    def test_in_open_loop_a_stall_delays_all_that_was_due_in_it(self):
        """Ten connections and one stall of 300 ms for all: 300 of 2000 requests were due in it, so
        that a tenth of all waited longer than 100 ms. A closed loop would have sent ten."""
        def behave(server, connection, request):
            with server.lock:
                if server.requests >= 500 and not server.stalled:
                    server.stalled = True
                    time.sleep(0.3)
            connection.sendall(GOOD)

        status, result = self.against(behave, "--rate", "1000", "--seconds", "2", "--connections",
                                      "10")
        self.assertEqual((status, result["requests"], result["errors"]), (0, 2000, 0))
        self.assertGreaterEqual(result["latency_us"]["max"], 290_000)
        self.assertGreaterEqual(result["latency_us"]["p99"], 275_000)
        self.assertGreaterEqual(result["latency_us"]["p90"], 90_000)

    def test_what_was_due_and_never_sent_is_an_error(self):
        status, result = self.against(lambda s, c, r: (time.sleep(0.5), c.sendall(GOOD)), "--rate",
                                      "100", "--seconds", "1", "--patience", "1", "--connections",
                                      "1")
        self.assertEqual(status, 1)
        self.assertGreater(result["unsent"], 50)
        self.assertEqual(result["requests"] + result["errors"], 100)

    def test_a_wrong_call_is_refused(self):
        for arguments in (["0"], ["65536"], ["80", "81"], ["--seconds", "601", "80"], [],
                          ["--rate", "101", "--cores", "0,1", "80"], ["--cores", ",", "80"],
                          ["--connections", "x", "80"], ["--lines", "/no such file", "80"],
                          ["--follow", "member", "80"], ["--request", "/no such file", "80"]):
            run = subprocess.run([LOAD, *arguments], capture_output=True, timeout=60)
            self.assertEqual((run.returncode, run.stdout), (2, b""), arguments)


if __name__ == "__main__":
    unittest.main()
