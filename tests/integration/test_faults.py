"""Bad input and bad luck: an exit code and a sentence, and what was there is still there."""
import io
import json
import os
import resource
import shutil
import sqlite3
import subprocess
import tempfile
import unittest
import uuid
import zipfile

from house import DEMO, FICHE, Home, Server
from test_cases import ANSWERS, Cases, pdf
from test_postgres import Postgres

GOOD = FICHE.format(id="F1", title="Passeport", text="Gratuit.")


def zipped(**files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


class BrokenInput(unittest.TestCase):
    def setUp(self):
        self.home = Home()
        self.home.done("import", "fiches", self.home.fiches(F1="Passeport", F2="Carte grise"))
        self.home.done("import", "faq", self.home.faq(("Où est la piscine ?", "Rue du Bain.")))
        self.before = self.home.done("imports", "national"), self.home.done("imports", "local")

    def tearDown(self):
        self.assertEqual((self.home.done("imports", "national"), self.home.done("imports", "local")), self.before)
        self.assertEqual(self.home.ask("passeport")["citations"][0]["id"], "F1")
        self.home.__exit__()

    def refused(self, *words):
        ran = self.home.run("import", *words)
        self.assertEqual(ran.returncode, 2, ran.stderr)
        self.assertRegex(ran.stderr.splitlines()[-1] if "\n  " not in ran.stderr else ran.stderr, "^parvis: |\n  ")
        return ran.stderr

    def test_sheets(self):
        file = self.home.file
        for name, content in {"empty.zip": b"", "cut.zip": zipped(**{"part-F1.xml": GOOD})[:-30], "text.zip": b"no zip",
                              "none.zip": zipped(**{"readme.txt": "a"}), "broken.zip": zipped(**{"part-F1.xml": "<a><b></a>"}),
                              "latin.zip": zipped(**{"part-F1.xml": GOOD.replace("Gratuit", "Payé").encode("latin-1")}),
                              "json.zip": zipped(**{"particuliers/F1.json": "{"})}.items():
            with self.subTest(name):
                self.refused("fiches", file(name, content))

    def test_a_zip_bomb(self):
        bomb = zipped(**{f"part-F{i}.xml": b" " * (40 << 20) for i in range(1, 60)})
        self.refused("fiches", self.home.file("bomb.zip", bomb))

    def test_a_zip_that_climbs_out(self):
        path = self.home.file("climb.zip", zipped(**{"../../part-F7.xml": "<broken", "/tmp/part-F8.xml": "<broken"}))
        self.refused("fiches", path)
        self.assertFalse(os.path.exists(os.path.join(self.home.folder, "..", "part-F7.xml")))

    def test_questions(self):
        for name, content in {"empty": b"", "text": b"hello\n", "half": b'{"id":"a"', "latin": '{"id":"a","question":"é","answer":"é"}'.encode("latin-1"),
                              "nul": b'{"id":"a","question":"q\x00","answer":"a"}', "deep": b"[" * 100000, "array": b"[1]\n",
                              "blank": b'{"id":"a","question":" ","answer":""}\n'}.items():
            with self.subTest(name):
                self.refused("faq", self.home.file(name + ".jsonl", content))

    def test_directories(self):
        for name, content in {"empty": b"", "text": b"hello", "half": b'{"service":[', "number": b"3", "latin": b'{"service":[{"nom":"\xe9"}]}'}.items():
            with self.subTest(name):
                self.refused("annuaire", self.home.file(name + ".json", content))

    def test_towns(self):
        town = 'id: v\nname: V\nkind: commune\ncommunes: [{insee: "99001", slug: v, name: V, postcodes: ["00100"]}]\n'
        for name, files in {"none": {"x": ""}, "comma": {"agglomeration.yaml": town + "accent: [,\n"},
                            "bom": {"agglomeration.yaml": b"\xef\xbb\xbf\xff" + town.encode()},
                            "service": {"agglomeration.yaml": town, "services/a.yaml": "- id: a\n  nom: b\n"},
                            "sheets": {"agglomeration.yaml": town, "knowledge/a.md": "no front matter"},
                            "bomb": {"agglomeration.yaml": "a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n"}}.items():
            with self.subTest(name):
                for path, content in files.items():
                    self.home.file(f"town-{name}/{path}", content)
                self.refused("commune", os.path.join(self.home.folder, f"town-{name}"))


class Removal(unittest.TestCase):
    def test_removing_much_wants_yes(self):
        with Home() as home:
            home.done("import", "fiches", home.fiches(F1="Passeport", F2="Carte grise"))
            fewer = home.fiches(F1="Passeport")
            self.assertEqual(home.run("import", "fiches", fewer).returncode, 2)
            self.assertIn("0 removed", home.done("import", "fiches", fewer, "--add"))
            self.assertIn("1 removed", home.done("import", "fiches", fewer, "--yes"))

    def test_a_sheet_that_breaks_keeps_its_old_version(self):
        with Home() as home:
            home.done("import", "fiches", home.fiches(F1="Passeport", F2="Carte grise"))
            folder = home.fiches(F1="Passeport biométrique", F2="x")
            home.file("fiches/part-F2.xml", "<broken")
            ran = home.run("import", "fiches", folder)
            self.assertEqual(ran.returncode, 0)
            self.assertIn("part-F2.xml", ran.stderr)
            self.assertEqual(home.ask("carte grise")["citations"][0]["title"], "Carte grise")
            self.assertEqual(home.ask("passeport biométrique")["citations"][0]["title"], "Passeport biométrique")


class FullDisk(unittest.TestCase):
    begin, tus, create, patch, offset = Cases.begin, Cases.tus, Cases.create, Cases.patch, Cases.offset

    def test_an_upload_is_refused_and_goes_on_once_there_is_room(self):
        with Home("[conversations]\nmessages_per_address = 60000\n") as home:
            home.done("import", "commune", DEMO)
            with Server(home) as self.server:
                case, content = self.begin(procedure="inscription-scolaire")[1], pdf(9_000_000)
                status, file = self.create(case, "carnet.pdf", len(content))
                self.assertEqual(status, 201, file)
                size = max(os.path.getsize(os.path.join(home.home, "parvis.db" + end)) for end in ("", "-wal"))
                _, most = resource.prlimit(self.server.process.pid, resource.RLIMIT_FSIZE)
                resource.prlimit(self.server.process.pid, resource.RLIMIT_FSIZE, (size + 500_000, most))
                at, slice = 0, 300_000
                while (status := self.patch(case, file, at, content[at:at + slice])) == 204:
                    at = int(self.server.headers["Upload-Offset"])
                    self.assertLess(at, len(content), "the disk is not full")
                self.assertEqual(status, 503)
                self.assertEqual(self.server.exchanges[-1]["type"], "application/problem+json")
                self.assertIn("n’est pas perdu", self.server.exchanges[-1]["value"]["detail"])
                self.assertTrue(self.server.exchanges[-1]["value"]["request_id"])
                kept = self.offset(case, file)
                self.assertTrue(at <= kept < at + slice, (at, kept))
                self.assertEqual(self.tus("GET", case, file)[1]["state"], "receiving")
                self.assertEqual(self.server.get("/healthz")[0], 200)
                resource.prlimit(self.server.process.pid, resource.RLIMIT_FSIZE, (most, most))
                self.assertEqual(self.patch(case, file, kept, content[kept:]), 204)
                self.assertEqual(self.tus("GET", case, file)[1]["state"], "kept")
                self.assertEqual(self.tus("GET", case, file + "/content")[1], content.decode("latin-1"))


class SmallDisk:
    """A file system of that many MB, in a mount namespace of its own that needs no privilege; `folder` leads to it from
    outside. OSError where the machine allows no such namespace."""

    def __init__(self, megabytes, user):
        self.user = user
        self.at = tempfile.mkdtemp(prefix="parvis-small-")
        os.chmod(self.at, 0o755)
        mount = f'mount -t tmpfs -o size={megabytes}m,mode=0777 small "{self.at}" && echo ready && read end'
        self.holder = subprocess.Popen(["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", mount],
                                       stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **user)
        if self.holder.stdout.readline() != "ready\n":
            why = self.holder.communicate()[1].strip()
            self.close()
            raise OSError(why)
        self.folder = f"/proc/{self.holder.pid}/root{self.at}"
        self.filler = os.path.join(self.folder, "filler")

    def fill(self):
        """Up to the last page; by the user whose disk it is."""
        subprocess.run(["dd", "if=/dev/zero", f"of={self.filler}", "bs=4k"], stderr=subprocess.DEVNULL, **self.user)

    def free(self):
        subprocess.run(["rm", self.filler], check=True, **self.user)

    def close(self):
        if self.holder.poll() is None:
            self.holder.communicate()  # its standard input ends, and so does it
        shutil.rmtree(self.at, ignore_errors=True)


class DepositOnAFullDisk(unittest.TestCase):
    begin, case = Cases.begin, Cases.case

    def refused(self, found, said):
        status, problem = found
        self.assertEqual(status, 503, problem)
        self.assertEqual(self.server.exchanges[-1]["type"], "application/problem+json")
        for words in ("Votre demande n’est pas déposée", "n’a plus de place", "plus tard", "guichet", said):
            self.assertIn(words, problem["detail"])
        self.assertTrue(problem["request_id"])
        self.assertIn("Retry-After", self.server.headers)

    def walk(self, fill, free, deposits):
        """fill and free the disk; deposits: how many cases the database holds that are no drafts."""
        drafts = [self.begin(answers=ANSWERS)[1] for _ in range(20)]
        self.assertTrue(all(draft["complete"] for draft in drafts))
        fill()
        acknowledged, long = 0, {**ANSWERS, "circonstances": "Je ne sais pas. " * 60}
        key = uuid.uuid4().hex
        while (found := self.begin(key, answers=long, deposit=True))[0] == 201:
            acknowledged, key = acknowledged + 1, uuid.uuid4().hex
            self.assertLess(acknowledged, 1000, "the disk is not full")
        self.refused(found, "rien n’en est gardé")
        for draft in drafts:
            found = self.case("POST", draft, "/deposit")
            if found[0] != 201:
                break
            acknowledged += 1
        self.refused(found, "Votre brouillon est intact")
        # Nothing is half there: neither event nor reference, and the draft is what it was.
        self.assertEqual(deposits(), acknowledged)
        status, now = self.case("GET", draft)
        self.assertEqual((status, now["state"], now["complete"]), (200, "draft", True))
        self.assertEqual(now["answers"], draft["answers"])
        self.assertFalse(now.get("reference"))
        self.assertEqual(now.get("events", []), [])
        status, problem = self.case("PATCH", draft, body={"answers": {"circonstances": long["circonstances"]}})
        if status != 200:  # there may be room for that much
            self.assertEqual(status, 503)
            self.assertIn("ne sont pas gardées", problem["detail"])
        self.assertEqual(self.server.get("/healthz")[0], 200)
        free()
        status, done = self.case("POST", draft, "/deposit")
        self.assertEqual((status, done["state"]), (201, "received"), done)
        again = self.case("POST", draft, "/deposit")
        self.assertEqual((again[0], again[1]["reference"]), (200, done["reference"]))
        status, whole = self.begin(key, answers=long, deposit=True)
        self.assertEqual(status, 201, whole)
        self.assertEqual(self.begin(key, answers=long, deposit=True)[1]["reference"], whole["reference"])
        self.assertEqual(deposits(), acknowledged + 2)

    def test_on_sqlite(self):
        with Home("[conversations]\nmessages_per_address = 60000\n") as home:
            home.done("import", "commune", DEMO)
            file = os.path.join(home.home, "parvis.db")

            def deposits():
                with sqlite3.connect(file) as database:
                    found = database.execute("select count(*) from casework_case where state <> 'draft'").fetchone()[0]
                database.close()
                return found

            with Server(home) as self.server:
                process, limit = self.server.process.pid, resource.RLIMIT_FSIZE
                _, most = resource.prlimit(process, limit)
                size = lambda: max(os.path.getsize(file + end) for end in ("", "-wal"))
                self.walk(lambda: resource.prlimit(process, limit, (size() + 60_000, most)),
                          lambda: resource.prlimit(process, limit, (most, most)), deposits)

    def test_on_postgresql(self):
        postgres = Postgres()
        self.addCleanup(postgres.close)
        try:
            disk = SmallDisk(96, postgres.user)
        except OSError as error:
            # Its answer then is what a full disk makes it answer, at the last row of a deposit.
            print(f"no small disk can be mounted here ({error}): PostgreSQL is made to say that its disk is full")
            disk = None
        else:
            self.addCleanup(disk.close)
            self.addCleanup(postgres.close)  # before the disk it stands on
            postgres.sql(f"create tablespace small location '{disk.folder}'")
            postgres.sql("alter database town set tablespace small")
        town = lambda text: postgres.run("psql", "-h", postgres.folder, "-U", "admin", "-At", "-c", text, "town").stdout
        full = ("create function no_room() returns trigger language plpgsql as $$ begin "
                "raise exception 'could not extend file' using errcode = '53100'; end $$; "
                "create trigger no_room before insert on feed_event execute function no_room()")
        fill, free = (disk.fill, disk.free) if disk else (lambda: town(full), lambda: town("drop function no_room cascade"))
        with Home(f'[database]\nurl = "{postgres.url}"\n[conversations]\nmessages_per_address = 60000\n') as home:
            home.done("import", "commune", DEMO)
            with Server(home) as self.server:
                self.walk(fill, free, lambda: int(town("select count(*) from casework_case where state <> 'draft'")))


del Cases  # its tests are its own module's


class Drills(unittest.TestCase):
    def drill(self, *words):
        with Home() as home:
            ran = home.run("drill", *words)
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
        found = json.loads(ran.stdout)
        self.assertEqual(found["lost"], 0)
        return found

    def test_kill9(self):
        self.assertGreater(self.drill("kill9", "--work", "import")["acknowledged"], 1)

    def test_kill9_of_the_server_under_messages(self):
        found = self.drill("kill9", "--work", "messages")
        self.assertEqual(found["duplicated"], 0)
        self.assertGreater(found["killed"], 1)
        self.assertGreater(found["acknowledged"], found["killed"])
        self.assertGreater(found["repeated"], 0)

    def test_kill9_of_the_server_under_deposits(self):
        found = self.drill("kill9", "--work", "deposits")
        self.assertEqual(found["duplicated"], 0)
        self.assertGreater(found["acknowledged"], found["killed"])
        self.assertGreater(found["repeated"], 0)

    def test_disk_full(self):
        self.assertGreater(self.drill("disk-full")["refused"], 0)

    def test_locked(self):
        self.drill("locked")

    def test_overload(self):
        found = self.drill("overload")
        self.assertEqual(found["acknowledged"] + found["shed"], found["asked"])

    def test_drain(self):
        self.drill("drain")


if __name__ == "__main__":
    unittest.main()
