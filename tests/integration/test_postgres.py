"""The whole way on PostgreSQL, by configuration alone: import, ask, serve."""
import os
import pwd
import shutil
import subprocess
import tempfile
import time
import unittest

from house import DEMO, PATIENCE, Home, Server

BINARIES = "/usr/lib/postgresql/15/bin"


class Postgres:
    """A private server on a Unix socket; as the user postgres when root, who may not run it."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="parvis-pg-")
        self.user = {}
        if os.geteuid() == 0:
            who = pwd.getpwnam("postgres")
            os.chown(self.folder, who.pw_uid, who.pw_gid)
            self.user = {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": []}
        data = os.path.join(self.folder, "data")
        self.run("initdb", "--pgdata", data, "--username", "admin", "--auth", "trust", "--encoding", "UTF8",
                 "--locale", "C.UTF-8", "--no-sync")
        self.process = subprocess.Popen([f"{BINARIES}/postgres", "-D", data, "-k", self.folder, "-c", "listen_addresses=",
                                         "-c", "fsync=off"], cwd=self.folder, stderr=subprocess.DEVNULL, **self.user)
        end = time.monotonic() + PATIENCE
        while self.sql("select 1", check=False).returncode != 0 and time.monotonic() < end:
            self.process.poll()
        self.sql("create role parvis login")
        self.sql("create database town owner parvis")
        self.url = f"postgresql:///town?host={self.folder}&user=parvis"

    def run(self, name, *words, check=True):
        return subprocess.run([f"{BINARIES}/{name}", *words], cwd=self.folder, check=check, capture_output=True,
                              text=True, timeout=PATIENCE, **self.user)

    def sql(self, text, check=True):
        return self.run("psql", "-h", self.folder, "-U", "admin", "-At", "-c", text, "postgres", check=check)

    def stop(self):
        self.process.terminate()
        self.process.send_signal(3)  # SIGQUIT: at once
        self.process.wait(PATIENCE)

    def close(self):
        if self.process.poll() is None:
            self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


class OnPostgres(unittest.TestCase):
    def test_import_ask_serve_and_lose_the_database(self):
        postgres = Postgres()
        self.addCleanup(postgres.close)
        with Home(f'[database]\nurl = "{postgres.url}"\n') as home:
            home.done("import", "commune", DEMO)
            home.done("import", "fiches", home.fiches(F1="Passeport", F2="Carte grise"))
            self.assertFalse(os.path.exists(os.path.join(home.home, "parvis.db")))
            self.assertEqual(home.ask("carte grise")["citations"][0]["id"], "F2")
            self.assertIn("database: PostgreSQL", home.done("doctor"))
            with Server(home) as server:
                found = lambda q: [r["id"] for r in server.get(f"/api/v1/search?q={q}&limit=1")[1]["results"]]
                self.assertEqual(found("carte+grise"), ["F2"])
                home.done("import", "fiches", home.fiches(F1="Passeport", F2="Carte grise", F3="Permis de chasse"))
                self.assertEqual(found("permis+chasse"), ["F3"])
                home.done("rollback", "national", "--yes")
                self.assertNotIn("F3", found("permis+chasse"))
                home.done("switch", "off", "F2")
                self.assertNotIn("F2", found("carte+grise"))
                postgres.stop()
                self.assertEqual(server.post("/api/v1/answers", {"question": "passeport"})[0], 503)
                self.assertEqual(server.get("/readyz")[0], 503)
                self.assertEqual(server.get("/healthz")[0], 200)
                self.assertEqual(server.ask("au secours il y a le feu")["status"], "emergency")
            self.assertEqual(home.run("doctor").returncode, 1)
            self.assertEqual(home.run("ask", "passeport").returncode, 1)


if __name__ == "__main__":
    unittest.main()
