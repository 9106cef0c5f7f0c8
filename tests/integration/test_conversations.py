"""Conversations as a widget has them, on both engines; each exchange is judged against the contract."""
import glob
import os
import subprocess
import threading
import unittest

from house import DEMO, Conversation, Home, Server, judge, only
from test_postgres import Postgres

NIR = "1 85 05 78 006 084 91"
WIDGET = {"widget.js": "loader", "widget/index.html": "<!doctype html>", "widget/app.js": "app"}


class Conversations(unittest.TestCase):
    database = ""

    @classmethod
    def setUpClass(cls):
        dist = Home()
        for name, content in WIDGET.items():
            dist.file(name, content)
        cls.addClassCleanup(dist.__exit__)
        cls.home = Home(cls.database + "[conversations]\nmessages_per_address = 60000\nmessages_per_visitor = 1000\n"
                        f'[widget]\nfolder = "{dist.folder}"\norigins = ["https://www.ville.example"]\n')
        cls.addClassCleanup(cls.home.__exit__)
        cls.home.done("import", "commune", DEMO)
        cls.home.done("import", "fiches", cls.home.fiches(F1="Passeport", F2="Carte grise", F3="Acte de naissance"))
        cls.server = Server(cls.home)

    @classmethod
    def tearDownClass(cls):
        contract = cls.server.get("/api/openapi.json")[1]
        cls.server.__exit__()
        # Documents of a démarche are exercised in test_chat_procedures.
        contract = only(contract, lambda path: "/drafts/" not in path and
                        (path.startswith(("/api/v1/conversations", "/widget/")) or "openapi" in path))
        wrong = judge(contract, [e for e in cls.server.exchanges if e["type"] != "text/html" and
                                 e["target"] not in ("/widget.js", "/widget/app.js")])
        if wrong:
            raise AssertionError("\n".join(wrong))

    def refused(self, answer, status):
        self.assertEqual(answer[0], status, answer)
        self.assertEqual(answer[1]["status"], status)
        self.assertTrue(answer[1]["request_id"])

    def test_a_message_is_stored_and_answered(self):
        talk = self.server.begin(commune="99001")
        status, both = talk.say("message-1", "Quel est le prix de la carte grise ?")
        self.assertEqual(status, 201)
        self.assertEqual(both["message"]["message"], {"text": "Quel est le prix de la carte grise ?"})
        self.assertIn("F2", [citation["id"] for citation in both["reply"]["message"]["citations"]])
        self.assertEqual(talk.events(), [both["message"], both["reply"]])
        self.assertEqual(talk.events(1), [both["reply"]])
        self.assertEqual(talk.events(2), [])

    def test_a_demarche_is_handed_over(self):
        talk = self.server.begin(commune="99001")
        self.assertEqual(talk.request("POST", "/handover", {})[0], 409)
        talk.say("message-1", "je veux faire une déclaration de perte de papiers")
        status, handed = talk.request("POST", "/handover", {})
        self.assertEqual(status, 201)
        self.assertNotIn(talk.token, handed["url"])

    def test_danger_comes_first(self):
        _, both = self.server.begin().say("message-1", "il y a le feu chez moi")
        self.assertEqual(both["reply"]["message"]["status"], "emergency")

    def test_the_same_id_has_one_effect(self):
        talk = self.server.begin()
        first = talk.say("message-1", "passeport")
        self.assertEqual((first[0], talk.say("message-1", "passeport")), (201, (200, first[1])))
        self.refused(talk.say("message-1", "carte grise"), 409)
        self.assertEqual(len(talk.events()), 2)

    def test_two_tabs_that_send_at_once(self):
        talk = self.server.begin()
        answers = {}

        def send(tab):
            for i in range(5):
                for again in range(2):  # each message twice
                    status, both = talk.say(f"tab-{tab}-{i}-xx", f"passeport {tab} {i}")
                    self.assertIn(status, (200, 201))
                    answers.setdefault(both["message"]["id"], set()).add((both["message"]["seq"], both["reply"]["seq"]))

        tabs = [threading.Thread(target=send, args=(tab,)) for tab in "abc"]
        for tab in tabs:
            tab.start()
        for tab in tabs:
            tab.join()
        messages = talk.events()
        self.assertEqual([m["seq"] for m in messages], list(range(1, 31)))
        self.assertEqual(len({m["id"] for m in messages}), 30)
        self.assertEqual(len(answers), 15)
        self.assertEqual({len(seqs) for seqs in answers.values()}, {1})

    def test_a_wrong_token_is_as_nothing(self):
        talk = self.server.begin()
        talk.say("message-1", "passeport")
        other = self.server.begin()
        strangers = [Conversation(self.server, talk.id, "0" * 64), Conversation(self.server, talk.id, ""),
                     Conversation(self.server, talk.id, other.token), Conversation(self.server, "0" * 32, talk.token),
                     Conversation(self.server, "nothing", talk.token)]
        told = set()
        for who in strangers:
            for answer in [who.say("message-2", "a"), who.request("GET", "/events"), who.request("GET", "/transcript"),
                           who.request("GET", "/events", Accept="text/event-stream"),
                           who.request("POST", "/feedback", {"seq": 2, "verdict": "useful"}), who.request("DELETE")]:
                self.refused(answer, 404)
                told.add(answer[1]["detail"])
        self.assertEqual(len(told), 1)
        self.refused(self.server.get(f"/api/v1/conversations/{talk.id}/events"), 404)
        self.assertEqual(len(talk.events()), 2)

    def test_what_cannot_be_read_is_refused(self):
        talk = self.server.begin()
        for body in ["", "{", "[]", "{}", '{"id":"message-1"}', '{"id":"message-1","text":""}', '{"id":"message-1","text":7}',
                     '{"id":"short","text":"a"}', '{"id":"message.1","text":"a"}', '{"id":"message-1","text":" \u200b "}',
                     '{"id":"message-1","text":"a","choice":3}']:
            with self.subTest(body):
                self.refused(talk.request("POST", "/messages", body), 400)
        self.refused(talk.say("message-1", "a" * 8193), 413)
        self.refused(talk.say("message-1", "a" * 1_000_000), 413)
        for after in ["x", "-1", "1.5"]:
            self.refused(talk.request("GET", f"/events?after={after}"), 400)
        for body in [{}, {"seq": 1, "verdict": "useful"}, {"seq": 2, "verdict": "great"}, {"verdict": "useful"}]:
            self.refused(talk.request("POST", "/feedback", body), 400)
        self.refused(self.server.post("/api/v1/conversations", {"commune": "75056"}), 400)
        self.refused(self.server.post("/api/v1/conversations", "{}", "text/plain"), 415)
        self.refused(self.server.get("/api/v1/conversations"), 405)
        self.assertEqual(talk.events(), [])

    def test_feedback(self):
        talk = self.server.begin()
        talk.say("message-1", "passeport")
        for verdict in ["useful", "incomplete", "off_topic", "not_my_case", "unclear", "wrong"]:
            self.assertEqual(talk.request("POST", "/feedback", {"seq": 2, "verdict": verdict}), (204, ""))
            self.assertEqual(talk.events()[1]["verdict"], verdict)

    def test_a_transcript_to_keep(self):
        talk = self.server.begin(commune="99001")
        talk.say("message-1", "Quel est le prix du passeport ?")
        status, plain = talk.request("GET", "/transcript", Accept="text/plain")
        self.assertEqual(status, 200)
        self.assertIn("attachment", self.server.headers["Content-Disposition"])
        self.assertIn("l’assistant automatique de l’Agglomération du Val d’Orle", plain)
        self.assertIn("Quel est le prix du passeport ?", plain)
        whole = talk.request("GET", "/transcript", Accept="application/json")[1]
        self.assertEqual(whole["messages"], talk.events())
        status, pdf = talk.request("GET", "/transcript", Accept="application/pdf")
        self.assertEqual(status, 200)
        self.assertRegex(self.server.headers["Content-Disposition"], r'^attachment; filename="conversation-[\d-]+\.pdf"$')
        self.assertEqual(self.server.headers["Cache-Control"], "no-store")
        read = subprocess.run(["pdfinfo", "-struct-text", "-"], input=pdf.encode("latin-1"), capture_output=True, check=True)
        self.assertIn("Quel est le prix du passeport ?", read.stdout.decode())

    def test_what_is_erased_is_gone(self):
        talk = self.server.begin()
        talk.say("message-1", "passeport")
        with talk.stream() as stream:
            self.assertEqual(stream.next()[0], "1")
            self.assertEqual(stream.next()[0], "2")
            self.assertEqual(talk.request("DELETE"), (204, ""))
            self.assertIsNone(stream.next())
        self.refused(talk.request("DELETE"), 404)
        self.refused(talk.request("GET", "/events"), 404)
        self.refused(talk.say("message-1", "passeport"), 404)

    def test_a_stream_goes_on_from_the_last_message(self):
        talk = self.server.begin()
        with talk.stream() as first:
            self.assertEqual(first.answer.getheader("Content-Type"), "text/event-stream; charset=utf-8")
            talk.say("message-1", "passeport")
            live = [first.next(), first.next()]
        self.assertEqual([(id, event) for id, event, _ in live], [("1", "message"), ("2", "message")])
        talk.say("message-2", "carte grise")
        with talk.stream(after=2) as second:
            self.assertEqual([second.next()[0], second.next()[0]], ["3", "4"])
            talk.say("message-3", "acte de naissance")
            self.assertEqual([second.next()[0], second.next()[0]], ["5", "6"])
        self.assertEqual(live[1][2], talk.events()[1])

    def test_the_widget(self):
        status, config = self.server.get("/widget/config.json?commune=99002")
        self.assertEqual((status, config["commune_name"]), (200, "Montreuil-le-Gué"))
        self.refused(self.server.get("/widget/config.json?commune=75056"), 400)
        self.assertEqual(self.server.get("/widget/"), (200, WIDGET["widget/index.html"]))
        self.assertIn("frame-ancestors 'self' https://www.ville.example", self.server.headers["Content-Security-Policy"])
        self.assertEqual(self.server.get("/widget.js"), (200, "loader"))
        self.assertEqual(self.server.get("/widget/app.js"), (200, "app"))


