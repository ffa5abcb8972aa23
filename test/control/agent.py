"""An agent without a model: carries out each command it is given, and prints what came of it.

One after the other, or all at once: agent.py [--together] COMMAND...
"""

import json
import subprocess
import sys

together = sys.argv[1] == "--together"
commands = sys.argv[2:] if together else sys.argv[1:]


def start(command):
    return subprocess.Popen(
        ["bash", "-c", command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


started = [start(command) for command in commands] if together else map(start, commands)
for process in started:
    stdout, stderr = process.communicate()
    print(json.dumps({"code": process.returncode, "stdout": stdout, "stderr": stderr}), flush=True)
