import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.testserver.KServeTestServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;

@EnableAutoConfiguration
class Main {
  public static void main(String[] args) throws Exception {
    try (var server = KServeTestServer.start();
        var context =
            SpringApplication.run(
                Main.class,
                "--server.port=0",
                "--logging.level.root=ERROR",
                "--spring.main.banner-mode=off",
                "--openai-kserve.backends.gpu.target=" + server.target(),
                "--openai-kserve.models.m.dialect=anyserve",
                "--openai-kserve.models.m.template=chatml",
                "--openai-kserve.routes.enabled=true")) {
      String port = context.getEnvironment().getProperty("local.server.port");
      var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/models"));
      var models =
          HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
      if (models.statusCode() != 200) {
        throw new AssertionError(models.body());
      }
      var openai = context.getBean(OpenAiKServe.class);
      System.out.println(openai.chatCompletions().create(r -> r.user("Hi")).text());
    }
  }
}