class ConversationsOnPostgres(Conversations):
    @classmethod
    def setUpClass(cls):
        postgres = Postgres()
        cls.addClassCleanup(postgres.close)
        cls.database = f'[database]\nurl = "{postgres.url}"\n'
        super().setUpClass()


class Private(unittest.TestCase):
    def test_nothing_that_was_said_lies_in_the_files_or_the_log(self):
        with Home() as home:
            home.done("import", "commune", DEMO)
            home.done("import", "fiches", home.fiches(F1="Passeport"))
            with Server(home) as server:
                talk = server.begin()
                _, both = talk.say("message-1", f"zorglubique passeport {NIR}")
                self.assertNotIn(NIR, both["message"]["message"]["text"])
                self.assertIn("masqué", both["message"]["message"]["text"])
                self.assertIn("numéro de sécurité sociale", both["reply"]["message"]["notices"][0])
                self.assertNotIn(NIR, talk.request("GET", "/transcript", Accept="text/plain")[1])
                files = [path for path in glob.glob(f"{home.home}/**", recursive=True) if os.path.isfile(path)]
                self.assertIn("parvis.db", [os.path.basename(path) for path in files])
                for path in files:
                    with open(path, "rb") as file:
                        content = file.read()
                    for secret in [NIR, NIR.replace(" ", ""), "zorglub", talk.token, "numéro de sécurité sociale masqué"]:
                        self.assertNotIn(secret.encode(), content, path)
            self.assertNotIn("zorglub", server.said)
            self.assertNotIn(talk.token, server.said)
            self.assertNotIn(talk.id, server.said)


