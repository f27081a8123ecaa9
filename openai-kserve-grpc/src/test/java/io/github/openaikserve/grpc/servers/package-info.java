/**
 * Model servers with scripted generations that otherwise behave as the real ones on the wire:
 * metadata, rejected requests and their errors, and the form of answers.
 *
 * <p>They share only the generated messages with the code that they test.
 */
package io.github.openaikserve.grpc.servers;
