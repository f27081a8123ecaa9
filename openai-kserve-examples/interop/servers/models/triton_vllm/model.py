"""A Triton Python model with the tensors of Triton's vLLM backend."""

import threading
import time

import numpy as np
import sampling
import script
import triton_python_backend_utils as pb_utils


def scalar(request, name, default):
    """Returns the first element of an input, or the default if the input is absent."""
    tensor = pb_utils.get_input_tensor_by_name(request, name)
    if tensor is None:
        return default
    value = tensor.as_numpy().flatten()[0]
    return value.decode("utf-8") if isinstance(value, bytes) else value


class TritonPythonModel:
    """Answers each request on a thread of its own, as vLLM's engine answers them side by side."""

    def initialize(self, args):
        self.running = []

    def execute(self, requests):
        for request in requests:
            thread = threading.Thread(target=self.answer, args=(request,))
            self.running = [t for t in self.running if t.is_alive()] + [thread]
            thread.start()
        return None

    def answer(self, request):
        sender = request.get_response_sender()
        final = pb_utils.TRITONSERVER_RESPONSE_COMPLETE_FINAL
        try:
            self.generate(request, sender)
            sender.send(flags=final)
        except Exception as e:
            error = pb_utils.TritonError("Error generating stream: %s" % e)
            sender.send(pb_utils.InferenceResponse(error=error), flags=final)

    def generate(self, request, sender):
        prompt = scalar(request, "text_input", "")
        stream = bool(scalar(request, "stream", False))
        given = sampling.read(scalar(request, "sampling_parameters", "{}"))
        said = script.answer(
            prompt,
            given.get("max_tokens", 16),
            wants_json="structured_outputs" in given,
            cancelled=sender.is_cancelled,
            wait=time.sleep,
        )
        text, reason, count = "", None, 0
        if not scalar(request, "exclude_input_in_output", stream):
            text = prompt
        for piece, reason in said:
            text, count = text + piece, count + 1
            if stream:
                sender.send(self.response(request, text, reason, prompt, 1))
                text = ""
        if not stream and not sender.is_cancelled():
            sender.send(self.response(request, text, reason, prompt, count))

    def response(self, request, text, reason, prompt, count):
        tensors = [pb_utils.Tensor("text_output", np.array([text.encode("utf-8")], dtype=np.object_))]
        if scalar(request, "return_finish_reason", False):
            tensors.append(pb_utils.Tensor("finish_reason", np.array([str(reason)], dtype=np.object_)))
        if scalar(request, "return_num_input_tokens", False):
            tensors.append(pb_utils.Tensor("num_input_tokens", np.array([script.words(prompt)], dtype=np.uint32)))
        if scalar(request, "return_num_output_tokens", False):
            tensors.append(pb_utils.Tensor("num_output_tokens", np.array([count], dtype=np.uint32)))
        return pb_utils.InferenceResponse(output_tensors=tensors)

    def finalize(self):
        for thread in self.running:
            thread.join(10)
