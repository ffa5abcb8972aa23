"""An agent without a model that polls at even intervals, and whose calls begin like the polls.

Prints what each poll found itself in that came after a call.
"""

import subprocess
import time


def run(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def poll(program, poll_word, call_words, pause_s):
    """Taken for a call until it has come often enough at even intervals, and after a call at first for the next one."""
    for _ in range(5):
        time.sleep(pause_s)
        run(program, poll_word)
    for word in call_words:
        time.sleep(pause_s)
        run(program, word)
        time.sleep(pause_s)
        print(run(program, poll_word), end="")


poll("cat", "/proc/self/cgroup", [f"/proc/{'./' * more}uptime" for more in range(8)], 0.4)
poll("python3", "where.py", ["-V"], 1)
