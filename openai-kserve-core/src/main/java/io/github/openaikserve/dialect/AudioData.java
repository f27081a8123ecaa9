package io.github.openaikserve.dialect;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Spoken audio, or a piece of it. Immutable.
 *
 * @param bytes an encoded file, or samples of 16 bits, little-endian; read-only
 */
public record AudioData(ByteBuffer bytes, @Nullable Integer promptTokens) implements BatchOutput {}
