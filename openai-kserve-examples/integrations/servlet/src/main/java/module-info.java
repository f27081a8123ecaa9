/** OpenAI's API as an asynchronous Jakarta servlet. */
module openaikserve.servlet {
  requires static transitive org.jspecify;
  requires transitive jakarta.servlet;
  requires transitive openaikserve.core;

  exports io.github.openaikserve.servlet;
}
