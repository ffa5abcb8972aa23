"""An agent whose children are interrupted by a signal just as they execute something, and go on."""

import os
import signal

for number in range(30):
    if os.fork() == 0:
        signal.signal(signal.SIGALRM, lambda *_: None)
        signal.siginterrupt(signal.SIGALRM, False)
        signal.setitimer(signal.ITIMER_REAL, 0.0005 + 0.0002 * number)
        os.execvp("sh", ["sh", "-c", f": {number}"])
    os.wait()
