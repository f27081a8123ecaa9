"""MLServer runtimes of models that generate no text."""

import numpy as np
import tensors
from mlserver import MLModel
from mlserver.codecs import NumpyCodec, StringCodec
from mlserver.types import InferenceResponse, ResponseOutput


class Tensors(MLModel):
    """A model whose answer is tensors."""

    async def load(self):
        return True

    async def predict(self, payload):
        given = {i.name: list(i.data) for i in payload.inputs}
        return InferenceResponse(model_name=self.name, model_version=self.version, outputs=self.answer(given))


def texts(given, name):
    """Returns the texts of an input."""
    return [v.decode("utf-8") if isinstance(v, bytes) else v for v in given.get(name, [])]


def numbers(name, values):
    """Returns an output of FP32."""
    return NumpyCodec.encode_output(name, np.array(values, dtype=np.float32))


class Vectors(Tensors):
    def answer(self, given):
        return [numbers("embedding", [tensors.vector(t) for t in texts(given, "text") or texts(given, "image")])]


class Scores(Tensors):
    def answer(self, given):
        (query,) = texts(given, "query")
        return [numbers("scores", [tensors.score(query, text) for text in texts(given, "documents")])]


class Classes(Tensors):
    def answer(self, given):
        found = [tensors.classes(text) for text in texts(given, "text")]
        return [numbers("probabilities", found), StringCodec.encode_output("labels", list(tensors.LABELS))]


class Listener(Tensors):
    def answer(self, given):
        pieces = tensors.transcript((texts(given, "task") or ["transcribe"])[0])
        found = {
            "text": "".join(pieces), "language": (texts(given, "language") or ["en"])[0],
            "segments": tensors.times(["".join(pieces)], "text"), "words": tensors.times(pieces, "word"),
        }
        return [StringCodec.encode_output(name, [text]) for name, text in found.items()]


class Speaker(Tensors):
    def answer(self, given):
        voice = (texts(given, "voice") or ["nobody"])[0]
        audio = b"".join(tensors.speech(texts(given, "text")[0], voice))
        return [ResponseOutput(name="audio", datatype="BYTES", shape=[1], data=[audio])]
