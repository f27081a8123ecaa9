package io.github.openaikserve.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.github.openaikserve.server.testing.ScriptedModel;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The access log line of a request with a known client. */
final class UsageInAccessLogTest {
  private static final String PATH = "/v1/completions";
  private static final String[] KEY = {"authorization", "Bearer secret"};

  private final Logger log = (Logger) LoggerFactory.getLogger("openaikserve.access");
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

  @Test
  void aRequestIsOneAccessLogLineWithClientAndTokens() throws Exception {
    var appender =
        new AppenderBase<ILoggingEvent>() {
          @Override
          protected void append(ILoggingEvent event) {
            lines.add(event.getFormattedMessage());
          }
        };
    appender.start();
    log.setLevel(Level.INFO);
    log.addAppender(appender);
    try (var model = new ScriptedModel();
        var server =
            new RunningCommand(
                "--port", "0", "--api-key", "secret", "--anyserve-endpoint", model.target())) {
      server.post(PATH, "{'prompt':'quick'}", KEY).get(20, TimeUnit.SECONDS);
      server.post(PATH, "{'prompt':'quick','stream':true}", KEY).get(20, TimeUnit.SECONDS);
      server.get("/v1/models", KEY);

      String usage = " client=\"key-[0-9a-f]{8}\" model=llamacpp input_tokens=\\d+ output_tokens=1";
      for (int i = 0; i < 2; i++) {
        assertThat(line()).matches("POST /v1/completions 200 \\d+ bytes \\d+ ms req_\\S+" + usage);
      }
      assertThat(line()).matches("GET /v1/models 200 \\d+ bytes \\d+ ms req_\\S+");
    } finally {
      log.detachAppender(appender);
      log.setLevel(null);
    }
    assertThat(lines).isEmpty();
  }

  private String line() throws InterruptedException {
    return String.valueOf(lines.poll(20, TimeUnit.SECONDS));
  }
}
