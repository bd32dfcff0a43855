"""A thread that works whenever it is woken, and ends when nobody holds it any more."""

from __future__ import annotations

import contextlib
import queue
import threading
import weakref
from collections.abc import Callable

__all__ = ["LabelThread"]


class LabelThread:
    """Calls `job` in the background, each time it is woken, until it returns False.

    Args:
        job: does one piece of work; returns whether there is more. It must not hold whoever holds the thread.

    Attributes:
        errors: what went wrong; the thread has ended then.
    """

    def __init__(self, job: Callable[[], bool]):
        self.errors: list[Exception] = []
        self._calls: queue.Queue[bool] = queue.Queue(maxsize=1)
        self._halt = threading.Event()
        threading.Thread(target=_work, args=(job, self._calls, self._halt, self.errors), daemon=True).start()
        weakref.finalize(self, _stop, self._calls, self._halt)

    def wake(self) -> None:
        """See to it that there is work done after this; does not wait.

        Raises:
            Exception: what went wrong in the thread.
        """
        if self.errors:
            raise self.errors[0]
        _call(self._calls)

    def wait(self) -> None:
        """Wait until all is done that it was woken for; raise what went wrong."""
        self._calls.join()
        if self.errors:
            raise self.errors[0]


def _call(calls: queue.Queue[bool]) -> None:
    with contextlib.suppress(queue.Full):  # then it will look anyway
        calls.put_nowait(True)


def _stop(calls: queue.Queue[bool], halt: threading.Event) -> None:
    halt.set()
    _call(calls)


def _work(job: Callable[[], bool], calls: queue.Queue[bool], halt: threading.Event, errors: list[Exception]) -> None:
    while True:
        calls.get()
        try:
            while not halt.is_set() and not errors and job():
                pass
        except Exception as error:  # told by `wake`
            errors.append(error)
        calls.task_done()
        if halt.is_set():
            return
