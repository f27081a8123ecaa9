package io.github.openaikserve.testing;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.kserve.InferResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A call of a recording, filled while the recording is read. Not thread-safe until then. */
final class RecordedCall {
  private enum Ending {
    CUT,
    CANCELLED,
    OK,
    FAILED
  }

  private final String where;
  private final InferCall call;
  private final List<BitSet> redactedInputs;
  private final List<Set<String>> redactedInputParameters;
  private final boolean idRedacted;
  private final Set<String> redactedParameters;
  private final Set<String> redactedMetadata;
  private final List<InferResponse> responses = new ArrayList<>();
  private final List<Duration> delays = new ArrayList<>();
  private double last;
  private Ending ending = Ending.CUT;
  private @Nullable OpenAiException failure;

  RecordedCall(Fields line) {
    Fields request = line.object("request");
    where = line.where();
    call = MessageForm.call(request);
    redactedInputs = request.objects("inputs").stream().map(TensorReader::redacted).toList();
    redactedInputParameters =
        request.objects("inputs").stream()
            .map(input -> ParameterForm.redacted(input.object("parameters")))
            .toList();
    idRedacted = MessageForm.isIdRedacted(request);
    redactedParameters = ParameterForm.redacted(request.object("parameters"));
    redactedMetadata = ParameterForm.redacted(request.object("metadata"));
    last = line.decimal("ms");
  }

  /** Takes the next event of this call. */
  void add(Fields line) {
    if (ending != Ending.CUT) {
      throw line.wrong("the call had ended before");
    }
    double now = line.decimal("ms");
    delays.add(Duration.ofNanos(Math.round(Math.max(0, now - last) * 1_000_000)));
    last = now;
    if (line.has("response")) {
      responses.add(MessageForm.response(line.object("response")));
    } else if (line.bool("cancelled")) {
      ending = Ending.CANCELLED;
    } else if (line.has(FailureForm.STATUS) || line.has(FailureForm.MALFORMED)) {
      failure = FailureForm.read(line);
      ending = failure == null ? Ending.OK : Ending.FAILED;
    } else {
      throw line.wrong("neither 'request', 'response', 'status', 'malformed' nor 'cancelled'");
    }
  }

  /** How it is answered when it is made again. */
  Reply reply(boolean timed) {
    OpenAiException end =
        ending == Ending.CUT
            ? new BackendException(
                BackendCode.UNAVAILABLE,
                "The recording of this call ends here (%s).".formatted(where))
            : failure;
    return new Reply(
        responses,
        end,
        ending != Ending.CANCELLED,
        signal -> timed && signal < delays.size() ? delays.get(signal) : Duration.ZERO);
  }

  String where() {
    return where;
  }

  InferCall call() {
    return call;
  }

  boolean isRedacted(int input, int element) {
    return redactedInputs.get(input).get(element);
  }

  boolean isRedacted(int input) {
    return !redactedInputs.get(input).isEmpty();
  }

  boolean isIdRedacted() {
    return idRedacted;
  }

  boolean isInputParameterRedacted(int input, String name) {
    return redactedInputParameters.get(input).contains(name);
  }

  boolean isParameterRedacted(String name) {
    return redactedParameters.contains(name);
  }

  boolean isMetadataRedacted(String name) {
    return redactedMetadata.contains(name);
  }
}
