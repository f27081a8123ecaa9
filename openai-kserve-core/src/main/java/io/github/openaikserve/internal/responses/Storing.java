package io.github.openaikserve.internal.responses;

import io.github.openaikserve.openai.responses.Response;
import java.util.concurrent.CompletableFuture;

/** A function that stores a complete response. */
interface Storing {
  /** Stores a response. Returns a future of whether it is stored; the future never fails. */
  CompletableFuture<Boolean> store(Response response);
}
