"""An agent in one of several containers: gathered.py FOLDER COUNT at-once|in-turn COMMAND.

Waits until as many of them are there, and in turn until those before it have ended; runs the command, and prints when
it began and ended, in seconds.
"""

import json
import pathlib
import subprocess
import sys
import time
import uuid

LOOK_EVERY_S = 0.05

folder, count, order, command = pathlib.Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4]
place = folder / f"{uuid.uuid4().hex}.there"
place.touch()
while len(present := sorted(folder.glob("*.there"))) < count:
    time.sleep(LOOK_EVERY_S)
before = present.index(place) if order == "in-turn" else 0
while len(list(folder.glob("*.done"))) < before:
    time.sleep(LOOK_EVERY_S)
began = time.time()
code = subprocess.run(["bash", "-c", command], stdout=subprocess.DEVNULL).returncode
place.with_suffix(".done").touch()
print(json.dumps({"code": code, "began": began, "ended": time.time()}))
