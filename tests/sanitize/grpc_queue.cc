// The completion queues of libgrpc, which pass a tag from the thread that began an
// operation to the thread that takes its event, without a lock that ThreadSanitizer sees.
#include <grpc/grpc.h>

#include "annotations.h"
#include "serve/rpc/original.h"

// Every operation of libgrpc 1.51 begins with it.
bool grpc_cq_begin_op(grpc_completion_queue* queue, void* tag) {
  static constinit dataservice::Original<bool(grpc_completion_queue*, void*)> original(
      "_Z16grpc_cq_begin_opP21grpc_completion_queuePv");
  __tsan_release(tag);
  return original(queue, tag);
}

extern "C" grpc_event grpc_completion_queue_next(grpc_completion_queue* queue,
                                                 gpr_timespec deadline, void* reserved) {
  static constinit dataservice::Original<grpc_event(grpc_completion_queue*, gpr_timespec, void*)>
      original("grpc_completion_queue_next");
  const grpc_event event = original(queue, deadline, reserved);
  if (event.type == GRPC_OP_COMPLETE) __tsan_acquire(event.tag);
  return event;
}
