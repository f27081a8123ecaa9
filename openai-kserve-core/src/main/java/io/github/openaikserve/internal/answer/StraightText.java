package io.github.openaikserve.internal.answer;

import io.github.openaikserve.internal.flow.Translator;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All the steps of a call, but where a response says nothing but more text, and nothing has to be
 * done to it, its bytes go to the last step at once. Not thread-safe; one per call.
 */
final class StraightText<I, C, O> implements Translator<I, O> {
  /** A token is shorter; what is longer can take all the steps. */
  private static final int MAX_LENGTH = 1024;

  private final GenerationDecoder reader;
  private final ChunkWriter<C> writer;
  private final TextStep<? super C, O> last;
  private final Translator<I, O> steps;
  private byte[] text = new byte[64];

  /**
   * A shortcut for the only choice of a call.
   *
   * @param reader the first of all steps, with the writer somewhere and {@code last} at the end
   */
  StraightText(
      GenerationDecoder reader,
      ChunkWriter<C> writer,
      TextStep<? super C, O> last,
      Translator<I, O> steps) {
    this.reader = reader;
    this.writer = writer;
    this.last = last;
    this.steps = steps;
  }

  @Override
  public void next(I input, Consumer<? super O> output) {
    Tensor said = input instanceof InferResponse response ? reader.onlyText(response) : null;
    if (said == null || !goesStraight(said, output)) {
      steps.next(input, output);
    }
  }

  private boolean goesStraight(Tensor said, Consumer<? super O> output) {
    int length = said.byteCount(0);
    if (length > MAX_LENGTH) {
      return false;
    }
    if (length > text.length) {
      text = new byte[MAX_LENGTH];
    }
    said.copyBytes(0, text, 0);
    if (!reader.letPass(text, length) || !last.text(0, text, length, output)) {
      return false;
    }
    writer.passed(0, text, length);
    reader.passed();
    return true;
  }

  @Override
  public void pause(Consumer<? super O> output) {
    steps.pause(output);
  }

  @Override
  public void end(Consumer<? super O> output) {
    steps.end(output);
  }

  @Override
  public @Nullable Throwable fail(Throwable failure, Consumer<? super O> output) {
    return steps.fail(failure, output);
  }

  @Override
  public boolean done() {
    return steps.done();
  }
}
