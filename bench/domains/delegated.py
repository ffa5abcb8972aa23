"""What can be done with cgroups without acg, in the scope that this runs in: one delegated to the user.

delegated.py write COUNT PAUSE_MS           moves a fresh process into a fresh cgroup; prints each write's time, in ms
delegated.py wrap COUNT PAUSE_MS            has bash make a cgroup and enter it before `true`; prints each one's time
delegated.py poll INTERVAL_MS COMMAND...    COMMAND begins with a memory.high of 64 MB, which is raised by another 64 MB
                                            whenever a look finds it nearly used; prints the time in ms. 0: no limit
"""

import json
import os
import signal
import subprocess
import sys
import time

STEP = 64 << 20
root = "/sys/fs/cgroup" + open("/proc/self/cgroup").read().strip().removeprefix("0::")


def put(path, value):
    with open(f"{root}/{path}", "w") as file:
        file.write(str(value))


def get(path):
    with open(f"{root}/{path}") as file:
        return file.read()


def timed(act):
    start = time.monotonic()
    act()
    return (time.monotonic() - start) * 1000


def write(count, pause_ms):
    for number in range(count):
        os.mkdir(f"{root}/leaf-{number}")
        child = os.fork()
        if child == 0:
            signal.pause()
        time.sleep(pause_ms / 1000)
        yield timed(lambda: put(f"leaf-{number}/cgroup.procs", child))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.rmdir(f"{root}/leaf-{number}")


def wrap(count, pause_ms):
    for number in range(count):
        time.sleep(pause_ms / 1000)
        leaf = f"{root}/leaf-{number}"
        script = f"mkdir {leaf} && echo $$ > {leaf}/cgroup.procs && exec true"
        yield timed(lambda: subprocess.run(["bash", "-c", script], check=True))
        os.rmdir(leaf)


def poll(interval_ms, command):
    os.mkdir(f"{root}/burst")
    limit = STEP
    if interval_ms > 0:
        put("burst/memory.high", limit)
    enter = f"echo $$ > {root}/burst/cgroup.procs && exec \"$@\""
    start = time.monotonic()
    child = subprocess.Popen(["bash", "-c", enter, "bash", *command], stdout=subprocess.DEVNULL)
    while interval_ms > 0 and child.poll() is None:
        time.sleep(interval_ms / 1000)
        if int(get("burst/memory.current")) > limit * 0.9:
            limit += STEP
            put("burst/memory.high", limit)
    if child.wait() != 0:
        sys.exit(f"{command} exited with {child.returncode}")
    took = (time.monotonic() - start) * 1000
    os.rmdir(f"{root}/burst")
    return took


os.mkdir(f"{root}/self")
put("self/cgroup.procs", os.getpid())
put("cgroup.subtree_control", "+memory")
what, first, *rest = sys.argv[1:]
if what == "poll":
    print(json.dumps([poll(float(first), rest)]))
else:
    act = {"write": write, "wrap": wrap}[what]
    print(json.dumps(list(act(int(first), float(rest[0])))))
