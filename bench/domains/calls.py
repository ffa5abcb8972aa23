"""An agent without a model: calls COMMAND so many times, with a pause before each, and prints how long each took, in ms.

calls.py COUNT PAUSE_MS COMMAND...
"""

import json
import subprocess
import sys
import time

count, pause_ms, command = int(sys.argv[1]), float(sys.argv[2]), sys.argv[3:]
took_ms = []
for _ in range(count):
    time.sleep(pause_ms / 1000)
    start = time.monotonic()
    subprocess.run(command, check=True)
    took_ms.append((time.monotonic() - start) * 1000)
print(json.dumps(took_ms))
