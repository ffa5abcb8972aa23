"""Touches as many megabytes as it is told, holds them for as many seconds, and prints its own ru_maxrss."""

import resource
import sys
import time

held = bytearray(int(sys.argv[1]) * 1024 * 1024)
for page in range(0, len(held), 4096):
    held[page] = 1
time.sleep(float(sys.argv[2]))
print("ru_maxrss_kib", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
