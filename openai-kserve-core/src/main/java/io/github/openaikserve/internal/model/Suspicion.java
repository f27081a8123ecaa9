package io.github.openaikserve.internal.model;

import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.DialectException;
import java.util.regex.Pattern;

/** What the failure of a call suggests about what is known of its model. */
enum Suspicion {
  /** Nothing. */
  NONE,
  /** The model may take or give other tensors than those that are known. */
  TENSORS,
  /** The server may not have the model any more. */
  MISSING,
  /** Another server, or another release, may answer once the server is back. */
  UNAVAILABLE;

  /** Words about the inputs and outputs of a model, or of the keys in one of them. */
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
