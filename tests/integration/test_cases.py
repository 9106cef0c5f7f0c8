"""Démarches and cases through the API, on both engines; each exchange is judged against the contract. Then from a
conversation to a letter in a real mailbox."""
import base64
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import uuid

from house import DEMO, PATIENCE, Home, Server, judge, only
from test_postgres import Postgres

CODE = re.compile("[0-9]{3}\u00a0[0-9]{3}")  # that another browser is asked for

ANSWERS = {"motif": "perte", "titre": "carte", "date_perte": "hier", "lieu_perte": "Marché de la Halle",
           "pour_qui": "moi",
           "titulaire": {"last_name": "Roy", "first_names": "Ana", "birth_date": "1990-02-03",
                         "birth_place": "Lyon, France"},
           "email": "ana.roy@example.org",
           "adresse": {"street": "1 rue du Gué", "postcode": "00100", "city": "Saint-Aubin-sur-Orle"},
           "honneur": True}


def pdf(size):
    """A PDF of one page and about that many bytes, whose table of objects is right."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
               b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>",
               b"<< /Length %d >>\nstream\n%s\nendstream" % (size, b" " * size)]
    out, at = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        at.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % each for each in at)
    return out + (b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
                  % (len(objects) + 1, table, len(objects) + 1, len(out)))


class Cases(unittest.TestCase):
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
        # Pieces are given when an agent asked for them: src/service/casework/pieces_test.cpp.
        contract = only(contract, lambda path: path.startswith(("/api/v1/cases", "/api/v1/procedures", "/api/v1/slots")) and
                        not path.endswith("/pieces") or "openapi" in path)
        wrong = judge(contract, cls.server.exchanges)
        if wrong:
            raise AssertionError("\n".join(wrong))

    def case(self, method, case, rest="", body=None):
        headers = {"Authorization": f"Bearer {case['token']}"}
        if body is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(body).encode()
        return self.server.request(method, f"/api/v1/cases/{case['id']}{rest}", body, headers)

    def begin(self, key=None, **body):
        headers = {"Content-Type": "application/json"}
        if key:
            headers["Idempotency-Key"] = key
        body = {"procedure": "perte-identite", "commune": "99001", **body}
        return self.server.request("POST", "/api/v1/cases", json.dumps(body).encode(), headers)

    def deposited(self):
        status, case = self.begin(uuid.uuid4().hex, answers=ANSWERS, deposit=True)
        self.assertEqual(status, 201, case)
        return case

    def test_what_can_be_done_and_what_it_asks(self):
        _, all = self.server.get("/api/v1/procedures?commune=99001")
        self.assertIn("perte-identite", [each["id"] for each in all["procedures"]])
        _, one = self.server.get("/api/v1/procedures/perte-identite")
        self.assertTrue(one["other_ways"])
        self.assertIn("titulaire", one["schema"]["required"])
        self.assertEqual(self.server.get("/api/v1/procedures/none")[0], 404)
        self.assertEqual(self.server.get("/api/v1/procedures?commune=75056")[0], 400)

    def test_a_draft_is_answered_and_deposited(self):
        status, case = self.begin()
        self.assertEqual((status, case["state"], case["complete"]), (201, "draft", False))
        _, half = self.case("PATCH", case, body={"answers": {"motif": "perte", "email": "nobody"}})
        self.assertIn("email", [fault["path"] for page in half["pages"] for fault in page["faults"]])
        self.assertEqual(self.case("POST", case, "/deposit")[0], 400)
        _, whole = self.case("PATCH", case, body={"answers": ANSWERS})
        self.assertTrue(whole["complete"], whole)
        status, done = self.case("POST", case, "/deposit")
        self.assertEqual((status, done["state"]), (201, "received"))
        again = self.case("POST", case, "/deposit")
        self.assertEqual((again[0], again[1]["reference"]), (200, done["reference"]))
        receipt = done["receipt"]
        for part in ("service", "deposited", "answer_by", "silence", "other_ways"):
            self.assertTrue(receipt[part], part)
        self.assertEqual(self.case("PATCH", case, body={"answers": {"motif": "vol"}})[0], 409)
        self.assertEqual(self.case("DELETE", case)[0], 409)

    def test_who_may_not_apply_is_told_and_cannot_deposit(self):
        _, case = self.begin(answers={**ANSWERS, "motif": "vol"})
        self.assertIn("police", case["barred"])
        self.assertEqual(self.case("POST", case, "/deposit")[0], 400)

    def test_one_key_is_one_case(self):
        key, found = uuid.uuid4().hex, []
        threads = [threading.Thread(target=lambda: found.append(self.begin(key, answers=ANSWERS, deposit=True)))
                   for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual({status for status, _ in found}, {201})
        self.assertEqual(len({case["reference"] for _, case in found}), 1)
        self.assertEqual(self.begin("short", deposit=True)[0], 400)
        self.assertEqual(self.begin(deposit=True)[0], 400)

    def test_missing_and_not_theirs_look_alike(self):
        case, other = self.deposited(), self.begin()[1]
        refused = [self.case("GET", {**case, "token": other["token"]}), self.case("GET", {**case, "token": ""}),
                   self.case("GET", {**case, "id": "0" * 32})]
        self.assertEqual({status for status, _ in refused}, {404})
        self.assertEqual(len({problem["detail"] for _, problem in refused}), 1)

    def test_a_message_and_a_withdrawal(self):
        case = self.deposited()
        for _ in range(2):  # the same id has one effect
            status, after = self.case("POST", case, "/messages", {"id": "message-1", "text": "Bonjour"})
            self.assertEqual(status, 200, after)
        self.assertEqual([event["act"] for event in after["events"]], ["deposit", "write"])
        self.assertEqual(self.case("POST", case, "/messages", {"id": "message-2", "text": " "})[0], 400)
        self.assertEqual(self.case("POST", case, "/withdrawal", {"id": "withdraw-1"})[1]["state"], "withdrawn")
        self.assertEqual(self.case("POST", case, "/withdrawal", {"id": "withdraw-2"})[0], 409)
        self.assertEqual(self.case("GET", case)[1]["state"], "withdrawn")

    def test_a_draft_is_erased(self):
        _, case = self.begin()
        self.assertEqual(self.case("DELETE", case)[0], 204)
        self.assertEqual(self.case("GET", case)[0], 404)


    # ── the appointment of a démarche ──

    def test_a_slot_is_chosen_and_booked_with_the_deposit(self):
        answers = {"projet": "travaux", "lieu": {"address": "3 rue du Gué"}, "email": "ana.roy@example.org",
                   "demandeur": {"last_name": "Roy", "first_names": "Ana"}}
        whole = lambda: self.begin(procedure="rendez-vous-autorisation", answers=answers)[1]
        one, two = whole(), whole()
        _, asked = self.server.get("/api/v1/procedures/rendez-vous-autorisation")
        field = [each for step in asked["steps"] for page in step["pages"] for each in page["fields"]
                 if each["type"] == "appointment"][0]
        reason = field["reasons"]["travaux"]
        _, slots = self.server.get(f"/api/v1/slots?agenda={field['agenda']}&reason={reason}&commune=99001")
        start = slots["slots"][0]["start"]
        self.assertEqual(self.case("POST", one, "/deposit")[0], 400)  # no slot is chosen
        self.assertEqual(self.case("PATCH", one, body={"answers": {"rendez_vous": {"start": start}}})[0], 400)
        self.assertEqual(self.case("POST", one, "/appointment", {"start": "mardi"})[0], 400)
        for wrong in ({"people": 9}, {"people": "deux"}, {"way": "pigeon"}, {"needs": ["lsf"]}, {"needs": {"step_free": "oui"}},
                      {"needs": {"interpreter": "a" * 600}}):
            self.assertEqual(self.case("POST", one, "/appointment", {"start": start, **wrong})[0], 400, wrong)
        needs = {"step_free": True, "interpreter": "arabe"}
        for _ in range(2):
            status, held = self.case("POST", one, "/appointment", {"start": start, "people": 1, "way": "in_person", "needs": needs})
            self.assertEqual((status, held["complete"]), (200, True), held)
        self.assertEqual(held["answers"]["rendez_vous"]["needs"], needs)
        self.assertEqual(held["answers"]["rendez_vous"]["way"], "in_person")
        self.assertEqual(self.case("POST", two, "/appointment", {"start": start})[0], 409)
        self.assertEqual(self.case("POST", {**one, "token": two["token"]}, "/appointment", {"start": start})[0], 404)
        status, done = self.case("POST", one, "/deposit")
        self.assertEqual(status, 201, done)
        told = done["receipt"]["appointment"]
        self.assertTrue(told["when"] and told["place"] and told["bring"], told)
        self.assertEqual(self.case("POST", one, "/appointment", {"start": start})[0], 409)
        self.assertEqual(self.case("POST", one, "/deposit")[0], 200)


    # ── files ──

    def school(self):
        """A draft of a démarche that wants documents."""
        status, case = self.begin(procedure="inscription-scolaire")
        self.assertEqual(status, 201, case)
        return case

    def tus(self, method, case, rest="", body=None, **headers):
        headers = {name.replace("_", "-"): str(value) for name, value in headers.items()}
        return self.server.request(method, f"/api/v1/cases/{case['id']}/files{rest}", body,
                                   {"Authorization": f"Bearer {case['token']}", "Tus-Resumable": "1.0.0", **headers})

    def create(self, case, name, length, field="vaccinations", **more):
        pairs = {"filename": name, "field": field, **more}
        metadata = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in pairs.items())
        status, said = self.tus("POST", case, Upload_Length=length, Upload_Metadata=metadata)
        if status != 201:
            return status, said
        return status, "/" + self.server.headers["Location"].rsplit("/", 1)[1]

    def patch(self, case, file, offset, body):
        return self.tus("PATCH", case, file, body, Upload_Offset=offset,
                        Content_Type="application/offset+octet-stream")[0]

    def offset(self, case, file):
        self.assertEqual(self.tus("HEAD", case, file)[0], 200)
        return int(self.server.headers["Upload-Offset"])

    def give(self, case, name, content, field="vaccinations"):
        status, file = self.create(case, name, len(content), field)
        self.assertEqual(status, 201, file)
        self.assertEqual(self.patch(case, file, 0, content), 204)
        return file

    def cut(self, case, file, offset, announced, sent):
        """A sender whose connection dies in the middle of a PATCH."""
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=PATIENCE) as line:
            head = (f"PATCH /api/v1/cases/{case['id']}/files{file} HTTP/1.1\r\nHost: parvis\r\n"
                    f"Authorization: Bearer {case['token']}\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: {offset}\r\n"
                    f"Content-Type: application/offset+octet-stream\r\nContent-Length: {announced}\r\n\r\n")
            line.sendall(head.encode() + sent)

    def resumed_at(self, case, file, wanted):
        end = time.monotonic() + PATIENCE
        while self.offset(case, file) < wanted:
            self.assertLess(time.monotonic(), end, "what was sent before the cut is not kept")
            time.sleep(0.05)
        return self.offset(case, file)

    def test_a_file_goes_on_where_it_was_cut(self):
        case, content = self.school(), pdf(3_000_000)
        for part in (0.5, 0.99):
            status, file = self.create(case, "carnet.pdf", len(content))
            self.assertEqual(status, 201, file)
            sent = int(part * len(content))
            self.cut(case, file, 0, len(content), content[:sent])
            at = self.resumed_at(case, file, sent)
            self.assertEqual(at, sent)
            self.assertEqual(self.patch(case, file, 0, content), 409)  # not there
            self.assertEqual(self.patch(case, file, at, content[at:]), 204)
            self.assertEqual(self.server.headers["Upload-Offset"], str(len(content)))
            status, stands = self.tus("GET", case, file)
            self.assertEqual((stands["state"], stands["type"], stands["size"]), ("kept", "application/pdf", len(content)))
            status, back = self.tus("GET", case, file + "/content")
            self.assertEqual((status, back == content.decode("latin-1")), (200, True))
            self.assertIn("attachment", self.server.headers["Content-Disposition"])
            self.assertIn("sandbox", self.server.headers["Content-Security-Policy"])
            self.assertEqual(self.server.headers["X-Content-Type-Options"], "nosniff")
            self.assertEqual(self.tus("DELETE", case, file)[0], 204)
            self.assertEqual(self.tus("GET", case, file)[0], 404)

    def test_what_is_wrong_with_a_file_is_said(self):
        case = self.school()
        self.assertEqual(self.tus("OPTIONS", case)[0], 204)
        self.assertIn("creation", self.server.headers["Tus-Extension"])
        self.assertEqual(self.tus("POST", case, Tus_Resumable="0.2.2", Upload_Length=1)[0], 412)
        self.assertEqual(self.create(case, "acte.pdf", 11 << 20)[0], 413)
        self.assertEqual(self.create(case, "acte.pdf", 10, field="enfant")[0], 400)
        self.assertEqual(self.create(case, "facture.pdf", 10, field="justificatif_domicile")[0], 400)
        self.assertEqual(self.create(case, "facture.pdf", 10, field="justificatif_domicile", dated="2020-01-01")[0], 400)
        today = time.strftime("%Y-%m-%d")
        self.assertEqual(self.create(case, "facture.pdf", 10, field="justificatif_domicile", dated=today)[0], 201)
        self.assertEqual(self.tus("POST", case, Upload_Length="ten")[0], 400)
        file = self.give(case, "photo.jpg", b"This is not a photo.")
        _, stands = self.tus("GET", case, file)
        self.assertEqual(stands["state"], "refused")
        self.assertTrue(stands["said"])
        self.assertEqual(self.tus("GET", case, file + "/content")[0], 404)
        self.assertEqual(self.patch(case, "/" + "0" * 32, 0, b"x"), 404)
        self.assertEqual(self.case("PATCH", case, body={"answers": {"vaccinations": [{"id": "1", "name": "x", "type": "application/pdf"}]}})[0], 400)
        # One file is wanted: another one is refused until the first goes.
        self.give(case, "radiation.pdf", pdf(2_000), "radiation")
        self.assertEqual(self.create(case, "encore.pdf", 10, "radiation")[0], 400)
        self.give(case, "carnet.pdf", pdf(2_000))
        _, all = self.tus("GET", case)
        self.assertEqual([file["state"] for file in all["files"]], ["receiving", "kept", "kept"])
        _, draft = self.case("GET", case)
        self.assertEqual(draft["answers"]["vaccinations"][0]["name"], "carnet.pdf")
        other = self.begin()[1]
        self.assertEqual(self.tus("GET", {**case, "token": other["token"]})[0], 404)

    def test_pieces_are_given_only_when_asked_for(self):
        case = self.deposited()
        self.assertEqual(self.create(case, "acte.pdf", 10, field="")[0], 409)


class CasesOnPostgres(Cases):
    @classmethod
    def setUpClass(cls):
        postgres = Postgres()
        cls.addClassCleanup(postgres.close)
        cls.database = f'[database]\nurl = "{postgres.url}"\n'
        super().setUpClass()


def check_of(letters):
    """The last character of a reference, as casework/reference makes it."""
    checks = "ABCDEFGHJKLMNPQRSTUVWXYZ23456"
    return checks[sum((i + 1) * (ord(c) - ord("A")) for i, c in enumerate(letters)) % len(checks)]


def text_of(letter):
    return "".join(base64.b64decode(part["bytes"]).decode() for part in letter["parts"] if part["type"] == "text/plain")


class Letters(unittest.TestCase):
    """In words alone, from what a citizen writes to the acknowledgement that they receive."""

    def setUp(self):
        self.mails = tempfile.mkdtemp(prefix="parvis-mails-")
        self.addCleanup(shutil.rmtree, self.mails, True)
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support", "smtp_server.py")
        self.smtp = subprocess.Popen([shutil.which("python3", path="/usr/bin") or sys.executable, "-B", script, self.mails, "{}"],
                                     stdout=subprocess.PIPE, text=True)
        self.addCleanup(self.smtp.wait)
        self.addCleanup(self.smtp.kill)
        self.addCleanup(self.smtp.stdout.close)
        port = int(self.smtp.stdout.readline())
        self.home = Home("[conversations]\nmessages_per_visitor = 1000\nmessages_per_address = 60000\n"
                         f'[server]\npublic_url = "https://demarches.example"\n[mail]\nurl = "smtp://127.0.0.1:{port}"\n'
                         'from = "ne-pas-repondre@orle.example"\nstarttls = "none"\n')
        self.addCleanup(self.home.__exit__)
        self.home.done("import", "commune", DEMO)
        self.home.done("import", "fiches", self.home.fiches(F1="Passeport"))

    def mail(self, number):
        name, end = os.path.join(self.mails, f"{number}.json"), time.monotonic() + PATIENCE
        while True:
            try:
                with open(name) as file:
                    return json.load(file)
            except (OSError, ValueError):
                self.assertLess(time.monotonic(), end, "no mail came")
                time.sleep(0.05)

    def test_from_the_first_word_to_the_mailbox(self):
        with Server(self.home) as server:
            talk = server.begin(commune="99001")
            said = ["je voudrais déclarer la perte de ma carte d'identité, je l'ai perdue hier", "je l'ai perdue", "passer",
                    "au marché", "passer", "à moi", "Roy", "Ana", "passer", "3 février 1990", "Lyon, France",
                    "ana.roy@example.org", "passer", "1 rue du Gué", "passer", "00100", "Saint-Aubin-sur-Orle",
                    "je certifie", "passer", "oui"]
            for number, text in enumerate(said):
                status, both = talk.say(f"message-{number}", text)
                self.assertEqual(status, 201, both)
            answer = both["reply"]["message"]
            self.assertIsNotNone(answer["case"], answer["text"])
            reference = answer["case"]["reference"]
            self.assertIn(reference, answer["text"])
            # What was typed for the form is in the form, and not in the conversation.
            self.assertNotIn("ana.roy@example.org", json.dumps(talk.events()))
            mail = self.mail(1)
            self.assertEqual(mail["rcpt_tos"], ["ana.roy@example.org"])
            self.assertIn(reference, mail["headers"]["Subject"])
            status, both = talk.say("message-end", "où en est mon dossier ?")
            self.assertEqual(both["reply"]["message"]["status"], "case_status")
            case = both["reply"]["message"]["case"]
            self.assertEqual(case["reference"], reference)
            self.assertEqual((case["state"], case["awaited_from"]), ("received", "service"))
            self.assertEqual(len(case["done"]), 1)
            # From elsewhere the reference proves nothing: one sentence, whatever it is, and a link by mail.
            said = []
            for asked in [reference, "KILU-BAFO-" + check_of("KILUBAFO")]:
                other = server.begin()
                other.say("message-1", f"où en est mon dossier {asked} ?")
                _, both = other.say("message-2", "ana.roy@example.org")
                reply = both["reply"]["message"]
                codes = [code for notice in reply["notices"] for code in CODE.findall(notice)]
                self.assertEqual(len(codes), 1)
                reply["notices"] = [CODE.sub("…", notice) for notice in reply["notices"]]
                said.append({**reply, "took_ms": 0})
                if asked == reference:
                    code = codes[0]
            self.assertEqual(said[0], said[1])
            self.assertIsNone(said[0]["case"])
            letter = self.mail(2)
            self.assertIn("votre lien", letter["headers"]["Subject"])
            self.follow(server, letter, reference, code)

    def follow(self, server, letter, reference, code):
        """The link of a letter: looked at, it is not used; with the code it opens the case, once."""
        link = re.search(r"https://demarches\.example(/saint-aubin-sur-orle/dossiers/acces/[0-9a-f]{64})", text_of(letter)).group(1)
        ours = {"Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"}
        self.assertIn("Code à six chiffres", server.request("GET", link, b"", ours)[1])
        self.assertEqual(server.request("POST", link, b"", ours)[0], 400)
        self.assertEqual(server.request("POST", link, b"code=" + code.replace("\u00a0", "").encode(), ours)[0], 303)
        case = server.headers["Location"]
        self.assertEqual(case, f"/saint-aubin-sur-orle/dossiers/{reference}")
        cookie = server.headers["Set-Cookie"].split(";")[0]
        self.assertIn("Où en est votre dossier", server.request("GET", case, b"", {**ours, "Cookie": cookie})[1])
        self.assertIn("Recevoir un lien", server.request("GET", case, b"", ours)[1])
        self.assertEqual(server.request("POST", link, b"", ours)[0], 404)

    def test_a_form_takes_over_and_gives_back(self):
        ours = {"Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"}
        with Server(self.home) as server:
            talk = server.begin(commune="99001")
            self.assertEqual(talk.request("POST", "/handover", {})[0], 409)
            talk.say("message-1", "je veux faire une déclaration de perte de papiers")
            status, handed = talk.request("POST", "/handover", {})
            self.assertEqual(status, 201)
            self.assertNotIn(talk.token, handed["url"])
            self.assertEqual(server.get(handed["url"])[0], 200)  # asks, and uses nothing up
            self.assertEqual(server.request("POST", handed["url"], b"", ours)[0], 303)
            question = server.headers["Location"]
            self.assertTrue(question.endswith("/demarches/perte-identite/question/motif"), question)
            cookie = "; ".join(each.split(";")[0] for each in server.headers.get_all("Set-Cookie"))
            self.assertEqual(server.request("POST", handed["url"], b"", ours)[0], 404)
            self.assertEqual(server.request("POST", question, b"motif=perte", {**ours, "Cookie": cookie})[0], 303)
            _, both = talk.say("message-2", "J’ai rempli le formulaire", choice="form/!resume")
            self.assertIn("J’ai vos réponses du formulaire", both["reply"]["message"]["text"])
            self.assertEqual(both["reply"]["message"]["procedure"]["step"], "titre")
            # The widget of another site: its form carries the token, and no address does.
            body = f"conversation={talk.id}&bearer={talk.token}".encode()
            self.assertEqual(server.request("POST", "/conversation/formulaire", body, ours)[0], 307)
            self.assertNotIn(talk.token, server.headers["Location"])
            self.assertIn("/passage/", server.headers["Location"])

    def test_what_only_communes_offer_does_not_stop_a_conversation_without_one(self):
        with Server(self.home) as server:
            talk = server.begin()
            status, both = talk.say("message-1", "je voudrais demander une carte de stationnement résident")
            self.assertEqual(status, 201, both)
            # Its service is a commune's own: which one is asked, and nothing is begun yet.
            answer = both["reply"]["message"]
            self.assertEqual(answer["procedure"]["step"], "")
            self.assertTrue(answer["choices"])
            self.assertEqual(talk.say("message-2", "merci")[0], 201)
            here = server.begin(commune="99001")
            _, both = here.say("message-1", "je voudrais demander une carte de stationnement résident")
            self.assertEqual(both["reply"]["message"]["procedure"]["id"], "stationnement-resident")


if __name__ == "__main__":
    unittest.main()
