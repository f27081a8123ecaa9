package io.github.openaikserve.examples.helidon;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.grpc.GrpcBackend;
import io.github.openaikserve.http.ApiBody;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.OpenAiHandler;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Serves OpenAI's API with Helidon SE, which runs each request on a virtual thread. */
public final class HelidonExample {
  private HelidonExample() {}

  /** Serves the AnyServe at {@code host:port} (first argument) on a port (second argument). */
  public static void main(String[] args) {
    var backend = GrpcBackend.connect(args.length == 0 ? "localhost:8000" : args[0]);
    var openai = OpenAiKServe.builder(backend).model("llamacpp", Dialects.ANYSERVE).build();
    start(openai.httpHandler(), args.length < 2 ? 8080 : Integer.parseInt(args[1]));
  }

  static WebServer start(OpenAiHandler handler, int port) {
    return WebServer.builder()
        .host("127.0.0.1")
        .port(port)
        .maxPayloadSize(32 << 20)
        .routing(routing -> routing.any("/v1/*", (in, out) -> answer(handler, in, out)))
        .build()
        .start();
  }

  private static void answer(OpenAiHandler handler, ServerRequest in, ServerResponse out)
      throws IOException {
    byte[] content = in.content().hasEntity() ? in.content().as(byte[].class) : new byte[0];
    Map<String, List<String>> headers = new HashMap<>();
    in.headers().forEach(header -> headers.put(header.name(), header.allValues()));
    String query = in.query().isEmpty() ? "" : "?" + in.query().rawValue();
    String path = in.path().rawPath() + query;
    ApiResponse answer =
        handler.answer(new ApiRequest(in.prologue().method().text(), path, headers, content));
    try (ApiBody body = answer.body()) { // closing it, also after a failed write, cancels the call
      answer.headers().forEach(out.status(answer.status())::header);
      try (var bytes = out.outputStream()) {
        body.writeTo(bytes);
      }
    }
  }
}
