package io.github.openaikserve.grpc.servers;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;

/** Stores a call's headers for its handler. */
final class HeaderRecorder implements ServerInterceptor {
  private static final Context.Key<Metadata> HEADERS = Context.key("headers");

  /** Returns a header of the current call; null if it has none. */
  static String header(String name) {
    Metadata headers = HEADERS.get();
    return headers == null
        ? null
        : headers.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    return Contexts.interceptCall(
        Context.current().withValue(HEADERS, headers), call, headers, next);
  }
}
