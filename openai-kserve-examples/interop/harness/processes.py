"""Child processes: free ports, waiting with a limit, and an end for each of them."""

from __future__ import annotations

import atexit
import os
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Callable

_running: list["Process"] = []


def free_ports(count: int) -> list[int]:
    """Returns different TCP ports that nothing listens on."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for s in sockets:
            s.bind(("127.0.0.1", 0))
        return [s.getsockname()[1] for s in sockets]
    finally:
        for s in sockets:
            s.close()


def wait_until(condition: Callable[[], bool], seconds: float, what: str) -> float:
    """Polls until the condition holds; returns the seconds that took, or raises TimeoutError."""
    begin = time.monotonic()
    while True:
        if condition():
            return time.monotonic() - begin
        if time.monotonic() - begin > seconds:
            raise TimeoutError(f"{what} did not happen within {seconds:.0f} s")
        time.sleep(0.1)


def listens(port: int) -> bool:
    """Returns whether a server accepts connections at the port."""
    with socket.socket() as s:
        s.settimeout(0.5)
        return s.connect_ex(("127.0.0.1", port)) == 0


class Process:
    """A child in a process group of its own, whose output goes to a log file."""

    def __init__(self, command: list[str], log: Path, env: dict[str, str] | None = None,
                 cwd: Path | None = None) -> None:
        self.log = log
        with log.open("a") as out:
            self._child = subprocess.Popen(
                command, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                env={**os.environ, **(env or {})}, cwd=cwd, start_new_session=True,
            )
        _running.append(self)

    def alive(self) -> bool:
        """Returns whether the child still runs."""
        return self._child.poll() is None

    def await_ready(self, ready: Callable[[], bool], seconds: float) -> None:
        """Waits until the child is ready; fails at once if it ends before."""
        wait_until(lambda: not self.alive() or ready(), seconds, f"the start ({self.log.name})")
        if not self.alive():
            lines = self.log.read_text(errors="replace").strip().splitlines() or [""]
            said = [line for line in lines if "rror" in line] or lines
            raise RuntimeError(f"the process ended at its start: {said[-1][:240]}")

    def kill(self) -> None:
        """Kills the whole group at once and waits for it."""
        self._signal(signal.SIGKILL)
        self._child.wait(10)
        if self in _running:
            _running.remove(self)

    def stop(self) -> None:
        """Asks the group to end, and kills it after five seconds."""
        self._signal(signal.SIGTERM)
        try:
            self._child.wait(5)
        except subprocess.TimeoutExpired:
            pass
        self.kill()

    def _signal(self, number: int) -> None:
        try:
            os.killpg(self._child.pid, number)
        except ProcessLookupError:
            pass


def stop_all() -> None:
    """Kills every child that still runs."""
    for process in list(_running):
        process.kill()


atexit.register(stop_all)
