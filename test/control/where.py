"""Prints its cgroup and its oom_score_adj, after who watches has had time to put it where it belongs."""

import pathlib
import time

time.sleep(0.5)
for name in ["cgroup", "oom_score_adj"]:
    print(pathlib.Path("/proc/self", name).read_text(), end="")
