"""How a worker locks itself in, in layers, and how it finds out what they are worth.

Layers: namespaces of its own (no network, no other hosts' names), resource limits, Landlock (no file), no
capabilities, a seccomp filter. Each is tried; what counts is that afterwards files, network and processes were seen to
be out of reach.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import resource
import socket
import struct
from collections.abc import Callable
from functools import partial

from . import seccomp

__all__ = ["confine", "enter_namespaces", "probe"]

NEW_USER, NEW_NET, NEW_IPC, NEW_UTS = 0x10000000, 0x40000000, 0x08000000, 0x04000000
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS = 1, 4, 38
LANDLOCK_CREATE, LANDLOCK_RESTRICT = 444, 446  # the same on all machines
CAPSET = {"x86_64": 126, "aarch64": 91}
CAPABILITY_VERSION_3 = 0x20080522
FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 5: 16}
"""Landlock version to the number of its rights over files, all of which are taken away."""


def enter_namespaces() -> list[str]:
    """Go into user, network, IPC and host name namespaces of its own; return the layers that this adds.

    Only a process with one thread can; many containers do not allow it, and then nothing is added.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    return ["namespaces"] if libc.unshare(NEW_USER | NEW_NET | NEW_IPC | NEW_UTS) == 0 else []


def confine(memory: int) -> list[str]:
    """Take everything away from this process that arithmetic does not need; return the layers that are in force.

    Args:
        memory: bytes that it may still ask for.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    layers = []
    libc.prctl(PR_SET_PDEATHSIG, 9, 0, 0, 0)  # end with the process that forked it
    libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0:
        layers.append("no-new-privileges")
    limits = {"AS": _held() + memory, "NPROC": 0, "FSIZE": 0, "CORE": 0, "NOFILE": 3, "MEMLOCK": 0}
    # Capabilities go last but for the filter: without them root itself has to obey.
    steps: list[tuple[str, Callable[[], bool]]] = [
        ("landlock", lambda: _landlock(libc)),
        ("no-capabilities", lambda: _drop_capabilities(libc)),
        ("limits", lambda: _limit(limits)),
        ("seccomp", _filter),
    ]
    for name, step in steps:
        with contextlib.suppress(OSError, KeyError, ValueError):
            if step():
                layers.append(name)
    return layers


def probe() -> dict[str, bool]:
    """Try what must not work, and return what was refused."""
    return {
        "files": all(
            _fails(partial(_open, path, how)) for path, how in (("/", os.O_RDONLY), (os.devnull, os.O_WRONLY))
        ),
        "network": _fails(_connect),
        "processes": _fails(_fork),
        "signals": _fails(lambda: os.kill(os.getppid(), 0)),
    }


def _fails(action: Callable[[], object]) -> bool:
    try:
        action()
    except OSError:
        return True
    return False


def _open(path: str, how: int) -> None:
    os.close(os.open(path, how))


def _connect() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as made:
        made.connect(("192.0.2.1", 9))  # an address for documentation; a datagram socket sends nothing yet


def _fork() -> None:
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)


def _held() -> int:
    """Return the address space that this process has, in bytes."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[0]) * resource.getpagesize()


def _limit(limits: dict[str, int]) -> bool:
    for name, most in limits.items():
        resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (most, most))
    return True


def _landlock(libc: ctypes.CDLL) -> bool:
    version = libc.syscall(LANDLOCK_CREATE, None, 0, 1)
    if version < 1:
        return False
    rights = max(count for since, count in FILE_RIGHTS.items() if since <= version)
    files, ports, scopes = (1 << rights) - 1, 3 if version >= 4 else 0, 3 if version >= 6 else 0
    attributes = struct.pack("<QQQ", files, ports, scopes)
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    rules = libc.syscall(LANDLOCK_CREATE, ctypes.c_char_p(attributes), ctypes.c_size_t(size), 0)
    if rules < 0:
        return False
    try:
        return libc.syscall(LANDLOCK_RESTRICT, rules, 0) == 0
    finally:
        os.close(rules)


def _drop_capabilities(libc: ctypes.CDLL) -> bool:
    header = struct.pack("<Ii", CAPABILITY_VERSION_3, 0)
    return libc.syscall(CAPSET[platform.machine()], ctypes.c_char_p(header), ctypes.c_char_p(bytes(24))) == 0


def _filter() -> bool:
    if not seccomp.is_known():
        return False
    seccomp.install()
    return True
