"""The Node clients: a script of clients/node with the packages of its package.json."""

from __future__ import annotations

import hashlib
import json
import shutil

from harness.cache import folder, install
from harness.client import CLIENTS, Client, tool_version

SOURCES = CLIENTS / "node"


class NodeClient(Client):
    """A script with the packages whose versions its row shows."""

    def __init__(self, name: str, script: str, *packages: str) -> None:
        self.name, self.script, self.packages = name, script, packages

    def install(self) -> str:
        node = tool_version(["node", "--version"])
        home = folder("clients", "node")
        for file in SOURCES.iterdir():
            shutil.copy(file, home)
        pins = (SOURCES / "package.json").read_bytes()
        mark = home / "installed"
        wanted = hashlib.sha256(pins).hexdigest()
        if not mark.exists() or mark.read_text() != wanted:
            install(["npm", "install", "--no-audit", "--no-fund"], home, home / "install.log")
            mark.write_text(wanted)
        versions = json.loads(pins)["dependencies"]
        return ", ".join(f"{p} {versions[p]}" for p in self.packages) + f", node {node}"

    def command(self, url: str) -> list[str]:
        return ["node", str(folder("clients", "node") / self.script), url]
