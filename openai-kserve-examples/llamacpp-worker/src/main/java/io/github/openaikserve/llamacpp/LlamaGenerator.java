package io.github.openaikserve.llamacpp;

import de.kherud.llama.InferenceParameters;
import de.kherud.llama.LlamaIterator;
import de.kherud.llama.LlamaModel;
import de.kherud.llama.LlamaOutput;
import de.kherud.llama.ModelParameters;
import java.nio.file.Path;

/**
 * Generates text with llama.cpp. Thread-safe: as many generations at once as there are slots, the
 * rest wait in llama.cpp's own queue.
 *
 * <p>The native side answers after {@link #close} and hangs whoever is generating meanwhile; the
 * owner must see to it that nobody is.
 */
final class LlamaGenerator implements AutoCloseable {
  private final LlamaModel model;
  private final int contextSize;
  private final LlamaTokenizer tokenizer;

  /**
   * Loads a model.
   *
   * @param contextSize tokens of prompt and answer together, for each slot
   * @param vocabulary the number of tokens of the model
   */
  LlamaGenerator(Path gguf, int threads, int contextSize, int slots, int vocabulary) {
    NativeLibrary.load();
    this.contextSize = contextSize;
    this.model =
        new LlamaModel(
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

  int contextSize() {
    return contextSize;
  }

  LlamaTokenizer tokenizer() {
    return tokenizer;
  }

  /**
   * Generates into the sink until the model ends, the limit or the context is reached, or the sink
   * wants no more.
   *
   * @return {@code length} when the limit or the context ended it, else {@code stop}
   * @throws BadRequestException if the prompt leaves no room in the context
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
    // llama.cpp's binding does not tell why it ended, and one piece may be several tokens.
    return Math.max(pieces, model.encode(text.toString()).length) >= limit ? "length" : "stop";
  }

  private int limit(GenerateInputs inputs) {
    // llama.cpp would cut a longer prompt without a word.
    int promptTokens = PromptSize.of(inputs.prompt(), model, contextSize);
    int room = contextSize - promptTokens;
    if (room <= 0) {
      throw new BadRequestException(
          "The prompt has %d tokens, but the context holds %d with at least one of the answer"
              .formatted(promptTokens, contextSize));
    }
    return inputs.maxTokens() < 0 ? room : Math.min(room, inputs.maxTokens());
  }

  @Override
  public void close() {
    tokenizer.close();
    model.close();
  }
}
