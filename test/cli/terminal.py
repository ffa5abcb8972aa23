#!/usr/bin/env python3
"""A terminal that a test drives: a pty whose other side is a program's controlling terminal.

usage: terminal.py ROWS COLUMNS COMMAND [ARG]...

Each line on stdin is an order in JSON, each line on stdout its answer:

  {"expect": REGEX, "seconds": N}   {"text": what came up to and with the match} or {"failed": why, "text": what came}
  {"send": TEXT}                    {}
  {"resize": [ROWS, COLUMNS]}       {}
  {"modes": true}                   {"modes": the terminal's, comparable}
  {"hangUp": true}                  {}
  {"end": true, "seconds": N}       {"exitCode": N, "signal": null, "text": what came} or {"failed": why, …}

At the end of stdin the terminal is closed. Only Python's own library is used.
"""

import fcntl
import json
import os
import pty
import re
import select
import struct
import sys
import termios
import time


class Terminal:
    def __init__(self, rows, columns, command):
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            os.execvp(command[0], command)
        self.unread = ""

    def read(self, until):
        """Takes in what comes; False at the end of the output or of the time."""
        ready, _, _ = select.select([self.master], [], [], max(0, until - time.monotonic()))
        if not ready:
            return False
        try:
            self.unread += os.read(self.master, 65536).decode("utf-8", "replace")
            return True
        except OSError:  # EIO: no program has the terminal open any more
            return False

    def expect(self, regex, seconds):
        until = time.monotonic() + seconds
        while True:
            found = re.search(regex, self.unread)
            if found:
                text, self.unread = self.unread[: found.end()], self.unread[found.end() :]
                return {"text": text}
            if not self.read(until):
                why = "the time is up" if time.monotonic() >= until else "the program has ended"
                return {"failed": f"no {regex!r}: {why}", "text": self.unread}

    def end(self, seconds):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                while self.master is not None and self.read(time.monotonic()):
                    pass
                code = os.waitstatus_to_exitcode(status)
                ended = {"exitCode": code, "signal": None} if code >= 0 else {"exitCode": None, "signal": -code}
                return {**ended, "text": self.unread}
            if self.master is None or not self.read(time.monotonic() + 0.05):
                time.sleep(0.05)
        return {"failed": "the program has not ended", "text": self.unread}

    def modes(self):
        iflag, oflag, cflag, lflag, _, _, characters = termios.tcgetattr(self.master)
        return {"modes": [iflag, oflag, cflag, lflag, *(str(each) for each in characters)]}

    def obey(self, order):
        if "expect" in order:
            return self.expect(order["expect"], order["seconds"])
        if "end" in order:
            return self.end(order["seconds"])
        if "modes" in order:
            return self.modes()
        if "send" in order:
            os.write(self.master, order["send"].encode())
        elif "resize" in order:
            fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", *order["resize"], 0, 0))
        elif "hangUp" in order:
            os.close(self.master)
            self.master = None
        return {}


def main():
    terminal = Terminal(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
    for line in sys.stdin:
        print(json.dumps(terminal.obey(json.loads(line))), flush=True)


main()
