"""Démarches by conversation alone through the API, on both engines: from the first word to the receipt, with
documents and a slot; each exchange is judged against the contract."""
import base64
import itertools
import unittest
from datetime import date, timedelta

from house import DEMO, Home, Server, judge, only
from test_postgres import Postgres

PDF = (b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\n"
       b"endobj\n3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>\nendobj\ntrailer\n<< /Size 4 /Root 1 0 R >>\n%%EOF\n")
DAY = (date.today() - timedelta(days=20)).strftime("%d/%m/%Y")
SOON = (date.today() + timedelta(days=40)).strftime("%d/%m/%Y")
HOME = {"street": "8 rue de la Halle", "postcode": "45200", "city": "Montargis"}


def person(at, **more):
    return {f"{at}.last_name": "Lambert", f"{at}.first_names": "Zoé", **{f"{at}.{key}": value for key, value in more.items()}}


def address(at, **more):
    return {f"{at}.{key}": value for key, value in {**HOME, **more}.items()}


# What is said to the question of each step; what is not here is passed.
DEMARCHES = {
    "perte-identite": ("je veux déclarer la perte de ma carte d'identité", {
        "motif": "je l'ai perdue", "titre": "carte nationale d'identité", "date_perte": DAY, "lieu_perte": "au marché",
        "pour_qui": "à moi", **person("titulaire", birth_date="3 mai 1985", birth_place="Montargis"),
        "email": "zoe@example.org", **address("adresse"), "honneur": "je certifie"}),
    "acte-etat-civil": ("je voudrais un acte de naissance", {
        "type": "acte de naissance", "lieu": "dans cette commune", "date_acte": "3 mai 1985", "document": "copie intégrale",
        "lien": "c'est mon acte", **person("personne"), "parents": "non", **person("demandeur"), "email": "zoe@example.org",
        "remise": "au guichet"}),
    "changement-adresse": ("je viens signaler un changement d'adresse", {
        "sens": "j'arrive dans le Val d'Orle", "date_demenagement": DAY, **address("ancienne"),
        **address("nouvelle", street="2 place du Marché"), "heberge": "non", "services": "la médiathèque",
        **person("vous"), "email": "zoe@example.org", "foyer": "non", "honneur": "je certifie"}),
    "rendez-vous-autorisation": ("je voudrais un rendez-vous pour une autorisation locale", {
        "projet": "des travaux", "lieu": "3 rue du Gué", **person("demandeur"), "email": "zoe@example.org"}),
}


