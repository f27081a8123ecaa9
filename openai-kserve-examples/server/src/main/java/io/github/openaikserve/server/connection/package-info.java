/**
 * Open connections on Vert.x, and what they hold while the server waits for their clients. Start
 * with {@link io.github.openaikserve.server.connection.OpenConnections}.
 */
@NullMarked
package io.github.openaikserve.server.connection;

import org.jspecify.annotations.NullMarked;
