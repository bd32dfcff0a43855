"""Several processes of one machine that work as one: they add numbers up together, and none outlives the others."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import threading
import traceback
import weakref
from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from typing import Any, Protocol

import numpy as np
import torch

__all__ = ["Crew", "Link", "Member"]

FIGURES = 16
"""Numbers of one `Link.each`, at most."""


class Member(Protocol):
    """What a process of a crew works on. Its methods take and return what pickles."""

    @property
    def room(self) -> int:
        """Numbers of one `Link.total`, at most."""
        ...


class _Lost(Exception):  # noqa: N818 - says where to look for the error
    """Another process is gone, has not come for too long, or said what went wrong: an error and its traceback."""

    def __init__(self, rank: int, late: bool = False, said: tuple[str, str] | None = None):
        super().__init__(f"process {rank} {'did not come' if late else 'is gone'}")
        self.rank, self.late, self.said = rank, late, said


class Link:
    """One process' tie to the others. All of them must make the same calls in the same order.

    The numbers lie in memory that all processes see; a byte through a pipe says that they are there. Against sums over
    sockets that saves, for the gradients of a small policy, more time than a minibatch takes. Two boards take turns,
    so that nobody writes where another still reads. Each process adds up in the order of ranks: all get equal bits.

    Args:
        rank: which process this is; 0 is the one that hired the others.
        size: P, how many there are.
        pipes: to all others if the rank is 0, else to that one.
        patience: seconds that process 0 waits for the others, at least; None to wait for ever.
    """

    def __init__(self, rank: int, size: int, pipes: Sequence[Connection], patience: float | None = None):
        self.rank, self.size, self._pipes, self._patience = rank, size, pipes, patience
        self._turn = 0
        self._sums: torch.Tensor = torch.empty(0)
        self._rows: np.ndarray = np.empty(0)

    def share(self, sums: Any, rows: Any) -> None:
        """Take the shared arrays: of float, and of double."""
        self._sums = torch.frombuffer(sums, dtype=torch.float32).view(2, self.size, -1)
        self._rows = np.frombuffer(rows).reshape(2, self.size, FIGURES)

    def write(self, count: int) -> torch.Tensor:
        """Return where this process' numbers for the next `total` are to be written, float32 (count,)."""
        return self._sums[1 - self._turn, self.rank, :count]

    def total(self, out: torch.Tensor) -> None:
        """Write into `out`, float32 (N,) on the CPU, the sums over all processes of what they have written."""
        board = self._sums[self._next(), :, : len(out)]
        self._meet()
        torch.add(board[0], board[1], out=out)
        for row in board[2:]:
            out.add_(row)

    def each(self, values: Sequence[float]) -> np.ndarray:
        """Return the values (k,) of every process, (P, k)."""
        board = self._rows[self._next(), :, : len(values)]
        board[self.rank] = values
        self._meet()
        return board.copy()

    def gather(self, thing: Any) -> list[Any]:
        """Return the things of all processes in process 0, and none in the others."""
        if self.rank:
            _send(self._pipes[0], thing)
            return []
        return [thing, *(pickle.loads(self._receive(row)) for row in range(len(self._pipes)))]

    def _next(self) -> int:
        self._turn = 1 - self._turn
        return self._turn

    def _meet(self) -> None:
        """Wait until every process is here."""
        if self.rank:
            self._pipes[0].send_bytes(b".")
            self._receive(0)
            return
        for row in range(len(self._pipes)):
            self._receive(row)
        for row, pipe in enumerate(self._pipes):
            try:
                pipe.send_bytes(b".")
            except OSError:
                raise _Lost(row + 1) from None

    def _receive(self, row: int) -> bytes:
        rank, left = (0 if self.rank else row + 1), self._patience
        try:
            # Second by second, as time during which the whole group was stopped is nobody's fault.
            while not self._pipes[row].poll(None if left is None else min(left, 1.0)):
                left = None if left is None else left - 1.0
                if left is not None and left <= 0.0:
                    raise _Lost(rank, late=True)
            return self._pipes[row].recv_bytes()
        except (EOFError, OSError):
            raise _Lost(rank) from None


