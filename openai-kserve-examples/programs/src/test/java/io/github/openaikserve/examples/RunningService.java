package io.github.openaikserve.examples;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.chat.ChatTemplate;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.grpc.GrpcBackend;
import io.github.openaikserve.http.CheckedHandler;
import io.github.openaikserve.llamacpp.LlamaCppWorker;
import io.github.openaikserve.llamacpp.WorkerDialect;
import io.github.openaikserve.resilience.BalancedBackend;
import io.github.openaikserve.server.http.ReferenceServer;
import io.github.openaikserve.server.http.ServerOptions;
import java.io.IOException;

/**
 * The whole path over real sockets: HTTP server, library, gRPC and llama.cpp. Checks every answer
 * and every event against OpenAI's schemas; closing fails if one is invalid.
 */
final class RunningService implements AutoCloseable {
  final LlamaCppWorker worker;
  final BalancedBackend backend;
  final OpenAiKServe openai;
  final ReferenceServer server;
  private final CheckedHandler checked;

  RunningService() throws IOException {
    worker = LlamaCppWorker.builder().start();
    ChatTemplate template = ChatTemplates.fromGguf(worker.gguf());
    backend = GrpcBackend.connect("127.0.0.1:" + worker.port());
    openai =
        OpenAiKServe.builder(backend)
            .model("llamacpp", m -> m.dialect(WorkerDialect.INSTANCE).chatTemplate(template))
            .build();
    checked = new CheckedHandler(openai.httpHandler());
    server = ReferenceServer.start(checked, ServerOptions.defaults());
  }

  String url() {
    return "http://127.0.0.1:" + server.port();
  }

  @Override
  public void close() {
    server.close();
    backend.close();
    worker.close();
    if (!checked.problems().isEmpty()) {
      throw new AssertionError("invalid against OpenAI's schemas: " + checked.problems());
    }
  }
}
