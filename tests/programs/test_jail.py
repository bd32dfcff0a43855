"""The filter, the formats and the pipes, each by itself."""

from __future__ import annotations

import ctypes
import os
import struct
import sys
import threading
from collections.abc import Iterator
from time import monotonic

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guerdon.reward_models.programs.channel import BadFrameError, Channel
from guerdon.reward_models.programs.jail import confine, seccomp
from guerdon.reward_models.programs.jail.driver import Driver
from guerdon.reward_models.programs.jail.frames import LENGTHS, pack, receive, send

ALLOW, DENY, KILL = 0x7FFF0000, 0x00050001, 0x80000000


def filtered(machine: str, number: int, architecture: int, third: int = 0) -> int:
    """Run the filter as the kernel would: a machine with one register over `struct seccomp_data`."""
    data = struct.pack("<IIQ6Q", number, architecture, 0, 0, 0, third, 0, 0, 0)
    lines = list(struct.iter_unpack("<HBBI", seccomp._program(machine)))
    register, at = 0, 0
    tests = {0x15: lambda k: register == k, 0x35: lambda k: register >= k, 0x45: lambda k: bool(register & k)}
    while True:
        code, yes, no, value = lines[at]
        at += 1
        if code == 0x20:
            register = struct.unpack_from("<I", data, value)[0]
        elif code == 0x06:
            return value
        else:
            at += yes if tests[code](value) else no


@pytest.mark.parametrize("machine", seccomp.MACHINES)
def test_the_filter_lets_through_what_is_listed_and_nothing_else(machine: str) -> None:
    column, architecture = seccomp.MACHINES[machine]
    allowed = {numbers[column] for numbers in seccomp.ALLOWED.values()}
    assert len(allowed) == len(seccomp.ALLOWED)
    for number in range(600):
        assert filtered(machine, number, architecture) == (ALLOW if number in allowed else DENY), number
    for name in seccomp.ALLOWED:
        executable = filtered(machine, seccomp.ALLOWED[name][column], architecture, third=5)
        assert executable == (DENY if name in ("mmap", "mprotect") else ALLOW), name


def test_no_way_out_is_listed() -> None:
    """By the kernel's numbers for x86-64, written down here once more."""
    ways = {"open": 2, "openat": 257, "socket": 41, "connect": 42, "clone": 56, "fork": 57, "vfork": 58, "execve": 59,
            "kill": 62, "tgkill": 234, "ptrace": 101, "prctl": 157, "mount": 165, "unshare": 272, "setns": 308,
            "execveat": 322, "memfd_create": 319, "process_vm_writev": 311, "seccomp": 317, "bpf": 321, "clone3": 435,
            "io_uring_setup": 425, "openat2": 437, "pidfd_open": 434, "unlink": 87, "ioctl": 16, "fcntl": 72, "dup": 32,
            "sendmsg": 46, "recvmsg": 47, "setrlimit": 160, "prlimit64": 302,
            "getrandom": 318, "shmget": 29}  # fmt: skip
    for name, number in ways.items():
        assert filtered("x86_64", number, 0xC000003E) == DENY, name


def test_other_conventions_are_killed() -> None:
    for number in (0, 1, 11, 59):
        assert filtered("x86_64", number, 0x40000003) == KILL  # 32-bit calls
        assert filtered("x86_64", number | 0x40000000, 0xC000003E) == KILL  # x32
        assert filtered("aarch64", number, 0x40000028) == KILL  # 32-bit ARM


def test_landlock_alone_keeps_files_away() -> None:
    libc = ctypes.CDLL(None)
    if sys.platform != "linux" or libc.syscall(confine.LANDLOCK_CREATE, None, 0, 1) < 1:
        pytest.skip("this kernel has no Landlock")
    child = os.fork()
    if child == 0:
        status = 1
        try:
            libc.prctl(confine.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
            if confine._landlock(libc):
                os.open(__file__, os.O_RDONLY)
        except PermissionError:
            status = 0
        finally:
            os._exit(status)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_nothing_is_refused_where_nothing_is_locked() -> None:
    """Or else the probes would say nothing."""
    found = confine.probe()
    assert not found["files"]
    assert not found["processes"]


@pytest.fixture
def ends() -> Iterator[tuple[Channel, int, int]]:
    """Our channel, and what the other side reads and writes."""
    (its_reads, ours), (mine, its_writes) = os.pipe(), os.pipe()
    channel = Channel(mine, ours)
    yield channel, its_reads, its_writes
    channel.close()
    for end in (its_reads, its_writes):
        try:
            os.close(end)
        except OSError:
            continue


def test_a_message_arrives_as_it_was_sent(ends: tuple[Channel, int, int]) -> None:
    channel, reads, writes = ends
    numbers = np.arange(100_000.0).tobytes()  # more than a pipe holds

    def echo() -> None:
        header, body = receive(reads)
        send(writes, header, bytes(body))

    thread = threading.Thread(target=echo)
    thread.start()
    assert channel.ask({"é": [1, None]}, numbers, 10.0, (100, len(numbers))) == ({"é": [1, None]}, numbers)
    thread.join()


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        (b"", TimeoutError),
        (b"\1", TimeoutError),
        (pack({"a": 1})[:-1], TimeoutError),
        (LENGTHS.pack(101, 0), BadFrameError),
        (LENGTHS.pack(2, 17), BadFrameError),
        (LENGTHS.pack(2, 0) + b"{x", BadFrameError),
        (LENGTHS.pack(2, 0) + b"[]", BadFrameError),
        (LENGTHS.pack(4, 0) + b"\xff\xfe{}", BadFrameError),
        (LENGTHS.pack(100, 0) + b"[" * 100, BadFrameError),
    ],
)
def test_anything_else_ends_in_time(ends: tuple[Channel, int, int], sent: bytes, error: type[Exception]) -> None:
    channel, _, writes = ends
    os.write(writes, sent)
    began = monotonic()
    with pytest.raises(error):
        channel.ask(None, b"", 0.1, (100, 16))
    assert monotonic() - began < 2.0


def test_a_reader_who_does_not_read_is_not_waited_for(ends: tuple[Channel, int, int]) -> None:
    with pytest.raises(TimeoutError):
        ends[0].ask({}, b"\0" * 2_000_000, 0.1, (100, 16))


def test_whoever_is_gone_is_noticed(ends: tuple[Channel, int, int]) -> None:
    channel, reads, writes = ends
    os.close(writes)
    with pytest.raises(EOFError):
        channel.ask(None, b"", 5.0, (100, 16))
    os.close(reads)
    with pytest.raises(EOFError):
        channel.ask({}, b"", 5.0, (100, 16))


@given(st.lists(st.floats(allow_nan=False), min_size=1, max_size=20), st.integers(0, 3))
def test_the_driver_hands_numbers_through_to_the_bit(values: list[float], width: int) -> None:
    code = "def reward(s):\n    return {'n': s.n, 'sum': sum(s.v)}"
    driver = Driver(code, "reward", bare=False, seconds=60.0, output=100, terms=4)
    size = len(values)
    array = np.repeat(np.array(values), width)
    numbers = bytearray(np.array(values).tobytes() + array.tobytes())
    header, body = driver.run(size, ["s"], [["s.n", [], None], ["s.v", [width], None]], numbers)
    assert header == {"kind": "ok", "names": ["n", "sum"]}
    paid = np.frombuffer(body).reshape(size, 2)
    np.testing.assert_array_equal(paid[:, 0], values)
    np.testing.assert_array_equal(paid[:, 1], [sum([value] * width) for value in values])