class Crew:
    """A member in this process and one more in each of P - 1 others, which end with this object at the latest.

    The others are spawned, so a script that trains needs the usual `if __name__ == "__main__":`. Every process
    computes with one thread of torch while the crew works.

    Args:
        size: P, at least 2.
        make: called as `make(link, *args)` in every process; returns its member. It and `args` must pickle.
        args: see `make`.
        what: what the crew works on, for errors.
        patience: seconds that process 0 waits for the others, at least.

    Attributes:
        own: the member of this process.
    """

    def __init__(self, size: int, make: Callable[..., Member], args: Sequence[Any], what: str, patience: float = 600.0):
        context = multiprocessing.get_context("spawn")
        meetings = [context.Pipe() for _ in range(size - 1)]
        talks = [context.Pipe() for _ in range(size - 1)]
        link = Link(0, size, [mine for mine, _ in meetings], patience)
        self.own: Any = make(link, *args)
        self._what, self._patience = what, patience
        arrays = context.RawArray("f", 2 * size * self.own.room), context.RawArray("d", 2 * size * FIGURES)
        link.share(*arrays)
        self._talks = [mine for mine, _ in talks]
        self._processes: list[Any] = []
        ours = [*self._talks, *(mine for mine, _ in meetings)]
        self._stop = weakref.finalize(self, _end, self._processes, ours)
        try:
            for rank, (meeting, talk) in enumerate(zip(meetings, talks, strict=True), 1):
                order = (rank, size, meeting[1], talk[1], arrays, make, args)
                self._processes.append(context.Process(target=_work, args=order, daemon=True))
                self._processes[-1].start()
                meeting[1].close()  # the worker's end must be open in the worker alone, or its death goes unseen
                talk[1].close()
        except BaseException:
            self._stop()
            raise

    def call(self, method: str, *args: Any, each: Sequence[Any] | None = None) -> list[Any]:
        """Call a method of every member at the same time; return what they return, in the order of ranks.

        Args:
            method: its name.
            args: for all members.
            each: one more argument, the last one, for each member its own.

        Raises:
            RuntimeError: a process has died, has raised an error or has not answered. Then, as after an error of this
                process, the crew is dissolved.
        """
        threads = torch.get_num_threads()
        try:
            if not self._stop.alive:
                raise RuntimeError(f"{self._what}: its processes have been stopped after an error; resume it anew")
            own = [()] * (len(self._talks) + 1) if each is None else [(one,) for one in each]
            for rank, talk in enumerate(self._talks, 1):
                try:
                    _send(talk, (method, (*args, *own[rank])))
                except OSError:
                    raise _Lost(rank) from None
            torch.set_num_threads(1)
            return [getattr(self.own, method)(*args, *own[0]), *map(self._answer, range(1, len(self._talks) + 1))]
        except _Lost as lost:
            message, note = self._reason(lost)
            self.stop()
            error = RuntimeError(message)
            if note:
                error.add_note(note)
            raise error from None
        except BaseException:
            self.stop()
            raise
        finally:
            torch.set_num_threads(threads)

    def stop(self) -> None:
        """End the other processes."""
        self._stop()

    def _answer(self, rank: int) -> Any:
        talk = self._talks[rank - 1]
        try:
            if not talk.poll(self._patience):
                raise _Lost(rank, late=True)
            good, answer = pickle.loads(talk.recv_bytes())
        except (EOFError, OSError):
            raise _Lost(rank) from None
        if not good:
            raise _Lost(rank, said=answer)
        return answer

    def _reason(self, lost: _Lost) -> tuple[str, str]:
        """Return what to say of a lost process, and its traceback if it raised an error."""
        process = self._processes[lost.rank - 1]
        who = f"{self._what}: process {lost.rank} of 0 to {len(self._processes)}"
        if lost.late:
            return f"{who} has not answered for {self._patience:g} s", ""
        said, talk = lost.said, self._talks[lost.rank - 1]
        with suppress(EOFError, OSError):
            while said is None and talk.poll(0):
                good, answer = pickle.loads(talk.recv_bytes())
                said = None if good else answer
        if said is not None:
            return f"{who} raised {said[0]}", f"In that process:\n{said[1]}"
        process.join(5.0)
        code = process.exitcode
        if code is not None and code < 0:
            return f"{who} was killed by {signal.Signals(-code).name}", ""
        return f"{who} ended by itself, with code {code}", ""


def _send(pipe: Connection, thing: Any) -> None:
    """Send a copy: by `Connection.send` tensors would go on being the same memory in both processes."""
    pipe.send_bytes(pickle.dumps(thing))


def _end(processes: Sequence[Any], pipes: Sequence[Connection]) -> None:
    for pipe in pipes:
        pipe.close()
    for process in processes:
        process.kill()  # it holds nothing that is not to be lost
    for process in processes:
        process.join(5.0)


def _work(
    rank: int,
    size: int,
    meeting: Connection,
    talk: Connection,
    arrays: tuple[Any, Any],
    make: Callable[..., Member],
    args: Sequence[Any],
) -> None:
    """Do what process 0 asks for until it hangs up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # from the keyboard it goes to all; process 0 decides
    parent = multiprocessing.parent_process()
    assert parent is not None
    threading.Thread(target=_follow, args=(parent.sentinel,), daemon=True).start()
    torch.set_num_threads(1)
    link = Link(rank, size, [meeting])
    link.share(*arrays)
    try:
        member: Any = make(link, *args)
        while True:
            try:
                method, given = pickle.loads(talk.recv_bytes())
            except (EOFError, OSError):
                return
            _send(talk, (True, getattr(member, method)(*given)))
    except _Lost:  # process 0 knows already
        return
    except BaseException as error:
        with suppress(OSError):
            _send(talk, (False, (f"{type(error).__name__}: {error}", traceback.format_exc())))


def _follow(sentinel: int) -> None:
    """End this process at once when its parent has ended."""
    wait([sentinel])
    os._exit(1)
