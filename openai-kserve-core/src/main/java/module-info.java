/**
 * Translates OpenAI requests into KServe v2 (Open Inference Protocol) tensors and back.
 *
 * <p>Core starts no thread, and does no I/O but the template files it is asked to read. It waits by
 * the JDK's own timer, or by the scheduler it is given, and checks answers against schemas of
 * clients on the JDK's common pool. Begin with {@code io.github.openaikserve.OpenAiKServe}.
 */
@SuppressWarnings("requires-automatic") // an optional library
module openaikserve.core {
  requires static transitive org.jspecify;
  requires static com.networknt.schema;
  requires static io.opentelemetry.api;
  requires static io.opentelemetry.context;
  requires static micrometer.core;
  requires com.fasterxml.jackson.core;
  requires com.fasterxml.jackson.databind;
  requires org.slf4j;

  exports io.github.openaikserve;
  exports io.github.openaikserve.backend;
  exports io.github.openaikserve.chat;
  exports io.github.openaikserve.chat.format;
  exports io.github.openaikserve.dialect;
  exports io.github.openaikserve.error;
  exports io.github.openaikserve.http;
  exports io.github.openaikserve.kserve;
  exports io.github.openaikserve.micrometer;
  exports io.github.openaikserve.observation;
  exports io.github.openaikserve.openai;
  exports io.github.openaikserve.openai.responses;
  exports io.github.openaikserve.opentelemetry;
  exports io.github.openaikserve.resilience;
  exports io.github.openaikserve.testing;
  exports io.github.openaikserve.time;
}
