"""The product: the reference server's jar, in front of a model server."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

from .cache import ROOT, NotRun
from .processes import Process, free_ports, listens
from .web import Web

JAR = ROOT / "openai-kserve-examples" / "target" / "openai-kserve-server.jar"
BUILD = [str(ROOT / "mvnw"), "--batch-mode", "-q", "-Dmaven.test.skip=true", "package"]


def build() -> str:
    """Builds the jar if it is absent or older than the sources; returns its version."""
    if not JAR.exists() or JAR.stat().st_mtime < newest_source():
        subprocess.run(BUILD, cwd=ROOT, check=True, timeout=1200)
    out = subprocess.run(["java", "-jar", str(JAR), "--version"], capture_output=True, text=True,
                         check=True, timeout=60)
    return out.stdout.strip()


def newest_source() -> float:
    """Returns when a file that the jar is built from was last changed, in seconds since 1970."""
    sources = (file for part in ("openai-kserve-*/src/main", "openai-kserve-examples/*/src/main")
               for root in ROOT.glob(part) for file in root.rglob("*"))
    return max(file.stat().st_mtime for file in [*sources, *ROOT.glob("**/pom.xml")])


class Product:
    """A reference server that runs on a free port."""

    def __init__(self, config: dict[str, Any], logs: Path, name: str = "product") -> None:
        (self.port,) = free_ports(1)
        file = logs / f"{name}.yaml"
        file.write_text(json.dumps(config, indent=1))  # JSON is YAML
        self.log = logs / f"{name}.log"
        self.log.unlink(missing_ok=True)
        self.process = Process(
            ["java", "-Xmx512m", "-jar", str(JAR), "--config", str(file), "--port", str(self.port)],
            self.log,
        )
        self.web = Web(self.port)
        self.process.await_ready(lambda: listens(self.port), 60)

    def stop(self) -> None:
        """Ends the server."""
        self.process.kill()


def check(endpoint: str, *flags: str) -> tuple[int, str]:
    """Runs `check --endpoint`; returns the exit code and what it prints, without its log."""
    command = ["java", "-jar", str(JAR), "check", "--endpoint", endpoint, *flags]
    done = subprocess.run(command, capture_output=True, text=True, timeout=90)
    return done.returncode, done.stdout or done.stderr


def java_version() -> str:
    """Returns the version of the JDK, or raises NotRun if there is none."""
    try:
        out = subprocess.run(["java", "-version"], capture_output=True, text=True, timeout=30)
    except OSError as e:
        raise NotRun("no java on the path") from e
    found = re.search(r'"(.+?)"', out.stderr)
    return f"java {found[1]}" if found else "java"


def env_path(variable: str) -> Path | None:
    """Returns the path in an environment variable, or None if the variable is not set."""
    value = os.environ.get(variable)
    return Path(value) if value else None
