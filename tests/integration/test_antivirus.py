"""Files through the real ClamAV, with EICAR, and without it. There is no network to fetch signatures: EICAR's own."""
import json
import os
import pwd
import shutil
import socket
import sqlite3
import subprocess
import tempfile
import time
import unittest

from house import DEMO, PATIENCE, Home, Server, eventually
from test_cases import Cases, pdf
from test_mail import Mail, Running, mail_config

CLAMD = "/usr/sbin/clamd"
# In two parts, so that this source is not taken for it.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*"


class Antivirus(unittest.TestCase):
    begin, tus, create, patch, give = Cases.begin, Cases.tus, Cases.create, Cases.patch, Cases.give

    def setUp(self):
        self.assertTrue(os.path.exists(CLAMD), "clamd is not installed: run bin/setup tests")
        self.folder = tempfile.mkdtemp(prefix="parvis-clamd-")
        self.addCleanup(shutil.rmtree, self.folder, True)
        self.socket = os.path.join(self.folder, "clamd.sock")
        os.mkdir(os.path.join(self.folder, "signatures"))
        with open(os.path.join(self.folder, "signatures", "parvis.ndb"), "w") as out:
            out.write(f"Parvis.Test.Eicar:0:*:{EICAR.hex()}\n")
        with open(os.path.join(self.folder, "clamd.conf"), "w") as out:
            out.write(f"DatabaseDirectory {self.folder}/signatures\nLocalSocket {self.socket}\n"
                      f"TemporaryDirectory {self.folder}\nForeground yes\nStreamMaxLength 32M\nAlertExceedsMax yes\n")
        os.chmod(self.folder, 0o755)
        # Root gives up its rights here: nothing of clamd ever runs as root.
        self.rights = {}
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.chown(self.folder, nobody.pw_uid, nobody.pw_gid)
            self.rights = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        self.home = Home(f'[clamd]\naddress = "unix:{self.socket}"\n[conversations]\nmessages_per_address = 60000\n')
        self.addCleanup(self.home.__exit__)
        self.home.done("import", "commune", DEMO)

    def clamd(self):
        child = subprocess.Popen([CLAMD, "--config-file", os.path.join(self.folder, "clamd.conf")],
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **self.rights)
        self.addCleanup(child.wait)
        self.addCleanup(child.kill)
        end = time.monotonic() + PATIENCE
        while True:
            try:
                with socket.socket(socket.AF_UNIX) as line:
                    line.connect(self.socket)
                    line.sendall(b"zPING\0")
                    if line.recv(16) == b"PONG\0":
                        return child
            except OSError:
                pass
            self.assertLess(time.monotonic(), end, "clamd does not start")
            time.sleep(0.05)

    def stands(self, case, file):
        return self.tus("GET", case, file)[1]

    def test_a_virus_is_refused_and_without_antivirus_a_file_waits(self):
        child = self.clamd()
        self.assertIn("ClamAV", self.home.run("doctor").stdout)
        with Server(self.home) as self.server:
            case = self.begin(procedure="inscription-scolaire")[1]
            bad = self.stands(case, self.give(case, "carnet.pdf", EICAR))
            self.assertEqual(bad["state"], "refused")
            self.assertIn("virus", bad["said"])
            hidden = self.stands(case, self.give(case, "carnet.pdf", pdf(2_000) + b"%" + EICAR + b"\n"))
            self.assertEqual(hidden["state"], "refused", hidden)
            good = self.stands(case, self.give(case, "carnet.pdf", pdf(2_000)))
            self.assertEqual(good["state"], "kept", good)
            child.kill()
            child.wait()
            file = self.give(case, "seconde.pdf", pdf(3_000))
            waits = self.stands(case, file)
            self.assertEqual(waits["state"], "waiting", waits)
            self.assertEqual(self.tus("GET", case, file + "/content")[0], 409)
            answers = self.server.request("GET", f"/api/v1/cases/{case['id']}", None,
                                          {"Authorization": f"Bearer {case['token']}"})[1]["answers"]
            self.assertEqual([each.get("waiting", False) for each in answers["vaccinations"]], [False, True])
        self.assertIn("antivirus", self.home.run("doctor").stdout)


class FoundLater(Antivirus):
    """A file of a mail that came while the antivirus was away, and has a virus."""
    sent, put, deliver, deposited, files = Mail.sent, Mail.put, Mail.deliver, Mail.deposited, Mail.files
    test_a_virus_is_refused_and_without_antivirus_a_file_waits = None

    def setUp(self):
        super().setUp()
        self.smtp, self.imap, self.put_count = Running("smtp_server.py"), Running("imap_server.py"), 0
        self.addCleanup(self.smtp.close)
        self.addCleanup(self.imap.close)
        with open(self.home.config, "a") as config:
            config.write(mail_config(self))

    def acts(self, case):
        _, found = self.server.get(f"/api/v1/cases/{case['id']}", Authorization=f"Bearer {case['token']}")
        return [event["act"] for event in found["events"]]

    def looked_at_again(self):
        """The job that waits for the antivirus is due: nobody waits for its clock."""
        with sqlite3.connect(os.path.join(self.home.home, "parvis.db")) as database:
            self.assertEqual(database.execute("update jobs_job set ready_at = 0 where kind = 'piece'").rowcount, 1)
        database.close()

    def test_its_case_and_its_citizen_are_told_once(self):
        with Server(self.home) as self.server:
            case = self.deposited(self.server)
            to = self.sent(1)["reply_to"][0][1]
            self.put(to, "Voici mon plan.", [("application/pdf", "plan.pdf", pdf(2_000) + b"%" + EICAR + b"\n")])
        with Server(self.home) as self.server:
            [file] = eventually(lambda: self.files(self.server, case), "the mailbox is not read")
            eventually(lambda: self.acts(case) == ["deposit", "write"], "the message is not there")
            [file] = self.files(self.server, case)
            self.assertEqual((file["state"], file["given"]), ("waiting", True))
        self.clamd()
        self.looked_at_again()
        with Server(self.home) as self.server:
            letter = self.sent(2)
            self.assertIn("un document à donner de nouveau", letter["headers"]["Subject"])
            [file] = self.files(self.server, case)
            self.assertEqual(file["state"], "refused")
            self.assertEqual(self.acts(case), ["deposit", "write", "reject_piece"])
            # Another one takes its place, though nothing is asked for.
            status, sound = self.create(case, "plan sain.pdf", 0, field="")
            self.assertEqual(status, 400)
            content = pdf(3_000)
            sound = self.give(case, "plan sain.pdf", content, field="")
            self.assertEqual(self.stands(case, sound)["state"], "kept")
            status, after = self.server.request(
                "POST", f"/api/v1/cases/{case['id']}/pieces", json.dumps({"id": "pieces-01"}).encode(),
                {"Authorization": f"Bearer {case['token']}", "Content-Type": "application/json"})
            self.assertEqual((status, after["state"]), (200, "received"), after)
            self.assertEqual([each["name"] for each in self.files(self.server, case)], ["plan sain.pdf"])
            self.assertFalse(os.path.exists(os.path.join(self.smtp.folder, "3.json")), "told twice")


del Cases, Mail  # their tests are their own modules'


if __name__ == "__main__":
    unittest.main()
