"""A seccomp filter: the system calls that arithmetic needs, and no others.

After it is in force a process can compute, ask for memory, read and write the pipes that it has, and end. It cannot
open, connect, start, signal, trace or mount anything: such calls fail with EPERM, which Python turns into
`PermissionError`. Calls in another convention than the machine's own (32-bit, x32) kill it. Memory cannot be made
executable.
Source: seccomp(2), filter mode, Linux 3.17; the numbers are those of asm/unistd_64.h and asm-generic/unistd.h.
"""

from __future__ import annotations

import ctypes
import platform
import struct

__all__ = ["install", "is_known"]

# name: (x86-64, AArch64)
ALLOWED = {
    "read": (0, 63),
    "write": (1, 64),
    "close": (3, 57),
    "mmap": (9, 222),
    "mprotect": (10, 226),
    "munmap": (11, 215),
    "brk": (12, 214),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "sched_yield": (24, 124),
    "mremap": (25, 216),
    "madvise": (28, 233),
    "setitimer": (38, 103),
    "getpid": (39, 172),
    "exit": (60, 93),
    "gettimeofday": (96, 169),
    "sigaltstack": (131, 132),
    "gettid": (186, 178),
    "futex": (202, 98),
    "restart_syscall": (219, 128),
    "clock_gettime": (228, 113),
    "exit_group": (231, 94),
}
NO_EXECUTABLE = ("mmap", "mprotect")
MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
X32 = 0x40000000

LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
ALLOW, DENY, KILL = 0x7FFF0000, 0x00050001, 0x80000000
NUMBER, ARCHITECTURE, THIRD_ARGUMENT = 0, 4, 32
PROT_EXEC = 4
PR_SET_SECCOMP, MODE_FILTER = 22, 2


def is_known() -> bool:
    """Tell whether there are numbers for this machine's system calls."""
    return platform.system() == "Linux" and platform.machine() in MACHINES


def install() -> None:
    """Put the filter in force for this thread and all that it could start, for ever.

    Needs `PR_SET_NO_NEW_PRIVS`. Raises `OSError` where the kernel has no seccomp.
    """
    program = _program(platform.machine())
    instructions = ctypes.create_string_buffer(program, len(program))

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))

    wrapped = Program(len(program) // 8, ctypes.addressof(instructions))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_SECCOMP, MODE_FILTER, ctypes.byref(wrapped), 0, 0):
        raise OSError(ctypes.get_errno(), "no seccomp filter")


def _program(machine: str) -> bytes:
    column, architecture = MACHINES[machine]
    plain = [numbers[column] for name, numbers in ALLOWED.items() if name not in NO_EXECUTABLE]
    lines = [
        (LOAD, 0, 0, ARCHITECTURE),
        (EQUAL, 1, 0, architecture),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, NUMBER),
        (AT_LEAST, 0, 1, X32),
        (RETURN, 0, 0, KILL),
    ]
    for number in plain:
        lines += [(EQUAL, 0, 1, number), (RETURN, 0, 0, ALLOW)]
    for name in NO_EXECUTABLE:
        # Jumps over the four lines behind it if it is another call.
        lines += [
            (EQUAL, 0, 4, ALLOWED[name][column]),
            (LOAD, 0, 0, THIRD_ARGUMENT),
            (ANY_BIT, 0, 1, PROT_EXEC),
            (RETURN, 0, 0, DENY),
            (RETURN, 0, 0, ALLOW),
        ]
    lines.append((RETURN, 0, 0, DENY))
    return b"".join(struct.pack("<HBBI", *line) for line in lines)
