"""Files through the real ClamAV, with EICAR, and without it. There is no network to fetch signatures: EICAR's own."""
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
import unittest

from house import DEMO, PATIENCE, Home, Server
from test_cases import Cases, pdf

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


del Cases  # its tests are its own module's


if __name__ == "__main__":
    unittest.main()
