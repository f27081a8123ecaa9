"""async-openai, a client library for Rust."""

from __future__ import annotations

import shutil

from harness.cache import install
from harness.client import CLIENTS, Client, tool_version

SOURCES = CLIENTS / "rust"


class RustClient(Client):
    """The program of clients/rust."""

    name = "async-openai"

    def install(self) -> str:
        cargo = tool_version(["cargo", "--version"])
        shutil.copytree(SOURCES, self.home, dirs_exist_ok=True)
        install(["cargo", "build", "--quiet", "--locked"], self.home, self.home / "install.log")
        return f"async-openai 0.43.0, {' '.join(cargo.split()[:2])}"

    def command(self, url: str) -> list[str]:
        return [str(self.home / "target" / "debug" / "cases"), url]