class ChatProcedures(unittest.TestCase):
    database = ""

    @classmethod
    def setUpClass(cls):
        cls.home = Home(cls.database + "[conversations]\nmessages_per_address = 60000\nmessages_per_visitor = 1000\n")
        cls.addClassCleanup(cls.home.__exit__)
        cls.home.done("import", "commune", DEMO)
        cls.home.done("import", "fiches", cls.home.fiches(F1="Passeport", F2="Carte grise"))
        cls.server = Server(cls.home)

    @classmethod
    def tearDownClass(cls):
        contract = cls.server.get("/api/openapi.json")[1]
        cls.server.__exit__()
        # What else a conversation can do is exercised in test_conversations.
        contract = only(contract, lambda path: path.startswith("/api/v1/conversations") and
                        ("/drafts/" in path or path.endswith("/messages") or path == "/api/v1/conversations"))
        wrong = judge(contract, [e for e in cls.server.exchanges if "/api/v1/conversations" in e["target"]])
        if wrong:
            raise AssertionError("\n".join(wrong))

    def setUp(self):
        self.talk, self.ids = self.server.begin(commune="99001"), itertools.count(1)

    def say(self, text, choice=None):
        more = {"choice": choice} if choice else {}
        status, both = self.talk.say(f"message-{next(self.ids)}", text, **more)
        self.assertEqual(status, 201, both)
        return both["reply"]["message"]

    def files(self, method, procedure, number, rest="", body=None, talk=None, **headers):
        talk = talk or self.talk
        return self.server.request(method, f"/api/v1/conversations/{talk.id}/drafts/{procedure}/{number}/files{rest}", body, {
            "Authorization": f"Bearer {talk.token}", "Tus-Resumable": "1.0.0", **headers})

    def begin(self, answer, name, bytes_, dated="", **more):
        asked = answer["procedure"]["files"]
        told = {"filename": name, "field": asked["question"], **({"dated": dated} if dated else {})}
        metadata = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in told.items())
        return self.files("POST", answer["procedure"]["id"], asked["number"],
                          **{"Upload-Length": str(len(bytes_)), "Upload-Metadata": metadata}, **more)

    def patch(self, answer, own, at, bytes_):
        return self.files("PATCH", answer["procedure"]["id"], answer["procedure"]["files"]["number"], "/" + own, bytes_,
                          **{"Upload-Offset": str(at), "Content-Type": "application/offset+octet-stream"})

    def give(self, answer, name="plan.pdf", bytes_=PDF):
        dated = (date.today() - timedelta(days=9)).isoformat() if answer["procedure"]["files"]["dated"] else ""
        status, problem = self.begin(answer, name, bytes_, dated)
        self.assertEqual(status, 201, problem)
        own = self.server.headers["Location"].rsplit("/", 1)[1]
        self.assertEqual(self.patch(answer, own, 0, bytes_[:100])[0], 204)
        self.assertEqual(self.server.headers["Upload-Offset"], "100")
        self.assertEqual(self.patch(answer, own, 100, bytes_[100:])[0], 204)  # as after a cut
        return own

    def shown(self, answer, own):
        status, file = self.files("GET", answer["procedure"]["id"], answer["procedure"]["files"]["number"], "/" + own)
        self.assertEqual(status, 200, file)
        return file

    def to_end(self, procedure):
        """From the first word to the review; the steps that were gone through."""
        first, said = DEMARCHES[procedure]
        answer, steps = self.say(first), []
        for _ in range(60):
            self.assertEqual(answer["procedure"]["id"], procedure, answer)
            step = answer["procedure"]["step"]
            if step == "!review":
                return answer, steps
            steps.append(step)
            if "files" in answer["procedure"]:
                self.assertEqual(self.shown(answer, self.give(answer))["state"], "kept")
                answer = self.say("C'est fait", "form/=")
                self.assertIn("Bien reçu", answer["text"])
            elif answer["appointment"] and answer["appointment"].get("slots"):
                self.assertIn("À apporter", answer["text"])
                later = self.say("plus tard")
                self.assertNotEqual(later["appointment"]["slots"], answer["appointment"]["slots"])
                choice = later["choices"][0]
                answer = self.say(choice["label"], choice["value"])
                self.assertEqual(answer["appointment"]["state"], "held", answer)
                self.assertIn(answer["appointment"]["when"], answer["text"])
            else:
                answer = self.say(said.get(step, "passer"))
                self.assertNotEqual(answer["procedure"]["step"], step, answer["text"])
        self.fail(steps)

    def test_each_from_the_first_word_to_the_receipt(self):
        for procedure in DEMARCHES:
            with self.subTest(procedure):
                self.talk = self.server.begin(commune="99001")
                review, steps = self.to_end(procedure)
                self.assertIn("Vérifiez vos réponses", review["text"])
                done = self.say("Déposer ma demande", "form/!deposit")
                self.assertIn("C’est déposé", done["text"])
                self.assertEqual(done["case"]["state"], "received")
                if procedure == "rendez-vous-autorisation":
                    self.assertIn("rendez_vous", steps)
                    self.assertIn("Rendez-vous", done["text"])
                told = self.say("où en est mon dossier ?")
                self.assertIn(done["case"]["reference"], told["text"])

    def test_what_is_refused_is_said_and_taken_back(self):
        answer = self.say(DEMARCHES["rendez-vous-autorisation"][0])
        while "files" not in (answer["procedure"] or {}):
            answer = self.say(DEMARCHES["rendez-vous-autorisation"][1].get(answer["procedure"]["step"], "passer"))
        own = self.give(answer, "lettre.pdf", b"Bonjour. " * 40)
        refused = self.shown(answer, own)
        self.assertEqual(refused["state"], "refused")
        again = self.say("C'est fait", "form/=")
        self.assertIn(refused["said"], again["text"])
        self.assertIn("Je ne vois pas encore ce document", again["text"])
        which = answer["procedure"]["id"], answer["procedure"]["files"]["number"]
        self.assertEqual([file["id"] for file in self.files("GET", *which)[1]["files"]], [own])
        self.assertEqual(self.files("HEAD", *which, "/" + own)[0], 200)
        self.assertEqual(self.files("DELETE", *which, "/" + own)[0], 204)
        self.assertEqual(self.files("GET", *which)[1]["files"], [])
        self.assertEqual(self.files("OPTIONS", *which)[0], 204)
        self.assertEqual(self.files("POST", *which, **{"Upload-Length": "9", "Tus-Resumable": "0.2"})[0], 412)
        self.assertEqual(self.begin(answer, "gros.pdf", b"a" * 9, **{})[0], 201)
        other = self.server.begin(commune="99001")
        self.assertEqual(self.files("GET", *which, talk=other)[0], 404)
        self.assertEqual(self.files("GET", which[0], which[1] + 1)[0], 404)

    def test_a_slot_that_two_want_is_one_persons(self):
        talks = [self.server.begin(commune="99001") for _ in range(2)]
        offered = []
        for self.talk in talks:
            answer = self.say(DEMARCHES["rendez-vous-autorisation"][0])
            while not answer["appointment"]:
                answer = self.say(DEMARCHES["rendez-vous-autorisation"][1].get(answer["procedure"]["step"], "passer"))
            offered.append(answer)
        self.assertEqual(*[answer["choices"][0] for answer in offered])
        choice = offered[0]["choices"][0]
        self.talk = talks[0]
        self.assertEqual(self.say(choice["label"], choice["value"])["appointment"]["state"], "held")
        self.talk = talks[1]
        lost = self.say(choice["label"], choice["value"])
        self.assertIn("vient d’être pris", lost["text"])
        self.assertEqual(lost["procedure"]["step"], "rendez_vous")
        self.assertNotIn(choice, lost["choices"])
        held = self.say(lost["choices"][0]["label"], lost["choices"][0]["value"])
        self.assertEqual(held["procedure"]["step"], "!review")


class ChatProceduresOnPostgres(ChatProcedures):
    @classmethod
    def setUpClass(cls):
        postgres = Postgres()
        cls.addClassCleanup(postgres.close)
        cls.database = f'[database]\nurl = "{postgres.url}"\n'
        super().setUpClass()


if __name__ == "__main__":
    unittest.main()
