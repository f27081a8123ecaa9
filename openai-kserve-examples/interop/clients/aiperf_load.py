"""NVIDIA's AIPerf: a short load of streamed chats, none of which may fail."""

import json
import os
import shutil
import subprocess
import sys

from cases import MODEL, URL
from tokenizers import Tokenizer, decoders, models, pre_tokenizers

REQUESTS = 200
folder = sys.argv[2]
files, out = os.path.join(folder, "tokenizer"), os.path.join(folder, "out")
shutil.rmtree(out, ignore_errors=True)
os.makedirs(files, exist_ok=True)
alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
made = Tokenizer(models.BPE({c: i for i, c in enumerate(alphabet)}, []))
made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
made.decoder = decoders.ByteLevel()
made.save(os.path.join(files, "tokenizer.json"))
with open(os.path.join(files, "tokenizer_config.json"), "w") as file:
    json.dump({"tokenizer_class": "PreTrainedTokenizerFast"}, file)
command = [
    os.path.join(os.path.dirname(sys.executable), "aiperf"), "profile", "--model", MODEL,
    "--url", URL.rsplit("/", 1)[0], "--endpoint-type", "chat", "--streaming",
    "--request-count", str(REQUESTS), "--concurrency", "16", "--tokenizer", files, "--use-server-token-count",
    "--synthetic-input-tokens-mean", "200", "--ui-type", "none", "--artifact-dir", out,
]
done = subprocess.run(command, capture_output=True, text=True, timeout=240)
print(done.stdout[-4000:], done.stderr[-2000:], file=sys.stderr)
state, reason = "FAILED", "aiperf ended with %d" % done.returncode
report = os.path.join(out, "profile_export_aiperf.json")
if os.path.exists(report):
    with open(report) as file:
        found = json.load(file)
    good, errors = int(found["request_count"]["avg"]), found.get("error_summary") or []
    rate = found["request_throughput"]["avg"]
    reason = "%d of %d streams, 16 at a time, %.0f a second; errors %s" % (good, REQUESTS, rate, errors or "none")
    state = "ok" if good == REQUESTS and not errors else "FAILED"
print(json.dumps({"case": "suite", "state": state, "reason": reason}))
