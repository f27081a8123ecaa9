package io.github.openaikserve.internal.responses;

import io.github.openaikserve.openai.responses.Response;
import java.util.concurrent.CompletableFuture;

/** What stores a response that is complete. */
interface Storing {
  /** Returns a future of whether the response is stored. It never fails. */
  CompletableFuture<Boolean> store(Response response);
}
