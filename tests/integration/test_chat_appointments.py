"""An appointment by conversation through the API, on both engines; each exchange is judged against the contract."""
import itertools
import unittest

from house import DEMO, Home, Server, judge, only
from test_postgres import Postgres


class ChatAppointments(unittest.TestCase):
    database = ""

    @classmethod
    def setUpClass(cls):
        cls.home = Home(cls.database + "[conversations]\nmessages_per_address = 60000\nmessages_per_visitor = 1000\n")
        cls.addClassCleanup(cls.home.__exit__)
        cls.home.done("import", "commune", DEMO)
        cls.home.done("import", "fiches", cls.home.fiches(F1="Passeport", F2="Carte grise"))
        cls.server = Server(cls.home)

    @classmethod
    def tearDownClass(cls):
        contract = cls.server.get("/api/openapi.json")[1]
        cls.server.__exit__()
        # What else a conversation can do is exercised in test_conversations.
        contract = only(contract, lambda path: path == "/api/v1/conversations" or
                        path.startswith("/api/v1/conversations") and path.endswith(("/messages", "/events")))
        wrong = judge(contract, [e for e in cls.server.exchanges if "/api/v1/conversations" in e["target"]])
        if wrong:
            raise AssertionError("\n".join(wrong))

    def setUp(self):
        self.talk, self.ids = self.server.begin(commune="99001"), itertools.count(1)

    def say(self, text, choice=None, talk=None):
        more = {"choice": choice} if choice else {}
        status, both = (talk or self.talk).say(f"message-{next(self.ids)}", text, **more)
        self.assertIn(status, (200, 201), both)
        self.message = both["message"]["message"]
        return both["reply"]["message"]

    def pick(self, answer, place=0, talk=None):
        choice = answer["choices"][place]
        return self.say(choice["label"], choice["value"], talk)

    def book(self, opening="je veux un rdv pour refaire ma carte d'identité"):
        held = self.pick(self.say(opening))
        self.assertEqual(held["appointment"]["state"], "held", held)
        for text in ["Zoé Lambert", "passer", "zoe@example.org"]:
            answer = self.say(text)
        self.assertIn("Confirmer le rendez-vous", [choice["label"] for choice in answer["choices"]])
        return self.pick(answer)

    def test_booked_moved_and_cancelled(self):
        booked = self.book()
        mine = booked["appointment"]
        self.assertEqual((booked["status"], mine["state"]), ("appointment", "booked"), booked)
        self.assertIn(mine["when"], booked["text"])
        self.assertTrue(mine["id"] and mine["address"] and mine["bring"])
        offered = self.say("décaler")
        moved = self.pick(offered, 1)
        self.assertEqual(moved["appointment"]["id"], mine["id"])
        self.assertNotEqual(moved["appointment"]["start"], mine["start"])
        self.assertIn(mine["address"].split(",")[0], self.say("c'est où ?")["text"])
        self.assertIn("annuler", self.say("je ne peux plus venir")["text"])
        gone = self.say("oui")
        self.assertEqual(gone["appointment"]["state"], "cancelled", gone)

    def test_a_move_and_a_cancellation_in_words_are_asked_first(self):
        mine = self.book()["appointment"]
        offered = self.say("décaler")
        self.assertNotIn(mine["when"], [choice["label"] for choice in offered["choices"]])
        asked = self.say("le deuxième")
        self.assertIn("Voulez-vous déplacer", asked["text"])
        self.assertEqual(asked["appointment"]["start"], mine["start"])
        moved = self.say("oui")
        self.assertEqual(moved["appointment"]["id"], mine["id"])
        self.assertNotEqual(moved["appointment"]["start"], mine["start"])
        self.assertIn("Voulez-vous annuler", self.say("je ne peux plus venir")["text"])
        kept = self.say("non, ne l'annulez pas")
        self.assertEqual(kept["appointment"]["state"], "booked", kept)

    def test_what_is_typed_is_masked_and_the_slot_is_the_persons(self):
        self.pick(self.say("rdv passeport"))
        self.say("Zoé Lambert")
        self.say("passer")
        answer = self.say("zoe@example.org")
        self.assertNotIn("zoe@", self.message["text"])
        self.assertIn("z…@example.org", answer["text"])
        for event in self.talk.events():
            self.assertNotIn("zoe@example.org", str(event))

    def test_a_slot_that_is_taken_meanwhile_is_told_with_the_next(self):
        mine, other = self.talk, self.server.begin(commune="99001")
        # One counter alone receives for this reason.
        first = self.say("je voudrais un rendez-vous avec l'architecte")
        second = self.say("je voudrais un rendez-vous avec l'architecte", talk=other)
        self.assertEqual(first["choices"], second["choices"])
        self.pick(first, talk=mine)
        lost = self.pick(second, talk=other)
        self.assertEqual(lost["appointment"]["state"], "wanted")
        self.assertIn("vient d’être pris", lost["text"])
        self.assertNotIn(second["choices"][0], lost["choices"])
        self.assertEqual(self.pick(lost, talk=other)["appointment"]["state"], "held")
        self.say("stop", talk=other)
        self.say("stop", talk=mine)
        again = self.say("je voudrais un rendez-vous avec l'architecte", talk=other)
        self.assertEqual(again["choices"][0], first["choices"][0])

    def test_the_waiting_list_is_entered_and_left(self):
        self.say("rdv passeport")
        refused = self.say("non, aucun ne me va")
        self.assertIn("M’inscrire sur la liste d’attente", [choice["label"] for choice in refused["choices"]])
        for text in ["inscrivez-moi sur la liste d'attente", "le mardi matin", "Zoé Lambert", "passer"]:
            self.say(text)
        self.assertIn("z…@example.org", self.say("zoe@example.org")["text"])
        entered = self.say("oui")
        self.assertIn("vous êtes sur la liste d’attente", entered["text"])
        page = entered["appointment"]["list"]
        self.assertRegex(page, "^/rendez-vous/lien/")
        self.assertEqual(self.server.get(page)[0], 200)
        self.assertIn("perdrez votre tour", self.pick(entered)["text"])
        self.assertIn("n’êtes plus sur la liste", self.say("oui")["text"])

    def test_the_same_message_has_one_effect(self):
        answer = self.pick(self.say("rdv passeport mercredi matin"))
        for text in ["Zoé Lambert", "passer", "zoe@example.org"]:
            answer = self.say(text)
        confirm = answer["choices"][0]
        replies = [self.talk.say("message-confirm", confirm["label"], choice=confirm["value"])[1]["reply"]
                   for _ in range(2)]
        self.assertEqual(replies[0], replies[1])
        again = self.say(confirm["label"], confirm["value"])
        self.assertEqual(again["appointment"]["id"], replies[0]["message"]["appointment"]["id"])

    def test_what_has_no_agenda_is_answered_all_the_same(self):
        answer = self.say("j'ai raté mon rdv à la préfecture")
        self.assertNotEqual(answer["status"], "appointment")
        self.assertIsNone(answer["appointment"])


class ChatAppointmentsOnPostgres(ChatAppointments):
    @classmethod
    def setUpClass(cls):
        postgres = Postgres()
        cls.addClassCleanup(postgres.close)
        cls.database = f'[database]\nurl = "{postgres.url}"\n'
        super().setUpClass()


if __name__ == "__main__":
    unittest.main()
