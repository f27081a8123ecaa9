"""OpenAI's SDK for Go."""

from __future__ import annotations

import re
import shutil

from harness.cache import folder, install
from harness.client import CLIENTS, Client, tool_version

SOURCES = CLIENTS / "go"


class GoClient(Client):
    """The program of clients/go."""

    name = "openai-go"

    def install(self) -> str:
        go = tool_version(["go", "env", "GOVERSION"])
        home = folder("clients", self.name)
        for file in SOURCES.iterdir():
            shutil.copy(file, home)
        env = {"GOTOOLCHAIN": "local"}
        install(["go", "build", "-o", "cases", "."], home, home / "install.log", env)
        version = re.search(r"openai-go/v3 (\S+)", (SOURCES / "go.mod").read_text())
        return f"openai-go {version[1] if version else ''}, {go}"

    def command(self, url: str) -> list[str]:
        return [str(self.home / "cases"), url]
