// A streaming call: what its method does (Stream), and its other end
// (StreamTransport), which is gRPC in production.
#pragma once

#include <google/protobuf/io/zero_copy_stream.h>

#include <string_view>

#include "absl/status/status.h"

namespace dataservice {

// The other end of a stream. Thread-safe; nothing blocks. Only cancelled() and
// draining() may be called with a lock held.
class StreamTransport {
 public:
  virtual ~StreamTransport() = default;

  // Asks for the next message: OnMessage or OnEnd follows. One at a time.
  virtual void Read() = 0;
  // Sends a message: OnWritten follows. One at a time.
  virtual void Write(std::string_view message) = 0;
  // Ends the stream, once and with no Write under way. Nothing may be sent after it.
  virtual void Finish(const absl::Status& status) = 0;
  virtual void FinishWith(std::string_view message) = 0;
  // Gives the call up, for a client that does not take what is written. The Write
  // under way fails; Finish is still due.
  virtual void Cancel() = 0;

  // The client is gone, or its deadline has passed.
  virtual bool cancelled() const = 0;
  // The server stops.
  virtual bool draining() const = 0;

  // Keeps transport and stream alive; each Hold needs a Release, after which the
  // caller may touch neither.
  virtual void Hold() = 0;
  virtual void Release() = 0;
};

// What a streaming method does. The transport owns it and calls it from any
// thread: OnMessage, OnEnd and OnWritten as asked for, OnTick alone.
class Stream {
 public:
  virtual ~Stream() = default;

  virtual void Start() = 0;
  virtual void OnMessage(google::protobuf::io::ZeroCopyInputStream& message) = 0;
  // No message comes any more: the client has sent its last, or is gone.
  virtual void OnEnd() = 0;
  virtual void OnWritten(bool ok) = 0;
  // Again and again (kStreamTick), until the stream has finished.
  virtual void OnTick() = 0;
};

}  // namespace dataservice
