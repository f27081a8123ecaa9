/** The server's side: the RPCs of a service that a backend answers. */
@NullMarked
package io.github.openaikserve.grpc.internal.service;

import org.jspecify.annotations.NullMarked;
