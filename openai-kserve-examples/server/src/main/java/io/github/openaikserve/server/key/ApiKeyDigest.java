package io.github.openaikserve.server.key;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The SHA-256 digest of an API key. Immutable. */
public final class ApiKeyDigest {
  private final byte[] digest;

  ApiKeyDigest(byte[] digest) {
    this.digest = digest;
  }

  /** Returns the digest of a key. */
  public static ApiKeyDigest of(String key) {
    return of(key.getBytes(StandardCharsets.UTF_8));
  }

  /** Returns the digest of a key from a header, where each character is one byte of UTF-8. */
  static ApiKeyDigest ofHeader(String key) {
    boolean isBytes = key.chars().allMatch(c -> c <= 0xFF);
    return of(key.getBytes(isBytes ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8));
  }

  private static ApiKeyDigest of(byte[] key) {
    try {
      return new ApiKeyDigest(MessageDigest.getInstance("SHA-256").digest(key));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Returns whether both digests are equal, in constant time. */
  boolean matches(ApiKeyDigest other) {
    return MessageDigest.isEqual(digest, other.digest);
  }

  /** Returns the digest in the form of an API key file: {@code sha256:} and hexadecimal digits. */
  @Override
  public String toString() {
    return "sha256:" + HexFormat.of().formatHex(digest);
  }
}
