package io.github.openaikserve.examples;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.grpc.GrpcBackend;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.servlet.OpenAiServlet;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;

/** Serves OpenAI's API as a servlet in Jetty. */
public final class ServletExample {
  private ServletExample() {}

  /** Serves the AnyServe at {@code host:port}, the only argument, on port 8080. */
  public static void main(String[] args) throws Exception {
    try (var backend = GrpcBackend.connect(args.length == 0 ? "localhost:8000" : args[0])) {
      var openai = OpenAiKServe.builder(backend).model("llamacpp", Dialects.ANYSERVE).build();
      start(openai.httpHandler(), args.length < 2 ? 8080 : Integer.parseInt(args[1])).join();
    }
  }

  static Server start(OpenAiHandler handler, int port) throws Exception {
    var servlet = new ServletHolder(OpenAiServlet.of(handler));
    servlet.setAsyncSupported(true);
    var context = new ServletContextHandler();
    context.addServlet(servlet, "/v1/*");
    var server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    server.setHandler(context);
    server.start();
    return server;
  }
}
