package io.github.openaikserve.internal.request.field;

import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.openai.CreateCompletionRequest;
import java.util.Map;

/** The fields of a completion request that have an accessor. */
final class CompletionFields {
  private CompletionFields() {}

  /** Puts the fields of a request. */
  static void putAll(CreateCompletionRequest request, RequestFields fields) {
    fields.put(RequestField.MAX_TOKENS, request.maxTokens());
    fields.put(RequestField.TEMPERATURE, request.temperature());
    fields.put(RequestField.TOP_P, request.topP());
    fields.put(RequestField.SEED, request.seed());
    fields.put(RequestField.STOP, request.stop());
    fields.putUnless(1, RequestField.N, request.n());
    Integer bestOf = request.bestOf();
    if (bestOf != null) { // 0 and 1 have no effect
      fields.putUnless(1, RequestField.BEST_OF, Math.max(1, bestOf));
    }
    fields.putUnless(0.0, RequestField.PRESENCE_PENALTY, request.presencePenalty());
    fields.putUnless(0.0, RequestField.FREQUENCY_PENALTY, request.frequencyPenalty());
    fields.putUnless(Map.of(), RequestField.LOGIT_BIAS, request.logitBias());
    if (request.logprobs() != null) {
      fields.put(RequestField.LOGPROBS, true);
      fields.put(RequestField.TOP_LOGPROBS, request.logprobs());
    }
    fields.putUnless("", RequestField.SUFFIX, request.suffix());
    fields.putUnless(false, RequestField.ECHO, request.echo());
    fields.put(RequestField.STREAM_OPTIONS, request.streamOptions());
  }
}
