/**
 * Translates OpenAI requests into KServe v2 (Open Inference Protocol) tensors and back.
 *
 * <p>Core starts no thread, except for an HTTP client in process or a store in a database without
 * an executor. Its only I/O is reading template files, and that database. It waits on the JDK's
 * timer or on a configured scheduler, and checks answers against the schemas of clients on the
 * JDK's common pool. Begin with {@code io.github.openaikserve.OpenAiKServe}. An application that
 * uses {@code io.github.openaikserve.httpclient} requires {@code java.net.http}.
 */
@SuppressWarnings("requires-automatic") // an optional library
module openaikserve.core {
  requires static transitive org.jspecify;
  requires static com.networknt.schema;
  requires static io.opentelemetry.api;
  requires static io.opentelemetry.context;
  requires static java.net.http;
  requires static micrometer.core;
  requires static transitive java.sql;
  requires com.fasterxml.jackson.core;
  requires com.fasterxml.jackson.databind;
  requires org.slf4j;

  exports io.github.openaikserve;
  exports io.github.openaikserve.anthropic;
  exports io.github.openaikserve.backend;
  exports io.github.openaikserve.chat;
  exports io.github.openaikserve.chat.format;
  exports io.github.openaikserve.dialect;
  exports io.github.openaikserve.encoder;
  exports io.github.openaikserve.error;
  exports io.github.openaikserve.http;
  exports io.github.openaikserve.httpclient;
  exports io.github.openaikserve.kserve;
  exports io.github.openaikserve.micrometer;
  exports io.github.openaikserve.observation;
  exports io.github.openaikserve.openai;
  exports io.github.openaikserve.openai.audio;
  exports io.github.openaikserve.openai.decisions;
  exports io.github.openaikserve.openai.responses;
  exports io.github.openaikserve.opentelemetry;
  exports io.github.openaikserve.resilience;
  exports io.github.openaikserve.store;
  exports io.github.openaikserve.testing;
  exports io.github.openaikserve.time;
}
