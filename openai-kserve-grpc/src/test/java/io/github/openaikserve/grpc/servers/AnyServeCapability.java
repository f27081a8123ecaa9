package io.github.openaikserve.grpc.servers;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A registered capability of a worker: a type, an optional {@code model} attribute, and a handler.
 *
 * <p>Source: {@code simpx/anyserve}: {@code python/anyserve/builtins/llamacpp/app.py}, {@code
 * engine.py}, {@code python/anyserve/kserve.py}.
 */
public final class AnyServeCapability {
  private static final int DEFAULT_TOKENS = 256;

  /** The exception of a handler. */
  static final class Raised extends RuntimeException {
    private static final long serialVersionUID = 1;

    Raised(String message) {
      super(message);
    }
  }

  /** Receives the chunks of a stream. */
  interface Chunks {
    void send(Outputs chunk);

    /** Waits until the caller has disconnected; the real handler does not notice that. */
    void hang();
  }

  private interface Streamed {
    void handle(Inputs inputs, Chunks chunks);
  }

  private final String type;
  private final String model;
  private final Function<Inputs, Outputs> whole;
  private final Streamed streamed;

  private AnyServeCapability(
      String type, String model, Function<Inputs, Outputs> whole, Streamed streamed) {
    this.type = type;
    this.model = model;
    this.whole = whole;
    this.streamed = streamed;
  }

  /** Returns the three capabilities of AnyServe's own llama.cpp worker. */
  public static List<AnyServeCapability> llamaCpp() {
    return List.of(
        generates("generate", "llamacpp", ""),
        streams("generate_stream", "llamacpp", ""),
        whole(
            "model_info",
            "llamacpp",
            inputs ->
                new Outputs(false).text("model_name", "tiny.gguf", 1).int32("n_ctx", 512, 1)));
  }

  /**
   * Returns a capability that generates whole answers.
   *
   * @param prefix the beginning of its texts
   */
  public static AnyServeCapability generates(String type, String model, String prefix) {
    return whole(
        type,
        model,
        inputs -> {
          Script.Run run = run(inputs);
          if (run.ending() == Script.Ending.FAILURE) {
            throw new Raised("llama_decode returned 1");
          }
          return new Outputs(false).text("text", prefix + run.text(), 1).text("model", model, 1);
        });
  }

  /** Returns a capability that streams. */
  public static AnyServeCapability streams(String type, String model, String prefix) {
    return new AnyServeCapability(
        type, model, null, (inputs, chunks) -> stream(run(inputs), prefix, chunks));
  }

  /** Returns a capability that embeds, without a model. */
  public static AnyServeCapability embeds() {
    return whole(
        "embed",
        "",
        inputs -> {
          String text = first(inputs, "text").orElseThrow(() -> missing("text"));
          return new Outputs(false).floats("embedding", new float[] {text.length(), 0.25f, -1}, 3);
        });
  }

  private static AnyServeCapability whole(
      String type, String model, Function<Inputs, Outputs> handler) {
    return new AnyServeCapability(type, model, handler, null);
  }

  private static void stream(Script.Run run, String prefix, Chunks chunks) {
    if (!prefix.isEmpty()) {
      chunks.send(chunk(prefix, "null"));
    }
    run.pieces().forEach(piece -> chunks.send(chunk(piece, "null")));
    if (run.ending() == Script.Ending.FAILURE) {
      throw new Raised("llama_decode returned 1");
    }
    if (run.ending() == Script.Ending.SILENCE) {
      chunks.hang();
      Script.TOKENS.forEach(piece -> chunks.send(chunk(piece, "null")));
    }
    chunks.send(chunk("", "null"));
    chunks.send(chunk("", "stop"));
  }

  private static Outputs chunk(String token, String finish) {
    return new Outputs(false).text("token", token, 1).text("finish_reason", finish, 1);
  }

  /** Reads typed contents only and ignores the datatype; missing inputs have defaults. */
  private static Script.Run run(Inputs inputs) {
    if (!inputs.has("prompt")) {
      throw missing("prompt");
    }
    int wanted =
        inputs
            .tensor("max_tokens")
            .map(tensor -> tensor.getContents())
            .filter(contents -> contents.getIntContentsCount() > 0)
            .map(contents -> contents.getIntContents(0))
            .orElse(0);
    int limit = wanted == 0 ? DEFAULT_TOKENS : wanted;
    return Script.run(
        first(inputs, "prompt").orElse(""),
        limit < 0 ? Integer.MAX_VALUE : limit,
        List.of(),
        false);
  }

  private static Optional<String> first(Inputs inputs, String name) {
    return inputs
        .tensor(name)
        .map(tensor -> tensor.getContents())
        .filter(contents -> contents.getBytesContentsCount() > 0)
        .map(contents -> contents.getBytesContents(0))
        .map(ByteString::toStringUtf8);
  }

  private static Raised missing(String input) {
    return new Raised("Missing required input '%s'".formatted(input));
  }

  String type() {
    return type;
  }

  String model() {
    return model;
  }

  boolean isStream() {
    return streamed != null;
  }

  Outputs answer(Inputs inputs) {
    return whole.apply(inputs);
  }

  void stream(Inputs inputs, Chunks chunks) {
    streamed.handle(inputs, chunks);
  }
}
