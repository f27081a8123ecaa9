package io.github.openaikserve.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.grpc.faults.Faults;
import io.github.openaikserve.grpc.faults.LeakCheck;
import io.github.openaikserve.grpc.faults.ToxicProxy;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.server.testing.Wire;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ScriptedResponse;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Failing clients of a server whose model generates without an end. */
final class ClientFaultsTest extends ServerTest {
  private static final String BODY = "{\"prompt\":\"a\",\"stream\":true}";
  private static final String REQUEST =
      "POST /v1/completions HTTP/1.1\r\nhost: x\r\ncontent-length: "
          + BODY.length()
          + "\r\n\r\n"
          + BODY;
  private static final String HEALTHY = "GET /health HTTP/1.1\r\nhost: x\r\n\r\n";

  private final FakeBackend backend =
      FakeBackend.answering(
          call ->
              ScriptedResponse.of(List.of(InferResponse.of(Tensor.text("token", "word "))))
                  .thenHangs());
  private LeakCheck leakCheck;

  @BeforeEach
  void start() throws Exception {
    start(OpenAiKServe.builder(backend).model("m", Dialects.ANYSERVE).build().httpHandler());
    assertHealthy();
    leakCheck =
        LeakCheck.before(ToxicProxy.THREADS)
            .with("calls", () -> backend.calls().size() - backend.cancellations());
  }

  @Test
  void aConnectionResetAfterAnyByteOfTheRequestLeavesNoResources() throws Exception {
    for (int sent = 0; sent <= REQUEST.length(); sent++) {
      try (Wire wire = connect()) {
        wire.send(REQUEST.substring(0, sent)).reset();
      }
    }

    assertHealthy(); // so all before it were accepted
    leakCheck.assertNone();
    assertThat(backend.calls()).hasSizeLessThanOrEqualTo(1); // only the last one was whole
  }

  @Test
  void aConnectionResetDuringTheResponseLeavesNoResources() throws Exception {
    for (int i = 0; i < 20; i++) {
      try (Wire wire = connect()) {
        wire.send(REQUEST).readUntil("word ");
        wire.reset();
      }
    }

    leakCheck.assertNone();
    assertThat(backend.cancellations()).isEqualTo(20);
    assertHealthy();
  }

  @Test
  void aRequestThatArrivesByteByByteIsAnswered() throws Exception {
    try (Wire wire = connect()) {
      for (int i = 0; i < REQUEST.length(); i++) {
        wire.send(REQUEST.substring(i, i + 1));
      }
      assertThat(wire.readUntil("word ")).startsWith("HTTP/1.1 200");
    }
    leakCheck.assertNone();
  }

  @Test
  void anAnswerThatArrivesByteByByteIsWhole() throws Exception {
    try (ToxicProxy slow = ToxicProxy.before(server.port(), Faults.trickle());
        Wire wire = new Wire(slow.port())) {
      assertThat(wire.send(REQUEST).readUntil("word ")).startsWith("HTTP/1.1 200");
    }
    leakCheck.assertNone();
  }

  @Test
  void malformedRequestsAreDisconnected() throws Exception {
    var garbage = new StringBuilder();
    for (int i = 0; i < 4000; i++) {
      garbage.append((char) (i * 31 % 127));
    }
    assertThat(answer(garbage + "\r\n\r\n")).doesNotStartWith("HTTP/1.1 200");
    leakCheck.assertNone();
    assertHealthy();
  }

  private void assertHealthy() throws Exception {
    assertThat(answer(HEALTHY, "\r\n\r\n")).startsWith("HTTP/1.1 200");
  }
}
