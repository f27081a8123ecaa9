/**
 * An in-process {@link java.net.http.HttpClient} whose requests are answered by an {@link
 * io.github.openaikserve.http.OpenAiHandler} without a network.
 *
 * <p>Every SDK that accepts the JDK's client can run in process with it. Start with {@link
 * io.github.openaikserve.httpclient.InProcessHttpClient}. A modular application that uses this
 * package requires {@code java.net.http}; the rest of the library does not need that module.
 */
@NullMarked
package io.github.openaikserve.httpclient;

import org.jspecify.annotations.NullMarked;
