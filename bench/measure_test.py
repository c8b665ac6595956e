#!/usr/bin/env python3
"""Holds what judges the figures against figures with a known verdict."""
import socket
import subprocess
import sys
import threading
import unittest
from types import SimpleNamespace

from measure import figures, machine, programs, servers
from measure.report import Row, spread
from measure.servers import Absent


def row(pairs, less_is_better=False, **wanted):
    made = Row("figure", "what", "1/s").wants(**wanted)
    for ours, yardstick in pairs:
        made.pair(ours, yardstick, less_is_better)
    return made


class Verdict(unittest.TestCase):
    def test_more_is_better_and_the_median_decides(self):
        self.assertIs(row([(90, 100), (10, 100), (95, 100)], at_least=0.9).met(), True)
        self.assertIs(row([(89, 100), (10, 100), (95, 100)], at_least=0.9).met(), False)

    def test_a_cost_is_turned_over(self):
        self.assertIs(row([(10, 9)], less_is_better=True, at_least=0.85).met(), True)
        self.assertIs(row([(10, 8)], less_is_better=True, at_least=0.85).met(), False)

    def test_an_upper_bound(self):
        self.assertIs(row([(200, 100)], at_most=2).met(), True)
        self.assertIs(row([(201, 100)], at_most=2).met(), False)

    def test_without_a_yardstick_the_value_itself_is_judged(self):
        start = Row("start", "what", "ms").wants(at_most=100)
        start.ours = [99, 100, 400]
        self.assertIs(start.met(), True)
        start.ours = [99, 101, 400]
        self.assertIs(start.met(), False)

    def test_what_nothing_is_wanted_of_has_no_verdict(self):
        self.assertIsNone(row([(1, 100)]).met())

    def test_what_was_not_measured_is_not_met(self):
        self.assertIs(row([], at_least=0.9).met(), False)
        absent = row([(1000, 1)], at_least=0.9)
        absent.absent = "no yardstick"
        self.assertIs(absent.met(), False)
        self.assertIn("absent", absent.cells())
        self.assertNotIn(spread([1000]), absent.cells())

    def test_what_others_disturbed_is_not_judged(self):
        good = row([(90, 100)], at_least=0.9)
        good.foreign = 0.5
        self.assertIs(good.met(), False)
        self.assertEqual(good.verdict(), "disturbed")
        good.foreign = 0.02
        self.assertEqual((good.met(), good.verdict()), (True, "yes"))

    def test_a_figure_that_breaks_off_says_why_in_every_row(self):
        def fill(bench, first, second):
            first.pair(1, 1)
            raise Absent("the yardstick is gone")

        broken = figures.Figure("broken", fill, ("a", "1/s", {"at_least": 1}), ("b", "1/s", {}))
        rows = figures.measure(SimpleNamespace(), broken)
        self.assertEqual([row.absent for row in rows], ["the yardstick is gone"] * 2)
        self.assertIs(rows[0].met(), False)


class Measuring(unittest.TestCase):
    def test_a_run_with_one_wrong_answer_is_none(self):
        told = ('{"requests": 9, "errors": 1, "statuses": {"200": 9, "503": 1}, "refused": 0,'
                ' "cut": 0, "malformed": 0, "unanswered": 0, "unsent": 0, "wrong": 0}')
        with self.assertRaisesRegex(Absent, "503"):
            programs.right_result(told, "")
        with self.assertRaisesRegex(Absent, "no memory"):
            programs.right_result("", "load: no memory")

    def test_processor_time_of_a_busy_process_rises(self):
        pid = machine.os.getpid()
        before = machine.cpu_ns([pid])
        until = machine.time.thread_time_ns() + 50_000_000
        while machine.time.thread_time_ns() < until:
            pass
        self.assertGreaterEqual(machine.cpu_ns([pid]) - before, 49_000_000)

    def test_what_was_started_here_and_has_ended_is_own(self):
        before = machine.own_seconds()
        code = "import time\nwhile time.process_time() < 0.3: pass"
        subprocess.run([sys.executable, "-c", code], check=True)
        self.assertGreaterEqual(machine.own_seconds() - before, 0.29)
        self.assertGreaterEqual(machine.ForeignLoad().share(), 0)

    def test_an_answer_is_read_to_its_end(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            def serve():
                connection, _ = listener.accept()
                with connection:
                    connection.recv(65536)
                    connection.sendall(b"HTTP/1.1 401 Unauthorized\r\nX-User: a\r\ncontent-")
                    connection.sendall(b"length: 5\r\n\r\nhel")
                    connection.sendall(b"lo")
                    connection.recv(1)

            threading.Thread(target=serve, daemon=True).start()
            answer = servers.ask(listener.getsockname()[1], servers.HEALTH)
        self.assertEqual((answer.status, answer.body, answer.headers["x-user"]), (401, b"hello", "a"))
        self.assertEqual(answer.size, len("HTTP/1.1 401 Unauthorized\r\nX-User: a\r\n"
                                          "content-length: 5\r\n\r\nhello"))


if __name__ == "__main__":
    unittest.main()
