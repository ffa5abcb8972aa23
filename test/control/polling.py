"""An agent without a model that polls at even intervals, and at last makes a call that begins like a poll.

Prints what the poll after that found itself in.
"""

import subprocess
import time

POLL = ["python3", "where.py"]
POLLS = 5
PAUSE_S = 1

for command in [*[POLL] * POLLS, ["python3", "-V"], POLL]:
    time.sleep(PAUSE_S)
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
print(done.stdout, end="")
