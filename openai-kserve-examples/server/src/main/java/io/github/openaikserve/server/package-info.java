/**
 * The reference server: serves the library over HTTP with Vert.x, and has a command line.
 *
 * <p>It implements the duties of an HTTP server: sockets, limits, keys, disconnects and shutdown.
 * Nothing here depends on OpenAI's API. This package has only the interface of a model server in
 * the same process, {@link io.github.openaikserve.server.EmbeddedWorker}. The other packages, each
 * of which depends only on those before it:
 *
 * <ul>
 *   <li>{@code file}, {@code log}: files that are watched; the log of the process
 *   <li>{@code options}, {@code config}: declared options, and the configuration that declares them
 *   <li>{@code limits}, {@code key}: limits and usage of each client; API keys
 *   <li>{@code route}: paths that the server itself answers
 *   <li>{@code http}: connections, requests and answers. A program that embeds the server begins
 *       with {@link io.github.openaikserve.server.http.ReferenceServer}.
 *   <li>{@code ui}, {@code warmup}: the page and its status; requests of the server to itself
 *   <li>{@code service}: the configuration in use, and its replacement at a reload
 *   <li>{@code command}: the command line, with the main class
 * </ul>
 */
@NullMarked
package io.github.openaikserve.server;

import org.jspecify.annotations.NullMarked;
