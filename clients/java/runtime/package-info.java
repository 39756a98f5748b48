/**
 * The part of a client that is the same for every contract: connections, deadlines, repetitions,
 * errors as types, pages, imports and exports. It logs nothing, and puts no value of a request into
 * an error or a span.
 */
package dataservice.runtime;
