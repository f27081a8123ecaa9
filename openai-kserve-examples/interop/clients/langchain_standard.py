"""LangChain's standard tests, as they are, for a chat model."""

import json
import os
import re
import subprocess
import sys

from cases import URL

TESTS = '''
from langchain_openai import ChatOpenAI
from langchain_tests.integration_tests import ChatModelIntegrationTests


class TestStandard(ChatModelIntegrationTests):
    @property
    def chat_model_class(self):
        return ChatOpenAI

    @property
    def chat_model_params(self):
        return {"model": "own", "base_url": "%s", "api_key": "none", "timeout": 30, "stream_usage": True}
''' % URL

folder = sys.argv[2]
file = os.path.join(folder, "test_standard.py")
with open(file, "w") as out:
    out.write(TESTS)
done = subprocess.run(
    [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", "asyncio_mode=auto", file],
    capture_output=True, text=True, timeout=240, cwd=folder,
)
print(done.stdout[-6000:], done.stderr[-2000:], file=sys.stderr)
said = done.stdout.strip().splitlines()[-1] if done.stdout.strip() else done.stderr[-200:]
passed = re.search(r"(\d+) passed", said)
good = done.returncode == 0 and passed is not None
print(json.dumps({"case": "suite", "state": "ok" if good else "FAILED", "reason": said.strip("= ")}))
