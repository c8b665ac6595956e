#!/usr/bin/env python3
"""Holds the tables of scenarios, their trial and the pictures against what they have to be."""
import pathlib
import socket
import threading
import unittest
import xml.etree.ElementTree

from measure import plot, scenarios
from measure.scenarios import Scenario
from measure.servers import Absent

BENCH = pathlib.Path(__file__).resolve().parent
SVG = "{http://www.w3.org/2000/svg}"


class Tables(unittest.TestCase):
    def test_every_scenario_is_of_a_work_and_is_refused_when_it_is_spoilt(self):
        works, own = scenarios.read()
        tables = [own, *(scenarios.read(file)[1] for file in sorted(BENCH.glob("peers/*/scenarios.toml")))]
        for scenario in (scenario for table in tables for scenario in table):
            self.assertIn(scenario.work, works)
            self.assertTrue(scenario.contains, scenario)
            self.assertEqual(bool(scenario.falsify), "status" in scenario.refusal, scenario)
            if scenario.falsify:
                self.assertIn("{" + scenario.falsify + "}", scenario.bytes({}).decode())

    def test_all_works_are_asked_of_signet(self):
        works, own = scenarios.read()
        self.assertEqual({scenario.work for scenario in own}, set(works))

    def test_what_is_spoilt_is_as_long_and_another(self):
        for value in ("x", "secret", "eyJhbGciOi.eyJzdWIiOiIx.c2lnbmF0dXJlc2lnbmF0dXJl", "00000000-0000-7000-8000-0123456789ab",
                      "AAAAAAAAAAAAb", "bAAAAAAAAAAAA"):
            false = scenarios.spoilt(value)
            self.assertEqual(len(false), len(value))
            self.assertNotEqual(false, value)

    def test_names_are_put_in_and_the_line_stays(self):
        scenario = Scenario(work="w", request="POST /{a}", headers=("X: {b}",), body='{"k":"{line}"}')
        self.assertEqual(scenario.bytes({"a": "1", "b": "2"}),
                         b"POST /1 HTTP/1.1\r\nHost: 127.0.0.1\r\nX: 2\r\nContent-Type: application/json\r\n"
                         b'Content-Length: {length}\r\n\r\n{"k":"{line}"}')
        self.assertIn(b'Content-Length: 10\r\n\r\n{"k":"ab"}',
                      scenarios.ready_to_send(scenario, {"a": "1", "b": "2", "line": "ab"}))


class Trial(unittest.TestCase):
    SCENARIO = Scenario(work="w", request="GET /", headers=("Authorization: {token}",), contains="you are ada",
                        falsify="token", refusal={"status": 401})

    def held_against(self, answer_of):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            def serve():
                while True:
                    try:
                        connection, _ = listener.accept()
                    except OSError:
                        return
                    with connection:
                        status, body = answer_of(b"good-token-good" in connection.recv(65536))
                        connection.sendall(f"HTTP/1.1 {status} S\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())

            thread = threading.Thread(target=serve, daemon=True)
            thread.start()
            try:
                return scenarios.check(self.SCENARIO, listener.getsockname()[1], {"token": "good-token-good"})
            finally:
                listener.shutdown(socket.SHUT_RDWR)
                thread.join()

    def test_who_tells_right_from_wrong_is_measured(self):
        self.assertGreater(self.held_against(lambda good: (200, "you are ada") if good else (401, "no")), 0)

    def test_who_lets_everyone_in_is_not(self):
        with self.assertRaisesRegex(Absent, "false token"):
            self.held_against(lambda good: (200, "you are ada"))

    def test_nor_who_lets_nobody_in_or_answers_something_else(self):
        with self.assertRaisesRegex(Absent, "401"):
            self.held_against(lambda good: (401, "no"))
        with self.assertRaisesRegex(Absent, "you are bob"):
            self.held_against(lambda good: (200, "you are bob") if good else (401, "no"))


class Pictures(unittest.TestCase):
    def marks(self, svg, tag):
        return xml.etree.ElementTree.fromstring(svg).findall(f".//{SVG}{tag}")

    def test_there_is_a_point_for_each_value_and_further_right_is_more(self):
        svg = plot.dots("t <&>", "µs", [("a", [("one", (1, 2, 3), True), ("two", (90, 100, 110), False)]),
                                        ("b", [("three", (0.5, 0.5, 0.5), False)])])
        at = [float(dot.get("cx")) for dot in self.marks(svg, "circle")]
        self.assertEqual(len(at), 3)
        self.assertLess(at[2], at[0])
        self.assertLess(at[0], at[1])
        self.assertIn("t <&>", [text.text for text in self.marks(svg, "text")])

    def test_a_curve_goes_through_its_points_and_higher_up_is_more(self):
        svg = plot.curves("t", "users", "µs", [("a", [(1000, 5), (10000, 5), (100000, 50)]), ("b", [(1000, 1)])])
        dots = [(float(dot.get("cx")), float(dot.get("cy"))) for dot in self.marks(svg, "circle")]
        self.assertEqual(len(dots), 4)
        self.assertEqual(dots[0][1], dots[1][1])
        self.assertLess(dots[2][1], dots[1][1])
        self.assertLess(dots[0][0], dots[1][0])

    def test_nothing_measured_is_said(self):
        for svg in (plot.dots("t", "x", []), plot.curves("t", "x", "y", [])):
            self.assertIn("t: nothing was measured", [text.text for text in self.marks(svg, "text")])


if __name__ == "__main__":
    unittest.main()
