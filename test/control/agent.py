"""An agent without a model: carries out each command it is given, and prints what came of it.

One after the other with a pause before each, or all at once; at last in a shell that reads its commands from a pipe.
"""

import argparse
import json
import subprocess
import time

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--together", action="store_true")
parser.add_argument("--pause", type=float, default=0, metavar="SECONDS")
parser.add_argument("--piped", metavar="COMMANDS")
parser.add_argument("commands", nargs="*")
wanted = parser.parse_args()


def start(*words, stdin=subprocess.DEVNULL):
    time.sleep(wanted.pause)
    return subprocess.Popen(
        ["bash", *words], stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def finish(process, commands=None):
    stdout, stderr = process.communicate(commands)
    print(json.dumps({"code": process.returncode, "stdout": stdout, "stderr": stderr}), flush=True)


started = (start("-c", command) for command in wanted.commands)
for process in list(started) if wanted.together else started:
    finish(process)
if wanted.piped is not None:
    finish(start(stdin=subprocess.PIPE), wanted.piped)
