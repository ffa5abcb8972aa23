"""What somebody else might send to acg's daemon. Reads nothing of acg: it is given bytes.

stranger.py ask SOCKET HEX[:PID]...   one connection; each message, with the pidfd of PID if there is one.
                                      Prints for each the answer's bytes and how many descriptors came.
stranger.py storm SOCKET COUNT SEED HEX...
                                      COUNT generated messages: noise, and the given ones with parts changed, with
                                      descriptors of all sorts, on connections that come and go.
"""

import os
import random
import socket
import sys


def connect(path):
    peer = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    peer.settimeout(30)
    peer.connect(path)
    return peer


def receive(peer):
    try:
        data, descriptors, _, _ = socket.recv_fds(peer, 64, 16)
    except (ConnectionResetError, BrokenPipeError):
        return b"", 0
    for fd in descriptors:
        os.close(fd)
    return data, len(descriptors)


def ask(path, *messages):
    peer = connect(path)
    for message in messages:
        data, _, pid = message.partition(":")
        fds = [os.pidfd_open(int(pid))] if pid else []
        socket.send_fds(peer, [bytes.fromhex(data)], fds)
        data, count = receive(peer)
        print(data.hex(), count)


def some_descriptors(chance):
    kinds = [
        lambda: os.pidfd_open(1),
        lambda: os.pidfd_open(os.getpid()),
        lambda: os.open("/dev/null", os.O_RDWR),
        lambda: os.open("/", os.O_PATH),
        lambda: socket.socket(socket.AF_UNIX).detach(),
        lambda: os.memfd_create("x"),
    ]
    return [chance.choice(kinds)() for _ in range(chance.choice([0, 0, 0, 1, 1, 2, 7, 12]))]


def some_message(chance, known):
    if chance.random() < 0.3:
        return chance.randbytes(chance.randrange(1, 80))
    message = bytearray(chance.choice(known))
    for _ in range(chance.randrange(1, 4)):
        at = chance.randrange(0, len(message), 4)
        word = chance.choice([0, 1, 2, 3, 0xFFFFFFFF, 4096, 65536, chance.getrandbits(32)])
        message[at : at + 4] = word.to_bytes(4, "little")
    return bytes(message[: chance.choice([len(message)] * 8 + [1, 4, 20, len(message) - 1])])


def storm(path, count, seed, *known):
    chance = random.Random(int(seed))
    known = [bytes.fromhex(message) for message in known]
    answers = {}
    peer = connect(path)
    for _ in range(int(count)):
        if chance.random() < 0.05:
            peer.close()
            peer = connect(path)
        fds = some_descriptors(chance)
        try:
            socket.send_fds(peer, [some_message(chance, known)], fds)
            data, _ = receive(peer)
        except BrokenPipeError:
            data = b""
        finally:
            for fd in fds:
                os.close(fd)
        if not data:
            peer.close()
            peer = connect(path)
        answers[data.hex()] = answers.get(data.hex(), 0) + 1
    for data, times in sorted(answers.items()):
        print(data, times)


{"ask": ask, "storm": storm}[sys.argv[1]](*sys.argv[2:])
