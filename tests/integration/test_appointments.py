"""Appointments through the API, on both engines; each exchange is judged against the contract."""
import json
import threading
import unittest
import uuid

from house import DEMO, Home, Server, judge, only
from test_postgres import Postgres

ZOE = {"name": "Zoé Lambert", "email": "zoe@example.org", "sign_language": True}
ARCHITECT = "agenda=urbanisme&reason=architecte"


class Appointments(unittest.TestCase):
    database = ""

    @classmethod
    def setUpClass(cls):
        cls.home = Home(cls.database + "[conversations]\nmessages_per_address = 60000\n")
        cls.addClassCleanup(cls.home.__exit__)
        cls.home.done("import", "commune", DEMO)
        cls.server = Server(cls.home)

    @classmethod
    def tearDownClass(cls):
        contract = cls.server.get("/api/openapi.json")[1]
        cls.server.__exit__()
        contract = only(contract, lambda path: path.startswith(("/api/v1/appointments", "/api/v1/agendas",
                                                                "/api/v1/slots")) or "openapi" in path)
        wrong = judge(contract, cls.server.exchanges)
        if wrong:
            raise AssertionError("\n".join(wrong))

    def slots(self, query=ARCHITECT):
        status, found = self.server.get(f"/api/v1/slots?{query}&commune=99001&until=2030-01-01T00:00:00Z")
        self.assertEqual(status, 200, found)
        return found["slots"]

    def book(self, start, key=None, **body):
        headers = {"Content-Type": "application/json"}
        if key:
            headers["Idempotency-Key"] = key
        body = {"agenda": "urbanisme", "reason": "architecte", "commune": "99001", "start": start, **body}
        return self.server.request("POST", "/api/v1/appointments", json.dumps(body).encode(), headers)

    def mine(self, method, booking, rest="", body=None):
        headers = {"Authorization": f"Bearer {booking['token']}"}
        if body is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(body).encode()
        return self.server.request(method, f"/api/v1/appointments/{booking['id']}{rest}", body, headers)

    def test_what_one_may_come_for(self):
        _, found = self.server.get("/api/v1/agendas?commune=99002")
        ids = [agenda["id"] for agenda in found["agendas"]]
        self.assertIn("titres-identite", ids)
        self.assertNotIn("ccas-saint-aubin", ids)
        self.assertEqual(self.server.get("/api/v1/agendas?commune=75056")[0], 400)
        self.assertEqual(self.server.get("/api/v1/slots?agenda=none&reason=none")[0], 404)
        self.assertEqual(self.server.get("/api/v1/slots?agenda=urbanisme&reason=architecte&people=deux")[0], 400)

    def test_held_confirmed_moved_and_cancelled(self):
        first, second = self.slots()[:2]
        status, held = self.book(first["start"])
        self.assertEqual((status, held["state"], held["visitor"]), (201, "held", None), held)
        self.assertNotIn(first["start"], [slot["start"] for slot in self.slots()])
        self.assertEqual(self.mine("POST", held, "/confirmation", {"name": "", "email": ""})[0], 400)
        status, booked = self.mine("POST", held, "/confirmation", ZOE)
        self.assertEqual((status, booked["state"], booked["visitor"]["name"]), (200, "booked", "Zoé Lambert"))
        status, moved = self.mine("POST", held, "/move", {"start": second["start"]})
        self.assertEqual((status, moved["start"]), (200, second["start"]))
        self.assertIn(first["start"], [slot["start"] for slot in self.slots()])
        status, gone = self.mine("DELETE", held)
        self.assertEqual((status, gone["state"]), (200, "cancelled"))
        self.assertEqual(self.mine("POST", held, "/move", {"start": first["start"]})[0], 409)
        self.assertEqual(self.mine("GET", held)[1]["state"], "cancelled")

    def test_needs_are_noted_after_it_was_booked(self):
        booking = self.book(self.slots()[4]["start"], uuid.uuid4().hex, visitor=ZOE)[1]
        status, noted = self.mine("POST", booking, "/needs", {"add": {"step_free": True, "interpreter": "arabe"},
                                                              "drop": {"sign_language": True}})
        self.assertEqual(status, 200, noted)
        needs = [noted["visitor"][key] for key in ("step_free", "sign_language", "interpreter")]
        self.assertEqual(needs, [True, False, "arabe"])
        for wrong in ({}, {"add": {}}, {"add": "lsf"}, {"drop": {"companion": "oui"}}):
            self.assertEqual(self.mine("POST", booking, "/needs", wrong)[0], 400, wrong)
        self.assertEqual(self.mine("POST", {**booking, "token": "0" * 64}, "/needs", {"add": {"step_free": True}})[0], 404)

    def test_who_may_book_says_so(self):
        asks = {"agenda": "ccas-saint-aubin", "reason": "domiciliation"}
        _, found = self.server.get("/api/v1/agendas?commune=99001")
        may = [reason["may"] for agenda in found["agendas"] for reason in agenda["reasons"] if reason["id"] == asks["reason"]][0]
        start = self.slots("agenda=ccas-saint-aubin&reason=domiciliation")[0]["start"]
        status, held = self.book(start, **asks)
        self.assertEqual(status, 201, held)
        for answer, said in ((None, may["ask"]), (False, may["otherwise"])):
            status, problem = self.mine("POST", held, "/confirmation", {**ZOE, "may_book": answer})
            self.assertEqual(status, 400, problem)
            self.assertIn(said, problem["detail"])
        status, booked = self.mine("POST", held, "/confirmation", {**ZOE, "may_book": True})
        self.assertEqual((status, booked["state"]), (200, "booked"), booked)

    def test_a_hold_is_given_back(self):
        start = self.slots()[0]["start"]
        _, held = self.book(start)
        self.assertEqual(self.mine("DELETE", held)[0], 204)
        self.assertEqual(self.slots()[0]["start"], start)

    def test_one_key_is_one_booking(self):
        start, key, found = self.slots()[0]["start"], uuid.uuid4().hex, []
        threads = [threading.Thread(target=lambda: found.append(self.book(start, key, visitor=ZOE)))
                   for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual({status for status, _ in found}, {201}, found)
        self.assertEqual(len({booking["id"] for _, booking in found}), 1)
        self.assertEqual(self.book(start, "short", visitor=ZOE)[0], 400)
        self.assertEqual(self.book(start, visitor=ZOE)[0], 400)
        self.mine("DELETE", found[0][1])

    def test_the_last_slot_is_one_persons(self):
        start, found = self.slots()[0]["start"], []
        threads = [threading.Thread(target=lambda: found.append(self.book(start))) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        won = [booking for status, booking in found if status == 201]
        self.assertEqual(len(won), 1, found)
        refused = [problem for status, problem in found if status == 409]
        self.assertEqual(len(refused), 19)
        self.assertTrue(all(problem["next"] for problem in refused))
        self.mine("DELETE", won[0])

    def test_missing_and_not_theirs_look_alike(self):
        _, held = self.book(self.slots()[0]["start"])
        wrong = self.mine("GET", {**held, "token": "0" * 64})
        missing = self.mine("GET", {"id": "0" * 32, "token": held["token"]})
        self.assertEqual((wrong[0], missing[0]), (404, 404))
        self.assertEqual(wrong[1]["detail"], missing[1]["detail"])
        self.mine("DELETE", held)

    def test_what_is_not_well_formed_is_refused(self):
        self.assertEqual(self.book("tomorrow")[0], 400)
        self.assertEqual(self.book("2026-12-01T09:00:00Z", way="telegraph")[0], 400)
        self.assertEqual(self.book("2030-12-01T03:00:00Z")[0], 409)  # nobody is there then
        self.assertEqual(self.book("2026-12-01T09:00:00Z", reason="none")[0], 404)
        self.assertEqual(self.book("2026-12-01T09:00:00Z", people=99)[0], 400)


class AppointmentsOnPostgres(Appointments):
    @classmethod
    def setUpClass(cls):
        postgres = Postgres()
        cls.addClassCleanup(postgres.close)
        cls.database = f'[database]\nurl = "{postgres.url}"\n'
        super().setUpClass()


if __name__ == "__main__":
    unittest.main()
