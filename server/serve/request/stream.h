// A streaming call: its other end (StreamTransport), which is gRPC in production, what its
// method does (Stream), and the method (StreamHandler).
#pragma once

#include <google/protobuf/io/zero_copy_stream.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "serve/request/request_context.h"

namespace dataservice {

// The other end of a stream. Thread-safe; nothing blocks. Only cancelled(), draining(), Reserve(),
// Unreserve(), TakeCall() and GiveCall() may be called with a lock held.
class StreamTransport {
 public:
  virtual ~StreamTransport() = default;

  // Asks for the next message: OnMessage or OnEnd follows. One at a time.
  virtual void Read() = 0;
  // Sends a message: OnWritten follows. One at a time.
  virtual void Write(std::string_view message) = 0;
  // Ends the stream, once and with no Write under way. Nothing may be sent after it. The token is
  // as in Response.
  virtual void Finish(const absl::Status& status) = 0;
  virtual void FinishWith(std::string_view message, const std::string& consistency_token) = 0;
  // Cancels the call, for a client that does not take what is written. The Write under way
  // fails; Finish must still be called.
  virtual void Cancel() = 0;

  // Counts bytes that the stream keeps for its client, until Unreserve or its end. False, and none
  // are counted, if this client, or all together, have too many. What Write and FinishWith send is
  // counted by them.
  virtual bool Reserve(size_t bytes) = 0;
  virtual void Unreserve(size_t bytes) = 0;

  // Counts a unary call that the stream carries, until GiveCall(). False, and it is not counted, if
  // this client, or all together, have too many.
  virtual bool TakeCall() = 0;
  virtual void GiveCall() = 0;

  // The client is gone, or its deadline has passed.
  virtual bool cancelled() const = 0;
  // The server stops.
  virtual bool draining() const = 0;

  // Keeps transport and stream alive until the Release that belongs to it, after which the
  // caller must not use either.
  virtual void Hold() = 0;
  virtual void Release() = 0;
};

// What a streaming method does in one call. The transport owns it and calls it from any
// thread: OnMessage, OnEnd and OnWritten after Read and Write, and OnTick at any time.
class Stream {
 public:
  virtual ~Stream() = default;

  virtual void Start() = 0;
  virtual void OnMessage(google::protobuf::io::ZeroCopyInputStream& message) = 0;
  // There are no more messages: the client has sent its last one, or is gone.
  virtual void OnEnd() = 0;
  virtual void OnWritten(bool ok) = 0;
  // Every kStreamTick, until the stream has finished.
  virtual void OnTick() = 0;
};

// One streaming method. Immutable; thread-safe.
class StreamHandler {
 public:
  virtual ~StreamHandler() = default;

  // "/package.Service/Method"
  virtual const std::string& path() const = 0;
  // Its calls are not identified: everybody may make them, and their caller is anonymous.
  virtual bool is_open() const { return false; }

  // Begins a stream. A single operation of it gets at most `operation_time`.
  virtual std::unique_ptr<Stream> Open(StreamTransport& transport, const RequestContext& context,
                                       std::chrono::milliseconds operation_time) const = 0;
};

}  // namespace dataservice
