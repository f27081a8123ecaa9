package io.github.openaikserve.dialect;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Spoken audio, or a piece of it. Immutable.
 *
 * @param bytes an encoded file, or 16-bit little-endian samples; read-only
 */
public record AudioData(ByteBuffer bytes, @Nullable Integer promptTokens) implements BatchOutput {}
