/**
 * Checks and copies of request fields, for the objects of all APIs.
 *
 * <p>Only checks that need nothing but the value are here. Checks that depend on the model or on
 * the service's limits are in {@code internal.request}.
 */
@org.jspecify.annotations.NullMarked
package io.github.openaikserve.internal.fields;
