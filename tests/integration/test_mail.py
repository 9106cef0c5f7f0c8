"""Mail around cases with real servers: letters go out, replies come back from a real mailbox, and either may be down."""
import email.message
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
import urllib.parse
import uuid

from house import DEMO, Home, Server, eventually
from test_cases import ANSWERS, pdf

SUPPORT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support")
PYTHON = shutil.which("python3", path="/usr/bin") or sys.executable


class Running:
    """A server of tests/support, in a folder of its own."""

    def __init__(self, script, port=None, folder=None):
        self.folder = folder or tempfile.mkdtemp(prefix="parvis-mail-")
        options = {} if port is None else {"port": port}
        self.process = subprocess.Popen([PYTHON, "-B", os.path.join(SUPPORT, script), self.folder, json.dumps(options)],
                                        stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError(f"{script} does not start")
        self.port = int(line)

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()

    def close(self):
        if self.process.poll() is None:
            self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def mail_config(test):
    """A town with a mail server and a mailbox: of a test with its `home`, `smtp` and `imap`."""
    password = test.home.file("password", "secret\n")
    return f"""
[server]
public_url = "https://demarches.example"
[mail]
url = "smtp://127.0.0.1:{test.smtp.port}"
from = "ne-pas-repondre@orle.example"
starttls = "none"
reply = "dossier@orle.example"
imap_url = "imap://127.0.0.1:{test.imap.port}"
imap_starttls = "none"
imap_user = "parvis"
imap_password_file = "{password}"
"""


class Mail(unittest.TestCase):
    def setUp(self):
        self.smtp, self.imap = Running("smtp_server.py"), Running("imap_server.py")
        self.addCleanup(self.smtp.close)
        self.addCleanup(self.imap.close)
        self.home = Home()
        self.addCleanup(self.home.__exit__)
        self.home.file("parvis.toml", mail_config(self))
        self.home.done("import", "commune", DEMO)
        self.home.done("import", "fiches", self.home.fiches(F1="Passeport"))
        self.put_count = 0

    def sent(self, number):
        def look():
            try:
                with open(os.path.join(self.smtp.folder, f"{number}.json")) as file:
                    return json.load(file)
            except (OSError, ValueError):
                return None
        return eventually(look, "no mail came")

    def put(self, to, text, files=(), **headers):
        """files: (type, name, bytes); a name without a dot is an image that the text shows."""
        mail = email.message.EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = "ana.roy@example.org", to, "Re: votre dossier"
        mail["Message-ID"] = f"<{uuid.uuid4().hex}@example.org>"
        for name, value in headers.items():
            mail[name.replace("_", "-")] = value
        mail.set_content(text)
        shown = [(kind, name, content) for kind, name, content in files if "." not in name]
        if shown:
            mail.add_alternative("".join(f'<p>{text}</p><img src="cid:{name}@x">' for _, name, _ in shown), subtype="html")
            for kind, name, content in shown:
                mail.get_payload()[1].add_related(content, *kind.split("/"), cid=f"<{name}@x>")
        for kind, name, content in files:
            if "." in name:
                mail.add_attachment(content, *kind.split("/"), filename=name)
        self.deliver(bytes(mail))
        return bytes(mail)

    def deliver(self, mail):
        self.put_count += 1
        name = f"{self.put_count}.parvis.test"
        path = os.path.join(self.imap.folder, "mail", "tmp", name)
        with open(path, "wb") as file:
            file.write(mail)
        os.chmod(path, 0o666)
        os.rename(path, os.path.join(self.imap.folder, "mail", "new", name))

    def count(self, folder):
        return sum(len(os.listdir(os.path.join(self.imap.folder, "mail", folder, part)))
                   for part in ("new", "cur") if os.path.isdir(os.path.join(self.imap.folder, "mail", folder, part)))

    def deposited(self, server):
        headers = {"Content-Type": "application/json", "Idempotency-Key": uuid.uuid4().hex}
        body = {"procedure": "perte-identite", "commune": "99001", "answers": ANSWERS, "deposit": True}
        status, case = server.request("POST", "/api/v1/cases", json.dumps(body).encode(), headers)
        self.assertEqual(status, 201, case)
        return case

    def written(self, server, case):
        _, found = server.get(f"/api/v1/cases/{case['id']}", Authorization=f"Bearer {case['token']}")
        return [event["text"] for event in found["events"] if event["act"] == "write"]

    def degraded(self, server):
        return {each["part"]: each for each in server.get("/readyz")[1]["degraded"]}

    def doctor(self):
        return {check["part"]: check for check in json.loads(self.home.run("doctor", "--json").stdout)["checks"]}

    def test_there_and_back(self):
        with Server(self.home) as server:
            case = self.deposited(server)
            mail = self.sent(1)
            pdf = [part for part in mail["parts"] if part["type"] == "application/pdf"]
            self.assertEqual([part["name"] for part in pdf], [f"accuse-de-reception-{case['reference']}.pdf"])
            to = mail["reply_to"][0][1]
            self.assertRegex(to, r"^dossier\+[a-z]{4}-[a-z]{4}-[a-z0-9]-[a-z2-7]{24}@orle\.example$")
            self.put(to, "Voici ma réponse.\n\nLe mardi 24 novembre 2026 à 14:32, la mairie a écrit :\n> Bonjour\n")
            self.put(to, "Je suis absente.", Auto_Submitted="auto-replied")
            self.put("dossier+kilu-bafo-7-" + 24 * "a" + "@orle.example", "À qui ?")
            # The mailbox is looked at once a minute; at the start too.
        with Server(self.home) as server:
            eventually(lambda: self.count(".Parvis.repris") == 2 and self.count(".Parvis.non reconnus") == 1,
                            "the mailbox is not read")
            self.assertEqual(self.written(server, case), ["Voici ma réponse."])
            checks = self.doctor()
            for part in ("mail out", "mail in", "jobs", "mail server", "mailbox"):
                self.assertEqual(checks[part]["state"], "ok", checks[part])

    def files(self, server, case):
        return server.get(f"/api/v1/cases/{case['id']}/files", Authorization=f"Bearer {case['token']}")[1]["files"]

    def desk(self, server):
        """The headers of an agent who has signed in."""
        server.request("POST", "/bureau/connexion", urllib.parse.urlencode(
            {"login": "claire@orle.example", "password": "une phrase assez longue 84"}),
            {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"})
        return {"Cookie": server.headers["Set-Cookie"].split(";")[0]}

    def test_attachments_are_pieces_of_the_case(self):
        self.home.done("user", "add", "claire@orle.example", "--name", "Claire", input="une phrase assez longue 84\n")
        with Server(self.home) as server:
            case = self.deposited(server)
            to = self.sent(1)["reply_to"][0][1]
            mail = self.put(to, "Voici mes pièces.", [
                ("application/pdf", "plan.pdf", pdf(400_000)), ("image/png", "logo", b"\x89PNG\r\n\x1a\n"),
                ("application/msword", "lettre.doc", b"Ceci est du texte.\n" * 30)])
        with Server(self.home) as server:
            eventually(lambda: self.count(".Parvis.repris") == 1, "the mailbox is not read")
            self.assertEqual(self.written(server, case), ["Voici mes pièces."])
            [file] = [each for each in self.files(server, case) if each["state"] != "refused"]
            self.assertEqual((file["name"], file["state"], file["given"]), ("plan.pdf", "kept", True))
            letter = self.sent(2)
            self.assertIn("un fichier à donner de nouveau", letter["headers"]["Subject"])
            agent = self.desk(server)
            status, page = server.get(f"/bureau/dossiers/{case['reference']}", **agent)
            self.assertEqual(status, 200)
            self.assertIn("plan.pdf", page)
            self.assertIn("lettre.doc", page)
            status, content = server.get(f"/bureau/dossiers/{case['reference']}/pieces/{file['id']}", **agent)
            self.assertEqual((status, content == pdf(400_000).decode("latin-1")), (200, True))
            # The same mail once more, as after a crash before it was moved.
            self.deliver(mail)
        with Server(self.home) as server:
            eventually(lambda: self.count(".Parvis.repris") == 2, "the mailbox is not read")
            self.assertEqual(self.written(server, case), ["Voici mes pièces."])
            self.assertEqual([each["id"] for each in self.files(server, case) if each["state"] != "refused"], [file["id"]])
            checks = self.doctor()
            self.assertIn("0 letters wait", checks["mail out"]["what"])
            self.assertFalse(os.path.exists(os.path.join(self.smtp.folder, "3.json")), "the sender is told twice")

    def test_what_is_down_is_said_and_made_up_for(self):
        smtp, imap = self.smtp.port, self.imap.port
        self.smtp.stop()
        self.imap.stop()
        with Server(self.home) as server:
            case = self.deposited(server)
            eventually(lambda: {"mail out", "mail in"} <= set(self.degraded(server)), "nothing is degraded")
            checks = self.doctor()
            self.assertIn("1 letters wait", checks["mail out"]["what"])
            self.assertEqual(checks["mailbox"]["state"], "degraded")
            self.assertEqual(server.get("/readyz")[0], 200)
            self.imap = Running("imap_server.py", imap, self.imap.folder)
            self.smtp = Running("smtp_server.py", smtp)
            self.addCleanup(self.smtp.close)
            self.addCleanup(self.imap.close)
            mail = self.sent(1)
            self.assertIn(case["reference"], mail["headers"]["Subject"])


if __name__ == "__main__":
    unittest.main()
