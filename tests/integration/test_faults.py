"""Bad input and bad luck: an exit code and a sentence, and what was there is still there."""
import io
import json
import os
import resource
import unittest
import zipfile

from house import DEMO, FICHE, Home, Server
from test_cases import Cases, pdf

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
