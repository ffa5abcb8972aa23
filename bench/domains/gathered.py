"""An agent in one of several containers: gathered.py FOLDER COUNT COMMAND.

Waits until as many of them are there, runs the command, and prints when it began and ended, in seconds.
"""

import json
import pathlib
import subprocess
import sys
import time
import uuid

folder, count, command = pathlib.Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
(folder / uuid.uuid4().hex).touch()
while len(list(folder.iterdir())) < count:
    time.sleep(0.01)
began = time.time()
code = subprocess.run(["bash", "-c", command], stdout=subprocess.DEVNULL).returncode
print(json.dumps({"code": code, "began": began, "ended": time.time()}))
