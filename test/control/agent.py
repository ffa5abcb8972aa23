"""An agent without a model: carries out each command it is given, one after the other, and prints what came of it."""

import json
import subprocess
import sys

for command in sys.argv[1:]:
    done = subprocess.run(["bash", "-c", command], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    print(json.dumps({"code": done.returncode, "stdout": done.stdout, "stderr": done.stderr}), flush=True)
