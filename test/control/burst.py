"""Holds as many MB as it is told, in pages that are really there."""

import sys

MB = 1 << 20
held = [b"x" * MB for _ in range(int(sys.argv[1]))]
print("held", len(held), "MB")
