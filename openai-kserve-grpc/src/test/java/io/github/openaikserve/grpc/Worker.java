package io.github.openaikserve.grpc;

import io.github.openaikserve.grpc.internal.endpoint.AnyServeTarget;
import io.grpc.Server;
import java.io.IOException;

/** A replica of AnyServe: a dispatcher for unary calls, and a stream port that is 100 higher. */
final class Worker implements AutoCloseable {
  private static final int TRIES = 50;

  final String name;
  private final Server dispatcher;
  private final Server streams;

  private Worker(String name, Server dispatcher, Server streams) {
    this.name = name;
    this.dispatcher = dispatcher;
    this.streams = streams;
  }

  static Worker start(String name) throws IOException {
    ScriptedService unary =
        ScriptedService.unary(
            (request, responses) -> {
              responses.onNext(Servers.response(name));
              responses.onCompleted();
            });
    ScriptedService stream =
        ScriptedService.streaming(
            (request, responses) -> {
              responses.onNext(Servers.chunk(name));
              responses.onCompleted();
            });
    IOException last = new IOException("no two ports are free");
    for (int i = 0; i < TRIES; i++) {
      Server dispatcher = Servers.start(unary);
      try {
        int port = dispatcher.getPort() + AnyServeTarget.STREAM_PORT_OFFSET;
        return new Worker(name, dispatcher, Servers.startOn(port, stream));
      } catch (IOException | IllegalArgumentException e) { // taken, or above 65535
        last = new IOException(e);
        dispatcher.shutdownNow();
      }
    }
    throw last;
  }

  int port() {
    return dispatcher.getPort();
  }

  @Override
  public void close() {
    dispatcher.shutdownNow();
    streams.shutdownNow();
  }
}
