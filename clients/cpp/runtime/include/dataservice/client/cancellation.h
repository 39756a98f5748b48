#ifndef DATASERVICE_CLIENT_CANCELLATION_H_
#define DATASERVICE_CLIENT_CANCELLATION_H_

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>
#include <absl/time/time.h>
#include <grpcpp/client_context.h>

#include <set>

namespace dataservice::client {

// Ends calls from another thread: all calls whose CallOptions name this object, those that
// run and those that begin later, return CANCELLED. It must outlive these calls.
// Thread-safe.
class Cancellation {
 public:
  Cancellation() = default;
  // Cancel of the parent cancels this object too. The parent can be null.
  explicit Cancellation(Cancellation* parent);
  ~Cancellation();
  Cancellation(const Cancellation&) = delete;
  Cancellation& operator=(const Cancellation&) = delete;

  void Cancel();
  bool cancelled() const;

  // Waits for this time. Returns false, at once, if the calls are cancelled.
  bool WaitFor(absl::Duration time);

  // Makes Cancel end the call of a context, for as long as this object exists.
  class Registration {
   public:
    Registration(Cancellation* cancellation, grpc::ClientContext* context);
    ~Registration();
    Registration(const Registration&) = delete;
    Registration& operator=(const Registration&) = delete;

   private:
    Cancellation* const cancellation_;
    grpc::ClientContext* const context_;
  };

 private:
  Cancellation* const parent_ = nullptr;
  mutable absl::Mutex mutex_;
  absl::CondVar changed_;
  bool cancelled_ ABSL_GUARDED_BY(mutex_) = false;
  std::set<grpc::ClientContext*> contexts_ ABSL_GUARDED_BY(mutex_);
  std::set<Cancellation*> children_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace dataservice::client

#endif  // DATASERVICE_CLIENT_CANCELLATION_H_
