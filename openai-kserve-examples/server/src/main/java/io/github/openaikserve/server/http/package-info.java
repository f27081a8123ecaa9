/**
 * HTTP on Vert.x: requests and responses. Only this package and {@code connection} depend on
 * Vert.x.
 *
 * <p>{@link io.github.openaikserve.server.http.ReferenceServer} listens. One {@code Exchange} is
 * one request: its {@code RequestHead} is checked before its {@code RequestBody} is read, the
 * {@code HandlerCall} calls the handler, and a {@code BodyWriter} writes the {@code Answer} as fast
 * as the client reads. {@code ActiveRequests} tracks all connections and requests of a server.
 */
@NullMarked
package io.github.openaikserve.server.http;

import org.jspecify.annotations.NullMarked;
