#ifndef DATASERVICE_CLIENT_IDLE_WATCH_H_
#define DATASERVICE_CLIENT_IDLE_WATCH_H_

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>
#include <absl/time/time.h>
#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>

#include <thread>

namespace dataservice::client {

// Cancels the call of a context if a read of its stream takes too long. Begin and End belong to
// the thread that reads.
class IdleWatch {
 public:
  IdleWatch(grpc::ClientContext* context, absl::Duration idle);
  // Ends the call, if it runs.
  ~IdleWatch();
  IdleWatch(const IdleWatch&) = delete;
  IdleWatch& operator=(const IdleWatch&) = delete;

  // A read begins.
  void Begin();
  // The read has ended.
  void End();

  // Reports whether the call was cancelled because a read took too long.
  bool expired() const;
  // Returns the status of such a call.
  grpc::Status error() const;

 private:
  void Run();

  grpc::ClientContext* const context_;
  const absl::Duration idle_;
  mutable absl::Mutex mutex_;
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  bool expired_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Time limit_ ABSL_GUARDED_BY(mutex_) = absl::InfiniteFuture();
  std::thread thread_;
};

}  // namespace dataservice::client

#endif  // DATASERVICE_CLIENT_IDLE_WATCH_H_
