"""A mail server for tests: aiosmtpd on a free port, which it prints. It keeps what it receives, read by Python's
own parser, in FOLDER/N.json and FOLDER/N.eml, and misbehaves as told: {"RCPT": "550 5.1.1 no such user"} answers
so; "drop" cuts the connection, "hang" never answers. Stages: GREETING, EHLO, STARTTLS, MAIL, RCPT, DATA, BODY, END
(the mail is kept, then the connection is cut)."""
import asyncio, base64, email, email.policy, json, logging, pathlib, ssl, sys, warnings

try:
    from aiosmtpd.smtp import SMTP, AuthResult
except ImportError:
    sys.exit("aiosmtpd is not installed: run bin/setup, or apt-get install python3-aiosmtpd")

logging.disable()  # a client that leaves in the middle is what is tested
warnings.simplefilter("ignore")
folder, options = pathlib.Path(sys.argv[1]), json.loads(sys.argv[2])
script = options.get("script", {})
count = 0


def keep(envelope, session, secure):
    global count
    count += 1
    message = email.message_from_bytes(envelope.original_content, policy=email.policy.default)
    parts = [{"type": p.get_content_type(), "name": p.get_filename(), "encoding": p["Content-Transfer-Encoding"],
              "charset": p.get_content_charset(), "disposition": p.get_content_disposition(),
              "bytes": base64.b64encode(p.get_payload(decode=True)).decode()}
             for p in message.walk() if not p.is_multipart()]
    boxes = lambda name: [[a.display_name, a.addr_spec] for a in message[name].addresses] if message[name] else []
    record = {"mail_from": envelope.mail_from, "rcpt_tos": envelope.rcpt_tos, "helo": session.host_name,
              "tls": secure, "user": session.auth_data,
              "from": boxes("From"), "to": boxes("To"), "reply_to": boxes("Reply-To"),
              "headers": {k: str(v) for k, v in message.items()}, "types": [p.get_content_type() for p in message.walk()],
              "defects": [str(d) for p in message.walk() for d in p.defects], "parts": parts}
    (folder / f"{count}.eml").write_bytes(envelope.original_content)
    (folder / f"{count}.json").write_text(json.dumps(record))


class Server(SMTP):
    async def misbehaves(self, stage):
        what = script.get(stage)
        if what == "hang":
            await asyncio.Event().wait()
        if what == "drop":
            self.transport.abort()
        elif what:
            await super().push(what)
        return what

    async def _handle_client(self):
        if await self.misbehaves("GREETING"):
            self.transport.close()
            return
        await super()._handle_client()

    async def handle_DATA(self, server, session, envelope):
        if what := script.get("BODY"):
            if what not in ("hang", "drop"):
                return what
            await self.misbehaves("BODY")
            return "250 too late"
        keep(envelope, session, self.transport.get_extra_info("ssl_object") is not None)
        await self.misbehaves("END")
        return "250 2.0.0 taken"


def staged(verb):
    async def method(self, arg):
        if not await self.misbehaves(verb):
            await getattr(SMTP, "smtp_" + verb)(self, arg)
    return method


for verb in ("EHLO", "STARTTLS", "MAIL", "RCPT", "DATA"):
    setattr(Server, "smtp_" + verb, staged(verb))


class Handler:
    async def handle_DATA(self, server, session, envelope):
        return await server.handle_DATA(server, session, envelope)


def authenticator(server, session, envelope, mechanism, data):
    good = [data.login.decode(), data.password.decode()] == options["user"]
    return AuthResult(success=good, handled=False, auth_data=data.login.decode())


async def main():
    tls = None
    if "certificate" in options:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(options["certificate"], options["key"])
    at_once = options.get("smtps", False)
    make = lambda: Server(Handler(), hostname="mail.test", tls_context=None if at_once else tls, loop=loop,
                          authenticator=authenticator if "user" in options else None,
                          auth_required="user" in options, auth_require_tls=tls is not None and not at_once,
                          data_size_limit=options.get("size", 33554432))
    loop = asyncio.get_running_loop()
    server = await loop.create_server(make, "127.0.0.1", options.get("port", 0), ssl=tls if at_once else None)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())
