"""The commands as an administrator meets them: what they do, while a server runs too, and how they refuse."""
import json
import os
import pty
import sqlite3
import subprocess
import unittest

from house import DEMO, PARVIS, PATIENCE, ROOT, Home, Server


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


DIALOGUES = {"loss": """
about: "a loss is declared, then asked about"
now: 2026-12-01T10:00:00+01:00
commune: "99001"
turns:
  - say: "je veux déclarer la perte de ma carte d'identité"
    expect: {status: procedure, choices: true}
  - say: "je l'ai perdue"
    expect: {status: procedure, contains: ["numéro du titre"]}
  - say: "il en est où mon dossier ?"
    expect: {status: case_status}
""", "slot": """
about: "an appointment is taken"
now: 2026-12-01T10:00:00+01:00
commune: "99001"
turns:
  - say: "je voudrais un rdv pour refaire ma carte d'identité"
    expect: {status: appointment, choices: true}
  - say: "le premier"
    expect: {status: appointment, contains: ["10 minutes"]}
"""}


class Dialogues(unittest.TestCase):
    def test_they_are_played_with_everything_and_leave_nothing(self):
        with Home() as home:
            home.done("import", "commune", DEMO)
            home.done("import", "fiches", home.fiches(F1="Carte d'identité perdue"))
            file = os.path.join(home.home, "parvis.db")
            rows = lambda: {table: sqlite3.connect(file).execute(f"select count(*) from {table}").fetchone()[0]
                            for (table,) in sqlite3.connect(file).execute("select name from sqlite_master where type = 'table'")}
            with Server(home) as server:  # the town has keys of its own from now on
                self.assertEqual(server.begin().say("message-00000001", "bonjour")[0], 201)
            before = rows()
            folder = [os.path.dirname(home.file(f"dialogues/{name}.yaml", text)) for name, text in DIALOGUES.items()][0]
            report = json.loads(home.done("eval", "dialogues", folder, "--lexical", "--tenant", "demo"))
            self.assertEqual((report["turns"], report["turns_right"]), (5, 5))
            self.assertEqual(rows(), before)


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


