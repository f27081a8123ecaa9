package io.github.openaikserve.examples.quarkus;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.grpc.GrpcBackend;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.resilience.BalancedBackend;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.vertx.UniHelper;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Serves OpenAI's API as a route of Quarkus. A client that disconnects cancels the call. */
@Singleton
public class QuarkusExample {
  private final BalancedBackend backend;

  QuarkusExample(@ConfigProperty(name = "model-server") String target) {
    backend = GrpcBackend.connect(target);
  }

  @PreDestroy
  void close() {
    backend.close();
  }

  void routes(@Observes Router router) {
    var openai = OpenAiKServe.builder(backend).model("llamacpp", Dialects.ANYSERVE).build();
    OpenAiHandler handler = openai.httpHandler();
    router.route("/v1/*").handler(context -> answer(handler, context.request()));
  }

  private static void answer(OpenAiHandler handler, HttpServerRequest in) {
    in.body().onSuccess(body -> answer(handler, in, body.getBytes()));
    in.resume(); // Quarkus has paused it
  }

  private static void answer(OpenAiHandler handler, HttpServerRequest in, byte[] body) {
    Map<String, List<String>> headers = new HashMap<>();
    in.headers().names().forEach(name -> headers.put(name, in.headers().getAll(name)));
    var answer = handler.handle(new ApiRequest(in.method().name(), in.uri(), headers, body));
    in.response().closeHandler(left -> answer.cancel(false));
    answer.thenAccept(response -> write(response, in.response()));
  }

  private static void write(ApiResponse answer, HttpServerResponse out) {
    answer.headers().forEach(out.setStatusCode(answer.status()).setChunked(true)::putHeader);
    var stream =
        Multi.createFrom()
            .publisher(answer.body())
            .onItem() // the next one when the client has taken this one
            .call(bytes -> UniHelper.toUni(out.write(Buffer.buffer().setBytes(0, bytes))))
            .subscribe()
            .with(bytes -> {}, failure -> out.reset(), out::end);
    out.closeHandler(left -> stream.cancel());
  }
}
