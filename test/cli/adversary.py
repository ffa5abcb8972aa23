"""An agent that does to its execs whatever might upset who reads them. Exits with 7 if all of that went as it should."""

import ctypes
import fcntl
import mmap
import os
import platform
import signal
import subprocess
import sys
import threading
import time

libc = ctypes.CDLL(None, use_errno=True)
TRUE = '/usr/bin/true'
PAGE = mmap.PAGESIZE
PR_SET_DUMPABLE = 4
SYS_EXIT = {'x86_64': 60, 'aarch64': 93}


def child(act):
    """Forks a process that acts and, if it comes back, ends."""
    pid = os.fork()
    if pid == 0:
        try:
            act()
        except OSError:
            pass
        finally:
            os._exit(1)
    return pid


def ended(act):
    return os.waitpid(child(act), 0)[1]


def huge_arguments():
    word = 'x' * 100_000
    assert ended(lambda: os.execv(TRUE, ['true', *[word] * 10])) == 0
    for words in ([word] * 30, ['y'] * 300_000, ['z' * 1_000_000]):
        ended(lambda: os.execv(TRUE, ['true', *words]))
    ended(lambda: os.execve(TRUE, ['true'], {f'ACG_{at}': 'e' * 300 for at in range(5000)}))


def wild_pointers():
    pages = mmap.mmap(-1, 2 * PAGE)
    start = ctypes.addressof(ctypes.c_char.from_buffer(pages))
    assert libc.munmap(ctypes.c_void_p(start + PAGE), PAGE) == 0
    edge = start + PAGE
    # A page of pointers without an end: to nowhere, to its own last byte, to itself.
    for pointer in (1, edge - 1, start, 2**64 - 1, 2**63):
        (ctypes.c_uint64 * (PAGE // 8)).from_address(start)[:] = [pointer] * (PAGE // 8)
        for array in (start, start + 1, edge - 8, edge - 4, edge, 8, 2**64 - 8, 2**64 - 1):
            for path in (TRUE.encode(), array):
                path = ctypes.c_void_p(path) if isinstance(path, int) else ctypes.c_char_p(path)
                ended(lambda: libc.execve(path, ctypes.c_void_p(array), ctypes.c_void_p(array)))
                ended(lambda: libc.execveat(0, path, ctypes.c_void_p(array), ctypes.c_void_p(array), 0))


def no_programs():
    os.mkfifo('fifo', 0o777)
    os.symlink('loop', 'loop')
    names = ['/', '.', '', 'fifo', './fifo', 'loop', '/dev/null', 'x' * 300, 'a/' * 2040, '/' * 5000, '../' * 900 + 'x']
    for name in names:
        assert ended(lambda: os.execv(name, ['no program'])) != 0


def by_other_names():
    os.symlink(TRUE, 'link')
    assert ended(lambda: os.execv('./link', ['by a link'])) == 0
    assert ended(lambda: os.execv('/proc/self/exe', ['by itself', '-c', ''])) == 0
    fd = os.open(TRUE, os.O_RDONLY)
    assert ended(lambda: os.execve(fd, ['by a descriptor'], {})) == 0


def unreadable():
    def act():
        libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
        os.execv(TRUE, ['unreadable'])

    assert ended(act) == 0


def without_first_thread():
    def act():
        def execute():
            while open('/proc/self/stat').read().rsplit(')', 1)[1].split()[0] != 'Z':
                time.sleep(0.001)
            os.execv(TRUE, ['without a first thread'])

        threading.Thread(target=execute).start()
        libc.syscall(SYS_EXIT[platform.machine()], 0)

    assert ended(act) == 0


def all_threads_at_once():
    def act():
        barrier = threading.Barrier(20)

        def execute():
            barrier.wait()
            os.execv(TRUE, ['true'])

        for _ in range(20):
            threading.Thread(target=execute).start()
        time.sleep(10)

    for _ in range(5):
        assert ended(act) == 0


def interrupted():
    def act():
        signal.signal(signal.SIGALRM, lambda *_: None)
        signal.siginterrupt(signal.SIGALRM, False)
        signal.setitimer(signal.ITIMER_REAL, 0.0001, 0.0001)
        os.execv(TRUE, ['true'])

    for _ in range(50):
        ended(act)


def by_32_bits():
    """execve() of i386 out of a 64-bit process, where the machine has that."""
    if platform.machine() != 'x86_64':
        return
    MAP_32BIT = 0x40
    low = mmap.mmap(-1, PAGE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | MAP_32BIT, prot=7)
    at = ctypes.addressof(ctypes.c_char.from_buffer(low))
    words = b'by 32 bits\0'
    low[512 : 512 + len(TRUE) + 1] = TRUE.encode() + b'\0'
    low[1024 : 1024 + len(words)] = words
    low[2048:2056] = (at + 1024).to_bytes(4, 'little') + bytes(4)
    number = lambda of: of.to_bytes(4, 'little')
    # push rbx; mov eax, 11; mov ebx, path; mov ecx, argv; xor edx, edx; int 0x80; pop rbx; ret
    code = b'\x53\xb8' + number(11) + b'\xbb' + number(at + 512) + b'\xb9' + number(at + 2048) + b'\x31\xd2\xcd\x80\x5b\xc3'
    low[: len(code)] = code
    ended(ctypes.CFUNCTYPE(ctypes.c_int)(at))


def killed_while_waiting():
    for batch in range(20):
        pids = [child(lambda: os.execv(TRUE, ['true'])) for _ in range(100)]
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        for pid in pids:
            os.waitpid(pid, 0)


def orphans():
    def act():
        os.setsid()
        child(lambda: subprocess.run([TRUE]))

    for _ in range(50):
        ended(act)


def leased():
    """While an exec waits for who has a lease on its file, others go on."""
    with open('leased', 'w') as file:
        file.write('#!/bin/sh\n')
    os.chmod('leased', 0o755)
    signal.signal(signal.SIGIO, signal.SIG_IGN)
    file = os.open('leased', os.O_RDWR)
    try:
        fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_WRLCK)
    except OSError:
        return
    # The child has the lease too, as long as it has the descriptor.
    waiting = child(lambda: (os.close(file), os.execv('./leased', ['leased'])))
    time.sleep(0.2)
    subprocess.run([TRUE], timeout=10, check=True)
    fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    os.close(file)
    os.waitpid(waiting, 0)


for act in (
    huge_arguments,
    wild_pointers,
    no_programs,
    by_other_names,
    unreadable,
    without_first_thread,
    all_threads_at_once,
    interrupted,
    by_32_bits,
    killed_while_waiting,
    orphans,
    leased,
):
    began = time.monotonic()
    act()
    print(act.__name__, f'{time.monotonic() - began:.2f} s', flush=True)
sys.exit(7)
