"""A real calendar server for tests: Radicale on a free port, which it prints, in FOLDER; one user, one calendar."""
import json
import os
import signal
import socket
import sys
import time

folder, options = sys.argv[1], json.loads(sys.argv[2])
port = options.get("port", 0)
if not port:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
calendar = os.path.join(folder, "collection-root", "agent", "calendar")
os.makedirs(calendar, exist_ok=True)
with open(os.path.join(calendar, ".Radicale.props"), "w") as file:
    json.dump({"tag": "VCALENDAR", "C:supported-calendar-component-set": "VEVENT"}, file)
with open(os.path.join(folder, "users"), "w") as file:
    file.write("agent:secret\n")
with open(os.path.join(folder, "config"), "w") as file:
    file.write(f"""[server]
hosts = 127.0.0.1:{port}
[auth]
type = htpasswd
htpasswd_filename = {folder}/users
htpasswd_encryption = plain
delay = 0
[rights]
type = owner_only
[storage]
filesystem_folder = {folder}
[logging]
level = error
""")
server = os.fork()
if server == 0:
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.execv("/usr/bin/python3", ["/usr/bin/python3", "-I", "-B", "-m", "radicale", "--config", os.path.join(folder, "config")])
end = time.monotonic() + 60
while True:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        break
    except OSError:
        if time.monotonic() > end or os.waitpid(server, os.WNOHANG)[0]:
            sys.exit("Radicale does not start: run bin/setup tests (python3-radicale)")
        time.sleep(0.05)
print(port, flush=True)


def stop(*_):
    os.kill(server, signal.SIGKILL)
    os.waitpid(server, 0)
    os._exit(0)


signal.signal(signal.SIGTERM, stop)
while True:
    signal.pause()
