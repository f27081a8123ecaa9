package io.github.openaikserve.internal.answer.text;

import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Generation;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The text of one choice: decodes what the server sends, and cuts it to what belongs to the answer.
 * Not thread-safe.
 */
public final class ServerText {
  /** The maximum number of bytes that are passed without conversion. Tokens are shorter. */
  private static final int MAX_PLAIN = 1024;

  private final StopSequences stops;
  private Utf8Decoder characters;
  private @Nullable PromptEcho echo;
  private @Nullable WholeText whole;
  private boolean trimming;
  private byte[] plain = new byte[64];

  /**
   * Creates a text.
   *
   * @param trims whether leading white space is removed
   */
  public ServerText(Dialect dialect, Generation generation, StopSequences stops, boolean trims) {
    this.stops = stops;
    this.trimming = trims;
    this.characters = new Utf8Decoder(dialect.cumulativeText());
    this.echo = dialect.promptInOutput() ? new PromptEcho(generation.prompt()) : null;
  }

  /** Continues the text with the responses to another call. */
  public void continueWith(Dialect dialect, Generation generation) {
    characters = new Utf8Decoder(dialect.cumulativeText());
    echo = dialect.promptInOutput() ? new PromptEcho(generation.prompt()) : null;
  }

  /** Sets the whole text that arrives in one response; null if it arrives in pieces. */
  public void expect(@Nullable WholeText expected) {
    whole = expected;
  }

  /** Returns whether one response contains the whole text. */
  public boolean isWhole() {
    return whole != null;
  }

  /**
   * Copies the text of a response for {@link #cutPlain}, if the response contains only text, and no
   * earlier text and no rule but the stop sequences affects it. Returns the number of bytes; 0 if
   * the response must be decoded.
   */
  public int copyPlain(Dialect dialect, InferResponse response) {
    Tensor found = isUntouched() ? dialect.textOnlyDelta(response) : null;
    int length = found == null ? 0 : found.byteCount(0);
    if (found == null || length > MAX_PLAIN) {
      return 0;
    }
    if (length > plain.length) {
      plain = new byte[MAX_PLAIN];
    }
    found.copyBytes(0, plain, 0);
    return Utf8Decoder.isWhole(plain, length) ? length : 0;
  }

  /** Cuts the text that {@link #copyPlain} has copied and returns the number of certain bytes. */
  public int cutPlain(int length) {
    return stops.next(plain, length);
  }

  /** Returns the bytes that are certain since {@link #cutPlain}; valid until the next response. */
  public byte[] certain() {
    return stops.certain();
  }

  private boolean isUntouched() {
    return whole == null
        && !trimming
        && (echo == null || echo.isOver())
        && characters.isUntouched();
  }

  /** Decodes the bytes of a response and returns the text that is certain. */
  public String decode(ByteBuffer bytes) {
    String text = characters.next(bytes);
    return echo == null ? text : echo.next(text);
  }

  /** Decodes the text that was held back, at the end of the responses. */
  public String decodeEnd() {
    String text = characters.end();
    return echo == null ? text : echo.next(text) + echo.end();
  }

  /**
   * Returns the part of decoded text that belongs to the answer and is certain.
   *
   * @param limit the maximum number of tokens of a text in one response
   */
  public String cut(String piece, int limit) {
    return stops.next(trim(whole == null ? piece : whole.add(piece, limit)));
  }

  private String trim(String piece) {
    if (!trimming) {
      return piece;
    }
    String rest = piece.stripLeading();
    trimming = rest.isEmpty();
    return rest;
  }

  /** Returns the text that was held back because a stop sequence may begin with it. */
  public String end() {
    return stops.end();
  }

  /** Returns whether a stop sequence was found. No text follows it. */
  public boolean isStopped() {
    return stops.matched();
  }

  /** Returns the stop sequence at which the text was cut; null for none. */
  public @Nullable String stopSequence() {
    return stops.sequence();
  }

  /** Returns whether the text was cut at a limit of tokens. */
  public boolean isCut() {
    return whole != null && whole.isCut();
  }
}
