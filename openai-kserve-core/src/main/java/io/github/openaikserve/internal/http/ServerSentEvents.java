package io.github.openaikserve.internal.http;

import io.github.openaikserve.internal.flow.Translator;
import io.github.openaikserve.internal.json.JsonCodec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Chunks to server-sent events, one buffer each, and {@code [DONE]} at the end. A failure becomes
 * an {@code error} event, after which the stream just ends: that is the only way to report one once
 * the headers are out. One per stream.
 */
final class ServerSentEvents<C> implements Translator<C, ByteBuffer> {
  private static final byte[] PREFIX = "data: ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] SUFFIX = "\n\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);

  private final Function<? super C, byte[]> json;

  ServerSentEvents(Function<? super C, byte[]> json) {
    this.json = json;
  }

  @Override
  public void next(C chunk, Consumer<? super ByteBuffer> output) {
    output.accept(event(json.apply(chunk)));
  }

  @Override
  public void end(Consumer<? super ByteBuffer> output) {
    output.accept(event(DONE));
  }

  @Override
  public @Nullable Throwable fail(Throwable failure, Consumer<? super ByteBuffer> output) {
    output.accept(event(JsonCodec.write(ErrorResponses.error(failure))));
    return null;
  }

  private static ByteBuffer event(byte[] data) {
    return ByteBuffer.allocate(PREFIX.length + data.length + SUFFIX.length)
        .put(PREFIX)
        .put(data)
        .put(SUFFIX)
        .flip();
  }
}
