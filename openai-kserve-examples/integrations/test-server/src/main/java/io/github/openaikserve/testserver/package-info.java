/**
 * Servers for tests of code that uses this library, over real sockets: a scripted model server and
 * a server of OpenAI's API. Begin with {@link
 * io.github.openaikserve.testserver.OpenAiKServeExtension} or {@link
 * io.github.openaikserve.testserver.KServeTestServer}.
 */
@NullMarked
package io.github.openaikserve.testserver;

import org.jspecify.annotations.NullMarked;
