"""Serves HTTP on a free port of loopback, writes the port into a file, and ends after so many seconds."""

import http.server
import os
import sys
import threading

server = http.server.HTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
with open(sys.argv[1] + ".part", "w") as file:
    file.write(str(server.server_port))
os.replace(sys.argv[1] + ".part", sys.argv[1])
threading.Timer(float(sys.argv[2]), os._exit, [0]).start()
server.serve_forever()
