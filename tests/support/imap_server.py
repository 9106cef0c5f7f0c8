"""A mailbox for tests: Dovecot from Debian, with a configuration, folder and port of its own; prints the port once it
answers. Mail lies in FOLDER/mail as a Maildir (a file put into new/ is a mail that came). One user, "parvis", whose
password is "secret". FOLDER must be empty. Options: {"certificate": PEM, "key": PEM} offers STARTTLS, {"port": N},
{"refuse": ["UID MOVE"]}: commands that it does not know, as an old server."""
import ctypes, grp, json, os, pathlib, pwd, shutil, signal, socket, subprocess, sys, threading, time

DOVECOT = shutil.which("dovecot", path="/usr/sbin:/usr/bin")
if DOVECOT is None:
    sys.exit("dovecot is not installed: run bin/setup tests, or apt-get install dovecot-imapd")
folder, options = pathlib.Path(sys.argv[1]), json.loads(sys.argv[2])
root = os.geteuid() == 0  # then, as a rule of Dovecot, mail belongs to another user
own = pwd.getpwnam("mail") if root else pwd.getpwuid(os.geteuid())
group = grp.getgrgid(own.pw_gid).gr_name


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


port = options.get("port") or free_port()
tls = f"ssl = yes\nssl_cert = <{options['certificate']}\nssl_key = <{options['key']}\n" if "certificate" in options else "ssl = no\n"
(folder / "dovecot.conf").write_text(f"""
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
{tls}disable_plaintext_auth = no
mail_location = maildir:{folder}/mail
first_valid_uid = 1
default_internal_user = {"dovecot" if root else own.pw_name}
default_internal_group = {"dovecot" if root else group}
default_login_user = {"dovenull" if root else own.pw_name}
passdb {{
  driver = static
  args = password=secret
}}
userdb {{
  driver = static
  args = uid={own.pw_uid} gid={own.pw_gid} home={folder}/home
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
""")
os.chmod(folder, 0o755)
for part in ("mail", "mail/new", "mail/cur", "mail/tmp", "home"):
    path = folder / part
    path.mkdir(exist_ok=True)
    os.chmod(path, 0o777)
    if root:
        os.chown(path, own.pw_uid, own.pw_gid)

parent = os.getpid()


def end_with_us():  # however we end
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)
    if os.getppid() != parent:
        os._exit(1)


process = subprocess.Popen([DOVECOT, "-F", "-c", str(folder / "dovecot.conf")], preexec_fn=end_with_us,
                           stdout=subprocess.DEVNULL, stderr=sys.stderr)
signal.signal(signal.SIGTERM, lambda *_: process.terminate())
until = time.monotonic() + 60
while True:
    try:
        with socket.create_connection(("127.0.0.1", port), 5) as talk:
            if talk.recv(100).startswith(b"* OK"):
                break
    except OSError:
        pass
    if process.poll() is not None or time.monotonic() > until:
        log = folder / "log"
        sys.exit("dovecot does not start: " + (log.read_text() if log.exists() else "see above"))
    time.sleep(0.05)
refused = [name.encode() for name in options.get("refuse", [])]


def stand_between(client):  # lines of a client, but those of commands that are refused
    with client, socket.create_connection(("127.0.0.1", port)) as server:
        def answer():
            try:
                while data := server.recv(65536):
                    client.sendall(data)
                client.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # the client left first

        threading.Thread(target=answer, daemon=True).start()
        for line in client.makefile("rb"):
            tag, _, command = line.partition(b" ")
            if any(command.upper().startswith(name + b" ") for name in refused):
                client.sendall(tag + b" BAD Unknown command.\r\n")
            else:
                server.sendall(line)


def listen(listener):
    while True:
        threading.Thread(target=stand_between, args=(listener.accept()[0],), daemon=True).start()


if refused:
    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=listen, args=(listener,), daemon=True).start()
    print(listener.getsockname()[1], flush=True)
else:
    print(port, flush=True)
process.wait()
