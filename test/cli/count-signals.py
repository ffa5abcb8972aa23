"""An agent that notes every signal it gets, one a line, in the file that it is given. SIGQUIT ends it."""

import signal
import sys

log = open(sys.argv[1], "w", buffering=1)


def note(number, _):
    log.write(f"{signal.Signals(number).name}\n")
    if number == signal.SIGQUIT:
        sys.exit(7)


for name in sys.argv[2:]:
    signal.signal(signal.Signals[name], note)
log.write("ready\n")
while True:
    signal.pause()
