"""An agent that no table knows, without a model: it plays one fixed session and writes down the truth of it.

It runs commands in the ways that agents do: by argv, through `bash -c`, two at once, and through a shell that it
keeps and feeds on a pipe. Meanwhile it polls git for itself. Usage: agent.py TRUTH_FILE, in the scenario's project.
"""

import json
import re
import subprocess
import sys
import threading
import time

THINK_S = 0.3
POLL_S = 0.3
POLL = ["git", "status", "--porcelain"]

calls = []


def note(argv, start, end, returncode, guessed, proven=None, output="", background=()):
    peak = re.search(r"^ru_maxrss_kib (\d+)$", output or "", re.M)
    ending = {"signal": -returncode} if returncode < 0 else {"code": returncode}
    command = argv if isinstance(argv, str) else " ".join(argv)
    calls.append({
        "tool_use_id": "unknown_%d" % (len(calls) + 1),
        "command": command,
        "start_epoch_ms": start * 1000,
        "end_epoch_ms": end * 1000,
        "end_source": "printed",
        "peak_bytes": int(peak.group(1)) * 1024 if peak else None,
        "expected": {
            "command": command,
            "ending": ending,
            "guessed": guessed,
            "proven": proven or guessed,
            "background": list(background),
        },
    })


def run(argv, guessed, proven=None, background=(), timeout=None):
    start = time.time()
    # A file, not a pipe: a server left behind would hold a pipe open.
    with open("output.txt", "w+") as output:
        child = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        try:
            child.wait(timeout)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        end = time.time()
        output.seek(0)
        note(argv, start, end, child.returncode, guessed, proven, output.read(), background)
    time.sleep(THINK_S)


def run_together(commands, guessed):
    def one(argv):
        start = time.time()
        done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        note(argv, start, time.time(), done.returncode, guessed, output=done.stdout)

    threads = [threading.Thread(target=one, args=(argv,)) for argv in commands]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    time.sleep(THINK_S)


class Shell:
    """A bash that lives as long as the agent. It tells the time by a variable, so a builtin executes nothing."""

    def __init__(self):
        self.process = subprocess.Popen(
            ["bash", "--norc", "--noprofile"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )

    def tell(self, line):
        self.process.stdin.write('echo "@ 0 $EPOCHREALTIME"\n%s\necho "@ $? $EPOCHREALTIME"\n' % line)
        self.process.stdin.flush()
        marks = []
        while len(marks) < 2:
            word, *rest = self.process.stdout.readline().split() or [""]
            if word == "@":
                marks.append(rest)
        time.sleep(THINK_S)
        return float(marks[0][1]), float(marks[1][1]), int(marks[1][0])

    def job(self, line, words, guessed):
        start, end, code = self.tell(line)
        note(words, start, end, 128 - code if code > 128 else code, guessed)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def poll(stop):
    due = time.monotonic()
    while not stop.wait(max(0, due - time.monotonic())):
        subprocess.run(POLL, stdin=subprocess.DEVNULL, capture_output=True)
        due += POLL_S


def main(truth_file):
    stop = threading.Event()
    poller = threading.Thread(target=poll, args=(stop,))
    poller.start()
    time.sleep(1)

    run(["grep", "-rn", "widget", "src"], "explore")
    run(["bash", "-c", "ls src && cat src/parts.txt | sort | head -2"], "explore")
    run_together([["python3", "burst.py", "240", "0.5"], ["python3", "burst.py", "120", "0.5"]], "run")
    run(["python3", "-m", "unittest", "discover", "-s", "failing"], "test")
    run(["bash", "-c", "./check.sh"], "run", "test")
    run(["python3", "-c", "print('one', 1 + 1)"], "snippet")
    run(["sh", "-c", "echo going; kill -9 $$"], "other")
    run(["sleep", "30"], "other", timeout=1)
    run(["git", "log", "--oneline"], "git")

    server = "setsid python3 server.py unknown.port 60 > unknown.log 2>&1 &"
    run(["sh", "-c", server + " until [ -s unknown.port ]; do sleep 0.1; done"], "run", background=["server.py"])
    run(["bash", "-c", 'curl -sS "http://127.0.0.1:$(cat unknown.port)/src/more.txt"'], "network")

    shell = Shell()
    shell.tell("cd src")
    shell.job("grep -n widget parts.txt", "grep -n widget parts.txt", "explore")
    shell.tell("x=3; [ $x = 3 ] && echo yes; pwd; type cd")
    shell.job("sort parts.txt | uniq -c | head -2", "sort parts.txt | uniq -c | head -2", "explore")
    shell.tell("cd ..")
    shell.job('python3 -c "import sys; sys.exit(4)"', "python3 -c import sys; sys.exit(4)", "snippet")
    shell.job("sh -c 'kill -9 $$'", "sh -c kill -9 $$", "other")
    shell.job("sleep 0.5", "sleep 0.5", "other")
    shell.close()

    stop.set()
    poller.join()
    with open(truth_file, "w") as file:
        json.dump({"polling": " ".join(POLL), "calls": calls}, file, indent=1)


main(sys.argv[1])
