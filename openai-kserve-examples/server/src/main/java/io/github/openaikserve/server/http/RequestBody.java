package io.github.openaikserve.server.http;

import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.error.OpenAiException;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.zip.DataFormatException;

/**
 * The body of one request as it arrives. Its memory comes from a budget: that of a large body until
 * the response has ended, because the call holds copies of it. Not thread-safe.
 */
final class RequestBody {
  private static final byte[] NONE = {};
  private static final int FIRST = 16 << 10;
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final BodyBudget budget;
  private final long max;
  private final long announced;
  private byte[] bytes = NONE;
  private int length;

  /** The bytes that this body has taken from the budget. */
  private long taken;

  /**
   * Creates an empty body.
   *
   * @param max the maximum length
   * @param announced the announced length ({@code Content-Length}); 0 if none is announced
   */
  RequestBody(BodyBudget budget, long max, long announced) {
    this.budget = budget;
    this.max = max;
    this.announced = announced;
  }

  /**
   * Checks the announced length.
   *
   * @throws InvalidRequestException (413) if it exceeds the limit
   */
  void checkAnnounced() {
    if (announced > max) {
      throw tooLarge();
    }
  }

  /**
   * Adds a piece of the body.
   *
   * @throws InvalidRequestException (413) if the body exceeds the limit
   * @throws OpenAiException with status 503 if the bodies of all requests take too much memory
   */
  void add(Buffer piece) {
    ensureCapacity(piece.length());
    piece.getBytes(bytes, length);
    length += piece.length();
  }

  private void ensureCapacity(int more) {
    long needed = (long) length + more;
    if (needed > max) {
      throw tooLarge();
    }
    if (needed > bytes.length) {
      grow((int) needed);
    }
  }

  /** Doubles the array, up to the announced length, so that the final array needs no copy. */
  private void grow(int needed) {
    long most = announced > 0 ? Math.max(announced, needed) : max;
    int capacity = (int) Math.min(most, Math.max(needed, Math.max(FIRST, 2L * bytes.length)));
    if (!budget.take(capacity - bytes.length, Math.max(announced, capacity))) {
      throw new BackendException(
              BackendCode.UNAVAILABLE,
              "The server is handling too many large request bodies. Retry after 1 second.")
          .withRetryAfter(RETRY_AFTER);
    }
    taken += capacity - bytes.length;
    bytes = Arrays.copyOf(bytes, capacity);
  }

  /**
   * Decompresses the gzip body. The limits apply to the decompressed bytes too, during
   * decompression, because a few bytes can expand to any number.
   *
   * @throws InvalidRequestException if the body is not valid gzip (400) or exceeds the limit (413)
   * @throws OpenAiException with status 503 if the bodies of all requests take too much memory
   */
  void inflate() {
    var plain = new RequestBody(budget, max, 0);
    var piece = new byte[FIRST];
    boolean whole = false;
    try (var gzip = new Gunzip(bytes, length)) {
      for (int read = gzip.read(piece); read >= 0; read = gzip.read(piece)) {
        plain.ensureCapacity(read);
        System.arraycopy(piece, 0, plain.bytes, plain.length, read);
        plain.length += read;
      }
      whole = true;
    } catch (DataFormatException e) {
      throw new InvalidRequestException(
          400, "malformed_request", null, "The request body is not valid gzip.", e);
    } finally {
      if (!whole) {
        plain.release();
      }
    }
    release();
    bytes = plain.bytes;
    length = plain.length;
    taken = plain.taken;
  }

  /** Returns the body, and returns unused memory to the budget. */
  byte[] whole() {
    if (length < bytes.length) {
      bytes = Arrays.copyOf(bytes, length);
      budget.release(taken - length);
      taken = length;
    }
    return bytes;
  }

  int length() {
    return length;
  }

  /** Drops the bytes. The memory of a large body remains taken until {@link #release}. */
  void drop() {
    if (BodyBudget.isSmall(taken)) {
      release();
    }
    bytes = NONE;
    length = 0;
  }

  /** Drops the bytes and returns their memory to the budget. Further calls have no effect. */
  void release() {
    bytes = NONE;
    length = 0;
    budget.release(taken);
    taken = 0;
  }

  private InvalidRequestException tooLarge() {
    return Refusals.invalid(
        413, "request_too_large", "The request body exceeds the limit of %d bytes.".formatted(max));
  }
}
