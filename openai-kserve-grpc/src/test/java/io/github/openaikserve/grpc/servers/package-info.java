/**
 * Model servers of which a test says what they generate, and which otherwise behave as the real
 * ones do on the wire: what they declare, what they refuse and how, and the form of their answers.
 *
 * <p>They share no code with what they test but the generated messages.
 */
package io.github.openaikserve.grpc.servers;
