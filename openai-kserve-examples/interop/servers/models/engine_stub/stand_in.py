"""What the stand-ins for engines have in common: modules without files, and answers on an event loop."""

import asyncio
import sys
import types

import script


def module(name, **contents):
    """Registers a module with these contents, and each of its parents that is absent."""
    parent, _, last = name.rpartition(".")
    found = sys.modules.get(name)
    if found is None:
        found = sys.modules[name] = types.ModuleType(name)
        found.__path__ = []
        if parent:
            setattr(module(parent), last, found)
    vars(found).update(contents)
    return found


class Answers:
    """The answers that an engine works on, each under a key, by which it is aborted."""

    def __init__(self):
        self.aborted = set()

    async def pieces(self, key, prompt, max_tokens, schema=None):
        """Yields (piece, finish reason or None), at the pace of the script."""
        delays = []
        said = script.answer(prompt, max_tokens, schema, lambda: key in self.aborted, delays.append)
        try:
            for piece, reason in said:
                await asyncio.sleep(sum(delays))
                delays.clear()
                yield piece, reason
        finally:
            said.close()
            self.aborted.discard(key)
