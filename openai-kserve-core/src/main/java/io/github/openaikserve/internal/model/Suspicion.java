package io.github.openaikserve.internal.model;

import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.DialectException;
import java.util.regex.Pattern;

/** The suspicion that a failed call raises about its model. */
enum Suspicion {
  /** Nothing. */
  NONE,
  /** The model may have other input or output tensors than the known ones. */
  TENSORS,
  /** The server may no longer have the model. */
  MISSING,
  /** After a restart, the server may be another one or another release. */
  UNAVAILABLE;

  /** Words in messages about a model's inputs and outputs, or about keys in an input. */
  private static final Pattern TENSOR_WORDS =
      Pattern.compile(
          "\\b(?:in|out)puts?\\b|\\btensors?\\b|\\bdata-?type\\b|\\bshape\\b|\\bdecoupled\\b"
              + "|lora_name|unexpected keyword",
          Pattern.CASE_INSENSITIVE);

  static Suspicion of(Throwable failure) {
    if (failure instanceof DialectException) {
      return TENSORS;
    }
    if (!(failure instanceof BackendException backend)) {
      return NONE;
    }
    return switch (backend.backendCode()) {
      case NOT_FOUND -> backend.saidByServer() ? MISSING : NONE;
      case UNAVAILABLE -> UNAVAILABLE;
      case UNIMPLEMENTED -> TENSORS;
      case UNKNOWN, INTERNAL, INVALID_ARGUMENT, FAILED_PRECONDITION, OUT_OF_RANGE, ABORTED ->
          backend.saidByServer() && TENSOR_WORDS.matcher(backend.getMessage()).find()
              ? TENSORS
              : NONE;
      default -> NONE;
    };
  }
}
