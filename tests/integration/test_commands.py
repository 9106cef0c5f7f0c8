"""The commands as an administrator meets them: what they do, while a server runs too, and how they refuse."""
import json
import os
import sqlite3
import unittest

from house import DEMO, Home, Server


class Usage(unittest.TestCase):
    def test_bad_usage_is_one_line_and_exit_2(self):
        with Home() as home:
            good = home.fiches(F1="Passeport")
            for words in [(), ("what",), ("import",), ("import", "fiches"), ("import", "fiches", good, good),
                          ("import", "fiches", "/nowhere"), ("import", "faq", "/nowhere"), ("import", "annuaire", "/nowhere"),
                          ("import", "commune", home.folder), ("ask",), ("ask", "a", "--batch", "b"), ("ask", "a", "--lexical"),
                          ("ask", "a", "--now", "demain"), ("ask", "a", "--commune", "75056"), ("ask", "a", "--tenant", "x"),
                          ("ask", "a" * 9000), ("serve", "--listen", "here"), ("--home",), ("--what",), ("eval", "x"),
                          ("rollback", "all"), ("rollback", "national"), ("switch", "off", "F999"), ("drill", "x")]:
                with self.subTest(words):
                    ran = home.run(*words)
                    self.assertEqual(ran.returncode, 2, ran.stderr)
                    self.assertRegex(ran.stderr, r"\Aparvis: [^\n]+\n")
                    self.assertEqual(ran.stdout, "")

    def test_a_wrong_configuration_is_refused_with_its_line(self):
        with Home("[server]\nworker = 2\n") as home:
            ran = home.run("doctor")
            self.assertEqual(ran.returncode, 2)
            self.assertIn("parvis.toml:2: the key server.worker is not known", ran.stderr)

    def test_help_names_every_command(self):
        with Home() as home:
            self.assertIn("switch off SHEET", home.done("help"))


class Imports(unittest.TestCase):
    def test_a_dry_run_says_what_would_change_and_changes_nothing(self):
        with Home() as home:
            faq = home.faq(("Où est la piscine ?", "Rue du Bain."))
            self.assertIn("+ local/", home.done("import", "faq", faq, "--dry-run"))
            self.assertEqual(json.loads(home.done("imports", "national", "--json")), [])
            self.assertEqual(home.run("ask", "piscine").returncode, 1)
            report = json.loads(home.done("import", "commune", DEMO, "--dry-run", "--json"))
            self.assertGreater(len(report["added"]), 10)
            self.assertGreater(len(report["services"]["added"]), 10)
            self.assertEqual(home.run("ask", "piscine").returncode, 1)

    def test_a_rollback_brings_back_what_was(self):
        with Home() as home:
            home.done("import", "fiches", home.fiches(F1="Passeport"))
            home.done("import", "fiches", home.fiches(F1="Passeport", F2="Carte grise"))
            with Server(home) as server:
                found = lambda: [r["id"] for r in server.get("/api/v1/search?q=carte+grise")[1]["results"]]
                self.assertEqual(found(), ["F2"])
                self.assertEqual(home.run("rollback", "national").returncode, 2)  # nobody is there to say yes
                self.assertEqual(found(), ["F2"])
                home.done("rollback", "national", "--yes")
                self.assertEqual(found(), [])
            self.assertEqual(len(json.loads(home.done("imports", "national", "--json"))), 1)

    def test_a_sheet_is_switched_off_and_on_while_serving(self):
        with Home() as home:
            home.done("import", "fiches", home.fiches(F1="Passeport"))
            with Server(home) as server:
                cited = lambda: [c["id"] for c in server.ask("passeport gratuit ?")["citations"]]
                found = lambda: [r["id"] for r in server.get("/api/v1/search?q=passeport")[1]["results"]]
                self.assertEqual(found(), ["F1"])
                home.done("switch", "off", "F1", "--reason", "erreur")
                self.assertEqual((cited(), found()), ([], []))
                self.assertEqual(json.loads(home.done("switch", "list", "--json")), ["particuliers/F1"])
                home.done("switch", "on", "particuliers/F1")
                self.assertEqual(found(), ["F1"])

    def test_what_is_imported_is_served_at_once(self):
        with Home() as home, Server(home) as server:
            self.assertEqual(server.get("/readyz")[0], 503)
            self.assertEqual(server.post("/api/v1/answers", {"question": "passeport"})[0], 503)
            home.done("import", "commune", DEMO)
            home.done("import", "fiches", home.fiches(F1="Passeport"))
            self.assertEqual(server.get("/readyz")[0], 200)
            self.assertEqual(server.get("/api/v1/search?q=passeport&limit=1")[1]["results"][0]["id"], "F1")
        with Home() as home:
            home.done("import", "commune", DEMO)
            with Server(home) as server:
                titles = lambda: {r["title"] for r in server.get("/api/v1/search?q=zorglub")[1]["results"]}
                self.assertEqual(titles(), set())
                home.done("import", "faq", home.faq(("Qui répare mon zorglub ?", "Le zorglub se répare rue des Lilas.")))
                self.assertEqual(titles(), {"Qui répare mon zorglub ?"})
                home.done("import", "faq", home.faq(("Qui vend un zorglub ?", "Le zorglub se vend au marché.")))
                self.assertEqual(titles(), {"Qui vend un zorglub ?"})


