package io.github.openaikserve.grpc.internal.call;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.grpc.internal.message.InferCodec;
import io.github.openaikserve.grpc.internal.port.Ports;
import io.github.openaikserve.grpc.proto.ModelInferRequest;
import io.grpc.MethodDescriptor;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** An inference call, and how it is sent to an endpoint. Immutable. */
public record OutgoingCall(
    Ports ports,
    MethodDescriptor<ModelInferRequest, DecodedMessage> method,
    CallSettings settings,
    InferCall call) {

  ModelInferRequest request() {
    return InferCodec.encode(call.request());
  }

  /** Starts the time limit of the call. */
  CallDeadline deadline() {
    Duration own = call.timeout();
    return own == null
        ? new CallDeadline(settings.timeout(), false)
        : new CallDeadline(own, call.deadlineEnforced());
  }

  /** Returns the headers of the call, among them those that the server may not accept. */
  Map<String, String> headers() {
    if (call.metadata().isEmpty()) {
      return settings.metadata();
    }
    Map<String, String> all = new HashMap<>(settings.metadata());
    all.putAll(call.metadata());
    return all;
  }
}
