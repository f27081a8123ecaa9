package io.github.openaikserve.grpc.internal.service;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.HashMap;
import java.util.Map;

/** Stores the text headers of a call in its gRPC context, for its {@link BackendCall}. */
final class CallHeaders implements ServerInterceptor {
  private static final Context.Key<Map<String, String>> HEADERS =
      Context.keyWithDefault("openai-kserve-headers", Map.of());

  /** Returns the headers of the call of the current context; names are in lower case. */
  static Map<String, String> current() {
    return HEADERS.get();
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata metadata, ServerCallHandler<Q, A> next) {
    Map<String, String> headers = new HashMap<>();
    for (String name : metadata.keys()) {
      if (!name.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
        String value = metadata.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
        headers.put(name, value == null ? "" : value);
      }
    }
    return Contexts.interceptCall(
        Context.current().withValue(HEADERS, Map.copyOf(headers)), call, metadata, next);
  }
}
