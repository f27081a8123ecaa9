/**
 * Conversations with a model server in a file, recorded and replayed.
 *
 * <p>Needs {@code protobuf-java-util}, an optional dependency. Begin with {@link
 * io.github.openaikserve.grpc.recording.RecordingBackend#to}.
 */
@NullMarked
package io.github.openaikserve.grpc.recording;

import org.jspecify.annotations.NullMarked;
