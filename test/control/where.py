"""Prints its child's cgroup and oom_score_adj and its own, after who watches has had time to put it where it belongs."""

import os
import pathlib
import time

child = os.fork()
time.sleep(0.5)
if child:
    os.waitpid(child, 0)
for name in ["cgroup", "oom_score_adj"]:
    print(pathlib.Path("/proc/self", name).read_text(), end="", flush=True)
