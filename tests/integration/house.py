"""A scratch home with the real program in it, and a judge of what its API says."""
import http.client
import json
import os
import re
import shutil
import subprocess
import tempfile
import time

import jsonschema

PARVIS = os.environ["PARVIS"]
os.environ.pop("PARVIS_MODELS", None)  # words alone: the same answers wherever this runs
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DEMO = os.path.join(ROOT, "demo")
PATIENCE = 120  # seconds; generous for sanitizers on a busy machine

FICHE = """<Publication ID="{id}"><dc:title>{title}</dc:title><dc:date>2026-01-02</dc:date>
<Audience>Particuliers</Audience><Texte><Paragraphe>{text}</Paragraphe></Texte></Publication>"""


class Home:
    """`with Home() as home:` a folder for files, and a home inside it; all goes away at the end."""

    def __init__(self, config=""):
        self.folder = tempfile.mkdtemp(prefix="parvis-it-")
        self.config = self.file("parvis.toml", config)
        self.home = os.path.join(self.folder, "home")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder, ignore_errors=True)

    def file(self, name, content):
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as out:
            out.write(content if isinstance(content, bytes) else content.encode())
        return path

    def fiches(self, **titles):
        """A folder of official sheets: F1="Passeport"."""
        shutil.rmtree(os.path.join(self.folder, "fiches"), ignore_errors=True)
        for name, title in titles.items():
            text = FICHE.format(id=name, title=title, text=f"{title} : gratuit pour tous.")
            self.file(f"fiches/part-{name}.xml", text)
        return os.path.join(self.folder, "fiches")

    def faq(self, *pairs, name="faq.jsonl"):
        """Lines of (question, answer)."""
        lines = [json.dumps({"id": f"q{i}", "question": q, "answer": a}) for i, (q, a) in enumerate(pairs)]
        return self.file(name, "\n".join(lines) + "\n")

    def run(self, *words, input="", **more):
        return subprocess.run([PARVIS, "--home", self.home, "--config", self.config, *words], cwd=ROOT,
                              capture_output=True, text=True, timeout=PATIENCE, input=input, **more)

    def done(self, *words, input=""):
        """Runs what must succeed; its standard output."""
        ran = self.run(*words, input=input)
        if ran.returncode != 0:
            raise AssertionError(f"{words}: exit {ran.returncode}: {ran.stderr}")
        return ran.stdout

    def ask(self, question, *words):
        return json.loads(self.done("ask", question, "--json", *words))


def eventually(what, message):
    """The first thing that `what` gives which is not nothing; what it waits for is another process's."""
    end = time.monotonic() + PATIENCE
    while True:
        found = what()
        if found:
            return found
        if time.monotonic() > end:
            raise AssertionError(message)
        time.sleep(0.1)


class Server:
    """`parvis serve` on a free port; records each exchange."""

    def __init__(self, home, *words):
        self.exchanges = []
        self.log = open(os.path.join(home.folder, "serve.log"), "w+")
        self.process = subprocess.Popen([PARVIS, "--home", home.home, "--config", home.config, "serve",
                                         "--listen", "127.0.0.1:0", *words], cwd=ROOT, stderr=subprocess.PIPE, text=True)
        for line in self.process.stderr:
            self.log.write(line)
            found = re.search(r"open http://127\.0\.0\.1:(\d+)/", line)
            if found:
                self.port = int(found[1])
                break
        else:
            raise AssertionError("the server does not start: see above")
        # What it says later goes to the log: a full pipe would stop it.
        self.drain = subprocess.Popen(["cat"], stdin=self.process.stderr, stdout=self.log)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.exit = self.process.wait(PATIENCE)
        self.drain.wait(PATIENCE)
        self.process.stderr.close()
        self.log.flush()
        self.log.seek(0)
        self.said = self.log.read()
        self.log.close()

    def request(self, method, target, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, target, body, headers or {})
            answer = connection.getresponse()
            kind = (answer.getheader("Content-Type") or "").split(";")[0]
            binary = kind == "application/pdf" or kind.startswith("image/")
            text = answer.read().decode("latin-1" if binary else "utf-8")
        finally:
            connection.close()
        value = json.loads(text) if kind.endswith("json") and method != "HEAD" else text
        if method != "HEAD":  # the same as GET, without what is judged
            self.exchanges.append({"method": method, "target": target, "status": answer.status, "type": kind, "value": value})
        self.headers = answer.headers
        return answer.status, value

    def get(self, target, **headers):
        return self.request("GET", target, None, headers)

    def post(self, target, value, kind="application/json"):
        body = value if isinstance(value, (bytes, str)) else json.dumps(value)
        return self.request("POST", target, body.encode() if isinstance(body, str) else body, {"Content-Type": kind})

    def ask(self, question, **more):
        return self.post("/api/v1/answers", {"question": question, **more})[1]

    def begin(self, **body):
        status, begun = self.post("/api/v1/conversations", body)
        if status != 201:
            raise AssertionError((status, begun))
        return Conversation(self, begun["id"], begun["token"])


