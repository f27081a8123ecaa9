/**
 * HTTP on Vert.x: connections, the requests on them, and how both end. The only package that knows
 * Vert.x.
 *
 * <p>{@link io.github.openaikserve.server.http.ReferenceServer} listens. One {@code Exchange} is
 * one request: its {@code RequestHead} is checked before its {@code RequestBody} is read, the
 * {@code Question} asks the handler, and the {@code Answer} is written by a {@code BodyWriter} as
 * fast as the client reads. {@code Exchanges} holds all connections and requests of a server.
 */
@NullMarked
package io.github.openaikserve.server.http;

import org.jspecify.annotations.NullMarked;
