package io.github.openaikserve.examples;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.grpc.GrpcBackend;
import io.github.openaikserve.grpc.recording.RecordingBackend;
import io.github.openaikserve.grpc.recording.Redaction;
import io.github.openaikserve.grpc.recording.ReplayBackend;
import java.nio.file.Path;

/** Records the calls to a server once, and replays them without it. */
public final class RecordingExample {
  private RecordingExample() {}

  /** Calls the AnyServe at {@code target} and records the calls in {@code file}. */
  static String record(String target, Path file) {
    try (var server = GrpcBackend.connect(target);
        var recording = RecordingBackend.to(server, file, Redaction.prompts())) {
      return ask(recording);
    }
  }

  /** Makes the same calls without a server. */
  static String replay(Path file) {
    var replay = ReplayBackend.from(file);
    String answer = ask(replay);
    if (replay.remaining() > 0) {
      throw new AssertionError("fewer calls were made than are recorded");
    }
    return answer;
  }

  /** The code under test. */
  static String ask(InferenceBackend backend) {
    var openai = OpenAiKServe.builder(backend).model("llamacpp", Dialects.ANYSERVE).build();
    return openai
        .chatCompletions()
        .create(r -> r.user("Tell me a story.").maxTokens(16).temperature(0))
        .text();
  }
}