class Conversation:
    """A visitor's: its id and its token."""

    def __init__(self, server, id, token):
        self.server, self.id, self.token = server, id, token

    def request(self, method, rest="", body=None, **headers):
        headers["Authorization"] = f"Bearer {self.token}"
        if body is not None:
            headers["Content-Type"] = "application/json"
            body = (body if isinstance(body, str) else json.dumps(body)).encode()
        return self.server.request(method, f"/api/v1/conversations/{self.id}{rest}", body, headers)

    def say(self, id, text, **more):
        return self.request("POST", "/messages", {"id": id, "text": text, **more})

    def events(self, after=0):
        status, page = self.request("GET", f"/events?after={after}")
        if status != 200:
            raise AssertionError((status, page))
        return page["messages"]

    def stream(self, after=None):
        return Stream(self, after)


class Stream:
    """Server-sent events: `next()` gives (id, event, data), or None when the server has closed."""

    def __init__(self, talk, last):
        self.connection = http.client.HTTPConnection("127.0.0.1", talk.server.port, timeout=PATIENCE)
        headers = {"Authorization": f"Bearer {talk.token}", "Accept": "text/event-stream"}
        if last is not None:
            headers["Last-Event-ID"] = str(last)
        self.connection.request("GET", f"/api/v1/conversations/{talk.id}/events", None, headers)
        self.answer = self.connection.getresponse()
        self.retry = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.answer.close()
        self.connection.close()

    def next(self):
        block = {}
        while True:
            line = self.answer.readline().decode()
            if not line:
                return None
            line = line.rstrip("\n")
            if not line:
                if "data" in block:
                    return block.get("id"), block.get("event"), json.loads(block["data"])
                block = {}
            elif not line.startswith(":"):
                key, _, value = line.partition(":")
                block[key] = value.removeprefix(" ")
                if key == "retry":
                    self.retry = value


def only(contract, wanted):
    """The contract of some paths."""
    return {**contract, "paths": {path: item for path, item in contract["paths"].items() if wanted(path)}}


def judge(contract, exchanges):
    """What is wrong with the exchanges by the OpenAPI document: a list of lines."""
    wrong, met = [], set()
    schemas = {"components": contract["components"]}

    def resolve(node):
        while "$ref" in node:
            target = contract
            for step in node["$ref"].removeprefix("#/").split("/"):
                target = target[step]
            node = target
        return node

    def described(path):
        """The path of the contract: as it stands, else the one whose parameters fit."""
        if path in contract["paths"]:
            return path
        for template in contract["paths"]:
            if re.fullmatch(re.sub(r"\{[a-z]+\}", "[^/]+", template), path):
                return template
        return None

    for exchange in exchanges:
        label = f'{exchange["method"]} {exchange["target"].split("?")[0]} {exchange["status"]}'
        path = described(exchange["target"].split("?")[0])
        if path is None:
            if exchange["status"] != 404:
                wrong.append(f"{label}: the path is not in the contract")
            continue
        operation = contract["paths"][path].get(exchange["method"].lower())
        if operation is None:
            if exchange["status"] != 405:
                wrong.append(f"{label}: the method is not in the contract")
            continue
        responses = operation["responses"]
        status = str(exchange["status"])
        response = responses.get(status, responses.get("default"))
        if response is None:
            wrong.append(f"{label}: this status is not in the contract")
            continue
        met.add((path, exchange["method"].lower(), status if status in responses else "default"))
        content = resolve(response).get("content", {})
        if not content and not exchange["value"]:
            continue
        if exchange["type"] not in content:
            wrong.append(f'{label}: the type {exchange["type"]} is not in the contract')
            continue
        validator = jsonschema.Draft202012Validator({**content[exchange["type"]]["schema"], **schemas})
        wrong += [f"{label}: {error.json_path}: {error.message}" for error in validator.iter_errors(exchange["value"])]
    for path, item in contract["paths"].items():
        for method, operation in item.items():
            if method == "parameters":
                continue
            done = [status for status in operation["responses"] if status.startswith("2")]
            if not any((path, method, status) in met for status in done):
                wrong.append(f"{method.upper()} {path}: nobody exercised it")
    return wrong