class Doctor(unittest.TestCase):
    def states(self, home, exit):
        ran = home.run("doctor", "--json")
        self.assertEqual(ran.returncode, exit, ran.stderr)
        found = json.loads(ran.stdout)
        for check in found["checks"]:
            self.assertEqual(check["remedy"] == "", check["state"] == "ok", check)
        return found["state"], {check["part"]: check["state"] for check in found["checks"]}

    def test_a_sound_home(self):
        with Home() as home:
            home.done("import", "fiches", home.fiches(F1="Passeport"))
            worst, parts = self.states(home, 0)
            self.assertEqual(parts["database"], "ok")
            self.assertEqual(parts["index of the official sheets"], "ok")
            self.assertEqual(parts["clock"], "ok")
            self.assertEqual(parts["fonts"], "ok")

    def test_nothing_there(self):
        with Home() as home:
            self.assertEqual(self.states(home, 1)[1]["database"], "broken")
            self.assertFalse(os.path.exists(home.home))  # looking creates nothing

    def test_no_index(self):
        with Home() as home:
            home.done("import", "fiches", home.fiches(F1="Passeport"))
            os.remove(os.path.join(home.home, "index", "national", "current"))
            self.assertEqual(self.states(home, 1)[1]["index of the official sheets"], "broken")
            home.done("import", "fiches", home.fiches(F1="Passeport"))
            self.assertEqual(self.states(home, 0)[1]["index of the official sheets"], "ok")

    def test_a_damaged_database(self):
        with Home() as home:
            home.done("import", "fiches", home.fiches(F1="Passeport"))
            with open(os.path.join(home.home, "parvis.db"), "r+b") as file:
                file.write(b"not a database at all")
            self.assertEqual(self.states(home, 1)[1]["database"], "broken")

    def test_a_newer_schema_is_left_alone(self):
        with Home() as home:
            home.done("migrate")
            database = sqlite3.connect(os.path.join(home.home, "parvis.db"))
            database.execute("insert into db_migration values ('29990101T0000_expand_future', 'x')")
            database.commit()
            database.close()
            ran = home.run("migrate")
            self.assertEqual(ran.returncode, 1)
            self.assertIn("newer than this program", ran.stderr)
            self.assertEqual(self.states(home, 1)[1]["schema"], "broken")

    def test_no_pages(self):
        with Home("[server]\nassets = '/nowhere'\n") as home:
            home.done("import", "fiches", home.fiches(F1="Passeport"))
            self.assertEqual(self.states(home, 1)[1]["pages"], "broken")


if __name__ == "__main__":
    unittest.main()
