package dataservice.runtime;

import io.grpc.MethodDescriptor;

/**
 * A method of the contract.
 *
 * @param descriptor the method as gRPC knows it
 * @param isRead whether a call changes nothing
 */
public record Method<Q, R>(MethodDescriptor<Q, R> descriptor, boolean isRead) {}
