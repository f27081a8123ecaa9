import io.github.openaikserve.testserver.KServeTestServer;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.ConfigProvider;

/** Calls the route of QuarkusExample, which the script copies into this project. */
@QuarkusMain
public class Main {
  public static void main(String[] args) {
    try (var server = KServeTestServer.start()) {
      System.setProperty("model-server", server.target());
      Quarkus.run(Client.class, (code, failure) -> {}, args);
    }
  }

  public static class Client implements QuarkusApplication {
    @Override
    public int run(String... args) throws Exception {
      int port = ConfigProvider.getConfig().getValue("quarkus.http.port", Integer.class);
      var request =
          HttpRequest.newBuilder(
                  URI.create("http://127.0.0.1:" + port + "/v1/chat/completions"))
              .POST(
                  HttpRequest.BodyPublishers.ofString(
                      "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"stream\":true}"));
      String events =
          HttpClient.newHttpClient()
              .send(request.build(), HttpResponse.BodyHandlers.ofString())
              .body();
      var text = Pattern.compile("\"content\":\"(Hello)\"").matcher(events);
      System.out.println(text.find() && events.endsWith("[DONE]\n\n") ? text.group(1) : events);
      return 0;
    }
  }
}
