"""Triton with the real `model.py` of its LLM backends, over stand-ins for their engines.

Neither is in a package registry: an environment variable has the path of a checkout.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from harness.cache import HERE, NotRun, folder, install
from harness.chat import Subject, equal
from harness.edges import RESOURCES, VALUES
from harness.server import MODELS

from .triton import Triton

STAND_INS = MODELS / "engine_stub"


class Real(Triton):
    """A model whose files are in a checkout."""

    variable: str
    source: str

    def __init__(self) -> None:
        super().__init__(self.name, "")
        self.checkout = Path(os.environ.get(self.variable, ""))

    def install(self) -> str:
        if not os.environ.get(self.variable):
            raise NotRun(f"no registry has it: set {self.variable} to a checkout of {self.source}")
        if not self.model_py().exists():
            raise NotRun(f"no {self.model_py()}")
        return super().install()

    def model_py(self) -> Path:
        """Returns the path of the real file."""
        raise NotImplementedError

    def revision(self) -> str:
        """Returns the checkout's commit and its day; empty if the folder is no Git repository."""
        git = ["git", "-C", str(self.checkout), "log", "-1", "--format=%h (%cs)"]
        done = subprocess.run(git, capture_output=True, text=True, timeout=30)
        return f" {done.stdout.strip()}" if done.returncode == 0 else ""

    def copy(self, source: Path, target: Path) -> None:
        """Copies the folder of the real file, with the stand-ins beside it, where Triton imports from."""
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(source, target)
        for file in (*STAND_INS.glob("*.py"), MODELS / "script.py"):
            shutil.copy(file, target)


class RealVllm(Real):
    """Triton's vLLM backend, with vLLM's own SamplingParams."""

    name = "triton-vllm-real"
    variable, source = "INTEROP_VLLM_BACKEND", "triton-inference-server/vllm_backend"

    def install(self) -> str:
        versions = super().install()
        self.vllm, version = sampling_params()
        return f"model.py of vllm_backend{self.revision()}, SamplingParams of {version}, {versions}"

    def model_py(self) -> Path:
        return self.checkout / "src" / "model.py"

    def backends(self, shipped: Path) -> Path:
        """Returns a folder with Triton's Python backend and the checkout's vLLM backend."""
        backends = folder(self.name, "backends")
        (backends / "python").unlink(missing_ok=True)
        (backends / "python").symlink_to(shipped / "python")
        self.copy(self.checkout / "src", backends / "vllm")
        return backends

    def environment(self) -> dict[str, str]:
        return {**super().environment(), "INTEROP_VLLM": str(self.vllm)}

    def place(self, config: str = "") -> None:
        version = self.repository / self.model / "1"
        shutil.rmtree(version.parent, ignore_errors=True)
        version.mkdir(parents=True)
        (version / "model.json").write_text('{"model": "own", "disable_log_stats": true}')
        (version.parent / "config.pbtxt").write_text(
            'backend: "vllm"\ninstance_group [ { count: 1, kind: KIND_MODEL } ]\n'
        )


    def subject(self) -> Subject:
        subject = super().subject()
        subject.every_edge, subject.rules = True, self.compare_rules
        return subject

    def compare_rules(self) -> None:
        """Compares the rules of sampling.py, and the file that the library's tests use, with vLLM's own."""
        path = os.pathsep.join([str(folder(self.name, "backends", "vllm")), str(MODELS)])
        done = subprocess.run(
            [str(self.venv.python), str(MODELS / "vllm_rules.py"), str(VALUES)],
            env={**os.environ, "PYTHONPATH": path, "INTEROP_VLLM": str(self.vllm)},
            capture_output=True, text=True, check=True, timeout=60,
        )
        lines = [line.split(" ", 1) for line in done.stdout.splitlines()]
        refused = {who: {line for name, line in lines if name == who} for who in ("vllm", "ours")}
        equal(refused["ours"] ^ refused["vllm"], set(), "rules of sampling.py that differ from vLLM's")
        version = self.vllm.parent.name
        found = "\n".join([*sorted(refused["vllm"]), ""])
        (self.logs / f"{version}-refuses.txt").write_text(found)
        written = RESOURCES / f"{version}-refuses.txt"
        equal(found, written.read_text(), f"{written.name}; the new list is in {self.logs}")


class RealLlmApi(Real):
    """TensorRT-LLM's LLM API model."""

    name = "triton-llm-api-real"
    model = "tensorrt_llm"
    variable, source = "INTEROP_TENSORRT_LLM", "NVIDIA/TensorRT-LLM"

    def install(self) -> str:
        versions = super().install()
        return f"model.py of {self.checkout.name}{self.revision()}, {versions}"

    def model_py(self) -> Path:
        inside = Path("all_models") / "llmapi" / "tensorrt_llm" / "1" / "model.py"
        below = self.checkout / "triton_backend" / inside
        return below if below.exists() else self.checkout / inside

    def place(self, config: str = "") -> None:
        target = self.repository / self.model
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        shutil.copy(self.model_py().parent.parent / "config.pbtxt", target)
        self.copy(self.model_py().parent, target / "1")
        (target / "1" / "model.yaml").write_text(
            "model: own\ntriton_config: {max_batch_size: 0, decoupled: true}\n"
        )

    def subject(self) -> Subject:
        subject = super().subject()
        subject.cancels = "cancellation_loop" in self.model_py().read_text()
        return subject


def sampling_params() -> tuple[Path, str]:
    """Returns a folder with the `sampling_params.py` of the pinned vLLM, and the version.

    The wheel is downloaded without its dependencies and is not kept.
    """
    pins = HERE / "requirements" / "vllm.txt"
    version = re.sub(r"\s*==\s*", " ", pins.read_text().strip())
    home = folder("vllm", version.replace(" ", "-"))
    if not (home / "vllm" / "sampling_params.py").exists():
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
        install([*pip, "-r", str(pins), "-d", str(home)], home, folder("vllm", "logs") / "install.log")
        for wheel in home.glob("*.whl"):
            with zipfile.ZipFile(wheel) as files:
                files.extract("vllm/sampling_params.py", home)
            wheel.unlink()
    return home / "vllm", version
