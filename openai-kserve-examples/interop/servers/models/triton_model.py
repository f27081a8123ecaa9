"""What the Triton Python models of this folder have in common: each answers a request on a thread."""

import threading

import numpy as np
import triton_python_backend_utils as pb_utils


def scalar(request, name, default):
    """Returns the first element of an input, or the default if the input is absent."""
    tensor = pb_utils.get_input_tensor_by_name(request, name)
    if tensor is None:
        return default
    value = tensor.as_numpy().flatten()[0]
    return value.decode("utf-8") if isinstance(value, bytes) else value


def text_tensor(name, text):
    """Returns a tensor of one text."""
    return pb_utils.Tensor(name, np.array([text.encode("utf-8")], dtype=np.object_))


def number_tensor(name, number):
    """Returns a tensor of one UINT32."""
    return pb_utils.Tensor(name, np.array([number], dtype=np.uint32))


class ThreadedModel:
    """A decoupled model; subclasses yield lists of output tensors."""

    error_prefix = ""

    def initialize(self, args):
        self.running = []

    def execute(self, requests):
        for request in requests:
            thread = threading.Thread(target=self._answer, args=(request,))
            self.running = [t for t in self.running if t.is_alive()] + [thread]
            thread.start()
        return None

    def _answer(self, request):
        sender = request.get_response_sender()
        final = pb_utils.TRITONSERVER_RESPONSE_COMPLETE_FINAL
        try:
            for tensors in self.generate(request, sender.is_cancelled):
                sender.send(pb_utils.InferenceResponse(output_tensors=tensors))
            sender.send(flags=final)
        except Exception as e:
            error = pb_utils.TritonError(self.error_prefix + str(e))
            sender.send(pb_utils.InferenceResponse(error=error), flags=final)

    def generate(self, request, cancelled):
        """Yields the output tensors of each response."""
        raise NotImplementedError

    def finalize(self):
        for thread in self.running:
            thread.join(10)


def texts(request, name):
    """Returns all elements of an input of texts; none if it is absent."""
    tensor = pb_utils.get_input_tensor_by_name(request, name)
    return [] if tensor is None else [v.decode("utf-8") for v in tensor.as_numpy().flatten()]


def bytes_tensor(name, content):
    """Returns a tensor of one element of bytes."""
    return pb_utils.Tensor(name, np.array([content], dtype=np.object_))


def texts_tensor(name, values):
    """Returns a tensor of texts."""
    return pb_utils.Tensor(name, np.array([v.encode("utf-8") for v in values], dtype=np.object_))


def numbers_tensor(name, values):
    """Returns a tensor of FP32."""
    return pb_utils.Tensor(name, np.array(values, dtype=np.float32))


class WholeModel:
    """A model that answers a request with one response; subclasses return the output tensors."""

    def execute(self, requests):
        responses = []
        for request in requests:
            try:
                responses.append(pb_utils.InferenceResponse(output_tensors=self.answer(request)))
            except Exception as e:
                responses.append(pb_utils.InferenceResponse(error=pb_utils.TritonError(str(e))))
        return responses

    def answer(self, request):
        """Returns the output tensors."""
        raise NotImplementedError