class Keys(unittest.TestCase):
    def test_the_first_serve_makes_a_master_key_and_says_so(self):
        with Home() as home:
            home.done("import", "commune", DEMO)
            home.done("import", "fiches", home.fiches(F1="Passeport"))
            with Server(home) as server:
                talk = server.begin()
                talk.say("message-1", "passeport")
            self.assertIn("back it up apart", server.said)
            self.assertEqual(os.stat(f"{home.home}/master.key").st_mode & 0o777, 0o600)
            self.assertIn("ok        keys", home.done("doctor"))
            with Server(home) as again:  # the conversation goes on after a restart
                self.assertEqual(len(Conversation(again, talk.id, talk.token).events()), 2)
            self.assertNotIn("master key", again.said)
            os.rename(f"{home.home}/master.key", f"{home.folder}/elsewhere")
            with Server(home) as without:
                self.assertEqual(without.post("/api/v1/conversations", {})[0], 503)
                self.assertEqual(without.headers["Retry-After"], "2")
                self.assertEqual(without.post("/api/v1/answers", {"question": "passeport"})[0], 200)
                status, ready = without.get("/readyz")
                self.assertEqual(status, 200)
                self.assertIn("keys", [each["part"] for each in ready["degraded"]])
                held = Conversation(without, talk.id, talk.token)
                self.assertEqual(held.request("GET", "/events")[0], 503)
                self.assertEqual(held.request("DELETE")[0], 204)  # erasing needs no key
            self.assertIn("degraded  keys", home.done("doctor"))

    def test_the_limits_say_when_to_come_back(self):
        with Home("[conversations]\nmessages_per_visitor = 2\nmessages_per_address = 6\n") as home:
            home.done("import", "commune", DEMO)
            home.done("import", "fiches", home.fiches(F1="Passeport"))
            with Server(home) as server:
                talk, other = server.begin(), server.begin()
                statuses = [talk.say(f"message-{i}", "passeport")[0] for i in range(3)]
                self.assertEqual(statuses, [201, 201, 429])
                self.assertGreaterEqual(int(server.headers["Retry-After"]), 1)
                self.assertEqual(other.say("message-1", "passeport")[0], 201)
                self.assertEqual(other.say("message-2", "passeport")[0], 429)  # the address
                self.assertEqual(len(other.events()), 2)


if __name__ == "__main__":
    unittest.main()
