/**
 * Translates OpenAI requests into KServe v2 (Open Inference Protocol) tensors and back.
 *
 * <p>Core has no threads, no I/O but the template files it is asked to read, and no clock but the
 * date that a template asks for. Begin with {@code io.github.openaikserve.OpenAiKServe}.
 */
module openaikserve.core {
  requires static transitive org.jspecify;
  requires static com.networknt.schema;
  requires com.fasterxml.jackson.core;
  requires com.fasterxml.jackson.databind;
  requires org.slf4j;

  exports io.github.openaikserve;
  exports io.github.openaikserve.backend;
  exports io.github.openaikserve.chat;
  exports io.github.openaikserve.dialect;
  exports io.github.openaikserve.error;
  exports io.github.openaikserve.http;
  exports io.github.openaikserve.kserve;
  exports io.github.openaikserve.openai;
  exports io.github.openaikserve.testing;
}
