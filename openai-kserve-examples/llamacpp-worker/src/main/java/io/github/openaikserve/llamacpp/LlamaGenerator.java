package io.github.openaikserve.llamacpp;

import de.kherud.llama.InferenceParameters;
import de.kherud.llama.LlamaIterator;
import de.kherud.llama.LlamaModel;
import de.kherud.llama.LlamaOutput;
import de.kherud.llama.ModelParameters;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Generates text with llama.cpp. Thread-safe: runs one generation per slot; others wait in
 * llama.cpp's own queue.
 *
 * <p>The owner must not call {@link #close} during a generation, which would then hang.
 */
final class LlamaGenerator implements AutoCloseable {
  private final LlamaModel model;
  private final int contextSize;
  private final LlamaTokenizer tokenizer;

  /**
   * Loads a model.
   *
   * @param contextSize the maximum number of tokens of prompt and answer together, for each slot
   * @param vocabulary the number of tokens of the model
   * @throws IOException if llama.cpp cannot load the model
   */
  LlamaGenerator(Path gguf, int threads, int contextSize, int slots, int vocabulary)
      throws IOException {
    NativeLibrary.load();
    this.contextSize = contextSize;
    this.model =
        load(
            gguf,
            new ModelParameters()
                .setModel(gguf.toString())
                .setThreads(threads)
                .setThreadsBatch(threads)
                .setCtxSize(contextSize * slots)
                .setParallel(slots)
                .disableContextShift()
                .disableLog());
    this.tokenizer = new LlamaTokenizer(model, contextSize, vocabulary);
  }

  private static LlamaModel load(Path gguf, ModelParameters parameters) throws IOException {
    try {
      return new LlamaModel(parameters);
    } catch (RuntimeException e) { // llama.cpp's has no public type, and does not name the file
      throw new IOException("cannot load the model %s: %s".formatted(gguf, e.getMessage()), e);
    }
  }

  int contextSize() {
    return contextSize;
  }

  LlamaTokenizer tokenizer() {
    return tokenizer;
  }

  /**
   * Generates text into the sink until the model ends, the limit or the context is reached, or the
   * sink returns false.
   *
   * @return {@code length} if the limit or the context ended the generation, else {@code stop}
   * @throws BadRequestException if the prompt fills the context
   */
  String generate(GenerateInputs inputs, TextSink sink) throws InterruptedException {
    int limit = limit(inputs);
    var parameters =
        new InferenceParameters(inputs.prompt())
            .setNPredict(limit)
            .setTemperature(inputs.temperature())
            .setTopP(inputs.topP())
            .setTopK(inputs.topK());
    if (inputs.seed() != null) {
      parameters.setSeed(inputs.seed().intValue());
    }
    if (inputs.toolCalls() != null) {
      parameters.setGrammar(Grammar.ofCalls(inputs.toolCalls()));
    } else if (inputs.responseFormat() != null) {
      parameters.setGrammar(Grammar.of(inputs.responseFormat()));
    }
    LlamaIterator outputs = model.generate(parameters).iterator();
    var text = new StringBuilder();
    int pieces = 0;
    boolean ended = false;
    try {
      while (outputs.hasNext()) {
        LlamaOutput output = outputs.next();
        if (!output.text.isEmpty()) {
          pieces++;
          text.append(output.text);
          if (!sink.accept(output.text)) {
            return "stop";
          }
        }
      }
      ended = true;
    } finally {
      if (!ended) {
        outputs.cancel();
      }
    }
    // llama.cpp's binding does not report the reason, and one piece may be several tokens.
    return Math.max(pieces, model.encode(text.toString()).length) >= limit ? "length" : "stop";
  }

  private int limit(GenerateInputs inputs) {
    // llama.cpp would truncate a longer prompt silently.
    int promptTokens = PromptSize.of(inputs.prompt(), model, contextSize);
    int available = contextSize - promptTokens;
    if (available <= 0) {
      throw new BadRequestException(
          "The prompt has %d tokens, but the context holds %d, including at least one of the answer"
              .formatted(promptTokens, contextSize));
    }
    return inputs.maxTokens() < 0 ? available : Math.min(available, inputs.maxTokens());
  }

  @Override
  public void close() {
    tokenizer.close();
    model.close();
  }
}
