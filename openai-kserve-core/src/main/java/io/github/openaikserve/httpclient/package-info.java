/**
 * {@code java.net.http} without a network: an {@link java.net.http.HttpClient} whose requests an
 * {@link io.github.openaikserve.http.OpenAiHandler} of this process answers.
 *
 * <p>Every SDK that accepts a client of the JDK runs in process with it. Begin with {@link
 * io.github.openaikserve.httpclient.InProcessHttpClient}. A modular application that uses this
 * package requires {@code java.net.http}; the rest of the library does not need that module.
 */
@NullMarked
package io.github.openaikserve.httpclient;

import org.jspecify.annotations.NullMarked;
