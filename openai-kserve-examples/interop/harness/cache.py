"""The folder that holds what is installed, and how it is installed."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
ROOT = HERE.parent.parent
CACHE = Path(
    os.environ.get("OPENAI_KSERVE_INTEROP_CACHE", Path.home() / ".cache" / "openai-kserve-interop")
)
INSTALL_LIMIT = 1800


class NotRun(Exception):
    """A reason for which something was not run: never a pass, never a failure."""


def folder(*names: str) -> Path:
    """Returns a folder of the cache, which is created if absent."""
    path = CACHE.joinpath(*names)
    path.mkdir(parents=True, exist_ok=True)
    return path


def install(command: list[str], where: Path, log: Path, env: dict[str, str] | None = None) -> None:
    """Runs an installer; raises NotRun with its last line if the installer fails."""
    with log.open("a") as out:
        try:
            subprocess.run(
                command, cwd=where, stdout=out, stderr=subprocess.STDOUT, check=True,
                timeout=INSTALL_LIMIT, env={**os.environ, **(env or {})}, stdin=subprocess.DEVNULL,
            )
        except (OSError, subprocess.SubprocessError) as e:
            lines = log.read_text(errors="replace").strip().splitlines()
            last = lines[-1][:120] if lines else str(e)
            raise NotRun(f"install failed: {last}") from e


class Environment:
    """A Python virtual environment with exactly the packages of requirements/NAME.txt."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.home = CACHE / name / "venv"
        self.pins = HERE / "requirements" / f"{name}.txt"

    @property
    def python(self) -> Path:
        """Returns the environment's interpreter."""
        return self.home / "bin" / "python"

    @property
    def packages(self) -> Path:
        """Returns the environment's site-packages."""
        return next((self.home / "lib").glob("python3*")) / "site-packages"

    def install(self) -> None:
        """Installs the pins, unless exactly these are installed."""
        mark = self.home / "installed"
        wanted = hashlib.sha256(self.pins.read_bytes() + sys.version.encode()).hexdigest()
        if mark.exists() and mark.read_text() == wanted:
            return
        shutil.rmtree(self.home, ignore_errors=True)
        log = folder(self.name, "logs") / "install.log"
        log.unlink(missing_ok=True)
        home = folder(self.name)
        install([sys.executable, "-m", "venv", str(self.home)], home, log)
        pip = [str(self.python), "-m", "pip", "install", "--quiet", "--no-input", "--no-deps"]
        install([*pip, "-r", str(self.pins)], home, log)
        mark.write_text(wanted)

    def versions(self, *packages: str) -> str:
        """Returns the pinned versions of these packages, such as "mlserver 1.7.1"."""
        text = self.pins.read_text()
        found = (re.search(rf"^{p.replace('-', '[-_]')}==(\S+)", text, re.M) for p in packages)
        return ", ".join(f"{p} {m[1]}" for p, m in zip(packages, found) if m)
