package io.github.openaikserve.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.openaikserve.grpc.servers.KServePythonServer;
import io.github.openaikserve.grpc.servers.PlainModel;
import io.github.openaikserve.grpc.servers.TritonServer;
import io.github.openaikserve.server.service.StartCheck;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/** The option {@code check} at the start of the server. */
final class StartCheckTest {
  private final Logger log = (Logger) LoggerFactory.getLogger(StartCheck.class);
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path directory;

  @BeforeEach
  void listen() {
    logged.start();
    log.setLevel(Level.WARN);
    log.addAppender(logged);
  }

  @AfterEach
  void forget() {
    log.detachAppender(logged);
    log.setLevel(null);
  }

  @Test
  void aModelThatDiffersFromItsMetadataPreventsTheStart() throws Exception {
    try (TritonServer triton = TritonServer.start(PlainModel.pictures())) {
      var err = new StringWriter();
      CommandLine command = ServerCommand.commandLine();
      command.setErr(new PrintWriter(err, true));

      int status = command.execute("--config", config(triton, "true", "resnet"));

      assertThat(status).isEqualTo(1);
      assertThat(err.toString()).contains("error: model 'resnet': unknown: ", "data FP32");
    }
  }

  @ParameterizedTest
  @CsvSource({"warn, resnet, 1", "false, resnet, 0", "true, llama-cpp, 0", "warn, llama-cpp, 0"})
  void aDifferingModelIsServedWithAWarningIfTheCheckIsNotRequired(
      String mode, String id, int warnings) throws Exception {
    try (TritonServer triton = TritonServer.start(PlainModel.pictures(), PlainModel.python());
        var server = new RunningCommand("--config", config(triton, mode, id))) {
      assertThat(server.get("/health/live").statusCode()).isEqualTo(200);

      List<String> lines = logged.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
      assertThat(lines).hasSize(warnings).allMatch(line -> line.contains("\"model 'resnet': "));
    }
  }

  @Test
  void thePrintedExampleNamesADiscoveredModel() throws Exception {
    try (TritonServer triton = TritonServer.start(PlainModel.python());
        var server = new RunningCommand("--endpoint", triton.target(), "--port", "0")) {
      server.get("/health/live");

      assertThat(server.out()).contains("-d '{\"model\":\"llama-cpp\",\"messages\"");
    }
  }

  @ParameterizedTest
  @CsvSource({"mlserver-huggingface, does not exist", "auto, does not exist"})
  void aCheckOfAModelThatTheServerDoesNotHaveFails(String dialect, String outcome)
      throws Exception {
    try (TritonServer triton = TritonServer.start(PlainModel.python())) {
      var out = new StringWriter();
      CommandLine command = ServerCommand.commandLine();
      command.setOut(new PrintWriter(out, true));

      int status =
          command.execute(
              "check", "--endpoint", triton.target(), "--model", "nope", "--dialect", dialect);

      assertThat(status).isEqualTo(1);
      assertThat(out.toString())
          .contains("model 'nope': " + outcome + ": the server has no model 'nope'");
    }
  }

  @Test
  void aCheckOfAServerThatDoesNotListItsModelsFails() throws Exception {
    try (var kserve = KServePythonServer.start()) {
      var out = new StringWriter();
      CommandLine command = ServerCommand.commandLine();
      command.setOut(new PrintWriter(out, true));

      int status = command.execute("check", "--endpoint", kserve.target());

      assertThat(status).isEqualTo(1);
      assertThat(out.toString()).contains("does not list its models: name them");
    }
  }

  private String config(TritonServer triton, String mode, String id) throws Exception {
    String text =
        """
        server: {port: 0, grace_period: 1s}
        check: MODE
        backends: [{name: triton, target: "TARGET"}]
        models: [{id: ID, dialect: auto}]
        """
            .replace("MODE", mode)
            .replace("TARGET", triton.target())
            .replace("ID", id);
    return Files.writeString(directory.resolve("server.yaml"), text).toString();
  }
}
