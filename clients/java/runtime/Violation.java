package dataservice.runtime;

/**
 * A field that a rule rejects, or a precondition that does not hold.
 *
 * @param field the path of the field in the request, or the subject of the precondition
 * @param description the rule, in English
 */
public record Violation(String field, String description) {}