class Users(unittest.TestCase):
    PASSWORD = "cheval correct batterie"
    MARTINE = ("user", "add", "Martine@ville.fr", "--name", "Martine Dupont")

    def setUp(self):
        home = self.enterContext(Home())
        home.done("import", "commune", DEMO)
        self.home = home

    def refused(self, *words, input="", says):
        ran = self.home.run(*words, input=input)
        self.assertEqual(ran.returncode, 2, ran.stderr)
        self.assertRegex(ran.stderr, r"\Aparvis: [^\n]+\n\Z")
        self.assertIn(says, ran.stderr)
        self.assertEqual(ran.stdout, "")

    def accounts(self):
        return json.loads(self.home.done("user", "list", "--json"))

    def stored(self):
        database = sqlite3.connect(os.path.join(self.home.home, "parvis.db"))
        try:
            return database.execute("select login, password_hash from identity_account order by login").fetchall()
        finally:
            database.close()

    def test_an_account_is_added_listed_disabled_and_enabled(self):
        self.assertEqual(self.accounts(), [])
        made = json.loads(self.home.done(*self.MARTINE, "--role", "agent", "--role", "admin", "--service", "mairie-saint-aubin",
                                         "--json", input=self.PASSWORD + "\n"))
        self.assertEqual([made], self.accounts())
        self.assertEqual((made["login"], made["name"], made["roles"], made["services"], made["communes"], made["disabled"]),
                         ("martine@ville.fr", "Martine Dupont", ["agent", "admin"], ["mairie-saint-aubin"], [], None))
        self.assertIn("martine@ville.fr  Martine Dupont  agent admin  services: mairie-saint-aubin", self.home.done("user", "list"))
        self.refused("user", "disable", "martine@ville.fr", says="--yes")  # nobody is there to say yes
        self.assertIsNone(self.accounts()[0]["disabled"])
        self.home.done("user", "disable", "MARTINE@ville.fr", "--yes")
        self.assertIsNotNone(self.accounts()[0]["disabled"])
        self.assertIn("disabled 20", self.home.done("user", "list"))
        self.home.done("user", "enable", "martine@ville.fr")
        self.assertIsNone(self.accounts()[0]["disabled"])

    def test_a_password_is_stored_as_argon2id_and_replaced(self):
        self.home.done(*self.MARTINE, input=self.PASSWORD)
        ((login, before),) = self.stored()
        self.assertEqual(login, "martine@ville.fr")
        self.assertRegex(before, r"\A\$argon2id\$v=19\$m=19456,t=2,p=1\$")
        file = self.home.file("password", "agrafe bleue du jardin\r\n")
        self.home.done("user", "password", "martine@ville.fr", "--password-file", file)
        ((_, after),) = self.stored()
        self.assertNotEqual(before, after)
        with open(os.path.join(self.home.home, "parvis.db"), "rb") as database:
            self.assertNotIn(b"agrafe bleue", database.read())

    def test_what_will_not_do_is_refused_and_changes_nothing(self):
        add = lambda *more, input=self.PASSWORD, says: self.refused(*self.MARTINE, *more, input=input, says=says)
        self.refused("user", "add", "martine@ville.fr", input=self.PASSWORD, says="--name")
        self.refused("user", "add", "martine", "--name", "M", input=self.PASSWORD, says="e-mail")
        self.refused("user", "add", "--name", "M", input=self.PASSWORD, says="LOGIN")
        self.refused(*self.MARTINE, self.PASSWORD, says="write: parvis user add LOGIN")  # never an argument
        self.refused(*self.MARTINE, "--password", self.PASSWORD, says="--password is not known")
        add("--role", "chef", says="agent, manager or admin")
        add("--service", "absent", says="no service absent")
        add("--commune", "75056", says="75056")
        add("--tenant", "absent", says="no tenant absent")
        add(input="", says="--password-file")
        add(input="court", says="12 characters")
        add(input="martine.dupont", says="name or e-mail")
        add(input="motdepasse2026", says="commonplace")
        add(input="x" * 5000, says="1024 bytes")
        add("--password-file", "/nowhere", says="cannot be read")
        self.assertEqual(self.accounts(), [])
        self.home.done(*self.MARTINE, input=self.PASSWORD)
        add(says="already")
        for command in ("disable", "enable", "password"):
            self.refused("user", command, "autre@ville.fr", input=self.PASSWORD, says="autre@ville.fr")
        self.refused("user", "password", "martine@ville.fr", input="court", says="12 characters")
        self.refused("user", "disable", "martine@ville.fr", "--name", "M", says="does not take --name")
        self.assertEqual(len(self.accounts()), 1)

    def test_a_home_without_a_tenant_has_no_accounts(self):
        with Home() as home:
            ran = home.run("user", "list")
            self.assertEqual((ran.returncode, ran.stdout), (2, ""))
            self.assertIn("no tenant yet", ran.stderr)

    def typed(self, *lines):
        """Runs `user add` at a terminal; its exit code and all that the terminal showed."""
        ours, theirs = pty.openpty()
        process = subprocess.Popen([PARVIS, "--home", self.home.home, *self.MARTINE], cwd=ROOT, stdin=theirs,
                                   stdout=theirs, stderr=theirs, start_new_session=True)
        os.close(theirs)
        shown = b""
        try:
            for line in lines:
                while not shown.endswith(b": "):  # the prompt: what is typed before it is thrown away
                    shown += os.read(ours, 1024)
                os.write(ours, line.encode() + b"\n")
                shown += b"\0"
            while True:
                shown += os.read(ours, 1024)
        except OSError:  # the other end has closed
            pass
        finally:
            os.close(ours)
        return process.wait(PATIENCE), shown.decode()

    def test_at_a_terminal_it_is_typed_twice_and_never_shown(self):
        code, shown = self.typed(self.PASSWORD, self.PASSWORD)
        self.assertEqual(code, 0, shown)
        self.assertIn("Password: ", shown)
        self.assertIn("martine@ville.fr has an account", shown)
        self.assertNotIn("cheval", shown)

    def test_at_a_terminal_two_that_differ_are_refused(self):
        code, shown = self.typed(self.PASSWORD, self.PASSWORD + "s")
        self.assertEqual(code, 2, shown)
        self.assertIn("differ", shown)
        self.assertEqual(self.accounts(), [])


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
