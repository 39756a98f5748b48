// A handler of a method that streams and has nothing to do with the database.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "serve/errors/errors.h"
#include "serve/request/handler.h"

namespace dataservice {

// What is left to write is Open.
class StreamHandler : public Handler {
 public:
  explicit StreamHandler(std::string path) : path_(std::move(path)) {}

  const std::string& path() const override { return path_; }
  absl::StatusOr<std::unique_ptr<Operation>> Prepare(google::protobuf::io::ZeroCopyInputStream&,
                                                     const RequestContext&) const override {
    return UnknownMethod(path_);  // a stream has no operation
  }
  std::string Respond(const Operation&, Outcome) const override { return {}; }

 private:
  const std::string path_;
};

}  // namespace dataservice
