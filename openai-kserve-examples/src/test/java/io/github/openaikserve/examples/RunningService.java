package io.github.openaikserve.examples;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.examples.server.ReferenceServer;
import io.github.openaikserve.examples.server.ServerOptions;
import io.github.openaikserve.examples.worker.LlamaCppWorker;
import io.github.openaikserve.grpc.GrpcBackend;
import java.io.IOException;

/** The whole path over real sockets: HTTP server, library, gRPC, llama.cpp. */
final class RunningService implements AutoCloseable {
  final LlamaCppWorker worker;
  final GrpcBackend backend;
  final OpenAiKServe openai;
  final ReferenceServer server;

  RunningService() throws IOException {
    worker = LlamaCppWorker.builder().start();
    backend = GrpcBackend.connect("127.0.0.1:" + worker.port());
    openai =
        OpenAiKServe.builder(backend)
            .model("llamacpp", m -> m.dialect(Dialects.ANYSERVE).chatTemplate(ChatTemplates.CHATML))
            .build();
    server = ReferenceServer.start(openai.httpHandler(), ServerOptions.defaults());
  }

  String url() {
    return "http://127.0.0.1:" + server.port();
  }

  @Override
  public void close() {
    server.close();
    backend.close();
    worker.close();
  }
}
