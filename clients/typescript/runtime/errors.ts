// The errors of calls, as types. Programs evaluate type, `code` and `reason`, never texts.
// The reasons are those of dataservice.v1.ErrorReason.

import { type DescMessage, fromBinary } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import {
  BadRequestSchema,
  ErrorInfoSchema,
  PreconditionFailureSchema,
  RequestInfoSchema,
  ResourceInfoSchema,
  RetryInfoSchema,
} from "../gen/google/rpc/error_details_pb.js";
import type { Status } from "../gen/google/rpc/status_pb.js";

export { Code };

/** A field that a rule rejects, or a precondition that does not hold. */
export interface Violation {
  field: string;
  description: string;
}

/** A call that failed. */
export class ServiceError extends Error {
  /** Name of a dataservice.v1.ErrorReason, or empty. */
  reason = "";
  /** What the server adds to the reason. */
  metadata: Record<string, string> = {};
  violations: Violation[] = [];
  /** The resource that the error is about, or empty. */
  resource = "";
  /** Milliseconds after which the same call may be repeated, if the server names a time. */
  retryAfter: number | undefined;
  /** Whether a write may have been carried out. */
  outcomeUnknown = false;

  constructor(
    readonly code: Code,
    readonly text: string,
    /** Identifies the call in the logs of the server. */
    public requestId: string,
    cause?: unknown,
  ) {
    super(text, { cause });
    this.name = new.target.name;
  }

  override toString(): string {
    const reason = this.reason ? ` (${this.reason})` : "";
    const id = this.requestId ? ` [request ${this.requestId}]` : "";
    return `${this.name}: ${Code[this.code]}${reason}: ${this.text}${id}`;
  }
}

/** The request breaks rules; `violations` has all of them. */
export class InvalidArgument extends ServiceError {}
/** The resource does not exist. */
export class NotFound extends ServiceError {}
/** A resource with this key exists. */
export class AlreadyExists extends ServiceError {}
/** The request_id was used before, by another request. Nothing was done. */
export class RequestIdReused extends AlreadyExists {}
/** The state of other rows forbids the call; `reason` and `violations` name it. */
export class FailedPrecondition extends ServiceError {}
/** The call conflicts with another one. */
export class Aborted extends ServiceError {}
/** The resource does not have the version that the request names. Nothing was done. */
export class VersionMismatch extends Aborted {}
/** The call needs credentials, or these are not valid. */
export class Unauthenticated extends ServiceError {}
/** The policy of the server does not permit the call to this caller. */
export class PermissionDenied extends ServiceError {}
/** The server has too much to do; `retryAfter` says when to call again. */
export class TooBusy extends ServiceError {}
/** The server, or its database, cannot be reached. */
export class Unavailable extends ServiceError {}
/** The call did not end in time. */
export class DeadlineExceeded extends ServiceError {}
/** The server lost the database during a write, which may have been carried out. */
export class OutcomeUnknown extends Unavailable {}
/** The server failed; its log has the request id. */
export class Internal extends ServiceError {}

type ErrorClass = new (code: Code, text: string, requestId: string, cause?: unknown) => ServiceError;

const BY_CODE: Partial<Record<Code, ErrorClass>> = {
  [Code.InvalidArgument]: InvalidArgument,
  [Code.OutOfRange]: InvalidArgument,
  [Code.NotFound]: NotFound,
  [Code.AlreadyExists]: AlreadyExists,
  [Code.FailedPrecondition]: FailedPrecondition,
  [Code.Aborted]: Aborted,
  [Code.Unauthenticated]: Unauthenticated,
  [Code.PermissionDenied]: PermissionDenied,
  [Code.Unavailable]: Unavailable,
  [Code.DeadlineExceeded]: DeadlineExceeded,
  [Code.Internal]: Internal,
};
const BY_REASON: Record<string, ErrorClass> = {
  REQUEST_ID_REUSED: RequestIdReused,
  ETAG_MISMATCH: VersionMismatch,
  QUEUE_FULL: TooBusy,
  OUTCOME_UNKNOWN: OutcomeUnknown,
};
// Codes with which Node.js and fetch report a connection that broke.
const BROKEN = new Set([Code.Unavailable, Code.Aborted, Code.Internal, Code.Unknown, Code.Canceled]);

// Codes that leave open what an earlier attempt did.
const TRANSIENT = new Set([
  Code.Unavailable,
  Code.DeadlineExceeded,
  Code.Canceled,
  Code.ResourceExhausted,
  Code.Unauthenticated,
  Code.Internal,
  Code.Unknown,
]);

/** The details of a call's error, whose values are messages. */
type Find = <D extends DescMessage>(schema: D) => InstanceType<typeof Object> | undefined;

/** The typed error of a failure of the transport. `isWrite`: whether the call could change rows. */
export function fromFailure(failure: unknown, requestId: string, isWrite: boolean): ServiceError {
  const error = ConnectError.from(failure);
  const isSilent = error.details.length === 0;
  const code = isSilent && BROKEN.has(error.code) ? Code.Unavailable : error.code;
  const made = make(code, error.rawMessage, requestId, (schema) => error.findDetails(schema)[0], failure);
  const isLost = code === Code.Unavailable && made.retryAfter === undefined;
  const isLate = code === Code.DeadlineExceeded && !made.reason;
  made.outcomeUnknown ||= isWrite && (isLost || isLate);
  return made;
}

/** Whether the error leaves open what an earlier attempt of the call did. */
export function isTransient(error: ServiceError): boolean {
  return TRANSIENT.has(error.code) || error.retryAfter !== undefined;
}

/** The typed error of a row that an import rejected. */
export function fromStatus(status: Status | undefined): ServiceError {
  const find = (schema: DescMessage) => {
    const packed = status?.details.find((any) => any.typeUrl.endsWith(`/${schema.typeName}`));
    return packed && fromBinary(schema, packed.value);
  };
  return make(status?.code ?? Code.Unknown, status?.message ?? "", "", find as Find);
}

function make(code: Code, text: string, requestId: string, find: Find, cause?: unknown): ServiceError {
  const info = find(ErrorInfoSchema) as { reason: string; metadata: Record<string, string> } | undefined;
  const retry = find(RetryInfoSchema) as { retryDelay?: { seconds: bigint; nanos: number } } | undefined;
  const isBusy = code === Code.ResourceExhausted && retry !== undefined;
  const type = (info && BY_REASON[info.reason]) ?? (isBusy ? TooBusy : (BY_CODE[code] ?? ServiceError));
  const error = new type(code, text, requestId, cause);
  error.reason = info?.reason ?? "";
  error.metadata = info?.metadata ?? {};
  error.outcomeUnknown = error.reason === "OUTCOME_UNKNOWN";
  if (retry) error.retryAfter = Number(retry.retryDelay?.seconds ?? 0) * 1000 + (retry.retryDelay?.nanos ?? 0) / 1e6;
  const request = find(RequestInfoSchema) as { requestId: string } | undefined;
  if (request) error.requestId = request.requestId;
  const resource = find(ResourceInfoSchema) as { resourceName: string } | undefined;
  if (resource) error.resource = resource.resourceName;
  const bad = find(BadRequestSchema) as { fieldViolations: Violation[] } | undefined;
  const unmet = find(PreconditionFailureSchema) as
    | { violations: { subject: string; description: string }[] }
    | undefined;
  error.violations = [
    ...(bad?.fieldViolations ?? []).map(({ field, description }) => ({ field, description })),
    ...(unmet?.violations ?? []).map(({ subject, description }) => ({ field: subject, description })),
  ];
  return error;
}
