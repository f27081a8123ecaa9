package io.github.openaikserve.examples.javalin;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.grpc.GrpcBackend;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.servlet.OpenAiServlet;
import io.javalin.Javalin;
import org.eclipse.jetty.ee10.servlet.ServletHolder;

/** Serves OpenAI's API as a servlet in a Javalin application, next to the application's routes. */
public final class JavalinExample {
  private JavalinExample() {}

  /** Serves the AnyServe at {@code host:port} (first argument) on a port (second argument). */
  public static void main(String[] args) {
    var backend = GrpcBackend.connect(args.length == 0 ? "localhost:8000" : args[0]);
    var openai = OpenAiKServe.builder(backend).model("llamacpp", Dialects.ANYSERVE).build();
    start(openai.httpHandler(), args.length < 2 ? 8080 : Integer.parseInt(args[1]));
  }

  static Javalin start(OpenAiHandler handler, int port) {
    var servlet = new ServletHolder(OpenAiServlet.of(handler));
    servlet.setAsyncSupported(true);
    return Javalin.create(
            config -> {
              config.startup.showJavalinBanner = false;
              config.routes.get("/", context -> context.result("An application with a model"));
              config.jetty.modifyServletContextHandler(
                  context -> context.addServlet(servlet, "/v1/*"));
            })
        .start("127.0.0.1", port);
  }
}
