/**
 * The reference server: the library behind Vert.x, with a command line.
 *
 * <p>It holds what an HTTP layer has to do: sockets, limits, keys, disconnects and the end of the
 * process. Nothing here knows OpenAI's API. This package has the interface of a model server that
 * runs in the same process, {@link io.github.openaikserve.server.EmbeddedWorker}. The others, each
 * of which knows only those before it:
 *
 * <ul>
 *   <li>{@code file}, {@code log}: files that are watched; the log of the process
 *   <li>{@code options}, {@code config}: how options are declared, and the configuration that is
 *       declared so
 *   <li>{@code limits}, {@code key}: limits and usage of each client; API keys
 *   <li>{@code route}: paths that the server answers itself
 *   <li>{@code http}: connections, requests and answers. A program that embeds the server begins
 *       with {@link io.github.openaikserve.server.http.ReferenceServer}.
 *   <li>{@code ui}, {@code warmup}: the page and its status; requests of the server to itself
 *   <li>{@code service}: the configuration in use, and its replacement by another
 *   <li>{@code command}: the command line, with the main class
 * </ul>
 */
@NullMarked
package io.github.openaikserve.server;

import org.jspecify.annotations.NullMarked;
