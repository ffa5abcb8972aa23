"""An agent that uses the host's ports. What it does is its first argument, the port its second, how
much or how many its third."""

import concurrent.futures
import hashlib
import os
import socket
import sys
import threading

act, port, size = sys.argv[1], int(sys.argv[2]), int((sys.argv + ["0"])[3])


def connect():
    return socket.create_connection(("127.0.0.1", port), timeout=300)


def echo(bytes_):
    """Sends and reads at the same time, as a program that streams does; returns what came back."""
    with connect() as link:
        sender = threading.Thread(target=lambda: (link.sendall(bytes_), link.shutdown(socket.SHUT_WR)))
        sender.start()
        got = b"".join(iter(lambda: link.recv(65536), b""))
        sender.join()
        return got


if act == "echo":
    sent = os.urandom(size)
    print(hashlib.sha256(echo(sent)).digest() == hashlib.sha256(sent).digest())
elif act == "both-talk":
    # The host does not listen before it has said all of its own.
    with connect() as link:
        sender = threading.Thread(target=lambda: (link.sendall(bytes(size)), link.shutdown(socket.SHUT_WR)))
        sender.start()
        print(sum(len(got) for got in iter(lambda: link.recv(65536), b"")))
        sender.join()
elif act == "at-once":
    with concurrent.futures.ThreadPoolExecutor(size) as pool:
        # Each holds its connection until all are there.
        gate = threading.Barrier(size)

        def ask(number):
            with connect() as link:
                gate.wait()
                link.sendall(b"%d\n" % number)
                return link.makefile().readline() == f"{number}\n"

        print(sum(pool.map(ask, range(size))))
elif act == "nobody":
    try:
        with connect() as link:
            link.sendall(b"hello\n")
            print("closed" if link.recv(1) == b"" else "answered")
    except ConnectionError as error:
        print("reset" if isinstance(error, ConnectionResetError) else "refused")
