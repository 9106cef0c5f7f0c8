"""What makes appointments live, with real servers: letters with their calendar part, the waiting list by mail, a
counter's own calendar (Radicale); each may be down, and the server may be killed."""
import base64
import json
import os
import re
import signal
import unittest
import urllib.parse
import uuid

from house import DEMO, Home, Server, eventually
from test_mail import Running
from test_postgres import Postgres

ZOE = {"name": "Zoé Lambert", "email": "zoe@example.org"}
LINK = re.compile(r"https://rdv\.example(/rendez-vous/lien/[0-9a-f]{32}-[0-9a-f]{64})")


def unfolded(ics):
    return ics.replace("\r\n ", "").split("\r\n")


class Bookings(unittest.TestCase):
    database = ""

    def setUp(self):
        self.smtp = Running("smtp_server.py")
        self.addCleanup(self.smtp.close)
        self.home = Home()
        self.addCleanup(self.home.__exit__)
        self.configure()
        self.home.done("import", "commune", DEMO)

    def configure(self, more=""):
        self.home.file("parvis.toml", f"""{self.database}
[conversations]
messages_per_address = 60000
[server]
public_url = "https://rdv.example"
[mail]
url = "smtp://127.0.0.1:{self.smtp.port}"
from = "rdv@orle.example"
starttls = "none"
{more}""")

    def mails(self):
        found = []
        while True:
            try:
                with open(os.path.join(self.smtp.folder, f"{len(found) + 1}.json")) as file:
                    found.append(json.load(file))
            except (OSError, ValueError):
                return found

    def mail(self, subject, to=ZOE["email"]):
        return eventually(lambda: next((m for m in self.mails() if m["headers"]["Subject"] == subject and
                                             m["rcpt_tos"] == [to]), None), f"no mail \"{subject}\" came")

    def part(self, mail, kind):
        found = [part for part in mail["parts"] if part["type"] == kind]
        self.assertEqual(len(found), 1, mail["types"])
        return base64.b64decode(found[0]["bytes"]).decode()

    def slots(self, server, query="agenda=urbanisme&reason=conseil-telephone&way=phone"):
        status, found = server.get(f"/api/v1/slots?{query}&commune=99001&until=2030-01-01T00:00:00Z")
        self.assertEqual(status, 200, found)
        return [slot["start"] for slot in found["slots"]]

    def book(self, server, start, visitor=ZOE, key=None):
        body = {"agenda": "urbanisme", "reason": "conseil-telephone", "way": "phone", "commune": "99001", "start": start}
        if visitor:
            body["visitor"] = visitor
        status, booking = server.request("POST", "/api/v1/appointments", json.dumps(body).encode(),
                                         {"Content-Type": "application/json", "Idempotency-Key": key or uuid.uuid4().hex})
        self.assertEqual(status, 201, booking)
        return booking

    def mine(self, server, method, booking, rest="", body=None):
        headers = {"Authorization": f"Bearer {booking['token']}"}
        if body is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(body).encode()
        return server.request(method, f"/api/v1/appointments/{booking['id']}{rest}", body, headers)

    def form(self, server, target, fields, cookie=""):
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
        if cookie:
            headers["Cookie"] = cookie
        return server.request("POST", target, urllib.parse.urlencode(fields).encode(), headers)

    def follow(self, server, link):
        """A personal link: the page that asks, then the page that it leads to and its cookie."""
        status, page = server.get(link)
        self.assertEqual(status, 200)
        start = re.search(r'name="_start" value="([^"]*)"', page)
        given = (server.headers.get("Set-Cookie") or "").split(";")[0]
        status, _ = self.form(server, link, {"_start": start[1] if start else ""}, given)
        self.assertEqual(status, 303)
        return server.headers["Location"], server.headers["Set-Cookie"].split(";")[0]

    def test_booked_moved_and_cancelled(self):
        with Server(self.home) as server:
            first, second = self.slots(server)[:2]
            booking = self.book(server, first)
            mail = self.mail("Votre rendez-vous est pris")
            lines = unfolded(self.part(mail, "text/calendar"))
            uid = next(line for line in lines if line.startswith("UID:"))
            self.assertIn("METHOD:REQUEST", lines)
            self.assertIn("SEQUENCE:0", lines)
            with open(os.path.join(self.smtp.folder, "1.eml")) as file:
                self.assertRegex(file.read().lower().replace("\n ", " "), r"content-type: text/calendar;[^\n]*method=\"?request")
            link = LINK.search(self.part(mail, "text/plain"))[1]
            status, ics = server.get(link + "/rendez-vous.ics")
            self.assertEqual(status, 200)
            self.assertIn(uid, unfolded(ics))
            page, cookie = self.follow(server, link)
            status, ics = server.get(page + "/rendez-vous.ics", Cookie=cookie)
            self.assertEqual((status, server.headers.get_content_type()), (200, "text/calendar"))
            self.assertIn(uid, unfolded(ics))
            status, shown = server.get(page, Cookie=cookie)
            self.assertIn("S’abonner", shown)
            feed = link + "/rendez-vous.ics"  # what a calendar program that follows it reads again
            self.assertIn(feed, shown)
            before = unfolded(server.get(feed)[1])
            self.assertTrue({"SEQUENCE:0", "STATUS:CONFIRMED"} <= set(before), before)
            self.assertEqual(self.mine(server, "POST", booking, "/move", {"start": second})[0], 200)
            moved = unfolded(server.get(feed)[1])
            self.assertTrue({"SEQUENCE:1", "STATUS:CONFIRMED", uid} <= set(moved), moved)
            begins = [[line for line in lines if line.startswith("DTSTART")] for lines in (before, moved)]
            self.assertNotEqual(*begins)
            lines = unfolded(self.part(self.mail("Votre rendez-vous change"), "text/calendar"))
            self.assertTrue({"SEQUENCE:1", "METHOD:REQUEST", uid} <= set(lines), lines)
            self.assertEqual(self.mine(server, "DELETE", booking)[0], 200)
            over = unfolded(server.get(feed)[1])
            self.assertTrue({"SEQUENCE:2", "STATUS:CANCELLED", uid} <= set(over), over)
            lines = unfolded(self.part(self.mail("Votre rendez-vous est annulé"), "text/calendar"))
            self.assertTrue({"SEQUENCE:2", "METHOD:CANCEL", "STATUS:CANCELLED", uid} <= set(lines), lines)
            self.assertEqual(len(self.mails()), 3)

    def test_the_waiting_list(self):
        with Server(self.home) as server:
            start = self.slots(server)[0]
            booking = self.book(server, start)
            self.mail("Votre rendez-vous est pris")
            target = "/saint-aubin-sur-orle/rendez-vous/attente/urbanisme/conseil-telephone"
            status, page = server.get(target + "?maniere=phone")
            self.assertEqual(status, 200)
            given = (server.headers.get("Set-Cookie") or "").split(";")[0]
            begun = re.search(r'name="_start" value="([^"]*)"', page)[1]
            fields = [("_start", begun), ("personnes", "1"), ("maniere", "phone"), ("name", "Max Roy"),
                      ("email", "max@example.org"), ("moments", "0"), ("moments", "1"),
                      *(("jours", str(n)) for n in range(7))]
            status, answer = self.form(server, target + "?maniere=phone", fields, given)
            self.assertEqual(status, 303, re.sub(r"<[^>]*>", " ", str(answer)))
            self.assertEqual(self.mine(server, "DELETE", booking)[0], 200)
            text = self.part(self.mail("Une place s’est libérée", "max@example.org"), "text/plain")
            page, cookie = self.follow(server, LINK.search(text)[1])
            status, offered = server.get(page, Cookie=cookie)
            token = re.search(r'name="_token" value="([^"]*)"', offered)[1]
            self.assertEqual(self.form(server, page, {"_token": token, "act": "prendre"}, cookie)[0], 303)
            self.mail("Votre rendez-vous est pris", "max@example.org")
            self.assertNotIn(start, self.slots(server))

    def test_the_mail_server_is_down(self):
        port = self.smtp.port
        self.smtp.stop()
        with Server(self.home) as server:
            first, second = self.slots(server)[:2]
            booking = self.book(server, first)
            self.mine(server, "POST", booking, "/move", {"start": second})
            eventually(lambda: "mail out" in {each["part"] for each in server.get("/readyz")[1]["degraded"]},
                            "nothing is degraded")
            self.smtp = Running("smtp_server.py", port)
            self.addCleanup(self.smtp.close)
            lines = unfolded(self.part(self.mail("Votre rendez-vous change"), "text/calendar"))
            self.assertIn("SEQUENCE:1", lines)
            self.assertEqual(len(self.mails()), 1)  # of what changed meanwhile, the last

    def test_killed_between_hold_and_confirmation(self):
        with Server(self.home) as server:
            start, key = self.slots(server)[0], uuid.uuid4().hex
            held = self.book(server, start, visitor=None, key=key)
            server.process.send_signal(signal.SIGKILL)
            server.process.wait()
        with Server(self.home) as server:
            self.assertNotIn(start, self.slots(server))
            self.assertEqual(self.mine(server, "GET", held)[1]["state"], "held")
            self.assertEqual(self.book(server, start, visitor=None, key=key)["id"], held["id"])
            status, booked = self.mine(server, "POST", held, "/confirmation", ZOE)
            self.assertEqual((status, booked["state"], booked["start"]), (200, "booked", start))
            self.mail("Votre rendez-vous est pris")
            self.assertEqual(len(self.mails()), 1)

    def test_a_counters_own_calendar(self):
        radicale = Running("radicale_server.py")
        self.addCleanup(radicale.close)
        password = self.home.file("password", "secret\n")
        self.configure(f"""
[[caldav]]
agenda = "urbanisme"
counter = "instructrice"
url = "http://127.0.0.1:{radicale.port}/agent/calendar/"
user = "agent"
password_file = "{password}"
""")
        folder = os.path.join(radicale.folder, "collection-root", "agent", "calendar")
        entries = lambda: [name for name in os.listdir(folder) if name.startswith("parvis-rdv-")]
        with Server(self.home) as server:
            start = self.slots(server)[0]
            booking = self.book(server, start)
            eventually(lambda: len(entries()) == 1, "the booking is not in the calendar")
            with open(os.path.join(folder, entries()[0])) as file:
                self.assertNotIn("Zoé", file.read())
            self.assertEqual(self.mine(server, "DELETE", booking)[0], 200)
            eventually(lambda: not entries(), "the cancelled booking stays in the calendar")
            radicale.stop()
            again = self.book(server, start)
            part = "calendar of urbanisme/instructrice"
            eventually(lambda: part in {each["part"] for each in server.get("/readyz")[1]["degraded"]},
                            "nothing is degraded")
        # Up again, with a day on which the owner is busy.
        day = re.sub(r"[-:]", "", start)[:8]
        with open(os.path.join(folder, "conge.ics"), "w") as file:
            file.write("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:essai\r\nBEGIN:VEVENT\r\nUID:conge\r\n"
                       f"DTSTAMP:{day}T000000Z\r\nDTSTART;VALUE=DATE:{day}\r\nSUMMARY:Absente\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
        radicale = Running("radicale_server.py", radicale.port, radicale.folder)
        self.addCleanup(radicale.close)
        with Server(self.home) as server:
            eventually(lambda: len(entries()) == 1, "the booking is not in the calendar")
            eventually(lambda: not [s for s in self.slots(server) if s.startswith(start[:10])],
                            "the busy day is still offered")
            self.assertEqual(self.mine(server, "GET", again)[1]["state"], "booked")  # nobody is moved

    def test_a_calendar_is_imported(self):
        event = "BEGIN:VEVENT\r\nUID:a\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:{}\r\nDTEND:{}\r\nEND:VEVENT\r\n"
        whole = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{}END:VCALENDAR\r\n"
        words = ["import", "calendar", "", "--agenda", "urbanisme", "--counter", "instructrice"]
        with Server(self.home) as server:
            start = self.slots(server)[0]
            day = re.sub(r"[-:]", "", start)[:8]
            words[2] = self.home.file("a.ics", whole.format(event.format(day + "T000000Z", day + "T235900Z")))
            self.assertEqual(json.loads(self.home.done(*words, "--json")), {"busy": 1, "clashes": 0})
            self.assertFalse([s for s in self.slots(server) if s.startswith(start[:10])])
            words[2] = self.home.file("b.ics", whole.format(""))
            self.home.done(*words)
            self.assertEqual(self.slots(server)[0], start)
        words[2] = self.home.file("c.ics", whole.format(event.format(day + "T100000Z", day + "T090000Z")))
        ran = self.home.run(*words)
        self.assertEqual(ran.returncode, 2)
        self.assertRegex(ran.stderr, r"^parvis: .*c\.ics:\d+: .+; .+\n$")
        words[-1] = "personne"
        self.assertIn("there is no counter personne", self.home.run(*words).stderr)
        self.assertEqual(self.home.run("import", "calendar", "x.ics").returncode, 2)


class BookingsOnPostgres(Bookings):
    def setUp(self):
        postgres = Postgres()
        self.addCleanup(postgres.close)
        self.database = f'[database]\nurl = "{postgres.url}"\n'
        super().setUp()


if __name__ == "__main__":
    unittest.main()
