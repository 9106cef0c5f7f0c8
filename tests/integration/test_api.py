"""The API as a client meets it; each exchange is judged against the contract that the server shows."""
import copy
import json
import socket
import unittest

from house import DEMO, Home, Server, judge, only

# Judged in test_conversations and test_cases.
ELSEWHERE = ("/api/v1/conversations", "/widget/", "/api/v1/cases", "/api/v1/procedures", "/api/v1/appointments",
             "/api/v1/agendas", "/api/v1/slots")


class Api(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.home = Home()
        cls.home.done("import", "commune", DEMO)
        cls.home.done("import", "faq", f"{DEMO}/faq.jsonl")
        cls.home.done("import", "fiches", cls.home.fiches(F1="Passeport", F2="Carte grise", F3="Acte de naissance"))
        cls.server = Server(cls.home)

    @classmethod
    def tearDownClass(cls):
        contract = only(cls.server.get("/api/openapi.json")[1], lambda path: not path.startswith(ELSEWHERE))
        cls.server.__exit__()
        cls.home.__exit__()
        wrong = judge(contract, cls.server.exchanges)
        if wrong:
            raise AssertionError("\n".join(wrong))

    def refused(self, answer, status):
        self.assertEqual(answer[0], status, answer)
        self.assertEqual(answer[1]["status"], status)
        self.assertTrue(answer[1]["request_id"])

    def test_a_question_has_an_answer_with_its_source(self):
        answer = self.server.ask("Quel est le prix de la carte grise ?", commune="99001", after=["bonjour"])
        self.assertIn("F2", [citation["id"] for citation in answer["citations"]])

    def test_danger_comes_first(self):
        self.assertEqual(self.server.ask("il y a le feu chez moi")["status"], "emergency")

    def test_odd_but_sound_questions_are_answered(self):
        for question in ["🔥🚗?", "\u202ecarte grise\u202c", "pаsseport".replace("a", "\u0430"), "passe\u0000port",
                         "\u0007\u001b[31mpasseport", "ﷺ" * 50, "a" * 8000, "'; drop table x; --", "{{7*7}}", "مرحبا"]:
            with self.subTest(question[:20]):
                self.assertEqual(self.server.post("/api/v1/answers", {"question": question})[0], 200)

    def test_a_question_that_cannot_be_read_is_refused(self):
        post = lambda body, kind="application/json": self.server.post("/api/v1/answers", body, kind)
        for body in ["", "{", "[]", "3", "{}", '{"question":null}', '{"question":7}', '{"question":" \u200b "}',
                     '{"question":"a","after":"b"}', '{"question":"a","after":[1]}', '{"question":"a","chosen":{}}',
                     '{"question":"a","commune":"00000"}', '{"question":"a","commune":7}', '{"question":"a"} x',
                     '{"question":' + "[" * 10000 + "]" * 10000 + "}", b'{"question":"\xff"}', b'{"question":"a\x00"}']:
            with self.subTest(body[:40]):
                self.refused(post(body), 400)
        for kind in ["text/plain", "application/x-www-form-urlencoded", "application/jsonx"]:
            self.refused(post('{"question":"a"}', kind), 415)

    def test_what_is_too_large_is_refused(self):
        self.refused(self.server.post("/api/v1/answers", {"question": "a" * 8193}), 413)
        self.refused(self.server.post("/api/v1/answers", {"question": "a" * 1_000_000}), 413)
        self.refused(self.server.post("/api/v1/answers", {"question": "a", "after": ["b"] * 21}), 413)
        self.refused(self.server.post("/api/v1/answers", {"question": "a", "chosen": ["b"] * 21}), 413)
        self.refused(self.server.get("/api/v1/search?q=" + "a" * 1001), 413)

    def test_search_ranks_sheets(self):
        _, found = self.server.get("/api/v1/search?q=carte+grise&limit=2&commune=99002")
        self.assertEqual(found["results"][0]["id"], "F2")
        self.assertEqual(found["results"][0]["snippet"], "Carte grise : gratuit pour tous.")
        self.assertLessEqual(len(found["results"]), 2)
        self.assertEqual(self.server.get("/api/v1/search?q=zzzzqqqq")[1], {"results": []})

    def test_a_search_of_another_commune_keeps_its_sheets(self):
        ids = lambda commune: {each["id"] for each in self.server.get(
            f"/api/v1/search?q=cantine&limit=50&commune={commune}")[1]["results"]}
        self.assertIn("cantine-montreuil", ids("99002"))
        self.assertNotIn("cantine-montreuil", ids("99001"))

    def test_a_search_that_cannot_be_read_is_refused(self):
        for query in ["", "?q=", "?q=%20", "?q=a&limit=0", "?q=a&limit=51", "?q=a&limit=x", "?q=a&commune=1",
                      "?q=%ff", "?q=%00", "?q=%"]:
            with self.subTest(query):
                self.refused(self.server.get("/api/v1/search" + query), 400)

    def test_other_paths_and_methods_are_problems_too(self):
        self.refused(self.server.get("/api/v1/nothing"), 404)
        self.refused(self.server.get("/api/v1/nothing", Accept="text/html"), 404)
        self.refused(self.server.get("/api/v1/answers"), 405)
        self.refused(self.server.post("/api/v1/search", {}), 405)

    def test_health(self):
        self.assertEqual(self.server.get("/healthz"), (200, {"alive": True}))
        status, ready = self.server.get("/readyz")
        self.assertEqual((status, ready["ready"]), (200, True))
        self.server.ask("passeport")
        _, metrics = self.server.get("/metrics")
        self.assertRegex(metrics, r'parvis_answers_total\{status="[a-z_]+"\} [1-9]')
        self.assertRegex(metrics, r"parvis_answer_seconds_count [1-9]")
        self.assertIn("parvis_http_queue", metrics)

    def test_a_slow_client_does_not_hold_the_others(self):
        with socket.create_connection(("127.0.0.1", self.server.port)) as slow:
            slow.sendall(b"POST /api/v1/answers HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{")
            self.assertEqual(self.server.get("/healthz")[0], 200)
            self.assertEqual(self.server.post("/api/v1/answers", {"question": "passeport"})[0], 200)


class Private(unittest.TestCase):
    def test_no_question_is_written_anywhere(self):
        with Home() as home:
            home.done("import", "fiches", home.fiches(F1="Passeport"))
            with Server(home) as server:
                server.ask("zorglubique passeport")
                server.get("/api/v1/search?q=zorglubique+passeport")
                server.post("/api/v1/answers", '{"question":"zorglubique"')
            self.assertNotIn("zorglub", server.said)
            found = home.run("doctor")
            self.assertNotIn("zorglub", found.stdout)


class Judge(unittest.TestCase):
    """The judge itself: what it must not let pass."""

    def test_it_sees_what_is_wrong(self):
        with Home() as home:
            home.done("import", "fiches", home.fiches(F1="Passeport"))
            with Server(home) as server:
                contract = only(server.get("/api/openapi.json")[1], lambda path: not path.startswith(ELSEWHERE))
                for target in ["/healthz", "/readyz", "/metrics", "/api/v1/search?q=a"]:
                    server.get(target)
                server.ask("passeport")
        self.assertEqual(judge(contract, server.exchanges), [])
        changes = {"status": lambda e: e.update(status=207), "type": lambda e: e.update(type="text/html"),
                   "body": lambda e: e["value"].pop("confidence"), "path": lambda e: e.update(target="/api/v2")}
        for name, change in changes.items():
            with self.subTest(name):
                exchanges = copy.deepcopy(server.exchanges)
                change(exchanges[-1])
                self.assertNotEqual(judge(contract, exchanges), [])
        self.assertIn("nobody", json.dumps(judge(contract, server.exchanges[:-1])))


if __name__ == "__main__":
    unittest.main()
