/**
 * Recording of calls to a model server in a file, and their replay.
 *
 * <p>Requires {@code protobuf-java-util}, an optional dependency. Start with {@link
 * io.github.openaikserve.grpc.recording.RecordingBackend#to}.
 */
@NullMarked
package io.github.openaikserve.grpc.recording;

import org.jspecify.annotations.NullMarked;
